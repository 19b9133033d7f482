"""Who makes a rise or a fall: traits whose customers moved more than the others did. Law: everybody moving alike is nobody's trait.

Compared are the days on which customers did something, in a window and in a period before it, by each bucket of each tag. Tags are read twice. As they stood when
the window began they rank: what customers have by then is what they come with, and an earlier reading would blur it. As they stood before both periods they
must bear that out: a tag that tells what was done lately sorts the earlier period by itself, and so does each customer whose product has just run out; such a difference
is gone when the tag is read before either period (regression to the mean: Galton 1886; Barnett et al. 2005, Int. J. Epidemiol. 34). A rise that multiplies everybody's days leaves every share of the days as it was, whoever does much of
it anyway; counting customers would not, for the busy ones are there in both periods.
- share: of the days, those of customers with the trait, in the window against before; effect: Cohen's h of the two (1988, ch. 6), which ranks.
- interval and test: difference of two ratio estimates, linearised, with customers as clusters (Cochran 1977, Sampling Techniques, 6.4; Binder 1983): the same customers
  are in both periods and come again and again. Student's t, two-sided, with as many degrees of freedom as the thinner side has customers of equal weight (Kish
  1965, 11.7; few clusters: Carter, Schnepel and Steigerwald 2017, Rev. Econ. Stat. 99), less one.
- a trait is to be true by both readings of the tags: its p is the larger of the two (partial conjunction of two: Benjamini and Heller 2008, Biometrics 64), one-sided by the
  earlier one; q by Benjamini-Hochberg of those, over all buckets tried, where what is not to be told for another reason counts as p = 1.
- Looked at, ranked and told like the traits of a persona (`traits.py`, `persona.py: strongest`), at q <= 5 % and h of at least `LEAST_EFFECT`, and the same
  direction by the earlier tags, at least half as far.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import NormalDist

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet, FactUnit
from assistant.insight.breakdown import cut_points
from assistant.insight.count import whole
from assistant.insight.expected import beta_share
from assistant.insight.persona import FALSE_DISCOVERIES, strongest, usable_tags
from assistant.insight.spread import ABSENT, Spread, bucket_of
from assistant.insight.statistics import effect_size, false_discovery_rates, rates_among
from assistant.insight.traits import Split, Trait, splits
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import Filter
from assistant.rule.window import DateSpan
from assistant.sql import activity
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

LEAST_EFFECT = 0.15
"""Below it lies what busy customers do to the shares of a surge that everybody takes part in: they cannot come on more days than there are."""
SMALL_EFFECT, PLAIN_GROWTH = 0.1, 1.6
"""So much is enough of those whose days grew, against those of the others, so many times: few customers who plainly moved, which being busy makes nobody do."""
MOSTLY_BEFORE = 0.5
"""Part of the effect that earlier tags must show: of a difference that the days themselves sorted into the tag little is left, of millions of days still enough for any test."""
MOST_DRIVERS = 5
MOST_UNKNOWN = 0.05
"""Part of the days, of customers without tags at the eve, up to which the others speak for all."""
LEAST_CUSTOMERS = 50
"""Customers of either period below which shares of their days say nothing."""
Z = NormalDist().inv_cdf(0.975)


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
        return Moments(*(one + two for one, two in zip(self.parts(), other.parts(), strict=True)))

    def __sub__(self, other: Moments) -> Moments:
        return Moments(*(one - two for one, two in zip(self.parts(), other.parts(), strict=True)))

    @classmethod
    def total(cls, moments: Iterable[Moments]) -> Moments:
        """The sum of several."""
        return cls(*map(sum, zip(*(one.parts() for one in moments), strict=True)))

    def parts(self) -> tuple[int, ...]:
        return self.n, self.n_before, self.days, self.days_before, self.days_2, self.days_before_2, self.both


Cells = Mapping[str, Mapping[str, Moments]]
"""Code of a tag -> bucket -> the moments of the customers in it."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One bucket of one tag: `own` of `known`, its part of all days by customers with a known value; difference of the shares (window less before) with its
    standard error `spread`, effect size h, p and q."""

    tag: str
    bucket: str
    own: Moments
    known: Moments
    difference: float
    spread: float
    effect: float
    p: float
    q: float = 1.0

    @property
    def low(self) -> float:
        """Lower end of the difference's 95 % interval."""
        return self.difference - Z * self.spread

    @property
    def high(self) -> float:
        return self.difference + Z * self.spread

    @property
    def share(self) -> Decimal:
        """Of the window's days."""
        return Decimal(self.own.days) / Decimal(self.known.days)

    @property
    def share_before(self) -> Decimal:
        """Of the days before."""
        return Decimal(self.own.days_before) / Decimal(self.known.days_before)

    @property
    def share_now(self) -> float:
        return self.own.days / self.known.days

    @property
    def share_then(self) -> float:
        return self.own.days_before / self.known.days_before

    @property
    def share_of_customers(self) -> Decimal:
        """Of the window's customers."""
        return Decimal(self.own.n) / Decimal(self.known.n)

    @property
    def times(self) -> Decimal | None:
        """How many times as much their days grew as those of the others; None where the others, or they, had none."""
        others = self.known - self.own
        if not (self.own.days_before and others.days and others.days_before):
            return None
        return Decimal(self.own.days * others.days_before) / Decimal(self.own.days_before * others.days)

    def facts(self, sheet: FactSheet, prefix: str, query: str) -> None:
        """<prefix>.<tag>.<bucket>.share, .before (of the days), .customers (share of the customers), .times, .low, .high. Few customers without the trait are protected as
        few with it are: the shares, beside how many customers there are, would tell them."""
        name, group = f"{prefix}.{self.tag}.{self.bucket}", self.own.n or self.own.n_before
        others = self.known - self.own
        few = any(sheet.protection.hides(n) for n in (self.own.n, self.own.n_before, others.n, others.n_before))
        figures: dict[str, tuple[Decimal | None, FactUnit]] = {
            "share": (self.share, "share"),
            "before": (self.share_before, "share"),
            "customers": (self.share_of_customers, "share"),
            "times": (self.times, "ratio"),
            "low": (Decimal(repr(self.low)), "points"),
            "high": (Decimal(repr(self.high)), "points"),
        }
        for figure, (value, unit) in figures.items():
            if few:
                sheet.withheld(f"{name}.{figure}", unit, query)
            else:
                sheet.measured(f"{name}.{figure}", value, unit, query, group, PERSONA_CELL)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What tags at the eve of a window propose, of so many traits `tested`. Their p-values are no smaller once the earlier tags are read, so nothing else can be found."""

    drivers: tuple[Driver, ...]
    tested: int


def shown(drivers: Iterable[Driver], prefix: str, sheet: FactSheet) -> tuple[Driver, ...]:
    """The drivers whose figures may be shown: the name of one whose may not would say that nearly all, or next to nobody, has it. `prefix` as of `Driver.facts`."""
    return tuple(one for one in drivers if not sheet[f"{prefix}.{one.tag}.{one.bucket}.share"].suppressed)


@dataclass(frozen=True, slots=True)
class Newly:
    """Those without tags at the eve of a move, who came to the bank since: `own` of `all` that made it. They are in no driver, nor is their growth measured as one: whoever is new
    has fewer days before by being new. Of a fall only what they did before counts: what somebody does who has just come makes nothing fall, however much it is of what is left."""

    own: Moments
    all: Moments
    query: str
    rise: bool = True

    @property
    def many(self) -> bool:
        """Whether so much is theirs that nothing can be said of all kinds of customers."""
        before = self.own.days_before > MOST_UNKNOWN * self.all.days_before
        return before or (self.rise and self.own.days > MOST_UNKNOWN * self.all.days)

    def facts(self, sheet: FactSheet, prefix: str) -> None:
        """<prefix>.newly.share: their part of the days of the window, or of a fall of the days before it; withheld where they, or the others, are few."""
        name, others = f"{prefix}.newly.share", self.all - self.own
        own, days, whole = (
            (self.own.n, self.own.days, self.all.days) if self.rise else (self.own.n_before, self.own.days_before, self.all.days_before)
        )
        if any(sheet.protection.hides(n) for n in (own, others.n if self.rise else others.n_before)) or not whole:
            sheet.withheld(name, "share", self.query)
        else:
            sheet.measured(name, Decimal(days) / whole, "share", self.query, own, PERSONA_CELL)


@dataclass(frozen=True, slots=True)
class Move:
    """What rose or fell: a record set (with filters, in branches) between the spans `earlier` and `later`, which do not touch, among the customers of a rule. `eve`: that rule
    validated at the eve of the later span; `before`: at that of the earlier one. `given`: tags that what happened speaks of."""

    records: str
    filters: tuple[Filter, ...]
    branches: tuple[str, ...]
    earlier: DateSpan
    later: DateSpan
    eve: ValidatedRule
    before: ValidatedRule
    given: frozenset[str]
    rise: bool
    members: ValidatedRule | None = None
    """The rule whose customers they are, as it stands, with only their tags read at the eves; None: those of the rule at each eve."""
    everybody: ValidatedRule | None = None
    """The rule by which those are counted who had no tags at the eve; None: `members`."""
    held: frozenset[str] = frozenset()
    """Tags of what the rule's customers were picked for having: looked at among those who had it by then, for who lately got it is the rule's own doing."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """Who makes a move, strongest first; `compared`: whether there were days before to compare with; `query`: the fingerprint of what counted whose days they are;
    `earlier`: the days before; `newly`: those who were left out, having come since the eve."""

    drivers: tuple[Driver, ...]
    compared: bool
    query: str
    earlier: DateSpan
    newly: Newly | None = None
    tested: int = 0
    """How many traits were looked at: none found among so many is no word for everybody's being alike."""


