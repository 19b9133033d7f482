"""A clause said once at the edge of two segments that are compared: women and men with a mortgage, 上海分行的金卡客户和白金客户. Law: it is never left on the nearer side
alone without a word; it is both sides' where the words put it round both, and else whose it is has to be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.interpret.asked.versus import elliptical, says_nouns
from assistant.interpret.edits.pointing import about_the_same
from assistant.interpret.lexer import Token
from assistant.language.words import is_latin
from assistant.rule.tree import AnyNode, Quote, children


@dataclass(frozen=True, slots=True)
class Spoken:
    """One side in the order of the text: what it says, and its words with their [start, end) there."""

    parts: Sequence[AnyNode]
    words: Sequence[tuple[Token, int, int]]

    @property
    def tokens(self) -> list[Token]:
        return [token for token, _, _ in self.words]


@dataclass(frozen=True, slots=True)
class Edge:
    """The clause: its conditions; `of_first`: it stands before both, in the side spoken first, and the second lacks it. `around`: the words put it round both."""

    clause: tuple[AnyNode, ...]
    of_first: bool
    around: bool


def find_edge(first: Spoken, second: Spoken, joined: bool) -> Edge | None:
    """The clause before or behind both that only the nearer one has; None where each has its own or none stands at an edge. `joined`: a word that joins a list
    parts the two."""
    return _edge(first, second, joined, True) or _edge(second, first, joined, False)


def _edge(having: Spoken, lacking: Spoken, joined: bool, of_first: bool) -> Edge | None:
    """The two are told apart by what both speak of (women, men), else by the word that names the people of either: what is further out may be both sides'."""
    opposed = [part for part in having.parts if any(about_the_same(part, one) for one in lacking.parts)]
    if opposed:
        if any(not any(about_the_same(one, part) for part in having.parts) for one in lacking.parts):
            return None
    elif len(lacking.parts) > 1 or (of_first and not joined):
        return None
    else:
        spoken = sorted((part for part in having.parts if _place(part) is not None), key=lambda part: _place(part) or (0, 0))
        opposed = spoken[-1:] if of_first else spoken[:1]
    head = [place for part in opposed if (place := _place(part)) is not None]
    if not head:
        return None
    start, end = min(place[0] for place in head), max(place[1] for place in head)
    alone = not any(about_the_same(part, one) for part in having.parts for one in lacking.parts)
    clause = tuple(
        part
        for part in having.parts
        if part not in opposed and (place := _place(part)) is not None and (place[1] <= start if of_first else place[0] >= end)
    )
    if not clause:
        return None
    outer = min(place[0] for part in clause if (place := _place(part)) is not None)
    named = [token for token, begin, finish in having.words if begin >= start and finish <= outer]
    between = [token for token, begin, finish in having.words if begin >= end and finish <= outer]
    if alone and not of_first and (not says_nouns(named) or any(token.phrase("connective.and") for token in between)):
        return None  # platinum customers; customers with a mortgage and a credit card: its own noun, or its own list
    latin = any(begin >= end and is_latin(token.text[0]) for token, begin, _ in having.words)
    among = not of_first and latin and any(token.phrase("among") for token in between)
    listed = (
        joined and not alone and (elliptical(having.tokens) if of_first else latin)
    )  # 上海分行的金卡和白金客户; women and men with a mortgage
    return Edge(clause, of_first, among or listed)


def _place(node: AnyNode) -> tuple[int, int] | None:
    """[start, end) of the words a condition was said with; None where none are known."""
    quotes: list[Quote] = [*node.said]
    for child in children(node):
        place = _place(child)
        if place is not None:
            quotes.append(Quote(turn=0, start=place[0], end=place[1]))
    return (min(quote.start for quote in quotes), max(quote.end for quote in quotes)) if quotes else None
