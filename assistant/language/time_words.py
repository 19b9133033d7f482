"""The words of time of all locales as tables, and what a phrase of time comes to. Law: words stand in `grammar.yaml`; `times` and `durations` read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from assistant.language.words import Phrases, by_word, grammars, merged, merged_list, numeral_pieces, plain_words
from assistant.rule.tree import DayKind, Snapshot
from assistant.rule.window import Calendar, RestOf, TimeWindow, Unit, Yearly

Kind = Literal["window", "snapshot", "each_of", "per_unit", "compare", "day_kind"]


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """[start, end) of the normalised text.

    window: `window` for past things, `future_window` where future things differ, `yearly_window` for birthdays; `window` None is "recently".
    snapshot: a point of time (上月末). each_of: every unit of `window` (连续3个月). per_unit: 每月, per week, in `unit`.
    compare: against the same window one year, quarter, month or week (`unit`), ten days (`unit` day) or its own length (`unit` None) earlier; with a `window` against the unit before (the month before). day_kind: 周末, 工作日, 节假日.
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
class TimeWords:
    """The tables, each named after its part of the grammar."""

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
    year_end_before: Phrases[bool]
    year_end_behind: Phrases[bool]
    year_words: Phrases[bool]
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
            unit_back: Unit | None = "day" if period == "ten_days" else None if period == "period" else period
            found |= dict.fromkeys(words, TimeSpan(0, 0, "compare", unit=unit_back))
        for parts in times.as_long_before:
            said = ((" " if part[0].isascii() else "").join(part) for part in product(*parts))
            found |= dict.fromkeys(said, TimeSpan(0, 0, "compare"))
        for unit, words in times.unit_before.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "compare", Calendar(unit=unit, first=-1, last=-1), unit=unit))
        for unit, words in times.per_unit.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "per_unit", unit=unit))
        for day_kind, words in times.day_kinds.items():
            found |= dict.fromkeys(words, TimeSpan(0, 0, "day_kind", day_kind=day_kind))
        found |= dict.fromkeys(times.recently, TimeSpan(0, 0, "window", assumption="recently"))
    return found


@lru_cache(maxsize=1)
def time_words() -> TimeWords:
    """The tables of all locales together."""
    prefixes: dict[str, tuple[str, ...]] = {}
    for times in (grammar.times for grammar in grammars().values()):
        named = {
            "rolling": times.rolling, "full": times.full_units, "consecutive": times.consecutive, "future": times.future, "spent": times.spent,
            "more_ago": times.more_ago, "less_ago": times.less_ago, "within": times.within,
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
    return TimeWords(
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
        year_end_before=plain_words(lambda times: times.year_end_before),
        year_end_behind=plain_words(lambda times: times.year_end_behind),
        year_words=plain_words(lambda times: times.year_words),
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
def beginnings() -> Phrases[bool]:
    """Every word that a phrase of time can begin with."""
    words = set(numeral_pieces().meanings)
    for grammar in grammars().values():
        words.update(_words(grammar.times.model_dump()), grammar.ranges.opening)
    return Phrases(dict.fromkeys(words, True))
