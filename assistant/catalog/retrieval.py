"""From a whole request to the catalog elements it may be about, for a prompt. Law: names, aliases, definitions and value labels only; the same request has the same order.

Every text of an element is cut into grams: pairs of ideographs, and for English the words' stems and their trigrams. A text weighs as much as the rare grams (inverse document frequency) that it
shares with the request, as a share of its own; an element weighs as much as its best text, with a little more for the others. This finds aliases that stand in the request whole, misspelt or in
another order, and is cheap: one pass over the texts that share a gram. What no letters show (薪水族 for payroll customers) an embedding may; it stands behind `Embedding` and its order is mixed in
by reciprocal ranks (Cormack, Clarke and Büttcher 2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element
from assistant.language.phrases import phrases_of
from assistant.language.text import is_cjk, normalise

_DEFINITION_WEIGHT = 0.35
_MORE_TEXTS = 0.1
_RANK_OFFSET = 60.0
_DAMPED = 8.0
_ENDINGS = ("ing", "ies", "es", "ed", "s")
_WORD = re.compile(r"[a-z][a-z'-]*|[0-9]+")
_SLOT = re.compile(r"\{[a-z_]+\}")


class Embedding(Protocol):
    """A model of meaning: texts to vectors of one length, no network in between unless the bank chose so."""

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]: ...


class Retriever(Protocol):
    """Anything that orders the elements of a catalog by a request."""

    def ranked(self, request: str, limit: int) -> tuple[str, ...]:
        """The codes of at most `limit` elements, likeliest first."""
        ...


@lru_cache(maxsize=2)
def retriever_of(catalog: TagCatalog) -> GramRetriever:
    """The retriever over a catalog, made when it is first asked for."""
    return GramRetriever(catalog)


class GramRetriever:
    """Orders elements by the grams they share with a request."""

    def __init__(self, catalog: TagCatalog) -> None:
        texts = [(code, text, weight) for code, text, weight in _texts(catalog) if text]
        self._owners = [code for code, _, _ in texts]
        cut = [Counter(grams(text)) for _, text, _ in texts]
        spread = Counter(gram for each in cut for gram in each)
        self._weight = {gram: math.log(1 + len(cut) / often) for gram, often in spread.items()}
        self._within: dict[str, list[int]] = defaultdict(list)
        self._share: list[float] = []
        self._words = [_bounded(normalise(text).text) for _, text, _ in texts]
        for number, (each, (_, _, weight)) in enumerate(zip(cut, texts, strict=True)):
            whole = sum(self._weight[gram] for gram in each)
            self._share.append(weight / whole if whole else 0.0)
            for gram in each:
                self._within[gram].append(number)

    def ranked(self, request: str, limit: int) -> tuple[str, ...]:
        shared: dict[int, float] = defaultdict(float)
        for gram in set(grams(request)):
            for number in self._within.get(gram, ()):
                shared[number] += self._weight[gram]
        said = _bounded(normalise(request).text)
        found: dict[str, list[float]] = defaultdict(list)
        for number, weight in shared.items():
            score = weight * self._share[number]
            if self._words[number] not in said:
                score *= 1 - math.exp(-weight / _DAMPED)  # a few grams of a short text stand in a request by chance
            found[self._owners[number]].append(score)
        scores = {code: max(each) + _MORE_TEXTS * (sum(each) - max(each)) / (1 + len(each)) for code, each in found.items()}
        return tuple(sorted(scores, key=lambda code: (-scores[code], code))[:limit])


@dataclass(frozen=True)
class EmbeddingRetriever:
    """Orders elements by how near their best text is to the request in an embedding."""

    codes: tuple[str, ...]
    vectors: tuple[Sequence[float], ...]
    embedding: Embedding

    @classmethod
    def of(cls, catalog: TagCatalog, embedding: Embedding) -> EmbeddingRetriever:
        """Every text of the catalog embedded once."""
        texts = [(code, text) for code, text, _ in _texts(catalog) if text]
        return cls(tuple(code for code, _ in texts), tuple(embedding.vectors([text for _, text in texts])), embedding)

    def ranked(self, request: str, limit: int) -> tuple[str, ...]:
        said = self.embedding.vectors([request])[0]
        best: dict[str, float] = {}
        for code, vector in zip(self.codes, self.vectors, strict=True):
            best[code] = max(best.get(code, -1.0), _cosine(said, vector))
        return tuple(sorted(best, key=lambda code: (-best[code], code))[:limit])


@dataclass(frozen=True, slots=True)
class FusedRetriever:
    """Several orders made one by reciprocal ranks."""

    retrievers: tuple[Retriever, ...]

    def ranked(self, request: str, limit: int) -> tuple[str, ...]:
        scores: dict[str, float] = defaultdict(float)
        for retriever in self.retrievers:
            for place, code in enumerate(retriever.ranked(request, 4 * limit), start=1):
                scores[code] += 1 / (_RANK_OFFSET + place)
        return tuple(sorted(scores, key=lambda code: (-scores[code], code))[:limit])


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    length = math.sqrt(sum(value * value for value in one)) * math.sqrt(sum(value * value for value in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0


def _texts(catalog: TagCatalog) -> Iterator[tuple[str, str, float]]:
    """(element, text, weight) of everything in use."""
    for element in (*catalog.tags.values(), *catalog.records.values(), *catalog.concepts.values()):
        if element.status in ("online", "deprecated"):
            yield from _said_of(element)
    for tag in catalog.tags.values():
        if tag.status in ("online", "deprecated"):
            yield from ((tag.code, word, 1.0) for word in tag.holding_words.all())
            yield from (
                (tag.code, word, 1.0) for value in catalog.values(tag) for word in (value.label.zh, value.label.en, *value.aliases.all())
            )
    for record in catalog.records.values():
        if record.status in ("online", "deprecated"):
            phrases = (record.actions, record.counted_actions, *record.dated_actions.values())
            yield from ((record.code, _SLOT.sub(" ", phrase), 1.0) for words in phrases for phrase in words.all())
            for item in record.properties:
                yield from ((record.code, word, 0.8) for value in catalog.values(item) for word in (value.label.zh, value.label.en))
    for concept in catalog.concepts.values():
        if concept.status in ("online", "deprecated"):
            names = () if concept.negation_name is None else (concept.negation_name.zh, concept.negation_name.en)
            yield from ((concept.code, word, 1.0) for word in (*names, *concept.negation_aliases.all()))


def _said_of(element: Element) -> Iterator[tuple[str, str, float]]:
    for text in (element.name.zh, element.name.en, *element.aliases.all()):
        yield element.code, text, 1.0
    for text in (element.definition.zh, element.definition.en):
        yield element.code, text, _DEFINITION_WEIGHT


def grams(text: str) -> Iterable[str]:
    """Pairs of neighbouring ideographs (a lone one by itself), and of English the stems of words and their trigrams."""
    folded = normalise(text).text
    run = ""
    for character in folded + " ":
        if is_cjk(character):
            run += character
            continue
        if run:
            yield from ([run] if len(run) == 1 else (run[place : place + 2] for place in range(len(run) - 1)))
        run = ""
    for word in _WORD.findall(folded):
        if word in _empty_words():
            continue
        stem = _stem(word)
        yield stem
        if len(stem) > 4:
            yield from (f"~{stem[place : place + 3]}" for place in range(len(stem) - 2))


def _bounded(folded: str) -> str:
    """A text between blanks where it begins or ends in a Latin word, so that it is found whole or not at all."""
    return " ".join(["", *_WORD.findall(folded), ""]) if folded.isascii() else folded


@lru_cache(maxsize=1)
def _empty_words() -> frozenset[str]:
    """Words that stand in any request: they tell no element from another."""
    return frozenset().union(*(phrases_of(kind) for kind in ("ignored", "people", "frame", "have", "is", "negation.not", "connective.and")))


def _stem(word: str) -> str:
    """A word without the commonest English endings."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word
