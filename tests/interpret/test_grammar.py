"""Requests -> rules, doubts and ledgers, by hand-written expectations over the built-in catalog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalog.load import TagCatalog
from assistant.interpret.grammar import MAXIMUM_LENGTH, GrammarInterpreter, may_be_left_out, unread_key
from assistant.interpret.interpretation import Context, Interpretation
from assistant.rule.canonical import canonical_rule
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule, walk

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
VIEWED = {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"}
A_RULE = {
    "all": [
        {"concept": "mobile_active"},
        {"tag": "dep_demand_bal", "operator": ">", "value": 50000},
        VIEWED,
        {"tag": "reach_pref", "value": ["app_push"]},
    ]
}
A = "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户"
B = "active app users with >50k demand deposits who browsed wealth pages"


@cache
def catalog() -> TagCatalog:
    return TagCatalog.load()


def read(text: str, rule: SegmentRule | None = None, choices: Mapping[str, int] | None = None) -> Interpretation:
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, 0, rule, choices or {}))


def canonical(rule: SegmentRule | None) -> object:
    assert rule is not None
    return canonical_rule(rule.node, catalog().expand_all)


def expected(short: Mapping[str, Any]) -> object:
    return canonical_rule(node_from_short(short), catalog().expand_all)


def after(*turns: str) -> Interpretation:
    """The last turn of a conversation in which every turn is taken by its default readings."""
    rule: SegmentRule | None = None
    last: Interpretation | None = None
    for turn in turns:
        last = read(turn, rule)
        rule = last.rule
    assert last is not None
    return last


def having(*conditions: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"all": [*A_RULE["all"], *conditions]}


@pytest.mark.parametrize(
    ("turns", "short"),
    [
        ((A,), A_RULE),
        ((B,), {"all": A_RULE["all"][:3]}),
        ((A, "再加上没有信用卡的"), having({"tag": "cc_flag", "value": False})),
        ((A, "只看上海分行"), having({"tag": "home_org", "value": ["3100"]})),
        ((A, "去掉触达渠道偏好"), {"all": A_RULE["all"][:3]}),
        ((A, "除了女性"), having({"not": {"tag": "gender", "value": ["F"]}})),
        (("金卡以上的女性",), {"all": [{"tag": "cust_tier", "operator": ">=", "value": ["T2"]}, {"tag": "gender", "value": ["F"]}]}),
        (("AUM 20-50万的客户",), {"tag": "aum_bal", "range": "[200000, 500000)"}),
        (("没有按揭和信用卡的",), {"all": [{"tag": "mort_flag", "value": False}, {"tag": "cc_flag", "value": False}]}),
        (
            ("持有理财或基金的客户",),
            {"any": [{"tag": "wealth_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": ">", "value": 0}]},
        ),
        (
            ("超过90天未登录手机银行的客户",),
            {
                "all": [
                    {"tag": "app_reg_flag", "value": True},
                    {"tag": "app_reg_date", "within": "ago 90 day"},
                    {"not": {"records": "app_login", "window": "rolling 90 day"}},
                ]
            },
        ),
        (
            ("customers who have not logged in for 90 days",),
            {
                "all": [
                    {"tag": "app_reg_flag", "value": True},
                    {"tag": "app_reg_date", "within": "ago 90 day"},
                    {"not": {"records": "app_login", "window": "rolling 90 day"}},
                ]
            },
        ),
        (("近60天手机银行活跃",), {"concept": "mobile_active", "parameters": {"days": 60}}),
        (
            ("上海分行客户中AUM前10%的女性",),
            {
                "all": [
                    {"rank": "aum_bal", "percent": 10, "within": {"tag": "home_org", "value": ["3100"]}},
                    {"tag": "gender", "value": ["F"]},
                ]
            },
        ),
        (
            ("AUM比上月末掉了30%以上且掉了5万以上",),
            {
                "all": [
                    {
                        "left": "aum_bal",
                        "right": "aum_bal",
                        "right_snapshot": "month -1",
                        "measure": "relative_change",
                        "operator": "<=",
                        "value": -0.3,
                    },
                    {
                        "left": "aum_bal",
                        "right": "aum_bal",
                        "right_snapshot": "month -1",
                        "measure": "difference",
                        "operator": "<=",
                        "value": -50000,
                    },
                ]
            },
        ),
        (("性别不是女",), {"tag": "gender", "operator": "not_in", "value": ["F"]}),
    ],
)
def test_rule(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = after(*turns)
    assert [issue.code for issue in found.issues] == []
    assert canonical(found.rule) == expected(short)


def test_raise_it_fits_only_the_money() -> None:
    raised = after(A, "raise it to 100k")
    balances = [node for _, node in walk(raised.rule.node) if getattr(node, "tag", None) == "dep_demand_bal"] if raised.rule else []
    assert [str(node.value) for node in balances] == ["100000"]
    assert raised.edit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("女性或活期大于10万并且有理财的客户", "ambiguous_scope"),
        ("人民路支行的客户", "ambiguous_branch"),
        ("AUM 20-50的客户", "value_implausible"),
        ("近30天转出5万以上的客户", "ambiguous_amount"),
        ("浏览过理财和基金的客户", "ambiguous_each"),
        ("金卡以下的客户", "ambiguous_below"),
        ("AUM前10%的上海分行客户", "ambiguous_rank"),
        ("活期5万的客户", "bare_number"),
    ],
)
def test_doubt_has_readings_that_differ(text: str, code: str) -> None:
    found = read(text)
    questions = [question for question in found.questions if question.code == code]
    assert len(questions) == 1
    rules = [canonical(reading.rule) for reading in questions[0].readings]
    assert len(set(map(repr, rules))) == len(rules) >= 2
    chosen = read(text, choices={questions[0].key: 1})
    assert canonical(chosen.rule) == rules[1]
    assert questions[0].key not in [question.key for question in chosen.questions if question.ask]
    assert "choice_kept" in [assumption.code for assumption in chosen.assumptions]


@pytest.mark.parametrize("words", ["对公", "住在三楼", "喜欢钓鱼", "left-handed", "with a red car"])
def test_unread_words_are_quoted(words: str) -> None:
    found = read(f"活期存款大于5万的客户,{words}")
    unread = [issue for issue in found.issues if issue.code == "unread"]
    assert unread
    assert all(issue.quote is not None for issue in unread)
    key = "unread:" + "|".join(str(issue.params["words"]).casefold() for issue in unread)
    accepted = read(f"活期存款大于5万的客户,{words}", choices={key: 0})
    assert [issue.code for issue in accepted.issues] == []
    assert "ignored_words" in [assumption.code for assumption in accepted.assumptions]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("undo", ["undo"]),
        ("撤销", ["undo"]),
        ("他们是什么样的人?", ["persona"]),
        ("what are they like?", ["persona"]),
        ("按支行看有多少", ["breakdown"]),
        ("how many by tier?", ["count", "breakdown"]),
        ("什么是手机银行活跃", ["explain"]),
        ("给我名单", ["list"]),
        ("平均AUM是多少", ["metric"]),
    ],
)
def test_requests(text: str, kinds: list[str]) -> None:
    assert [request.kind for request in read(text, SegmentRule()).requests] == kinds


def test_too_long_and_empty() -> None:
    assert [issue.code for issue in read("户" * (MAXIMUM_LENGTH + 1)).issues] == ["too_long"]
    assert [issue.code for issue in read("  \u200b ").issues] == ["empty_request"]


WORDS = st.sampled_from(
    ["手机银行活跃", "活期", "大于", "5万", "或", "且", "、", "，", "没有", "信用卡", "近30天", "浏览理财专区", "上海分行", "除", "外", "前10%", "的客户", "对公", "top", "over 50k",
     " and ", "who ", "browsed wealth pages", "\u202e", "🙂", "'; DROP TABLE tags;--", "不", "按支行看", "AUM", "100k", "between", "30岁", "以下", "到", "undo"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=12).map("".join) | st.text(max_size=60))
def test_ledger_is_a_partition_and_words_are_repeatable(text: str) -> None:
    found = read(text)
    place = 0
    for entry in found.ledger:
        assert entry.start == place
        assert entry.end > entry.start
        place = entry.end
    assert place == len(text) or not found.ledger
    if any(entry.kind == "unread" for entry in found.ledger):
        assert found.issues
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("who logged in yesterday", {"records": "app_login", "window": "calendar day -1"}),
        ("近90天来行办理的", {"records": "branch_visit", "window": "rolling 90 day"}),
        ("帮我找一下下周过生日的", {"tag": "birth_mmdd", "within": "calendar week 1"}),
        ("customers  under  30  years  old", {"tag": "age", "operator": "<", "value": 30}),
        (
            "demand deposits between fifty thousand and two hundred thousand",
            {"tag": "dep_demand_bal", "range": [50000, 200000]},
        ),
        (
            "AUM比上月末少了100000以上",
            {
                "left": "aum_bal",
                "right": "aum_bal",
                "right_snapshot": "month -1",
                "measure": "difference",
                "operator": "<=",
                "value": -100000,
            },
        ),
    ],
)
def test_words_at_the_edge_of_a_window_or_number(text: str, short: Mapping[str, Any]) -> None:
    found = read(text)
    assert found.issues == ()
    assert canonical(found.rule) == expected(short)


@pytest.mark.parametrize(
    "text", ["不是大额活期的客户", "白金客户但不养宠物", "platinum customers whose balance grew less", "女客户，余额却缩水"]
)
def test_words_that_turn_a_request_round_are_never_left_out(text: str) -> None:
    found = read(text)
    unread = [issue for issue in found.issues if issue.code == "unread"]
    assert any(not may_be_left_out(issue) for issue in unread)
    key = unread_key([str(issue.params["words"]) for issue in unread])
    assert [issue.code for issue in read(text, choices={key: 0}).issues] == [issue.code for issue in found.issues]


@pytest.mark.parametrize(("text", "denied"), [("不是有钱人的客户", True), ("customers who are not rich", True), ("女客户，有钱人", False)])
def test_what_is_denied_is_offered_denied(text: str, denied: bool) -> None:
    question = next(question for question in read(text).questions if question.code == "ambiguous_word")
    assert {reading.denied for reading in question.readings} == {denied}


@pytest.mark.parametrize("text", ["全行金卡客户有多少", "全行客户有多少", "gold customers of the whole bank"])
@pytest.mark.parametrize("scope", [(), ("3100", "3101")])
def test_the_whole_bank_is_said_to_be_what_the_asker_sees_of_it(text: str, scope: tuple[str, ...]) -> None:
    found = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, scope=scope))
    assert [one.params["scope"] for one in found.assumptions if one.code == "everyone_within"] == (["3100"] if scope else [])
    assert not found.issues
