"""English as bankers write it: forms of verbs, determiners, participles. Every sentence is written by hand with the rule it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.test_grammar import canonical, expected, read

FUND_ZONE = {"records": "zone_view", "where": {"zone": ["fund"]}, "window": "rolling 30 day"}
READ: list[tuple[str, Mapping[str, Any]]] = [
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
