"""Phrases of time -> windows. Law: MEANING.md "Time: two dates"; a window stays relative where the words are, and what words leave open is doubted.

Three shapes: fixed phrases (上月末, year to date), a count of units (近30天, 3 months ago, 未来7天), and named stretches alone, joined or bounded
(9月1日至15日, since January, 国庆之前). The caller knows the tense: where past and future differ, both windows are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.language.date_parts import Holidays
from assistant.language.dates import Period, next_day
from assistant.language.durations import Counted, count_span, counted_units, unit_end
from assistant.language.figures import is_figure
from assistant.language.numbers import Span, mask
from assistant.language.numerals import read_numeral
from assistant.language.time_words import TimeSpan, beginnings, time_words
from assistant.language.weeks import Almanac
from assistant.language.words import inside_word, is_latin, plain_words, skip_spaces
from assistant.rule.tree import Snapshot
from assistant.rule.window import Absolute, Calendar, TimeWindow, shift, unit_start

__all__ = ["TimeSpan", "read_windows"]


class _Reader:
    """One text at one pair of dates."""

    def __init__(self, text: str, as_of: date, today: date, holidays: Holidays) -> None:
        self.text, self.as_of, self.today = text, as_of, today
        self.almanac = Almanac(as_of, today, holidays)
        self.holiday_names = tuple(name for name in holidays if name)

    def may_begin(self, place: int) -> bool:
        """Whether a word that any phrase of time begins with stands at `place`; most places need no reading."""
        text = self.text
        return is_figure(text[place]) or beginnings().match(text, place) is not None or text.startswith(self.holiday_names, place)

    def span_at(self, place: int) -> TimeSpan | None:
        """The longest phrase of time that begins at `place`; the surer of two of one length."""
        found = [
            span
            for span in (
                self._fixed(place),
                self._year_end(place),
                self._quarter_end(place),
                self._weekend(place),
                self._named(place),
                self._count(place),
                self._from_day(place),
            )
            if span is not None
        ]
        best = max(found, key=lambda span: span.end, default=None)
        blocked = time_words().not_times.match(self.text, place)
        return None if best is None or (blocked is not None and blocked[0] >= best.end) else best

    def _fixed(self, place: int) -> TimeSpan | None:
        found = time_words().fixed.match(self.text, place)
        return None if found is None else replace(found[1], start=place, end=found[0])

    def _year_end(self, place: int) -> TimeSpan | None:
        """2024年底, the end of 2024, 2024 year end: the last day of a year that is over, as 去年底 is."""
        tables, text = time_words(), self.text
        opener = tables.year_end_before.match(text, place)
        begin = skip_spaces(text, opener[0]) if opener is not None else place
        year = (
            read_numeral(text, begin, tail=False) if is_figure(text[begin : begin + 1] or " ") and not self._inside_number(begin) else None
        )
        if year is None or year.end - begin != 4 or not self.today.year - 60 <= year.value < self.today.year:
            return None
        mark = tables.year_words.match(text, year.end)
        end = mark[0] if mark is not None else year.end
        behind = tables.year_end_behind.match(text, skip_spaces(text, end))
        if (opener is None) == (behind is None) or (behind is not None and mark is None and not is_latin(text[behind[0] - 1])):
            return None
        end = end if behind is None else behind[0]
        return TimeSpan(place, end, "snapshot", snapshot=Snapshot(unit="year", offset=int(year.value) - self.today.year))

    def _quarter_end(self, place: int) -> TimeSpan | None:
        """一季度末, the end of Q1, 上半年末: the last day of a quarter, or of half a year, that is over."""
        tables, text = time_words(), self.text
        opener = tables.year_end_before.match(text, place)
        period = self._period(skip_spaces(text, opener[0]) if opener is not None else place)
        if period is None or not 80 < (period.last - period.first).days < 190:
            return None
        behind_it = next_day(period.last)
        if unit_start(behind_it, "quarter") != behind_it:
            return None
        behind = tables.year_end_behind.match(text, skip_spaces(text, period.end))
        back = (self.today.year - period.last.year) * 4 + (self.today.month - 1) // 3 - (period.last.month - 1) // 3
        if (opener is None) == (behind is None) or not 0 < back <= 60:
            return None
        end = period.end if behind is None else behind[0]
        return TimeSpan(place, end, "snapshot", snapshot=Snapshot(unit="quarter", offset=-back))

    def _weekend(self, place: int) -> TimeSpan | None:
        found = time_words().weekends.match(self.text, place)
        if found is None:
            return None
        monday = unit_start(self.today, "week") + timedelta(days=7 * found[1])
        return TimeSpan(
            place, found[0], "window", Absolute(start=monday + timedelta(days=5), end=monday + timedelta(days=6)), future=found[1] > 0
        )

    def _count(self, place: int) -> TimeSpan | None:
        tables, text = time_words(), self.text
        best: TimeSpan | None = None
        for end, meanings in tables.prefixes.matches(text, place):
            begin = skip_spaces(text, end)
            counted = counted_units(text, begin, True)
            if counted is None and tables.alone.match(text, place) == (end, True) and (unit := unit_end(text, begin, False)) is not None:
                counted = Counted(unit[0], 1, unit[1], unit[2])
            for meaning in meanings if counted is not None else ():
                span = count_span(text, place, meaning, counted) if counted is not None else None
                if span is not None and (best is None or span.end > best.end):
                    best = span
            other = self._other_units(place, begin, meanings)
            best = other if other is not None and (best is None or other.end > best.end) else best
        other = self._other_units(place, place, ())
        best = other if other is not None and (best is None or other.end > best.end) else best
        plain = counted_units(text, place, False)
        span = count_span(text, place, None, plain) if plain is not None and not self._inside_number(place) else None
        return span if span is not None and (best is None or span.end > best.end) else best

    def _from_day(self, place: int) -> TimeSpan | None:
        """A count of units from a day on: 3 days starting next Monday, for a week from May 20."""
        tables, text = time_words(), self.text
        opener = tables.starting_for.match(text, place)
        counted = counted_units(text, skip_spaces(text, opener[0]) if opener else place, True) if not self._inside_number(place) else None
        if counted is None or counted.doubt is not None:
            return None
        begin = skip_spaces(text, counted.end)
        begin = skip_spaces(text, begin + 1) if text[begin : begin + 1] == "," else begin
        word = tables.starting_at.match(text, begin) or (tables.range_openers.match(text, begin) if opener else None)
        day = self._period(skip_spaces(text, word[0])) if word is not None else None
        return self._counted_on(place, day.end, day, counted) if day is not None and day.first == day.last else None

    def _counted_on(self, start: int, end: int, day: Period, counted: Counted) -> TimeSpan:
        """The window of `counted` units that begins on `day`."""

        def window(first: date) -> Absolute:
            return Absolute(start=first, end=next_day(shift(first, counted.unit, counted.n), -1))

        future = window(day.following[0]) if day.following is not None and day.following[0] != day.first else None
        return TimeSpan(
            start, end, "window", window(day.first), future, assumption=counted.assumption, doubt=day.doubt, future=day.first > self.today
        )

    def _other_units(self, start: int, place: int, meanings: Sequence[str]) -> TimeSpan | None:
        """近5个工作日, 24小时内: counts that no window holds, asked about."""
        tables, text = time_words(), self.text
        numeral = read_numeral(text, place, tail=False)
        unit = (
            tables.other_units.match(text, skip_spaces(text, numeral.end))
            if numeral is not None and not self._inside_number(place)
            else None
        )
        if unit is None:
            return None
        suffix = tables.suffixes.match(text, skip_spaces(text, unit[0]))
        if not meanings and suffix is None:
            return None
        return TimeSpan(start, suffix[0] if suffix is not None else unit[0], "window", doubt="not_whole_days")

    def _inside_number(self, place: int) -> bool:
        """Whether the digits at `place` go on from others (0.5天, 1,000天) or count in order (第3天); 5万,60天内 are two numbers."""
        text, before = self.text, self.text[place - 1] if place else ""
        if before in (".", ","):
            group = before == "." or (text[place : place + 3].isdigit() and not text[place + 3 : place + 4].isdigit())
            return group and place > 1 and text[place - 2].isdigit()
        return before.isdigit() or before == "第"

    def _period(self, place: int, bare: bool = False, inherited: Period | None = None) -> Period | None:
        return self.almanac.period(self.text, place, bare, inherited)

    def _named(self, place: int) -> TimeSpan | None:
        tables, text = time_words(), self.text
        best: TimeSpan | None = None
        fronts: list[tuple[int, str | None]] = [(place, None)]
        fronts += [(end, meaning) for end, meaning in tables.bounds_before.matches(text, place)]
        fronts += [(end, "range") for end, _ in tables.range_openers.matches(text, place)]
        fronts += [(end, "in") for end, _ in tables.year_openers.matches(text, place)]
        for end, meaning in fronts:
            bare = tables.year_openers.match(text, place) is not None and end > place
            begin = skip_spaces(text, end)
            period = self._period(begin, bare)
            if period is None and meaning == "range":
                period = self._opens_range(self._period(begin, True), is_latin(text[end - 1]))
            for span in (self._bounded(place, meaning, period) if period is not None else None, self._days_of_month(place, begin, meaning)):
                if span is not None and (best is None or span.end > best.end):
                    best = span
        return best

    def _opens_range(self, year: Period | None, latin: bool) -> Period | None:
        """A year that a word for "from" opens counts as a year only when the range ends in a date: between 2015 and February 2018, 从2016到2018."""
        second = self._joined(year, True) if year is not None else None
        if second is None or year is None:
            return None
        return None if latin and second.month is None and second.year is not None else year

    def _days_of_month(self, start: int, place: int, meaning: str | None) -> TimeSpan | None:
        """From 4 to 22 January 1995, 4-22 January: a day, a separator, and a day with its month."""
        tables, text = time_words(), self.text
        day = (
            read_numeral(text, place, tail=False) if is_figure(text[place : place + 1] or " ") and not self._inside_number(place) else None
        )
        if day is None or day.value % 1 or not 1 <= day.value <= 31 or day.low is not None or day.scale_said:
            return None
        mark = tables.day_words.match(text, day.end)
        gap = skip_spaces(text, mark[0] if mark is not None else day.end)
        separator = tables.separators.match(text, gap) or (tables.conjunctions.match(text, gap) if meaning == "range" else None)
        second = self._period(skip_spaces(text, separator[0])) if separator is not None else None
        if second is None or second.month is None or second.first != second.last or not self._named_month(second):
            return None
        try:
            first, ahead = second.first.replace(day=int(day.value)), second.following
            begins = ahead[0].replace(day=int(day.value)) if ahead is not None else None
        except ValueError:
            return None
        if first > second.last:
            return None
        future = Absolute(start=begins, end=ahead[1]) if begins is not None and ahead is not None and begins != first else None
        return TimeSpan(start, second.end, "window", Absolute(start=first, end=second.last), future)

    def _named_month(self, period: Period) -> bool:
        """Whether the month of a date was said by its name."""
        place = period.start
        while place < period.end:
            if time_words().month_names.match(self.text, place) is not None:
                return True
            place += 1
        return False

    def _counts(self, place: int) -> bool:
        """Whether a count of units begins here: 4月前4天 is no 4月前."""
        return counted_units(self.text, place, True) is not None

    def _joined(self, period: Period, opened: bool) -> Period | None:
        """The second stretch of a range, when one follows."""
        tables, text = time_words(), self.text
        place = skip_spaces(text, period.end)
        begun = tables.bounds_after.match(text, place)
        place = skip_spaces(text, begun[0]) if begun is not None and begun[1] == "since" else place
        for table in (tables.separators, tables.conjunctions) if opened else (tables.separators,):
            separator = table.match(text, place)
            if separator is not None:
                return self._period(skip_spaces(text, separator[0]), True, period)
        return None

    def _bounded(self, start: int, meaning: str | None, period: Period) -> TimeSpan | None:
        tables, text = time_words(), self.text
        second = self._joined(period, meaning == "range") if meaning in (None, "range", "in") else None
        if second is not None:
            return self._range(start, period, second, meaning == "range")
        behind = tables.bounds_after.match(text, skip_spaces(text, period.end))
        if behind is not None and behind[1] == "before" and self._counts(behind[0]):
            return None
        if behind is not None and behind[1] == "since" and meaning in (None, "range", "in") and period.first == period.last:
            counted = counted_units(text, behind[0], False)
            inside = tables.suffixes.match(text, counted.end) if counted is not None else None
            if counted is not None and counted.doubt is None and inside is not None and inside[1] == "inside":
                return self._counted_on(start, inside[0], period, counted)
        end = period.end
        if (
            behind is not None
            and meaning in (None, "range", "in")
            and not (behind[1] == "before" and period.relative and period.relative[1] > 0)
        ):
            meaning, end = behind[1], behind[0]
        elif behind is not None and meaning == behind[1]:
            end = behind[0]
        elif meaning == "range":
            return None
        else:
            whole = tables.whole.match(text, skip_spaces(text, end))
            if whole is not None and (meaning is None or meaning == "in"):
                end = whole[0]
        future = None
        if period.following is not None and period.following != (period.first, period.last):
            future = self._edge(meaning, *period.following)
        future = future or self._ahead(meaning, period)
        yearly = period.yearly if meaning in (None, "in") else None
        window = self._edge(meaning, period.first, period.last)
        if period.relative is not None:
            unit, first, _ = period.relative
            if meaning in (None, "in"):
                window = period.window
            elif meaning == "since" and first <= 0:
                window = Calendar(unit=unit, first=first, last=0)
        ahead = period.relative[1] > 0 if period.relative is not None else period.from_today and period.first > self.today
        return TimeSpan(start, end, "window", window, future, yearly, assumption=period.assumption, doubt=period.doubt, future=ahead)

    def _ahead(self, meaning: str | None, period: Period) -> TimeWindow | None:
        """Before or by a day still to come, said of future things: from tomorrow on."""
        if meaning not in ("before", "by"):
            return None
        first, last = period.following or (period.first, period.last)
        edge = next_day(first, -1) if meaning == "before" else last
        begin = next_day(self.as_of)
        return Absolute(start=begin, end=edge) if begin <= edge else None

    def _edge(self, meaning: str | None, first: date, last: date) -> TimeWindow | None:
        match meaning:
            case "since":
                return Absolute(start=first)
            case "before":
                return Absolute(end=next_day(first, -1))
            case "after":
                return Absolute(start=next_day(last))
            case "by":
                return Absolute(end=last)
            case _:
                return Absolute(start=first, end=last)

    def _range(self, start: int, first: Period, second: Period, opened: bool) -> TimeSpan | None:
        tables, ahead = time_words(), self._range_ahead(first, second, opened)
        if first.year is None and first.relative is None and not first.from_today and second.year is not None:
            first = replace(self.almanac, today=second.last).period(self.text, first.start) or first
        end = second.end
        for table in (tables.range_closers, tables.whole, tables.bounds_after):
            closing = table.match(self.text, skip_spaces(self.text, end))
            if closing is not None and (table is not tables.bounds_after or closing[1] == "by"):
                end = closing[0]
                break
        if first.relative is not None and second.relative is not None and first.relative[0] == second.relative[0]:
            unit, low, high = first.relative[0], first.relative[1], second.relative[2]
            return TimeSpan(start, end, "window", Calendar(unit=unit, first=low, last=high)) if low <= high else None
        if first.first > second.last:
            return TimeSpan(start, end, "window", Absolute(start=second.first, end=first.last), doubt="period_descends")
        return TimeSpan(
            start, end, "window", Absolute(start=first.first, end=second.last), ahead, assumption=first.assumption or second.assumption,
            doubt=first.doubt or second.doubt,
        )  # fmt: skip

    def _range_ahead(self, first: Period, second: Period, opened: bool) -> Absolute | None:
        """The range without a year said of future things: the next one, when this one is over."""
        if first.following is None or second.year is not None or second.last >= self.today:
            return None
        begun = replace(first, first=first.following[0], last=first.following[1])
        until = self._joined(begun, opened)
        return Absolute(start=begun.first, end=until.last) if until is not None and begun.first <= until.last else None


def read_windows(text: str, as_of: date, today: date, holidays: Holidays | None = None, taken: Sequence[Span] = ()) -> tuple[TimeSpan, ...]:
    """All phrases of time of a normalised text, left to right, longest first, not overlapping, a preposition in front included.

    `as_of`: the last complete day of the data; `today`: the day the words are said. `holidays`: what people call a holiday -> its occurrences.
    """
    tables = time_words()
    visible = mask(text, taken)
    reader = _Reader(visible, as_of, today, holidays or {})
    found: list[TimeSpan] = []
    place = 0
    while place < len(visible):
        if visible[place] == " " or inside_word(visible, place) or not reader.may_begin(place):
            place += 1
            continue
        span = reader.span_at(place)
        inner = [reader.span_at(skip_spaces(visible, end)) for end, _ in tables.openers.matches(visible, place)]
        behind = [one for one in inner if one is not None]
        opened = max(behind, key=lambda one: (one.end, -one.start), default=None)  # in | the last month: "the" makes it a rolling one
        joins = opened is not None and opened.kind in ("window", "each_of") and not opened.negatable
        if opened is not None and joins and (span is None or opened.end > span.end):
            span = replace(opened, start=place)
        if span is None:
            blocked = tables.not_times.match(visible, place)
            place = blocked[0] if blocked is not None else place + 1
            continue
        if found and {found[-1].kind, span.kind} == {"window"} and _part_of(visible, found[-1].end, span.start):
            found[-1] = replace(found[-1], doubt=found[-1].doubt or "part_of_period")
            span = replace(span, doubt=span.doubt or "part_of_period")
        if found and (both := _both_bounds(visible, found[-1], span)) is not None:
            found[-1] = both
        else:
            found.append(span)
        place = span.end
    return tuple(found)


def _both_bounds(text: str, left: TimeSpan, right: TimeSpan) -> TimeSpan | None:
    """2010年之后2018年之前: one stretch, when only a connective stands between its beginning and its end."""
    between = text[left.end : right.start].strip(" ")
    if between and between not in time_words().connectives:
        return None
    first, last = left.window, right.window
    if not (isinstance(first, Absolute) and isinstance(last, Absolute) and left.doubt is None and right.doubt is None):
        return None
    if first.start is None or first.end is not None or last.start is not None or last.end is None or first.start > last.end:
        return None
    if left.future_window is not None or right.future_window is not None:
        return None
    return replace(left, end=right.end, window=Absolute(start=first.start, end=last.end), future_window=None)


def _part_of(text: str, end: int, start: int) -> bool:
    """Whether two phrases of time are joined as a part and its whole (the last week of July), which no window says."""
    between = text[end:start].strip(" ")
    joiners = plain_words(lambda times: times.part_joiners)
    return between in joiners.meanings or (not between and joiners.match(text, skip_spaces(text, start)) is not None)
