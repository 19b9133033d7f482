"""Findings as time series: what happened each day, over what was expected of it. Law: days too small to be shown leave a gap; the judged days are shaded."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from assistant.app.charts.bars import FONTS, MUTED, PALETTE
from assistant.app.shown import fact_of
from assistant.catalog.model import Language
from assistant.insight.monitor import MOST_EPISODES, Episode, Monitor, shown_days
from assistant.narrate.messages import message
from assistant.narrate.sentences.monitor import direction, place_phrase
from assistant.pipeline import Answer

MOST_DRAWN = MOST_EPISODES
_BAND = "rgba(148,163,184,0.28)"
_SHADE = "rgba(194,65,12,0.12)"
_ROW, _EDGE = 165, 60


def monitor_chart(found: Monitor, answer: Answer, language: Language) -> go.Figure | None:
    """One strip a finding, over the same days. None without findings."""
    drawn = found.episodes[:MOST_DRAWN]
    if not drawn:
        return None
    titles = [
        message(
            language,
            "page.bracketed",
            {"text": place_phrase(one.unusual.series.place, answer.catalog, language), "more": direction(one, language)},
        )
        for one in drawn
    ]
    figure = make_subplots(
        rows=len(drawn),
        cols=1,
        shared_xaxes=True,
        subplot_titles=[escape(title) for title in titles],
        vertical_spacing=0.3 / (len(drawn) + 1),
    )
    for place, one in enumerate(drawn):
        _strip(figure, place, one, answer, language)
    figure.update_layout(
        template="none",
        height=_EDGE + _ROW * len(drawn),
        margin={"l": 8, "r": 16, "t": 56, "b": 8},
        font={"family": FONTS[language], "size": 13},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.0, "yanchor": "top", "yref": "container", "x": 0},
        dragmode=False,
        hovermode="x unified",
    )
    figure.update_xaxes(fixedrange=True, showgrid=False, tickformat="%m-%d", linecolor=MUTED, automargin=True)
    figure.update_yaxes(fixedrange=True, rangemode="tozero", gridcolor="rgba(148,163,184,0.25)", zeroline=False, nticks=4, automargin=True)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    return figure


def _strip(figure: go.Figure, place: int, one: Episode, answer: Answer, language: Language) -> None:
    days = shown_days(one)
    values = {name: [_value(answer, place, day, name) for day in days] for name in ("count", "expected", "low", "high")}
    row, first, window = place + 1, place == 0, one.unusual.window
    figure.add_scatter(x=days, y=values["high"], mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip", row=row, col=1)
    figure.add_scatter(
        x=days, y=values["low"], mode="lines", line={"width": 0}, fill="tonexty", fillcolor=_BAND,
        name=message(language, "page.expected_band"), showlegend=first, hoverinfo="skip", row=row, col=1,
    )  # fmt: skip
    figure.add_scatter(
        x=days, y=values["expected"], mode="lines", line={"width": 1.5, "dash": "dot", "color": MUTED},
        name=message(language, "page.expected"), showlegend=first, row=row, col=1,
    )  # fmt: skip
    figure.add_scatter(
        x=days, y=values["count"], mode="lines+markers", line={"width": 2, "color": PALETTE[0]}, marker={"size": 4},
        name=message(language, "page.count"), showlegend=first, row=row, col=1,
    )  # fmt: skip
    figure.add_vrect(
        x0=window.first - timedelta(hours=12), x1=window.last + timedelta(hours=12), fillcolor=_SHADE, line_width=0, row=row, col=1
    )


def _value(answer: Answer, place: int, day: date, name: str) -> float | None:
    fact = fact_of(answer, f"monitor.{place}.{day.isoformat()}.{name}")
    return float(fact.value) if fact is not None and not fact.suppressed and isinstance(fact.value, int | Decimal) else None
