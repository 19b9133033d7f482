"""Requests that lean on what nobody has said: their median AUM with no segment yet, and from the men. Law: looks at words only; what they lean on
is asked for, never dropped."""

from __future__ import annotations

from assistant.errors import Issue, Severity
from assistant.interpret.asked.versus import says_nouns
from assistant.interpret.clauses import phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.language.phrases import phrases_of

_OF_CUSTOMERS = frozenset(
    {"count", "breakdown", "persona", "metric", "grid", "migration", "compare", "hypothesis", "size", "at_values", "list"}
)


def unsaid_them(cursor: Cursor, requests: tuple[Request, ...]) -> tuple[Issue, ...]:
    """他们的AUM中位数, what is their median AUM, with no customers said so far nor in the turn itself: whom they are is asked."""
    if not any(request.kind in _OF_CUSTOMERS for request in requests):
        return ()
    for index, token in enumerate(cursor.tokens):
        for word in phrases_of("them"):
            if word in (token.text.split() if word.isascii() else token.text):
                quote = cursor.quote(index, index + 1)
                return (Issue("them_unsaid", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}),)
    return ()


def read_beside(cursor: Cursor) -> Request | None:
    """and from the men, 那和男客户呢: the preposition of a comparison in front of other customers, with nothing that compares. It narrows nothing: the whole turn is
    marked, and whom to compare is asked."""
    tokens = cursor.tokens
    index = skip(cursor, 0, "connective.comma", "edit.what_about", "connective.then")
    joined = index < len(tokens) and tokens[index].phrase("connective.and") is not None
    latin = bool(tokens) and tokens[-1].text.isascii()
    if latin and joined:
        index += 1
    if cursor.context.rule is None or index + 1 >= len(tokens) or not phrase_only(tokens[index]):
        return None
    leaning = tokens[index].phrase("versus.with") and not tokens[index].phrase("have", "edit.pronoun")
    asking = joined and not latin and tokens[-1].phrase("edit.what_about_after")
    rest = tokens[index + 1 :]
    named = says_nouns(rest) > 0 and any(token.content for token in rest)
    plain = not any(token.comparison or token.window or token.of("action") for token in rest)
    if not (leaning or asking) or not named or not plain:
        return None
    cursor.mark(0, len(tokens), "request")
    return Request("compare_segments")
