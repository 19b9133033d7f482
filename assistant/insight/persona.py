"""Who they are: what sets a segment apart from the rest of the base population. Law: nothing the rule itself says is called a finding,
nothing chance explains is listed, and no group small enough to be a person is shown.

Every bucket of every usable tag is compared with the same bucket of the rest. Shares are of customers with a known value.
- effect: Cohen's h = 2 asin sqrt(p1) - 2 asin sqrt(p2) (Cohen 1988, Statistical Power Analysis, ch. 6); what the segment has more of is ranked by it.
- test: two-sided pooled two-proportion z-test; Fisher's exact test where a cell expects fewer than 5 (as scipy.stats.fisher_exact: tables at most as likely).
- many tests: Benjamini-Hochberg false discovery rate (1995) over all that were tried; kept at q <= 0.05.
- interval of the difference: Newcombe's hybrid score interval from two Wilson intervals (Newcombe 1998, method 10), 95 %.
scipy's own functions are the yardstick in the tests; they are not imported here, because that alone takes longer than an answer may.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import NormalDist

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.breakdown import bucket_order, cut_points, unit_at
from assistant.insight.count import whole
from assistant.policy import PERSONA_CELL
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import RankCondition, RecordCondition, SequenceCondition, TagComparison, TagCondition, walk
from assistant.sql import profile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

MOST_TRAITS = 12
MOST_PER_TAG = 2
FALSE_DISCOVERIES = 0.05
SMALL_SEGMENT = 100
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Trait:
    """One bucket of one tag: n of `known` customers of the segment, `rest_n` of `rest_known` of the rest; the difference in shares with its 95 %
    interval, effect size h, p-value, and q-value (over all tests; 1 for what holds by definition, which is not tested)."""

    tag: str
    bucket: str
    n: int
    known: int
    rest_n: int
    rest_known: int
    low: float
    high: float
    effect: float
    p: float
    q: float = 1.0

    @property
    def share(self) -> Decimal:
        return Decimal(self.n) / Decimal(self.known)

    @property
    def rest_share(self) -> Decimal:
        return Decimal(self.rest_n) / Decimal(self.rest_known)

    @property
    def index(self) -> Decimal | None:
        """TGI: share in the segment over share in the rest, times 100; None when nobody in the rest has it."""
        return 100 * self.share / self.rest_share if self.rest_n else None

    @property
    def id(self) -> str:
        """The part of its fact ids that names it."""
        return f"persona.{self.tag}.{self.bucket}"


@dataclass(frozen=True, slots=True)
class Persona:
    """`traits`: what sets the segment (n) apart from the `rest`, strongest first. `by_definition`: the same for tags the rule speaks of, strongest first.
    `tested` and `suppressed` count buckets; `unknown`: customers of the segment without a value, for the tags of the traits."""

    n: int
    rest: int
    traits: tuple[Trait, ...]
    by_definition: tuple[Trait, ...]
    tested: int
    suppressed: int
    unknown: tuple[tuple[str, int], ...]
    query: str

    @property
    def small(self) -> bool:
        """Whether the segment is so small that its shares are uncertain."""
        return self.n < SMALL_SEGMENT

    def facts(self, sheet: FactSheet) -> None:
        """persona.n, persona.rest, persona.unknown.<tag>, and persona.<tag>.<bucket>.share, .rest_share, .index, .difference, .low, .high."""
        sheet.measured("persona.n", self.n, "customers", self.query)
        sheet.measured("persona.rest", self.rest, "customers", self.query)
        for tag, n in self.unknown:
            sheet.measured(f"persona.unknown.{tag}", n, "customers", self.query, cell=PERSONA_CELL)
        for trait in (*self.traits, *self.by_definition):
            group = trait.n or trait.known
            sheet.measured(f"{trait.id}.share", trait.share, "share", self.query, group, PERSONA_CELL)
            sheet.measured(f"{trait.id}.rest_share", trait.rest_share, "share", self.query, group, PERSONA_CELL)
            sheet.measured(f"{trait.id}.index", trait.index, "index", self.query, group, PERSONA_CELL)
            sheet.measured(f"{trait.id}.difference", trait.share - trait.rest_share, "points", self.query, group, PERSONA_CELL)
            sheet.measured(f"{trait.id}.low", Decimal(repr(trait.low)), "points", self.query, group, PERSONA_CELL)
            sheet.measured(f"{trait.id}.high", Decimal(repr(trait.high)), "points", self.query, group, PERSONA_CELL)


def usable_tags(rule: ValidatedRule) -> tuple[Tag, ...]:
    """The tags a persona may look at: online, not sensitive, and allowed for the rule's purpose. Catalog order."""
    return tuple(
        tag
        for tag in rule.catalog.tags.values()
        if tag.status == "online" and not tag.security.sensitive and (not tag.purposes or rule.purpose in tag.purposes)
    )


