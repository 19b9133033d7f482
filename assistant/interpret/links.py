"""Words that somebody says mean other words -> the request read with the known words in their place. Law: vocabulary only; whoever links supplies no number, time, comparison, negation or
grouping, and what is lost or added in them is refused.

A link quotes words of the request and says them again in words of the catalog ("手里攥着基金" means "持有基金"). The grammar then reads the request with those words standing where the quoted
ones stand, so operator, value, unit and window are still read out of what was typed, every condition quotes it, and what nobody linked stays unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.interpret.grammar import read_tokens, tokens_of
from assistant.interpret.interpretation import Assumption, Context, Interpretation
from assistant.interpret.lexer import Token
from assistant.language.text import Normalised, normalise, replaced
from assistant.rule.tree import Quote

MOST_LINKS = 12
MOST_CHARACTERS = 80
"""Of what a link may say its quote means."""
_DIGITS = re.compile(r"[0-9]+")
_EDGES = " ,;:.!?、。，；：！？\"'“”‘’「」()（）"

Fault = Literal["not_said", "said_twice", "overlapping", "already_read", "not_in_catalog", "invented", "lost", "unreadable", "too_many"]
"""Why a link was not taken. not_said: its quote is not in the request; said_twice: it is there more than once; already_read: the grammar knows these words; not_in_catalog: what it means are no
words of the catalog; invented, lost: a number, time, comparison, request, edit or grouping that the quote does not have, or that it has and the meaning has not; unreadable: the grammar finds
no reading with it."""

Doubt = Literal["denial", "another_word", "added_word"]
"""Why a link that was taken must be asked about even where its words are approved. denial: it adds or takes away a denial; another_word: a known word of its quote is missing from what it means;
added_word: what it means names something more, and every word of its quote is known."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the request, as they stand there, and the words of the catalog they are said to mean."""

    quote: str
    means: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A link that was not taken, and why."""

    link: Link
    fault: Fault


@dataclass(frozen=True, slots=True)
class Linked:
    """A request read by links. `text`: with the known words in place; `taken`: the links used, in the order said; `doubts`: what is doubtful about them."""

    interpretation: Interpretation
    text: Normalised
    taken: tuple[Link, ...] = ()
    refused: tuple[Refused, ...] = ()
    doubts: tuple[tuple[Link, Doubt], ...] = ()

    @property
    def unread(self) -> tuple[str, ...]:
        """The words that are unread with the links too."""
        return tuple(self.text.original[start:end] for start, end in unread_spans(self.interpretation))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A link at [start, end) of the folded request, with what it means as the grammar folds it."""

    link: Link
    start: int
    end: int
    words: str
    doubts: tuple[Doubt, ...] = ()


def reading_of(
    links: Sequence[Link], request: str, context: Context, *, everywhere: bool = False, own_words: bool = True
) -> Interpretation:
    """The request as links say it is meant; those that break the law are left out, and the words they quote are then unread. `everywhere`, `own_words`: see `linked`."""
    return linked(links, request, context, everywhere=everywhere, own_words=own_words).interpretation


def linked(links: Sequence[Link], request: str, context: Context, *, everywhere: bool = False, own_words: bool = True) -> Linked:
    """The request read with the links that keep the law. `everywhere`: links may also say what words mean that the grammar reads by itself (to compare the two readings); `own_words` False: outside
    of links the grammar knows no word of the catalog, only numbers, times and words of grammar (to examine links alone)."""
    text = normalise(request)
    tokens = tokens_of(text, context)
    own = read_tokens(text, tokens, context)
    holes = None if everywhere or not own_words else unread_spans(own)
    placed: list[_Placed] = []
    refused = [Refused(link, "too_many") for link in links[MOST_LINKS:]]
    for link in links[:MOST_LINKS]:
        place = _place(link, text, tokens, holes, placed, context)
        if isinstance(place, _Placed):
            placed.append(place)
        else:
            refused.append(Refused(link, place))
    placed.sort(key=lambda one: one.start)
    while True:
        mended = replaced(text, [(one.start, one.end, one.words) for one in placed])
        broken = _unreadable(mended.text, placed, context, own_words)
        if not broken:
            break
        refused += [Refused(one.link, "unreadable") for one in broken]
        placed = [one for one in placed if one not in broken]
    found = read_tokens(mended, _seen(tokens_of(mended, context), placed, own_words), context)
    return Linked(
        _told(found, text, placed, context),
        mended,
        tuple(one.link for one in placed),
        tuple(refused),
        tuple((one.link, doubt) for one in placed for doubt in one.doubts),
    )


