"""客户12345为什么不在里面, why is customer 12345 not in it: a customer by number, and that it is asked why. Law: a number is a customer's only beside
为什么 and 客户, or beside 为什么 where it is as long as one; whatever else is said is read as the segment, or asked about."""

from __future__ import annotations

import re

from assistant.errors import Issue, Severity
from assistant.interpret.clauses import clause, phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request

_NUMBER = re.compile(r"c?0*(?P<digits>\d{1,18})\Z")
"""A customer's number, also as it is written on forms (C0012345)."""
_LONG = 6
"""Digits from which on a number that nothing counts can only be a customer's: 为什么10000123不在里面."""
_WHY = ("request.why_in", "request.why", "request.how_come")
_IN = ("request.in_or_out", "negation.is_not")
_AROUND = (
    *_WHY, *_IN, "request.list", "people", "person", "frame", "ignored", "is", "edit.pronoun", "place.some", "negation.not",
)  # fmt: skip


def read_why(cursor: Cursor) -> Request | None:
    """The request, its words marked; None where none is asked in this way. What else the clause says is the segment asked about (为什么不在白金客户里)."""
    for index, token in enumerate(cursor.tokens):
        number = _NUMBER.match(token.text)
        if number is None or cursor.kinds[index] != "unread":
            continue
        others = [place for place in clause(cursor, index) if place != index]
        around = [place for place in others if cursor.tokens[place].phrase(*_AROUND) and phrase_only(cursor.tokens[place])]
        denied = _denied(cursor, others, index)
        if not _asks(cursor, others, alone=len(around) == len(others), denied=denied is not None, long=len(number["digits"]) >= _LONG):
            continue
        taken = around if len(around) == len(others) else [place for place in around if cursor.tokens[place].phrase(*_WHY, *_IN)]
        if denied is not None and denied not in taken:
            taken = [*taken, denied]
        for place in (*taken, index):
            cursor.mark(place, place + 1, "request")
            cursor.skipped.discard(place)
        return Request("why_in", detail=str(int(number["digits"])))
    return None


def _denied(cursor: Cursor, places: list[int], customer: int) -> int | None:
    """The not of the question itself: why is customer 12345 not a payroll customer asks about payroll customers. None where there is none, or more than one no."""
    nots = [place for place in places if cursor.tokens[place].phrase("negation.not")]
    if len(nots) != 1 or not phrase_only(cursor.tokens[nots[0]]):
        return None
    between = (place for place in places if customer < place < nots[0])
    small = all(cursor.tokens[place].phrase(*_WHY, "people", "person", "is", "ignored", "edit.pronoun") for place in between)
    return nots[0] if nots[0] > customer and small else None


def _asks(cursor: Cursor, places: list[int], alone: bool, denied: bool, long: bool) -> bool:
    """Why somebody is in or not in: 为什么 alone asks anything, but where nothing else is said, and one customer is, only that."""
    said = [cursor.tokens[place] for place in places]
    people = long or any(token.phrase("people", "person", "request.why_in") for token in said)
    plain = any(token.phrase("request.why_in") for token in said)
    inside = any(token.phrase(*_IN, "request.list") for token in said)
    return people and (plain or (any(token.phrase(*_WHY) for token in said) and (inside or alone or denied)))


def unsaid_customer(cursor: Cursor, requests: tuple[Request, ...]) -> tuple[Issue, ...]:
    """That a customer's number is needed, where it is asked why somebody is in or out and nobody is named; which finding, where just several were told and why is all
    that is asked."""
    if not any(request.kind == "why_in" and not request.detail for request in requests):
        return ()
    quote = cursor.quote(0, len(cursor.tokens))
    if cursor.context.found and all(
        token.phrase("request.why", "ignored", "is") and not token.phrase("request.why_in") for token in cursor.tokens
    ):
        return (Issue("finding_unsaid", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}),)
    if not any(token.phrase("request.why_in", *_IN) for token in cursor.tokens):
        return (Issue("why_what", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}),)
    return (Issue("customer_unsaid", Severity.ASK, quote=(quote.start, quote.end), params={"words": cursor.words(quote)}),)
