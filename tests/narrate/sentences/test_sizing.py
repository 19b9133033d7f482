"""A size in words: a target that nothing tried comes near is told in words that stand by themselves; nothing is added where the segment is there already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.curve import Curve, Point
from assistant.insight.sizing import Sizing, target
from assistant.insight.thresholds import thresholds
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences import sizing
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from tests.insight.rules import validated

RULE = validated({"tag": "aum_bal", "operator": ">", "value": 0})
PRESENT = 400


def told(wanted: str, language: Language) -> list[str]:
    (threshold,) = thresholds(RULE)
    value = threshold.present
    point = Point(value, PRESENT, PRESENT, PRESENT, Decimal(10))
    found = Sizing(target(wanted, 5), PRESENT, None, (Curve(threshold, (point,), {value: "q"}),), ())
    sheet = FactSheet(Protection(0))
    sheet.measured("count", PRESENT, "customers", "q")
    found.facts(sheet)
    texts = []
    for said in sizing.sentences(found, Writer(RULE, sheet, language)):
        grounded = ground(NarrativeDraft((said,), language), sheet)
        assert isinstance(grounded, GroundedNarrative), grounded
        texts.append(grounded.text)
    return texts


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_nothing_tried_reaches_is_told(language: Language) -> None:
    assert len(told("900", language)) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_segment_that_is_there_already_is_not_said_to_be_out_of_reach(language: Language) -> None:
    assert len(told("400", language)) == 1
