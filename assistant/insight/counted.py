"""The customers that an answer tells a number of, as rules. Law: a finding names every set that a rule can say; what none can say is told only with the segment it is a part of.

Whoever may not list is held to them (`pipeline/differencing.py`). A share tells its number as much as a number does. No rule is named for customers by what their tags were at another date and are
now (the cells of a migration, the ways of a comparison), by the days of a behaviour, for those without a value, for the baseline of a persona that is not everybody else, nor for the traits of a contrast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.insight.breakdown import Breakdown, row_id
from assistant.insight.change import Change
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.count import HavingNone, Unknown
from assistant.insight.coverage import Coverage
from assistant.insight.figure_then import FigureThen
from assistant.insight.funnel import Funnel, conditions
from assistant.insight.grid import Grid
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.kept import Kept
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.persona import Persona
from assistant.insight.purposes import CONTACTING, ByPurpose
from assistant.insight.reach import Reach
from assistant.insight.requested import Finding
from assistant.insight.sizing import Sizing
from assistant.insight.traits import condition
from assistant.insight.why import WhyIn
from assistant.rule.edits import apply
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, SegmentRef, TagCondition
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class CountedSet:
    """`n` customers, by the rule `node`, which the fact `fact` tells or gives away. `closes`: what the ids begin with of the facts that would give it away if it were withheld, itself among them.
    `inside`: whether they are customers of the rule that was asked for: where they are all of them, nothing is told but that; `own`: whether they are those of that rule itself."""

    fact: str
    node: AnyNode
    n: int
    closes: str
    inside: bool = False
    own: bool = False

    @property
    def face(self) -> str:
        """The part of an answer whose figures are held against each other, and against its own count, by `insight/disclosure.py` or as strictly."""
        kind, *_ = self.fact.split(".")
        return self.closes if kind in ("breakdown", "figure_then", "grid", "metric", "migration", "monitor", "persona") else kind

    @property
    def beside_own(self) -> bool:
        """Whether its face holds it against the count of the rule that was asked for."""
        return not self.fact.startswith("monitor.")


Telling = Finding | Funnel | Change | Kept | ByPurpose | tuple[Unknown, ...] | tuple[HavingNone, ...]


def counted(finding: Telling, rule: ValidatedRule, before: AnyNode | None = None) -> Iterator[CountedSet]:
    """What a finding about a rule tells of, on the rule's own day. `before`: the rule that a change is from."""
    own, catalog = rule.rule.node, rule.catalog

    def told(fact: str, node: AnyNode, n: int, closes: str = "") -> CountedSet:
        return CountedSet(fact, node, n, closes or fact)

    def among(fact: str, nodes: Sequence[AnyNode], n: int, closes: str = "") -> CountedSet:
        return CountedSet(fact, AllOf(children=(own, *nodes)), n, closes or fact, inside=True)

    match finding:
        case Funnel():
            yield from _narrowed(finding, rule)
        case Change() if before is not None:
            yield told("change.before", before, finding.before, "change")
            yield among("change.both", [before], finding.both, "change")
            yield among("change.entered", [Not(child=before)], finding.entered, "change")
            yield told("change.left", AllOf(children=(before, Not(child=own))), finding.left, "change")
        case Contrast(other=other):
            yield told("contrast.other_n", other, finding.other_n, "contrast")
            yield among("contrast.both", [other], finding.both, "contrast")
            yield among("contrast.only", [Not(child=other)], finding.only, "contrast")
            yield told("contrast.other_only", AllOf(children=(other, Not(child=own))), finding.other_only, "contrast")
            yield told("contrast.either", AnyOf(children=(own, other)), finding.either, "contrast")
        case Comparison():
            sizes = {"joined": finding.parts["joined"], "entered": finding.entered, "stayed": finding.stayed, "left": finding.left}
            yield from (told(f"compare.{name}", node, sizes[name], "compare") for name, node in finding.segments if name in sizes)
        case Hypothesis(held=held):
            yield among("hypothesis.n", [held], finding.n, "hypothesis")
            yield told("hypothesis.rest_share", AllOf(children=(held, Not(child=own))), finding.rest_n, "hypothesis")
        case Breakdown():
            for row in finding.rows:
                usable = row.kind == "value" and row.code and row.of.level != "region"
                being_there = condition(catalog.tags[row.of.tag], row.code or "", catalog) if usable else None
                if being_there is not None:
                    yield among(f"breakdown.{row_id(row)}.n", [being_there], row.n, f"breakdown.{row.of.id}")
                    yield told(f"breakdown.{row_id(row)}.base", being_there, row.base_n, f"breakdown.{row.of.id}")
        case Grid():
            yield from _crossed(finding, rule)
        case Persona():
            for trait in finding.traits:
                having_it = condition(catalog.tags[trait.tag], trait.bucket, catalog)
                if having_it is not None:
                    yield among(f"{trait.id}.share", [having_it], trait.n, trait.id)
                    yield told(f"{trait.id}.rest_share", AllOf(children=(having_it, Not(child=own))), trait.rest_n, trait.id)
        case Sizing():
            for number, curve in enumerate(finding.curves):
                for place, point in enumerate(curve.points):
                    moved = apply(rule.rule, curve.threshold.edit(point.value)).node
                    proposed = [k for k, one in enumerate(finding.proposals) if (one.curve, one.point.value) == (number, point.value)]
                    yield told(f"size.{number}.{place}.n", moved, point.n)
                    yield from (told(f"size.proposal.{k}.n", moved, point.n, f"size.proposal.{k}") for k in proposed)
                    yield from (among(f"size.proposal.{k}.kept", [moved], point.kept, f"size.proposal.{k}") for k in proposed)
        case Metric(tag=tag, kind=kind):
            name = f"metric.{tag}.{kind}"
            yield among(f"{name}.known", [Not(child=TagCondition(tag=tag, operator="is_unknown"))], finding.known, name)
            if kind == "share" and finding.value is not None:
                having = int((finding.value * finding.known).to_integral_value())
                yield among(name, [TagCondition(tag=tag, operator="=", value=True)], having)
        case FigureThen():
            yield among(
                f"{finding.id}.is_now.known",
                [Not(child=TagCondition(tag=finding.tag, operator="is_unknown"))],
                finding.is_now.known,
                finding.id,
            )
        case Migration():
            for way, node in finding.movers:
                axis = next((one for one in finding.axes if way.endswith(f".{one.tag}")), None)
                if axis is not None:
                    name = f"migration.{finding.tag}"
                    yield told(f"{name}.{way}", node, axis.up if way.startswith("up.") else axis.down, name)
        case Monitor():
            yield from (told(f"monitor.{place}.customers", one.rule.node, one.customers) for place, one in enumerate(finding.episodes))
        case Reach() | ByPurpose():
            name = "reach" if isinstance(finding, Reach) else "purposes"
            for place, reason in enumerate(finding.reasons):
                left_out = (reason.node, *(Not(child=earlier.node) for earlier in finding.reasons[:place]))
                yield among(f"{name}.{place}.lost", left_out, finding.lost(place), name)
            columns = (
                {"reachable": (len(finding.reasons), finding.reachable)}
                if isinstance(finding, Reach)
                else {purpose: (len(finding.heeded(purpose)), finding.reachable(purpose)) for purpose in CONTACTING}
            )
            for column, (heeded, n) in columns.items():
                yield among(f"{name}.{column}", [Not(child=one.node) for one in finding.reasons[:heeded]], n, name)
        case Kept():
            for number, one in enumerate(finding.overlaps):
                other = SegmentRef(segment=one.segment.id)
                yield told(f"overlap.{number}.back", other, one.n, f"overlap.{number}")
                yield among(f"overlap.{number}.share", [other], one.both, f"overlap.{number}")
        case tuple():
            for lacking in finding:
                if isinstance(lacking, HavingNone):
                    yield among(f"none.{lacking.tag}", [lacking.node], lacking.n)
                    continue
                yield told(f"unknown.{lacking.tag}", lacking.node, lacking.n)
                if lacking.kept is not None:
                    yield among(f"unknown.{lacking.tag}.kept", [lacking.node], lacking.kept)
        case Change() | Coverage() | WhyIn():
            return


