"""The parts of a change as rules of today; what then cannot be said of is not said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.insight.parts import segments
from assistant.rule.tree import AllOf, walk
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
