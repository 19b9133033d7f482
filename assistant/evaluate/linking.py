"""A request and its rule -> the links a model would answer, right or with a fault. Law: deterministic; the words of a mutated condition are those of its read-back, so that a link says all that the
fault is.

Faithful links name the bank's words of the request one by one. A fault is put in their place in every form in which the wire can carry it:

    word       the naming words are said to mean another name, or to have something said beside them
    again      the words of the whole condition are said to mean the mutated one
    number     the number or time of the condition is said to mean the mutated condition
    filler     words that name nothing are said to mean the mutated condition
    joined     the words of two conditions are said to mean the mutated pair
    whole      the whole request is said to mean the mutated rule
    not_said   words that do not stand in the request are quoted
    left_out   nothing is said of the condition
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Property, Tag
from assistant.evaluate.mutated import Mutation
from assistant.interpret.grammar import tokens_of
from assistant.interpret.interpretation import Context
from assistant.interpret.lexer import Token
from assistant.interpret.links import MOST_CHARACTERS, Link
from assistant.language.text import normalise
from assistant.narrate.readback import condition_phrase, value_phrase
from assistant.rule.tree import AnyNode, Codes, ConceptRef, RecordCondition, TagCondition, at, children, walk

Form = Literal["word", "again", "number", "filler", "joined", "whole", "not_said", "left_out"]
FORMS: tuple[Form, ...] = get_args(Form)

_MARKS = " ,;:.、，；：。"
"""What at the end of a quote tells it from no other."""
_UNKNOWN = {"zh": "鸻鹮鸫鹟鹡鹛鸲鹎鸮鸱鹞鸢鸩鹇鹂", "en": ("vuplok", "drazeb", "quimfat", "zorvik", "blenthu", "skarpo", "wixom", "jevrad")}
"""What words that nobody knows are written with: no name of a catalog has them, or sounds like them."""


@dataclass(frozen=True, slots=True)
class Word:
    """Words at [start, end) of a request that name something, and what a link says they mean."""

    start: int
    end: int
    means: str
    name_end: int
    """Where the naming word itself ends: what stands behind it is quoted only so that the quote is found once."""
    names: frozenset[str] = frozenset()
    """The codes of what they can name."""


@dataclass(frozen=True, slots=True)
class Said:
    """A request with its rule as read, whose nodes quote it, and the links that a faithful model answers."""

    text: str
    language: Language
    node: AnyNode
    words: tuple[Word, ...]
    shifts: tuple[tuple[int, int], ...] = ()
    """(place in the text that the rule quotes, by how much what stands behind it moved)."""

    def links(self, without: tuple[int, int] = (0, 0)) -> tuple[Link, ...]:
        """The faithful links, but those that touch a stretch."""
        return tuple(
            Link(self.text[one.start : one.end], one.means) for one in self.words if not (one.start < without[1] and without[0] < one.end)
        )

    def hull(self, node: AnyNode) -> tuple[int, int] | None:
        """From the first word that a node and those in it quote to the last."""
        quotes = [quote for _, part in walk(node) for quote in part.said]
        if not quotes:
            return None
        return self._moved(min(quote.start for quote in quotes)), self._moved(max(quote.end for quote in quotes))

    def _moved(self, place: int) -> int:
        return place + sum(by for edge, by in self.shifts if edge <= place)


def faithful(text: str, language: Language, node: AnyNode, context: Context) -> Said:
    """A request as a model would link it that says each naming word again. A word that stands in it twice is quoted with its neighbours."""
    normalised = normalise(text)
    tokens = tokens_of(normalised, context)
    spans = [normalised.span(token.start, token.end) for token in tokens]
    words: list[Word] = []
    for number, token in enumerate(tokens):
        if not token.content or token.of("inexpressible"):
            continue
        start, end = spans[number]
        if words and start < words[-1].end:
            continue
        last = number
        while text.casefold().count(text[start:end].casefold().strip(_MARKS)) > 1 and last + 1 < len(tokens):
            last += 1
            end = spans[last][1]
        words.append(Word(start, end, text[start:end], spans[number][1], _names(token)))
    return Said(text, language, node, tuple(words))


def _names(token: Token) -> frozenset[str]:
    codes = {meaning.value or meaning.code for meaning in token.meanings if meaning.kind != "phrase"}
    return frozenset(codes | {code for meaning in token.meanings for _, values in meaning.filters for code in values})


def disguised(said: Said, node: AnyNode) -> Said | None:
    """The request with the naming words of a node written as words that nobody knows; only these are linked. None where it has none of its own."""
    hull = said.hull(node)
    inside = [one for one in said.words if hull is not None and hull[0] <= one.start and one.end <= hull[1]]
    if not inside:
        return None
    text, place = "", 0
    words: list[Word] = []
    shifts: list[tuple[int, int]] = []
    for number, one in enumerate(inside):
        text += said.text[place : one.start]
        unknown = _nobody_knows(said.language, number)
        known, place = said.text[one.start : one.name_end], one.name_end
        words.append(Word(len(text), len(text) + len(unknown), known, len(text) + len(unknown), one.names))
        text += unknown
        shifts.append((one.name_end, len(unknown) - len(known)))
    return Said(text + said.text[place:], said.language, said.node, tuple(words), tuple(shifts))


def _nobody_knows(language: Language, number: int) -> str:
    if language == "en":
        return _UNKNOWN["en"][number % len(_UNKNOWN["en"])]
    first = 2 * number % (len(_UNKNOWN["zh"]) - 1)
    return "".join(_UNKNOWN["zh"][first : first + 2])


def answers(said: Said, mutation: Mutation, context: Context) -> Iterator[tuple[Form, tuple[Link, ...]]]:
    """Every way to answer a mutated rule as links, each form once. What is too long for a link is not said that way."""
    phrased = _phrase(mutation.wrong, said, context.catalog)
    hull = said.hull(mutation.right)
    if mutation.fault == "dropped":
        yield from _dropped(said, mutation, hull, context)
    elif hull is not None and phrased:
        if mutation.fault in ("swap", "tag", "enum"):
            yield from _renamed(said, mutation, hull, context.catalog)
        else:
            naming = next((one for one in said.words if hull[0] <= one.start and one.end <= hull[1]), None)
            if naming is not None and (naming.start, naming.end) != hull:
                yield _answer("word", said, (naming.start, naming.end), phrased)
        yield _answer("again", said, hull, phrased)
        tokens = _tokens(said.text, context)
        number = next((span for token, span in tokens if _measures(token) and hull[0] <= span[0] and span[1] <= hull[1]), None)
        if number is not None:
            yield _answer("number", said, number, phrased)
        filler = next((span for token, span in tokens if token.phrase("ignored", "people", "person") is not None), None)
        if filler is not None:
            yield _answer("filler", said, filler, phrased)
        if phrased not in said.text:
            yield "not_said", (*said.links(hull), Link(phrased, phrased))
    whole = _phrase(mutation.rule, said, context.catalog)
    if whole:
        yield "whole", (Link(said.text, whole),)


def _answer(form: Form, said: Said, span: tuple[int, int], means: str) -> tuple[Form, tuple[Link, ...]]:
    return form, (*said.links(span), Link(said.text[span[0] : span[1]], means))


def _dropped(said: Said, mutation: Mutation, hull: tuple[int, int] | None, context: Context) -> Iterator[tuple[Form, tuple[Link, ...]]]:
    """A condition nobody speaks of: its words left out, or quoted together with a neighbour's that alone are said."""
    if hull is None:
        return
    yield "left_out", said.links(hull)
    siblings = children(at(said.node, mutation.path[:-1]))
    for one, other in (*pairwise(siblings), *pairwise(siblings[::-1])):
        beside = said.hull(other)
        kept = _phrase(other, said, context.catalog)
        if one is mutation.right and beside is not None and kept:
            yield _answer("joined", said, (min(hull[0], beside[0]), max(hull[1], beside[1])), kept)
            return


