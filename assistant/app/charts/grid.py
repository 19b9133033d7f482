"""A grid as a heat map. Law: a cell too small to be shown has no colour and no number."""

from __future__ import annotations

from html import escape
from textwrap import wrap

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, length
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.insight.grid import Grid
from assistant.narrate.messages import message
from assistant.narrate.sentences.grid import cell_phrase, column_phrase, row_phrase
from assistant.pipeline import Answer

SHADES = ((0.0, "#dbeafe"), (0.5, "#60a5fa"), (1.0, "#1d4ed8"))
"""From few to many; the text on a cell takes black or white by plotly's own contrast."""
_WIDTH = {"zh": 8, "en": 14}
_ROW, _EDGE = 62, 60


def grid_chart(found: Grid, answer: Answer, language: Language) -> go.Figure | None:
    """Rows downwards, columns to the right; each cell with its customers and share, coloured by customers. None when no cell may be shown."""
    facts, catalog = answer.facts, answer.catalog
    if facts is None or not any(cell.n for cell in found.cells):
        return None
    cells = {(cell.row, cell.column): cell for cell in found.cells}
    heights: list[list[float | None]] = []
    words: list[list[str]] = []
    hover: list[list[str]] = []
    for row in found.rows:
        heights.append([])
        words.append([])
        hover.append([])
        for column in found.columns:
            cell = cells.get((row, column))
            if cell is None:
                heights[-1].append(None)
                words[-1].append("")
                hover[-1].append("")
                continue
            name = found.id(row, column)
            shown = facts[f"{name}.n"]
            heights[-1].append(None if shown.suppressed else length(shown))
            share = "" if facts[f"{name}.share"].suppressed else f"<br>{figure(facts[f'{name}.share'], language)}"
            words[-1].append(f"{escape(figure(shown, language))}{share}")
            hover[-1].append(escape(_hover(found, row, column, answer, language)))
    drawn = go.Figure(
        go.Heatmap(
            z=heights,
            x=list(range(len(found.columns))),
            y=list(range(len(found.rows))),
            text=words,
            texttemplate="%{text}",
            hovertext=hover,
            hoverinfo="text",
            colorscale=[list(shade) for shade in SHADES],
            showscale=False,
            xgap=3,
            ygap=3,
        )
    )
    drawn.update_layout(
        template="none",
        height=_EDGE + _ROW * len(found.rows),
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    for axis, phrase, lines in ((drawn.update_xaxes, column_phrase, found.columns), (drawn.update_yaxes, row_phrase, found.rows)):
        labels = ["<br>".join(escape(part) for part in wrap(phrase(found, line, catalog, language), _WIDTH[language])) for line in lines]
        axis(
            tickmode="array",
            tickvals=list(range(len(lines))),
            ticktext=labels,
            fixedrange=True,
            showgrid=False,
            zeroline=False,
            ticks="",
            automargin=True,
        )
    drawn.update_xaxes(side="top")
    drawn.update_yaxes(autorange="reversed")
    return drawn


def _hover(found: Grid, row: str, column: str, answer: Answer, language: Language) -> str:
    facts = answer.facts
    assert facts is not None, "a drawn cell has facts"
    cell = next(cell for cell in found.cells if (cell.row, cell.column) == (row, column))
    name = cell_phrase(found, cell, answer.catalog, language)
    identifier = f"{found.id(row, column)}.amount"
    if found.amount_tag is None or identifier not in facts or facts[identifier].suppressed:
        return name
    said = {"text": name, "more": f"{answer.catalog.tags[found.amount_tag].name.get(language)} {figure(facts[identifier], language)}"}
    return message(language, "page.bracketed", said)
