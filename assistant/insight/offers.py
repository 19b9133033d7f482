"""Segments one step away from what an insight found: a row, a cell, a trait, a move. Law: an offer is an edit of the rule that was answered, so that taking it is a
turn like any other; nobody is offered a group too small to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.facts import FactSheet
from assistant.insight.breakdown import Breakdown, row_id
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.coverage import Coverage
from assistant.insight.figure_then import FigureThen
from assistant.insight.grid import Grid
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration, kept
from assistant.insight.monitor import Monitor
from assistant.insight.persona import Persona
from assistant.insight.reach import Reach
from assistant.insight.requested import Finding
from assistant.insight.sizing import Sizing
from assistant.insight.traits import condition
from assistant.insight.why import WhyIn
from assistant.policy import PERSONA_CELL
from assistant.rule.edits import AddCondition, ReplaceCondition, RuleChange
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, TagCondition

MOST_OFFERS = 5
"""Of one finding."""
LEAST_LEFT_OUT = Decimal("0.05")
"""Part of the segment that keeping those with a trait must leave out: else it would leave the segment as it is."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An edit of the rule, and the id of the fact that tells how many customers it leaves; None where nothing told it yet."""

    edit: RuleChange
    count: str | None
    name: str | None = None
    """What it is called, under `offer` in the messages, where the words of the edit would be longer than anybody reads."""


def offers(findings: Sequence[Finding], catalog: TagCatalog, sheet: FactSheet) -> tuple[Offer, ...]:
    """At most `MOST_OFFERS` of each finding, the largest or most telling first."""
    found: list[Offer] = []
    for finding in findings:
        shown = (
            one for one in _of(finding, catalog, sheet) if one.count is None or (not sheet[one.count].suppressed and sheet[one.count].value)
        )
        found.extend(one for _, one in zip(range(MOST_OFFERS), shown, strict=False))
    return tuple(found)


def _of(finding: Finding, catalog: TagCatalog, sheet: FactSheet) -> Iterator[Offer]:
    match finding:
        case Breakdown():
            yield from _rows(finding, catalog)
        case Comparison():
            for name, node in finding.segments:
                if name != "came":
                    yield Offer(ReplaceCondition(path=(), node=node), f"compare.{name}", name)
        case Contrast():
            yield from _sides(finding)
        case Grid():
            yield from _cells(finding, catalog)
        case Hypothesis():
            if finding.holds and finding.known - finding.n >= LEAST_LEFT_OUT * finding.known:
                yield from _offer(finding.guess, "hypothesis.n")
        case Persona():
            for trait in sorted(finding.traits, key=lambda trait: trait.doubtful):
                if finding.n - trait.n >= LEAST_LEFT_OUT * finding.n:
                    yield from _offer(condition(catalog.tags[trait.tag], trait.bucket, catalog), None)
        case WhyIn():
            for place, remedy in enumerate(finding.remedies):
                yield Offer(remedy.edit, f"why.remedy.{place}.n")
        case Sizing():
            for place, proposal in enumerate(finding.proposals):
                yield Offer(proposal.edit, f"size.proposal.{place}.n")
        case Migration():
            yield from _moves(finding, catalog, sheet)
        case Monitor():
            for place, one in enumerate(finding.episodes):
                yield Offer(ReplaceCondition(path=(), node=one.rule.node), f"monitor.{place}.customers")
        case Reach():
            if 0 < finding.reachable < finding.selected:
                left_out = AnyOf(children=tuple(one.node for one in finding.reasons))
                yield Offer(AddCondition(node=Not(child=left_out)), "reach.reachable", "reachable")
        case Metric() | FigureThen() | Coverage():
            return


def _sides(found: Contrast) -> Iterator[Offer]:
    """Those in both, those in one of the two only, and the whole other one; none that would leave the segment as it is."""
    if found.both < found.n:
        yield Offer(AddCondition(node=found.other), "contrast.both", "both")
    if found.only < found.n:
        yield Offer(AddCondition(node=Not(child=found.other)), "contrast.only", "only")
    if found.other_only < found.other_n:
        alone = AllOf(children=(found.other, Not(child=found.own)))
        yield Offer(ReplaceCondition(path=(), node=alone), "contrast.other_only", "before_only" if found.before else "other_only")
    if found.only or found.other_only:
        yield Offer(ReplaceCondition(path=(), node=found.other), "contrast.other_n", "before" if found.before else "other")


def _moves(found: Migration, catalog: TagCatalog, sheet: FactSheet) -> Iterator[Offer]:
    """Those of the segment who are at one value now and were at another then; of a segment whose customers of then are followed, those of them who are at another value now.
    How many were in the segment, or the bank's base, at both dates is not what the rule says, so that no count is told before it is asked."""
    tag = catalog.tags[found.tag]
    if found.snapshot is None or (found.followed == "then" and found.was is None):
        return
    moved = (one for one in found.moves if kept(one) and one.start != one.end and not sheet[f"{found.id(one.start, one.end)}.n"].suppressed)
    for move in sorted(moved, key=lambda one: -one.n):
        if move.start and move.end:
            now = TagCondition(tag=tag.code, operator="in", value=(move.end,))
            then = TagCondition(tag=tag.code, operator="in", value=(move.start,), snapshot=found.snapshot)
            if found.was is None:
                yield from _offer(AllOf(children=(then, now)), None)
            else:
                parts = dict.fromkeys((*(found.was.children if isinstance(found.was, AllOf) else (found.was,)), then, now))
                yield Offer(ReplaceCondition(path=(), node=AllOf(children=tuple(parts))), None)


def _rows(found: Breakdown, catalog: TagCatalog) -> Iterator[Offer]:
    tag = catalog.tags[found.dimension.tag]
    rows = sorted((row for row in found.rows if row.kind == "value" and row.code is not None), key=lambda row: -row.n)
    if len(rows) > 1 and found.dimension.level != "region":
        for row in rows:
            yield from _offer(condition(tag, row.code or "", catalog), f"breakdown.{row_id(row)}.n")


def _cells(found: Grid, catalog: TagCatalog) -> Iterator[Offer]:
    """Those with most of what the bank values first; of a cell whose amount is hidden only its customers speak, so that the order tells no more than the figures."""
    for cell in sorted(found.cells, key=lambda cell: (-(0 if PERSONA_CELL.hides(cell.n) else cell.amount or 0), -cell.n)):
        if not cell.row or not cell.column:
            continue
        row, column = (
            condition(catalog.tags[tag], bucket, catalog) for tag, bucket in ((found.row_tag, cell.row), (found.column_tag, cell.column))
        )
        count = f"{found.id(cell.row, cell.column)}.n"
        if found.tag is not None:
            yield from _offer(condition(catalog.tags[found.tag], cell.row + cell.column, catalog), count)
        elif found.level != "region" and row is not None and column is not None:
            yield from _offer(AllOf(children=(row, column)), count)


def _offer(node: AnyNode | None, count: str | None) -> Iterator[Offer]:
    if node is not None:
        yield Offer(AddCondition(node=node), count)
