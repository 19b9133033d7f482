"""A guess is tested, never added: what is guessed, of whom, and that nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest

from assistant.interpret.interpretation import Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule, TagCondition
from tests.interpret.reading import read, talk

MORTGAGE = {"tag": "mort_flag", "value": True}
PLATINUM = SegmentRule(node=node_from_short({"tag": "cust_tier", "value": ["T3"]}))


@pytest.mark.parametrize(
    ("text", "guess", "claims"),
    [
        ("我猜是按揭客户", MORTGAGE, ""),
        ("我猜他们都是按揭客户", MORTGAGE, "everyone"),
        ("他们是不是都有房贷", MORTGAGE, "everyone"),
        ("他们是否有按揭？", MORTGAGE, ""),
        ("会不会是因为有房贷", MORTGAGE, "because"),
        ("他们是不是大部分有房贷", MORTGAGE, "most"),
        ("他们应该都是按揭客户", MORTGAGE, "everyone"),
        ("do most of them have a mortgage?", MORTGAGE, "most"),
        ("难道他们都有房贷？", MORTGAGE, "everyone"),
        ("是不是女性", {"tag": "gender", "value": ["F"]}, ""),
        ("is it because they have mortgages?", MORTGAGE, "because"),
        ("do they all have mortgages?", MORTGAGE, "everyone"),
        ("I guess they are mortgage holders", MORTGAGE, ""),
        ("are they women?", {"tag": "gender", "value": ["F"]}, ""),
        ("could it be that they have no mortgage?", {"tag": "mort_flag", "value": False}, ""),
        ("超过一半是女的对吧", {"tag": "gender", "value": ["F"]}, "most"),
        ("大部分是女的吧", {"tag": "gender", "value": ["F"]}, "most"),
        ("大部分有房贷，对吧？", MORTGAGE, "most"),
        ("more than half of them are women, right?", {"tag": "gender", "value": ["F"]}, "most"),
        ("over half have a mortgage", MORTGAGE, "most"),
        ("most are women, aren't they?", {"tag": "gender", "value": ["F"]}, "most"),
        ("我猜大多数有房贷，对吧", MORTGAGE, "most"),
        ("会不会是活期超过5万的", {"tag": "dep_demand_bal", "operator": ">", "value": 50000}, ""),
    ],
)
def test_a_guess_about_the_segment_so_far(text: str, guess: Mapping[str, object], claims: str) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("hypothesis", detail=claims, node=node_from_short(guess)),)
    assert (found.rule, found.changed, found.issues) == (PLATINUM, False, ())
    places = [(entry.start, entry.end) for entry in found.ledger]
    assert places[0][0] == 0
    assert places[-1][1] == len(text)
    assert all(one[1] == other[0] for one, other in pairwise(places))


@pytest.mark.parametrize("text", ["白金客户是不是都有房贷", "白金客户，我猜是按揭客户", "platinum tier customers, do they have mortgages?"])
def test_a_guess_may_say_whom_it_is_about(text: str) -> None:
    found = read(text)
    assert found.rule == PLATINUM
    assert found.changed
    assert [(request.kind, request.node) for request in found.requests] == [("hypothesis", node_from_short(MORTGAGE))]


@pytest.mark.parametrize(
    "text",
    ["大部分资产是理财的", "大部分是存款的客户", "most deposits", "most active customers", "more than half of their AUM is in deposits"],
)
def test_the_most_of_something_else_is_no_guess(text: str) -> None:
    assert all(request.kind != "hypothesis" for request in talk("白金客户", text).requests)


@pytest.mark.parametrize("text", ["我猜是按揭客户", "是不是都有房贷", "do they have mortgages?"])
def test_with_nobody_to_guess_about_there_is_no_guess(text: str) -> None:
    found = read(text)
    assert all(request.kind != "hypothesis" for request in found.requests)
    assert found.issues


def test_what_is_not_understood_of_a_guess_is_asked_about() -> None:
    found = talk("白金客户", "是不是有按揭而且很蓝")
    assert [issue.code for issue in found.issues] == ["unread"]
    assert found.issues[0].params["words"] in "是不是有按揭而且很蓝"


@pytest.mark.parametrize(
    "text", ["他们是什么样的人", "who are they?", "how many are they?", "再加上有按揭的", "what do they have in common?"]
)
def test_other_requests_stay_what_they_are(text: str) -> None:
    assert all(request.kind != "hypothesis" for request in talk("白金客户", text).requests)


@pytest.mark.parametrize(
    ("text", "guess", "claims"),
    [
        ("不对，我猜是按揭客户", MORTGAGE, ""),
        ("我猜大多数有房贷", MORTGAGE, "most"),
        ("I bet most have a mortgage", MORTGAGE, "most"),
    ],
)
def test_another_guess_in_a_row_and_one_of_most(text: str, guess: Mapping[str, object], claims: str) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("hypothesis", detail=claims, node=node_from_short(guess)),)
    assert (found.rule, found.changed, found.issues) == (PLATINUM, False, ())


@pytest.mark.parametrize("text", ["他们是不是年纪大", "他们是不是年纪小", "are they older", "my guess is they're younger"])
def test_a_guess_of_age_without_a_number_is_measured(text: str) -> None:
    found = talk("白金客户", text)
    assert [request.kind for request in found.requests] == ["hypothesis"]
    assert [measure.node.tag for measure in found.measures if isinstance(measure.node, TagCondition)] == ["age"]
    assert (found.rule, found.changed) == (PLATINUM, False)
