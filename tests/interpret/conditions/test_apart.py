"""Verb and object apart, and the object first: read as the two together, or left unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.test_grammar import after, canonical, expected

HELD = {"operator": ">", "value": 0}
LACKED = {"operator": "=", "value": 0}
SIGNED_UP = ({"tag": "app_reg_flag", "value": True}, {"tag": "app_reg_date", "within": "ago 30 day"})
PAID_ONCE = {"not": {"tag": "payroll_gap_m", "operator": "is_absent"}}
READ: list[tuple[str, Mapping[str, Any]]] = [
    ("过去一年买过三次以上基金", {"records": "fund_buy", "window": "rolling 1 year", "operator": ">=", "value": 3}),
    ("基金近一年买过3次以上的客户", {"records": "fund_buy", "window": "rolling 1 year", "operator": ">=", "value": 3}),
    ("持有两只以上基金的", {"records": "fund_holding", "operator": ">=", "value": 2}),
    ("customers who hold at least two funds", {"records": "fund_holding", "operator": ">=", "value": 2}),
    ("customers with more than one credit card", {"records": "credit_card", "operator": ">", "value": 1}),
    ("持有5万以上基金的", {"tag": "fund_bal", "operator": ">=", "value": 50000}),
    ("持有基金的客户", {"tag": "fund_bal", **HELD}),
    ("理财没买过的客户", {"tag": "wealth_first_buy", "operator": "is_absent"}),
    (
        "近30天理财专区没看过的客户",
        {"all": [*SIGNED_UP, {"not": {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"}}]},
    ),
    (
        "这个月工资没到账的客户",
        {"all": [PAID_ONCE, {"not": {"records": "salary_credit", "where": {"kind": ["wage"]}, "window": "calendar month"}}]},
    ),
    ("理财和基金都没有的客户", {"all": [{"tag": "wealth_bal", **LACKED}, {"tag": "fund_bal", **LACKED}]}),
    ("定期没有，活期10万以上", {"all": [{"tag": "dep_time_bal", **LACKED}, {"tag": "dep_demand_bal", "operator": ">=", "value": 100000}]}),
    ("信用卡一张都没激活的客户", {"concept": "cc_inactive"}),
    ("信用卡压根没激活的客户", {"concept": "cc_inactive"}),
    ("快捷一个都没绑的客户", {"tag": "quickpay_bind_cnt", "operator": "=", "value": 0}),
    ("工资倒是在咱们行发的", {"tag": "payroll_flag", "value": True}),
    ("工资不在我们这儿发的", {"tag": "payroll_flag", "value": False}),
    ("按揭也在我们这儿的客户", {"tag": "mort_flag", "value": True}),
    ("风评都过期了的客户", {"concept": "risk_valid", "negated": True}),
    ("风评从来没做过的客户", {"concept": "risk_never"}),
    ("风评下周到期的客户", {"tag": "risk_expire", "within": "calendar week 1"}),
    ("近一年办卡也没被拒过的客户", {"not": {"tag": "cc_reject_date", "within": "rolling 1 year"}}),
    (
        "近半年网点没来过的客户",
        {"all": [{"tag": "open_date", "within": "ago 1 half_year"}, {"not": {"records": "branch_visit", "window": "rolling 1 half_year"}}]},
    ),
    (
        "信用卡额度一万往上、近30天没刷的",
        {
            "all": [
                {"tag": "cc_limit", "operator": ">=", "value": 10000},
                {"tag": "cc_open_date", "within": "ago 30 day"},
                {"not": {"records": "cc_spend", "window": "rolling 30 day"}},
            ]
        },
    ),
    (
        "上海分行的，员工和谢绝营销的都刨掉",
        {
            "all": [
                {"tag": "home_org", "value": ["3100"]},
                {"not": {"any": [{"tag": "is_staff", "value": True}, {"tag": "do_not_market", "value": True}]}},
            ]
        },
    ),
    (
        "活期5万以上，有管户的就不看了",
        {"all": [{"tag": "dep_demand_bal", "operator": ">=", "value": 50000}, {"not": {"tag": "has_rm", "value": True}}]},
    ),
    ("有理财没有基金的客户", {"all": [{"tag": "wealth_bal", **HELD}, {"tag": "fund_bal", **LACKED}]}),
    ("至少持有理财和基金中的一种", {"any": [{"tag": "wealth_bal", **HELD}, {"tag": "fund_bal", **HELD}]}),
    ("customers with at least one of wealth products and funds", {"any": [{"tag": "wealth_bal", **HELD}, {"tag": "fund_bal", **HELD}]}),
    (
        "customers who transferred in the last 30 days more than 50k in total",
        {"records": "transfer_out", "aggregate": "sum", "of": "amt", "window": "rolling 30 day", "operator": ">", "value": 50000},
    ),
]


@pytest.mark.parametrize(("text", "short"), READ)
def test_words_apart_are_read_together(text: str, short: Mapping[str, Any]) -> None:
    found = after(text)
    assert [issue.code for issue in found.issues] == []
    assert not [question for question in found.questions if question.ask]
    assert canonical(found.rule) == expected(short)


@pytest.mark.parametrize("text", ["定期没有大于5万的客户", "理财没有到期的客户", "买过三次以上房子的客户", "持有两只以上猫的客户"])
def test_what_does_not_belong_together_stays_unread(text: str) -> None:
    assert any(entry.kind == "unread" for entry in after(text).ledger)


@pytest.mark.parametrize("text", ["每个分行AUM最高的10个客户", "各支行AUM前10名的客户", "top 10 customers by AUM in each branch"])
def test_a_rank_inside_every_group_is_not_ranked_over_all(text: str) -> None:
    found = after(text)
    refused = "rank_by" in {request.kind for request in found.requests}
    assert refused or any(entry.kind == "unread" for entry in found.ledger)


@pytest.mark.parametrize("text", ["信用卡没绑的客户", "手机银行没绑的客户", "降级过的客户"])
def test_a_verb_that_is_not_of_the_product_says_nothing_of_having_it(text: str) -> None:
    found = after(text)
    assert found.issues or [question for question in found.questions if question.ask]
