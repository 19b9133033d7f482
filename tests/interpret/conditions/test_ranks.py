"""So many of some customers by a number: ranked inside those the number stands before; a share in front of customers is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import MORTGAGE, PLATINUM, WOMEN, asked, canonical, read_rule

PAYROLL = {"tag": "payroll_flag", "value": True}
NO_CARD = {"tag": "cc_flag", "value": False}


def _rank(tag: str, direction: str, count: int, within: Mapping[str, Any] | None) -> dict[str, Any]:
    inside = {} if within is None else {"within": within}
    return {"rank": tag, "direction": direction, "count": count, **inside}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("the 40 platinum customers with the smallest demand balance", _rank("dep_demand_bal", "bottom", 40, PLATINUM)),
        ("top 25 payroll customers by wealth balance", _rank("wealth_bal", "top", 25, PAYROLL)),
        ("the 60 payroll customers with a mortgage who have the highest AUM", _rank("aum_bal", "top", 60, {"all": [PAYROLL, MORTGAGE]})),
        ("the 200 women with the largest mortgage balance", _rank("mort_bal", "top", 200, WOMEN)),
        ("the 10 customers with the lowest AUM in Ningbo Branch", _rank("aum_bal", "bottom", 10, {"tag": "home_org", "value": ["3302"]})),
        ("the 80 oldest payroll customers", _rank("age", "top", 80, PAYROLL)),
        ("the youngest 20 platinum customers", _rank("age", "bottom", 20, PLATINUM)),
        ("the 15 oldest customers", _rank("age", "top", 15, None)),
        ("of the top 300 by AUM, who has no credit card", {"all": [_rank("aum_bal", "top", 300, None), NO_CARD]}),
        (
            "the top 5% of payroll customers by AUM",
            {"rank": "aum_bal", "direction": "top", "percent": 5, "within": PAYROLL},
        ),
    ],
)
def test_ranked_inside(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "top 5% payroll customers by AUM",
        "the youngest 20 payroll customers with a mortgage",
        "the top 20 payroll customers by AUM who have logged in in the last 30 days",
        "top 50 payroll customers",
        "the 100 oldest accounts",
        "the 30 glorious customers with the lowest AUM",
        "100 platinum customers by branch",
    ],
)
def test_what_leaves_the_rank_open_is_asked_about(text: str) -> None:
    assert asked(text)


def test_what_is_ranked_inside_already_stays_so() -> None:
    rule = str(read_rule("the youngest 20 payroll customers with a mortgage"))
    assert "payroll_flag" in rule
    assert "mort_flag" in rule
