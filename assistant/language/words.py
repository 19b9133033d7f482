"""The words of all locales as frozen tables, loaded from `<locale>/grammar.yaml`. Law: a word or its meaning stands only in YAML; readers know shapes.

A request may mix languages, so every table holds all locales at once and matches the longest phrase. A phrase that begins or ends with a Latin
letter does so at the edge of a word; a space in a phrase stands for one or more, and none is needed between ideographs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.rule.window import Unit

Meaning = TypeVar("Meaning")


def is_latin(character: str) -> bool:
    """Whether a character belongs to a word written in letters, so that words may not be cut beside it."""
    return "a" <= character <= "z" or ("\u00c0" <= character <= "\u024f" and character.isalpha())


def skip_spaces(text: str, place: int) -> int:
    """The first place from `place` on that is no space."""
    while place < len(text) and text[place] == " ":
        place += 1
    return place


def _match_phrase(phrase: str, blanks: str, text: str, start: int) -> int | None:
    """Where the phrase that begins at `start` ends, or None; the caller has seen that no word goes on there. `blanks`: see `_blanks`."""
    place = start + len(phrase)
    if not text.startswith(phrase, start):
        spaced = _match_spaced(phrase, text, start) if blanks in text[start:place] else None
        if spaced is None:
            return None
        place = spaced
    if place < len(text) and is_latin(phrase[-1]) and is_latin(text[place]):
        return None
    return place


def _blanks(phrase: str) -> str:
    """What a text must have for a phrase to stand in it otherwise than as it is written: one blank where it may part two ideographs, else two."""
    letters = [character == " " or is_latin(character) for character in phrase]
    return "  " if all(left or right for left, right in pairwise(letters)) else " "


def _match_spaced(phrase: str, text: str, start: int) -> int | None:
    """The same where blanks stand in the way, without the edges of words."""
    place = start
    for character in phrase:
        if character == " ":
            if place >= len(text) or text[place] != " ":
                return None
            while place < len(text) and text[place] == " ":
                place += 1
            continue
        while place > start and place < len(text) and text[place] == " " and not is_latin(character) and not is_latin(text[place - 1]):
            place += 1
        if place >= len(text) or text[place] != character:
            return None
        place += 1
    return place


def _over_blank(phrase: str) -> bool:
    """Whether a phrase may stand where a blank follows its first character."""
    return phrase[1:2] in ("", " ") or not (is_latin(phrase[0]) or is_latin(phrase[1]))


def inside_word(text: str, start: int) -> bool:
    """Whether `start` is a letter after a letter: no phrase, number or window begins there."""
    return start > 0 and is_latin(text[start]) and is_latin(text[start - 1])


class Phrases(Generic[Meaning]):
    """Phrase -> meaning, the longest first. Immutable."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        by_first: dict[str, list[tuple[str, str, Meaning]]] = {}
        for phrase in sorted(meanings, key=len, reverse=True):
            by_first.setdefault(phrase[0], []).append((phrase, _blanks(phrase), meanings[phrase]))
        self._alone: dict[str, tuple[tuple[str, str, Meaning], ...]] = {}
        """First character -> the phrases of one character."""
        self._by_two: dict[str, tuple[tuple[str, str, Meaning], ...]] = {}
        """The first two characters of a text -> the phrases that may begin with them, where any longer than one character may."""
        for first, phrases in by_first.items():
            self._alone[first] = tuple(found for found in phrases if len(found[0]) == 1)
            for second in {phrase[1:2] for phrase, _, _ in phrases} - {"", " "}:
                self._by_two[first + second] = tuple(found for found in phrases if found[0][1:2] in ("", second))
            self._by_two[first + " "] = tuple(found for found in phrases if _over_blank(found[0]))
        self.meanings: Mapping[str, Meaning] = MappingProxyType(dict(meanings))

    def match(self, text: str, start: int) -> tuple[int, Meaning] | None:
        """(end, meaning) of the longest phrase that begins at `start`, or None."""
        if not 0 <= start < len(text):
            return None
        first = text[start]
        if first not in self._alone or inside_word(text, start):
            return None
        for phrase, blanks, meaning in self._by_two.get(text[start : start + 2], self._alone[first]):
            end = _match_phrase(phrase, blanks, text, start)
            if end is not None:
                return end, meaning
        return None

    def may_begin(self, text: str, start: int) -> bool:
        """Whether a phrase begins with the character at `start` and the one behind it; most places need no more than this."""
        first = text[start]
        return first in self._alone and bool(self._by_two.get(text[start : start + 2], self._alone[first])) and not inside_word(text, start)

    def matches(self, text: str, start: int) -> Iterator[tuple[int, Meaning]]:
        """Every phrase that begins at `start`, the longest first."""
        if not 0 <= start < len(text) or inside_word(text, start):
            return
        for phrase, blanks, meaning in self._by_two.get(text[start : start + 2], self._alone.get(text[start], ())):
            end = _match_phrase(phrase, blanks, text, start)
            if end is not None:
                yield end, meaning

    def scan(self, text: str, taken: bytearray | None = None) -> Iterator[tuple[int, int, Meaning]]:
        """(start, end, meaning) of all phrases, left to right, longest first, not overlapping; places marked in `taken` are walls."""
        place = 0
        while place < len(text):
            step = 1
            for end, meaning in self.matches(text, place):
                if taken is None or not any(taken[place:end]):
                    yield place, end, meaning
                    step = end - place
                    break
            place += step


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Numerals(_Strict):
    digits: Mapping[str, int]
    articles: Mapping[str, int]
    adverbs: Mapping[str, int]
    zero: tuple[str, ...]
    small: Mapping[str, int]
    tens: Mapping[str, int]
    scales: Mapping[str, int]
    letters: Mapping[str, int]
    point: tuple[str, ...]
    several: tuple[str, ...]
    several_after_word: tuple[str, ...]
    several_noun_before: tuple[str, ...]
    over: tuple[str, ...]
    part_after: Mapping[str, Decimal]
    part_before: Mapping[str, Decimal]
    joiners: tuple[str, ...]
    minus: tuple[str, ...]
    measure: tuple[str, ...]
    not_numbers: tuple[str, ...]
    not_over: tuple[str, ...]
    not_decimals: tuple[str, ...]
    ordinal_before: tuple[str, ...]
    calendar_after: tuple[str, ...]


