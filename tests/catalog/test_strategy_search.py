"""The templates a goal finds, and those a misspelt name is near to."""

from __future__ import annotations

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Strategy
from assistant.catalog.strategy_search import MOST_FOUND, grams, strategies_of

CATALOG = TagCatalog.load()
SEARCH = strategies_of(CATALOG)


@pytest.mark.parametrize("strategy", CATALOG.strategies.values(), ids=lambda one: one.code)
def test_a_template_is_found_by_its_own_goal_and_names(strategy: Strategy) -> None:
    for goal in (strategy.goal.zh, strategy.goal.en):
        assert strategy in SEARCH.for_goal(goal), goal
    for _, word in strategy.said():
        assert SEARCH.named(word) is strategy
        assert SEARCH.near(word)[0] is strategy


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("提升理财首购", "wealth_first_purchase"),
        ("唤醒沉睡的手机银行客户", "app_dormant_wake"),
        ("提升代发留存", "payroll_keep"),
        ("防止资产流失", "asset_churn_warning"),
        ("raise first purchases of wealth products", "wealth_first_purchase"),
        ("wake dormant app users", "app_dormant_wake"),
        ("activating credit cards", "card_activation"),
    ],
)
def test_a_goal_finds_its_template_first(goal: str, code: str) -> None:
    found = SEARCH.for_goal(goal)
    assert found[0].code == code
    assert len(found) <= MOST_FOUND


@pytest.mark.parametrize("goal", ["", "天气怎么样", "提升员工满意度", "the weather"])
def test_what_no_template_serves_finds_none(goal: str) -> None:
    assert SEARCH.for_goal(goal) == ()


def test_a_higher_bar_lets_fewer_goals_through() -> None:
    assert SEARCH.for_goal("理财到期的老年客户")
    assert not SEARCH.for_goal("理财到期的老年客户", 0.95)


@pytest.mark.parametrize(
    ("said", "code"), [("里财首购", "wealth_first_purchase"), ("长睡", "card_long_dormant"), ("welth prospects", "wealth_first_purchase")]
)
def test_a_misspelt_name_is_near_to_the_right_one(said: str, code: str) -> None:
    assert SEARCH.named(said) is None
    assert SEARCH.near(said)[0].code == code


def test_nothing_is_near_to_nonsense() -> None:
    assert SEARCH.near("火箭发射") == ()


def test_grams_are_pairs_of_ideographs_and_words_without_endings() -> None:
    assert grams("提升 MAU, cards") == ("提升", "mau", "card")
    assert grams("户") == ("户",)
