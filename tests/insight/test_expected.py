"""A forecast follows week, pay-day and season, knows how wrong it is, and seldom cries wolf; its distribution agrees with scipy's."""

from __future__ import annotations

from datetime import date, timedelta

import numpy
import pytest
from scipy import stats

from assistant.catalog.model import CalendarDays, Text
from assistant.insight.expected import (
    LONGEST,
    Forecast,
    beta_share,
    day_class,
    day_of_month,
    forecast,
    judge,
    moves,
    own_rhythm,
    rhythm,
    scan,
    tail,
    year_before,
)

START, AS_OF = date(2025, 6, 26), date(2026, 9, 24)
DAYS = [START + timedelta(days=number) for number in range((AS_OF - START).days + 1)]
CALENDAR = CalendarDays(
    first_year=2025,
    last_year=2026,
    holidays={
        "spring_2025": (date(2025, 1, 28), date(2025, 1, 29)),
        "spring_2026": (date(2026, 2, 16), date(2026, 2, 17)),
        "moon_2025": (date(2025, 10, 6),),
        "national_2025": (date(2025, 10, 1), date(2025, 10, 6)),
        "moon_2026": (date(2026, 9, 25),),
    },
    workdays=(date(2026, 9, 20),),
    names={name: Text(zh=name, en=name) for name in ("spring", "moon", "national")},
)


def drawn(seed: int, mean: float = 60, surge: float = 1.0, since: date = date(2026, 9, 11), season: float = 1.0) -> list[int]:
    """Poisson counts with a weekly rhythm, pay-days, a September season in both years and a surge from `since` on."""
    source = numpy.random.default_rng(seed)
    rates = [
        mean
        * (0.6 if day.weekday() >= 5 and day != date(2026, 9, 20) else 1.15)
        * (1.4 if day.day == 10 else 1)
        * (season if date(day.year, 8, 25) <= day <= date(day.year, 9, 24) else 1)
        * (surge if day >= since else 1)
        for day in DAYS
    ]
    return [int(count) for count in source.poisson(rates)]


def series(counts: list[int]) -> Forecast:
    return forecast(counts, START, rhythm(counts, START, CALENDAR), moves(CALENDAR))


def test_the_calendar_tells_days_apart() -> None:
    assert [day_class(day, CALENDAR) for day in (date(2026, 9, 20), date(2026, 9, 25), date(2026, 9, 21), date(2031, 1, 5))] == [7, 8, 0, 6]
    assert [day_of_month(day) for day in (date(2026, 2, 28), date(2026, 2, 25), date(2026, 9, 30), date(2026, 9, 27))] == [-1, 25, -1, 27]


def test_a_holiday_that_moved_is_compared_with_itself() -> None:
    assert year_before(date(2026, 2, 17), moves(CALENDAR)) == date(2025, 1, 29)
    assert year_before(date(2026, 6, 1), moves(CALENDAR)) == date(2025, 6, 2)
    assert year_before(date(2026, 9, 22), moves(CALENDAR)) == date(2025, 9, 23)


def test_a_forecast_follows_weekdays_and_pay_days() -> None:
    found = series(drawn(1, mean=400))
    means = {day: found.expected[found.place(day)] for day in DAYS[-30:]}
    assert means[date(2026, 9, 1)] == pytest.approx(460, rel=0.05)
    assert means[date(2026, 9, 5)] == pytest.approx(240, rel=0.08)
    assert means[date(2026, 9, 10)] == pytest.approx(644, rel=0.08)
    assert means[date(2026, 9, 20)] == pytest.approx(460, rel=0.1)
    assert 1 <= found.phi < 1.6
    assert found.expected[0] is None


def monthly(seed: int, times: float) -> list[int]:
    """The counts of a part of a set, so many times as many on the 10th to the 12th of every month."""
    source = numpy.random.default_rng(seed)
    return [
        count + int(source.poisson(40 * (times - 1) if 10 <= day.day <= 12 else 0))
        for count, day in zip(drawn(seed, 40), DAYS, strict=True)
    ]


