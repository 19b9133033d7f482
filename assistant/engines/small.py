"""Small tables written to a DuckDB file, for the oracle and for tests. Law: writes a new file, never touches one that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

Cell = bool | int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class SmallTable:
    """Column name -> DuckDB type (BIGINT, DECIMAL(18,2), BOOLEAN, VARCHAR, DATE), and rows of cells in that order."""

    columns: Mapping[str, str]
    rows: Sequence[Sequence[Cell]]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_tables(path: Path, tables: Mapping[str, SmallTable]) -> None:
    """Create a DuckDB file with these tables. FileExistsError when there is a file already; ValueError for a row of the wrong length."""
    if path.exists():
        raise FileExistsError(path)
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        for name, table in tables.items():
            declared = ", ".join(f"{_quoted(column)} {kind}" for column, kind in table.columns.items())
            connection.execute(f"CREATE TABLE {_quoted(name)} ({declared})")
            if table.rows:
                lists = [list(cells) for cells in zip(*table.rows, strict=True)]
                if len(lists) != len(table.columns):
                    raise ValueError(f"{name}: {len(lists)} cells for {len(table.columns)} columns")
                unnested = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in table.columns.values())
                connection.execute(f"INSERT INTO {_quoted(name)} SELECT {unnested}", lists)
