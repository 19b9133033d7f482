"""Phrases of time -> windows. Law: MEANING.md "Time: two dates"; a window stays relative where the words are, and what words leave open is doubted.

Three shapes: fixed phrases (上月末, year to date), a count of units (近30天, 3 months ago, 未来7天), and named stretches alone, joined or bounded
(9月1日至15日, since January, 国庆之前). The caller knows the tense: where past and future differ, both windows are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from assistant.language.dates import Holidays, Period, by_word, next_day, plain_words
from assistant.language.figures import is_figure
from assistant.language.numbers import Span, mask
from assistant.language.numerals import read_numeral
from assistant.language.weeks import Almanac
from assistant.language.words import Phrases, grammars, inside_word, is_latin, merged, merged_list, numeral_pieces, skip_spaces
from assistant.rule.tree import DayKind, Snapshot
from assistant.rule.window import Absolute, Ago, Calendar, Future, RestOf, Rolling, TimeWindow, Unit, Yearly, shift, unit_start

Kind = Literal["window", "snapshot", "each_of", "per_unit", "compare", "day_kind"]

_MOST: Mapping[Unit, int] = {"day": 36500, "week": 5200, "month": 1200, "quarter": 400, "half_year": 200, "year": 100}
"""A century either way; longer counts are not times."""
_FORTNIGHT = 15


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """[start, end) of the normalised text.

    window: `window` for past things, `future_window` where future things differ, `yearly_window` for birthdays; `window` None is "recently".
    snapshot: a point of time (上月末). each_of: every unit of `window` (连续3个月). per_unit: 每月, per week, in `unit`.
    compare: against the same window one year (`unit` year) or its own length (`unit` None) earlier. day_kind: 周末, 工作日, 节假日.
    `future`: the words themselves speak of the future. `negatable`: a bare length of time before or after a denial (90天未登录, for 90 days).
    """

    start: int
    end: int
    kind: Kind
    window: TimeWindow | None = None
    future_window: TimeWindow | None = None
    yearly_window: Yearly | None = None
    snapshot: Snapshot | None = None
    unit: Unit | None = None
    day_kind: DayKind | None = None
    assumption: str | None = None
    doubt: str | None = None
    future: bool = False
    negatable: bool = False


@dataclass(frozen=True, slots=True)
class _Counted:
    """A count of units: its end, how many, of what, and what stood between."""

    end: int
    n: int
    unit: Unit
    full: bool = False
    consecutive: bool = False
    short: bool = False
    assumption: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Tables:
    fixed: Phrases[TimeSpan]
    units: Phrases[Unit]
    short_units: Phrases[Unit]
    full_named: Phrases[Unit]
    other_units: Phrases[bool]
    many_years: Phrases[int]
    half: Phrases[bool]
    half_of: Phrases[Unit]
    full: Phrases[bool]
    consecutive_inside: Phrases[bool]
    articles: Phrases[int]
    prefixes: Phrases[tuple[str, ...]]
    alone: Phrases[bool]
    suffixes: Phrases[str]
    without: Phrases[bool]
    weekends: Phrases[int]
    bounds_before: Phrases[str]
    bounds_after: Phrases[str]
    day_words: Phrases[bool]
    month_names: Phrases[int]
    openers: Phrases[bool]
    year_openers: Phrases[bool]
    whole: Phrases[bool]
    separators: Phrases[bool]
    conjunctions: Phrases[bool]
    range_openers: Phrases[bool]
    range_closers: Phrases[bool]
    this_or_past: Phrases[bool]
    starting_at: Phrases[bool]
    starting_for: Phrases[bool]
    connectives: frozenset[str]
    not_times: Phrases[bool]


def _fixed() -> Mapping[str, TimeSpan]:
    found: dict[str, TimeSpan] = {}
    for times in (grammar.times for grammar in grammars().values()):
        for unit, words in times.to_date.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "window", Calendar(unit=unit, first=0, last=0)))
        for unit, spans in times.calendar_spans.items():
            for word, (first, last) in spans.items():
                found[word] = TimeSpan(0, 0, "window", Calendar(unit=unit, first=first, last=last))
        for point, offsets in times.snapshots.items():
            found |= {word: TimeSpan(0, 0, "snapshot", snapshot=Snapshot(unit=point, offset=offset)) for word, offset in offsets.items()}
        year_start = TimeSpan(0, 0, "snapshot", snapshot=Snapshot(unit="year", offset=-1), assumption="year_start_is_last_year_end")
        found |= dict.fromkeys(times.year_start, year_start)
        for point, words in times.unit_end.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "snapshot", snapshot=Snapshot(unit=point, offset=-1), doubt="which_unit_end"))
        for unit, offsets in times.rest_of.items():
            for word, offset in offsets.items():
                past = Calendar(unit=unit, first=offset, last=offset)
                found[word] = TimeSpan(0, 0, "window", past, RestOf(unit=unit, offset=offset))
        for period, words in times.compare.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "compare", unit="year" if period == "year" else None))
        for unit, words in times.per_unit.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "per_unit", unit=unit))
        for day_kind, words in times.day_kinds.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "day_kind", day_kind=day_kind))
        found |= dict.fromkeys(times.recently, TimeSpan(0, 0, "window", assumption="recently"))
    return found


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    prefixes: dict[str, tuple[str, ...]] = {}
    for times in (grammar.times for grammar in grammars().values()):
        named = {
            "rolling": times.rolling, "full": times.full_units, "consecutive": times.consecutive, "future": times.future, "spent": times.spent,
            "more_ago": times.more_ago, "within": times.within,
        }  # fmt: skip
        for meaning, words in named.items():
            for word in words:
                prefixes[word] = (*prefixes.get(word, ()), meaning)
    suffixes = {word: "inside" for grammar in grammars().values() for word in grammar.times.inside}
    suffixes |= {word: "until_now" for grammar in grammars().values() for word in grammar.times.until_now}
    suffixes |= {word: "ago" for grammar in grammars().values() for word in grammar.times.ago}
    suffixes |= {word: "long_ago" for grammar in grammars().values() for word in grammar.times.long_ago}
    suffixes |= {word: "later" for grammar in grammars().values() for word in grammar.times.later}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for times in (grammar.times for grammar in grammars().values()):
        before |= dict.fromkeys(times.since_before, "since") | dict.fromkeys(times.before_before, "before")
        before |= dict.fromkeys(times.after_before, "after") | dict.fromkeys(times.by_before, "by")
        after |= dict.fromkeys(times.since_after, "since") | dict.fromkeys(times.before_after, "before")
        after |= dict.fromkeys(times.after_after, "after") | dict.fromkeys(times.by_after, "by")
    return _Tables(
        fixed=Phrases(_fixed()),
        units=by_word(lambda times: times.units),
        short_units=by_word(lambda times: times.short_units),
        full_named=by_word(lambda times: times.full_named),
        other_units=plain_words(lambda times: times.other_units),
        many_years=merged(lambda grammar: grammar.times.many_years),
        half=plain_words(lambda times: times.half),
        half_of=by_word(lambda times: times.half_of),
        full=plain_words(lambda times: times.full),
        consecutive_inside=plain_words(lambda times: times.consecutive_inside),
        articles=merged(lambda grammar: grammar.numerals.articles),
        prefixes=Phrases(prefixes),
        alone=plain_words(lambda times: times.rolling_alone),
        suffixes=Phrases(suffixes),
        without=plain_words(lambda times: times.without),
        weekends=merged(lambda grammar: grammar.times.weekends),
        bounds_before=Phrases(before),
        bounds_after=Phrases(after),
        day_words=plain_words(lambda times: times.day_words),
        month_names=merged(lambda grammar: grammar.times.month_names),
        openers=plain_words(lambda times: times.openers),
        year_openers=plain_words(lambda times: times.year_openers),
        whole=plain_words(lambda times: times.whole),
        separators=merged_list(lambda grammar: grammar.ranges.between),
        conjunctions=merged_list(lambda grammar: grammar.ranges.needs_opening),
        range_openers=merged_list(lambda grammar: grammar.ranges.opening),
        range_closers=merged_list(lambda grammar: grammar.ranges.closing),
        this_or_past=plain_words(lambda times: times.this_or_past),
        starting_at=plain_words(lambda times: times.starting_at),
        starting_for=plain_words(lambda times: times.starting_for),
        connectives=frozenset(merged_list(lambda grammar: grammar.ranges.connectives).meanings),
        not_times=plain_words(lambda times: times.not_times),
    )


def _unit_end(text: str, place: int, short: bool) -> tuple[int, Unit, bool, bool] | None:
    """(end, unit, full, short) of a unit of time: 个月, full months, and after a word of time 月."""
    tables = _tables()
    full = tables.full.match(text, place)
    start = skip_spaces(text, full[0]) if full else place
    named = tables.full_named.match(text, start)
    unit = tables.units.match(text, start)
    other = tables.other_units.match(text, start)
    if other is not None and other[0] > max(found[0] if found else 0 for found in (named, unit)):
        return None
    if named is not None and (unit is None or named[0] >= unit[0]):
        return named[0], named[1], True, False
    if unit is not None:
        return unit[0], unit[1], full is not None, False
    brief = tables.short_units.match(text, start) if short else None
    return (brief[0], brief[1], full is not None, True) if brief is not None else None


def _counted(text: str, place: int, prefixed: bool) -> _Counted | None:
    """30天, 半年, three full months, a week (only after a word of time), 1年半."""
    tables = _tables()
    half = tables.half.match(text, place)
    if half is not None:
        part = tables.half_of.match(text, skip_spaces(text, half[0]))
        if part is not None:
            if part[1] == "month":
                return _Counted(part[0], _FORTNIGHT, "day", assumption="half_month")
            return _Counted(part[0], 1, part[1])
    numeral = read_numeral(text, place, tail=False) if text[place : place + 1] != "0" else None
    article = tables.articles.match(text, place) if prefixed else None
    if numeral is not None:
        end, value = numeral.end, numeral.high if numeral.low is not None else numeral.value
        vague = numeral.low is not None
    elif article is not None:
        end, value, vague = article[0], None, False
    else:
        return None
    n = 1 if value is None else int(value)
    if (value is not None and value % 1) or n < 1 or (numeral is not None and numeral.doubt is not None):
        return None
    start = skip_spaces(text, end)
    inside = tables.consecutive_inside.match(text, start)
    if inside is not None:
        start = skip_spaces(text, inside[0])
    unit = _unit_end(text, start, prefixed)
    if unit is None and (many := tables.many_years.match(text, start)) is not None:
        unit, n = (many[0], "year", False, False), n * many[1]
    if unit is None:
        return None
    if n > _MOST[unit[1]]:
        return None
    found = _Counted(unit[0], n, unit[1], unit[2], inside is not None, unit[3], doubt="approximate_count" if vague else None)
    after = tables.consecutive_inside.match(text, skip_spaces(text, found.end))
    if after is not None and inside is None and is_latin(text[after[0] - 1]):
        found = replace(found, end=after[0], consecutive=True)
    more = tables.half.match(text, found.end)
    if more is not None and unit[1] == "year" and not is_latin(text[more[0] - 1]):
        return replace(found, end=more[0], unit="half_year", n=n * 2 + 1)
    return found


def _ago(start: int, end: int, counted: _Counted, certain: bool) -> TimeSpan:
    snapshot = Snapshot(unit=counted.unit, offset=-counted.n) if counted.unit in ("month", "quarter", "year") and counted.n <= 60 else None
    doubt = counted.doubt or (None if certain else "day_or_before")
    return TimeSpan(
        start, end, "window", Ago(unit=counted.unit, nearest=counted.n), snapshot=snapshot, doubt=doubt, assumption=counted.assumption
    )


def _whole_units(counted: _Counted) -> Calendar:
    return Calendar(unit=counted.unit, first=-counted.n, last=-1)


def _count_span(text: str, start: int, meaning: str | None, counted: _Counted) -> TimeSpan | None:
    """What a count of units means after a word in front (`meaning`) and with the words behind it."""
    tables = _tables()
    suffix = tables.suffixes.match(text, skip_spaces(text, counted.end))
    tail = suffix[1] if suffix is not None else None
    closed = suffix[0] if suffix is not None and tail in ("inside", "until_now") else counted.end
    rolling = Rolling(unit=counted.unit, n=counted.n)
    future = Future(unit=counted.unit, n=counted.n)
    window = TimeSpan(start, closed, "window", rolling, assumption=counted.assumption, doubt=counted.doubt)
    two_digits = counted.unit == "year" and 10 <= counted.n <= 99 and not is_latin(text[counted.end - 1])
    if suffix is not None and tail in ("ago", "long_ago") and meaning in (None, "more_ago"):
        counted = replace(counted, doubt=counted.doubt or ("year_or_count" if two_digits and meaning is None else None))
        certain = meaning == "more_ago" or tail == "long_ago" or text[skip_spaces(text, counted.end) : suffix[0]] in _long_ago()
        return _ago(start, suffix[0], counted, certain)
    if suffix is not None and tail == "later" and meaning is None:
        return TimeSpan(start, suffix[0], "window", None, future, doubt="after_count", future=True)
    if counted.consecutive or meaning == "consecutive":
        if meaning == "consecutive" and is_latin(text[start]) and not counted.consecutive and not text.startswith(("each", "every"), start):
            return None
        if tables.without.match(text, skip_spaces(text, closed)) is not None:
            whole = counted.unit not in ("day", "week")
            return replace(window, window=_whole_units(counted) if whole else rolling, negatable=True)
        if counted.unit in ("day", "week"):
            return replace(window, kind="each_of", doubt=counted.doubt or "any_or_last")
        return replace(window, kind="each_of", window=_whole_units(counted))
    match meaning:
        case "rolling":
            if counted.full:
                return replace(window, window=_whole_units(counted))
            if (
                tail is None
                and counted.n == 1
                and counted.unit not in ("day", "week")
                and text[start : start + 1] in tables.this_or_past.meanings
            ):
                return replace(window, doubt=counted.doubt or "this_or_past")
            return window
        case "full":
            doubt = "first_or_previous" if counted.short else counted.doubt
            return replace(window, window=_whole_units(counted), doubt=doubt)
        case "future":
            return replace(window, window=future, future_window=future, future=True)
        case "within":
            return replace(window, future_window=future)
        case "spent":
            follows = tables.without.match(text, skip_spaces(text, closed))
            if follows is None and not is_latin(text[start]):
                return None
            if is_latin(text[start]) and text.startswith("more", start):
                return None
            forward = future if text.startswith("in ", start) else None
            return replace(window, future_window=forward, negatable=True)
        case None:
            if tail == "inside":
                return replace(window, future_window=future)
            if tail == "until_now":
                return window
            if tables.without.match(text, skip_spaces(text, counted.end)) is not None:
                return replace(window, negatable=True)
    return None


@lru_cache(maxsize=1)
def _long_ago() -> frozenset[str]:
    return frozenset(plain_words(lambda times: times.long_ago).meanings)


def _words(value: object) -> Iterator[str]:
    """The words of a part of the grammar: in lists, and as keys where no list or further keys stand behind them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            inner = list(_words(item))
            yield from inner or (key,)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _words(item)


