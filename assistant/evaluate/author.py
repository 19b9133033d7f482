"""Rules over any catalog, for the round trip: every node, operator, aggregate and kind of window in its share. Law: a seed decides everything; gate 1 passes each rule.

No data are looked at: values come from what the catalog says of an element (codes, plausible ranges, units), dates from its tense.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet, Tag
from assistant.policy import Identity
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    DayKind,
    Filter,
    Not,
    Operator,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SegmentRule,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    Value,
)
from assistant.rule.window import (
    Absolute,
    Ago,
    Calendar,
    Future,
    RestOf,
    Rolling,
    Shifted,
    Tense,
    TimeWindow,
    Unit,
    Yearly,
    resolve,
)
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

_UNITS: tuple[Unit, ...] = get_args(Unit)
_DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
_ORDERS: tuple[Operator, ...] = (">", ">=", "<", "<=", "=", "<>")
_SNAPSHOTS = (("month", -1), ("month", -2), ("month", -11), ("quarter", -1), ("quarter", -3), ("year", -1))
_TRIES = 200
_MOST_MEMBERS = 3


@dataclass(frozen=True)
class Bank:
    """What a rule is drawn over and judged by: a catalog, who asks, and the dates of its data."""

    catalog: TagCatalog
    identity: Identity
    as_of: date
    today: date
    snapshots: tuple[date, ...]

    def passes(self, node: AnyNode) -> bool:
        """Whether gate 1 passes a rule, without refusing or asking."""
        rule = SegmentRule(node=node)
        return isinstance(validate(rule, self.catalog, self.identity, self.as_of, self.today, self.snapshots), ValidatedRule)


@dataclass(frozen=True)
class Author:
    """Draws rules over a bank."""

    random: Random
    bank: Bank

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(tag for tag in self.bank.catalog.tags.values() if tag.status in ("online", "deprecated"))

    @cached_property
    def record_sets(self) -> tuple[RecordSet, ...]:
        return tuple(record for record in self.bank.catalog.records.values() if record.status in ("online", "deprecated"))

    def rule(self, depth: int) -> AnyNode:
        """A rule whose groups, denials and ranks stand `depth` deep; 0 is one condition. RuntimeError where gate 1 passes none of many."""
        for _ in range(_TRIES):
            node = self.node(depth)
            if self.bank.passes(node):
                return node
        raise RuntimeError("no rule of this catalog passes gate 1")

    def node(self, depth: int) -> AnyNode:
        if depth == 0:
            return self.condition()
        match self.random.choices(("all", "any", "not", "rank"), (35, 35, 15, 15))[0]:
            case "all":
                return AllOf(children=self.members(depth))
            case "any":
                return AnyOf(children=self.members(depth))
            case "not":
                return Not(child=self.node(depth - 1))
            case _:
                return self.rank(depth)

    def members(self, depth: int) -> tuple[AnyNode, ...]:
        """The members of a group: one as deep as asked, the others shallower."""
        others = [self.node(self.random.choice((0, 0, 0, depth - 1))) for _ in range(self.random.randint(1, _MOST_MEMBERS - 1))]
        found = [self.node(depth - 1), *others]
        self.random.shuffle(found)
        return tuple(found)

    def rank(self, depth: int) -> RankCondition:
        tag = self.random.choice([tag for tag in self.tags if tag.numeric])
        direction = self.random.choice(("top", "bottom"))
        within = AllOf() if self.random.random() < 0.25 else self.node(depth - 1)
        size: dict[str, object] = {"count": self.random.choice((1, 20, 100, 500, 10_000))}
        if self.random.random() < 0.5:
            size = {"percent": Decimal(self.random.choice(("1", "5", "10", "33.3", "0.5", "100")))}
        return RankCondition.model_validate({"tag": tag.code, "direction": direction, "within": within, **size})

    def condition(self) -> AnyNode:
        """A single condition that gate 1 passes."""
        for _ in range(_TRIES):
            found = self.any_condition()
            if self.bank.passes(found):
                return found
        raise RuntimeError("no condition of this catalog passes gate 1")

    def any_condition(self) -> AnyNode:
        kinds = ("number", "flag", "enum", "date", "ahead", "against", "record", "sequence", "concept", "everyone")
        match self.random.choices(kinds, (13, 8, 14, 8, 12, 13, 24, 9, 9, 1))[0]:
            case "against":
                return self.against()
            case "record":
                return self.record()
            case "sequence":
                return self.sequence()
            case "concept":
                return self.concept()
            case "everyone":
                return AllOf()
            case kind:
                return self.tag(kind)

    # tags and concepts

    def tag(self, kind: str) -> TagCondition:
        tag = self.random.choice([tag for tag in self.tags if _kind(tag) == kind] or self.tags)
        operator, value = self.comparison(tag)
        snapshot = self.snapshot() if self.random.random() < 0.2 else None
        return TagCondition(tag=tag.code, operator=operator, value=value, snapshot=snapshot)

    def snapshot(self) -> Snapshot:
        unit, offset = self.random.choice(_SNAPSHOTS)
        return Snapshot.model_validate({"unit": unit, "offset": offset})

    def against(self) -> TagComparison:
        """A tag with itself earlier, or with another of its unit; an ordered enum with itself."""
        left = self.random.choice([tag for tag in self.tags if tag.numeric or tag.ordered])
        measure = self.random.choice(("difference", "ratio", "relative_change")) if left.numeric else "difference"
        sides: dict[str, object] = {"right": left.code, "right_snapshot": self.snapshot()}
        if left.numeric and self.random.random() < 0.5:
            right = self.random.choice([tag for tag in self.tags if tag.numeric and tag.unit == left.unit])
            sides = {"right": right.code}
            for side in ("left_snapshot", "right_snapshot"):
                if self.random.random() < 0.3:
                    sides[side] = self.snapshot()
        operator: Operator = self.random.choice((*_ORDERS, ">=", "<=", "range"))
        value: Value = self.size(left, measure)
        if operator == "range":
            value = self.between(self.size(left, measure), self.size(left, measure))
        return TagComparison.model_validate({"left": left.code, **sides, "measure": measure, "operator": operator, "value": value})

    def size(self, tag: Tag, measure: str) -> Decimal:
        """How much a tag has changed or differs by."""
        if measure == "ratio":
            return Decimal(self.random.choice(("0.5", "1", "2", "1.25", "10")))
        if measure == "relative_change":
            return Decimal(self.random.choice(("-0.3", "0", "0.5", "1", "-0.005", "0.125")))
        if tag.ordered:
            return Decimal(self.random.choice((-2, -1, 0, 1, 2)))
        return self.number(tag) * self.random.choice((-1, 1, 1))

    def concept(self) -> ConceptRef:
        """A business word, by its name or its negation, at times with other parameters."""
        concept = self.random.choice([each for each in self.bank.catalog.concepts.values() if each.status in ("online", "deprecated")])
        parameters = {}
        for name, parameter in concept.parameters.items():
            if self.random.random() < 0.4:
                low, high = parameter.low, parameter.high
                near = [
                    parameter.default,
                    parameter.default * 2,
                    parameter.default + 1,
                    low or parameter.default,
                    high or parameter.default,
                ]
                value = self.random.choice(near)
                parameters[name] = min(max(value, value if low is None else low), value if high is None else high)
        return ConceptRef.model_validate({"concept": concept.code, "parameters": parameters, "negated": self.random.random() < 0.4})

    # comparisons

    def comparison(self, item: Tag | Property) -> tuple[Operator, Value]:
        """An operator with a value that fits the type; now and then absence, where the catalog knows it."""
        if item.null_means != "never_null" and self.random.random() < 0.12:
            return self.random.choice(("is_absent", "is_unknown")), None
        match item.type:
            case "integer" | "decimal":
                if self.random.random() < 0.25:
                    return "range", self.between(self.number(item), self.number(item))
                return self.random.choice(_ORDERS), self.number(item)
            case "flag":
                return self.random.choice(("=", "=", "=", "<>")), self.random.random() < 0.5
            case "enum":
                return self.codes(item)
            case _:
                return "within", self.window(item.tense)

    def between(self, one: Decimal, other: Decimal) -> Range:
        low, high = sorted((one, other if other != one else one + 1))
        return Range(low=low, high=high, low_open=self.random.random() < 0.5, high_open=self.random.random() < 0.5)

    def number(self, item: Tag | Property) -> Decimal:
        """A number a person could say of an item: inside its plausible range, mostly round."""
        low, high = item.plausible or (Decimal(1), Decimal(1_000_000) if item.unit in ("CNY", "USD") else Decimal(90))
        if item.type == "integer":
            first = max(int(low), 0)
            return Decimal(self.random.randint(first, min(int(high), first + 120)))
        if item.unit not in ("CNY", "USD"):
            return Decimal(self.random.randint(int(low * 100), int(high * 100))) / 100
        rounded = [Decimal(digit) * Decimal(10) ** power for digit in (1, 2, 5) for power in range(2, 8)]
        inside = [number for number in (*rounded, Decimal(35_000), Decimal("12345.67"), Decimal(123_456_700)) if low <= number <= high]
        return self.random.choice(inside or [high])

    def codes(self, item: Tag | Property) -> tuple[Operator, Value]:
        known = [value.code for value in self.bank.catalog.values(item)]
        if not known:
            return "is_unknown", None
        if item.values_from == "organisation":
            known.extend(region.code for region in self.bank.catalog.header.regions)
        if item.ordered and self.random.random() < 0.6:
            return self.random.choice((">", ">=", "<", "<=")), (self.random.choice(known),)
        return self.random.choice(("in", "in", "not_in")), tuple(self.random.sample(known, self.random.randint(1, min(3, len(known)))))

    # windows

    def window(self, tense: Tense) -> TimeWindow:
        """A window of any kind that the tense leaves some day of."""
        for _ in range(_TRIES):
            found = self.any_window(tense)
            if not resolve(found, self.bank.as_of, self.bank.today, tense).empty:
                return found
        return Rolling(n=30) if tense == "past" else Future(n=30)

    def any_window(self, tense: Tense) -> TimeWindow:
        random = self.random
        unit = random.choice(_UNITS)
        n = random.choice((1, 7, 30, 60, 90, 180)) if unit == "day" else random.choice((1, 2, 3, 4))
        past = ("rolling", "full", "calendar", "absolute", "ago", "shifted", "yearly")
        ahead = ("future", "rest_of", "calendar", "absolute", "yearly", "future", "rest_of")
        match random.choice(past if tense == "past" else ahead):
            case "rolling":
                return Rolling(unit=unit, n=n)
            case "future":
                return Future(unit=unit, n=n)
            case "rest_of":
                return RestOf(unit=unit, offset=random.choice((0, 0, 1, 2)))
            case "full":
                return Calendar(unit=unit, first=-random.randint(1, 4), last=-1)
            case "calendar":
                first = random.choice((-3, -2, -1, 0)) if tense == "past" else random.choice((0, 0, 1, 2))
                return Calendar(unit=unit, first=first, last=first + random.choice((0, 0, 1, 2)))
            case "ago":
                nearest = random.choice((0, 1, n))
                farthest = None if nearest and random.random() < 0.5 else nearest + random.choice((1, n))
                return Ago(unit=unit, nearest=nearest, farthest=farthest)
            case "shifted":
                base: Rolling | Calendar | Absolute | Ago = random.choice(
                    (
                        Rolling(unit=unit, n=n),
                        Calendar(unit=unit, first=-1, last=random.choice((-1, 0))),
                        self.dates("past"),
                        Ago(nearest=7, farthest=30),
                    )
                )
                return Shifted(base=base, unit=random.choice(_UNITS), n=random.choice((-1, -1, -2, -6)))
            case "yearly":
                start = self.bank.today + timedelta(days=random.randint(-60, 60))
                end = start + timedelta(days=random.choice((0, 6, 29, 90)))
                return Yearly(start_month=start.month, start_day=start.day, end_month=end.month, end_day=end.day)
            case _:
                return self.dates(tense)

    def dates(self, tense: Tense) -> Absolute:
        start = self.bank.as_of + timedelta(days=self.random.randint(-300, -1) if tense == "past" else self.random.randint(1, 200))
        end = start + timedelta(days=self.random.choice((0, 6, 29, 90)))
        if tense == "past" and end > self.bank.as_of:
            end = self.bank.as_of
        return self.random.choice(
            (Absolute(start=start, end=end), Absolute(start=start, end=end), Absolute(start=start), Absolute(end=end))
        )

    # records

    def filters(self, record: RecordSet) -> tuple[Filter, ...]:
        found = []
        most = min(2, len(record.properties))
        for item in self.random.sample(record.properties, self.random.choice((0, 0, min(1, most), most))):
            operator, value = self.comparison(item)
            found.append(Filter(property=item.code, operator=operator, value=value))
        return tuple(found)

    def records(self, record: RecordSet) -> Records:
        window = None
        if record.date_column is not None and self.random.random() < 0.85:
            window = self.window(record.tense)
        day_kind = self.random.choice(_DAY_KINDS) if window is not None and self.random.random() < 0.2 else None
        return Records(records=record.code, filters=self.filters(record), window=window, day_kind=day_kind)

    def sequence(self) -> SequenceCondition:
        first, then = self.random.sample([record for record in self.record_sets if record.date_column is not None], 2)
        return SequenceCondition(
            first=self.records(first),
            then=self.records(then),
            within_days=self.random.choice((None, 0, 1, 3, 7, 30, 90)),
            negated=self.random.random() < 0.5,
        )

    def record(self) -> RecordCondition:
        record = self.random.choice(self.record_sets)
        numeric = [item for item in record.properties if item.numeric]
        aggregate = self.random.choice(("count", "count", "days", "sum", "avg", "min", "max", "first", "last"))
        where = {**self.records(record).model_dump(exclude={"kind", "said"}), "aggregate": aggregate}
        if aggregate in ("count", "days"):
            return RecordCondition.model_validate({**where, **self.counted()})
        if aggregate in ("sum", "avg"):
            return self.taken(where, numeric)
        if record.date_column is not None and self.random.random() < 0.4:
            return RecordCondition.model_validate({**where, "operator": "within", "value": self.window(record.tense)})
        return self.taken(where, [item for item in record.properties if item.type != "flag"] if aggregate in ("first", "last") else numeric)

    def counted(self) -> dict[str, object]:
        if self.random.random() < 0.15:
            return {"operator": "range", "value": self.between(Decimal(self.random.randint(1, 5)), Decimal(self.random.randint(5, 1200)))}
        return {"operator": self.random.choice(_ORDERS), "value": Decimal(self.random.choice((0, 1, 2, 3, 5, 12, 1000)))}

    def taken(self, where: dict[str, object], items: Sequence[Property]) -> RecordCondition:
        """A property of the records, aggregated; a plain count where there is none to take."""
        if not items:
            return RecordCondition.model_validate({**where, "aggregate": "count", **self.counted()})
        item = self.random.choice(items)
        operator, value = self.comparison(item.model_copy(update={"null_means": "never_null"}))
        return RecordCondition.model_validate({**where, "of": item.code, "operator": operator, "value": value})


def _kind(tag: Tag) -> str:
    if tag.numeric:
        return "number"
    if tag.type in ("date", "month_day"):
        return "date" if tag.tense == "past" else "ahead"
    return tag.type
