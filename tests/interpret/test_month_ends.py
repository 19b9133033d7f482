"""The end of a month is a point of time for what somebody had or was, and days for what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from assistant.interpret.month_ends import month_end_said
from assistant.language.text import normalise
from assistant.language.times import read_windows
from assistant.rule.tree import Snapshot
from tests.interpret.reading import AS_OF, TODAY, asked, both, canonical, read, read_rule

JUNE = "month -3"
DROPPED = {"left": "aum_bal", "right": "aum_bal", "right_snapshot": JUNE, "measure": "relative_change", "operator": "<=", "value": -0.2}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("AUM比6月末下降20%以上的", DROPPED),
        ("customers whose AUM fell by 20% or more since the end of June", DROPPED),
        ("AUM down by 20% or more since June 30", DROPPED),
        ("6月末AUM大于50万的客户", {"tag": "aum_bal", "operator": ">", "value": 500000, "snapshot": JUNE}),
        ("customers with AUM over 500k at the end of June", {"tag": "aum_bal", "operator": ">", "value": 500000, "snapshot": JUNE}),
        ("6月底有房贷的客户", {"tag": "mort_flag", "value": True, "snapshot": JUNE}),
        (
            "8月末AUM50万以上、现在不到30万的",
            both(
                {"tag": "aum_bal", "operator": ">=", "value": 500000, "snapshot": "month -1"},
                {"tag": "aum_bal", "operator": "<", "value": 300000},
            ),
        ),
        (
            "上月末AUM在50万以上、现在不到30万的",
            both({"tag": "aum_last_me", "operator": ">=", "value": 500000}, {"tag": "aum_bal", "operator": "<", "value": 300000}),
        ),
    ],
)
def test_what_they_had_is_of_that_day(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)
    assert "third_of_month" not in [one.code for one in read(text).assumptions]


@pytest.mark.parametrize("text", ["6月末登录过的", "6月底开户的", "6月30日登录的客户"])
def test_what_happened_has_its_days(text: str) -> None:
    assert asked(text) == []
    assert "snapshot=Snapshot" not in repr(read_rule(text))


@pytest.mark.parametrize("text", ["9月底AUM50万以上", "6月中AUM50万以上", "6月15日AUM50万以上"])
def test_a_day_that_no_month_ends_on_or_that_is_to_come_is_asked_about(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    ("words", "today", "expected"),
    [
        ("6月末", TODAY, Snapshot(unit="month", offset=-3)),
        ("2月末", date(2024, 3, 1), Snapshot(unit="month", offset=-1)),
        ("2月28日", date(2024, 3, 1), None),
        ("12月31日", date(2026, 1, 1), Snapshot(unit="month", offset=-1)),
        ("6月", TODAY, None),
    ],
)
def test_month_end_said(words: str, today: date, expected: Snapshot | None) -> None:
    (span,) = read_windows(normalise(words).text, min(AS_OF, today), today)
    assert month_end_said(span, today) == expected
