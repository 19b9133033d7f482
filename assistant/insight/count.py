"""How many: the segment, the base population, and the share. Law: one base per answer; the share is exact and rounded only where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.population import population_at
from assistant.facts import FactSheet
from assistant.rule.canonical import canonical
from assistant.rule.tree import AnyNode, Not, TagComparison, TagCondition, walk
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
    kept: bool = False
    """Whether a comparison they do not match is one that excludes: it leaves them in."""
    then: bool = False
    """Whether the value is that of an earlier day, when they may not have been customers."""


def plan_unknown(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One query for all compared tags; none for a rule that compares none."""
    return (compile.unknowns(rule, qualifier),) if compile.unknown_parts(rule.expanded) else ()


def read_unknown(tables: Sequence[Table], rule: ValidatedRule) -> tuple[Unknown, ...]:
    """From the tables of `plan_unknown`: the tags that some customers have no known value of, each once with its largest number. Where no value means
    that the tag does not apply (no sign-up, no sign-up date), nothing is unknown."""
    if not tables:
        return ()
    (table,) = tables
    largest: dict[str, int] = {}
    looked_back: dict[str, bool] = {}
    for number, part in enumerate(compile.unknown_parts(rule.expanded)):
        if isinstance(part, TagCondition) and part.snapshot is not None and canonical(part) in population_at(rule.catalog, part.snapshot):
            continue  # whoever has no value of then was not in the base population then, which is known
        tag = part.tag if isinstance(part, TagCondition) else part.left
        (n,) = table.column(f"unknown_{number}")
        if tag not in largest or whole(n) > largest[tag]:
            largest[tag], looked_back[tag] = whole(n), _of_then(part)
    known = {tag for tag in largest if may_be_missing(rule.catalog.tags[tag])}
    denied = _denied(rule.expanded)
    then = {tag for tag, earlier in looked_back.items() if earlier}
    return tuple(Unknown(tag, n, table.query, tag in denied, tag in then) for tag, n in largest.items() if n and tag in known)


def _of_then(part: TagCondition | TagComparison) -> bool:
    """Whether a part reads an earlier day's tags, where a customer of today may have had none."""
    days = (part.snapshot,) if isinstance(part, TagCondition) else (part.left_snapshot, part.right_snapshot)
    return any(day is not None for day in days)


def _denied(root: AnyNode) -> frozenset[str]:
    """The tags compared under an odd number of negations."""
    nodes = dict(walk(root))
    odd = [node for path, node in nodes.items() if sum(isinstance(nodes[path[:depth]], Not) for depth in range(len(path))) % 2]
    compared = (part for node in odd for part in compile.unknown_parts(node) if part is node)
    return frozenset(part.tag if isinstance(part, TagCondition) else part.left for part in compared)


def unknown_facts(unknown: Sequence[Unknown], sheet: FactSheet) -> None:
    """unknown.<tag>, after count and funnel: withheld where with one of their figures it would leave few, who are the others or those it is part of."""
    told = [fact.value for fact in sheet if fact.unit == "customers" and isinstance(fact.value, int)]
    for one in unknown:
        few = any(sheet.protection.hides(left) for n in told for left in (n - one.n, *(base - n - one.n for base in told)))
        sheet.customers(f"unknown.{one.tag}", one.n, one.query, few)


def share(part: int, total: int) -> Decimal | None:
    """part / total as a Decimal of full precision, None over nothing."""
    return Decimal(part) / Decimal(total) if total else None


def whole(cell: Cell) -> int:
    """A cell that holds a count. ValueError for anything else: an engine that counts in fractions is broken."""
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal) or cell != int(cell):
        raise ValueError(f"not a count: {cell!r}")
    return int(cell)