class Fractions(_Strict):
    divided_by: tuple[str, ...]
    joiners: tuple[str, ...]
    of: tuple[str, ...]
    ordinals: Mapping[str, int]
    last_ordinals: Mapping[str, int]


class Approximately(_Strict):
    prefix: Mapping[str, tuple[str, ...]]
    suffix: Mapping[str, tuple[str, ...]]
    class_of: tuple[str, ...]
    figures: tuple[str, ...]
    not_approximately: tuple[str, ...]


class Operators(_Strict):
    prefix: Mapping[str, tuple[str, ...]]
    postfix: Mapping[str, tuple[str, ...]]
    ever_or_over: tuple[str, ...]
    compared_with: tuple[str, ...]
    even: tuple[str, ...]
    even_less: tuple[str, ...]
    even_none: tuple[str, ...]
    compared: Mapping[str, tuple[str, ...]]
    not_compared: tuple[str, ...]
    inclusive: tuple[str, ...]
    exclusive: tuple[str, ...]
    also_equal: tuple[str, ...]
    not_operators: tuple[str, ...]
    negators: tuple[str, ...]
    fillers: tuple[str, ...]


class Ranges(_Strict):
    between: tuple[str, ...]
    needs_opening: tuple[str, ...]
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    connectives: tuple[str, ...]
    change_verbs: tuple[str, ...]
    corrections: tuple[str, ...]
    correction_fillers: tuple[str, ...]


class Ranks(_Strict):
    top: tuple[str, ...]
    bottom: tuple[str, ...]
    not_ranks: tuple[str, ...]
    places: tuple[str, ...]


