"""A numeral with its unit: currency and cents, counters, lengths of time, tenths. Law: the longest unit, never the beginning of another word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.figures import is_figure
from assistant.language.numerals import Numeral, read_numeral
from assistant.language.text import is_cjk
from assistant.language.words import Phrases, Piece, is_latin, merged, merged_groups, merged_list, numeral_pieces, skip_spaces

_DIME = Decimal("0.1")
_OVER_AFTER_UNIT = ("days", "weeks", "months", "years", "multiple")


@dataclass(frozen=True, slots=True)
class Quantity:
    """[start, end) of the normalised text.

    `unit`: an ISO currency code, percent, percentage_point, basis_point, times (次), multiple (倍), count (个, 户, 张 …, kept in `unit_word`),
    days, weeks, months, quarters, years, hours, minutes, seconds, points, or None. A percentage keeps its face value (20 % = 20).
    `low`, `high`: what a vague number stands for (`assumed` names the convention; high None with low = no upper end); `value` is the number said.
    `multiplier`: what the words after the coefficient multiply by (5百万 1000000), `scale`: the largest of 万, k and the like (10000), 1 when
    there is none: both for sharing between the ends of a range.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None = None
    unit_word: str | None = None
    scale_said: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    assumed: str | None = None
    low_open: bool = False
    high_open: bool = False
    doubt: str | None = None
    multiplier: Decimal = Decimal(1)
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """The tables, each named after its part of the grammar."""

    currency_before: Phrases[str]
    units: Phrases[str]
    not_units: Phrases[bool]
    cents: Phrases[Decimal]
    cents_end: Phrases[bool]
    cents_joiners: Phrases[bool]
    cents_unsaid: Phrases[bool]
    denominators: Phrases[Decimal]
    tenths: Phrases[bool]
    tenths_half: Phrases[bool]
    not_tenths: Phrases[bool]
    shares: Phrases[int]
    shares_compared: Phrases[int]
    not_shares: Phrases[bool]
    vague_before: Phrases[str]
    vague_after: Phrases[str]
    not_vague: Phrases[bool]
    class_of: Phrases[bool]
    figures: Phrases[bool]
    over: Phrases[bool]
    not_over: Phrases[bool]
    ordinal_before: tuple[str, ...]
    calendar_after: Phrases[bool]
    pieces: Phrases[Piece]
    adverbs: frozenset[str]
    not_numbers: Phrases[bool]


@lru_cache(maxsize=1)
def quantity_words() -> QuantityWords:
    """The tables of all locales together."""
    units = merged_groups(lambda grammar: grammar.units).meanings
    currencies = merged_groups(lambda grammar: grammar.currency_after).meanings
    counters = merged_list(lambda grammar: grammar.counters).meanings
    return QuantityWords(
        currency_before=merged(lambda grammar: grammar.currency_before),
        units=Phrases({**dict.fromkeys(counters, "count"), **units, **currencies}),
        not_units=merged_list(lambda grammar: grammar.not_units),
        cents=merged(lambda grammar: grammar.cents),
        cents_end=merged_list(lambda grammar: grammar.cents_end),
        cents_joiners=merged_list(lambda grammar: grammar.cents_joiners),
        cents_unsaid=merged_list(lambda grammar: grammar.cents_unsaid),
        denominators=merged(lambda grammar: grammar.denominators),
        tenths=merged_list(lambda grammar: grammar.tenths),
        tenths_half=merged_list(lambda grammar: grammar.tenths_half),
        not_tenths=merged_list(lambda grammar: grammar.not_tenths),
        shares=merged(lambda grammar: grammar.shares),
        shares_compared=merged(lambda grammar: grammar.shares_compared),
        not_shares=merged_list(lambda grammar: grammar.not_shares),
        vague_before=merged_groups(lambda grammar: grammar.approximately.prefix),
        vague_after=merged_groups(lambda grammar: grammar.approximately.suffix),
        not_vague=merged_list(lambda grammar: grammar.approximately.not_approximately),
        class_of=merged_list(lambda grammar: grammar.approximately.class_of),
        figures=merged_list(lambda grammar: grammar.approximately.figures),
        over=merged_list(lambda grammar: grammar.numerals.over),
        not_over=merged_list(lambda grammar: grammar.numerals.not_over),
        ordinal_before=tuple(merged_list(lambda grammar: grammar.numerals.ordinal_before).meanings),
        calendar_after=merged_list(lambda grammar: grammar.numerals.calendar_after),
        pieces=numeral_pieces(),
        adverbs=frozenset(merged(lambda grammar: grammar.numerals.adverbs).meanings),
        not_numbers=merged_list(lambda grammar: grammar.numerals.not_numbers),
    )


def unit_after(text: str, place: int, figures_end: bool) -> tuple[int, str, str] | None:
    """(end, unit, word) of the unit that follows a numeral: the longest, and not the beginning of another word."""
    tables = quantity_words()
    start = skip_spaces(text, place)
    other = tables.not_units.match(text, start)
    for end, unit in tables.units.matches(text, start):
        word = text[start:end]
        if other is not None and other[0] > end:
            continue
        if len(word) == 1 and is_latin(word) and (start > place or not figures_end):
            continue
        return end, unit, " ".join(word.split())
    return None


