"""A number said of a tag: which tag, in which unit, of which size. Law: a unit that does not fit is not read; a size that is not plausible is asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from assistant.catalog.model import AmbiguousWord, Tag, Text
from assistant.errors import Issue, Severity
from assistant.interpret.cursor import Cursor
from assistant.interpret.lexer import Token
from assistant.interpret.nodes import bounds
from assistant.language.comparisons import Comparison, ComparisonOperator, counts_persons
from assistant.rule.tree import (
    AnyNode,
    Operator,
    Quote,
    Range,
    Snapshot,
    TagCondition,
    Value,
)

MONEY = frozenset({"CNY", "USD", "EUR", "HKD", "JPY", "GBP"})
_TEN_THOUSAND = Decimal(10_000)
_OF_PRODUCT = ("on", "on the", "on their", "of", "for")
"""Words between a number of a product and the product named once more: paying 4% on the mortgage."""


class Amounts:
    """Reads numbers of tags."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.last_tag: Tag | None = None
        """The tag last compared with a number."""
        self.last_snapshot: Snapshot | None = None
        """The point of time at which it was compared; None is today."""
        self.exact, self.exact_used = False, False
        """Whether "only" was said in front, so that a bare number is meant exactly; and whether one was found."""

    def unit_tag(self, comparison: Comparison) -> Tag | None:
        if not comparison.unit_word:
            return None
        return next((tag for tag in self.cursor.catalog.unit_tags if comparison.unit_word in tag.unit_words.all()), None)

    def bounded_behind(self, comparison: Comparison, index: int) -> tuple[Comparison, int]:
        """two product lines tops, one login at most: a bare number whose bound is said behind its noun, at `index`; with the index behind what was read."""
        bound = None if comparison.operator is not None or comparison.approximate else self.cursor.order(index, prefix=False)
        if bound is None or bound[0] not in (">=", "<="):
            return comparison, index
        operator: ComparisonOperator = ">=" if bound[0] == ">=" else "<="
        return replace(comparison, operator=operator), bound[1]

    def completed(self, tag: Tag, comparison: Comparison, index: int) -> tuple[Comparison, int]:
        """A number of a tag with what is said behind it at `index`: its unit (15k a month), its bound (a month or more), the product once more (on the mortgage)."""
        last = index
        token = self.cursor.token(last)
        if token is not None and any(meaning.code == tag.code for meaning in token.of("unit")):
            comparison, last = self.bounded_behind(comparison, last + 1)
        link, place = self.cursor.token(last), self.cursor.skip(last + 1, "ignored")
        product = self.cursor.token(place)
        following = self.cursor.token(self.cursor.skip(place + 1, "ignored"))
        if link is None or product is None or link.text not in _OF_PRODUCT or (following is not None and following.comparison is not None):
            return comparison, last
        again = tag.held_by is not None and any(meaning.code == tag.held_by for meaning in (*product.of("hold"), *product.of("tag")))
        return comparison, place + 1 if again else last

    def number_tag(self, token: Token, comparison: Comparison) -> Tag | None:
        found = self.only_tag(
            token, lambda tag: tag.numeric and unit_fits(tag.unit, comparison) and not _of_persons_only(tag, comparison), holdings=True
        )
        if found is None or found.unit != "count" or comparison.unit is not None or not comparison.scale_said:
            return found
        money = found.plausible is not None and comparison.value is not None and comparison.value > found.plausible[1]
        return None if money or not token.of("tag") else found  # 保险5万以上, 产品5万以上: what is known of them is how many there are

    def only_tag(self, token: Token, fits: Callable[[Tag], bool], holdings: bool = False) -> Tag | None:
        """The tag a token names, asked about when it names several that fit; of a product one has or not, what measures it (按揭50万以上)."""
        kinds = ("tag", "hold") if holdings else ("tag",)
        found: list[Tag] = []
        for kind in kinds:
            found = [tag for meaning in token.of(kind) if fits(tag := self.cursor.catalog.tags[meaning.code])]
            if found:
                break
        if holdings and not found:
            measures = (self.cursor.catalog.tags[meaning.code].amount_tag for meaning in token.of("hold"))
            found = [tag for code in measures if code is not None and fits(tag := self.cursor.catalog.tags[code])]
        if len(found) <= 1:
            return found[0] if found else None
        index = self.cursor.tokens.index(token)
        quote = self.cursor.quote(index, index + 1)
        labels = tuple(tag.name for tag in found)
        return found[self.cursor.choose("tag", quote, "ambiguous_word", {"words": self.cursor.words(quote)}, labels)]

    def numbers_meant(self, index: int) -> tuple[AmbiguousWord, list[Tag]] | None:
        """余额, the balance: a word without one meaning, all of whose readings are numbers, and those."""
        token = self.cursor.token(index)
        for meaning in token.of("ambiguous") if token is not None else ():
            word = self.cursor.catalog.ambiguous[meaning.number]
            tags = [self.cursor.catalog.tags[one.tag] for one in word.readings if one.tag is not None and one.size is None]
            if len(tags) == len(word.readings) and all(tag.numeric for tag in tags):
                return word, tags
        return None

    def ambiguous_tag(self, index: int) -> Tag | None:
        """The number that such a word is taken for (余额高, 余额下降): asked about."""
        meant = self.numbers_meant(index)
        if meant is None:
            return None
        word, tags = meant
        quote = self.cursor.quote(index, index + 1)
        params = {"words": self.cursor.words(quote), "question_zh": word.question.zh, "question_en": word.question.en}
        return tags[self.cursor.choose("word", quote, "ambiguous_word", params, tuple(one.label for one in word.readings))]

    def number_condition(self, tag: Tag, comparison: Comparison, first: int, last: int, snapshot: Snapshot | None = None) -> AnyNode | None:
        """A number tag with what was said of it: unit, plausibility, bands and bare numbers looked after."""
        if not tag.numeric or not unit_fits(tag.unit, comparison) or _of_persons_only(tag, comparison):
            return None
        quote = self.cursor.quote(first, last)
        if comparison.unit in MONEY and tag.unit in MONEY and comparison.unit != tag.unit:
            self.cursor.issues.append(
                Issue("currency_mismatch", Severity.ASK, quote=bounds(quote), params={"tag": tag.code, "unit": comparison.unit})
            )
        operator, plain = self.operator_and_value(comparison, quote)
        plain = self._decades(tag, plain, quote)
        factor = self.factor(tag, comparison, plain, quote)
        value = self.band(tag, comparison, scaled(plain, factor * unit_factor(tag.unit, comparison)), quote)
        self.last_tag, self.last_snapshot = tag, snapshot
        return TagCondition.model_validate(
            {"tag": tag.code, "operator": operator, "value": value, "snapshot": snapshot, "said": self.cursor.said(first, last)}
        )

    def _decades(self, tag: Tag, value: Decimal | Range, quote: Quote) -> Decimal | Range:
        """三四十岁: in their thirties and forties, to 49; or from 30 to 40. Asked, the decades first."""
        said = self.cursor.words(quote)
        together = any(one + other + "十" in said for one, other in pairwise("二三四五六七八九"))
        if tag.unit != "years" or not isinstance(value, Range) or not together:
            return value
        labels = (
            Text(zh=f"{value.low}至{value.high + 9}岁", en=f"{value.low} to {value.high + 9}"),
            Text(zh=f"{value.low}至{value.high}岁", en=f"{value.low} to {value.high}"),
        )
        chosen = self.cursor.choose("decades", quote, "ambiguous_number", {"words": said}, labels)
        return value.model_copy(update={"high": value.high + 9}) if chosen == 0 else value

    def band(self, tag: Tag, comparison: Comparison, value: Value, quote: Quote) -> Value:
        """A range between two edges of the tag's catalog bands is that band: half-open, and said so (MEANING.md "Comparisons and ranges")."""
        said_open = comparison.low_open or comparison.high_open or comparison.approximate or comparison.assumption is not None
        if not isinstance(value, Range) or said_open or not {value.low, value.high} <= set(tag.bands):
            return value
        params = {"words": self.cursor.words(quote), "tag": tag.code}
        self.cursor.assume("band_used", quote, **params)
        if self.cursor.choose("band", quote, "band_used", params, (None, None), ask=False):
            return value
        return value.model_copy(update={"high_open": True})

    def operator_and_value(self, comparison: Comparison, quote: Quote) -> tuple[Operator, Decimal | Range]:
        if comparison.operator == "range":
            low, high = comparison.low, comparison.high
            assert low is not None, "a range has both ends"
            assert high is not None, "a range has both ends"
            return "range", Range(low=low, high=high, low_open=comparison.low_open, high_open=comparison.high_open)
        assert comparison.value is not None, "a comparison has a value"
        if comparison.operator is not None:
            operator: Operator = comparison.operator
            return operator, comparison.value
        if self.exact or comparison.value == 0:
            self.exact_used = self.exact_used or self.exact
            return "=", comparison.value  # a bare 0 is nothing at all: "at least 0" would be everyone
        chosen = self.cursor.choose(
            "bare",
            quote,
            "bare_number",
            {"words": self.cursor.words(quote)},
            (None, None),
        )
        return (">=" if chosen == 0 else "="), comparison.value

    def moved_by(self, comparison: Comparison, quote: Quote) -> tuple[Operator, Decimal | Range]:
        """A rise or fall: 涨了20% is by at least that, an assumption; nobody asks for those who rose by exactly a fifth."""
        if comparison.operator is None and comparison.value and not self.exact:
            self.cursor.assume("moved_at_least", quote, words=self.cursor.words(quote))
            return ">=", comparison.value
        return self.operator_and_value(comparison, quote)

    def factor(self, tag: Tag, comparison: Comparison, value: Decimal | Range, quote: Quote) -> Decimal:
        """A bare small number against a money tag: 万 or the unit itself, asked about, 万 first."""
        scaled = comparison.scale_said and not _in_hundreds(self.cursor.words(quote))
        if tag.plausible is None or scaled or comparison.unit in MONEY or tag.unit not in MONEY:
            return Decimal(1)
        numbers = (value.low, value.high) if isinstance(value, Range) else (value,)
        low, _ = tag.plausible
        if all(number == 0 or number >= low for number in numbers):
            return Decimal(1)
        chosen = self.cursor.choose("unit", quote, "value_implausible", {"words": self.cursor.words(quote), "tag": tag.code}, (None, None))
        return _TEN_THOUSAND if chosen == 0 else Decimal(1)


