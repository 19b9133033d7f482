"""Names found by how they are typed: the pinyin of a Chinese name, whole (huoqi) or by its initials (hqck). Law: only what begins at a syllable is found; a name before an alias."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from assistant.catalog.load import TagCatalog
from assistant.language.pinyin import sounds

_MOST_READINGS = 8
"""Of a name with characters of several readings."""
_LEAST = 2
"""Letters that are looked for."""


def found_by_sound(words: str, catalog: TagCatalog, limit: int) -> tuple[str, ...]:
    """Codes of the elements whose Chinese name or alias is typed so, best first: the whole, its beginning, then what holds it. Empty for what is not letters alone."""
    typed = "".join(words.casefold().split())
    if len(typed) < _LEAST or not (typed.isascii() and typed.isalpha()):
        return ()
    best: dict[str, tuple[int, int]] = {}
    for place, (code, is_name, syllables) in enumerate(_sounds(catalog)):
        fit = _fit(typed, syllables)
        if fit is not None:
            rank = (fit + (0 if is_name else 3), place)
            best[code] = min(best.get(code, rank), rank)
    return tuple(sorted(best, key=best.__getitem__)[:limit])


def _fit(typed: str, syllables: tuple[str, ...]) -> int | None:
    """0 the whole, 1 its beginning, 2 inside from a syllable on; None for neither sounds nor initials."""
    initials = "".join(one[:1] for one in syllables)
    if typed in ("".join(syllables), initials):
        return 0
    for start in range(len(syllables)):
        if "".join(syllables[start:]).startswith(typed) or initials[start:].startswith(typed):
            return 2 if start else 1
    return None


@lru_cache(maxsize=2)
def _sounds(catalog: TagCatalog) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    return tuple(_of(catalog))


def _of(catalog: TagCatalog) -> Iterator[tuple[str, bool, tuple[str, ...]]]:
    for element in (*catalog.tags.values(), *catalog.concepts.values(), *catalog.records.values()):
        for number, text in enumerate((element.name.zh, *element.aliases.zh)):
            for reading in islice(product(*(sounds(character.casefold()) for character in text)), _MOST_READINGS):
                yield element.code, number == 0, reading
