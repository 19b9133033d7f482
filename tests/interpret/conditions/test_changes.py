"""A number against another one: its own earlier value, or another tag's. Expectations from MEANING.md "Change of a tag" and "Comparisons"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.rule.tree import TagComparison, walk
from tests.interpret.reading import asked, canonical, read, read_rule


def changed(measure: str, operator: str, value: float, since: str = "month -1") -> Mapping[str, Any]:
    return {"left": "aum_bal", "right": "aum_bal", "right_snapshot": since, "measure": measure, "operator": operator, "value": value}


def gap(left: str, right: str, operator: str = ">", value: int = 0) -> Mapping[str, Any]:
    return {"left": left, "right": right, "measure": "difference", "operator": operator, "value": value}


def ratio(left: str, right: str, operator: str, value: float) -> Mapping[str, Any]:
    return {"left": left, "right": right, "measure": "ratio", "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AUM较上月末下降三成以上的客户", changed("relative_change", "<=", -0.3)),
        ("customers whose AUM fell by at least 30% since the last month end", changed("relative_change", "<=", -0.3)),
        ("customers whose AUM is up by at least 200k since the start of the year", changed("difference", ">=", 200000, "year -1")),
        ("AUM比上月末少了10万以上的客户", changed("difference", "<=", -100000)),
        ("AUM比上月末少的客户", changed("difference", "<", 0)),
        ("AUM低于上月末的客户", changed("difference", "<", 0)),
        ("AUM较上月末没有下降的客户", changed("difference", ">=", 0)),
        ("customers whose AUM has not fallen since the last month end", changed("difference", ">=", 0)),
        ("AUM较年初翻番的客户", changed("ratio", ">=", 2, "year -1")),
        ("AUM较年初增长2倍以上的客户", changed("ratio", ">=", 3, "year -1")),
        ("AUM比上月末腰斩的客户", changed("relative_change", "<=", -0.5)),
        ("customers whose AUM has halved since the last month end", changed("relative_change", "<=", -0.5)),
    ],
)
def test_against_its_own_earlier_value(text: str, expected: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(expected)


@pytest.mark.parametrize(
    "text",
    ["AUM比上月末降30%以上且降5万以上的客户", "customers whose AUM fell by at least 30% and by at least 50k since the last month end"],
)
def test_two_bounds_on_one_change(text: str) -> None:
    both = [changed("relative_change", "<=", -0.3), changed("difference", "<=", -50000)]
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": both})


@pytest.mark.parametrize("text", ["AUM连续两个月下降的客户", "customers whose AUM fell for two consecutive months"])
def test_months_in_a_row_are_full_months_each_against_the_one_before(text: str) -> None:
    last = {**changed("difference", "<", 0, "month -2"), "left_snapshot": "month -1"}
    before = {**changed("difference", "<", 0, "month -3"), "left_snapshot": "month -2"}
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [last, before]})


@pytest.mark.parametrize(
    "text",
    [
        "余额连续两个月下降的客户",
        "连续两个月余额下降的客户",
        "余额比上月末下降的客户",
        "customers whose balance fell for two consecutive months",
        "customers whose balance fell since the last month end",
    ],
)
def test_which_balance_it_was_that_fell_is_asked(text: str) -> None:
    found = read(text)
    assert [question.code for question in found.questions] == ["ambiguous_word"]
    assert len(found.questions[0].readings) == 3
    assert found.issues == ()
    assert found.requests == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("活期大于定期的客户", gap("dep_demand_bal", "dep_time_bal")),
        ("demand deposits more than time deposits", gap("dep_demand_bal", "dep_time_bal")),
        ("customers whose demand deposits exceed their time deposits", gap("dep_demand_bal", "dep_time_bal")),
        ("理财少于基金的客户", gap("wealth_bal", "fund_bal", "<")),
        ("活期比定期多5万以上的客户", gap("dep_demand_bal", "dep_time_bal", ">=", 50000)),
        ("活期比定期少5万以上的客户", gap("dep_demand_bal", "dep_time_bal", "<=", -50000)),
        ("customers whose demand deposits exceed their time deposits by at least 50k", gap("dep_demand_bal", "dep_time_bal", ">=", 50000)),
        ("活期是定期两倍以上的客户", ratio("dep_demand_bal", "dep_time_bal", ">=", 2)),
        ("customers whose demand deposits are at least twice their time deposits", ratio("dep_demand_bal", "dep_time_bal", ">=", 2)),
        ("活期占AUM一半以上的客户", ratio("dep_demand_bal", "aum_bal", ">=", 0.5)),
        ("活期不到定期一半的客户", ratio("dep_demand_bal", "dep_time_bal", "<", 0.5)),
        ("demand deposits over 30% of AUM", ratio("dep_demand_bal", "aum_bal", ">", 0.3)),
    ],
)
def test_against_another_tag(text: str, expected: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上月末有理财的客户", {"tag": "wealth_bal", "operator": ">", "value": 0, "snapshot": "month -1"}),
        ("上年末是女性的客户", {"tag": "gender", "value": ["F"], "snapshot": "year -1"}),
        (
            "demand deposits over 200k at the last month end",
            {"tag": "dep_demand_bal", "operator": ">", "value": 200000, "snapshot": "month -1"},
        ),
    ],
)
def test_a_tag_as_it_was(text: str, expected: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(expected)


@pytest.mark.parametrize(
    "text",
    [
        "AUM下降30%的客户",
        "AUM doubled",
        "AUM连续三个月下降超过10%",
        "活期超过定期存款10万",
        "AUM较上月末没有下降10%的客户",
        "上月末手机银行活跃的客户",
        "mortgage rate is 30% of AUM",
    ],
)
def test_half_said_is_asked(text: str) -> None:
    assert "unread" in asked(text)


@pytest.mark.parametrize("text", ["AUM大于50万定期大于10万的客户", "活期大于5万的定期客户", "AUM at least 50k time deposits at least 10k"])
def test_two_conditions_side_by_side_are_no_comparison(text: str) -> None:
    rule = read(text).rule
    assert rule is not None
    assert not any(isinstance(node, TagComparison) for _, node in walk(rule.node))


def test_a_product_named_by_itself_is_its_balance() -> None:
    less = {"left": "wealth_bal", "right": "wealth_bal", "right_snapshot": "year -1", "measure": "difference", "operator": "<", "value": 0}
    more = {
        "left": "dep_total_bal",
        "right": "dep_total_bal",
        "right_snapshot": "year -1",
        "measure": "difference",
        "operator": ">",
        "value": 0,
    }
    assert read_rule("理财比年初减少的") == canonical(less)
    assert read_rule("存款比年初增加的、理财比年初减少的") == canonical({"all": [more, less]})
    assert asked("存款比年初增加的、理财比年初减少的") == []


@pytest.mark.parametrize("text", ["AUM比上月多了吗", "基金比上月多了吗", "存款比年初少了吗"])
def test_whether_it_moved_is_not_who_it_moved_for(text: str) -> None:
    assert "unread" in asked(text)
