"""Heat maps. Law: a cell too small to be shown has no colour and no number; words are escaped, for plotly reads tags in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, label_lines, length
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.facts import Fact

SHADES = ((0.0, "#eff6ff"), (1.0, "#60a5fa"))
"""From few to many, by the square root, so that one cell with most does not make all others look alike; dark text is at least 4.5:1 on each."""
_WIDTH = {"zh": 8, "en": 14}
_ROW, _SMALL_ROW, _EDGE, _MANY = 62, 30, 60, 8


@dataclass(frozen=True, slots=True)
class Shade:
    """One cell: the fact that colours it, what is written on it besides, and what is told of it. None of a cell that is nobody's."""

    fact: Fact
    below: Fact | None
    told: str


def heat(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Shade | None]], language: Language) -> go.Figure:
    """Rows downwards, columns to the right, by name; what is below a number is left out where there are many rows."""
    many = len(rows) > _MANY
    drawn = go.Figure(
        go.Heatmap(
            z=[
                [None if cell is None or cell.fact.suppressed else math.sqrt(max(0.0, length(cell.fact))) for cell in line]
                for line in cells
            ],
            x=list(range(len(columns))),
            y=list(range(len(rows))),
            text=[["" if cell is None else _written(cell, many, language) for cell in line] for line in cells],
            texttemplate="%{text}",
            hovertext=[["" if cell is None else escape(cell.told) for cell in line] for line in cells],
            hoverinfo="text",
            colorscale=[list(shade) for shade in SHADES],
            showscale=False,
            xgap=3,
            ygap=3,
        )
    )
    drawn.update_layout(
        template="none",
        height=_EDGE + (_SMALL_ROW if many else _ROW) * len(rows),
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        font={"family": FONTS[language], "size": 11 if many else 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    for axis, names in ((drawn.update_xaxes, columns), (drawn.update_yaxes, rows)):
        labels = ["<br>".join(escape(part) for part in label_lines(name, language, _WIDTH[language], None)) for name in names]
        axis(
            tickmode="array",
            tickvals=list(range(len(names))),
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


def _written(cell: Shade, many: bool, language: Language) -> str:
    number = escape(figure(cell.fact, language))
    if many or cell.below is None or cell.below.suppressed:
        return number
    return f"{number}<br>{escape(figure(cell.below, language))}"
