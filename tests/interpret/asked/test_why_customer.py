"""A number is a customer's only where it is asked why somebody is in or out; without one the question is who is meant."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.rule.short import node_from_short
from tests.interpret.reading import AS_OF, MORTGAGE, PLATINUM, TODAY, asks, catalog, read, spells, talk


@pytest.mark.parametrize(
    "text",
    [
        "客户C0012345为什么不在里面", "为什么客户12345不在名单里", "客户12345为什么不在这个客群里", "12345这个客户为什么没进来", "客户12345为什么会被选中",
        "why is customer 12345 not in it", "why isn't customer 12345 in the list", "why was customer 12345 left out",
    ],
)  # fmt: skip
def test_a_customer_asked_about(text: str) -> None:
    found = talk("白金客户", text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_in", "12345")]
    assert not asks(found)
    assert not found.changed
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize("text", ["客户1000123为什么不在白金客户里", "why is customer 1000123 not in platinum tier customers"])
def test_the_segment_may_be_said_beside(text: str) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_in", "1000123")]
    assert not asks(found)
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize(
    "text",
    [
        "why is customer 1000123 not a mortgage customer",
        "why does customer 1000123 not have a mortgage",
        "为什么客户1000123不是按揭客户",
        "客户1000123为什么不是按揭客户",
    ],
)
def test_the_not_of_the_question_is_no_condition(text: str) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_in", "1000123")]
    assert not asks(found)
    assert spells(found.rule, MORTGAGE)


def test_a_second_not_stays_a_condition() -> None:
    """With two of them it is not sure which one the question's is: both are conditions, and seen."""
    found = read("why is customer 1000123 not a platinum customer without a mortgage")
    assert found.rule is not None
    assert not spells(found.rule, PLATINUM)


def test_nobody_named_is_asked_about() -> None:
    assert asks(talk("白金客户", "为什么不在里面")) == ["customer_unsaid"]


@pytest.mark.parametrize("text", ["客户12345为什么AUM大于20万", "为什么12345", "AUM大于12345的客户为什么不在里面"])
def test_another_question_is_not_taken_for_it(text: str) -> None:
    assert asks(read(text))


@pytest.mark.parametrize(
    ("text", "code"), [("为什么", "finding_unsaid"), ("why?", "finding_unsaid"), ("为什么不在里面", "customer_unsaid")]
)
def test_why_alone_after_findings_asks_which_one(text: str, code: str) -> None:
    groups = (node_from_short(MORTGAGE), node_from_short(PLATINUM))
    found = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, turn=1, found=groups))
    assert [issue.code for issue in found.issues] == [code]


@pytest.mark.parametrize("text", ["为什么10000123不在里面", "为什么10000123不在", "10000123怎么没进来", "why is 10000123 not in there"])
def test_a_number_as_long_as_a_customers_needs_no_word_for_one(text: str) -> None:
    found = talk("白金客户", text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_in", "10000123")]
    assert not asks(found)
