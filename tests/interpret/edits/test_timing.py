"""Another time for what a rule has: what lies ahead stays ahead, a base moves along, and a length said to give way names whose time is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.rule.tree import SequenceCondition
from assistant.rule.window import Calendar, Future, Rolling
from tests.interpret.reading import asks, both, spells, talk

LOGINS = {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 3}
AUM = {"tag": "aum_bal", "operator": ">=", "value": 200000}
FALL = {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.2}
BOTH_ZH = "近30天登录手机银行3次以上，AUM20万以上的客户"
BOTH_EN = "customers with AUM of at least 200k who logged in at least 3 times in the last 30 days"
FELL_ZH = "AUM比上月末降了20%以上的客户"
FELL_EN = "customers whose AUM fell by at least 20% since the last month end"
ACTIVE = {"concept": "mobile_active"}


def two(days: int) -> Mapping[str, Any]:
    return both({**LOGINS, "window": f"rolling {days} day"}, AUM)


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        ((BOTH_EN, "change 30 days to 60 days"), two(days=60)),
        ((BOTH_EN, "make the window 60 days"), two(days=60)),
        ((BOTH_EN, "over the last 60 days instead"), two(days=60)),
        ((BOTH_ZH, "近30天改成近60天"), two(days=60)),
        ((BOTH_ZH, "时间放到60天"), two(days=60)),
        ((FELL_ZH, "改成比上年末"), {**FALL, "right_snapshot": "year -1"}),
        ((FELL_EN, "make it since the last year end"), {**FALL, "right_snapshot": "year -1"}),
        # what lies ahead
        (("customers with a time deposit maturing in the next 30 days", "make it the next 7 days"),
        {"records": "deposit_holding", "where": {"maturity_date": {"operator": "within", "value": Future(n=7)}}}),
        (("30天内理财到期的客户", "到期时间改成下个月"),
        {"records": "wealth_holding", "where": {"maturity_date": {"operator": "within", "value": Calendar(unit="month", first=1, last=1)}}}),
        (("手机银行活跃客户", "近60天"), {**ACTIVE, "parameters": {"days": 60}}),
    ],
)  # fmt: skip
def test_a_time_is_set(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert not asks(found), (asks(found), [issue.params for issue in found.issues])
    assert spells(found.rule, short)


def test_the_days_between_two_behaviours_are_told_from_the_window() -> None:
    found = talk("从他行转入后3天内买理财的客户", "3天改成7天")
    assert not asks(found)
    assert found.rule is not None
    assert isinstance(found.rule.node, SequenceCondition)
    assert (found.rule.node.within_days, found.rule.node.first.window) == (7, Rolling(unit="day", n=30))


def test_a_denied_behaviour_and_its_base_move_together() -> None:
    moved, said = talk("90天未登录的客户", "改成180天"), talk("180天未登录的客户")
    assert not asks(moved)
    assert moved.rule == said.rule


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        (("近30天登录过手机银行、近30天到过网点的客户", "改成近60天"), "edit_fits_two"),
        ((BOTH_EN, "change 90 days to 60 days"), "edit_fits_none"),
        (("白金客户", "改成近60天"), "edit_fits_none"),
    ],
)
def test_a_time_that_fits_two_or_none_is_asked(turns: tuple[str, ...], code: str) -> None:
    assert code in asks(talk(*turns))
