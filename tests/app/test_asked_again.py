"""A conversation about one question: it goes on with other customers, through an open question too, and ends where something else is asked."""

from __future__ import annotations

import pytest

from assistant.app.view import as_text
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant


def talk(assistant: Assistant, *turns: str) -> Answer:
    conversation = Conversation()
    for turn in turns:
        answer, conversation = assistant.ask(turn, conversation)
    return answer


@pytest.mark.parametrize(
    ("turns", "stated"),
    [
        (("上海分行的客户按性别看", "那北京分行呢"), "接着问刚才的问题"),
        (("customers of Shanghai Branch by gender", "what about Beijing Branch?"), "asked again"),
        (("上海分行的客户按性别看", "那女客户呢", "第一个"), "接着问刚才的问题"),
        (("customers of Shanghai Branch by gender", "how about women", "the first"), "asked again"),
        (("上海分行的客户按性别看", "再加上有房贷的", "那北京分行呢"), "接着问刚才的问题"),
    ],
)
def test_the_question_goes_on(assistant: Assistant, turns: tuple[str, ...], stated: str) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert [(one.kind, one.code) for one in answer.requests] == [("breakdown", "gender")]
    assert len(answer.insights) == 1
    assert stated in as_text(answer, answer.language)


@pytest.mark.parametrize(
    "turns",
    [
        ("上海分行的客户按性别看", "有多少人", "那北京分行呢"),
        ("上海分行的客户按性别看", "重新找女客户", "那男客户呢"),
        ("上海分行的客户按性别看", "重来", "上海分行的客户", "那北京分行呢"),
        ("customers of Shanghai Branch by gender", "how many are there", "what about Beijing Branch?"),
    ],
)
def test_another_question_or_another_segment_ends_it(assistant: Assistant, turns: tuple[str, ...]) -> None:
    answer = talk(assistant, *turns)
    assert answer.outcome == "answered"
    assert answer.insights == ()
