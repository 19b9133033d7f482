"""Parts of one: 三分之一, 3又二分之一, two thirds, forty and a third. Law: what could also be two numbers is read with doubt.

Chinese says the denominator first; English says an ordinal behind the numerator, in the plural after more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.language.figures import is_figure
from assistant.language.numerals import Numeral, read_minus, read_numeral
from assistant.language.words import Phrases, is_latin, merged, merged_list, skip_spaces

_PLAIN_NUMERATOR = 20
"""A numerator of more words may end in what belongs to the denominator (one hundred thirty fifths)."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """A value that ends at `end` of the text."""

    end: int
    value: Decimal
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Tables:
    divided_by: Phrases[bool]
    joiners: Phrases[bool]
    of: Phrases[bool]
    ordinals: Phrases[int]
    plurals: Phrases[int]
    articles: Phrases[int]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    words = merged(lambda grammar: grammar.fractions.ordinals).meanings
    tens = merged(lambda grammar: grammar.numerals.tens).meanings
    last = merged(lambda grammar: grammar.fractions.last_ordinals).meanings
    compound = {f"{ten}{dash}{one}": tens[ten] + last[one] for ten in tens if is_latin(ten[0]) for one in last for dash in "- "}
    ordinals = {**words, **compound}
    return _Tables(
        divided_by=merged_list(lambda grammar: grammar.fractions.divided_by),
        joiners=merged_list(lambda grammar: grammar.fractions.joiners),
        of=merged_list(lambda grammar: grammar.fractions.of),
        ordinals=Phrases(ordinals),
        plurals=Phrases({f"{word}s": value for word, value in ordinals.items()}),
        articles=merged(lambda grammar: grammar.numerals.articles),
    )


def _divided(text: str, denominator: Numeral) -> Fraction | None:
    """分之 behind a denominator, and the numerator behind it."""
    found = _tables().divided_by.match(text, skip_spaces(text, denominator.end))
    if found is None or denominator.value <= 0 or denominator.low is not None:
        return None
    place = skip_spaces(text, found[0])
    minus = read_minus(text, place)
    part = read_numeral(text, place if minus is None else skip_spaces(text, minus))
    if part is None or part.low is not None:
        return None
    return Fraction(part.end, (part.value if minus is None else -part.value) / denominator.value, part.doubt)


def _ordinal(text: str, numerator: Decimal, end: int, latin: bool) -> Fraction | None:
    """The ordinal behind a numerator: singular after one, and then only before "of" or at the end of the words."""
    tables = _tables()
    place = end + 1 if text[end : end + 1] in ("-", " ") else end
    place = skip_spaces(text, place)
    if place == end or not latin:
        return None
    found = (tables.ordinals if numerator == 1 else tables.plurals).match(text, place)
    if found is None:
        return None
    after = skip_spaces(text, found[0])
    if numerator == 1 and after < len(text) and (is_latin(text[after]) or is_figure(text[after])) and tables.of.match(text, after) is None:
        return None
    return Fraction(found[0], numerator / found[1])


def _simple(text: str, start: int) -> Fraction | None:
    """A fraction without a whole number in front."""
    article = _tables().articles.match(text, start)
    numeral = read_numeral(text, start)
    if numeral is None:
        return _ordinal(text, Decimal(1), article[0], True) if article is not None else None
    return _divided(text, numeral) or _behind(text, numeral)


def _behind(text: str, numeral: Numeral) -> Fraction | None:
    """An ordinal behind a whole numeral."""
    if numeral.low is not None or numeral.value % 1 or numeral.value <= 0:
        return None
    found = _ordinal(text, numeral.value, numeral.end, is_latin(text[numeral.end - 1]) or is_figure(text[numeral.end - 1]))
    if found is None or numeral.value <= _PLAIN_NUMERATOR:
        return found
    return Fraction(found.end, found.value, "digits_or_pair")


def _with_whole(text: str, start: int, end: int, last: int) -> Fraction | None:
    """A whole number, a joiner up to `last` and a proper fraction; behind a million the fraction is a part of the million. `end`: of the numeral, which
    may hold the joiner itself (two hundred and fifty-four hundredths)."""
    tables = _tables()
    for place in range(last, start, -1):
        joiner = tables.joiners.match(text, place)
        if joiner is None:
            continue
        whole = read_numeral(text[:place].rstrip(" "), start)
        part = _simple(text, skip_spaces(text, joiner[0]))
        if whole is None or part is None or not 0 < part.value < 1 or whole.low is not None or whole.value % 1:
            continue
        if skip_spaces(text, whole.end) != place:
            continue
        of_scale = whole.scale if is_latin(text[place]) else Decimal(1)
        doubt = part.doubt or ("digits_or_pair" if place < end or of_scale > 1 else None)
        return Fraction(part.end, whole.value + part.value * of_scale, doubt)
    return None


def read_fraction(text: str, start: int, numeral: Numeral) -> Fraction | None:
    """The fraction that begins at `start` with `numeral`, its whole number included, or None."""
    if not is_latin(text[numeral.end - 1]) and (simple := _divided(text, numeral)) is not None:
        return simple
    place = skip_spaces(text, numeral.end)
    joined = _tables().joiners.match(text, place) is not None
    behind = _behind(text, numeral)
    if joined or behind is not None:
        whole = _with_whole(text, start, numeral.end, place)
        if whole is not None:
            return whole
    return behind


def read_article_fraction(text: str, start: int) -> Fraction | None:
    """A fraction that begins with an article: a third of them."""
    article = _tables().articles.match(text, start)
    return _ordinal(text, Decimal(1), article[0], True) if article is not None else None
