"""Sizes without a number: 大额活期, 余额高, 经常登录, high balances, who often log in. Law: no number is ever made up: what the size is of is measured in the data, and every
number it may mean is an option of a question.

The grammar has no data, so a size is read in two goes: first it says what to measure (`Measure`), then it is read again with the numbers found (`Context.cuts`).
Bands and concepts of the catalog that put a bound on the same thing stand beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag, Text, Valued
from assistant.errors import Issue, Severity
from assistant.interpret.conditions.amounts import MONEY, Amounts
from assistant.interpret.conditions.records import RecordPatterns
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Assumption, Cut, Measure, Size
from assistant.interpret.nodes import bounds, quoted
from assistant.rule.tree import AllOf, AnyNode, ConceptRef, Not, Quote, Range, RecordCondition, TagCondition
from assistant.rule.window import TimeWindow

Parsed = tuple[AnyNode, int]
Option = tuple[Text | Cut, AnyNode]
_SIZES: dict[str, Size] = {"size.large": "large", "size.small": "small"}
_BEHIND: dict[str, Size] = {**_SIZES, "size.many": "large", "size.few": "small"}
_AGED: dict[str, Size] = {"size.older": "large", "size.younger": "small"}
_THOUSAND = Decimal(1000)
_UP, _DOWN = (">", ">="), ("<", "<=")


class SizePatterns:
    """The patterns of a word of size or frequency and what it is said of."""

    def __init__(self, cursor: Cursor, amounts: Amounts, records: RecordPatterns) -> None:
        self.cursor, self.amounts, self.records = cursor, amounts, records

    def sized(self, index: int) -> Parsed | None:
        """A condition of a size at an index, in any of the ways it can be said."""
        point = self.cursor.checkpoint()
        found = self._aged(index) or self._in_front(index) or self._behind(index) or self.often(index)
        if found is None:
            self.cursor.restore(point)
        return found

    def _aged(self, index: int) -> Parsed | None:
        """are they older, the younger ones: a size of their age, which the word is said of by itself."""
        size = self._size_at(index, _AGED)
        tag = age_of(self.cursor.catalog)
        alone = size is not None and self._ends(index + 1) and not self.cursor.tokens[index].content
        return None if not alone or tag is None or size is None else self._asked(measure_of(tag, size), index, index + 1)

    def _in_front(self, index: int) -> Parsed | None:
        """大额活期, 有大量基金, with a high balance: the size, then what it is of."""
        place = self.cursor.skip(index, "have")
        size = self._size_at(place, _SIZES)
        noun = place + 1
        while (token := self.cursor.token(noun)) is not None and token.phrase("ignored") and not token.content:
            noun += 1
        if size is None or not self._ends(noun + 1):
            return None
        measure = self._of(noun, size)
        return None if measure is None else self._asked(measure, index, noun + 1)

    def _behind(self, index: int) -> Parsed | None:
        """活期余额高, whose balance is high: what it is of, then the size. Not in a comparison (存款比基金多), nor of the last thing of a list."""
        place = self.cursor.skip(index + 1, "ignored", "is", "aggregate.amount")
        size = self._size_at(place, _BEHIND)
        if size is None or not self._ends(place + 1) or self._compared(index):
            return None
        measure = self._of(index, size)
        return None if measure is None else self._asked(measure, index, place + 1)

    def often(self, index: int) -> Parsed | None:
        """经常登录, 近90天登录频繁, often log in: a behaviour and a word of frequency on either side of it."""
        place, window = index, self._window(index)
        if window is not None:
            place = self.cursor.skip(index + 1, "ignored", "is")
        word = self.cursor.token(place)
        ahead = word is not None and word.phrase("size.often") is not None
        action = self.cursor.skip(place + 1, "ignored") if ahead else place
        behind = None if ahead else self._frequency(action)
        if not self.records.starts_action(action) or not (ahead or behind is not None):
            return None
        found = self._behaviour(action, window, behind)
        node, last = found if found is not None else (None, action)
        if not isinstance(node, RecordCondition) or (node.aggregate, node.operator, node.value) != ("count", ">=", Decimal(1)):
            return None
        if behind is not None:
            last = behind + 1
        plain = node.model_copy(update={"said": ()})
        return self._asked(Measure(plain, plain, "large"), index, last) if self._ends(last) else None

    def _behaviour(self, action: int, window: TimeWindow | None, behind: int | None) -> Parsed | None:
        """A behaviour, which takes all words up to the word of frequency behind it, but for the one that says it is counted."""
        if behind is None:
            return self.records.record_at(action, window)
        limit = self.cursor.limit
        self.cursor.limit = behind
        while self.cursor.tokens[self.cursor.limit - 1].phrase("aggregate.count", "ignored", "is"):
            self.cursor.limit -= 1
        found = self.records.record_at(action, window)
        whole = found is not None and found[1] == self.cursor.limit
        self.cursor.limit = limit
        return found if whole else None

    def _window(self, index: int) -> TimeWindow | None:
        token = self.cursor.token(index)
        span = None if token is None else token.window
        return None if span is None or span.kind != "window" or span.future else span.window

    def _frequency(self, action: int) -> int | None:
        """The place of the word of frequency behind a behaviour; 多 is one only of a number of times (登录次数多), since of a payment it may be the amount."""
        counted = False
        for place in range(action + 1, self.cursor.limit):
            token = self.cursor.tokens[place]
            if token.phrase("size.often") or (counted and token.phrase("size.large", "size.many")):
                return place
            if token.phrase("connective.comma"):
                return None
            counted = token.phrase("aggregate.count") is not None or (counted and token.phrase("ignored", "is") is not None)
        return None

    def _size_at(self, index: int, words: Mapping[str, Size]) -> Size | None:
        token = self.cursor.token(index)
        said = None if token is None else token.phrase(*words)
        return None if said is None else words[said]

    def _ends(self, index: int) -> bool:
        """Whether nothing follows that would say the number after all, or what is compared with."""
        token = self.cursor.token(self.cursor.skip(index, "ignored", "is"))
        return token is None or (token.comparison is None and token.rank is None and token.phrase("change.than", *_BEHIND) is None)

    def _compared(self, index: int) -> bool:
        """Whether the words stand in a comparison or end a list: 比基金多, 理财和基金多."""
        for token in reversed(self.cursor.tokens[:index]):
            if token.phrase("connective.comma"):
                return False
            if token.phrase("change.than", "connective.and", "connective.or"):
                return True
        return False

    def _of(self, index: int, size: Size) -> Measure | None:
        """What the word at an index names that has a size."""
        token = self.cursor.token(index)
        if token is None:
            return None
        tag = self.amounts.only_tag(token, lambda one: one.numeric, holdings=True) or self.amounts.ambiguous_tag(index)
        if tag is not None:
            return measure_of(tag, size)
        for meaning in token.of("action"):
            records = self.cursor.catalog.records[meaning.code]
            amount = None if records.amount is None else records.property(records.amount)
            if records.grain == "state" and amount is not None and size == "large" and not meaning.filters:
                held = RecordCondition(records=records.code, aggregate="sum", of=amount.code, operator=">=", value=_start(amount))
                return Measure(held, RecordCondition(records=records.code, operator=">=", value=Decimal(1)), size)
        return None

    def _asked(self, measure: Measure, first: int, last: int) -> Parsed | None:
        """The size with the number chosen for it. None, and the words stay unread, where the data gives fewer than two to choose from."""
        while self.cursor.tokens[first].phrase("have") and first < last:
            first += 1
        quote = self.cursor.quote(first, last)
        found = cuts_of(self.cursor, measure, first, last)
        if found is None:
            return quoted(measure.node, (quote,)), last
        options: list[Option] = [*((cut, cut.node) for cut in found), *bounding(self.cursor.catalog, measure)]
        if len(options) < 2:
            return None
        return quoted(self.chosen(options, first, last), (quote,)), last

    def chosen(self, options: Sequence[Option], first: int, last: int) -> AnyNode:
        """The option followed; a number taken for the size is said so once it was chosen."""
        quote = self.cursor.quote(first, last)
        words = self.cursor.words(quote)
        labels = tuple(label for label, _ in options)
        label, node = options[self.cursor.choose(numbered("size", labels), quote, "vague_size", {"words": words}, labels)]
        taken(self.cursor, label, quote)
        return node


def cuts_of(cursor: Cursor, measure: Measure, first: int, last: int) -> tuple[Cut, ...] | None:
    """The numbers found for a size; None, with the issue that keeps the request from being answered, where nobody has measured it yet."""
    found = cursor.context.cuts.get(measure)
    if found is None:
        quote = cursor.quote(first, last)
        cursor.measures.append(measure)
        cursor.issues.append(Issue("size_unmeasured", Severity.ASK, quote=bounds(quote), params={"words": cursor.words(quote)}))
    return found


def age_of(catalog: TagCatalog) -> Tag | None:
    """The catalog's number tag in years that has words of its own for them (岁, years old)."""
    tags = [tag for tag in catalog.unit_tags if tag.unit == "years" and tag.numeric]
    return tags[0] if len(tags) == 1 else None


