"""Decades: 90年代, 上世纪90年代, the 1970s, the seventies. Law: a decade that two centuries could mean (20年代) is not read unless its century is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.language.dates import Period
from assistant.language.numerals import read_numeral
from assistant.language.words import Phrases, is_latin, merged, plain_words, skip_spaces

_LAST_CENTURY = range(30, 100)
"""Decades that, with no century said, are those of the 1900s."""


@dataclass(frozen=True, slots=True)
class _Tables:
    articles: Phrases[bool]
    centuries: Phrases[int]
    decade_words: Phrases[bool]
    decade_names: Phrases[int]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    return _Tables(
        articles=plain_words(lambda times: times.part_articles),
        centuries=merged(lambda grammar: grammar.times.centuries),
        decade_words=plain_words(lambda times: times.decade_words),
        decade_names=merged(lambda grammar: grammar.times.decade_names),
    )


def _year(said: int, century: int | None) -> int | None:
    """The first year of a decade; None when it is no decade or the century is open."""
    if said % 10:
        return None
    if 1900 <= said <= 2090:
        return said if century in (None, said // 100 * 100) else None
    if not 0 <= said <= 90:
        return None
    if century is not None:
        return century + said
    return 1900 + said if said in _LAST_CENTURY else None


def read_decade(text: str, start: int) -> Period | None:
    """The decade that begins at `start`. In English with its article: "70s" alone may be an age or a number of seconds."""
    tables = _tables()
    article = tables.articles.match(text, start)
    century = tables.centuries.match(text, start)
    place = skip_spaces(text, max(part[0] for part in (article, century, (start,)) if part is not None))
    if place >= len(text):
        return None
    named = tables.decade_names.match(text, place)
    if named is not None:
        year, end = named[1] if article is not None else None, named[0]
    else:
        numeral = read_numeral(text, place + 1 if text[place] == "'" else place, tail=False)
        mark = tables.decade_words.match(text, numeral.end) if numeral is not None else None
        if numeral is None or mark is None or numeral.value % 1 or numeral.low is not None or numeral.scale > 1:
            return None
        fits = article is not None or not is_latin(text[mark[0] - 1])
        year, end = _year(int(numeral.value), century[1] if century is not None else None) if fits else None, mark[0]
    return None if year is None else Period(start, end, date(year, 1, 1), date(year + 9, 12, 31), year=year)
