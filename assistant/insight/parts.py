"""The parts of a change as segments of today, where the language of rules can say them. Law: what cannot be said exactly is not said at all; whoever offers one
counts it first (`insight/requested.py`), so that an offer holds the very customers that were told.

The rule then becomes a rule now by dates: a tag is read at the snapshot it was read at, a window becomes its days. What stood open on a day (a holding, an
account), a rank, and a sequence that had to be over by then are membership at another date, which no rule can say; nor can it say who left the base population.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.rule.canonical import canonical
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Not,
    Range,
    RecordCondition,
    Records,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    Value,
    children,
    with_children,
)
from assistant.rule.window import Absolute, Frozen, Tense, TimeWindow, resolve, snapshot_date
from assistant.sql.two_dates import Followed, counted_until
from assistant.validation.verdict import ValidatedRule

_FARTHEST = 60
"""Months that a rule may reach back for a tag."""


def segments(then: ValidatedRule, now: ValidatedRule) -> dict[str, AnyNode]:
    """Rules over today's base for those who "entered", "stayed" and "left" (between two base populations), who "joined", and who "came" (entered or joined); empty where
    then cannot be said."""
    teller = _Then(then, now)
    try:
        was = teller.node(then.expanded)
        known = [teller.population(one) for one in _population(now, then)]
    except _Unsaid:
        return {}
    rule, since = now.rule.node, _joined_since(then)
    there = AllOf(children=(*known, *(Not(child=one) for one in since)))
    return {
        "entered": AllOf(children=(rule, *there.children, Not(child=was))),
        "stayed": AllOf(children=(rule, *known, was)),
        "left": AllOf(children=(*known, was, Not(child=rule))),
        "joined": AllOf(children=(rule, Not(child=there), *(Not(child=was) for _ in since))),
        "came": AllOf(children=(rule, Not(child=AllOf(children=(*known, was))))),
    }


def movers(then: ValidatedRule, now: ValidatedRule, followed: Followed, moved: AnyNode) -> AnyNode | None:
    """Of those whose moves are told, in the base at both dates, the ones for whom `moved` holds; None where then cannot be said."""
    try:
        teller = _Then(then, now)
        known = [teller.population(one) for one in _population(now, then)]
        was = [] if followed == "now" else [teller.node(then.expanded)]
    except _Unsaid:
        return None
    rule = [] if followed == "then" else [now.rule.node]
    said = [one for one in (*rule, *known, *was) if canonical(one) != canonical(AllOf())]
    return AllOf(children=(*said, moved))


def newcomers(then: ValidatedRule, now: ValidatedRule) -> tuple[AnyNode, AnyNode] | tuple[None, None]:
    """Of today's base those who were customers then as well and meet the conditions only now, and those who met them then; None where then cannot be said. Who became a
    customer since differs by that from everybody who was one."""
    try:
        teller = _Then(then, now)
        was, known = teller.node(then.expanded), [teller.population(one) for one in _population(now, then)]
    except _Unsaid:
        return None, None
    there = (*known, *(Not(child=one) for one in _joined_since(then)))
    return AllOf(children=(now.rule.node, *there, Not(child=was))), was


def _joined_since(then: ValidatedRule) -> list[AnyNode]:
    """To have become a customer only after the days that were counted then; nothing where these end with the earlier date, or are none."""
    last, opened = counted_until(then), then.catalog.header.opened_tag
    if last is None or opened is None:
        return []
    return [TagCondition(tag=opened, operator="within", value=Absolute(start=last + timedelta(days=1)))]


def _population(now: ValidatedRule, then: ValidatedRule) -> list[AnyNode]:
    """What makes a customer one of the base population of then: its rule, the identity's units, and to be there at all, which a tag with a value tells."""
    base = then.base_rule
    if then.people == now.people == now.snapshot:  # whoever is asked about is in today's base
        return [] if base == now.base_rule else [one for one in children(base) if one != now.base_rule]
    return [base] if not now.scope and _known(base, now.catalog) else [base, _home(now)]


def _home(rule: ValidatedRule) -> TagCondition:
    """To be in a unit that the identity may see."""
    return TagCondition(tag=rule.catalog.header.organisation_tag, operator="in", value=rule.scope or _whole_bank(rule.catalog))


def _whole_bank(catalog: TagCatalog) -> tuple[str, ...]:
    """The units that hold all others."""
    return tuple(code for code, unit in catalog.organisation.items() if unit.parent is None)


def _known(node: AnyNode, catalog: TagCatalog) -> bool:
    """Whether only customers with a value of some tag satisfy a rule: nobody who is not there."""
    match node:
        case TagCondition(tag=tag, operator=operator):
            return operator not in ("is_absent", "is_unknown") and catalog.tags[tag].null_means not in ("zero", "false")
        case AllOf(children=members):
            return any(_known(one, catalog) for one in members)
        case AnyOf(children=members):
            return all(_known(one, catalog) for one in members)
        case _:
            return False


class _Unsaid(Exception):
    """A condition of then that no rule of today says."""


