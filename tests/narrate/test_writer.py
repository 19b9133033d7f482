"""A direction is told from the figures that stand beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.facts import FactSheet
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from tests.insight.rules import validated


@pytest.mark.parametrize(("before", "after", "turn"), [(3, 5, "up"), (5, 3, "down"), (4, 4, "same"), (92, 92, "same")])
def test_the_turn_is_that_of_the_facts(before: int, after: int, turn: str) -> None:
    sheet = FactSheet(Protection(0))
    sheet.measured("before", Decimal(before), "number", "q")
    sheet.measured("after", after, "customers", "q")
    assert Writer(validated({"all": []}), sheet, "zh").turn("before", "after") == turn


def test_what_may_not_be_shown_has_no_direction() -> None:
    sheet = FactSheet(Protection(20))
    sheet.measured("before", 3, "customers", "q")
    sheet.measured("after", 50, "customers", "q")
    with pytest.raises(ValueError, match="no direction from before to after"):
        Writer(validated({"all": []}), sheet, "zh").turn("before", "after")
