"""How far a count can be relied on: between which numbers it lies where values are missing, and which tags of its rule have not been brought up to date. Law: said where it matters, at the moment of
use; bounds are counted by a query of the whole rule, never added up from shares.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.count import Count, Unknown, share, whole
from assistant.insight.quality import moves
from assistant.rule.tree import RankCondition, TagComparison, TagCondition, walk
from assistant.sql import bounds, quality
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Bounds:
    """The customers of a rule lie from `low` to `high`, both possible; `missing`: the tags without a value for some, the most first, each with its customers among the `base`."""

    low: int
    high: int
    missing: tuple[Unknown, ...]
    base: int
    query: str

    def facts(self, sheet: FactSheet) -> None:
        """bounds.low, bounds.high, and missing.<tag>.share of the base, after the facts of what is unknown; withheld where they, or what lies between them and any number told, would be of few customers."""
        told = [fact.value for fact in sheet if fact.unit == "customers" and isinstance(fact.value, int)]
        few = any(sheet.protection.hides(abs(end - n)) for end in (self.low, self.high) for n in (*told, self.low, self.high))
        for name, end in (("low", self.low), ("high", self.high)):
            sheet.customers(f"bounds.{name}", end, self.query, few)
        for one in self.missing:
            if sheet[f"unknown.{one.tag}"].suppressed:
                sheet.withheld(f"missing.{one.tag}.share", "share", one.query)
            else:
                sheet.measured(f"missing.{one.tag}.share", share(one.n, self.base), "share", one.query, group=one.n)


@dataclass(frozen=True, slots=True)
class Reliability:
    """`bounds`: None where missing values hardly matter; `stale`: the tags of the rule that are measured anew every day, and of which no customer's value is another than at the snapshot `before`."""

    bounds: Bounds | None = None
    stale: tuple[str, ...] = ()
    before: date | None = None

    def facts(self, sheet: FactSheet) -> None:
        """As of Bounds, and stale.before."""
        if self.bounds is not None:
            self.bounds.facts(sheet)
        if self.stale:
            sheet.given("stale.before", self.before, "date")

    def told(self, sheet: FactSheet) -> bool:
        """Whether the bounds may be told, with what is missing most."""
        if self.bounds is None:
            return False
        return not any(sheet[name].suppressed for name in ("bounds.low", "bounds.high", f"missing.{self.bounds.missing[0].tag}.share"))


NOTHING_OPEN = Reliability()
"""Of a count that nothing is known to be wrong with."""


def steps(
    rule: ValidatedRule, counted: Count, unknown: Sequence[Unknown], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Reliability]:
    """The bounds of a rule whose tags are missing for some (`unknown`), and its tags that stand still. Bounds are told from the catalog's `doubt` on: a share of the count."""
    found: Bounds | None = None
    if unknown and bounds.has_bounds(rule):
        (table,) = yield [bounds.bounds(rule, qualifier)]
        low, high = (whole(table.column(name)[0]) for name in ("surely", "possibly"))
        missing = tuple(sorted(unknown, key=lambda one: -one.n))
        if Decimal(high - low) >= rule.catalog.header.doubt * max(counted.n, 1):
            found = Bounds(low, high, missing, counted.base, table.query)
    before = max((day for day in rule.snapshots if day < rule.snapshot), default=None)
    still: list[str] = []
    if before is not None:
        tags = [tag for tag in used_tags(rule) if moves(tag) and tag.freshness in ("daily", "realtime")]
        tables = yield [quality.changed(rule, before, [tag], qualifier) for tag in tags]
        for tag, seen in zip(tags, tables, strict=True):
            n, changed = (whole(seen.column(name)[0]) for name in ("n", "changed_0"))
            if n and not changed:
                still.append(tag.code)
    return Reliability(found, tuple(still), before)


def used_tags(rule: ValidatedRule) -> tuple[Tag, ...]:
    """The tags that a rule compares or ranks by, each once."""
    codes: list[str] = []
    for _, node in walk(rule.expanded):
        match node:
            case TagCondition(tag=code) | RankCondition(tag=code):
                codes.append(code)
            case TagComparison(left=left, right=right):
                codes += [left, right]
            case _:
                pass
    return tuple(rule.catalog.tags[code] for code in dict.fromkeys(codes))
