"""Conditions on behaviour and holdings: an action with its filters, window, aggregate and number. Law: see `parser`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.catalog.model import RecordSet, Text
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.amounts import MONEY, Amounts, scaled, unit_factor, unit_fits
from assistant.interpret.conditions.circumstances import Circumstances
from assistant.interpret.conditions.lengths import length_window, longest_days, within_window
from assistant.interpret.conditions.shared_nouns import shared_noun
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import bounds, one_each
from assistant.language.comparisons import Comparison, counts_kinds, counts_persons
from assistant.language.phrases import phrases_of
from assistant.language.verbs import undetermined
from assistant.rule.tree import (
    AnyNode,
    DayKind,
    Filter,
    Quote,
    Range,
    RecordCondition,
)
from assistant.rule.window import Calendar, TimeWindow

Parsed = tuple[AnyNode, int]
_COUNTING = frozenset({None, "times", "count"})
_IN_TOTAL = Text(zh="累计金额", en="amount in total")
_IN_ONE = Text(zh="单笔金额", en="amount of a single record")
_OFTEN = Decimal(100)
_BY_MEANS = ("用", "使用", "use ", "used ", "using ")
"""What a verb begins with that may only say what another behaviour was done with."""

_COMING = "来"
_COUNTER, _PAST = "个", "过"
"""The counter of anything, persons too; and what makes of a verb that it was done."""

_OPENING = "in"
"""The word that ends the verb of money received, and opens a time."""


class RecordPatterns:
    """The patterns that begin with an action. `head_window` is the last window said: later actions without one share it, as an assumption."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts
        self.head_window: TimeWindow | None = None
        self.head_quote: Quote | None = None
        self.head_used = False
        """Whether a later action took the window that heads the list."""
        self.timeless = False
        """Whether the action being read takes its time from another one (the second of a sequence)."""
        self.understood: dict[int, tuple[Meaning, ...]] = {}
        """Objects of a list whose verb was said once (买过理财和基金): the place of the object -> the actions it makes with that verb."""
        self._verbs: dict[int, str] = {}
        self.circumstances = Circumstances(cursor, amounts)

    def remember(self, window: TimeWindow, index: int) -> None:
        self.head_window, self.head_quote = window, self.cursor.quote(index, index + 1)

    def actions(self, index: int) -> tuple[Meaning, ...]:
        """The actions that a token names, by itself or with the verb of the list it stands in."""
        token = self.cursor.token(index)
        if token is None:
            return ()
        said = self._before_time(token, index) or token.of("action") or self._behind_time(token, index) or self._done(token, index)
        return said or self.understood.get(index, ()) or self._of_the_noun_before(token, index)

    def _of_the_noun_before(self, token: Token, index: int) -> tuple[Meaning, ...]:
        """上个月买了理财但这个月赎回了, bought wealth products and redeemed them: a bare verb is of the product named before it, where it is a verb of one such product only. Not
        where its object stands behind it, nor where the words of a denial make a concept with it."""
        following = self.cursor.token(self.cursor.skip(index + 1, "ignored"))
        own = following is not None and not following.phrases("") and not following.comparison and not following.window
        small = token.phrase("ignored", "have", "is") or any(token.phrases(kind) for kind in ("request.", "connective.", "negation."))
        if own or small or any(token.of(kind) for kind in ("tag", "hold", "concept", "concept_not", "value", "ambiguous")):
            return ()
        entries = lexicon(self.cursor.catalog).entries
        latin = token.text.isascii()
        denial = self.cursor.tokens[index - 1].text if index else ""
        found: dict[str, tuple[Meaning, ...]] = {}
        for before in self.cursor.tokens[:index]:
            noun = before.text if before.of("hold") else self._object(before.text) if before.of("action") else self._held_by(before)
            if not noun or noun.isascii() != latin:
                continue
            said = f"{token.text} {noun}"
            if any(meaning.kind == "concept" for meaning in entries.get(key_of(f"{denial} {said}"), ())):
                return ()
            if actions := tuple(meaning for meaning in entries.get(key_of(said), ()) if meaning.kind == "action"):
                found[noun] = actions
        return next(iter(found.values())) if len(set(found.values())) == 1 else ()

    def _object(self, said: str) -> str:
        """The product in the words of an action: 买过理财 -> 理财."""
        entries = lexicon(self.cursor.catalog).entries
        held = (said[start:].lstrip() for start in range(1, len(said)))
        return next((words for words in held if any(meaning.kind == "hold" for meaning in entries.get(key_of(words), ()))), "")

    def _held_by(self, token: Token) -> str:
        """The product in the name of those who have it: mobile banking users -> mobile banking."""
        if not token.of("tag"):
            return ""
        entries, said = lexicon(self.cursor.catalog).entries, token.text
        held = (said[:end].rstrip() for end in range(len(said) - 1, 0, -1))
        return next((words for words in held if any(meaning.kind == "hold" for meaning in entries.get(key_of(words), ()))), "")

    def _done(self, token: Token, index: int) -> tuple[Meaning, ...]:
        """没刷, 刷了五千: a verb that is a word of the catalog as what was done (刷过), where the denial or 了 says that it is of the past."""
        denied = index > 0 and self.cursor.tokens[index - 1].phrase("negation.not") is not None
        following = self.cursor.token(index + 1)
        if token.read or not (denied or (following is not None and following.text == "了")):
            return ()
        entries = lexicon(self.cursor.catalog).entries
        return tuple(meaning for meaning in entries.get(key_of(token.text + _PAST), ()) if meaning.kind == "action")

    def _behind_time(self, token: Token, index: int) -> tuple[Meaning, ...]:
        """近一年来网点: the 来 that a time may end with is the verb of the noun behind it."""
        ahead = self.cursor.tokens[index - 1] if index else None
        if ahead is None or ahead.window is None or not ahead.text.endswith(_COMING) or ahead.end != token.start:
            return ()
        entries = lexicon(self.cursor.catalog).entries
        return tuple(meaning for meaning in entries.get(key_of(_COMING + token.text), ()) if meaning.kind == "action")

    def _before_time(self, token: Token, index: int) -> tuple[Meaning, ...]:
        """transferred in September, not transferred in 60 days: "in" opens the time behind it and is no part of the verb."""
        verb, _, opening = token.text.rpartition(" ")
        following = self.cursor.tokens[index + 1] if index + 1 < len(self.cursor.tokens) else None
        if not verb or opening != _OPENING or following is None or following.text.startswith(f"{opening} "):
            return ()
        if following.window is None and (following.comparison is None or length_window(following.comparison) is None):
            return ()
        return tuple(meaning for meaning in lexicon(self.cursor.catalog).entries.get(key_of(verb), ()) if meaning.kind == "action")

    def starts_action(self, index: int) -> bool:
        return bool(self.actions(index))

    def runs_on(self, index: int) -> bool:
        """Whether a behaviour is written right onto the words before an index: one noun of both, as in 理财产品浏览, or two conditions without a comma."""
        token = self.cursor.token(index)
        before = None if index == 0 else self.cursor.tokens[index - 1]
        if token is None or before is None or before.phrase("ignored", "people") or before.end != token.start:
            return False
        return self.starts_action(index)

    def _means_of_another(self, index: int) -> bool:
        """用手机银行 | 转账, used the app | to transfer, transferred | using the app."""
        aim = self.cursor.token(index + 1)
        ahead = index > 0 and self.cursor.tokens[index].text.startswith("using ") and self.starts_action(index - 1)
        return self.runs_on(index + 1) or ahead or (aim is not None and aim.text == "to" and self.starts_action(index + 2))

    def understand(self, index: int, last: int) -> None:
        """After 买过理财: the 基金 that 和, 、 or 或 joins to it is bought too."""
        token = self.cursor.tokens[index]
        joined = self.cursor.skip(last, "connective.and", "connective.or", "connective.comma", "ignored")
        following = self.cursor.token(joined)
        listed = any(self.cursor.tokens[place].phrases("connective.") for place in range(last, joined))
        if not listed or following is None or following.of("action") or not (following.of("hold") or following.of("property_value")):
            return
        verb = self._verbs.get(index) or self._verb(token.text)
        if verb:
            found = lexicon(self.cursor.catalog).entries.get(key_of(f"{verb} {following.text}"), ())
            self.understood[joined] = tuple(meaning for meaning in found if meaning.kind == "action")
            self._verbs[joined] = verb

    def _verb(self, said: str) -> str:
        """What stands before the product in the words of an action: 买过理财 -> 买."""
        entries = lexicon(self.cursor.catalog).entries
        for start in range(1, len(said)):
            if any(meaning.kind == "hold" for meaning in entries.get(key_of(said[start:]), ())):
                return undetermined(f"{said[:start].rstrip()} x").removesuffix(" x").rstrip("过了 ")
        return ""

    def _shared_window(self, last: int) -> TimeWindow | None:
        """bought wealth products and funds in the last 90 days: the time behind objects that share one verb is of all of them."""
        shared = False
        while True:
            place = self.cursor.skip(last, "connective.and", "connective.or", "connective.comma", "ignored")
            if not self.understood.get(place):
                break
            self.understand(place, place + 1)
            shared, last = True, place + 1
        here = self.cursor.token(self.cursor.skip(last, "ignored", "is"))
        if not shared or here is None or here.window is None or here.window.kind != "window" or here.window.future:
            return None
        return here.window.window

    def record(self, index: int) -> Parsed | None:
        return self.record_at(index, None)

    def record_at(
        self,
        index: int,
        window: TimeWindow | None,
        comparison: Comparison | None = None,
        never: bool = False,
        day_kind: DayKind | None = None,
    ) -> Parsed | None:
        """An action with its filters, aggregate, number and window. `window` and `comparison` came in front of it."""
        first = index
        aggregate: str | None = None
        single: Comparison | None = None
        averaged: dict[str, object] | None = None
        token = self.cursor.token(index)
        ahead = self.cursor.tokens[index - 1] if window is not None and index else None
        if ahead is not None and ahead.window is not None and ahead.text.endswith(tuple(phrases_of("aggregate.sum"))):
            aggregate = "aggregate.sum"  # 今年累计买理财超过50万: the time says that it is the total
        if token is not None and not self.actions(index):
            aggregate = token.phrase("aggregate.each", "aggregate.sum", "aggregate.avg")
            if aggregate is not None:
                index = self.cursor.skip(index + 1, "ignored", "is")
                token = self.cursor.token(index)
                if token is not None and token.comparison is not None:  # 单笔超过20万转到他行
                    single, comparison = (token.comparison, comparison) if comparison is not None else (None, token.comparison)
                    index = self.cursor.skip(index + 1, "ignored", "is")
                    token = self.cursor.token(index)
        actions = self.actions(index)
        shared = None if actions else shared_noun(self.cursor, index)
        if shared is not None:
            actions, index = (shared.meaning,), shared.last - 1
        if token is None or not actions:
            return None
        meaning = self.only_action(actions, index)
        counted = comparison is not None and comparison.unit is None and not comparison.scale_said
        record = self.cursor.catalog.records[meaning.code]
        filters = [Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters]
        if comparison is not None and (not fits_record(record, comparison) or self._of_people(comparison, first)):
            return None
        dated = record.date_column is not None
        if not dated and (window is not None or day_kind is not None):
            return None  # 上个月持有R2理财: what is held is known as it stands, and the time stays unread
        if single is not None:
            money = comparison is None or comparison.unit in MONEY
            if aggregate != "aggregate.each" or record.amount is None or money or not fits_record(record, single):
                return None
            operator, value = self.amounts.operator_and_value(single, self.cursor.quote(first, index))
            said = self.cursor.said(first, index)
            filters.append(Filter.model_validate({"property": record.amount, "operator": operator, "value": value, "said": said}))
            aggregate = None
        last, said_window, recently = self._behind_it(index), window, False
        more = None if shared is not None else self._more_values(record, meaning, index + 1)
        every = shared is not None and shared.together and self._each_of(first, last)
        if more is not None:
            codes, last, every = more
            name = meaning.filters[0][0]
            filters = [Filter(property=name, operator="in", value=codes)]
        while True:
            after = self.cursor.skip(last, "ignored", "is")
            here = self.cursor.token(after)
            if here is None:
                break
            kind = here.phrase("aggregate.days", "aggregate.count", "aggregate.sum", "aggregate.each", "aggregate.avg", "aggregate.amount")
            if kind is not None and (aggregate is None or kind == "aggregate.amount"):
                aggregate = aggregate or kind
                last = after + 1
                continue
            if comparison is None and self._on_days(last, after):
                comparison, aggregate, last = here.comparison, "aggregate.days", after + 1
                continue
            if dated and said_window is None and here.comparison is not None and aggregate != "aggregate.days":
                within = within_window(here.comparison)
                if within is not None and not self._trails(after):
                    break
                if within is not None:
                    said_window, last = within, after + 1
                    continue
            only = self.cursor.comparison(after + 1) if comparison is None and here.phrase("exactly") else None
            if only is not None and only[0].operator is None and fits_record(record, only[0]):
                comparison, last = replace(only[0], operator="="), only[1]
                continue
            closing = self._summed_behind(here, after) if comparison is not None and aggregate is None else None
            if closing is not None:
                aggregate, last = closing
                continue
            bounded = None if comparison is None else self.amounts.bounded_behind(comparison, after)
            if bounded is not None and bounded[1] > after:
                comparison, last = bounded
                continue
            if self._belongs_ahead(last, after):
                break
            if comparison is None and here.comparison is not None and fits_record(record, here.comparison):
                comparison, last = here.comparison, after + 1
                continue
            each = (
                None if comparison is None or _about_amount(record, comparison, aggregate) else self.circumstances.each_amount(record, last)
            )
            if each is not None:
                filters.append(each[0])
                last = each[1]
                continue
            mean = self._averaged(record, here, after) if aggregate is None and comparison is None else None
            if mean is not None:
                averaged, last = mean
                continue
            extra = self._record_filter(record, here, after) or self.circumstances.of(record, last, {each.property for each in filters})
            if extra is not None:
                filters.append(extra[0])
                last = extra[1]
                continue
            if (
                dated
                and said_window is None
                and here.window is not None
                and here.window.kind == "window"
                and here.window.window is not None
                and self._trails(after)
            ):
                said_window = here.window.window
                last = after + 1
                continue
            if dated and said_window is None and not recently and self._recently(here, after):
                recently, last = True, after + 1
                continue
            if dated and day_kind is None and here.window is not None and here.window.kind == "day_kind" and self._trails(after):
                day_kind, last = here.window.day_kind, after + 1
                continue
            break
        quote = self.cursor.quote(first, last)
        if averaged is not None and comparison is not None:
            return None
        if last == index + 1 and token.text.startswith(_BY_MEANS) and self._means_of_another(index):
            return None  # 用手机银行转账: what it was done with is no behaviour of its own
        self.understand(index, last)
        actual = self._window_of(record, said_window or self._shared_window(last), quote, never, last, recently)
        self.cursor.mark(first, last, "condition")
        if counted and aggregate is None:
            aggregate = "aggregate.count"
        if aggregate == "aggregate.days" and comparison is not None and comparison.unit == "times":
            return None  # 登录3次以上的天数: so many times are no number of days
        node = self.node(record, tuple(filters), actual, aggregate, comparison, first, last)
        if node is None:
            return None
        if averaged is not None and isinstance(node, RecordCondition):
            node = RecordCondition.model_validate({**dict(node), "aggregate": "avg", **averaged})
        if day_kind is not None and isinstance(node, RecordCondition):
            node = node.model_copy(update={"day_kind": day_kind})
        if every and isinstance(node, RecordCondition):
            node = one_each(node)
        inherited = said_window is None and actual is not None and actual == self.head_window and self.head_quote is not None
        if inherited and self.head_quote is not None and isinstance(node, RecordCondition):
            node = node.model_copy(update={"said": (*node.said, self.head_quote)})
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
            after = self.cursor.skip(last, "ignored")
            token = self.cursor.token(after)
            join = token.phrase("connective.or", "connective.and", "connective.comma") if token is not None else None
            if token is None or join is None or (join == "connective.comma" and token.text not in "、,"):
                break
            following = self.cursor.skip(after + 1, "connective.and", "connective.or", "ignored")
            here = self.cursor.token(following)
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
            beyond = self.cursor.token(self.cursor.skip_words(following + 1))
            if not values or (beyond is not None and (beyond.comparison is not None or beyond.window is not None)):
                break
            found.extend(values[0])
            joins.append(join)
            last = following + 1
            noun = self.cursor.token(last)
            if noun is not None and (
                any(each.code == record.code and each.value == name for each in noun.of("property"))
                or self._completes(record, index, following, noun.text)
            ):
                last += 1
        if not joins:
            return None
        every = False
        if "connective.or" not in joins:
            every = self._each_of(index - 1, last)
        return tuple(dict.fromkeys(found)), last, every

    def _completes(self, record: RecordSet, index: int, value: int, noun: str) -> bool:
        """paid a water or electricity bill: whether the verb said first, the last value and its noun are an action of these records."""
        verb = self.cursor.tokens[index - 1].text.split(" ")[0]
        key = key_of(undetermined(f"{verb} {self.cursor.tokens[value].text} {noun}"))
        return any(
            meaning.kind == "action" and meaning.code == record.code for meaning in lexicon(self.cursor.catalog).entries.get(key, ())
        )

    def _each_of(self, first: int, last: int) -> bool:
        """Whether values joined by "and" are each meant, or any of them; asked, unless "both" says so."""
        if any(word in phrases_of("both") for token in self.cursor.tokens[first:last] for word in token.text.split()):
            return True
        quote = self.cursor.quote(first, last)
        labels = (Text(zh="每一样都有", en="each of them"), Text(zh="有其中任何一样", en="any of them"))
        return self.cursor.choose("each", quote, "ambiguous_each", {"words": self.cursor.words(quote)}, labels) == 0

    def _averaged(self, record: RecordSet, token: Token, index: int) -> tuple[dict[str, object], int] | None:
        """平均排队时长超过30分钟: the average of a number of each record, what it is compared with, and the index behind it."""
        if not token.phrase("request.average"):
            return None
        place = self.cursor.skip(index + 1, "ignored")
        named = self.cursor.token(place)
        at = self.cursor.skip_words(place + 1)
        found = self.cursor.comparison(at)
        for meaning in () if named is None else named.of("property"):
            prop = record.property(meaning.value) if meaning.code == record.code else None
            if prop is None or not prop.numeric or found is None or found[0].operator is None or not unit_fits(prop.unit, found[0]):
                continue
            operator, value = self.amounts.operator_and_value(found[0], self.cursor.quote(index, at + 1))
            self.cursor.settled.add(at)
            return {"of": prop.code, "operator": operator, "value": scaled(value, unit_factor(prop.unit, found[0]))}, found[1]
        return None

    def _trails(self, index: int) -> bool:
        """A time phrase behind an action belongs to it unless another action follows it directly (English: "… in the last 30 days")."""
        after = self.cursor.skip(index + 1, "ignored", "is", "have", "negation.not")
        token = self.cursor.token(after)
        if token is None:
            return True
        if token.phrase("connective.and", "connective.or", "connective.comma", "connective.but"):
            return True
        return not (token.of("action") or token.of("concept") or token.of("dated"))

    def _summed_behind(self, comma: Token, index: int) -> tuple[str, int] | None:
        """spent 20k on the card last month, all told: how an amount is meant, said last and by itself; with the index behind it."""
        place = index + 1
        token, following = self.cursor.token(place), self.cursor.token(place + 1)
        kind = token.phrase("aggregate.sum", "aggregate.each") if token is not None and comma.text == "," else None
        ends = following is None or bool(following.phrases("connective."))
        return (kind, place + 1) if kind is not None and ends else None

    def _recently(self, token: Token, index: int) -> bool:
        """visited the wealth zone lately: "recently" behind an action. In Chinese 最近 stands in front of what it is said of, and behind only where the clause ends."""
        if token.window is None or token.window.kind != "window" or token.window.window is not None:
            return False
        following = self.cursor.token(self.cursor.skip(index + 1, "ignored", "people"))
        ends = following is None or bool(following.phrases("connective."))
        return ends or (token.text.isascii() and self._trails(index))

    def _on_days(self, last: int, after: int) -> bool:
        """logged in on fewer than 5 days: how many days it was done on, no stretch of time."""
        found = self.cursor.comparison(after)
        counted = found is not None and found[0].unit == "days" and found[0].operator is not None
        return counted and after > last and self.cursor.tokens[after - 1].text == "on"

    def _of_people(self, comparison: Comparison, action: int) -> bool:
        """over 2,000 customers logged in, 5个客户登录过, 500个买过基金的: a number in front whose noun stands before the action, or that has only a counter before what
        was done, counts those who did it."""
        place = next((place for place in range(action) if self.cursor.tokens[place].comparison is comparison), action)
        following = self.cursor.tokens[place + 1 : action]
        if following and comparison.unit in (None, "count") and following[0].phrase("people"):
            return True
        done = any(_PAST in token.text for token in self.cursor.tokens[action : action + 2])
        return comparison.unit_word == _COUNTER and (done or any(token.window is not None for token in following))

    def _belongs_ahead(self, last: int, after: int) -> bool:
        """近30天转账的客户中3次以上登录的: a number beyond 的客户 that stands before another action is that action's."""
        people = any(self.cursor.tokens[place].phrase("people") for place in range(last, after))
        return people or (
            after > last and self.cursor.tokens[after].comparison is not None and self.starts_action(self.cursor.skip(after + 1, "ignored"))
        )

    def joined(
        self,
        meanings: tuple[Meaning, ...],
        first: int,
        last: int,
        comparison: Comparison | None,
        aggregate: str | None = None,
        window: TimeWindow | None = None,
        never: bool = False,
    ) -> Parsed | None:
        """An action whose verb and object stood apart, with the number and the window that were between them; a window may also stand behind."""
        meaning = self.only_action(meanings, first)
        record = self.cursor.catalog.records[meaning.code]
        if (comparison is not None and not fits_record(record, comparison)) or (window is not None and record.date_column is None):
            return None
        filters = tuple(Filter(property=name, operator="in", value=codes) for name, codes in meaning.filters)
        while True:
            counted = comparison is not None and not _about_amount(record, comparison, aggregate)
            beside = (self.circumstances.each_amount(record, last) if counted else None) or self.circumstances.of(
                record, last, {each.property for each in filters}
            )
            after = self.cursor.skip(last, "ignored", "is")
            here = self.cursor.token(after)
            closing = None if here is None or comparison is None or aggregate is not None else self._summed_behind(here, after)
            if beside is not None:
                filters, last = (*filters, beside[0]), beside[1]
            elif (
                window is None
                and record.date_column is not None
                and here is not None
                and here.window is not None
                and here.window.kind == "window"
                and here.window.window is not None
                and self._trails(after)
            ):
                window, last = here.window.window, after + 1
            elif closing is not None:
                aggregate, last = closing
            else:
                break
        if comparison is None and aggregate is None and not never:
            comparison, aggregate, last = self._number_behind(record, last)
        actual = self._window_of(record, window, self.cursor.quote(first, last), never, last)
        node = self.node(record, filters, actual, aggregate, comparison, first, last)
        return None if node is None else (node, last)

    def _number_behind(self, record: RecordSet, last: int) -> tuple[Comparison | None, str | None, int]:
        """信用卡近三个月消费1万以上: the number behind an action whose words stood apart, unless it belongs to what follows it."""
        after = self.cursor.skip(last, "ignored", "is")
        token = self.cursor.token(after)
        how = None if token is None else token.phrase("aggregate.sum", "aggregate.each")
        at = after if how is None else self.cursor.skip(after + 1, "ignored", "is")
        found = self.cursor.comparison(at)
        if found is None or found[0].operator is None or not fits_record(record, found[0]) or self._belongs_ahead(last, at):
            return None, None, last
        return found[0], how, found[1]

    def lifetime(self, index: int, never: bool) -> tuple[str, int] | None:
        """从未买过理财, or 没买过理财 with no window: the lifetime date of the first time, where the catalog has one."""
        for meaning in self.actions(index):
            record = self.cursor.catalog.records[meaning.code]
            tag = record.first_date_tag
            if record.date_column is None and not never and not self.of_the_past(range(max(index - 1, 0), index + 1)):
                continue  # 没有贷款 is said of today, 没有过贷款 of all time
            if tag is not None and not meaning.filters:
                self.understand(index, index + 1)
                if self._shared_window(index + 1) is not None:
                    return None
                if self.circumstances.of(self.cursor.catalog.records[meaning.code], index + 1, ()) is not None:
                    return None
                following = self.cursor.token(self.cursor.skip(index + 1, "ignored"))
                if following is None or (following.comparison is None and following.window is None):
                    return tag, self._behind_it(index)
        return None

    def _behind_it(self, index: int) -> int:
        """Behind a verb, and behind the pronoun for a product named before it (never use it)."""
        pronoun = None if self.cursor.tokens[index].of("action") else self.cursor.token(index + 1)
        said = pronoun is not None and pronoun.phrase("edit.pronoun") is not None and not pronoun.content
        return index + 2 if said else index + 1

    def of_the_past(self, words: range) -> bool:
        """Whether a verb among the words is said of all time up to now: 有过, 持有过."""
        return any("过" in self.cursor.tokens[place].text for place in words)

    def only_action(self, found: tuple[Meaning, ...], index: int) -> Meaning:
        meanings = list(found)
        most = max(len(meaning.filters) for meaning in meanings)
        meanings = [meaning for meaning in meanings if len(meaning.filters) == most]
        if len(meanings) == 1:
            return meanings[0]
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(self._action_label(meaning) for meaning in meanings)
        return meanings[self.cursor.choose("action", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    def _action_label(self, meaning: Meaning) -> Text:
        record = self.cursor.catalog.records[meaning.code]
        zh, en = record.name.zh, record.name.en
        for name, codes in meaning.filters:
            prop = record.property(name)
            for code in codes:
                value = self.cursor.catalog.value(prop, code) if prop is not None else None
                if value is not None:
                    zh, en = f"{zh}·{value.label.zh}", f"{en}: {value.label.en}"
        return Text(zh=zh, en=en)

    def _record_filter(self, record: RecordSet, token: Token, index: int) -> tuple[Filter, int] | None:
        """A property of the record with a value or number behind it: 期限大于90天."""
        for meaning in token.of("property"):
            prop = record.property(meaning.value) if meaning.code == record.code else None
            if prop is None or prop.code == record.amount:
                continue
            after = self.cursor.skip_words(index + 1)
            here = self.cursor.token(after)
            if here is None:
                continue
            if (
                prop.numeric
                and here.comparison is not None
                and here.comparison.operator is not None
                and unit_fits(prop.unit, here.comparison)
            ):
                operator, value = self.amounts.operator_and_value(here.comparison, self.cursor.quote(index, after + 1))
                number = scaled(value, unit_factor(prop.unit, here.comparison))
                said = self.cursor.said(index, after + 1)
                self.cursor.settled.add(after)  # 等候时间超过30分钟: a length of the property, whatever else such words could be
                return Filter.model_validate({"property": prop.code, "operator": operator, "value": number, "said": said}), after + 1
            codes = [each.filters[0][1] for each in here.of("property_value") if each.code == record.code and each.value == prop.code]
            if codes:
                return Filter(property=prop.code, operator="in", value=codes[0], said=self.cursor.said(index, after + 1)), after + 1
        return None

    def _window_of(
        self, record: RecordSet, said: TimeWindow | None, quote: Quote, never: bool, last: int, recently: bool = False
    ) -> TimeWindow | None:
        """The window said, else the one that heads the list, else the record set's default, which "recently" names: the last two are assumptions."""
        if record.date_column is None:
            return None
        if said is not None or self.timeless:
            return said
        if never:
            return None
        if self.head_window is not None and not recently:
            self.head_used = True
            self.cursor.assume("inherited_window", quote, words=self.cursor.words(self.head_quote) if self.head_quote is not None else "")
            return self.head_window
        behind = None if recently else self._window_behind(last)
        if behind is not None:
            labels = (Text(zh="用后面说的时间", en="the time said later"), Text(zh="用默认时间", en="the default time"))
            if self.cursor.choose("window", quote, "ambiguous_time", {"words": self.cursor.words(quote)}, labels) == 0:
                return behind
        if not recently:  # which is told of its own word
            self.cursor.assume("default_window", quote, record=record.code)
        return record.default_window

    def _window_behind(self, index: int) -> TimeWindow | None:
        """browsed X and logged in 3 times in the last 30 days: a time phrase at the end of the list, which may be meant for all of it."""
        acted = False
        for place in range(index, self.cursor.limit):
            token = self.cursor.tokens[place]
            if token.window is not None:
                plain = token.window.kind == "window" and token.window.window is not None and not token.window.future
                return token.window.window if acted and plain and self._trails(place) else None
            if token.of("dated") or token.of("concept"):
                return None
            acted = acted or bool(token.of("action"))
        return None

    def node(
        self,
        record: RecordSet,
        filters: tuple[Filter, ...],
        window: TimeWindow | None,
        aggregate: str | None,
        comparison: Comparison | None,
        first: int,
        last: int,
    ) -> AnyNode | None:
        said = self.cursor.said(first, last)
        common = {"records": record.code, "filters": filters, "window": window, "said": said}
        if comparison is None:
            if aggregate is not None:
                return None
            return RecordCondition.model_validate(common)
        quote = said[0]
        if comparison.doubt == "ever_or_over" and comparison.operator != ">":
            # 买过5万以上: behind a verb 过 says that it was done, and 以上 compares
            self.cursor.settled.update(place for place in range(first, last) if self.cursor.tokens[place].comparison is comparison)
        if aggregate in ("aggregate.avg", "aggregate.each") and (record.amount is None or comparison.unit not in (None, *MONEY)):
            return None  # on average more than 3 times: of what is counted there is no average
        operator, value = self.amounts.operator_and_value(comparison, quote)
        amounts: tuple[Text, ...] = (_IN_TOTAL, _IN_ONE)
        bare = comparison.unit is None and not comparison.scale_said and aggregate is None and record.amount is not None
        if bare:
            amounts = self._count_or_amount(record, value)
        if bare or _about_amount(record, comparison, aggregate):
            amount = record.amount
            prop = record.property(amount) if amount else None
            assert amount is not None, "checked by _fits_record"
            assert prop is not None, "checked by _fits_record"
            if comparison.unit in MONEY and prop.unit in MONEY and comparison.unit != prop.unit:
                self.cursor.issues.append(
                    Issue("currency_mismatch", Severity.ASK, quote=bounds(quote), params={"tag": record.code, "unit": comparison.unit})
                )
            if aggregate == "aggregate.avg":
                return RecordCondition.model_validate({**common, "aggregate": "avg", "of": amount, "operator": operator, "value": value})
            said_how = {"aggregate.sum": _IN_TOTAL, "aggregate.each": _IN_ONE}.get(aggregate or "")
            plain = comparison.unit is None and not comparison.scale_said
            if said_how == _IN_ONE and plain and (value.high if isinstance(value, Range) else value) < _OFTEN:
                said_how, amounts = None, self._count_or_amount(record, value)  # at least 3 single transfers: how many, or of 3 each
            if record.grain == "day":
                amounts = tuple(label for label in amounts if label != _IN_ONE)
            if said_how is None and len(amounts) == 1:
                said_how = amounts[0]
            elif said_how is None:
                chosen = self.cursor.choose("amount", quote, "ambiguous_amount", {"words": self.cursor.words(quote)}, amounts)
                said_how = amounts[chosen]
            if said_how == _IN_TOTAL:
                return RecordCondition.model_validate({**common, "aggregate": "sum", "of": amount, "operator": operator, "value": value})
            if said_how != _IN_ONE:
                return RecordCondition.model_validate({**common, "operator": operator, "value": value})
            single = Filter.model_validate({"property": amount, "operator": operator, "value": value, "said": said})
            return RecordCondition.model_validate({**common, "filters": (*filters, single)})
        days = aggregate == "aggregate.days" or comparison.unit == "days"
        longest = longest_days(window)
        if days and longest is not None and operator in ("<", "<=", ">") and isinstance(value, Decimal) and value >= longest:
            return None  # 60天内 is no number of days within the last 30: the length was meant as a time
        if not days and comparison.unit_word != record.unit.zh and _of_one_thing(record):
            self.cursor.assume("counted_records", quote, words=self.cursor.words(quote), record=record.code)
        return RecordCondition.model_validate({**common, "aggregate": "days" if days else "count", "operator": operator, "value": value})

    def _count_or_amount(self, record: RecordSet, value: Decimal | Range) -> tuple[Text, ...]:
        """A bare number after an action that has an amount: how often, or how much; the likelier one first."""
        often = Text(zh=f"{record.unit.zh}数", en=f"number of {record.unit.en}")
        small = (value.high if isinstance(value, Range) else value) < _OFTEN
        return (often, _IN_TOTAL, _IN_ONE) if small else (_IN_TOTAL, _IN_ONE, often)

    def gap(self, index: int, window: TimeWindow | None) -> tuple[str, int, int] | None:
        """连续3个月没发工资: the tag that counts the months without, and how many full months were said."""
        token = self.cursor.token(index)
        if token is None or not isinstance(window, Calendar) or window.unit != "month" or window.last != -1:
            return None
        tags = {self.cursor.catalog.records[meaning.code].gap_tag for meaning in self.actions(index)}
        following = self.cursor.token(self.cursor.skip(index + 1, "ignored"))
        tag = tags.pop() if len(tags) == 1 else None
        if tag is None or (following is not None and following.comparison is not None):
            return None
        return tag, -window.first, index + 1

    def is_state(self, index: int) -> bool:
        """Whether a token names only states (holdings, cards), which say nothing of the past."""
        actions = self.actions(index)
        return bool(actions) and all(self.cursor.catalog.records[meaning.code].date_column is None for meaning in actions)


def _of_one_thing(record: RecordSet) -> bool:
    """Whether what is held has a code of its own, so that several records may be of one: two holdings of one product."""
    return record.grain == "state" and any(
        each.type == "enum" and not each.values and each.values_from is None for each in record.properties
    )


def _about_amount(record: RecordSet, comparison: Comparison, aggregate: str | None) -> bool:
    if comparison.unit in MONEY:
        return True
    if comparison.unit is None and aggregate in ("aggregate.sum", "aggregate.each", "aggregate.avg", "aggregate.amount"):
        return record.amount is not None
    return comparison.unit is None and comparison.scale_said and record.amount is not None


def fits_record(record: RecordSet, comparison: Comparison) -> bool:
    """Whether a number can be said of a record set: how often, on how many days, or how much. So many persons, or different kinds, is none of these."""
    if counts_kinds(comparison):
        return False
    if counts_persons(comparison) and comparison.unit_word != record.unit.zh:
        return False
    if comparison.unit in MONEY or (comparison.unit is None and comparison.scale_said):
        return record.amount is not None
    return comparison.unit in _COUNTING or comparison.unit == "days"
