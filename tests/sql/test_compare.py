"""NULL, month-days, ranks and zero, each against the plainest way of saying it."""

from __future__ import annotations

import operator as plain
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import Fault
from assistant.rule.tree import Comparing, Operator, Range, RecordCondition, TagCondition
from assistant.rule.window import Absolute
from assistant.sql import nodes
from assistant.sql.compare import comparison, measure, numbers, orderable, rank_by_code, ranks_allowed, read, zero_satisfies
from tests.sql.small_bank import CATALOG, rule
from tests.sql.test_compile import CODES, DATES, NUMBERS

EVERYONE = rule({"all": []})
MONTH_DAYS = [f"{date(2028, 1, 1) + timedelta(days=number):%m-%d}" for number in range(366)]
CELL = nodes.column("v", "t")


def coming_round(start: date, end: date) -> set[str]:
    """The month-days that some day of the span is, 02-29 being kept on 02-28 in a common year: day by day."""
    found = set()
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        found.add(f"{day:%m-%d}")
        if f"{day:%m-%d}" == "02-28" and (day + timedelta(days=1)).month == 3:
            found.add("02-29")
    return found


@pytest.fixture(scope="module")
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@given(start=st.dates(date(2023, 12, 1), date(2029, 3, 31)), days=st.one_of(st.integers(0, 40), st.integers(355, 370)))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_month_days_by_counting_days(scratch: duckdb.DuckDBPyConnection, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    asked = TagCondition(tag="birthday", operator="within", value=Absolute(start=start, end=end))
    predicate = comparison(read(CATALOG.tags["birthday"], CELL.copy()), asked, EVERYONE).sql(dialect="duckdb")
    found = scratch.execute(f"SELECT t.v FROM (SELECT UNNEST(?) AS v) AS t WHERE {predicate}", [MONTH_DAYS]).fetchall()
    assert {month_day for (month_day,) in found} == coming_round(start, end)


@pytest.mark.parametrize("short", [short for short, _ in (*NUMBERS, *CODES, *DATES) if "tag" in short and "snapshot" not in short], ids=str)
def test_no_comparison_is_ever_null(scratch: duckdb.DuckDBPyConnection, short: dict[str, object]) -> None:
    node = rule(short).expanded
    assert isinstance(node, TagCondition)
    tag = CATALOG.tags[node.tag]
    kind = {"integer": "INTEGER", "decimal": "DECIMAL(18,2)", "flag": "BOOLEAN", "date": "DATE"}.get(tag.type, "VARCHAR")
    predicate = comparison(read(tag, CELL.copy()), node, EVERYONE).sql(dialect="duckdb")
    [(answer,)] = scratch.execute(f"SELECT {predicate} FROM (SELECT CAST(NULL AS {kind}) AS v) AS t").fetchall()
    assert answer in (True, False)


PLAIN: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    "=": plain.eq, "<>": plain.ne, ">": plain.gt, ">=": plain.ge, "<": plain.lt, "<=": plain.le,
}  # fmt: skip


@pytest.mark.parametrize("operator", PLAIN)
@pytest.mark.parametrize("value", ["-1", "0", "0.5", "3"])
def test_zero_satisfies_as_python_says(operator: Operator, value: str) -> None:
    asked = RecordCondition(records="login", operator=operator, value=Decimal(value))
    assert zero_satisfies(asked) is PLAIN[operator](Decimal(0), Decimal(value))


@pytest.mark.parametrize(("low", "high"), [("-1", "0"), ("0", "1"), ("-1", "1"), ("1", "2"), ("-2", "-1"), ("0", "0")])
@pytest.mark.parametrize("low_open", [True, False])
@pytest.mark.parametrize("high_open", [True, False])
def test_zero_in_a_range(low: str, high: str, low_open: bool, high_open: bool) -> None:
    interval = Range(low=Decimal(low), high=Decimal(high), low_open=low_open, high_open=high_open)
    above = Decimal(low) < 0 if low_open else Decimal(low) <= 0
    below = Decimal(high) > 0 if high_open else Decimal(high) >= 0
    assert zero_satisfies(RecordCondition(records="login", operator="range", value=interval)) is (above and below)


def test_a_multiplied_bound_divides_nothing() -> None:
    asked = Comparing(operator="range", value=Range(low=Decimal("0.5"), high=Decimal(2), high_open=True))
    assert numbers(CELL.copy(), asked, times=nodes.column("w", "t")).sql() == "t.v >= 0.5 * t.w AND t.v < 2 * t.w"


def test_ranks() -> None:
    tier = CATALOG.tags["tier"]
    assert rank_by_code(tier) == {"T1": 1, "T2": 2, "T3": 3}
    assert rank_by_code(CATALOG.tags["gender"]) == {}
    assert [code for code, _ in ranks_allowed(tier, TagCondition(tag="tier", operator="not_in", value=("T2",)))] == ["T1", "T3"]
    with pytest.raises(Fault, match="rank_unknown"):
        ranks_allowed(tier, TagCondition(tag="tier", operator=">", value=("T9",)))


def test_what_has_an_order() -> None:
    tier, demand = read(CATALOG.tags["tier"], CELL.copy()), read(CATALOG.tags["demand"], CELL.copy())
    assert measure(tier).sql() == "CASE WHEN t.v = 'T1' THEN 1 WHEN t.v = 'T2' THEN 2 WHEN t.v = 'T3' THEN 3 END"
    assert orderable(tier).sql() == "NOT t.v IS NULL AND t.v IN ('T1', 'T2', 'T3')"
    assert orderable(demand).sql() == "TRUE"
    with pytest.raises(Fault, match="no_order"):
        measure(read(CATALOG.tags["app"], CELL.copy()))