def _cents(text: str, place: int, unit_word: str | None) -> tuple[int, Decimal]:
    """What follows a sum in whole units: 五元三毛, 123元1角1分, 五块五, 3 dollars and 50 cents. A last digit without unit is of the next smaller one."""
    tables = quantity_words()
    total, end, unit = Decimal(0), place, Decimal(1)
    while True:
        joiner = tables.cents_joiners.match(text, skip_spaces(text, end))
        part = read_numeral(text, skip_spaces(text, joiner[0] if joiner else end))
        if part is None or not 0 < part.value < 100 or part.low is not None:
            break
        cent = tables.cents.match(text, skip_spaces(text, part.end))
        if cent is None:
            unsaid = total if unit == _DIME else unit_word in tables.cents_unsaid.meanings
            if unsaid and unit >= _DIME and joiner is None and part.word and part.value < 10 and unit_after(text, part.end, False) is None:
                return part.end, total + part.value * unit * _DIME
            break
        if part.value * cent[1] >= unit:
            break
        total, unit = total + part.value * cent[1], cent[1]
        finish = tables.cents_end.match(text, cent[0])
        end = finish[0] if finish else cent[0]
    return end, total


def tenths(text: str, numeral: Numeral, place: int) -> Quantity | None:
    """三成 = 30 %, 三成半 = 35 %, 七成六 = 76 %, 五五折 = 55 %."""
    tables = quantity_words()
    found = tables.tenths.match(text, place)
    if found is None or tables.not_tenths.match(text, place) or numeral.scale_said:
        return None
    value = numeral.value if not numeral.pair else numeral.value + (numeral.high or Decimal(0)) / 10
    if not numeral.pair and numeral.word and 10 < value < 100 and numeral.end - numeral.start == 2 and value % 10 and numeral.low is None:
        value /= 10
    if value > 10:
        return None
    end = found[0]
    half = tables.tenths_half.match(text, end)
    digit = read_numeral(text, skip_spaces(text, end))
    if half is not None:
        end, value = half[0], value + Decimal("0.5")
    elif digit is not None and digit.word and digit.value < 10 and unit_after(text, digit.end, False) is None and digit.low is None:
        end, value = digit.end, value + digit.value / 10
    return Quantity(numeral.start, end, value * 10, "percent", text[place : found[0]])


def _closing_over(text: str, quantity: Quantity) -> Quantity:
    """5年多, 5块多: more than the number, less than one more of its last place."""
    found = quantity_words().over.match(text, quantity.end)
    fits = quantity.unit in _OVER_AFTER_UNIT or (quantity.unit or "").isupper()
    if (
        found is None
        or not fits
        or quantity.low is not None
        or quantity_words().not_over.match(text, quantity.end)
        or not is_cjk(text[quantity.end])
    ):
        return quantity
    step = quantity.multiplier if quantity.value >= quantity.multiplier else Decimal(1)
    return replace(
        quantity, end=found[0], low=quantity.value, high=quantity.value + step, low_open=True, high_open=True, assumed="a_bit_over"
    )


def with_unit(text: str, start: int, numeral: Numeral, currency: str | None, negative: bool, doubt: str | None) -> Quantity | None:
    """A numeral with its currency or unit; None for a calendar number, an ordinal or a part of a word."""
    tables = quantity_words()
    unit = unit_after(text, numeral.end, is_figure(text[numeral.end - 1]))
    calendar = tables.calendar_after.match(text, skip_spaces(text, numeral.end))
    if calendar is not None and (unit is None or unit[0] < calendar[0]):
        return None
    if (
        unit is None
        and numeral.end < len(text)
        and is_latin(text[numeral.end])
        and is_latin(text[numeral.end - 1]) | is_figure(text[numeral.end - 1])
    ):
        return None
    if unit is not None and unit[2] == "年" and not numeral.scale_said and 1900 <= numeral.value <= 2100:
        return None
    if unit is None and numeral.pair:
        value = Decimal(numeral.value * 10 + (numeral.high or Decimal(0)))
        return Quantity(start, numeral.end, value, currency, doubt="digits_or_pair")
    value, end = numeral.value, numeral.end
    name, word = currency, None
    if unit is not None:
        end, found, word = unit
        if currency is not None and found.isupper() and found != currency:
            doubt = doubt or "currency_unclear"
        elif currency is not None and not found.isupper():
            end, word = numeral.end, None
        name = currency or found
    if name is not None and name.isupper():
        cents_end, cents = _cents(text, end, word) if unit is not None and numeral.low is None else (end, Decimal(0))
        end, value = cents_end, value + cents
        numeral, end, value = _scaled_behind(text, numeral, end, value)
    sign = -1 if negative else 1
    quantity = Quantity(
        start, end, value * sign, name, word, numeral.scale_said, numeral.low, numeral.high, numeral.assumed, numeral.low_open, numeral.high_open,
        doubt or numeral.doubt, numeral.multiplier, numeral.scale,
    )  # fmt: skip
    if negative and numeral.low is not None:
        return replace(quantity, doubt="negative_approximation")
    return _closing_over(text, quantity)


def _scaled_behind(text: str, numeral: Numeral, end: int, value: Decimal) -> tuple[Numeral, int, Decimal]:
    """75 USD million: a scale that stands behind the currency."""
    found = quantity_words().pieces.match(text, skip_spaces(text, end))
    fits = found is not None and found[1].kind == "scale" and found[1].latin and not found[1].letter and numeral.scale == 1
    if found is None or not fits or numeral.low is not None:
        return numeral, end, value
    by = found[1].value
    return replace(numeral, multiplier=numeral.multiplier * by, scale=by, scale_said=True), found[0], value * by
