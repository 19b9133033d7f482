"""What of a sentence applies a template, which numbers it sets, and what merely sounds like it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.interpret.asked.applying import asks_how_to
from assistant.interpret.asked.strategies import fitting, number_for, read_applying, read_listing, read_seeking, read_settings
from assistant.interpret.interpretation import Context
from assistant.language.text import normalise
from assistant.rule.tree import AllOf
from assistant.store.segment import Library, SavedSegment, Version
from tests.interpret.reading import asked

CATALOG = TagCatalog.load()
CONTEXT = Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25))


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("套用理财潜客,门槛3万,上海", "wealth_first_purchase", ",门槛3万,上海"),
        ("请帮我套用一下「理财首购」模板", "wealth_first_purchase", ""),
        ("套用策略模板理财首购 上海分行", "wealth_first_purchase", "上海分行"),
        ("使用理财首购策略", "wealth_first_purchase", ""),
        ("用长睡卡模板,18个月", "card_long_dormant", ",18个月"),
        ("套用首购后复购", "wealth_second_purchase", ""),
        ("apply the wealth prospects template in Shanghai", "wealth_first_purchase", "in shanghai"),
        ("Apply wealth prospects", "wealth_first_purchase", ""),
        ('apply the strategy "A new customer\'s first month", Shanghai Branch', "app_new_customer_habit", ", shanghai branch"),
        ("套用火箭发射,上海", None, ",上海"),
    ],
)
def test_a_template_is_taken_by_its_name(text: str, code: str | None, rest: str) -> None:
    folded = normalise(text)
    found = read_applying(folded, CONTEXT)
    assert found is not None
    assert (None if found.strategy is None else found.strategy.code) == code
    assert folded.text[found.last :].strip() == rest


@pytest.mark.parametrize(
    "text",
    [
        "使用手机银行的客户",
        "用信客户",
        "按客户等级看",
        "apply for a loan",
        "customers who apply for a loan",
        "use the app",
        "申请套用额度的客户",
        "应用市场",
        "按生日",
        "使用定投",
        "use savings plan",
    ],
)
def test_other_requests_apply_none(text: str) -> None:
    assert read_applying(normalise(text), CONTEXT) is None


def settings(code: str, text: str) -> list[tuple[str | None, Decimal, str]]:
    folded = normalise(text)
    strategy = CATALOG.strategies[code]
    return [(one.name, one.value, folded.text[one.first : one.last].strip()) for one in read_settings(folded, 0, strategy, CATALOG)]


def test_numbers_are_set_by_their_own_words_with_or_without_the_direction_of_the_template() -> None:
    assert settings("wealth_first_purchase", "活期余额改为3万") == [("balance", Decimal(30000), "活期余额改为3万")]
    assert settings("wealth_first_purchase", "余额大于3万,登录次数5次以上") == [
        ("balance", Decimal(30000), "余额大于3万"),
        ("logins", Decimal(5), "登录次数5次以上"),
    ]
    assert settings("wealth_first_purchase", "with a balance of 30k") == [("balance", Decimal(30000), "with a balance of 30k")]
    assert settings("wealth_first_purchase", "门槛3万") == [(None, Decimal(30000), "门槛3万")]


@pytest.mark.parametrize("text", ["余额低于3万", "贷款余额3万", "余额大概3万", "余额3到5万", "余额", "浏览3万", "他行余额3万"])
def test_what_goes_another_way_or_is_part_of_another_word_sets_nothing_of_it(text: str) -> None:
    assert [name for name, *_ in settings("wealth_first_purchase", text) if name == "balance"] == []


def test_a_word_for_any_number_fits_those_of_its_unit() -> None:
    strategy = CATALOG.strategies["wealth_first_purchase"]
    for text, names in (("门槛3万", ("balance",)), ("门槛5次", ("logins", "views")), ("门槛3天", ()), ("门槛5", ("logins", "views"))):
        (setting,) = read_settings(normalise(text), 0, strategy, CATALOG)
        assert fitting(setting, strategy) == names, text


@pytest.mark.parametrize(
    ("code", "text", "name", "value"),
    [
        ("wealth_first_purchase", "登录次数5次以上", "logins", 4),  # the template says over
        ("wealth_first_purchase", "登录次数超过5次", "logins", 5),
        ("wealth_first_purchase", "余额3万以上", "balance", 30000),  # money has no next whole number
        ("wealth_first_purchase", "浏览次数超过2次", "views", 3),  # the template says at least
        ("wealth_maturity", "天数2周", "days", 14),
        ("merchant_settlement", "占比20%", "share", "0.2"),
    ],
)
def test_a_number_says_what_was_said_in_the_templates_own_comparison(code: str, text: str, name: str, value: object) -> None:
    strategy = CATALOG.strategies[code]
    (setting,) = read_settings(normalise(text), 0, strategy, CATALOG)
    assert number_for(setting, name, strategy, CATALOG) == Decimal(str(value))


@pytest.mark.parametrize(
    ("text", "kind"), [("有哪些策略模板", "list"), ("List strategies.", "list"), ("策略覆盖矩阵", "coverage"), ("提升理财首购", None)]
)
def test_the_list_and_the_coverage_are_whole_turns(text: str, kind: str | None) -> None:
    assert read_listing(normalise(text)) == kind


@pytest.mark.parametrize(
    ("text", "words", "spoken"),
    [
        ("提升理财首购", "提升理财首购", False),
        ("有什么策略能提升理财首购?", "提升理财首购", True),
        ("怎么提升理财首购", "提升理财首购", False),
        ("strategies that raise first purchases", "raise first purchases", True),
        ("how can we wake dormant app users", "wake dormant app users", False),
    ],
)
def test_a_goal_is_what_is_to_be_improved(text: str, words: str, spoken: bool) -> None:
    found = read_seeking(normalise(text), CONTEXT)
    assert found is not None
    assert (found.words, found.spoken) == (words, spoken)
    assert found.found


@pytest.mark.parametrize("text", ["上海分行的理财潜客", "按策划看", "customers with a strategic view"])
def test_no_goal_is_read_into_other_requests(text: str) -> None:
    assert read_seeking(normalise(text), CONTEXT) is None


def library(name: str) -> Library:
    version = Version(1, AllOf(), "living", "", "me", "", date(2026, 9, 24), "")
    return Library("me", (SavedSegment("s", name, "me", "", False, False, (version,)),))


def test_a_saved_segment_keeps_its_name() -> None:
    """Its name may hold the words of strategies, or be what is applied."""
    named = replace(CONTEXT, library=library("春节策略"))
    assert read_seeking(normalise("在春节策略里没有信用卡的"), named) is None
    assert read_seeking(normalise("在春节策略里没有信用卡的"), CONTEXT) is not None
    assert read_applying(normalise("套用重点客户"), replace(CONTEXT, library=library("重点客户"))) is None
    assert read_applying(normalise("套用重点客户"), CONTEXT) is not None


@pytest.mark.parametrize("text", ["怎么提升理财首购", "如何唤醒沉睡客户", "how can we win back lapsed payroll customers"])
def test_how_a_goal_is_reached_finds_its_templates(text: str) -> None:
    assert asks_how_to(normalise(text))
    assert "strategy_goal" in asked(text)


@pytest.mark.parametrize("text", ["怎么提升了理财首购", "AUM怎么提升了", "为什么提升", "提升理财首购"])
def test_why_it_rose_is_no_goal(text: str) -> None:
    assert not asks_how_to(normalise(text))
