"""What those who came into a segment have that those who were in it did not. Law: only what they had before either date's days, and nothing that to come in means.

To come in since a date means dates since then: to have become a customer, or to have got what the rule asks for; such traits are set apart.

A tag of today tells as well what was done lately, and those who were in then are by now less extreme than they were (regression to the mean: Barnett et al. 2005,
Int. J. Epidemiol. 34). So today's tags only propose: a trait must be true by the tags from before both dates' days as well. Its p is the larger of the two, one-sided by the
earlier tags (partial conjunction of two: Benjamini and Heller 2008, Biometrics 64), and 1 where they show another direction; false discoveries are controlled by these, over all traits tried.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.insight import persona
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import settled
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
    baseline = Baseline("segment", were)
    tables = yield persona.plan(came, qualifier, baseline)
    seen = persona.seen(tables, came, baseline)
    tried = tuple(trait for trait in seen.tried if not meant(trait, came, since))
    proposed = persona.findings(tried)
    if proposed:
        tags = [came.catalog.tags[code] for code in dict.fromkeys(trait.tag for trait in proposed)]
        cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
        (table,) = yield (replace(profile.profile(came, tags, qualifier, cuts, were.expanded, before), purpose="persona_before"),)
        tried = borne_out(tried, table, came.catalog)
    found = persona.told(replace(seen, tried=tried), tables[0].query, came, baseline)
    return (yield from persona.checked(found, came, qualifier))


def meant(trait: Trait, came: ValidatedRule, since: date) -> bool:
    """Whether a trait follows from having come in: a date since then, or the date of what the rule asks for."""
    tag = came.catalog.tags[trait.tag]
    if tag.type != "date" or tag.tense != "past":
        return False
    sign, bucket = threshold(trait.bucket)
    days = bucket.removeprefix("d")
    lately = sign in ("", "<=") and days.isdigit() and came.as_of - timedelta(days=int(days)) >= since
    return lately or tag.held_by in settled(came)


def borne_out(traits: Sequence[Trait], table: Table, catalog: TagCatalog) -> tuple[Trait, ...]:
    """All traits tried, each with the larger p of today's and of a profile by earlier tags (rows as of `sql/profile.py: profile`); 1 where those do not show it."""
    (parts,) = strata(table, catalog, [[]])
    earlier = together(parts)
    return tuple(
        replace(trait, p=max(trait.p, _before(trait, earlier[trait.tag], catalog)) if trait.tag in earlier and trait.low > 0 else 1.0)
        for trait in traits
    )


def _before(trait: Trait, spread: Spread, catalog: TagCatalog) -> float:
    """One-sided p of a trait by a spread; 1 where it goes the other way or cannot be told."""
    buckets = frozenset(spread.n) | frozenset(spread.rest)
    for split in splits(catalog.tags[trait.tag], catalog, spread):
        if trait.bucket in (split.bucket, split.outside):
            one = spread.stratum(split.inside if trait.bucket == split.bucket else buckets - split.inside)
            more = bool(one.of and one.rest_of) and one.n * one.rest_of > one.rest_n * one.of
            return p_value(one.n, one.of, one.rest_n, one.rest_of) / 2 if more else 1.0
    return 1.0


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
