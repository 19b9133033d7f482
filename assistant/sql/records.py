"""Record conditions as sets of customer keys. Law: what a customer without any record satisfies is never asked of the records: it is the complement of its opposite.

A record set is read with its filters, its window and, for states, as it stood on as_of (an empty end of `valid_from` .. `valid_to` is open). One row is one record; in a set of day grain a row stands for
`count_column` records, and for none when that is 0 or empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlglot import exp

from assistant.catalog.model import RecordSet
from assistant.errors import Fault
from assistant.rule.tree import DayKind, Filter, RecordCondition, Records, SequenceCondition
from assistant.rule.window import DateSpan, TimeWindow, resolve
from assistant.sql import nodes
from assistant.sql.compare import Reading, comparison, measure, numbers, ranks_allowed, read, span, within, zero_satisfies
from assistant.validation.verdict import ValidatedRule

FROM_ZERO = ("count", "days", "sum")
"""Aggregates that are 0 over no records."""
Narrow = Callable[[exp.Expr], exp.Expr]
"""Customer key -> predicate: the key is among those still in question."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The customers that have something. `relation` gives their keys in `key`, each once when `distinct`."""

    relation: exp.Select
    key: exp.Column
    distinct: bool

    def each_once(self) -> exp.Select:
        """A relation that gives every key once, under the key's own name."""
        relation = self.relation.copy()
        if not self.distinct:
            relation.set("group", exp.Group(expressions=[self.key.copy()]))
        return relation

    def hold(self, customer: exp.Expr) -> exp.Exists:
        """The customer is one of them."""
        if self.distinct:
            key = nodes.column(self.key.name, "k")
            return nodes.exists(
                nodes.select([nodes.number(1)], nodes.named(self.relation.copy(), "k"), [nodes.equal(key, customer.copy())])
            )
        relation = self.relation.copy()
        relation.set("expressions", [nodes.number(1)])
        here = nodes.equal(self.key.copy(), customer.copy())
        relation.set("where", exp.Where(this=nodes.all_of([here, *_conjuncts(relation)])))
        return nodes.exists(relation)


def _conjuncts(relation: exp.Select) -> list[exp.Expr]:
    where = relation.args.get("where")
    return [where.this] if where is not None else []