def steps(moves: Sequence[Move], qualifier: tuple[str, ...]) -> Generator[Sequence[Query], Sequence[Table], tuple[Drivers, ...]]:
    """The drivers of each move: all tags at the eve of the window, then those that told something as they were before both periods."""
    asked = [plan(one, qualifier) for one in moves]
    asked += [query for one in moves if (query := plan_newly(one, qualifier)) is not None]
    answers = yield asked
    tables, others = answers[: len(moves)], iter(answers[len(moves) :])
    newly = [None if plan_newly(one, qualifier) is None else read_newly(next(others), one.rise) for one in moves]
    found = [read(table, one.eve.catalog, one.given, one.rise, one.held) for table, one in zip(tables, moves, strict=True)]
    doubted = [(one, proposed.drivers) for one, proposed in zip(moves, found, strict=True) if proposed.drivers]
    earlier = iter((yield [plan(one, qualifier, drivers) for one, drivers in doubted]) if doubted else ())
    kept = [
        borne_out(proposed, cells_of(next(earlier), one.eve.catalog, one.held), one.eve.catalog, one.rise) if proposed.drivers else ()
        for one, proposed in zip(moves, found, strict=True)
    ]
    return tuple(
        Drivers(drivers, any(whole(n) for n in table.column("n_before")), table.query, one.earlier, new, proposed.tested)
        for one, drivers, table, new, proposed in zip(moves, kept, tables, newly, found, strict=True)
    )


