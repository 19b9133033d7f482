"""Weeks, weekdays and parts of a named stretch: 上周三, 第31周, 十月的第一周, 上月最后五天, the last week of July. Law: weeks begin on Monday.

The weeks of a year are those of ISO 8601 (the first is the one with the year's first Thursday); the weeks of a month or quarter are those that begin in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from assistant.language.date_parts import Holidays
from assistant.language.dates import Period, next_day, read_period
from assistant.language.decades import read_decade
from assistant.language.numbers import read_quantities
from assistant.language.numerals import read_numeral
from assistant.language.words import Phrases, by_offset, by_word, is_latin, merged, merged_list, plain_words, skip_spaces
from assistant.rule.window import Unit, shift, unit_start

_LONGEST_HOLIDAY = 20
"""Days: 前3天 behind a holiday is the time before it, behind a month its beginning."""
_WEEKS = 53
_WEEKS_OF_A_MONTH = 6
"""A lower week number with nothing around it may be a week of the month, and is left unread."""

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Tables:
    calendar: Phrases[tuple[Unit, int]]
    units: Phrases[Unit]
    short_units: Phrases[Unit]
    measures: Phrases[bool]
    joiners: Phrases[bool]
    weekdays: Phrases[int]
    short_weekdays: Phrases[int]
    weekday_offsets: Phrases[int]
    ordinals: Phrases[int]
    ordinal_marks: Phrases[bool]
    first_several: Phrases[bool]
    last_several: Phrases[bool]
    week_numbers: Phrases[bool]
    week_of: Phrases[str]
    week_behind: Phrases[bool]
    not_numbers: Phrases[bool]
    not_units: Phrases[bool]
    articles: Phrases[bool]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    return _Tables(
        calendar=by_offset(lambda times: times.calendar),
        units=by_word(lambda times: times.units),
        short_units=by_word(lambda times: times.part_units),
        measures=plain_words(lambda times: times.part_measures),
        joiners=plain_words(lambda times: times.part_joiners),
        weekdays=merged(lambda grammar: grammar.times.weekdays),
        short_weekdays=merged(lambda grammar: grammar.times.short_weekdays),
        weekday_offsets=merged(lambda grammar: grammar.times.weekday_offsets),
        ordinals=merged(lambda grammar: grammar.times.part_ordinals),
        ordinal_marks=plain_words(lambda times: times.part_ordinal_marks),
        first_several=plain_words(lambda times: times.first_several),
        last_several=plain_words(lambda times: times.last_several),
        week_numbers=plain_words(lambda times: times.week_numbers),
        week_of=merged(lambda grammar: {word: meaning for meaning, words in grammar.times.week_of.items() for word in words}),
        week_behind=plain_words(lambda times: times.week_behind),
        not_numbers=merged_list(lambda grammar: grammar.numerals.not_numbers),
        not_units=merged_list(lambda grammar: grammar.not_units),
        articles=plain_words(lambda times: times.part_articles),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What is cut out of a stretch: `count` units from the `index`-th on (from 1; negative: from the end), or one `weekday` of them."""

    end: int
    unit: Unit
    index: int
    count: int = 1
    weekday: int | None = None


def _iso_weeks(year: int) -> Iterator[date]:
    monday = date.fromisocalendar(year, 1, 1)
    while monday.isocalendar().year == year:
        yield monday
        monday += timedelta(days=7)


def _cut(part: _Part, first: date, last: date) -> Days | None:
    """The days of a part of first..last; None when there is no such part."""
    if part.weekday is not None:
        days = [day for n in range((last - first).days + 1) if (day := next_day(first, n)).isoweekday() == part.weekday]
        chosen = _chosen(days, part.index)
        return None if chosen is None else (chosen, chosen)
    if part.unit == "week":
        whole_year = first == date(first.year, 1, 1) and last == date(first.year, 12, 31)
        mondays = (
            list(_iso_weeks(first.year))
            if whole_year
            else [day for n in range((last - first).days + 1) if (day := next_day(first, n)).isoweekday() == 1]
        )
        monday = _chosen(mondays, part.index) if part.count == 1 and (last - first).days > 7 else None
        return None if monday is None else (monday, next_day(monday, 6))
    if part.unit != "day" and (first != unit_start(first, part.unit) or next_day(last) != unit_start(next_day(last), part.unit)):
        return None
    if part.index > 0:
        start = shift(first, part.unit, part.index - 1)
        end = next_day(shift(first, part.unit, part.index - 1 + part.count), -1)
    else:
        start = shift(next_day(last), part.unit, part.index + 1 - part.count)
        end = next_day(shift(next_day(last), part.unit, part.index + 1), -1)
    inside = first <= start and end <= last and (start, end) != (first, last)
    return (start, end) if inside else None


def _chosen(days: list[date], index: int) -> date | None:
    place = index - 1 if index > 0 else len(days) + index
    return days[place] if 0 <= place < len(days) else None


