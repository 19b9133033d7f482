"""Horizontal bars, the chart most answers use. Law: every bar is a Fact, a hidden one is not drawn; words are escaped, for plotly reads tags in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

import plotly.graph_objects as go

from assistant.app.shown import figure
from assistant.catalog.model import Language
from assistant.facts import Fact
from assistant.narrate.messages import message

_CHINESE = '"Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC"'
FONTS: Mapping[Language, str] = {
    "zh": f"{_CHINESE}, system-ui, sans-serif",
    "en": f'system-ui, "Segoe UI", {_CHINESE}, sans-serif',
}
"""Fonts that are on the reader's machine; Chinese ones first for Chinese, whose quotation marks are wide."""
PALETTE = ("#2563eb", "#c2410c", "#15803d", "#9333ea", "#0e7490", "#be123c", "#a16207", "#4d7c0f")
"""One colour a condition, the same in the words, the list and the funnel; each at least 4.5:1 on white and, lightened by the page, on dark."""
MUTED = "#94a3b8"
_LABEL = {"zh": 14, "en": 26}
_WHOLE = re.compile(r"[A-Za-z0-9.,%<>≥≤+\-–'’()（]+\s*[万亿千百元人次天岁个%）)]*|.\s*")
"""What stays on one line: a number with its signs, a Latin word, one ideograph."""
_LINE, _ROW, _EDGE = 18, 22, 46
_GAP = 0.3
"""Of the room of a row, what its bars leave free."""


def bars(
    names: Sequence[str], series: Sequence[Sequence[Fact]], colours: Sequence[Sequence[str]], keys: Sequence[str], language: Language
) -> go.Figure:
    """Horizontal bars, first row on top, each with its Fact written beside it."""
    labels = ["<br>".join(escape(line) for line in label_lines(name, language)) for name in names]
    places = list(range(len(names)))
    drawn = go.Figure()
    for facts, shades, key in zip(series, colours, keys, strict=True):
        drawn.add_bar(
            orientation="h",
            y=places,
            x=[length(fact) for fact in facts],
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
        bargap=_GAP,
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


def label_lines(name: str, language: Language, width: int | None = None, most: int | None = 3) -> list[str]:
    """A name over lines of about `width` characters, at most `most`; neither a number nor a Latin word is broken."""
    limit = width or _LABEL[language]
    lines = [""]
    for piece in _WHOLE.findall(name):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > limit:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines = [line.rstrip() for line in lines]
    return lines if most is None or len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]


def compared(drawn: go.Figure, rest: Sequence[Fact], low: Sequence[Fact], high: Sequence[Fact]) -> go.Figure:
    """The first series of the bars with whiskers: where its bar could end for a difference to the `rest` anywhere in its interval. Its figures stand behind the whiskers."""
    first = drawn.data[0]
    ends = [float(bar) for bar in first.x]
    starts = [length(fact) for fact in rest]
    beyond = [max(0.0, start + length(fact) - end) for start, fact, end in zip(starts, high, ends, strict=True)]
    shift = _GAP / 2 - 0.5 + (1 - _GAP) / (2 * len(drawn.data))
    for place, text, end, more in zip(first.y, first.text, ends, beyond, strict=True):
        drawn.add_annotation(x=end + more, y=place + shift, text=text, showarrow=False, xanchor="left", xshift=2)
    first.text = None
    first.error_x = {
        "type": "data",
        "symmetric": False,
        "array": beyond,
        "arrayminus": [max(0.0, end - start - length(fact)) for start, fact, end in zip(starts, low, ends, strict=True)],
        "color": MUTED,
        "thickness": 1.5,
        "width": 3,
    }
    return drawn


def length(fact: Fact) -> float:
    value = fact.value
    return 0.0 if fact.suppressed or not isinstance(value, int | Decimal) else float(value)
