"""The parts of a change as rules of today; what then cannot be said of is not said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.insight.parts import segments
from assistant.rule.tree import AllOf, TagCondition, walk
from assistant.sql import compile as plans
from assistant.sql.guard import guard
from tests.sql.conftest import small_engine as small_engine
from tests.sql.small_bank import CATALOG, QUALIFIER, rule
from tests.sql.test_two_dates import at

LOGIN = {"records": "login", "window": "rolling 30 day"}
MUCH = {"tag": "demand", "operator": ">=", "value": 60000}


def customers(engine: DuckDBEngine, short: Mapping[str, Any], scope: tuple[str, ...] = ()) -> dict[str, set[int]]:
    """The members of every part that can be said."""
    found = {}
    for name, node in segments(*at(short, scope)).items():
        table = engine.execute(guard(plans.members(rule(node, scope), QUALIFIER), CATALOG, engine.dialect, QUALIFIER))
        found[name] = {int(str(one)) for one in table.column("one_id")}
    return found


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        (MUCH, {"entered": set(), "stayed": {5}, "left": {1}, "joined": {6}, "came": {6}}),
        (LOGIN, {"entered": {1, 5}, "stayed": {4}, "left": set(), "joined": {2}, "came": {1, 2, 5}}),
        ({"any": [MUCH, LOGIN]}, {"entered": set(), "stayed": {1, 4, 5}, "left": set(), "joined": {2, 6}, "came": {2, 6}}),
        ({"tag": "opened", "within": "rolling 30 day"}, {"entered": set(), "stayed": {5}, "left": set(), "joined": {2, 3}, "came": {2, 3}}),
    ],
)
def test_members(small_engine: DuckDBEngine, short: Mapping[str, Any], expected: Mapping[str, set[int]]) -> None:
    assert customers(small_engine, short) == expected


def test_a_scope_is_that_of_then(small_engine: DuckDBEngine) -> None:
    assert customers(small_engine, {"all": []}, ("44",)) == {"entered": set(), "stayed": {4}, "left": set(), "joined": {3}, "came": {3}}


@pytest.mark.parametrize(
    "short",
    [
        {"records": "holding"},
        {"rank": "demand", "count": 2, "within": {"all": []}},
        {"first": LOGIN, "then": {"records": "transfer"}, "within_days": 3},
    ],
)
def test_what_no_rule_says_of_then(short: Mapping[str, Any]) -> None:
    assert segments(*at(short)) == {}
    assert segments(*at({"all": [MUCH, {"not": short}]})) == {}


def test_nothing_is_relative_any_more() -> None:
    """The rule of then stays what it was when the data go on: its windows are days."""
    for _, node in walk(segments(*at(LOGIN))["left"].children[1]):
        if node != AllOf():
            assert '"rolling"' not in node.model_dump_json()


def test_of_customers_of_today_it_is_no_condition_to_be_in_the_base_today() -> None:
    """On a day between two snapshots those of the later one are looked at, who are in today's base: only whether they were customers by then is said."""
    then, now = at(LOGIN)
    between = replace(then, base_snapshot=now.snapshot)
    assert between.people == now.people != then.snapshot
    of_base = {part.tag for _, part in walk(CATALOG.base_rule) if isinstance(part, TagCondition)}
    assert of_base
    for node in segments(between, now).values():
        assert of_base.isdisjoint(part.tag for _, part in walk(node) if isinstance(part, TagCondition) and part.snapshot is None)
