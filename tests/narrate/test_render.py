"""Values and Facts as text: exact for what a rule states, rounded for what was measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalog.model import LANGUAGES
from assistant.facts import Fact, FactUnit, FactValue
from assistant.narrate.render import amount, percent, plain, render, scaled


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        ("50000", "5万元", "CNY 50,000"),
        ("150000000", "1.5亿元", "CNY 150,000,000"),
        ("123456", "12.3456万元", "CNY 123,456"),
        ("123456789", "12,345.6789万元", "CNY 123,456,789"),
        ("9999.99", "9,999.99元", "CNY 9,999.99"),
        ("50000.5", "50,000.5元", "CNY 50,000.5"),
        ("-30000", "-3万元", "CNY -30,000"),
        ("0", "0元", "CNY 0"),
    ],
)
def test_money_is_exact(number: str, zh: str, en: str) -> None:
    assert amount(Decimal(number), "CNY", "zh") == zh
    assert amount(Decimal(number), "CNY", "en") == en


@given(st.decimals(-(10**12), 10**12, places=2))
def test_scaled_money_loses_no_digit(number: Decimal) -> None:
    text = scaled(number, "zh")
    scale = {"亿": 10**8, "万": 10**4}.get(text[-1], 1)
    assert Decimal(text.rstrip("亿万").replace(",", "")) * scale == number


def test_a_year_has_no_thousands() -> None:
    for language in LANGUAGES:
        assert amount(Decimal(1990), "calendar_year", language) == "1990"
        assert render(Fact("a", Decimal("2018.5"), "calendar_year", "measured"), language) == "2019"


def test_units() -> None:
    assert amount(Decimal(3), "times", "zh") == "3次"
    assert amount(Decimal(1), "times", "en") == "1 time"
    assert amount(Decimal("3.5"), "percent", "zh") == "3.5%"
    assert plain(Decimal("-0.00")) == "0"
    assert plain(Decimal("1E+3")) == "1,000"


def test_a_share_is_never_rounded_to_nothing_or_to_all() -> None:
    assert percent(Decimal("0.0001")) == "<0.1%"
    assert percent(Decimal("0.9999")) == ">99.9%"
    assert percent(Decimal(0)) == "0.0%"
    assert percent(Decimal(1)) == "100.0%"
    assert percent(Decimal("0.12345")) == "12.3%"


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("499954.26", "CNY", "499,954.26元", "CNY 499,954.26"),
        ("500000", "CNY", "50万元", "CNY 500,000"),
        ("3.4996", "percent", "3.4996%", "3.4996%"),
    ],
)
def test_what_is_held_against_a_threshold_does_not_look_like_it(value: str, unit: FactUnit, zh: str, en: str) -> None:
    fact = Fact("f", Decimal(value), unit, "measured", "q", exact=True)
    assert (render(fact, "zh"), render(fact, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (12345, "customers", "12,345人", "12,345 customers"),
        (1, "customers", "1人", "1 customer"),
        (Decimal("0.5"), "share", "50.0%", "50.0%"),
        (Decimal("123456.789"), "CNY", "12.35万元", "CNY 123,457"),
        (Decimal("99.4"), "index", "99", "99"),
        (Decimal("0.1234"), "points", "12.3个百分点", "12.3 percentage points"),
        (date(2026, 9, 24), "date", "2026-09-24", "2026-09-24"),
        ("{count}", "name", "{count}", "{count}"),
        (None, "index", "无", "none"),
    ],
)
def test_facts(value: FactValue, unit: FactUnit, zh: str, en: str) -> None:
    fact = Fact("x", value, unit)
    assert render(fact, "zh") == zh
    assert render(fact, "en") == en


def test_a_suppressed_fact_says_no_number_of_its_own() -> None:
    assert render(Fact("x", None, "customers", suppressed=True, floor=20), "zh") == "少于20人"
    assert render(Fact("x", None, "customers", suppressed=True, floor=20), "en") == "fewer than 20 customers"
    assert render(Fact("x", None, "share", suppressed=True, floor=20), "zh") == "（为保护小群体，不显示）"
    assert render(Fact("x", None, "customers", suppressed=True), "en") == "(withheld to protect small groups)"