def _renamed(said: Said, mutation: Mutation, hull: tuple[int, int], catalog: TagCatalog) -> Iterator[tuple[Form, tuple[Link, ...]]]:
    """The naming words said to mean another name; number and time stay beside them."""
    naming = [one for one in said.words if hull[0] <= one.start and one.end <= hull[1]]
    right, name = _named(mutation.right, mutation.wrong, said.language, catalog)
    one = next((one for one in naming if right in one.names), naming[0] if naming else None)
    if one is not None and name:
        yield _answer("word", said, (one.start, one.end), name)


def _named(right: AnyNode, wrong: AnyNode | None, language: Language, catalog: TagCatalog) -> tuple[str, str]:
    """The code in which two conditions differ, as it is in the right one, and the name of the wrong one's; "" where it has none by itself."""
    match right, wrong:
        case TagCondition(), TagCondition() if right.tag != wrong.tag:
            tag = catalog.tags[wrong.tag]
            return right.tag, tag.name.get(language) if tag.numeric else condition_phrase(wrong, catalog, language)
        case TagCondition(value=tuple() as codes), TagCondition(value=tuple() as others):
            return _value_named(catalog.tags[right.tag], codes, others, language, catalog)
        case RecordCondition(), RecordCondition() if right.records != wrong.records:
            records = catalog.records[wrong.records]
            said = records.actions.zh if language == "zh" else records.actions.en
            return right.records, next((words for words in said if "{" not in words), records.name.get(language))
        case RecordCondition(), RecordCondition():
            for one, other in zip(right.filters, wrong.filters, strict=True):
                item = catalog.records[right.records].property(one.property)
                if one != other and item is not None and isinstance(one.value, tuple) and isinstance(other.value, tuple):
                    return _value_named(item, one.value, other.value, language, catalog)
            return "", ""
        case ConceptRef(), ConceptRef():
            return right.concept, catalog.concepts[wrong.concept].name.get(language)
        case _:
            return "", ""


def _value_named(item: Tag | Property, right: Codes, wrong: Codes, language: Language, catalog: TagCatalog) -> tuple[str, str]:
    code, other = next((pair for pair in zip(right, wrong, strict=True) if pair[0] != pair[1]), ("", ""))
    return code, value_phrase(item, other, catalog, language, subtree=False) if other else ""


def _tokens(text: str, context: Context) -> Sequence[tuple[Token, tuple[int, int]]]:
    normalised = normalise(text)
    return [(token, normalised.span(token.start, token.end)) for token in tokens_of(normalised, context)]


def _measures(token: Token) -> bool:
    return token.window is not None or token.comparison is not None or token.rank is not None


def _phrase(node: AnyNode | None, said: Said, catalog: TagCatalog) -> str:
    """A node in the words of its read-back; nothing where a link has no room for them."""
    phrase = "" if node is None else condition_phrase(node, catalog, said.language)
    return phrase if len(phrase) <= MOST_CHARACTERS else ""