@lru_cache(maxsize=1)
def _beginnings() -> Phrases[bool]:
    """Every word that a phrase of time can begin with."""
    words = set(numeral_pieces().meanings)
    for grammar in grammars().values():
        words.update(_words(grammar.times.model_dump()), grammar.ranges.opening)
    return Phrases(dict.fromkeys(words, True))


class _Reader:
    """One text at one pair of dates."""

    def __init__(self, text: str, as_of: date, today: date, holidays: Holidays) -> None:
        self.text, self.as_of, self.today = text, as_of, today
        self.almanac = Almanac(as_of, today, holidays)
        self.holiday_names = tuple(name for name in holidays if name)

    def may_begin(self, place: int) -> bool:
        """Whether a word that any phrase of time begins with stands at `place`; most places need no reading."""
        text = self.text
        return is_figure(text[place]) or _beginnings().match(text, place) is not None or text.startswith(self.holiday_names, place)

    def span_at(self, place: int) -> TimeSpan | None:
        """The longest phrase of time that begins at `place`; the surer of two of one length."""
        found = [
            span
            for span in (self._fixed(place), self._weekend(place), self._named(place), self._count(place), self._from_day(place))
            if span is not None
        ]
        best = max(found, key=lambda span: span.end, default=None)
        blocked = _tables().not_times.match(self.text, place)
        return None if best is None or (blocked is not None and blocked[0] >= best.end) else best

    def _fixed(self, place: int) -> TimeSpan | None:
        found = _tables().fixed.match(self.text, place)
        return None if found is None else replace(found[1], start=place, end=found[0])

    def _weekend(self, place: int) -> TimeSpan | None:
        found = _tables().weekends.match(self.text, place)
        if found is None:
            return None
        monday = unit_start(self.today, "week") + timedelta(days=7 * found[1])
        return TimeSpan(
            place, found[0], "window", Absolute(start=monday + timedelta(days=5), end=monday + timedelta(days=6)), future=found[1] > 0
        )

    def _count(self, place: int) -> TimeSpan | None:
        tables, text = _tables(), self.text
        best: TimeSpan | None = None
        for end, meanings in tables.prefixes.matches(text, place):
            begin = skip_spaces(text, end)
            counted = _counted(text, begin, True)
            if counted is None and tables.alone.match(text, place) == (end, True) and (unit := _unit_end(text, begin, False)) is not None:
                counted = _Counted(unit[0], 1, unit[1], unit[2])
            for meaning in meanings if counted is not None else ():
                span = _count_span(text, place, meaning, counted) if counted is not None else None
                if span is not None and (best is None or span.end > best.end):
                    best = span
            other = self._other_units(place, begin, meanings)
            best = other if other is not None and (best is None or other.end > best.end) else best
        other = self._other_units(place, place, ())
        best = other if other is not None and (best is None or other.end > best.end) else best
        plain = _counted(text, place, False)
        span = _count_span(text, place, None, plain) if plain is not None and not self._inside_number(place) else None
        return span if span is not None and (best is None or span.end > best.end) else best

    def _from_day(self, place: int) -> TimeSpan | None:
        """A count of units from a day on: 3 days starting next Monday, for a week from May 20."""
        tables, text = _tables(), self.text
        opener = tables.starting_for.match(text, place)
        counted = _counted(text, skip_spaces(text, opener[0]) if opener else place, True) if not self._inside_number(place) else None
        if counted is None or counted.doubt is not None:
            return None
        begin = skip_spaces(text, counted.end)
        begin = skip_spaces(text, begin + 1) if text[begin : begin + 1] == "," else begin
        word = tables.starting_at.match(text, begin) or (tables.range_openers.match(text, begin) if opener else None)
        day = self._period(skip_spaces(text, word[0])) if word is not None else None
        return self._counted_on(place, day.end, day, counted) if day is not None and day.first == day.last else None

    def _counted_on(self, start: int, end: int, day: Period, counted: _Counted) -> TimeSpan:
        """The window of `counted` units that begins on `day`."""

        def window(first: date) -> Absolute:
            return Absolute(start=first, end=next_day(shift(first, counted.unit, counted.n), -1))

        future = window(day.following[0]) if day.following is not None and day.following[0] != day.first else None
        return TimeSpan(
            start, end, "window", window(day.first), future, assumption=counted.assumption, doubt=day.doubt, future=day.first > self.today
        )

    def _other_units(self, start: int, place: int, meanings: Sequence[str]) -> TimeSpan | None:
        """近5个工作日, 24小时内: counts that no window holds, asked about."""
        tables, text = _tables(), self.text
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
        tables, text = _tables(), self.text
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
        tables, text = _tables(), self.text
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
            if _tables().month_names.match(self.text, place) is not None:
                return True
            place += 1
        return False

    def _counts(self, place: int) -> bool:
        """Whether a count of units begins here: 4月前4天 is no 4月前."""
        return _counted(self.text, place, True) is not None

    def _joined(self, period: Period, opened: bool) -> Period | None:
        """The second stretch of a range, when one follows."""
        tables, text = _tables(), self.text
        place = skip_spaces(text, period.end)
        begun = tables.bounds_after.match(text, place)
        place = skip_spaces(text, begun[0]) if begun is not None and begun[1] == "since" else place
        for table in (tables.separators, tables.conjunctions) if opened else (tables.separators,):
            separator = table.match(text, place)
            if separator is not None:
                return self._period(skip_spaces(text, separator[0]), True, period)
        return None

    def _bounded(self, start: int, meaning: str | None, period: Period) -> TimeSpan | None:
        tables, text = _tables(), self.text
        second = self._joined(period, meaning == "range") if meaning in (None, "range", "in") else None
        if second is not None:
            return self._range(start, period, second, meaning == "range")
        behind = tables.bounds_after.match(text, skip_spaces(text, period.end))
        if behind is not None and behind[1] == "before" and self._counts(behind[0]):
            return None
        if behind is not None and behind[1] == "since" and meaning in (None, "range", "in") and period.first == period.last:
            counted = _counted(text, behind[0], False)
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
        tables, ahead = _tables(), self._range_ahead(first, second, opened)
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
    tables = _tables()
    visible = mask(text, taken)
    reader = _Reader(visible, as_of, today, holidays or {})
    found: list[TimeSpan] = []
    place = 0
    while place < len(visible):
        if visible[place] == " " or inside_word(visible, place) or not reader.may_begin(place):
            place += 1
            continue
        span = reader.span_at(place)
        opener = tables.openers.match(visible, place)
        opened = reader.span_at(skip_spaces(visible, opener[0])) if opener is not None else None
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
    if between and between not in _tables().connectives:
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