_HUNDREDS, _THOUSANDS = ("百", "hundred"), ("万", "千", "亿", "thousand", "million")
"""一百五: hundreds, which are no scale of money."""


def _in_hundreds(words: str) -> bool:
    return any(word in words for word in _HUNDREDS) and not any(word in words for word in _THOUSANDS)


def _of_persons_only(tag: Tag, comparison: Comparison) -> bool:
    """持有产品数5人以上: a number of persons, said of a tag whose names count none."""
    word = comparison.unit_word or ""
    return counts_persons(comparison) and not any(
        word in name for name in (tag.name.zh, tag.name.en, *tag.aliases.all(), *tag.unit_words.all())
    )


def unit_fits(unit: str, comparison: Comparison) -> bool:
    said = comparison.unit
    if said is None:
        return not (comparison.scale_said and unit in ("percent", "percentage_point"))  # 50k is no rate
    if said in MONEY:
        return unit in MONEY
    if said in ("percent", "percentage_point", "basis_point"):
        return unit in ("percent", "percentage_point")
    if said == "points":
        return unit in ("points", "score")
    if said in ("count", "times"):
        return unit in ("count", "times", "none", "calendar_year", "points", "score")
    return said == unit


def unit_factor(unit: str, comparison: Comparison) -> Decimal:
    """Percent tags store 3.6 for 3.6 %, and so do the readers; a basis point is a hundredth of it."""
    if unit in ("percent", "percentage_point") and comparison.unit == "basis_point":
        return Decimal("0.01")
    return Decimal(1)


def scaled(value: Decimal | Range, factor: Decimal) -> Value:
    if factor == 1:
        return value
    if isinstance(value, Range):
        return value.model_copy(update={"low": value.low * factor, "high": value.high * factor})
    return value * factor
