"""Who they are: what sets a segment apart from others. Law: nothing the rule itself says is called a finding, nothing chance explains is listed, and no group
small enough to be a person is shown.

Every bucket and every threshold of every usable tag is compared with the baseline; shares are of customers with a known value, and to have none of what a tag
tells of (no card, no date of a loan) is known, so that to have a value at all is a trait of its own (who was tested for risk): told wherever a value parts those who have one so
little that it is nearly all there is to say. What the segment has more of is ranked by Cohen's h, kept at a false discovery rate of 5 % over all that were tried and with an interval above nothing (`statistics.py` names the methods). Baselines: the rest of the base, of whom only
those who could be in the segment where that is not everybody (`eligible.py`); everyone in it, the segment included (the same test, the difference scaled by the share of the others); those of another segment who are not in this one; or
the rest with the segment's own mix of stated tags (post-stratification). The findings are then looked at again within branch, tier, age and activity: a
difference that goes the other way inside most strata is a Simpson reversal (Simpson 1951), one that is gone is explained by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight import quartiles
from assistant.insight.arrival import looks_before
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import at_bound, follows, kin, measured, own_tags, settled
from assistant.insight.eligible import Eligible
from assistant.insight.quartiles import Spans
from assistant.insight.spread import Spread, Spreads, Strata, comparable, side_by_side, strata, together, turned_round
from assistant.insight.statistics import Stratum, difference_interval, effect_size, false_discovery_rates, p_value, standardised
from assistant.insight.traits import HAS_VALUE, Split, Trait, among_known, splits
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import AllOf, Not
from assistant.sql import profile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

MOST_TRAITS = 12
MOST_PER_TAG = 2
FALSE_DISCOVERIES = 0.05
SMALL_SEGMENT = 100
LEAST_EXPECTED = 5
"""Customers that every cell of a comparison must expect (Cochran 1954)."""
NEARLY_AS_STRONG = 0.9
AS_ITS_HOLDERS = 0.8
"""Part of a trait's effect from which the flag of those who have its tag at all is told first: mortgage holders before those with a floating rate."""
PLAINLY_STRONGER = 1.05
"""How many times as strong a trait is that is told beside the plainer one before it: of all but the same customers it would be no news."""
MEASURED_ON = 50_000
"""Customers on whom it is measured what determines what: of a larger base one in so many, evenly by key. Theil's U of so many is off by less than 0.01."""
MOSTLY = 0.5
"""Part of the segment that must be in strata of the other direction for a reversal."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Whom a segment is compared with. `against`: the other segment (kind "segment"), or those who could be in it (kind "eligible"). `matched_on`: the tags whose mix is made
    equal (kind "matched"). `eligible`: who could be in it, where that is not everybody."""

    kind: Literal["rest", "everyone", "segment", "matched", "eligible"] = "rest"
    against: ValidatedRule | None = None
    matched_on: tuple[str, ...] = ()
    eligible: Eligible | None = None

    @property
    def beyond(self) -> bool:
        """Whether it holds customers who could not be in the segment at all."""
        return self.eligible is not None and self.kind in ("rest", "everyone", "matched")


REST = Baseline()


