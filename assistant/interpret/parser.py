"""Tokens -> conditions: the grammar of one request, for both languages at once. Law: a word is taken only by a pattern that understands it; all else stays unread.

Conditions stand side by side, joined by connectives; each pattern below starts at a token and says how far it read. Doubts go through `Cursor.choose`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.model import Concept, RecordSet, Tag, Text
from assistant.errors import Issue, Severity
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning
from assistant.language.comparisons import Comparison
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    Filter,
    Not,
    Operator,
    Quote,
    Range,
    RankCondition,
    RecordCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    Value,
)
from assistant.rule.window import Rolling, TimeWindow

Parsed = tuple[AnyNode, int]
_MONEY = frozenset({"CNY", "USD", "EUR", "HKD", "JPY", "GBP"})
_COUNTING = frozenset({None, "times", "count"})
_COUNTED_UNITS = frozenset({"count", "times", "days", "months", "years", "points", "minutes", "seconds", "score", "none"})
_ORDER: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<"}
_TEN_THOUSAND = Decimal(10_000)


@dataclass(slots=True)
class _Item:
    """One condition with the connective in front of it: "" (side by side), "and", "or" or "comma"."""

    join: str
    node: AnyNode
    first: int
    last: int


class Parser:
    """One walk over the tokens of a cursor. `conditions(first, last)` is the way in."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.catalog = cursor.context.catalog
        self.tokens = cursor.tokens
        self.limit = len(cursor.tokens)
        self.head_window: TimeWindow | None = None
        self.head_quote: Quote | None = None
        self._patterns: tuple[Callable[[int], Parsed | None], ...] = (
            self._except,
            self._negated,
            self._windowed,
            self._number_first,
            self._tag,
            self._have,
            self._values,
            self._record,
            self._dated,
            self._concept,
            self._rank_first,
            self._ambiguous,
            self._bare_holding,
        )

    # --- the list of conditions ------------------------------------------------------------------------------------------------

    def conditions(self, first: int, last: int) -> AnyNode | None:
        """The rule that tokens [first, last) say, None when they say none. Unread tokens stay marked unread."""
        limit, self.limit = self.limit, last
        items = self._items(first)
        self.limit = limit
        return self._grouped(items) if items else None

    def _items(self, first: int, stop: Callable[[Token], bool] | None = None) -> list[_Item]:
        items: list[_Item] = []
        join = ""
        index = first
        while index < self.limit:
            token = self.tokens[index]
            if stop is not None and stop(token):
                break
            found = self.condition(index)
            if found is not None:
                node, after = found
                self.cursor.mark(index, after, "condition")
                items.append(_Item(join if items else "", node, index, after))
                join, index = "", after
                continue
            connective = token.phrase("connective.or", "connective.and", "connective.but", "connective.comma")
            if connective is not None:
                join = _stronger(join, connective.removeprefix("connective.").replace("but", "and"))
                self.cursor.mark(index, index + 1, "connective")
            elif token.phrase("ignored", "among"):
                self.cursor.mark(index, index + 1, "ignored")
            elif token.phrase("everyone"):
                self.cursor.mark(index, index + 1, "condition")
            elif token.of("inexpressible"):
                self._inexpressible(index)
            index += 1
        return items

    def _grouped(self, items: list[_Item]) -> AnyNode:
        """Join the items. Only or: any. No or: all. Both: asked, with "and binds tighter" first (MEANING.md)."""
        if len(items) == 1:
            return items[0].node
        joins = [item.join for item in items[1:]]
        if all(join == "or" for join in joins):
            return AnyOf(children=tuple(item.node for item in items))
        if "or" not in joins:
            return self._ranked(items)
        chosen = self.cursor.choose(
            "scope",
            self.cursor.quote(items[0].first, items[-1].last),
            "ambiguous_scope",
            {},
            (None, None),
        )
        if chosen == 0:
            groups = _split(items, lambda item: item.join == "or")
            return _any([_all([item.node for item in group]) for group in groups])
        groups = _split(items, lambda item: item.join != "or")
        return _all([_any([item.node for item in group]) for group in groups])

    def _ranked(self, items: list[_Item]) -> AnyNode:
        """All of the items. X中前10% ranks inside what stands before it; 前10%的X is asked: inside the others, or in the whole base (MEANING.md)."""
        places = [place for place, item in enumerate(items) if isinstance(item.node, RankCondition)]
        nodes = [item.node for item in items]
        if len(places) != 1:
            return _all(nodes)
        place = places[0]
        rank = nodes[place]
        assert isinstance(rank, RankCondition), "found by its type"
        gap = range(items[place - 1].last, items[place].first) if place else range(0)
        if any(self.tokens[index].text.startswith(("中", "里", "当中", "其中")) for index in gap):
            return _all([rank.model_copy(update={"within": _all(nodes[:place])}), *nodes[place + 1 :]])
        after = range(items[place].last, items[place + 1].first) if place + 1 < len(items) else range(0)
        if any(self.tokens[index].phrase("among") for index in after):
            return _all([*nodes[:place], rank.model_copy(update={"within": _all(nodes[place + 1 :])})])
        others = [node for number, node in enumerate(nodes) if number != place]
        chosen = self.cursor.choose("rank", self.cursor.quote(items[0].first, items[-1].last), "ambiguous_rank", {}, (None, None))
        return rank.model_copy(update={"within": _all(others)}) if chosen == 0 else _all(nodes)

    def condition(self, index: int) -> Parsed | None:
        """The condition that starts at a token, with the index after it."""
        if index >= self.limit or not self.tokens[index].read:
            return None
        for pattern in self._patterns:
            found = pattern(index)
            if found is not None:
                return found
        return None

    # --- moving over words ---------------------------------------------------------------------------------------------------------

    def _token(self, index: int) -> Token | None:
        return self.tokens[index] if index < self.limit else None

    def _skip(self, index: int, *kinds: str) -> int:
        """The next index that is not one of the given phrase kinds."""
        while index < self.limit and self.tokens[index].phrase(*kinds):
            index += 1
        return index

    def _skip_words(self, index: int) -> int:
        return self._skip(index, "ignored", "is")

    def _comparison(self, index: int) -> tuple[Comparison, int] | None:
        token = self._token(index)
        return None if token is None or token.comparison is None else (token.comparison, index + 1)

    def _order(self, index: int, prefix: bool) -> tuple[str, int] | None:
        token = self._token(index)
        if token is None:
            return None
        for sign in (">=", "<=", "<=?", ">", "<"):
            if token.phrase(f"order.{sign}_prefix" if prefix else f"order.{sign}"):
                return sign, index + 1
        return None

    def _said(self, first: int, last: int) -> tuple[Quote, ...]:
        return (self.cursor.quote(first, last),)

    # --- exclusion and negation --------------------------------------------------------------------------------------------------------

    def _except(self, index: int) -> Parsed | None:
        token = self.tokens[index]
        if not token.phrase("negation.except_open"):
            return None
        inner = self._items(
            index + 1,
            stop=lambda each: (
                bool(each.phrase("negation.except_close")) or (bool(each.phrase("connective.comma")) and each.text not in "、")
            ),
        )
        if not inner:
            return None
        after = self._skip(inner[-1].last, "ignored")
        closing = self._token(after)
        if closing is not None and closing.phrase("negation.except_close"):
            inner_last = after + 1
        else:
            inner_last = inner[-1].last
        self.cursor.mark(index, inner_last, "condition")
        excluded = [Not(child=item.node, said=self._said(index, inner_last)) for item in inner]
        return _all(list(excluded)), inner_last

    def _negated(self, index: int) -> Parsed | None:
        token = self.tokens[index]
        kind = token.phrase("negation.not", "negation.never", "negation.is_not", "lack")
        if kind is None:
            return None
        after = self._skip(index + 1, "ignored", "have", "is")
        if after >= self.limit:
            return None
        if kind != "negation.never":
            held = self._holdings(index, after, positive=False)
            if held is not None:
                return held
        if kind == "lack":
            return None
        target = self.tokens[after]
        concept = self._concept_at(after)
        if concept is not None:
            return self._concept_node(concept, True, None, index, after + 1)
        word = self._ambiguous(after)
        if word is not None:
            node, last = word
            return _denied(node, self._said(index, last)), last
        if kind != "negation.never":
            values = self._value_list(after)
            if values is not None:
                tag, codes, last = values
                if self._order(last, prefix=False) is None:
                    node = TagCondition(tag=tag.code, operator="not_in", value=codes, said=self._said(index, last))
                    return node, last
            flag = self._only_tag(target, lambda each: each.type == "flag")
            if flag is not None:
                return TagCondition(tag=flag.code, operator="=", value=False, said=self._said(index, after + 1)), after + 1
        window: TimeWindow | None = None
        start = after
        if target.window is not None and target.window.kind == "window" and target.window.window is not None:
            window = target.window.window
            start = self._skip(after + 1, "ignored", "have", "is")
        return self._negated_record(index, start, window, never=kind == "negation.never")

    def _negated_record(self, first: int, at: int, window: TimeWindow | None, never: bool = False) -> Parsed | None:
        """没有 + behaviour: nobody who did it, among those who could have (the record set's exposure)."""
        found = (
            self._record_at(at, window, never=never)
            if window is not None
            else self._record_for_days(at) or self._record_at(at, None, never=never)
        )
        if found is None:
            return None
        node, last = found
        if not isinstance(node, RecordCondition):
            return Not(child=node, said=self._said(first, last)), last
        node = node.model_copy(update={"said": self._said(first, last)})
        denied: AnyNode = Not(child=node, said=self._said(first, last))
        record = self.catalog.records[node.records]
        days = _days(node.window)
        if record.exposure is None or days is None:
            return denied, last
        base = node_from_short(substitute(record.exposure, {"days": days}))
        self.cursor.assume("exposure_base", self.cursor.quote(first, last), record=record.code, days=str(days))
        return AllOf(children=(_quoted(base, self._said(first, last)), denied)), last

    def _record_for_days(self, at: int) -> Parsed | None:
        """ "(not) logged in for 90 days", "(没)登录90天": a bare length of time behind a denied action is its window."""
        after = self._skip(at + 1, "ignored")
        token = self._token(after)
        if token is None or token.comparison is None:
            return None
        window = _length(token.comparison)
        if window is None:
            return None
        limit, self.limit = self.limit, at + 1
        found = self._record_at(at, window)
        self.limit = limit
        return None if found is None else (_requoted(found[0], self._said(at, after + 1)), after + 1)

    # --- time in front -------------------------------------------------------------------------------------------------------------------

    def _windowed(self, index: int) -> Parsed | None:
        """A time phrase, then what it limits. One that limits nothing nearby heads a list and governs later records that have none."""
        span = self.tokens[index].window
        if span is None:
            return self._elapsed(index)
        after = self._skip(index + 1, "ignored", "is", "connective.comma")
        if span.kind == "snapshot" and span.snapshot is not None:
            return self._tag(after, snapshot=span.snapshot, first=index)
        if span.kind != "window":
            return None
        if span.doubt is not None:
            self.cursor.issues.append(Issue(span.doubt, Severity.ASK, quote=_bounds(self.cursor.quote(index, index + 1))))
        token = self._token(after)
        if token is None:
            return None
        window = span.window
        if window is None:
            return self._recently(index, after)
        negation = token.phrase("negation.not", "negation.never")
        if negation is not None:
            target = self._skip(after + 1, "ignored", "have", "is")
            concept = self._concept_at(target)
            if concept is not None:
                return self._concept_node(concept, True, window, index, target + 1)
            found = self._negated_record(index, target, window)
        else:
            target = self._skip(after, "have") if token.phrase("have") and not self._starts_action(after) else after
            found = self._record_at(target, window) or self._dated_at(target, span, index) or self._concept_windowed(target, window, index)
            if found is None and token.comparison is not None:
                found = self._number_first(after, window=window)
            if found is None:
                found = self._date_tag(target, span, index)
        if found is not None:
            node, last = found
            self._remember(window, index)
            return _requoted(node, self._said(index, last)), last
        return self._heading(index, after, window)

    def _heading(self, index: int, after: int, window: TimeWindow) -> Parsed | None:
        """A time phrase at the head of a list: kept only when a later record takes it."""
        if self.head_window is not None or not any(self.tokens[place].of("action") for place in range(after, self.limit)):
            return None
        found = self.condition(after)
        if found is None:
            return None
        node, last = found
        if not any(self.tokens[place].of("action") for place in range(last, self.limit)):
            return None
        self._remember(window, index)
        return node, last

    def _recently(self, index: int, after: int) -> Parsed | None:
        """最近 with no number: the record set's default window, an assumption."""
        token = self._token(after)
        if token is None:
            return None
        negation = token.phrase("negation.not", "negation.never")
        if negation is not None:
            target = self._skip(after + 1, "ignored", "have", "is")
            return self._negated_record(index, target, None)
        found = self._record_at(after, None)
        if found is None:
            concept = self._concept_at(after)
            return None if concept is None else self._concept_node(concept, False, None, index, after + 1)
        node, last = found
        return _requoted(node, self._said(index, last)), last

    def _elapsed(self, index: int) -> Parsed | None:
        """超过90天未登录, 90天没登录: nobody who did it within the last N days (MEANING.md "Time")."""
        comparison = self.tokens[index].comparison
        window = None if comparison is None else _length(comparison)
        after = self._skip(index + 1, "ignored")
        token = self._token(after)
        if window is None or token is None or not token.phrase("negation.not"):
            return None
        target = self._skip(after + 1, "ignored", "have", "is")
        concept = self._concept_at(target)
        if concept is not None:
            return self._concept_node(concept, True, window, index, target + 1)
        return self._negated_record(index, target, window)

    def _remember(self, window: TimeWindow, index: int) -> None:
        self.head_window, self.head_quote = window, self.cursor.quote(index, index + 1)

    def _starts_action(self, index: int) -> bool:
        token = self._token(index)
        return token is not None and bool(token.of("action"))

    # --- a number first -------------------------------------------------------------------------------------------------------------------

    def _number_first(self, index: int, window: TimeWindow | None = None) -> Parsed | None:
        """ ">50k demand deposits", "at least 3 logins", "5万以上的活期", "30岁以上"."""
        found = self._comparison(index)
        if found is None:
            return self._order_first(index)
        comparison, last = found
        unit_tag = self._unit_tag(comparison)
        if unit_tag is not None:
            node = self._number_condition(unit_tag, comparison, index, last)
            if node is not None:
                return node, last
        after = self._skip(last, "ignored", "is")
        token = self._token(after)
        if token is None:
            return None
        if window is None and token.window is not None and token.window.window is not None and token.window.kind == "window":
            inner = self._skip_words(after + 1)
            record = self._record_at(inner, token.window.window, comparison)
            if record is not None:
                return record
        record = self._record_at(after, window, comparison)
        if record is not None:
            return record
        if window is not None:
            return None
        tag = self._number_tag(token, comparison)
        if tag is None:
            return None
        node = self._number_condition(tag, comparison, index, after + 1)
        return None if node is None else (node, after + 1)

    def _order_first(self, index: int) -> Parsed | None:
        """ "at least gold tier": an order word, then a value of an ordered enum."""
        order = self._order(index, prefix=True)
        if order is None:
            return None
        values = self._value_list(self._skip_words(order[1]))
        if values is None or len(values[1]) != 1 or not values[0].ordered:
            return None
        tag, codes, last = values
        last = self._trailing_tag(tag, last)
        return TagCondition(tag=tag.code, operator=_ORDER[order[0]], value=codes, said=self._said(index, last)), last

    def _unit_tag(self, comparison: Comparison) -> Tag | None:
        if not comparison.unit_word:
            return None
        for tag in self.catalog.tags.values():
            if comparison.unit_word in tag.unit_words.all():
                return tag
        return None

    def _number_tag(self, token: Token, comparison: Comparison) -> Tag | None:
        return self._only_tag(token, lambda tag: tag.numeric and _unit_fits(tag.unit, comparison), holdings=True)

    def _only_tag(self, token: Token, fits: Callable[[Tag], bool], holdings: bool = False) -> Tag | None:
        """The tag a token names, asked about when it names several that fit."""
        kinds = ("tag", "hold") if holdings else ("tag",)
        found: list[Tag] = []
        for kind in kinds:
            found = [tag for meaning in token.of(kind) if fits(tag := self.catalog.tags[meaning.code])]
            if found:
                break
        if len(found) <= 1:
            return found[0] if found else None
        index = self.tokens.index(token)
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(tag.name for tag in found)
        return found[self.cursor.choose("tag", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    # --- a tag first ------------------------------------------------------------------------------------------------------------------------

    def _tag(self, index: int, snapshot: Snapshot | None = None, first: int | None = None) -> Parsed | None:
        token = self._token(index)
        if token is None or not (token.of("tag") or token.of("hold")):
            return None
        first = index if first is None else first
        after = self._skip(index + 1, "ignored", "aggregate.amount")
        negative = self._token(after)
        if negative is not None and negative.phrase("negation.is_not", "negation.not"):
            values = self._value_list(self._skip_words(after + 1), token)
            if values is not None:
                valued, codes, last = values
                return TagCondition(tag=valued.code, operator="not_in", value=codes, snapshot=snapshot, said=self._said(first, last)), last
            number = self._token(self._skip_words(after + 1))
            if number is not None and number.comparison is not None and number.comparison.operator in (None, "="):
                tag = self._number_tag(token, number.comparison)
                last = self._skip_words(after + 1) + 1
                if tag is not None and number.comparison.value is not None:
                    differing = number.comparison.value
                    return TagCondition(tag=tag.code, operator="<>", value=differing, snapshot=snapshot, said=self._said(first, last)), last
        after = self._skip_words(after)
        here = self._token(after)
        if here is None:
            return self._lone_tag(token, snapshot, first, index + 1)
        if here.comparison is not None:
            tag = self._number_tag(token, here.comparison)
            if tag is not None:
                node = self._number_condition(tag, here.comparison, first, after + 1, snapshot)
                if node is not None:
                    return node, after + 1
        presence = here.phrase("presence.absent", "presence.unknown")
        if presence is not None:
            tag = self._only_tag(token, lambda each: True)
            if tag is not None:
                operator: Operator = "is_absent" if presence == "presence.absent" else "is_unknown"
                return TagCondition(tag=tag.code, operator=operator, snapshot=snapshot, said=self._said(first, after + 1)), after + 1
        return (
            self._tag_order(token, after, snapshot, first)
            or self._tag_value(token, after, snapshot, first)
            or self._tag_window(token, after, snapshot, first)
            or self._tag_rank(token, after, first)
            or self._lone_tag(token, snapshot, first, index + 1)
        )

    def _tag_order(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        """客户等级不低于金卡; 活期大于定期."""
        order = self._order(after, prefix=True)
        if order is None:
            return None
        sign, last = order[0], self._skip_words(order[1])
        values = self._value_list(last, token)
        if values is not None and len(values[1]) == 1 and values[0].ordered:
            tag, codes, end = values
            return TagCondition(tag=tag.code, operator=_ORDER[sign], value=codes, snapshot=snapshot, said=self._said(first, end)), end
        other = self._token(last)
        if other is None or not (other.of("tag") or other.of("hold")):
            return None
        left = self._only_tag(token, lambda tag: tag.numeric, holdings=True)
        right = self._only_tag(other, lambda tag: tag.numeric, holdings=True)
        if left is None or right is None or left.unit != right.unit:
            return None
        node = TagComparison(
            left=left.code, right=right.code, left_snapshot=snapshot, right_snapshot=snapshot, measure="difference",
            operator=_ORDER[sign], value=Decimal(0), said=self._said(first, last + 1),
        )  # fmt: skip
        return node, last + 1

    def _tag_value(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        values = self._value_list(after, token)
        if values is None:
            return None
        tag, codes, last = values
        node, last = self._ordered_value(tag, codes, first, last, snapshot)
        return node, last

    def _tag_window(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        here = self._token(after)
        if here is None or here.window is None or here.window.kind != "window" or here.window.window is None or snapshot is not None:
            return None
        tag = self._only_tag(token, lambda each: each.type in ("date", "month_day"))
        if tag is None:
            return None
        window = here.window.future_window if tag.tense != "past" and here.window.future_window is not None else here.window.window
        return TagCondition(tag=tag.code, operator="within", value=window, said=self._said(first, after + 1)), after + 1

    def _tag_rank(self, token: Token, after: int, first: int) -> Parsed | None:
        here = self._token(after)
        if here is None or here.rank is None:
            return None
        tag = self._only_tag(token, lambda each: each.numeric, holdings=True)
        return None if tag is None else self._rank_node(tag, after, first, after + 1)

    def _lone_tag(self, token: Token, snapshot: Snapshot | None, first: int, last: int) -> Parsed | None:
        """A yes-no tag by its name alone."""
        tag = self._only_tag(token, lambda each: each.type == "flag")
        if tag is None:
            return None
        return TagCondition(tag=tag.code, operator="=", value=True, snapshot=snapshot, said=self._said(first, last)), last

    def _date_tag(self, index: int, span: object, first: int) -> Parsed | None:
        """近90天开户: a time phrase, then a date tag."""
        token = self._token(index)
        window_token = self.tokens[first].window
        if token is None or window_token is None or window_token.window is None:
            return None
        tag = self._only_tag(token, lambda each: each.type in ("date", "month_day"))
        if tag is None:
            return None
        window = window_token.future_window if tag.tense != "past" and window_token.future_window is not None else window_token.window
        return TagCondition(tag=tag.code, operator="within", value=window, said=self._said(first, index + 1)), index + 1

    def _number_condition(
        self, tag: Tag, comparison: Comparison, first: int, last: int, snapshot: Snapshot | None = None
    ) -> AnyNode | None:
        """A number tag with what was said of it: unit, plausibility, bands and bare numbers looked after."""
        if not tag.numeric or not _unit_fits(tag.unit, comparison):
            return None
        quote = self.cursor.quote(first, last)
        if comparison.doubt is not None:
            self.cursor.issues.append(
                Issue(comparison.doubt, Severity.ASK, quote=_bounds(quote), params={"words": self.cursor.words(quote)})
            )
        if comparison.unit in _MONEY and tag.unit in _MONEY and comparison.unit != tag.unit:
            self.cursor.issues.append(
                Issue("currency_mismatch", Severity.ASK, quote=_bounds(quote), params={"tag": tag.code, "unit": comparison.unit})
            )
        if comparison.assumption is not None:
            self.cursor.assume(comparison.assumption, quote, words=self.cursor.words(quote))
        operator, plain = self._operator_and_value(comparison, quote)
        factor = self._factor(tag, comparison, plain, quote)
        value = self._band(tag, comparison, _scaled(plain, factor * _unit_factor(tag.unit, comparison)), quote)
        return TagCondition.model_validate(
            {"tag": tag.code, "operator": operator, "value": value, "snapshot": snapshot, "said": self._said(first, last)}
        )

    def _band(self, tag: Tag, comparison: Comparison, value: Value, quote: Quote) -> Value:
        """A range between two edges of the tag's catalog bands is that band: half-open, and said so (MEANING.md "Comparisons and ranges")."""
        said_open = comparison.low_open or comparison.high_open or comparison.approximate or comparison.assumption is not None
        if not isinstance(value, Range) or said_open or not {value.low, value.high} <= set(tag.bands) or tag.unit not in _MONEY:
            return value
        self.cursor.assume("band_used", quote, words=self.cursor.words(quote), tag=tag.code)
        return value.model_copy(update={"high_open": True})

    def _operator_and_value(self, comparison: Comparison, quote: Quote) -> tuple[Operator, Decimal | Range]:
        if comparison.operator == "range":
            low, high = comparison.low, comparison.high
            assert low is not None, "a range has both ends"
            assert high is not None, "a range has both ends"
            return "range", Range(low=low, high=high, low_open=comparison.low_open, high_open=comparison.high_open)
        assert comparison.value is not None, "a comparison has a value"
        if comparison.operator is not None:
            operator: Operator = comparison.operator
            return operator, comparison.value
        chosen = self.cursor.choose(
            "bare",
            quote,
            "bare_number",
            {"words": self.cursor.words(quote)},
            (None, None),
        )
        return (">=" if chosen == 0 else "="), comparison.value

    def _factor(self, tag: Tag, comparison: Comparison, value: Decimal | Range, quote: Quote) -> Decimal:
        """A bare small number against a money tag: 万 or the unit itself, asked about, 万 first."""
        if tag.plausible is None or comparison.scale_said or comparison.unit in _MONEY or tag.unit not in _MONEY:
            return Decimal(1)
        numbers = (value.low, value.high) if isinstance(value, Range) else (value,)
        low, _ = tag.plausible
        if all(number == 0 or number >= low for number in numbers):
            return Decimal(1)
        chosen = self.cursor.choose("unit", quote, "value_implausible", {"words": self.cursor.words(quote), "tag": tag.code}, (None, None))
        return _TEN_THOUSAND if chosen == 0 else Decimal(1)

    # --- having a product ---------------------------------------------------------------------------------------------------------------------

    def _have(self, index: int) -> Parsed | None:
        if not self.tokens[index].phrase("have"):
            return None
        after = self._skip(index + 1, "ignored", "have", "is")
        if after >= self.limit:
            return None
        held = self._holdings(index, after, positive=True)
        if held is not None:
            return held
        token = self.tokens[after]
        flag = self._only_tag(token, lambda tag: tag.type == "flag")
        if flag is not None:
            return TagCondition(tag=flag.code, operator="=", value=True, said=self._said(index, after + 1)), after + 1
        found = self._number_first(after) if token.comparison is not None else self._record_at(after, None)
        if found is None and token.phrase("negation.not", "lack"):
            return None
        return found

    def _holding(self, index: int) -> Tag | None:
        """The product a token names, when it is not the start of a longer condition."""
        token = self._token(index)
        if token is None or not token.of("hold"):
            return None
        after = self._skip_words(index + 1)
        here = self._token(after)
        if here is not None and (here.comparison is not None and here.comparison.operator is not None):
            return None
        return self._only_hold(token)

    def _only_hold(self, token: Token) -> Tag | None:
        tags = [self.catalog.tags[meaning.code] for meaning in token.of("hold")]
        if len(tags) <= 1:
            return tags[0] if tags else None
        index = self.tokens.index(token)
        quote = self.cursor.quote(index, index + 1)
        return tags[
            self.cursor.choose("hold", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, tuple(tag.name for tag in tags))
        ]

    def _holdings(self, first: int, index: int, positive: bool) -> Parsed | None:
        """有/没有 + products: a list joined by and, or, 、. Negation covers the whole list (neither)."""
        tag = self._holding(index)
        if tag is None:
            return None
        tags, spans, joins = [tag], [(first, index + 1)], [""]
        last = index + 1
        while True:
            after = self._skip(last, "ignored")
            token = self._token(after)
            join = token.phrase("connective.or", "connective.and", "connective.comma") if token is not None else None
            if join is None:
                break
            following = self._skip(
                after + 1, "connective.comma", "connective.and", "connective.or", "ignored", *(() if not positive else ("have",))
            )
            tag = self._holding(following)
            if tag is None:
                break
            tags.append(tag)
            spans.append((following, following + 1))
            joins.append(join.removeprefix("connective."))
            last = following + 1
        nodes: list[AnyNode] = [_held(tag, positive, self._said(*span)) for tag, span in zip(tags, spans, strict=True)]
        self.cursor.mark(first, last, "condition")
        if positive and "or" in joins:
            return (_any(nodes), last) if all(join in ("or", "comma", "") for join in joins) else None
        return _all(nodes), last

    def _bare_holding(self, index: int) -> Parsed | None:
        """信用卡客户, mortgage customers: having it, by the product's name alone; an assumption."""
        following = self._token(index + 1)
        if following is None or not following.phrase("people"):
            return None
        tag = self._holding(index)
        if tag is None:
            return None
        quote = self.cursor.quote(index, index + 1)
        self.cursor.assume("holding_read", quote, words=self.cursor.words(quote), tag=tag.code)
        return _held(tag, True, (quote,)), index + 1

    # --- values -------------------------------------------------------------------------------------------------------------------------------

    def _values(self, index: int) -> Parsed | None:
        if self.tokens[index].of("ambiguous") and self._order(self._skip(index + 1, "ignored"), prefix=False) is None:
            return None
        values = self._value_list(index)
        if values is None:
            return None
        tag, codes, last = values
        return self._ordered_value(tag, codes, index, last, None)

    def _ordered_value(self, tag: Tag, codes: tuple[str, ...], first: int, last: int, snapshot: Snapshot | None) -> Parsed:
        """A value list, with 以上 / or above behind it when the enum is ordered."""
        order = None
        if len(codes) == 1 and tag.ordered:
            order = self._order(last, prefix=False) or self._order(self._trailing_tag(tag, last), prefix=False)
        if order is None:
            last = self._trailing_tag(tag, last)
            return TagCondition(tag=tag.code, operator="in", value=codes, snapshot=snapshot, said=self._said(first, last)), last
        sign, last = order
        last = self._trailing_tag(tag, last)
        quote = self.cursor.quote(first, last)
        if sign == "<=?":
            chosen = self.cursor.choose("below", quote, "ambiguous_below", {"words": self.cursor.words(quote)}, (None, None))
            sign = "<=" if chosen == 0 else "<"
        return TagCondition(tag=tag.code, operator=_ORDER[sign], value=codes, snapshot=snapshot, said=(quote,)), last

    def _trailing_tag(self, tag: Tag, last: int) -> int:
        """The tag's own name behind its value: "App推送偏好", "gold tier"."""
        after = self._skip(last, "ignored")
        token = self._token(after)
        if token is not None and any(meaning.code == tag.code for meaning in token.of("tag")):
            following = self._token(self._skip_words(after + 1))
            if following is None or (following.comparison is None and not following.of("value")):
                return after + 1
        return last

    def _value_list(self, index: int, named: Token | None = None) -> tuple[Tag, tuple[str, ...], int] | None:
        """Values of one tag, one or several (和, 或, 、 between values of a single-valued tag mean any of them)."""
        token = self._token(index)
        if token is None or not token.of("value"):
            return None
        allowed = None if named is None else {meaning.code for meaning in (*named.of("tag"), *named.of("hold"))}
        meanings = [meaning for meaning in token.of("value") if allowed is None or meaning.code in allowed]
        if not meanings:
            return None
        tag = self._value_tag(meanings, index)
        codes = [self._value_code(tag, meanings, index)]
        last = index + 1
        while True:
            after = self._skip(last, "ignored")
            here = self._token(after)
            if here is None:
                break
            if here.phrase("connective.and", "connective.or") or (here.phrase("connective.comma") and here.text in "、,"):
                following = self._skip(after + 1, "connective.and", "connective.or", "ignored", "is")
            else:
                break
            more = self._token(following)
            same = [meaning for meaning in (more.of("value") if more is not None else ()) if meaning.code == tag.code]
            if not same or self._order(following + 1, prefix=False) is not None:
                break
            codes.append(self._value_code(tag, same, following))
            last = following + 1
        self.cursor.mark(index, last, "condition")
        return tag, tuple(dict.fromkeys(codes)), last

    def _value_tag(self, meanings: list[Meaning], index: int) -> Tag:
        codes = list(dict.fromkeys(meaning.code for meaning in meanings))
        organisation = self.catalog.header.organisation_tag
        if organisation in codes:
            codes = [code for code in codes if code == organisation or self.catalog.tags[code].values_from != "organisation"]
        if len(codes) == 1:
            return self.catalog.tags[codes[0]]
        if organisation in codes:
            codes = [organisation, *(code for code in codes if code != organisation)]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(self.catalog.tags[code].name for code in codes)
        return self.catalog.tags[codes[self.cursor.choose("value", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]]

    def _value_code(self, tag: Tag, meanings: list[Meaning], index: int) -> str:
        codes = list(dict.fromkeys(meaning.value for meaning in meanings if meaning.code == tag.code))
        if len(codes) == 1:
            return codes[0]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(self._place(tag, code) for code in codes)
        return codes[self.cursor.choose("branch", quote, "ambiguous_branch", {"words": self.cursor.words(quote)}, labels)]

    def _place(self, tag: Tag, code: str) -> Text:
        """A value with its parent, so that two of one name can be told apart."""
        value = self.catalog.value(tag, code)
        assert value is not None, "codes come from the catalog"
        parent = self.catalog.value(tag, value.parent) if value.parent else None
        if parent is None:
            return value.label
        return Text(zh=f"{value.label.zh}({parent.label.zh})", en=f"{value.label.en} ({parent.label.en})")

    # --- records ---------------------------------------------------------------------------------------------------------------------------------

    def _record(self, index: int) -> Parsed | None:
        return self._record_at(index, None)

    def _record_at(self, index: int, window: TimeWindow | None, comparison: Comparison | None = None, never: bool = False) -> Parsed | None:
        """An action with its filters, aggregate, number and window. `window` and `comparison` came in front of it."""
        token = self._token(index)
        if token is None or not token.of("action"):
            return None
        meaning = self._only_action(token, index)
        record = self.catalog.records[meaning.code]
        filters = [Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters]
        if comparison is not None and not _fits_record(record, comparison):
            return None
        last, aggregate, said_window = index + 1, None, window
        more = self._more_values(record, meaning, index + 1)
        every = False
        if more is not None:
            codes, last, every = more
            name = meaning.filters[0][0]
            filters = [Filter(property=name, operator="in", value=codes)]
        while True:
            after = self._skip(last, "ignored", "is")
            here = self._token(after)
            if here is None:
                break
            kind = here.phrase("aggregate.days", "aggregate.count", "aggregate.sum", "aggregate.each", "aggregate.avg", "aggregate.amount")
            if kind is not None and (aggregate is None or kind == "aggregate.amount"):
                aggregate = aggregate or kind
                last = after + 1
                continue
            if comparison is None and here.comparison is not None and _fits_record(record, here.comparison):
                comparison, last = here.comparison, after + 1
                continue
            extra = self._record_filter(record, here, after)
            if extra is not None:
                filters.append(extra[0])
                last = extra[1]
                continue
            if (
                said_window is None
                and here.window is not None
                and here.window.kind == "window"
                and here.window.window is not None
                and self._trails(after)
            ):
                said_window = here.window.window
                last = after + 1
                continue
            break
        quote = self.cursor.quote(index, last)
        actual = self._window_of(record, said_window, quote, never)
        self.cursor.mark(index, last, "condition")
        node = self._record_node(record, tuple(filters), actual, aggregate, comparison, index, last)
        if node is None:
            return None
        if every and isinstance(node, RecordCondition):
            node = _one_each(node)
        if said_window is not None:
            self.head_window, self.head_quote = said_window, quote
        return node, last

    def _more_values(self, record: RecordSet, meaning: Meaning, index: int) -> tuple[tuple[str, ...], int, bool] | None:
        """浏览过理财和基金: more values of the slot an action filled. 或: any of them; 和, 、: each of them or any, asked."""
        if len(meaning.filters) != 1:
            return None
        name, codes = meaning.filters[0]
        found, last, joins = list(codes), index, []
        while True:
            after = self._skip(last, "ignored")
            token = self._token(after)
            join = token.phrase("connective.or", "connective.and", "connective.comma") if token is not None else None
            if token is None or join is None or (join == "connective.comma" and token.text not in "、,"):
                break
            following = self._skip(after + 1, "connective.and", "connective.or", "ignored")
            here = self._token(following)
            values = (
                [each.filters[0][1] for each in here.of("property_value") if each.code == record.code and each.value == name]
                if here
                else []
            )
            if not values:
                values = (
                    [
                        each.filters[0][1]
                        for each in here.of("action")
                        if each.code == record.code and [part for part, _ in each.filters] == [name]
                    ]
                    if here
                    else []
                )
            beyond = self._token(self._skip_words(following + 1))
            if not values or (beyond is not None and (beyond.comparison is not None or beyond.window is not None)):
                break
            found.extend(values[0])
            joins.append(join)
            last = following + 1
        if not joins:
            return None
        every = False
        if "connective.or" not in joins:
            quote = self.cursor.quote(index - 1, last)
            labels = (Text(zh="每一样都有", en="each of them"), Text(zh="有其中任何一样", en="any of them"))
            every = self.cursor.choose("each", quote, "ambiguous_each", {"words": self.cursor.words(quote)}, labels) == 0
        return tuple(dict.fromkeys(found)), last, every

    def _trails(self, index: int) -> bool:
        """A time phrase behind an action belongs to it unless another action follows it directly (English: "… in the last 30 days")."""
        after = self._skip(index + 1, "ignored", "is", "have", "negation.not")
        token = self._token(after)
        if token is None:
            return True
        if token.phrase("connective.and", "connective.or", "connective.comma", "connective.but"):
            return True
        return not (token.of("action") or token.of("concept") or token.of("dated"))

    def _only_action(self, token: Token, index: int) -> Meaning:
        meanings = list(token.of("action"))
        most = max(len(meaning.filters) for meaning in meanings)
        meanings = [meaning for meaning in meanings if len(meaning.filters) == most]
        if len(meanings) == 1:
            return meanings[0]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(self._action_label(meaning) for meaning in meanings)
        return meanings[self.cursor.choose("action", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    def _action_label(self, meaning: Meaning) -> Text:
        record = self.catalog.records[meaning.code]
        zh, en = record.name.zh, record.name.en
        for name, codes in meaning.filters:
            prop = record.property(name)
            for code in codes:
                value = self.catalog.value(prop, code) if prop is not None else None
                if value is not None:
                    zh, en = f"{zh}·{value.label.zh}", f"{en}: {value.label.en}"
        return Text(zh=zh, en=en)

    def _record_filter(self, record: RecordSet, token: Token, index: int) -> tuple[Filter, int] | None:
        """A property of the record with a value or number behind it: 期限大于90天, 渠道是App."""
        for meaning in token.of("property"):
            prop = record.property(meaning.value) if meaning.code == record.code else None
            if prop is None or prop.code == record.amount:
                continue
            after = self._skip_words(index + 1)
            here = self._token(after)
            if here is None:
                continue
            if (
                prop.numeric
                and here.comparison is not None
                and here.comparison.operator is not None
                and _unit_fits(prop.unit, here.comparison)
            ):
                operator, value = self._operator_and_value(here.comparison, self.cursor.quote(index, after + 1))
                scaled = _scaled(value, _unit_factor(prop.unit, here.comparison))
                said = self._said(index, after + 1)
                return Filter.model_validate({"property": prop.code, "operator": operator, "value": scaled, "said": said}), after + 1
            codes = [each.filters[0][1] for each in here.of("property_value") if each.code == record.code and each.value == prop.code]
            if codes:
                return Filter(property=prop.code, operator="in", value=codes[0], said=self._said(index, after + 1)), after + 1
        return None

    def _window_of(self, record: RecordSet, said: TimeWindow | None, quote: Quote, never: bool) -> TimeWindow | None:
        """The window said, else the one that heads the list, else the record set's default: the last two are assumptions."""
        if record.date_column is None:
            return None
        if said is not None:
            return said
        if never:
            self.cursor.assume("since_history", quote, record=record.code)
            return None
        if self.head_window is not None:
            self.cursor.assume("inherited_window", quote, words=self.cursor.words(self.head_quote) if self.head_quote is not None else "")
            return self.head_window
        self.cursor.assume("default_window", quote, record=record.code)
        return record.default_window

    def _record_node(
        self,
        record: RecordSet,
        filters: tuple[Filter, ...],
        window: TimeWindow | None,
        aggregate: str | None,
        comparison: Comparison | None,
        first: int,
        last: int,
    ) -> AnyNode | None:
        said = self._said(first, last)
        common = {"records": record.code, "filters": filters, "window": window, "said": said}
        if comparison is None:
            if aggregate is not None:
                return None
            return RecordCondition.model_validate(common)
        quote = said[0]
        if comparison.assumption is not None:
            self.cursor.assume(comparison.assumption, quote, words=self.cursor.words(quote))
        operator, value = self._operator_and_value(comparison, quote)
        if _about_amount(record, comparison, aggregate):
            amount = record.amount
            prop = record.property(amount) if amount else None
            assert amount is not None, "checked by _fits_record"
            assert prop is not None, "checked by _fits_record"
            if comparison.unit in _MONEY and prop.unit in _MONEY and comparison.unit != prop.unit:
                self.cursor.issues.append(
                    Issue("currency_mismatch", Severity.ASK, quote=_bounds(quote), params={"tag": record.code, "unit": comparison.unit})
                )
            if aggregate == "aggregate.avg":
                return RecordCondition.model_validate({**common, "aggregate": "avg", "of": amount, "operator": operator, "value": value})
            if aggregate == "aggregate.sum":
                chosen = 0
            elif aggregate == "aggregate.each":
                chosen = 1
            else:
                labels = (Text(zh="累计金额", en="in total"), Text(zh="单笔金额", en="in a single record"))
                chosen = self.cursor.choose("amount", quote, "ambiguous_amount", {"words": self.cursor.words(quote)}, labels)
            if chosen == 0:
                return RecordCondition.model_validate({**common, "aggregate": "sum", "of": amount, "operator": operator, "value": value})
            single = Filter.model_validate({"property": amount, "operator": operator, "value": value, "said": said})
            return RecordCondition.model_validate({**common, "filters": (*filters, single)})
        days = aggregate == "aggregate.days" or comparison.unit == "days"
        return RecordCondition.model_validate({**common, "aggregate": "days" if days else "count", "operator": operator, "value": value})

    # --- phrases that date a property ------------------------------------------------------------------------------------------------------------

    def _dated(self, index: int) -> Parsed | None:
        """理财在未来7天到期: the phrase, then its window."""
        token = self.tokens[index]
        if not token.of("dated"):
            return None
        after = self._skip_words(index + 1)
        here = self._token(after)
        if here is None or here.window is None or here.window.kind != "window":
            return None
        return self._dated_node(token.of("dated")[0], after, index, after + 1)

    def _dated_at(self, index: int, span: object, first: int) -> Parsed | None:
        token = self._token(index)
        if token is None or not token.of("dated"):
            return None
        return self._dated_node(token.of("dated")[0], first, first, index + 1)

    def _dated_node(self, meaning: Meaning, window_at: int, first: int, last: int) -> Parsed | None:
        record = self.catalog.records[meaning.code]
        prop = record.property(meaning.value)
        span = self.tokens[window_at].window
        if prop is None or span is None or span.window is None:
            return None
        window = span.future_window if prop.tense == "future" and span.future_window is not None else span.window
        comparison: Comparison | None = None
        aggregate: str | None = None
        while True:
            after = self._skip(last, "ignored", "is")
            here = self._token(after)
            if here is None:
                break
            kind = here.phrase("aggregate.sum", "aggregate.each", "aggregate.amount", "aggregate.count")
            if kind is not None and (aggregate is None or kind == "aggregate.amount"):
                aggregate, last = aggregate or kind, after + 1
            elif comparison is None and here.comparison is not None and _fits_record(record, here.comparison):
                comparison, last = here.comparison, after + 1
            else:
                break
        dated = Filter.model_validate({"property": prop.code, "operator": "within", "value": window, "said": self._said(first, last)})
        fixed = [Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters]
        node = self._record_node(record, (*fixed, dated), None, aggregate, comparison, first, last)
        return None if node is None else (node, last)

    # --- concepts -----------------------------------------------------------------------------------------------------------------------------------

    def _concept_at(self, index: int) -> Concept | None:
        token = self._token(index)
        if token is None or not token.of("concept"):
            return None
        found = [self.catalog.concepts[meaning.code] for meaning in token.of("concept")]
        if len(found) == 1:
            return found[0]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(concept.name for concept in found)
        return found[self.cursor.choose("concept", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    def _concept(self, index: int) -> Parsed | None:
        token = self.tokens[index]
        concept = self._concept_at(index)
        if concept is not None:
            return self._concept_node(concept, False, None, index, index + 1)
        for meaning in token.of("concept_not"):
            return self._concept_node(self.catalog.concepts[meaning.code], True, None, index, index + 1)
        return None

    def _concept_windowed(self, index: int, window: TimeWindow, first: int) -> Parsed | None:
        token = self._token(index)
        concept = self._concept_at(index)
        if concept is not None:
            return self._concept_node(concept, False, window, first, index + 1)
        if token is not None and token.of("concept_not"):
            return self._concept_node(self.catalog.concepts[token.of("concept_not")[0].code], True, window, first, index + 1)
        return None

    def _concept_node(self, concept: Concept, negated: bool, window: TimeWindow | None, first: int, last: int) -> Parsed | None:
        parameters: dict[str, Decimal] = {}
        if window is not None:
            days = _rolling_days(window)
            if concept.window_parameter is None or days is None:
                return None
            if concept.parameters[concept.window_parameter].default != days:
                parameters[concept.window_parameter] = Decimal(days)
        said = self._said(first, last)
        self.cursor.assume("concept_used", said[0], concept=concept.code)
        return ConceptRef.model_validate({"concept": concept.code, "parameters": parameters, "negated": negated, "said": said}), last

    # --- ranks, ambiguous and inexpressible words -------------------------------------------------------------------------------------------------

    def _rank_first(self, index: int) -> Parsed | None:
        """top 10% by AUM."""
        if self.tokens[index].rank is None:
            return None
        after = self._skip(index + 1, "ignored", "is", "request.breakdown")
        token = self._token(after)
        if token is None:
            return None
        tag = self._only_tag(token, lambda each: each.numeric, holdings=True)
        return None if tag is None else self._rank_node(tag, index, index, after + 1)

    def _rank_node(self, tag: Tag, rank_at: int, first: int, last: int) -> Parsed:
        rank = self.tokens[rank_at].rank
        assert rank is not None, "the caller saw a rank"
        node = RankCondition(
            tag=tag.code, direction=rank.direction, count=rank.count, percent=rank.percent, within=AllOf(), said=self._said(first, last)
        )
        return node, last

    def _ambiguous(self, index: int) -> Parsed | None:
        """A word of the catalog's list of words without universal meaning."""
        token = self.tokens[index]
        meanings = token.of("ambiguous")
        if not meanings:
            return None
        word = self.catalog.ambiguous[meanings[0].number]
        quote = self.cursor.quote(index, index + 1)
        nodes = [reading for reading in word.readings if reading.node is not None]
        comparison = self._comparison(self._skip_words(index + 1))
        if comparison is not None:
            return self._ambiguous_number(index, comparison)
        if not nodes:
            return None
        chosen = 0
        if word.ask or len(nodes) > 1:
            chosen = self.cursor.choose(
                "word", quote, "ambiguous_word", {"words": self.cursor.words(quote), "question_zh": word.question.zh, "question_en": word.question.en},
                tuple(reading.label for reading in nodes), ask=word.ask,
            )  # fmt: skip
        if not word.ask:
            self.cursor.assume(
                "alias_default_reading",
                quote,
                words=self.cursor.words(quote),
                reading=nodes[chosen].label.zh,
                reading_en=nodes[chosen].label.en,
            )
        node = nodes[chosen].node
        assert node is not None, "filtered above"
        return _quoted(node_from_short(node), (quote,)), index + 1

    def _ambiguous_number(self, index: int, found: tuple[Comparison, int]) -> Parsed | None:
        """日均大于5万, 余额5万以上: which tag is meant is asked."""
        comparison, last = found
        word = self.catalog.ambiguous[self.tokens[index].of("ambiguous")[0].number]
        readings = [(reading, self.catalog.tags[reading.tag]) for reading in word.readings if reading.tag is not None]
        fitting = [(reading, tag) for reading, tag in readings if tag.numeric and _unit_fits(tag.unit, comparison)]
        if not fitting:
            return None
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(reading.label for reading, _ in fitting)
        chosen = self.cursor.choose("word", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels) if len(fitting) > 1 else 0
        node = self._number_condition(fitting[chosen][1], comparison, index, last)
        return None if node is None else (node, last)

    def _inexpressible(self, index: int) -> None:
        """Words the bank knows it has no data for: refused by name."""
        meaning = self.tokens[index].of("inexpressible")[0]
        quote = self.cursor.quote(index, index + 1)
        entry = self.catalog.inexpressible[meaning.number]
        params = {"words": self.cursor.words(quote), "reason_zh": entry.reason.zh, "reason_en": entry.reason.en}
        self.cursor.mark(index, index + 1, "ambiguous")
        self.cursor.issues.append(Issue("no_such_data", Severity.REFUSE, quote=_bounds(quote), params=params, suggestions=entry.nearest))


# --- small pure helpers -----------------------------------------------------------------------------------------------------------------------------


def _stronger(one: str, other: str) -> str:
    order = ("", "comma", "and", "or")
    return max(one, other, key=order.index)


def _split(items: list[_Item], starts: Callable[[_Item], bool]) -> list[list[_Item]]:
    groups: list[list[_Item]] = [[items[0]]]
    for item in items[1:]:
        if starts(item):
            groups.append([item])
        else:
            groups[-1].append(item)
    return groups


def _all(nodes: list[AnyNode]) -> AnyNode:
    return nodes[0] if len(nodes) == 1 else AllOf(children=tuple(nodes))


def _any(nodes: list[AnyNode]) -> AnyNode:
    return nodes[0] if len(nodes) == 1 else AnyOf(children=tuple(nodes))


def _one_each(node: RecordCondition) -> AnyNode:
    """A condition on several values of one property as one condition a value, all of which must hold."""
    first, *rest = node.filters
    values = first.value
    assert isinstance(values, tuple), "the slot of an action holds codes"
    return AllOf(
        children=tuple(node.model_copy(update={"filters": (first.model_copy(update={"value": (value,)}), *rest)}) for value in values),
        said=node.said,
    )


def _held(tag: Tag, positive: bool, said: tuple[Quote, ...]) -> AnyNode:
    if tag.type == "flag":
        return TagCondition(tag=tag.code, operator="=", value=positive, said=said)
    return TagCondition(tag=tag.code, operator=">" if positive else "=", value=Decimal(0), said=said)


def _denied(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """Not + a reading: a concept's own negation, else everyone else."""
    if isinstance(node, ConceptRef):
        return node.model_copy(update={"negated": not node.negated, "said": said})
    return Not(child=_quoted(node, said), said=said)


def _quoted(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """The node, and every node under it, said by these words."""
    update: dict[str, object] = {"said": said}
    if isinstance(node, AllOf | AnyOf):
        update["children"] = tuple(_quoted(child, said) for child in node.children)
    elif isinstance(node, Not):
        update["child"] = _quoted(node.child, said)
    return node.model_copy(update=update)


def _requoted(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """A condition whose words begin with the time phrase in front of it."""
    return _quoted(node, said)


def _bounds(quote: Quote) -> tuple[int, int]:
    return quote.start, quote.end


def _unit_fits(unit: str, comparison: Comparison) -> bool:
    said = comparison.unit
    if said is None:
        return True
    if said in _MONEY:
        return unit in _MONEY
    if said in ("percent", "percentage_point", "basis_point"):
        return unit in ("percent", "percentage_point")
    if said in ("count", "times"):
        return unit in ("count", "times", "none", "points", "score")
    return said == unit


def _unit_factor(unit: str, comparison: Comparison) -> Decimal:
    """Percent tags store 3.6 for 3.6 %, and so do the readers; a basis point is a hundredth of it."""
    if unit in ("percent", "percentage_point") and comparison.unit == "basis_point":
        return Decimal("0.01")
    return Decimal(1)


def _scaled(value: Decimal | Range, factor: Decimal) -> Value:
    if factor == 1:
        return value
    if isinstance(value, Range):
        return value.model_copy(update={"low": value.low * factor, "high": value.high * factor})
    return value * factor


def _about_amount(record: RecordSet, comparison: Comparison, aggregate: str | None) -> bool:
    if comparison.unit in _MONEY:
        return True
    if comparison.unit is None and aggregate in ("aggregate.sum", "aggregate.each", "aggregate.avg", "aggregate.amount"):
        return True
    return comparison.unit is None and comparison.scale_said and record.amount is not None


def _fits_record(record: RecordSet, comparison: Comparison) -> bool:
    """Whether a number can be said of a record set: how often, on how many days, or how much."""
    if comparison.unit in _MONEY or (comparison.unit is None and comparison.scale_said):
        return record.amount is not None
    return comparison.unit in _COUNTING or comparison.unit == "days"


def _length(comparison: Comparison) -> Rolling | None:
    """90天, 超过90天, three months: the window of that length; None for anything else."""
    unit = {"days": "day", "weeks": "week", "months": "month", "years": "year"}.get(comparison.unit or "")
    value = comparison.value
    if unit is None or value is None or comparison.operator not in (None, ">", ">=", "=") or value != int(value) or value < 1:
        return None
    return Rolling.model_validate({"unit": unit, "n": int(value)})


def _rolling_days(window: TimeWindow) -> int | None:
    if isinstance(window, Rolling) and window.unit in ("day", "week"):
        return window.n * (7 if window.unit == "week" else 1)
    return None


def _days(window: TimeWindow | None) -> int | None:
    """Days of exposure a window asks for; months and longer by their longest length."""
    if isinstance(window, Rolling):
        return window.n * {"day": 1, "week": 7, "month": 31, "quarter": 92, "half_year": 184, "year": 366}[window.unit]
    return None


__all__ = ["Comparing", "Parser"]