def test_a_part_has_pay_days_of_its_own() -> None:
    """Told on the last of them, with no last year to look at: the set tells nothing of them, the part's own months do."""
    days = slice(DAYS.index(date(2025, 10, 14)), DAYS.index(date(2026, 9, 13)))
    start, paid = DAYS[days][0], monthly(6, 4)[days]
    of_set = rhythm(drawn(5, 4000)[days], start, CALENDAR)
    unlike = scan(forecast(paid, start, of_set))
    assert unlike is not None
    assert unlike.p < 0.05
    alike = scan(forecast(paid, start, own_rhythm(paid, start, of_set)))
    assert alike is not None
    assert alike.p > 0.5


def test_a_part_without_pay_days_keeps_the_rhythm_of_its_set() -> None:
    of_set = rhythm(drawn(5, 4000), START, CALENDAR)
    kept = [own_rhythm(drawn(200 + seed, 40), START, of_set) == of_set for seed in range(20)]
    assert sum(kept) >= 15
    assert own_rhythm(drawn(7, 2), START, of_set) == of_set


def test_a_surge_of_a_part_is_none_of_its_rhythm() -> None:
    of_set = rhythm(drawn(5, 4000), START, CALENDAR)
    surged = drawn(8, 40, surge=2)
    found = scan(forecast(surged, START, own_rhythm(surged, START, of_set)))
    assert found is not None
    assert found.p < 1e-6


def test_a_surge_is_found_where_it_is() -> None:
    found = scan(series(drawn(2, surge=2)))
    assert found is not None
    assert found.p < 1e-6
    assert abs((found.window.first - date(2026, 9, 11)).days) <= 2
    assert found.window.last == AS_OF
    assert found.window.count > found.window.high > found.window.expected > found.window.low


def test_a_fall_is_found() -> None:
    found = scan(series(drawn(3, surge=0.5)))
    assert found is not None
    assert found.p < 1e-6
    assert found.window.count < found.window.low


def test_a_season_that_comes_every_year_is_none() -> None:
    found = scan(series(drawn(4, season=1.8)))
    assert found is not None
    assert found.p > 0.05
    assert found.window.season is not None


def test_what_is_as_usual_seldom_looks_unusual() -> None:
    false = sum(found.p <= 0.05 for seed in range(60) if (found := scan(series(drawn(100 + seed, mean=8)))) is not None)
    assert false <= 5


def test_too_little_past_expects_nothing() -> None:
    counts = [5] * 40
    short = forecast(counts, START, [1.0] * 40)
    assert scan(short) is None
    assert judge(short, short.last - timedelta(days=3), short.last) is None


def test_without_last_year_the_level_alone_judges() -> None:
    counts = drawn(5)[-200:]
    start = AS_OF - timedelta(days=199)
    found = scan(forecast(counts, start, rhythm(counts, start, CALENDAR), moves(CALENDAR)))
    assert found is not None
    assert found.window.season is None


@pytest.mark.parametrize(
    ("count", "mean", "variance"), [(0, 3.0, 4.0), (9, 3.0, 4.0), (30, 40.0, 90.0), (900, 700.0, 2500.0), (3, 0.1, 0.1)]
)
def test_the_tail_is_scipys(count: int, mean: float, variance: float) -> None:
    ratio = max(variance / mean, 1.001)
    theirs = stats.nbinom(mean / (ratio - 1), 1 / ratio)
    expected = theirs.sf(count - 1) if count > mean else theirs.cdf(count)
    assert tail(count, mean, variance) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("a", "b", "x"), [(1.0, 1.0, 0.3), (2.5, 700.0, 0.004), (40.0, 3.0, 0.9), (5.0, 5.0, 1.0)])
def test_the_beta_function_is_scipys(a: float, b: float, x: float) -> None:
    assert beta_share(a, b, x) == pytest.approx(stats.beta(a, b).cdf(x), rel=1e-9)


def test_the_longest_window_is_the_gap() -> None:
    counts = drawn(6)
    before = series(counts).expected[-LONGEST]
    changed = [*counts[:-LONGEST], *([10_000] * LONGEST)]
    assert forecast(changed, START, rhythm(counts, START, CALENDAR), moves(CALENDAR)).expected[-LONGEST] == before
