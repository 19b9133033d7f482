"""Every number, spelled by spellers that share nothing with the readers, reads back as itself and as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.numbers import read_quantities
from assistant.language.text import normalise
from tests.language.test_numbers import chinese, english

FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("万亿贰陆叁", "萬億貳陸叄")
FULL_WIDTH = {**{ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}, ord(","): "，", ord("."): "．", ord("%"): "％"}
UNITS = (("元", "CNY"), ("万元", "CNY"), ("次", "times"), ("天", "days"), ("岁", "years"), ("个月", "months"), ("%", "percent"))
SIZES = st.integers(0, 15).flatmap(lambda size: st.integers(0, 10**size))
"""Numbers of every length alike, up to 10^15."""
BELOW_TRILLION = st.integers(0, 11).flatmap(lambda size: st.integers(0, 10**size))


def reads(written: str, value: Decimal | int, unit: str | None = None) -> None:
    """The text, and the text with words around it, is one quantity over the whole of what was written."""
    for before, after in (("", ""), ("客户", "的"), ("with ", " in all")):
        words = normalise(before + written + after)
        found = read_quantities(words.text)
        assert [(one.value, one.unit, one.doubt) for one in found] == [(value, unit, None)], words.text
        assert words.span(found[0].start, found[0].end) == (len(before), len(before) + len(written))


@given(BELOW_TRILLION)
def test_chinese_in_every_script(number: int) -> None:
    said = chinese(number)
    for written in (said, said.translate(FORMAL), said.translate(TRADITIONAL), said.translate(FORMAL).translate(TRADITIONAL)):
        reads(written, number)


@given(BELOW_TRILLION)
def test_chinese_with_its_parts_spaced(number: int) -> None:
    said = chinese(number)
    spaced = "".join(character + (" " if character in "万亿" else "") for character in said).strip()
    (found,) = read_quantities(spaced)
    assert (found.value, found.start, found.end) == (number, 0, len(spaced))


@given(BELOW_TRILLION)
def test_english_words(number: int) -> None:
    said = english(number)
    for written in (said, said.replace("-", " "), said.upper()):
        (found,) = read_quantities(normalise(written).text)
        assert (found.value, found.start, found.end) == (number, 0, len(written))


@given(SIZES)
def test_figures_plain_grouped_and_full_width(number: int) -> None:
    for written in (str(number), f"{number:,}", str(number).translate(FULL_WIDTH), f"{number:,}".translate(FULL_WIDTH)):
        reads(written, number)


@given(
    st.integers(1, 999999).map(lambda number: Decimal(number) / 100),
    st.sampled_from(
        [
            ("万", 10**4),
            ("W", 10**4),
            ("w", 10**4),
            ("亿", 10**8),
            ("百万", 10**6),
            ("千万", 10**7),
            ("k", 1000),
            ("K", 1000),
            ("m", 10**6),
            ("bn", 10**9),
        ]
    ),
)
def test_figures_with_a_scale(number: Decimal, scale: tuple[str, int]) -> None:
    for figure in (str(number), f"{number:,}"):
        reads(figure + scale[0], number * scale[1])
        reads((figure + scale[0]).translate(FULL_WIDTH), number * scale[1])


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([("万", 10**4), ("千", 1000), ("百", 100), ("亿", 10**8)]))
def test_the_last_digit_without_its_unit(first: int, last: int, unit: tuple[str, int]) -> None:
    reads(f"{chinese(first)}{unit[0]}{chinese(last)}", first * unit[1] + last * unit[1] // 10)


@given(BELOW_TRILLION, st.sampled_from(UNITS))
def test_chinese_with_a_unit(number: int, unit: tuple[str, str]) -> None:
    by = 10**4 if unit[0] == "万元" else 1
    if by == 1 or number < 10**4:
        reads(f"{number}{unit[0]}", number * by, unit[1])


@given(st.integers(1, 99), st.integers(100, 999))
def test_fractions(numerator: int, denominator: int) -> None:
    (found,) = read_quantities(f"{chinese(denominator)}分之{chinese(numerator)}")
    assert found.value == Decimal(numerator) / denominator or (denominator == 100 and found.value == numerator)


@pytest.mark.parametrize(
    "number", [0, 10, 11, 100, 101, 110, 111, 1001, 1010, 1100, 10000, 10001, 10010, 100000, 110000, 10**8, 10**8 + 1, 10**8 + 10**4]
)
def test_numbers_with_zeros(number: int) -> None:
    reads(chinese(number), number)
    reads(str(number), number)