@dataclass(frozen=True, slots=True)
class Source:
    """One record set under an alias, with the rule it is read for."""

    rule: ValidatedRule
    qualifier: tuple[str, ...]
    set: RecordSet
    alias: str

    @property
    def key(self) -> exp.Column:
        return nodes.column(self.set.key, self.alias)

    @property
    def day(self) -> exp.Column:
        if self.set.date_column is None:
            raise Fault("records_without_date", records=self.set.code)
        return nodes.column(self.set.date_column, self.alias)

    @property
    def time(self) -> exp.Column | None:
        """The moment of a row, where the set keeps it."""
        return None if self.set.time_column is None else nodes.column(self.set.time_column, self.alias)

    @property
    def table(self) -> exp.Table:
        return nodes.table(self.qualifier, self.set.table, self.alias)

    def property(self, code: str) -> Reading:
        found = self.set.property(code)
        if found is None:
            raise Fault("property_unknown", records=self.set.code, property=code)
        return read(found, nodes.column(found.column_name, self.alias))

    def rows(self, filters: tuple[Filter, ...]) -> list[exp.Expr]:
        """What a row must satisfy whatever the window: the filters, alive on as_of, and standing for a record at all."""
        as_of = nodes.day(self.rule.as_of)
        parts: list[exp.Expr] = []
        if self.set.valid_from is not None:
            since = nodes.column(self.set.valid_from, self.alias)
            parts.append(nodes.any_of([nodes.missing(since), exp.LTE(this=since.copy(), expression=as_of.copy())]))
        if self.set.valid_to is not None:
            until = nodes.column(self.set.valid_to, self.alias)
            parts.append(nodes.any_of([nodes.missing(until), exp.GTE(this=until.copy(), expression=as_of.copy())]))
        if self.set.grain == "day":
            parts.append(exp.GT(this=self.records(), expression=nodes.number(0)))
        parts.extend(comparison(self.property(one.property), one, self.rule) for one in filters)
        return parts

    def records(self) -> exp.Column:
        """How many records a row of day grain stands for."""
        if self.set.count_column is None:
            raise Fault("count_column_missing", records=self.set.code)
        return nodes.column(self.set.count_column, self.alias)

    def span(self, window: TimeWindow | None) -> DateSpan:
        """The days asked for; without a window all of the history up to as_of. What is said to count from the first day known counts no day before it."""
        past = self.set.tense == "past"
        asked = DateSpan(None, self.rule.as_of if past else None)
        if window is not None:
            asked = resolve(window, self.rule.as_of, self.rule.today, self.set.tense)
        return replace(asked, start=self.set.history_from) if past and asked.start is None else asked

    def dated(self, window: TimeWindow | None, day_kind: DayKind | None) -> list[exp.Expr]:
        """What the day of a row must satisfy; nothing for a set without a day of its own."""
        if self.set.date_column is None:
            if window is not None or day_kind is not None:
                raise Fault("records_without_date", records=self.set.code)
            return []
        dates = self.span(window)
        return [within(self.day, dates), *self.on_kind(day_kind, dates)]

    def on_kind(self, day_kind: DayKind | None, dates: DateSpan) -> list[exp.Expr]:
        """The day is a workday, weekend or holiday of the bank's calendar: a literal list of days, so that make-up workdays count."""
        if day_kind is None:
            return []
        start, end = dates.start, dates.end or self.rule.as_of
        if start is None:
            raise Fault("calendar_uncovered", start="", end=end.isoformat())
        days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
        try:
            return [nodes.one_of(self.day, (nodes.day(one) for one in days if self.rule.catalog.calendar.kind(one) == day_kind))]
        except ValueError as error:
            raise Fault("calendar_uncovered", start=start.isoformat(), end=end.isoformat()) from error


def source_of(records: str, rule: ValidatedRule, qualifier: tuple[str, ...], alias: str) -> Source:
    found = rule.catalog.records.get(records)
    if found is None:
        raise Fault("records_unknown", records=records)
    return Source(rule, qualifier, found, alias)


def record_keys(asked: RecordCondition, rule: ValidatedRule, qualifier: tuple[str, ...], narrow: Narrow | None = None) -> tuple[Keys, bool]:
    """The customers whose records satisfy a condition, and whether the condition means those (True) or everyone but those (False).

    `narrow` may restrict the rows that are aggregated to customers still in question; it never changes the answer for them.
    """
    source = source_of(asked.records, rule, qualifier, "e")
    where = [*source.dated(asked.window, asked.day_kind), *source.rows(asked.filters)]
    if asked.aggregate in FROM_ZERO:
        return _from_zero(asked, source, where, narrow)
    if asked.operator == "is_absent":
        return _present(source, [nodes.truth(False)]), True
    positive = asked.operator != "is_unknown"
    if narrow is not None:
        where = [*where, narrow(source.key)]
    if asked.aggregate in ("first", "last") and asked.of is not None:
        return _at_edge(asked, source, where), positive
    return _grouped(source, where, _aggregate(asked, source)), positive


def record_figure(asked: RecordCondition, rule: ValidatedRule, qualifier: tuple[str, ...]) -> Keys:
    """Every customer with records, with their count, days or sum in the column `figure` (without any record it is 0). Fault `figure_unfit` for another aggregate."""
    if asked.aggregate not in FROM_ZERO:
        raise Fault("figure_unfit", records=asked.records, aggregate=asked.aggregate)
    source = source_of(asked.records, rule, qualifier, "e")
    where = [*source.dated(asked.window, asked.day_kind), *source.rows(asked.filters)]
    relation = nodes.select([source.key, nodes.output(_total(asked, source), "figure")], source.table, where, group=[source.key])
    return Keys(relation, source.key, distinct=True)


def _present(source: Source, where: list[exp.Expr]) -> Keys:
    return Keys(nodes.select([source.key], source.table, where), source.key, distinct=False)


