"""What those who came into a segment have that those who were in it did not. Law: only what they had before either date's days, nothing that to come in means, and
nothing that those who went out have as well.

To come in since a date means dates since then: to have become a customer, or to have got what the rule asks for; such traits are set apart.

A tag of today tells as well what was done lately, and those who were in then are by now less extreme than they were (regression to the mean: Barnett et al. 2005,
Int. J. Epidemiol. 34). So today's tags only propose: a trait must be true by the tags from before both dates' days as well. Whoever stands near what a rule asks for goes in and out
more easily than others, which makes no segment larger: so those who came in must have a trait more often than those who went out too, by either tags. Its p is the largest of all,
one-sided but for the first (a conjunction of all: Benjamini and Heller 2008, Biometrics 64), and 1 where one shows another direction; false discoveries are controlled by these, over all
traits tried.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight import persona
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import settled
from assistant.insight.persona import Baseline, Persona
from assistant.insight.spread import Spread, Spreads, strata, together
from assistant.insight.statistics import Stratum, effect_size, p_value
from assistant.insight.traits import Trait, splits, threshold
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import RecordCondition, SequenceCondition, Snapshot, TagComparison, TagCondition, walk
from assistant.rule.window import resolve, snapshot_date
from assistant.sql import profile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


def before_both(then: ValidatedRule, snapshots: Sequence[date]) -> date | None:
    """The last snapshot before anything that the earlier reading of a rule looks at; None where it looks back without end, or further than the tags reach."""
    first = min((date.min if day is None else day for day in _looked_at(then)), default=then.snapshot)
    return max((one for one in snapshots if one < first), default=None)


LEAST_LEFT = PERSONA_CELL.min_cell
"""Customers who went out that may be told of at all."""
AS_MUCH = 0.5
"""Part of a trait's effect among those who came in that those who went out must show to have it as well."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A trait of those who came in that those who went out have as well: n of `of` of them."""

    trait: Trait
    n: int
    of: int

    @property
    def share(self) -> Decimal:
        return Decimal(self.n) / Decimal(self.of)


def steps(
    came: ValidatedRule,
    were: ValidatedRule,
    before: ValidatedRule,
    since: date,
    qualifier: tuple[str, ...],
    left: ValidatedRule | None = None,
) -> Generator[Sequence[Query], Sequence[Table], tuple[Persona, tuple[Alike, ...]]]:
    """Those who came in `since` a date against those who were in, by the tags of today, then the traits found once more by the tags of the rule `before`, and by either tags
    against those who `left` (None: nobody who could be told). And of what was so before what those who left have too, surest first."""
    baseline, catalog = Baseline("segment", were), came.catalog
    asked = persona.plan(came, qualifier, baseline)
    against_left = () if left is None else (_profile(came, persona.usable_tags(came), qualifier, left),)
    tables = yield (*asked, *against_left)
    seen = persona.seen(tables[: len(asked)], came, baseline)
    left_now = [_spreads(table, catalog) for table in tables[len(asked) :]]
    tried = tuple(trait for trait in seen.tried if not meant(trait, came, since))
    alike: tuple[Alike, ...] = ()
    proposed = persona.findings(tried)
    if proposed:
        tags = [catalog.tags[code] for code in dict.fromkeys(trait.tag for trait in proposed)]
        sides = (were,) if left is None else (were, left)
        then, *left_then = (_spreads(table, catalog) for table in (yield [_profile(came, tags, qualifier, side, before) for side in sides]))
        different = borne_out(tried, [then], catalog)
        tried = borne_out(different, [*left_now, *left_then], catalog)
        made = {(trait.tag, trait.bucket) for trait in persona.findings(tried)}
        others = [trait for trait in persona.findings(different) if (trait.tag, trait.bucket) not in made]
        alike = tuple(one for spreads in left_now for one in _alike(persona.strongest(others, catalog), spreads, catalog))
    found = persona.told(replace(seen, tried=tried), tables[0].query, came, baseline)
    return (yield from persona.checked(found, came, qualifier)), alike


