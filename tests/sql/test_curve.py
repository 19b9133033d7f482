"""Every count of a curve is what asking for that value gives, wherever in the rule the number stands and whatever it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.insight.curve import plan, read
from assistant.insight.thresholds import thresholds
from assistant.rule.edits import apply
from assistant.rule.tree import AllOf, Not
from assistant.sql.compile import count, members
from assistant.sql.curve import curve
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

AUM = {"tag": "aum", "operator": ">", "value": 60000}
AGE = {"tag": "age", "operator": "<=", "value": 30}
LOGINS = {"records": "login", "operator": ">=", "value": 3, "window": {"kind": "rolling", "unit": "day", "n": 30}}
FEW_LOGINS = {**LOGINS, "operator": "<", "value": 2}
AVERAGE = {"records": "transfer", "aggregate": "avg", "of": "amount", "operator": ">=", "value": 100}
SUM = {"records": "transfer", "aggregate": "sum", "of": "amount", "operator": "<=", "value": 1}
TOP = {"rank": "aum", "count": 2, "within": {"tag": "app", "value": True}}
SHARE = {"rank": "aum", "percent": 40, "within": {"all": []}}
VALUES = [
    Decimal(value)
    for value in ("-10", "0", "0.15", "1", "2", "3", "4", "18", "30", "45", "60", "100", "133.34", "60000", "80000", "120000", "200000")
]
RULES: tuple[Mapping[str, Any], ...] = (
    AUM, AGE, LOGINS, FEW_LOGINS, AVERAGE, SUM, TOP, SHARE, {"not": AUM}, {"all": [AUM, LOGINS]}, {"any": [AUM, FEW_LOGINS]}, {"any": [{"not": {"all": [AUM, AGE]}}, TOP]},
    {"not": {"any": [AVERAGE, {"tag": "demand", "operator": "range", "value": {"kind": "range", "low": 50000, "high": 80000, "high_open": True}}]}},
    {"all": [{"tag": "credit", "operator": "<", "value": 50000}, {"tag": "aum", "operator": ">=", "value": 0}]},
)  # fmt: skip


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def asked(engine: DuckDBEngine, asked_rule: ValidatedRule) -> frozenset[int]:
    return frozenset(int(str(row[0])) for row in run(engine, members(asked_rule, QUALIFIER)).rows)


@pytest.mark.parametrize("short", RULES, ids=str)
def test_a_point_is_what_asking_gives(small_engine: DuckDBEngine, short: Mapping[str, Any]) -> None:
    before = rule(short)
    now = asked(small_engine, before)
    found = thresholds(before)
    assert found
    for threshold in found:
        values = {value for value in VALUES if threshold.may_be(value)} | {threshold.present}
        points = read(run(small_engine, plan(before, threshold, values, QUALIFIER)), threshold, values)
        assert len(points) == len(values)
        for point in points:
            after = asked(small_engine, rule(apply(before.rule, threshold.edit(point.value)).node))
            assert (point.n, point.kept) == (len(after), len(after & now)), (threshold.end, point.value)


def test_the_amount_is_summed_over_those_of_the_point(small_engine: DuckDBEngine) -> None:
    before = rule(AUM)
    (threshold,) = thresholds(before)
    query = curve(before, (), [threshold.moved(Decimal(value)) for value in (200000, 80000, 60000)], CATALOG.tags["aum"], QUALIFIER)
    table = run(small_engine, query)
    held = {row[0]: row[1:4] for row in table.rows}
    assert held[1] == (2, 2, Decimal(320000))
    assert held[2] == (1, 1, Decimal(80000))
    assert run(small_engine, count(before, QUALIFIER)).scalar() == 3


def test_a_condition_without_a_number_has_no_curve() -> None:
    with pytest.raises(Fault, match="curve_unfit"):
        curve(rule(AUM), (), [Not(child=AllOf())], None, QUALIFIER)
