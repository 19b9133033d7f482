"""Values in front of the one noun they share: equity or bond funds, the loan and credit card zones. Law: the last value, the noun and
the verb in front must make a phrase of the catalog together, and every other value must be one of the same property.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.language.verbs import undetermined

_LONGEST_NOUN = 3
_TENSE = "过了"
_JOINS = ("connective.and", "connective.or", "connective.comma")


@dataclass(frozen=True, slots=True)
class SharedNoun:
    """The action with all its values, the index after its words, and whether the values were joined by "and" alone (each of them, or any)."""

    meaning: Meaning
    last: int
    together: bool


def shared_noun(cursor: Cursor, index: int) -> SharedNoun | None:
    """What values and a noun from `index` on say, None where they say nothing together. A verb of the action may stand in front."""
    token = cursor.token(index)
    if token is None or token.comparison is not None or token.window is not None:
        return None
    found = _read(cursor, "", index) if token.of("property_value") else None
    if found is not None or (token.content and not token.supporting):
        return found
    start = cursor.skip(index + 1, "ignored")
    first = cursor.token(start)
    return _read(cursor, token.text.rstrip(_TENSE), start) if first is not None and first.of("property_value") else None


def _read(cursor: Cursor, verb: str, start: int) -> SharedNoun | None:
    values: list[int] = []
    joins: list[str] = []
    place = start
    while True:
        token = cursor.token(place)
        if token is None:
            return None
        ended = _last_value(cursor, verb, place)
        if ended is not None and values:
            return _together(cursor, values, ended, joins)
        if not token.of("property_value"):
            return None
        join_at = cursor.skip(place + 1, "ignored")
        joined = cursor.token(join_at)
        join = None if joined is None else joined.phrase(*_JOINS)
        if joined is None or join is None or (join == "connective.comma" and joined.text not in "、,"):
            return None
        values.append(place)
        joins.append(join)
        place = cursor.skip(join_at + 1, "connective.and", "connective.or")
        if place > join_at + 1:
            joins.append(cursor.tokens[place - 1].phrase(*_JOINS) or join)


def _last_value(cursor: Cursor, verb: str, place: int) -> tuple[tuple[Meaning, ...], int] | None:
    """The actions that the last value makes with its noun and the verb, with the index after them."""
    for last in range(min(place + _LONGEST_NOUN, cursor.limit), place, -1):
        found = _actions(cursor, verb, [token.text for token in cursor.tokens[place:last]])
        if found:
            return found, last
    return None


def _actions(cursor: Cursor, verb: str, words: list[str]) -> tuple[Meaning, ...]:
    """The actions of one filled slot that words make: with the verb in front, or, without a verb, by themselves."""
    key = key_of(undetermined(" ".join([verb, *words] if verb else words)))
    found = lexicon(cursor.catalog).entries.get(key, ())
    return tuple(meaning for meaning in found if meaning.kind == "action" and len(meaning.filters) == 1)


def _together(cursor: Cursor, values: list[int], ended: tuple[tuple[Meaning, ...], int], joins: list[str]) -> SharedNoun | None:
    for meaning in ended[0]:
        name, codes = meaning.filters[0]
        found = [_codes(cursor.tokens[place], meaning.code, name) for place in values]
        if all(found):
            every = tuple(dict.fromkeys([code for each in found for code in each] + list(codes)))
            return SharedNoun(Meaning("action", meaning.code, filters=((name, every),)), ended[1], "connective.or" not in joins)
    return None


def _codes(token: Token, record: str, name: str) -> tuple[str, ...]:
    """The codes of one property that a value names."""
    return tuple(
        code for meaning in token.of("property_value") if meaning.code == record and meaning.value == name for code in meaning.filters[0][1]
    )
