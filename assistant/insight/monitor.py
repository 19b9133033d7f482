"""What is going on: behaviour that lately departs from what its own past and last year's season lead one to expect, and whose it is. Law: a series is judged
by its own errors, all series tried share one false discovery rate, and what the rule itself picks customers by is not looked at; nothing is where it picks them
by a date among the days compared, or by a change within them (`selection.py`).

Series: for every dated record set the customers a day, in all, by each value of each coded property and each branch. Expectation and scan are those of
`expected.py`, what explains a finding is in `drivers.py`. Of the series of one set the finding is told where it happened: a property's values when the set without
them is as usual, else the set as a whole. What may be data rather than customers is said so: see `Doubt`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet, Tag
from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.definition import among_holders, declared, kin, picked_by, spoken
from assistant.insight.drivers import Driver, Drivers, Move, Newly
from assistant.insight.expected import LONGEST, Forecast, Judged, forecast, judge, moves, own_rhythm, rhythm, scan
from assistant.insight.mix import LATELY
from assistant.insight.persona import FALSE_DISCOVERIES
from assistant.insight.selection import made_by
from assistant.insight.statistics import false_discovery_rates
from assistant.policy import PERSONA_CELL
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode, Filter, RecordCondition, SegmentRule, TagCondition
from assistant.rule.window import Absolute, DateSpan
from assistant.sql import activity
from assistant.sql.buckets import NO_VALUE
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

MOST_EPISODES = 6
LEAST_CUSTOMERS = PERSONA_CELL.min_cell
"""Customers behind a finding: fewer are persons, not an event of the bank, as they are no trait of a persona."""
MOST_OF_A_SET = 3
LEAST_RATIO = 1.2
"""How many times as many, or as few, are worth telling."""
LEAST_EXCESS = 20
"""Customer days more or fewer than expected that are worth telling."""
BEFORE_DAYS = 56
SHOWN_DAYS = 60
_LEAST_MEAN = 0.7
_STOPPED = 0.15
_SILENT = 20.0
_DEFINED_DAYS = 60

Doubt = Literal["stopped", "gap", "moved", "redefined"]
"""Why a finding may be data and not customers. stopped: hardly a record any more; gap: days without any record where many are usual; moved: another unit of the same
property went the other way at the same time by about as much; redefined: the catalog's definition took effect about then."""


Key = tuple[str, str, str]
"""Codes of record set and property or tag ("" for the set in all), and the value."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is counted: a record set, in all (`by` None) or one value of a property or of the organisation tag (a branch)."""

    records: RecordSet
    by: Property | Tag | None = None
    value: str = ""

    @property
    def key(self) -> Key:
        return self.records.code, "" if self.by is None else self.by.code, self.value

    @property
    def filters(self) -> tuple[Filter, ...]:
        if not isinstance(self.by, Property):
            return ()
        if self.by.type == "flag":
            return (Filter(property=self.by.code, operator="=", value=self.value == "true"),)
        return (Filter(property=self.by.code, operator="in", value=(self.value,)),)

    @property
    def branches(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.by, Tag) else ()


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both in."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Series:
    """A place, day by day, against its forecast."""

    place: Place
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Unusual:
    """A series with its most unusual window, and the q-value of it."""

    series: Series
    window: Judged
    q: float
    doubts: tuple[Doubt, ...] = ()
    shifted: tuple[Driver, ...] = ()
    """Not the count but whose it is: the traits whose part of the days has grown, strongest first (see `mix.py`)."""

    @property
    def rise(self) -> bool:
        """Whether there was more of it; of a shift there was: from those who came."""
        return bool(self.shifted) or self.window.count > self.window.expected

    @property
    def earlier(self) -> Period:
        """The weeks before the window, with which its days are compared."""
        return Period(self.window.first - timedelta(days=BEFORE_DAYS), self.window.first - timedelta(days=1))

    @property
    def distance(self) -> float:
        """How far from expectation, on the scale on which a count varies alike whatever its size (square root); of a shift the count of its strongest trait."""
        if self.shifted:
            count, strongest = self.window.count, self.shifted[0]
            return math.sqrt(count * strongest.share) - math.sqrt(count * strongest.share_before)
        return abs(math.sqrt(self.window.count) - math.sqrt(self.window.expected))

    def order(self) -> tuple[bool, float]:
        """What customers do before what happens to them, the most unusual first."""
        return self.series.place.records.exposure is None, -self.distance

    def node(self, among: AnyNode) -> AnyNode:
        """The segment it opens as: who did it in the window; for a fall who did it in the weeks before and not in the window."""
        place, window = self.series.place, self.window
        tag = place.by
        branch = [TagCondition(tag=tag.code, operator="in", value=(place.value,))] if isinstance(tag, Tag) else []
        inside = Absolute(start=window.first, end=window.last)
        if self.rise:
            done = [RecordCondition(records=place.records.code, filters=place.filters, window=inside)]
        else:
            earlier = Absolute(start=self.earlier.start, end=self.earlier.end)
            done = [
                RecordCondition(records=place.records.code, filters=place.filters, window=earlier),
                RecordCondition(records=place.records.code, filters=place.filters, window=inside, operator="=", value=Decimal(0)),
            ]
        kept = among.children if isinstance(among, AllOf) else (among,)
        parts = (*kept, *(one for one in branch if canonical(one) not in map(canonical, kept)), *done)
        return parts[0] if len(parts) == 1 else AllOf(children=parts)


