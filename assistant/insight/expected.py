"""What a day's count should have been, from its own past. Law: a forecast for a day uses only days well before it, and is as uncertain as it has proved to be.

Expected = level x day of week x day of month, on a log-linear scale (the multiplicative model of the outbreak detectors: Farrington et al. 1996, J. R. Stat.
Soc. A 159; Noufaily et al. 2013, Stat. Med. 32), with medians and trimmed means instead of a regression so that past surges do not count:
- level: trimmed mean of the weekly rates of the `LEVEL_WEEKS` weeks that end `LONGEST` days before the day, so that what is judged is no part of it.
- day of week: each weekday, days off of a holiday and weekends worked for one (the catalog's calendar) against the 29 days round them; median over the history.
- day of month (pay-days, month end counted backwards): likewise, kept only where the median is further from 1 than chance puts it; of a record set, and beyond that of
  each value and branch (who pays with one platform may be paid on one day), where it is further than chance puts any of the days of a month (Bonferroni).
- last year: how much the same days of last year (whole weeks back; days near a holiday by that holiday) stood above their own level, the season.
- uncertainty: var = phi x expected + tau^2 x expected^2. phi from the forecast's daily errors, tau from those of fortnights, both robust (MAD), from the
  rolling origin forecasts of the series itself (Tashman 2000, Int. J. Forecast. 16). Counts are then negative binomial with that mean and variance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from statistics import NormalDist, median

from assistant.catalog.model import CalendarDays

LEVEL_WEEKS = 8
LONGEST = 30
SHORTEST = 3
"""Days of the windows judged. A level is taken from what lies `LONGEST` days and more before the day it is for."""
LEAST_WEEKS = 4
EFFECTIVE_WINDOWS = 120
"""How many independent windows the overlapping ones of a scan are worth at most: the chance that the furthest of 30 standard normal days' windows of 3 to 30 days
is beyond 4.5, over the chance of one (109, of two million simulated months; fewer nearer by)."""
UNPROVED_TAU = 0.15
"""How far a level is trusted while there is too little past to prove it."""
LEAST_TAU = 0.03
"""No level is known better than this: customers come and go."""
_AROUND = 14
_FORTNIGHT = 14
_MAD = 1.4826
_Z = NormalDist().inv_cdf(0.975)
_OF_A_SET, _OF_A_PART = 2.0, NormalDist().inv_cdf(1 - 0.025 / 31)
"""Standard errors beyond which a day of the month has a rhythm of its own: a set has few, its many parts are each tried on 31 days."""
_NEAR_HOLIDAY, _FEW, _YEAR = 10, 3, 364
_MADE_UP, _HOLIDAY = 7, 8
_DENSE, _RARE = 5.0, 0.2
"""Mean a day above which the median of days says something; median ratio below which the days are few but full, and their sums count."""
_LEAST_FACTOR = 0.001
_NEARLY = 0.6
"""A window this many times as far out as the furthest may be the one that is named."""
_SMALLEST = 0.1
"""Expected counts below this are taken for it: nothing is impossible."""


@dataclass(frozen=True, slots=True)
class Move:
    """Days round a holiday (both ends in), and how many days earlier it was the year before."""

    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Daily counts from `start` on, what was expected of each day (None while there is too little past), and how far forecasts were wrong before the last
    `LONGEST` days: `phi` of single days, `tau` of fortnights."""

    start: date
    counts: tuple[int, ...]
    expected: tuple[float | None, ...]
    phi: float
    tau: float
    moved: tuple[Move, ...]

    @property
    def last(self) -> date:
        return self.start + timedelta(days=len(self.counts) - 1)

    def place(self, day: date) -> int:
        """The index of a day; outside 0 .. len(counts) - 1 where there is none."""
        return (day - self.start).days

    def known(self, day: date) -> bool:
        """Whether something was expected of a day."""
        return 0 <= self.place(day) < len(self.counts) and self.expected[self.place(day)] is not None


