"""Which insight answers which kind of request. Law: one line a kind; an insight names its queries and reads their tables, and knows no engine.

An insight is a generator of steps: it yields queries, is sent their tables in the same order, may yield more that depend on them, and returns its finding.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

from assistant.errors import Fault, Unanswerable, UserError
from assistant.insight import (
    breakdown,
    compare,
    contrast,
    drivers,
    figure_then,
    grid,
    hypothesis,
    metric,
    migration,
    mix,
    monitor,
    newcomers,
    overlap,
    parts,
    persona,
    reach,
    shifted,
    sizing,
    why,
)
from assistant.insight.behaviour import behaviour
from assistant.insight.breakdown import Breakdown
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.count import Count
from assistant.insight.coverage import Coverage
from assistant.insight.definition import among_holders, declared, own_tags
from assistant.insight.drivers import Move
from assistant.insight.eligible import Eligible, eligible
from assistant.insight.figure_then import FigureThen
from assistant.insight.grid import Grid
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.newcomers import before_both
from assistant.insight.periods import as_read_then, days_counted, earlier, happens_once, latest_days
from assistant.insight.persona import Persona
from assistant.insight.reach import Reach
from assistant.insight.sizing import Sizing
from assistant.insight.thresholds import thresholds
from assistant.insight.why import WhyIn
from assistant.interpret.asked.applying import values_of
from assistant.interpret.interpretation import Request, RequestKind
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagComparison, TagCondition
from assistant.rule.window import DateSpan
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

Finding = (
    Breakdown
    | Comparison
    | Contrast
    | Coverage
    | FigureThen
    | Grid
    | Hypothesis
    | Metric
    | Migration
    | Monitor
    | Persona
    | Reach
    | Sizing
    | WhyIn
)
"""What was asked for and found. Each has `facts(sheet)`; sentences, pictures, tables and JSON are told apart by type (mypy names the ones missing)."""
OneKind = TypeVar("OneKind", bound=Finding)
Steps = Generator[Sequence[Query], Sequence[Table], Finding]

_LEVELS: Mapping[str, breakdown.Level] = {"1": "1", "2": "2", "3": "3", "region": "region"}
_LEAST_BEFORE = 7
"""Days of an earlier period from which on it is one to compare with: fewer hold only some days of a week."""
_METRICS: Mapping[str, metric.MetricKind] = {"average": "average", "median": "median", "sum": "sum", "share": "share"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request about a counted segment, and what an insight needs to answer it. `snapshots`: dates with tag values, ascending."""

    rule: ValidatedRule
    request: Request
    count: Count
    qualifier: tuple[str, ...]
    snapshots: tuple[date, ...]
    validated: Callable[[SegmentRule, date], ValidatedRule]
    """Gate 1 for another rule or another as-of date, within the same scope and purpose. UserError with the issue's code where it does not pass."""


def _breakdown(asked: Asked) -> Steps:
    dimension = breakdown.Dimension(asked.request.code, _LEVELS.get(asked.request.level))
    tables = yield breakdown.plan(asked.rule, dimension, asked.qualifier)
    found = breakdown.read(tables, asked.rule, dimension, asked.count.n)
    return replace(found, named=int(asked.request.detail)) if asked.request.detail.isdigit() else found