def unread_spans(found: Interpretation) -> tuple[tuple[int, int], ...]:
    """Where in the original text words stand that nothing took."""
    return tuple(issue.quote for issue in found.issues if issue.code == "unread" and issue.quote is not None)


def _place(
    link: Link,
    text: Normalised,
    tokens: Sequence[Token],
    holes: Sequence[tuple[int, int]] | None,
    others: Sequence[_Placed],
    context: Context,
) -> _Placed | Fault:
    """Where a link's words stand, or why it is not taken. A time or number at the edge of a quote that its meaning does not have stays in the request, beside what is linked."""
    quote = normalise(link.quote).text.strip(_EDGES)
    places = list(_places(text.text, quote)) if quote else []
    if not places:
        return "not_said"
    if len(places) > 1:
        return "said_twice"
    start, end = places[0], places[0] + len(quote)
    found = _placed(link, start, end, text, tokens, holes, others, context)
    first, last = _without_edges(tokens, start, end)
    if found != "lost" or (first, last) == (start, end) or first >= last:
        return found
    said = text.original[slice(*text.span(first, last))]
    return _placed(replace(link, quote=said), first, last, text, tokens, holes, others, context)


def _without_edges(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """A stretch without the times, numbers and ranks at its edges."""
    inside = [token for token in tokens if start <= token.start and token.end <= end]
    fixed = [token.window is not None or token.comparison is not None or token.rank is not None for token in inside]
    kept = [token for number, token in enumerate(inside) if not all(fixed[: number + 1]) and not all(fixed[number:])]
    return (kept[0].start, kept[-1].end) if kept else (start, start)


def _placed(
    link: Link,
    start: int,
    end: int,
    text: Normalised,
    tokens: Sequence[Token],
    holes: Sequence[tuple[int, int]] | None,
    others: Sequence[_Placed],
    context: Context,
) -> _Placed | Fault:
    """A link in the place of [start, end) of the folded request, or why it is not taken."""
    words = normalise(link.means).text.strip(_EDGES)
    if any(one.start < end and start < one.end for one in others):
        return "overlapping"
    first, last = text.span(start, end)
    if holes is not None and not any(first < hole_end and hole_start < last for hole_start, hole_end in holes):
        return "already_read"
    meant = tokens_of(normalise(words), context)
    # What is shown as said must be what was read: marks that are not seen (of direction, control, no width) are dropped in reading.
    if not link.means.isprintable() or not link.quote.isprintable():
        return "not_in_catalog"
    if len(words) > MOST_CHARACTERS or not all(token.read for token in meant) or not any(_names_something(token) for token in meant):
        return "not_in_catalog"
    if not _numerals(text.text[start:end]) <= _numerals(words):
        return "lost"
    mended = replaced(text, [(start, end, words)])
    before, after = _structure(tokens), _structure(tokens_of(mended, context))
    if after.fixed - before.fixed or after.loose - before.loose:
        return "invented"
    if before.fixed - after.fixed:
        return "lost"
    inside = [token for token in tokens if start <= token.start and token.end <= end and _names_something(token)]
    doubts: list[Doubt] = ["denial"] if before.denials != after.denials else []
    if not all(_kept(token, words, meant) for token in inside):
        doubts.append("another_word")
    if _all_known(tokens, start, end) and not all(_said_by(token, inside) for token in meant if _names_something(token)):
        doubts.append("added_word")
    return _Placed(link, start, end, words, tuple(doubts))


def _places(text: str, quote: str) -> Iterator[int]:
    """Where a quote stands in a text, never cutting a Latin word or a number."""
    place = text.find(quote)
    while place >= 0:
        if not _cut(text, place) and not _cut(text, place + len(quote)):
            yield place
        place = text.find(quote, place + 1)


def _cut(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return (before.isdigit() and after.isdigit()) or (before.isascii() and after.isascii() and before.isalpha() and after.isalpha())


def _numerals(text: str) -> set[str]:
    return set(_DIGITS.findall(text))


def _names_something(token: Token) -> bool:
    return any(meaning.kind not in ("phrase", "inexpressible") for meaning in token.meanings)


def _kept(token: Token, words: str, meant: Sequence[Token]) -> bool:
    """Whether a known word of a quote is among what it is said to mean: the word itself, or another for the same thing."""
    if token.text in words:
        return True
    said = set(_things(token))
    return any(said & set(_things(other)) for other in meant)


def _all_known(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a stretch leaves nothing open that a meaning could add."""
    return all(token.read for token in tokens if token.start < end and start < token.end)


def _said_by(token: Token, others: Sequence[Token]) -> bool:
    """Whether what a word names is among what other words name; a value of theirs names its tag too."""
    named = {thing for other in others for thing in _things(other)}
    named |= {(code, "") for code, _ in named}
    return token.text in {other.text for other in others} or not named.isdisjoint(_things(token))


def _things(token: Token) -> Iterator[tuple[str, str]]:
    """The elements and values a word can name."""
    for meaning in token.meanings:
        if meaning.kind in ("tag", "hold", "action", "dated", "concept", "concept_not", "property"):
            yield meaning.code, ""
        if meaning.kind == "value":
            yield meaning.code, meaning.value
        for name, codes in meaning.filters:
            yield from ((name, code) for code in codes)


@dataclass(frozen=True, slots=True)
class _Structure:
    """What of a text no link may touch: `fixed`, how often each number, time, comparison, rank and each word that limits, excludes or counts stands in it; `loose`, the other words of grammar, which
    may be part of a word nobody knows and so be lost with it, but never added; and its `denials`."""

    fixed: Counter[Hashable]
    loose: Counter[Hashable]
    denials: int


_FIXED = (
    "connective.or", "either", "one_of", "rather", "exactly", "first_time", "negation.exce", "negation.outside", "edit.except", "order.", "superlative.", "presence.", "change.", "sign.", "aggregate.",
)  # fmt: skip
"""How the kinds of words begin that limit, exclude or count: their loss would change the customers."""


_FREE = (
    "ignored", "have", "had", "is", "copula", "people", "person", "those", "too", "circumstance", "frame", "both", "pair.each", "sequence.again", "still",
    "connective.comma", "connective.also", "connective.and", "connective.but",
)  # fmt: skip
"""Words of grammar that add nothing by themselves: a meaning may have them or not."""


def _structure(tokens: Sequence[Token]) -> _Structure:
    fixed: Counter[Hashable] = Counter()
    loose: Counter[Hashable] = Counter()
    denials = 0
    for token in tokens:
        if token.window is not None:
            fixed["window", replace(token.window, start=0, end=0)] += 1
        if token.comparison is not None:
            fixed["comparison", replace(token.comparison, start=0, end=0, unit_word=None, number_spans=())] += 1
        if token.rank is not None:
            fixed["rank", replace(token.rank, start=0, end=0)] += 1
        denies = bool(token.phrases("negation.")) and not token.phrases("negation.except")
        if denies or token.phrase("lack") is not None or token.of("concept_not"):
            denials += 1
        elif not _names_something(token) and token.meanings and token.phrase(*_FREE) is None:
            kinds = tuple(sorted(meaning.code for meaning in token.of("phrase")))
            (fixed if any(kind.startswith(_FIXED) for kind in kinds) else loose)[kinds] += 1
    return _Structure(fixed, loose, denials)


def _seen(tokens: tuple[Token, ...], placed: Sequence[_Placed], own_words: bool) -> tuple[Token, ...]:
    """The tokens of a mended text; without words of its own the grammar sees those of the catalog only where a link put them."""
    if own_words:
        return tokens
    shifts = list(_shifted(placed))
    return tuple(
        token
        if not _names_something(token) or any(start <= token.start and token.end <= end for start, end in shifts)
        else Token(token.start, token.end, token.text)
        for token in tokens
    )


def _shifted(placed: Sequence[_Placed]) -> Iterator[tuple[int, int]]:
    """Where the words of links, ordered by place, stand in the mended text."""
    shift = 0
    for one in placed:
        start = one.start + shift
        yield start, start + len(one.words)
        shift += len(one.words) - (one.end - one.start)


def _unreadable(mended: str, placed: Sequence[_Placed], context: Context, own_words: bool) -> list[_Placed]:
    """The links whose words are not read, or not wholly: judged by the mended text as if it had been typed, where each word has a place of its own."""
    text = normalise(mended)
    found = read_tokens(text, _seen(tokens_of(text, context), placed, own_words), context)
    unread = unread_spans(found)
    return [
        one
        for one, (start, end) in zip(placed, _shifted(placed), strict=True)
        if any(first < end and start < last for first, last in unread)
    ]


def _told(found: Interpretation, text: Normalised, placed: Sequence[_Placed], context: Context) -> Interpretation:
    """The interpretation with what was read for what in its ledger and its assumptions."""
    places = [(text.span(one.start, one.end), one.link) for one in placed]
    ledger = tuple(
        replace(entry, read_as=next((link.means for (start, end), link in places if start < entry.end and entry.start < end), ""))
        for entry in found.ledger
    )
    stated = tuple(
        Assumption(
            "read_by_model", {"words": text.original[start:end], "meant": link.means}, Quote(turn=context.turn, start=start, end=end)
        )
        for (start, end), link in places
    )
    return replace(found, ledger=ledger, assumptions=(*found.assumptions, *stated), by="model" if placed else found.by)
