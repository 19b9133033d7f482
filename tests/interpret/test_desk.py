"""Trade speech of the desk: read where it has one meaning, and its neighbours, which have none or another, still asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import MORTGAGE, asked, canonical, read, read_rule

READ: list[tuple[str, Mapping[str, Any]]] = [
    # the total said by the time
    (
        "今年累计买理财超过50万的",
        {"records": "wealth_buy", "window": "calendar year", "aggregate": "sum", "of": "amt", "operator": ">", "value": 500000},
    ),
    ("今年累计登录超过100次的", {"records": "app_login", "window": "calendar year", "operator": ">", "value": 100}),
    # a product, then that it is lacked
    ("信用卡没办的按揭客户", {"all": [{"tag": "cc_flag", "value": False}, MORTGAGE]}),
    ("信用卡没渗透的按揭客户", {"all": [{"tag": "cc_flag", "value": False}, MORTGAGE]}),
    ("手机银行没签约的", {"tag": "app_reg_flag", "value": False}),
    # a length of time that is a property of the record
    (
        "近90天到店等候超过30分钟的",
        {"records": "branch_visit", "where": {"wait_min": {"operator": ">", "value": 30}}, "window": "rolling 90 day"},
    ),
    # what a customer was not, then
    ("年初不是代发客户的", {"tag": "payroll_flag", "snapshot": "year -1", "value": False}),
    # what is switched off
    ("近6个月关过推送的", {"records": "consent_change", "where": {"channel": ["push"], "to": ["off"]}, "window": "rolling 6 month"}),
    ("customers with only one product", {"concept": "single_prod"}),
    # everyone there is
    ("存量客户中有按揭的", MORTGAGE),
    ("existing customers with a mortgage", MORTGAGE),
]


@pytest.mark.parametrize(("text", "short"), READ)
def test_trade_speech_is_read(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


ASKED = [
    ("今年买理财超过50万的", "ambiguous_amount"),
    ("信用卡没开通手机银行的", "unread"),
    ("customers who logged in last month but are now", "unread"),
    ("customers with more than 50k in products", "unread"),
]


@pytest.mark.parametrize(("text", "code"), ASKED)
def test_what_lies_next_to_it_is_asked(text: str, code: str) -> None:
    assert code in asked(text)


@pytest.mark.parametrize("text", ["payroll customers but who have a mortgage", "payroll customers, and what are they like"])
def test_a_contrast_with_a_condition_or_a_request_is_not_left_open(text: str) -> None:
    assert asked(text) == []
    assert read(text).rule is not None
