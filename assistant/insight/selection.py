"""Conditions that make the course of what their customers do by themselves. Law: days before customers met a condition are not comparable with the days since; the
condition is named, and nothing is told of them.

Who is picked by a date (opened, first bought) did not yet do, before it, what they do since: every record of theirs rises there by the choice alone. Who is picked by a
change between two dates made that change by what they did in between. Either holds for all kinds of records, so nothing is left to be looked at when such days lie among
those that are judged, or among the weeks these are judged by. A date that only ends (opened before 2020), or that began before the records, leaves them alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from assistant.rule.tree import AnyNode, Not, Snapshot, TagComparison, TagCondition, children
from assistant.rule.window import DateSpan, snapshot_date
from assistant.sql.compare import span
from assistant.validation.verdict import ValidatedRule


def made_by(rule: ValidatedRule, first: date, last: date) -> tuple[AnyNode, ...]:
    """The conditions of a rule that are met only since a day after the records begin, and still at `first` or later: what was done up to `last` follows from them. In
    the order of the rule, each once."""
    found: dict[AnyNode, None] = {}
    read: dict[str, list[tuple[date, TagCondition, bool]]] = defaultdict(list)
    for node, positive in _conditions(rule.expanded, True):
        if isinstance(node, TagComparison):
            days = [_read_at(rule, one) for one in (node.left_snapshot, node.right_snapshot)]
            if days[0] != days[1] and max(days) >= first:
                found[node] = None
            continue
        if _since(node, positive, rule, first, last):
            found[node] = None
        at = _read_at(rule, node.snapshot)
        for day, other, way in read[node.tag]:
            alike = way == positive and _of_today(other) == _of_today(node)
            if day != at and max(day, at) >= first and not alike:
                found |= {other: None, node: None}
        read[node.tag].append((at, node, positive))
    return tuple(found)


def _since(node: TagCondition, positive: bool, rule: ValidatedRule, first: date, last: date) -> bool:
    """Whether a condition on a past date is met only since some day that the records reach back before."""
    tag = rule.catalog.tags[node.tag]
    if tag.type != "date" or tag.tense != "past" or node.operator != "within":
        return False
    days = span(node, rule, "past", tag.code)
    start, end = _from_on(days, positive)
    return start is not None and rule.catalog.header.history_from < start <= last and (end is None or end >= first)


def _from_on(days: DateSpan, positive: bool) -> tuple[date | None, date | None]:
    """The days a condition holds for that have a first one: the span itself; of its contrary those after it."""
    if positive:
        return days.start, days.end
    return None if days.end is None else days.end + timedelta(days=1), None


def _read_at(rule: ValidatedRule, asked: Snapshot | None) -> date:
    if asked is None:
        return rule.snapshot
    return snapshot_date(asked.unit, asked.offset, rule.as_of, rule.today, rule.snapshots) or date.min


def _of_today(node: TagCondition) -> TagCondition:
    return node.model_copy(update={"snapshot": None})


def _conditions(node: AnyNode, positive: bool) -> Iterator[tuple[TagCondition | TagComparison, bool]]:
    """The conditions on tags, and whether they are to hold."""
    if isinstance(node, TagCondition | TagComparison):
        yield node, positive
    for child in children(node):
        yield from _conditions(child, positive != isinstance(node, Not))
