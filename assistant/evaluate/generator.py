"""Rules over a small world, for the oracle: every node, operator, aggregate and window. Law: a seed decides everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random

from assistant.catalog.model import (
    Property,
    RecordSet,
    Tag,
)
from assistant.evaluate.oracle import Cell
from assistant.evaluate.world import SEVERAL_A_DAY, World, near
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
    children,
    with_children,
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

_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "half_year", "year")


def as_validated(node: AnyNode, world: World) -> ValidatedRule | None:
    """The rule as gate 1 passes it; None for one that it refuses or asks about."""
    rule = SegmentRule(node=node)
    verdict = validate(rule, world.catalog, world.identity, world.as_of, world.today, world.snapshots)
    return verdict if isinstance(verdict, ValidatedRule) else None


def selective(count: int, base: int) -> bool:
    """Whether a count is 5 to 95 % of its base."""
    return 5 * base <= 100 * count <= 95 * base


@dataclass(frozen=True)
class Author:
    """Draws rules over a world. `depth` bounds the nesting."""

    random: Random
    world: World

    def rule(self, depth: int = 3) -> AnyNode:
        """A rule of any kind."""
        draw = self.random.random()
        if depth == 0 or draw < 0.45:
            return self.leaf()
        count = self.random.choice((2, 2, 3))
        if draw < 0.65:
            return AllOf(children=tuple(self.rule(depth - 1) for _ in range(self.random.choice((0, 1, 2, 2, 2, 3)))))
        if draw < 0.80:
            return AnyOf(children=tuple(self.rule(depth - 1) for _ in range(count)))
        if draw < 0.91:
            return Not(child=self.rule(depth - 1))
        return self.rank(depth)

    def steered(self) -> ValidatedRule:
        """A rule that gate 1 passes, and that mostly keeps between 5 and 95 % of the base; one in eight is left as it comes."""
        base = len(self.world.members(AllOf()))
        tries = 1 if self.random.random() < 0.125 else 12
        while True:
            rule = as_validated(self.rule(), self.world)
            if rule is not None:
                tries -= 1
                if tries <= 0 or not base or selective(len(self.world.members(rule.rule.node)), base):
                    return rule

    def leaf(self) -> AnyNode:
        match self.random.choices(("tag", "against", "record", "sequence", "concept"), (36, 12, 36, 10, 6))[0]:
            case "tag":
                return self.tag()
            case "against":
                return self.against()
            case "record":
                return self.record()
            case "sequence":
                return self.sequence()
            case _:
                return self.concept()

    def concept(self) -> ConceptRef:
        name, parameter, value = self.random.choice((("active", "days", 30), ("active", "visits", 1), ("rich", "floor", 100)))
        parameters = ((parameter, Decimal(value)),) if self.random.random() < 0.5 else ()
        return ConceptRef(concept=name, parameters=parameters, negated=self.random.random() < 0.4)

    def rank(self, depth: int) -> RankCondition:
        tag = self.random.choice(("balance", "income", "total", "products", "age", "grade", "level"))
        within = AllOf() if self.random.random() < 0.4 else self.rule(depth - 1)
        direction = self.random.choice(("top", "bottom"))
        if self.random.random() < 0.5:
            return RankCondition(tag=tag, direction=direction, count=self.random.randint(1, 20), within=within)
        percent = Decimal(self.random.choice(("10", "25", "33.3", "50", "7.5", "100", "0.1")))
        return RankCondition(tag=tag, direction=direction, percent=percent, within=within)

    def snapshot(self) -> Snapshot | None:
        if self.random.random() < 0.6:
            return None
        unit, offset = self.random.choice((("month", -1), ("month", -2), ("month", -12), ("quarter", -1), ("quarter", -2), ("year", -1)))
        return Snapshot.model_validate({"unit": unit, "offset": offset})

    def tag(self) -> TagCondition:
        tag = self.random.choice(tuple(self.world.catalog.tags.values()))
        cells = [row[tag.column_name] for row in self.world.tables["customer"].rows]
        operator, value = self.comparison(tag, cells)
        return TagCondition(tag=tag.code, operator=operator, value=value, snapshot=self.snapshot())

    def against(self) -> TagComparison:
        family = self.random.choice((("balance", "income", "rate", "total"), ("products", "age"), ("grade", "level")))
        left = self.random.choice(family)
        right = left if self.random.random() < 0.6 else self.random.choice(family)
        measure = "difference" if "grade" in family else self.random.choice(("difference", "ratio", "relative_change"))
        sizes = {
            "difference": ("-1", "0", "1", "50.5", "-100"),
            "ratio": ("0.5", "1", "2", "0", "-1"),
            "relative_change": ("-0.3", "0", "1", "0.333", "-1"),
        }
        size = Decimal(self.random.choice(sizes[measure]))
        value: Value = size
        operator: Operator = self.random.choice((">", ">=", "<", "<=", "=", "<>"))
        if self.random.random() < 0.2:
            operator, value = "range", self.interval([size])
        return TagComparison.model_validate(
            {
                "left": left,
                "right": right,
                "left_snapshot": self.snapshot(),
                "right_snapshot": self.snapshot(),
                "measure": measure,
                "operator": operator,
                "value": value,
            }
        )

    # Comparisons

    def interval(self, cells: Sequence[Cell]) -> Range:
        numbers = [Decimal(cell) for cell in cells if isinstance(cell, int | Decimal)] or [Decimal(1)]
        low, high = sorted((self.random.choice(numbers), self.random.choice(numbers) + self.random.choice((0, 1, 250))))
        return Range(low=low, high=high, low_open=self.random.random() < 0.5, high_open=self.random.random() < 0.5)

    def number(self, cells: Sequence[Cell]) -> Decimal:
        numbers = [cell for cell in cells if isinstance(cell, int | Decimal)] or [1]
        nudge = self.random.choice((0, 0, 0, 1, -1, Decimal("0.01"), Decimal("0.005")))
        return Decimal(self.random.choice(numbers)) + nudge

    def comparison(self, item: Tag | Property, cells: Sequence[Cell]) -> tuple[Operator, Value]:
        """An operator with a value that fits the type, drawn from what is stored."""
        if item.null_means != "never_null" and self.random.random() < 0.12:
            return ("is_unknown" if item.null_means == "unknown" else "is_absent"), None
        match item.type:
            case "integer" | "decimal":
                if self.random.random() < 0.25:
                    return "range", self.interval(cells)
                return self.random.choice(("=", "<>", ">", ">=", "<", "<=", ">", ">=")), self.number(cells)
            case "flag":
                return self.random.choice(("=", "=", "<>")), self.random.random() < 0.5
            case "enum":
                return self.codes(item)
            case _:
                return "within", self.window(item.tense)

    def codes(self, item: Tag | Property) -> tuple[Operator, Value]:
        known = [value.code for value in self.world.catalog.values(item)]
        if item.values_from == "organisation":
            known.extend(region.code for region in self.world.catalog.header.regions)
        if item.ordered and self.random.random() < 0.7:
            return self.random.choice((">", ">=", "<", "<=", "=", "<>")), (self.random.choice(known),)
        tree = item.values_from is not None or any(value.parent for value in item.values)
        if not tree and self.random.random() < 0.3:
            return self.random.choice(("=", "<>")), (self.random.choice(known),)
        chosen = tuple(self.random.sample(known, self.random.randint(1, min(3, len(known)))))
        return self.random.choice(("in", "in", "not_in")), chosen

    # Windows

    def window(self, tense: Tense) -> TimeWindow:
        """A window that fits the tense; one that comes back empty only now and then."""
        for _ in range(6):
            found = self._any_window(tense)
            if not resolve(found, self.world.as_of, self.world.today, tense).empty:
                break
        return found

    def _any_window(self, tense: Tense) -> TimeWindow:
        random = self.random
        unit = random.choice(_UNITS)
        short = random.choice((1, 2, 3, 7, 30, 60, 90, 365)) if unit == "day" else random.choice((1, 1, 2, 3))
        past = ("rolling", "rolling", "calendar", "absolute", "ago", "shifted", "yearly")
        ahead = ("future", "future", "calendar", "absolute", "rest_of", "yearly")
        kinds: tuple[str, ...] = past if tense == "past" else ahead
        match random.choice(kinds):
            case "rolling":
                return Rolling(unit=unit, n=short)
            case "calendar":
                first = random.choice((-3, -2, -1, 0)) if tense == "past" else random.choice((0, 0, 1))
                return Calendar(unit=unit, first=first, last=first + random.choice((0, 0, 1)))
            case "future":
                return Future(unit=unit, n=short)
            case "rest_of":
                return RestOf(unit=unit, offset=random.choice((0, 0, 1)))
            case "ago":
                nearest = random.choice((0, 1, 10, 30, 60)) if unit == "day" else random.choice((0, 1, 2))
                return Ago(unit=unit, nearest=nearest, farthest=None if random.random() < 0.4 else nearest + random.choice((0, 1, 30)))
            case "shifted":
                base: Rolling | Calendar | Absolute
                base = random.choice((Rolling(unit=unit, n=short), Calendar(unit=unit), self._absolute("future")))
                return Shifted(base=base, unit=random.choice(_UNITS), n=random.choice((-1, -1, -2, -12)))
            case "yearly":
                day = near(random, self.world.today, 40, 40)
                last = day + timedelta(days=random.choice((0, 20, 60, 120)))
                return Yearly(start_month=day.month, start_day=day.day, end_month=last.month, end_day=last.day)
            case _:
                return self._absolute(tense)

    def _absolute(self, tense: Tense) -> Absolute:
        start = near(self.random, self.world.as_of, 200 if tense == "past" else 20, 10 if tense == "past" else 60)
        end = start + timedelta(days=self.random.choice((0, 1, 30, 120)))
        if tense == "past" and self.random.random() < 0.4:
            return self.random.choice((Absolute(start=start), Absolute(end=end)))
        return Absolute(start=start, end=end)

    # Records

    def filters(self, records: RecordSet) -> tuple[Filter, ...]:
        found = []
        for item in self.random.sample(records.properties, self.random.choice((0, 0, 1, 1, 2))):
            cells = [row[item.column_name] for row in self.world.tables[records.table].rows]
            operator, value = self.comparison(item, cells)
            found.append(Filter(property=item.code, operator=operator, value=value))
        return tuple(found)

    def day_kind(self, window: TimeWindow | None) -> DayKind | None:
        """A kind of day, where the calendar covers the window."""
        if window is None:
            return None
        span, calendar = resolve(window, self.world.as_of, self.world.today), self.world.catalog.calendar
        if span.start is None or span.start.year < calendar.first_year:
            return None
        return self.random.choice((None, None, "workday", "weekend", "holiday"))

    def records(self, code: str, window: TimeWindow | None) -> Records:
        """Some records with a date of their own."""
        filters = self.filters(self.world.catalog.records[code])
        return Records(records=code, filters=filters, window=window, day_kind=self.day_kind(window))

    def sequence(self) -> SequenceCondition:
        """Two record sets, one after the other (of one set a record would follow itself)."""
        first, then = self.random.sample(("visit", "buy", "quick"), 2)
        window = None if self.random.random() < 0.3 else self.window("past")
        return SequenceCondition(
            first=self.records(first, window),
            then=self.records(then, window),
            within_days=self.random.choice((None, 0, 1, 3, 7, 30, 90)),
            negated=self.random.random() < 0.4,
        )

    def record(self) -> RecordCondition:
        records = self.random.choice(tuple(self.world.catalog.records.values()))
        dated = records.date_column is not None
        rows = self.world.tables[records.table].rows
        window = self.window("past") if dated and self.random.random() < 0.75 else None
        where = {
            "records": records.code,
            "filters": self.filters(records),
            "window": window,
            "day_kind": self.day_kind(window),
        }
        kind = self.random.choice(("count", "days", "sum", "avg", "avg", "extreme", "end", "end", "day"))
        if records.grain == "day" and kind in ("avg", "extreme", "end"):
            kind = "sum"
        if (not dated and kind in ("days", "end", "day")) or (records.code in SEVERAL_A_DAY and kind == "end"):
            kind = "count"
        operator: Operator = self.random.choice((">=", ">", "<", "<=", "=", "<>"))
        if kind not in ("count", "days", "sum") and self.random.random() < 0.08:
            of = None if kind == "day" else self.random.choice(tuple(item for item in records.properties if item.numeric)).code
            aggregate = {"avg": "avg", "extreme": "min", "end": "last", "day": "first"}[kind]
            return RecordCondition.model_validate({**where, "aggregate": aggregate, "of": of, "operator": "is_unknown", "value": None})
        numeric = [item for item in records.properties if item.numeric]
        if kind in ("count", "days"):
            value: Value = Decimal(self.random.choice((0, 1, 1, 2, 3, 4, Decimal("1.5"))))
            if self.random.random() < 0.15:
                operator, value = "range", self.interval([0, 1, 2, 3])
            return RecordCondition.model_validate({**where, "aggregate": kind, "operator": operator, "value": value})
        if kind == "day":
            aggregate = self.random.choice(("first", "last", "min", "max"))
            return RecordCondition.model_validate({**where, "aggregate": aggregate, "operator": "within", "value": self.window("past")})
        if kind in ("sum", "avg"):
            item = self.random.choice(numeric)
            cells = [row[item.column_name] for row in rows]
            value = self.number(cells) * (self.random.choice((1, 1, 2, 3)) if kind == "sum" else 1)
            if self.random.random() < 0.2:
                operator, value = "range", self.interval(cells)
            return RecordCondition.model_validate({**where, "aggregate": kind, "of": item.code, "operator": operator, "value": value})
        if kind == "extreme":
            able = [item for item in records.properties if item.numeric or item.type == "date" or item.ordered]
            aggregate = self.random.choice(("min", "max"))
        else:
            able = list(records.properties)
            aggregate = self.random.choice(("first", "last"))
        item = self.random.choice(able)
        extremes = ("is_absent", "is_unknown") if kind == "end" else ("is_absent", "is_unknown", "in", "not_in")
        operator, value = self.comparison(item, [row[item.column_name] for row in rows])
        while operator in extremes:
            operator, value = self.comparison(item, [row[item.column_name] for row in rows])
        return RecordCondition.model_validate({**where, "aggregate": aggregate, "of": item.code, "operator": operator, "value": value})


def smaller(node: AnyNode) -> Iterator[AnyNode]:
    """Simpler rules near a rule, simplest first: what is left when it fails on one of them too is a minimal reproduction."""
    yield from children(node)
    match node:
        case AllOf() | AnyOf():
            for number in range(len(node.children)):
                if len(node.children) > 1:
                    yield type(node)(children=node.children[:number] + node.children[number + 1 :])
        case RankCondition():
            if node.within != AllOf():
                yield node.model_copy(update={"within": AllOf()})
        case RecordCondition():
            for number in range(len(node.filters)):
                yield node.model_copy(update={"filters": node.filters[:number] + node.filters[number + 1 :]})
            for name in ("window", "day_kind"):
                if getattr(node, name) is not None:
                    yield node.model_copy(update={name: None})
        case SequenceCondition():
            for side in ("first", "then"):
                records: Records = getattr(node, side)
                if records.filters:
                    yield node.model_copy(update={side: records.model_copy(update={"filters": records.filters[1:]})})
                if records.day_kind is not None:
                    yield node.model_copy(update={side: records.model_copy(update={"day_kind": None})})
                if records.window is not None:
                    yield node.model_copy(update={side: records.model_copy(update={"window": None})})
        case TagCondition():
            if node.snapshot is not None:
                yield node.model_copy(update={"snapshot": None})
        case TagComparison():
            for name in ("left_snapshot", "right_snapshot"):
                if getattr(node, name) is not None:
                    yield node.model_copy(update={name: None})
        case _:
            pass
    for number, child in enumerate(children(node)):
        for simpler in smaller(child):
            yield with_children(node, (*children(node)[:number], simpler, *children(node)[number + 1 :]))
