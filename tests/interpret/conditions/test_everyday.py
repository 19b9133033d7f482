"""Everyday words of a branch manager: who was phoned, who was active last month, the first time, a verb without its object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, asks, both, read, read_rule, spells, talk

Short = Mapping[str, Any]
LAST_MONTH, THIS_MONTH, THIS_QUARTER = "calendar month -1", "calendar month", "calendar quarter"
WEALTH_BUY = {"records": "wealth_buy", "window": LAST_MONTH}
WEALTH_REDEEM = {"records": "wealth_redeem", "window": THIS_MONTH}
PHONED: Short = {"records": "rm_contact", "where": {"mode": ["call"]}, "window": THIS_QUARTER}
NEVER_LOGGED_IN: Short = {"not": {"records": "app_login"}}


@pytest.mark.parametrize("text", ["这个季度没打过电话的", "打过电话的客户"])
def test_who_phoned_whom_is_asked_and_never_taken_for_who_may_be_phoned(text: str) -> None:
    found = read(text)
    assert asks(found) == ["ambiguous_word"]
    assert [len(question.readings) for question in found.questions if question.ask] == [2]


def test_a_time_in_front_of_a_denied_word_is_of_each_of_its_readings() -> None:
    (question,) = (one for one in read("这个季度没打过电话的").questions if one.ask)
    called: Short = {"records": "call_in", "window": THIS_QUARTER}
    assert [spells(reading.rule, {"not": short}) for reading, short in zip(question.readings, (PHONED, called), strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("customers who haven't been called this quarter", {"not": PHONED}),
        ("customers nobody has contacted this quarter", {"not": {"records": "rm_contact", "window": THIS_QUARTER}}),
        ("这个季度没人联系过的客户", {"not": {"records": "rm_contact", "window": THIS_QUARTER}}),
        ("上个月不活跃的客户", {"concept": "mau", "negated": True}),
        ("customers who werent active last month", {"concept": "mau", "negated": True}),
        ("上个月活跃的客户", {"concept": "mau"}),
        ("上个月的理财首购客户", {"tag": "wealth_first_buy", "within": LAST_MONTH}),
        ("上个月买了理财但这个月赎回了的", both(WEALTH_BUY, WEALTH_REDEEM)),
        ("bought wealth products last month but redeemed them this month", both(WEALTH_BUY, WEALTH_REDEEM)),
        ("近30天第一次买理财的", {"tag": "wealth_first_buy", "within": "rolling 30 day"}),
    ],
)
def test_what_is_clear_is_read_and_not_asked(text: str, short: Short) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, short)


@pytest.mark.parametrize(
    "text",
    [
        "有手机银行但是从来不用的", "手机银行客户从来不用的", "have mobile banking but never use it", "have the app but never use it",
        "mobile banking users who never use it",
    ],
)  # fmt: skip
def test_a_verb_without_its_object_is_of_the_product_before_it(text: str) -> None:
    found = read(text)
    assert asks(found) == []
    full = read_rule("从来不用手机银行的客户")
    assert full == read_rule(text)


@pytest.mark.parametrize("text", ["有信用卡但是从来不用的", "have a credit card but never use it", "credit card holders who never use it"])
def test_the_pronoun_of_what_was_never_done_is_read_with_it(text: str) -> None:
    assert asks(read(text)) == []
    assert read_rule(text) == read_rule("有信用卡且从未用信用卡消费的客户")


@pytest.mark.parametrize("text", ["bought wealth products in the app", "AUM over 50k in the app"])
def test_in_the_app_is_never_taken_for_having_it(text: str) -> None:
    assert "app_reg_flag" not in str(read_rule(text))


@pytest.mark.parametrize("text", ["买了理财和基金，这个月赎回了", "赎回了的客户", "有信用卡但是没激活的"])
def test_a_verb_of_several_products_or_of_none_or_of_a_name_of_its_own_stays_unread(text: str) -> None:
    assert "unread" in asked(text)


@pytest.mark.parametrize("text", ["上个月的新客", "last month's new customers"])
def test_new_customers_of_a_month_are_those_whose_first_day_lay_in_it(text: str) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, {"tag": "open_date", "within": LAST_MONTH})


@pytest.mark.parametrize("text", ["6月活跃的客户", "customers active in June"])
def test_the_last_time_of_something_is_no_time_that_it_happened_at(text: str) -> None:
    readings = [reading.rule for question in read(text).questions for reading in question.readings]
    assert len(readings) > 1
    assert not any("last_txn_date" in str(rule) for rule in readings)


@pytest.mark.parametrize("text", ["第一次买理财的客户", "customers who bought wealth for the first time"])
def test_the_first_time_with_no_time_asks_how_long_ago_at_most(text: str) -> None:
    found = read(text)
    assert asks(found) == ["how_lately"]
    assert spells(found.rule, {"tag": "wealth_first_buy", "within": "rolling 30 day"})


@pytest.mark.parametrize("text", ["没卡的客户", "customers with no card"])
def test_which_card_is_lacked_is_asked(text: str) -> None:
    assert asked(text) == ["ambiguous_word"]


@pytest.mark.parametrize("text", ["最近没登录最近没交易的", "haven't logged in recently and haven't transacted recently"])
def test_recently_may_be_said_of_each_of_two_denials(text: str) -> None:
    found = talk(text)
    assert asks(found) == []
    assert [one.code for one in found.assumptions].count("recently") == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [("只持有一款理财的客户", True), ("customers who only hold one wealth product", True), ("持有2笔以上理财的客户", False)],
)
def test_products_counted_by_their_records_are_said_to_be(text: str, told: bool) -> None:
    assert ("counted_records" in [one.code for one in read(text).assumptions]) is told


TEXTABLE: Short = {"concept": "textable"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("能发短信的有多少", TEXTABLE),
        ("how many can I text", TEXTABLE),
        ("信用卡有分期的客户", {"tag": "cc_inst_bal", "operator": ">", "value": 0}),
        ("信用卡没有分期的客户", both({"tag": "cc_flag", "value": True}, {"tag": "cc_inst_bal", "operator": "=", "value": 0})),
        ("有多少理财的客户", {"tag": "wealth_bal", "operator": ">", "value": 0}),
        ("tier distribution of customers with wealth products", {"tag": "wealth_bal", "operator": ">", "value": 0}),
    ],
)
def test_what_is_had_is_read_however_it_is_said(text: str, short: Short) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, short)


def test_stopped_in_the_last_months_or_for_as_many_is_asked() -> None:
    found = read("近三个月断发的客户")
    assert asks(found) == ["ambiguous_word"]
    (question,) = (one for one in found.questions if one.ask)
    lately, long = (reading.rule for reading in question.readings)
    assert spells(lately, {"tag": "payroll_gap_m", "range": [1, 3]})
    assert spells(long, {"tag": "payroll_gap_m", "operator": ">=", "value": 3})


def test_having_what_the_bank_has_no_data_of_is_refused_once() -> None:
    assert asked("有美元的客户") == ["no_such_data"]
