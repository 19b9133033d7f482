"""Words that turn a request round: a negation, a comparison, a direction. Law: what would mean something else without them is never offered without them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases, phrases_of
from assistant.language.spelling import one_slip_from
from assistant.language.text import is_cjk

_KINDS = (
    "negation.",
    "superlative.",
    "lack",
    "exactly",
    "connective.or",
    "either",
    "rather",
    "change.down",
    "change.up",
    "change.less",
    "change.more",
    "change.doubled",
    "change.halved",
    "edit.remove",
    "edit.except",
    "edit.raise",
    "edit.lower",
    "edit.set",
    "size.small",
    "size.few",
)
_CLOSING = ("negation.except_close", "negation.outside", "negation.at_end")
"""What only ends a denial, of words that mean other things elsewhere."""

_FEWEST_LEFT = 4
"""Letters of a word that is cut short."""


def turns_round(tokens: Sequence[Token]) -> bool:
    """Whether some of the words deny, compare, or say which way something moved."""
    return any(
        (token.comparison is not None and token.comparison.operator is not None)
        or token.rank is not None
        or any(token.phrases(kind) for kind in _KINDS)
        or not _turning().isdisjoint(token.text.split())
        or (not token.read and _may_deny(token.text))
        for token in tokens
    ) or _says_the_opposite(" ".join(token.text for token in tokens))


def _says_the_opposite(text: str) -> bool:
    """Whether words that nothing took hold some that tell of not doing, or of having done no more (很少, no longer); English ones count whole."""
    return any(f" {words} " in f" {text} " if words.isascii() else words in text for words in phrases_of("turning"))


def _may_deny(text: str) -> bool:
    """Whether words that nothing reads hold a character that denies, or an English word one slip away from one that does, or the beginning of one."""
    words, characters = _denials()
    return not characters.isdisjoint(text) or any(
        one_slip_from(words, word) or _cut_short(words, word) for word in text.replace("'", "").split()
    )


def denies(token: Token) -> bool:
    """Whether a word denies what stands beside it."""
    return bool(token.phrases("negation.") or token.phrases("lack"))


def _cut_short(words: Sequence[str], written: str) -> bool:
    return len(written) >= _FEWEST_LEFT and any(word.startswith(written) for word in words)


@lru_cache(maxsize=1)
def _turning() -> frozenset[str]:
    """The words that turn a request round, found inside a stretch that nothing else reads."""
    return frozenset(words for _, kind, words in phrases() if kind.startswith(_KINDS))


@lru_cache(maxsize=1)
def _denials() -> tuple[tuple[str, ...], frozenset[str]]:
    """The English words that deny, each by itself and without its apostrophe, and the Chinese characters that do."""
    said = {words for _, kind, words in phrases() if kind.startswith(("negation.", "turning")) and kind not in _CLOSING}
    words = {word.replace("'", "") for word in said if word.isascii() and word[0].isalpha() and " " not in word}
    return tuple(sorted(words)), frozenset(word for word in said if len(word) == 1 and is_cjk(word))
