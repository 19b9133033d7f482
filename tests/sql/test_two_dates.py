"""One rule at two dates in the small bank: every customer is in the part written here by hand, and in no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.insight import compare
from assistant.rule.tree import AllOf
from assistant.sql import compile as plans
from assistant.sql import two_dates
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import CATALOG, MONTH_END, QUALIFIER, rule

LOGIN = {"records": "login", "window": "rolling 30 day"}
LITTLE = {"tag": "demand", "operator": "<", "value": 60000}
MUCH = {"tag": "demand", "operator": ">=", "value": 60000}
BOTH, EITHER = {"all": [LITTLE, LOGIN]}, {"any": [LITTLE, LOGIN]}

CASES: tuple[tuple[Mapping[str, Any], Mapping[str, set[int]]], ...] = (
    ({"all": []}, {"joined": {2, 3, 6}, "stayed": {1, 4, 5}, "left_bank": {7}}),
    (MUCH, {"joined": {6}, "stayed": {5}, "left.tags": {1}}),
    (LOGIN, {"joined": {2}, "stayed": {4}, "entered.behaviour": {1, 5}}),
    ({"not": LOGIN}, {"joined": {3, 6}, "left.behaviour": {1, 5}, "left_bank": {7}}),
    (BOTH, {"joined": {2}, "stayed": {4}, "entered.both": {1}}),
    ({"not": BOTH}, {"joined": {3, 6}, "stayed": {5}, "left.both": {1}, "left_bank": {7}}),
    (EITHER, {"joined": {2, 3}, "stayed": {4}, "entered.either": {1}, "entered.behaviour": {5}, "left_bank": {7}}),
    ({"not": EITHER}, {"joined": {6}, "left.either": {1}, "left.behaviour": {5}}),
    ({"rank": "demand", "count": 2, "within": {"all": []}}, {"joined": {6}, "stayed": {5}, "left.tags": {1}}),
    ({"tag": "opened", "within": "rolling 30 day"}, {"joined": {2, 3}, "stayed": {5}}),
)  # fmt: skip


def at(short: Mapping[str, Any], scope: tuple[str, ...] = ()) -> tuple[ValidatedRule, ValidatedRule]:
    """The rule then (at the last month end) and now."""
    return rule(short, scope, as_of=MONTH_END, today=date(2026, 9, 1)), rule(short, scope)


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def parts(engine: DuckDBEngine, then: ValidatedRule, now: ValidatedRule) -> dict[str, set[int]]:
    """The customers of every part that has some, after its count was seen to be their number."""
    count = len(run(engine, plans.members(now, QUALIFIER)).rows)
    found = compare.read([run(engine, query) for query in compare.plan(then, now, QUALIFIER)], then, now, count)
    listed: dict[str, set[int]] = {}
    for part in compare.PARTS:
        (query,) = compare.plan_members(then, now, part, QUALIFIER)
        customers = [int(str(one)) for one in run(engine, query).column("one_id")]
        assert customers == sorted(set(customers))
        assert found.parts[part] == len(customers)
        if customers:
            listed[part] = set(customers)
    return listed


@pytest.mark.parametrize(("short", "expected"), CASES)
def test_every_customer_is_in_one_part(small_engine: DuckDBEngine, short: Mapping[str, Any], expected: Mapping[str, set[int]]) -> None:
    assert parts(small_engine, *at(short)) == expected


def test_a_tag_is_dated_from_the_day_of_the_tags(small_engine: DuckDBEngine) -> None:
    """Customer 1 opened long ago on both days; nobody enters `opened within 30 days` because records are read later."""
    then, now = at({"all": [{"tag": "opened", "within": "rolling 30 day"}, LOGIN]})
    assert parts(small_engine, then, now) == {"joined": {2}, "entered.behaviour": {5}}


def test_a_scope_bounds_both_bases(small_engine: DuckDBEngine) -> None:
    assert parts(small_engine, *at({"all": []}, ("44",))) == {"joined": {3}, "stayed": {4}}


def test_a_day_with_itself_moves_nobody(small_engine: DuckDBEngine) -> None:
    _, now = at(EITHER)
    assert set(parts(small_engine, now, now)) == {"stayed"}


def test_two_rules_are_not_compared_as_one() -> None:
    with pytest.raises(Fault, match="rules_differ"):
        two_dates.flow(at(MUCH)[0], rule(AllOf()), QUALIFIER)
    with pytest.raises(Fault, match="rules_differ"):
        two_dates.flow(at(MUCH, ("44",))[0], rule(MUCH), QUALIFIER)


def test_a_window_of_given_days_may_be_another_one_then(small_engine: DuckDBEngine) -> None:
    """Logins of 25 and 26 August then, of 1 to 5 September now: the records of either date are asked for its own days."""

    def login(start: str, end: str) -> Mapping[str, Any]:
        return {"records": "login", "window": {"kind": "absolute", "start": start, "end": end}}

    then = rule(login("2026-08-25", "2026-08-26"), as_of=MONTH_END, today=date(2026, 9, 1))
    now = rule(login("2026-09-01", "2026-09-05"))
    assert parts(small_engine, then, now) == {"entered.behaviour": {1, 5}, "left.behaviour": {4}}


def test_moves_between_the_values_of_a_tag(small_engine: DuckDBEngine) -> None:
    tag = CATALOG.tags["tier"]
    everyone = run(small_engine, two_dates.moves(*at({"all": []}), tag, QUALIFIER))
    ends = Counter({(str(start), str(end)): int(str(n)) for start, end, n in everyone.rows})
    assert sum(n for (start, _), n in ends.items() if start == two_dates.ABSENT) == len({2, 3, 6})
    assert sum(n for (_, end), n in ends.items() if end == two_dates.ABSENT) == len({7})
    assert sum(n for (start, end), n in ends.items() if two_dates.ABSENT not in (start, end)) == len({1, 4, 5})
    some = run(small_engine, two_dates.moves(*at(MUCH), tag, QUALIFIER))
    assert {(start == two_dates.ABSENT, end == two_dates.OUTSIDE): int(str(n)) for start, end, n in some.rows} == {
        (True, False): 1, (False, False): 1, (False, True): 1,
    }  # fmt: skip


def test_whoever_came_to_the_bank_after_the_days_counted_then_joined(small_engine: DuckDBEngine) -> None:
    """A rule of July read at the end of August: customer 5, who came on that very day, was no customer in July, though in the base it is read in."""

    catalog = replace(CATALOG, header=CATALOG.header.model_copy(update={"opened_tag": "opened"}))
    july = rule({"records": "login", "window": "2026-07-01..2026-07-31"}, as_of=MONTH_END, today=date(2026, 9, 1))
    then, now = (replace(one, catalog=catalog) for one in (july, rule({"records": "login", "window": "2026-08-26..2026-09-24"})))
    assert parts(small_engine, then, now) == {"joined": {2, 5}, "entered.behaviour": {1, 4}}
