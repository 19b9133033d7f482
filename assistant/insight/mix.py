"""Who came though the total hardly moved: behaviour that other customers than usual do. Law: a season, a pay-day and what the days themselves sort into a tag is
nobody's story.

Three times as many visits by one customer in eight lift the total by a quarter, which a total shows poorly and its parts show well. Compared are the last `LATELY` days
with the same days of the `MONTHS` months before, so that pay-days and month ends stand against their like: of every record set of customers' own behaviour, in all and by
each value, whose days they are, by every tag (all in one statement, `sql/mix.py`). Effect, interval and test are those of `drivers.py`, with one false discovery rate
(Benjamini and Hochberg 1995) over every split of every tag of everything looked at, in which whatever is not found again counts as p = 1:
- by the tags as they were before all of these days, whose p counts where it is the larger one (`drivers.as_before`);
- and beyond what it was a year earlier: by more than both uncertainties allow, and at least half as far again (difference in differences: Card and Krueger 1994).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, Tag
from assistant.insight import drivers
from assistant.insight.breakdown import cut_points
from assistant.insight.count import whole
from assistant.insight.drivers import LEAST_CUSTOMERS, Cells, Driver, Moments
from assistant.insight.persona import FALSE_DISCOVERIES, usable_tags
from assistant.insight.spread import bucket_of
from assistant.insight.statistics import rates_among
from assistant.insight.traits import Split
from assistant.policy import PERSONA_CELL
from assistant.rule.window import DateSpan, shift
from assistant.sql import mix
from assistant.sql.mix import Did
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

LATELY = 14
MONTHS = 2
LEAST_DAYS = 200
"""Customer days lately from which something is looked at: of fewer no part says anything among so many looked at."""
LEAST_GROWTH = 1.2
"""How many times as many days as in one of the months before: the part of some grows as well where the others stay away."""
ENOUGH_DAYS = 6000
"""Customer days, lately and before, from which only one customer in so many is counted."""
YEAR = 364
_MOST_ONE_IN = 1024


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are compared, and the rules (of anybody) at whose dates tags are read: at the eve of the last days, and of all of them."""

    later: DateSpan
    earlier: tuple[DateSpan, ...]
    eve: ValidatedRule
    before: ValidatedRule


def spans(last: date) -> tuple[DateSpan, ...]:
    """The last days up to one, then the same days of each of the months before."""
    starts = [shift(last - timedelta(days=LATELY - 1), "month", -month) for month in range(MONTHS + 1)]
    return tuple(DateSpan(first, first + timedelta(days=LATELY - 1)) for first in starts)


def one_in(days: float) -> int:
    """Of how many customers one is enough where so many days are to be counted: a power of two."""
    found = 1
    while found < _MOST_ONE_IN and days / (2 * found) >= ENOUGH_DAYS:
        found *= 2
    return found


def steps(
    done: Sequence[Did], given: Sequence[frozenset[str]], now: Days, year: Days | None, members: ValidatedRule, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[tuple[Driver, ...], ...]]:
    """For each thing done the traits whose part of its days has grown, strongest first. `given`: for each the tags that it speaks of; `year`: the days of a year
    earlier, None where the records do not go back so far; `members`: whose days are counted."""
    catalog = members.catalog
    (table,) = yield [_plan(done, _tags(now.eve), now, now.eve, members, qualifier)]
    found, tested = read(_cells(table, catalog, len(done)), catalog, given)
    told = [number for number, one in enumerate(found) if one]
    if not told:
        return found
    again = [done[number] for number in told]
    named = {one.tag for traits in found for one in traits}
    asked = [(now, now.before)] if year is None else [(now, now.before), (year, year.eve)]
    queries = [
        replace(_plan(again, [tag for tag in _tags(rule) if tag.code in named], days, rule, members, qualifier), purpose=f"mix_{number}")
        for number, (days, rule) in enumerate(asked, 1)
    ]
    earlier, *a_year_ago = yield queries
    borne = dict(zip(told, _by_number(_cells(earlier, catalog, len(done)), again), strict=True))
    kept = {number: drivers.as_before(found[number], borne[number], catalog, rise=True) for number in told}
    for one in a_year_ago:
        then = dict(zip(told, _by_number(_cells(one, catalog, len(done)), again), strict=True))
        kept = {number: tuple(trait for trait in kept[number] if lasts(trait, then[number].get(trait.tag, {}), catalog)) for number in told}
    rated = _rated([kept.get(number, ()) for number in range(len(done))], tested)
    return tuple(drivers.ranked(traits, catalog, rise=True) for traits in rated)


