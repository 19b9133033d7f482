"""What is said behind a behaviour of every record it counts: in the app, overseas, for study, rated R4 or above, 10k or more each. Law: see `parser`;
only a value, a yes-no property or the amount of that very record set is taken, and each property once.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.catalog.model import Property, RecordSet, Text
from assistant.interpret.conditions.amounts import MONEY, Amounts
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.rule.tree import Filter, Operator

_SIGNS: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<"}
_WAYS = ("to", "from")
"""What a value is reached by only where an action of the records goes that way: money sent comes from no payee."""

_HAVING = ("with", "with a", "with an")
_BREAKING = ("by", "per")
"""Words that also say what customers own, or by what an answer is broken down: behind them only what can be nothing else is a circumstance."""


class Circumstances:
    """Filters of records said behind their action. Every method gives the filter and the index behind it, or None."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts

    def of(self, record: RecordSet, last: int, taken: Collection[str]) -> tuple[Filter, int] | None:
        """The one that stands behind index `last`, the end of what has been read. `taken`: the properties that are filtered already."""
        place, link = last, ""
        token = self.cursor.token(place)
        while token is not None and token.phrase("circumstance", "ignored", "is") and not (token.content or token.phrase("people")):
            link = token.text if token.phrase("circumstance") else link
            place += 1
            token = self.cursor.token(place)
        if token is None or token.comparison is not None or token.window is not None:
            return None
        return self._flag(record, token, place, taken) or (self._value(record, place, link, taken) if link else None)

    def _flag(self, record: RecordSet, token: Token, place: int, taken: Collection[str]) -> tuple[Filter, int] | None:
        """used their card overseas, redeemed funds at a loss."""
        for meaning in token.of("property") if token.supporting else ():
            own = record.property(meaning.value) if meaning.code == record.code else None
            if own is not None and own.type == "flag" and own.code not in taken:
                return Filter(property=own.code, operator="=", value=True, said=self.cursor.said(place, place + 1)), place + 1
        return None

    def _value(self, record: RecordSet, place: int, link: str, taken: Collection[str]) -> tuple[Filter, int] | None:
        """through the app or the mini-program, rated R4 or above, of at least R3."""
        ahead = self.cursor.order(place, prefix=True)
        at = place if ahead is None else self.cursor.skip(ahead[1], "ignored")
        token = self.cursor.token(at)
        found = None if token is None else self._named(record, token, taken)
        if token is None or found is None or not self._meant(token, at, link):
            return None
        prop, codes = found
        if link in _WAYS and not _goes(record, link, prop.code):
            return None
        last = at + 1
        order = ahead or self.cursor.order(last, prefix=False)
        if order is not None:
            last = max(last, order[1])
            graded = prop.ordered and order[0] in _SIGNS
            said = self.cursor.said(place, last)
            return (Filter(property=prop.code, operator=_SIGNS[order[0]], value=codes, said=said), last) if graded else None
        while True:
            joined = self.cursor.token(self.cursor.skip(last, "ignored"))
            following = self.cursor.skip(last, "ignored", "circumstance", "connective.or")
            other = self.cursor.token(following)
            more = None if other is None else self._named(record, other, taken)
            if joined is None or not joined.phrase("connective.or") or more is None or more[0] != prop:
                break
            codes, last = (*codes, *more[1]), following + 1
        return Filter(property=prop.code, operator="in", value=tuple(dict.fromkeys(codes)), said=self.cursor.said(place, last)), last

    def _named(self, record: RecordSet, token: Token, taken: Collection[str]) -> tuple[Property, tuple[str, ...]] | None:
        """The one property, not taken yet, that a token names values of, with their codes."""
        found = {
            meaning.value: meaning.filters[0][1]
            for meaning in token.of("property_value")
            if meaning.code == record.code and meaning.value not in taken
        }
        if len(found) != 1:
            return None
        name, codes = next(iter(found.items()))
        prop = record.property(name)
        return None if prop is None else (prop, codes)

    def _meant(self, token: Token, place: int, link: str) -> bool:
        """Whether a value is said of the records; one that is a condition on customers as well (a branch, a place) is asked about."""
        if link in _HAVING and (token.of("hold") or token.of("tag")):
            return False
        if link in _BREAKING and not token.supporting:
            return False
        if not (token.of("value") or token.of("concept")):
            return True
        quote = self.cursor.quote(place, place + 1)
        labels = (Text(zh="说的是这次行为", en="said of what was done"), Text(zh="说的是客户", en="said of the customer"))
        return self.cursor.choose("circumstance", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels) == 0

    def each_amount(self, record: RecordSet, last: int) -> tuple[Filter, int] | None:
        """at least 3 purchases of 10k or more each: behind a number of records, an amount is that of each one where "of" or "each" says so."""
        place = self.cursor.skip(last, "ignored", "is")
        found = self.cursor.comparison(place)
        if found is None or record.amount is None:
            return None
        comparison, after = found
        money = comparison.unit in MONEY or (comparison.unit is None and comparison.scale_said)
        closing = self.cursor.token(self.cursor.skip(after, "ignored"))
        each = closing is not None and closing.phrase("aggregate.each") is not None
        summed = closing is not None and closing.phrase("aggregate.sum", "aggregate.avg") is not None
        of = any(token.phrase("sequence.of") and token.phrase("circumstance") for token in self.cursor.tokens[last:place])
        prop = record.property(record.amount)
        foreign = prop is not None and comparison.unit in MONEY and comparison.unit != prop.unit
        if not money or foreign or summed or not (each or of) or comparison.operator is None:
            return None
        operator, value = self.amounts.operator_and_value(comparison, self.cursor.quote(place, after))
        end = self.cursor.skip(after, "ignored") + 1 if each else after
        data = {"property": record.amount, "operator": operator, "value": value, "said": self.cursor.said(place, end)}
        return Filter.model_validate(data), end


def _goes(record: RecordSet, way: str, slot: str) -> bool:
    """Whether an action of the records names the values of a property behind "to", or behind "from"."""
    return any(re.search(rf"\b{way} (?:an? |the )?{{{slot}}}", phrase) for phrase in record.actions.en)
