"""What those who came in have more of than those who were in, as bars. Law: every bar is a Fact, beside the one it is compared with."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.bars import MUTED, PALETTE, bars, compared
from assistant.app.insights.persona import trait_words
from assistant.catalog.model import Language
from assistant.insight.compare import Comparison, newcomers_id
from assistant.pipeline import Answer


def newcomers_chart(found: Comparison, answer: Answer, language: Language) -> go.Figure | None:
    """None where nothing sets them apart."""
    facts = answer.facts
    if facts is None or not found.traits:
        return None
    names = [newcomers_id(trait) for trait in found.traits]
    came, were = ([facts[f"{name}.{part}"] for name in names] for part in ("share", "rest_share"))
    colours = [[PALETTE[0]] * len(names), [MUTED] * len(names)]
    words = [trait_words(trait, answer.catalog, language) for trait in found.traits]
    drawn = bars(words, [came, were], colours, ["share_came", "share_were"], language)
    return compared(drawn, were, [facts[f"{name}.low"] for name in names], [facts[f"{name}.high"] for name in names])
