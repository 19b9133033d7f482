"""The largest rows of a breakdown in words: one, or as many as were asked for."""

from __future__ import annotations

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.breakdown import Breakdown, Dimension, Row
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences.breakdown import sentences
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from tests.insight.rules import validated


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "2个里人数最多的2个是：广州分行（70人）、上海分行（30人）。"),
        ("en", "Of 2 groups, the largest 2 are Guangzhou Branch (70 customers), Shanghai Branch (30 customers)."),
    ],
)
def test_as_many_of_the_largest_as_were_asked_for_are_named(language: Language, said: str) -> None:
    rule = validated({"all": []})
    dimension = Dimension("home_org", "1")
    rows = (Row("value", "3100", 30, 300, dimension), Row("value", "4400", 70, 700, dimension))
    found = Breakdown(dimension, rows, 100, (), None, "q", named=2)
    sheet = FactSheet(Protection(0))
    found.facts(sheet)
    (sentence,) = sentences(found, Writer(rule, sheet, language))
    grounded = ground(NarrativeDraft((sentence,), language), sheet)
    assert isinstance(grounded, GroundedNarrative), grounded
    assert grounded.text == said
