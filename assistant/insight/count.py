"""How many: the segment, the base population, and the share. Law: one base per answer; the share is exact and rounded only where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.catalog.population import population_at
from assistant.facts import FactSheet
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode, AnyOf, TagComparison, TagCondition
from assistant.sql import compile
from assistant.sql.bounds import may_be_missing
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Count:
    """`n` customers of the segment among the `base`; the fingerprints of what counted them."""

    n: int
    base: int
    query: str
    base_query: str

    @property
    def share(self) -> Decimal | None:
        """n / base, None over an empty base."""
        return share(self.n, self.base)

    def facts(self, sheet: FactSheet, near: bool = False) -> None:
        """count, base, share. Where all but a few are in the segment, the few would follow from base and count: nothing measured is shown after the base; nor where it is too `near` to
        customers told of before."""
        sheet.measured("base", self.base, "customers", self.base_query)
        if near or sheet.protection.hides(self.base - self.n):
            sheet.seal()
        sheet.measured("count", self.n, "customers", self.query)
        sheet.measured("share", self.share, "share", self.query, group=self.n)


def plan(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, Query]:
    """The count of the segment, then of its base."""
    return compile.count(rule, qualifier), compile.base(rule, qualifier)


def read(tables: Sequence[Table]) -> Count:
    """From the tables of `plan`, in its order."""
    segment, base = tables
    return Count(whole(segment.scalar()), whole(base.scalar()), segment.query, base.query)


def given(rule: ValidatedRule, sheet: FactSheet) -> None:
    """What the rule itself states and every answer prints: as_of, today and the date of the tag snapshot."""
    sheet.given("as_of", rule.as_of, "date")
    sheet.given("today", rule.today, "date")
    sheet.given("snapshot", rule.snapshot, "date")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Customers of the base without a known value of a tag that the rule compares: they match no comparison."""

    tag: str
    n: int
    query: str
    kept: int | None = None
    """How many of them are in the segment, where a comparison they do not match is one that excludes: it leaves them in."""
    then: bool = False
    """Whether the value is that of an earlier day, when they may not have been customers."""
    node: AnyNode = field(default_factory=AllOf)
    """The rule of who they are."""


def plan_unknown(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One query for all compared tags; none for a rule that compares none."""
    return (compile.unknowns(rule, qualifier),) if compile.unknown_parts(rule.expanded) else ()


def read_unknown(tables: Sequence[Table], rule: ValidatedRule) -> tuple[Unknown, ...]:
    """From the tables of `plan_unknown`: the tags that some customers have no known value of, each once with its largest number. Where no value means
    that the tag does not apply (no sign-up, no sign-up date), nothing is unknown."""
    if not tables:
        return ()
    (table,) = tables
    largest: dict[str, Unknown] = {}
    for number, (part, denied) in enumerate(compile.unknown_parts(rule.expanded)):
        if isinstance(part, TagCondition) and part.snapshot is not None and canonical(part) in population_at(rule.catalog, part.snapshot):
            continue  # whoever has no value of then was not in the base population then, which is known
        tag = part.tag if isinstance(part, TagCondition) else part.left
        n = whole(table.column(f"unknown_{number}")[0])
        kept = whole(table.column(f"kept_{number}")[0]) if denied else None
        if n and may_be_missing(rule.catalog.tags[tag]) and (tag not in largest or n > largest[tag].n):
            largest[tag] = Unknown(tag, n, table.query, kept, _of_then(part), _unknown(part))
    return tuple(largest.values())


def _of_then(part: TagCondition | TagComparison) -> bool:
    """Whether a part reads an earlier day's tags, where a customer of today may have had none."""
    days = (part.snapshot,) if isinstance(part, TagCondition) else (part.left_snapshot, part.right_snapshot)
    return any(day is not None for day in days)


def _unknown(part: TagCondition | TagComparison) -> AnyNode:
    """Who has no known value of what a part compares."""
    if isinstance(part, TagCondition):
        return TagCondition(tag=part.tag, operator="is_unknown", snapshot=part.snapshot)
    sides = ((part.left, part.left_snapshot), (part.right, part.right_snapshot))
    return AnyOf(children=tuple(TagCondition(tag=tag, operator="is_unknown", snapshot=day) for tag, day in sides))


def unknown_facts(unknown: Sequence[Unknown], sheet: FactSheet) -> None:
    """unknown.<tag>, and unknown.<tag>.kept of those whom the segment has all the same, after count and funnel: withheld where with one of their figures it would leave few, who are the
    others or those it is part of."""
    told = [fact.value for fact in sheet if fact.unit == "customers" and isinstance(fact.value, int)]
    for one in unknown:
        for name, here in ((f"unknown.{one.tag}", one.n), (f"unknown.{one.tag}.kept", one.kept)):
            if here is not None:
                few = any(sheet.protection.hides(left) for n in told for left in (n - here, *(base - n - here for base in told)))
                sheet.customers(name, here, one.query, few)


@dataclass(frozen=True, slots=True)
class HavingNone:
    """Customers of the segment who have nothing of a tag, and so meet its upper bound (活期不到1万 includes those without)."""

    tag: str
    n: int
    query: str

    @property
    def node(self) -> AnyNode:
        return TagCondition(tag=self.tag, operator="=", value=Decimal(0))


def plan_none(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One query for all upper bounds on what is 0 where there is none; none for a rule without."""
    tags = _upper_bounded(rule)
    return (compile.having_none(rule, tags, qualifier),) if tags else ()


def read_none(tables: Sequence[Table], rule: ValidatedRule) -> tuple[HavingNone, ...]:
    """From the table of `plan_none`: the tags that somebody in the segment has nothing of."""
    return tuple(
        HavingNone(tag, n, table.query)
        for table in tables
        for number, tag in enumerate(_upper_bounded(rule))
        if (n := whole(table.column(f"none_{number}")[0]))
    )


def none_facts(none: Sequence[HavingNone], sheet: FactSheet) -> None:
    """none.<tag>, withheld as what is unknown is."""
    told = [fact.value for fact in sheet if fact.unit == "customers" and isinstance(fact.value, int)]
    for one in none:
        sheet.customers(f"none.{one.tag}", one.n, one.query, any(sheet.protection.hides(n - one.n) for n in told))


def _upper_bounded(rule: ValidatedRule) -> list[str]:
    return [part.tag for part in compile.nothing_had(rule.expanded) if rule.catalog.tags[part.tag].null_means == "zero"]


def share(part: int, total: int) -> Decimal | None:
    """part / total as a Decimal of full precision, None over nothing."""
    return Decimal(part) / Decimal(total) if total else None


def whole(cell: Cell) -> int:
    """A cell that holds a count. ValueError for anything else: an engine that counts in fractions is broken."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal) or cell != int(cell):
        raise ValueError(f"not a count: {cell!r}")
    return int(cell)
