"""How a segment lies in a grid, in words. Law: no cell too small to be shown is named."""

from __future__ import annotations

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.breakdown import cut_points
from assistant.insight.grid import Cell, Grid
from assistant.narrate.messages import message
from assistant.narrate.readback import bucket_phrase, value_phrase
from assistant.narrate.writer import Writer


def cell_phrase(found: Grid, cell: Cell, catalog: TagCatalog, language: Language) -> str:
    """The name of a cell: the value it stands for, or its row and its column."""
    code = cell.row + cell.column
    if found.tag is not None and any(value.code == code for value in catalog.values(catalog.tags[found.tag])):
        return value_phrase(catalog.tags[found.tag], code, catalog, language, subtree=False)
    row, column = row_phrase(found, cell.row, catalog, language), column_phrase(found, cell.column, catalog, language)
    return message(language, "answer.cell", {"row": row, "column": column})


def row_phrase(found: Grid, row: str, catalog: TagCatalog, language: Language) -> str:
    """The name of a row: a bucket, a unit or a region."""
    if found.level == "region" and row:
        return next(region.label.get(language) for region in catalog.header.regions if region.code == row)
    return _bucket(found.row_tag, row, catalog, language)


def column_phrase(found: Grid, column: str, catalog: TagCatalog, language: Language) -> str:
    """The name of a column."""
    return _bucket(found.column_tag, column, catalog, language)


def _bucket(tag: str, bucket: str, catalog: TagCatalog, language: Language) -> str:
    item = catalog.tags[tag]
    if item.type == "enum" and bucket:
        return value_phrase(item, bucket, catalog, language, subtree=False)
    return bucket_phrase(item, bucket or None, cut_points(item), catalog, language)


def sentences(found: Grid, writer: Writer) -> list[str]:
    """The cell with most customers, and the one with most of what the bank values. Where a cell that may not be shown has more, they are those of the cells shown."""
    shown = [cell for cell in found.cells if cell.n and not writer.hidden(f"{found.id(cell.row, cell.column)}.n")]
    if not shown:
        return []
    most = max(shown, key=lambda cell: cell.n)
    key = "grid_most" if most.n == max(cell.n for cell in found.cells) else "grid_most_shown"
    said = [writer.say(key, most=writer.word("most_customers"), cell=_name(found, most, writer), **_ids(found, most, "n", "share"))]
    valued = [cell for cell in shown if cell.amount and not writer.hidden(f"{found.id(cell.row, cell.column)}.amount")]
    if found.amount_tag is not None and valued:
        richest = max(valued, key=lambda cell: cell.amount or 0)
        key = "grid_richest" if richest.amount == max(cell.amount or 0 for cell in found.cells) else "grid_richest_shown"
        tag = writer.name(f"tag.{found.amount_tag}", writer.rule.catalog.tags[found.amount_tag].name.get(writer.language))
        words = _ids(found, richest, "n", "amount", "average")
        said.append(writer.say(key, tag=tag, most=writer.word("most_amount"), cell=_name(found, richest, writer), **words))
    return said


def caution(found: Grid, writer: Writer) -> list[str]:
    """That some cells are too small to be shown."""
    hidden = any(writer.hidden(f"{found.id(cell.row, cell.column)}.n") for cell in found.cells)
    return [writer.say("caution_suppressed")] if hidden else []


def _name(found: Grid, cell: Cell, writer: Writer) -> str:
    return writer.name(found.id(cell.row, cell.column), cell_phrase(found, cell, writer.rule.catalog, writer.language))


def _ids(found: Grid, cell: Cell, *parts: str) -> dict[str, str]:
    return {part: f"{found.id(cell.row, cell.column)}.{part}" for part in parts}
