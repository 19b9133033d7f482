"""A persona as a picture. Law: the segment's bar stands beside the one it is compared with, and shows how sure it is."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.bars import MUTED, PALETTE, bars, compared
from assistant.app.insights.persona import rest_key, trait_words
from assistant.catalog.model import Language
from assistant.insight.persona import Persona
from assistant.pipeline import Answer


def persona_chart(found: Persona, answer: Answer, language: Language) -> go.Figure | None:
    """Shares of the segment and of all others, trait by trait. None when there is no trait."""
    facts = answer.facts
    if facts is None or not found.traits:
        return None
    names = [trait_words(trait, answer.catalog, language) for trait in found.traits]
    own = [facts[f"{trait.id}.share"] for trait in found.traits]
    rest = [facts[f"{trait.id}.rest_share"] for trait in found.traits]
    colours = [[PALETTE[0]] * len(names), [MUTED] * len(names)]
    drawn = bars(names, [own, rest], colours, ["segment_share", rest_key(found)], language)
    low, high = ([facts[f"{trait.id}.{end}"] for trait in found.traits] for end in ("low", "high"))
    return compared(drawn, rest, low, high)
