"""How far the tags of a snapshot can be relied on: missing, impossible, stale, drifted and contradicted values, beside the snapshot before. Law: a finding names the
customers it is of, and the score of a tag is a share of customers, not an opinion.

Drift is the population stability index over the buckets of a persona, sum over buckets of (p - q) ln(p / q), with half a customer in an empty bucket; under 0.1 is
stable, from 0.25 on another population (N. Siddiqi, Credit Risk Scorecards, 2006, ch. 12). It is told only where it is beyond what two samples of that size differ
by chance: PSI / (1/n + 1/m) is about chi-square with one less degree of freedom than buckets (B. Yurdakul, Statistical Properties of Population Stability Index, 2018).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from assistant.catalog.model import Contradiction, Tag
from assistant.facts import FactSheet
from assistant.insight.breakdown import cut_points
from assistant.insight.count import share, whole
from assistant.insight.spread import bucket_of
from assistant.policy import Owner, may
from assistant.rule.short import node_from_short
from assistant.sql import profile, quality
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

MODERATE, MAJOR = Decimal("0.1"), Decimal("0.25")
SMALLEST = 200
"""Customers of a branch below which its drift is not looked at."""
_BEYOND_CHANCE = 1.6448536269514722 * 2
"""Standard errors of the chi-square beyond its mean that a drift has to be: many tags by many branches are looked at."""

Finding = Literal["empty", "impossible", "contradicted", "fewer_known", "stale", "drifted", "drifted_in_branch", "missing"]
_WORST_FIRST: tuple[Finding, ...] = get_args(Finding)
_MANY_MISSING = Decimal("0.05")
_LOST = Decimal("0.02")
"""A share of customers known before and unknown now that is a fault of the data rather than of the customers."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How far customers have moved over a tag's buckets since the snapshot before; `branch`: of which unit, None for everyone."""

    index: Decimal
    branch: str | None
    n: int


@dataclass(frozen=True, slots=True)
class TagQuality:
    """One tag: of `of` customers those without a value it should have, and those with one it cannot have; those with another value than in the snapshot before."""

    tag: Tag
    of: int
    missing: int
    outside: int
    contradicted: int
    missing_before: int | None = None
    outside_before: int | None = None
    of_before: int | None = None
    changed: int | None = None
    in_both: int | None = None
    drift: Drift | None = None

    @property
    def score(self) -> Decimal | None:
        """The share of customers with a possible, uncontradicted value; None over nobody. Contradicted customers of several contradictions count once at most."""
        wrong = min(self.of, self.missing + self.outside + self.contradicted)
        return share(self.of - wrong, self.of)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it, worst first."""
        found: list[Finding] = []
        if self.of and self.missing == self.of:
            found.append("empty")
        if self.outside:
            found.append("impossible")
        if self.contradicted:
            found.append("contradicted")
        if self.in_both and self.changed == 0 and moves(self.tag):
            found.append("stale")
        now, before = share(self.missing, self.of), None if self.missing_before is None else share(self.missing_before, self.of_before or 0)
        if now is not None and before is not None and now - before > _LOST:
            found.append("fewer_known")
        elif now is not None and now > _MANY_MISSING and "empty" not in found:
            found.append("missing")
        if self.drift is not None and self.drift.index >= MODERATE:
            found.append("drifted" if self.drift.branch is None else "drifted_in_branch")
        return tuple(sorted(found, key=_WORST_FIRST.index))

    @property
    def rank(self) -> tuple[int, Decimal]:
        """Where it stands in a report: by its worst finding, then by its score."""
        worst = min((_WORST_FIRST.index(one) for one in self.findings), default=len(_WORST_FIRST))
        return worst, Decimal(1) if self.score is None else self.score


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A contradiction with the customers it holds for, now and in the snapshot before."""

    contradiction: Contradiction
    n: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Quality:
    """The tags of one snapshot, those with the worst finding first; `before`: the snapshot they are held against, None for the first one."""

    as_of: date
    snapshot: date
    before: date | None
    of: int
    rows: int
    customers: int
    tags: tuple[TagQuality, ...]
    contradicted: tuple[Contradicted, ...]
    query: str

    @property
    def duplicates(self) -> int:
        """Rows of the snapshot beyond one a customer."""
        return self.rows - self.customers

    @property
    def owners(self) -> Mapping[Owner, Decimal]:
        """The mean score of each owner's tags, lowest first."""
        scores: dict[Owner, list[Decimal]] = defaultdict(list)
        for one in self.tags:
            if one.score is not None:
                scores[one.tag.owner].append(one.score)
        means = {owner: sum(found, Decimal(0)) / len(found) for owner, found in scores.items()}
        return dict(sorted(means.items(), key=lambda pair: pair[1]))

    def facts(self, sheet: FactSheet) -> None:
        """quality.<tag>.missing, .outside, .contradicted, .score, .changed, .drift; quality.conflict.<code>; small groups are withheld as everywhere."""
        sheet.measured("quality.of", self.of, "customers", self.query)
        sheet.measured("quality.duplicates", self.duplicates, "number", self.query)
        for one in self.tags:
            parts = (one.missing, one.outside, one.contradicted)
            few = any(sheet.protection.hides(part) for part in parts)
            for name, n in zip(("missing", "outside", "contradicted"), parts, strict=True):
                sheet.customers(f"quality.{one.tag.code}.{name}", n, self.query, few)
            score = None if few else one.score
            sheet.measured(f"quality.{one.tag.code}.score", score, "share", self.query)
            if one.changed is not None and one.in_both is not None:
                sheet.measured(f"quality.{one.tag.code}.changed", share(one.changed, one.in_both), "share", self.query, group=one.changed)
            if one.drift is not None:
                sheet.measured(f"quality.{one.tag.code}.drift", one.drift.index, "number", self.query, group=one.drift.n)
        for conflict in self.contradicted:
            sheet.measured(f"quality.conflict.{conflict.contradiction.code}", conflict.n, "customers", self.query)


