"""A tested guess as a picture. Law: the interval of the difference is drawn where the difference is."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.bars import MUTED, PALETTE, bars, compared
from assistant.app.insights.hypothesis import guess_words
from assistant.app.insights.persona import rest_key
from assistant.catalog.model import Language
from assistant.insight.hypothesis import Hypothesis
from assistant.pipeline import Answer


def hypothesis_chart(found: Hypothesis, answer: Answer, language: Language) -> go.Figure | None:
    """Share of the segment and of the others. None where they may not be shown."""
    facts = answer.facts
    if facts is None or facts["hypothesis.share"].suppressed or found.verdict == "too_few":
        return None
    own, rest = [facts["hypothesis.share"]], [facts["hypothesis.rest_share"]]
    drawn = bars(
        [guess_words(found, answer.catalog, language)], [own, rest], [[PALETTE[0]], [MUTED]], ["segment_share", rest_key(found)], language
    )
    return compared(drawn, rest, [facts["hypothesis.low"]], [facts["hypothesis.high"]])
