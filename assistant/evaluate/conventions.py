"""Where other suites mean something else by the same words. Law: a convention is a rule about words or readings, never about one phrase; it says why.

A rule looks at what was expected and at what was read, and holds only for the difference it names; whatever it does not cover stays a disagreement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from assistant.language.comparisons import Comparison
from assistant.language.numbers import Quantity
from assistant.language.times import TimeSpan, read_windows
from assistant.language.words import grammars, merged_list
from assistant.rule.window import Ago, Future, RestOf, Rolling, Unit, resolve, unit_end, unit_start

Ends = tuple[Decimal | None, Decimal | None]
Days = tuple[date | None, date | None]

_DAY = timedelta(days=1)
_NAMED: tuple[Unit, ...] = ("week", "month", "year")
"""The units an end of a period is named in."""


@dataclass(frozen=True, slots=True)
class Case:
    """One phrase: [start, end) of the folded `text` is what is to be read, on `today` where it is a time.

    `values`: the number, or both ends of a range, None where it is open; `days`: first and last day. `closed`: which ends of a range belong to it.
    `quantities`, `comparisons`, `windows`: what the readers found there.
    """

    kind: str
    language: str
    text: str
    start: int
    end: int
    values: tuple[Decimal | None, ...] = ()
    days: Days = (None, None)
    closed: tuple[bool, bool] = (True, True)
    today: date = date.min
    quantities: tuple[Quantity, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    windows: tuple[TimeSpan, ...] = ()

    @property
    def span(self) -> str:
        """The words to be read."""
        return self.text[self.start : self.end]

    def resolved(self, as_of: date | None = None) -> Iterator[tuple[TimeSpan, Days]]:
        """Every window found with its days, said of the past and of the future."""
        last = as_of or self.today - _DAY
        for span in self.windows:
            for window in (span.window, span.future_window):
                if window is not None:
                    for tense in ("past", "future"):
                        found = resolve(window, last, self.today, "past" if tense == "past" else "future")
                        yield span, (found.start, found.end)


@dataclass(frozen=True, slots=True)
class Convention:
    """A difference that is none of reading: `kinds` of phrases it is about, why ours is as it is, and when it holds."""

    code: str
    kinds: tuple[str, ...]
    reason: str
    holds: Callable[[Case], bool]


def covers(case: Case) -> bool:
    """Whether one reading takes in the whole of the words, so that nothing of them would be asked about."""
    items: Sequence[Quantity | Comparison | TimeSpan] = case.quantities
    if case.kind in ("period", "range"):
        items = case.windows if case.kind == "period" else case.comparisons
    return any(item.start <= case.start + _opening(case) and case.end <= item.end and item.doubt is None for item in items)


def _opening(case: Case) -> int:
    """The length of prepositions and articles the words begin with, which belong to no reading."""
    found = re.match(r"(?:the|from|between|in|on|at|for|在|从|于|自) ?", case.span)
    return found.end() if found is not None else 0


def _said(pattern: str) -> Callable[[Case], bool]:
    compiled = re.compile(pattern)
    return lambda case: compiled.search(case.span) is not None


def _unread(pattern: str) -> Callable[[Case], bool]:
    """The words are there, and they are not taken for granted: read in part, doubted, or not at all."""
    said = _said(pattern)
    return lambda case: said(case) and not covers(case)


def _in_date(case: Case) -> bool:
    today = date(2026, 1, 1)
    windows = read_windows(case.text, today - _DAY, today)
    return not case.quantities and any(span.start <= case.start and case.end <= span.end for span in windows)


def _times_a_group(case: Case) -> bool:
    by = next((size for words, size in (("打", 12), ("对双", 2)) if case.span[-1:] in tuple(words)), 1)
    return by > 1 and any(one.value * by == case.values[0] for one in case.quantities if case.values[0] is not None)


def _doubted(*codes: str) -> Callable[[Case], bool]:
    """One reading of no more than the words, which is asked about for one of these reasons."""

    def holds(case: Case) -> bool:
        items: Sequence[Quantity | TimeSpan] = case.windows if case.kind == "period" else case.quantities
        return any(item.doubt in codes and case.start <= item.start and item.end <= case.end for item in items)

    return holds


def _several_from_two(case: Case) -> bool:
    low, high = case.values if len(case.values) == 2 else (None, None)
    return low is not None and any(one.assumed == "several" and one.low == 2 * low and one.high == high for one in case.quantities)


def _whole_unit_shared(case: Case) -> bool:
    low, high = case.values if len(case.values) == 2 else (None, None)
    found = [one for one in case.comparisons if one.operator == "range" and one.high == high and one.low is not None]
    return low is not None and any(one.low == low * 100 or one.low == low * 10 for one in found)


def _cents_rounded(case: Case) -> bool:
    expected = case.values[0] if len(case.values) == 1 else None
    return expected is not None and any(0 < abs(one.value - expected) <= Decimal("0.005") for one in case.quantities)


def _cents_unsaid(case: Case) -> bool:
    """A sum in whole units, and a bare number behind it that the suite takes for cents."""
    if len(case.quantities) != 2 or len(case.values) != 1 or case.values[0] is None:
        return False
    whole, rest = case.quantities
    money = (whole.unit or "").isupper() and rest.unit is None
    return money and case.values[0].quantize(Decimal(1), ROUND_FLOOR) == whole.value


def ends(item: Comparison) -> Ends:
    """Both ends of a comparison, None where it is open."""
    match item.operator:
        case ">" | ">=":
            return item.value, None
        case "<" | "<=":
            return None, item.value
        case "=":
            return item.value, item.value
        case _:
            return item.low, item.high


def closed_ends(item: Comparison) -> tuple[bool, bool]:
    """Which ends belong to a comparison; an open side counts as not belonging."""
    low, high = ends(item)
    left = low is not None and item.operator != ">" and not (item.operator == "range" and item.low_open)
    right = high is not None and item.operator != "<" and not (item.operator == "range" and item.high_open)
    return left, right


def _bounds_included(case: Case) -> bool:
    return any(ends(one) == case.values and closed_ends(one) != case.closed for one in case.comparisons)


def _vague_has_an_end(case: Case) -> bool:
    low, high = case.values if len(case.values) == 2 else (None, None)
    return (
        low is not None
        and high is None
        and any(one.assumption in ("a_bit_over", "more_than_ten") and one.low == low for one in case.comparisons)
    )


def _joined(case: Case) -> bool:
    """Whether the words name a beginning and an end."""
    words = {
        **merged_list(lambda grammar: grammar.ranges.between).meanings,
        **merged_list(lambda grammar: grammar.ranges.needs_opening).meanings,
    }
    return any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", case.span) is not None for word in words)


def _end_left_out(case: Case) -> bool:
    """The suite stops one day, or one of the units the end was named in, before the end."""
    first, last = case.days
    for span, (start, end) in case.resolved():
        if start != first or end is None or last is None or not (_joined(case) or isinstance(span.future_window or span.window, RestOf)):
            continue
        begins = {end} | {unit_start(end, unit) for unit in _NAMED if end == unit_end(end, unit)}
        if last + _DAY in begins:
            return True
    return False


def _ends_on_as_of(case: Case) -> bool:
    counted = [span for span in case.windows if isinstance(span.window or span.future_window, Rolling | Future | RestOf)]
    return bool(counted) and any(days == case.days for span, days in case.resolved(case.today) if span in counted)


def _after_excludes(case: Case) -> bool:
    words = [word for grammar in grammars().values() for word in (*grammar.times.after_after, *grammar.times.after_before)]
    first, last = case.days
    if first is None or not any(word in case.span for word in words):
        return False
    nexts = {first + _DAY} | {unit_end(first, unit) + _DAY for unit in _NAMED if first == unit_start(first, unit)}
    return any(end == last and start in nexts for _, (start, end) in case.resolved())


def _bound_outside(case: Case) -> bool:
    """The words of a bound stand outside what is to be read: alone it reads as expected."""
    alone = read_windows(case.span, case.today - _DAY, case.today)
    part = Case(case.kind, case.language, case.span, 0, len(case.span), days=case.days, today=case.today, windows=alone)
    return any(span.end > case.end for span in case.windows) and any(days == case.days for _, days in part.resolved())


def _point_in_time(case: Case) -> bool:
    return any(isinstance(span.window, Ago) or span.doubt == "after_count" for span in case.windows)


def _before_any_data(case: Case) -> bool:
    return case.days[0] is not None and case.days[0].year < 1900


def _longer_than_a_life(case: Case) -> bool:
    first, last = case.days
    return first is not None and last is not None and last.year - first.year >= 99 and not case.windows


def _third(case: Case) -> bool:
    first, last = case.days
    found = [(start, end) for span, (start, end) in case.resolved() if span.assumption == "third_of_month"]
    return any(start and end and first and last and start <= last and first <= end for start, end in found)


def _kind_of_day(case: Case) -> bool:
    return any(span.kind == "day_kind" for span in case.windows)


def _point(case: Case) -> bool:
    return any(span.kind == "snapshot" for span in case.windows)


def _week_numbers(case: Case) -> bool:
    first = case.days[0]
    return first is not None and any(
        span.assumption == "iso_weeks" and start is not None and abs((start - first).days) == 7 for span, (start, _) in case.resolved()
    )


def _calendar_decades(case: Case) -> bool:
    first, last = case.days
    whole = first is not None and last is not None and first.year % 10 == 0 and last.year % 10 == 9
    return whole and any(isinstance(span.window or span.future_window, Rolling | Future) for span in case.windows if "decade" in case.span)


_NUMBERS = ("number", "percent", "money")
_PERIOD = ("period",)
_VAGUE_PART = r"[年季度代][初末底]|[初末]期|伊始|前后|[年季]末|年底|\b(?:early|late|beginning|middle|end)\b(?! (?:of )?(?:this |next |last )?(?:month|\w+ember|june|july))"

CONVENTIONS: tuple[Convention, ...] = (
    Convention("number_in_date", _NUMBERS, "A number inside a date belongs to the date.", _in_date),
    Convention("power", _NUMBERS, "No request speaks in powers (2^3, 10^6); they are asked about.", _unread(r"\^")),
    Convention("letter_of_a_name", _NUMBERS, "One letter behind a figure is a scale only for k, m and w: 5G, 2b and CR are names.", _unread(r"(?:[\d.] ?[gb]|\bcr)$")),
    Convention("group_counter", _NUMBERS, "打, 对 and 双 are units of what is counted, not factors.", _times_a_group),
    Convention("leading_unit", _NUMBERS, "千一 and 百三 leave a digit out and in a bank may also be 千分之一; they are asked about.", _unread("^[百千万][一二三四五六七八九]")),
    Convention("scale_of_two_values", _NUMBERS, "兆 is 10^6 or 10^12; it is asked about.", _unread("兆")),
    Convention("no_exact_number", _NUMBERS, "single, a few and a couple name no exact number.", _unread("^(?:single|a few|a couple(?: of)?)$")),
    Convention("fraction_or_date", _NUMBERS, "3/4 can be a date, a list or a fraction; it is asked about.", _unread(r"\d/\d")),
    Convention("over_is_more_than", _NUMBERS, "“over” between two numbers is the comparison; “in” and “out of” say two counts.", _unread(r"\w (?:over|in|out of) \w")),
    Convention("dash_is_range", (*_NUMBERS, "period"), "A dash between spaces joins the ends of a range or two words.", _unread(r"\w - \w")),
    Convention("comma_is_list", _NUMBERS, "A comma that groups no digits separates a list.", _unread(r"^\d,\d$")),
    Convention("fraction_of_many_words", _NUMBERS, "Where a long numerator ends cannot be heard (one hundred thirty fifths); it is asked about.", _doubted("digits_or_pair")),
    Convention("several_from_two", _NUMBERS, "几 and 数 begin with two: 几十万 is 20 to 100 万.", _several_from_two),
    Convention("whole_unit_shared", _NUMBERS, "The unit of the last number covers the first as a whole: 八到九百亿 is 800 to 900 亿.", _whole_unit_shared),
    Convention("cents_rounded", ("money",), "Amounts are not rounded to cents when read.", _cents_rounded),
    Convention("cents_unsaid", ("money",), "A bare number behind a sum is cents only where the cents are named; else it is asked about.", _cents_unsaid),
    Convention("bounds_included", ("range",), "以上, 以下, 以内 and both ends of a range include the number (Civil Code, art. 1259).", _bounds_included),
    Convention("vague_has_an_end", ("range",), "多, 余 and 几 stay below the next step: 5万多 is 5 to 6 万.", _vague_has_an_end),
    Convention("ordinal", ("range",), "第十 and tenth are places in an order, not amounts.", _unread(r"第[一二三四五六七八九十\d]|\w(?:th|st|nd|rd)\b")),
    Convention("end_included", _PERIOD, "Both ends of a period belong to it.", _end_left_out),
    Convention("ends_on_as_of", _PERIOD, "Counted windows end on, or begin after, the last complete day of the data, not today.", _ends_on_as_of),
    Convention("after_excludes", _PERIOD, "之后 and after leave the named time out.", _after_excludes),
    Convention("bound_outside", _PERIOD, "The words of a bound (以后, 以前) belong to the period read.", _bound_outside),
    Convention("point_in_time", _PERIOD, "N年前 and N周后 are bounds or single days, shown or asked about, never a calendar unit.", _point_in_time),
    Convention("before_any_data", _PERIOD, "No bank holds data from before 1900.", _before_any_data),
    Convention("era", _PERIOD, "Years of an era (民国) are not read.", _unread("民国")),
    Convention("century", _PERIOD, "A century is no window of a request.", _longer_than_a_life),
    Convention("calendar_decades", _PERIOD, "A decade counts ten years up to the data, not calendar decades.", _calendar_decades),
    Convention("lunar_day", _PERIOD, "Days of the lunar calendar come only with the bank's holiday calendar.", _unread("农历|阴历|大年|正月|腊月")),
    Convention("thirds_of_month", _PERIOD, "初, 底, early and late with a month are its thirds, shown as an assumption.", _third),
    Convention("vague_part", _PERIOD, "The beginning or end of a year, quarter or week has no agreed days; it is asked about.", _unread(_VAGUE_PART)),
    Convention("kind_of_day", _PERIOD, "周末 and the weekend alone are a kind of day in the holiday calendar.", _kind_of_day),
    Convention("end_of_unit_is_a_day", _PERIOD, "上季末 is a day on which a balance is read, not the last month.", _point),
    Convention("week_numbers", _PERIOD, "The weeks of a year are numbered by ISO 8601.", _week_numbers),
    Convention("year_or_count", _PERIOD, "24年 alone can be a year or 24 years.", _unread(r"^\d\d ?年$")),
    Convention("decimal_or_month", _PERIOD, "2015.3 can be a decimal number.", _unread(r"\d[.·]\d")),
    Convention("slash_without_year", _PERIOD, "10/1 without a year can be a day, a month or a fraction.", _unread(r"\b\d\d?/\d\d?\b(?!/)")),
    Convention("day_or_month_first", _PERIOD, "In 10/1/2018 the day or the month can come first; it is asked about.", _doubted("day_or_month_first")),
    Convention("count_or_day", _PERIOD, "Two numbers beside a month can be counts (5 to 10 last month).", _unread(r"(?:between|from) \d+ ?(?:-|and|to) ?\d+|between \d+-\d+")),
)  # fmt: skip


def convention(case: Case) -> Convention | None:
    """The first convention that explains why a reading differs from what was expected, or None."""
    return next((rule for rule in CONVENTIONS if case.kind in rule.kinds and rule.holds(case)), None)
