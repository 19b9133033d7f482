"""金卡有多少，白金有多少; how many gold and how many platinum: values of one tag, each with its own 有多少, are those values and how many there are of each. Law: whose values they are is
said before all of them, marked off by a word, or not at all; counts of anything else are several segments, and the person is asked to ask one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.interpret.asked.part_of import AMONG
from assistant.interpret.clauses import ends, phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning

_AND = "and"
_SMALL = ("ignored", "is", "have", "people", "connective.and", "connective.also", "connective.comma", "connective.then")
_WHOM = ("edit.among", "copula", "connective.comma")
"""What stands between the customers and the first of their values: among mortgage customers, | mortgage customers are | …"""


def together(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with the values as a list, and one word for the number of each in place of the several counts; as they are where that is not what is said."""
    counts = [place for place, token in enumerate(tokens) if token.phrase("request.count") and phrase_only(token)]
    values = _values(tokens, counts) if len(counts) > 1 else None
    if values is None or not _whose(tokens, values[0]):
        return tokens
    each = counts[-1] if values[0] < counts[0] else counts[0]
    if each == counts[0] and not all(map(phrase_only, tokens[:each])) and not ends(tokens[each - 1]):
        return tokens  # among mortgage customers how many …: each behind them would be each of them
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if place == each:
            found.append(replace(token, meanings=(Meaning("phrase", "request.each"),)))
        elif place in values or place < values[0] or place > values[-1]:
            found.append(token)
        elif place - 1 in values:
            found.append(replace(token, text=_AND, meanings=(Meaning("phrase", "connective.and"),)))
        else:  # between two values stands one word that joins them
            found[-1] = replace(found[-1], end=token.end)
    return tuple(found)


def several(cursor: Cursor) -> bool:
    """Whether each of two counts has something of its own to count: 有房贷的有多少，有信用卡的有多少."""
    tokens = cursor.tokens
    counts = [place for place, token in enumerate(tokens) if token.phrase("request.count") and cursor.kinds[place] == "request"]
    free = {place for place, token in enumerate(tokens) if cursor.kinds[place] != "request" and (token.content or token.comparison)}
    edges = [-1, *counts, len(tokens)]
    taken = -1
    owners = 0
    for number, count in enumerate(counts):
        sides = (range(edges[number] + 1, count), range(count + 1, edges[number + 2]))
        for side in (_near(tokens, sides[0], count), _near(tokens, sides[1], count)):
            said = [place for place in side if place > taken and place in free]
            if said:
                taken = max(said)
                owners += 1
                break
    return owners > 1


def _near(tokens: Sequence[Token], side: range, count: int) -> list[int]:
    """The places of one side that are in the clause of the count."""
    step = 1 if side.start > count else -1
    found: list[int] = []
    for place in side[::step]:
        if ends(tokens[place]):
            break
        found.append(place)
    return found


def _values(tokens: Sequence[Token], counts: Sequence[int]) -> list[int] | None:
    """The one value of each count, all of one tag and all before it (金卡有多少) or all behind it (how many gold), where no more is said between them or behind."""
    before = [range(first + 1, count) for first, count in zip([-1, *counts], counts, strict=False)]
    behind = [range(count + 1, last) for count, last in zip(counts, [*counts[1:], len(tokens)], strict=True)]
    for own in (before, behind):
        said = [[place for place in stretch if tokens[place].of("value")] for stretch in own]
        if not all(said) or any(len(rest) > 1 for rest in said[1:]):
            continue
        places = [rest[-1] for rest in said]
        shared = set.intersection(*({meaning.code for meaning in tokens[place].of("value")} for place in places))
        beside = (tokens[place] for place in range(places[0], len(tokens)) if place not in places and place not in counts)
        if shared and all(phrase_only(token) and token.phrase(*_SMALL) for token in beside):
            return places
    return None


def _whose(tokens: Sequence[Token], first: int) -> bool:
    """Whether nobody is spoken of before the first value, or a word marks them off; and nothing else, as a denial, is said of that value alone."""
    whom = [place for place in range(first) if not phrase_only(tokens[place])]
    between = tokens[whom[-1] + 1 if whom else 0 : first]
    marks = [token for token in between if token.phrase(*_WHOM) or token.text in AMONG]
    small = (token.phrase(*_SMALL, "request.count", "request.lead", "edit.pronoun", "frame") for token in between if token not in marks)
    return all(small) and (bool(marks) or not whom)
