"""What each kind of condition selects in the small bank, counted by hand from its rows; the count plan and the mask plan agree on any rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Not, SegmentRef
from assistant.sql import compile as plans
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import AS_OF, CATALOG, QUALIFIER, rule

Short = Mapping[str, Any]
EVERYONE = {1, 2, 3, 4, 5, 6}


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def selected(engine: DuckDBEngine, asked: ValidatedRule) -> set[int]:
    """The members, after the count and the mask of the same rule were seen to agree with them."""
    found = {one_id for (one_id,) in run(engine, plans.members(asked, QUALIFIER)).rows}
    assert run(engine, plans.count(asked, QUALIFIER)).scalar() == len(found)
    masks = dict(run(engine, plans.mask(asked, [asked.expanded, Not(child=asked.expanded)], QUALIFIER)).rows)
    assert masks.get(1, 0) == len(found)
    assert set(masks) <= {1, 2}, "a rule and its Not share the base between them"
    assert sum(masks.values()) == run(engine, plans.base(asked, QUALIFIER)).scalar()
    return {int(str(one)) for one in found}


def tag(code: str, operator: str, value: Any = None, **more: Any) -> Short:
    return {"tag": code, "operator": operator, "value": value, **more}


NUMBERS: list[tuple[Short, set[int]]] = [
    (tag("demand", ">", 50000), {2, 5, 6}),
    (tag("demand", ">=", 50000), {1, 2, 5, 6}),
    (tag("demand", "<", 1), {3, 4}),
    (tag("demand", "=", 0), {3, 4}),
    (tag("demand", "<>", 0), {1, 2, 5, 6}),
    (tag("demand", "is_absent"), {3}),
    (tag("demand", "is_unknown"), set()),
    (tag("demand", ">", "50000.005"), {2, 5, 6}),
    (tag("aum", "<", 0), {3}),
    (tag("aum", ">=", -10), EVERYONE),
    (tag("age", "<", 100), {1, 2, 4, 5, 6}),
    (tag("age", "<>", 30), {2, 4, 5}),
    (tag("age", "is_unknown"), {3}),
    (tag("age", "is_absent"), set()),
    ({"not": tag("age", "<", 100)}, {3}),
    ({"not": tag("age", "=", 30)}, {2, 3, 4, 5}),
    ({"tag": "age", "range": [30, 45]}, {1, 2, 6}),
    ({"tag": "age", "range": "(30, 45]"}, {2}),
    ({"tag": "age", "range": "[30, 45)"}, {1, 6}),
    (tag("rate", "<", 4), {2}),
    (tag("rate", "is_absent"), {1, 3, 4, 6}),
    (tag("credit", ">=", 50000), {1}),
    (tag("credit", "<", 50000), {5}),
    (tag("credit", "is_unknown"), {2, 3, 4, 6}),
]
CODES: list[tuple[Short, set[int]]] = [
    (tag("gender", "in", ["F"]), {1, 4}),
    (tag("gender", "not_in", ["F"]), {2, 5, 6}),
    (tag("gender", "=", "F"), {1, 4}),
    (tag("gender", "<>", "F"), {2, 5, 6}),
    ({"not": tag("gender", "in", ["F"])}, {2, 3, 5, 6}),
    (tag("gender", "is_unknown"), {3}),
    (tag("tier", ">=", "T2"), {2, 3, 5}),
    (tag("tier", ">", "T3"), set()),
    (tag("tier", "<", "T2"), {1}),
    (tag("tier", "<=", "T2"), {1, 2, 5}),
    (tag("tier", "not_in", ["T1"]), {2, 3, 5, 6}),
    (tag("home_org", "in", ["31"]), {1, 2, 5, 6}),
    (tag("home_org", "in", ["east"]), {1, 2, 5, 6}),
    (tag("home_org", "not_in", ["31"]), {3, 4}),
    (tag("home_org", "in", ["00"]), EVERYONE),
    (tag("home_org", "in", ["3101", "44"]), {2, 3, 4}),
    (tag("app", "=", True), {1, 2, 5, 6}),
    (tag("app", "=", False), {3, 4}),
    (tag("app", "<>", True), {3, 4}),
    (tag("app", "is_absent"), {3}),
    (tag("consent", "=", False), {2}),
    (tag("consent", "<>", True), {2}),
    ({"not": tag("consent", "=", True)}, {2, 3, 4}),
    (tag("status", "in", ["closed"]), set()),
    ({"not": tag("status", "in", ["active"])}, {5}),
]
DATES: list[tuple[Short, set[int]]] = [
    ({"tag": "opened", "within": "rolling 30 day"}, {2, 3, 5}),
    ({"tag": "opened", "within": "calendar month 0"}, {2, 3}),
    ({"tag": "opened", "within": "calendar month -1"}, {5}),
    ({"tag": "opened", "within": "calendar day 0"}, set()),
    ({"tag": "opened", "within": "ago 30 day"}, {1, 4, 6}),
    ({"tag": "opened", "within": "2020-02-29.."}, EVERYONE),
    ({"tag": "opened", "within": "..2020-02-29"}, {1}),
    ({"tag": "first_buy", "within": "rolling 30 day"}, {2}),
    (tag("first_buy", "is_absent"), {1, 3, 5, 6}),
    ({"not": {"tag": "first_buy", "within": "rolling 30 day"}}, {1, 3, 4, 5, 6}),
    ({"tag": "matures", "within": "future 7 day"}, {2}),
    ({"tag": "matures", "within": "rest_of month"}, {2}),
    ({"tag": "matures", "within": "rest_of year"}, {2}),
    ({"tag": "matures", "within": "future 1 year"}, {2, 5}),
    ({"tag": "birthday", "within": "yearly 09-01..09-30"}, {2}),
    ({"tag": "birthday", "within": "yearly 12-20..01-10"}, {4, 5}),
    ({"tag": "birthday", "within": "yearly 02-28"}, {1, 6}),
    ({"tag": "birthday", "within": "yearly 02-29"}, {1}),
    ({"tag": "birthday", "within": "2028-02-28..2028-02-28"}, {6}),
    ({"tag": "birthday", "within": "2028-02-29..2028-02-29"}, {1}),
    ({"tag": "birthday", "within": "2027-03-01..2028-02-28"}, {2, 4, 5, 6}),
    ({"tag": "birthday", "within": "2026-09-25..2027-09-25"}, {1, 2, 4, 5, 6}),
    ({"tag": "birthday", "within": "calendar day 0"}, {2}),
    ({"not": {"tag": "birthday", "within": "yearly 01-01..12-31"}}, {3}),
]
COMPARISONS: list[tuple[Short, set[int]]] = [
    ({"tag": "demand", "snapshot": "month -1", "operator": ">=", "value": 100000}, {1, 5}),
    ({"tag": "demand", "snapshot": "month -1", "operator": "=", "value": 0}, {2, 3, 4, 6}),
    ({"tag": "demand", "snapshot": "month -1", "operator": "is_absent"}, {2, 3, 6}),
    ({"tag": "tier", "snapshot": "year -1", "operator": ">", "value": "T1"}, {1}),
    ({"tag": "tier", "snapshot": "month -2", "operator": "is_unknown"}, {2, 3, 4, 5, 6}),
    ({"left": "demand", "right": "demand", "right_snapshot": "month -1", "operator": "<=", "value": -50000}, {1}),
    ({"left": "demand", "right": "demand", "right_snapshot": "month -1", "operator": ">", "value": 0}, {2, 6}),
    (
        {"left": "demand", "right": "demand", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.3},
        {1},
    ),
    ({"left": "aum", "right": "aum", "right_snapshot": "month -1", "measure": "ratio", "operator": ">=", "value": 2}, {5}),
    ({"left": "aum", "right": "aum", "right_snapshot": "month -1", "measure": "relative_change", "range": [-0.4, 1]}, {1, 5}),
    ({"left": "aum", "right": "aum", "right_snapshot": "month -1", "measure": "ratio", "operator": "is_unknown"}, {2, 3, 4, 6}),
    ({"left": "demand", "right": "aum", "measure": "ratio", "operator": "=", "value": 1}, {5, 6}),
    ({"left": "demand", "right": "aum", "measure": "ratio", "operator": "<>", "value": 1}, {1, 2}),
    ({"not": {"left": "demand", "right": "aum", "measure": "ratio", "operator": "=", "value": 1}}, {1, 2, 3, 4}),
    ({"left": "tier", "right": "tier", "right_snapshot": "year -1", "operator": "<", "value": 0}, {1}),
    ({"left": "tier", "right": "tier", "right_snapshot": "month -1", "operator": "=", "value": 1}, {5}),
    ({"left": "tier", "right": "tier", "right_snapshot": "month -1", "operator": "is_unknown"}, {2, 3, 4, 6}),
    ({"left": "first_buy", "right": "opened", "operator": ">", "value": 8}, {2, 4}),
    ({"left": "first_buy", "right": "opened", "operator": "<=", "value": 9}, {2}),
    ({"left": "demand", "right": "aum", "operator": "is_absent"}, set()),
]


def login(**more: Any) -> Short:
    return {"records": "login", **more}


def transfer(**more: Any) -> Short:
    return {"records": "transfer", **more}


MONTH = "rolling 30 day"
RECORDS: list[tuple[Short, set[int]]] = [
    (login(window=MONTH), {1, 2, 4, 5}),
    (login(window="rolling 31 day", operator=">=", value=2), {1, 2, 4}),
    (login(window=MONTH, operator=">", value=3), {1}),
    (login(window=MONTH, operator="<", value=1), {3, 6}),
    (login(window=MONTH, operator="=", value=0), {3, 6}),
    (login(window=MONTH, operator="<=", value=0), {3, 6}),
    (login(window=MONTH, operator="<>", value=0), {1, 2, 4, 5}),
    (login(window=MONTH, operator=">", value=-1), EVERYONE),
    (login(window=MONTH, operator="<=", value=3), {2, 3, 4, 5, 6}),
    (login(window=MONTH, operator="=", value=3), {2}),
    (login(window=MONTH, operator="<>", value=3), {1, 3, 4, 5, 6}),
    (login(window=MONTH, range=[0, 3]), {2, 3, 4, 5, 6}),
    (login(window=MONTH, range="(0, 3]"), {2, 4, 5}),
    (login(window=MONTH, operator="is_unknown", value=None), set()),
    ({"not": login(window=MONTH, operator=">", value=3)}, {2, 3, 4, 5, 6}),
    (login(window=MONTH, aggregate="days", operator=">=", value=3), {1, 2}),
    (login(window=MONTH, aggregate="days", operator="=", value=3), {1, 2}),
    (login(window=MONTH, aggregate="days", operator="<", value=2), {3, 4, 5, 6}),
    (login(window="calendar day 0"), set()),
    (login(window="calendar day 0", operator="=", value=0), EVERYONE),
    (login(), {1, 2, 4, 5}),
    (login(where={"channel": "app"}), {1, 4, 5}),
    (login(where={"channel": {"operator": "not_in", "value": ["app"]}}), {2}),
    (login(where={"channel": {"operator": "is_unknown"}}), {4}),
    (login(where={"seconds": {"operator": ">", "value": 60}}), {1, 4}),
    (login(window=MONTH, day_kind="weekend"), {1, 2}),
    (login(window=MONTH, day_kind="workday"), {1, 2, 4}),
    (login(window=MONTH, day_kind="holiday"), {5}),
    (login(window=MONTH, day_kind="weekend", operator="=", value=2), {1}),
    (login(day_kind="holiday"), {5}),
    (transfer(aggregate="sum", of="amount", operator=">=", value=400), {1}),
    (transfer(aggregate="sum", of="amount", operator="=", value="0.3"), {2}),
    (transfer(aggregate="sum", of="amount", operator="<", value=1), {2, 3, 4, 5, 6}),
    (transfer(aggregate="sum", of="amount", operator="=", value=0), {3, 4, 5, 6}),
    (transfer(aggregate="avg", of="amount", operator="=", value=200), {1}),
    (transfer(aggregate="avg", of="amount", operator="=", value="0.1"), {2}),
    (transfer(aggregate="avg", of="amount", operator="<", value=1000), {1, 2}),
    ({"not": transfer(aggregate="avg", of="amount", operator="<", value=1000)}, {3, 4, 5, 6}),
    (transfer(aggregate="avg", of="amount", operator="is_unknown", value=None), {3, 4, 5, 6}),
    (transfer(aggregate="min", of="amount", operator="<=", value=0), {2}),
    (transfer(aggregate="max", of="amount", operator=">", value=100), {1}),
    (transfer(aggregate="max", of="amount", operator="is_absent", value=None), set()),
    (transfer(aggregate="max", of="grade", operator=">=", value="mid"), {1}),
    (transfer(aggregate="min", of="grade", operator="=", value="low"), {1, 2}),
    (transfer(aggregate="first", of="amount", operator="=", value=100), {1}),
    (transfer(aggregate="first", of="amount", operator="=", value="0.1"), {2}),
    (transfer(aggregate="last", of="amount", operator="=", value=0), {2}),
    (transfer(aggregate="last", of="amount", operator="is_unknown", value=None), {1, 3, 4, 5, 6}),
    (transfer(aggregate="last", of="grade", operator="in", value=["mid"]), {1}),
    (transfer(aggregate="last", within="rolling 2 day"), {2}),
    (transfer(aggregate="first", within="..2026-09-20"), {1, 5}),
    (transfer(aggregate="min", within="..2026-09-20"), {1, 5}),
    (transfer(aggregate="last", operator="is_unknown", value=None), {3, 4, 6}),
    ({"records": "quick_pay"}, {1}),
    ({"records": "quick_pay", "operator": ">", "value": 3}, {1}),
    ({"records": "quick_pay", "window": "calendar day -1", "operator": "=", "value": 1}, {1}),
    ({"records": "quick_pay", "operator": "<", "value": 1}, {2, 3, 4, 5, 6}),
    ({"records": "quick_pay", "aggregate": "days", "operator": "=", "value": 2}, {1}),
    ({"records": "quick_pay", "aggregate": "avg", "of": "amount", "operator": "=", "value": 15}, {1}),
    ({"records": "holding"}, {1}),
    ({"records": "holding", "operator": "=", "value": 2}, {1}),
    ({"records": "holding", "where": {"product": "cash"}}, {1}),
    ({"records": "holding", "where": {"product": "wealth"}, "operator": ">=", "value": 2}, {1}),
    ({"records": "holding", "where": {"due": {"within": "future 7 day"}, "amount": {"operator": ">", "value": 100000}}}, {1}),
    ({"records": "holding", "where": {"amount": {"operator": "<", "value": 1}}}, {1}),
    ({"records": "holding", "where": {"due": {"operator": "is_absent"}}}, {1}),
    ({"records": "holding", "aggregate": "avg", "of": "amount", "operator": "=", "value": 75000}, {1}),
]
SEQUENCES: list[tuple[Short, set[int]]] = [
    ({"first": login(), "then": transfer(), "within_days": 1}, {1, 2}),
    ({"first": login(window="2026-09-01..2026-09-01"), "then": transfer(), "within_days": 4}, set()),
    ({"first": login(window="2026-09-01..2026-09-01"), "then": transfer(), "within_days": 5}, {1}),
    ({"first": login(), "then": transfer(where={"amount": {"operator": ">", "value": 200}}), "within_days": 1}, {1}),
    ({"first": login(), "then": transfer(day_kind="weekend"), "within_days": 1}, {1}),
    ({"first": login(), "then": transfer(), "within_days": 1, "negated": True}, {1, 2, 4, 5}),
    ({"first": login(), "then": transfer(), "within_days": 15, "negated": True}, {4, 5}),
    ({"first": login(), "then": transfer(), "within_days": 16, "negated": True}, {4}),
    ({"first": login(), "then": transfer(), "within_days": 30, "negated": True}, {4}),
    ({"first": login(where={"channel": "mini"}), "then": transfer(), "within_days": 4, "negated": True}, set()),
    ({"first": login(window="2026-09-01..2026-09-05"), "then": transfer()}, set()),
    ({"first": login(window="2026-09-01..2026-09-05"), "then": transfer(), "negated": True}, {1, 5}),
    ({"first": login(window="2026-09-01..2026-09-06"), "then": transfer()}, {1}),
    ({"first": login(window=MONTH), "then": transfer(), "negated": True}, {1, 4}),
]
RANKS: list[tuple[Short, set[int]]] = [
    ({"rank": "demand", "count": 2}, {5, 6}),
    ({"rank": "demand", "direction": "bottom", "count": 3}, {1, 3, 4}),
    ({"rank": "age", "count": 10}, {1, 2, 4, 5, 6}),
    ({"rank": "age", "direction": "bottom", "percent": 21}, {1, 5}),
    ({"rank": "age", "direction": "bottom", "percent": 20}, {5}),
    ({"rank": "age", "percent": 100}, {1, 2, 4, 5, 6}),
    ({"rank": "tier", "count": 2}, {2, 3}),
    ({"rank": "opened", "count": 1}, {3}),
    ({"rank": "demand", "count": 1, "within": tag("home_org", "in", ["44"])}, {3}),
    ({"rank": "demand", "percent": 50, "within": login(window=MONTH)}, {2, 5}),
    ({"all": [{"rank": "demand", "count": 2}, tag("status", "in", ["active"])]}, {6}),
    ({"rank": "age", "count": 1, "within": {"rank": "demand", "direction": "bottom", "count": 3}}, {4}),
]
TREES: list[tuple[Short, set[int]]] = [
    ({"all": []}, EVERYONE),
    ({"not": {"all": []}}, set()),
    ({"any": [tag("age", ">", 60), tag("gender", "in", ["M"])]}, {2, 4, 5}),
    ({"all": [{"any": [tag("age", ">", 60), tag("gender", "in", ["M"])]}, {"not": login(window=MONTH, operator=">", value=2)}]}, {4, 5}),
    ({"not": {"any": [{"not": tag("app", "=", True)}, login(window=MONTH, operator=">=", value=3)]}}, {5, 6}),
    (
        {
            "all": [
                tag("demand", ">=", 50000),
                login(window=MONTH, operator="<", value=2),
                transfer(aggregate="sum", of="amount", operator="=", value=0),
            ]
        },
        {5, 6},
    ),
    ({"all": [tag("demand", ">=", 50000), {"any": [login(operator=">", value=3), {"not": transfer(operator="<", value=3)}]}]}, {1, 2}),
]
CASES = [*NUMBERS, *CODES, *DATES, *COMPARISONS, *RECORDS, *SEQUENCES, *RANKS, *TREES]


@pytest.mark.parametrize(("short", "expected"), CASES, ids=[str(short) for short, _ in CASES])
def test_selects_exactly(small_engine: DuckDBEngine, short: Short, expected: set[int]) -> None:
    assert selected(small_engine, rule(short)) == expected


def test_scope_bounds_everything(small_engine: DuckDBEngine) -> None:
    inside = rule({"not": tag("age", "=", 30)}, scope=("31", "3101"))
    assert selected(small_engine, inside) == {2, 5}
    assert run(small_engine, plans.base(inside, QUALIFIER)).scalar() == 4
    ranked = rule({"rank": "demand", "direction": "bottom", "count": 1}, scope=("31", "3101"))
    assert selected(small_engine, ranked) == {1}


def test_earlier_as_of_reads_its_own_snapshot_and_no_later_records(small_engine: DuckDBEngine) -> None:
    then = date(2026, 9, 5)
    assert selected(small_engine, rule({"all": []}, as_of=then, today=date(2026, 9, 6))) == {1, 4, 5, 7}
    assert selected(small_engine, rule(login(operator="=", value=3), as_of=then, today=date(2026, 9, 6))) == {1}


def test_members_are_ascending_and_limited(small_engine: DuckDBEngine) -> None:
    everyone = rule({"all": []})
    assert run(small_engine, plans.members(everyone, QUALIFIER)).column("one_id") == (1, 2, 3, 4, 5, 6)
    assert run(small_engine, plans.members(everyone, QUALIFIER, limit=2)).rows == ((1,), (2,))


def test_mask_has_a_bit_a_part(small_engine: DuckDBEngine) -> None:
    parts = [node_from_short(tag("demand", ">", 50000)), node_from_short(login(window=MONTH)), node_from_short(tag("age", "is_unknown"))]
    found = run(small_engine, plans.mask(rule({"all": []}), parts, QUALIFIER))
    assert found.columns == ("mask", "n")
    assert found.rows == ((0b000, 0), (0b001, 1), (0b010, 2), (0b011, 2), (0b100, 1))[1:]


def test_mask_refuses_more_than_sixteen_parts() -> None:
    with pytest.raises(Fault, match="mask_too_wide"):
        plans.mask(rule({"all": []}), [AllOf()] * 17, QUALIFIER)


def test_reasons_are_the_masks_of_given_customers(small_engine: DuckDBEngine) -> None:
    parts = [node_from_short(tag("demand", ">", 50000)), node_from_short(login(window=MONTH))]
    query = guard(plans.reasons(rule({"all": []}), parts, QUALIFIER), CATALOG, small_engine.dialect, small_engine.qualifier)
    assert small_engine.execute(query, ids=[6, 3, 7, 1]).rows == ((1, 0b10), (3, 0b00), (6, 0b01))
    assert small_engine.execute(query, ids=[]).rows == ()


def test_overlap_needs_one_base(small_engine: DuckDBEngine) -> None:
    one, other = rule(tag("demand", ">", 50000)), rule(tag("age", "=", 30))
    assert run(small_engine, plans.overlap([one, other], QUALIFIER)).rows == ((0, 2), (1, 2), (2, 1), (3, 1))
    with pytest.raises(Fault, match="base_differs"):
        plans.overlap([one, rule(tag("age", "=", 30), scope=("31",))], QUALIFIER)


def test_breakdown_by_the_stored_value(small_engine: DuckDBEngine) -> None:
    found = run(small_engine, plans.breakdown(rule(login(window=MONTH)), CATALOG.tags["gender"], QUALIFIER))
    assert found.columns == ("value", "n", "base_n")
    assert set(found.rows) == {("F", 2, 2), ("M", 2, 2), ("X", 0, 1), (None, 0, 1)}


def test_summary_is_over_known_values(small_engine: DuckDBEngine) -> None:
    everyone = rule({"all": []})
    ages = run(small_engine, plans.summary(everyone, CATALOG.tags["age"], ("avg", "median", "sum", "min", "max"), QUALIFIER))
    assert ages.columns == ("n", "known", "avg", "median", "sum", "min", "max")
    assert ages.rows == ((6, 5, 38.6, 30.0, 193, 18, 70),)
    demand = run(small_engine, plans.summary(everyone, CATALOG.tags["demand"], ("sum",), QUALIFIER))
    assert demand.rows == ((6, 6, Decimal("300000.01")),)
    nobody = run(small_engine, plans.summary(rule({"not": {"all": []}}), CATALOG.tags["age"], ("avg",), QUALIFIER))
    assert nobody.rows == ((0, 0, None),)


def test_unknowns_count_who_cannot_be_compared(small_engine: DuckDBEngine) -> None:
    asked = rule(
        {
            "all": [
                tag("age", ">", 1),
                tag("demand", ">", 1),
                tag("gender", "is_unknown"),
                {"left": "aum", "right": "aum", "right_snapshot": "month -1", "measure": "ratio", "operator": ">", "value": 1},
            ]
        }
    )
    parts = [(type(part).__name__, denied) for part, denied in plans.unknown_parts(asked.expanded)]
    assert parts == [("TagCondition", False), ("TagCondition", False), ("TagComparison", False)]
    assert run(small_engine, plans.unknowns(asked, QUALIFIER)).rows == ((6, 1, 0, 4),)


def test_of_what_is_denied_those_unknown_are_counted_in_the_segment_too(small_engine: DuckDBEngine) -> None:
    denied = {"not": tag("age", ">", 1)}
    everybody, nobody = rule(denied), rule({"all": [denied, tag("gender", "is_unknown"), {"not": tag("gender", "is_unknown")}]})
    assert run(small_engine, plans.unknowns(everybody, QUALIFIER)).rows == ((6, 1, 1),)
    assert run(small_engine, plans.unknowns(nobody, QUALIFIER)).rows == ((6, 1, 0),)


UNFIT: list[tuple[AnyNode | Short, str]] = [
    (ConceptRef(concept="active"), "concept_unexpanded"),
    (SegmentRef(segment="s1"), "segment_unexpanded"),
    (tag("nothing", "=", 1), "tag_unknown"),
    ({"records": "nothing"}, "records_unknown"),
    (login(where={"nothing": 1}), "property_unknown"),
    (tag("age", "in", ["a"]), "operator_unfit"),
    (tag("gender", ">", "F"), "rank_unknown"),
    (tag("gender", "not_in", ["F", "nothing"]), "value_unknown"),
    (tag("opened", "=", 5), "operator_unfit"),
    (tag("app", ">", 5), "operator_unfit"),
    (login(operator="in", value=["a"]), "operator_unfit"),
    (login(aggregate="sum", operator=">", value=1), "aggregate_of_nothing"),
    (tag("demand", ">", "1" + "0" * 16), "number_too_long"),
    (tag("demand", ">", "0.123456789"), "number_too_long"),
    ({"records": "holding", "window": MONTH}, "records_without_date"),
    ({"records": "holding", "aggregate": "days", "operator": ">", "value": 1}, "records_without_date"),
    ({"records": "transfer", "day_kind": "weekend"}, "calendar_uncovered"),
    ({"tag": "age", "snapshot": "year -5", "operator": ">", "value": 1}, "snapshot_missing"),
    ({"left": "gender", "right": "gender", "operator": "=", "value": 0}, "no_order"),
    ({"left": "opened", "right": "age", "operator": "=", "value": 0}, "operator_unfit"),
    ({"rank": "app", "count": 1}, "no_order"),
]


@pytest.mark.parametrize(("node", "code"), UNFIT, ids=[code + str(number) for number, (_, code) in enumerate(UNFIT)])
def test_what_validation_should_have_refused_is_a_fault(node: AnyNode | Short, code: str) -> None:
    with pytest.raises(Fault) as caught:
        plans.count(rule(node), QUALIFIER)
    assert caught.value.code == code


def test_reading_text_is_the_same_statement_laid_out() -> None:
    query = plans.count(rule(tag("demand", ">", 50000)), QUALIFIER)
    assert " ".join(plans.sql_for_reading(query, "duckdb").split()).replace("( ", "(").replace(" )", ")") == query.tree.sql(
        dialect="duckdb"
    )
    assert "\n" in plans.sql_for_reading(query, "spark")
    assert AS_OF.isoformat() in plans.sql_for_reading(query, "spark")


@pytest.mark.parametrize(
    ("short", "none"),
    [
        (tag("demand", "<", 60000), {3, 4}),
        ({"all": [tag("demand", "<=", 60000), tag("age", "is_unknown")]}, {3}),
        ({"any": [tag("demand", "range", {"low": 0, "high": 60000}), tag("age", "<", 100)]}, {3, 4}),
    ],
)
def test_having_none_counts_them_by_themselves(small_engine: DuckDBEngine, short: Short, none: set[int]) -> None:
    asked = rule(short)
    assert plans.nothing_had(asked.expanded)[0].tag == "demand"
    assert run(small_engine, plans.having_none(asked, ["demand"], QUALIFIER)).rows == ((len(none),),)
    assert selected(small_engine, rule({"all": [short, tag("demand", "=", 0)]})) == none


@pytest.mark.parametrize("short", [tag("demand", "range", {"low": 1, "high": 9}), tag("demand", "<", 0), {"not": tag("demand", "<", 9)}])
def test_those_without_meet_no_other_bound(short: Short) -> None:
    assert plans.nothing_had(rule(short).expanded) == ()