@dataclass(frozen=True, slots=True)
class Judged:
    """A window against what was expected of it: by level alone, or with last year's season when that explains more. `z`: standard deviations above it (below:
    negative); `variance` of the count about the expected one. `seasonal`: None without a last year to look at."""

    first: date
    last: date
    count: int
    expected: float
    variance: float
    z: float
    season: float | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def p(self) -> float:
        """One-sided probability of a count at least this far from the expected one: the negative binomial's, or the normal's where that is larger."""
        return max(tail(self.count, self.expected, self.variance), 0.5 * math.erfc(abs(self.z) / math.sqrt(2)))

    @property
    def low(self) -> float:
        """Lower end of the 95 % prediction interval."""
        return max(0.0, self.expected - _Z * math.sqrt(self.variance))

    @property
    def high(self) -> float:
        return self.expected + _Z * math.sqrt(self.variance)


def day_class(day: date, calendar: CalendarDays) -> int:
    """0 Monday to 6 Sunday; 7 a weekend that is worked, 8 a day off of a holiday. Outside the calendar's years the weekday."""
    weekday = day.weekday()
    if not calendar.first_year <= day.year <= calendar.last_year:
        return weekday
    kind = calendar.kind(day)
    if kind == "holiday":
        return _HOLIDAY
    return _MADE_UP if weekday >= 5 and kind == "workday" else weekday


def day_of_month(day: date) -> int:
    """1 to 28, or -3 to -1 for the last three days."""
    left = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - day).days
    return -left if left <= 3 else day.day


def moves(calendar: CalendarDays) -> tuple[Move, ...]:
    """The holidays that moved by more than a few days, and stood by themselves both times."""
    found = []
    for key, days in calendar.holidays.items():
        name, _, year = key.rpartition("_")
        before = calendar.holidays.get(f"{name}_{int(year) - 1}")
        if not days or not before:
            continue
        merged = any(one in other for one in before for other in calendar.holidays.values() if other is not before)
        earlier = (days[0] - before[0]).days
        if not merged and abs(earlier - _YEAR) > _FEW:
            near = timedelta(days=_NEAR_HOLIDAY)
            found.append(Move(days[0] - near, days[-1] + near, earlier))
    return tuple(found)


def year_before(day: date, moved: Sequence[Move]) -> date:
    """The day of last year that a day is compared with: 52 weeks back, or as far from the same holiday where that one moved."""
    return day - timedelta(days=next((move.days for move in moved if move.first <= day <= move.last), _YEAR))


def rhythm(counts: Sequence[int], start: date, calendar: CalendarDays) -> tuple[float, ...]:
    """The factor of each day of a series from `start` on: day of week times day of month."""
    days = [start + timedelta(days=place) for place in range(len(counts))]
    around = _around(counts)
    classes = [day_class(day, calendar) for day in days]
    of_class = _factors(classes, counts, around)
    weekdays = [of_class[number] for number in range(5) if number in of_class]
    typical = sum(weekdays) / len(weekdays) if weekdays else 1.0
    spread = {**dict.fromkeys(range(9), typical), **of_class}
    if classes.count(_MADE_UP) < LEAST_WEEKS:
        spread[_MADE_UP] = typical
    if classes.count(_HOLIDAY) < LEAST_WEEKS:
        spread[_HOLIDAY] = spread[6]
    weekly = [spread[one] for one in classes]
    months = [day_of_month(day) for day in days]
    of_month = _factors(months, counts, [mean * factor for mean, factor in zip(around, weekly, strict=True)], _OF_A_SET)
    return tuple(factor * of_month.get(one, 1.0) for factor, one in zip(weekly, months, strict=True))


def own_rhythm(counts: Sequence[int], start: date, factors: tuple[float, ...]) -> tuple[float, ...]:
    """The factors of a part of a record set, from those of the set: with the days of the month on which the part does what the set does not."""
    if sum(counts) < _DENSE * len(counts):
        return factors
    months = [day_of_month(start + timedelta(days=place)) for place in range(len(counts))]
    usual = [mean * factor for mean, factor in zip(_around(counts), factors, strict=True)]
    of_month = _factors(months, counts, usual, _OF_A_PART)
    return tuple(factor * of_month.get(one, 1.0) for factor, one in zip(factors, months, strict=True)) if of_month else factors


def _around(counts: Sequence[int]) -> list[float]:
    """The mean of the 29 days round each day, as far as there are any."""
    sums = [0, *accumulate(counts)]
    found = []
    for place in range(len(counts)):
        first, last = max(0, place - _AROUND), min(len(counts), place + _AROUND + 1)
        found.append((sums[last] - sums[first]) / (last - first))
    return found


