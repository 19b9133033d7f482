"""A grid as a heat map. Law: coloured by customers, with their share below."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.heat import Shade, heat
from assistant.app.shown import fact_of, figure
from assistant.catalog.model import Language
from assistant.insight.grid import Cell, Grid
from assistant.narrate.messages import message
from assistant.narrate.sentences.grid import cell_phrase, column_phrase, row_phrase
from assistant.pipeline import Answer


def grid_chart(found: Grid, answer: Answer, language: Language) -> go.Figure | None:
    """None when no cell may be shown."""
    if answer.facts is None or not any(cell.n for cell in found.cells):
        return None
    cells = {(cell.row, cell.column): cell for cell in found.cells}
    rows = [row_phrase(found, row, answer.catalog, language) for row in found.rows]
    columns = [column_phrase(found, column, answer.catalog, language) for column in found.columns]
    shades = [[_shade(found, cells.get((row, column)), answer, language) for column in found.columns] for row in found.rows]
    return heat(rows, columns, shades, language)


def _shade(found: Grid, cell: Cell | None, answer: Answer, language: Language) -> Shade | None:
    facts = answer.facts
    if cell is None or facts is None:
        return None
    name = found.id(cell.row, cell.column)
    told = cell_phrase(found, cell, answer.catalog, language)
    amount = fact_of(answer, f"{name}.amount")
    if found.amount_tag is not None and amount is not None and not amount.suppressed:
        more = f"{answer.catalog.tags[found.amount_tag].name.get(language)} {figure(amount, language)}"
        told = message(language, "page.bracketed", {"text": told, "more": more})
    return Shade(facts[f"{name}.n"], facts[f"{name}.share"], told)
