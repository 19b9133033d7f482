"""The second opinion: a rule read customer by customer in plain Python. Law: shares nothing with the compiler but `resolve` and the catalog's model.

Written from MEANING.md and the docstrings of rule/tree.py, clause by clause, without SQL and without shortcuts: every record is looked at,
numbers are exact fractions, and a clause is true only when it is known to be true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import RecordSet, Tag, Valued
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    DayKind,
    Filter,
    Not,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SegmentRef,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
)
from assistant.rule.window import Absolute, Calendar, DateSpan, Tense, TimeWindow, Yearly, resolve

Cell = bool | int | Decimal | str | date | None
Row = Mapping[str, Cell]
Known = bool | Fraction | str | date


@dataclass(frozen=True)
class Bank:
    """Tables in memory: table name -> rows, each column name -> cell. The customer table has one row a customer and snapshot."""

    catalog: TagCatalog
    tables: Mapping[str, tuple[Row, ...]]
    lists: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Frozen lists by name."""

    @cached_property
    def people(self) -> Mapping[date, Mapping[int, Row]]:
        """Snapshot -> customer -> row."""
        header = self.catalog.header
        found: dict[date, dict[int, Row]] = {}
        for row in self.tables[header.customer_table]:
            day, customer = row[header.snapshot_column], row[header.customer_key]
            assert isinstance(day, date)
            assert isinstance(customer, int)
            found.setdefault(day, {})[customer] = row
        return found

    @cached_property
    def rows_of(self) -> Mapping[tuple[str, int], tuple[Row, ...]]:
        """(record set, customer) -> rows."""
        found: dict[tuple[str, int], list[Row]] = {}
        for code, records in self.catalog.records.items():
            for row in self.tables[records.table]:
                customer = row[records.key]
                assert isinstance(customer, int)
                found.setdefault((code, customer), []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}


def members(
    node: AnyNode, bank: Bank, as_of: date, today: date, scope: tuple[str, ...] = (), records_at: tuple[date, date] | None = None
) -> frozenset[int]:
    """The customers a rule denotes. `scope`: organisation codes that bound the base (empty = the whole bank). `records_at`: another as_of and today, on
    which records are read (base and tags stay where they are). KeyError for unknown codes."""
    behaviour = None if records_at is None else _Reading(bank, *records_at, scope)
    return _Reading(bank, as_of, today, scope, behaviour).members(node)


def _number(cell: Cell) -> Fraction:
    assert isinstance(cell, int | Decimal)
    return Fraction(cell)


def _in(day: date, span: DateSpan) -> bool:
    return (span.start is None or span.start <= day) and (span.end is None or day <= span.end)


def _comes_round(month_day: str, span: DateSpan, window: object) -> bool:
    """Whether a month-day falls on some day of a span; 02-29 falls on 02-28 in a common year, where what begins on 29 February holds nobody else of the 28th. Two years hold every month-day."""
    assert span.start is not None
    assert span.end is not None
    if isinstance(window, Yearly) and (window.start_month, window.start_day) == (2, 29) and month_day == "02-28":
        return _comes_round(month_day, replace(span, start=span.start + timedelta(days=1)), None) if span.start < span.end else False
    day, last = span.start, min(span.end, span.start + timedelta(days=731))
    while day <= last:
        leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
        if day.strftime("%m-%d") == month_day or (month_day == "02-29" and not leap and (day.month, day.day) == (2, 28)):
            return True
        day += timedelta(days=1)
    return False


def _ordered(operator: str, left: Fraction, right: Fraction) -> bool:
    match operator:
        case "=":
            return left == right
        case "<>":
            return left != right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
    raise ValueError(f"no order by {operator}")


def _between(number: Fraction, interval: Range) -> bool:
    low, high = Fraction(interval.low), Fraction(interval.high)
    above = number > low if interval.low_open else number >= low
    below = number < high if interval.high_open else number <= high
    return above and below


_ZERO = Fraction(0)