@dataclass(frozen=True, slots=True)
class Persona:
    """`traits`: what sets the segment (n) apart from the baseline, strongest first; `rest`: the customers compared with, those of the segment not among them.
    `by_definition`: the same for tags the rule fixes, strongest first. `tested` counts what was looked at, `suppressed` what may not be shown or is too rare to compare; `unknown`: customers of the segment
    without a value, for the tags of the traits; `unmatched`: customers of the segment in strata that the rest has nobody in, whom no share speaks of; `alike`: those of the rest in strata that the segment has
    somebody in, with whom alone a matched segment is compared."""

    n: int
    rest: int
    traits: tuple[Trait, ...]
    by_definition: tuple[Trait, ...]
    tested: int
    suppressed: int
    unknown: tuple[tuple[str, int], ...]
    query: str
    baseline: Baseline = REST
    unmatched: int = 0
    alike: int = 0
    determined: frozenset[str] = frozenset()
    """Tags that the data show to be nearly determined by the rule's own."""
    spans: tuple[Spans, ...] = ()
    """The quartiles of the numbers among the traits' tags, on both sides; none where the baseline is matched, whose mix no quartile of the rest has."""

    @property
    def small(self) -> bool:
        """Whether either side is so small that its shares are uncertain."""
        return self.n < SMALL_SEGMENT or self.rest < SMALL_SEGMENT

    def facts(self, sheet: FactSheet) -> None:
        """persona.n, persona.rest, persona.everyone (both), persona.unmatched, of a matched baseline persona.matched (the others of the segment) and persona.alike, persona.unknown.<tag>, and persona.<tag>.<bucket>.share, .rest_share, .index, .difference, .low, .high."""
        sheet.measured("persona.n", self.n, "customers", self.query)
        sheet.measured("persona.rest", self.rest, "customers", self.query)
        sheet.measured("persona.everyone", self.n + self.rest, "customers", self.query)
        sheet.measured("persona.unmatched", self.unmatched, "customers", self.query, cell=PERSONA_CELL)
        of_likes = (
            (("matched", self.n - self.unmatched, self.n), ("alike", self.alike, self.rest)) if self.baseline.kind == "matched" else ()
        )
        for name, n, whole in of_likes:
            if PERSONA_CELL.hides(whole - n) or sheet.protection.hides(whole - n):
                sheet.withheld(f"persona.{name}", "customers", self.query)
            else:
                sheet.measured(f"persona.{name}", n, "customers", self.query, cell=PERSONA_CELL)
        for tag, n in self.unknown:
            sheet.measured(f"persona.unknown.{tag}", n, "customers", self.query, cell=PERSONA_CELL)
        for trait in (*self.traits, *self.by_definition):
            self.trait_facts(trait, trait.id, sheet)
        for one in self.spans:
            one.facts(sheet)

    def trait_facts(self, trait: Trait, name: str, sheet: FactSheet) -> None:
        """The figures of one trait under a name of the caller's."""
        trait.facts(name, sheet, self.query)


def steps(
    rule: ValidatedRule, baseline: Baseline, qualifier: tuple[str, ...], base: int = 0
) -> Generator[Sequence[Query], Sequence[Table], Persona]:
    """The spreads, then two more queries over the traits found: how each stands within branch, tier, age and activity, and the quartiles of the numbers. `base`:
    customers of the base."""
    tables = yield plan(rule, qualifier, baseline, base)
    return (yield from checked(read(tables, rule, baseline), rule, qualifier))


def checked(found: Persona, rule: ValidatedRule, qualifier: tuple[str, ...]) -> Generator[Sequence[Query], Sequence[Table], Persona]:
    """A persona with how its traits stand within strata, and the quartiles of their numbers."""
    checks, spans = plan_check(found, rule, qualifier), plan_spans(found, rule, qualifier)
    if not checks and not spans:
        return found
    tables = yield (*checks, *spans)
    within = read_check(tables[: len(checks)], found, rule) if checks else found
    return read_spans(tables[len(checks) :], within, rule)


def usable_tags(rule: ValidatedRule) -> tuple[Tag, ...]:
    """The tags a persona may look at: online, not sensitive, and granted for the rule's purpose. Catalog order."""
    return tuple(tag for tag in rule.catalog.tags.values() if not tag.security.sensitive and rule.usable(tag))


