"""Quantities: a number with its unit, or the interval a vague number stands for. Law: longest and not overlapping; what is not sure carries a doubt.

Reads normalised text (see `text.normalise`); every reader takes the spans that others have claimed (`taken`) and leaves them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.figures import is_figure
from assistant.language.fractions import Fraction, read_article_fraction, read_fraction
from assistant.language.numerals import Numeral, read_minus, read_numeral
from assistant.language.text import is_cjk
from assistant.language.words import (
    Phrases,
    Piece,
    inside_word,
    is_latin,
    merged,
    merged_groups,
    merged_list,
    numeral_pieces,
    skip_spaces,
)

Span = tuple[int, int]

_ABOUT = Decimal("0.1")
_SLIGHTLY = Decimal("0.1")
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
class _Tables:
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
def _tables() -> _Tables:
    units = merged_groups(lambda grammar: grammar.units).meanings
    currencies = merged_groups(lambda grammar: grammar.currency_after).meanings
    counters = merged_list(lambda grammar: grammar.counters).meanings
    return _Tables(
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


def mask(text: str, taken: Sequence[Span]) -> str:
    """The text with claimed spans made unreadable, places kept."""
    if not taken:
        return text
    characters = list(text)
    for start, end in taken:
        characters[start:end] = "\0" * (end - start)
    return "".join(characters)


def _minus_before(text: str, place: int) -> tuple[int, str | None] | None:
    """(end, doubt) of a minus sign at `place`. A dash glued to a word may only join it to the number, hence the doubt."""
    word = read_minus(text, place)
    if place >= len(text):
        return None
    if word is not None:
        return skip_spaces(text, word), None
    if text[place] != "-":
        return None
    follows = skip_spaces(text, place + 1)
    if follows >= len(text) or not (is_figure(text[follows]) or text[follows] in "$¥€£."):
        return None
    if follows > place + 1:
        alone = not text[:place].strip(" ") or text[:place].rstrip(" ")[-1] in "<>=≥≤:("
        return (follows, "minus_or_dash") if alone else None
    before = text[place - 1] if place else " "
    if is_figure(before) or is_latin(before) or before in "-)%":
        return None
    return place + 1, "minus_or_dash" if is_cjk(before) else None


def _is_ordinal(text: str, start: int) -> bool:
    before = text[max(0, start - 16) : start].rstrip(" ")
    for word in _tables().ordinal_before:
        if before.endswith(word) and not (is_latin(word[0]) and len(before) > len(word) and is_latin(before[-len(word) - 1])):
            return True
    return False


def _unit_after(text: str, place: int, figures_end: bool) -> tuple[int, str, str] | None:
    """(end, unit, word) of the unit that follows a numeral: the longest, and not the beginning of another word."""
    tables = _tables()
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
    tables = _tables()
    total, end, unit = Decimal(0), place, Decimal(1)
    while True:
        joiner = tables.cents_joiners.match(text, skip_spaces(text, end))
        part = read_numeral(text, skip_spaces(text, joiner[0] if joiner else end))
        if part is None or not 0 < part.value < 100 or part.low is not None:
            break
        cent = tables.cents.match(text, skip_spaces(text, part.end))
        if cent is None:
            unsaid = total if unit == _DIME else unit_word in tables.cents_unsaid.meanings
            if unsaid and unit >= _DIME and joiner is None and part.word and part.value < 10 and _unit_after(text, part.end, False) is None:
                return part.end, total + part.value * unit * _DIME
            break
        if part.value * cent[1] >= unit:
            break
        total, unit = total + part.value * cent[1], cent[1]
        finish = tables.cents_end.match(text, cent[0])
        end = finish[0] if finish else cent[0]
    return end, total


def _tenths(text: str, numeral: Numeral, place: int) -> Quantity | None:
    """三成 = 30 %, 三成半 = 35 %, 七成六 = 76 %, 五五折 = 55 %."""
    tables = _tables()
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
    elif digit is not None and digit.word and digit.value < 10 and _unit_after(text, digit.end, False) is None and digit.low is None:
        end, value = digit.end, value + digit.value / 10
    return Quantity(numeral.start, end, value * 10, "percent", text[place : found[0]])


def _percent_words(text: str, start: int) -> Quantity | None:
    """百分之二十, 万分之五, 一半: percentages that begin with a word."""
    tables = _tables()
    denominator = tables.denominators.match(text, start)
    if denominator is not None:
        place = skip_spaces(text, denominator[0])
        minus = _minus_before(text, place)
        numeral = read_numeral(text, minus[0] if minus else place)
        if numeral is None:
            return None
        sign = -denominator[1] if minus else denominator[1]
        return Quantity(start, numeral.end, numeral.value * sign, "percent", text[start : denominator[0]], doubt=numeral.doubt)
    share = tables.shares.match(text, start)
    if share is not None:
        return Quantity(start, share[0], Decimal(share[1]), "percent", text[start : share[0]])
    return None


def _as_quantity(start: int, fraction: Fraction | None, negative: bool = False, doubt: str | None = None) -> Quantity | None:
    if fraction is None:
        return None
    return Quantity(start, fraction.end, -fraction.value if negative else fraction.value, doubt=doubt or fraction.doubt)


def _closing_over(text: str, quantity: Quantity) -> Quantity:
    """5年多, 5块多: more than the number, less than one more of its last place."""
    found = _tables().over.match(text, quantity.end)
    fits = quantity.unit in _OVER_AFTER_UNIT or (quantity.unit or "").isupper()
    if (
        found is None
        or not fits
        or quantity.low is not None
        or _tables().not_over.match(text, quantity.end)
        or not is_cjk(text[quantity.end])
    ):
        return quantity
    step = quantity.multiplier if quantity.value >= quantity.multiplier else Decimal(1)
    return replace(
        quantity, end=found[0], low=quantity.value, high=quantity.value + step, low_open=True, high_open=True, assumed="a_bit_over"
    )


def _with_unit(text: str, start: int, numeral: Numeral, currency: str | None, negative: bool, doubt: str | None) -> Quantity | None:
    """A numeral with its currency or unit; None for a calendar number, an ordinal or a part of a word."""
    tables = _tables()
    unit = _unit_after(text, numeral.end, is_figure(text[numeral.end - 1]))
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
    found = _tables().pieces.match(text, skip_spaces(text, end))
    fits = found is not None and found[1].kind == "scale" and found[1].latin and not found[1].letter and numeral.scale == 1
    if found is None or not fits or numeral.low is not None:
        return numeral, end, value
    by = found[1].value
    return replace(numeral, multiplier=numeral.multiplier * by, scale=by, scale_said=True), found[0], value * by


def _plain(text: str, start: int) -> Quantity | None:
    """The quantity that begins exactly at `start`, without the words for "about" around it."""
    tables = _tables()
    if tables.not_numbers.match(text, start):
        return None
    words = _percent_words(text, start)
    if words is not None:
        return words
    currency, place, doubt, negative = None, start, None, False
    minus = _minus_before(text, place)
    if minus is not None:
        place, doubt, negative = minus[0], minus[1], True
    found = tables.currency_before.match(text, place)
    if found is not None:
        place, currency = skip_spaces(text, found[0]), found[1]
        repeated = tables.currency_before.match(text, place)
        if repeated is not None and repeated[1] == currency:
            place = skip_spaces(text, repeated[0])
    numeral = read_numeral(text, place)
    if numeral is None:
        return _as_quantity(start, read_article_fraction(text, place), negative, doubt) if currency is None else None
    if numeral.tail:
        unit = _unit_after(text, numeral.end, is_figure(text[numeral.end - 1]))
        calendar = tables.calendar_after.match(text, numeral.end)
        if (unit is not None and not unit[1].isupper()) or calendar is not None:
            numeral = read_numeral(text, place, tail=False) or numeral
    if currency is None:
        special = _as_quantity(start, read_fraction(text, place, numeral), negative, doubt)
        if special is None and not negative:
            special = _tenths(text, numeral, skip_spaces(text, numeral.end)) or _figures_of(text, numeral)
        if special is not None:
            return special
    if _is_ordinal(text, start) and (
        text[start - 1] == "第" or not is_cjk(text[start - 1]) or _unit_after(text, numeral.end, False) is None
    ):
        return None
    return _with_unit(text, start, numeral, currency, negative, doubt)


def _figures_of(text: str, numeral: Numeral) -> Quantity | None:
    """六位数, six-figure: everything with that many digits."""
    found = _tables().figures.match(text, skip_spaces(text, numeral.end))
    if found is None or numeral.low is not None or numeral.scale_said or not 2 <= numeral.value <= 12 or numeral.value % 1:
        return None
    low = Decimal(10) ** (int(numeral.value) - 1)
    return Quantity(numeral.start, found[0], low, None, None, True, low, low * 10, "figures", False, True)


def read_bare_scale(text: str, start: int) -> Quantity | None:
    """A scale that stands for itself after a word such as 过, 上, 近, 破: 过万, 上百万. None elsewhere, and for a scale that begins a word."""
    tables = _tables()
    end, value = start, Decimal(1)
    while (found := tables.pieces.match(text, end)) is not None and found[1].kind in ("small", "scale") and is_cjk(text[end]):
        end, value = found[0], value * found[1].value
    if end == start or value < 100 or tables.not_numbers.match(text, start):
        return None
    if (follows := tables.pieces.match(text, end)) is not None and follows[1].kind in ("digit", "several"):
        return None
    unit = _unit_after(text, end, False)
    finish, name, word = unit if unit is not None else (end, None, None)
    return Quantity(start, finish, value, name, word, True, multiplier=value)


def read_bare_share(text: str, start: int) -> Quantity | None:
    """A share that counts only behind a word of comparing: more than half, 过半."""
    tables = _tables()
    found = tables.shares_compared.match(text, start)
    if found is None or tables.not_shares.match(text, start) is not None:
        return None
    share = Decimal(found[1])
    return Quantity(start, found[0], share, "percent", text[start : found[0]], multiplier=share)


def _vague_after(text: str, quantity: Quantity) -> Quantity:
    """左右, 出头, 级 behind a quantity."""
    tables = _tables()
    place = skip_spaces(text, quantity.end)
    if quantity.low is not None or quantity.doubt is not None:
        return quantity
    value = quantity.value
    if tables.not_vague.match(text, place) is None and (found := tables.vague_after.match(text, place)) is not None:
        if found[1] == "about":
            return _about(quantity, quantity.start, found[0])
        return replace(quantity, end=found[0], low=value, high=value * (1 + _SLIGHTLY), assumed="a_bit_over")
    power_of_ten = value >= 10000 and str(int(value)).rstrip("0") == "1"
    if (
        power_of_ten
        and quantity.unit is None
        and tables.not_vague.match(text, place) is None
        and (grade := tables.class_of.match(text, place))
    ):
        return replace(quantity, end=grade[0], low=value, high=value * 10, high_open=True, assumed="class_of")
    return quantity


def _about(quantity: Quantity, start: int, end: int) -> Quantity:
    edges = sorted((quantity.value * (1 - _ABOUT), quantity.value * (1 + _ABOUT)))
    return replace(quantity, start=start, end=end, low=edges[0], high=edges[1], assumed="about_ten_percent")


def _vague_before(text: str, start: int) -> Quantity | None:
    """大约5万, 近5万, 上百万: a word in front that makes the number vague."""
    tables = _tables()
    found = tables.vague_before.match(text, start)
    if found is None or tables.not_vague.match(text, start):
        return None
    place = skip_spaces(text, found[0])
    if found[1] == "reaching":
        bare = read_bare_scale(text, place)
        return None if bare is None else replace(bare, start=start, low=bare.value, assumed="reaching")
    quantity = _plain(text, place) if place < len(text) else None
    if quantity is None and found[1] == "nearly":
        quantity = read_bare_scale(text, place)
    if quantity is None:
        return None
    if quantity.low is not None or quantity.doubt is not None:
        return replace(quantity, start=start, doubt=quantity.doubt or "twice_approximate")
    after = _vague_after(text, quantity)
    if after is not quantity:
        redundant = found[1] == "about" and after.assumed == "about_ten_percent"
        return replace(after, start=start, doubt=None if redundant else "twice_approximate")
    if found[1] == "about":
        return _about(quantity, start, quantity.end)
    if found[1] == "a_bit_over":
        return replace(quantity, start=start, low=quantity.value, high=quantity.value * (1 + _SLIGHTLY), assumed="a_bit_over")
    if (
        quantity.unit in ("days", "weeks", "months", "quarters", "years")
        and quantity.unit_word not in ("岁", "周岁")
        and is_cjk(text[start])
    ):
        return None
    return replace(quantity, start=start, low=quantity.value * (1 - _ABOUT), high=quantity.value, high_open=True, assumed="nearly")


def read_quantities(text: str, taken: Sequence[Span] = ()) -> tuple[Quantity, ...]:
    """All quantities of a normalised text, left to right, longest first, not overlapping. `taken`: spans that belong to others."""
    return _read(mask(text, taken))


@lru_cache(maxsize=256)
def _read(visible: str) -> tuple[Quantity, ...]:
    """Remembered, because comparisons, ranks and windows of one request each look at its quantities."""
    tables = _tables()
    found: list[Quantity] = []
    place = 0
    while place < len(visible):
        if inside_word(visible, place):
            place += 1
            continue
        if found and visible[place] in "-~" and not visible[found[-1].end : place].strip(" "):
            place += 1
            continue
        blocked = tables.not_vague.match(visible, place) or tables.not_numbers.match(visible, place)
        if blocked is not None:
            place = blocked[0]
            continue
        quantity = _vague_before(visible, place)
        if quantity is None:
            quantity = _plain(visible, place)
            if quantity is None and (bare := _bare_class(visible, place)) is not None:
                quantity = bare
            elif quantity is not None:
                quantity = _vague_after(visible, quantity)
        if quantity is None:
            place += 1
            continue
        if found and _run_together(visible, found[-1], quantity):
            found[-1] = replace(found[-1], doubt="numbers_run_together")
            quantity = replace(quantity, doubt="numbers_run_together")
        found.append(_counted(visible, _tidy(quantity)))
        place = quantity.end
    return tuple(found)


def _run_together(text: str, left: Quantity, right: Quantity) -> bool:
    """Two numbers with nothing between them (3万50), or two number words that do not add up (nineteen ninety)."""
    if left.unit is not None or left.assumed == "about_ten_percent":
        return False
    between = text[left.end : right.start]
    if between == "/":
        return True
    return between == "" or (between == " " and is_latin(text[left.end - 1]) and is_latin(text[right.start]) and not left.scale_said)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or exponent, so that it prints as people write it."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _tidy(quantity: Quantity) -> Quantity:
    low, high = (None if edge is None else plain(edge) for edge in (quantity.low, quantity.high))
    return replace(quantity, value=plain(quantity.value), low=low, high=high)


def _counted(text: str, quantity: Quantity) -> Quantity:
    """once, twice: the word says the unit too."""
    if quantity.unit is None and text[quantity.start : quantity.end] in _tables().adverbs:
        return replace(quantity, unit="times", unit_word=text[quantity.start : quantity.end])
    return quantity


def _bare_class(text: str, place: int) -> Quantity | None:
    """亿级, 万级: a scale without a digit counts when 级 follows."""
    bare = read_bare_scale(text, place)
    graded = _vague_after(text, bare) if bare is not None and bare.unit is None else None
    return graded if graded is not None and graded.assumed == "class_of" else None