@dataclass(frozen=True, slots=True)
class Episode:
    """One finding: what happened, the segment it opens as with its customers, and who drives it. `compared`: whether there were days before to compare with."""

    unusual: Unusual
    rule: SegmentRule
    customers: int
    drivers: tuple[Driver, ...]
    compared: bool
    query: str
    counted: str
    compared_by: str
    """Fingerprints of what counted its days, its customers, and whose days they are."""
    tags: date | None = None
    """The day of the tags by which the drivers' shares are counted."""
    newly: Newly | None = None
    """Those who had no tags that day."""
    tested: int = 0
    """How many traits were looked at for drivers."""

    @property
    def times(self) -> Decimal | None:
        """Count over expectation; None where next to nothing was expected."""
        window = self.unusual.window
        return Decimal(window.count) / Decimal(repr(window.expected)) if window.expected >= 1 else None


@dataclass(frozen=True, slots=True)
class Monitor:
    """The episodes, most unusual first; what customers do before what happens to them. `tried`: series looked at over the days `first` to `last`; `more`: findings
    beyond those told."""

    episodes: tuple[Episode, ...]
    first: date
    last: date
    tried: int
    more: int
    apart: int = 0
    """Record sets not looked at, since the rule picks its customers by them (`own`: the names of those it does so itself) or by what the same customers do."""
    own: tuple[RecordSet, ...] = ()
    only: tuple[Place, ...] = ()
    """What was looked at alone; nothing where everything was."""
    since: date | None = None
    """The first day asked about, where more days were than are looked at at once."""
    whose: bool = True
    """Whether it was looked at who came though the total hardly moved: of fewer days than `mix.LATELY` it is not."""
    made: tuple[AnyNode, ...] = ()
    """The conditions of the rule by which nothing could be looked at (see `selection.py`)."""
    through: tuple[Tag, ...] = ()
    """The rule's tags by which sets are not looked at that they do not count themselves."""

    def facts(self, sheet: FactSheet) -> None:
        """monitor.first, .last, .longest, .lately, .tried, .more, .apart, .since of days beyond those looked at; monitor.<i>.first, .last, .count, .expected, .low, .high (customer days), .times, .customers, .tested, .tags, .newly.share; of its drivers see
        `Driver.facts` with prefix monitor.<i>; monitor.<i>.<date>.count, .expected, .low, .high of the days shown."""
        sheet.given("monitor.first", self.first, "date")
        sheet.given("monitor.last", self.last, "date")
        sheet.given("monitor.longest", LONGEST, "number")
        sheet.given("monitor.lately", LATELY, "number")
        sheet.given("monitor.tried", self.tried, "number")
        sheet.given("monitor.more", self.more, "number")
        sheet.given("monitor.apart", self.apart, "number")
        if self.since is not None:
            sheet.given("monitor.since", self.since, "date")
        for place, one in enumerate(self.episodes):
            name, window, query = f"monitor.{place}", one.unusual.window, one.query
            sheet.given(f"{name}.first", window.first, "date")
            sheet.given(f"{name}.last", window.last, "date")
            sheet.given(f"{name}.tested", one.tested, "number")
            sheet.measured(f"{name}.customers", one.customers, "customers", one.counted)
            sheet.measured(f"{name}.count", window.count, "number", query, window.count)
            for end in ("expected", "low", "high"):
                sheet.measured(f"{name}.{end}", _rounded(getattr(window, end)), "number", query, window.count)
            sheet.measured(f"{name}.times", one.times, "ratio", query, window.count)
            if one.tags is not None:
                sheet.given(f"{name}.tags", one.tags, "date")
            if one.newly is not None:
                one.newly.facts(sheet, name)
            for driver in one.drivers:
                driver.facts(sheet, name, one.compared_by)
            for day in shown_days(one):
                _day_facts(sheet, f"{name}.{day.isoformat()}", one.unusual.series.forecast, day, query)


