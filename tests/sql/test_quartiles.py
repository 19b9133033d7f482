"""Quartiles counted by hand: who has none of a product is among them at 0, who is not known is not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.short import node_from_short
from assistant.sql.guard import guard
from assistant.sql.quartiles import COLUMNS, SIDES, figure_name, quartiles
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

SHANGHAI = {"tag": "home_org", "operator": "in", "value": ["31"]}


def row(engine: DuckDBEngine, codes: Sequence[str], **more: Any) -> list[tuple[float | None, ...]]:
    """The figures of each tag on each side, the segment's first, to one digit: between two amounts a median is kept in their own digits."""
    query = quartiles(rule(SHANGHAI), [CATALOG.tags[code] for code in codes], QUALIFIER, **more)
    table = engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))
    names = [[figure_name(CATALOG.tags[code], side, name) for name in COLUMNS] for code in codes for side in SIDES]
    cells = [[table.column(name)[0] for name in each] for each in names]
    return [tuple(None if cell is None else round(float(Decimal(str(cell))), 1) for cell in each) for each in cells]


def test_both_sides_of_each_number(small_engine: DuckDBEngine) -> None:
    assert row(small_engine, ["demand", "age", "rate"]) == [
        (4, 50000, 65000, 80000), (2, 0, 0, 0),
        (4, 18, 30, 30), (1, 70, 70, 70),
        (2, 3.1, 3.6, 4.2), (0, None, None, None),
    ]  # fmt: skip


def test_everyone_has_the_segment_among_them(small_engine: DuckDBEngine) -> None:
    assert row(small_engine, ["demand"], everyone=True)[1] == (6, 0, 50000, 80000)


def test_another_group_is_without_the_segment(small_engine: DuckDBEngine) -> None:
    old = node_from_short({"tag": "age", "operator": ">=", "value": 30})
    assert row(small_engine, ["demand", "age"], against=old)[1::2] == [(1, 0, 0, 0), (1, 70, 70, 70)]
