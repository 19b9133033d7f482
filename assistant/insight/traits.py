"""What may set customers apart: a bucket of a tag, all on one side of a threshold, or to have a value at all. Law: of two that mirror each other only one is looked at.

An ordered tag is looked at by each threshold as well as by bucket: the strongest threshold is the Kolmogorov-Smirnov point (the largest difference between
the two distributions), told on the same scale as a yes-no tag, and a threshold is what a rule can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet, FactUnit
from assistant.insight.breakdown import bucket_order, cut_points, smallest_step
from assistant.insight.spread import ABSENT, Spread
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import Range, TagCondition
from assistant.rule.window import Ago, Future, Rolling

TRAIT_FIGURES: Mapping[str, FactUnit] = {
    "share": "share", "rest_share": "share", "index": "index", "difference": "points", "low": "points", "high": "points",
}  # fmt: skip
"""What is told of a trait, each with its unit."""
_OFF_THE_SCALE = frozenset({"ahead", "past"})
"""Dates on the wrong side of the data date: they are no longer or shorter ago than the others."""

HAS_VALUE = "*"
"""The bucket of all who have any value of a tag that others have none of: who was tested for risk, whatever the grade. No code of a catalog reads so."""
NEARLY_ALL = 0.95
"""Of a side that have a value, from which on a share of them is as good as one of the side."""
LEAST_REST = Decimal("0.001")
"""The share of the rest from which on an index is told."""


def among_known(known: tuple[int, int], sizes: tuple[int, int]) -> bool:
    """Whether those with a value are so few of either side that a share of them is no share of the side."""
    return any(n < NEARLY_ALL * size for n, size in zip(known, sizes, strict=True))


@dataclass(frozen=True, slots=True)
class Trait:
    """What n of `known` customers of the segment have, and a share `rest_share` of the `rest_known` they are compared with (rest_n of them): the difference in
    shares with its 95 % interval, effect size h, p-value, and q-value (over all tests; 1 for what holds by definition, which is not tested).

    `bucket`: a bucket of a profile; or ">=" or "<" and the number of the cut point or the code of an ordered enum, "<=" or ">" and the bucket of a date
    that is the last within; or HAS_VALUE. `reversed_in`: tags within whose values the difference mostly goes the other way. `explained_by`: tags within whose values no
    difference is left that chance could not make."""

    tag: str
    bucket: str
    n: int
    known: int
    rest_n: int
    rest_known: int
    share: Decimal
    rest_share: Decimal
    low: float
    high: float
    effect: float
    p: float
    q: float = 1.0
    reversed_in: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()
    finding: str = "persona"
    """What found it: the first part of its fact ids."""
    among_known: bool = False
    """Whether its shares are of customers with a value, who are far from all of either side: said wherever it is named."""

    @property
    def doubtful(self) -> bool:
        """Whether the difference goes the other way, or is gone, within the values of other tags."""
        return bool(self.reversed_in or self.explained_by)

    @property
    def index(self) -> Decimal | None:
        """TGI: share in the segment over share in the rest, times 100; None where next to nobody in the rest has it, so that the ratio says nothing."""
        return 100 * self.share / self.rest_share if self.rest_share >= LEAST_REST else None

    @property
    def id(self) -> str:
        """The part of its fact ids that names it."""
        return f"{self.finding}.{self.tag}.{self.bucket}"

    def facts(self, name: str, sheet: FactSheet, query: str) -> None:
        """<name>.share, .rest_share, .index, .difference, .low, .high; none of a group small enough to be persons."""
        ends = {"low": Decimal(repr(self.low)), "high": Decimal(repr(self.high))}
        values = {
            "share": self.share,
            "rest_share": self.rest_share,
            "index": self.index,
            "difference": self.share - self.rest_share,
            **ends,
        }
        for figure, unit in TRAIT_FIGURES.items():
            sheet.measured(f"{name}.{figure}", values[figure], unit, query, self.n or self.known, PERSONA_CELL)


@dataclass(frozen=True, slots=True)
class Split:
    """A trait to look at: how it is named, its buckets, and what the others are named where they are a trait as well."""

    bucket: str
    inside: frozenset[str]
    outside: str | None = None


def splits(tag: Tag, catalog: TagCatalog, spread: Spread) -> tuple[Split, ...]:
    """Every way to part the known buckets of a tag, each once. Where some customers have none of it, two sides are no mirrors of each other and both are looked at, and so
    is to have a value at all."""
    buckets = set(spread.n) | set(spread.rest)
    order = sorted(buckets - {ABSENT}, key=bucket_order(catalog, tag))
    found = _parted(tag, order)
    if ABSENT not in buckets:
        return found
    sides = ((Split(one.bucket, one.inside), Split(one.outside or "", frozenset(order) - one.inside)) for one in found)
    any_value = Split(HAS_VALUE, frozenset(order))
    return (any_value, *(side for pair in sides for side in pair if side.bucket)) if order else ()


def _parted(tag: Tag, order: list[str]) -> tuple[Split, ...]:
    """Every way to part buckets in their order."""
    everything = frozenset(order)
    if len(order) == 2 and not _scale(tag, order):
        return (Split(order[0], frozenset(order[:1]), order[1]),)
    found: list[Split] = []
    scale = _scale(tag, order)
    for place in range(1, len(scale)):
        above = frozenset(scale[place:])
        found.append(
            Split(_side(tag, scale, place, True), above, _side(tag, scale, place, False) if above | set(scale) == everything else None)
        )
    ends = {scale[0], scale[-1]} if len(scale) > 1 and len(scale) == len(order) else set()
    looked_at = {split.inside for split in found}
    single = [Split(bucket, frozenset([bucket])) for bucket in order if bucket not in ends and len(order) > 1]
    found += [split for split in single if split.inside not in looked_at]
    return tuple(found)


def _scale(tag: Tag, order: list[str]) -> list[str]:
    """The buckets that have an order, in it."""
    if tag.numeric or tag.ordered:
        return order
    return [bucket for bucket in order if bucket not in _OFF_THE_SCALE] if tag.type == "date" else []


def _side(tag: Tag, scale: list[str], place: int, above: bool) -> str:
    """How the buckets on one side of a threshold are named: a single one by itself."""
    side = scale[place:] if above else scale[:place]
    if len(side) == 1:
        return side[0]
    if tag.type == "date":
        return f"{'>' if above else '<='}{scale[place - 1]}"
    return f"{'>=' if above else '<'}{scale[place]}"


def threshold(bucket: str) -> tuple[str, str]:
    """The sign of a trait that is one side of a threshold ("" for a plain bucket), and what follows it."""
    sign = next((sign for sign in (">=", "<=", "<", ">") if bucket.startswith(sign)), "")
    return sign, bucket[len(sign) :]


def condition(tag: Tag, bucket: str, catalog: TagCatalog) -> TagCondition | None:
    """The trait as one comparison of a rule; None where there is none for it (months of birth, dates off the scale, any value at all)."""
    sign, code = threshold(bucket)
    if bucket == HAS_VALUE:
        return None
    if tag.type == "flag":
        return TagCondition(tag=tag.code, operator="=", value=bucket == "true")
    if tag.numeric:
        cuts, place = cut_points(tag), int(code)
        if sign or place in (0, len(cuts)):
            high = sign == "<" or (not sign and place == 0)
            if high and (not sign or place == 1) and cuts[0] == smallest_step(tag):
                return TagCondition(tag=tag.code, operator="<=", value=Decimal(0))
            return TagCondition(tag=tag.code, operator="<" if high else ">=", value=cuts[place if not sign and high else place - 1])
        return TagCondition(tag=tag.code, operator="range", value=Range(low=cuts[place - 1], high=cuts[place], high_open=True))
    if tag.type == "enum":
        return TagCondition(tag=tag.code, operator=">=" if sign == ">=" else "<" if sign else "in", value=(code,))
    return _date_condition(tag, sign, code)


def _date_condition(tag: Tag, sign: str, code: str) -> TagCondition | None:
    days = code.removeprefix("in" if tag.tense == "future" else "d")
    if tag.type != "date" or not days.isdigit() or sign not in ("<=", ">"):
        return None
    n = int(days)
    if tag.tense == "future":
        return TagCondition(tag=tag.code, operator="within", value=Future(n=n)) if sign == "<=" else None
    return TagCondition(tag=tag.code, operator="within", value=Rolling(n=n) if sign == "<=" else Ago(nearest=n))
