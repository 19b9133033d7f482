"""One customer's row: which conditions hold, and what they compare; nobody outside the base, and nobody else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.short import node_from_short
from assistant.rule.tree import RecordCondition, TagCondition
from assistant.sql.customer import customer
from assistant.sql.guard import guard
from assistant.sql.query import Cell
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

AUM = {"tag": "aum", "operator": ">", "value": 100000}
CREDIT = {"tag": "credit", "operator": ">", "value": 10000}
LOGINS = {"records": "login", "operator": ">=", "value": 3, "window": {"kind": "rolling", "unit": "day", "n": 30}}
SUM = {"records": "transfer", "aggregate": "sum", "of": "amount", "operator": ">", "value": 200}


def row(engine: DuckDBEngine, one: int, scope: tuple[str, ...] = ()) -> tuple[Cell, ...] | None:
    nodes = [node_from_short(short) for short in (AUM, CREDIT, LOGINS, SUM)]
    figures = [node for node in nodes if isinstance(node, TagCondition | RecordCondition)]
    query = customer(rule({"all": [AUM, LOGINS]}, scope), one, nodes, figures, QUALIFIER)
    found = engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier), query.ids).rows
    assert len(found) <= 1
    return found[0] if found else None


def test_conditions_and_figures_of_one_customer(small_engine: DuckDBEngine) -> None:
    assert row(small_engine, 1) == (1, 0b1110, Decimal(60000), Decimal(50000), 4, Decimal(400))
    assert row(small_engine, 2) == (2, 0b0101, Decimal(200000), None, 3, Decimal("0.30"))
    assert row(small_engine, 6) == (6, 0b0000, Decimal(80000), None, 0, Decimal(0))


def test_nobody_outside_the_base(small_engine: DuckDBEngine) -> None:
    assert row(small_engine, 7) is None, "closed"
    assert row(small_engine, 99) is None
    assert row(small_engine, 3, scope=("31", "3101")) is None
    assert row(small_engine, 1, scope=("31", "3101")) is not None


def test_an_average_is_no_figure() -> None:
    node = node_from_short({**SUM, "aggregate": "avg"})
    assert isinstance(node, RecordCondition)
    with pytest.raises(Fault, match="figure_unfit"):
        customer(rule(AUM), 1, [], [node], QUALIFIER)