def eve(first: date, snapshots: Sequence[date]) -> date:
    """The date of the tags that customers come with into the days from `first` on: the last snapshot before them, else the first (ascending) of all."""
    return max((one for one in snapshots if one < first), default=snapshots[0])


def plan(move: Move, qualifier: tuple[str, ...], among: Sequence[Driver] | None = None) -> Query:
    """Whose days both spans hold, by all tags at the eve of the window; or, to bear out some drivers, by their tags before both."""
    rule = move.eve if among is None else move.before
    told = None if among is None else {one.tag for one in among}
    tags = [tag for tag in usable_tags(rule) if tells(tag) and (told is None or tag.code in told)]
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    return activity.contributions(
        rule, move.records, move.filters, move.branches, tags, qualifier, cuts, move.earlier, move.later, move.members
    )


def plan_newly(move: Move, qualifier: tuple[str, ...]) -> Query | None:
    """Whose days both spans hold, by whether they had tags at the eve of the window; None where that is the day they are counted by."""
    everybody = move.everybody or move.members
    if everybody is None or everybody.snapshot == move.eve.snapshot:
        return None
    return activity.by_row(move.eve, move.records, move.filters, move.branches, qualifier, move.earlier, move.later, everybody)


def read_newly(table: Table, rise: bool = True) -> Newly:
    """From the table of `plan_newly`, of a rise or a fall."""
    sides: dict[bool, Moments] = defaultdict(Moments)
    for known, *numbers in table.rows:
        sides[bool(known)] += Moments(*map(whole, numbers))
    return Newly(sides[False], sides[False] + sides[True], table.query, rise)


