"""From a word to catalog elements: exact, prefix, inside, then near. Law: the order is the same every time and never depends on file order alone.

Words are compared as `lint.fold` spells them. A hit is an element (tag, record set, concept) or a value of one; each appears once, by its best word.
Nearness is rapidfuzz's normalised edit similarity (ratio), and for longer words the same over the best-fitting piece of the longer one (partial_ratio), with a little more for a common start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, EnumValue, Language, Text, Words
from assistant.catalog.spelling import fold

HitKind = Literal["tag", "record", "concept", "value"]

_EXACT, _PREFIX, _INSIDE, _DEFINED = 100.0, 90.0, 80.0, 60.0
_NEAR_WEIGHT, _PIECE_WEIGHT = 0.75, 0.6
_START_BONUS = 5.0
_NEAR_FLOOR, _SUGGEST_FLOOR = 48.0, 38.0
_PIECE_LENGTH = 4
_NO_WORDS = Words()
_NAME, _ALIAS, _PHRASE, _VALUE, _PROPERTY, _DEFINITION = range(6)
_KINDS: tuple[HitKind, ...] = ("tag", "concept", "record", "value")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `code` is the element's; for a value `value` is its code and `code` that of the tag or, as `record.property`, of the property.
    `matched` is the word of the catalog that fitted, `score` from 0 to 100 (100 the very word)."""

    kind: HitKind
    code: str
    matched: str
    score: float
    value: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One searchable text. `rank` breaks ties: names first, then aliases, phrases, values of tags, properties; a definition is searched only for what
    stands inside it."""

    key: str
    text: str
    language: Language
    kind: HitKind
    code: str
    value: str | None
    rank: int

    @property
    def identity(self) -> tuple[HitKind, str, str | None]:
        return self.kind, self.code, self.value


def _texts(name: Text, aliases: Words = _NO_WORDS, phrases: Words = _NO_WORDS) -> Iterator[tuple[str, Language, int]]:
    yield name.zh, "zh", _NAME
    yield name.en, "en", _NAME
    for rank, words in ((_ALIAS, aliases), (_PHRASE, phrases)):
        for word in words.zh:
            yield word, "zh", rank
        for word in words.en:
            yield word, "en", rank


def _element_lines(kind: HitKind, element: Element, phrases: Words) -> Iterator[_Line]:
    code = element.code
    yield _Line(fold(code), code, "en", kind, code, None, _ALIAS)
    for text, language, rank in _texts(element.name, element.aliases, phrases):
        if "{" not in text:
            yield _Line(fold(text), text, language, kind, code, None, rank)
    yield _Line(fold(element.definition.zh), element.definition.zh, "zh", kind, code, None, _DEFINITION)
    yield _Line(fold(element.definition.en), element.definition.en, "en", kind, code, None, _DEFINITION)


def _value_lines(values: Iterable[EnumValue], code: str, rank: int) -> Iterator[_Line]:
    for value in values:
        for text, language, _ in _texts(value.label, value.aliases):
            yield _Line(fold(text), text, language, "value", code, value.code, rank)


def _lines(catalog: TagCatalog) -> Iterator[_Line]:
    for tag in catalog.tags.values():
        if tag.status != "offline":
            yield from _element_lines("tag", tag, tag.holding_words)
            yield from _value_lines(catalog.values(tag), tag.code, _VALUE)
    for record in catalog.records.values():
        if record.status != "offline":
            yield from _element_lines("record", record, record.actions)
            for item in record.properties:
                for text, language, _ in _texts(item.name, item.aliases):
                    yield _Line(fold(text), text, language, "record", record.code, None, _PROPERTY)
                yield from _value_lines(item.values, f"{record.code}.{item.code}", _PROPERTY)
    for concept in catalog.concepts.values():
        if concept.status != "offline":
            yield from _element_lines("concept", concept, concept.negation_aliases)
            if concept.negation_name is not None:
                for text, language, _ in _texts(concept.negation_name):
                    yield _Line(fold(text), text, language, "concept", concept.code, None, _PHRASE)


def _nearness(key: str, other: str) -> float:
    score = fuzz.ratio(key, other) * _NEAR_WEIGHT
    if min(len(key), len(other)) >= _PIECE_LENGTH:
        score = max(score, fuzz.partial_ratio(key, other) * _PIECE_WEIGHT)
    return score + _START_BONUS * Prefix.normalized_similarity(key, other)


@lru_cache(maxsize=2)
def search_of(catalog: TagCatalog) -> Search:
    """The search over a catalog, made when it is first asked for."""
    return Search(catalog)


class Search:
    """The words of one catalog, folded once. Pure: the same question has the same answer."""

    def __init__(self, catalog: TagCatalog) -> None:
        self._all = tuple(_lines(catalog))

    def find(self, text: str, language: Language | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """What a word names: the best `limit` hits, best first. `language` keeps to words of one language. Nothing for an empty word."""
        key = fold(text)
        if not key:
            return ()
        lines = [line for line in self._all if language is None or line.language == language]
        return self._best(((line, self._score(key, line)) for line in lines), _NEAR_FLOOR, limit)

    def suggest(self, word: str, limit: int = 3) -> tuple[Hit, ...]:
        """The elements nearest to a word the catalog does not have: tags, record sets and concepts, a value standing for its tag or record set."""
        key = fold(word)
        if not key:
            return ()
        owners: dict[str, HitKind] = {line.code: line.kind for line in self._all if line.kind != "value"}
        best: dict[str, Hit] = {}
        for hit in self._best(((line, self._score(key, line)) for line in self._all), _SUGGEST_FLOOR, len(self._all)):
            code = hit.code.partition(".")[0]
            best.setdefault(code, Hit(owners[code], code, hit.matched, hit.score))
        return tuple(best.values())[:limit]

    @staticmethod
    def _score(key: str, line: _Line) -> float:
        if line.rank == _DEFINITION:
            return _DEFINED if key in line.key else 0.0
        if key == line.key:
            return _EXACT
        coverage = min(len(key), len(line.key)) / max(len(key), len(line.key), 1)
        if line.key.startswith(key):
            return _PREFIX + 5 * coverage
        if key in line.key:
            return _INSIDE + 5 * coverage
        return _nearness(key, line.key)

    @staticmethod
    def _best(scored: Iterator[tuple[_Line, float]], floor: float, limit: int) -> tuple[Hit, ...]:
        def order(item: tuple[_Line, float]) -> tuple[float, int, int, str, str, str]:
            line, score = item
            return -score, line.rank, _KINDS.index(line.kind), line.code, line.value or "", line.text

        found: dict[tuple[HitKind, str, str | None], Hit] = {}
        for line, score in sorted((item for item in scored if item[1] >= floor), key=order):
            found.setdefault(line.identity, Hit(line.kind, line.code, line.text, round(score, 1), line.value))
        return tuple(found.values())[:limit]
