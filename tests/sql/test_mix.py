"""Who does many things, in one statement: what each would count by itself."""

from __future__ import annotations

from datetime import date

from assistant.catalog.model import Tag
from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.tree import Filter
from assistant.rule.window import DateSpan
from assistant.sql import activity
from assistant.sql.guard import guard
from assistant.sql.mix import Did, mix
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import AS_OF, CATALOG, MONTH_END, QUALIFIER, rule

ALL = rule({"all": []})
CHANNEL = CATALOG.records["login"].properties[0]
BEFORE, AFTER = DateSpan(date(2026, 8, 1), date(2026, 8, 31)), DateSpan(date(2026, 9, 1), AS_OF)
DONE = (Did(0, "login"), Did(1, "login", CHANNEL, "mini"), Did(2, "transfer"))
FILTERS: tuple[tuple[Filter, ...], ...] = ((), (Filter(property="channel", operator="in", value=("mini",)),), ())


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def counted(
    engine: DuckDBEngine, done: tuple[Did, ...], tags: list[Tag], read: ValidatedRule = ALL, members: ValidatedRule = ALL
) -> set[tuple[Cell, ...]]:
    return set(run(engine, mix(read, done, tags, QUALIFIER, {}, [BEFORE], AFTER, members)).rows)


def test_each_is_counted_as_it_is_by_itself(small_engine: DuckDBEngine) -> None:
    tags = [CATALOG.tags["gender"], CATALOG.tags["home_org"]]
    alone = {
        (*row[:2], one.number, *row[2:])
        for one, filters in zip(DONE, FILTERS, strict=True)
        for row in run(small_engine, activity.contributions(ALL, one.records, filters, (), tags, QUALIFIER, {}, BEFORE, AFTER)).rows
    }
    assert counted(small_engine, DONE, tags) == alone
    assert {row[2] for row in alone} == {0, 1, 2}


def test_several_spans_before_are_one(small_engine: DuckDBEngine) -> None:
    tags = [CATALOG.tags["gender"]]
    halves = [DateSpan(date(2026, 8, 1), date(2026, 8, 25)), DateSpan(date(2026, 8, 26), date(2026, 8, 31))]
    table = run(small_engine, mix(ALL, DONE, tags, QUALIFIER, {}, halves, AFTER, ALL))
    assert set(table.rows) == counted(small_engine, DONE, tags)


def test_only_one_customer_in_so_many_is_counted(small_engine: DuckDBEngine) -> None:
    tags = [CATALOG.tags["gender"]]
    every, some = (counted(small_engine, (Did(0, "login", one_in=one_in),), tags) for one_in in (1, 2))
    # customers 1, 2 and 5 log in after August, of whom 2 alone has an even key
    assert [sum(int(str(row[3])) for row in rows) for rows in (every, some)] == [3, 1]


def test_customers_are_those_of_today_with_their_tags_of_then(small_engine: DuckDBEngine) -> None:
    members, then = rule({"tag": "status", "operator": "in", "value": ["active"]}), rule({"all": []}, as_of=MONTH_END)
    tags = [CATALOG.tags["tier"]]
    alone = run(small_engine, activity.contributions(then, "login", (), (), tags, QUALIFIER, {}, BEFORE, AFTER, members)).rows
    assert counted(small_engine, (Did(0, "login"),), tags, then, members) == {(*row[:2], 0, *row[2:]) for row in alone}
