"""Several values, each with its own how many, are those values and how many there are of each; other counts beside each other are several segments."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.interpret.interpretation import Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import asks, read, spells, talk

MORTGAGE = {"tag": "mort_flag", "value": True}
TWO_TIERS = {"tag": "cust_tier", "value": ["T2", "T3"]}
BOTH = {"tag": "gender", "value": ["M", "F"]}


@pytest.mark.parametrize(
    ("text", "rule", "by"),
    [
        ("金卡有多少，白金有多少", TWO_TIERS, "cust_tier"),
        ("金卡有多少白金有多少", TWO_TIERS, "cust_tier"),
        ("how many gold and how many platinum", TWO_TIERS, "cust_tier"),
        ("please tell me how many gold and how many platinum", TWO_TIERS, "cust_tier"),
        ("how many are gold, and how many are platinum?", TWO_TIERS, "cust_tier"),
        ("有房贷的客户里男的有多少，女的有多少", {"all": [MORTGAGE, BOTH]}, "gender"),
        ("有房贷的客户，男的多少人，女的多少人", {"all": [MORTGAGE, BOTH]}, "gender"),
        ("how many mortgage customers are men and how many are women", {"all": [MORTGAGE, BOTH]}, "gender"),
        ("among mortgage customers, how many are men and how many women", {"all": [MORTGAGE, BOTH]}, "gender"),
    ],
)
def test_the_values_are_a_list_and_each_is_counted(text: str, rule: Mapping[str, object], by: str) -> None:
    found = read(text)
    assert found.requests == (Request("breakdown", by),)
    assert not asks(found)
    assert spells(found.rule, rule)
    assert "".join(text[entry.start : entry.end] for entry in found.ledger) == text


@pytest.mark.parametrize(
    ("text", "level"), [("上海分行有多少，北京分行有多少", "1"), ("how many in Shanghai branch and how many in Beijing branch", "1")]
)
def test_of_branches_it_is_by_branch(text: str, level: str) -> None:
    found = read(text)
    assert [(one.kind, one.code, one.level) for one in found.requests] == [("breakdown", "home_org", level)]
    assert spells(found.rule, {"tag": "home_org", "value": ["1100", "3100"]})


@pytest.mark.parametrize("text", ["金卡有多少，白金有多少", "how many gold and how many platinum"])
def test_of_a_segment_so_far_it_is_how_that_spreads(text: str) -> None:
    found = talk("有房贷的客户", text)
    assert found.requests == (Request("breakdown", "cust_tier"),)
    assert (found.rule, found.changed) == (SegmentRule(node=node_from_short(MORTGAGE)), False)


@pytest.mark.parametrize("turns", [("白金客户", "金卡有多少，白金有多少"), ("有房贷的客户", "金卡客户有多少，白金客户有多少")])
def test_where_the_segment_is_picked_by_them_or_they_are_customers_of_their_own_it_is_asked(turns: tuple[str, ...]) -> None:
    assert "new_or_narrow" in asks(talk(*turns))


@pytest.mark.parametrize(
    "text",
    [
        "有房贷的有多少，有信用卡的有多少",
        "有房贷的多少人，没有房贷的多少人",
        "how many have a mortgage and how many have a credit card",
        "how many men and how many women have a mortgage",
        "上海分行男客户有多少，女客户有多少",
        "不是金卡的有多少，白金有多少",
        "金卡有多少，不是白金的有多少",
        "女性有多少，金卡有多少，白金有多少",
        "among mortgage customers how many are men and how many women",
        "30岁以下的有多少，50岁以上的有多少",
    ],
)
def test_anything_else_counted_twice_is_several_segments(text: str) -> None:
    assert "several_segments" in asks(read(text))


@pytest.mark.parametrize(
    "text", ["有多少金卡客户，有多少人？", "how many customers have a mortgage, how many are there?", "金卡客户数有多少"]
)
def test_one_segment_counted_twice_is_counted_once(text: str) -> None:
    assert "several_segments" not in asks(read(text))
