"""The parts of a date as they are said: year, month, day, quarter, half, third, holiday. Law: one part at one place; what they come to is for `dates`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from assistant.language.figures import is_figure
from assistant.language.numbers import read_quantities
from assistant.language.numerals import read_numeral
from assistant.language.words import Phrases, by_offset, is_latin, merged, merged_list, plain_words, skip_spaces
from assistant.rule.window import Unit

Holidays = Mapping[str, Sequence[tuple[date, date]]]
"""What people call a holiday (normalised text) -> its occurrences, first and last day."""

_YEARS = range(1900, 2101)
_SPACED = re.compile(r"(0[1-9]|1[0-2]) (0[1-9]|[12]\d|3[01])(?![\d.,%])")
"""Month and day behind a year and a space: 2022 11 23."""


@dataclass(frozen=True, slots=True)
class DateWords:
    """The tables, each named after its part of the grammar."""

    calendar: Phrases[tuple[Unit, int]]
    month_names: Phrases[int]
    ambiguous_months: Phrases[bool]
    year_words: Phrases[bool]
    month_words: Phrases[bool]
    day_words: Phrases[bool]
    joiners: Phrases[bool]
    separators: Phrases[bool]
    not_month_words: Phrases[bool]
    part_ordinal_marks: Phrases[bool]
    quarters: Phrases[int]
    first_quarters: Phrases[int]
    halves: Phrases[int]
    thirds: Phrases[int]
    vague_thirds: Phrases[int]
    not_times: Phrases[bool]


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """The tables of all locales together."""
    return DateWords(
        calendar=by_offset(lambda times: times.calendar),
        month_names=merged(lambda grammar: grammar.times.month_names),
        ambiguous_months=plain_words(lambda times: times.ambiguous_months),
        year_words=plain_words(lambda times: times.year_words),
        month_words=plain_words(lambda times: times.month_words),
        day_words=plain_words(lambda times: times.day_words),
        joiners=plain_words(lambda times: times.date_joiners),
        separators=merged_list(lambda grammar: grammar.ranges.between),
        part_ordinal_marks=plain_words(lambda times: times.part_ordinal_marks),
        not_month_words=plain_words(lambda times: times.not_month_words),
        quarters=merged(lambda grammar: grammar.times.quarters),
        first_quarters=merged(lambda grammar: grammar.times.first_quarters),
        halves=merged(lambda grammar: grammar.times.halves),
        thirds=merged(lambda grammar: grammar.times.thirds),
        vague_thirds=merged(lambda grammar: grammar.times.vague_thirds),
        not_times=plain_words(lambda times: times.not_times),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of a date as they were said; a holiday has its occurrences. `months_from`: a month counted from this one (上月)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    quarters: int | None = None
    half: int | None = None
    third: int | None = None
    holiday: tuple[tuple[date, date], ...] = ()
    vague: bool = False
    named: bool = False
    inherited: bool = False
    from_today: bool = False
    doubt: str | None = None

    @property
    def has_part(self) -> bool:
        return any((self.month, self.day, self.quarter, self.quarters, self.half, self.holiday))


def _whole_number(text: str, place: int) -> tuple[int, int] | None:
    """(end, n) of a plain whole number at `place`."""
    if place < len(text) and is_figure(text[place]):
        if place and (is_figure(text[place - 1]) or (is_latin(text[place - 1]) and (place < 2 or not is_latin(text[place - 2])))):
            return None
        end = place
        while end < len(text) and is_figure(text[end]) and end - place <= 8:
            end += 1
        return (end, int(text[place:end])) if end - place <= 8 else None
    numeral = read_numeral(text, place, tail=False)
    if numeral is None or numeral.low is not None or numeral.doubt is not None or numeral.scale_said or numeral.value % 1:
        return None
    return numeral.end, int(numeral.value)


def numeric_date(text: str, place: int, joined: bool) -> tuple[int, Said] | None:
    """2026-09-01, 2026/9/1, 2026.9.1, 20260901, 2026-09, 2026 / 09, 2026-sep-01, 15-sep-2026, 9/25/2026 (doubted when day and month can
    change places). `joined`: a dash in front belongs to a range and to no number."""
    number = _whole_number(text, place)
    before = text[max(0, place - 2) : place]
    if number is None or not is_figure(text[place]) or (not joined and len(before) == 2 and before[1] in "-/." and is_figure(before[0])):
        return None
    end, value = number
    if end - place == 8:
        said = Said(value // 10000, value // 100 % 100, value % 100)
        return (end, said) if value // 10000 in _YEARS and said.month in range(1, 13) and said.day else None
    if end - place <= 2:
        return _year_last(text, end, value)
    if end - place != 4 or value not in _YEARS:
        return None
    begin = skip_spaces(text, end)
    separator = text[begin : begin + 1]
    if begin == end + 1 and (spaced_out := _SPACED.match(text, begin)) is not None:
        return spaced_out.end(), Said(value, int(spaced_out[1]), int(spaced_out[2]))
    if not separator or separator not in "-/.":
        return None
    month_begin = skip_spaces(text, begin + 1)
    name = date_words().month_names.match(text, month_begin)
    month_end, month = (name[0], name[1]) if name is not None else _figures(text, month_begin)
    if month is None or not 1 <= month <= 12:
        return None
    spaced = month_begin - end > 1
    if month_end < len(text) and text[month_end] == separator and not spaced:
        day_end, day = _figures(text, month_end + 1)
        if day and day_end - month_end <= 3:
            return day_end, Said(value, month, day)
    after = skip_spaces(text, month_end)
    if (
        separator == "."
        or name is not None
        or month_end - month_begin != 2
        or (text[after : after + 1] in ("/", separator) and is_figure(text[skip_spaces(text, after + 1) :][:1] or " "))
        or (spaced and (text[month_end : month_end + 1] or " ") not in " ,;.。")
    ):
        return None
    return month_end, Said(value, month)


def _year_last(text: str, end: int, first: int) -> tuple[int, Said] | None:
    """9/25/2026, 15-sep-2026 after its first number: a number above 12 is the day; two that could both be the month are doubted."""
    separator = text[end : end + 1]
    if separator not in ("/", "-", "."):
        return None
    name = date_words().month_names.match(text, end + 1)
    second_end, second = (name[0], name[1]) if name is not None else _figures(text, end + 1)
    if second is None or text[second_end : second_end + 1] != separator or (name is None and separator != "/"):
        return None
    year = _whole_number(text, second_end + 1)
    if year is None or year[0] - second_end != 5 or year[1] not in _YEARS:
        return None
    if name is not None:
        return (year[0], Said(year[1], second, first)) if 1 <= first <= 31 else None
    month, day = (second, first) if first > 12 else (first, second)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return year[0], Said(year[1], month, day, doubt="day_or_month_first" if day <= 12 and day != month else None)


def _figures(text: str, place: int) -> tuple[int, int | None]:
    end = place
    while end < len(text) and is_figure(text[end]) and end - place < 3:
        end += 1
    return end, int(text[place:end]) if end > place else None


def _year_part(text: str, place: int, said: Said, today: date, bare: bool) -> tuple[int, Said] | None:
    tables = date_words()
    word = tables.calendar.match(text, place)
    if word is not None and word[1][0] == "year":
        return word[0], replace(said, year=today.year + word[1][1], from_today=True)
    spoken = _spoken_year(text, place)
    if spoken is not None and (said.has_part or bare):
        return spoken[0], replace(said, year=spoken[1])
    number = _whole_number(text, place)
    if number is None:
        return None
    end, value = number
    mark = tables.year_words.match(text, skip_spaces(text, end))
    if value in _YEARS and end - place == 4 and mark is not None:
        return mark[0], replace(said, year=value)
    if (
        mark is not None
        and end - place == 2
        and value <= 99
        and (
            text[place] == "0"
            or _month_part(text, skip_spaces(text, mark[0]), Said(), today, bare) is not None
            or _ordinal_follows(text, mark[0])
        )
    ):
        return mark[0], replace(said, year=(2000 if value <= today.year % 100 + 10 else 1900) + value)
    if mark is None and value in _YEARS and end - place == 4 and is_figure(text[place]) and not _goes_on(text, end):
        follows = end < len(text) and is_latin(text[end])
        alone = said.has_part or bare or _starts_part(text, skip_spaces(text, end))
        return (end, replace(said, year=value)) if alone and not follows else None
    return None


def _ordinal_follows(text: str, place: int) -> bool:
    """Whether a part of the year follows (20年第52周), so that two figures are a year and no length."""
    tables = date_words()
    return tables.part_ordinal_marks.match(text, place) is not None or tables.quarters.match(text, place) is not None


def _spoken_year(text: str, place: int) -> tuple[int, int] | None:
    """nineteen ninety nine, two thousand and eighteen."""
    if place >= len(text) or not is_latin(text[place]):
        return None
    century = read_numeral(text, place)
    if century is None or century.value % 1 or century.low is not None:
        return None
    if century.value in _YEARS and century.scale == 1000:
        return century.end, int(century.value)
    rest = (
        read_numeral(text, skip_spaces(text, century.end))
        if century.value in (19, 20) and text[century.end : century.end + 1] in (" ", "-")
        else None
    )
    if rest is None or not 10 <= rest.value <= 99 or rest.value % 1 or not rest.word or rest.scale_said:
        return None
    return rest.end, int(century.value * 100 + rest.value)


def _goes_on(text: str, end: int) -> bool:
    """Whether four figures are only the beginning of a number (2025.5, 2025%, 2025万)."""
    return read_quantities(text[end - 4 : end + 8])[:1] != () and read_quantities(text[end - 4 : end + 8])[0].end > 4


def _starts_part(text: str, place: int) -> bool:
    tables = date_words()
    return any(table.match(text, place) is not None for table in (tables.quarters, tables.halves, tables.month_names))


def _month_part(text: str, place: int, said: Said, today: date, bare: bool) -> tuple[int, Said] | None:
    tables = date_words()
    name = tables.month_names.match(text, place)
    if name is not None:
        neighbours = said.day is not None or said.year is not None or bare or said.third is not None
        following = _whole_number(text, skip_spaces(text, name[0]))
        separator = tables.separators.match(text, skip_spaces(text, name[0]))
        neighbours = neighbours or (separator is not None and tables.month_names.match(text, skip_spaces(text, separator[0])) is not None)
        if not neighbours and tables.ambiguous_months.match(text, place) and (following is None or following[1] > 2100):
            return None
        return name[0], replace(said, month=name[1], named=True)
    number = _whole_number(text, place)
    if number is None or not 1 <= number[1] <= 12:
        return None
    begin = skip_spaces(text, number[0])
    mark = tables.month_words.match(text, begin) if tables.not_month_words.match(text, begin) is None else None
    if mark is None and _ends_at(text, number[0], tables.month_words, 12):
        return number[0], replace(said, month=number[1])
    return (mark[0], replace(said, month=number[1])) if mark is not None else None


def _day_part(text: str, place: int, said: Said, inherits: bool) -> tuple[int, Said] | None:
    tables = date_words()
    number = _whole_number(text, place)
    if number is None or not 1 <= number[1] <= 31:
        return None
    mark = tables.day_words.match(text, number[0])
    latin = mark is None or is_latin(text[number[0]])
    before_name = tables.month_names.match(text, over_joiners(text, mark[0] if mark else number[0])) is not None
    if not latin and mark is not None and (said.month is not None or inherits):
        return mark[0], replace(said, day=number[1])
    if mark is None and said.month is not None and not said.named and is_figure(text[place]) and _ends_there(text, number[0]):
        return number[0], replace(said, day=number[1])
    end = mark[0] if mark is not None else number[0]
    if not is_figure(text[place]) or (
        mark is None and _counts_something(text, place, end) and not _ends_at(text, end, tables.day_words, 31)
    ):
        return None
    wanted = (
        said.named
        or (said.month is None and before_name)
        or inherits
        or (said.month is not None and _ends_at(text, end, tables.day_words, 31))
    )
    return (end, replace(said, day=number[1])) if wanted else None


def _ends_there(text: str, place: int) -> bool:
    """Whether nothing more is said behind a number (9月3, but not 9月3次 or 9月3.5)."""
    return place == len(text) or (text[place] in ",;。!?)" and not is_figure(text[place + 1 : place + 2] or " "))


def _counts_something(text: str, start: int, end: int) -> bool:
    """Whether a number that could be a day is part of a quantity (September 5 times, Sep 5k, Sep 5.5)."""
    found = read_quantities(text[start : start + 24])
    return (end < len(text) and is_latin(text[end])) or not found or found[0].start != 0 or found[0].end > end - start


def _ends_at(text: str, place: int, words: Phrases[bool], most: int) -> bool:
    """Whether a separator, a number and one of the words follow: the 1 of 9月1-15日 is a day, the 3 of 3-6月 a month."""
    separator = date_words().separators.match(text, skip_spaces(text, place))
    number = _whole_number(text, skip_spaces(text, separator[0])) if separator is not None else None
    mark = words.match(text, number[0]) if number is not None else None
    return number is not None and mark is not None and 1 <= number[1] <= most and not is_latin(text[number[0]])


def over_joiners(text: str, place: int) -> int:
    """The place behind blanks and the words that join parts of a date."""
    place = skip_spaces(text, place)
    while (joiner := date_words().joiners.match(text, place)) is not None:
        place = skip_spaces(text, joiner[0])
    return place


def _holiday_part(text: str, place: int, said: Said, holidays: Holidays) -> tuple[int, Said] | None:
    names = [name for name in holidays if name and text.startswith(name, place)]
    for name in sorted(names, key=len, reverse=True):
        end = place + len(name)
        glued = is_latin(name[-1]) and end < len(text) and is_latin(text[end])
        if not glued and holidays[name]:
            return end, replace(said, holiday=tuple(sorted(holidays[name])))
    return None


def _table_part(text: str, place: int, said: Said, today: date) -> tuple[int, Said] | None:
    """Quarters, halves, thirds of a month, and a month counted from this one when a day or a third follows."""
    tables = date_words()
    if (quarters := tables.first_quarters.match(text, place)) is not None:
        return quarters[0], replace(said, quarters=quarters[1])
    if (quarter := tables.quarters.match(text, place)) is not None:
        return quarter[0], replace(said, quarter=quarter[1])
    if (half := tables.halves.match(text, place)) is not None:
        return half[0], replace(said, half=half[1])
    if (third := tables.thirds.match(text, place)) is not None and said.month is not None:
        return third[0], replace(said, third=third[1])
    if (vague := tables.vague_thirds.match(text, place)) is not None:
        begin = skip_spaces(text, vague[0])
        relative = tables.calendar.match(text, begin)
        follows = tables.month_names.match(text, begin) or (relative if relative is not None and relative[1][0] == "month" else None)
        if (said.month is not None and not is_latin(text[place])) or (is_latin(text[place]) and follows is not None):
            return vague[0], replace(said, third=vague[1], vague=True)
    word = tables.calendar.match(text, place)
    if word is not None and word[1][0] == "month":
        index = today.year * 12 + today.month - 1 + word[1][1]
        after = replace(said, year=index // 12, month=index % 12 + 1, from_today=True)
        day = _day_part(text, skip_spaces(text, word[0]), after, False)
        third = tables.vague_thirds.match(text, word[0])
        early = third is not None and third[1] < 3 and not is_latin(text[place])
        if day is not None or early or said.third is not None or tables.thirds.match(text, word[0]) is not None:
            return word[0], after
    return None


def next_part(text: str, place: int, said: Said, today: date, holidays: Holidays, bare: bool, inherits: bool) -> tuple[int, Said] | None:
    """(end, what was said with it) of the longest part that continues a date at `place`. `bare`: a year may stand alone; `inherits`: a day may."""
    readers: list[tuple[int, Said] | None] = []
    if not (said.holiday or said.quarter or said.quarters or said.half or said.month or said.day):
        readers += [_holiday_part(text, place, said, holidays), _table_part(text, place, said, today)]
    elif said.month is not None and said.third is None and said.day is None:
        readers.append(_table_part(text, place, said, today))
    if said.month is None and not (said.holiday or said.quarter or said.quarters or said.half):
        readers.append(_month_part(text, place, said, today, bare))
    if said.day is None and said.third is None and not (said.holiday or said.quarter or said.half):
        readers.append(_day_part(text, place, said, inherits))
    if said.year is None:
        readers.append(_year_part(text, place, said, today, bare))
    return max((found for found in readers if found is not None), key=lambda found: found[0], default=None)