def _part_of(base: Period, part: _Part, start: int, end: int, today: date) -> Period | None:
    """A part of a stretch. The part may be over while its whole is not: said of the future it is then next year's."""
    days = _cut(part, base.first, base.last)
    if days is None:
        return None
    following = _cut(part, *base.following) if base.following is not None else None
    if base.following is not None and following is not None and following[1] < today:
        first, after = base.following[0], next_day(base.following[1])
        following = _cut(part, shift(first, "year", 1), next_day(shift(after, "year", 1), -1))
    year = base.first == date(base.first.year, 1, 1) and base.last == date(base.first.year, 12, 31)
    assumption = ("iso_weeks" if year else "weeks_begin_inside") if part.unit == "week" and part.weekday is None else base.assumption
    return Period(start, end, *days, following, assumption=assumption, doubt=base.doubt, from_today=base.relative is not None)


def _unit(text: str, place: int) -> tuple[int, Unit] | None:
    tables = _tables()
    measure = tables.measures.match(text, place)
    found = (tables.units.match(text, place), tables.short_units.match(text, skip_spaces(text, measure[0]) if measure else place))
    return max((one for one in found if one is not None), key=lambda one: one[0], default=None)


def _whole(text: str, place: int) -> tuple[int, int] | None:
    numeral = read_numeral(text, place, tail=False)
    if numeral is None or numeral.low is not None or numeral.doubt is not None or numeral.value % 1 or not 1 <= numeral.value <= 366:
        return None
    return numeral.end, int(numeral.value)


def _units_or_weekday(text: str, place: int, index: int) -> _Part | None:
    """The unit or the weekday an ordinal counts."""
    tables = _tables()
    start = skip_spaces(text, place)
    measure = tables.measures.match(text, start)
    weekday = tables.weekdays.match(text, skip_spaces(text, measure[0]) if measure else start)
    unit = _unit(text, start)
    if weekday is not None and (unit is None or weekday[0] > unit[0]):
        return _Part(weekday[0], "week", index, weekday=weekday[1])
    return None if unit is None else _Part(unit[0], unit[1], index)


def _read_part(text: str, place: int) -> _Part | None:
    """第一周, 最后五天, 首月, first week, last 3 days at `place`."""
    tables = _tables()
    mark = tables.ordinal_marks.match(text, place)
    number = _whole(text, mark[0]) if mark is not None else None
    if number is not None:
        return _units_or_weekday(text, number[0], number[1])
    found: list[_Part | None] = []
    for table, index in ((tables.first_several, 1), (tables.last_several, -1)):
        several = table.match(text, place)
        count = _whole(text, skip_spaces(text, several[0])) if several is not None else None
        unit = _unit(text, skip_spaces(text, count[0])) if count is not None else None
        if count is not None and unit is not None and (count[1] > 1 or index < 0):
            found.append(_Part(unit[0], unit[1], index, count[1]))
    ordinal = tables.ordinals.match(text, place)
    found.append(None if ordinal is None else _units_or_weekday(text, ordinal[0], ordinal[1]))
    return max((part for part in found if part is not None), key=lambda part: part.end, default=None)


def _behind(text: str, base: Period, today: date) -> Period | None:
    """A part named behind its whole: 十月的第一周, 上月最后五天, 2005年首月."""
    if (base.last - base.first).days < _LONGEST_HOLIDAY or is_latin(text[base.end - 1]):
        return None
    joiner = _tables().joiners.match(text, base.end)
    part = _read_part(text, skip_spaces(text, joiner[0] if joiner is not None else base.end))
    found = None if part is None else _part_of(base, part, base.start, part.end, today)
    if found is not None and part is not None and joiner is None and part.count > 1 and part.index > 0 and part.unit == "day":
        return replace(found, doubt="first_or_previous")
    return found


