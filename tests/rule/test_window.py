"""resolve: against dates written by hand, and against an enumerator that asks every day from first principles and shares no code with it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.rule.short import window_from_short
from assistant.rule.window import (
    EARLIEST,
    Absolute,
    Ago,
    Calendar,
    DateSpan,
    Future,
    RestOf,
    Rolling,
    Shifted,
    Tense,
    TimeWindow,
    Yearly,
    before,
    resolve,
    without_start,
)

DAY = timedelta(days=1)
SPECS = yaml.safe_load((Path(__file__).parents[1] / "specs" / "resolve.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", SPECS, ids=lambda row: f"{row['window']} on {row['as_of']}")
def test_written_by_hand(row: dict[str, object]) -> None:
    as_of = row["as_of"]
    assert isinstance(as_of, date)
    span = resolve(window_from_short(row["window"]), as_of, row.get("today", as_of + DAY), row.get("tense", "past"))  # type: ignore[arg-type]
    expected = tuple(None if row[side] == "-" else row[side] for side in ("start", "end"))
    assert (span.start, span.end, span.cut) == (*expected, row.get("cut", False))


def test_there_are_enough_rows() -> None:
    assert len(SPECS) >= 60
    assert {"rolling", "calendar", "future", "rest_of", "ago", "yearly"} <= {str(row["window"]).split()[0] for row in SPECS}


# The enumerator: which days belong, asked day by day. It knows the length of a month by looking at the next day.


def is_month_end(day: date) -> bool:
    return (day + DAY).month != day.month


def unit_number(day: date, unit: str) -> int:
    """A number that is the same for the days of one calendar unit and one more in the next."""
    match unit:
        case "day":
            return day.toordinal()
        case "week":
            return (day.toordinal() - 1) // 7  # 0001-01-01 was a Monday
        case "month":
            return day.year * 12 + day.month
        case "quarter":
            return day.year * 4 + (day.month - 1) // 3
        case "half_year":
            return day.year * 2 + (day.month > 6)
    return day.year


def moved(day: date, unit: str, n: int) -> date:
    """The day n units away, found by walking: the same day of the month, else the last day of that month."""
    step = 1 if n > 0 else -1
    if unit in ("day", "week"):
        for _ in range(abs(n) * (7 if unit == "week" else 1)):
            day += step * DAY
        return day
    target = unit_number(day, "month") + n * {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[unit]
    found = day
    while unit_number(found, "month") != target:
        found += step * DAY
    while found.day != 1:
        found -= DAY
    while found.day != day.day and not is_month_end(found):
        found += DAY
    return found


def members(window: TimeWindow, around: list[date], as_of: date, today: date) -> list[date]:
    """The days of `around` that lie in the window before the data's end cuts it."""
    match window:
        case Rolling():
            before = moved(as_of, window.unit, -window.n)
            return [day for day in around if before < day <= as_of]
        case Calendar():
            here = unit_number(today, window.unit)
            first = None if window.first == EARLIEST else window.first
            number = {day: unit_number(day, window.unit) - here for day in around}
            return [day for day in around if (first is None or first <= number[day]) and number[day] <= window.last]
        case Absolute():
            return [day for day in around if (window.start is None or day >= window.start) and (window.end is None or day <= window.end)]
        case Future():
            last = moved(as_of, window.unit, window.n)
            return [day for day in around if as_of < day <= last]
        case RestOf():
            last_unit = unit_number(today, window.unit) + window.offset
            return [day for day in around if day > as_of and unit_number(day, window.unit) <= last_unit]
        case Ago():
            near = moved(as_of, window.unit, -window.nearest)
            far = around[0] if window.farthest is None else moved(as_of, window.unit, -window.farthest)
            return [day for day in around if far <= day <= near]
        case Yearly():
            run = occurrence(window, today)
            return [day for day in around if run[0] <= day <= run[-1]]
        case Shifted():
            inside = [day for day in members(window.base, around, as_of, today) if day <= as_of]
            if not inside:
                return []
            first, last = moved(inside[0], window.unit, window.n), moved(inside[-1], window.unit, window.n)
            if window.unit not in ("day", "week") and inside[0].day == 1 and is_month_end(inside[-1]):
                while not is_month_end(last):
                    last += DAY
            return [day for day in around if first <= day <= last]


def falls_on(day: date, month: int, number: int) -> bool:
    """Whether `day` is that month-day, or stands for it at the end of a shorter February."""
    return day.month == month and (day.day == number or (is_month_end(day) and number > day.day))


def occurrence(window: Yearly, today: date) -> list[date]:
    """Walk back from two years ago to a first day, then list each run of days until one holds today or comes after it."""
    day = date(today.year - 2, 1, 1)
    while True:
        while not falls_on(day, window.start_month, window.start_day):
            day += DAY
        run = [day]
        wraps = (window.end_month, window.end_day) < (window.start_month, window.start_day)
        while not falls_on(run[-1], window.end_month, window.end_day) or (wraps and len(run) == 1):
            run.append(run[-1] + DAY)
        if run[-1] >= today:
            return run
        day += DAY


