"""Named stretches of time: 9月1日, Q4 2025, 去年上半年, 国庆, last month. Law: a date without a year has a past reading, a future one and a yearly one.

Years, months, days, quarters and the like may come in any order and in either language; what does not make a calendar date is not read.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.date_parts import Holidays, Said, date_words, next_part, numeric_date, over_joiners
from assistant.rule.window import Absolute, Calendar, Unit, Yearly, resolve

NO_SUCH_DAY = "no_such_day"
"""The doubt about a day that no calendar has: 2月30日, 31 September."""
_THIRDS = {1: (1, 10), 2: (11, 20), 3: (21, 31)}


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end) of the text names first..last. `following`: the same words said of the future, None when a year was said or meant.
    `relative`: unit and offsets when the words count from today. `year`, `month`: what was said, for the second half of a range.
    `from_today`: the words count from today, though no relative window says them (上周三)."""

    start: int
    end: int
    first: date
    last: date
    following: tuple[date, date] | None = None
    relative: tuple[Unit, int, int] | None = None
    yearly: Yearly | None = None
    year: int | None = None
    month: int | None = None
    assumption: str | None = None
    doubt: str | None = None
    from_today: bool = False

    @property
    def window(self) -> Absolute | Calendar:
        """The window: relative when the words are."""
        if self.relative is not None:
            unit, first, last = self.relative
            return Calendar(unit=unit, first=first, last=last)
        return Absolute(start=self.first, end=self.last)


def _bounds(said: Said, year: int) -> tuple[date, date] | None:
    """First and last day in a year; None when the calendar has no such day, or no such holiday is known."""
    if said.holiday:
        return next(((first, last) for first, last in said.holiday if first.year == year), None)
    month, months = said.month, 1
    if said.quarter is not None:
        month, months = said.quarter * 3 - 2, 3
    elif said.quarters is not None:
        month, months = 1, said.quarters * 3
    elif said.half is not None:
        month, months = said.half * 6 - 5, 6
    elif month is None:
        return date(year, 1, 1), date(year, 12, 31)
    last_month = month + months - 1
    first_day, last_day = 1, calendar.monthrange(year, last_month)[1]
    if said.third is not None:
        first_day, last_day = _THIRDS[said.third][0], min(_THIRDS[said.third][1], last_day)
    if said.day is not None:
        if said.day > last_day:
            return None
        first_day = last_day = said.day
    return date(year, month, first_day), date(year, last_month, last_day)


def _beyond_its_month(said: Said) -> bool:
    """Whether a day was said that its month does not have: in the year said, or in any."""
    if said.day is None or said.month is None:
        return False
    return said.day > calendar.monthrange(2024 if said.year is None else said.year, said.month)[1]


def _yearly(said: Said) -> Yearly | None:
    if said.month is None or said.year is not None:
        return None
    leap = _bounds(said, 2024)
    if leap is None:
        return None
    return Yearly(start_month=leap[0].month, start_day=leap[0].day, end_month=leap[1].month, end_day=leap[1].day)


def _assemble(said: Said, start: int, end: int, today: date) -> Period | None:
    if _beyond_its_month(said):
        whole = _assemble(replace(said, day=None), start, end, today)
        return None if whole is None else replace(whole, following=None, yearly=None, doubt=NO_SUCH_DAY)
    assumption = "third_of_month" if said.vague else "first_units_of_year" if said.quarters is not None else None
    if said.year is not None:
        bounds = _bounds(said, said.year)
        return (
            None
            if bounds is None
            else Period(
                start,
                end,
                *bounds,
                year=None if said.inherited else said.year,
                month=said.month,
                assumption=assumption,
                doubt=said.doubt,
                from_today=said.from_today,
            )
        )
    options = [found for year in range(today.year - 4, today.year + 5) if (found := _bounds(said, year)) is not None]
    begun = [found for found in options if found[0] <= today]
    ahead = [found for found in options if found[1] >= today]
    if not begun:
        return None
    past = begun[-1]
    return Period(start, end, *past, ahead[0] if ahead else None, yearly=_yearly(said), month=said.month, assumption=assumption)


def _read_said(text: str, start: int, today: date, holidays: Holidays, bare: bool, inherited: Period | None) -> tuple[int, Said] | None:
    said, end = Said(), start
    numeric = numeric_date(text, start, inherited is not None)
    if numeric is not None:
        return numeric
    inherits = inherited is not None and inherited.month is not None and inherited.first == inherited.last
    place = start
    while (found := next_part(text, place, said, today, holidays, bare, inherits)) is not None:
        end, said = found
        place = over_joiners(text, end)
    if end == start or (said.year is None and not said.has_part):
        return None
    if said.day is not None and said.month is None:
        if inherited is None or inherited.month is None:
            return None
        own = said.year is not None
        said = replace(said, month=inherited.month, year=said.year if own else inherited.first.year, inherited=not own)
    return end, said


def _inherit_year(period: Period, said: Said, inherited: Period) -> Period:
    """The end of a range takes the year of its beginning, or the next one when it would come before it (11月到2月)."""
    for year in (inherited.first.year, inherited.first.year + 1):
        bounds = _bounds(said, year)
        if bounds is not None and bounds[1] >= inherited.first:
            return replace(period, first=bounds[0], last=bounds[1], following=None)
    return period


def read_period(
    text: str, start: int, as_of: date, today: date, holidays: Holidays, bare: bool = False, inherited: Period | None = None
) -> Period | None:
    """The longest named stretch of time that begins at `start`. `bare`: a word in front allows a year to stand alone (in 2025);
    `inherited`: the beginning of the range this ends, whose year and month it takes over."""
    tables = date_words()
    found: Period | None = None
    word = tables.calendar.match(text, start)
    if word is not None:
        unit, offset = word[1]
        span = resolve(Calendar(unit=unit, first=offset, last=offset), as_of, today, "future")
        if span.start is not None and span.end is not None:
            found = Period(
                start, word[0], span.start, span.end, relative=(unit, offset, offset), year=span.start.year if unit == "year" else None
            )
    read = _read_said(text, start, today, holidays, bare, inherited)
    if read is not None and (found is None or read[0] > found.end):
        end, said = read
        dated = _assemble(said, start, end, today)
        if dated is not None:
            found = _inherit_year(dated, said, inherited) if inherited is not None and said.year is None else dated
    blocked = tables.not_times.match(text, start)
    return None if found is None or (blocked is not None and blocked[0] >= found.end) else found


def next_day(day: date, days: int = 1) -> date:
    """The day that many days later (earlier when negative)."""
    return day + timedelta(days=days)
