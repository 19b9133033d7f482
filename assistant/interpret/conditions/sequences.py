"""One behaviour after another: A后7天内没有B, A and then B, B within 7 days of A, 浏览未购买. Law: see `parser`; both sides must be plain "at least one" behaviours.

The days between the two stand before the second behaviour or behind it. Unsaid, the second one falls in the first one's own window (MEANING.md
"Sequences"). A number of times on either side is more than a sequence can say: the words that join the two stay unread then.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from assistant.interpret.conditions.lengths import within_window
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexicon import Meaning, key_of, lexicon
from assistant.interpret.nodes import quoted
from assistant.language.phrases import phrases_of
from assistant.rule.tree import AllOf, AnyNode, Not, RecordCondition, Records, SequenceCondition
from assistant.rule.window import Calendar, Future, Rolling, TimeWindow

if TYPE_CHECKING:
    from assistant.interpret.conditions.denials import DenialPatterns

Parsed = tuple[AnyNode, int]
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_BETWEEN = ("ignored", "is", "connective.comma", "connective.also", "connective.and", "connective.but")
_DENIED = ("negation.not", "negation.none", "negation.never", "lack")
_BEFORE = "before"


class Host(Protocol):
    """What the first behaviour, and a denial of the second, is read with: the parser."""

    denials: DenialPatterns

    def condition(self, index: int) -> Parsed | None: ...


class SequencePatterns:
    """The patterns in which a behaviour is tied to another one by its order."""

    def __init__(self, cursor: Cursor, host: Host, records: RecordPatterns) -> None:
        self.cursor, self.host, self.records = cursor, host, records
        self.reading = False
        """Whether a sequence is being read: its sides hold none of their own, and 先 may stand behind the time."""

    def sequence(self, index: int) -> Parsed | None:
        """Any order of saying it, starting at `index`; None when no words of order stand there."""
        if self.reading:
            return None
        self.reading = True
        heading = self.records.head_window, self.records.head_quote, self.records.head_used
        point = self.cursor.checkpoint()
        found: Parsed | None = None
        for way in (self._said_in_order, self._said_back, self._said_backwards, self._after_first, self._without):
            found = way(index)
            if found is not None:
                break
            self.cursor.restore(point)
        if found is None:
            self.records.head_window, self.records.head_quote, self.records.head_used = heading
        self.reading = False
        return found

    def _said_in_order(self, index: int) -> Parsed | None:
        """A后7天内没有B, 先A再B, A and then B, A followed by B."""
        place = index if self.cursor.tokens[index].window is None else self.cursor.skip(index + 1, "ignored", "connective.comma")
        opened = (token := self.cursor.token(place)) is not None and token.phrase("sequence.first") is not None
        start = self.cursor.skip(index + 1, "ignored", "connective.comma") if opened and place == index else index
        then_at = self._place(start, "sequence.then", "sequence.then_not", "sequence.same_day", *(("sequence.again",) if opened else ()))
        if then_at is None or (self.cursor.tokens[then_at].text == _BEFORE and self._length(then_at - 1) is not None):
            return None  # within 7 days before transferring: counted back from the second behaviour, which no rule holds
        timed = opened and then_at - 1 > start and self._length(then_at - 1) is not None
        first = self._first(start, then_at - 1 if timed else then_at)
        if first is None:
            return None
        denied = self.cursor.tokens[then_at].phrase("sequence.then_not") is not None
        same_day = self.cursor.tokens[then_at].phrase("sequence.same_day") is not None
        begin = then_at - 1 if timed else then_at + (0 if same_day else 1)
        return self._second(index, first, begin, denied)

    def _said_back(self, index: int) -> Parsed | None:
        """A and [did not] B within 7 days afterwards, A and B on the same day: words behind the second behaviour say that it follows the first."""
        later_at = self._place(index, "sequence.later", "sequence.same_day")
        if later_at is None:
            return None
        same_day = self.cursor.tokens[later_at].phrase("sequence.same_day") is not None
        if not same_day and self._length(later_at - 1) is None:
            return None
        point = self.cursor.checkpoint()
        for place in range(index + 1, later_at):
            token = self.cursor.tokens[place]
            if not (token.phrase("connective.and", "connective.also", "connective.but", "connective.comma") or token.text == "who"):
                continue
            first = self._first(index, place)
            found = None if first is None else self._second(index, first, place + 1, denied=False)
            if found is not None and found[1] > later_at:
                return found
            self.cursor.restore(point)
        return None

    def _after_first(self, index: int) -> Parsed | None:
        """After A, [did not] B within 7 days: the first behaviour ends at a comma, a denial or where the second begins."""
        if not self.cursor.tokens[index].phrase("sequence.after"):
            return None
        start = self.cursor.skip(index + 1, "ignored")
        for end in range(start + 1, self.cursor.limit):
            if self._starts_second(end):
                first = self._first(start, end)
                return None if first is None else self._second(index, first, end, denied=False)
        return None

    def _said_backwards(self, index: int) -> Parsed | None:
        """[did not] B within 7 days of A, B after A."""
        denied = self.cursor.tokens[index].phrase(*_DENIED) is not None
        start = self.cursor.skip(index + 1, "ignored", "have") if denied else index
        after_at = self._place(start, "sequence.after", "sequence.of")
        if after_at is None or after_at == start:
            return None
        length = self._length(after_at - 1)
        by_length = self.cursor.tokens[after_at].phrase("sequence.of") is not None and not self.cursor.tokens[after_at].phrase(
            "sequence.after"
        )
        if by_length and length is None:
            return None
        second = self._records(start, after_at - 1 if length is not None else after_at)
        if second is None:
            return None
        begin = self.cursor.skip(after_at + 1, "ignored")
        found = self.host.condition(begin)
        first = None if found is None else _plain(found[0])
        if found is None or first is None:
            return None
        return self._node(index, first, second, None if length is None else length[0], denied, found[1])

    def _without(self, index: int) -> Parsed | None:
        """浏览理财未购买, viewed wealth pages but did not buy: the second behaviour takes the first one's object when it names none."""
        denied_at = self._place(index, *_DENIED)
        if denied_at is None or denied_at == index:
            return None
        first = self._first(index, denied_at)
        if first is None:
            return self._often_without(index, denied_at)
        meanings, last = self._elliptical(denied_at, first)
        if not meanings:
            return None
        record = self.cursor.catalog.records[meanings[0].code]
        if record.date_column is None or record.code == first.records or not _reaches_now(first.window):
            return None
        second = Records(records=record.code)
        sequence = SequenceCondition(first=first, then=second, negated=True)
        said = self.cursor.said(index, last)
        params = {"words": self.cursor.words(said[0])}
        ever = self.records.of_the_past(range(denied_at, last)) and not any(
            word.lower() in token.text for word in self._objects(first) for token in self.cursor.tokens[denied_at:last]
        )  # 买过理财没买过基金: of another thing, and 过 says at all
        if self.cursor.choose("no_then", said[0], "then_or_at_all" if ever else "missing_after_or_at_all", params, (None, None), ask=ever):
            seen = RecordCondition.model_validate({**_common(first), "said": said})
            bought = RecordCondition.model_validate({**_common(second), "window": first.window, "said": said})
            return AllOf(children=(seen, Not(child=bought, said=said)), said=said), last
        return sequence.model_copy(update={"said": said}), last

    def _often_without(self, index: int, denied_at: int) -> Parsed | None:
        """浏览理财3次以上但没买, 老看理财但没下手: behind a number of times nothing follows in order; what was not done was not done in the same time."""
        often = self._whole(index, denied_at)
        if not isinstance(often, RecordCondition) or self.cursor.catalog.records[often.records].date_column is None:
            return None
        meanings, last = self._elliptical(denied_at, Records.model_validate(_common(often)))
        if not meanings or meanings[0].code == often.records:
            return None
        denied = self.host.denials.denied_meanings(meanings, denied_at, last, often.window, never=False)
        if denied is None or denied[1] != last:
            return None
        end = denied_at
        while self.cursor.tokens[end - 1].phrase(*_BETWEEN):
            end -= 1
        timed = next((place for place in range(index, end) if self.cursor.tokens[place].window is not None), None)
        time = self.cursor.quote(index, end) if timed is None else self.cursor.quote(timed, timed + 1)
        self.cursor.assume("inherited_window", self.cursor.quote(denied_at, last), words=self.cursor.words(time))
        return AllOf(children=(often, denied[0])), last

    def _elliptical(self, denied_at: int, first: Records) -> tuple[tuple[Meaning, ...], int]:
        """未购买, did not buy (any): the actions that the verb and a value of the first behaviour's object make together."""
        token = self.cursor.tokens[denied_at]
        at, verb = denied_at, _after_denial(token.text) if token.phrase("lack") else ""
        if not verb:
            at = self.cursor.skip(denied_at + 1, "ignored", "have")
            verb = "" if at >= self.cursor.limit else self.cursor.tokens[at].text.rstrip("过了")
        named = self._named_again(denied_at, at, first)
        if named is not None:
            return named
        behind = self.cursor.skip(at + 1, "sequence.again")
        modifies = (
            behind < self.cursor.limit and self.cursor.tokens[behind].text == "的"
        )  # 没买的白金客户: the verb has no object of its own
        following = None if modifies else self.cursor.token(self.cursor.skip(behind, "ignored", "sequence.again"))
        if not verb or (following is not None and not following.phrase(*_BETWEEN)):
            return (), at
        entries = lexicon(self.cursor.catalog).entries
        found = {
            meaning: None
            for word in self._objects(first)
            for phrase in (f"{verb} {word}", f"{verb} {word} products", f"{verb} a {word} product")
            for meaning in entries.get(key_of(phrase), ())
            if meaning.kind == "action" and not meaning.filters
        }
        return (tuple(found) if len(found) == 1 else ()), self.cursor.skip(at + 1, "sequence.again")

    def _named_again(self, denied_at: int, at: int, first: Records) -> tuple[tuple[Meaning, ...], int] | None:
        """浏览理财专区未购买理财, 工资到账还没转走: a whole action that names the same object, or that stands right behind the first one."""
        token = self.cursor.token(at)
        actions = () if token is None else tuple(meaning for meaning in token.of("action") if not meaning.filters)
        following = self.cursor.token(self.cursor.skip(at + 1, "ignored"))
        if token is None or len(actions) != 1 or (following is not None and not following.phrase(*_BETWEEN)):
            return None
        joined = any(self.cursor.tokens[place].phrases("connective.") for place in range(denied_at - 1, denied_at))
        same = any(word.lower() in token.text for word in self._objects(first))
        return (actions, at + 1) if same or not joined else None

    def _objects(self, first: Records) -> list[str]:
        """The words for the one thing the first behaviour was about."""
        record = self.cursor.catalog.records[first.records]
        words: list[str] = []
        for item in first.filters:
            prop = record.property(item.property)
            codes = item.value if isinstance(item.value, tuple) else ()
            value = self.cursor.catalog.value(prop, codes[0]) if prop is not None and len(codes) == 1 else None
            if value is not None:
                words.extend((value.label.zh, value.label.en, *value.aliases.all()))
        return words

    def _first(self, start: int, end: int) -> Records | None:
        """The behaviour that tokens [start, end) say, all of them."""
        found = self._whole(start, end)
        return None if found is None else _plain(found)

    def _whole(self, start: int, end: int) -> AnyNode | None:
        """The one condition that tokens [start, end) say, all of them."""
        limit, self.cursor.limit = self.cursor.limit, end
        found = self.host.condition(start)
        whole = found is not None and (
            self.cursor.skip(found[1], *_BETWEEN, "sequence.again") >= end or self._said_again(start, found[1], end)
        )
        self.cursor.limit = limit
        return found[0] if found is not None and whole else None

    def _said_again(self, start: int, last: int, end: int) -> bool:
        """有大额入账，入账后…: between the first behaviour and the word of order nothing but words of that behaviour stands."""
        behaviour = "".join(token.text for token in self.cursor.tokens[start:last])
        echo = "".join(token.text for token in self.cursor.tokens[last:end] if not token.phrase(*_BETWEEN))
        joined = any(token.phrase("connective.comma") for token in self.cursor.tokens[last:end])
        return joined and len(echo) > 1 and echo in behaviour

    def _second(self, index: int, first: Records, at: int, denied: bool) -> Parsed | None:
        timed = self.records.head_window is not None or any(token.window is not None for token in self.cursor.tokens[index:at])
        at = self.cursor.skip(at, *_BETWEEN, "sequence.note")
        length = self._length(at)
        if length is not None:
            at = self.cursor.skip(length[1], *_BETWEEN, "sequence.note")
        at = self.cursor.skip(at, "sequence.again", "ignored") if not self._verb_here(at) else at
        if self.cursor.token(at) is not None and self.cursor.tokens[at].phrase("negation.not", "negation.never"):
            denied, at = True, at + 1
        at = self.cursor.skip(at, "ignored", "have", "sequence.again") if not self._verb_here(at) else at
        end = at
        while end < self.cursor.limit and self._length(end) is None and not self.cursor.tokens[end].phrase("connective.comma"):
            end += 1
        behind = None if length is not None else self._length(end)
        second = self._records(at, end if behind is not None else self.cursor.limit)
        if second is None:
            return None
        node, last = second
        if behind is not None:
            if self.cursor.skip(last, *_BETWEEN, "sequence.again") < end:
                return None  # bought funds or bonds within 7 days: more was said of the second behaviour than one record set
            length, last = behind, self.cursor.skip(behind[1], "sequence.later")
        last = self.cursor.skip(last, "sequence.note")
        if not timed and length is not None:
            first, last = self._timed_behind(first, last)
        return self._node(index, first, (node, last), None if length is None else length[0], denied, last)

    def _timed_behind(self, first: Records, last: int) -> tuple[Records, int]:
        """A and then B within 3 days in the last 60 days: a time said last, after the days between, is when the first happened."""
        place = self.cursor.skip(last, "ignored", "connective.comma")
        token, following = self.cursor.token(place), self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        span = None if token is None else token.window
        if span is None or span.kind != "window" or span.window is None or span.future:
            return first, last
        if following is not None and not following.phrases("connective."):
            return first, last
        self.cursor.assumptions[:] = [
            known for known in self.cursor.assumptions if known.code != "default_window" or known.params.get("record") != first.records
        ]
        return first.model_copy(update={"window": span.window}), place + 1

    def _records(self, start: int, end: int) -> tuple[Records, int] | None:
        """The second behaviour, in tokens [start, end): its time is the other one's, so it takes no window of its own."""
        limit, self.cursor.limit = self.cursor.limit, end
        self.records.timeless = True
        found = self.records.record_at(self.cursor.skip(start, "ignored"), None)
        self.records.timeless = False
        self.cursor.limit = limit
        node = None if found is None else _plain(found[0])
        return None if found is None or node is None or node.window is not None else (node, found[1])

    def _node(self, index: int, first: Records, second: tuple[Records, int], days: int | None, denied: bool, last: int) -> Parsed | None:
        then, _ = second
        dated = self.cursor.catalog.records[first.records].date_column and self.cursor.catalog.records[then.records].date_column
        if not dated or (days is None and not _reaches_now(first.window)):
            return None
        self.cursor.mark(index, last, "condition")
        node = SequenceCondition(first=first, then=then, within_days=days, negated=denied)
        return quoted(node, self.cursor.said(index, last)), last

    def _length(self, index: int) -> tuple[int, int] | None:
        """7天内, within a week, 当天: how many days may lie between, with the index behind it. A month is 30 days, an assumption."""
        token = self.cursor.token(index)
        if token is None:
            return None
        if token.phrase("sequence.same_day"):
            return 0, index + 1
        length = None if token.comparison is None else within_window(token.comparison)
        span = token.window
        if span is not None and isinstance(span.window, Rolling) and isinstance(span.future_window, Future) and not span.future:
            length = span.window
        if length is None or length.unit not in _DAYS:
            return None
        days = _DAYS[length.unit] * length.n
        if length.unit in ("month", "year"):
            quote = self.cursor.quote(index, index + 1)
            self.cursor.assume("month_as_days", quote, words=self.cursor.words(quote), days=str(days))
        return days, index + 1

    def _place(self, start: int, *kinds: str) -> int | None:
        """The next token of one of the kinds in the same request, past at least one token."""
        return next((place for place in range(start + 1, self.cursor.limit) if self.cursor.tokens[place].phrase(*kinds)), None)

    def _starts_second(self, index: int) -> bool:
        token = self.cursor.tokens[index]
        return bool(token.phrase("connective.comma", "negation.not")) or self._length(index) is not None or self._verb_here(index)

    def _verb_here(self, index: int) -> bool:
        token = self.cursor.token(index)
        return token is not None and bool(token.of("action"))


def _plain(node: AnyNode) -> Records | None:
    """The records of a plain "at least one" behaviour; None for anything a side of a sequence cannot say."""
    if not isinstance(node, RecordCondition) or (node.aggregate, node.operator, node.value) != ("count", ">=", Decimal(1)):
        return None
    return Records(records=node.records, filters=node.filters, window=node.window, day_kind=node.day_kind, said=node.said)


def _reaches_now(window: TimeWindow | None) -> bool:
    """Whether "then" with no days said can only mean up to now: of a window that is over it might mean its end or today."""
    return window is None or isinstance(window, Rolling) or (isinstance(window, Calendar) and window.last >= 0)


def _common(side: Records | RecordCondition) -> dict[str, object]:
    return {"records": side.records, "filters": side.filters, "window": side.window, "day_kind": side.day_kind}


def _after_denial(text: str) -> str:
    """What a word of lacking denies: 未购买 is 未 and 购买."""
    denials = sorted((words for words in phrases_of("negation.not") if text.startswith(words)), key=len, reverse=True)
    return text[len(denials[0]) :] if denials else ""
