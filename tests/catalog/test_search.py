"""Search: the right element first, by any of its words, in either language; near ones for a word the catalog does not have."""

from __future__ import annotations

from functools import cache

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.search import Search


@cache
def search() -> Search:
    return Search(TagCatalog.load())


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("活期存款", "tag", "dep_demand_bal"),
        ("活期", "tag", "dep_demand_bal"),
        ("demand deposits", "tag", "dep_demand_bal"),
        ("DEMAND  Deposits", "tag", "dep_demand_bal"),
        ("dep_demand_bal", "tag", "dep_demand_bal"),
        ("手机银行活跃", "concept", "mobile_active"),
        ("手機銀行活躍", "concept", "mobile_active"),
        ("active app users", "concept", "mobile_active"),
        ("手机银行不活跃", "concept", "mobile_active"),
        ("专区浏览", "record", "zone_view"),
        ("房贷", "tag", "mort_flag"),
        ("理财", "tag", "wealth_bal"),
        ("刷卡", "record", "cc_spend"),
    ],
)
def test_an_exact_word_comes_first_with_full_score(text: str, kind: str, code: str) -> None:
    first = search().find(text)[0]
    assert (first.kind, first.code, first.score) == (kind, code, 100.0)


def test_a_value_is_found_with_the_tag_that_has_it() -> None:
    hits = [(hit.code, hit.value) for hit in search().find("金卡") if hit.kind == "value" and hit.score == 100]
    assert hits[:2] == [("cust_tier", "T2"), ("credit_card.grade", "gold")]


def test_exact_stands_before_prefix_before_inside_before_definition() -> None:
    scores = [hit.score for hit in search().find("活期", limit=50)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 100
    assert any(90 <= score < 96 for score in scores)
    assert 60 in scores


def test_a_language_keeps_the_other_out() -> None:
    assert all(hit.matched.isascii() for hit in search().find("login", "en", limit=30))
    assert not any(hit.score == 100 for hit in search().find("login", "zh"))


def test_each_element_appears_once_and_the_limit_holds() -> None:
    hits = search().find("AUM", limit=7)
    assert len(hits) == 7
    assert len({(hit.kind, hit.code, hit.value) for hit in hits}) == 7


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_an_empty_word_finds_nothing(text: str) -> None:
    assert search().find(text) == ()
    assert search().suggest(text) == ()


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("活器存款", "dep_demand_bal"),
        ("mortage", "mort_flag"),
        ("年收人", "annual_income"),
        ("credt card", "cc_flag"),
        ("登陆次数", "app_login"),
        ("理财产平", "wealth_bal"),
    ],
)
def test_the_nearest_element_is_suggested_for_a_misspelt_word(word: str, code: str) -> None:
    hits = search().suggest(word)
    assert hits[0].code == code
    assert hits[0].score < 100
    assert len(hits) <= 3


def test_suggestions_are_elements_not_values() -> None:
    catalog = TagCatalog.load()
    known = {"tag": catalog.tags, "record": catalog.records, "concept": catalog.concepts}
    for word in ("金卡", "推送", "基金经理", "wealthy"):
        for hit in search().suggest(word, 10):
            assert hit.code in known[hit.kind]
            assert hit.value is None


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    assert search().suggest("xyzzy") == ()
    assert search().suggest("住几楼") == ()


def test_the_order_is_the_same_for_another_search_over_the_same_catalog() -> None:
    other = Search(TagCatalog.load())
    for word in ("理财", "wealth", "活跃", "card", "机构"):
        assert search().find(word, limit=40) == other.find(word, limit=40)
        assert search().suggest(word, 20) == other.suggest(word, 20)
