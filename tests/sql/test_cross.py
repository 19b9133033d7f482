"""Every cell of two tags, counted by hand, with the sum of an amount over the segment."""

from __future__ import annotations

from decimal import Decimal

from assistant.engines.duckdb import DuckDBEngine
from assistant.sql.cross import cross
from assistant.sql.guard import guard
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

SHANGHAI = {"tag": "home_org", "operator": "in", "value": ["31"]}


def cells(engine: DuckDBEngine, row: str, column: str, amount: str | None) -> dict[tuple[object, object], tuple[object, ...]]:
    summed = None if amount is None else CATALOG.tags[amount]
    query = cross(rule(SHANGHAI), CATALOG.tags[row], CATALOG.tags[column], summed, QUALIFIER, {"age": [Decimal(30), Decimal(60)]})
    table = engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))
    return {(row, column): tuple(rest) for row, column, *rest in table.rows}


def test_cells_of_two_tags(small_engine: DuckDBEngine) -> None:
    found = cells(small_engine, "age", "gender", None)
    assert sum(int(str(n)) for n, _, _ in found.values()) == 4
    assert sum(int(str(base)) for _, base, _ in found.values()) == 6
    by_gender = {gender: sum(int(str(n)) for (_, other), (n, _, _) in found.items() if other == gender) for gender in ("F", "M", "X", "")}
    assert by_gender == {"F": 1, "M": 2, "X": 1, "": 0}


def test_the_amount_is_that_of_the_segment_alone(small_engine: DuckDBEngine) -> None:
    summed = cells(small_engine, "gender", "app", "demand")
    outside = [amount for (_, app), (n, _, amount) in summed.items() if not int(str(n))]
    assert outside
    assert all(amount is None for amount in outside)
    assert all(amount is not None for n, _, amount in summed.values() if int(str(n)))