def _by_number(cells: Sequence[Cells], done: Sequence[Did]) -> list[Cells]:
    return [cells[one.number] for one in done]


def _tags(rule: ValidatedRule) -> list[Tag]:
    """The tags that tell who customers are and not what they do, or when; of those that nearly determine each other the plainest: what a kin of it has to add is told by
    the drivers of what is found."""
    kept: dict[str, Tag] = {}
    for tag in sorted(usable_tags(rule), key=lambda tag: tag.type != "flag"):
        told = tag.held_by in kept or any(code in kept for code in tag.derived_from)
        if not told and drivers.tells(tag) and tag.kind not in ("behaviour_distribution", "event_preference"):
            kept[tag.code] = tag
    return list(kept.values())


def _plan(
    done: Sequence[Did], tags: Sequence[Tag], days: Days, rule: ValidatedRule, members: ValidatedRule, qualifier: tuple[str, ...]
) -> Query:
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    return mix.mix(rule, done, tags, qualifier, cuts, days.earlier, days.later, members)


def _cells(table: Table, catalog: TagCatalog, things: int) -> list[Cells]:
    """By number of what was done: of each tag the moments by bucket."""
    found: list[dict[str, dict[str, Moments]]] = [defaultdict(lambda: defaultdict(Moments)) for _ in range(things)]

    @cache
    def sorted_as(code: str, cell: str | None) -> str | None:
        return bucket_of(catalog, catalog.tags[code], cell)

    for code, cell, did, *numbers in table.rows:
        bucket = sorted_as(str(code), None if cell is None else str(cell))
        if bucket is not None:
            found[whole(did)][str(code)][bucket] += Moments(*map(whole, numbers))
    return list(found)


def read(cells: Sequence[Cells], catalog: TagCatalog, given: Sequence[frozenset[str]]) -> tuple[tuple[tuple[Driver, ...], ...], int]:
    """For each thing done the splits of tags whose part has grown enough to be told, and beyond chance; and how many were tested of all."""

    @cache
    def splits_of(code: str, buckets: frozenset[str]) -> tuple[Split, ...]:
        return drivers.either_side(catalog.tags[code], catalog, buckets)

    tried: list[list[Driver]] = []
    looked_at = 0
    for of_tags, fixed in zip(cells, given, strict=True):
        grown: list[Driver] = []
        for code, buckets in of_tags.items():
            known = Moments.total(buckets.values())
            if code in fixed or min(known.n, known.n_before) < LEAST_CUSTOMERS:
                continue
            for split in splits_of(code, frozenset(buckets)):
                inside = [buckets[bucket] for bucket in split.inside]
                now, then = sum(one.days for one in inside) / known.days, sum(one.days_before for one in inside) / known.days_before
                looked_at += 1
                if drivers.matters(now, then):
                    own = Moments.total(inside)
                    came = own.days * MONTHS >= LEAST_GROWTH * own.days_before
                    if came and min(own.n_before, (known - own).n_before) >= PERSONA_CELL.min_cell:
                        grown.append(drivers.driver(code, split, own, known))
        tried.append(grown)
    rated = _rated(tried, looked_at)
    return tuple(tuple(one for one in grown if one.q <= FALSE_DISCOVERIES) for grown in rated), looked_at


def _rated(found: Sequence[Sequence[Driver]], tested: int) -> list[list[Driver]]:
    """The drivers of each thing with their q-values among so many tests of all."""
    rates = iter(rates_among([one.p for drivers in found for one in drivers], tested))
    return [[replace(one, q=next(rates)) for one in drivers] for drivers in found]


def lasts(one: Driver, then: Mapping[str, Moments], catalog: TagCatalog) -> bool:
    """Whether a trait's part grew more than it did between the same days of a year before."""
    known = Moments.total(then.values())
    if not known.days or not known.days_before:
        return True
    split = next((each for each in drivers.either_side(catalog.tags[one.tag], catalog, frozenset(then)) if each.bucket == one.bucket), None)
    if split is None:
        return True
    before = drivers.driver(one.tag, split, Moments.total(then[bucket] for bucket in split.inside), known)
    more = one.difference - before.difference
    return more >= drivers.Z * math.hypot(one.spread, before.spread) and more >= one.difference / 2


def thing(number: int, records: str, by: Property | None, value: str, days: float) -> Did:
    """What is looked at, counted of as many customers as its days need."""
    return Did(number, records, by, value, one_in(days))