def _factors(groups: Sequence[int], counts: Sequence[int], means: Sequence[float], beyond: float | None = None) -> dict[int, float]:
    """Count over mean by group: the median of the days, or the ratio of the sums where days are too small for one. `beyond`: only those that chance
    does not explain, so many standard errors of a median off (of counts that vary by day as a Poisson count does, at least)."""
    by_group: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for group, count, mean in zip(groups, counts, means, strict=True):
        if mean > 0:
            by_group[group].append((count, mean))
    found = {}
    for group, pairs in by_group.items():
        total = sum(mean for _, mean in pairs)
        ratios = [count / mean for count, mean in pairs]
        middle = median(ratios)
        factor = middle if total / len(pairs) >= _DENSE and middle >= _RARE else sum(count for count, _ in pairs) / total
        if beyond is not None:
            if len(ratios) < LEAST_WEEKS or total < _DENSE * len(ratios):
                continue
            spread = max(_MAD * median(abs(ratio - middle) for ratio in ratios), math.sqrt(len(ratios) / total))
            if abs(factor - 1) <= beyond * 1.2533 * spread / math.sqrt(len(ratios)):
                continue
        found[group] = max(factor, _LEAST_FACTOR)
    return found


def forecast(counts: Sequence[int], start: date, factors: Sequence[float], moved: tuple[Move, ...] = ()) -> Forecast:
    """A series against its own past, with the rhythm of its record set (as many factors as counts). `moved`: see `moves`."""
    sums, weights = [0, *accumulate(counts)], [0.0, *accumulate(factors)]
    rates = [(sums[last] - sums[last - 7]) / (weights[last] - weights[last - 7]) for last in range(7, len(sums))]
    levels = (_level(place, rates) for place in range(len(factors)))
    expected = [None if level is None else level * factor for level, factor in zip(levels, factors, strict=True)]
    proved = len(counts) - LONGEST
    phi, tau = _errors(counts[:proved], expected[:proved])
    return Forecast(start, tuple(counts), tuple(expected), phi, tau, moved)


def _level(place: int, weekly: Sequence[float]) -> float | None:
    """The trimmed mean of the weekly rates (of seven days each, from the first seven on) well before a day; None with too few weeks."""
    last = place - LONGEST - 6
    if last < 7 * (LEAST_WEEKS - 1):
        return None
    rates = weekly[last % 7 : last + 1 : 7][-LEVEL_WEEKS:]
    kept = sorted(rates)[1:-1] if len(rates) >= 5 else rates
    return sum(kept) / len(kept)


def _errors(counts: Sequence[int], expected: Sequence[float | None]) -> tuple[float, float]:
    """phi and tau of what was forecast."""
    known = [(count, max(mean, _SMALLEST)) for count, mean in zip(counts, expected, strict=True) if mean is not None]
    if len(known) < 2 * _FORTNIGHT:
        return 1.0, UNPROVED_TAU
    phi = max(1.0, (_MAD * median(abs(count - mean) / math.sqrt(mean) for count, mean in known)) ** 2)
    off, means = [], []
    for first in range(0, len(known) - _FORTNIGHT + 1, _FORTNIGHT):
        block = known[first : first + _FORTNIGHT]
        mean = sum(one for _, one in block)
        off.append(abs(sum(count for count, _ in block) / mean - 1))
        means.append(mean)
    if len(off) < LEAST_WEEKS:
        return phi, UNPROVED_TAU
    drift = (_MAD * median(off)) ** 2 - phi / median(means)
    return phi, math.sqrt(max(drift, LEAST_TAU**2))


@dataclass(frozen=True, slots=True)
class Found:
    """The window that a scan points at, and how probable the most unusual one is by chance among all it looked at (Bonferroni over `EFFECTIVE_WINDOWS`, or the one window
    there is, both directions)."""

    window: Judged
    p: float


