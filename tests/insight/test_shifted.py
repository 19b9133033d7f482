"""A shift is told once a record set, where it is plainest, and not where the same thing is told to have risen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy

from assistant.insight import monitor, shifted
from assistant.insight.expected import forecast, rhythm
from assistant.insight.monitor import Place, Series, Unusual
from assistant.rule.tree import AllOf
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import QUALIFIER, validated
from tests.insight.test_drivers import COLUMNS, table
from tests.narrate.catalog import AS_OF, CATALOG

EVERYONE = validated({"all": []})
RECORDS = CATALOG.records["zone_view"].model_copy(update={"exposure": {"tag": "app_flag", "value": True}})
ZONE = next(item for item in RECORDS.properties if item.code == "zone")
UNIT = CATALOG.tags["home_org"]
ALL, LOAN, FUND = Place(RECORDS), Place(RECORDS, ZONE, "loan"), Place(RECORDS, ZONE, "fund")
NAMES = ("tag", "bucket", "did", *COLUMNS[2:])


def series(place: Place, mean: float) -> Series:
    source = numpy.random.default_rng(3)
    start = AS_OF - timedelta(days=200)
    counts = [int(source.poisson(mean)) for _ in range(201)]
    return Series(place, forecast(counts, start, rhythm(counts, start, CATALOG.calendar)))


def as_of(first: date) -> ValidatedRule:
    eve = first - timedelta(days=1)
    return replace(EVERYONE, as_of=eve, snapshot=eve)


def answer(query: Query, times: Sequence[float]) -> Table:
    """The days of each thing done, of which mortgage holders do so many times as much lately, and did not a year ago."""
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(times if query.purpose != "mix_2" else [1.0] * len(times)):
        rows += [(*row[:2], number, *row[2:]) for row in table(number, 4.0 * one, 4.0).rows]
    return Table(NAMES, tuple(rows), "q")


def told(times: Sequence[float], *looked_at: Series, risen: Sequence[Unusual] = ()) -> tuple[Unusual, ...]:
    asked = shifted.steps({one.place.key: one for one in looked_at}, risen, EVERYONE, as_of, QUALIFIER)
    try:
        queries = next(asked)
        while True:
            queries = asked.send([answer(query, times) for query in queries])
    except StopIteration as end:
        return tuple(end.value)


def test_whose_part_has_grown_is_told_where_it_is_plainest() -> None:
    (one,) = told((1.0, 3.0, 1.0), series(ALL, 200), series(LOAN, 60), series(FUND, 60))
    assert one.series.place == LOAN
    assert [(trait.tag, trait.bucket) for trait in one.shifted] == [("mort_flag", "true")]
    assert one.rise
    assert (one.window.first, one.window.last) == (AS_OF - timedelta(days=13), AS_OF)
    assert one.window.low <= one.window.count <= one.window.high
    assert one.distance > 0


def test_it_is_explained_by_what_has_shifted_and_its_kin_alone() -> None:
    (one,) = told((3.0,), series(ALL, 200))
    given = monitor.given(one, validated(one.node(AllOf())))
    assert "mort_flag" not in given
    assert {"gender", "age"} <= given
    assert "gender" not in monitor.given(replace(one, shifted=()), validated(one.node(AllOf())))


def test_what_has_risen_there_is_not_told_again() -> None:
    (shift,) = told((3.0,), series(ALL, 200))
    window = replace(shift.window, count=2 * shift.window.count)
    risen, elsewhere = replace(shift, window=window, shifted=()), Unusual(series(LOAN, 60), window, 0.0)
    assert told((3.0,), series(ALL, 200), risen=[risen]) == (risen,)
    assert len(told((3.0,), series(ALL, 200), risen=[elsewhere])) == 2
    over = replace(risen, window=replace(window, first=AS_OF - timedelta(days=28), last=AS_OF - timedelta(days=20)))
    assert len(told((3.0,), series(ALL, 200), risen=[over])) == 2


def test_what_is_seldom_done_or_no_doing_is_not_looked_at() -> None:
    assert told((), series(ALL, 5), series(Place(RECORDS, UNIT, "31"), 200)) == ()
