"""Which tags a rule fixes, so that finding them in a segment is no finding. Law: declared by the catalog, or measured in the data against the rule's own tags;
what merely goes with a behaviour is never taken for its definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight.spread import ABSENT, Strata
from assistant.insight.statistics import uncertainty
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import AnyNode, RankCondition, RecordCondition, SequenceCondition, Snapshot, TagComparison, TagCondition, walk
from assistant.rule.window import resolve, snapshot_day
from assistant.sql.buckets import RECENT_DAYS
from assistant.validation.verdict import ValidatedRule

NEARLY_DETERMINED = 0.5
"""Theil's U from which a tag tells at least half of what there is to know of another, or the other of it. Between tags of the demonstration bank the parts
of a total (deposits and AUM), a stage and what it is counted from lie above it; a relationship manager and AUM, age and occupation, payroll and mortgage below."""
MOST_MEASURED = 4
"""Tags of a rule against which the others are measured, in the order of the rule: each one is another set of joint counts."""


def declared(rule: ValidatedRule) -> frozenset[str]:
    """Tags the rule fixes by the catalog's word: those it compares or ranks by, what the records it counts presuppose or add up to, and whatever the catalog
    derives from one of these or derives one of these from. `derived_from` lists every tag that nearly determines another, so one step either way is the
    whole chain."""
    return fixed_by(rule.expanded, rule.catalog) | fixed_by(rule.catalog.base_rule, rule.catalog)


def fixed_by(node: AnyNode, catalog: TagCatalog) -> frozenset[str]:
    """Tags that a condition (its concepts expanded) fixes by the catalog's word."""
    tags, records = _said(node)
    named = set(tags) | _behaviour_tags(catalog, records)
    return frozenset(named).union(*(kin(catalog, code) for code in named))


def own_tags(rule: ValidatedRule) -> tuple[Tag, ...]:
    """The tags the rule itself speaks of, in its order, at most so many: what others are measured against."""
    return tuple(rule.catalog.tags[code] for code in list(_said(rule.expanded)[0])[:MOST_MEASURED])


def picked_by(rule: ValidatedRule) -> tuple[frozenset[str], frozenset[str]]:
    """The record sets by which a rule picks its customers (those it counts, and those its tags roll up), and those with what the kin of its tags roll up and every other set that
    the same customers could have made (`exposure`): how often these occur among the customers picked is the rule's doing."""
    catalog = rule.catalog
    tags, counted = _said(rule.expanded)

    def rolled_up(codes: Iterable[str]) -> frozenset[str]:
        return frozenset(one for code in codes if code in catalog.tags and (one := catalog.tags[code].roll_up_of) is not None)

    own = counted | rolled_up(tags)
    made = own | rolled_up(frozenset().union(*(kin(catalog, code) for code in tags)))
    exposures = [catalog.records[code].exposure for code in made if catalog.records[code].exposure is not None]
    return own, made | {one.code for one in catalog.records.values() if one.exposure in exposures}


def spoken(rule: ValidatedRule) -> tuple[str, ...]:
    """The codes of the tags the rule speaks of, in its order."""
    return tuple(_said(rule.expanded)[0])


def records_of(node: AnyNode) -> frozenset[str]:
    """The record sets a condition counts."""
    return _said(node)[1]


def measured(own: Iterable[Strata]) -> frozenset[str]:
    """Tags that are nearly determined by a tag of the rule, or nearly determine it, among all customers compared who have it. `own`: one for each tag of the rule, the
    spreads within its buckets."""
    found: set[str] = set()
    for parts in own:
        joint: dict[str, Counter[tuple[str, str]]] = {}
        for (bucket,), spreads in parts.items():
            for code, spread in spreads.items() if bucket else ():
                counts = joint.setdefault(code, Counter())
                for side in (spread.n, spread.rest):
                    counts.update({(bucket, other): n for other, n in side.items() if other != ABSENT})
        found |= {code for code, counts in joint.items() if uncertainty(counts) >= NEARLY_DETERMINED}
    return frozenset(found)


def begun_by(rule: ValidatedRule) -> date:
    """The earliest day by which a rule looks at its customers: of tags at an earlier snapshot that day, of records the end of their window. Who meets it was here by then."""
    days = [rule.as_of]
    for _, node in walk(rule.expanded):
        match node:
            case TagCondition(snapshot=Snapshot() as asked):
                days.append(snapshot_day(asked.unit, asked.offset, rule.as_of, rule.today))
            case RecordCondition(window=window) if window is not None and rule.catalog.records[node.records].tense == "past":
                days.append(resolve(window, rule.as_of, rule.today).end or rule.as_of)
    return min(days)


def too_late(tag: Tag, buckets: Counter[str], rule: ValidatedRule) -> bool:
    """Whether a date follows from when a rule looks at its customers (`buckets`: the customers by it): nobody's is after that, and that everybody has it (the day they
    came to the bank), or some days after it could be told."""
    since = (rule.as_of - begun_by(rule)).days
    if tag.type != "date" or tag.tense != "past" or not since:
        return False
    after = [days for days in RECENT_DAYS if days <= since]
    return not any(buckets[f"d{days}"] for days in after) and (bool(after) or tag.null_means == "never_null")


def kin(catalog: TagCatalog, code: str) -> frozenset[str]:
    """The tags that nearly determine a tag, or that it nearly determines, by the catalog's word."""
    above = catalog.tags[code].derived_from if code in catalog.tags else ()
    return frozenset(above) | {tag.code for tag in catalog.tags.values() if code in tag.derived_from}


def _said(node: AnyNode) -> tuple[dict[str, None], frozenset[str]]:
    """The tags (in order) and the record sets a condition speaks of."""
    tags: dict[str, None] = {}
    records: set[str] = set()
    for _, part in walk(node):
        match part:
            case TagCondition(tag=tag) | RankCondition(tag=tag):
                tags[tag] = None
            case TagComparison(left=left, right=right):
                tags |= {left: None, right: None}
            case RecordCondition(records=code):
                records.add(code)
            case SequenceCondition(first=first, then=then):
                records |= {first.records, then.records}
    return tags, frozenset(records)


def _behaviour_tags(catalog: TagCatalog, records: frozenset[str]) -> set[str]:
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
