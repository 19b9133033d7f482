"""Which tags a rule fixes, so that finding them in a segment is no finding. Law: declared by the catalog, or shown by the data; what merely goes with a behaviour
is never taken for its definition.

- Declared: the tags a rule compares, what determines them or is determined by them, and what its records presuppose (`declared`).
- Made of it: whatever counts or sums one of these, or adds up, dates or stages the records of the rule (`made_of` of the catalog: AUM of fund holders, the number of
  products of mortgage holders). The rest of such a whole may well be remarkable, but no share of the whole tells it from the part that the rule put there: so it is
  set apart as well, and said to be (`wholes`).
- A part of it: the amounts that add up to one which the rule bounds (`parts`: deposits and wealth products of a tier, which is a range of assets).
- Before they came: whatever looks back to before the customers of a rule can have been any (`arrival.py`).
- Measured: a tag that tells half of what there is to know of a tag of the rule, or the other way round (`measured`); and, whatever the rule is made of, a bucket
  that nearly all of the segment are in and few others (`implied`): each condition that the segment meets bounds its customers, and what is bounded shows in them.
  Where all of many are in a bucket that most others are in too (nobody with a loan is over 66) only that bound is set apart, not what the tag tells within it (`bounded`).
What explains what customers did (`drivers.py`) is read from tags of the eve, which no later record makes up: there only what is declared is set apart, and of that not
what only the holders of something have where the rule asks for them (`among_holders`): their own rates differ, though against others there is nothing to compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight.arrival import looks_before
from assistant.insight.spread import ABSENT, Spread, Strata
from assistant.insight.statistics import Stratum, uncertainty
from assistant.insight.traits import Trait, splits
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import AnyNode, RankCondition, RecordCondition, SequenceCondition, Snapshot, TagComparison, TagCondition, walk
from assistant.rule.window import resolve, snapshot_day
from assistant.sql.buckets import RECENT_DAYS
from assistant.validation.verdict import ValidatedRule

NEARLY_DETERMINED = 0.5
"""Theil's U from which a tag tells at least half of what there is to know of another, or the other of it. Between tags of the demonstration bank the parts
of a total (deposits and AUM), a stage and what it is counted from lie above it; a relationship manager and AUM, age and occupation, payroll and mortgage below."""
NEARLY_ALL, NEARLY_NONE = 0.95, 0.05
"""Shares of a segment and of those it is compared with from which a bucket is all but the segment itself."""
ENOUGH_FOR_ALL, FEW_OTHERS = 100, 0.5
"""Customers of whom not one is outside a bucket: a rule makes that, no inclination does; and the most of the others in it for which it is all there is to the tag."""
_MONEY = ("CNY", "USD")
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
    named = _with_holders(catalog, {*tags, *_behaviour_tags(catalog, records)})
    fixed = named.union(*(kin(catalog, code) for code in named))
    return fixed | {tag.code for tag in catalog.tags.values() if tag.held_by in named}


def among_holders(rule: ValidatedRule) -> frozenset[str]:
    """Of the tags declared those that the rule fixes only so far as its customers have a value at all: the rate type of those picked for having a mortgage. What
    they hold sets them apart from others by definition; among themselves it is settled by nothing the rule says."""
    catalog = rule.catalog
    said = _with_holders(catalog, set(_said(rule.expanded)[0]))
    fixed = said.union(*(kin(catalog, code) for code in said)) | fixed_by(catalog.base_rule, catalog)
    return frozenset(tag.code for tag in catalog.tags.values() if tag.held_by in said) - fixed


def settled(rule: ValidatedRule) -> frozenset[str]:
    """Tags that are no finding about the customers of a rule, by the catalog's word: those declared, those made of what the rule speaks of, the parts of what it bounds, and those
    that look back to before its customers came."""
    return declared(rule) | consequent(rule)


def consequent(rule: ValidatedRule) -> frozenset[str]:
    """Those of them that the rule does not fix, but goes a long way to make."""
    return (wholes(rule) | parts(rule) | looks_before(rule)) - declared(rule)


def wholes(rule: ValidatedRule) -> frozenset[str]:
    """Tags made of what a rule speaks of, or of the records that its tags only add up (purchases on a card are among all transactions), in any number of steps; and those
    derived from these or held by them. Without those declared."""
    catalog = rule.catalog
    tags, records = _said(rule.expanded)
    named = _with_holders(catalog, {*tags, *_exposing_tags(catalog, records)})
    determining = named.union(*(catalog.tags[code].derived_from for code in named))
    adding_up = (frozenset(catalog.tags[code].made_of) for code in determining)
    records = records.union(*(parts for parts in adding_up if parts <= catalog.records.keys()))
    spoken = named.union(*(kin(catalog, code) for code in named))
    made: set[str] = set()
    while more := {tag.code for tag in catalog.tags.values() if not (spoken | records | made).isdisjoint(tag.made_of)} - made - spoken:
        made |= more
    found = made | {tag.code for tag in catalog.tags.values() if not made.isdisjoint(tag.derived_from)}
    return frozenset(found | {tag.code for tag in catalog.tags.values() if tag.held_by in found}) - declared(rule)


def parts(rule: ValidatedRule) -> frozenset[str]:
    """The amounts that add up to an amount which a rule bounds, by itself or by a tag of its kin (a tier is a range of assets), in any number of steps; and the amounts derived
    from these or from the sum (what it grew by). How much of each there can be is bounded with the sum."""
    tags = rule.catalog.tags
    named = {code for code in _said(rule.expanded)[0] if code in tags}
    new = {code for code in named.union(*(tags[code].derived_from for code in named)) if tags[code].unit in _MONEY}
    sums = {code for code in new if any(part in tags for part in tags[code].made_of)}
    found: set[str] = set()
    while new := {part for code in new for part in tags[code].made_of if part in tags and tags[part].unit == tags[code].unit} - found:
        found |= new
    return frozenset(found | {tag.code for tag in tags.values() if tag.unit in _MONEY and not (found | sums).isdisjoint(tag.derived_from)})


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


def spoken_of(node: AnyNode) -> tuple[str, ...]:
    """The same of a condition, its concepts expanded."""
    return tuple(_said(node)[0])


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


def implied(one: Stratum) -> bool:
    """Whether a segment (n of `of`) is bounded to what a stratum counts: nearly all of it are in and nearly none of those it is compared with; or every one of many, and at
    most half of the others."""
    if not one.of or not one.rest_of:
        return False
    others = one.rest_n / one.rest_of
    return (bounded(one) and others <= FEW_OTHERS) or (one.n >= NEARLY_ALL * one.of and others <= NEARLY_NONE)


def bounded(one: Stratum) -> bool:
    """Whether every one of many customers of a segment is in what a stratum counts, and not all of the others are."""
    return one.n == one.of >= ENOUGH_FOR_ALL and one.rest_n < one.rest_of


def follows(tag: Tag, catalog: TagCatalog, spread: Spread) -> bool:
    """Whether some part of a tag's buckets is implied for the segment: then what the tag shows follows from how its customers were picked."""
    buckets = frozenset(spread.n) | frozenset(spread.rest)
    sides = (side for one in splits(tag, catalog, spread) for side in (one.inside, buckets - one.inside) if side)
    return any(implied(spread.stratum(side)) for side in sides)


