"""Words that turn a request round: a negation, a comparison, a direction. Law: what would mean something else without them is never offered without them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.interpret.lexer import Token
from assistant.language.phrases import phrases

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
)


def turns_round(tokens: Sequence[Token]) -> bool:
    """Whether some of the words deny, compare, or say which way something moved."""
    return any(
        (token.comparison is not None and token.comparison.operator is not None)
        or token.rank is not None
        or any(token.phrases(kind) for kind in _KINDS)
        or not _turning().isdisjoint(token.text.split())
        for token in tokens
    )


def denies(token: Token) -> bool:
    """Whether a word denies what stands beside it."""
    return bool(token.phrases("negation.") or token.phrases("lack"))


@lru_cache(maxsize=1)
def _turning() -> frozenset[str]:
    """The words that turn a request round, found inside a stretch that nothing else reads."""
    return frozenset(words for _, kind, words in phrases() if kind.startswith(_KINDS))