def definitional_tags(rule: ValidatedRule) -> frozenset[str]:
    """Tags the rule fixes: those it compares or ranks by, what the records it counts presuppose or add up to, and whatever the catalog derives from one
    of these or derives one of these from. `derived_from` lists every tag that nearly determines another, so one step either way is the whole chain."""
    named: set[str] = set()
    records: set[str] = set()
    for root in (rule.expanded, rule.catalog.base_rule):
        for _, node in walk(root):
            match node:
                case TagCondition(tag=tag) | RankCondition(tag=tag):
                    named.add(tag)
                case TagComparison(left=left, right=right):
                    named |= {left, right}
                case RecordCondition(records=code):
                    records.add(code)
                case SequenceCondition(first=first, then=then):
                    records |= {first.records, then.records}
    named |= _behaviour_tags(rule.catalog, records)
    return frozenset(named).union(*(_kin(rule.catalog, code) for code in named))


def _behaviour_tags(catalog: TagCatalog, records: set[str]) -> set[str]:
    """The tags that records speak of: roll-ups of them, who could make them at all (`exposure`), and the same for every other set with that exposure:
    whoever browsed in the app has signed up and logged in, which is no finding."""
    exposures = [catalog.records[code].exposure for code in records if catalog.records[code].exposure is not None]
    channel = records | {one.code for one in catalog.records.values() if one.exposure in exposures}
    found = {tag.code for tag in catalog.tags.values() if tag.roll_up_of in channel}
    for exposure in exposures:
        for _, node in walk(node_from_short(substitute(exposure, {"days": 1}))):
            if isinstance(node, TagCondition):
                found.add(node.tag)
    return found


def _kin(catalog: TagCatalog, code: str) -> frozenset[str]:
    """The tags that nearly determine a tag, or that it nearly determines."""
    above = catalog.tags[code].derived_from if code in catalog.tags else ()
    return frozenset(above) | {tag.code for tag in catalog.tags.values() if code in tag.derived_from}