Groups = Mapping[Unit, tuple[str, ...]]
Offsets = Mapping[Unit, Mapping[str, int]]


class Times(_Strict):
    units: Groups
    short_units: Groups
    full_named: Groups
    other_units: tuple[str, ...]
    many_years: Mapping[str, int]
    half: tuple[str, ...]
    half_of: Groups
    full: tuple[str, ...]
    rolling: tuple[str, ...]
    rolling_alone: tuple[str, ...]
    within: tuple[str, ...]
    full_units: tuple[str, ...]
    preceding: tuple[str, ...]
    last_or_preceding: tuple[str, ...]
    further: tuple[str, ...]
    preceded: tuple[str, ...]
    consecutive: tuple[str, ...]
    consecutive_inside: tuple[str, ...]
    future: tuple[str, ...]
    inside: tuple[str, ...]
    until_now: tuple[str, ...]
    without: tuple[str, ...]
    spent: tuple[str, ...]
    ago: tuple[str, ...]
    long_ago: tuple[str, ...]
    more_ago: tuple[str, ...]
    less_ago: tuple[str, ...]
    later: tuple[str, ...]
    calendar: Offsets
    to_date: Groups
    snapshots: Mapping[Literal["month", "quarter", "year"], Mapping[str, int]]
    year_start: tuple[str, ...]
    unit_end: Mapping[Literal["month", "quarter", "year"], tuple[str, ...]]
    year_end_before: tuple[str, ...]
    year_end_behind: tuple[str, ...]
    rest_of: Offsets
    compare: Mapping[Literal["year", "quarter", "month", "week", "ten_days", "period"], tuple[str, ...]]
    as_long_before: tuple[tuple[tuple[str, ...], ...], ...]
    unit_before: Groups
    per_unit: Groups
    day_kinds: Mapping[Literal["weekend", "workday", "holiday"], tuple[str, ...]]
    weekends: Mapping[str, int]
    recently: tuple[str, ...]
    calendar_spans: Mapping[Unit, Mapping[str, tuple[int, int]]]
    this_or_past: tuple[str, ...]
    starting_at: tuple[str, ...]
    starting_for: tuple[str, ...]
    weekdays: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    weekday_offsets: Mapping[str, int]
    part_articles: tuple[str, ...]
    part_units: Groups
    part_measures: tuple[str, ...]
    part_ordinals: Mapping[str, int]
    part_ordinal_marks: tuple[str, ...]
    first_several: tuple[str, ...]
    last_several: tuple[str, ...]
    week_numbers: tuple[str, ...]
    week_of: Mapping[Literal["around", "from"], tuple[str, ...]]
    week_behind: tuple[str, ...]
    centuries: Mapping[str, int]
    decade_words: tuple[str, ...]
    decade_names: Mapping[str, int]
    month_names: Mapping[str, int]
    ambiguous_months: tuple[str, ...]
    year_words: tuple[str, ...]
    month_words: tuple[str, ...]
    not_month_words: tuple[str, ...]
    day_words: tuple[str, ...]
    date_joiners: tuple[str, ...]
    part_joiners: tuple[str, ...]
    quarters: Mapping[str, int]
    first_quarters: Mapping[str, int]
    halves: Mapping[str, int]
    thirds: Mapping[str, int]
    vague_thirds: Mapping[str, int]
    since_after: tuple[str, ...]
    before_after: tuple[str, ...]
    after_after: tuple[str, ...]
    by_after: tuple[str, ...]
    since_before: tuple[str, ...]
    before_before: tuple[str, ...]
    after_before: tuple[str, ...]
    by_before: tuple[str, ...]
    openers: tuple[str, ...]
    year_openers: tuple[str, ...]
    whole: tuple[str, ...]
    not_times: tuple[str, ...]


