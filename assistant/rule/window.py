"""Relative time: the kinds of window a rule may carry, and `resolve`, the only place that turns one into dates.

Law: compile, read-back and the oracle all call `resolve`; nobody else does date arithmetic on a window. MEANING.md "Time: two dates".
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal["day", "week", "month", "quarter", "half_year", "year"]
Tense = Literal["past", "future", "yearly"]

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Frozen(BaseModel):
    """Base of every value that crosses a boundary: immutable, hashable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


EARLIEST = -1200
"""The farthest calendar unit a window may begin with: who begins there means any time earlier."""


class Rolling(Frozen):
    """近N天/周/月: the n units that end at as_of, both ends in. Months clamp at month ends (03-31 back one month starts 03-01)."""

    kind: Literal["rolling"] = "rolling"
    unit: Unit = "day"
    n: int = Field(ge=1, le=36500)


class Calendar(Frozen):
    """Whole calendar units counted from the unit that holds `today`: 0 this, -1 the previous, +1 the next.

    本月 = month 0..0 (for past things cut at as_of), 上个月 = month -1..-1, 上3个月 = month -3..-1, 昨天 = day -1..-1. From `EARLIEST` on it has no beginning:
    month EARLIEST..-1 is all the time before this month.
    """

    kind: Literal["calendar"] = "calendar"
    unit: Unit
    first: int = Field(0, ge=EARLIEST, le=1200)
    last: int = Field(0, ge=EARLIEST, le=1200)

    @model_validator(mode="after")
    def _ordered(self) -> Calendar:
        if self.first > self.last:
            raise ValueError("first must not be after last")
        return self


class Absolute(Frozen):
    """Given dates, both in; None leaves that side open."""

    kind: Literal["absolute"] = "absolute"
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Absolute:
        if self.start is None and self.end is None:
            raise ValueError("an absolute window needs at least one end")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("start must not be after end")
        return self


class Future(Frozen):
    """未来N天, N天内到期: as_of + 1 to as_of + n units."""

    kind: Literal["future"] = "future"
    unit: Unit = "day"
    n: int = Field(ge=1, le=36500)


class RestOf(Frozen):
    """月底前, 年内到期: from as_of + 1 to the end of the unit that holds `today`, `offset` units on."""

    kind: Literal["rest_of"] = "rest_of"
    unit: Unit
    offset: int = Field(0, ge=0, le=120)


class Ago(Frozen):
    """N天前: from `farthest` to `nearest` units before as_of, both in; farthest None = any time earlier. 签约满30天 = nearest 30."""

    kind: Literal["ago"] = "ago"
    unit: Unit = "day"
    nearest: int = Field(ge=0, le=36500)
    farthest: int | None = Field(None, ge=0, le=36500)

    @model_validator(mode="after")
    def _ordered(self) -> Ago:
        if self.farthest is not None and self.farthest < self.nearest:
            raise ValueError("farthest must not be nearer than nearest")
        return self


class Yearly(Frozen):
    """A month-day span that comes back every year (9月生日): the occurrence that holds today, else the next one. 02-29 counts on 02-28 in a common year."""

    kind: Literal["yearly"] = "yearly"
    start_month: int = Field(ge=1, le=12)
    start_day: int = Field(ge=1, le=31)
    end_month: int = Field(ge=1, le=12)
    end_day: int = Field(ge=1, le=31)

    @property
    def begins_on_leap_day(self) -> bool:
        """Whether it begins on 29 February: then who was born on the 28th is outside, in whatever year."""
        return (self.start_month, self.start_day) == (2, 29)


class Shifted(Frozen):
    """去年同期, 上期: `base` resolved first, then both ends moved by n units (negative = earlier), month ends clamped.

    Whole months stay whole: 上个月 in March, a month earlier, is January to its 31st, and 2025年2月 a year earlier ends on 02-29. All the time before a day is moved
    with that day, so that it still ends on the day before it.
    """

    kind: Literal["shifted"] = "shifted"
    base: Rolling | Calendar | Absolute | Ago
    unit: Unit
    n: int = Field(ge=-1200, le=1200)


