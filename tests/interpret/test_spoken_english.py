"""How staff say it at the counter, in English: each class of wording is read right, and its near neighbour is not answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import MORTGAGE, asked, both, canonical, read, read_rule

NO_FUNDS = {"tag": "fund_bal", "operator": "=", "value": 0}
NO_INSURANCE = {"tag": "ins_policy_cnt", "operator": "=", "value": 0}
NO_TIME_DEPOSITS = {"tag": "dep_time_bal", "operator": "=", "value": 0}
NO_RM = {"tag": "has_rm", "value": False}
ON_PAYROLL = {"tag": "payroll_flag", "value": True}
SWIPED = {"records": "cc_spend", "window": "rolling 30 day"}
MOVED = {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1"}
SAW_WEALTH = {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"}


def money(tag: str, operator: str, value: int) -> Mapping[str, Any]:
    """A tag of money compared with an amount in yuan."""
    return {"tag": tag, "operator": operator, "value": value}


READ: list[tuple[str, Mapping[str, Any]]] = [
    ("more than 10 grand in AUM", money("aum_bal", ">", 10000)),
    ("less than a grand in AUM", money("aum_bal", "<", 1000)),
    ("a hundred grand or more in time deposits", money("dep_time_bal", ">=", 100000)),
    ("half a mil or more in deposits", money("dep_total_bal", ">=", 500000)),
    ("a cool million or more in total assets", money("aum_bal", ">=", 1000000)),
    ("three to five hundred grand in wealth products", {"tag": "wealth_bal", "range": [300000, 500000]}),
    ("at least 300 grand sitting in demand deposits", money("dep_demand_bal", ">=", 300000)),
    ("two product lines tops", money("prod_hold_cnt", "<=", 2)),
    ("payroll customers holding 3 or more products", both(ON_PAYROLL, money("prod_hold_cnt", ">=", 3))),
    ("customers holding exactly 2 products", money("prod_hold_cnt", "=", 2)),
    ("customers with a risk rating of balanced or above", {"tag": "risk_level", "operator": ">=", "value": "C3"}),
    ("a risk level of prudent or balanced", {"tag": "risk_level", "value": ["C2", "C3"]}),
    ("customers who opened in the last 30 days", {"tag": "open_date", "within": "rolling 30 day"}),
    ("customers who joined less than 90 days ago", {"tag": "open_date", "within": "rolling 90 day"}),
    ("one login at most in the last 30 days", {"records": "app_login", "window": "rolling 30 day", "operator": "<=", "value": 1}),
    ("C3 and better", {"tag": "risk_level", "operator": ">=", "value": "C3"}),
    ("C3 or over, not one fund to their name", both({"tag": "risk_level", "operator": ">=", "value": "C3"}, NO_FUNDS)),
    ("not a single insurance policy", NO_INSURANCE),
    ("not a penny in time deposits", NO_TIME_DEPOSITS),
    ("nothing in time deposits", NO_TIME_DEPOSITS),
    ("haven't got a cent in time deposits", NO_TIME_DEPOSITS),
    ("no insurance whatsoever", NO_INSURANCE),
    ("never ever done a risk test", {"concept": "risk_never"}),
    ("never actually taken the risk test", {"concept": "risk_never"}),
    ("never bothered to buy a fund", {"tag": "fund_first_buy", "operator": "is_absent"}),
    ("have yet to buy a fund", {"tag": "fund_first_buy", "operator": "is_absent"}),
    ("no RM has contacted in the past month", {"not": {"records": "rm_contact", "window": "rolling 1 month"}}),
    ("visited the wealth zone recently", SAW_WEALTH),
    ("visited the wealth zone lately, no insurance", both(SAW_WEALTH, NO_INSURANCE)),
    ("visited the wealth zone these days", SAW_WEALTH),
    ("so, Shanghai Branch mortgage holders", both({"tag": "home_org", "value": ["3100"]}, MORTGAGE)),
    ("gold, um, diamond", {"tag": "cust_tier", "value": ["T2", "T5"]}),
    ("hey, can you pull, like, mortgage holders", MORTGAGE),
    ("the boss wants mortgage holders with no insurance either", both(MORTGAGE, NO_INSURANCE)),
    ("mortgage holders with no RM yet", both(MORTGAGE, NO_RM)),
    ("have a mortgage, yet no insurance", both(MORTGAGE, NO_INSURANCE)),
    ("long-tail customers who are actually active in the app", both({"concept": "longtail"}, {"concept": "mobile_active"})),
    ("aren't really active on the app", {"concept": "mobile_active", "negated": True}),
    ("they've got funds alright, but no insurance", both(money("fund_bal", ">", 0), NO_INSURANCE)),
    ("15 grand a month or more on our payroll", both(ON_PAYROLL, money("payroll_amt_3m", ">=", 15000))),
    ("on our payroll making 8 to 20 grand a month", both(ON_PAYROLL, {"tag": "payroll_amt_3m", "range": [8000, 20000]})),
    ("salary of 15 grand a month or more", money("payroll_amt_3m", ">=", 15000)),
    ("mortgage holders at 3.6% or higher", both(MORTGAGE, {"tag": "mort_rate", "operator": ">=", "value": "3.6"})),
    ("still paying 4 percent or more on the mortgage", {"tag": "mort_rate", "operator": ">=", "value": 4}),
    ("half a mil or more left on the mortgage", money("mort_bal", ">=", 500000)),
    (
        "gold and above, 40 and up",
        both({"tag": "cust_tier", "operator": ">=", "value": "T2"}, {"tag": "age", "operator": ">=", "value": 40}),
    ),
    ("in their forties with no insurance", both({"tag": "age", "range": [40, 49]}, NO_INSURANCE)),
    ("women in their 40s", both({"tag": "gender", "value": ["F"]}, {"tag": "age", "range": [40, 49]})),
    ("35 or younger with no insurance", both({"tag": "age", "operator": "<=", "value": 35}, NO_INSURANCE)),
    ("around 200k in time deposits, give or take", {"tag": "dep_time_bal", "range": [180000, 220000]}),
    ("mortgage holders, and skip the staff", both(MORTGAGE, {"not": {"tag": "is_staff", "value": True}})),
    ("mortgage holders, not counting staff", both(MORTGAGE, {"not": {"tag": "is_staff", "value": True}})),
    ("push permission is off", {"tag": "consent_push", "value": False}),
    ("SMS consent given, no insurance", both({"tag": "consent_sms", "value": True}, NO_INSURANCE)),
    ("swiped 5k or more in one go in the last 30 days", {**SWIPED, "where": {"amt": {"operator": ">=", "value": 5000}}}),
    ("swiped more than 5k all told in the last 30 days", {**SWIPED, "aggregate": "sum", "of": "amt", "operator": ">", "value": 5000}),
    ("swiped more than 5k in the last 30 days, all told", {**SWIPED, "aggregate": "sum", "of": "amt", "operator": ">", "value": 5000}),
    ("platinum clients with no insurance", both({"tag": "cust_tier", "value": ["T3"]}, NO_INSURANCE)),
    ("one product line at least", money("prod_hold_cnt", ">=", 1)),
    (
        "merchants whose takings add up to at least 50k over the last 30 days",
        both(
            {"tag": "merchant_flag", "value": True},
            {"records": "merchant_day", "window": "rolling 30 day", "aggregate": "sum", "of": "amt", "operator": ">=", "value": 50000},
        ),
    ),
    ("down 50 grand or more in AUM since last month end", {**MOVED, "measure": "difference", "operator": "<=", "value": -50000}),
    ("AUM has at least halved since last month end", {**MOVED, "measure": "relative_change", "operator": "<=", "value": "-0.5"}),
    (
        "used the loan calculator recently but didn't go on to apply for a loan",
        {"first": {"records": "loan_calc", "window": "rolling 90 day"}, "then": {"records": "loan_apply"}, "negated": True},
    ),
    ("10 days or more past due and counting", {"tag": "overdue_days", "operator": ">=", "value": 10}),
    ("money maturing soon and nobody assigned as RM", both({"concept": "mature_soon"}, NO_RM)),
    ("poked around the wealth zone lately", SAW_WEALTH),
    ("they have to be callable", {"concept": "callable"}),
    ("at least 50k in demand deposits, no wait, make it at least 100k", money("dep_demand_bal", ">=", 100000)),
]


@pytest.mark.parametrize(("text", "short"), READ, ids=[text for text, _ in READ])
def test_read_right(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "a grand total of 5 million in AUM",  # a sum of theirs, or of all of them
        "not one but two mortgages",
        "not a single woman",  # unmarried, or nobody
        "a single woman with a mortgage",
        "made a bunch of transfers in the last 30 days",
        "customers who haven't bought insurance yet",  # never, or not within the default time
        "no credit card has been activated",
        "gold customers, actually platinum",  # the word for the tier is also one for a card
        "really active on the app",  # more than active
        "still with us since 2020",
        "15 grand a month or more, no insurance",  # of what, is not said
        "payroll customers at 3.6% or higher",
        "paying 50k or more",
        "payroll customers who log in 3 times a month",
        "50k in time deposits, give or take",
        "payroll folks whose payroll has stopped",  # who had it, or have it still
        "push permission isn't off",
        "at least one single transfer",
        "at least 3 single transfers",  # how many, or of 3 yuan each
        "they're not really into funds",  # without them, or with few
        "women in their late forties",
        "down to 50k in AUM since last month end",  # a level, no fall by so much
        "AUM fell to 50k since last month end",
        "got rejected",
        "got a mortgage this year",
        "mortgage holders so",
        "right mortgage",
    ],
)
def test_neighbours_are_asked_about(text: str) -> None:
    assert asked(text)


def test_a_number_without_its_name_and_a_softened_denial_are_stated() -> None:
    assert [one.code for one in read("mortgage holders at 3.6% or higher").assumptions] == ["tag_unsaid"]
    assert [one.code for one in read("gold and above, 40 and up").assumptions] == ["age_read"]
    assert "hedged_denial" in {one.code for one in read("aren't really active on the app").assumptions}


def test_recently_behind_is_stated_as_it_is_in_front() -> None:
    front, behind = read("recently visited the wealth zone"), read("visited the wealth zone recently")
    assert [one.code for one in front.assumptions] == [one.code for one in behind.assumptions]