def tells(tag: Tag) -> bool:
    """Whether a tag can explain what is done: it tells who customers are, not what they do."""
    return tag.roll_up_of is None and not tag.activity


def read(table: Table, catalog: TagCatalog, given: frozenset[str], rise: bool, held: frozenset[str] = frozenset()) -> Proposed:
    """What may drive a rise, or a fall (whose customers' share of the days went down), by the tags at the eve of the window. `given`: tags that what happened speaks of;
    `held`: as of `cells_of`."""
    tried = [
        driver
        for code, buckets in cells_of(table, catalog, held).items()
        if code not in given and tells(catalog.tags[code])
        for driver in _of_tag(catalog.tags[code], catalog, buckets, rise)
    ]
    rates = false_discovery_rates([one.p for one in tried])
    sign = 1 if rise else -1
    found = (one for one, q in zip(tried, rates, strict=True) if q <= FALSE_DISCOVERIES and matters(one.share_now, one.share_then, sign))
    return Proposed(tuple(found), len(tried))


def borne_out(proposed: Proposed, cells: Cells, catalog: TagCatalog, rise: bool) -> tuple[Driver, ...]:
    """Of what `read` proposed what the tags before both periods say as well, beyond chance among all tested, strongest first."""
    found = as_before(proposed.drivers, cells, catalog, rise)
    rates = rates_among([one.p for one in found], proposed.tested)
    return ranked((replace(one, q=q) for one, q in zip(found, rates, strict=True)), catalog, rise)


def as_before(found: Sequence[Driver], cells: Cells, catalog: TagCatalog, rise: bool) -> tuple[Driver, ...]:
    """Of some drivers those that went the same way by the tags before both periods (`cells`), and far enough, each with the larger p of the two."""
    sign = 1 if rise else -1
    earlier = {
        (one.tag, one.bucket): one
        for code in dict.fromkeys(one.tag for one in found)
        for one in _of_tag(catalog.tags[code], catalog, cells.get(code, {}), rise)
    }
    return tuple(
        replace(one, p=max(one.p, before.p / 2))
        for one in found
        if (before := earlier.get((one.tag, one.bucket))) is not None and sign * before.effect >= MOSTLY_BEFORE * sign * one.effect
    )


def ranked(drivers: Iterable[Driver], catalog: TagCatalog, rise: bool) -> tuple[Driver, ...]:
    """Those beyond chance, as they are told: the strongest first, of tags that say the same one."""
    kept = {(one.tag, one.bucket): one for one in drivers if one.q <= FALSE_DISCOVERIES}
    told = strongest((_as_trait(one, 1 if rise else -1) for one in kept.values()), catalog)
    return tuple(kept[trait.tag, trait.bucket] for trait in told)[:MOST_DRIVERS]