def _narrowed(found: Funnel, rule: ValidatedRule) -> Iterator[CountedSet]:
    nodes = [one.node for one in conditions(rule)]
    for number, step in enumerate(found.steps):
        parts = {
            "remaining": (nodes[: number + 1], step.remaining),
            "alone": ([nodes[number]], step.alone),
            "without": ([*nodes[:number], *nodes[number + 1 :]], step.without),
        }
        for name, (left, n) in parts.items():
            if left:
                yield CountedSet(f"funnel.{number}.{name}", AllOf(children=tuple(left)), n, f"funnel.{number}.{name}")


def _crossed(found: Grid, rule: ValidatedRule) -> Iterator[CountedSet]:
    """Cells and lines of a grid whose places a rule can say."""
    tags, own = rule.catalog.tags, rule.rule.node

    def said(tag: str, place: str) -> AnyNode | None:
        return condition(tags[tag], place, rule.catalog) if place else None

    rows = {} if found.level == "region" else {place: said(found.row_tag, place) for place in found.rows}
    columns = {place: said(found.column_tag, place) for place in found.columns}
    whole = f"grid.{found.row_tag}.{found.column_tag}"
    for cell in found.cells:
        row, column = rows.get(cell.row), columns.get(cell.column)
        if row is not None and column is not None:
            name = found.id(cell.row, cell.column)
            yield CountedSet(f"{name}.n", AllOf(children=(own, row, column)), cell.n, whole, inside=True)
            yield CountedSet(f"{name}.base", AllOf(children=(row, column)), cell.base_n, whole)
    for place, node in rows.items():
        if node is not None:
            yield CountedSet(f"{found.id(place, None)}.n", AllOf(children=(own, node)), found.total(place, None), whole, inside=True)
    for place, node in columns.items():
        if node is not None:
            yield CountedSet(f"{found.id(None, place)}.n", AllOf(children=(own, node)), found.total(None, place), whole, inside=True)
