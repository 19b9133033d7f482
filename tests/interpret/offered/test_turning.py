"""Words without which a request would say the opposite are never offered to be left out."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, read, read_rule


@pytest.mark.parametrize(
    "text",
    [
        "不含20万的女客户",
        "customers excluding 20万 women",
        "去年存款比今年多的客户",
        "没怎么买过基金的客户",
        "拒绝购买基金的客户",
        "不再活跃的客户",
        "几乎没登录手机银行的客户",
        "很少登录手机银行的客户",
        "升到白金的女客户",
        "customers who nver bought funds",
        "customers who ddidnt buy funds",
        "customers who cannot buy funds",
        "customers who rarely bought funds",
        "women who are no longer active",
        "payroll customers exclud women",
    ],
)
def test_what_a_denial_or_a_comparison_is_of_turns_it_round(text: str) -> None:
    unread = [issue for issue in read(text).issues if issue.code == "unread"]
    assert unread
    assert all("turns" in issue.params for issue in unread)


@pytest.mark.parametrize("text", ["女客户,啵啵的", "women, frobnicated"])
def test_a_word_apart_may_be_left_out(text: str) -> None:
    unread = [issue for issue in read(text).issues if issue.code == "unread"]
    assert unread
    assert not any("turns" in issue.params for issue in unread)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("existing customers who havent logged in for 3 months", "existing customers who haven't logged in for 3 months"),
        ("people who didnt buy funds this year", "people who didn't buy funds this year"),
        ("customers who dont have a credit card", "customers who don't have a credit card"),
        ("customers whose gender isnt female", "customers whose gender isn't female"),
        ("customers who werent on payroll", "customers who are not on payroll"),
        ("custs w/o credit card pls", "customers without credit card"),
        ("ppl w/ AUM over 500k", "people with AUM over 500k"),
        ("payroll custs excl women", "payroll customers excluding women"),
        ("查下AUM 50w以上没buy过基金的", "查下AUM 50w以上没买过基金的"),
        ("近30天没login手机银行的女客户", "近30天没登录手机银行的女客户"),
        ("AUM 50w以上 w/o 信用卡的客户", "AUM 50w以上 without 信用卡的客户"),
    ],
)
def test_a_word_typed_short_is_read_as_the_word(short: str, full: str) -> None:
    assert asked(short) == asked(full) == []
    assert read_rule(short) == read_rule(full)
