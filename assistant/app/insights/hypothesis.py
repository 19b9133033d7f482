"""A tested guess as JSON and as a table. Law: the verdict is a code with its words, and the segment that follows is a rule one can ask for."""

from __future__ import annotations

import json
from functools import partial

from assistant.app.insights.persona import interval_words, rest_key
from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.insight.hypothesis import Hypothesis
from assistant.narrate.messages import message
from assistant.narrate.readback import condition_phrase
from assistant.narrate.sentences.hypothesis import compared_words, verdict_words
from assistant.pipeline import Answer
from assistant.rule.canonical import Json, canonical, text
from assistant.rule.tree import AllOf

_FIGURES = ("share", "rest_share", "index", "difference", "low", "high", "n", "others", "known", "rest_known")


def wire(found: Hypothesis, answer: Answer) -> Json:
    """The guess, the verdict, every figure, what it is explained by, and the rule of those of the segment who have it."""
    segment: Json = None if answer.rule is None else json.loads(text(canonical(AllOf(children=(answer.rule.node, found.guess)))))
    return {
        "guess": both(partial(guess_words, found, answer.catalog)),
        "verdict": found.verdict,
        "baseline": found.baseline.kind,
        "claims": [*sorted(found.claims)],
        "words": both(partial(verdict_words, found)),
        **{name: number_of(answer, f"hypothesis.{name}") for name in _FIGURES},
        "reversed_in": list(found.reversed_in),
        "explained_by": list(found.explained_by),
        "segment": segment,
    }


def grid(found: Hypothesis, answer: Answer, language: Language) -> Grid:
    """Both shares side by side, with the interval of the difference."""
    if "part" in found.claims:
        names = ("condition", "count", "segment_share", rest_key(found))
        row = (
            guess_words(found, answer.catalog, language),
            *(words_of(answer, f"hypothesis.{one}", language) for one in ("n", "share", "rest_share")),
        )
        return Grid(
            message(language, "page.part"), tuple(message(language, f"page.{name}") for name in names), (row,), frozenset({1, 2, 3})
        )
    header = tuple(
        message(language, f"page.{name}") for name in ("guess", "verdict", "segment_share", rest_key(found), "index", "interval")
    )
    figures = tuple(words_of(answer, f"hypothesis.{name}", language) for name in ("share", "rest_share", "index"))
    interval = interval_words(answer, "hypothesis", language) if found.verdict != "too_few" else ""
    hidden = answer.facts is None or answer.facts["hypothesis.share"].suppressed
    verdict = compared_words(found, language) if hidden else verdict_words(found, language)
    row = (guess_words(found, answer.catalog, language), verdict, *figures, interval)
    return Grid(message(language, "page.hypothesis"), header, (row,), frozenset({2, 3, 4, 5}))


def guess_words(found: Hypothesis, catalog: TagCatalog, language: Language) -> str:
    """The condition guessed."""
    return condition_phrase(found.guess, catalog, language)