def measure_of(tag: Tag, size: Size) -> Measure:
    """What to measure of a numeric tag. Of one that no value means zero of, those who have some: the rest have no size that could be large or small."""
    start = _start(tag)
    some = tag.null_means == "zero"
    if size == "large":
        node = TagCondition(tag=tag.code, operator=">=", value=start)
    elif some:
        node = TagCondition(tag=tag.code, operator="range", value=Range(low=Decimal(0), high=start, low_open=True))
    else:
        node = TagCondition(tag=tag.code, operator="<=", value=start)
    if some:
        return Measure(node, TagCondition(tag=tag.code, operator=">", value=Decimal(0)), size)
    if tag.null_means == "never_null":
        return Measure(node, AllOf(), size)
    return Measure(node, Not(child=TagCondition(tag=tag.code, operator="is_unknown" if tag.null_means == "unknown" else "is_absent")), size)


def _start(item: Valued) -> Decimal:
    """A number of the order that is asked about; the search goes on from there."""
    least = _THOUSAND if item.unit in MONEY else Decimal(1)
    return least if item.plausible is None else max(least, item.plausible[0])


def bounding(catalog: TagCatalog, measure: Measure) -> list[Option]:
    """The concepts of the catalog that put a bound on the same thing from the same side: 高净值 of the average AUM, 手机银行活跃 of the logins."""
    found: list[Option] = []
    for concept in catalog.concepts.values():
        rule = catalog.expand_all(ConceptRef(concept=concept.code))
        if concept.status == "online" and isinstance(rule, TagCondition | RecordCondition) and _alike(rule, measure):
            found.append((concept.name, ConceptRef(concept=concept.code)))
    return found


