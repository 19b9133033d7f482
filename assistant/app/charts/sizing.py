"""How many customers at each value of the number that is best moved, as a line. Law: every point is a Fact, a hidden one is left out; the target and the present value
are marked."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from assistant.app.charts.bars import FONTS, MUTED, PALETTE, length
from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.facts import Fact
from assistant.insight.sizing import Sizing
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.render import amount, plain
from assistant.narrate.sentences.sizing import target_phrase
from assistant.pipeline import Answer
from assistant.rule.edits import apply
from assistant.rule.tree import at

_MOST_TICKS = 9


def sizing_chart(found: Sizing, answer: Answer, language: Language) -> go.Figure | None:
    """The curve of the closest proposal. Values stand side by side in their order, at even steps: they are round figures over orders of magnitude. None without a
    proposal."""
    facts, rule = answer.facts, answer.rule
    if facts is None or rule is None or not found.proposals:
        return None
    best = found.proposals[0]
    line = found.curves[best.curve]
    threshold = line.threshold
    shown: list[tuple[str, Fact, str]] = []
    for place, point in enumerate(line.points):
        fact = facts[f"size.{best.curve}.{place}.n"]
        if not fact.suppressed:
            node = at(apply(rule, threshold.edit(point.value)).node, threshold.path)
            name = (
                amount(point.value, threshold.unit, language) if threshold.unit in ("CNY", "USD", "percent", "days") else plain(point.value)
            )
            shown.append((name, fact, f"{escape(condition_phrase(node, answer.catalog, language))}<br>{figure(fact, language)}"))
    names = [name for name, _, _ in shown]
    values = [point.value for place, point in enumerate(line.points) if not facts[f"size.{best.curve}.{place}.n"].suppressed]
    places = list(range(len(shown)))
    drawn = go.Figure()
    drawn.add_scatter(
        x=places,
        y=[length(fact) for _, fact, _ in shown],
        mode="lines+markers",
        line={"color": MUTED, "width": 2},
        marker={"color": MUTED, "size": 5},
        hovertext=[words for _, _, words in shown],
        hoverinfo="text",
        showlegend=False,
    )
    marks = (
        (message(language, "page.as_now"), threshold.present, PALETTE[0]),
        (message(language, "page.proposal"), best.point.value, PALETTE[1]),
    )
    for name, value, colour in marks:
        if value in values:
            _, fact, words = shown[values.index(value)]
            drawn.add_scatter(
                x=[values.index(value)],
                y=[length(fact)],
                mode="markers+text",
                marker={"color": colour, "size": 11},
                text=[figure(fact, language)],
                textposition="top center",
                hovertext=[words],
                hoverinfo="text",
                name=name,
                cliponaxis=False,
            )
    if found.target is not None:
        words = message(language, "page.colon").join((message(language, "page.target"), target_phrase(found.target, language)))
        drawn.add_hline(y=found.target.aim, line={"color": PALETTE[2], "dash": "dash", "width": 1.5}, annotation={"text": escape(words)})
    every = max(1, -(-len(names) // _MOST_TICKS))
    drawn.update_layout(
        template="none",
        height=320,
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        dragmode=False,
    )
    drawn.update_xaxes(
        tickmode="array", tickvals=places[::every], ticktext=names[::every], automargin=True, fixedrange=True, showgrid=False
    )
    drawn.update_yaxes(rangemode="tozero", automargin=True, fixedrange=True, gridcolor="rgba(148,163,184,0.25)", tickformat=",d")
    return drawn
