"""Figures of a segment as JSON and as a table. Law: each with the customers it is taken over."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.shown import Grid, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.metric import Metric
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Metric, answer: Answer) -> Json:
    """The figure and its denominator; where some have none of what it measures, over those alone who have any."""
    name = f"metric.{found.tag}.{found.kind}"
    told: dict[str, Json] = {
        "tag": found.tag,
        "kind": found.kind,
        "value": number_of(answer, name),
        "known": number_of(answer, f"{name}.known"),
    }
    return told | ({part: number_of(answer, f"{name}.{part}") for part in ("held", "of_held")} if found.apart else {})


def grid(found: Sequence[Metric], answer: Answer, language: Language) -> Grid | None:
    """One table of all figures asked for. None without any."""
    if not found:
        return None
    rows = tuple(
        (
            message(language, f"narrative.metric_{one.kind}", {"tag": answer.catalog.tags[one.tag].name.get(language)}),
            words_of(answer, f"metric.{one.tag}.{one.kind}", language),
            words_of(answer, f"metric.{one.tag}.{one.kind}.known", language),
        )
        for one in found
    )
    header = tuple(message(language, f"page.{name}") for name in ("metric", "value", "known"))
    return Grid(message(language, "page.metric"), header, rows, frozenset({1, 2}))
