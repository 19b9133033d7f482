"""How it is typed at the counter, in Chinese: verbs, amounts and denials as they come. Each class is read right, and its neighbours are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.interpret.interpretation import Request
from tests.interpret.reading import asked, canonical, read, read_rule

HELD = {"operator": ">", "value": 0}
SPEND = {"records": "cc_spend", "window": "rolling 90 day"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("签了手机银行的", {"tag": "app_reg_flag", "value": True}),
        ("还没开通手机银行的", {"tag": "app_reg_flag", "value": False}),
        ("买着理财的", {"tag": "wealth_bal", **HELD}),
        ("近90天在境外刷过卡的", {**SPEND, "where": {"overseas": True}}),
        ("近90天信用卡刷了合计3万以上的", {**SPEND, "aggregate": "sum", "of": "amt", "operator": ">=", "value": 30000}),
        ("近90天有3笔以上单笔1万以上刷卡消费的", {**SPEND, "where": {"amt": {"operator": ">=", "value": 10000}}, "operator": ">=", "value": 3}),
        (
            "近90天到店平均排队时长超过30分钟的",
            {"records": "branch_visit", "window": "rolling 90 day", "aggregate": "avg", "of": "wait_min", "operator": ">", "value": 30},
        ),
        (
            "年底前有单笔50万以上定期到期的",
            {"records": "deposit_holding", "where": {"amt": {"operator": ">=", "value": 500000}, "maturity_date": {"within": "rest_of year"}}},
        ),
        ("近30天客户经理没联系过的", {"not": {"records": "rm_contact", "window": "rolling 30 day"}}),
        (
            "基金、保险、理财三样都有的",
            {"all": [{"tag": "fund_bal", **HELD}, {"tag": "ins_policy_cnt", **HELD}, {"tag": "wealth_bal", **HELD}]},
        ),
        ("上海、杭州、宁波三家分行的客户", {"tag": "home_org", "value": ["3100", "3300", "3302"]}),
        ("客户等级从金卡到财富的客户", {"tag": "cust_tier", "value": ["T2", "T3", "T4"]}),
        ("风险等级平衡型及以上的客户", {"tag": "risk_level", "operator": ">=", "value": ["C3"]}),
        ("闲置资金20万以上的", {"concept": "idle_money", "parameters": {"amount": 200000}}),
        ("活期不到AUM十分之一的", {"left": "dep_demand_bal", "right": "aum_bal", "measure": "ratio", "operator": "<", "value": 0.1}),
        (
            "存款余额低于上月末的代发客户",
            {
                "all": [
                    {
                        "left": "dep_total_bal",
                        "right": "dep_total_bal",
                        "right_snapshot": "month -1",
                        "measure": "difference",
                        "operator": "<",
                        "value": 0,
                    },
                    {"tag": "payroll_flag", "value": True},
                ]
            },
        ),
        (
            "近30天看过理财没买的白金客户",
            {
                "all": [
                    {
                        "first": {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"},
                        "then": {"records": "wealth_buy"},
                        "negated": True,
                    },
                    {"tag": "cust_tier", "value": ["T3"]},
                ]
            },
        ),
        ("近90天境外消费合计1万以上的", {**SPEND, "where": {"overseas": True}, "aggregate": "sum", "of": "amt", "operator": ">=", "value": 10000}),
        ("信用卡近90天消费合计1万以上的", {**SPEND, "aggregate": "sum", "of": "amt", "operator": ">=", "value": 10000}),
        ("绑了3个以上快捷支付的", {"tag": "quickpay_bind_cnt", "operator": ">=", "value": 3}),
        ("流失概率80分以上的", {"tag": "churn_score", "operator": ">=", "value": 80}),
        ("较年初净增为负的", {"tag": "aum_chg_ytd", "operator": "<", "value": 0}),
        ("高活跃长尾客户", {"tag": "grid16_cell", "value": ["M4A1"]}),
        ("风评快到期的客户", {"concept": "risk_expiring"}),
        ("没有信用卡、按揭的客户", {"all": [{"tag": "cc_flag", "value": False}, {"tag": "mort_flag", "value": False}]}),
    ],
)  # fmt: skip
def test_read_right(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "3次以上登录,转账的客户",  # the number may be said of both
        "排除女性,上海分行的客户",  # women only, or Shanghai too
        "没有信用卡,按揭的客户",  # no mortgage either, or with one
        "年龄30岁以上且10万以下的客户",  # an age of 100,000
        "上海、杭州三家分行的客户",  # three, but two are named
        "基金、保险三样都有的",
        "闲置资金超过20万的",  # the concept is said with "at least"
        "活期10万以上不到1万的",
        "近90天到店平均超过30分钟的",
        "客户等级从金卡到C3的客户",
        "近90天境外消费1万以上的",  # in all, or one purchase
        "境外客户",
        "上个月转出去20万以上的",
        "绑了3次以上快捷支付的",
    ],
)
def test_neighbours_are_asked_about(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        (
            "成都分行存款一共多少，户均多少",
            {Request("metric", "dep_total_bal", detail="sum"), Request("metric", "dep_total_bal", detail="average")},
        ),
        ("有存款的一共多少", {Request("count")}),  # of whom, not of what
        ("数一下武汉分行有多少按揭客户", {Request("count")}),
        ("北京分行各支行的白金客户数", {Request("breakdown", "home_org", "3"), Request("count")}),
    ],
)
def test_requests(text: str, requests: set[Request]) -> None:
    assert asked(text) == []
    assert set(read(text).requests) == requests


def test_what_is_taken_for_granted_is_shown() -> None:
    """没买基金 may be said of now: that it is read as never is an assumption, and so is a rise with no word of comparing."""
    assert "never_read" in [assumption.code for assumption in read("浏览过理财但没买基金的客户").assumptions]
    assert "never_read" not in [assumption.code for assumption in read("没买过基金的客户").assumptions]
    assert asked("资产比年初涨了20%的") == []
    assert "moved_at_least" in [assumption.code for assumption in read("资产比年初涨了20%的").assumptions]
    assert asked("活期20万的")
