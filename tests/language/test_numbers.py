from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.numbers import Quantity, read_quantities

DIGITS = "零一二三四五六七八九"


def only(text: str) -> Quantity:
    (found,) = read_quantities(text)
    return found


def chinese(number: int) -> str:
    """A number below 10^12 in Chinese, written by the schoolbook rule and nothing shared with the reader."""

    def section(value: int) -> str:
        said, zero = "", False
        for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = value // unit % 10
            if digit:
                said += ("零" if zero and said else "") + DIGITS[digit] + name
                zero = False
            else:
                zero = True
        return said

    said, gap = "", False
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // unit % 10**4
        if part:
            said += ("零" if said and (gap or part < 1000) else "") + section(part) + name
            gap = False
        else:
            gap = True
    return said or "零"


ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def english(number: int) -> str:
    for unit, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= unit:
            rest = number % unit
            return f"{english(number // unit)} {name}" + (f" {'and ' if rest < 100 else ''}{english(rest)}" if rest else "")
    if number < 20:
        return ONES[number]
    return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")


@given(st.integers(0, 10**12 - 1))
def test_every_number_reads_back_from_both_languages(number: int) -> None:
    assert (only(chinese(number)).value, only(english(number)).value, only(f"{number:,}").value) == (number,) * 3


@given(
    st.decimals(Decimal("0.01"), Decimal(9999), places=2),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("k", 1000), ("m", 10**6), (" million", 10**6)]),
)
def test_every_figure_reads_back_with_its_scale(number: Decimal, scale: tuple[str, int]) -> None:
    found = only(f"{number}{scale[0]}")
    assert found.value == number * scale[1]
    assert found.multiplier == scale[1]


@pytest.mark.parametrize(
    ("text", "unit", "word"),
    [
        ("3次", "times", "次"),
        ("3个", "count", "个"),
        ("1500户", "count", "户"),
        ("30天", "days", "天"),
        ("3个月", "months", "个月"),
        ("35岁", "years", "岁"),
        ("2个季度", "quarters", "个季度"),
    ],
)
def test_the_unit_word_is_kept(text: str, unit: str, word: str) -> None:
    found = only(text)
    assert (found.unit, found.unit_word) == (unit, word)


def test_a_tail_does_not_eat_the_next_count() -> None:
    assert [(found.value, found.unit) for found in read_quantities("5万3个月")] == [(50000, None), (3, "months")]


def test_units_of_two_currencies_are_doubted() -> None:
    assert only("$50元").doubt == "currency_unclear"
    assert only("约几十万").doubt == "twice_approximate"
    assert only("五六").doubt == "digits_or_pair"
