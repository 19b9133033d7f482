"""Who on a list is called first, what she may be told and by when. Law: nothing is said to a customer but what the catalog says may be, and only where it is so; whoever is asked about the
order is told what it is by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import CalendarDays, Tag
from assistant.catalog.strategy import Strategy
from assistant.rule.tree import AllOf, AnyNode, RankCondition, TagComparison, TagCondition, walk
from assistant.sql.query import Cell, Table
from assistant.store.call import CallItem, CallReason, DueBy
from assistant.validation.verdict import ValidatedRule

MOST_REASONS = 2
_MONEY = ("CNY", "USD")
_NOTHING = "none"
"""The value of an enum that says the customer has none of it."""
Usable = Callable[[Tag], bool]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The tag a list is ranked by (empty: by customer number), from the largest or (`descending` False) the smallest or nearest."""

    tag: str = ""
    descending: bool = True

    @property
    def said(self) -> str:
        """As a list keeps it."""
        return f"-{self.tag}" if self.tag and self.descending else self.tag


@dataclass(frozen=True, slots=True)
class Told:
    """What is read of each customer: tags that may be said, in the order of the rule, then the unit and whether she is managed (empty: not known)."""

    sayable: tuple[str, ...]
    unit: str
    managed: str

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(one for one in (*self.sayable, self.unit, self.managed) if one)


def ranking(node: AnyNode, strategy: Strategy | None, catalog: TagCatalog, usable: Usable) -> Ranking:
    """The template's own order; else by the first amount the rule compares, else the nearest date ahead that it asks for, else by what a customer is worth to the bank."""
    if strategy is not None and strategy.rank_by is not None and usable(catalog.tags[strategy.rank_by]):
        tag = catalog.tags[strategy.rank_by]
        return Ranking(tag.code, tag.type != "date")
    asked = [one for one in _asked(node) if usable(catalog.tags[one.tag])]
    for one in asked:
        tag = catalog.tags[one.tag]
        if tag.numeric and tag.unit in _MONEY:
            return Ranking(tag.code, one.operator not in ("<", "<="))
    for one in asked:
        if catalog.tags[one.tag].type == "date" and catalog.tags[one.tag].tense == "future":
            return Ranking(one.tag, False)
    value = catalog.header.value_tag
    return Ranking(value) if value is not None and usable(catalog.tags[value]) else Ranking()


def _asked(node: AnyNode) -> Iterator[TagCondition]:
    """The tags a rule compares as they stand now, of conditions that all hold."""
    if isinstance(node, AllOf):
        for child in node.children:
            yield from _asked(child)
    elif isinstance(node, TagCondition) and node.snapshot is None and node.operator not in ("is_absent", "is_unknown"):
        yield node


def told(node: AnyNode, catalog: TagCatalog, usable: Usable) -> Told:
    """What is read of the customers of a rule: of its own tags those that may be said to them."""
    named: list[str] = []
    for _, part in walk(catalog.expand_all(node)):
        if isinstance(part, TagCondition | RankCondition):
            named.append(part.tag)
        elif isinstance(part, TagComparison):
            named += [part.left, part.right]
    sayable = tuple(code for code in dict.fromkeys(named) if catalog.tags[code].sayable is not None and usable(catalog.tags[code]))
    header = catalog.header
    managed = header.managed_tag if header.managed_tag is not None and usable(catalog.tags[header.managed_tag]) else None
    return Told(sayable, header.organisation_tag if usable(catalog.tags[header.organisation_tag]) else "", managed or "")


def items(
    table: Table, what: Told, rule: ValidatedRule, without: frozenset[int], first: int, run: int, most: int, days: int
) -> tuple[CallItem, ...]:
    """The first `most` customers of the table of `sql/listed.py` who are not among `without`, numbered from `first`."""
    found: list[CallItem] = []
    for one_id, *values in table.rows:
        customer = int(str(one_id))
        if customer in without or len(found) == most:
            continue
        cells = dict(zip(what.tags, values, strict=False))
        day, due_by = due(rule, what, cells, days)
        managed = cells.get(what.managed) if what.managed else None
        contacted = values[-1] if len(values) > len(what.tags) and isinstance(values[-1], date) else None
        unit = str(cells.get(what.unit) or "") if what.unit else ""
        found.append(
            CallItem(
                first + len(found), run, customer, reasons(rule, what.sayable, cells), day, due_by, unit,
                None if managed is None else bool(managed), contacted,
            )
        )  # fmt: skip
    return tuple(found)


def reasons(rule: ValidatedRule, sayable: Sequence[str], cells: dict[str, Cell]) -> tuple[CallReason, ...]:
    """What the customer may be told, at most two: of tags whose value she has, those that name it before others."""
    tags = rule.catalog.tags
    had = [tags[code] for code in sayable if _has(tags[code], cells.get(code), rule.today)]
    named = sorted(had, key=lambda tag: tag.sayable is None or not tag.sayable.names_value)
    return tuple(CallReason(tag.code, _value(tag, cells[tag.code])) for tag in named[:MOST_REASONS])


def _has(tag: Tag, value: Cell, today: date) -> bool:
    """Whether what may be said of a tag is so: true, above zero, or known; a coming date not yet past, a past one not still to come."""
    if value is None:
        return False
    if tag.type == "flag":
        return value is True
    if tag.numeric:
        return not isinstance(value, str | date) and value > 0
    if tag.type == "date" and isinstance(value, date):
        return value >= today if tag.tense == "future" else value <= today
    return str(value) != _NOTHING


def _value(tag: Tag, value: Cell) -> str:
    """The value as the words name it: a date, or the code of an enum; empty where they name none."""
    if tag.sayable is None or not tag.sayable.names_value:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def due(rule: ValidatedRule, what: Told, cells: dict[str, Cell], days: int) -> tuple[date, DueBy]:
    """By when she is called: within so many days, but before the day of what is coming that she may be told of; on a working day wherever there is one from today on."""
    tags, last = rule.catalog.tags, rule.today + timedelta(days=days)
    coming = [
        value
        for code in what.sayable
        if tags[code].type == "date" and tags[code].tense == "future"
        for value in (cells.get(code),)
        if isinstance(value, date) and value >= rule.today
    ]
    eve = min((value - timedelta(days=1) for value in coming), default=last)
    day, due_by = (max(eve, rule.today), _EVENT) if eve < last else (last, _SPAN)
    return _working(day, rule.today, rule.catalog.calendar), due_by


_EVENT: DueBy = "event"
_SPAN: DueBy = "span"


def _working(day: date, first: date, calendar: CalendarDays | None) -> date:
    """The last working day up to a day, from `first` on; the day itself where there is none, or the calendar does not reach it."""
    found = day
    while calendar is not None and calendar.first_year <= found.year <= calendar.last_year and found >= first:
        if calendar.kind(found) == "workday":
            return found
        found -= timedelta(days=1)
    return day
