"""Where the words of a request stand: plain words, clauses, and the function words between. Law: looks only; marks nothing."""

from __future__ import annotations

from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases_of

_ENDS = ("?", "!", ".", "。")


def phrase_only(token: Token) -> bool:
    """Whether it is a word of the grammar and nothing else."""
    return not token.content and token.comparison is None and token.window is None


def skip(cursor: Cursor, index: int, *kinds: str) -> int:
    """The next index whose word is not one of the given phrase kinds and nothing else."""
    while index < len(cursor.tokens) and cursor.tokens[index].phrase(*kinds) and phrase_only(cursor.tokens[index]):
        index += 1
    return index


def ends(token: Token) -> bool:
    """Whether a clause ends there."""
    return token.phrase("connective.comma") is not None or token.text in _ENDS


def ends_sentence(token: Token) -> bool:
    """Whether a sentence ends there: what is asked behind it is asked of the same customers, by itself."""
    return token.text in _ENDS


def clause(cursor: Cursor, index: int) -> range:
    """The tokens between the punctuation round a token."""
    first, last = index, index
    while first > 0 and not ends(cursor.tokens[first - 1]):
        first -= 1
    while last < len(cursor.tokens) and not ends(cursor.tokens[last]):
        last += 1
    return range(first, last)


def compared(cursor: Cursor, index: int) -> bool:
    """Whether a number is said in the clause of a token: its words then are rather those of a condition."""
    return any(cursor.tokens[place].comparison is not None for place in clause(cursor, index))


def before(cursor: Cursor, index: int) -> Token | None:
    """The last word before a token that says something."""
    place = index - 1
    while place >= 0 and cursor.tokens[place].phrase("ignored") and phrase_only(cursor.tokens[place]):
        place -= 1
    return cursor.tokens[place] if place >= 0 else None


def names_threshold(token: Token) -> bool:
    """Whether a word is the threshold of a condition: 门槛, the threshold."""
    return any(word in (token.text.split() if word.isascii() else token.text) for word in phrases_of("strategy.threshold"))
