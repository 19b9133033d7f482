"""An open question stays open for words that only go on with it; a request of its own leaves it."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import AS_OF, MORTGAGE, PLATINUM, TODAY, WOMEN, asks, catalog, spells, talk


@pytest.mark.parametrize("turn", ["and the women?", "not the women", "不是女的", "但是不要女的"])
def test_words_that_go_on_with_an_open_question_do_not_leave_it(turn: str) -> None:
    found = talk(turn, pending=True)
    assert asks(found) == ["answer_first"]
    assert not found.changed


@pytest.mark.parametrize(("turn", "short"), [("女客户", WOMEN), ("customers with a mortgage", MORTGAGE)])
def test_a_request_of_its_own_leaves_an_open_question(turn: str, short: dict[str, object]) -> None:
    found = talk(turn, pending=True)
    assert found.changed
    assert spells(found.rule, short)


@pytest.mark.parametrize("words", ["他们经常登录手机银行吗", "do they log in often?"])
def test_what_is_said_of_them_waits_for_who_they_are(words: str) -> None:
    found = talk(words, pending=True)
    assert asks(found) == ["answer_first"]
    assert not found.changed


@pytest.mark.parametrize("words", ["离开的是谁", "只要新来的", "who left", "only the new ones"])
def test_a_part_of_the_comparison_before_waits_for_the_question_put_since(words: str) -> None:
    node = node_from_short(MORTGAGE)
    parts = (("entered", node_from_short(WOMEN)), ("left", node_from_short(PLATINUM)))
    compared = (Request("compare", detail="last month"),)
    context = Context(catalog(), AS_OF, TODAY, rule=SegmentRule(node=node), asked=compared, parts=parts, pending=True)
    found = GrammarInterpreter().interpret(words, context)
    assert asks(found) == ["answer_first"]
    assert not found.changed
    assert spells(found.rule, MORTGAGE)


@pytest.mark.parametrize("words", ["我猜他们都有按揭", "I guess they have a mortgage"])
def test_a_guess_waits_for_whom_it_is_about(words: str) -> None:
    found = talk("女客户", words, pending=True)
    assert asks(found) == ["answer_first"]
    assert found.requests == ()


@pytest.mark.parametrize("words", ["算了，有房贷的客户有多少", "never mind, customers with a mortgage"])
def test_a_question_laid_aside_in_so_many_words_leaves_the_rest_to_be_read(words: str) -> None:
    found = talk(words, pending=True)
    assert not asks(found)
    assert spells(found.rule, MORTGAGE)
    assert [one.code for one in found.assumptions] == ["question_left"]
    assert "".join(words[entry.start : entry.end] for entry in found.ledger) == words


@pytest.mark.parametrize("words", ["最近有什么异常", "anything unusual lately?"])
def test_what_is_going_on_at_the_bank_waits_for_no_question(words: str) -> None:
    found = talk(words, pending=True)
    assert [request.kind for request in found.requests] == ["monitor"]
    assert not asks(found)
    assert asks(talk("女客户", words, pending=True)) == ["answer_first"]
