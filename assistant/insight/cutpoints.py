"""What a size without a number may mean: sayable numbers near the upper (or lower) tenth and quarter of the customers measured. Law: every number is a point that was
counted; it is as round as the customers allow, and no group is offered that is too small to be shown.

A number is as good as the quantile where it takes within a tenth as many customers as the quantile would; of those the one with fewest digits is taken, as people
say it (4万 for 38,200). Bands of the catalog that lie in that part of the distribution stand beside them.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from decimal import Decimal

from assistant.insight import overlap
from assistant.insight.curve import Curve, Point, curves
from assistant.insight.thresholds import Threshold, thresholds
from assistant.interpret.interpretation import Cut, Size
from assistant.policy import Protection
from assistant.rule.tree import RecordCondition, TagCondition
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

SHARES: Mapping[Size, tuple[Decimal, ...]] = {
    "large": (Decimal("0.1"), Decimal("0.25")),
    "small": (Decimal("0.25"), Decimal("0.5")),
}
"""What a size is offered as, narrower first: amounts lie close together at their lower end, where a tenth would be next to nothing."""
_AS_MANY = Decimal("0.1")
_MOST = Decimal("0.55")
"""Not many more than half are large, or small."""
_MOST_BANDS = 3
_ALIKE = Decimal("0.15")
"""A band this near to a quantile stands for it: 66 and 65 years are one choice."""


def steps(
    rule: ValidatedRule, whose: ValidatedRule, size: Size, protection: Protection, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[Cut, ...]]:
    """The numbers that may stand in a rule of one condition, fewest customers first; none over nobody. `whose`: the customers that the shares are of."""
    (table,) = yield overlap.plan([whose], qualifier)
    everyone = overlap.read((table,), 1).counts[0]
    threshold = thresholds(rule)[-1]  # of an interval the upper end: its lower one is nothing at all
    if not everyone or protection.hides(everyone):
        return ()
    most, widest = everyone * _MOST, int(everyone * max(SHARES[size]))
    lines: list[Curve] = []
    for share in SHARES[size]:
        lines += yield from curves(rule, [threshold], int(everyone * share), qualifier)
    points = {one.value: one for line in lines for one in line.points if 0 < one.n <= most and not protection.hides(one.n)}
    bands = [points[value] for value in threshold.bands if value in points and points[value].n <= widest * (1 + _ALIKE)]
    drawn = sorted(bands, key=lambda one: -one.n)[:_MOST_BANDS]
    found = {one.value: _cut(threshold, one, everyone, size, band=True) for one in drawn}
    for share in SHARES[size]:
        aim = int(everyone * share)
        if points and not any(abs(one.n - aim) <= aim * _ALIKE for one in drawn):
            point = sayable(tuple(points.values()), aim)
            found.setdefault(point.value, _cut(threshold, point, everyone, size))
    return tuple(sorted(found.values(), key=lambda cut: cut.share))


def sayable(points: Sequence[Point], aim: int) -> Point:
    """The roundest number that takes about so many customers, the nearest of those; else the nearest of all."""
    near = [one for one in points if abs(one.n - aim) <= aim * _AS_MANY]
    if not near:
        return min(points, key=lambda one: (abs(one.n - aim), _digits(one)))
    return min(near, key=lambda one: (_digits(one), abs(one.n - aim)))


def _cut(threshold: Threshold, point: Point, everyone: int, size: Size, band: bool = False) -> Cut:
    node = threshold.moved(point.value)
    assert isinstance(node, TagCondition | RecordCondition), "a measure is one condition"
    return Cut(node, Decimal(point.n) / everyone, size, band)


def _digits(point: Point) -> int:
    return len(point.value.normalize().as_tuple().digits)
