"""The bounds of a count: by hand, and over random customers whose missing values are filled in every way that comes up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engines.duckdb import DuckDBEngine
from assistant.insight.count import whole
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, RankCondition
from assistant.sql import compile as plans
from assistant.sql.bounds import bounds, has_bounds
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from tests.sql.small_bank import CATALOG, QUALIFIER, TAGS, rule, write
from tests.sql.test_compile import CASES
from tests.sql.test_plans_agree import random_bank

FILLED = 4
WAYS: Mapping[str, tuple[Any, ...]] = {
    "age": (18, 30, 45, 60, 70), "gender": ("F", "M"), "tier": ("T1", "T2", "T3"), "credit_wan": (0, 4, 5, 9), "consent": (True, False), "birthday": ("01-01", "09-25", "12-31"),
}  # fmt: skip
"""What a missing value may be, by the columns where one is missing rather than none."""


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER))


def bounds_of(engine: DuckDBEngine, node: AnyNode | Mapping[str, Any], scope: tuple[str, ...] = ()) -> tuple[int, int]:
    table = run(engine, bounds(rule(node, scope), QUALIFIER))
    assert table.columns == ("surely", "possibly")
    return whole(table.rows[0][0]), whole(table.rows[0][1])


def count_of(engine: DuckDBEngine, node: AnyNode | Mapping[str, Any], scope: tuple[str, ...] = ()) -> int:
    return whole(run(engine, plans.count(rule(node, scope), QUALIFIER)).scalar())


F = {"tag": "gender", "value": ["F"]}
OLD = {"tag": "age", "operator": ">=", "value": 60}


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        (F, (2, 3)),  # 1 and 4; of 3 it is not known
        ({"not": F}, (3, 4)),  # 2, 5, 6; and 3, whom a count of those who are not leaves in
        ({"tag": "gender", "operator": "not_in", "value": ["F"]}, (3, 4)),
        ({"all": [F, OLD]}, (1, 2)),  # 4; and 3
        ({"any": [F, OLD]}, (2, 3)),
        ({"all": [F, {"not": OLD}]}, (1, 2)),
        ({"tag": "gender", "operator": "is_unknown"}, (1, 1)),  # a missing value answers what asks for it
        ({"tag": "rate", "operator": ">", "value": 3}, (2, 2)),  # nobody without a product has a rate
        ({"tag": "demand", "operator": "<", "value": 1}, (2, 2)),  # an empty balance is zero
        ({"tag": "tier", "value": ["T2"], "snapshot": {"unit": "month", "offset": -1}}, (1, 1)),  # those who were no customers then had no tier
        ({"left": "credit", "right": "demand", "operator": ">", "value": 0}, (0, 4)),  # 1 and 5 owe less; of the others the limit is not known
        ({"left": "demand", "right": "credit", "measure": "ratio", "operator": ">", "value": 1}, (1, 5)),  # 5; 1 has as much as it may owe
    ],
)  # fmt: skip
def test_by_hand(small_engine: DuckDBEngine, short: Mapping[str, Any], expected: tuple[int, int]) -> None:
    assert bounds_of(small_engine, short) == expected


def test_bounds_stay_in_the_scope(small_engine: DuckDBEngine) -> None:
    assert bounds_of(small_engine, F, ("44",)) == (1, 2)
    assert bounds_of(small_engine, F, ("31", "3101")) == (1, 1)


def test_whoever_comes_first_hangs_on_every_value() -> None:
    assert has_bounds(rule(F))
    assert not has_bounds(rule({"all": [F, {"rank": "demand", "count": 2}]}))


@dataclass(frozen=True)
class Banks:
    """A bank with values missing, and the same one with them filled in."""

    holes: DuckDBEngine
    filled: tuple[DuckDBEngine, ...]


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banks]:
    stored = random_bank(20261122)
    opened = []
    for number in range(FILLED + 1):
        chance = random.Random(number)
        rows = [
            {name: chance.choice(WAYS[name]) if number and cell is None and name in WAYS else cell for name, cell in row.items()}
            for row in stored["tags"]
        ]
        path: Path = tmp_path_factory.mktemp(f"filled{number}") / "small_bank.duckdb"
        opened.append(DuckDBEngine(write(path, {**stored, "tags": rows}), threads=1))
    yield Banks(opened[0], tuple(opened[1:]))
    for engine in opened:
        engine.close()


LEAVES = st.sampled_from([node for node in (node_from_short(short) for short, _ in CASES) if not isinstance(node, RankCondition)])


def _wider(inner: st.SearchStrategy[AnyNode]) -> st.SearchStrategy[AnyNode]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda found: AllOf(children=found)),
        several.map(lambda found: AnyOf(children=found)),
        inner.map(lambda found: Not(child=found)),
    )


@given(node=st.recursive(LEAVES, _wider, max_leaves=4), scope=st.sampled_from([(), ("31", "3101")]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_whatever_the_missing_values_are_the_count_lies_between(banks: Banks, node: AnyNode, scope: tuple[str, ...]) -> None:
    if not has_bounds(rule(node)) or _asks_for_absence(node):
        return
    low, high = bounds_of(banks.holes, node, scope)
    assert low <= count_of(banks.holes, node, scope) <= high
    for engine in banks.filled:
        assert low <= count_of(engine, node, scope) <= high


def test_filled_the_one_way_or_the_other_the_bounds_are_reached(banks: Banks) -> None:
    women, missing = count_of(banks.holes, F), count_of(banks.holes, {"tag": "gender", "operator": "is_unknown"})
    assert missing
    assert bounds_of(banks.holes, F) == (women, women + missing)


def _asks_for_absence(node: AnyNode) -> bool:
    """A filled value is missing no longer: what asks for those that are is another question then."""
    return "is_unknown" in node.model_dump_json()


def test_every_column_that_is_filled_is_one_of_missing_values() -> None:
    assert set(WAYS) == {tag.column_name for tag in TAGS if tag.null_means == "unknown"}
