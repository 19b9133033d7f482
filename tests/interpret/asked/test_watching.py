"""What stands beside the question of anything unusual is what is looked at, and when; customers of it are a segment."""

from __future__ import annotations

import pytest

from assistant.interpret.interpretation import Request
from tests.interpret.reading import BEIJING, PLATINUM, asked, read, spells


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("手机银行登录最近有什么异常", Request("monitor", "app_login")),
        ("最近手机银行登录有什么异常", Request("monitor", "app_login")),
        ("anything unusual in mobile banking logins", Request("monitor", "app_login")),
        ("anything unusual lately in mobile banking logins?", Request("monitor", "app_login")),
        ("贷款专区浏览有什么异常", Request("monitor", "zone_view/zone/loan")),
        ("anything unusual in loan zone visits?", Request("monitor", "zone_view/zone/loan")),
        ("上周有什么异常", Request("monitor", detail="2026-09-14..2026-09-20")),
        ("anything unusual last week?", Request("monitor", detail="2026-09-14..2026-09-20")),
        ("手机银行登录上周有什么异常", Request("monitor", "app_login", detail="2026-09-14..2026-09-20")),
        ("最近有什么异常", Request("monitor")),
    ],
)
def test_a_behaviour_and_a_time_are_what_is_looked_at(text: str, wanted: Request) -> None:
    found = read(text)
    assert found.requests == (wanted,)
    assert asked(text) == []
    assert found.rule is None


@pytest.mark.parametrize(
    ("text", "some"),
    [("最近存款有什么异常", "td_open"), ("信用卡有什么异常", "cc_spend"), ("anything unusual in credit cards?", "cc_spend")],
)
def test_a_product_is_all_the_behaviour_of_its_subject(text: str, some: str) -> None:
    (request,) = read(text).requests
    assert some in request.code.split()
    assert "app_login" not in request.code.split()
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "watched"),
    [
        ("最近贷款专区的浏览是不是多了", "zone_view/zone/loan"),
        ("理财购买有没有变少", "wealth_buy"),
        ("手机银行登录比平时少吗", "app_login"),
        ("have visits to the loan pages gone up recently?", "zone_view/zone/loan"),
        ("are wealth purchases down lately", "wealth_buy"),
        ("any unusual rise in logins?", "app_login"),
    ],
)
def test_whether_a_behaviour_rose_is_whether_it_is_unusual_and_that_is_said(text: str, watched: str) -> None:
    found = read(text)
    assert found.requests == (Request("monitor", watched),)
    assert asked(text) == []
    assert [one.code for one in found.assumptions] == ["unusual_read"]


@pytest.mark.parametrize("text", ["存款是不是多了", "客户是不是少了", "are deposits up lately"])
def test_an_amount_or_a_number_of_customers_is_no_behaviour(text: str) -> None:
    assert not [one for one in read(text).requests if one.kind == "monitor"]
    assert asked(text)


@pytest.mark.parametrize("text", ["客户等级有什么异常", "anything unusual in age?"])
def test_what_has_no_behaviour_is_said_to_have_none(text: str) -> None:
    assert asked(text) == ["monitor_of"]


@pytest.mark.parametrize(
    ("text", "short"),
    [("北京分行的客户最近有什么异常", BEIJING), ("白金客户的手机银行登录最近有什么异常", PLATINUM), ("白金客户最近有什么异常", PLATINUM)],
)
def test_customers_are_a_segment(text: str, short: dict[str, object]) -> None:
    found = read(text)
    assert [one.kind for one in found.requests] == ["monitor"]
    assert spells(found.rule, short)
    assert asked(text) == []


@pytest.mark.parametrize("text", ["登录过手机银行的客户最近有什么异常", "有信用卡的客户最近有什么异常", "有存款的最近有什么异常"])
def test_customers_who_have_or_did_something_are_a_segment(text: str) -> None:
    found = read(text)
    assert found.requests == (Request("monitor"),)
    assert found.changed
    assert not found.issues


@pytest.mark.parametrize("text", ["近一个月有什么异常", "anything unusual over the past 60 days?"])
def test_a_length_of_time_is_not_taken_for_a_date(text: str) -> None:
    assert asked(text) == ["unread"]


NAMED = "2026-09-01..2026-09-07"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("9月1日至9月7日有什么异常", NAMED), ("anything unusual from 1 to 7 September?", NAMED), ("9月15日有什么异常", "2026-09-15..2026-09-15"),
        ("昨天有什么异常", "2026-09-24..2026-09-24"), ("8月有什么异常", "2026-08-01..2026-08-31"),
    ],
)  # fmt: skip
def test_the_days_named_are_the_days_looked_at(text: str, days: str) -> None:
    assert read(text).requests == (Request("monitor", detail=days),)
    assert asked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "9月1日至9月7日北京分行有什么异常",
        "北京分行9月1日至9月7日有什么异常",
        "anything unusual in Beijing Branch between Sept 1 and Sept 7?",
    ],
)
def test_the_days_may_stand_on_the_other_side_of_the_customers(text: str) -> None:
    found = read(text)
    assert found.requests == (Request("monitor", detail=NAMED),)
    assert spells(found.rule, BEIJING)
    assert asked(text) == []


def test_days_that_may_be_those_of_a_behaviour_are_not_taken_for_the_question() -> None:
    (request,) = read("9月1日至9月7日登录过手机银行的客户有什么异常").requests
    assert request.detail == ""