def measured_tags(rule: ValidatedRule) -> tuple[Tag, ...]:
    """The tags a report is of: all that are kept up and that the asker may use, in catalog order."""
    catalog = rule.catalog
    usable = (tag for tag in catalog.tags.values() if may(catalog.policy, rule.identity, "ask", tag.asset, rule.purpose))
    return tuple(tag for tag in usable if tag.status in ("online", "deprecated"))


def steps(
    now: ValidatedRule, before: ValidatedRule | None, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Quality]:
    """The report of the snapshot that `now` reads, beside the one `before` reads; both of the whole base."""
    tags = measured_tags(now)
    contradictions = tuple(one for one in now.catalog.contradictions if all(code in {tag.code for tag in tags} for code in one.tags))
    nodes = [node_from_short(one.rule) for one in contradictions]
    sound, stored = yield [quality.soundness(now, tags, nodes, qualifier), quality.rows(now, qualifier)]
    figures = dict(zip(sound.columns, map(whole, sound.rows[0]), strict=True))
    earlier: dict[str, int] = {}
    changed: dict[str, int] = {}
    drifts: Mapping[str, Drift] = {}
    if before is not None:
        watched = [tag for tag in tags if tag.type != "enum" or now.catalog.values(tag)]
        cuts = {tag.code: cut_points(tag) for tag in watched if tag.numeric}
        unit = now.catalog.tags[now.catalog.header.organisation_tag]
        was, moved, spread_now, spread_was = yield [
            quality.soundness(before, tags, nodes, qualifier),
            quality.changed(now, before.snapshot, tags, qualifier),
            *(profile.spread(rule, None, watched, [unit], qualifier, cuts) for rule in (now, before)),
        ]
        earlier = dict(zip(was.columns, map(whole, was.rows[0]), strict=True))
        changed = dict(zip(moved.columns, map(whole, moved.rows[0]), strict=True))
        drifts = _drifts(spread_now, spread_was, now)
    conflicts = tuple(
        Contradicted(one, figures[f"conflict_{number}"], earlier.get(f"conflict_{number}")) for number, one in enumerate(contradictions)
    )
    against = Counter[str]()
    for conflict in conflicts:
        for code in conflict.contradiction.tags:
            against[code] = max(against[code], conflict.n)
    found = tuple(
        TagQuality(
            tag,
            figures["n"],
            figures[f"missing_{number}"] if _always_told(tag) else 0,
            figures[f"outside_{number}"],
            against[tag.code],
            earlier.get(f"missing_{number}") if _always_told(tag) else None,
            earlier.get(f"outside_{number}"),
            earlier.get("n"),
            changed.get(f"changed_{number}"),
            changed.get("n"),
            drifts.get(tag.code),
        )
        for number, tag in enumerate(tags)
    )
    rows, customers = map(whole, stored.rows[0])
    ordered = tuple(sorted(found, key=lambda one: one.rank))
    last = None if before is None else before.snapshot
    return Quality(now.as_of, now.snapshot, last, figures["n"], rows, customers, ordered, conflicts, sound.query)


