"""Words that could not be read -> the request read again with the nearest known words in their place. Law: offered, never applied; what was typed stays the original.

A misspelling is looked for around every stretch of characters that no word of the catalog or the grammar covers, by sound and by letters (`language/spelling`).
A repair counts only when the whole request, read again with it, leaves less unread and refuses nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text, Words
from assistant.errors import Severity
from assistant.interpret.interpretation import Interpretation
from assistant.interpret.lexer import Token
from assistant.interpret.offered.turning import denies
from assistant.language.phrases import phrases
from assistant.language.spelling import LONGEST, Spelling
from assistant.language.text import Normalised, is_cjk, normalise, replaced
from assistant.rule.canonical import fingerprint
from assistant.rule.tree import SegmentRule

MOST_OFFERS = 3
_MOST_TRIED = 8
_EACH_HOLE = 6
_REACH = 7
"""Characters on either side of an unread stretch that may belong to the misspelt word."""
_MOST_COMBINED = 64
_CLOSE = 0.12
"""Offers further than this from the nearest one, in cost for each character, are not made."""
_MOST_WORDS = 5
_LATIN_WORD = re.compile(r"[a-z0-9]+")
_SLOT = re.compile(r"\{[a-z_]+\}")

Read = Callable[[Normalised], tuple[Interpretation, tuple[Token, ...]]]
"""The interpretation of a folded text by its default readings, and the tokens it was read from."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What was typed at [start, end) of the original, and the words it is read as."""

    start: int
    end: int
    said: str
    meant: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The request with its repairs: `text` to read instead (its original is what was typed), the rule that gives, and the words still unread."""

    text: Normalised
    repairs: tuple[Repair, ...]
    rule: SegmentRule
    unread: tuple[str, ...]

    @property
    def meant(self) -> str:
        return " / ".join(repair.meant for repair in self.repairs)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A known word in the place of [start, end) of the folded text; `cost` for each character of it."""

    start: int
    end: int
    word: str
    cost: float


@dataclass(frozen=True, slots=True)
class _Known:
    spelling: Spelling
    written: dict[str, str]
    """A word as it is folded -> as the catalog writes it."""


def offers_key(offers: Sequence[Offer]) -> str:
    """The key of the question which offer is meant: what was typed and all that is offered, so that a choice kept can never mean something else."""
    said = "|".join(repair.said.casefold() for repair in offers[0].repairs)
    return f"spelling:{said}>{'|'.join(offer.meant for offer in offers)}"


@dataclass(frozen=True, slots=True)
class Nearness:
    """`offers`: the readings nearest to a request that has unread words, nearest first, at most `MOST_OFFERS`. `unknown`: something unread is no known word.
    `no_data`: known words that are near, but that the bank has no data for."""

    offers: tuple[Offer, ...] = ()
    unknown: bool = False
    no_data: tuple[str, ...] = ()


def near_readings(text: Normalised, read: Read, catalog: TagCatalog) -> Nearness:
    """What a request with unread words may mean."""
    plain, tokens = read(text)
    unread = _unread(plain)
    left_over = [token for token in tokens if _within(text.span(token.start, token.end), unread)]
    holes = [hole for token in left_over if not token.read for hole in _runs(token)]
    holes = holes or [(token.start, token.end) for token in left_over if len(token.text) == 1 and is_cjk(token.text) and not token.content]
    if not holes:
        return Nearness()
    known = _known(catalog)
    options = [tuple(edit for edit in _edits(text.text, hole, known.spelling) if not _redenies(edit, tokens)) for hole in holes]
    found: list[tuple[int, float, Offer]] = []
    refused: list[tuple[frozenset[int], float]] = []
    no_data: dict[str, None] = {}
    rules: set[tuple[str, object]] = set()
    before = _length(unread)
    for cost, mended_holes, edits in _combinations(options):
        mended = replaced(text, [(edit.start, edit.end, edit.word) for edit in edits])
        reading, pieces = read(mended)
        left = _unread(reading)
        places = [text.span(edit.start, edit.end) for edit in edits]
        if _length(left) >= before or any(_touch(place, left) for place in places):
            continue
        if any(issue.severity is Severity.REFUSE for issue in reading.issues):
            refused.append((mended_holes, cost))
            no_data.update(dict.fromkeys(repair.meant for repair in _repairs(mended, places, pieces, known)))
            continue
        if any(_beside(text.original, place, left) for place in places) or any(mended_holes == one and cost > low for one, low in refused):
            continue
        if reading.rule is None or not (reading.changed or reading.requests):
            continue
        same = fingerprint(reading.rule.node), reading.requests
        if same not in rules:
            rules.add(same)
            words = tuple(text.original[start:end] for start, end in left)
            found.append((_length(left), cost, Offer(mended, _repairs(mended, places, pieces, known), reading.rule, words)))
    found.sort(key=lambda one: one[:2])
    close = [offer for left, cost, offer in found if left == found[0][0] and cost <= found[0][1] + _CLOSE]
    return Nearness(tuple(close[:MOST_OFFERS]), True, tuple(no_data))


