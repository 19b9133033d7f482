"""One column of customer ids as CSV, XLSX or Parquet. Law: an id is text where a program might change it, and a cell is never a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from assistant.engines.parquet import write_parquet
from assistant.errors import UserError
from assistant.pipeline import HandOver

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet of XLSX holds."""


def _csv(path: Path, column: str, found: HandOver) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column])
        writer.writerows([one] for one in found.ids)


def _xlsx(path: Path, column: str, found: HandOver) -> None:
    if len(found.ids) > MOST_ROWS:
        raise UserError("export_too_long", rows=len(found.ids), limit=MOST_ROWS)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("customers")
    for value in (column, *found.ids):
        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type = "s"
        sheet.append([cell])
    book.save(path)


def _parquet(path: Path, column: str, found: HandOver) -> None:
    write_parquet(path, column, found.ids, numbers=not found.masked)


_WRITERS: Mapping[str, Callable[[Path, str, HandOver], None]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}


def format_of(path: Path) -> str:
    """csv, xlsx or parquet, by the ending of a name. UserError `report_ending`."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in _WRITERS:
        raise UserError("report_ending", path=path.name, endings=tuple(f".{one}" for one in _WRITERS))
    return ending


def write_list(path: Path, kind: str, column: str, found: HandOver) -> None:
    """Write the ids under the column's name to a new file. UserError `export_too_long` for more rows than an XLSX sheet holds."""
    _WRITERS[kind](path, column, found)
