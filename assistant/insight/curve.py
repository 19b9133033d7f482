"""The count of a segment at many values of one of its numbers, with whom it keeps and what they are worth. Law: every point is exact: it is what asking would give."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from assistant.insight.count import whole
from assistant.insight.thresholds import Threshold, between, coarse, valued
from assistant.sql import curve
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

_REFINEMENTS = 2
_CLOSE_ENOUGH = Decimal("0.01")
"""A point this near to what is aimed at needs no finer ones."""
_NARROW = Decimal("0.1")
"""Nor does a step this small against the lower of its values, where what everyone has is looked for."""


@dataclass(frozen=True, slots=True)
class Point:
    """With the number at `value`: `n` customers, of whom `kept` are in the segment now; `known` of the n have a known amount of what the bank values, `amount`
    in all."""

    value: Decimal
    n: int
    kept: int
    known: int
    amount: Decimal

    @property
    def average(self) -> Decimal | None:
        """Amount a customer, over those known; None over nobody."""
        return self.amount / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Curve:
    """Points by value, ascending; `query`: the fingerprint of the scan that counted each."""

    threshold: Threshold
    points: tuple[Point, ...]
    queries: Mapping[Decimal, str]

    @property
    def present(self) -> Point:
        return next(point for point in self.points if point.value == self.threshold.present)


def plan(rule: ValidatedRule, threshold: Threshold, values: set[Decimal], qualifier: tuple[str, ...]) -> Query:
    """One scan for all values, the present one among them."""
    alternatives = [threshold.moved(value) for value in threshold.in_order(values)]
    return curve.curve(rule, threshold.at, alternatives, valued(rule), qualifier)


def read(table: Table, threshold: Threshold, values: set[Decimal]) -> tuple[Point, ...]:
    """From the table of `plan`, in the threshold's order. A customer is in the segment by the one side where the condition holds for him and by the other where
    it does not; the smaller side is inside the larger one (`sql/curve.py`), so those in both are the smaller."""
    ordered = threshold.in_order(values)
    present = ordered.index(threshold.present)
    places = [(whole(place), _side(held), _side(outside)) for place, held, outside in ((row[0], row[1:4], row[4:7]) for row in table.rows)]
    points = []
    for number, value in enumerate(ordered):
        inside = [held if place <= number else outside for place, held, outside in places]
        before = [held if place <= present else outside for place, held, outside in places]
        kept = sum(min(now[0], then[0]) for now, then in zip(inside, before, strict=True))
        amount = sum((one[2] for one in inside), Decimal(0))
        points.append(Point(value, sum(one[0] for one in inside), kept, sum(one[1] for one in inside), amount))
    return tuple(points)


def _side(cells: Sequence[Cell]) -> tuple[int, int, Decimal]:
    n, known, amount = cells
    return whole(n), whole(known), Decimal(0) if amount is None else Decimal(str(amount))


def curves(
    rule: ValidatedRule, found: Sequence[Threshold], aim: int, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[Curve, ...]]:
    """The curve of each number: round values first, then finer ones between the two that lie round the aim, until one is close to it."""
    points: list[dict[Decimal, Point]] = [{} for _ in found]
    queries: list[dict[Decimal, str]] = [{} for _ in found]
    asked = {number: coarse(threshold) for number, threshold in enumerate(found)}
    for _ in range(_REFINEMENTS + 1):
        if not asked:
            break
        tables = yield [plan(rule, found[number], values, qualifier) for number, values in asked.items()]
        for (number, values), table in zip(asked.items(), tables, strict=True):
            for point in read(table, found[number], values):
                points[number].setdefault(point.value, point)
                queries[number].setdefault(point.value, table.query)
        finer = {number: _finer(threshold, points[number], aim) for number, threshold in enumerate(found)}
        asked = {number: values | {found[number].present} for number, values in finer.items() if values}
    ordered = (tuple(one[value] for value in sorted(one)) for one in points)
    return tuple(Curve(threshold, line, held) for threshold, line, held in zip(found, ordered, queries, strict=True))


def _finer(threshold: Threshold, points: Mapping[Decimal, Point], aim: int) -> set[Decimal]:
    """Values not yet asked between the two next to each other whose counts lie round the aim; none where a point is close to it already. Where everyone is wanted
    of a number not yet asked, what they all have."""
    everyone = points[threshold.present].n if threshold.added else None
    if any(abs(point.n - aim) <= aim * _CLOSE_ENOUGH and point.n != everyone for point in points.values()):
        return set()
    line = sorted(points)
    for low, high in pairwise(line):
        least, most = sorted((points[low].n, points[high].n))
        reaches_all = least < aim == most == everyone and high - low > abs(low) * _NARROW
        if least < aim < most or reaches_all:
            return between(threshold, low, high) - points.keys()
    return set()
