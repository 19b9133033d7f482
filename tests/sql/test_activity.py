"""Customers a day, in all and by value and branch, and the moments of their days, counted by hand."""

from __future__ import annotations

from datetime import date

from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.tree import Filter
from assistant.rule.window import DateSpan
from assistant.sql import activity
from assistant.sql.buckets import NO_VALUE
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from tests.sql.small_bank import AS_OF, CATALOG, MONTH_END, QUALIFIER, rule

ALL = rule({"all": []})
SEPTEMBER = DateSpan(date(2026, 9, 1), AS_OF)


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def test_a_customer_counts_once_a_day(small_engine: DuckDBEngine) -> None:
    (channel, *_) = CATALOG.records["login"].properties
    found = run(small_engine, activity.daily(ALL, "login", (channel, CATALOG.tags["home_org"]), QUALIFIER, SEPTEMBER))
    assert found.columns == ("on_day", "by_0", "by_1", "n")
    assert {(day, n) for day, channel, unit, n in found.rows if channel is None and unit is None} == {
        (date(2026, 9, 1), 1), (date(2026, 9, 4), 1), (date(2026, 9, 5), 1), (date(2026, 9, 19), 1), (date(2026, 9, 20), 1), (date(2026, 9, 21), 1),
        (date(2026, 9, 24), 1),
    }  # fmt: skip
    assert {(day, channel) for day, channel, _, _ in found.rows if channel == "mini"} == {
        (date(2026, 9, day), "mini") for day in (19, 20, 21)
    }
    assert {unit for _, _, unit, _ in found.rows if unit is not None} == {"31"}


def test_only_the_segment_is_counted(small_engine: DuckDBEngine) -> None:
    guangzhou = rule({"tag": "home_org", "operator": "in", "value": ["44"]})
    found = run(small_engine, activity.daily(guangzhou, "login", (), QUALIFIER, DateSpan(date(2026, 8, 1), AS_OF)))
    assert set(found.rows) == {(date(2026, 8, 25), 1), (date(2026, 8, 26), 1)}


def test_no_value_is_a_value_of_its_own(small_engine: DuckDBEngine) -> None:
    (channel, *_) = CATALOG.records["login"].properties
    found = run(small_engine, activity.daily(ALL, "login", (channel,), QUALIFIER, DateSpan(date(2026, 8, 26), date(2026, 8, 26))))
    assert set(found.rows) == {(date(2026, 8, 26), None, 1), (date(2026, 8, 26), NO_VALUE, 1)}


def test_the_moments_of_days(small_engine: DuckDBEngine) -> None:
    before, after = DateSpan(date(2026, 9, 1), date(2026, 9, 4)), DateSpan(date(2026, 9, 5), AS_OF)
    tags = [CATALOG.tags["gender"]]
    found = run(small_engine, activity.contributions(ALL, "login", (), (), tags, QUALIFIER, {}, before, after))
    assert found.columns == ("tag", "bucket", "n", "n_before", "days", "days_before", "days_2", "days_before_2", "both")
    # customer 1 (F): the 1st before, the 5th and 24th after; customer 2 (M): three days after; customer 5 (M): the 4th before
    assert set(found.rows) == {("gender", "F", 1, 1, 2, 1, 4, 1, 2), ("gender", "M", 1, 1, 3, 1, 9, 1, 0)}


def test_contributions_keep_to_values_and_branches(small_engine: DuckDBEngine) -> None:
    before, after = DateSpan(date(2026, 8, 1), date(2026, 8, 31)), DateSpan(date(2026, 9, 1), AS_OF)
    tags = [CATALOG.tags["home_org"]]
    mini = Filter(property="channel", operator="in", value=("mini",))
    found = run(small_engine, activity.contributions(ALL, "login", (mini,), (), tags, QUALIFIER, {}, before, after))
    assert {row[1:4] for row in found.rows} == {("31", 1, 0)}
    found = run(small_engine, activity.contributions(ALL, "login", (), ("44",), tags, QUALIFIER, {}, before, after))
    assert {row[1:6] for row in found.rows} == {("44", 0, 1, 0, 2)}


def test_customers_are_those_of_today_with_their_tags_of_then(small_engine: DuckDBEngine) -> None:
    """The active ones of today by their tier of then: 4 has lost it since, 2 was no customer, 5 is active no more."""
    members = rule({"tag": "status", "operator": "in", "value": ["active"]})
    then = rule({"all": []}, as_of=MONTH_END)
    before, after = DateSpan(date(2026, 8, 1), date(2026, 8, 31)), DateSpan(date(2026, 9, 1), AS_OF)
    tags = [CATALOG.tags["tier"]]
    found = run(small_engine, activity.contributions(then, "login", (), (), tags, QUALIFIER, {}, before, after, members))
    assert {row[1:6] for row in found.rows} == {("T1", 1, 0, 3, 0), ("T2", 0, 1, 0, 2)}
