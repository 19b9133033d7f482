"""What no record satisfies is the complement of its opposite, and narrowing to candidates changes no answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlglot import exp

from assistant.rule.tree import RecordCondition, SequenceCondition
from assistant.sql import nodes
from assistant.sql.records import record_keys, sequence_keys
from tests.sql.small_bank import CATALOG, QUALIFIER, rule


def asked(**more: Any) -> RecordCondition:
    node = rule({"records": "login", "window": "rolling 30 day", **more}).expanded
    assert isinstance(node, RecordCondition)
    return node


@pytest.mark.parametrize(
    ("operator", "value", "positive", "grouped"),
    [
        (">=", 1, True, False), (">", 0, True, False), ("<", 1, False, False), ("=", 0, False, False), ("<=", 0, False, False), ("<>", 0, True, False),
        (">=", 2, True, True), ("<=", 2, False, True), ("=", 2, True, True), ("<>", 2, False, True), (">=", 0, False, True), (">=", "0.5", True, False),
    ],
)  # fmt: skip
def test_the_form_of_a_count(operator: str, value: object, positive: bool, grouped: bool) -> None:
    keys, held = record_keys(asked(operator=operator, value=value), rule({"all": []}), QUALIFIER)
    assert held is positive
    assert (keys.relation.find(exp.Group) is not None) is grouped
    if grouped and not positive:
        assert isinstance(keys.relation.args["having"].this, exp.Not)


def test_narrowing_restricts_only_what_is_aggregated() -> None:
    def narrow(customer: exp.Expr) -> exp.Expr:
        return nodes.one_of(customer, [nodes.number(1)])

    many, _ = record_keys(asked(operator=">", value=3), rule({"all": []}), QUALIFIER, narrow)
    some, _ = record_keys(asked(), rule({"all": []}), QUALIFIER, narrow)
    assert "e.one_id IN (1)" in many.relation.sql()
    assert "e.one_id IN (1)" not in some.relation.sql()


def test_keys_as_a_relation_and_as_a_test() -> None:
    keys, _ = record_keys(asked(), rule({"all": []}), QUALIFIER)
    assert keys.each_once().sql().endswith("GROUP BY e.one_id")
    held = keys.hold(nodes.column("one_id", "b")).sql()
    assert held.startswith("EXISTS(SELECT 1 FROM small_bank.main.record_login AS e WHERE e.one_id = b.one_id AND ")
    assert "GROUP" not in keys.relation.sql(), "the keys themselves are left as they were"


def test_a_sequence_reads_the_second_records_in_reach_only() -> None:
    node = rule({"first": {"records": "login", "window": "rolling 7 day"}, "then": {"records": "transfer"}, "within_days": 3}).expanded
    assert isinstance(node, SequenceCondition)
    text = sequence_keys(node, rule({"all": []}), QUALIFIER).relation.sql(dialect="duckdb")
    assert "t.day >= f.day AND DATE_DIFF('DAY', f.day, t.day) <= 3" in text
    assert "t.day >= CAST('2026-09-18' AS DATE) AND t.day <= CAST('2026-09-24' AS DATE)" in text


@pytest.mark.parametrize(
    ("timed", "order"),
    [(("login", "transfer"), "t.moment >= f.moment"), (("login",), "t.day >= f.day"), ((), "t.day >= f.day")],
)
def test_the_order_within_a_day_is_kept_where_both_sets_have_a_time(timed: tuple[str, ...], order: str) -> None:
    records = {code: one.model_copy(update={"time_column": "moment" if code in timed else None}) for code, one in CATALOG.records.items()}
    node = rule({"first": {"records": "login"}, "then": {"records": "transfer"}, "within_days": 3}).expanded
    assert isinstance(node, SequenceCondition)
    text = sequence_keys(node, rule({"all": []}, catalog=replace(CATALOG, records=records)), QUALIFIER).relation.sql(dialect="duckdb")
    assert order in text


@pytest.mark.parametrize(("window", "bounded"), [(None, True), ("..2026-08-31", True), ("ago 30 day", True), ("rolling 30 day", False)])
def test_a_window_without_a_beginning_begins_where_the_records_do(window: str | None, bounded: bool) -> None:
    node = rule({"records": "login", **({} if window is None else {"window": window})}).expanded
    assert isinstance(node, RecordCondition)
    keys, _ = record_keys(node, rule({"all": []}), QUALIFIER)
    assert ("e.day >= CAST('2025-06-26' AS DATE)" in keys.relation.sql(dialect="duckdb")) == bounded