def _day_facts(sheet: FactSheet, name: str, series: Forecast, day: date, query: str) -> None:
    count = series.counts[series.place(day)]
    sheet.measured(f"{name}.count", count, "number", query, count)
    one = judge(series, day, day)
    if one is not None:
        for end in ("expected", "low", "high"):
            sheet.measured(f"{name}.{end}", _rounded(getattr(one, end)), "number", query)


def _rounded(value: float) -> Decimal:
    return Decimal(repr(round(value, 1)))


def shown_days(episode: Episode) -> tuple[date, ...]:
    """The days a picture shows: the last ones up to as_of."""
    series = episode.unusual.series.forecast
    shown = min(SHOWN_DAYS, len(series.counts))
    return tuple(series.last - timedelta(days=back) for back in reversed(range(shown)))


# --- series -------------------------------------------------------------------------------------------------------------------------------------


def watched(catalog: TagCatalog) -> tuple[RecordSet, ...]:
    """The record sets with days that have passed: events and daily sums."""
    return tuple(one for one in catalog.records.values() if one.status == "online" and one.date_column is not None and one.tense == "past")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at: `only` these series (nothing: all; a set in all with an empty property, or one value of one), from the day `since` (None: `LONGEST` days in
    all) up to the day `until` (None: the data date)."""

    only: frozenset[Key] = frozenset()
    until: date | None = None
    since: date | None = None

    def takes(self, key: Key) -> bool:
        """Whether a series is among those looked at: of a set named in all each of its series is."""
        return not self.only or key in self.only or (key[0], "", "") in self.only

    def last(self, rule: ValidatedRule) -> date:
        return self.until or rule.as_of

    def length(self, rule: ValidatedRule) -> int:
        """How many days are judged: those asked about, `LONGEST` at most."""
        return LONGEST if self.since is None else min(LONGEST, (self.last(rule) - self.since).days + 1)


ALL = Asked()


def asked(code: str, days: str) -> Asked:
    """From a request's code, record sets, or set/property/value, with blanks between; and its days, "first..last", or none."""
    parts = (one.split("/") for one in code.split())
    first, last = (date.fromisoformat(day) for day in days.split("..")) if days else (None, None)
    return Asked(frozenset((one[0], one[1], one[2]) if len(one) > 1 else (one[0], "", "") for one in parts), last, first)


def said(done: RecordCondition) -> str | None:
    """What a condition counts as a request's code (see `asked`); None where it is not one record set, or some values of one property of it."""
    if not done.filters:
        return done.records
    (one, *more) = done.filters
    values = (one.value if isinstance(one.value, tuple) else ()) if one.operator == "in" else ()
    if more or not values:
        return None
    return " ".join(f"{done.records}/{one.property}/{value}" for value in values)


def looked_at(rule: ValidatedRule, asked: Asked = ALL) -> tuple[RecordSet, ...]:
    """The sets of `watched` that are asked about whose course the rule does not make itself: who is picked for having done something did it more than before."""
    _, apart = picked_by(rule)
    return tuple(one for one in named(rule, asked) if one.code not in apart)


def named(rule: ValidatedRule, asked: Asked) -> tuple[RecordSet, ...]:
    """The sets of `watched` that are asked about and may be used."""
    sets = {code for code, _, _ in asked.only}
    return tuple(one for one in watched(rule.catalog) if rule.usable(one) and (not sets or one.code in sets))