def _compare(asked: Asked) -> Steps:
    when = earlier(asked.rule, asked.request.detail)
    then = as_read_then(asked.rule, when, asked.snapshots)
    tables = yield compare.plan(then, asked.rule, asked.qualifier)
    days = days_counted(then), days_counted(asked.rule)
    found = replace(
        compare.read(tables, then, asked.rule, asked.count.n),
        then=when.as_of,
        by_tags=then.as_of != when.as_of,
        days=None if days[0] == days[1] else days[0],
        days_now=days[1],
        claimed=asked.request.claimed,
        once=happens_once(then, asked.rule),
    )
    found = _with_latest(found, latest_days(asked.rule), latest_days(then))
    move = _move(asked, then, found.count_now >= found.count_then)
    if move is not None:
        (whose,) = yield from drivers.steps([move], asked.qualifier)
        found = replace(found, whose=whose)
    rules = [(name, rule) for name, node in parts.segments(then, asked.rule).items() if (rule := _passing(asked, node)) is not None]
    if rules:
        counted = overlap.read((yield overlap.plan([rule for _, rule in rules], asked.qualifier)), len(rules)).counts
        joined = found.parts["joined"]
        told = {"entered": found.entered, "stayed": found.stayed, "left": found.left, "joined": joined, "came": found.entered + joined}
        exact = tuple((name, rule.rule.node) for (name, rule), n in zip(rules, counted, strict=True) if n == told[name])
        found = replace(found, segments=exact)
    eve = before_both(then, asked.snapshots)
    came, were = (None if node is None else _passing(asked, node) for node in parts.newcomers(then, asked.rule))
    before = None if eve is None else _passing(asked, AllOf(), eve)
    gone = next((_passing(asked, node) for name, node in found.segments if name == "left"), None)
    left = gone if found.left >= newcomers.LEAST_LEFT else None
    unsaid = left is None and found.left >= newcomers.LEAST_LEFT
    if found.whose is not None or before is None or came is None or were is None or unsaid:
        return found
    who, alike = yield from newcomers.steps(came, were, before, then.as_of, asked.qualifier, left)
    return replace(found, newcomers=who, alike=alike, eve=eve)


def _with_latest(found: Comparison, now: DateSpan | None, was: DateSpan | None) -> Comparison:
    """The comparison of a rule of the latest days with the days that were counted then, and how many of them are counted now as well."""
    if now is None or was is None or now.start is None or now.end is None or was.start is None or was.end is None or was == now:
        return found
    shared = (was.end - now.start).days + 1
    if shared > 0:
        return replace(found, overlapping=was, shared=shared)
    return replace(found, days=(was.start, was.end), days_now=(now.start, now.end)) if shared == 0 else found


def _move(asked: Asked, then: ValidatedRule, rise: bool) -> Move | None:
    """The change of a segment that is made of a behaviour, as its days; against those of the earlier rule, or, compared with the period before, of the weeks before.
    Days that both rules count are left to now: against what is left of the earlier ones, where that is a week at least."""
    now, was = behaviour(asked.rule), behaviour(then)
    if now is None or was is None or now.span.start is None:
        return None
    first = now.span.start
    weeks = DateSpan(first - timedelta(days=monitor.BEFORE_DAYS), first - timedelta(days=1))
    span = weeks if asked.request.detail in ("previous_period", "lately") else was.span
    if span.start is None or span.end is None or span.start >= first:
        return None
    if span.end >= first:
        if (first - span.start).days < _LEAST_BEFORE:
            return None
        span = DateSpan(span.start, weeks.end)
    eve, before = (_as_of_eve(asked, day, now.among) for day in (first, span.start or first))
    everybody = asked.validated(now.among, asked.rule.as_of)
    held = among_holders(asked.rule)
    given = declared(asked.rule) - held
    return Move(now.did.records, now.did.filters, (), span, now.span, eve, before, given, rise, everybody=everybody, held=held)


def _passing(asked: Asked, node: AnyNode, as_of: date | None = None) -> ValidatedRule | None:
    """A rule that passes gate 1 as it is, at the rule's date unless another is named; None for any other."""
    try:
        return asked.validated(SegmentRule(node=node), as_of or asked.rule.as_of)
    except UserError:
        return None


def _metric(asked: Asked) -> Steps:
    tag, kind = asked.request.code, _METRICS[asked.request.detail]
    tables = yield metric.plan(asked.rule, tag, kind, asked.qualifier)
    return metric.read(tables, asked.rule, tag, kind)


def _metric_then(asked: Asked) -> Steps:
    """The figure on the rule as it stood then and as it stands now."""
    tag, kind = asked.request.code, _METRICS[asked.request.level]
    when = earlier(asked.rule, asked.request.detail)
    since = asked.rule.catalog.tags[tag].effective_from if asked.rule.catalog.tags[tag].version == 1 else None
    then = as_read_then(asked.rule, when, asked.snapshots, by_tags=True)
    if since is not None and since > then.snapshot:
        raise Unanswerable("compare_before_history", tag=tag, date=when.as_of.isoformat(), since=since.isoformat())
    tables = yield figure_then.plan(then, asked.rule, tag, kind, asked.qualifier)
    return figure_then.read(tables, then, asked.rule, tag, kind, asked.count.n)


