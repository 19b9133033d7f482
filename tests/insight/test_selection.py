"""Customers picked by a date, or by a change, among the days compared cannot be compared over these days; those picked otherwise can."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from assistant.insight import monitor
from assistant.rule.tree import AllOf, AnyNode, Not, Snapshot, TagComparison, TagCondition
from assistant.rule.window import Absolute, Rolling, TimeWindow
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import validated
from tests.narrate.catalog import AS_OF, CATALOG

MONTHS = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), AS_OF)
LONG_AGO = AS_OF - timedelta(days=monitor.LONGEST + monitor.BEFORE_DAYS)
LAST_MONTH, HALF_YEAR = Snapshot(unit="month", offset=-1), Snapshot(unit="month", offset=-3)


def opened(window: TimeWindow) -> TagCondition:
    return TagCondition(tag="open_date", operator="within", value=window)


def grown(left: Snapshot | None, right: Snapshot | None) -> TagComparison:
    return TagComparison(left="aum_bal", right="aum_bal", left_snapshot=left, right_snapshot=right, operator=">=", value=Decimal(100000))


def rich(snapshot: Snapshot | None, operator: str = ">=") -> TagCondition:
    return TagCondition.model_validate({"tag": "aum_bal", "snapshot": snapshot, "operator": operator, "value": Decimal(500000)})


def rule(node: AnyNode) -> ValidatedRule:
    return replace(validated(node), snapshots=MONTHS)


@pytest.mark.parametrize(
    "node",
    [
        opened(Rolling(unit="day", n=30)),
        opened(Rolling(unit="year", n=1)),
        opened(Absolute(start=LONG_AGO - timedelta(days=40), end=LONG_AGO + timedelta(days=1))),
        Not(child=opened(Absolute(end=AS_OF - timedelta(days=60)))),
        grown(None, LAST_MONTH),
        grown(LAST_MONTH, HALF_YEAR),
    ],
)
def test_a_date_or_a_change_among_the_days_compared(node: AnyNode) -> None:
    found = monitor.incomparable(rule(AllOf(children=(rich(None), node))))
    assert found == (node.child if isinstance(node, Not) else node,)


@pytest.mark.parametrize(
    "node",
    [
        opened(Absolute(end=AS_OF)),
        opened(Absolute(start=LONG_AGO - timedelta(days=40), end=LONG_AGO - timedelta(days=2))),
        opened(Absolute(start=CATALOG.header.history_from, end=AS_OF)),
        Not(child=opened(Rolling(unit="day", n=30))),
        grown(HALF_YEAR, Snapshot(unit="year", offset=-1)),
        rich(LAST_MONTH),
        AllOf(children=(rich(LAST_MONTH), rich(None))),
        AllOf(),
    ],
)
def test_days_that_are_comparable(node: AnyNode) -> None:
    assert monitor.incomparable(rule(node)) == ()


def test_rich_now_and_not_then_is_a_change() -> None:
    parts = rich(LAST_MONTH, "<"), rich(None)
    assert monitor.incomparable(rule(AllOf(children=parts))) == parts
    parts_of_not = Not(child=rich(LAST_MONTH)), rich(None)
    assert monitor.incomparable(rule(AllOf(children=parts_of_not))) == (rich(LAST_MONTH), rich(None))


def test_days_asked_about_before_a_date_are_comparable() -> None:
    found = rule(opened(Absolute(start=AS_OF - timedelta(days=9), end=AS_OF)))
    assert monitor.incomparable(found)
    assert monitor.incomparable(found, monitor.Asked(until=AS_OF - timedelta(days=20))) == ()