def _length(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _unread(reading: Interpretation) -> list[tuple[int, int]]:
    return [issue.quote for issue in reading.issues if issue.code == "unread" and issue.quote is not None]


def _redenies(edit: _Edit, tokens: Sequence[Token]) -> bool:
    """Whether a denial would come to stand before words that were understood and that it did not deny: not wanting to buy is not buying none."""
    return any(denies(token) and token.end == edit.start for token in tokens) and any(
        token.content and edit.start < token.start and token.end <= edit.end for token in tokens
    )


def _within(place: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def _touch(place: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < place[1] and place[0] < end for start, end in spans)


def _beside(words: str, place: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch touches, or stands side by side with, one of others: words half of which stay unread are no misspelling of known ones."""
    return _touch(place, spans) or any(
        not words[one[1] : other[0]].strip()
        for start, end in spans
        for one, other in (((start, end), place), (place, (start, end)))
        if one[1] <= other[0]
    )


def _runs(token: Token) -> Iterator[tuple[int, int]]:
    """The Chinese runs and the English words of an unread token, as stretches of the folded text."""
    for chinese, run in itertools.groupby(range(token.start, token.end), key=lambda place: _script(token.text[place - token.start])):
        places = list(run)
        if chinese is not None:
            yield places[0], places[-1] + 1


def _script(character: str) -> bool | None:
    """Whether a letter is Chinese; None for what is no letter."""
    return is_cjk(character) if character.isalpha() else None


def _edits(text: str, hole: tuple[int, int], spelling: Spelling) -> Iterator[_Edit]:
    """The nearest known words for the words around an unread stretch, one for each text they would make, nearest first. A word that would mend only a
    part of the stretch must sound like it: letters alone are too little to part what nobody has read."""
    start, end = hole
    if not is_cjk(text[start]):
        near = [_Edit(start, end, one.word, one.cost / len(one.word)) for one in spelling.near_latin(text[start:end])]
        near += [
            _Edit(first, last, one.word, one.cost / len(one.word))
            for first, last in _word_windows(text, start, end)
            for one in spelling.near_phrase(text[first:last])
        ]
    else:
        near = [
            _Edit(first, last, one.word, one.cost / len(one.word))
            for first, last in _windows(text, start, end)
            for one in spelling.near(text[first:last])
            if one.sounds or (first <= start and end <= last)
        ]
    made: set[str] = set()
    for edit in sorted(near, key=lambda one: (one.cost, one.start, one.end, one.word)):
        mended = text[: edit.start] + edit.word + text[edit.end :]
        if mended not in made:
            made.add(mended)
            yield edit


def _windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of letters and digits that share a character with [start, end); a Latin word or a number is in one whole or not at all."""
    left, right = start, end
    while left > max(0, start - _REACH) and text[left - 1].isalnum():
        left -= 1
    while right < min(len(text), end + _REACH) and text[right].isalnum():
        right += 1
    edges = [place for place in range(left, right + 1) if not _inside_word(text, place)]
    for first, last in itertools.combinations(edges, 2):
        if first < end and last > start and 2 <= last - first <= LONGEST + 1:
            yield first, last


def _word_windows(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of two to five whole words with the one at [start, end) among them, blanks and hyphens between them."""
    words = [found.span() for found in _LATIN_WORD.finditer(text)]
    here = next((number for number, (first, last) in enumerate(words) if first <= start and end <= last), None)
    if here is None:
        return
    for first in range(max(0, here - _MOST_WORDS + 1), here + 1):
        for last in range(max(first + 1, here), min(len(words), first + _MOST_WORDS)):
            if all(text[one[1] : other[0]] in (" ", "-") for one, other in itertools.pairwise(words[first : last + 1])):
                yield words[first][0], words[last][1]


def _inside_word(text: str, place: int) -> bool:
    """Whether a cut there would part a Latin word or a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return (before.isascii() and after.isascii() and before.isalpha() and after.isalpha()) or (before.isdigit() and after.isdigit())


def _combinations(options: Sequence[Sequence[_Edit]]) -> list[tuple[float, frozenset[int], tuple[_Edit, ...]]]:
    """One edit for each unread stretch, or none where there are several, with the stretches mended and what the edits cost together: the best few."""
    mendable = [number for number, edits in enumerate(options) if edits]
    most = max(1, _EACH_HOLE // max(1, len(mendable)))
    others: tuple[_Edit | None, ...] = (None,) if len(options) > 1 else ()
    found: list[tuple[int, float, frozenset[int], tuple[_Edit, ...]]] = []
    for choice in itertools.islice(itertools.product(*((*options[number][:most], *others) for number in mendable)), _MOST_COMBINED):
        used = [(number, edit) for number, edit in zip(mendable, choice, strict=True) if edit is not None]
        edits = tuple(sorted((edit for _, edit in used), key=lambda edit: edit.start))
        if edits and all(one.end <= other.start for one, other in itertools.pairwise(edits)):
            found.append((-len(edits), sum(edit.cost for edit in edits), frozenset(number for number, _ in used), edits))
    return [one[1:] for one in sorted(found, key=lambda one: one[:2])[:_MOST_TRIED]]


def _repairs(mended: Normalised, places: Sequence[tuple[int, int]], tokens: Sequence[Token], known: _Known) -> tuple[Repair, ...]:
    """What each stretch that was replaced is now part of: whole tokens, neighbours joined."""
    found: list[Repair] = []
    for place in places:
        touched = [token for token in tokens if _touch(mended.span(token.start, token.end), [place])]
        spans = [mended.span(token.start, token.end) for token in touched]
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        words = mended.text[touched[0].start : touched[-1].end]
        meant = known.written.get(words, words)
        repair = Repair(start, end, mended.original[start:end], meant)
        if repair not in found:
            found.append(repair)
    return tuple(found)


@lru_cache(maxsize=4)
def _known(catalog: TagCatalog) -> _Known:
    """The words of a catalog that a misspelling is looked up among, built when the first one is met."""
    written: dict[str, str] = {}
    for word in _words(catalog):
        written.setdefault(normalise(word).text, word)
    polar = frozenset(words for _, kind, words in phrases() if kind.startswith("negation.") and len(words) == 1 and is_cjk(words))
    people = tuple(words for _, kind, words in phrases() if kind == "people" and len(words) > 1 and is_cjk(words[0]))
    return _Known(Spelling((_without(people, folded) for folded in written), polar), written)


def _without(people: tuple[str, ...], word: str) -> str:
    """A word without 客户 and the like at its end: they are said of everyone, and would make any two short words look alike."""
    shorter = next((word.removesuffix(one) for one in people if word.endswith(one)), word)
    return shorter if len(shorter) > 1 else word


def _words(catalog: TagCatalog) -> Iterator[str]:
    """Names, aliases, values and the fixed parts of the phrases of everything in use, as they are written."""

    def named(name: Text, *aliases: Words) -> Iterator[str]:
        yield from (name.zh, name.en)
        for words in aliases:
            yield from words.all()

    for element in (*catalog.tags.values(), *catalog.records.values(), *catalog.concepts.values()):
        if element.status in ("online", "deprecated"):
            yield from named(element.name, element.aliases)
    for tag in catalog.tags.values():
        if tag.status in ("online", "deprecated"):
            yield from tag.holding_words.all()
            for value in catalog.values(tag):
                yield from named(value.label, value.aliases)
    for record in catalog.records.values():
        if record.status in ("online", "deprecated"):
            for words in (record.actions, *record.dated_actions.values()):
                yield from (part.strip() for phrase in words.all() for part in _SLOT.split(phrase) if len(part.strip()) > 1)
            for item in record.properties:
                yield from named(item.name, item.aliases)
                for value in catalog.values(item):
                    yield from named(value.label, value.aliases)
    for concept in catalog.concepts.values():
        if concept.status in ("online", "deprecated") and concept.negation_name is not None:
            yield from named(concept.negation_name, concept.negation_aliases)
    for words in (*(one.words for one in catalog.ambiguous), *(one.words for one in catalog.inexpressible)):
        yield from words.all()
    for region in catalog.header.regions:
        yield from named(region.label, region.aliases)
    for words in catalog.header.level_words.values():
        yield from words.all()
