"""Moves as flows (Sankey): from where each was to where each is. Law: every band is a Fact, one too small to be shown is not drawn; words are escaped, for plotly
reads tags in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, MUTED, PALETTE, length
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.facts import Fact

_BAND = 0.35
"""Opacity of a band, so that those which cross stay apart."""
_ROW, _EDGE = 34, 60


@dataclass(frozen=True, slots=True)
class Flow:
    """Customers from a place on the left (by name) to one on the right, and what is told of them."""

    start: str
    end: str
    fact: Fact
    told: str


def flows(moved: Sequence[Flow], language: Language) -> go.Figure | None:
    """Places on each side in the order they first come, bands as thick as they are many. None where no band may be shown."""
    drawn = [one for one in moved if length(one.fact) > 0]
    if not drawn:
        return None
    left, right = list(dict.fromkeys(one.start for one in drawn)), list(dict.fromkeys(one.end for one in drawn))
    shades = [PALETTE[place % len(PALETTE)] for place in range(len(left))]
    figure_drawn = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [escape(name) for name in (*left, *right)],
                "color": [*shades, *(MUTED for _ in right)],
                "pad": 14,
                "thickness": 12,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [left.index(one.start) for one in drawn],
                "target": [len(left) + right.index(one.end) for one in drawn],
                "value": [length(one.fact) for one in drawn],
                "color": [_faint(shades[left.index(one.start)]) for one in drawn],
                "customdata": [f"{escape(one.told)}<br>{figure(one.fact, language)}" for one in drawn],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )
    figure_drawn.update_layout(
        template="none",
        height=_EDGE + _ROW * max(len(left), len(right), 4),
        margin={"l": 8, "r": 8, "t": 12, "b": 12},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    return figure_drawn


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_BAND})"
