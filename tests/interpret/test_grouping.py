"""Groups side by side: built alike they are beside each other, else nobody can meet them and that is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read, read_rule, spells


def _org(code: str) -> Mapping[str, Any]:
    return {"tag": "home_org", "value": [code]}


def _aum(value: int) -> Mapping[str, Any]:
    return {"tag": "aum_bal", "operator": ">=", "value": value}


EACH_BRANCH = {"any": [{"all": [_org("3300"), _aum(500000)]}, {"all": [_org("3302"), _aum(300000)]}]}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("杭州分行AUM50万以上和宁波分行AUM30万以上的客户", EACH_BRANCH),
        ("AUM50万以上的杭州分行客户和AUM30万以上的宁波分行客户", EACH_BRANCH),
        ("Hangzhou Branch customers with AUM of at least 500k, and Ningbo Branch customers with AUM of at least 300k", EACH_BRANCH),
        (
            "上海分行的女性和北京分行的男性",
            {
                "any": [
                    {"all": [_org("3100"), {"tag": "gender", "value": ["F"]}]},
                    {"all": [_org("1100"), {"tag": "gender", "value": ["M"]}]},
                ]
            },
        ),
    ],
)
def test_groups_built_alike_are_beside_each_other(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "杭州分行AUM50万以上且宁波分行AUM30万以上的客户",  # 且 asks for both at once
        "杭州分行AUM50万以上和宁波分行AUM30万以上的代发客户",  # the last words may be said of both groups
        "杭州分行AUM50万以上和活期10万以上的客户",
    ],
)
def test_other_groups_all_hold(text: str) -> None:
    rule = read_rule(text)
    assert rule != canonical(EACH_BRANCH)
    assert "AnyOf" not in repr(rule)


MORTGAGE = {"tag": "mort_flag", "value": True}
PLATINUM = {"tag": "cust_tier", "value": ["T3"]}
LOGGED_IN = {
    "records": "app_login",
    "window": {"kind": "rolling", "unit": "day", "n": 30},
    "aggregate": "count",
    "operator": ">=",
    "value": 1,
}


@pytest.mark.parametrize(
    "text",
    [
        "房贷客户和白金客户",
        "有房贷的客户和白金客户有多少",
        "房贷客户以及白金客户",
        "房贷客户、白金客户",
        "mortgage customers and platinum customers",
        "mortgage holders and platinum customers",
    ],
)
def test_two_nouns_of_people_joined_by_and_are_asked_about(text: str) -> None:
    found = read(text)
    (question,) = found.questions
    assert question.code == "ambiguous_scope"
    either, both = question.readings
    assert spells(either.rule, {"any": [MORTGAGE, PLATINUM]})
    assert spells(both.rule, {"all": [MORTGAGE, PLATINUM]})


@pytest.mark.parametrize("text", ["女性和白金客户", "women and platinum customers", "customers with a mortgage and those over 50"])
def test_a_noun_may_be_a_sort_of_people_or_stand_in_front(text: str) -> None:
    assert "ambiguous_scope" in asked(text)


def test_what_is_said_before_the_first_noun_may_hold_for_both() -> None:
    (question,) = read("近30天登录过的房贷客户和白金客户").questions
    meant = (
        {"all": [LOGGED_IN, {"any": [MORTGAGE, PLATINUM]}]},
        {"any": [{"all": [LOGGED_IN, MORTGAGE]}, PLATINUM]},
        {"all": [LOGGED_IN, MORTGAGE, PLATINUM]},
    )
    assert all(spells(one.rule, short) for one, short in zip(question.readings, meant, strict=True))


def test_what_a_comma_sets_apart_holds_for_all() -> None:
    for text in ("房贷客户和白金客户，近30天登录过的", "近30天登录过的，房贷客户和白金客户"):
        assert read_rule(text) == canonical({"all": [LOGGED_IN, {"any": [MORTGAGE, PLATINUM]}]})


@pytest.mark.parametrize(
    "text",
    [
        "有房贷和有信用卡的客户",
        "房贷客户且白金客户等级",
        "customers with a mortgage and a credit card",
        "female customers and with a mortgage",
        "金卡客户和白金客户",
    ],
)
def test_one_noun_of_people_or_values_of_one_tag_are_not(text: str) -> None:
    assert "ambiguous_scope" not in asked(text)


@pytest.mark.parametrize("text", ["客户不是女性白金", "not platinum women", "customers who are not platinum women"])
def test_two_values_behind_one_is_not_are_asked_about(text: str) -> None:
    women = {"tag": "gender", "value": ["F"]}
    assert "ambiguous_scope" in asked(text)
    assert spells(read(text).rule, {"not": {"all": [women, PLATINUM]}})


@pytest.mark.parametrize("text", ["非女性按揭客户", "不是女性，白金客户", "没有房贷的白金客户", "not gold or platinum customers"])
def test_a_denial_of_one_word_is_not(text: str) -> None:
    assert "ambiguous_scope" not in asked(text)


@pytest.mark.parametrize("text", ["customers who are both payroll customers and mortgage holders", "有个人养老金账户、从没贷过款的客户"])
def test_both_holds_together_and_an_account_is_nobody(text: str) -> None:
    assert "ambiguous_scope" not in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "房贷客户和白金客户的重合有多少",
        "房贷客户和白金客户的交集",
        "房贷客户和白金客户重合多少",
        "overlap between mortgage customers and platinum customers",
        "how many are in the overlap of mortgage customers and platinum customers",
    ],
)
def test_an_overlap_is_those_who_are_both(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [MORTGAGE, PLATINUM]})
    assert "".join(text[entry.start : entry.end] for entry in read(text).ledger) == text
