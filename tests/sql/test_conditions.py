"""Order of cost, one join a distinct set of keys, and which snapshot a tag is read at."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.errors import Fault
from assistant.rule.short import node_from_short
from assistant.rule.tree import Snapshot
from assistant.sql import compile as plans
from assistant.sql import nodes
from assistant.sql.conditions import KeyJoins, cost, snapshot_of
from assistant.sql.records import record_keys
from tests.sql.small_bank import AS_OF, MONTH_END, QUALIFIER, YEAR_END, rule

LOGIN = node_from_short({"records": "login"})
MANY = node_from_short({"records": "login", "operator": ">", "value": 3})


def test_cheapest_first() -> None:
    rank = node_from_short({"rank": "demand", "count": 1})
    tag = node_from_short({"tag": "age", "operator": ">", "value": 1})
    sequence = node_from_short({"first": {"records": "login"}, "then": {"records": "login"}, "within_days": 1})
    assert sorted([rank, sequence, MANY, LOGIN, tag], key=cost) == [tag, LOGIN, MANY, sequence, rank]
    assert cost(
        node_from_short({"any": [{"tag": "age", "operator": ">", "value": 1}, {"not": {"records": "login", "operator": ">", "value": 9}}]})
    ) == cost(MANY)


def test_the_same_keys_are_joined_once() -> None:
    joins, asked = KeyJoins(), rule({"all": []})
    customer = nodes.column("one_id", "b")
    first = [joins(record_keys(node, asked, QUALIFIER)[0], customer).sql() for node in (LOGIN, MANY, LOGIN)]  # type: ignore[arg-type]
    assert first == ["NOT k0.one_id IS NULL", "NOT k1.one_id IS NULL", "NOT k0.one_id IS NULL"]
    assert len(joins.joins) == 2


@pytest.mark.parametrize(
    ("unit", "offset", "as_of", "today", "expected"),
    [
        ("month", -1, AS_OF, date(2026, 9, 25), MONTH_END),
        ("quarter", -1, AS_OF, date(2026, 9, 25), YEAR_END),
        ("year", -1, AS_OF, date(2026, 9, 25), YEAR_END),
        ("month", -1, AS_OF, date(2026, 10, 1), AS_OF),
        ("month", -1, date(2026, 9, 1), date(2026, 11, 1), MONTH_END),
    ],
)
def test_the_snapshot_a_tag_is_read_at(unit: str, offset: int, as_of: date, today: date, expected: date) -> None:
    asked = rule({"all": []}, as_of=as_of, today=today)
    assert snapshot_of(asked, Snapshot(unit=unit, offset=offset)) == expected  # type: ignore[arg-type]
    assert snapshot_of(asked, None) == asked.snapshot


def test_no_snapshot_that_early() -> None:
    with pytest.raises(Fault, match="snapshot_missing"):
        snapshot_of(rule({"all": []}), Snapshot(unit="year", offset=-2))


def test_the_base_is_bounded_before_any_condition() -> None:
    text = plans.count(rule({"not": {"tag": "age", "operator": ">", "value": 1}}, scope=("31",)), QUALIFIER).tree.sql(dialect="duckdb")
    base, rest = text.split(") SELECT COUNT(*)")
    assert "c.snapshot_date = CAST('2026-09-24' AS DATE) AND c.home_org IN ('31')" in base
    assert "home_org" not in rest
