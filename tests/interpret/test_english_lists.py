"""English lists and shares: both of two things done, branches behind their names, a part of a whole, and words that frontline staff shorten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule

LAST_90 = "rolling 90 day"
LAST_30 = "rolling 30 day"


def _ratio(left: str, right: str, operator: str, value: float) -> dict[str, Any]:
    return {"left": left, "right": right, "measure": "ratio", "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "customers who redeemed both funds and wealth products in the last 90 days",
            {"all": [{"records": "fund_redeem", "window": LAST_90}, {"records": "wealth_redeem", "window": LAST_90}]},
        ),
        (
            "customers who visited both the loan page and the credit card page in the last 30 days",
            {
                "all": [
                    {"records": "zone_view", "where": {"zone": ["loan"]}, "window": LAST_30},
                    {"records": "zone_view", "where": {"zone": ["credit_card"]}, "window": LAST_30},
                ]
            },
        ),
        ("customers of the Beijing, Shanghai and Nanjing branches", {"tag": "home_org", "value": ["1100", "3100", "3200"]}),
        ("customers with demand deposits 2 or more times their time deposits", _ratio("dep_demand_bal", "dep_time_bal", ">=", 2)),
        ("customers with over half of their AUM in wealth products", _ratio("wealth_bal", "aum_bal", ">", 0.5)),
        ("customers with 30% or more of their deposits in demand deposits", _ratio("dep_demand_bal", "dep_total_bal", ">=", 0.3)),
        ("customers whose AUM has risen above 120% of their three-month average AUM", _ratio("aum_bal", "aum_avg_3m", ">", 1.2)),
        (
            "customers who've logged in 6 or more times in the last 30 days",
            {"records": "app_login", "window": LAST_30, "operator": ">=", "value": 6},
        ),
        (
            "customers who paid a gas or phone bill in the last 30 days",
            {"records": "util_pay", "where": {"kind": ["gas", "phone"]}, "window": LAST_30},
        ),
        ("prudent customers on WeCom", {"all": [{"tag": "risk_level", "value": ["C2"]}, {"tag": "wecom_flag", "value": True}]}),
        (
            "customers contacted on WeCom in the last 30 days",
            {"records": "rm_contact", "where": {"mode": ["wecom"]}, "window": LAST_30},
        ),
        ("customers whose preferred channel is WeCom", {"tag": "reach_pref", "value": ["wecom"]}),
    ],
)
def test_read(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "customers whose AUM has fallen more than 30% of their three-month average AUM",
        "customers with half of their deposits in time deposits",
        "customers who bought both funds and gadgets in the last 30 days",
        "customers with credit cards issued but not activated",
        "payroll customers by employer",
    ],
)
def test_what_stays_open_is_asked_about(text: str) -> None:
    assert asked(text)
