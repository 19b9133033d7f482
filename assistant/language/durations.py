"""Counts of units of time -> windows: 近30天, 3 months ago, 未来7天, 连续3个月, 1年半. Law: MEANING.md "Time: two dates"; what is no count is not read.

The word in front and the words behind say what a count means; alone, with nothing around it, it means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.language.numerals import read_numeral
from assistant.language.time_words import TimeSpan, time_words
from assistant.language.words import is_latin, plain_words, skip_spaces
from assistant.rule.tree import Snapshot
from assistant.rule.window import Ago, Calendar, Future, Rolling, Unit

_MOST: Mapping[Unit, int] = {"day": 36500, "week": 5200, "month": 1200, "quarter": 400, "half_year": 200, "year": 100}
"""A century either way; longer counts are not times."""
_FORTNIGHT = 15


@dataclass(frozen=True, slots=True)
class Counted:
    """A count of units: its end, how many, of what, and what stood between."""

    end: int
    n: int
    unit: Unit
    full: bool = False
    consecutive: bool = False
    short: bool = False
    assumption: str | None = None
    doubt: str | None = None


def unit_end(text: str, place: int, short: bool) -> tuple[int, Unit, bool, bool] | None:
    """(end, unit, full, short) of a unit of time: 个月, full months, and after a word of time 月."""
    tables = time_words()
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


def counted_units(text: str, place: int, prefixed: bool) -> Counted | None:
    """30天, 半年, three full months, 1年半 at `place`; `prefixed`: behind a word of time, where a week and 3月 count too."""
    tables = time_words()
    half = tables.half.match(text, place)
    if half is not None:
        part = tables.half_of.match(text, skip_spaces(text, half[0]))
        if part is not None:
            if part[1] == "month":
                return Counted(part[0], _FORTNIGHT, "day", assumption="half_month")
            return Counted(part[0], 1, part[1])
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
    unit = unit_end(text, start, prefixed)
    if unit is None and (many := tables.many_years.match(text, start)) is not None:
        unit, n = (many[0], "year", False, False), n * many[1]
    if unit is None:
        return None
    if n > _MOST[unit[1]]:
        return None
    found = Counted(unit[0], n, unit[1], unit[2], inside is not None, unit[3], doubt="approximate_count" if vague else None)
    after = tables.consecutive_inside.match(text, skip_spaces(text, found.end))
    if after is not None and inside is None and is_latin(text[after[0] - 1]):
        found = replace(found, end=after[0], consecutive=True)
    more = tables.half.match(text, found.end)
    if more is not None and unit[1] == "year" and not is_latin(text[more[0] - 1]):
        return replace(found, end=more[0], unit="half_year", n=n * 2 + 1)
    return found


def _ago(start: int, end: int, counted: Counted, certain: bool) -> TimeSpan:
    snapshot = Snapshot(unit=counted.unit, offset=-counted.n) if counted.unit in ("month", "quarter", "year") and counted.n <= 60 else None
    doubt = counted.doubt or (None if certain else "day_or_before")
    return TimeSpan(
        start, end, "window", Ago(unit=counted.unit, nearest=counted.n), snapshot=snapshot, doubt=doubt, assumption=counted.assumption
    )


def _whole_units(counted: Counted) -> Calendar:
    return Calendar(unit=counted.unit, first=-counted.n, last=-1)


def count_span(text: str, start: int, meaning: str | None, counted: Counted) -> TimeSpan | None:
    """What a count of units means after a word in front (`meaning`) and with the words behind it."""
    tables = time_words()
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
    if meaning == "less_ago":
        return replace(window, end=suffix[0]) if suffix is not None and tail in ("ago", "long_ago") else None
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