def _alike(rule: TagCondition | RecordCondition, measure: Measure) -> bool:
    sides = _UP if measure.size == "large" else _DOWN
    if rule.operator not in sides or not isinstance(rule.value, Decimal):
        return False
    return rule.model_copy(update={"operator": "=", "value": Decimal(0)}) == measure.node.model_copy(
        update={"operator": "=", "value": Decimal(0)}
    )


def taken(cursor: Cursor, label: Text | Cut | None, quote: Quote) -> None:
    """Says that a number stands for the size said, once it was chosen: while it is asked about, nothing is taken."""
    words = cursor.words(quote)
    if isinstance(label, Cut) and any(key.endswith(f":{words.casefold()}") for key in cursor.context.choices):
        said = Assumption(f"size_taken_{label.size}", {"words": words, "share": percent(label)}, quote, label.node)
        cursor.assumptions.extend(one for one in (said,) if one not in cursor.assumptions)


def numbered(what: str, labels: Sequence[Text | Cut | None]) -> str:
    """What a doubt is about, with the numbers found: a choice among other numbers is another choice."""
    return " ".join((what, *(str(label.node.value) for label in labels if isinstance(label, Cut))))


def percent(cut: Cut) -> str:
    """The share of a cut in whole percent, as people say it; below one percent with one digit."""
    share = cut.share * 100
    return str(round(share)) if share >= 1 else str(round(share, 1))
