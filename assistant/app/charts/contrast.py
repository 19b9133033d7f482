"""Two segments as pictures: how they overlap, and what differs. Law: every length is a Fact; an overlap that may not be shown is not drawn."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, PALETTE, bars, compared, length
from assistant.app.insights.persona import trait_words
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.insight.contrast import Contrast
from assistant.narrate.messages import message
from assistant.pipeline import Answer

_PARTS = (("only", PALETTE[0]), ("both", PALETTE[4]), ("other_only", PALETTE[1]))
_HEIGHT = 110


def overlap_chart(found: Contrast, answer: Answer, language: Language) -> go.Figure | None:
    """One bar: only in the segment, in both, only in the other one. None where there is nothing to part, or a part may not be shown."""
    facts = answer.facts
    if facts is None or not found.either or any(facts[f"contrast.{name}"].suppressed for name, _ in _PARTS):
        return None
    drawn = go.Figure()
    for name, colour in _PARTS:
        fact = facts[f"contrast.{name}"]
        label = message(language, f"page.contrast_{name}")
        drawn.add_bar(
            orientation="h",
            y=[0],
            x=[length(fact)],
            text=[figure(fact, language) if fact.value else ""],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            hovertext=[label],
            hoverinfo="text",
            marker={"color": colour},
            textfont={"color": "#ffffff"},
            name=label,
        )
    drawn.update_layout(
        template="none",
        height=_HEIGHT,
        barmode="stack",
        margin={"l": 8, "r": 8, "t": 34, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        dragmode=False,
    )
    drawn.update_xaxes(visible=False, fixedrange=True)
    drawn.update_yaxes(visible=False, fixedrange=True)
    return drawn


def contrast_chart(found: Contrast, answer: Answer, language: Language) -> go.Figure | None:
    """Shares of both segments, trait by trait, with the interval of the difference. None without traits."""
    facts = answer.facts
    if facts is None or not found.traits:
        return None
    names = [trait_words(trait, answer.catalog, language) for trait in found.traits]
    own, rest, low, high = ([facts[f"{trait.id}.{name}"] for trait in found.traits] for name in ("share", "rest_share", "low", "high"))
    colours = [[PALETTE[0]] * len(names), [PALETTE[1]] * len(names)]
    return compared(bars(names, [own, rest], colours, ["segment_share", "rest_share_segment"], language), rest, low, high)
