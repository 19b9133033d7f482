"""The funnel as a picture. Law: one bar a condition, in the colour the condition has everywhere."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.bars import MUTED, PALETTE, bars
from assistant.catalog.model import Language
from assistant.insight import funnel
from assistant.narrate.readback import condition_phrase
from assistant.pipeline import Answer


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
    colours = [MUTED, *(PALETTE[place % len(PALETTE)] for place in range(len(shown) - 1))]
    return bars(names, [shown], [colours], ["remaining"], language)