def cells_of(table: Table, catalog: TagCatalog, held: frozenset[str] = frozenset()) -> Cells:
    """The moments by tag and known bucket, from a table of `plan`. `held`: tags looked at among those who have a value alone."""
    cells: dict[str, dict[str, Moments]] = defaultdict(lambda: defaultdict(Moments))
    for code, cell, *numbers in table.rows:
        tag = catalog.tags[str(code)]
        bucket = bucket_of(catalog, tag, None if cell is None else str(cell))
        if bucket is not None and not (bucket == ABSENT and tag.code in held):
            cells[tag.code][bucket] += Moments(*map(whole, numbers))
    return cells


def either_side(tag: Tag, catalog: TagCatalog, buckets: Iterable[str]) -> tuple[Split, ...]:
    """Every trait that a tag's buckets hold: of two that mirror each other both."""
    known = frozenset(buckets)
    pairs = (
        (Split(one.bucket, one.inside), Split(one.outside or "", known - one.inside))
        for one in splits(tag, catalog, Spread(n=Counter(dict.fromkeys(known, 1))))
    )
    return tuple(one for pair in pairs for one in pair if one.bucket)


def _of_tag(tag: Tag, catalog: TagCatalog, buckets: Mapping[str, Moments], rise: bool) -> list[Driver]:
    """Every split of a tag that may be shown, turned to the side that drives."""
    known = sum(buckets.values(), Moments())
    if known.n < LEAST_CUSTOMERS or known.n_before < LEAST_CUSTOMERS:
        return []
    found = []
    held = Spread(n=Counter(dict.fromkeys(buckets, 1)))
    for split in splits(tag, catalog, held):
        own = sum((buckets[bucket] for bucket in split.inside), Moments())
        others = known - own
        if min(own.n_before, others.n_before, own.n + own.n_before, others.n + others.n_before) < PERSONA_CELL.min_cell:
            continue
        one = driver(tag.code, split, own, known)
        if split.outside is not None and (one.effect > 0) != rise:
            one = driver(tag.code, Split(split.outside, frozenset()), others, known)
        found.append(one)
    return found


def driver(tag: str, split: Split, own: Moments, known: Moments) -> Driver:
    """One split, its buckets' moments against all known ones. Both periods must have days."""
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
    p = student(abs(difference) / spread, _clusters(own, others) - 1) if spread else float(difference == 0)
    return Driver(tag, split.bucket, own, known, difference, spread, effect_size(now, then), p)


def matters(now: float, then: float, sign: int = 1) -> bool:
    """Whether a part of the days has moved enough to be told, up (`sign` 1) or down (-1)."""
    effect = sign * effect_size(now, then)
    if effect < SMALL_EFFECT or effect >= LEAST_EFFECT:
        return effect >= LEAST_EFFECT
    more, less = (now, then) if sign > 0 else (then, now)
    return more * (1 - less) >= PLAIN_GROWTH * less * (1 - more)


def _clusters(*sides: Moments) -> float:
    """How many equally busy customers the days of the thinnest side and period are worth."""
    worth = [
        days**2 / squares
        for side in sides
        for days, squares in ((side.days, side.days_2), (side.days_before, side.days_before_2))
        if squares
    ]
    return max(min(worth), 2.0)


def student(t: float, freedom: float) -> float:
    """Two-sided tail of Student's t (DLMF 8.17: by the incomplete beta function)."""
    return beta_share(freedom / 2, 0.5, freedom / (freedom + t * t))


def _as_trait(one: Driver, sign: int) -> Trait:
    """The driver as the persona ranks it: what went the way of the finding is what there is more of."""
    own, known = one.own, one.known
    sizes = (own.days, known.days, own.days_before, known.days_before)
    return Trait(one.tag, one.bucket, *sizes, one.share, one.share_before, one.low, one.high, sign * one.effect, one.p, one.q)
