"""What is said behind a behaviour of every record it counts; what stands there and may be said of the customer is not taken for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import MORTGAGE, asked, canonical, read, read_rule

LAST_30 = "rolling 30 day"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "customers who spent on their card abroad in the last 60 days",
            {"records": "cc_spend", "where": {"overseas": True}, "window": "rolling 60 day"},
        ),
        (
            "customers who bought wealth products at a branch or through a relationship manager in the last 30 days",
            {"records": "wealth_buy", "where": {"channel": ["branch", "rm"]}, "window": LAST_30},
        ),
        (
            "customers who bought wealth products in the last 30 days rated R3 or below",
            {"records": "wealth_buy", "where": {"risk": {"operator": "<=", "value": ["R3"]}}, "window": LAST_30},
        ),
        (
            "customers who logged in with an Android phone at least 5 times in the last 30 days",
            {"records": "app_login", "where": {"os": ["android"]}, "window": LAST_30, "operator": ">=", "value": 5},
        ),
        (
            "customers who made 2 or more transfers over 50k apiece in the last 30 days",
            {
                "records": "transfer_out", "where": {"amt": {"operator": ">", "value": 50000}}, "window": LAST_30,
                "operator": ">=", "value": 2,
            },
        ),
        (
            "customers with at least 3 transfers of 20k or more to other banks in the last 30 days",
            {
                "records": "transfer_out", "where": {"amt": {"operator": ">=", "value": 20000}, "bank": ["other"]}, "window": LAST_30,
                "operator": ">=", "value": 3,
            },
        ),
        (
            "customers who logged in on at least 10 days in the last 30 days",
            {"records": "app_login", "window": LAST_30, "aggregate": "days", "operator": ">=", "value": 10},
        ),
        ("customers who logged in within 10 days", {"records": "app_login", "window": "rolling 10 day"}),
        (
            "customers who received their salary in the last 30 days",
            {"records": "salary_credit", "where": {"kind": ["wage"]}, "window": LAST_30},
        ),
        (
            "customers visited by their relationship manager in the last 30 days",
            {"records": "rm_contact", "where": {"mode": ["visit"]}, "window": LAST_30},
        ),
        ("customers who logged in in the last 30 days with a mortgage", {"all": [{"records": "app_login", "window": LAST_30}, MORTGAGE]}),
    ],
)  # fmt: skip
def test_circumstances(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


def test_a_denial_takes_the_circumstance_in() -> None:
    rule = str(read_rule("customers who never used their credit card overseas"))
    assert "overseas" in rule
    assert "cc_first_use" not in rule


@pytest.mark.parametrize(
    "text",
    [
        "customers who bought wealth products through the app and at a branch in the last 30 days",
        "customers with at least 3 transfers of 20k or more in total in the last 30 days",
        "customers who redeemed funds at a loss in the last 30 days",
        "customers who logged in through a relationship manager in the last 30 days",
        "customers who spent on travel insurance in the last 30 days",
    ],
)
def test_what_the_records_do_not_say_stays_open(text: str) -> None:
    assert asked(text)


def test_a_place_may_be_said_of_the_customer() -> None:
    found = read("customers who visited a branch in Shanghai in the last 90 days")
    assert "ambiguous_word" in [question.code for question in found.questions]