def _grouped(source: Source, where: list[exp.Expr], having: exp.Expr) -> Keys:
    relation = nodes.select([source.key], source.table, where, group=[source.key])
    relation.set("having", exp.Having(this=having))
    return Keys(relation, source.key, distinct=True)


def _from_zero(asked: RecordCondition, source: Source, where: list[exp.Expr], narrow: Narrow | None) -> tuple[Keys, bool]:
    """count, days and sum, which are 0 over no records: a comparison that 0 passes is the complement of its opposite."""
    if asked.operator in ("is_absent", "is_unknown"):
        return _present(source, [nodes.truth(False)]), True
    positive = not zero_satisfies(asked)
    if asked.aggregate != "sum" and _any_record(asked):
        return _present(source, where), positive
    if narrow is not None:
        where = [*where, narrow(source.key)]
    passed = numbers(_total(asked, source), asked)
    return _grouped(source, where, passed if positive else nodes.negated(passed)), positive


def _total(asked: RecordCondition, source: Source) -> exp.Expr:
    """count, days or sum over one customer's rows."""
    if asked.aggregate == "sum":
        return nodes.first_known(exp.Sum(this=_of(asked, source).value), nodes.number(0))
    if asked.aggregate == "days":
        return exp.Count(this=exp.Distinct(expressions=[source.day]), big_int=True)
    return exp.Sum(this=source.records()) if source.set.grain == "day" else nodes.count_rows()


def record_places(alternatives: Sequence[RecordCondition], rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Keys, int]:
    """For conditions that differ only in the number they compare with: every customer with records, with the number of the first one that holds in the column
    `place` (their number of them where none does); and the place of customers without any record. Fault `places_of_property` for the first or last record."""
    first, none = alternatives[0], len(alternatives)
    source = source_of(first.records, rule, qualifier, "e")
    where = [*source.dated(first.window, first.day_kind), *source.rows(first.filters)]
    if first.aggregate in ("first", "last"):
        raise Fault("places_of_property", records=first.records, aggregate=first.aggregate)
    if first.aggregate in FROM_ZERO:
        total = _total(first, source)
        holds = [numbers(total.copy(), one) for one in alternatives]
        without = next((place for place, one in enumerate(alternatives) if zero_satisfies(one)), none)
    else:
        holds, without = [_aggregate(one, source) for one in alternatives], none
    place = nodes.case(((passed, nodes.number(number)) for number, passed in enumerate(holds)), nodes.number(none))
    relation = nodes.select([source.key, nodes.output(place, "place")], source.table, where, group=[source.key])
    return Keys(relation, source.key, distinct=True), without


def _any_record(asked: RecordCondition) -> bool:
    """A count compared so that only "none" and "at least one" differ: >= 1, > 0, < 1, = 0, <> 0 and their like."""
    value = asked.value
    if not isinstance(value, Decimal):
        return False
    if asked.operator in (">=", "<"):
        return 0 < value <= 1
    if asked.operator in (">", "<="):
        return 0 <= value < 1
    return asked.operator in ("=", "<>") and value == 0


def _of(asked: RecordCondition, source: Source) -> Reading:
    if asked.of is None:
        raise Fault("aggregate_of_nothing", records=source.set.code, aggregate=asked.aggregate)
    return source.property(asked.of)


def _aggregate(asked: RecordCondition, source: Source) -> exp.Expr:
    """avg, min, max of a property, or the first or last day: a predicate over one customer's rows, never true over no known value."""
    if asked.aggregate == "avg":
        reading = _of(asked, source)
        known: exp.Expr = exp.Count(this=reading.value.copy(), big_int=True)
        if asked.operator == "is_unknown":
            return exp.GT(this=known, expression=nodes.number(0))
        if source.set.grain == "day":
            known = exp.Sum(this=nodes.case([(nodes.present(reading.value.copy()), source.records())], nodes.number(0)))
        return nodes.all_of(
            [exp.GT(this=known.copy(), expression=nodes.number(0)), numbers(exp.Sum(this=reading.value.copy()), asked, times=known)]
        )
    lowest = asked.aggregate in ("min", "first")
    if asked.of is None:
        value: exp.Expr = (exp.Min if lowest else exp.Max)(this=source.day)
        if asked.operator == "is_unknown":
            return nodes.present(value)
        return nodes.all_of([nodes.present(value), within(value, span(asked, source.rule, source.set.tense, source.set.code))])
    reading = source.property(asked.of)
    value = (exp.Min if lowest else exp.Max)(this=measure(reading))
    if asked.operator == "is_unknown":
        return nodes.present(value)
    return nodes.all_of([nodes.present(value), _ordered(value, reading, asked, source.rule)])


