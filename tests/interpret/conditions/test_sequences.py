"""One behaviour after another: expectations written from MEANING.md "Sequences"."""

from __future__ import annotations

import pytest

from assistant.rule.tree import SequenceCondition, walk
from tests.interpret.reading import asked, both, canonical, read, read_rule

WEALTH_VIEW = {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"}
WEALTH_BUY = {"records": "wealth_buy"}
NOT_IN_7 = {"first": WEALTH_VIEW, "then": WEALTH_BUY, "within_days": 7, "negated": True}
IN_7 = {"first": WEALTH_VIEW, "then": WEALTH_BUY, "within_days": 7}
NOT_IN_WINDOW = {"first": WEALTH_VIEW, "then": WEALTH_BUY, "negated": True}
LOGIN_TRANSFER = {"first": {"records": "app_login", "window": "rolling 30 day"}, "then": {"records": "transfer_out"}}


@pytest.mark.parametrize(
    "text",
    [
        "近30天浏览理财专区后7天内没有买理财的客户",
        "近30天浏览理财专区,之后7天内未购买理财的客户",
        "近30天浏览过理财专区,随后一周内没有再买理财的客户",
        "近30天浏览理财专区以后的7天以内没买过理财的客户",
        "customers who viewed wealth pages in the last 30 days and then did not buy a wealth product within 7 days",
        "customers who did not buy wealth products within 7 days of viewing wealth pages",
        "after viewing wealth pages, did not buy wealth products within 7 days",
        "wealth page views not followed by a wealth purchase within a week",
    ],
)
def test_not_followed_within_days(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(NOT_IN_7)


@pytest.mark.parametrize(
    "text",
    [
        "近30天浏览理财专区后7天内买了理财的客户",
        "近30天先浏览理财专区,7天内再买理财的客户",
        "customers who bought wealth products within 7 days after viewing wealth pages",
        "customers who viewed wealth pages in the last 30 days followed by a wealth purchase within 7 days",
    ],
)
def test_followed_within_days(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(IN_7)


@pytest.mark.parametrize(
    "text",
    [
        "先登录手机银行再转账的客户",
        "登录手机银行后转账的客户",
        "首先登录手机银行,然后转账",
        "customers who logged in to the app and then made a transfer",
    ],
)
def test_order_with_no_days_stays_inside_the_window(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(LOGIN_TRANSFER)


@pytest.mark.parametrize(
    "text",
    [
        "近30天浏览过理财但没有购买的客户",
        "看了理财没买的客户",
        "浏览理财专区未购买",
        "viewed wealth pages but did not buy",
        "viewed wealth pages without buying",
    ],
)
def test_browsed_and_not_bought_is_missing_after_the_view_in_the_same_window(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(NOT_IN_WINDOW)


@pytest.mark.parametrize("text", ["近30天浏览理财专区后当天没有买理财", "近30天浏览理财专区当天没有买理财"])
def test_same_day(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical({**NOT_IN_7, "within_days": 0})


def test_a_behaviour_said_again_is_the_one_just_said() -> None:
    text = "近30天从他行转入，转入后7天内购买理财的客户"
    first = {"records": "transfer_in", "where": {"bank": ["other"]}, "window": "rolling 30 day"}
    assert asked(text) == []
    assert read_rule(text) == canonical({"first": first, "then": WEALTH_BUY, "within_days": 7})


def test_a_month_is_counted_as_30_days_and_said_so() -> None:
    found = read("近30天浏览理财专区后一个月内没有买理财的客户")
    assert read_rule("近30天浏览理财专区后一个月内没有买理财的客户") == canonical({**NOT_IN_7, "within_days": 30})
    assert "month_as_days" in [assumption.code for assumption in found.assumptions]


def test_beside_other_conditions() -> None:
    text = "活期5万以上、近30天浏览理财专区后7天内没有买理财的女性客户"
    rest = [{"tag": "dep_demand_bal", "operator": ">=", "value": 50000}, {"tag": "gender", "value": ["F"]}]
    assert read_rule(text) == canonical({"all": [rest[0], NOT_IN_7, rest[1]]})


@pytest.mark.parametrize(
    "text",
    [
        "近30天浏览理财专区3次以上后7天内没有买理财的客户",
        "近30天浏览理财专区后转账累计5万以上的客户",
        "活期5万以上后7天内没有买理财",
        "上个月浏览理财专区后没有买理财的客户",
        "浏览后未购买的客户",
        "viewed wealth pages at least 3 times and then did not buy wealth products within 7 days",
    ],
)
def test_what_a_sequence_cannot_say_is_asked(text: str) -> None:
    assert "unread" in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "近30天浏览过理财专区、没有信用卡的客户",
        "近30天浏览理财专区且近7天没有登录的客户",
        "viewed wealth pages in the last 30 days but did not log in during the last 7 days",
        "30天后到期的定期",
    ],
)
def test_no_order_is_read_where_none_is_said(text: str) -> None:
    rule = read(text).rule
    assert rule is None or not any(isinstance(node, SequenceCondition) for _, node in walk(rule.node))


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("近30天浏览理财专区3次以上但没买的客户", ">="),
        ("近30天浏览理财专区3次以上，还没下手的客户", ">="),
        ("customers who browsed wealth pages more than 3 times in the last 30 days but did not buy", ">"),
    ],
)
def test_behind_a_number_of_times_what_was_not_done_was_not_done_in_the_same_time(text: str, operator: str) -> None:
    seen = {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day", "operator": operator, "value": 3}
    bought = {"records": "wealth_buy", "window": "rolling 30 day"}
    could = {"tag": "open_date", "within": "ago 30 day"}
    assert asked(text) == []
    assert read_rule(text) == canonical(both(seen, could, {"not": bought}))
    assert "inherited_window" in {one.code for one in read(text).assumptions}


def test_often_and_not_done_is_asked_how_often() -> None:
    assert asked("最近老看理财但没下手的客户") == ["size_unmeasured"]
