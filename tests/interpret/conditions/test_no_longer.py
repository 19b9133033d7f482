"""不再 and no longer: so before, and not so now; when before is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, asks, both, read, spells

Short = Mapping[str, Any]


@pytest.mark.parametrize(
    ("text", "then", "now"),
    [
        ("不再持有基金的客户", {"tag": "fund_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}),
        (
            "customers who no longer hold funds",
            {"tag": "fund_bal", "operator": ">", "value": 0},
            {"tag": "fund_bal", "operator": "=", "value": 0},
        ),
        ("customers who no longer have a credit card", {"tag": "cc_flag", "value": True}, {"tag": "cc_flag", "value": False}),
        ("不再是白金客户的", {"tag": "cust_tier", "value": ["T3"]}, {"tag": "cust_tier", "operator": "not_in", "value": ["T3"]}),
    ],
)
def test_what_no_longer_is_so_was_so_at_a_date_that_is_asked(text: str, then: Short, now: Short) -> None:
    found = read(text)
    assert asks(found) == ["no_longer"]
    (question,) = (one for one in found.questions if one.ask)
    dates = ("month -1", "quarter -1", "year -1")
    assert all(spells(reading.rule, both({**then, "snapshot": date}, now)) for reading, date in zip(question.readings, dates, strict=True))


def test_of_what_is_no_tag_alone_no_longer_stays_unread() -> None:
    assert "unread" in asked("不再活跃的客户")