def set_apart(rule: ValidatedRule, asked: Asked = ALL) -> tuple[tuple[RecordSet, ...], int]:
    """Of the sets asked about those the rule picks by itself, and how many are not looked at in all."""
    own, apart = picked_by(rule)
    sets = named(rule, asked)
    return tuple(one for one in sets if one.code in own), sum(one.code in apart for one in sets)


def by_kin(rule: ValidatedRule, asked: Asked = ALL) -> tuple[Tag, ...]:
    """The tags of the rule that count no set asked about themselves, but nearly determine a tag that does, or the other way round: in the order of the rule."""
    sets, tags = {one.code for one in named(rule, asked)}, rule.catalog.tags
    spoken_of = (tags[code] for code in spoken(rule))
    return tuple(
        tag
        for tag in spoken_of
        if tag.roll_up_of not in sets and any(code in tags and tags[code].roll_up_of in sets for code in kin(rule.catalog, tag.code))
    )


def incomparable(rule: ValidatedRule, asked: Asked = ALL) -> tuple[AnyNode, ...]:
    """The conditions by which the days that are judged, or the weeks before them, are no measure of each other."""
    first, last = judged_days(rule, asked)
    return made_by(rule, first - timedelta(days=BEFORE_DAYS), last)


def places(rule: ValidatedRule, asked: Asked) -> tuple[Place, ...]:
    """What is looked at alone, as what it is counted by."""
    found = []
    for code, by, value in sorted(asked.only):
        records = rule.catalog.records[code]
        found.append(Place(records, next((item for item in records.properties if item.code == by), None), value))
    return tuple(found)


def dimensions(records: RecordSet, catalog: TagCatalog) -> tuple[Property | Tag, ...]:
    """What a record set is split by: its flags and listed codes, and the customer's branch."""
    coded = tuple(one for one in records.properties if one.type == "flag" or (one.type == "enum" and catalog.values(one)))
    return (*coded, catalog.tags[catalog.header.organisation_tag])


def history_from(records: RecordSet, catalog: TagCatalog) -> date:
    """The first day whose records are complete."""
    return records.history_from or catalog.header.history_from


def judged_days(rule: ValidatedRule, asked: Asked = ALL) -> tuple[date, date]:
    """The first and last of the days that are judged."""
    return asked.last(rule) - timedelta(days=asked.length(rule) - 1), asked.last(rule)


def plan(rule: ValidatedRule, qualifier: tuple[str, ...], asked: Asked = ALL) -> tuple[Query, ...]:
    """One query a record set of `looked_at`, over all of its history up to the last day."""
    return tuple(
        activity.daily(
            rule, one.code, dimensions(one, rule.catalog), qualifier, DateSpan(history_from(one, rule.catalog), asked.last(rule))
        )
        for one in looked_at(rule, asked)
    )


def read(tables: Sequence[Table], rule: ValidatedRule, asked: Asked = ALL) -> dict[Key, Series]:
    """The series worth judging, from the tables of `plan`: those with enough customers either lately or in the weeks before."""
    found: dict[Key, Series] = {}
    moved = moves(rule.catalog.calendar)
    for records, table in zip(looked_at(rule, asked), tables, strict=True):
        start = history_from(records, rule.catalog)
        if start > asked.last(rule):
            continue
        counts = _counts(table, records, rule, start, asked.last(rule))
        if Place(records).key not in counts:
            continue
        factors = rhythm(counts[Place(records).key][1], start, rule.catalog.calendar)
        for key, (place, days) in counts.items():
            level = sum(days[-LONGEST - BEFORE_DAYS : -LONGEST]) / BEFORE_DAYS
            if asked.takes(key) and max(level, sum(days[-LONGEST:]) / LONGEST) >= _LEAST_MEAN:
                rhythm_of = factors if place.by is None else own_rhythm(days, start, factors)
                found[key] = Series(place, forecast(days, start, rhythm_of, moved))
    return found