def _profile(
    came: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], against: ValidatedRule, before: ValidatedRule | None = None
) -> Query:
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    found = profile.profile(came, tags, qualifier, cuts, against.expanded, before)
    return replace(found, purpose="persona_left" if before is None else "persona_before")


def _spreads(table: Table, catalog: TagCatalog) -> Spreads:
    """From rows as of `sql/profile.py: profile`."""
    (parts,) = strata(table, catalog, [[]])
    return together(parts)


def _alike(traits: Sequence[Trait], left: Spreads, catalog: TagCatalog) -> Iterator[Alike]:
    """Those of the traits that the rest of the spreads have nearly as much more of, surest first."""
    for trait in sorted(traits, key=lambda trait: trait.p):
        one = _stratum(trait, left[trait.tag], catalog) if trait.tag in left else None
        if one is not None and one.rest_of:
            found = Alike(trait, one.rest_n, one.rest_of)
            if effect_size(float(found.share), float(trait.rest_share)) >= AS_MUCH * trait.effect:
                yield found


def meant(trait: Trait, came: ValidatedRule, since: date) -> bool:
    """Whether a trait follows from having come in: a date since then, or the date of what the rule asks for."""
    tag = came.catalog.tags[trait.tag]
    if tag.type != "date" or tag.tense != "past":
        return False
    sign, bucket = threshold(trait.bucket)
    days = bucket.removeprefix("d")
    lately = sign in ("", "<=") and days.isdigit() and came.as_of - timedelta(days=int(days)) >= since
    return lately or tag.held_by in settled(came)


def borne_out(traits: Sequence[Trait], by: Sequence[Spreads], catalog: TagCatalog) -> tuple[Trait, ...]:
    """All traits tried, each with the largest p of its own and of other spreads of the same customers; 1 where one of those does not show it."""
    return tuple(
        replace(trait, p=max(trait.p, *(_shown(trait, one, catalog) for one in by)) if trait.low > 0 else 1.0) if by else trait
        for trait in traits
    )


def _shown(trait: Trait, spreads: Spreads, catalog: TagCatalog) -> float:
    """One-sided p of a trait by its spread; 1 where it goes the other way or cannot be told."""
    one = _stratum(trait, spreads[trait.tag], catalog) if trait.tag in spreads else None
    if one is None or not one.of or not one.rest_of or one.n * one.rest_of <= one.rest_n * one.of:
        return 1.0
    return p_value(one.n, one.of, one.rest_n, one.rest_of) / 2


def _stratum(trait: Trait, spread: Spread, catalog: TagCatalog) -> Stratum | None:
    """What a spread counts of a trait; None where it has no such side."""
    buckets = frozenset(spread.n) | frozenset(spread.rest)
    for split in splits(catalog.tags[trait.tag], catalog, spread):
        if trait.bucket in (split.bucket, split.outside):
            return spread.stratum(split.inside if trait.bucket == split.bucket else buckets - split.inside)
    return None


def _looked_at(rule: ValidatedRule) -> Iterator[date | None]:
    """The first day that each part of a rule looks at; None for one that looks back without end."""
    yield rule.snapshot
    for _, node in walk(rule.expanded):
        match node:
            case TagCondition(snapshot=asked) if asked is not None:
                asks: tuple[Snapshot, ...] = (asked,)
            case TagComparison(left_snapshot=left, right_snapshot=right):
                asks = tuple(one for one in (left, right) if one is not None)
            case RecordCondition() | SequenceCondition():
                records = (node,) if isinstance(node, RecordCondition) else (node.first, node.then)
                for one in records:
                    tense = rule.catalog.records[one.records].tense
                    if one.window is not None:
                        yield resolve(one.window, rule.as_of, rule.today, tense).start
                    elif rule.catalog.records[one.records].date_column is not None and tense == "past":
                        yield None
                continue
            case _:
                continue
        for asked in asks:
            yield snapshot_date(asked.unit, asked.offset, rule.as_of, rule.today, rule.snapshots)
