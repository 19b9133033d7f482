"""Charts of an answer. Law: the door to plotly; every bar is a Fact, a hidden one is not drawn; words are escaped, for plotly reads tags in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from textwrap import wrap

import plotly.graph_objects as go

from assistant.app.view import breakdown_name, figure, trait_words
from assistant.catalog.model import Language
from assistant.facts import Fact
from assistant.insight import funnel
from assistant.insight.breakdown import Breakdown, row_id
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.template import row_phrase
from assistant.pipeline import Answer

_CHINESE = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC"'
FONTS: Mapping[Language, str] = {
    "zh": f"{_CHINESE}, system-ui, sans-serif",
    "en": f'system-ui, "Segoe UI", {_CHINESE}, sans-serif',
}
"""Fonts that are on the reader's machine; Chinese ones first for Chinese, whose quotation marks are wide."""
PALETTE = ("#2563eb", "#c2410c", "#15803d", "#9333ea", "#0e7490", "#be123c", "#a16207", "#4d7c0f")
"""One colour a condition, the same in the words, the list and the funnel; each at least 4.5:1 on white and, lightened by the page, on dark."""
_MUTED = "#94a3b8"
_MOST_ROWS = 20
_LABEL = {"zh": 14, "en": 26}
_LINE, _ROW, _EDGE = 18, 22, 46


def funnel_chart(answer: Answer, language: Language) -> go.Figure | None:
    """Customers left after each condition. None without conditions."""
    rule, facts = answer.validated, answer.facts
    if answer.funnel is None or rule is None or facts is None:
        return None
    names = [answer.catalog.header.base_population.name.get(language)]
    shown = [facts["funnel.base"]]
    for place, one in enumerate(funnel.conditions(rule)):
        names.append(f"{place + 1} {condition_phrase(one.node, answer.catalog, language)}")
        shown.append(facts[f"funnel.{place}.remaining"])
    colours = [_MUTED, *(PALETTE[place % len(PALETTE)] for place in range(len(shown) - 1))]
    return _bars(names, [shown], [colours], ["remaining"], language)


def breakdown_chart(found: Breakdown, answer: Answer, language: Language) -> go.Figure | None:
    """Customers of each row, at most twenty. None when no row may be shown."""
    rule, facts = answer.validated, answer.facts
    if rule is None or facts is None:
        return None
    rows = [row for row in found.rows if row.n and not facts[f"breakdown.{row_id(row)}.n"].suppressed][:_MOST_ROWS]
    if not rows:
        return None
    names = [row_phrase(row, found, rule, language) for row in rows]
    figure = _bars(names, [[facts[f"breakdown.{row_id(row)}.n"] for row in rows]], [[PALETTE[0]] * len(rows)], ["count"], language)
    figure.update_yaxes(title={"text": escape(breakdown_name(found, answer.catalog, language))})
    return figure


def persona_chart(answer: Answer, language: Language) -> go.Figure | None:
    """Shares of the segment and of all others, trait by trait. None when there is no trait."""
    facts = answer.facts
    if answer.persona is None or facts is None or not answer.persona.traits:
        return None
    traits = answer.persona.traits
    names = [trait_words(trait, answer.catalog, language) for trait in traits]
    own = [facts[f"{trait.id}.share"] for trait in traits]
    rest = [facts[f"{trait.id}.rest_share"] for trait in traits]
    colours = [[PALETTE[0]] * len(traits), [_MUTED] * len(traits)]
    return _bars(names, [own, rest], colours, ["segment_share", "rest_share"], language)


def _bars(
    names: Sequence[str], series: Sequence[Sequence[Fact]], colours: Sequence[Sequence[str]], keys: Sequence[str], language: Language
) -> go.Figure:
    """Horizontal bars, first row on top, each with its Fact written beside it."""
    labels = ["<br>".join(escape(line) for line in wrap(name, _LABEL[language], max_lines=3, placeholder="…")) for name in names]
    places = list(range(len(names)))
    drawn = go.Figure()
    for facts, shades, key in zip(series, colours, keys, strict=True):
        drawn.add_bar(
            orientation="h",
            y=places,
            x=[_length(fact) for fact in facts],
            text=[figure(fact, language) for fact in facts],
            hovertext=[escape(name) for name in names],
            hoverinfo="text",
            textposition="outside",
            cliponaxis=False,
            marker={"color": list(shades)},
            name=message(language, f"page.{key}"),
        )
    lines = sum(max(1, label.count("<br>") + 1) * _LINE for label in labels)
    drawn.update_layout(
        template="none",
        height=_EDGE + max(lines, len(names) * _ROW * len(series)) + 8 * len(names),
        margin={"l": 8, "r": 64, "t": 8 if len(series) == 1 else 34, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=len(series) > 1,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        bargap=0.3,
        barmode="group",
        dragmode=False,
    )
    drawn.update_xaxes(visible=False, fixedrange=True, rangemode="tozero")
    drawn.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=labels,
        autorange="reversed",
        automargin=True,
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    return drawn


def _length(fact: Fact) -> float:
    value = fact.value
    return 0.0 if fact.suppressed or not isinstance(value, int | Decimal) else float(value)