TimeWindow = Annotated[Rolling | Calendar | Absolute | Future | RestOf | Ago | Yearly | Shifted, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Inclusive dates; None = open. `cut`: the end was moved back to as_of because the data ends there. `empty`: no day is left."""

    start: date | None
    end: date | None
    cut: bool = False

    @property
    def empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start > self.end

    @property
    def days(self) -> int | None:
        """Number of days, None when a side is open."""
        if self.start is None or self.end is None:
            return None
        return max(0, (self.end - self.start).days + 1)


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, clamped to the last day of the target month, and to the first and last day a date can be."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _add_days(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def shift(day: date, unit: Unit, n: int) -> date:
    """`day` moved by n units (months and longer clamp at month ends; nothing leaves the dates there are)."""
    if unit == "day":
        return _add_days(day, n)
    if unit == "week":
        return _add_days(day, 7 * n)
    return add_months(day, _MONTHS[unit] * n)


def unit_start(day: date, unit: Unit) -> date:
    """First day of the calendar unit that holds `day` (weeks start on Monday)."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def unit_end(day: date, unit: Unit) -> date:
    """Last day of the calendar unit that holds `day`."""
    return shift(unit_start(day, unit), unit, 1) - timedelta(days=1)


def _yearly_date(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _occurrence(window: Yearly, today: date) -> tuple[date, date]:
    for year in (today.year - 1, today.year, today.year + 1):
        start = _yearly_date(year, window.start_month, window.start_day)
        end = _yearly_date(year, window.end_month, window.end_day)
        if (window.end_month, window.end_day) < (window.start_month, window.start_day):
            end = _yearly_date(year + 1, window.end_month, window.end_day)
        if end >= today:
            return start, end
    raise AssertionError("a yearly span occurs within two years")


def _whole_months(span: DateSpan) -> bool:
    if span.start is None or span.end is None or span.empty:
        return False
    return span.start == unit_start(span.start, "month") and span.end == unit_end(span.end, "month")


def _span(window: TimeWindow, as_of: date, today: date) -> tuple[date | None, date | None]:
    match window:
        case Rolling(unit=unit, n=n):
            return shift(as_of, unit, -n) + timedelta(days=1), as_of
        case Calendar(unit=unit, first=first, last=last):
            start = unit_start(today, unit)
            return None if first == EARLIEST else shift(start, unit, first), shift(start, unit, last + 1) - timedelta(days=1)
        case Absolute(start=start_date, end=end_date):
            return start_date, end_date
        case Future(unit=unit, n=n):
            return as_of + timedelta(days=1), shift(as_of, unit, n)
        case RestOf(unit=unit, offset=offset):
            return as_of + timedelta(days=1), shift(unit_start(today, unit), unit, offset + 1) - timedelta(days=1)
        case Ago(unit=unit, nearest=nearest, farthest=farthest):
            return (None if farthest is None else shift(as_of, unit, -farthest)), shift(as_of, unit, -nearest)
        case Yearly():
            return _occurrence(window, today)
        case Shifted(base=base, unit=unit, n=n):
            span = resolve(base, as_of, today)
            earliest = None if span.start is None else shift(span.start, unit, n)
            latest = None if span.end is None else shift(span.end, unit, n)
            if span.start is None and span.end is not None:
                latest = _add_days(shift(_add_days(span.end, 1), unit, n), -1)
            elif latest is not None and unit in _MONTHS and _whole_months(span):
                latest = unit_end(latest, "month")
            return earliest, latest


def resolve(window: TimeWindow, as_of: date, today: date, tense: Tense = "past") -> DateSpan:
    """The dates a window means. `as_of` is the last complete day of the data, `today` the day the words are said (as_of + 1 by default).

    tense "past": nothing after as_of exists, so the end is cut there (`cut` says so) and an open end becomes as_of; a window that lies
    wholly after as_of comes back empty. "future" and "yearly" are left whole.
    """
    start, end = _span(window, as_of, today)
    if tense != "past":
        return DateSpan(start, end)
    if end is None:
        return DateSpan(start, as_of)
    if end > as_of:
        return DateSpan(start, as_of, cut=True)
    return DateSpan(start, end)


def before(window: TimeWindow) -> TimeWindow | None:
    """All the time before a window's first day, as relative as the window is; None for a window that has no first day, or none of its own."""
    match window:
        case Rolling(unit=unit, n=n):
            return Ago(unit=unit, nearest=n)
        case Calendar(unit=unit, first=first) if first > EARLIEST:
            return Calendar(unit=unit, first=EARLIEST, last=first - 1)
        case Absolute(start=date() as start) if start > date.min:
            return Absolute(end=start - timedelta(days=1))
        case Ago(unit="day", farthest=int() as farthest):
            return Ago(unit="day", nearest=farthest + 1)
        case Shifted(base=base, unit=unit, n=n):
            earlier = before(base)
            if isinstance(earlier, Ago) and earlier.unit == unit == "day" and earlier.nearest >= n:
                return earlier.model_copy(update={"nearest": earlier.nearest - n})
            return Shifted(base=earlier, unit=unit, n=n) if isinstance(earlier, Calendar | Absolute | Ago) else None
        case _:
            return None


def without_start(window: TimeWindow) -> bool:
    """Whether a window holds all the time up to a day."""
    match window:
        case Calendar(first=first):
            return first == EARLIEST
        case Absolute(start=start):
            return start is None
        case Ago(farthest=farthest):
            return farthest is None
        case Shifted(base=base):
            return without_start(base)
        case _:
            return False


def snapshot_day(unit: Unit, offset: int, as_of: date, today: date) -> date:
    """The day that 上月末, 上年末, ... names: the end of the `offset`-th unit before the one that holds `today`, never after as_of."""
    return min(as_of, unit_end(shift(unit_start(today, unit), unit, offset), unit))


def snapshot_date(unit: Unit, offset: int, as_of: date, today: date, snapshots: Iterable[date]) -> date | None:
    """The tag snapshot that 上月末, 上年末, ... is read at: the latest one not after the end of the `offset`-th unit before the one that holds
    `today`, and never after as_of. None when the data begins later."""
    day = snapshot_day(unit, offset, as_of, today)
    return max((snapshot for snapshot in snapshots if snapshot <= day), default=None)
