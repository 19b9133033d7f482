"""What part of the customers spoken of something holds for is told of them, and narrows nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.interpret.interpretation import Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import ConceptRef, SegmentRule
from tests.interpret.reading import asks, read, spells, talk

PLATINUM = SegmentRule(node=node_from_short({"tag": "cust_tier", "value": ["T3"]}))
WOMEN = {"tag": "gender", "value": ["F"]}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("女性占多少", WOMEN),
        ("女的占比", WOMEN),
        ("其中女性占多少", WOMEN),
        ("what share are women", WOMEN),
        ("what share of them are women?", WOMEN),
        ("how much of them have a mortgage", {"tag": "mort_flag", "value": True}),
        ("和女性客户重合多少", WOMEN),
        ("overlap with women", WOMEN),
        ("女的多吗", WOMEN),
        ("女的多不多", WOMEN),
        ("女的超过一半吗", WOMEN),
        ("are many of them women", WOMEN),
        ("are there many women?", WOMEN),
        ("活期超过5万的占多少", {"tag": "dep_demand_bal", "operator": ">", "value": 50000}),
    ],
)
def test_the_part_of_them_that_is_so(text: str, what: Mapping[str, object]) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("hypothesis", detail="part", node=node_from_short(what)),)
    assert (found.rule, found.changed, found.issues) == (PLATINUM, False, ())
    assert "".join(text[entry.start : entry.end] for entry in found.ledger) == text


def test_how_many_are_old_asks_what_is_old() -> None:
    assert "size_unmeasured" in asks(talk("白金客户", "年纪大的多吗"))


@pytest.mark.parametrize("text", ["女性占多少", "what share are women"])
def test_of_nobody_before_it_is_how_many_of_everyone(text: str) -> None:
    found = read(text)
    assert found.rule == SegmentRule(node=node_from_short(WOMEN))
    assert [request.kind for request in found.requests] == ["count"]


@pytest.mark.parametrize("text", ["和女性客户重合多少", "overlap with women"])
def test_with_nobody_before_it_nothing_overlaps(text: str) -> None:
    assert any(issue.code == "unread" for issue in read(text).issues)


@pytest.mark.parametrize("text", ["白金客户女性占多少", "what share of platinum customers are women"])
def test_whose_part_it_is_is_not_guessed(text: str) -> None:
    assert [request.kind for request in talk("按揭客户", text).requests] == ["share"]


RICHEST = {"rank": "aum_bal", "direction": "top", "percent": 10, "within": {"all": []}}
PAYROLL = {"tag": "payroll_flag", "value": True}


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("AUM最高的10%里女性占多少", RICHEST),
        ("AUM最高的10%的客户中女性占比多少", RICHEST),
        ("代发客户里女性占多少", PAYROLL),
        ("代发客户里有多少比例是女的", PAYROLL),
        ("what share of the top 10% by AUM are women", RICHEST),
        ("what share of payroll customers are women?", PAYROLL),
        ("of payroll customers, what share are women?", PAYROLL),
    ],
)
def test_the_part_of_customers_named_in_the_same_turn(text: str, whom: Mapping[str, object]) -> None:
    found = read(text)
    assert (asks(found), found.changed) == ([], True)
    assert found.requests == (Request("hypothesis", detail="part", node=node_from_short(WOMEN)),)
    assert spells(found.rule, whom)
    assert "".join(text[entry.start : entry.end] for entry in found.ledger) == text


@pytest.mark.parametrize("text", ["代发客户里女性占多少左撇子", "lefties what share of payroll customers are women"])
def test_words_beside_the_two_are_never_passed_over(text: str) -> None:
    assert "unread" in asks(read(text))


@pytest.mark.parametrize(
    "turns", [("女客户", "她们里女性占多少"), ("platinum customers", "what share of them are platinum"), ("白金客户里白金客户占多少",)]
)
def test_a_share_of_what_they_are_by_definition_is_said_to_be_one_and_the_customers_are_counted(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert [request.kind for request in found.requests] == ["count"]
    assert "part_of_itself" in [one.code for one in found.assumptions]
    assert asks(found) == []


@pytest.mark.parametrize("text", ["我们分行和北京分行比，金卡客户占比"])
def test_a_share_compared_between_two_groups_is_refused_by_its_own_name(text: str) -> None:
    assert "compare_share" in [request.kind for request in read(text).requests]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("白金客户有多少，其中女性有多少", WOMEN),
        ("有多少白金客户？其中女性有多少人？", WOMEN),
        ("白金客户有多少，其中有房贷的有多少", {"tag": "mort_flag", "value": True}),
        ("how many platinum customers are there and how many of them are women", WOMEN),
        ("how many platinum customers are there, and how many of those have a mortgage?", {"tag": "mort_flag", "value": True}),
    ],
)
def test_how_many_there_are_and_how_many_of_them_is_told_of_the_first(text: str, what: Mapping[str, object]) -> None:
    found = read(text)
    assert found.requests == (Request("hypothesis", detail="part", node=node_from_short(what)),)
    assert not asks(found)
    assert spells(found.rule, {"tag": "cust_tier", "value": ["T3"]})
    assert "".join(text[entry.start : entry.end] for entry in found.ledger) == text


def test_behind_a_segment_only_whose_they_are_is_asked() -> None:
    found = talk("有房贷的客户", "白金客户有多少，其中女性有多少")
    assert found.requests == (Request("hypothesis", detail="part", node=node_from_short(WOMEN)),)
    assert [question.code for question in found.questions] == ["new_or_narrow"]


@pytest.mark.parametrize("text", ["白金客户有多少，其中女性有多少，有房贷的有多少", "白金客户有多少，其中女性有多少，按分行看"])
def test_more_than_one_part_is_several_segments(text: str) -> None:
    assert "several_segments" in asks(read(text))


@pytest.mark.parametrize("text", ["女性占白金客户的比例是多少", "女客户占白金客户的比重"])
def test_what_makes_up_a_part_of_whom(text: str) -> None:
    found = read(text)
    assert found.requests == (Request("hypothesis", detail="part", node=node_from_short(WOMEN)),)
    assert (found.rule, found.issues) == (PLATINUM, ())


@pytest.mark.parametrize("text", ["what share of payroll customers are mobile banking users", "代发客户里有多少比例是手机银行签约客户"])
def test_the_share_of_a_yes_no_tag_is_its_figure(text: str) -> None:
    found = read(text)
    assert found.requests == (Request("metric", "app_reg_flag", detail="share"),)
    assert spells(found.rule, {"tag": "payroll_flag", "value": True})


@pytest.mark.parametrize(("text", "code"), [("能打电话的有多少", "callable"), ("how many can I text", "textable")])
def test_what_may_be_done_with_them_is_counted_of_them(text: str, code: str) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("hypothesis", detail="part", node=ConceptRef(concept=code)),)
    assert (found.rule, asks(found)) == (PLATINUM, [])
    assert [one.kind for one in read(text).requests] == ["count"]
