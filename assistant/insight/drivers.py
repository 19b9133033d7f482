"""Who makes a rise or a fall: traits whose customers moved more than the others did. Law: everybody moving alike is nobody's trait.

Compared are the days on which customers did something, in a window and in a period before it, by each bucket of each tag as it stood before the window: what the
window itself did to the tags explains nothing. A rise that multiplies everybody's days leaves every share of the days as it was, whoever does much of
it anyway; counting customers would not, for the busy ones are there in both periods.
- share: of the days, those of customers with the trait, in the window against before; effect: Cohen's h of the two (1988, ch. 6), which ranks.
- interval and test: difference of two ratio estimates, linearised, with customers as clusters (Cochran 1977, Sampling Techniques, 6.4; Binder 1983): the same customers
  are in both periods and come again and again. Normal, two-sided; q by Benjamini-Hochberg over all buckets tried.
- Listed at q <= 5 % and h of at least `LEAST_EFFECT`; of tags that nearly determine each other (catalog, derived_from) the strongest.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist

from assistant.catalog.load import TagCatalog
from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.persona import FALSE_DISCOVERIES, effect_size, false_discovery_rates
from assistant.policy import PERSONA_CELL
from assistant.sql.query import Table

LEAST_EFFECT = 0.1
MOST_DRIVERS = 5
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Moments:
    """Customers with a day in the window (n) and before it; their days; sums over customers of squares and products of both."""

    n: int = 0
    n_before: int = 0
    days: int = 0
    days_before: int = 0
    days_2: int = 0
    days_before_2: int = 0
    both: int = 0

    def __add__(self, other: Moments) -> Moments:
        return Moments(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def __sub__(self, other: Moments) -> Moments:
        return Moments(*(getattr(self, name) - getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Driver:
    """One bucket of one tag: `own` of `known`, its part of all days by customers with a known value; difference of the shares (window less before) with its
    95 % interval, effect size h, p and q."""

    tag: str
    bucket: str
    own: Moments
    known: Moments
    low: float
    high: float
    effect: float
    p: float
    q: float = 1.0

    @property
    def share(self) -> Decimal:
        """Of the window's days."""
        return Decimal(self.own.days) / Decimal(self.known.days)

    @property
    def share_before(self) -> Decimal:
        """Of the days before."""
        return Decimal(self.own.days_before) / Decimal(self.known.days_before)

    @property
    def times(self) -> Decimal | None:
        """How many times as much their days grew as those of the others; None where the others, or they, had none."""
        others = self.known - self.own
        if not (self.own.days_before and others.days and others.days_before):
            return None
        return Decimal(self.own.days * others.days_before) / Decimal(self.own.days_before * others.days)

    def facts(self, sheet: FactSheet, prefix: str, query: str) -> None:
        """<prefix>.<tag>.<bucket>.share, .before, .times, .low, .high"""
        name, group = f"{prefix}.{self.tag}.{self.bucket}", self.own.n or self.own.n_before
        sheet.measured(f"{name}.share", self.share, "share", query, group, PERSONA_CELL)
        sheet.measured(f"{name}.before", self.share_before, "share", query, group, PERSONA_CELL)
        sheet.measured(f"{name}.times", self.times, "ratio", query, group, PERSONA_CELL)
        sheet.measured(f"{name}.low", Decimal(repr(self.low)), "points", query, group, PERSONA_CELL)
        sheet.measured(f"{name}.high", Decimal(repr(self.high)), "points", query, group, PERSONA_CELL)


def read(table: Table, catalog: TagCatalog, given: frozenset[str], rise: bool) -> tuple[Driver, ...]:
    """The drivers of a rise, or of a fall (whose customers' share of the days went down), strongest first. `given`: tags that what happened speaks of."""
    cells: dict[str, dict[str | None, Moments]] = defaultdict(dict)
    for tag, bucket, *numbers in table.rows:
        cells[str(tag)][None if bucket is None else str(bucket)] = Moments(*map(whole, numbers))
    tried = [driver for tag, buckets in cells.items() if tag not in given for driver in _of_tag(tag, buckets)]
    qs = false_discovery_rates([driver.p for driver in tried])
    judged = (replace(driver, q=q) for driver, q in zip(tried, qs, strict=True))
    sign = 1 if rise else -1
    telling = (driver for driver in judged if driver.q <= FALSE_DISCOVERIES and sign * driver.effect >= LEAST_EFFECT)
    return _strongest(telling, catalog)


def _of_tag(tag: str, buckets: Mapping[str | None, Moments]) -> list[Driver]:
    listed = {bucket: own for bucket, own in buckets.items() if bucket is not None}
    known = sum(listed.values(), Moments())
    if not known.days or not known.days_before:
        return []
    return [
        driver(tag, bucket, own, known)
        for bucket, own in listed.items()
        if not any(PERSONA_CELL.hides(size) or not size for size in (own.n_before, (known - own).n_before))
    ]


def driver(tag: str, bucket: str, own: Moments, known: Moments) -> Driver:
    """One bucket against all known ones. Both periods must have days."""
    others = known - own
    now, then = own.days / known.days, own.days_before / known.days_before
    weights = ((own, 1 - now, 1 - then), (others, -now, -then))
    variance = math.fsum(
        (a / known.days) ** 2 * part.days_2
        + (b / known.days_before) ** 2 * part.days_before_2
        - 2 * a * b * part.both / (known.days * known.days_before)
        for part, a, b in weights
    )
    spread = math.sqrt(max(variance, 0.0))
    difference = now - then
    p = math.erfc(abs(difference) / spread / math.sqrt(2)) if spread else float(difference == 0)
    return Driver(tag, bucket, own, known, difference - _Z * spread, difference + _Z * spread, effect_size(now, then), p)


def _strongest(drivers: Iterable[Driver], catalog: TagCatalog) -> tuple[Driver, ...]:
    """By effect, one bucket a tag, and of tags that nearly determine each other only the first."""
    kept: list[Driver] = []
    told: set[str] = set()
    for one in sorted(drivers, key=lambda driver: (-abs(driver.effect), driver.tag, driver.bucket)):
        if one.tag not in told and len(kept) < MOST_DRIVERS:
            told |= {one.tag, *kin(catalog, one.tag)}
            kept.append(one)
    return tuple(kept)


def kin(catalog: TagCatalog, code: str) -> frozenset[str]:
    """The tags that nearly determine a tag, or that it nearly determines."""
    return frozenset(catalog.tags[code].derived_from) | {tag.code for tag in catalog.tags.values() if code in tag.derived_from}
