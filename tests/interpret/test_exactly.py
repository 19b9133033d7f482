"""Only so many, which end of a list, and bounds joined by or."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, canonical, read_rule

ONCE = {"records": "app_login", "window": "rolling 30 day", "operator": "=", "value": 1}
MORTGAGE, CARD = {"tag": "mort_flag", "value": True}, {"tag": "cc_flag", "value": True}


@pytest.mark.parametrize("text", ["近30天只登录过1次手机银行的客户", "customers who logged in to the app only once in the last 30 days"])
def test_only_makes_a_bare_number_exact(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(ONCE)


def test_only_without_a_number_is_not_dropped() -> None:
    assert "unread" in asked("近30天只登录手机银行的客户")


@pytest.mark.parametrize(
    ("text", "direction", "count"),
    [
        ("AUM最低的50个客户", "bottom", 50),
        ("the 50 customers with the lowest AUM", "bottom", 50),
        ("the 100 with the highest AUM", "top", 100),
    ],
)
def test_so_many_at_one_end(text: str, direction: str, count: int) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical({"rank": "aum_bal", "direction": direction, "count": count})


def test_ranked_among_others() -> None:
    text = "among platinum customers, the 50 with the lowest AUM"
    among = {"tag": "cust_tier", "value": ["T3"]}
    assert asked(text) == []
    assert read_rule(text) == canonical({"rank": "aum_bal", "direction": "bottom", "count": 50, "within": among})


@pytest.mark.parametrize("text", ["年龄小于25或大于60岁的客户", "customers aged under 25 or over 60"])
def test_two_bounds_joined_by_or(text: str) -> None:
    bounds = [{"tag": "age", "operator": "<", "value": 25}, {"tag": "age", "operator": ">", "value": 60}]
    assert asked(text) == []
    assert read_rule(text) == canonical({"any": bounds})


def test_or_and_and_together_are_still_asked() -> None:
    assert "ambiguous_scope" in asked("AUM低于1万或高于100万且有信用卡的客户")


def test_brackets_behind_with_hold_together() -> None:
    text = "customers with (a mortgage or a credit card) and AUM over 500k"
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [{"any": [MORTGAGE, CARD]}, {"tag": "aum_bal", "operator": ">", "value": 500000}]})


def test_no_one_thing_and_another() -> None:
    text = "customers with no mortgage and a credit card"
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [{**MORTGAGE, "value": False}, CARD]})


def test_without_a_and_a_is_asked() -> None:
    assert "unread" in asked("customers without a mortgage and a credit card")
