"""The numbers a vague size may mean: sayable, counted, near the quantile, and none over nobody or over groups too small to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.insight import count, cutpoints
from assistant.insight.curve import Point
from assistant.interpret.interpretation import Cut, Size
from assistant.policy import Protection
from assistant.sql.guard import guard
from assistant.sql.query import Query
from tests.sql.small_bank import CATALOG, QUALIFIER, rule


def found(
    engine: DuckDBEngine, short: dict[str, object], whose: dict[str, object], size: Size = "large", least: int = 0
) -> tuple[Cut, ...]:
    walk = cutpoints.steps(rule(short), rule(whose), size, Protection(least), QUALIFIER)
    queries: Sequence[Query] = next(walk)
    while True:
        try:
            queries = walk.send([engine.execute(guard(one, CATALOG, engine.dialect, engine.qualifier)) for one in queries])
        except StopIteration as end:
            cuts: tuple[Cut, ...] = end.value
            return cuts


AUM = {"tag": "aum", "operator": ">=", "value": 1000}
SOME = {"tag": "aum", "operator": ">", "value": 0}


def counted(engine: DuckDBEngine, short: dict[str, object]) -> int:
    queries = count.plan(rule(short), QUALIFIER)
    return count.read([engine.execute(guard(one, CATALOG, engine.dialect, engine.qualifier)) for one in queries]).n


def point(value: str, n: int) -> Point:
    return Point(Decimal(value), n, 0, 0, Decimal(0))


def test_the_roundest_number_that_takes_as_many() -> None:
    points = [point("38200", 1000), point("38000", 1004), point("40000", 960), point("50000", 700)]
    assert cutpoints.sayable(points, 1000).value == 40000
    assert cutpoints.sayable(points[:2], 1000).value == 38000


def test_the_nearest_where_none_takes_as_many() -> None:
    assert cutpoints.sayable([point("3", 728), point("2", 3494), point("1", 15000)], 1532).value == 3


def test_the_share_of_each_is_what_was_counted(small_engine: DuckDBEngine) -> None:
    cuts = found(small_engine, AUM, SOME)
    everyone = counted(small_engine, SOME)
    assert cuts
    assert [cut.share for cut in cuts] == [Decimal(counted(small_engine, {**AUM, "value": str(cut.node.value)})) / everyone for cut in cuts]
    assert [cut.share for cut in cuts] == sorted(cut.share for cut in cuts)
    assert len({cut.node.value for cut in cuts}) == len(cuts)


def test_nothing_over_nobody(small_engine: DuckDBEngine) -> None:
    assert found(small_engine, AUM, {"tag": "aum", "operator": ">", "value": 10**12}) == ()


@pytest.mark.parametrize("size", ["large", "small"])
def test_no_group_too_small_to_be_shown_is_offered(small_engine: DuckDBEngine, size: Size) -> None:
    short = AUM if size == "large" else {"tag": "aum", "operator": "<=", "value": 1000}
    assert found(small_engine, short, SOME, size)
    assert found(small_engine, short, SOME, size, least=10**6) == ()