def plan(rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One profile of the segment and of the rest of the base over every usable tag."""
    tags = usable_tags(rule)
    return (profile.profile(rule, tags, qualifier, {tag.code: cut_points(tag) for tag in tags if tag.numeric}),)


def read(tables: Sequence[Table], rule: ValidatedRule) -> Persona:
    """From the table of `plan`. An empty segment, or one that is the whole base, has no traits."""
    (table,) = tables
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    rest_cells: dict[str, Counter[str]] = defaultdict(Counter)
    unknown: dict[str, int] = {}
    totals: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for tag_cell, bucket_cell, n_cell, rest_cell in table.rows:
        code, n, rest_n = str(tag_cell), whole(n_cell), whole(rest_cell)
        totals[code] = totals[code][0] + n, totals[code][1] + rest_n
        if bucket_cell is None or not _listed(rule.catalog, rule.catalog.tags[code], str(bucket_cell)):
            unknown[code] = unknown.get(code, 0) + n
            continue
        bucket = _bucket(rule.catalog, rule.catalog.tags[code], str(bucket_cell))
        cells[code][bucket] += n
        rest_cells[code][bucket] += rest_n
    fixed = definitional_tags(rule)
    tried: list[Trait] = []
    given: list[Trait] = []
    suppressed = 0
    for tag in usable_tags(rule):
        found, hidden = _traits(rule.catalog, tag, cells[tag.code], rest_cells[tag.code])
        (given if tag.code in fixed else tried).extend(found)
        suppressed += hidden
    qs = false_discovery_rates([trait.p for trait in tried])
    judged = [_with_q(trait, q) for trait, q in zip(tried, qs, strict=True)]
    traits = _strongest((trait for trait in judged if trait.q <= FALSE_DISCOVERIES), rule.catalog)
    n, rest = next(iter(totals.values()), (0, 0))
    missing = tuple((code, unknown[code]) for code in dict.fromkeys(trait.tag for trait in traits) if unknown.get(code))
    return Persona(n, rest, traits, _strongest(given, rule.catalog), len(tried), suppressed, missing, table.query)


def _listed(catalog: TagCatalog, tag: Tag, bucket: str) -> bool:
    """Whether a stored value has a name: one that the catalog does not list is no known value."""
    values = catalog.values(tag)
    return tag.type != "enum" or not values or any(value.code == bucket for value in values)


def _bucket(catalog: TagCatalog, tag: Tag, bucket: str) -> str:
    """Organisation units are taken together by branch."""
    if tag.values_from == "organisation" and bucket in catalog.organisation:
        return unit_at(catalog, bucket, "1")[1] or bucket
    return bucket


def _traits(catalog: TagCatalog, tag: Tag, cells: Counter[str], rest_cells: Counter[str]) -> tuple[list[Trait], int]:
    """The buckets of one tag that may be shown, and the number of those that may not. Of two that mirror each other only one is looked at."""
    known, rest_known = cells.total(), rest_cells.total()
    if not known or not rest_known or PERSONA_CELL.hides(known) or PERSONA_CELL.hides(rest_known):
        return [], len(cells)
    place = bucket_order(catalog, tag)
    buckets = sorted(cells, key=place)
    if len(buckets) == 2:
        buckets = [max(buckets, key=lambda bucket: cells[bucket] / known - rest_cells[bucket] / rest_known)]
    found: list[Trait] = []
    hidden = 0
    for bucket in buckets:
        n, rest_n = cells[bucket], rest_cells[bucket]
        if any(PERSONA_CELL.hides(size) for size in (n, known - n, rest_n, rest_known - rest_n)):
            hidden += 1
            continue
        low, high = difference_interval(n, known, rest_n, rest_known)
        effect = effect_size(n / known, rest_n / rest_known)
        found.append(Trait(tag.code, bucket, n, known, rest_n, rest_known, low, high, effect, p_value(n, known, rest_n, rest_known)))
    return found, hidden


def _strongest(traits: Iterable[Trait], catalog: TagCatalog) -> tuple[Trait, ...]:
    """What the segment has more of, by effect: at most so many of one tag and so many in all, and of tags that nearly determine each other only the
    first, which would otherwise be told many times. What it has less of is the same finding seen from the tag's other buckets."""
    kept: list[Trait] = []
    of_tag: Counter[str] = Counter()
    told: set[str] = set()
    for trait in sorted(traits, key=lambda trait: (-trait.effect, trait.tag, trait.bucket)):
        if trait.effect > 0 and trait.tag not in told and of_tag[trait.tag] < MOST_PER_TAG and len(kept) < MOST_TRAITS:
            of_tag[trait.tag] += 1
            told |= _kin(catalog, trait.tag) - {trait.tag}
            kept.append(trait)
    return tuple(kept)


def _with_q(trait: Trait, q: float) -> Trait:
    return replace(trait, q=q)


def effect_size(p1: float, p2: float) -> float:
    """Cohen's h of two shares: 0.2 small, 0.5 medium, 0.8 large."""
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def wilson(n: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a share (1927)."""
    p, z2 = n / of, _Z * _Z
    centre = p + z2 / (2 * of)
    spread = _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of))
    return max(0.0, (centre - spread) / (1 + z2 / of)), min(1.0, (centre + spread) / (1 + z2 / of))


def difference_interval(n1: int, of1: int, n2: int, of2: int) -> tuple[float, float]:
    """Newcombe's 95 % interval of the difference of two shares."""
    p1, p2 = n1 / of1, n2 / of2
    (l1, u1), (l2, u2) = wilson(n1, of1), wilson(n2, of2)
    return p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def p_value(n1: int, of1: int, n2: int, of2: int) -> float:
    """Two-sided probability of a difference at least this large between two shares that are equal."""
    total, having = of1 + of2, n1 + n2
    if having in (0, total):
        return 1.0
    if min(of1, of2) * min(having, total - having) < 5 * total:
        return _fisher(n1, of1, having, total)
    pooled = having / total
    z = (n1 / of1 - n2 / of2) / math.sqrt(pooled * (1 - pooled) * (1 / of1 + 1 / of2))
    return math.erfc(abs(z) / math.sqrt(2))


def _fisher(n1: int, of1: int, having: int, total: int) -> float:
    """Fisher's exact test: the probability of all tables with these margins that are at most as likely as the one seen."""

    def choices(k: int, of: int) -> float:
        return math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)

    whole_table = choices(of1, total)
    logs = {
        k: choices(k, having) + choices(of1 - k, total - having) - whole_table
        for k in range(max(0, of1 + having - total), min(of1, having) + 1)
    }
    seen = logs[n1] + 1e-7
    return min(1.0, math.fsum(math.exp(log) for log in logs.values() if log <= seen))


def false_discovery_rates(ps: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg q-values, in the order of the p-values."""
    rates = [1.0] * len(ps)
    lowest = 1.0
    for rank, place in sorted(enumerate(sorted(range(len(ps)), key=lambda one: ps[one]), 1), reverse=True):
        lowest = min(lowest, ps[place] * len(ps) / rank)
        rates[place] = lowest
    return rates