class Grammar(_Strict):
    """One locale's grammar.yaml, as it is written."""

    numerals: Numerals
    fractions: Fractions
    denominators: Mapping[str, Decimal]
    tenths: tuple[str, ...]
    tenths_half: tuple[str, ...]
    not_tenths: tuple[str, ...]
    shares: Mapping[str, int]
    shares_compared: Mapping[str, int]
    not_shares: tuple[str, ...]
    currency_before: Mapping[str, str]
    currency_after: Mapping[str, tuple[str, ...]]
    cents: Mapping[str, Decimal]
    cents_end: tuple[str, ...]
    cents_joiners: tuple[str, ...]
    cents_unsaid: tuple[str, ...]
    units: Mapping[str, tuple[str, ...]]
    not_units: tuple[str, ...]
    counters: tuple[str, ...]
    person_counters: tuple[str, ...]
    kind_counters: tuple[str, ...]
    of_that: tuple[str, ...]
    approximately: Approximately
    operators: Operators
    ranges: Ranges
    ranks: Ranks
    times: Times


@dataclass(frozen=True, slots=True)
class Piece:
    """What a numeral is made of. `latin` numerals add up word by word (twenty five), others place by place."""

    kind: str
    value: Decimal
    latin: bool
    letter: bool = False


@lru_cache(maxsize=1)
def grammars() -> Mapping[str, Grammar]:
    """The grammar of every locale folder beside this file, by its name."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*/grammar.yaml")):
        found[path.parent.name] = Grammar.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    return MappingProxyType(found)


def merged(part: Callable[[Grammar], Mapping[str, Meaning]]) -> Phrases[Meaning]:
    """One table out of a part of every locale's grammar."""
    return Phrases({phrase: meaning for grammar in grammars().values() for phrase, meaning in part(grammar).items()})


def merged_list(part: Callable[[Grammar], tuple[str, ...]]) -> Phrases[bool]:
    """One table out of a plain list of words of every locale."""
    return merged(lambda grammar: dict.fromkeys(part(grammar), True))


def merged_groups(part: Callable[[Grammar], Mapping[str, tuple[str, ...]]]) -> Phrases[str]:
    """One table out of meaning -> words, turned round."""
    return merged(lambda grammar: {phrase: meaning for meaning, phrases in part(grammar).items() for phrase in phrases})


def by_word(part: Callable[[Times], Groups]) -> Phrases[Unit]:
    """Word -> unit, of a part of the words of time."""
    return merged(lambda grammar: {word: unit for unit, words in part(grammar.times).items() for word in words})


def by_offset(part: Callable[[Times], Offsets]) -> Phrases[tuple[Unit, int]]:
    """Word -> (unit, how many units from today)."""
    return merged(lambda grammar: {word: (unit, offset) for unit, words in part(grammar.times).items() for word, offset in words.items()})


def plain_words(part: Callable[[Times], tuple[str, ...]]) -> Phrases[bool]:
    """A list of words of time."""
    return merged_list(lambda grammar: part(grammar.times))


def _pieces(grammar: Grammar) -> dict[str, Piece]:
    numerals = grammar.numerals
    found: dict[str, Piece] = {}

    def add(kind: str, words: Mapping[str, int] | Mapping[str, Decimal] | tuple[str, ...], letter: bool = False) -> None:
        values = words if isinstance(words, Mapping) else dict.fromkeys(words, 0)
        for word, value in values.items():
            found[word] = Piece(kind, Decimal(value), is_latin(word[0]), letter)

    add("digit", numerals.digits)
    add("adverb", numerals.adverbs)
    add("article", numerals.articles)
    add("tens", numerals.tens)
    add("zero", numerals.zero)
    add("small", numerals.small)
    add("scale", numerals.scales)
    add("scale", numerals.letters, letter=True)
    add("point", numerals.point)
    add("several", numerals.several)
    add("over", numerals.over)
    add("part_after", numerals.part_after)
    add("part_before", numerals.part_before)
    return found


def numeral_pieces() -> Phrases[Piece]:
    """Everything a numeral may be made of, except the digits 0-9."""
    return merged(_pieces)