def at_bound(trait: Trait) -> bool:
    """Whether a trait is only what bounds the customers of its segment."""
    return bounded(Stratum(trait.n, trait.known, trait.rest_n, trait.rest_known))


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


def _with_holders(catalog: TagCatalog, codes: set[str]) -> frozenset[str]:
    """Some tags and the flags of those who have a value of them at all."""
    return frozenset(codes) | {flag for code in codes if code in catalog.tags and (flag := catalog.tags[code].held_by) is not None}


def _behaviour_tags(catalog: TagCatalog, records: frozenset[str]) -> set[str]:
    """The tags that records speak of: roll-ups of them, who could make them at all (`exposure`), and the same for every other set with that exposure:
    whoever browsed in the app has signed up and logged in, which is no finding."""
    exposures = [catalog.records[code].exposure for code in records if catalog.records[code].exposure is not None]
    channel = records | {one.code for one in catalog.records.values() if one.exposure in exposures}
    return {tag.code for tag in catalog.tags.values() if tag.roll_up_of in channel} | _exposing_tags(catalog, records)


def _exposing_tags(catalog: TagCatalog, records: frozenset[str]) -> set[str]:
    """The tags by which it is told who could make records at all."""
    exposures = (exposure for code in records if (exposure := catalog.records[code].exposure) is not None)
    nodes = (node for exposure in exposures for _, node in walk(node_from_short(substitute(exposure, {"days": 1}))))
    return {node.tag for node in nodes if isinstance(node, TagCondition)}