def scan(series: Forecast, length: int = LONGEST) -> Found | None:
    """The most unusual window within the last `length` days, `LONGEST` at most; of fewer than `SHORTEST` they are the window (the temporal scan of Kulldorff 2001, J. R. Stat. Soc. A 164, with the forecast for its
    expectation). The furthest from expectation, in standard deviations, says how unusual; of those nearly as far in its direction the likelihood ratio
    says when. None where nothing was expected of these days."""
    days = [series.last - timedelta(days=back) for back in reversed(range(length))]
    shortest = min(SHORTEST, length)
    if not series.known(days[0]):
        return None
    before = [year_before(day, series.moved) for day in days]
    counted = (_counts(series, days), _means(series, days), _counts(series, before), _means(series, before))
    sums = [list(accumulate(one, initial=0.0)) for one in counted]
    whole_year = all(map(series.known, before))
    tried: list[tuple[float, float, int, int]] = []
    for first in range(length - shortest + 1):
        for last in range(first + shortest, length + 1):
            count, usual, then, was_usual = (one[last] - one[first] for one in sums)
            z, mean, _, _ = _nearer(series, count, usual, then, was_usual, whole_year)
            tried.append((z, _likelihood_ratio(count, mean) if z else 0.0, first, last))
    furthest = max(tried, key=lambda one: abs(one[0]))
    near = [one for one in tried if one[0] * furthest[0] >= _NEARLY * furthest[0] ** 2]
    _, _, first, last = max(near, key=lambda one: (one[1], one[2] - one[3]))
    chosen = judge(series, days[first], days[last - 1])
    extreme = judge(series, days[furthest[2]], days[furthest[3] - 1])
    windows = 1 if len(tried) == 1 else EFFECTIVE_WINDOWS
    return None if chosen is None or extreme is None else Found(chosen, min(1.0, 2 * windows * extreme.p))


def _likelihood_ratio(count: float, mean: float) -> float:
    """Of a Poisson count, log."""
    return mean - count + (count * math.log(count / mean) if count else 0.0)


def judge(series: Forecast, first: date, last: date) -> Judged | None:
    """A window against both forecasts: of the two it departs less from one, and that is the one it is judged by. None where nothing was expected."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if not all(map(series.known, days)):
        return None
    before = [year_before(day, series.moved) for day in days]
    count, usual = math.fsum(_counts(series, days)), math.fsum(_means(series, days))
    then, was_usual = math.fsum(_counts(series, before)), math.fsum(_means(series, before))
    z, mean, variance, season = _nearer(series, count, usual, then, was_usual, all(map(series.known, before)))
    return Judged(first, last, int(count), mean, variance, z, season)


def _counts(series: Forecast, days: Sequence[date]) -> list[float]:
    return [float(series.counts[series.place(day)]) if series.known(day) else 0.0 for day in days]


def _means(series: Forecast, days: Sequence[date]) -> list[float]:
    return [(series.expected[series.place(day)] or 0.0) if series.known(day) else 0.0 for day in days]


def _nearer(
    series: Forecast, count: float, usual: float, then: float, was_usual: float, whole_year: bool
) -> tuple[float, float, float, float | None]:
    """(z, mean, variance, season) by the level alone or by last year's season: by the one that leaves less to explain; z is 0 between the two."""
    usual = max(usual, _SMALLEST)
    variance = series.phi * usual + (series.tau * usual) ** 2
    z = (count - usual) / math.sqrt(variance)
    if not whole_year:
        return z, usual, variance, None
    season = (then + 0.5) / (was_usual + 0.5)
    mean = max(usual * season, _SMALLEST)
    spread = series.phi * mean + mean**2 * (2 * series.tau**2 + series.phi / max(then, 1.0))
    seasonal = (count - mean) / math.sqrt(spread)
    between = z * seasonal <= 0
    if abs(z) <= abs(seasonal):
        return 0.0 if between else z, usual, variance, season
    return 0.0 if between else seasonal, mean, spread, season


def tail(count: int, mean: float, variance: float) -> float:
    """P(X >= count) for a count above the mean, else P(X <= count), of the negative binomial with that mean and variance (variance > mean; a variance at or
    below the mean is taken as just above it, which is Poisson)."""
    ratio = max(variance / mean, 1.001)
    size, chance = mean / (ratio - 1), 1 / ratio
    if count > mean:
        return beta_share(count, size, 1 - chance)
    return beta_share(size, count + 1, chance)


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (Numerical Recipes, 3rd ed., 6.4; DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    whole = d
    for m in range(1, 10_000):
        for term in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + term * d
            c = 1 + term / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            whole *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return whole
