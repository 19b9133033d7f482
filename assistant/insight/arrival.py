"""Tags that look back to before customers came. Law: where a rule picks customers by when they came, a tag is a finding about them only if most of what it looks at lies
after they did.

Whoever came last month had nothing at the start of the year, and cannot have visited in twelve months what others visited in twelve: their zeros, and the dates that are all of
late, follow from when they came. The catalog declares from when on a tag looks (`covers`); a past date is told apart by age up to so many days. Of the days on
which the rule lets customers have come, the part that lies after that start tells how many of them lack some of it, if as many came each day.
"""

from __future__ import annotations

from datetime import date, timedelta

from assistant.catalog.model import Tag
from assistant.insight.spread import Spread
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, TagCondition
from assistant.rule.window import DateSpan, resolve
from assistant.sql.buckets import RECENT_DAYS
from assistant.sql.compare import span
from assistant.validation.verdict import ValidatedRule

MOST_LATE = 0.1
"""Part of the days on which customers may have come, from which on too many of them came after a tag begins to look."""
_DATED_DAYS = 365
"""How long ago a past date is where it is told apart by months: of older ones only years are told."""


def looks_before(rule: ValidatedRule, came_by: Spread | None = None) -> frozenset[str]:
    """The tags that look back to before many of a rule's customers came; none where it does not say since when they did. `came_by`: how long ago its customers did come, where
    that was counted: a rule may say it in other words (the stage of new customers), or in none."""
    came = came_within(rule.expanded, rule) or (None if came_by is None else _came_lately(came_by, rule))
    if came is None:
        return frozenset()
    return frozenset(
        tag.code for tag in rule.catalog.tags.values() if (start := _start(tag, rule)) is not None and _late(came, start) > MOST_LATE
    )


def came_within(node: AnyNode, rule: ValidatedRule) -> tuple[date, date] | None:
    """The first and last day on which those who meet a condition can have come; None where there is no first one."""
    match node:
        case TagCondition(tag=tag, snapshot=None, operator="within") if tag == rule.catalog.header.opened_tag:
            return _known(span(node, rule, "past", tag), rule)
        case Not(child=TagCondition(tag=tag, snapshot=None, operator="within") as denied) if tag == rule.catalog.header.opened_tag:
            before = span(denied, rule, "past", tag)
            after = before.start is None and before.end is not None
            return (before.end + timedelta(days=1), rule.as_of) if after and before.end is not None else None
        case AllOf(children=members):
            found = [one for member in members if (one := came_within(member, rule)) is not None]
            return (max(first for first, _ in found), min(last for _, last in found)) if found else None
        case AnyOf(children=members):
            some = [came_within(member, rule) for member in members]
            known = [one for one in some if one is not None]
            return (min(first for first, _ in known), max(last for _, last in known)) if known and len(known) == len(some) else None
        case _:
            return None


def _came_lately(came_by: Spread, rule: ValidatedRule) -> tuple[date, date] | None:
    """The days on which nearly all customers of a rule came, unless nearly all of the others did as well."""
    for place, oldest in enumerate(RECENT_DAYS, 1):
        within = came_by.stratum(frozenset(f"d{days}" for days in RECENT_DAYS[:place]))
        if within.n >= (1 - MOST_LATE) * within.of:
            alike = within.rest_n >= (1 - MOST_LATE) * within.rest_of
            return None if alike else (rule.as_of - timedelta(days=oldest - 1), rule.as_of)
    return None


def _known(days: DateSpan, rule: ValidatedRule) -> tuple[date, date] | None:
    return None if days.start is None else (days.start, days.end or rule.as_of)


def _start(tag: Tag, rule: ValidatedRule) -> date | None:
    """The first day that a tag looks at; None where it tells how things stand."""
    if tag.covers is not None:
        return resolve(tag.covers, rule.as_of, rule.today, "yearly").start
    dated = tag.type == "date" and tag.tense == "past"
    return rule.as_of - timedelta(days=_DATED_DAYS - 1) if dated else None


def _late(came: tuple[date, date], start: date) -> float:
    """The part of some days that lies after a start."""
    first, last = came
    days = (last - first).days + 1
    return min(max((last - start).days, 0), days) / days if days > 0 else 0.0
