"""Of the monitor's series those whose customers are others than usual, as findings beside its rises and falls. Law: told once a record set, where it is plainest, and
not of what has risen there anyway.

The test is that of `mix.py`. Looked at is what customers do themselves, in all and by each value (a branch is not done), where enough of them did it lately.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property
from assistant.insight import mix
from assistant.insight.definition import declared, fixed_by
from assistant.insight.drivers import Driver
from assistant.insight.expected import Forecast, judge
from assistant.insight.mix import Days
from assistant.insight.monitor import Key, Series, Unusual, history_from
from assistant.rule.tree import RecordCondition
from assistant.rule.window import DateSpan
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

AsOf = Callable[[date], ValidatedRule]
"""A rule of everybody, with tags as they were at the eve of a day."""


def steps(
    series: Mapping[Key, Series], told: Sequence[Unusual], members: ValidatedRule, as_of: AsOf, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[Unusual, ...]]:
    """What the monitor `told` of the series of a segment, and what has shifted besides, most unusual first."""
    if not series:
        return tuple(told)
    last = max(one.forecast.last for one in series.values())
    now = _days(last, 0, as_of)
    looked_at = [one for one in series.values() if _looked_at(one, now)]
    if not looked_at:
        return tuple(told)
    catalog = members.catalog
    done = [
        mix.thing(
            number,
            one.place.records.code,
            one.place.by if isinstance(one.place.by, Property) else None,
            one.place.value,
            _counted(one, now),
        )
        for number, one in enumerate(looked_at)
    ]
    fixed = {code: fixed_by(RecordCondition(records=code), catalog) for code in {one.records for one in done}}
    own = declared(members)
    last_year = _days(last, mix.YEAR, as_of) if _has_year(looked_at, now, catalog) else None
    found = yield from mix.steps(done, [fixed[one.records] | own for one in done], now, last_year, members, qualifier)
    shifted = [one for each, traits in zip(looked_at, found, strict=True) if traits and (one := _unusual(each, traits, now)) is not None]
    best: dict[str, Unusual] = {}
    for one in sorted(shifted, key=lambda one: -one.distance):
        best.setdefault(one.series.place.records.code, one)
    more = [one for one in best.values() if not any(_risen(one, other) for other in told)]
    return tuple(sorted((*told, *more), key=Unusual.order))


def _days(last: date, back: int, as_of: AsOf) -> Days:
    """The days compared, or those of so many days before."""
    later, *earlier = (_back(span, back) for span in mix.spans(last))
    first, earliest = later.start, min(span.start for span in earlier if span.start is not None)
    if first is None:
        raise ValueError("an open span")
    return Days(later, tuple(earlier), as_of(first), as_of(earliest))


def _back(span: DateSpan, days: int) -> DateSpan:
    back = timedelta(days=days)
    return DateSpan(None if span.start is None else span.start - back, None if span.end is None else span.end - back)


def _looked_at(one: Series, now: Days) -> bool:
    records = one.place.records
    own = records.exposure is not None and (one.place.by is None or isinstance(one.place.by, Property))
    return own and _sum(one.forecast, now.later) >= mix.LEAST_DAYS and all(_sum(one.forecast, span) for span in now.earlier)


def _counted(one: Series, now: Days) -> int:
    return sum(_sum(one.forecast, span) for span in (now.later, *now.earlier))


def _sum(series: Forecast, span: DateSpan) -> int:
    if span.start is None or span.end is None:
        raise ValueError("an open span")
    return sum(series.counts[max(0, series.place(span.start)) : max(0, series.place(span.end) + 1)])


def _has_year(looked_at: Sequence[Series], now: Days, catalog: TagCatalog) -> bool:
    """Whether the last days and the month before them lie within the records a year earlier."""
    start = now.earlier[0].start
    return start is not None and all(start - timedelta(days=mix.YEAR) >= history_from(one.place.records, catalog) for one in looked_at)


def _unusual(one: Series, traits: tuple[Driver, ...], now: Days) -> Unusual | None:
    first, last = now.later.start, now.later.end
    window = None if first is None or last is None else judge(one.forecast, first, last)
    return None if window is None else Unusual(one, window, min(trait.q for trait in traits), shifted=traits)


def _risen(one: Unusual, other: Unusual) -> bool:
    """Whether the same thing is told to have risen in some of the same days."""
    same = one.series.place.key == other.series.place.key and other.rise
    return same and one.window.first <= other.window.last and other.window.first <= one.window.last
