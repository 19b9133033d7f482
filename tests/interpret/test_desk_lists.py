"""Wording of the desk: shared heads of lists, values between two, exclusions said behind, one condition in another's place, turns that go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import BEIJING, MORTGAGE, SHANGHAI, asked, asks, canonical, read, read_rule, spells, talk

PAYROLL = {"tag": "payroll_flag", "value": True}
CARD = {"tag": "cc_flag", "value": True}
NO_CARD = {"tag": "cc_flag", "value": False}
CONSUMER_LOAN = {"tag": "cons_loan_bal", "operator": ">", "value": 0}
TIERS = {"tag": "cust_tier", "value": ["T3", "T4", "T5"]}

READ: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("platinum, wealth and diamond tier customers", TIERS),
    ("customers in the mature or decline stage", {"tag": "lifecycle_stage", "value": ["MATURE", "DECLINE"]}),
    ("customers from platinum to diamond tier", TIERS),
    ("白金到钻石客户", TIERS),
    ("上海分行以外的代发客户", {"all": [{"not": SHANGHAI}, PAYROLL]}),
    ("除上海分行以外的代发客户", {"all": [{"not": SHANGHAI}, PAYROLL]}),
    ("上海分行以外的客户，不要按揭客户", {"all": [{"not": SHANGHAI}, {"not": MORTGAGE}]}),
    ("customers with a mortgage or a credit card, or both", {"any": [MORTGAGE, CARD]}),
    ("有按揭或者有信用卡，或者两样都有的客户", {"any": [MORTGAGE, CARD]}),
    ("mortgage customers + no credit card", {"all": [MORTGAGE, NO_CARD]}),
    ("有按揭、手上还有消费贷的", {"all": [MORTGAGE, CONSUMER_LOAN]}),
    ("payroll customers who don't have a single fund", {"all": [PAYROLL, {"tag": "fund_bal", "operator": "=", "value": 0}]}),
    ("有企微、没有信用卡的", {"all": [{"tag": "wecom_flag", "value": True}, NO_CARD]}),
    ("触达偏好是企微的", {"tag": "reach_pref", "value": ["wecom"]}),
    ("customers without WeCom", {"tag": "wecom_flag", "value": False}),
    ("有按揭，或者代发养老金的", {"any": [MORTGAGE, {"tag": "pension_pay_flag", "value": True}]}),
    ("customers holding a CD", {"tag": "lcd_bal", "operator": ">", "value": 0}),
)

TURNED: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = (
    (("上海分行的代发客户", "代发客户换成按揭客户"), {"all": [SHANGHAI, MORTGAGE]}),
    (("payroll customers of Shanghai Branch", "use mortgage customers instead of payroll customers"), {"all": [SHANGHAI, MORTGAGE]}),
    (("mortgage customers with a credit card", "replace the credit card with a consumer loan"), {"all": [MORTGAGE, CONSUMER_LOAN]}),
    (("customers of Shanghai Branch", "swap Shanghai for Beijing"), BEIJING),
    (("mortgage customers", "who also have a credit card"), {"all": [MORTGAGE, CARD]}),
    (("mortgage customers", "without a credit card"), {"all": [MORTGAGE, NO_CARD]}),
    (("mortgage customers", "those aged 40 or under"), {"all": [MORTGAGE, {"tag": "age", "operator": "<=", "value": 40}]}),
    (("有按揭的客户", "代发客户除外"), {"all": [MORTGAGE, {"not": PAYROLL}]}),
    (("time deposits of at least 200k", "raise the bar to 500k"), {"tag": "dep_time_bal", "operator": ">=", "value": 500000}),
)

ASKED_TURNS = (
    ("有按揭的客户，没有信用卡", "信用卡换成消费贷"),
    ("mortgage customers without a credit card", "replace the credit card with a consumer loan"),
    ("customers of Shanghai Branch", "who have a mortgage at Beijing Branch"),
    ("有按揭的客户", "有信用卡的"),
    ("mortgage customers", "with a credit card"),
    ("mortgage customers", "no wealth products"),
)


@pytest.mark.parametrize(("text", "short"), READ)
def test_a_request_is_read(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(("turns", "short"), TURNED)
def test_a_turn_changes_the_rule(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = talk(*turns)
    assert asks(found) == []
    assert spells(found.rule, short)


@pytest.mark.parametrize("turns", ASKED_TURNS)
def test_what_may_mean_another_rule_is_asked(turns: tuple[str, ...]) -> None:
    assert asks(talk(*turns))


@pytest.mark.parametrize("turn", ["其中有信用卡的占多少", "他们里面有信用卡的占多少", "what share of them have a credit card"])
def test_a_share_of_the_segment_does_not_narrow_it(turn: str) -> None:
    found = talk("上海分行的客户", turn)
    assert asks(found) == []
    assert [(request.code, request.detail) for request in found.requests] == [("cc_flag", "share")]
    assert spells(found.rule, SHANGHAI)


def test_they_may_be_asked_about_by_a_pronoun() -> None:
    found = talk("上海分行的客户", "他们平均年龄是多少，男女各多少")
    assert asks(found) == []
    assert spells(found.rule, SHANGHAI)


def test_whom_someone_was_contacted_by_asks_for_no_comparison() -> None:
    found = read("customers who haven't been contacted by them in the last 60 days")
    assert found.requests == ()
    assert read_rule("customers who haven't been contacted by them in the last 60 days") == canonical(
        {"not": {"records": "rm_contact", "window": "rolling 60 day"}}
    )