def _ordered(value: exp.Expr, reading: Reading, asked: RecordCondition, rule: ValidatedRule) -> exp.Expr:
    """An aggregated measure (a number, a date, the rank of an ordered enum) against what is asked."""
    if reading.item.type == "date":
        return within(value, span(asked, rule, reading.item.tense, reading.item.code))
    if reading.item.numeric:
        return numbers(value, asked)
    return nodes.one_of(value.copy(), (nodes.number(rank) for _, rank in ranks_allowed(reading.item, asked)))


def _at_edge(asked: RecordCondition, source: Source, where: list[exp.Expr]) -> Keys:
    """The property of the first or last record. Of several on one day the known ones go first, then the lowest value (first) or the highest (last)."""
    reading = _of(asked, source)
    last = asked.aggregate == "last"
    order = exp.Order(
        expressions=[
            exp.Ordered(this=source.day, desc=last, nulls_first=False),
            exp.Ordered(
                this=nodes.case([(nodes.present(reading.value.copy()), nodes.number(0))], nodes.number(1)), desc=False, nulls_first=False
            ),
            exp.Ordered(this=reading.value.copy(), desc=last, nulls_first=False),
        ]
    )
    place = exp.Window(this=exp.RowNumber(), partition_by=[source.key], order=order, over="OVER")
    outputs = [nodes.output(source.key, "customer"), nodes.output(reading.raw.copy(), "value"), nodes.output(place, "place")]
    ranked = nodes.named(nodes.select(outputs, source.table, where), "w")
    kept = read(reading.item, nodes.column("value", "w"))
    passed = kept.known() if asked.operator == "is_unknown" else comparison(kept, asked, source.rule)
    key = nodes.column("customer", "w")
    return Keys(nodes.select([key], ranked, [nodes.equal(nodes.column("place", "w"), nodes.number(1)), passed]), key, distinct=True)


def sequence_keys(asked: SequenceCondition, rule: ValidatedRule, qualifier: tuple[str, ...]) -> Keys:
    """The customers with a first record that a second one follows (or, negated, that none follows although its days have passed by as_of)."""
    first = source_of(asked.first.records, rule, qualifier, "f")
    then = source_of(asked.then.records, rule, qualifier, "t")
    follows = nodes.exists(nodes.select([nodes.number(1)], then.table, _following(asked, first, then, asked.then, rule)))
    where = [*first.dated(asked.first.window, asked.first.day_kind), *first.rows(asked.first.filters)]
    if asked.negated and asked.within_days is not None:
        where.append(exp.LTE(this=first.day, expression=nodes.day(rule.as_of - timedelta(days=asked.within_days))))
    where.append(nodes.negated(follows) if asked.negated else follows)
    return Keys(nodes.select([first.key], first.table, where), first.key, distinct=False)


def _following(asked: SequenceCondition, first: Source, then: Source, second: Records, rule: ValidatedRule) -> list[exp.Expr]:
    span = first.span(asked.first.window)
    known = DateSpan(span.start, rule.as_of if asked.within_days is not None else span.end)
    elapsed = exp.DateDiff(this=then.day, expression=first.day, unit=exp.Var(this="DAY"))
    earlier, later = first.time, then.time
    if earlier is None or later is None:
        earlier, later = first.day, then.day
    return [
        nodes.equal(then.key, first.key),
        exp.GTE(this=later, expression=earlier),
        *([] if asked.within_days is None else [exp.LTE(this=elapsed, expression=nodes.number(asked.within_days))]),
        within(then.day, known),
        *then.on_kind(second.day_kind, known),
        *then.rows(second.filters),
    ]
