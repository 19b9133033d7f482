"""Products and the day something happens to them: 30天内到期且金额大于10万的理财, time deposits maturing this week. Law: clauses about one product are filters of one record.

The product, the verb, the time and the amount come in any order and with words between them; product and verb must make a phrase of the catalog together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from assistant.catalog.model import Property, RecordSet
from assistant.interpret.conditions.amounts import MONEY
from assistant.interpret.conditions.records import RecordPatterns, fits_record
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import quoted
from assistant.language.comparisons import Comparison
from assistant.language.times import TimeSpan
from assistant.rule.tree import AnyNode, AnyOf, Filter, RecordCondition
from assistant.rule.window import Absolute, Calendar, Future, Rolling, TimeWindow

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
        awaited = prop.tense == "future" and record.date_column is None
        window = span.future_window if prop.tense == "future" and span.future_window is not None else span.window
        if awaited and window is span.window and not span.future and _is_over(window, self.cursor.context.as_of):
            return self._recorded(meaning, prop, window, first, last, comparison, aggregate)
        if comparison is not None and not fits_record(record, comparison):
            return None
        kind, number, last = self._of_the_amount(record, last, comparison, aggregate)
        dated = Filter.model_validate({"property": prop.code, "operator": "within", "value": window, "said": self.cursor.said(first, last)})
        fixed = [Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters]
        node = self.records.node(record, (*fixed, dated), None, kind, number, first, last)
        if node is None:
            return None
        held = quoted(node, node.said) if isinstance(node, RecordCondition) else node
        return (self._or_recorded(held, meaning, prop, span, first, last, comparison, aggregate) if awaited else held), last

    def _recorded(
        self,
        meaning: Meaning,
        prop: Property,
        window: TimeWindow,
        first: int,
        last: int,
        comparison: Comparison | None,
        aggregate: str | None,
    ) -> Parsed | None:
        """上个月到期的理财: what has come due is held no more; the records made of it on its day tell of it."""
        record = None if prop.recorded_by is None else self.cursor.catalog.records[prop.recorded_by]
        if record is None or any(record.property(name) is None for name, _ in meaning.filters):
            return None
        if comparison is not None and not fits_record(record, comparison):
            return None
        kind, number, last = self._of_the_amount(record, last, comparison, aggregate)
        fixed = tuple(Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters)
        node = self.records.node(record, fixed, window, kind, number, first, last)
        return None if node is None else (quoted(node, self.cursor.said(first, last)), last)

    def _or_recorded(
        self,
        held: AnyNode,
        meaning: Meaning,
        prop: Property,
        span: TimeSpan,
        first: int,
        last: int,
        comparison: Comparison | None,
        aggregate: str | None,
    ) -> AnyNode:
        """本月到期 on the 24th, and 8月到期 in September, which is the next August: what has come due already is told of, and can be counted instead or as well."""
        as_of, past = self.cursor.context.as_of, span.window
        if past is None or span.future or prop.recorded_by is None:
            return held
        other = span.future_window is not None
        if not (_nearer(past, span.future_window, as_of) if span.future_window is not None else _began(past, as_of)):
            return held  # 30天内到期, 10月到期
        quote = self.cursor.quote(first, last)
        code = "due_next" if other else "due_not_over"
        params = {"words": self.cursor.words(quote), "record": prop.recorded_by}
        self.cursor.assume(code, quote, **params)
        found = self._recorded(meaning, prop, past, first, last, comparison, aggregate)
        if found is None or not self.cursor.choose("due", quote, code, params, (None, None), ask=False):
            return held
        return found[0] if other else quoted(AnyOf(children=(found[0], held)), self.cursor.said(first, last))

    def _of_the_amount(
        self, record: RecordSet, last: int, comparison: Comparison | None, aggregate: str | None
    ) -> tuple[str | None, Comparison | None, int]:
        """The aggregate, the number and the index behind them, with what is said of the amount behind the phrase."""
        for kind, found, after in self._trailing(record, last, comparison, aggregate):
            comparison, aggregate, last = found or comparison, kind or aggregate, after
        return aggregate, comparison, last

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


def _is_over(window: TimeWindow, as_of: date) -> bool:
    """Whether a window lies wholly in time that has passed."""
    if isinstance(window, Calendar):
        return window.last < 0
    return isinstance(window, Rolling) or (isinstance(window, Absolute) and window.end is not None and window.end <= as_of)


def _began(window: TimeWindow, as_of: date) -> bool:
    """Whether a window that is not over began in time that has passed."""
    if isinstance(window, Calendar):
        return window.first <= 0 <= window.last and window.unit != "day"
    return isinstance(window, Absolute) and (window.start is None or window.start <= as_of)


def _nearer(past: TimeWindow, future: TimeWindow, as_of: date) -> bool:
    """Whether, of the two times that words without a year may name, the one that is over lies nearer."""
    if not isinstance(past, Absolute) or not isinstance(future, Absolute) or past.end is None or future.start is None:
        return False
    return past.end <= as_of and as_of - past.end < future.start - as_of


def _money(comparison: Comparison) -> bool:
    return comparison.unit in MONEY or (comparison.unit is None and comparison.scale_said)