def _persona(asked: Asked) -> Steps:
    header = asked.rule.catalog.header
    granted = tuple(code for code in header.matched_on if asked.rule.usable(asked.rule.catalog.tags[code]))
    matched_on = tuple(asked.request.code.split()) or granted
    usual = _baseline(asked)
    said: Mapping[str, persona.Baseline] = {
        "everyone": persona.Baseline("everyone", eligible=usual.eligible),
        "matched": persona.Baseline("matched", matched_on=matched_on, eligible=usual.eligible) if matched_on else usual,
    }
    baseline = said.get(asked.request.detail, usual)
    found: Persona = yield from persona.steps(asked.rule, baseline, asked.qualifier, asked.count.base)
    return found


def _baseline(asked: Asked) -> persona.Baseline:
    """Whom a segment is compared with where nobody says: the rest of the base, of those who could be in it."""
    could = eligible(asked.rule)
    against = None if could is None else _passing(asked, could.node)
    return persona.Baseline(eligible=could) if against is None else persona.Baseline("eligible", against, eligible=could)


def _contrast(asked: Asked) -> Steps:
    if asked.request.node is None:
        raise Fault("contrast_unsaid")
    other = asked.validated(SegmentRule(node=asked.request.node), asked.rule.as_of)
    found: Contrast = yield from contrast.steps(asked.rule, other, asked.qualifier, before=asked.request.kind == "compare_before")
    return found


def _grid(asked: Asked) -> Steps:
    tags = asked.rule.catalog.tags
    tag = tags[asked.request.code]
    axes = grid.axes_of(asked.rule.catalog, tag)
    rows, columns = axes or (tag, tags[asked.request.detail])
    tables = yield grid.plan(asked.rule, rows, columns, asked.qualifier)
    level = _LEVELS.get(asked.request.level)
    return grid.read(tables, asked.rule, tag.code if axes else None, rows, columns, asked.count.n, level)


def _migration(asked: Asked) -> Steps:
    tag = asked.rule.catalog.tags[asked.request.code]
    then = as_read_then(asked.rule, earlier(asked.rule, asked.request.detail), asked.snapshots, by_tags=True)
    whose = migration.followed_in(asked.rule, tag)
    tables = yield migration.plan(then, asked.rule, tag, asked.qualifier, whose)
    found = migration.read(tables, then, asked.rule, tag, whose)
    if found.was is not None and _passing(asked, found.was) is None:
        found = replace(found, was=None)
    told = [
        (f"{way}.{axis.tag}", rule, n)
        for axis in found.axes
        for way, n in (("up", axis.up), ("down", axis.down))
        if n and (rule := _movers(asked, then, found, axis.tag, way)) is not None
    ]
    if told:
        counted = overlap.read((yield overlap.plan([rule for _, rule, _ in told], asked.qualifier)), len(told)).counts
        exact = tuple((name, rule.rule.node) for (name, rule, n), counts in zip(told, counted, strict=True) if n == counts)
        found = replace(found, movers=exact)
    return found


def _movers(asked: Asked, then: ValidatedRule, found: Migration, tag: str, way: str) -> ValidatedRule | None:
    """Those who rose or fell along an order, as a segment of today; None where no rule says it."""
    if found.snapshot is None:
        return None
    moved = TagComparison(left=tag, right=tag, right_snapshot=found.snapshot, operator=">" if way == "up" else "<", value=Decimal(0))
    node = parts.movers(then, asked.rule, found.followed, moved)
    return None if node is None else _passing(asked, node)


