"""Conditions on tags: a tag and its number, value or date; values by themselves; products one has or lacks; ranks. Law: see `parser`."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise

from assistant.catalog.model import Tag, Text
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.amounts import Amounts
from assistant.interpret.conditions.graded import grade_beside_product
from assistant.interpret.conditions.lengths import elapsed_window
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import ALL_OPTIONS
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.month_ends import month_end_said
from assistant.interpret.nodes import all_of, any_of, bounds, held, quoted
from assistant.language.comparisons import Comparison
from assistant.language.phrases import phrases_of
from assistant.language.times import TimeSpan
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    Operator,
    RankCondition,
    Snapshot,
    TagComparison,
    TagCondition,
)
from assistant.rule.window import Absolute, TimeWindow

Parsed = tuple[AnyNode, int]
_LISTING = ("connective.comma", "connective.and", "connective.or", "ignored")
_ORDER: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<"}


class TagPatterns:
    """The patterns that begin with a tag, a value or a product."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts
        self.owned = False
        """Inside brackets that something like "with" stands in front of: a product's bare name there means having it."""

    def order_first(self, index: int) -> Parsed | None:
        """ "at least gold tier": an order word, then a value of an ordered enum."""
        order = self.cursor.order(index, prefix=True)
        if order is None:
            return None
        values = self.value_list(self.cursor.skip_words(order[1]))
        if values is None or len(values[1]) != 1 or not values[0].ordered:
            return None
        tag, codes, last = values
        last = self._trailing_tag(tag, last)
        return TagCondition(tag=tag.code, operator=_ORDER[order[0]], value=codes, said=self.cursor.said(index, last)), last

    def tag(self, index: int, snapshot: Snapshot | None = None, first: int | None = None) -> Parsed | None:
        token = self.cursor.token(index)
        if token is None or not (token.of("tag") or token.of("hold")):
            return None
        first = index if first is None else first
        after = self.cursor.skip(index + 1, "ignored", "aggregate.amount")
        negative = self.cursor.token(after)
        if negative is not None and negative.phrase("negation.is_not", "negation.not"):
            values = self.value_list(self.cursor.skip_words(after + 1), token)
            if values is not None:
                valued, codes, last = values
                return TagCondition(
                    tag=valued.code, operator="not_in", value=codes, snapshot=snapshot, said=self.cursor.said(first, last)
                ), last
            number = self.cursor.token(self.cursor.skip_words(after + 1))
            rather = self._rather(token, self.cursor.skip_words(after + 1) + 1, first, snapshot)
            if number is not None and number.comparison is not None and rather is not None:
                return rather
            if number is not None and number.comparison is not None and number.comparison.operator in (None, "="):
                tag = self.amounts.number_tag(token, number.comparison)
                last = self.cursor.skip_words(after + 1) + 1
                if tag is not None and number.comparison.value is not None:
                    differing = number.comparison.value
                    return TagCondition(
                        tag=tag.code, operator="<>", value=differing, snapshot=snapshot, said=self.cursor.said(first, last)
                    ), last
        after = self.cursor.skip_words(after)
        beyond = self.cursor.skip(after, "have", "is", "must", "too", "still", "besides", "ignored")
        numbered = self.cursor.token(beyond)
        if numbered is not None and numbered.comparison is not None:
            after = beyond
        here = self.cursor.token(after)
        if here is None:
            return self._lone_tag(token, snapshot, first, index + 1)
        if here.comparison is not None:
            tag = None if self.cursor.of_somebody(index + 1, after) else self.amounts.number_tag(token, here.comparison)
            if tag is not None:
                comparison, last = self.amounts.completed(tag, here.comparison, after + 1)
                at, last = (snapshot, last) if snapshot is not None else self.snapshot_behind(last)
                node = self.amounts.number_condition(tag, comparison, first, last, at)
                if node is not None:
                    if here.comparison.doubt == "ever_or_over" and after == index + 1:
                        self.cursor.settled.add(after)  # 资产过5万: no verb stands there that 过 could belong to
                    return node, last
            banded = self._banded(token, here.comparison, snapshot, first, after + 1)
            if banded is not None:
                return banded, after + 1
        presence = here.phrase("presence.absent", "presence.unknown")
        sign = here.phrase("sign.negative", "sign.positive")
        signed = None if sign is None else self.amounts.only_tag(token, lambda each: each.numeric, holdings=True)
        if signed is not None:
            said = self.cursor.said(first, after + 1)
            bound: Operator = "<" if sign == "sign.negative" else ">"
            return TagCondition(tag=signed.code, operator=bound, value=Decimal(0), snapshot=snapshot, said=said), after + 1
        elapsed = self._tag_length(token, here, after, snapshot, first)
        if elapsed is not None:
            return elapsed
        if presence is not None:
            tag = self.amounts.only_tag(token, lambda each: True)
            if tag is not None:
                operator: Operator = "is_absent" if presence == "presence.absent" else "is_unknown"
                return TagCondition(tag=tag.code, operator=operator, snapshot=snapshot, said=self.cursor.said(first, after + 1)), after + 1
        return (
            self._tag_order(token, after, snapshot, first)
            or self._value_span(token, after, snapshot, first)
            or self._tag_value(token, after, snapshot, first)
            or self._tag_window(token, after, snapshot, first)
            or self._tag_rank(token, after, first)
            or self._lone_tag(token, snapshot, first, index + 1)
        )

    def _banded(self, token: Token, comparison: Comparison, snapshot: Snapshot | None, first: int, last: int) -> TagCondition | None:
        """年收入超过40万: a number of a tag that is kept in bands; asked where it is no edge of theirs, the bands beside it named."""
        tag = self.amounts.only_tag(token, lambda each: bool(each.edges))
        value, sign = comparison.value, comparison.operator
        if tag is None or value is None or sign not in (">", ">=", "<", "<="):
            return None
        codes = [one.code for one in sorted(tag.values, key=lambda one: one.rank or 0)]
        holding, up = bisect_right(tag.edges, value), sign in (">", ">=")
        exact = value in tag.edges
        kept = tuple(codes[holding:] if up else codes[:holding] if exact else codes[: holding + 1])
        quote = self.cursor.quote(first, last)
        near = kept if exact else codes[holding : holding + 2] if up else codes[max(holding - 1, 0) : holding + 1]
        params = {"tag": tag.code, "words": self.cursor.words(quote), "values": " ".join(near)}
        if not exact:
            self.cursor.issues.append(Issue("between_edges", Severity.ASK, quote=bounds(quote), params=params))
        elif sign in (">", "<="):
            self.cursor.assume("at_edge", quote, **params)
        return TagCondition(tag=tag.code, operator="in", value=kept, snapshot=snapshot, said=self.cursor.said(first, last))

    def snapshot_behind(self, last: int) -> tuple[Snapshot | None, int]:
        """over 200k at the last month end: a point of time behind the number, unless another condition begins with it."""
        after = self.cursor.skip(last, "ignored")
        token = self.cursor.token(after)
        following = self.cursor.token(self.cursor.skip(after + 1, "ignored", "is", "have"))
        if token is None or token.window is None:
            return None, last
        snapshot = token.window.snapshot or month_end_said(token.window, self.cursor.context.today)
        if snapshot is None or (following is not None and following.content):
            return None, last
        return snapshot, after + 1

    def _rather(self, token: Token, index: int, first: int, snapshot: Snapshot | None) -> Parsed | None:
        """活期不是5万以上而是10万以上: the number that is meant."""
        place = self.cursor.skip(index, "ignored", "connective.comma")
        word = self.cursor.token(place)
        found = self.cursor.comparison(self.cursor.skip_words(place + 1))
        if word is None or not word.phrase("rather") or found is None:
            return None
        tag = self.amounts.number_tag(token, found[0])
        node = None if tag is None else self.amounts.number_condition(tag, found[0], first, found[1], snapshot)
        return None if node is None else (node, found[1])

    def _tag_length(self, token: Token, here: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        """开户满一年, 开户不到90天: a past date by how long ago it is."""
        window = None if here.comparison is None or snapshot is not None else elapsed_window(here.comparison)
        if window is None:
            return None
        tag = self.amounts.only_tag(token, lambda each: each.type == "date" and each.tense == "past")
        if tag is None:
            return None
        return TagCondition(tag=tag.code, operator="within", value=window, said=self.cursor.said(first, after + 1)), after + 1

    def _tag_order(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        """客户等级不低于金卡; 活期大于定期."""
        order = self.cursor.order(after, prefix=True)
        if order is None:
            return None
        sign, last = order[0], self.cursor.skip_words(order[1])
        values = self.value_list(last, token)
        if values is not None and len(values[1]) == 1 and values[0].ordered:
            tag, codes, end = values
            return TagCondition(tag=tag.code, operator=_ORDER[sign], value=codes, snapshot=snapshot, said=self.cursor.said(first, end)), end
        other = self.cursor.token(last)
        if other is None or not (other.of("tag") or other.of("hold")):
            return None
        left = self.amounts.only_tag(token, lambda tag: tag.numeric, holdings=True)
        right = self.amounts.only_tag(other, lambda tag: tag.numeric, holdings=True)
        if left is None or right is None or left.unit != right.unit:
            return None
        node = TagComparison(
            left=left.code, right=right.code, left_snapshot=snapshot, right_snapshot=snapshot, measure="difference",
            operator=_ORDER[sign], value=Decimal(0), said=self.cursor.said(first, last + 1),
        )  # fmt: skip
        return node, last + 1

    def _value_span(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        """客户等级从金卡到财富, tier from gold to wealth: the values of an ordered enum between two, both in."""
        low = self._one_value(token, self.cursor.skip(after, "span.open", "is"))
        joined = None if low is None else self.cursor.token(low[2])
        if low is None or joined is None or not joined.phrase("span.to"):
            return None
        high = self._one_value(token, self.cursor.skip(low[2] + 1, "ignored"))
        tag = low[0]
        opened = any(place.phrase("span.open") for place in self.cursor.tokens[after : low[2]])
        if high is None or high[0].code != tag.code or (not tag.ordered and not opened):
            return None
        then = TagCondition(tag=tag.code, operator="in", value=(low[1],), snapshot=Snapshot(unit="month", offset=-1))
        moved = AllOf(children=(then, TagCondition(tag=tag.code, operator="in", value=(high[1],))))
        if not tag.ordered:
            said = self.cursor.said(first, high[2])
            self.cursor.assume("moved_since_month_end", said[0], words=self.cursor.words(said[0]))
            return quoted(moved, said), self._trailing_tag(tag, high[2])
        ranks = {value.code: value.rank or 0 for value in self.cursor.catalog.values(tag)}
        codes = tuple(code for code, rank in sorted(ranks.items(), key=lambda item: item[1]) if ranks[low[1]] <= rank <= ranks[high[1]])
        last = self._trailing_tag(tag, high[2])
        if len(codes) < 2 or self.cursor.order(last, prefix=False) is not None:
            return None
        between = TagCondition(tag=tag.code, operator="in", value=codes, snapshot=snapshot, said=self.cursor.said(first, last))
        if not opened or snapshot is not None:
            return between, last
        quote = self.cursor.quote(first, last)
        chosen = self.cursor.choose("from_to", quote, "from_to", {"words": self.cursor.words(quote)}, (None, None), ask=False)
        return (between, quoted(moved, between.said))[chosen], last

    def _span_alone(self, index: int) -> Parsed | None:
        """金卡到财富的客户, from gold to wealth tier: two values of one ordered tag, which is not named, and those between. None when they share two such tags."""
        token, joined = self.cursor.tokens[index], self.cursor.token(index + 1)
        high = self.cursor.token(self.cursor.skip(index + 2, "ignored"))
        if not token.of("value") or joined is None or not joined.phrase("span.to") or high is None:
            return None
        tags = self.cursor.catalog.tags
        shared = {one.code for one in token.of("value")} & {one.code for one in high.of("value")}
        ordered = [code for code in sorted(shared) if code in tags and tags[code].ordered]
        if len(ordered) != 1:
            return None
        return self._value_span(Token(token.start, token.end, token.text, (Meaning("tag", ordered[0]),)), index, None, index)

    def _one_value(self, token: Token, index: int) -> tuple[Tag, str, int] | None:
        """The one value of a tag named by `token` that stands at an index, with the index behind it."""
        values = self.value_list(index, token)
        return None if values is None or len(values[1]) != 1 else (values[0], values[1][0], values[2])

    def _tag_value(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        values = self.value_list(after, token)
        if values is None:
            return None
        tag, codes, last = values
        node, last = self._ordered_value(tag, codes, first, last, snapshot)
        return node, last

    def _tag_window(self, token: Token, after: int, snapshot: Snapshot | None, first: int) -> Parsed | None:
        here = self.cursor.token(after)
        if here is None or here.window is None or here.window.kind != "window" or here.window.window is None or snapshot is not None:
            return None
        tag = self.amounts.only_tag(token, lambda each: each.type in ("date", "month_day"))
        if tag is None:
            return None
        window = window_for(tag, here.window)
        return TagCondition(tag=tag.code, operator="within", value=window, said=self.cursor.said(first, after + 1)), after + 1

    def _tag_rank(self, token: Token, after: int, first: int) -> Parsed | None:
        here = self.cursor.token(after)
        most = None if here is None else here.phrase("superlative.top", "superlative.bottom")
        if most is not None:
            after = self.cursor.skip(after + 1, "ignored")
            here = self.cursor.token(after)
        if here is None or here.rank is None or (most is not None and most != f"superlative.{here.rank.direction}"):
            return None
        tag = self.amounts.only_tag(token, lambda each: each.numeric, holdings=True)
        return None if tag is None else self._rank_node(tag, after, first, after + 1)

    def _lone_tag(self, token: Token, snapshot: Snapshot | None, first: int, last: int) -> Parsed | None:
        """A yes-no tag by its name alone."""
        tag = self.amounts.only_tag(token, lambda each: each.type == "flag")
        if tag is None:
            return None
        return TagCondition(tag=tag.code, operator="=", value=True, snapshot=snapshot, said=self.cursor.said(first, last)), last

    def date_tag(self, index: int, span: TimeSpan, first: int) -> Parsed | None:
        """近90天开户: a time phrase, then a date tag."""
        token = self.cursor.token(index)
        if token is None or span.window is None:
            return None
        tag = self.amounts.only_tag(token, lambda each: each.type in ("date", "month_day"))
        if tag is None:
            return None
        window = window_for(tag, span)
        return TagCondition(tag=tag.code, operator="within", value=window, said=self.cursor.said(first, index + 1)), index + 1

    def holding_at(self, index: int) -> Tag | None:
        """The product a token names."""
        token = self.cursor.token(index)
        return None if token is None or not token.of("hold") else self._only_hold(token)

    def holding(self, index: int) -> Tag | None:
        """The product a token names, when it is not the start of a longer condition."""
        token = self.cursor.token(index)
        if token is None or not token.of("hold"):
            return None
        after = self.cursor.skip_words(index + 1)
        if self.cursor.of_somebody(index + 1, after):
            return self._only_hold(token)
        denied = self.cursor.token(after)
        if denied is not None and denied.phrase("negation.is_not", "negation.not"):
            after += 1
        graded = self.cursor.token(after)
        if graded is not None and graded.of("property_value") and self.cursor.order(after + 1, prefix=False) is not None:
            return None  # wealth products of R3 or higher
        numbered = self.cursor.token(self.cursor.skip(after, "ignored", "besides"))
        if numbered is not None and numbered.comparison is not None and numbered.comparison.operator is not None:
            return None  # 有收款码、活期却连一万都没有
        return None if self.cursor.said_of(index + 1) or self.cursor.said_of(after) else self._only_hold(token)

    def _only_hold(self, token: Token) -> Tag:
        tags = [self.cursor.catalog.tags[meaning.code] for meaning in token.of("hold")]
        if len(tags) == 1:
            return tags[0]
        index = self.cursor.tokens.index(token)
        quote = self.cursor.quote(index, index + 1)
        return tags[
            self.cursor.choose("hold", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, tuple(tag.name for tag in tags))
        ]

    def holdings(self, first: int, index: int, positive: bool) -> Parsed | None:
        """有/没有 + products: a list joined by and, or, 、. Negation covers the whole list (neither)."""
        tag = self.holding(index)
        if tag is None or any(self.cursor.tokens[place].text == "过" for place in range(first, index)):
            return None
        tags, spans, joins = [tag], [(first, index + 1)], [""]
        last = index + 1
        while True:
            after = self.cursor.skip(last, "ignored")
            token = self.cursor.token(after)
            join = token.phrase("connective.or", "connective.and", "connective.comma") if token is not None else None
            if join is None:
                break
            following = self.cursor.skip(after + 1, *_LISTING)
            if self._starts_anew(range(after + 1, following), join, positive):
                break
            tag = self.holding(following)
            if tag is None or (positive and self._lacked(following + 1)):
                break
            tags.append(tag)
            spans.append((following, following + 1))
            joins.append(join.removeprefix("connective."))
            last = following + 1
        if not positive and self._comma_alone(first, spans):
            tags, spans, joins = tags[:1], spans[:1], joins[:1]
            last = spans[0][1]
        nodes: list[AnyNode] = [held(tag, positive, self.cursor.said(*span)) for tag, span in zip(tags, spans, strict=True)]
        closing = self.cursor.token(self.cursor.skip(last, "ignored"))
        one_of = len(tags) > 1 and closing is not None and closing.phrase("one_of") is not None
        if one_of:
            last = self.cursor.skip(last, "ignored") + 1
        self.cursor.mark(first, last, "condition")
        if positive and (one_of or any(self.cursor.tokens[place].phrase("any_of") for place in range(first, index))):
            return any_of(nodes), last
        if positive and "or" in joins:
            return (any_of(nodes), last) if all(join in ("or", "comma", "") for join in joins) else None
        return all_of(nodes), last

    def _comma_alone(self, first: int, spans: list[tuple[int, int]]) -> bool:
        """没有信用卡,按揭的客户: across a full comma with no joining word the denial may end; asked. Whether only the first product is lacked."""
        gaps = [self.cursor.tokens[one[1] : other[0]] for one, other in pairwise(spans)]
        if not gaps or any(token.text == "、" or token.phrase("connective.and", "connective.or") for gap in gaps for token in gap):
            return False
        if not all(any(token.text == "," for token in gap) for gap in gaps):
            return False
        quote = self.cursor.quote(first, spans[-1][1])
        labels = (Text(zh="都没有", en="none of them"), Text(zh="没有前一项，有后面的", en="not the first, but the rest"))
        return self.cursor.choose("denied_list", quote, "ambiguous_scope", {"words": self.cursor.words(quote)}, labels) == 1

    def _lacked(self, index: int) -> bool:
        """Whether a denial that ends its clause stands behind a product: 有预授信、消费贷没余额."""
        place = self.cursor.skip(index, "ignored", "besides")
        token, following = self.cursor.token(place), self.cursor.token(place + 1)
        if token is None or not token.phrase("negation.at_end", "lack"):
            return False
        if following is not None and following.text in phrases_of("held.verb") and token.phrase("negation.not"):
            following = self.cursor.token(place + 2)  # 有基金，定投没做的
        return following is None or bool(following.phrase("ignored", "people") or following.phrases("connective."))

    def _starts_anew(self, gap: range, join: str, positive: bool) -> bool:
        """Whether the words before the next product begin a condition of their own: 或有…, and with …, and a … after a denial."""
        for index in gap:
            token = self.cursor.tokens[index]
            if token.phrase("have") and not token.text.startswith(("either", "both")):
                return True
            if not positive and join != "connective.or" and token.text in ("a", "an"):
                return True
        return False

    def part_had(self, index: int) -> Parsed | None:
        """信用卡有分期, 信用卡没有分期: having a product whose full name has the word in front of it too; or what that word names, and not the product."""
        noun, verb = self.cursor.token(index), self.cursor.token(index + 1)
        after = self.cursor.skip(index + 1, "have", "negation.not", "ignored")
        part = self.cursor.token(after)
        if noun is None or verb is None or part is None or noun.text.isascii() or not noun.content or not part.of("hold"):
            return None
        lacking = verb.phrase("negation.not", "lack") is not None
        tag = self.holding(after) if lacking or verb.phrase("have") else None
        entries = lexicon(self.cursor.catalog).entries
        full = {meaning.code for meaning in entries.get(key_of(noun.text + part.text), ()) if meaning.kind == "hold"}
        if tag is None or tag.code not in full or (lacking and not noun.of("hold")):
            return None
        said = self.cursor.said(index, after + 1)
        whole = [held(self._only_hold(noun), True, said)] if lacking else []
        return all_of([*whole, held(tag, not lacking, said)]), after + 1

    def bare_holding(self, index: int) -> Parsed | None:
        """信用卡客户, mortgage customers: having it, by the product's name alone; an assumption."""
        following = self.cursor.token(index + 1)
        modifies = (following is not None and following.phrase("people")) or self._asked_how_many(index)
        heads = index == self.cursor.skip(0, "ignored") and following is not None and following.phrase("connective.comma")
        tag = self.holding(index) if self.owned or modifies or heads else None
        if tag is None or (heads and tag.type != "flag"):  # mortgage, no credit card, …: what is said later cannot be of a yes-no product
            return None
        quote = self.cursor.quote(index, index + 1)
        self.cursor.assume("holding_read", quote, words=self.cursor.words(quote), tag=tag.code)
        return held(tag, True, (quote,)), index + 1

    def _asked_how_many(self, index: int) -> bool:
        """有多少理财的客户: the word for how many begins with that of having."""
        asked = self.cursor.tokens[index - 1] if index else None
        following = self.cursor.token(self.cursor.skip_words(index + 1))
        customers = self.cursor.tokens[self.cursor.skip(index + 1, "ignored") - 1]
        counted = asked is not None and asked.phrase("request.count") is not None and asked.text.startswith("有")
        return counted and following is None and customers.phrase("people") is not None

    def values(self, index: int) -> Parsed | None:
        point = self.cursor.checkpoint()
        spanned = self._span_alone(index)
        if spanned is not None:
            return spanned
        values = self.value_list(index)
        if values is None:
            return None
        tag, codes, last = values
        ordered = self.cursor.order(self.cursor.skip(last, "ignored"), prefix=False) is not None or self._counts_people(last)
        doubtful = bool(self.cursor.tokens[index].of("ambiguous")) or grade_beside_product(self.cursor, index) is not None
        if doubtful and not ordered and len(codes) == 1 and tag.code not in self.cursor.preferred:
            self.cursor.restore(point)
            return None
        return self._ordered_value(tag, codes, index, last, None)

    def _counts_people(self, index: int) -> bool:
        """白金客户数: the noun that tells the tier of a customer from the grade of a card begins the word for how many."""
        token = self.cursor.tokens[index] if index < len(self.cursor.tokens) else None  # the request has ended the stretch of conditions
        return token is not None and token.phrase("request.count") is not None and token.text.startswith(tuple(phrases_of("people")))

    def _ordered_value(self, tag: Tag, codes: tuple[str, ...], first: int, last: int, snapshot: Snapshot | None) -> Parsed:
        """A value list, with 以上 / or above behind it when the enum is ordered."""
        order = None
        if len(codes) == 1 and tag.ordered:
            order = self.cursor.order(last, prefix=False) or self.cursor.order(self._trailing_tag(tag, last), prefix=False)
        if order is None:
            last = self._trailing_tag(tag, last)
            return TagCondition(tag=tag.code, operator="in", value=codes, snapshot=snapshot, said=self.cursor.said(first, last)), last
        sign, last = order
        last = self._trailing_tag(tag, last)
        quote = self.cursor.quote(first, last)
        if sign == "<=?":
            chosen = self.cursor.choose("below", quote, "ambiguous_below", {"words": self.cursor.words(quote)}, (None, None))
            sign = "<=" if chosen == 0 else "<"
        return TagCondition(tag=tag.code, operator=_ORDER[sign], value=codes, snapshot=snapshot, said=(quote,)), last

    def _trailing_tag(self, tag: Tag, last: int) -> int:
        """The tag's own name behind its value: "App推送偏好", "gold tier"."""
        after = self.cursor.skip(last, "ignored")
        token = self.cursor.token(after)
        if token is not None and any(meaning.code == tag.code for meaning in token.of("tag")):
            following = self.cursor.token(self.cursor.skip_words(after + 1))
            named = following is not None and any(meaning.code == tag.code for meaning in following.of("value"))
            if following is None or (following.comparison is None and not named):
                return after + 1
        return last

    def value_list(self, index: int, named: Token | None = None) -> tuple[Tag, tuple[str, ...], int] | None:
        """Values of one tag, one or several (和, 或, 、 between values of a single-valued tag mean any of them)."""
        token = self.cursor.token(index)
        headed = () if token is None or token.of("value") else self._with_head(index)
        if token is None or not (named is not None or token.of("value") or headed):
            return None
        allowed = None if named is None else {meaning.code for meaning in (*named.of("tag"), *named.of("hold"))}
        said = headed or (token.of("value") if named is None else self._values_said(token, of_named=True))
        meanings = [meaning for meaning in said if allowed is None or meaning.code in allowed]
        if not meanings:
            return None
        tag = self._value_tag(self._alike(meanings, index), index)
        codes = [*self._value_codes(tag, meanings, index)]
        last = index + 1
        while True:
            after = self.cursor.skip(last, "ignored")
            here = self.cursor.token(after)
            if here is None:
                break
            comma = here.phrase("connective.comma") is not None
            if not here.phrase("connective.and", "connective.or") and not (comma and here.text in "、,"):
                break
            following = self.cursor.skip(after + 1, "ignored", *(() if comma and here.text == "," else ("connective.and", "connective.or")))
            more = self.cursor.token(following)
            listed = () if more is None else self._values_said(more, of_named=named is not None) or self._with_head(following)
            same = [meaning for meaning in listed if meaning.code == tag.code]
            if not same or self.cursor.order(following + 1, prefix=False) is not None:
                break
            if any(other.phrase("today") for other in self.cursor.tokens[last:following]):
                break  # platinum now and gold at the last month end: each at a time of its own
            codes.extend(self._value_codes(tag, same, following))
            last = following + 1
        counted = self._counted_level(last, len(codes)) if len(codes) > 1 else None
        if counted is not None and counted[0] == len(codes) and tag.code == self.cursor.catalog.header.organisation_tag:
            last = counted[1]
        self.cursor.mark(index, last, "condition")
        return tag, tuple(dict.fromkeys(codes)), last

    def _counted_level(self, index: int, listed: int = 2) -> tuple[int, int] | None:
        """三家分行 of 上海、杭州、宁波三家分行: how many units were listed, and the index behind the level they are of; branches behind a list counts itself."""
        named = self.cursor.token(index)
        if named is not None and named.of("level") and named.text.endswith("s"):
            return listed, index + 1
        found = self.cursor.comparison(index)
        level = None if found is None else self.cursor.token(self.cursor.skip(found[1], "ignored"))
        if found is None or level is None or not level.of("level") or found[0].operator is not None or found[0].value is None:
            return None
        return int(found[0].value), self.cursor.skip(found[1], "ignored") + 1

    def _values_said(self, token: Token, of_named: bool = False) -> tuple[Meaning, ...]:
        """What a token in a list names; 财富 in 白金、财富、钻石客户 takes the noun that all of them share. `of_named`: behind the name of its tag (risk profile balanced)."""
        found = token.of("value")
        entries = lexicon(self.cursor.catalog).entries
        for noun in () if found or (token.text.isascii() and not of_named) else sorted(phrases_of("people")):
            found = (*found, *(meaning for meaning in entries.get(key_of(token.text + noun), ()) if meaning.kind == "value"))
        return found

    def _with_head(self, index: int) -> tuple[Meaning, ...]:
        """mature of mature or decline stage, wealth of platinum, wealth and diamond tier: what a word of a list is the name of with the noun that ends the list."""
        token = self.cursor.tokens[index]
        if not token.text.isascii() or any(token.of(kind) for kind in ("tag", "hold", "action", "concept")):
            return ()
        entries = lexicon(self.cursor.catalog).entries
        place = index
        while (after := self.cursor.skip(place + 1, "connective.comma", "connective.and", "connective.or")) > place + 1:
            more = self.cursor.token(after)
            if more is None or not more.text.isascii():
                return ()
            codes = {meaning.code for meaning in more.of("value")}
            found = entries.get(key_of(f"{token.text} {more.text.split()[-1]}"), ()) if codes and " " in more.text else ()
            if named := tuple(meaning for meaning in found if meaning.kind == "value" and meaning.code in codes):
                return named
            place = after
        return ()

    def _alike(self, meanings: list[Meaning], index: int) -> list[Meaning]:
        """上海和杭州分行, 北京、上海分行: a value of several tags is of the one tag that the value listed beside it belongs to."""
        last = index + 1
        while len({meaning.code for meaning in meanings}) > 1:
            joined = self.cursor.token(last)
            more = self.cursor.token(last + 1)
            organisation = self.cursor.catalog.header.organisation_tag
            if self._counted_level(last) is not None and any(meaning.code == organisation for meaning in meanings):
                return [meaning for meaning in meanings if meaning.code == organisation]
            if joined is None or more is None or not (joined.phrase("connective.and", "connective.or") or joined.text in "、,"):
                break
            shared = {meaning.code for meaning in meanings} & {meaning.code for meaning in more.of("value")}
            meanings = [meaning for meaning in meanings if meaning.code in shared] or meanings
            last += 2
        return meanings

    def _value_tag(self, meanings: list[Meaning], index: int) -> Tag:
        codes = list(dict.fromkeys(meaning.code for meaning in meanings))
        codes = [code for code in codes if code in self.cursor.preferred] or codes
        organisation = self.cursor.catalog.header.organisation_tag
        if organisation in codes:
            codes = [code for code in codes if code == organisation or self.cursor.catalog.tags[code].values_from != "organisation"]
        if len(codes) == 1:
            return self.cursor.catalog.tags[codes[0]]
        if organisation in codes:
            codes = [organisation, *(code for code in codes if code != organisation)]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(self.cursor.catalog.tags[code].name for code in codes)
        return self.cursor.catalog.tags[
            codes[self.cursor.choose("value", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]
        ]

    def _value_codes(self, tag: Tag, meanings: list[Meaning], index: int) -> tuple[str, ...]:
        """The value a token names; of several of that name the one chosen, or all of them."""
        codes = tuple(dict.fromkeys(meaning.value for meaning in meanings if meaning.code == tag.code))
        scope = self.cursor.context.scope
        if len(codes) > 1 and scope and tag.values_from == "organisation":
            codes = tuple(code for code in codes if code in scope) or codes
        if len(codes) == 1:
            return codes
        quote = self.cursor.quote(index, index + 1)
        labels = (*(self._place(tag, code) for code in codes), ALL_OPTIONS)
        chosen = self.cursor.choose("branch", quote, "ambiguous_branch", {"words": self.cursor.words(quote)}, labels)
        return codes if chosen == len(codes) else codes[chosen : chosen + 1]

    def _place(self, tag: Tag, code: str) -> Text:
        """A value with its parent, so that two of one name can be told apart."""
        value = self.cursor.catalog.value(tag, code)
        assert value is not None, "codes come from the catalog"
        parent = self.cursor.catalog.value(tag, value.parent) if value.parent else None
        if parent is None:
            return value.label
        return Text(zh=f"{value.label.zh}({parent.label.zh})", en=f"{value.label.en} ({parent.label.en})")

    def _counted_rank(self, index: int) -> Parsed | None:
        """the 50 (customers) with the lowest AUM: how many, then which end of which number."""
        found = self.cursor.comparison(index)
        among = None if found is None else self.value_list(self.cursor.skip(index + 1, "ignored"))
        place = self.cursor.skip(index + 1 if among is None else among[2], "ignored", "people", "have", "is")
        token = self.cursor.token(place)
        direction = None if token is None else token.phrase("superlative.top", "superlative.bottom")
        named = self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        if found is None or direction is None or named is None:
            return None
        comparison = found[0]
        size = comparison.value
        bare = comparison.operator is None and comparison.unit in (None, "count") and not comparison.approximate
        if not bare or size is None or size != int(size) or size < 1:
            return None
        tag = self.amounts.only_tag(named, lambda each: each.numeric, holdings=True)
        if tag is None:
            return None
        last = self.cursor.skip(place + 1, "ignored") + 1
        said = self.cursor.said(index, last)
        end = direction.removeprefix("superlative.")
        within: AnyNode = AllOf()
        if among is not None:  # the 30 wealth tier customers with the lowest AUM: chosen among them
            within = TagCondition(tag=among[0].code, operator="in", value=among[1], said=said)
        return RankCondition.model_validate({"tag": tag.code, "direction": end, "count": int(size), "within": within, "said": said}), last

    def rank_first(self, index: int) -> Parsed | None:
        """top 10% by AUM."""
        if self.cursor.tokens[index].rank is None:
            return self._counted_rank(index)
        after = self.cursor.skip(index + 1, "ignored", "is", "request.breakdown")
        token = self.cursor.token(after)
        if token is None:
            return None
        tag = self.amounts.only_tag(token, lambda each: each.numeric, holdings=True)
        return None if tag is None else self._rank_node(tag, index, index, after + 1)

    def _rank_node(self, tag: Tag, rank_at: int, first: int, last: int) -> Parsed:
        rank = self.cursor.tokens[rank_at].rank
        assert rank is not None, "the caller saw a rank"
        node = RankCondition(
            tag=tag.code,
            direction=rank.direction,
            count=rank.count,
            percent=rank.percent,
            within=AllOf(),
            said=self.cursor.said(first, last),
        )
        return node, last


def window_for(tag: Tag, span: TimeSpan) -> TimeWindow | None:
    """The window a time phrase means for a date tag: a birthday's comes back every year, a maturity lies ahead."""
    if tag.tense == "yearly" and span.yearly_window is not None and isinstance(span.window, Absolute):
        return span.yearly_window
    if tag.tense != "past" and span.future_window is not None:
        return span.future_window
    return span.window