def stability_index(now: Mapping[str, int], before: Mapping[str, int]) -> float:
    """The population stability index of two spreads over the same buckets; 0 where either is of nobody."""
    n, m = sum(now.values()), sum(before.values())
    if not n or not m:
        return 0.0
    buckets = {bucket for side in (now, before) for bucket, count in side.items() if count}
    pairs = [(max(now.get(bucket, 0), 0.5) / n, max(before.get(bucket, 0), 0.5) / m) for bucket in buckets]
    return sum((p - q) * math.log(p / q) for p, q in pairs)


def beyond_chance(index: float, now: Mapping[str, int], before: Mapping[str, int]) -> bool:
    """Whether two samples of one population would hardly differ by so much."""
    n, m = sum(now.values()), sum(before.values())
    freedom = len({bucket for side in (now, before) for bucket, count in side.items() if count}) - 1
    if freedom < 1 or not n or not m:
        return False
    return index / (1 / n + 1 / m) > freedom + _BEYOND_CHANCE * math.sqrt(2 * freedom)


def _drifts(now: Table, before: Table, rule: ValidatedRule) -> Mapping[str, Drift]:
    """The drift of each tag over everyone, or over the branch where it is greatest when everyone's is small."""
    spreads: tuple[dict[tuple[str, str | None], Counter[str]], ...] = tuple(defaultdict(Counter) for _ in range(2))
    for side, table in zip(spreads, (now, before), strict=True):
        for code, bucket, branch, n in table.rows:
            tag = str(code)
            place = bucket_of(rule.catalog, rule.catalog.tags[tag], None if bucket is None else str(bucket)) or ""
            side[tag, None][place] += whole(n)
            side[tag, str(branch)][place] += whole(n)
    found: dict[str, Drift] = {}
    for key, counts in spreads[0].items():
        tag, unit = key
        was = spreads[1].get(key, Counter())
        index = stability_index(counts, was)
        if (
            unit is not None and (min(counts.total(), was.total()) < SMALLEST or tag == rule.catalog.header.organisation_tag)
        ) or not beyond_chance(index, counts, was):
            continue
        one = Drift(Decimal(str(round(index, 3))), unit, counts.total())
        best = found.get(tag)
        everyone_moved = best is not None and best.branch is None and best.index >= MODERATE
        if best is None or (not everyone_moved and one.index > best.index):
            found[tag] = one
    return found


def _always_told(tag: Tag) -> bool:
    """Whether an empty cell is a fault, and not the value: no loan, no date of one."""
    return tag.null_means in ("unknown", "never_null")


def moves(tag: Tag) -> bool:
    """Whether some customer's value changes from one snapshot to the next in any bank: what is measured or counted does, who somebody is does not."""
    return (
        tag.freshness != "yearly" and tag.numeric and tag.kind in ("metric", "behaviour_distribution", "rfm", "event_preference", "model")
    )
