"""Who makes a change, as bars: whose part of the days changed, or what those who came in have more of. Law: every bar is a Fact, beside the one it is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from assistant.app.charts.bars import MUTED, PALETTE, bars, compared
from assistant.app.insights.monitor import shown_drivers
from assistant.app.insights.persona import trait_words
from assistant.catalog.model import Language
from assistant.insight.compare import Comparison, driver_id, newcomers_id
from assistant.narrate.sentences.monitor import driver_phrase
from assistant.pipeline import Answer


def newcomers_chart(found: Comparison, answer: Answer, language: Language) -> go.Figure | None:
    """None where nothing sets them apart."""
    words = [trait_words(trait, answer.catalog, language) for trait in found.traits]
    names = [newcomers_id(trait) for trait in found.traits]
    return _side_by_side(words, names, "rest_share", ("share_came", "share_were"), answer, language)


def drivers_chart(found: Comparison, answer: Answer, language: Language) -> go.Figure | None:
    """None where nobody's part of the days changed."""
    told = shown_drivers("compare", found.drivers, answer)
    words = [driver_phrase(driver, answer.catalog, language) for driver in told]
    names = [driver_id(driver) for driver in told]
    return _side_by_side(words, names, "before", ("share_days", "share_days_before"), answer, language)


def _side_by_side(
    words: Sequence[str], names: Sequence[str], other: str, series: tuple[str, str], answer: Answer, language: Language
) -> go.Figure | None:
    """The share of each, beside its `other`, with the interval of the difference."""
    facts = answer.facts
    if facts is None or not names or facts[f"{names[0]}.share"].suppressed:
        return None
    own, others = ([facts[f"{name}.{part}"] for name in names] for part in ("share", other))
    colours = [[PALETTE[0]] * len(names), [MUTED] * len(names)]
    drawn = bars(words, [own, others], colours, series, language)
    return compared(drawn, others, [facts[f"{name}.low"] for name in names], [facts[f"{name}.high"] for name in names])