def _counts(table: Table, records: RecordSet, rule: ValidatedRule, start: date, last: date) -> dict[Key, tuple[Place, list[int]]]:
    by = dimensions(records, rule.catalog)
    length = (last - start).days + 1
    found: dict[Key, tuple[Place, list[int]]] = {}
    days_of: dict[tuple[int, Cell], list[int] | None] = {}
    for day, *values, n in table.rows:
        if not isinstance(day, date):
            raise ValueError(f"not a day: {day!r}")
        position = next((position for position, value in enumerate(values) if value is not None), -1)
        value = None if position < 0 else values[position]
        if (position, value) not in days_of:
            place = Place(records) if value is None else Place(records, by[position], str(value))
            told = place.by is None or place.value != NO_VALUE
            days_of[position, value] = found.setdefault(place.key, (place, [0] * length))[1] if told else None
        days = days_of[position, value]
        if days is not None:
            days[(day - start).days] = whole(n)
    return found


# --- findings -------------------------------------------------------------------------------------------------------------------------------------


def unusual(series: Mapping[Key, Series], catalog: TagCatalog, length: int = LONGEST) -> tuple[Unusual, ...]:
    """What departs from expectation in the last `length` days, most unusual first: Benjamini-Hochberg over all series, told once a record set and direction, where it
    happened."""
    scanned = [(one, found) for one in series.values() if (found := scan(one.forecast, length)) is not None]
    qs = false_discovery_rates([found.p for _, found in scanned])
    telling: dict[tuple[str, bool], dict[Key, Unusual]] = defaultdict(dict)
    for (one, found), q in zip(scanned, qs, strict=True):
        candidate = Unusual(one, found.window, q)
        if q <= FALSE_DISCOVERIES and _matters(found.window):
            telling[one.place.records.code, candidate.rise][one.place.key] = candidate
    told = [one for group in telling.values() for one in _localised(group, series)]
    gaps = list(_gaps(series, length))
    told = [one for one in told if not any(_is_of(one, gap) for gap in gaps)]
    told += [gap for gap in gaps if not any(_covers(one, gap) for one in told)]
    everything = [one for group in telling.values() for one in group.values()]
    doubted = [_doubted(one, everything, catalog) for one in told]
    return tuple(sorted(doubted, key=Unusual.order))


def _matters(window: Judged) -> bool:
    mean = max(window.expected, 0.1)
    ratio = max(window.count, 0.1) / mean
    return max(ratio, 1 / ratio) >= LEAST_RATIO and abs(window.count - mean) >= LEAST_EXCESS


def _localised(group: Mapping[Key, Unusual], series: Mapping[Key, Series]) -> Iterator[Unusual]:
    """Of what is unusual in one record set and direction: the values of the property that accounts for it, or the set as a whole."""
    parent = next((one for (_, by, _), one in group.items() if not by), None)
    by_property: dict[str, list[Unusual]] = defaultdict(list)
    for (_, by, _), one in group.items():
        if by:
            by_property[by].append(one)
    ordered = sorted(by_property.values(), key=lambda found: -max(one.distance for one in found))
    for found in ordered:
        if parent is None or _accounts(found, parent):
            yield from sorted(found, key=lambda one: -one.distance)[:MOST_OF_A_SET]
            return
    if parent is not None:
        yield parent


def _accounts(values: Iterable[Unusual], parent: Unusual) -> bool:
    """Whether the set without these values is as usual in the parent's window: less than half as far off, on a log scale."""
    window = parent.window
    parts = [judge(one.series.forecast, window.first, window.last) for one in values]
    left = window.count - sum(one.count for one in parts if one is not None)
    usual = window.expected - sum(one.expected for one in parts if one is not None)
    if left < LEAST_EXCESS or usual < LEAST_EXCESS:
        return len(parts) == 1
    return abs(math.log(left / usual)) <= abs(math.log(max(window.count, 0.5) / window.expected)) / 2


def _gaps(series: Mapping[Key, Series], length: int) -> Iterator[Unusual]:
    """Days without any record of a set, in the last `length`, where many are usual: the longest run."""
    for (_, by, _), one in series.items():
        if by:
            continue
        recent = [one.forecast.last - timedelta(days=back) for back in reversed(range(length))]
        run: list[date] = []
        longest: list[date] = []
        for day in recent:
            judged = judge(one.forecast, day, day)
            run = [*run, day] if judged is not None and not judged.count and judged.expected >= _SILENT and judged.p < 1e-4 else []
            longest = max(longest, run, key=len)
        found = judge(one.forecast, longest[0], longest[-1]) if longest else None
        if found is not None:
            yield Unusual(one, found, 0.0, ("gap",))