@dataclass(frozen=True, slots=True)
class _Then:
    """Says a rule of then in today's words."""

    then: ValidatedRule
    now: ValidatedRule

    def node(self, node: AnyNode) -> AnyNode:
        catalog = self.now.catalog
        match node:
            case AllOf() | AnyOf() | Not():
                return with_children(node, tuple(self.node(child) for child in children(node)))
            case TagCondition(tag=tag, snapshot=snapshot):
                value = self._value(node.value, catalog.tags[tag].tense)
                wanted = self._wanted(snapshot)
                if wanted == self.then.snapshot != self.then.people:
                    return self._between(node.model_copy(update={"value": value}))
                return node.model_copy(update={"snapshot": self._called(wanted), "value": value})
            case TagComparison() if self.then.people != self.then.snapshot:
                raise _Unsaid
            case TagComparison(left_snapshot=left, right_snapshot=right):
                return node.model_copy(update={"left_snapshot": self._snapshot(left), "right_snapshot": self._snapshot(right)})
            case RecordCondition():
                value = self._value(node.value, self._tense_of(node))
                return node.model_copy(update={"value": value, **self._records(node)})
            case SequenceCondition(within_days=None, first=first, then=second):
                sides = {"first": first.model_copy(update=self._records(first)), "then": second.model_copy(update=self._records(second))}
                return node.model_copy(update=sides)
            case _:
                raise _Unsaid

    def population(self, node: AnyNode) -> AnyNode:
        """A condition of tags alone that was read in the snapshot of the customers of then."""
        match node:
            case AllOf() | AnyOf() | Not():
                return with_children(node, tuple(self.population(child) for child in children(node)))
            case TagCondition(snapshot=None, tag=tag):
                value = self._value(node.value, self.now.catalog.tags[tag].tense)
                return node.model_copy(update={"snapshot": self._called(self.then.people), "value": value})
            case _:
                return self.node(node)

    def _between(self, node: TagCondition) -> AnyNode:
        """A condition on a day between two snapshots: read in the later one for a settled date, and of those who are not in the earlier one."""
        earlier, later = self._called(self.then.snapshot), self._called(self.then.people)
        afterwards = node.model_copy(update={"snapshot": later})
        if self.now.catalog.tags[node.tag].settled:
            return afterwards
        home, everywhere = self.now.catalog.header.organisation_tag, _whole_bank(self.now.catalog)
        there = TagCondition(tag=home, operator="in", value=everywhere, snapshot=earlier)
        before = AllOf(children=(there, node.model_copy(update={"snapshot": earlier})))
        return AnyOf(children=(before, AllOf(children=(Not(child=there), afterwards))))

    def _snapshot(self, asked: Snapshot | None) -> Snapshot | None:
        """How today calls the snapshot that was read then."""
        return self._called(self._wanted(asked))

    def _wanted(self, asked: Snapshot | None) -> date | None:
        """The snapshot that was read then."""
        then = self.then
        return then.snapshot if asked is None else snapshot_date(asked.unit, asked.offset, then.as_of, then.today, then.snapshots)

    def _called(self, wanted: date | None) -> Snapshot | None:
        """How today calls a snapshot: the last month's end or the last year's, where it is one, else the month it ends."""
        now = self.now
        if wanted == now.snapshot:
            return None
        months = (Snapshot(unit="month", offset=-months) for months in range(2, _FARTHEST + 1))
        for called in (Snapshot(unit="month"), Snapshot(unit="year"), *months):
            if snapshot_date(called.unit, called.offset, now.as_of, now.today, now.snapshots) == wanted:
                return called
        raise _Unsaid

    def _records(self, asked: Records | RecordCondition) -> dict[str, object]:
        """The filters and the window of a record set on the days they meant then."""
        found = self.now.catalog.records[asked.records]
        if found.valid_from is not None or found.valid_to is not None:
            raise _Unsaid
        properties = {one.property: found.property(one.property) for one in asked.filters}
        filters = tuple(
            one.model_copy(update={"value": self._value(one.value, item.tense)})
            for one in asked.filters
            if (item := properties[one.property]) is not None
        )
        window = asked.window
        if window is None and found.date_column is not None and found.tense == "past":
            return {"filters": filters, "window": Absolute(end=self.then.as_of)}
        return {"filters": filters, "window": None if window is None else self._days(window, found.tense)}

    def _tense_of(self, asked: RecordCondition) -> Tense:
        found = self.now.catalog.records[asked.records]
        item = None if asked.of is None else found.property(asked.of)
        return found.tense if item is None else item.tense

    def _value(self, value: Value, tense: Tense) -> Value:
        return self._days(value, tense) if isinstance(value, Frozen) and not isinstance(value, Range) else value

    def _days(self, window: TimeWindow, tense: Tense) -> Absolute:
        """The days a window meant then."""
        span = resolve(window, self.then.as_of, self.then.today, tense)
        if span.empty or (span.start is None and span.end is None):
            raise _Unsaid
        return Absolute(start=span.start, end=span.end)
