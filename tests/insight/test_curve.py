"""Finer values are asked about only where the aim lies between two, and every point keeps the scan that counted it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.engines.duckdb import DuckDBEngine
from assistant.insight.curve import Curve, curves
from assistant.insight.thresholds import coarse, thresholds
from assistant.sql.guard import guard
from assistant.sql.query import Query
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

RULE = rule({"all": [{"tag": "aum", "operator": ">", "value": 100000}, {"tag": "demand", "operator": ">=", "value": 0}]})


def drawn(engine: DuckDBEngine, aim: int) -> tuple[tuple[Curve, ...], list[int]]:
    """The curves, and how many queries each round asked."""
    walk = curves(RULE, thresholds(RULE), aim, QUALIFIER)
    queries: Sequence[Query] = ()
    rounds: list[int] = []
    while True:
        try:
            tables = [engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier)) for query in queries]
            queries = walk.send(tables) if rounds else next(walk)
            rounds.append(len(queries))
        except StopIteration as end:
            found: tuple[Curve, ...] = end.value
            return found, rounds


def test_one_scan_a_number_where_a_round_value_hits(small_engine: DuckDBEngine) -> None:
    found, rounds = drawn(small_engine, 2)
    assert rounds == [2]
    assert [len(line.points) for line in found] == [len(coarse(threshold)) for threshold in thresholds(RULE)]
    assert found[0].present.n == 2
    assert all(set(line.queries) == {point.value for point in line.points} for line in found)


def test_counts_fall_as_a_lower_bound_rises(small_engine: DuckDBEngine) -> None:
    for line in drawn(small_engine, 2)[0]:
        counts = [point.n for point in line.points]
        assert counts == sorted(counts, reverse=True)
        assert all(point.kept <= min(point.n, line.present.n) for point in line.points)


def test_an_aim_between_two_round_values_is_looked_for_between_them(small_engine: DuckDBEngine) -> None:
    found, rounds = drawn(small_engine, 4)
    coarsest = coarse(found[0].threshold)
    hit = any(point.n == 4 for point in found[0].points if point.value in coarsest)
    assert hit or len(rounds) > 1
    assert any(point.n == 4 for point in found[0].points)