def _monitor(asked: Asked) -> Steps:
    rule, qualifier = asked.rule, asked.qualifier
    what = monitor.asked(asked.request.code, asked.request.detail)
    length = what.length(rule)
    whose_changed = length >= mix.LATELY
    days = monitor.judged_days(rule, what)
    made = monitor.incomparable(rule, what)
    if made:
        return Monitor((), *days, 0, 0, only=monitor.places(rule, what), made=made)
    daily = yield monitor.plan(rule, qualifier, what)
    series = monitor.read(daily, rule, what)
    found = monitor.unusual(series, rule.catalog, length)
    if whose_changed:
        found = yield from shifted.steps(series, found, rule, partial(_as_of_eve, asked, among=SegmentRule(node=AllOf())), qualifier)
    counted_of = found[: 2 * monitor.MOST_EPISODES]
    segments = [asked.validated(SegmentRule(node=one.node(rule.rule.node)), rule.as_of) for one in counted_of]
    counted = yield overlap.plan(segments, qualifier) if segments else ()
    customers = overlap.read(counted, len(segments)) if segments else None
    many = monitor.of_many(customers.counts if customers else ())
    places = many[: monitor.MOST_EPISODES]
    told, opened = [counted_of[place] for place in places], [segments[place] for place in places]
    moves = [
        monitor.move(
            one, rule, part, *(_as_of_eve(asked, first, SegmentRule(node=AllOf())) for first in (one.window.first, one.earlier.start))
        )
        for one, part in zip(told, opened, strict=True)
    ]
    whose = yield from drivers.steps(moves, qualifier)
    queries = {records.code: table.query for records, table in zip(monitor.looked_at(rule, what), daily, strict=True)}
    episodes = tuple(
        monitor.episode(
            one, part, customers.counts[place], customers.query, drivers_of, queries[one.series.place.records.code], move.eve.snapshot
        )
        for place, one, part, drivers_of, move in zip(places, told, opened, whose, moves, strict=True)
        if customers is not None and (drivers_of.drivers or not one.shifted)
    )
    more = len(many) - len(told) + len(found) - len(counted_of)
    own, apart = monitor.set_apart(rule, what)
    beyond = what.since if what.since is not None and what.since < days[0] else None
    return Monitor(
        episodes,
        *days,
        len(series),
        more,
        apart,
        own,
        monitor.places(rule, what),
        beyond,
        whose_changed,
        through=monitor.by_kin(rule, what),
    )


def _why_changed(asked: Asked) -> Steps:
    """Why there was more or less of something: where no days were said those on which it stood out of what was usual, the way it is said to have gone; else the
    comparison."""
    if asked.request.detail == "lately":
        found = yield from _stood_out(asked)
        if found is not None:
            return found
    return (yield from _compare(asked))


def _stood_out(asked: Asked) -> Generator[Sequence[Query], Sequence[Table], Monitor | None]:
    """The latest days on which the behaviour of a segment stood out, of the customers that the rest of its rule says; None where none did or that cannot be looked at."""
    did = behaviour(asked.rule)
    among = None if did is None else _passing(asked, did.among.node)
    looked_at = None if did is None else monitor.said(did.did)
    if did is None or among is None or looked_at is None:
        return None
    request = Request("monitor", looked_at, detail=f"{did.span.start}..{did.span.end}")
    found = yield from _monitor(replace(asked, rule=among, request=request))
    if not isinstance(found, Monitor):
        return None
    way = asked.request.claimed
    told = tuple(one for one in found.episodes if not way or one.unusual.rise == (way == "up"))
    return replace(found, episodes=told) if told else None


def _as_of_eve(asked: Asked, first: date, among: SegmentRule) -> ValidatedRule:
    """A rule at the last snapshot before a day, or at the first of all; as it is now where a tag of it does not go back that far."""
    try:
        return asked.validated(among, drivers.eve(first, asked.snapshots))
    except UserError:
        return asked.validated(among, asked.rule.as_of)


def _hypothesis(asked: Asked) -> Steps:
    if asked.request.node is None:
        raise Fault("hypothesis_unsaid")
    guess = asked.validated(SegmentRule(node=asked.request.node), asked.rule.as_of)
    usual = _baseline(asked)
    holders = _holders(asked.rule, guess, usual)
    against = None if holders is None else _passing(asked, holders.node)
    baseline = usual if against is None else persona.Baseline("eligible", against, eligible=holders)
    found: Hypothesis = yield from hypothesis.steps(asked.rule, guess, hypothesis.claimed(asked.request.detail), asked.qualifier, baseline)
    return found


