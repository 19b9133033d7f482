"""One segment against another: how many each has, how many are in both, and what tells them apart. Law: both, only the one and only the other add up exactly;
the shares told are of whole segments, and whoever is in both is counted in both.

A difference of two shares that partly are of the same customers is a sum over three groups that share nobody: those of the first only, of both, of the second
only. Its 95 % interval puts the Wilson intervals of the three together (MOVER: Zou, Huang and Zhang 2009, Computational Statistics & Data Analysis 53; for two groups
it is Newcombe's of `statistics.py`). Test: the z-test of partly overlapping samples (Derrick, Dobson-McKittrick, Toher and White 2015, Journal of Applied
Quantitative Methods 10), and beside it the one of the smaller segment against those of the larger one it lacks, which is exact where cells are small: the larger p-value
counts. Rates of false discovery as in `persona.py`. What either rule fixes is no finding, nor is a date that nobody can have who was a customer by the day a rule looks at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import overlap, persona
from assistant.insight.definition import at_bound, follows, settled, too_late
from assistant.insight.disclosure import withheld
from assistant.insight.persona import FALSE_DISCOVERIES, SMALL_SEGMENT, Baseline
from assistant.insight.spread import ABSENT, Spread, Spreads, Strata, together
from assistant.insight.statistics import (
    Share,
    effect_size,
    false_discovery_rates,
    overlapping_interval,
    overlapping_p_value,
    smaller_against_rest,
)
from assistant.insight.traits import Split, Trait, among_known
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import AnyNode
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Contrast:
    """Customers of the segment (`n`, by the rule `own`), of the other one (`other_n`, by `other`), and of both. `traits`: what the segment has more of, strongest
    first, with shares of either whole segment; `by_definition`: the same for tags that either rule fixes. `tested` counts what was looked at. `before`: the other one
    is an earlier version of the same segment."""

    own: AnyNode
    other: AnyNode
    n: int
    other_n: int
    both: int
    query: str
    traits: tuple[Trait, ...] = ()
    by_definition: tuple[Trait, ...] = ()
    tested: int = 0
    suppressed: int = 0
    before: bool = False

    @property
    def only(self) -> int:
        """Customers of the segment who are not in the other one."""
        return self.n - self.both

    @property
    def other_only(self) -> int:
        """Customers of the other one who are not in the segment."""
        return self.other_n - self.both

    @property
    def either(self) -> int:
        """Customers of one or both."""
        return self.n + self.other_n - self.both

    @property
    def small(self) -> bool:
        """Whether either side is so small that its shares are uncertain."""
        return min(self.n, self.other_n) < SMALL_SEGMENT

    def facts(self, sheet: FactSheet) -> None:
        """contrast.n, .other_n; contrast.both, .only, .other_only, .either, without what would give a small one away; and the figures of every trait,
        contrast.<tag>.<bucket>.share, .rest_share, .index, .difference, .low, .high."""
        sizes = {"both": self.both, "only": self.only, "other_only": self.other_only}
        sums = {"n": ("both", "only"), "other_n": ("both", "other_only"), "either": tuple(sizes), **{part: (part,) for part in sizes}}
        known, rest = [sums["n"], sums["other_n"]], []
        everyone = sheet["base"].value if "base" in sheet else None
        if isinstance(everyone, int):
            sizes["neither"] = everyone - self.either
            known.append(tuple(sizes))
            rest = [("neither",), ("neither", "only"), ("neither", "other_only")]
            if sheet.protection.hides(everyone - self.other_n):
                known.remove(sums["other_n"])
        hidden = withheld(sheet.protection, sizes, sums, known, rest)
        for name, groups in sums.items():
            sheet.customers(f"contrast.{name}", sum(sizes[group] for group in groups), self.query, name in hidden)
        for trait in (*self.traits, *self.by_definition):
            trait.facts(trait.id, sheet, self.query)


def steps(
    rule: ValidatedRule, other: ValidatedRule, qualifier: tuple[str, ...], before: bool = False
) -> Generator[Sequence[Query], Sequence[Table], Contrast]:
    """The overlap; where both have customers and are not the same ones, both profiles; then how each trait stands within branch, tier, age and activity."""
    sizes = overlap.read((yield overlap.plan([rule, other], qualifier)), 2)
    n, other_n = sizes.counts
    found = Contrast(rule.rule.node, other.rule.node, n, other_n, sizes.both[0][1], sizes.query, before=before)
    if not found.n or not found.other_n or sizes.same:
        return found
    queries, others = plan(rule, other, qualifier)
    tables = yield (*queries, *others)
    found, checked = read(tables[: len(queries)], tables[len(queries) :], rule, other, found)
    turned = found.n > found.other_n
    first = other if turned else rule
    asked = persona.plan_check(checked, first, qualifier)
    if not asked:
        return found
    within = yield [replace(query, purpose="contrast_within") for query in asked]
    return replace(found, traits=persona.read_check(within, checked, first, turned).traits)


def plan(rule: ValidatedRule, other: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """The segment against those of the other one who are not in it, and the other way round: between them they count all three groups."""

    def named(queries: Sequence[Query], purpose: str) -> tuple[Query, ...]:
        return tuple(replace(query, purpose=f"{purpose}_{number}" if number else purpose) for number, query in enumerate(queries))

    mine, theirs = (Baseline("segment", against=against) for against in (other, rule))
    return named(persona.plan(rule, qualifier, mine), "contrast"), named(persona.plan(other, qualifier, theirs), "contrast_other")


def read(
    tables: Sequence[Table], others: Sequence[Table], rule: ValidatedRule, other: ValidatedRule, found: Contrast
) -> tuple[Contrast, persona.Persona]:
    """The contrast with its traits, from the tables of `plan`; and the smaller segment against those of the larger one it lacks, as a persona to be looked at
    again within strata. Fault `contrast_sum` when the groups do not add up."""
    mine, theirs = (Baseline("segment", against=against) for against in (other, rule))
    (one, determined), (two, other_determined) = counted(tables, others, rule, other)
    groups = groups_of(together(one), together(two))
    if any(group.sizes != (found.only, found.both, found.other_only) for group in groups.values()):
        raise Fault("contrast_sum")
    fixed = settled(rule) | settled(other) | determined | other_determined
    tried: list[Trait] = []
    given: list[Trait] = []
    suppressed = 0
    for tag in persona.usable_tags(rule):
        group = groups.get(tag.code, Groups())
        split, hidden = persona.traits_of(tag, rule.catalog, group.shares, group.compared, group.hides)
        shares, turned = group.shares, Spread(group.shares.rest, group.shares.n)
        late = too_late(tag, shares.n, rule) or too_late(tag, shares.rest, other)
        follow = tag.code in fixed or late or follows(tag, rule.catalog, shares) or follows(tag, rule.catalog, turned)
        for trait in split:
            (given if follow or at_bound(trait) else tried).append(trait)
        suppressed += hidden
    rates = false_discovery_rates([trait.p for trait in tried])
    judged = (replace(trait, q=q) for trait, q in zip(tried, rates, strict=True))
    traits = persona.strongest((trait for trait in judged if trait.q <= FALSE_DISCOVERIES and trait.low > 0), rule.catalog)
    by_definition = persona.strongest(given, rule.catalog)
    told = replace(found, traits=traits, by_definition=by_definition, tested=len(tried), suppressed=suppressed)
    n, baseline = (found.other_n, theirs) if found.n > found.other_n else (found.n, mine)
    determined |= other_determined
    rest = found.either - n
    return told, persona.Persona(n, rest, traits, (), len(tried), suppressed, (), found.query, baseline, determined=determined)


Counted = tuple[Strata, frozenset[str]]


def counted(tables: Sequence[Table], others: Sequence[Table], rule: ValidatedRule, other: ValidatedRule) -> tuple[Counted, Counted]:
    """What the tables of `plan` count, either way round (see `persona.counted`)."""
    mine, theirs = (Baseline("segment", against=against) for against in (other, rule))
    return persona.counted(tables, rule, mine), persona.counted(others, other, theirs)


@dataclass(frozen=True, slots=True)
class Groups:
    """Customers by bucket of one tag in three groups that share nobody: of the segment only, of both, of the other one only; and those of each without a known value."""

    only: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)
    other_only: Counter[str] = field(default_factory=Counter)
    unknown: tuple[int, int, int] = (0, 0, 0)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """All customers of each group, known or not."""
        only, both, other_only = (group.total() + lacking for group, lacking in zip(self._groups, self.unknown, strict=True))
        return only, both, other_only

    @property
    def shares(self) -> Spread:
        """Both whole segments, side by side."""
        return Spread(self.only + self.both, self.both + self.other_only)

    @property
    def comparable(self) -> Groups:
        """Among those who have what the tag tells of, where all of one segment have (see `spread.py: Spread.all_hold`)."""
        if not self.shares.all_hold:
            return self
        only, both, other_only = (Counter({bucket: n for bucket, n in group.items() if bucket != ABSENT}) for group in self._groups)
        first, second, third = (lacking + group[ABSENT] for lacking, group in zip(self.unknown, self._groups, strict=True))
        return Groups(only, both, other_only, (first, second, third))

    def compared(self, tag: Tag, split: Split) -> Trait:
        """A split of the tag, with shares of the whole segments."""
        parts = self._parts(split.inside)
        one = self.shares.stratum(split.inside)
        share, rest_share = Decimal(one.n) / one.of, Decimal(one.rest_n) / one.rest_of
        low, high = overlapping_interval(*parts)
        effect, p = effect_size(float(share), float(rest_share)), overlapping_p_value(*parts)
        lacking = self.unknown[0] + self.unknown[1], self.unknown[1] + self.unknown[2]
        few = among_known((one.of, one.rest_of), (one.of + lacking[0], one.rest_of + lacking[1]))
        return Trait(
            tag.code, split.bucket, one.n, one.of, one.rest_n, one.rest_of, share, rest_share, low, high, effect, p,
            finding="contrast", among_known=few,
        )  # fmt: skip

    def hides(self, buckets: frozenset[str]) -> bool:
        """Whether either segment, or those of it only, has too few customers in the buckets or outside them: two shares that differ by them would tell who they
        are. Those in both are no such group: they are in both shares alike, and how many of them there are follows from neither."""
        parts = self._parts(buckets)
        whole = self.shares.stratum(buckets)
        told = ((whole.n, whole.of), (whole.rest_n, whole.rest_of), parts[0], parts[2])
        return persona.too_rare(smaller_against_rest(*parts)) or any(PERSONA_CELL.hides(cell) for n, of in told for cell in (n, of - n))

    @property
    def _groups(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        return self.only, self.both, self.other_only

    def _parts(self, buckets: frozenset[str]) -> tuple[Share, Share, Share]:
        only, both, other_only = ((sum(group[bucket] for bucket in buckets), group.total()) for group in self._groups)
        return only, both, other_only


def groups_of(one: Spreads, two: Spreads) -> Mapping[str, Groups]:
    """The three groups of each tag: `one` spreads the segment and those of the other it lacks, `two` the other and those of the segment it lacks. Fault
    `contrast_sum` when the two do not agree on those in both."""
    found: dict[str, Groups] = {}
    for code in {**one, **two}:
        mine, theirs = one.get(code, Spread()), two.get(code, Spread())
        both = Counter(mine.n)
        both.subtract(theirs.rest)
        again = Counter(theirs.n)
        again.subtract(mine.rest)
        lacking = mine.unknown[False] - theirs.unknown[True]
        if both != again or min(both.values(), default=0) < 0 or lacking != theirs.unknown[False] - mine.unknown[True]:
            raise Fault("contrast_sum")
        found[code] = Groups(theirs.rest, both, mine.rest, (theirs.unknown[True], lacking, mine.unknown[True])).comparable
    return found
