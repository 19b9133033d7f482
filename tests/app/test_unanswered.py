"""Whose customers a follow-up means: those of a turn not answered, or those under the same conditions, are asked about, never left out without a word."""

from __future__ import annotations

import pytest

from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode

UNREAD = {"zh": "按揭客户啵啵", "en": "mortgage customers frobnicated"}


def talk(assistant: Assistant, *turns: str) -> Answer:
    conversation = Conversation()
    for turn in turns:
        answer, conversation = assistant.ask(turn, conversation)
    return answer


def rule_of(answer: Answer) -> AnyNode:
    assert answer.rule is not None
    return canonical(answer.rule.node)


def said(assistant: Assistant, words: str) -> AnyNode:
    answer = talk(assistant, words)
    assert answer.outcome == "answered"
    return rule_of(answer)


def options(answer: Answer) -> list[AnyNode]:
    (question,) = answer.questions
    return [canonical(option.reading.rule.node) for option in question.options]


@pytest.mark.parametrize(
    ("turns", "all_of_it"),
    [
        (("AUM 20万以上客户本月下降的有多少", "跟上月比呢"), "AUM 20万以上的客户"),
        (("AUM 20万以上客户本月下降的有多少", "最近有什么异常"), "AUM 20万以上的客户"),
        ((UNREAD["zh"], "为什么变少了"), "按揭客户"),
        (("mortgage customers not frobnicated", "compare with last month"), "mortgage customers"),
        (("mortgage customers not frobnicated", "what is unusual lately"), "mortgage customers"),
    ],
)
def test_a_finding_without_a_segment_is_asked_about(assistant: Assistant, turns: tuple[str, ...], all_of_it: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert [question.question.code for question in answer.questions] == ["of_unanswered"]
    assert options(answer) == [said(assistant, all_of_it), canonical(AllOf())]
    assert answer.insights == ()


@pytest.mark.parametrize(
    ("turns", "narrowed", "anew"),
    [
        ((UNREAD["zh"], "那女客户呢"), "有按揭的女客户", "女客户"),
        (("AUM 20万以上客户本月下降的有多少", "只看女客户"), "AUM 20万以上的女客户", "女客户"),
        ((UNREAD["en"], "what about women?"), "women with a mortgage", "women"),
    ],
)
def test_customers_named_beside_those_are_asked_about(assistant: Assistant, turns: tuple[str, ...], narrowed: str, anew: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "choice"
    assert options(answer) == [said(assistant, narrowed), said(assistant, anew)]
    for number, words in (("1", narrowed), ("2", anew)):
        chosen = talk(assistant, *turns, number)
        assert chosen.outcome == "answered"
        assert rule_of(chosen) == said(assistant, words)


@pytest.mark.parametrize(("number", "words"), [("第一个", "AUM 20万以上的客户"), ("第二个", "")])
def test_the_choice_is_answered_and_is_the_segment_then(assistant: Assistant, number: str, words: str) -> None:
    turns = ("AUM 20万以上客户本月下降的有多少", "跟上月比呢", number)
    answer = talk(assistant, *turns)
    wanted = said(assistant, words) if words else canonical(AllOf())
    assert answer.outcome == "answered"
    assert [one.kind for one in answer.requests] == ["compare"]
    assert rule_of(answer) == wanted
    assert rule_of(talk(assistant, *turns, "有多少人")) == wanted


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        ((UNREAD["zh"], "女客户有多少"), "女客户"),
        ((UNREAD["zh"], "女客户", "和上月比"), "女客户"),
        ((UNREAD["zh"], "算了", "女客户", "和上月比"), "女客户"),
        ((UNREAD["en"], "how many women are there"), "women"),
    ],
)
def test_a_turn_that_names_its_customers_leaves_it(assistant: Assistant, turns: tuple[str, ...], words: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert rule_of(answer) == said(assistant, words)


def test_a_turn_taken_back_is_gone(assistant: Assistant) -> None:
    answer = talk(assistant, UNREAD["zh"], "算了", "和上月比")
    assert answer.outcome == "answered"
    assert rule_of(answer) == canonical(AllOf())


def test_the_segment_before_is_the_other_option(assistant: Assistant) -> None:
    answer = talk(assistant, "女客户", "AUM 20万以上客户本月下降的有多少", "和上月比")
    assert answer.outcome == "choice"
    assert options(answer) == [said(assistant, "AUM 20万以上的客户"), said(assistant, "女客户")]


@pytest.mark.parametrize(
    ("turns", "same_otherwise", "every"),
    [
        (("有按揭的女客户", "和男客户比"), "有按揭的男客户", "男客户"),
        (("women with a mortgage", "compare them with the men"), "men with a mortgage", "men"),
    ],
)
def test_the_other_side_of_a_condition_is_asked_about(
    assistant: Assistant, turns: tuple[str, ...], same_otherwise: str, every: str
) -> None:
    wanted = [said(assistant, same_otherwise), said(assistant, every)]
    assert options(talk(assistant, *turns)) == wanted
    for number, node in zip(("1", "2"), wanted, strict=True):
        chosen = talk(assistant, *turns, number)
        assert chosen.outcome == "answered"
        assert [canonical(one.node) for one in chosen.requests if one.node is not None] == [node]
