"""Two segments compared as JSON and as a table. Law: both whole segments stand side by side, and the three groups they make add up."""

from __future__ import annotations

import json
from functools import partial

from assistant.app.insights.persona import interval_words, trait_wire, trait_words
from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.contrast import Contrast
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json, canonical, text

SIZES = ("n", "other_n", "both", "only", "other_only", "either")


def wire(found: Contrast, answer: Answer) -> Json:
    """The other segment in words and as a rule, the sizes, the traits, and what holds by definition."""
    return {
        "other": both(partial(other_words, found, answer.catalog)),
        "rule": json.loads(text(canonical(found.other))),
        "version_before": found.before,
        **{name: number_of(answer, f"contrast.{name}") for name in SIZES},
        "tested": found.tested,
        "traits": [trait_wire(trait, trait.id, answer) for trait in found.traits],
        "by_definition": [trait_wire(trait, trait.id, answer) for trait in found.by_definition],
    }


def grid(found: Contrast, answer: Answer, language: Language) -> Grid:
    """What the segment has more of than the other one, strongest first, under the sizes of both and of what they share."""
    rows = []
    for trait in found.traits:
        figures = tuple(words_of(answer, f"{trait.id}.{name}", language) for name in ("share", "rest_share", "index"))
        rows.append((trait_words(trait, answer.catalog, language), *figures, interval_words(answer, trait.id, language)))
    columns = (
        ("tag", "segment_share", "rest_share_segment", "index", "interval") if rows else ()
    )  # where nothing differs only the sizes stand
    header = tuple(message(language, f"page.{name}") for name in columns)
    sizes = {name: words_of(answer, f"contrast.{name}", language) for name in SIZES if name != "either"}
    note = message(language, "page.contrast_note", sizes)
    return Grid(message(language, "page.contrast"), header, tuple(rows), frozenset({1, 2, 3, 4}), note)


def other_words(found: Contrast, catalog: TagCatalog, language: Language) -> str:
    """The other segment by its conditions."""
    return condition_phrase(found.other, catalog, language)
