"""What can stand at a place of a sentence: every way to read it, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.interpret.readback.patterns import Names, Patterns
from assistant.language.templates import fold
from assistant.rule.short import window_from_short
from assistant.rule.tree import Snapshot

CATALOG = TagCatalog.load()


def patterns(text: str, language: Language = "zh") -> Patterns:
    return Patterns(CATALOG, language, fold(text), date(2026, 9, 24), date(2026, 9, 25))


def test_all_names_that_begin_at_a_place_are_found_whole() -> None:
    names = Names.of((("金卡", "a"), ("金卡客户", "b"), ("ＧＯＬＤ", "c"), ("gold", "d")))
    assert names.at("金卡客户", 0) == [("b", 4), ("a", 2)]
    assert names.at("金卡客", 0) == [("a", 2)]
    assert names.at("gold", 0) == [("c", 4), ("d", 4)]
    assert names.at("金", 0) == []


@pytest.mark.parametrize(
    ("text", "unit", "language", "value"),
    [
        ("5万元", "CNY", "zh", 50_000),
        ("1.5亿元", "CNY", "zh", 150_000_000),
        ("-2,000万元", "CNY", "zh", -20_000_000),
        ("CNY 1,234,567.8", "CNY", "en", Decimal("1234567.8")),
        ("1 time", "times", "en", 1),
        ("3 times", "times", "en", 3),
        ("3.6%", "percent", "zh", Decimal("3.6")),
    ],
)
def test_an_amount_in_its_unit(text: str, unit: str, language: Language, value: Decimal | int) -> None:
    assert patterns(text, language).amount(0, unit) == [(Decimal(value), len(text))]


@pytest.mark.parametrize("text", ["5万美元", "五万元", "元", ""])
def test_another_unit_or_spelling_is_no_amount_of_a_sentence(text: str) -> None:
    assert patterns(text).amount(0, "CNY") == []


@pytest.mark.parametrize(
    ("text", "language", "short"),
    [
        ("近30天", "zh", "rolling 30 day"),
        ("the last 1 month", "en", "rolling 1 month"),
        ("the last 3 full calendar months", "en", "calendar month -3..-1"),
        ("本月结束前", "zh", "rest_of month"),
        ("2026-09-01至2026-09-15", "zh", "2026-09-01..2026-09-15"),
        ("每年9月1日至11月30日", "zh", "yearly 09-01..11-30"),
        ("September 1 to November 30 of any year", "en", "yearly 09-01..11-30"),
        ("7天前至30天前", "zh", "ago 7..30 day"),
    ],
)
def test_a_window_by_its_words(text: str, language: Language, short: str) -> None:
    assert (window_from_short(short), len(text)) in patterns(text, language).window(0)


def test_dates_beside_a_window_are_read_only_if_they_are_its_own() -> None:
    right, wrong = "近30天（2026-08-26 至 2026-09-24）", "近30天（2026-08-27 至 2026-09-24）"
    assert len(right) in [end for _, end in patterns(right).window(0)]
    assert len(wrong) not in [end for _, end in patterns(wrong).window(0)]


def test_a_day_the_calendar_does_not_have_is_no_window() -> None:
    assert patterns("2026-02-30至2026-03-01").window(0) == []


def test_an_earlier_snapshot() -> None:
    assert patterns("上月末").snapshot(0) == [(Snapshot(), 3)]
    assert (Snapshot(unit="quarter", offset=-3), 8) in patterns("3个季度前的季末").snapshot(0)
    assert patterns("100个月前的月末").snapshot(0) == []


def test_a_comparison_says_its_operator_and_value() -> None:
    tag = CATALOG.tags["cust_tier"]
    said = "不为金卡客户、白金客户中的任何一个"
    assert (("not_in", ("T2", "T3")), len(said)) in patterns(said).comparison(0, tag)
    balance = CATALOG.tags["aum_bal"]
    (found,) = patterns("在1万元（含）至5万元（不含）之间").comparison(0, balance)
    assert found[0][0] == "range"
