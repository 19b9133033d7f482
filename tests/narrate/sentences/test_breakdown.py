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


@pytest.mark.parametrize(
    ("language", "named", "units", "protection", "said"),
    [
        ("zh", 1, 2, 0, "人数最多的有并列的2个：上海分行、广州分行，各70人。"),
        ("en", 1, 2, 0, "The largest group is shared by 2, each of 70 customers: Shanghai Branch, Guangzhou Branch."),
        ("zh", 1, 6, 0, "人数最多的有并列的6个，各70人。"),
        ("en", 1, 6, 0, "The largest group is shared by 6, each of 70 customers."),
        ("zh", 2, 3, 0, "4个里人数最多的3个是：上海分行（70人）、广州分行（70人）、信用卡中心（70人）；末位有并列，都已列出。"),
    ],
)
def test_groups_that_are_as_large_as_each_other_are_all_told(
    language: Language, named: int, units: int, protection: int, said: str
) -> None:
    rule = validated({"all": []})
    dimension = Dimension("home_org", "1")
    unlike = tuple(dict.fromkeys(("3100", "4400", "9900", *rule.catalog.organisation)))
    rows = tuple(Row("value", code, 70 if place < units else 30, 300, dimension) for place, code in enumerate(unlike[: units + 1]))
    found = Breakdown(dimension, rows, sum(row.n for row in rows), (), None, "q", named=named)
    sheet = FactSheet(Protection(protection))
    found.facts(sheet)
    (sentence,) = sentences(found, Writer(rule, sheet, language))
    grounded = ground(NarrativeDraft((sentence,), language), sheet)
    assert isinstance(grounded, GroundedNarrative), grounded
    assert grounded.text == said


def test_a_group_as_large_as_one_that_may_not_be_shown_is_not_told_to_be_the_largest() -> None:
    rule = validated({"all": []})
    dimension = Dimension("home_org", "1")
    rows = (Row("value", "3100", 6, 300, dimension), Row("value", "4400", 6, 700, dimension))
    found = Breakdown(dimension, rows, 12, (), None, "q")
    sheet = FactSheet(Protection(10))
    found.facts(sheet)
    assert sentences(found, Writer(rule, sheet, "zh")) == []