@dataclass(frozen=True)
class _Reading:
    """One bank on one day: what every clause is read against."""

    bank: Bank
    as_of: date
    today: date
    scope: tuple[str, ...]
    behaviour: _Reading | None = None
    """What records are read against, where that is another day."""

    @cached_property
    def snapshots(self) -> tuple[date, ...]:
        return tuple(sorted(day for day in self.bank.people if day <= self.as_of))

    @cached_property
    def later(self) -> date | None:
        """The first snapshot after the day, where the day has none of its own: it tells who had become a customer, and what never changes."""
        after = [day for day in self.bank.people if day > self.as_of]
        told = self.bank.catalog.header.opened_tag is not None and self.as_of not in self.bank.people
        return min(after) if after and told else None

    @cached_property
    def present(self) -> Mapping[int, Row]:
        """The customers on the day, before the base rule and the scope."""
        if self.later is None:
            return self.bank.people[self.snapshots[-1]]
        opened = self.bank.catalog.tags[self.bank.catalog.header.opened_tag or ""].column_name
        return {
            customer: row
            for customer, row in self.bank.people[self.later].items()
            if isinstance(day := row[opened], date) and day <= self.as_of
        }

    @cached_property
    def base(self) -> frozenset[int]:
        home = self.bank.catalog.tags[self.bank.catalog.header.organisation_tag]
        rule = self.bank.catalog.base_rule
        return frozenset(
            customer
            for customer, row in self.present.items()
            if (not self.scope or row[home.column_name] in self.scope) and self._base_holds(rule, customer)
        )

    def _base_holds(self, node: AnyNode, customer: int) -> bool:
        """The base rule is of tags alone, so it is read without a base of its own."""
        match node:
            case AllOf():
                return all(self._base_holds(child, customer) for child in node.children)
            case AnyOf():
                return any(self._base_holds(child, customer) for child in node.children)
            case Not():
                return not self._base_holds(node.child, customer)
            case TagCondition(snapshot=None):
                tag = self.bank.catalog.tags[node.tag]
                return self._holds(node, tag, self.present[customer][tag.column_name])
        raise ValueError(f"not a base rule: {node.kind}")

    def members(self, node: AnyNode) -> frozenset[int]:
        match node:
            case AllOf():
                found = self.base
                for child in node.children:
                    found &= self.members(child)
                return found
            case AnyOf():
                return frozenset().union(*(self.members(child) for child in node.children))
            case Not():
                return self.base - self.members(node.child)
            case ConceptRef():
                return self.members(self.bank.catalog.expand(node))
            case SegmentRef():
                return self.base & self.bank.lists[f"{node.segment}@{node.version}"]
            case RankCondition():
                return self._rank(node)
            case TagCondition():
                return frozenset(customer for customer in self.base if self._tag(node, customer))
            case TagComparison():
                return frozenset(customer for customer in self.base if self._against(node, customer))
            case RecordCondition():
                return frozenset(customer for customer in self.base if (self.behaviour or self)._record(node, customer))
            case SequenceCondition():
                return frozenset(customer for customer in self.base if (self.behaviour or self)._sequence(node, customer))
        raise ValueError(f"no customers can be named by {node.kind}")

    # Values

    def _at(self, snapshot: Snapshot | None) -> date:
        if snapshot is None:
            return self.snapshots[-1]
        last_day = resolve(Calendar(unit=snapshot.unit, first=snapshot.offset, last=snapshot.offset), self.as_of, self.today, "future").end
        assert last_day is not None
        return max(day for day in self.snapshots if day <= last_day)

    def _cell(self, tag: Tag, customer: int, snapshot: Snapshot | None) -> Cell:
        day = self._at(snapshot)
        row = self.bank.people[day].get(customer)
        if self.later is not None and day == self.snapshots[-1] and (row is None or tag.settled):
            row = self.present[customer]
        return None if row is None else row[tag.column_name]

    @staticmethod
    def _known(item: Valued, cell: Cell) -> Known | None:
        """What a cell says: None when that is not known."""
        if cell is None:
            if item.null_means == "zero":
                return _ZERO
            return False if item.null_means == "false" else None
        return _number(cell) * Fraction(item.multiplier) if item.numeric else cell if not isinstance(cell, int | Decimal) else bool(cell)

    @staticmethod
    def _order_of(item: Valued, code: str) -> Fraction | None:
        rank = next((value.rank for value in item.values if value.code == code), None)
        return None if rank is None else Fraction(rank)

    def _below(self, item: Valued, codes: tuple[str, ...]) -> frozenset[str]:
        """The codes and everything under them; a region of the organisation has its units under it."""
        header = self.bank.catalog.header
        if item.values_from == "organisation":
            above = [(unit.code, upper) for unit in header.organisation for upper in (unit.parent, unit.region) if upper is not None]
        else:
            above = [(value.code, value.parent) for value in item.values if value.parent is not None]
        found = set(codes)
        while grown := {lower for lower, upper in above if upper in found} - found:
            found |= grown
        return frozenset(found)

    # One comparison

    def _holds(self, clause: Comparing, item: Valued, cell: Cell) -> bool:
        """A comparison of a stored value."""
        if clause.operator == "is_absent":
            return cell is None and item.null_means in ("zero", "false", "none")
        if clause.operator == "is_unknown":
            return cell is None and item.null_means == "unknown"
        return self._compares(clause, item, self._known(item, cell), item.tense)

    def _compares(self, clause: Comparing, item: Valued, known: Known | None, tense: Tense) -> bool:
        if known is None:
            return False
        operator, value = clause.operator, clause.value
        if operator == "within":
            assert not isinstance(value, bool | Decimal | tuple | Range | None)
            span = resolve(value, self.as_of, self.today, tense)
            if isinstance(known, str):
                return not span.empty and _comes_round(known, span, value)
            assert isinstance(known, date)
            return _in(known, span)
        if isinstance(value, Range):
            assert isinstance(known, Fraction)
            return _between(known, value)
        if isinstance(value, tuple):
            assert isinstance(known, str)
            if operator in ("in", "not_in"):
                return (known in self._below(item, value)) == (operator == "in")
            if operator in ("=", "<>"):
                return (known == value[0]) == (operator == "=")
            left, right = self._order_of(item, known), self._order_of(item, value[0])
            return left is not None and right is not None and _ordered(operator, left, right)
        if isinstance(value, bool):
            return (known is value) == (operator == "=")
        assert isinstance(value, Decimal)
        assert isinstance(known, Fraction)
        return _ordered(operator, known, Fraction(value))

    # Tags

    def _tag(self, node: TagCondition, customer: int) -> bool:
        tag = self.bank.catalog.tags[node.tag]
        return self._holds(node, tag, self._cell(tag, customer, node.snapshot))

    def _amount(self, code: str, customer: int, snapshot: Snapshot | None) -> Fraction | None:
        """A tag as a number: itself, or the rank of an ordered enum."""
        tag = self.bank.catalog.tags[code]
        known = self._known(tag, self._cell(tag, customer, snapshot))
        if isinstance(known, str):
            return self._order_of(tag, known)
        assert known is None or isinstance(known, Fraction)
        return known

    def _against(self, node: TagComparison, customer: int) -> bool:
        left, right = self._amount(node.left, customer, node.left_snapshot), self._amount(node.right, customer, node.right_snapshot)
        if left is None or right is None:
            return False
        if node.measure == "difference":
            measured = left - right
        elif right <= 0:
            return False
        else:
            measured = left / right if node.measure == "ratio" else (left - right) / right
        if isinstance(node.value, Range):
            return _between(measured, node.value)
        assert isinstance(node.value, Decimal)
        return _ordered(node.operator, measured, Fraction(node.value))

    def _rank(self, node: RankCondition) -> frozenset[int]:
        known = [
            (amount, customer) for customer in self.members(node.within) if (amount := self._amount(node.tag, customer, None)) is not None
        ]
        known.sort(key=lambda pair: (-pair[0] if node.direction == "top" else pair[0], pair[1]))
        if node.percent is not None:
            return frozenset(customer for _, customer in known[: ceil(len(known) * Fraction(node.percent) / 100)])
        return frozenset(customer for _, customer in known[: node.count])

    # Records

    def _kind_of(self, day: date) -> DayKind:
        calendar = self.bank.catalog.calendar
        if day in calendar.workdays:
            return "workday"
        if any(day in days for days in calendar.holidays.values()):
            return "holiday"
        return "weekend" if day.weekday() >= 5 else "workday"

    def _stands(self, records: RecordSet, row: Row) -> bool:
        """A state counts when it held on as_of."""
        start = row[records.valid_from] if records.valid_from else None
        end = row[records.valid_to] if records.valid_to else None
        assert start is None or isinstance(start, date)
        assert end is None or isinstance(end, date)
        return (start is None or start <= self.as_of) and (end is None or self.as_of <= end)

    def _selected(self, code: str, filters: Iterable[Filter], window: TimeWindow | None, kind: DayKind | None, customer: int) -> list[Row]:
        """A customer's records that pass every filter, in the window, on the kind of day."""
        records = self.bank.catalog.records[code]
        if window is None:
            span = DateSpan(None, self.as_of if records.tense == "past" else None)
        else:
            span = resolve(window, self.as_of, self.today, records.tense)
        if span.start is None and records.tense == "past":
            span = replace(span, start=records.history_from)
        found = []
        for row in self.bank.rows_of.get((code, customer), ()):
            if not self._stands(records, row):
                continue
            if records.date_column is not None:
                day = row[records.date_column]
                if not isinstance(day, date) or not _in(day, span) or (kind is not None and self._kind_of(day) != kind):
                    continue
            if all(self._passes(records, item, row) for item in filters):
                found.append(row)
        return found

    def _passes(self, records: RecordSet, item: Filter, row: Row) -> bool:
        item_of = records.property(item.property)
        if item_of is None:
            raise KeyError(item.property)
        return self._holds(item, item_of, row[item_of.column_name])

    def _record(self, node: RecordCondition, customer: int) -> bool:
        measured, item, tense = self._measured(node, customer)
        if node.operator == "is_unknown":
            return measured is None
        return self._compares(node, item, measured, tense)

    def _measured(self, node: RecordCondition, customer: int) -> tuple[Known | None, Valued, Tense]:
        """The aggregate (None = unknown), what kind of value it is, and the tense it is compared in."""
        records = self.bank.catalog.records[node.records]
        rows = self._selected(node.records, node.filters, node.window, node.day_kind, customer)
        item = records.property(node.of) if node.of is not None else None
        if item is None:
            measured: Known | None
            match node.aggregate:
                case "count" if records.grain == "day" and records.count_column is not None:
                    measured = sum((_number(row[records.count_column] or 0) for row in rows), _ZERO)
                case "count":
                    measured = Fraction(len(rows))
                case "days":
                    measured = Fraction(len({row[records.date_column or ""] for row in rows}))
                case _:
                    days = sorted(day for row in rows if isinstance(day := row[records.date_column or ""], date))
                    measured = None if not days else days[0] if node.aggregate in ("min", "first") else days[-1]
            return measured, Valued(type="date"), records.tense
        if node.aggregate in ("first", "last"):
            in_order = sorted(rows, key=lambda row: str(row[records.date_column or ""]))
            chosen = None if not rows else in_order[0] if node.aggregate == "first" else in_order[-1]
            return (None if chosen is None else self._known(item, chosen[item.column_name])), item, item.tense
        values = [value for row in rows if (value := self._known(item, row[item.column_name])) is not None]
        if node.aggregate == "sum":
            return sum(map(_fraction, values), _ZERO), item, item.tense
        if not values:
            return None, item, item.tense
        if node.aggregate == "avg":
            return sum(map(_fraction, values), _ZERO) / len(values), item, item.tense
        if isinstance(values[0], str):
            placed = [(order, value) for value in values if isinstance(value, str) and (order := self._order_of(item, value)) is not None]
            extreme: Known | None = None if not placed else min(placed)[1] if node.aggregate == "min" else max(placed)[1]
        elif isinstance(values[0], date):
            dates = [value for value in values if isinstance(value, date)]
            extreme = min(dates) if node.aggregate == "min" else max(dates)
        else:
            extreme = min(map(_fraction, values)) if node.aggregate == "min" else max(map(_fraction, values))
        return extreme, item, item.tense

    def _moments_of(self, side: Records, customer: int, window: TimeWindow | None) -> list[tuple[date, Cell]]:
        """The day of each record, and its time where the set keeps one."""
        records = self.bank.catalog.records[side.records]
        assert records.date_column is not None
        rows = self._selected(side.records, side.filters, window, side.day_kind, customer)
        times = [None if records.time_column is None else row[records.time_column] for row in rows]
        days = [row[records.date_column] for row in rows]
        return [(day, time) for day, time in zip(days, times, strict=True) if isinstance(day, date)]

    def _sequence(self, node: SequenceCondition, customer: int) -> bool:
        firsts = self._moments_of(node.first, customer, node.first.window)
        thens = self._moments_of(node.then, customer, Absolute(end=self.as_of))
        span = None if node.first.window is None else resolve(node.first.window, self.as_of, self.today)
        end = self.as_of if span is None or span.end is None else span.end
        for first, at in firsts:
            last = end if node.within_days is None else first + timedelta(days=node.within_days)
            passed = node.within_days is None or last <= self.as_of
            followed = any(first <= then <= last and not _earlier(time, at) for then, time in thens)
            if (not followed and passed) if node.negated else followed:
                return True
        return False


def _earlier(time: Cell, other: Cell) -> bool:
    """Whether one moment is known to lie before another."""
    return isinstance(time, datetime) and isinstance(other, datetime) and time < other


def _fraction(value: Known) -> Fraction:
    assert isinstance(value, Fraction)
    return value
