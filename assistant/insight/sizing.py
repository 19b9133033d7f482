"""Which number to move, and to where, for a number of customers. Law: a proposal moves one number of the rule, its count is exactly what asking it gives, and a
target that no number reaches is said to be out of reach, with the nearest there is. What is proposed may be told: a step of so few customers that who asks may not see
them is no proposal, a larger one is looked for.

What a number of the rule would give at values of one's own is told of each, in the order said.

An empty segment is sized to anybody at all: of each number the first round value that lets someone in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from assistant.facts import FactSheet
from assistant.insight import curve as one_curve
from assistant.insight.count import share
from assistant.insight.curve import Curve, Point, curves
from assistant.insight.thresholds import Threshold, thresholds
from assistant.policy import PERSONA_CELL, Protection, protection
from assistant.rule.edits import AddCondition, RuleChange, apply
from assistant.rule.tree import Path, SegmentRule, TagCondition, walk
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

MOST_CURVES = 6
MOST_PROPOSALS = 3
_ABOUT = Decimal("0.1")
"""大约 and about are within ten percent either way."""
_DETAIL = re.compile(r"(?P<bound><=|>=)?(?P<low>\d+)(\.\.(?P<high>\d+))?\Z")
_PART = re.compile(r"(?P<times>\d+(\.\d+)?)x\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """`low` to `high` customers will do (None: no bound); `aim` is best. `about`: so many were said, and some either way will do."""

    aim: int
    low: int | None
    high: int | None
    about: bool = False

    def reached(self, n: int) -> bool:
        return (self.low is None or n >= self.low) and (self.high is None or n <= self.high)


def target(detail: str, present: int) -> Target:
    """From a request's detail: "5000" (about), "<=5000", ">=5000", "4000..6000", or "0.5x" of the `present` customers. ValueError for anything else."""
    part = _PART.match(detail)
    if part is not None:
        return target(str(max(1, int(Decimal(part["times"]) * present))), present)
    found = _DETAIL.match(detail)
    if found is None:
        raise ValueError(f"not a target: {detail!r}")
    low = int(found["low"])
    if found["high"] is not None:
        high = int(found["high"])
        return Target((low + high) // 2, low, high)
    if found["bound"] == "<=":
        return Target(low, None, low)
    if found["bound"] == ">=":
        return Target(low, low, None)
    return Target(low, int((low * (1 - _ABOUT)).to_integral_value(ROUND_CEILING)), int(low * (1 + _ABOUT)), about=True)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The number of `curve` (its place among the curves), of the condition at `path`, moved to where `point` is."""

    curve: int
    path: Path
    point: Point
    edit: RuleChange


@dataclass(frozen=True, slots=True)
class Sizing:
    """`proposals`, closest first: within the target where any is, else the one nearest to it, none where the present number is nearer. `target` None: of an empty segment, anybody. `tag`: what customers
    are valued by, None where the catalog says nothing. `present`: the customers now."""

    target: Target | None
    present: int
    tag: str | None
    curves: tuple[Curve, ...]
    proposals: tuple[Proposal, ...]
    untold: bool = False
    """Whether what is within the target was found only where the customers may not be told."""
    tried: bool = False
    """Whether the proposals are values that were asked for, in the order said, and nothing is looked for."""

    @property
    def title(self) -> Literal["tried", "relaxing", "sizing"]:
        """What it is, as pages head it."""
        return "tried" if self.tried else "relaxing" if self.target is None else "sizing"

    @property
    def reached(self) -> bool:
        """Whether a proposal is within the target."""
        return self.target is None or any(self.target.reached(one.point.n) for one in self.proposals)

    @property
    def keeps_value(self) -> int | None:
        """The proposal that moves the average least, where there are several with one; None otherwise."""
        before = None if self.tag is None else self._average_now()
        moved = [
            (abs(one.point.average - before), place) for place, one in enumerate(self.proposals) if before and one.point.average is not None
        ]
        return min(moved)[1] if len(moved) > 1 else None

    def _average_now(self) -> Decimal | None:
        return self.curves[0].present.average if self.curves else None

    def facts(self, sheet: FactSheet) -> None:
        """size.target; size.average; size.<curve>.<point>.n; size.proposal.<k>.n, .kept, .kept.share, .average. An average over few
        customers is theirs: it is hidden. Of values whose customers differ by few only one is told: who differ would follow, and their average."""
        if self.target is not None:
            sheet.given("size.target", self.target.aim, "customers")
        told = self._told(sheet)
        for number, curve in enumerate(self.curves):
            for place, point in enumerate(curve.points):
                sheet.customers(f"size.{number}.{place}.n", point.n, curve.queries[point.value], (number, point.value) not in told)
        for place, one in enumerate(self.proposals):
            point, query = one.point, self.curves[one.curve].queries[one.point.value]
            name, hidden = f"size.proposal.{place}", (one.curve, one.point.value) not in told
            sheet.customers(f"{name}.n", point.n, query, hidden)
            sheet.given(f"{name}.value", point.value, self.curves[one.curve].threshold.unit)
            sheet.customers(f"{name}.kept", point.kept, query, hidden)
            if hidden:
                sheet.withheld(f"{name}.kept.share", "share", query)
                sheet.withheld(f"{name}.average", "CNY", query)
            else:
                sheet.measured(f"{name}.kept.share", share(point.kept, self.present), "share", query, group=point.kept)
                sheet.measured(f"{name}.average", point.average, "CNY", query, group=point.known, cell=PERSONA_CELL)
        if self.curves:
            now = self.curves[0].present
            sheet.measured("size.average", now.average, "CNY", self.curves[0].queries[now.value], group=now.known, cell=PERSONA_CELL)

    def _told(self, sheet: FactSheet) -> set[tuple[int, Decimal]]:
        """The points, by curve and value, that may be told: the present one, then what is proposed, then the roundest. Along a curve each segment is part of the next,
        so that numbers told are as many customers apart as may be shown, or none; from the base too, and from those it keeps."""
        hides, base = sheet.protection.hides, sheet["base"].value if "base" in sheet else None
        told: set[tuple[int, Decimal]] = set()
        for number, curve in enumerate(self.curves):
            present = curve.present
            proposed = [one.point.value for one in self.proposals if one.curve == number]
            sizes = [base] if isinstance(base, int) else []
            for point in sorted(curve.points, key=lambda one: (one != present, one.value not in proposed, _digits(one), one.value)):
                moved = (point.n - point.kept, present.n - point.kept)
                if not hides(point.n) and not any(hides(n) for n in (*moved, *(abs(point.n - size) for size in sizes))):
                    sizes.append(point.n)
                    told.add((number, point.value))
        return told


@dataclass(frozen=True, slots=True)
class Cut:
    """A number that the segment does not have yet: `rule` is the segment with it, where it is `threshold`."""

    rule: ValidatedRule
    threshold: Threshold


def cut_by(rule: ValidatedRule, tag: str, validated: Callable[[SegmentRule], ValidatedRule | None]) -> Cut | None:
    """The segment above a number of a tag, from zero on; None where gate 1 does not let it pass."""
    node = TagCondition(tag=tag, operator=">=", value=Decimal(0))
    larger = apply(rule.rule, AddCondition(node=node))
    passed = validated(larger)
    if passed is None:
        return None
    path = next(path for path, part in reversed(list(walk(larger.node))) if part == node)
    own = next((one for one in thresholds(passed) if one.path == path), None)
    return None if own is None else Cut(passed, replace(own, added=True))


Passes = Callable[[SegmentRule], bool]
"""Whether gate 1 lets a rule pass."""


def steps(
    rule: ValidatedRule, wanted: Target | None, present: int, passes: Passes, qualifier: tuple[str, ...], cut: Cut | None = None
) -> Generator[Sequence[Query], Sequence[Table], Sizing]:
    """Curves of the first `MOST_CURVES` numbers, or of the number of `cut`, then what they propose."""
    found = thresholds(rule)[:MOST_CURVES] if cut is None else (cut.threshold,)
    hides = protection(rule.catalog.policy, rule.identity)
    lines = yield from curves(rule if cut is None else cut.rule, found, _sought(wanted, present, hides), qualifier)
    told = [replace(line, points=tuple(point for point in line.points if _may_be_told(point, line, hides))) for line in lines]
    offered = [one for place, line in enumerate(told) if (one := _best(place, line, wanted, rule.rule, passes)) is not None]
    untold = not any(_within(one.point, wanted) for one in offered) and any(
        _within(point, wanted) for line, shown in zip(lines, told, strict=True) for point in line.points if point not in shown.points
    )
    if wanted is None:
        ranked = offered
    else:
        ranked = sorted(offered, key=lambda one: _distance(one.point.n, wanted))
        inside = [one for one in ranked if wanted.reached(one.point.n)]
        nearest = [one for one in ranked[:1] if _distance(one.point.n, wanted) <= _distance(present, wanted)]
        beyond = cut is not None and wanted.low is not None and wanted.low > present
        ranked = inside or ([] if beyond else nearest)
        if inside and len(inside) < MOST_PROPOSALS:
            apart = [point for point in told[inside[0].curve].points if not hides.hides(abs(point.n - inside[0].point.n))]
            plain = _rounder(inside[0], replace(lines[inside[0].curve], points=tuple(apart)), wanted, rule.rule, passes)
            ranked = ranked if plain is None else [*ranked, plain]
    valued_by = rule.catalog.header.value_tag if cut is None else None
    return Sizing(wanted, present, valued_by, lines, tuple(ranked[:MOST_PROPOSALS]), untold)


def steps_at(
    rule: ValidatedRule, threshold: Threshold, values: Sequence[Decimal], present: int, passes: Passes, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Sizing]:
    """A number of the rule at each of some values, in one scan. Values that it may not take, or that gate 1 does not let pass, are left out."""
    edits = {value: threshold.edit(value) for value in dict.fromkeys(values) if threshold.may_be(value)}
    wanted = [value for value, edit in edits.items() if passes(apply(rule.rule, edit))]
    asked = {*wanted, threshold.present}
    (table,) = yield [one_curve.plan(rule, threshold, asked, qualifier)]
    points = {point.value: point for point in one_curve.read(table, threshold, asked)}
    line = Curve(threshold, tuple(points[value] for value in sorted(points)), dict.fromkeys(points, table.query))
    proposals = tuple(Proposal(0, threshold.path, points[value], edits[value]) for value in wanted)
    return Sizing(None, present, rule.catalog.header.value_tag, (line,), proposals, tried=True)


def _within(point: Point, wanted: Target | None) -> bool:
    return point.n > 0 if wanted is None else wanted.reached(point.n)


def _sought(wanted: Target | None, present: int, hides: Protection) -> int:
    """How many customers the curves are refined at: the aim, or so many from the present ones that the step may be told, where that will do too."""
    aim = 1 if wanted is None else wanted.aim
    if not hides.hides(abs(aim - present)):
        return aim
    further = present + hides.min_cell if aim > present else present - hides.min_cell
    return further if wanted is None or wanted.reached(further) else aim


def _may_be_told(point: Point, line: Curve, hides: Protection) -> bool:
    """Whether neither the customers at a value nor those who come in or go out by it are too few; the present value stands in any case."""
    moved = (point.n, point.n - point.kept, line.present.n - point.kept)
    return point.value == line.threshold.present or not any(hides.hides(n) for n in moved)


def _best(place: int, line: Curve, wanted: Target | None, rule: SegmentRule, passes: Passes) -> Proposal | None:
    """The best other value of one number that gate 1 lets pass: of those with the same customers the roundest. For anybody at all: the nearest that lets someone in."""
    others = [point for point in line.points if point.value != line.threshold.present and point.n]
    if line.threshold.added:  # from 1 yuan on there may be as many as from 90,000 on: what they all have is the answer
        most = {point.n: point.value for point in sorted(others, key=lambda one: one.value)}
        others = [point for point in others if point.value >= most[point.n] * (1 - _ABOUT)]
    if wanted is None:
        return _first(place, line, sorted(others, key=lambda point: _move(point, line)), rule, passes)
    return _first(
        place, line, sorted(others, key=lambda point: (_distance(point.n, wanted), _digits(point), _move(point, line))), rule, passes
    )


def _rounder(one: Proposal, line: Curve, wanted: Target, rule: SegmentRule, passes: Passes) -> Proposal | None:
    """A rounder value of the same number that is within the target too, moved least."""
    present = line.threshold.present
    rounder = [point for point in line.points if point.value != present and wanted.reached(point.n) and _digits(point) < _digits(one.point)]
    return _first(one.curve, line, sorted(rounder, key=lambda point: (_digits(point), _move(point, line))), rule, passes)


def _first(place: int, line: Curve, points: Sequence[Point], rule: SegmentRule, passes: Passes) -> Proposal | None:
    for point in points:
        edit = line.threshold.edit(point.value)
        if passes(apply(rule, edit)):
            return Proposal(place, line.threshold.path, point, edit)
    return None


def _move(point: Point, line: Curve) -> Decimal:
    return abs(point.value - line.threshold.present)


def _digits(point: Point) -> int:
    return len(point.value.normalize().as_tuple().digits)


def _distance(n: int, wanted: Target) -> tuple[bool, int]:
    return not wanted.reached(n), abs(n - wanted.aim)
