"""Other customers than usual are found though the total hardly moves; a season, a tag sorted by the days themselves, and everybody are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.insight import drivers, mix
from assistant.insight.drivers import Cells, Driver
from assistant.insight.mix import Days
from assistant.rule.window import DateSpan
from assistant.sql.query import Query, Table
from tests.insight.rules import QUALIFIER, validated
from tests.insight.test_drivers import COLUMNS, table
from tests.narrate.catalog import AS_OF, CATALOG

EVERYONE = validated({"all": []})


def cells(seed: int, times: float, everybody: float = 1.0) -> Cells:
    return drivers.cells_of(table(seed, times, everybody), CATALOG)


def named(found: Sequence[Sequence[Driver]]) -> list[list[tuple[str, str]]]:
    return [[(one.tag, one.bucket) for one in traits] for traits in found]


def test_the_same_days_of_the_months_before() -> None:
    assert mix.spans(date(2026, 9, 24)) == (
        DateSpan(date(2026, 9, 11), date(2026, 9, 24)),
        DateSpan(date(2026, 8, 11), date(2026, 8, 24)),
        DateSpan(date(2026, 7, 11), date(2026, 7, 24)),
    )


@pytest.mark.parametrize(("days", "of"), [(100, 1), (11_999, 1), (12_000, 2), (50_000, 8), (10**9, 1024)])
def test_what_is_done_much_is_counted_of_fewer(days: int, of: int) -> None:
    assert mix.one_in(days) == of


def test_whose_part_has_grown_is_found_of_each_thing() -> None:
    found, tested = mix.read(
        [cells(1, 3.0 * 4), cells(2, 4.0, 4.0), cells(3, 12.0)], CATALOG, [frozenset(), frozenset(), frozenset({"mort_flag"})]
    )
    assert named(found) == [[("mort_flag", "true")], [], []]
    assert tested > 3


def test_the_part_of_some_grows_where_the_others_stay_away() -> None:
    ((found,), _) = mix.read([cells(1, 1.0, 0.2)], CATALOG, [frozenset()])
    assert found == ()


def test_a_season_does_not_last() -> None:
    (((now,),), _) = mix.read([cells(4, 12.0)], CATALOG, [frozenset()])
    assert not mix.lasts(now, cells(5, 12.0)["mort_flag"], CATALOG)
    assert mix.lasts(now, cells(5, 1.0)["mort_flag"], CATALOG)
    assert mix.lasts(now, {}, CATALOG), "no records a year ago say nothing"


def told(year: Days | None, *answers: Table) -> tuple[tuple[Driver, ...], ...]:
    """What is found when the queries are answered so, one after the other."""
    days = Days(*_spans(), EVERYONE, EVERYONE)
    asked = mix.steps([mix.thing(0, "zone_view", None, "", 100)], [frozenset()], days, year, EVERYONE, QUALIFIER)
    waiting = list(answers)
    queries: Sequence[Query] = next(asked)
    try:
        while True:
            queries = asked.send([waiting.pop(0) for _ in queries])
    except StopIteration as end:
        assert not waiting
        return tuple(end.value)


def _spans() -> tuple[DateSpan, tuple[DateSpan, ...]]:
    later, *earlier = mix.spans(AS_OF)
    return later, tuple(earlier)


def numbered(one: Table) -> Table:
    return Table(("tag", "bucket", "did", *COLUMNS[2:]), tuple((*row[:2], 0, *row[2:]) for row in one.rows), "q")


def test_what_is_found_must_be_found_again() -> None:
    shift, usual = numbered(table(1, 12.0)), numbered(table(7, 4.0, 4.0))
    year = Days(*_spans(), EVERYONE, EVERYONE)
    assert named(told(None, shift, shift)) == [[("mort_flag", "true")]]
    assert named(told(year, shift, shift, usual)) == [[("mort_flag", "true")]]
    assert told(None, shift, usual) == ((),)
    assert told(year, shift, shift, shift) == ((),)
    assert told(year, usual) == ((),)


def test_what_is_not_found_again_helps_nothing_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test for chance is made of what both readings say, among all that were tried."""
    tested: list[tuple[list[float], int]] = []
    rates = mix.rates_among

    def seen(ps: Sequence[float], of: int) -> list[float]:
        tested.append((list(ps), of))
        return rates(ps, of)

    monkeypatch.setattr(mix, "rates_among", seen)
    shift, usual = numbered(table(1, 12.0)), numbered(table(7, 4.0, 4.0))
    assert told(None, shift, usual) == ((),)
    (_, of), (left, again) = tested
    assert left == []
    assert again == of > 1
