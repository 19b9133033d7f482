"""What only stresses a denial is no number and no object; where it could be one, it is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule

NO_POLICY = {"tag": "ins_policy_cnt", "operator": "=", "value": 0}
NO_WEALTH = {"tag": "wealth_bal", "operator": "=", "value": 0}
NO_FUND = {"tag": "fund_bal", "operator": "=", "value": 0}
NO_APP = {"tag": "app_reg_flag", "value": False}
CARD = {"tag": "cc_flag", "value": True}
NO_LOGIN = {
    "all": [
        {"tag": "app_reg_flag", "value": True},
        {"tag": "app_reg_date", "within": "ago 30 day"},
        {"not": {"records": "app_login", "window": "rolling 30 day"}},
    ]
}

RIGHT: list[tuple[str, Mapping[str, Any]]] = [
    ("保险一份没有的", NO_POLICY),
    ("一份保险没有的客户", NO_POLICY),
    ("一份保险都没有的客户", NO_POLICY),
    ("保单一张也没有", NO_POLICY),
    ("理财一分钱没有的", NO_WEALTH),
    ("手里一点基金都不剩的", NO_FUND),
    ("基金、理财啥都没有的客户", {"all": [NO_WEALTH, NO_FUND]}),
    ("理财基金都没有的", {"all": [NO_WEALTH, NO_FUND]}),
    ("理财、基金、保险一样都没有的客户", {"all": [NO_WEALTH, NO_FUND, NO_POLICY]}),
    ("近30天手机银行一次没登过的", NO_LOGIN),
    ("近30天一回都没登录过手机银行的", NO_LOGIN),
    ("连手机银行都没开的客户", NO_APP),
    ("手机银行压根没开的", NO_APP),
    ("有信用卡，手机银行却没开的", {"all": [CARD, NO_APP]}),
    ("有信用卡、手机银行也没开的", {"all": [CARD, NO_APP]}),
    ("定投一个没做的", {"tag": "fund_plan_cnt", "operator": "=", "value": 0}),
    ("信用卡激活是激活了", {"tag": "cc_activated", "value": True}),
    ("近三个月转账转了五次以上的", {"records": "transfer_out", "window": "rolling 3 month", "operator": ">=", "value": 5}),
]


@pytest.mark.parametrize(("text", "short"), RIGHT)
def test_stress_is_no_number(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "登录一次没转账的客户",  # one login
        "有信用卡一张没激活的",  # one of several cards
        "保单一张没有理财的",  # one policy
        "有一次没还款的",  # one time, of others
        "最近一次没还款的",
        "没有一张信用卡以外的",
        "定投没做过的",  # never is no state of today
        "近半年一天没登录的",  # a day, or not on any
    ],
)
def test_what_could_be_a_number_is_asked_about(text: str) -> None:
    assert asked(text)


def test_one_after_only_is_the_number() -> None:
    assert read_rule("只有一个产品没有理财的") == canonical({"all": [{"concept": "single_prod"}, NO_WEALTH]})


def test_what_no_single_record_exceeds_is_not_what_there_is_none_of() -> None:
    assert asked("近30天一笔没有超过5万的转账")
    assert asked("近30天一笔都没有超过5万的转账")
