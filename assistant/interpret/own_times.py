"""A time told of a date of the customer's own: 生日当月买过理财 is each one's own month. Law: it is left unread, since no rule can say it; it is never this month.

Where nothing was done in it (生日当月的客户) the words are of today, and mean this month as they do in front (当月生日).
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.catalog.load import TagCatalog
from assistant.interpret.lexer import Token
from assistant.language.words import grammars


def without_own_times(tokens: tuple[Token, ...], catalog: TagCatalog) -> tuple[Token, ...]:
    """The tokens, each time of somebody's own date without a meaning."""
    words = tuple(word for grammar in grammars().values() for word in grammar.of_that)
    return tuple(
        Token(token.start, token.end, token.text)
        if index and token.window is not None and token.text.startswith(words) and _own(tokens, index, catalog)
        else token
        for index, token in enumerate(tokens)
    )


def _own(tokens: Sequence[Token], index: int, catalog: TagCatalog) -> bool:
    """Whether a date of the customer, or something done, stands right in front, and behind something done without a time of its own. 登录当天转账 is a sequence."""
    before = tokens[index - 1]
    dated = any(catalog.tags[meaning.code].type in ("date", "month_day") for meaning in before.of("tag"))
    dated = dated or (bool(before.of("action")) and tokens[index].phrase("sequence.same_day") is None)
    for token in tokens[index + 1 :] if dated else ():
        if token.window is not None or token.phrases("connective."):
            return False
        if token.of("action") or token.of("dated"):
            return True
    return False
