"""What those who came into a segment have that those who were in it did not. Law: only what they had before either date's days, and nothing that to come in means.

To come in since a date means dates since then: to have become a customer, or to have got what the rule asks for; such traits are set apart.

A tag of today tells as well what was done lately, and those who were in then are by now less extreme than they were (regression to the mean: Barnett et al. 2005,
Int. J. Epidemiol. 34). So today's tags only propose: a trait is kept when the tags from before both dates' days show the same direction, one-sided p <= 5 %.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.insight import persona
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import declared
from assistant.insight.drivers import BORNE_OUT
from assistant.insight.persona import Baseline, Persona
from assistant.insight.spread import Spread, strata, together
from assistant.insight.statistics import p_value
from assistant.insight.traits import Trait, splits, threshold
from assistant.rule.tree import RecordCondition, SequenceCondition, Snapshot, TagComparison, TagCondition, walk
from assistant.rule.window import resolve, snapshot_date
from assistant.sql import profile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


def before_both(then: ValidatedRule, snapshots: Sequence[date]) -> date | None:
    """The last snapshot before anything that the earlier reading of a rule looks at; None where it looks back without end, or further than the tags reach."""
    first = min((date.min if day is None else day for day in _looked_at(then)), default=then.snapshot)
    return max((one for one in snapshots if one < first), default=None)


def steps(
    came: ValidatedRule, were: ValidatedRule, before: ValidatedRule, since: date, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Persona]:
    """Those who came in `since` a date against those who were in, by the tags of today; then the traits found once more by the tags of the rule `before`."""
    found = yield from persona.steps(came, Baseline("segment", were), qualifier)
    found = replace(found, traits=tuple(trait for trait in found.traits if not meant(trait, came, since)))
    if not found.traits:
        return found
    tags = [came.catalog.tags[code] for code in dict.fromkeys(trait.tag for trait in found.traits)]
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    (table,) = yield (replace(profile.profile(came, tags, qualifier, cuts, were.expanded, before), purpose="persona_before"),)
    return replace(found, traits=borne_out(found.traits, table, came.catalog))


def meant(trait: Trait, came: ValidatedRule, since: date) -> bool:
    """Whether a trait follows from having come in: a date since then, or the date of what the rule asks for."""
    tag = came.catalog.tags[trait.tag]
    if tag.type != "date" or tag.tense != "past":
        return False
    sign, bucket = threshold(trait.bucket)
    days = bucket.removeprefix("d")
    lately = sign in ("", "<=") and days.isdigit() and came.as_of - timedelta(days=int(days)) >= since
    return lately or tag.held_by in declared(came)


def borne_out(traits: Sequence[Trait], table: Table, catalog: TagCatalog) -> tuple[Trait, ...]:
    """The traits that a profile by earlier tags (rows as of `sql/profile.py: profile`) shows in the same direction."""
    (parts,) = strata(table, catalog, [[]])
    earlier = together(parts)
    return tuple(trait for trait in traits if trait.tag in earlier and _held(trait, earlier[trait.tag], catalog))


def _held(trait: Trait, spread: Spread, catalog: TagCatalog) -> bool:
    buckets = frozenset(spread.n) | frozenset(spread.rest)
    for split in splits(catalog.tags[trait.tag], catalog, spread):
        if trait.bucket in (split.bucket, split.outside):
            one = spread.stratum(split.inside if trait.bucket == split.bucket else buckets - split.inside)
            more = bool(one.of and one.rest_of) and one.n * one.rest_of > one.rest_n * one.of
            return more and p_value(one.n, one.of, one.rest_n, one.rest_of) <= 2 * BORNE_OUT
    return False


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
