"""English as bankers write it: forms of verbs, determiners, participles. Every sentence is written by hand with the rule it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.test_grammar import canonical, expected, read

FUND_ZONE = {"records": "zone_view", "where": {"zone": ["fund"]}, "window": "rolling 30 day"}
AGED = {"tag": "age", "operator": ">", "value": 60}
WAGES = {"records": "salary_credit", "where": {"kind": ["wage"]}, "window": "rolling 60 day"}
OTHER_BANKS = {"records": "transfer_out", "where": {"bank": ["other"]}}
READ: list[tuple[str, Mapping[str, Any]]] = [
    ("customers whose risk assessment has expired", {"concept": "risk_valid", "negated": True}),
    ("customers with expiring risk assessments", {"concept": "risk_expiring"}),
    ("customers whose birthday falls in the next 7 days", {"tag": "birth_mmdd", "within": "future 7 day"}),
    ("customers keeping more than 100k in their current accounts", {"tag": "dep_demand_bal", "operator": ">", "value": 100000}),
    (
        "customers who made more than 3 transfers in the last 30 days",
        {"records": "transfer_out", "window": "rolling 30 day", "operator": ">", "value": 3},
    ),
    (
        "customers who received wages in the last 60 days and transferred money to other banks within 3 days afterwards",
        {"first": WAGES, "then": OTHER_BANKS, "within_days": 3},
    ),
    (
        "platinum tier customers who received wages in the last 60 days and who did not log in within 14 days of that",
        {
            "all": [
                {"tag": "cust_tier", "value": ["T3"]},
                {"first": WAGES, "then": {"records": "app_login"}, "within_days": 14, "negated": True},
            ]
        },
    ),
    (
        "customers who visited the fund zone in the last 30 days and bought funds on the same day",
        {"first": FUND_ZONE, "then": {"records": "fund_buy"}, "within_days": 0},
    ),
    (
        "customers who transferred a total of at least 200,000 to other banks in the last 30 days",
        {**OTHER_BANKS, "window": "rolling 30 day", "aggregate": "sum", "of": "amt", "operator": ">=", "value": 200000},
    ),
    ("customers over 60", AGED),
    ("customers who are over 60 and have a mortgage", {"all": [AGED, {"tag": "mort_flag", "value": True}]}),
    ("customers with a mortgage who are over 60", {"all": [{"tag": "mort_flag", "value": True}, AGED]}),
    (
        "payroll customers with deposits who are not over 40",
        {
            "all": [
                {"tag": "payroll_flag", "value": True},
                {"tag": "dep_total_bal", "operator": ">", "value": 0},
                {"tag": "age", "operator": "<=", "value": 40},
            ]
        },
    ),
    (
        "customers with an AUM over 50k who are over 60",
        {"all": [{"tag": "aum_bal", "operator": ">", "value": 50000}, AGED]},
    ),
    ("customers with a mortgage and over 60", {"all": [{"tag": "mort_flag", "value": True}, AGED]}),
    ("customers who have a mortgage and are over 60", {"all": [{"tag": "mort_flag", "value": True}, AGED]}),
    ("customers with a credit card who are women", {"all": [{"tag": "cc_flag", "value": True}, {"tag": "gender", "value": ["F"]}]}),
    ("customers with a mortgage that is over 500k", {"tag": "mort_bal", "operator": ">", "value": 500000}),
    ("people either under 30 or over 60", {"any": [{"tag": "age", "operator": "<", "value": 30}, AGED]}),
    ("all customers except those under 18", {"not": {"tag": "age", "operator": "<", "value": 18}}),
    (
        "women over 40 with AUM above 200k",
        {
            "all": [
                {"tag": "gender", "value": ["F"]},
                {"tag": "age", "operator": ">", "value": 40},
                {"tag": "aum_bal", "operator": ">", "value": 200000},
            ]
        },
    ),
    ("customers over 60 days overdue", {"tag": "overdue_days", "operator": ">", "value": 60}),
    (
        "customers with a credit card but not a mortgage",
        {"all": [{"tag": "cc_flag", "value": True}, {"tag": "mort_flag", "value": False}]},
    ),
    ("customers who bought funds for the first time in the last 30 days", {"tag": "fund_first_buy", "within": "rolling 30 day"}),
    ("customers who first bought wealth products this year", {"tag": "wealth_first_buy", "within": "calendar year"}),
    (
        "customers holding more demand deposits than time deposits",
        {"left": "dep_demand_bal", "right": "dep_time_bal", "operator": ">", "value": 0},
    ),
    (
        "customers with at least 50k more in deposits than in funds",
        {"left": "dep_total_bal", "right": "fund_bal", "operator": ">=", "value": 50000},
    ),
    (
        "customers whose AUM is at least 50k more than their deposits",
        {"left": "aum_bal", "right": "dep_total_bal", "operator": ">=", "value": 50000},
    ),
    (
        "customers whose AUM is higher than it was at the last month end",
        {"left": "aum_bal", "right": "aum_bal", "right_snapshot": {"unit": "month"}, "operator": ">", "value": 0},
    ),
    (
        "customers who logged in and then transferred money out within 3 days in the last 60 days",
        {"first": {"records": "app_login", "window": "rolling 60 day"}, "then": {"records": "transfer_out"}, "within_days": 3},
    ),
    (
        "gold tier customers who are not bank staff and have a mortgage",
        {"all": [{"tag": "cust_tier", "value": ["T2"]}, {"tag": "is_staff", "value": False}, {"tag": "mort_flag", "value": True}]},
    ),
    (
        "customers who bought funds within 7 days of viewing the fund zone",
        {"first": FUND_ZONE, "then": {"records": "fund_buy"}, "within_days": 7},
    ),
    (
        "customers who were contacted by their relationship manager in the last 30 days",
        {"records": "rm_contact", "window": "rolling 30 day"},
    ),
    ("customers who redeemed some of their funds in the last 60 days", {"records": "fund_redeem", "window": "rolling 60 day"}),
]


@pytest.mark.parametrize(("text", "short"), READ)
def test_read(text: str, short: Mapping[str, Any]) -> None:
    assert canonical(read(text).rule) == expected(short)
    assert not read(text).issues


@pytest.mark.parametrize(
    "text",
    [
        "customers over 60 in deposits",
        "customers with maturing funds",
        "customers earning more than 15k",
        "customers who logged in in the last 30 days and bought funds or wealth products within 7 days afterwards",
        "customers who logged in in the last 30 days and then bought funds or insurance within 7 days",
        "customers who logged in more than 3 times in the last 30 days and bought funds within 7 days afterwards",
        "customers with AUM of at least 500k, over 60",
        "women between 30k and 45k",
        "customers who bought funds and wealth products for the first time this year",
        "customers who bought insurance for the first time this year",
        "customers who bought more funds than insurance",
    ],
)
def test_asked(text: str) -> None:
    found = read(text)
    assert found.issues or any(question.ask for question in found.questions)
