"""How many customers are wanted: 凑够5000人, size it to 5,000. Law: only a number of customers is a size; a number that may be an amount is left unread, and so asked about."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from assistant.interpret.clauses import clause, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.language.comparisons import Comparison

_ABOUT = (Decimal("0.9"), Decimal("1.1"))
"""The ends of 大约 and about, as `language/comparisons.py` reads them."""
_OF = "的"
_PEOPLE = frozenset({"count", "none", None})


def read_size(cursor: Cursor, index: int) -> Request | None:
    """A number of customers that is to come out, said of no tag: 控制在5000人以内, I need about 5,000 customers. The words that ask for it are marked."""
    token = cursor.tokens[index]
    if token.comparison is None or token.of("tag"):
        return None
    here = clause(cursor, index)
    if any(cursor.kinds[place] == "unread" and cursor.tokens[place].content for place in here):
        return None
    signs = [
        place for place in here if cursor.tokens[place].phrase("request.size", "request.wanted") and cursor.kinds[place] != "condition"
    ]
    plain = any(cursor.tokens[place].phrase("request.size") for place in signs)
    detail = _detail(token.comparison)
    if not signs or detail is None or not (_counts_people(cursor, index) or (plain and not token.comparison.scale_said)):
        return None
    for place in signs:
        cursor.mark(place, place + 1, "request")
        cursor.skipped.discard(place)
    return Request("size", detail=detail)


def _counts_people(cursor: Cursor, index: int) -> bool:
    """5000人, 5000个客户, 5,000 platinum tier customers; not 5万的客户, whose number says what they have."""
    comparison = cursor.tokens[index].comparison
    assert comparison is not None, "asked of a number"
    if comparison.unit == "count":
        return True
    following = cursor.tokens[index + 1 :]
    if following and following[0].text.startswith(_OF):
        return False
    after = skip(cursor, index + 1, "ignored")
    people = [place for place in clause(cursor, index) if place > index and cursor.tokens[place].phrase("people")]
    return bool(people) and (not comparison.scale_said or people[0] <= after)


def _detail(comparison: Comparison) -> str | None:
    """The target as `Request.detail` spells it; None for what is no whole number of customers."""
    if comparison.doubt is not None or comparison.unit not in _PEOPLE:
        return None
    low, high = comparison.low, comparison.high
    if comparison.operator == "range" and low is not None and high is not None:
        middle = (low + high) / 2
        if comparison.approximate and (low, high) == (middle * _ABOUT[0], middle * _ABOUT[1]):
            return _whole("", middle)
        first, last = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
        return f"{first:f}..{last:f}" if 1 <= first <= last else None
    value = comparison.value
    if value is None:
        return None
    match comparison.operator:
        case None | "=":
            return _whole("", value)
        case "<=" | ">=":
            return _whole(comparison.operator, value)
        case "<":
            return _whole("<=", value - 1)
        case ">":
            return _whole(">=", value + 1)
        case _:
            return None


def _whole(bound: str, value: Decimal) -> str | None:
    return f"{bound}{int(value)}" if value == value.to_integral_value() and value >= 1 else None
