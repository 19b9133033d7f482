"""The oracle itself, against sets written by hand from MEANING.md: one clause a row, a bank of six customers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

import pytest

from assistant.evaluate.generator import Author
from assistant.evaluate.oracle import Bank, Cell, Row, members
from assistant.evaluate.world import small_catalog, small_world
from assistant.rule.canonical import canonical
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyOf, Not

CATALOG = small_catalog({"all": []})
AS_OF, TODAY = date(2025, 2, 28), date(2025, 3, 1)
LAST_MONTH, LAST_YEAR = date(2025, 1, 31), date(2024, 12, 31)


def _person(customer: int, day: date, **cells: Cell) -> Mapping[str, Cell]:
    return {"one_id": customer, "as_of": day, **{tag.column_name: None for tag in CATALOG.tags.values()}, **cells}


def _record(code: str, customer: int, **cells: Cell) -> Mapping[str, Cell]:
    records = CATALOG.records[code]
    return {records.key: customer, **{item.column_name: None for item in records.properties}, **cells}


def _at(day: str, hour: int) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour))


def _visit(customer: int, day: str, hour: int = 9, **cells: Cell) -> Mapping[str, Cell]:
    return _record("visit", customer, day=date.fromisoformat(day), at=_at(day, hour), **cells)


def _buy(customer: int, day: str, amount: str | None, hour: int = 12, **cells: Cell) -> Mapping[str, Cell]:
    money = None if amount is None else Decimal(amount)
    return _record("buy", customer, bought_on=date.fromisoformat(day), bought_at=_at(day, hour), amt=money, **cells)


def _holding(customer: int, start: str, end: str | None, amount: int, line: str, matures: str | None = None) -> Mapping[str, Cell]:
    return _record(
        "holding",
        customer,
        valid_from=date.fromisoformat(start),
        valid_to=None if end is None else date.fromisoformat(end),
        amount=Decimal(amount),
        line=line,
        matures=None if matures is None else date.fromisoformat(matures),
    )


BANK = Bank(
    CATALOG,
    {
        "customer": (
            _person(1, AS_OF, c_balance=Decimal(100), income=Decimal(10), grade="Z", vip=True, home="S11", birthday="02-29", opened=AS_OF),
            _person(2, AS_OF, c_balance=Decimal(300), income=Decimal(30), grade="M", vip=False, home="S12", birthday="03-01"),
            _person(3, AS_OF, c_balance=None, income=None, grade="A", vip=None, home="S21", birthday="12-31", sort="deep"),
            _person(4, AS_OF, c_balance=Decimal(0), income=Decimal(30), grade=None, married=True, home="B1", sort="left"),
            _person(5, AS_OF, c_balance=Decimal(300), income=Decimal(20), grade="odd", married=False, home="HQ", sort="other"),
            _person(6, AS_OF, c_balance=Decimal("300.01"), income=Decimal(30), grade="K", matures=date(2025, 3, 2), home="B2"),
            _person(1, LAST_MONTH, c_balance=Decimal(50), grade="M"),
            _person(2, LAST_MONTH, c_balance=Decimal(300), grade="M"),
            _person(3, LAST_MONTH, c_balance=Decimal(10), grade="A"),
            _person(9, LAST_MONTH, c_balance=Decimal(999), grade="K"),
            _person(2, LAST_YEAR, c_balance=Decimal(-1)),
        ),
        "record_visit": (
            _visit(1, "2025-02-28", zone="red", seconds=5),
            _visit(1, "2025-02-28", zone="blue", seconds=None),
            _visit(1, "2025-02-01", zone="red", seconds=10),
            _visit(2, "2025-01-29", zone=None, seconds=None),
            _visit(3, "2025-03-01", zone="red", seconds=7),
            _visit(4, "2024-02-29", zone="green", seconds=1),
        ),
        "record_buy": (
            _buy(1, "2025-02-28", "10"),
            _buy(1, "2025-02-10", "2.5", fee=Decimal(4)),
            _buy(2, "2025-02-05", None, fee=None),
            _buy(4, "2024-03-02", "100", fee=Decimal(1), risk="M"),
        ),
        "record_quick": (
            _record("quick", 1, day=date(2025, 2, 3), times=3, amount=Decimal(9)),
            _record("quick", 1, day=date(2025, 2, 4), times=1, amount=Decimal(1)),
            _record("quick", 5, day=date(2025, 2, 25), times=2, amount=Decimal(2)),
        ),
        "record_holding": (
            _holding(1, "2025-01-01", None, 20, "deep", "2025-03-05"),
            _holding(1, "2025-01-01", None, 5, "other", "2025-09-01"),
            _holding(2, "2025-01-01", "2025-02-28", 20, "left"),
            _holding(3, "2025-01-01", "2025-02-27", 20, "left"),
            _holding(4, "2025-03-01", None, 20, "left"),
        ),
    },
)
EVERYONE = {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        # Sets
        ({"all": []}, EVERYONE),
        ({"not": {"all": []}}, set()),
        ({"all": [{"tag": "vip", "value": True}, {"tag": "balance", "operator": ">", "value": 100}]}, set()),
        ({"any": [{"tag": "vip", "value": True}, {"tag": "married", "value": True}]}, {1, 4}),
        # Known and unknown
        ({"tag": "balance", "operator": "<", "value": 1}, {3, 4}),
        ({"tag": "balance", "operator": "is_absent"}, {3}),
        ({"tag": "balance", "operator": "is_unknown"}, set()),
        ({"tag": "income", "operator": "<", "value": 30}, {1, 5}),
        ({"not": {"tag": "income", "operator": ">=", "value": 30}}, {1, 3, 5}),
        ({"tag": "income", "operator": "is_unknown"}, {3}),
        ({"tag": "income", "operator": "is_absent"}, set()),
        ({"tag": "vip", "value": False}, {2, 3, 4, 5, 6}),
        ({"tag": "married", "value": False}, {5}),
        ({"not": {"tag": "married", "value": True}}, {1, 2, 3, 5, 6}),
        ({"tag": "grade", "operator": "is_absent"}, {4}),
        # Ranges and codes
        ({"tag": "balance", "range": [100, 300]}, {1, 2, 5}),
        ({"tag": "balance", "range": "(100, 300.01)"}, {2, 5}),
        ({"tag": "grade", "operator": ">=", "value": ["M"]}, {2, 3, 6}),
        ({"tag": "grade", "operator": "<>", "value": ["Z"]}, {2, 3, 5, 6}),
        ({"tag": "grade", "operator": "not_in", "value": ["Z", "M"]}, {3, 5, 6}),
        ({"tag": "sort", "value": ["top"]}, {3, 4}),
        ({"tag": "sort", "operator": "not_in", "value": ["left"]}, {5}),
        ({"tag": "home", "value": ["B1"]}, {1, 2, 4}),
        ({"tag": "home", "value": ["WEST"]}, {3, 6}),
        # Dates
        ({"tag": "opened", "within": "rolling 1 day"}, {1}),
        ({"tag": "matures", "within": "future 2 day"}, {6}),
        ({"tag": "birthday", "within": "calendar day -1"}, {1}),
        ({"tag": "birthday", "within": "calendar month"}, {2}),
        ({"tag": "birthday", "within": "yearly 12-20..03-01"}, {1, 2, 3}),
        # Earlier snapshots: who was not there has no value there
        ({"tag": "balance", "snapshot": "month -2", "operator": "<", "value": 50}, {3, 4, 5, 6}),
        # On 1 March the end of last month is 28 February, the data's own day.
        ({"tag": "balance", "snapshot": "month -1", "operator": "<", "value": 50}, {3, 4}),
        ({"left": "balance", "right": "balance", "right_snapshot": "month -2", "operator": ">", "value": 0}, {1, 5, 6}),
        ({"left": "balance", "right": "balance", "right_snapshot": "month -2", "measure": "ratio", "operator": ">=", "value": 2}, {1}),
        (
            {
                "left": "balance",
                "right": "balance",
                "right_snapshot": "year -1",
                "measure": "relative_change",
                "operator": "<>",
                "value": 9,
            },
            set(),
        ),
        ({"left": "grade", "right": "grade", "right_snapshot": "month -2", "operator": "<", "value": 0}, {1}),
        # Records
        ({"records": "visit", "window": "rolling 30 day", "operator": ">=", "value": 1}, {1}),
        ({"records": "visit", "window": "rolling 31 day", "operator": ">=", "value": 1}, {1, 2}),
        ({"records": "visit", "operator": "=", "value": 0}, {3, 5, 6}),
        ({"records": "visit", "where": {"zone": ["red"]}, "operator": "=", "value": 2}, {1}),
        ({"records": "visit", "where": {"zone": {"operator": "not_in", "value": ["red"]}}, "operator": ">=", "value": 1}, {1, 4}),
        ({"records": "visit", "aggregate": "days", "operator": "=", "value": 2}, {1}),
        ({"records": "visit", "aggregate": "sum", "of": "seconds", "operator": "<", "value": 1}, {2, 3, 5, 6}),
        ({"records": "visit", "aggregate": "avg", "of": "seconds", "operator": "=", "value": "7.5"}, {1}),
        ({"records": "visit", "aggregate": "avg", "of": "seconds", "operator": "<", "value": 100}, {1, 4}),
        ({"records": "buy", "aggregate": "avg", "of": "fee", "operator": "=", "value": 2}, {1}),
        ({"records": "buy", "aggregate": "min", "of": "fee", "operator": "=", "value": 0}, {1, 2}),
        ({"records": "buy", "aggregate": "last", "of": "amount", "operator": ">=", "value": 10}, {1, 4}),
        ({"records": "buy", "aggregate": "first", "of": "amount", "operator": "<", "value": 10}, {1}),
        ({"records": "buy", "aggregate": "last", "operator": "within", "value": {"kind": "rolling", "n": 300}}, {1, 2}),
        ({"records": "buy", "aggregate": "last", "of": "risk", "operator": "=", "value": ["M"]}, {4}),
        ({"records": "quick", "operator": "=", "value": 4}, {1}),
        (
            {"records": "quick", "aggregate": "days", "operator": ">=", "value": 1, "day_kind": "workday", "window": "rolling 30 day"},
            {1, 5},
        ),
        ({"records": "holding", "operator": ">=", "value": 1}, {1, 2}),
        (
            {"records": "holding", "where": {"amount": {"operator": ">", "value": 10}, "line": ["top"]}, "operator": ">=", "value": 1},
            {1, 2},
        ),
        ({"records": "holding", "where": {"amount": {"operator": "<", "value": 10}, "matures": {"within": "future 7 day"}}}, set()),
        # Sequences
        ({"first": {"records": "visit"}, "then": {"records": "buy"}, "within_days": 0}, {1}),
        ({"first": {"records": "visit"}, "then": {"records": "buy"}, "within_days": 2}, {1, 4}),
        ({"first": {"records": "visit"}, "then": {"records": "buy"}, "within_days": 1, "negated": True}, {1, 2, 4}),
        (
            {"first": {"records": "visit", "window": "rolling 7 day"}, "then": {"records": "quick"}, "within_days": 1, "negated": True},
            set(),
        ),
        ({"first": {"records": "visit", "window": "2025-02-01..2025-02-09"}, "then": {"records": "buy"}}, set()),
        ({"first": {"records": "visit", "window": "2025-02-01..2025-02-09"}, "then": {"records": "buy"}, "negated": True}, {1}),
        ({"first": {"records": "visit", "window": "2025-02-01..2025-02-10"}, "then": {"records": "buy"}}, {1}),
        ({"first": {"records": "visit"}, "then": {"records": "buy"}, "negated": True}, set()),
        ({"first": {"records": "visit", "window": "2025-01-01..2025-02-28"}, "then": {"records": "quick"}, "negated": True}, {1, 2}),
        # Ranks: unknown left out, ties by the smaller id, percent rounded up
        ({"rank": "income", "count": 2}, {2, 4}),
        ({"rank": "income", "direction": "bottom", "count": 4}, {1, 2, 4, 5}),
        ({"rank": "income", "percent": 41}, {2, 4, 6}),
        ({"rank": "balance", "direction": "bottom", "count": 1}, {3}),
        ({"rank": "grade", "count": 1, "within": {"not": {"tag": "grade", "value": ["K"]}}}, {3}),
        ({"rank": "balance", "count": 1, "within": {"tag": "balance", "operator": "<", "value": 300}}, {1}),
        # Concepts, and their own negations
        ({"concept": "rich"}, {2, 5, 6}),
        ({"concept": "rich", "parameters": {"floor": 100}, "negated": True}, {3, 4}),
        ({"concept": "active", "parameters": {"visits": 1}}, {1}),
        ({"concept": "active", "negated": True}, set()),
    ],
)
def test_clause(short: dict[str, object], expected: set[int]) -> None:
    assert members(node_from_short(short), BANK, AS_OF, TODAY) == expected


def test_scope_and_base_bound_every_set() -> None:
    assert members(node_from_short({"all": []}), BANK, AS_OF, TODAY, ("B1", "S11", "S12")) == {1, 2, 4}
    assert members(node_from_short({"not": {"tag": "vip", "value": True}}), BANK, AS_OF, TODAY, ("B1", "S11", "S12")) == {2, 4}
    top = node_from_short({"rank": "balance", "count": 1})
    assert members(top, BANK, AS_OF, TODAY, ("B1", "S11", "S12")) == {2}


def test_an_earlier_day_sees_the_bank_of_that_day() -> None:
    day = (LAST_MONTH, date(2025, 2, 1))
    assert members(node_from_short({"all": []}), BANK, *day) == {1, 2, 3, 9}
    assert members(node_from_short({"records": "visit", "operator": ">=", "value": 2}), BANK, *day) == set()


def test_a_day_between_two_snapshots_has_the_customers_who_are_known_to_have_opened_by_then() -> None:
    """By the later snapshot: on the last day only customer 1 had, and nobody is known to have the day before."""
    opened = replace(BANK, tables={**BANK.tables, "customer": (*BANK.tables["customer"], {**_row(1), "as_of": date(2025, 3, 31)})})
    assert members(node_from_short({"all": []}), opened, date(2025, 3, 5), date(2025, 3, 6)) == {1}
    assert members(node_from_short({"tag": "opened", "within": "rolling 10 day"}), opened, date(2025, 3, 5), date(2025, 3, 6)) == {1}
    assert members(node_from_short({"all": []}), BANK, date(2025, 2, 27), date(2025, 2, 28)) == set()


def _row(customer: int) -> Row:
    """The row of a customer on the last day."""
    return next(row for row in BANK.tables["customer"] if (row["one_id"], row["as_of"]) == (customer, AS_OF))


def test_records_may_be_read_on_another_day() -> None:
    node = node_from_short({"all": [{"tag": "balance", "operator": ">=", "value": 0}, {"records": "visit", "window": "rolling 30 day"}]})
    earlier, later = (LAST_MONTH, date(2025, 2, 1)), (AS_OF, TODAY)
    assert members(node, BANK, *later) == members(node, BANK, *later, (), later) == {1}
    assert members(node, BANK, *later, (), earlier) == {2}
    assert members(node, BANK, *earlier, (), later) == {1}
    assert members(Not(child=node), BANK, *earlier, (), later) == {2, 3, 9}, "the base stays where the tags are"


def test_the_canonical_form_is_the_same_set() -> None:
    """What canonical drops, sorts and frees never changes who is meant."""
    for seed in range(4):
        random = Random(seed)
        world = small_world(random)
        author = Author(random, world)
        for _ in range(40):
            node = author.rule()
            rough = AllOf(children=(AnyOf(children=(node, node)), Not(child=Not(child=node)), AllOf()))
            assert world.members(canonical(rough)) == world.members(node)


@pytest.mark.parametrize(("hour", "followed"), [(8, False), (9, True), (10, True)])
def test_a_sequence_keeps_the_order_within_a_day(hour: int, followed: bool) -> None:
    """A purchase in the morning does not follow the visit of that afternoon; of a set kept by the day the order is not known."""
    tables = {
        **BANK.tables,
        "record_visit": (_visit(6, "2025-02-20", 9),),
        "record_buy": (_buy(6, "2025-02-20", "1", hour),),
        "record_quick": (_record("quick", 6, day=date(2025, 2, 20), times=1, amount=Decimal(1)),),
    }
    timed = {"first": {"records": "visit"}, "then": {"records": "buy"}, "within_days": 3}
    for short, expected in (
        (timed, followed),
        ({**timed, "negated": True}, not followed),
        ({**timed, "then": {"records": "quick"}}, True),
    ):
        assert (6 in members(node_from_short(short), Bank(CATALOG, tables), AS_OF, TODAY)) == expected


@pytest.mark.parametrize("window", [None, "..2025-02-28", "ago 0 day"])
def test_what_counts_from_however_long_ago_counts_from_the_first_day_known(window: str | None) -> None:
    since = {code: one.model_copy(update={"history_from": date(2025, 1, 1)}) for code, one in CATALOG.records.items()}
    node = node_from_short({"records": "visit", **({} if window is None else {"window": window})})
    assert members(node, BANK, AS_OF, TODAY) - members(node, replace(BANK, catalog=replace(CATALOG, records=since)), AS_OF, TODAY) == {4}
