"""Values in front of the noun they share, and how far a word of having reaches. Every sentence is written by hand with the rule it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule

FUNDS = {"records": "fund_holding", "where": {"fund_type": ["equity", "bond"]}}
RISKY = {"records": "wealth_holding", "where": {"risk": {"operator": ">=", "value": ["R4"]}}}
MORTGAGE = {"tag": "mort_flag", "value": True}
NO_WEALTH = {"tag": "wealth_bal", "operator": "=", "value": 0}
READ: list[tuple[str, Mapping[str, Any]]] = [
    ("customers who hold equity or bond funds", FUNDS),
    ("持有股票型或债券型基金的客户", FUNDS),
    ("customers with R4 or above wealth products", RISKY),
    ("持有R4及以上理财的客户", RISKY),
    (
        "customers who bought R4 or above wealth products in the last 90 days",
        {"records": "wealth_buy", "where": {"risk": {"operator": ">=", "value": ["R4"]}}, "window": "rolling 90 day"},
    ),
    (
        "customers who viewed the loan or credit card zones at least 3 times in the last 30 days",
        {
            "records": "zone_view",
            "where": {"zone": ["loan", "credit_card"]},
            "window": "rolling 30 day",
            "operator": ">=",
            "value": 3,
        },
    ),
    ("customers with mortgages or equity funds", {"any": [MORTGAGE, {"records": "fund_holding", "where": {"fund_type": ["equity"]}}]}),
    ("clients with a mortgage of more than 1 million", {"tag": "mort_bal", "operator": ">", "value": 1000000}),
    (
        "customers with a first-home mortgage, a mortgage rate of at least 3.5% and mobile banking",
        {
            "all": [
                {"tag": "mort_first_home", "value": True},
                {"tag": "mort_rate", "operator": ">=", "value": 3.5},
                {"tag": "app_reg_flag", "value": True},
            ]
        },
    ),
    (
        "customers who held wealth products at the last month end and hold no wealth products now",
        {"all": [{"tag": "wealth_bal", "snapshot": "month -1", "operator": ">", "value": 0}, NO_WEALTH]},
    ),
    (
        "customers who were gold tier at the last year end and are platinum tier now",
        {"all": [{"tag": "cust_tier", "snapshot": "year -1", "value": ["T2"]}, {"tag": "cust_tier", "value": ["T3"]}]},
    ),
    (
        "customers with a relationship manager but not contacted in the last 90 days",
        {"all": [{"tag": "has_rm", "value": True}, {"not": {"records": "rm_contact", "window": "rolling 90 day"}}]},
    ),
    (
        "customers with no card rejection in the last six months",
        {"not": {"tag": "cc_reject_date", "within": "rolling 6 month"}},
    ),
    ("customers without payroll for 3 consecutive months", {"tag": "payroll_gap_m", "operator": ">=", "value": 3}),
    (
        "senior customers holding wealth products rated R4 or above",
        {"all": [{"concept": "elder"}, RISKY]},
    ),
    (
        "customers who bought wealth products through the app in the last 60 days",
        {"records": "wealth_buy", "where": {"channel": ["app"]}, "window": "rolling 60 day"},
    ),
    (
        "platinum customers who used their credit card overseas in the last 90 days",
        {
            "all": [
                {"tag": "cust_tier", "value": ["T3"]},
                {"records": "cc_spend", "where": {"overseas": True}, "window": "rolling 90 day"},
            ]
        },
    ),
    (
        "customers who used the loan calculator for a mortgage in the last 30 days",
        {"records": "loan_calc", "where": {"kind": ["mortgage"]}, "window": "rolling 30 day"},
    ),
    (
        "customers who visited a branch with a mortgage",
        {"all": [{"records": "branch_visit", "window": "rolling 90 day"}, MORTGAGE]},
    ),
    (
        "customers who bought both funds and insurance in the last 90 days",
        {"all": [{"records": "fund_buy", "window": "rolling 90 day"}, {"records": "ins_buy", "window": "rolling 90 day"}]},
    ),
    (
        "customers who logged in on fewer than 5 days in the last 30 days",
        {"records": "app_login", "window": "rolling 30 day", "aggregate": "days", "operator": "<", "value": 5},
    ),
    (
        "customers who logged in to the app 8 or more times in the last 30 days",
        {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 8},
    ),
    ("how many T4 and T5 customers are there", {"tag": "cust_tier", "value": ["T4", "T5"]}),
    ("customers who have never taken a risk test", {"concept": "risk_never"}),
    ("customers who haven't signed up for mobile banking yet", {"concept": "never_app"}),
    (
        "the 30 wealth tier customers with the lowest AUM",
        {"rank": "aum_bal", "direction": "bottom", "count": 30, "within": {"tag": "cust_tier", "value": ["T4"]}},
    ),
    (
        "of the top 1,000 customers by AUM, those with a mortgage",
        {"all": [{"rank": "aum_bal", "direction": "top", "count": 1000}, MORTGAGE]},
    ),
    (
        "customers except those with AUM below 10k and no mobile banking",
        {"not": {"all": [{"tag": "aum_bal", "operator": "<", "value": 10000}, {"tag": "app_reg_flag", "value": False}]}},
    ),
]
ASKED = [
    "customers holding R1 and R2 wealth products",  # each of them, or any
    "customers with gold or platinum credit cards",  # gold in an account, or a gold card
    "customers with over 50k in funds and wealth products",  # the number may be said of both
    "customers who redeemed wealth products and insurance",  # what was done to the insurance is not said
    "customers with deposits larger than funds and insurance",  # than one of them, or than the two together
    "customers who held wealth products",  # ever, or now
    "customers who contacted us in the last 30 days",  # not the bank that contacted them
    "customers who transferred money from a broker account",  # the payee is whom money goes to
    "customers with wealth products of R3 or above over 50k",  # in one product, or in all
    "customers who haven't bought insurance yet",  # never, or not within the default time
    "customers with a credit card over 50k",  # a limit, or what was spent
]


@pytest.mark.parametrize(("text", "short"), READ, ids=[text for text, _ in READ])
def test_shared_nouns_and_lists_of_things_had(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize("text", ASKED)
def test_what_could_be_another_rule_is_asked_about(text: str) -> None:
    assert asked(text)