def plan(rule: ValidatedRule, qualifier: tuple[str, ...], baseline: Baseline = REST, base: int = 0) -> tuple[Query, ...]:
    """How the segment spreads over every usable tag, within the strata of a matched baseline; the same of those it is compared with: the whole base (the segment
    is subtracted), whose statement is the same for every rule, or those of another segment; and of the base within each tag of the rule, of one customer in so
    many where the base (of `base` customers) is large."""
    tags, group = usable_tags(rule), _matched(rule, baseline)
    others = None if baseline.against is None else AllOf(children=(baseline.against.expanded, Not(child=rule.expanded)))
    asked: dict[str, Query] = {
        "persona": profile.spread(rule, rule.expanded, tags, group, qualifier, _cuts([*tags, *group])),
        "persona_baseline": profile.spread(rule, others, tags, group, qualifier, _cuts([*tags, *group])),
    }
    one_in = max(1, base // MEASURED_ON)
    for number, own in enumerate(own_tags(rule), 1):
        asked[f"persona_{number}"] = profile.spread(rule, None, tags, [own], qualifier, _cuts([*tags, own]), one_in)
    return tuple(replace(query, purpose=purpose) for purpose, query in asked.items())


def read(tables: Sequence[Table], rule: ValidatedRule, baseline: Baseline = REST) -> Persona:
    """From the tables of `plan`."""
    segment, others, *own = tables
    return judged(_compared(segment, others, baseline), own, rule, baseline)


def judged(table: Table, own: Sequence[Table], rule: ValidatedRule, baseline: Baseline = REST) -> Persona:
    """`table`: the segment and those it is compared with, rows (tag, bucket, n, rest_n), with the buckets of a matched baseline's tags before n; `own`: the base
    within each tag of the rule. An empty segment, or one with nobody to compare it with, has no traits."""
    return told(look(table, own, rule, baseline), table.query, rule, baseline)


def findings(tried: Sequence[Trait]) -> tuple[Trait, ...]:
    """Of all traits tried, by their p-values, those beyond chance that the segment has more of, each with its q-value."""
    rates = false_discovery_rates([trait.p for trait in tried])
    rated = (replace(trait, q=q) for trait, q in zip(tried, rates, strict=True))
    return tuple(trait for trait in rated if trait.q <= FALSE_DISCOVERIES and trait.low > 0)


def told(seen: Seen, query: str, rule: ValidatedRule, baseline: Baseline = REST) -> Persona:
    """What is told of all that was looked at in the table of a `query`."""
    catalog = rule.catalog
    traits = strongest(findings(seen.tried), catalog)
    n, rest = next((spread.sizes for spread in seen.everything.values()), (0, 0))
    missing = ((code, seen.everything[code].unknown[False]) for code in dict.fromkeys(trait.tag for trait in traits))
    unknown = tuple((code, lacking) for code, lacking in missing if lacking)
    given = strongest(seen.given, catalog)
    return Persona(
        n,
        rest,
        traits,
        given,
        len(seen.tried),
        seen.suppressed,
        unknown,
        query,
        baseline,
        seen.unmatched,
        seen.alike,
        seen.determined,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was looked at: every trait tried (q not yet known), those the rule gives, how many may not be shown, and what the persona keeps besides."""

    everything: Spreads
    tried: tuple[Trait, ...]
    given: tuple[Trait, ...]
    suppressed: int
    unmatched: int
    alike: int
    determined: frozenset[str]


def look(table: Table, own: Sequence[Table], rule: ValidatedRule, baseline: Baseline = REST) -> Seen:
    """Every bucket and threshold of every usable tag against the baseline, from tables as of `judged`."""
    parts, determined = _counted(table, own, rule, baseline)
    parts = comparable(parts)
    everything = together(parts)
    opened = rule.catalog.header.opened_tag
    fixed = settled(rule) | determined | looks_before(rule, None if opened is None else everything.get(opened))
    compare = _comparison(baseline, parts, everything)
    tried: list[Trait] = []
    given: list[Trait] = []
    suppressed = 0
    for tag in usable_tags(rule):
        spread = everything.get(tag.code, Spread())
        found, hidden = traits_of(tag, rule.catalog, spread, compare, partial(_hidden, spread))
        follow = tag.code in fixed or follows(tag, rule.catalog, spread)
        for trait in found:
            (given if follow or at_bound(trait) else tried).append(trait)
        suppressed += hidden
    unmatched, alike = _likes(parts) if baseline.kind == "matched" else (0, 0)
    return Seen(everything, tuple(tried), tuple(given), suppressed, unmatched, alike, determined)


def counted(tables: Sequence[Table], rule: ValidatedRule, baseline: Baseline = REST) -> tuple[Strata, frozenset[str]]:
    """How both sides spread over every usable tag, within the strata of a matched baseline, from the tables of `plan`; and the tags that the data show to be nearly
    determined by the rule's own."""
    segment, others, *own = tables
    return _counted(_compared(segment, others, baseline), own, rule, baseline)


def seen(tables: Sequence[Table], rule: ValidatedRule, baseline: Baseline = REST) -> Seen:
    """All that was looked at, from the tables of `plan`."""
    segment, others, *own = tables
    return look(_compared(segment, others, baseline), own, rule, baseline)


def _compared(segment: Table, others: Table, baseline: Baseline) -> Table:
    return side_by_side(segment, others, within=baseline.against is None)


def _counted(table: Table, own: Sequence[Table], rule: ValidatedRule, baseline: Baseline) -> tuple[Strata, frozenset[str]]:
    (parts,) = strata(table, rule.catalog, [_matched(rule, baseline)])
    within = (strata(side_by_side(one, one, within=True), rule.catalog, [[tag]]) for one, tag in zip(own, own_tags(rule), strict=True))
    return parts, measured(one for (one,) in within)


def plan_check(found: Persona, rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """The traits' tags within each tag to be held equal, in one query; none without traits, or where the baseline is matched already."""
    tags, groups = _checked_tags(found, rule), [[tag] for tag in _held_equal(found, rule)]
    if not tags or not groups or found.baseline.kind == "matched":
        return ()
    against = None if found.baseline.against is None else found.baseline.against.expanded
    joint = profile.joint(rule, tags, groups, qualifier, _cuts([*tags, *profile.grouping(groups)]), against)
    return (replace(joint, purpose="persona_within"),)


def read_check(tables: Sequence[Table], found: Persona, rule: ValidatedRule, turned: bool = False) -> Persona:
    """The persona with the reversals flagged and with what each trait is explained by, both told last, from the table of `plan_check`. `turned`: the traits are those
    of the other side."""
    (table,) = tables
    groups = [[tag] for tag in _held_equal(found, rule)]
    parts = ((group[0].code, part) for group, part in zip(groups, strata(table, rule.catalog, groups), strict=True))
    within = {code: turned_round(part) if turned else part for code, part in parts}
    checked = [_checked(trait, within, rule.catalog) for trait in found.traits]
    return replace(found, traits=tuple(sorted(checked, key=lambda trait: trait.doubtful)))


def plan_spans(found: Persona, rule: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """The quartiles of the traits' numbers, in one query; none without numbers, or where the baseline is matched."""
    if found.baseline.kind == "matched":
        return ()
    against = None if found.baseline.against is None else found.baseline.against.expanded
    return quartiles.plan(rule, _checked_tags(found, rule), qualifier, against, found.baseline.kind == "everyone")


def read_spans(tables: Sequence[Table], found: Persona, rule: ValidatedRule) -> Persona:
    """The persona with the quartiles, from the tables of `plan_spans`."""
    return replace(found, spans=tuple(one for table in tables for one in quartiles.read(table, _checked_tags(found, rule))))


def _matched(rule: ValidatedRule, baseline: Baseline) -> list[Tag]:
    """The tags that the baseline is to have the segment's own mix of."""
    return [rule.catalog.tags[code] for code in baseline.matched_on] if baseline.kind == "matched" else []


def _cuts(tags: Iterable[Tag]) -> Mapping[str, tuple[Decimal, ...]]:
    return {tag.code: cut_points(tag) for tag in tags if tag.numeric}


def _held_equal(found: Persona, rule: ValidatedRule) -> list[Tag]:
    """Branch, tier, age and activity, but for what the rule's own tags settle: there is nothing left to compare within it."""
    header = rule.catalog.header
    settled = found.determined.union(*({tag.code} | kin(rule.catalog, tag.code) for tag in own_tags(rule)))
    codes = [code for code in (*header.matched_on, header.activity_tag) if code is not None and code not in settled]
    return [rule.catalog.tags[code] for code in codes if rule.usable(rule.catalog.tags[code])]


def _checked_tags(found: Persona, rule: ValidatedRule) -> list[Tag]:
    return [rule.catalog.tags[code] for code in dict.fromkeys(trait.tag for trait in found.traits)]


Shares = Callable[[Tag, Split], Trait]
"""A split of a tag, as a trait with p but without q."""


def _comparison(baseline: Baseline, parts: Strata, everything: Spreads) -> Shares:
    """How a split is compared with this baseline."""

    def plain(tag: Tag, split: Split) -> Trait:
        one = everything[tag.code].stratum(split.inside)
        low, high = difference_interval(one.n, one.of, one.rest_n, one.rest_of)
        p = p_value(one.n, one.of, one.rest_n, one.rest_of)
        share, rest_share = Decimal(one.n) / one.of, Decimal(one.rest_n) / one.rest_of
        if baseline.kind == "everyone":
            rest_share, others = Decimal(one.n + one.rest_n) / (one.of + one.rest_of), one.rest_of / (one.of + one.rest_of)
            low, high = low * others, high * others
        effect = effect_size(float(share), float(rest_share))
        made = Trait(tag.code, split.bucket, one.n, one.of, one.rest_n, one.rest_of, share, rest_share, low, high, effect, p)
        return replace(made, among_known=among_known((one.of, one.rest_of), everything[tag.code].sizes))

    def matched(tag: Tag, split: Split) -> Trait:
        one = everything[tag.code].stratum(split.inside)
        found = standardised(_strata_of(tag.code, split, parts))
        if found is None:
            return Trait(tag.code, split.bucket, one.n, one.of, one.rest_n, one.rest_of, Decimal(0), Decimal(0), 0.0, 0.0, 0.0, 1.0)
        low, high = found.interval()
        share, rest_share = Decimal(repr(found.share)), Decimal(repr(found.rest_share))
        effect = effect_size(found.share, found.rest_share)
        made = Trait(tag.code, split.bucket, one.n, one.of, one.rest_n, one.rest_of, share, rest_share, low, high, effect, found.p)
        return replace(made, among_known=among_known((one.of, one.rest_of), everything[tag.code].sizes))

    return matched if baseline.kind == "matched" else plain


def _strata_of(code: str, split: Split, parts: Strata) -> list[Stratum]:
    return [spreads[code].stratum(split.inside) for spreads in parts.values() if code in spreads]


def _likes(parts: Strata) -> tuple[int, int]:
    """Customers of the segment in strata without anybody of the rest, and those of the rest in strata with somebody of the segment."""
    sizes = [next(iter(spreads.values())).sizes for spreads in parts.values() if spreads]
    return sum(n for n, rest in sizes if not rest), sum(rest for n, rest in sizes if n)


def traits_of(
    tag: Tag, catalog: TagCatalog, spread: Spread, compare: Shares, hides: Callable[[frozenset[str]], bool]
) -> tuple[list[Trait], int]:
    """The splits of one tag that may be shown, each turned to what the segment has more of where both its sides have a name; and the number that may not.
    `hides`: whether the customers in some buckets, or outside them, are too few."""
    known, rest_known = spread.n.total(), spread.rest.total()
    if not known or not rest_known or PERSONA_CELL.hides(known) or PERSONA_CELL.hides(rest_known):
        return [], len(set(spread.n) | set(spread.rest))
    found: list[Trait] = []
    hidden = 0
    buckets = frozenset(spread.n) | frozenset(spread.rest)
    for split in splits(tag, catalog, spread):
        if hides(split.inside):
            hidden += 1
            continue
        trait = compare(tag, split)
        if trait.effect < 0 and split.outside is not None:
            trait = compare(tag, Split(split.outside, buckets - split.inside))
        found.append(trait)
    return found, hidden


def _hidden(spread: Spread, buckets: frozenset[str]) -> bool:
    one = spread.stratum(buckets)
    return too_rare(one) or any(PERSONA_CELL.hides(size) for size in (one.n, one.of - one.n, one.rest_n, one.rest_of - one.rest_n))


def too_rare(one: Stratum) -> bool:
    """Whether a cell expects fewer than `LEAST_EXPECTED`: a difference could not be told from none, and looking would cost the others."""
    return one.least_expected < LEAST_EXPECTED


def strongest(traits: Iterable[Trait], catalog: TagCatalog) -> tuple[Trait, ...]:
    """What the segment has more of, by effect: at most so many of one tag (one where its values have an order: the next would be the same news) and so many in
    all. Of tags that nearly determine each other one is told: a yes-no that is nearly as strong as a threshold says the same more plainly, and stands before or for it. So
    does the flag of those who have a tag at all before what marks some of them, and of all that its holders have only the one that marks them best is told beside it; where no
    flag says so, that they have a value stands for what nearly all who have one have, and a balance of its kin for that; of all that only the same holders have a value of it
    is told once. What
    the segment has less of is the same finding seen from the tag's other buckets."""
    ranked = sorted((trait for trait in traits if trait.effect > 0), key=lambda trait: (-trait.effect, trait.tag, trait.bucket))
    kept: list[Trait] = []
    of_tag: Counter[str] = Counter()
    told: set[str] = set()
    for first in ranked:
        if len(kept) >= MOST_TRAITS:
            break
        others = [one for one in ranked if one.tag not in told]
        valued = _valued(first, others)
        trait = _plainest(first, valued, others, catalog)
        tag = catalog.tags[trait.tag]
        most = 1 if tag.numeric or tag.ordered or tag.type == "date" else MOST_PER_TAG
        again = trait.bucket == HAS_VALUE and not told.isdisjoint(kin(catalog, trait.tag))
        if first.tag not in told and of_tag[trait.tag] < most and trait not in kept and not again:
            of_tag[trait.tag] += 1
            told |= (kin(catalog, trait.tag) | kin(catalog, first.tag) | held_by(catalog, trait)) - {trait.tag}
            kept.append(trait)
            if valued is None and first.effect >= PLAINLY_STRONGER * trait.effect:
                kept.append(first)
    return tuple(kept[:MOST_TRAITS])


def held_by(catalog: TagCatalog, trait: Trait) -> frozenset[str]:
    """The tags that only those with a trait have a value of."""
    return frozenset(tag.code for tag in catalog.tags.values() if tag.held_by == trait.tag and trait.bucket == "true")


def _valued(trait: Trait, others: Sequence[Trait]) -> Trait | None:
    """To have a value of the trait's tag at all, where that is nearly as strong: of those who have one the trait says next to nothing more."""
    held = (one for one in others if (one.tag, one.bucket) == (trait.tag, HAS_VALUE))
    return next((one for one in held if one.effect >= NEARLY_AS_STRONG * trait.effect), None)


def _plainest(trait: Trait, valued: Trait | None, others: Sequence[Trait], catalog: TagCatalog) -> Trait:
    """The trait itself; or what is nearly as strong and says it more plainly: the flag of those who have its tag at all, a yes-no tag of its kin, or, where it is
    only `valued`, a balance of its kin or that."""
    tag = catalog.tags[trait.tag]
    if tag.type == "flag" and tag.held_by is None:
        return trait
    for one in others:
        if one.tag == tag.held_by and one.bucket == "true" and one.effect >= AS_ITS_HOLDERS * trait.effect:
            return one
    akin = [one for one in others if one.tag in kin(catalog, trait.tag) and one.effect >= NEARLY_AS_STRONG * trait.effect]
    related = [(one, catalog.tags[one.tag]) for one in akin]
    flags = (one for one, its in related if its.type == "flag" and tag.type != "flag")
    held = (one for one, its in related if valued and its.numeric and its.null_means == "zero")
    return next(flags, None) or next(held, None) or valued or trait


def _checked(trait: Trait, within: Mapping[str, Strata], catalog: TagCatalog) -> Trait:
    """The trait with the tags it is reversed within, and those that explain it. A tag is not held equal to itself or to what it determines."""
    tag = catalog.tags[trait.tag]
    related = kin(catalog, trait.tag) | {trait.tag}
    reversed_in: list[str] = []
    explained_by: list[str] = []
    for code, parts in within.items():
        if code in related:
            continue
        parts = comparable({stratum: {trait.tag: spreads[trait.tag]} for stratum, spreads in parts.items() if trait.tag in spreads})
        known = together(parts)[trait.tag]
        split = next(one for one in splits(tag, catalog, known) if trait.bucket in (one.bucket, one.outside))
        inside = split.inside if trait.bucket == split.bucket else (frozenset(known.n) | frozenset(known.rest)) - split.inside
        found = standardised(spreads[trait.tag].stratum(inside) for spreads in parts.values())
        if found is None:
            continue
        low, _ = found.interval()
        if found.reversed > MOSTLY and found.share < found.rest_share:
            reversed_in.append(code)
        elif low <= 0:
            explained_by.append(code)
    return replace(trait, reversed_in=tuple(reversed_in), explained_by=tuple(explained_by))
