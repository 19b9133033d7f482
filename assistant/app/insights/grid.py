"""A grid as JSON and as a table. Law: its rows and columns end with their sums, and every cell can be opened as a rule."""

from __future__ import annotations

from functools import partial

from assistant.app.shown import Grid as Table
from assistant.app.shown import both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.grid import Grid
from assistant.narrate.messages import message
from assistant.narrate.sentences.grid import cell_phrase, column_phrase, row_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Grid, answer: Answer) -> Json:
    """Rows, columns with their sums, and the cells."""

    def line(row: str | None, column: str | None) -> Json:
        label = partial(row_phrase, found, row) if row is not None else partial(column_phrase, found, column or "")
        return {
            "code": row or column or None,
            "label": both(partial(label, answer.catalog)),
            "count": number_of(answer, f"{found.id(row, column)}.n"),
            "share": number_of(answer, f"{found.id(row, column)}.share"),
        }

    cells: list[Json] = [
        {
            "row": cell.row or None,
            "column": cell.column or None,
            "label": both(partial(cell_phrase, found, cell, answer.catalog)),
            **{
                name: number_of(answer, f"{found.id(cell.row, cell.column)}.{fact}")
                for name, fact in (("count", "n"), ("share", "share"), ("base", "base"), ("amount", "amount"), ("average", "average"))
            },
        }
        for cell in found.cells
    ]
    return {
        "tag": found.tag,
        "row_tag": found.row_tag,
        "level": found.level,
        "column_tag": found.column_tag,
        "amount_tag": found.amount_tag,
        "rows": [line(row, None) for row in found.rows],
        "columns": [line(None, column) for column in found.columns],
        "cells": cells,
    }


def grid(found: Grid, answer: Answer, language: Language) -> Table | None:
    """Customers of each cell with their sums; None when the segment is in none."""
    if not found.count:
        return None
    catalog = answer.catalog
    names = [catalog.tags[tag].name.get(language) for tag in (found.row_tag, found.column_tag)]
    total = message(language, "page.total")
    header = (names[0], *(column_phrase(found, column, catalog, language) for column in found.columns), total)
    reached = {(cell.row, cell.column) for cell in found.cells}
    rows = [
        (
            row_phrase(found, row, catalog, language),
            *(_count(found, row, column, answer, language) if (row, column) in reached else "" for column in found.columns),
            _count(found, row, None, answer, language),
        )
        for row in found.rows
    ]
    rows.append((total, *(_count(found, None, column, answer, language) for column in found.columns), words_of(answer, "count", language)))
    title = message(language, "page.bracketed", {"text": message(language, "page.grid"), "more": " × ".join(names)})
    return Table(title, header, tuple(rows), frozenset(range(1, len(header))))


def _count(found: Grid, row: str | None, column: str | None, answer: Answer, language: Language) -> str:
    return words_of(answer, f"{found.id(row, column)}.n", language)