def _holders(rule: ValidatedRule, guess: ValidatedRule, usual: persona.Baseline) -> Eligible | None:
    """Who has what a guess is about, where a rule asks for having it and the guess for what kind: of all mortgages, not of all customers, some have a floating rate."""
    held, own = among_holders(rule), own_tags(guess)
    if not own or not held.issuperset(tag.code for tag in own):
        return None
    flags = dict.fromkeys(tag.held_by for tag in own if tag.held_by is not None)
    having = [TagCondition(tag=flag, operator="=", value=True) for flag in flags]
    could = [] if usual.eligible is None else [usual.eligible.node]
    return Eligible(AllOf(children=(*having, *could)), "exposed")


def _at_values(asked: Asked) -> Steps:
    """The one number of a tag in the rule, at each of the values asked for."""
    own = [one for one in thresholds(asked.rule) if isinstance(one.node, TagCondition) and one.node.tag == asked.request.code]
    if len(own) != 1:
        raise Fault("threshold_unfit", tag=asked.request.code)
    values = tuple(map(Decimal, asked.request.detail.split()))
    found: Sizing = yield from sizing.steps_at(asked.rule, own[0], values, asked.count.n, partial(_passes, asked), asked.qualifier)
    return found


def _sizing(asked: Asked) -> Steps:
    """By the numbers of the rule; by one of another tag where that is asked for, or where the rule has none and fewer are wanted. More than there are can only
    come of a number the rule has."""
    wanted = sizing.target(asked.request.detail, asked.count.n)
    numbers = thresholds(asked.rule)
    tag = asked.request.code or asked.rule.catalog.header.value_tag
    fewer = wanted.high is not None and wanted.high < asked.count.n
    own = any(isinstance(one.node, TagCondition) and one.node.tag == tag for one in numbers)
    apart = wanted.aim <= asked.count.n or not own if asked.request.code else fewer and not numbers
    cut = sizing.cut_by(asked.rule, tag, partial(_passed, asked)) if tag and apart else None
    found: Sizing = yield from sizing.steps(asked.rule, wanted, asked.count.n, partial(_passes, asked), asked.qualifier, cut)
    return found


def _passes(asked: Asked, rule: SegmentRule) -> bool:
    return _passed(asked, rule) is not None


def _passed(asked: Asked, rule: SegmentRule) -> ValidatedRule | None:
    try:
        return asked.validated(rule, asked.rule.as_of)
    except UserError:
        return None


def _why_in(asked: Asked) -> Steps:
    found: WhyIn = yield from why.steps(asked.rule, int(asked.request.detail), partial(_passed, asked), asked.qualifier)
    return found


def _reach(asked: Asked) -> Steps:
    catalog = asked.rule.catalog
    strategy = catalog.strategies[asked.request.code]
    whose = [asked.validated(SegmentRule(node=one.node), asked.rule.as_of) for one in reach.reasons(strategy, catalog)]
    found: Reach = yield from reach.steps(asked.rule, strategy, values_of(asked.request), whose, asked.qualifier)
    return found


REQUESTED: Mapping[RequestKind, Callable[[Asked], Steps]] = {
    "apply_strategy": _reach,
    "at_values": _at_values,
    "breakdown": _breakdown,
    "compare": _compare,
    "compare_before": _contrast,
    "compare_segments": _contrast,
    "grid": _grid,
    "hypothesis": _hypothesis,
    "metric": _metric,
    "metric_then": _metric_then,
    "migration": _migration,
    "monitor": _monitor,
    "persona": _persona,
    "size": _sizing,
    "why_in": _why_in,
    "why_changed": _why_changed,
}


def relaxing(asked: Asked) -> Steps:
    """What an empty segment is told though nobody asked: which number to relax, and what that would give."""
    found: Sizing = yield from sizing.steps(asked.rule, None, asked.count.n, partial(_passes, asked), asked.qualifier)
    return found


def those(findings: Sequence[Finding], kind: type[OneKind]) -> tuple[OneKind, ...]:
    """The findings of one kind, in their order."""
    return tuple(one for one in findings if isinstance(one, kind))
