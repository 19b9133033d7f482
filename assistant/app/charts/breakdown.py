"""A breakdown as a picture. Law: a row too small to be shown is not drawn."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from assistant.app.charts.bars import PALETTE, bars
from assistant.app.insights.breakdown import dimension_name
from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown, row_id
from assistant.narrate.sentences.breakdown import row_phrase
from assistant.pipeline import Answer

_MOST_ROWS = 20


def breakdown_chart(found: Breakdown, answer: Answer, language: Language) -> go.Figure | None:
    """Customers of each row, at most twenty. None when no row may be shown."""
    rule, facts = answer.validated, answer.facts
    if rule is None or facts is None:
        return None
    rows = [row for row in found.rows if row.n and not facts[f"breakdown.{row_id(row)}.n"].suppressed][:_MOST_ROWS]
    if not rows:
        return None
    names = [row_phrase(row, found, rule, language) for row in rows]
    figure = bars(names, [[facts[f"breakdown.{row_id(row)}.n"] for row in rows]], [[PALETTE[0]] * len(rows)], ["count"], language)
    figure.update_yaxes(title={"text": escape(dimension_name(found, answer.catalog, language))})
    return figure