def days_around(as_of: date) -> list[date]:
    return [as_of + number * DAY for number in range(-1600, 800)]


units = st.sampled_from(["day", "week", "month", "quarter", "half_year", "year"])
edges = st.sampled_from(
    [date(2024, 2, 29), date(2024, 2, 28), date(2025, 2, 28), date(2025, 3, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 31)]
)
as_ofs = edges | st.dates(date(2024, 1, 1), date(2027, 12, 31))
month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31))
pairs = st.tuples(st.integers(-2, 1), st.integers(0, 2))
rolling = st.builds(Rolling, unit=units, n=st.integers(1, 3))
calendars = st.builds(lambda unit, pair: Calendar(unit=unit, first=pair[0], last=min(pair[0] + pair[1], 1)), units, pairs)
absolutes = st.builds(lambda start, length: Absolute(start=start, end=start + length * DAY), as_ofs, st.integers(0, 70))
agos = st.builds(lambda unit, near, more: Ago(unit=unit, nearest=near, farthest=near + more), units, st.integers(0, 1), st.integers(0, 1))
windows = st.one_of(
    rolling,
    calendars,
    absolutes,
    agos,
    st.builds(Absolute, start=as_ofs),
    st.builds(Ago, unit=units, nearest=st.integers(0, 2)),
    st.builds(Calendar, unit=units, first=st.just(EARLIEST), last=st.integers(-2, 0)),
    st.builds(Future, unit=units, n=st.integers(1, 2)),
    st.builds(RestOf, unit=units, offset=st.integers(0, 1)),
    st.builds(lambda a, b: Yearly(start_month=a.month, start_day=a.day, end_month=b.month, end_day=b.day), month_days, month_days),
    st.builds(Shifted, base=st.one_of(rolling, calendars, agos), unit=units, n=st.integers(-1, 0)),
)


@given(windows, as_ofs, st.sampled_from([0, 1, 1, 1, 4]), st.sampled_from(["past", "future"]))
@settings(max_examples=300, deadline=None)
def test_day_by_day(window: TimeWindow, as_of: date, ahead: int, tense: Tense) -> None:
    today = as_of + ahead * DAY
    span = resolve(window, as_of, today, tense)
    around = days_around(as_of)
    wanted = members(window, around, as_of, today)
    if tense == "past":
        wanted = [day for day in wanted if day <= as_of]
    found = [day for day in around if (span.start is None or span.start <= day) and (span.end is None or day <= span.end)]
    assert found == wanted


@given(st.one_of(rolling, calendars, absolutes), as_ofs)
@settings(max_examples=100, deadline=None)
def test_before_a_window_is_every_day_up_to_its_first(window: TimeWindow, as_of: date) -> None:
    earlier = before(window)
    assert earlier is not None
    first = resolve(window, as_of, as_of + DAY, "future").start
    assert first is not None
    assert resolve(earlier, as_of, as_of + DAY, "future") == DateSpan(None, first - DAY)


begun = st.builds(
    lambda unit, pair: Calendar(unit=unit, first=pair[0], last=pair[0] + pair[1]), units, st.tuples(st.integers(-2, 0), st.integers(0, 2))
)


@given(st.builds(Shifted, base=st.one_of(rolling, begun), unit=units, n=st.integers(-3, -1)), as_ofs)
@settings(max_examples=200, deadline=None)
def test_before_a_window_moved_is_every_day_up_to_its_first(window: Shifted, as_of: date) -> None:
    earlier = before(window)
    assert earlier is not None
    first = resolve(window, as_of, as_of + DAY).start
    assert first is not None
    assert resolve(earlier, as_of, as_of + DAY) == DateSpan(None, first - DAY)


@pytest.mark.parametrize(
    ("window", "without"),
    [
        (Ago(nearest=3), True),
        (Ago(nearest=3, farthest=9), False),
        (Absolute(end=date(2026, 1, 1)), True),
        (Absolute(start=date(2026, 1, 1)), False),
        (Calendar(unit="month", first=EARLIEST, last=-1), True),
        (Calendar(unit="month"), False),
        (Shifted(base=Ago(nearest=3), unit="year", n=-1), True),
        (Shifted(base=Rolling(n=3), unit="year", n=-1), False),
        (Rolling(n=3), False),
    ],
)
def test_a_window_without_a_first_day_is_known_by_itself(window: TimeWindow, without: bool) -> None:
    assert without_start(window) == without
    assert (resolve(window, date(2026, 9, 24), date(2026, 9, 25)).start is None) == without


@pytest.mark.parametrize("window", [Ago(nearest=3), Absolute(end=date(2026, 1, 1)), Calendar(unit="month", first=EARLIEST, last=-1)])
def test_nothing_is_before_a_window_without_a_first_day(window: TimeWindow) -> None:
    assert before(window) is None
