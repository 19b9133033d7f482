"""The place where all records of a set arise, said beside the behaviour: 在手机银行上看过理财专区, viewed wealth pages in the app. Law: it adds nothing and is passed over, but
only right beside such a behaviour, and never where it may be what somebody has (没有手机银行、看过理财). Beside another behaviour it is one way of several and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from assistant.catalog.load import TagCatalog
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.language.phrases import phrases_of

_OF = "的"
_TENSE = ("过", "了")
_LONGEST_OBJECT = 3


def without_places(tokens: tuple[Token, ...], catalog: TagCatalog) -> tuple[Token, ...]:
    """The tokens, each place that the behaviour beside it always has with no meaning left, but that it may be passed over."""
    found: list[Token] = []
    last = 0
    for index, token in enumerate(tokens):
        if index < last:
            continue
        records = _places(catalog).get(key_of(token.text))
        last = index + 1
        if records is None:
            found.append(token)
            continue
        while last < len(tokens) and tokens[last].text in phrases_of("where.inside"):
            last += 1
        joined = _around(tokens, index, last, catalog, records)
        if joined is not None:
            whole, first, last = joined
            found[first - index :] = [whole]
        elif _ahead(tokens, index, last, records):
            if index and tokens[index - 1].text in _not_at():
                found[-1] = Token(found[-1].start, found[-1].end, found[-1].text, (Meaning("phrase", "negation.not"),))
            found += map(_passed_over, tokens[index:last])
        elif _behind(tokens, index, records):
            found += map(_passed_over, tokens[index:last])
        else:
            found.append(token)
            one_of_several = _ahead(tokens, index, last, catalog.records)
            found += map(_passed_over, tokens[index + 1 : last]) if one_of_several else tokens[index + 1 : last]
    return tuple(found)


def _around(tokens: Sequence[Token], index: int, last: int, catalog: TagCatalog, records: Collection[str]) -> tuple[Token, int, int] | None:
    """浏览过手机银行[里的]理财专区: between the verb and the object of one behaviour, which is one word then; with the index of the verb and the one behind."""
    first = index - 1
    while first > 0 and tokens[first].text in _TENSE:
        first -= 1
    at = last + 1 if last < len(tokens) and tokens[last].text == _OF else last
    if first < 0 or tokens[first].text.isascii():
        return None
    verb, entries = tokens[first].text, lexicon(catalog).entries
    for end in range(min(at + _LONGEST_OBJECT, len(tokens)), at, -1):
        words = verb + "".join(token.text for token in tokens[at:end])
        whole = Token(tokens[first].start, tokens[end - 1].end, words, entries.get(key_of(words), ()))
        if _done(whole, records):
            return whole, first, end
    return None


@lru_cache(maxsize=8)
def _places(catalog: TagCatalog) -> Mapping[str, frozenset[str]]:
    """What a place is called -> the record sets that only arise there."""
    found: dict[str, set[str]] = {}
    for record in catalog.records.values():
        for word in record.where.all():
            found.setdefault(key_of(word), set()).add(record.code)
    return {word: frozenset(codes) for word, codes in found.items()}


@lru_cache(maxsize=1)
def _not_at() -> frozenset[str]:
    """没在, 没有在: words that deny what is done at a place."""
    return frozenset(denial + at for denial in phrases_of("negation.not") for at in phrases_of("where.at") if not at.isascii())


def _passed_over(token: Token) -> Token:
    return Token(token.start, token.end, token.text, (Meaning("phrase", "ignored"),))


def _ahead(tokens: Sequence[Token], index: int, last: int, records: Collection[str]) -> bool:
    """在手机银行[上][近7天][没]看过: at, or at the beginning of what is said, and right in front of the behaviour but for its time and denial."""
    before = tokens[index - 1] if index else None
    said_at = before is not None and (before.text in phrases_of("where.at") or before.text in _not_at())
    opens = before is None or before.window is not None or before.phrase("connective.comma", "connective.and") is not None
    if tokens[index].text.isascii() and not said_at and last == index + 1 and last < len(tokens) and tokens[last].text.isascii():
        return False  # mobile banking viewed …: English says the place behind
    place = last
    while place < len(tokens) and (tokens[place].window is not None or tokens[place].phrase("negation.not", "negation.never")):
        place += 1
    return (said_at or opens) and place < len(tokens) and _done(tokens[place], records)


def _behind(tokens: Sequence[Token], index: int, records: Collection[str]) -> bool:
    """viewed wealth pages [in the last 7 days] on the app: behind a word of place, and behind the behaviour but for its time."""
    place = index - 1
    while place >= 0 and tokens[place].phrase("ignored") and tokens[place].text not in phrases_of("where.at"):
        place -= 1
    if place < 0 or tokens[place].text not in phrases_of("where.at"):
        return False
    place -= 1
    while place >= 0 and tokens[place].window is not None:
        place -= 1
    return place >= 0 and _done(tokens[place], records)


def _done(token: Token, records: Collection[str]) -> bool:
    """Whether a token is a behaviour, and all that it may be is of these record sets."""
    meant = {meaning.code for meaning in (*token.of("action"), *token.of("dated"))}
    return bool(meant) and meant <= set(records)
