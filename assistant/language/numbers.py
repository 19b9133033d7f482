"""Quantities: a number with its unit, or the interval a vague number stands for. Law: longest and not overlapping; what is not sure carries a doubt.

Reads normalised text (see `text.normalise`); every reader takes the spans that others have claimed (`taken`) and leaves them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from assistant.language.figures import is_figure
from assistant.language.fractions import Fraction, read_article_fraction, read_fraction
from assistant.language.numerals import Numeral, read_minus, read_numeral
from assistant.language.quantities import Quantity, quantity_words, tenths, unit_after, with_unit
from assistant.language.text import is_cjk
from assistant.language.words import inside_word, is_latin, skip_spaces

__all__ = ["Quantity", "Span", "mask", "plain", "read_bare_scale", "read_bare_share", "read_quantities"]

Span = tuple[int, int]

_ABOUT = Decimal("0.1")
_SLIGHTLY = Decimal("0.1")


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
    for word in quantity_words().ordinal_before:
        if before.endswith(word) and not (is_latin(word[0]) and len(before) > len(word) and is_latin(before[-len(word) - 1])):
            return True
    return False


def _percent_words(text: str, start: int) -> Quantity | None:
    """百分之二十, 万分之五, 一半: percentages that begin with a word."""
    tables = quantity_words()
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


def _plain(text: str, start: int) -> Quantity | None:
    """The quantity that begins exactly at `start`, without the words for "about" around it."""
    tables = quantity_words()
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
        unit = unit_after(text, numeral.end, is_figure(text[numeral.end - 1]))
        calendar = tables.calendar_after.match(text, numeral.end)
        if (unit is not None and not unit[1].isupper()) or calendar is not None:
            numeral = read_numeral(text, place, tail=False) or numeral
    if currency is None:
        special = _as_quantity(start, read_fraction(text, place, numeral), negative, doubt)
        if special is None and not negative:
            special = tenths(text, numeral, skip_spaces(text, numeral.end)) or _figures_of(text, numeral)
        if special is not None:
            return special
    if _is_ordinal(text, start) and (
        text[start - 1] == "第" or not is_cjk(text[start - 1]) or unit_after(text, numeral.end, False) is None
    ):
        return None
    return with_unit(text, start, numeral, currency, negative, doubt)


def _figures_of(text: str, numeral: Numeral) -> Quantity | None:
    """六位数, six-figure: everything with that many digits."""
    found = quantity_words().figures.match(text, skip_spaces(text, numeral.end))
    if found is None or numeral.low is not None or numeral.scale_said or not 2 <= numeral.value <= 12 or numeral.value % 1:
        return None
    low = Decimal(10) ** (int(numeral.value) - 1)
    return Quantity(numeral.start, found[0], low, None, None, True, low, low * 10, "figures", False, True)


def read_bare_scale(text: str, start: int) -> Quantity | None:
    """A scale that stands for itself after a word such as 过, 上, 近, 破: 过万, 上百万. None elsewhere, and for a scale that begins a word."""
    tables = quantity_words()
    end, value = start, Decimal(1)
    while (found := tables.pieces.match(text, end)) is not None and found[1].kind in ("small", "scale") and is_cjk(text[end]):
        end, value = found[0], value * found[1].value
    if end == start or value < 100 or tables.not_numbers.match(text, start):
        return None
    if (follows := tables.pieces.match(text, end)) is not None and follows[1].kind in ("digit", "several"):
        return None
    unit = unit_after(text, end, False)
    finish, name, word = unit if unit is not None else (end, None, None)
    return Quantity(start, finish, value, name, word, True, multiplier=value)


def read_bare_share(text: str, start: int) -> Quantity | None:
    """A share that counts only behind a word of comparing: more than half, 过半."""
    tables = quantity_words()
    found = tables.shares_compared.match(text, start)
    if found is None or tables.not_shares.match(text, start) is not None:
        return None
    share = Decimal(found[1])
    return Quantity(start, found[0], share, "percent", text[start : found[0]], multiplier=share)


def _vague_after(text: str, quantity: Quantity) -> Quantity:
    """左右, 出头, 级 behind a quantity."""
    tables = quantity_words()
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
    tables = quantity_words()
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
    tables = quantity_words()
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
    if quantity.unit is None and text[quantity.start : quantity.end] in quantity_words().adverbs:
        return replace(quantity, unit="times", unit_word=text[quantity.start : quantity.end])
    return quantity


def _bare_class(text: str, place: int) -> Quantity | None:
    """亿级, 万级: a scale without a digit counts when 级 follows."""
    bare = read_bare_scale(text, place)
    graded = _vague_after(text, bare) if bare is not None and bare.unit is None else None
    return graded if graded is not None and graded.assumed == "class_of" else None