@dataclass(frozen=True, slots=True)
class Almanac:
    """The days that words of time are read against."""

    as_of: date
    today: date
    holidays: Holidays

    def period(self, text: str, place: int, bare: bool = False, inherited: Period | None = None) -> Period | None:
        """The longest named stretch, week, weekday or part of a stretch that begins at `place`. `bare` and `inherited` as for `dates.read_period`."""
        if place >= len(text):
            return None
        base = read_period(text, place, self.as_of, self.today, self.holidays, bare, inherited)
        found = [base, self._weekday(text, place, inherited), self._numbered_week(text, place, inherited), read_decade(text, place)]
        found += [self._part_before(text, place), self._week_of(text, place)]
        if base is not None:
            found += [_behind(text, base, self.today), self._week_around(text, base)]
        return max((one for one in found if one is not None), key=lambda one: one.end, default=None)

    def _part_before(self, text: str, place: int) -> Period | None:
        """A part named before its whole: the last week of July, the first 5 days of October."""
        tables = _tables()
        article = tables.articles.match(text, place)
        part = _read_part(text, skip_spaces(text, article[0]) if article else place) if is_latin(text[place]) else None
        joiner = tables.joiners.match(text, skip_spaces(text, part.end)) if part is not None else None
        if part is None or joiner is None:
            return None
        base = read_period(text, skip_spaces(text, joiner[0]), self.as_of, self.today, self.holidays, True)
        return None if base is None else _part_of(base, part, place, base.end, self.today)

    def _week_of(self, text: str, place: int) -> Period | None:
        """The week of September 16, the week commencing February 4."""
        found = _tables().week_of.match(text, place)
        day = self.period(text, skip_spaces(text, found[0])) if found is not None else None
        if found is None or day is None or day.first != day.last:
            return None
        return _as_week(day, place, day.end, found[1] == "around")

    def _week_around(self, text: str, day: Period) -> Period | None:
        """9月16日那一周."""
        found = _tables().week_behind.match(text, day.end)
        return _as_week(day, day.start, found[0], True) if found is not None and day.first == day.last else None

    def _numbered_week(self, text: str, place: int, inherited: Period | None) -> Period | None:
        """第31周, week 10: of this year, or the last one that has begun; as the end of a range, the next one
        after its beginning."""
        tables = _tables()
        if is_latin(text[place]):
            word = tables.week_numbers.match(text, place)
            number = _whole(text, skip_spaces(text, word[0])) if word is not None else None
            end = number[0] if number is not None else place
        else:
            part = _read_part(text, place) if tables.ordinal_marks.match(text, place) else None
            number = (part.end, part.index) if part is not None and part.unit == "week" and part.weekday is None else None
            end = part.end if part is not None else place
        if number is None or number[1] > _WEEKS or (inherited is None and number[1] <= _WEEKS_OF_A_MONTH):
            return None
        weeks = [week for year in range(self.today.year - 2, self.today.year + 3) if (week := _numbered(year, number[1])) is not None]
        if inherited is not None:
            later = [week for week in weeks if week[1] >= inherited.first]
            return Period(place, end, *later[0], assumption="iso_weeks") if later else None
        begun = [week for week in weeks if week[0] <= self.today]
        ahead = [week for week in weeks if week[1] >= self.today]
        return Period(place, end, *begun[-1], ahead[0], assumption="iso_weeks") if begun and ahead else None

    def _weekday(self, text: str, place: int, inherited: Period | None) -> Period | None:
        """上周三, 上个星期天, last Monday; 周五 behind 上周一到. A weekday alone is not read: it may be any of them."""
        tables = _tables()
        if inherited is not None and inherited.first == inherited.last and (alone := tables.weekdays.match(text, place)) is not None:
            day = next_day(unit_start(inherited.first, "week"), alone[1] - 1)
            day = day if day >= inherited.first else next_day(day, 7)
            return Period(place, alone[0], day, day, from_today=True)
        offset = tables.weekday_offsets.match(text, place)
        named = tables.weekdays.match(text, skip_spaces(text, offset[0])) if offset is not None else None
        if offset is not None and named is not None:
            return self._english_weekday(place, named[0], offset[1], named[1])
        week = tables.calendar.match(text, place)
        if week is None or week[1][0] != "week" or is_latin(text[place]):
            return None
        named = tables.weekdays.match(text, week[0]) or self._short_weekday(text, week[0])
        if named is None:
            return None
        day = next_day(unit_start(self.today, "week"), 7 * week[1][1] + named[1] - 1)
        return Period(place, named[0], day, day, from_today=True)

    def _short_weekday(self, text: str, place: int) -> tuple[int, int] | None:
        """The 三 of 上周三, when it does not count or begin anything (上周三次, 上周一共, 上周日均)."""
        tables = _tables()
        found = tables.short_weekdays.match(text, place)
        if (
            found is None
            or tables.not_numbers.match(text, place)
            or tables.not_units.match(text, place)
            or text[place] == text[found[0] : found[0] + 1]
        ):
            return None
        counted = read_quantities(text[place : place + 16])
        return None if counted and counted[0].start == 0 and counted[0].end > 1 else found

    def _english_weekday(self, start: int, end: int, offset: int, weekday: int) -> Period:
        """last Monday: the latest one before today, doubted when last week's is another; next Friday: next week's, doubted alike."""
        this = next_day(unit_start(self.today, "week"), weekday - 1)
        other = next_day(this, 7 * offset)
        nearest = next_day(this, 7 * offset if (this >= self.today if offset < 0 else this <= self.today) else 0) if offset else this
        day = nearest if offset < 0 else other
        return Period(start, end, day, day, doubt="which_weekday" if nearest != other else None, from_today=True)


def _numbered(year: int, week: int) -> Days | None:
    monday = _chosen(list(_iso_weeks(year)), week)
    return None if monday is None else (monday, next_day(monday, 6))


def _as_week(day: Period, start: int, end: int, around: bool) -> Period:
    """The calendar week `around` a day, or the seven days that begin with it."""

    def week(first: date) -> Days:
        monday = unit_start(first, "week") if around else first
        return monday, next_day(monday, 6)

    following = week(day.following[0]) if day.following is not None else None
    return Period(start, end, *week(day.first), following, doubt=day.doubt)
