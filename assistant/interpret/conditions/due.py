"""Products and the day something happens to them: 30天内到期且金额大于10万的理财, time deposits maturing this week. Law: clauses about one product are filters of one record.

The product, the verb, the time and the amount come in any order and with words between them; product and verb must make a phrase of the catalog together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.catalog.model import Property, RecordSet
from assistant.interpret.conditions.amounts import MONEY
from assistant.interpret.conditions.records import RecordPatterns, fits_record
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import quoted
from assistant.language.comparisons import Comparison
from assistant.language.times import TimeSpan
from assistant.rule.tree import AnyNode, Filter, RecordCondition
from assistant.rule.window import Absolute, Calendar, Future

Parsed = tuple[AnyNode, int]
_JOINING = ("connective.also", "connective.and", "connective.comma")
_SOON = Future(unit="day", n=30)
"""What comes due soon, where no time is said: as the ambiguous word 到期 of the built-in bank is read."""
_AGGREGATES = ("aggregate.sum", "aggregate.each", "aggregate.count")


@dataclass(slots=True)
class _Parts:
    """What was found so far of one product and its day. `joined`: the amount stands beside the day as another clause about the same product."""

    meaning: Meaning | None = None
    product: Token | None = None
    verbs: list[Token] = field(default_factory=list)
    span: TimeSpan | None = None
    comparison: Comparison | None = None
    aggregate: str | None = None
    joined: bool = False
    last: int = 0
    """The index behind the last part taken."""


class DuePatterns:
    """Conditions on a dated property of a holding."""

    def __init__(self, cursor: Cursor, records: RecordPatterns) -> None:
        self.cursor, self.records = cursor, records

    def dated(self, index: int, comparison: Comparison | None = None, aggregate: str | None = None) -> Parsed | None:
        """理财在未来7天到期: the phrase, then its window. `comparison` and `aggregate` came in front of it."""
        if index >= self.cursor.limit:
            return None
        token = self.cursor.tokens[index]
        after = self.cursor.skip_words(index + 1)
        here = self.cursor.token(after)
        if not token.of("dated") or here is None or here.window is None or here.window.kind != "window":
            return None
        return self._node(token.of("dated")[0], here.window, index, after + 1, comparison, aggregate)

    def soon(self, index: int) -> Parsed | None:
        """理财快到期, time deposits maturing soon, and 有理财到期的客户 with no time at all: within `_SOON`, which is stated."""
        token = self.cursor.token(index)
        meanings = () if token is None else token.of("soon") or (token.of("dated") if self._at_no_time(index) else ())
        if token is None or not meanings:
            return None
        span = TimeSpan(token.start, token.end, "window", _SOON, _SOON, future=True)
        found = self._node(meanings[0], span, index, index + 1, None, None)
        if found is not None:
            quote = self.cursor.quote(index, index + 1)
            self.cursor.assume("due_soon", quote, words=self.cursor.words(quote), days=str(_SOON.n))
        return found

    def _at_no_time(self, index: int) -> bool:
        """Whether a product that comes due closes what is said: 理财到期的客户; not 理财到期了, nor 到期未续 or 到期后."""
        tokens, after = self.cursor.tokens, self.cursor.token(index + 1)
        prop = next((self.cursor.catalog.records[one.code].property(one.value) for one in tokens[index].of("dated")), None)
        closed = (
            after is None
            or after.text in ("的", "客户", "who", ",")
            or after.phrase("request.count", "people", "connective.also") is not None
        )
        alone = not any(token.window is not None for token in tokens) and not any(token.phrases("negation.") for token in tokens)
        before = tokens[index - 1] if index else None
        plain = before is None or before.phrase("have", "ignored", "frame") is not None
        over = tokens[index].text.endswith(("了", "matured")) or "已" in tokens[index].text
        return prop is not None and prop.tense == "future" and closed and alone and plain and not over

    def dated_at(self, index: int, span: TimeSpan, first: int) -> Parsed | None:
        """未来7天理财到期: a time phrase, then the phrase it dates."""
        token = self.cursor.token(index)
        if token is None or not token.of("dated"):
            return None
        return self._node(token.of("dated")[0], span, first, index + 1, None, None)

    def apart(self, index: int) -> Parsed | None:
        """Product, verb, time and amount with words between them. Only where product and verb stand apart or a clause about the amount joins them."""
        parts = _Parts()
        place = index
        while place < self.cursor.limit:
            start = self.cursor.skip(place, "ignored", "is", *(("have",) if place == index or not parts.product else ("must",)))
            after = self._part(parts, start) or self._joined_part(parts, start)
            if after is None:
                break
            place = after
        meaning = parts.meaning or self._together(parts)
        if meaning is None or parts.span is None or (parts.meaning is not None and not parts.joined):
            return None
        if parts.meaning is not None and parts.verbs:
            return None  # the phrase says what happens; a word that could have said it was something else, and stays unread
        if parts.aggregate is None and parts.joined:
            parts.aggregate = "aggregate.each"
        if parts.comparison is None and parts.aggregate == "aggregate.each":
            parts.aggregate = None
        return self._node(meaning, parts.span, index, parts.last, parts.comparison, parts.aggregate)

    def _joined_part(self, parts: _Parts, index: int) -> int | None:
        """…且金额大于10万: one more clause about the same product."""
        token = self.cursor.token(index)
        if token is None or not token.phrase(*_JOINING) or not parts.last:
            return None
        after = self._part(parts, self.cursor.skip(index + 1, "ignored", *_JOINING))
        parts.joined = parts.joined or after is not None
        return after

    def _part(self, parts: _Parts, index: int) -> int | None:
        """The part that stands at a token, taken, with the index behind it; None when it is none."""
        token = self.cursor.token(index)
        if token is None:
            return None
        kind = token.phrase(*_AGGREGATES)
        if kind is not None and parts.aggregate is None:
            parts.aggregate = kind
        elif token.phrase("aggregate.amount"):
            following = self.cursor.token(self.cursor.skip(index + 1, "ignored", "is", "aggregate.sum", "aggregate.each"))
            if following is None or following.comparison is None:
                return None
        elif token.window is not None and token.window.kind == "window" and parts.span is None:
            parts.span = token.window
        elif token.comparison is not None and parts.comparison is None and _money(token.comparison):
            parts.comparison = token.comparison
        elif token.of("dated") and parts.meaning is None and parts.product is None:
            parts.meaning = token.of("dated")[0]
            parts.joined = parts.joined or (parts.comparison is not None and parts.span is not None)
        elif parts.meaning is None and parts.product is None and (token.of("hold") or token.of("property_value")):
            parts.product = token
        elif parts.meaning is None and self._verb(token):
            parts.verbs.append(token)
        else:
            return None
        parts.last = index + 1
        return index + 1

    def _verb(self, token: Token) -> bool:
        """Whether a word could be what happens to a product: unread, or meaning something only with the product beside it."""
        return (not token.read or bool(token.of("ambiguous"))) and len(token.text) > 1

    def _together(self, parts: _Parts) -> Meaning | None:
        """The one phrase of the catalog that the product and the verb make."""
        if parts.product is None or len(parts.verbs) != 1:
            return None
        product, verb = parts.product.text, parts.verbs[0].text
        entries = lexicon(self.cursor.catalog).entries
        found = {
            meaning: None
            for phrase in (product + verb, verb + product, f"{verb}的{product}")
            for meaning in entries.get(key_of(phrase), ())
            if meaning.kind == "dated"
        }
        return next(iter(found)) if len(found) == 1 else None

    def _node(
        self, meaning: Meaning, span: TimeSpan, first: int, last: int, comparison: Comparison | None, aggregate: str | None
    ) -> Parsed | None:
        record = self.cursor.catalog.records[meaning.code]
        prop = record.property(meaning.value)
        if prop is None or span.window is None:
            return None
        window = span.future_window if prop.tense == "future" and span.future_window is not None else span.window
        if not _can_lie(prop, record, span, self.cursor) or (comparison is not None and not fits_record(record, comparison)):
            return None
        for kind, found, after in self._trailing(record, last, comparison, aggregate):
            comparison, aggregate, last = found or comparison, kind or aggregate, after
        dated = Filter.model_validate({"property": prop.code, "operator": "within", "value": window, "said": self.cursor.said(first, last)})
        fixed = [Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters]
        node = self.records.node(record, (*fixed, dated), None, aggregate, comparison, first, last)
        return None if node is None else (quoted(node, node.said) if isinstance(node, RecordCondition) else node, last)

    def _trailing(
        self, record: RecordSet, last: int, comparison: Comparison | None, aggregate: str | None
    ) -> Iterator[tuple[str | None, Comparison | None, int]]:
        """What is said of the amount behind the phrase: an aggregate, a number."""
        while True:
            after = self.cursor.skip(last, "ignored", "is")
            here = self.cursor.token(after)
            if here is None:
                return
            kind = here.phrase("aggregate.sum", "aggregate.each", "aggregate.amount", "aggregate.count")
            if kind is not None and (aggregate is None or kind == "aggregate.amount"):
                aggregate, last = aggregate or kind, after + 1
                yield aggregate, None, last
            elif comparison is None and here.comparison is not None and fits_record(record, here.comparison):
                comparison, last = here.comparison, after + 1
                yield None, comparison, last
            else:
                return


def _can_lie(prop: Property, record: RecordSet, span: TimeSpan, cursor: Cursor) -> bool:
    """Whether the day can lie in the window: products held now mature in the future, so a window that is over names none of them."""
    if prop.tense != "future" or record.date_column is not None or span.future_window is not None or span.future:
        return True
    window = span.window
    if isinstance(window, Calendar):
        return window.last >= 0
    return isinstance(window, Absolute) and (window.end is None or window.end > cursor.context.as_of)


def _money(comparison: Comparison) -> bool:
    return comparison.unit in MONEY or (comparison.unit is None and comparison.scale_said)
