"""A conversation about one question: it goes on with other customers, through an open question too, and ends where something else is asked."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.app.view import as_text
from assistant.insight.compare import Comparison
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


@pytest.mark.parametrize(
    ("words", "told", "stated"),
    [
        ("按分行看女客户，和上月比", True, "没有给出每一组各自的变化"),
        ("women by branch, compared with last month", True, "the change within each group is not given"),
        ("女客户，按分行看", False, "没有给出每一组各自的变化"),
        ("女客户的平均AUM，和上月比", False, "看不出它涨了还是跌了"),
        ("average AUM of women, compared with last month", False, "does not tell whether they rose or fell"),
        ("女客户的平均AUM", False, "看不出它涨了还是跌了"),
        ("女客户，和上月比", False, "没有给出每一组各自的变化"),
    ],
)
def test_a_split_beside_a_comparison_says_that_no_group_is_compared(assistant: Assistant, words: str, told: bool, stated: str) -> None:
    answer = talk(assistant, words)
    assert answer.outcome == "answered"
    assert (stated in as_text(answer, answer.language)) == told


@pytest.mark.parametrize(
    ("turns", "more", "fewer", "denied"),
    [
        (("代发客户", "和上月比"), "为什么多了", "为什么少了", "其实并没有"),
        (("payroll customers", "compared with last month"), "why more?", "why fewer?", "In fact the number has not gone"),
    ],
)
def test_why_with_the_wrong_way_is_contradicted(assistant: Assistant, turns: tuple[str, ...], more: str, fewer: str, denied: str) -> None:
    up, down = (talk(assistant, *turns, words) for words in (more, fewer))
    (found,) = (one for one in up.insights if isinstance(one, Comparison))
    net = found.count_now - found.count_then
    assert (denied in as_text(up, up.language)) == (net <= 0)
    assert (denied in as_text(down, down.language)) == (net >= 0)
    assert net


@pytest.mark.parametrize(
    "turns",
    [
        ("9月中旬以来访问贷款页面的客户", "和8月同期相比呢"),
        ("customers who visited loan pages since mid September", "compare them with the visitors of the same period a month earlier"),
    ],
)
def test_days_up_to_now_are_compared_with_the_same_days_of_the_month_before(assistant: Assistant, turns: tuple[str, ...]) -> None:
    (found,) = (one for one in talk(assistant, *turns).insights if isinstance(one, Comparison))
    assert found.days == (date(2026, 8, 11), date(2026, 8, 24))