def _covers(one: Unusual, gap: Unusual) -> bool:
    same = one.series.place.records.code == gap.series.place.records.code
    return same and not one.rise and one.window.first <= gap.window.first and gap.window.last <= one.window.last


def _is_of(one: Unusual, gap: Unusual) -> bool:
    """Whether a fall is for the most part the gap inside its window."""
    if one.rise or one.series.place.records.code != gap.series.place.records.code:
        return False
    first, last = max(one.window.first, gap.window.first), min(one.window.last, gap.window.last)
    lost = judge(one.series.forecast, first, last) if first <= last else None
    return lost is not None and lost.expected - lost.count >= (one.window.expected - one.window.count) / 2


def _doubted(one: Unusual, everything: Sequence[Unusual], catalog: TagCatalog) -> Unusual:
    """The finding with what speaks for the data being at fault."""
    doubts: list[Doubt] = list(one.doubts)
    place, window = one.series.place, one.window
    if not doubts and not one.rise and window.count <= _STOPPED * window.expected and window.expected >= _SILENT:
        doubts.append("stopped")
    if place.by is not None and place.by.values_from == "organisation" and any(_swapped(one, other) for other in everything):
        doubts.append("moved")
    since = [place.records.effective_from, place.by.effective_from if isinstance(place.by, Tag) else None]
    if any(day is not None and abs((day - window.first).days) <= _DEFINED_DAYS for day in since):
        doubts.append("redefined")
    return Unusual(one.series, window, one.q, tuple(doubts))


def _swapped(one: Unusual, other: Unusual) -> bool:
    """Whether what one unit lost another found: same set and property, opposite ways, overlapping days, about as much."""
    a, b = one.series.place, other.series.place
    if (*a.key[:2], one.rise) != (*b.key[:2], not other.rise):
        return False
    overlaps = one.window.first <= other.window.last and other.window.first <= one.window.last
    mine, theirs = (abs(each.window.count - each.window.expected) / each.window.days for each in (one, other))
    return overlaps and 0.5 <= mine / theirs <= 2


# --- what opens ---------------------------------------------------------------------------------------------------------------------------------


def move(one: Unusual, members: ValidatedRule, opened: ValidatedRule, eve: ValidatedRule, before: ValidatedRule) -> Move:
    """What a finding is explained by: its window against the weeks before, among the `members` whose days were counted. `opened`: its segment; `eve` and `before`: any
    rule validated before the window and before those weeks, at whose dates tags are read."""
    window, place = one.window, one.series.place
    earlier, later = DateSpan(one.earlier.start, one.earlier.end), DateSpan(window.first, window.last)
    held = among_holders(members)
    fixed = given(one, opened, held)
    return Move(place.records.code, place.filters, place.branches, earlier, later, eve, before, fixed, one.rise, members, held=held)


def given(one: Unusual, opened: ValidatedRule, held: frozenset[str] = frozenset()) -> frozenset[str]:
    """The tags that do not explain a finding: those that what happened speaks of but for those that tell holders from each other (`held`), and of a shift all but those
    that have shifted and their kin."""
    catalog, shifted = opened.catalog, {trait.tag for trait in one.shifted}
    if not shifted:
        return declared(opened) - held
    akin = shifted.union(*(kin(catalog, code) for code in shifted), (tag.code for tag in catalog.tags.values() if tag.held_by in shifted))
    return declared(opened) | (frozenset(catalog.tags) - akin)


def of_many(customers: Sequence[int]) -> tuple[int, ...]:
    """The places of the findings that enough customers are behind, by how many each has."""
    return tuple(place for place, n in enumerate(customers) if n >= LEAST_CUSTOMERS)


def episode(one: Unusual, opened: ValidatedRule, customers: int, counted: str, whose: Drivers, query: str, tags: date) -> Episode:
    """A finding with its segment (`opened`, counted by the query of fingerprint `counted`) and its drivers, by their tags of a day. `query`: the fingerprint of what
    counted its days."""
    return Episode(one, opened.rule, customers, whose.drivers, whose.compared, query, counted, whose.query, tags, whose.newly, whose.tested)
