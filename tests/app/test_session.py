"""The Python face: a conversation in a few lines, and answers that show themselves."""

from __future__ import annotations

import pytest

from assistant.app.session import Bank, open_bank
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.settings import Settings


def test_five_lines(settings: Settings) -> None:
    bank = open_bank(settings)
    answer = bank.ask("活期存款大于5万的客户")
    assert isinstance(answer.count, int)
    assert len(answer.members()) == answer.count
    assert "SELECT" in next(iter(answer.sql.values()))
    raised = bank.ask("提到10万")
    assert isinstance(raised.count, int)
    assert raised.count < answer.count


def test_an_answer_shows_itself(assistant: Assistant) -> None:
    answer = Bank(lambda: assistant).ask("活期存款大于5万的客户")
    assert "<table>" in answer._repr_html_()
    assert "| ---" in answer._repr_markdown_()
    assert str(answer.count) in str(answer).replace(",", "")
    assert answer.json["outcome"] == "answered"


def test_a_question_is_answered_by_number(assistant: Assistant) -> None:
    bank = Bank(lambda: assistant)
    asked = bank.ask("人民路支行的客户")
    assert asked.outcome == "choice"
    assert asked.count is None
    with pytest.raises(UserError, match="no_segment"):
        asked.members()
    chosen = bank.choose(2)
    assert chosen.outcome == "answered"
    assert chosen.count == asked.answer.questions[0].options[1].count.value
    with pytest.raises(UserError, match="no_question"):
        bank.choose(1)


@pytest.mark.parametrize("question", ["人民路支行的客户", "收紧一点"])
def test_an_edit_typed_while_a_question_is_open_is_shown_its_options_again(assistant: Assistant, question: str) -> None:
    bank = Bank(lambda: assistant)
    bank.ask("活期存款大于5万、AUM大于10万的客户")
    asked = bank.ask(question)
    assert asked.outcome == "choice"
    again = bank.ask("再加上女性")
    assert [issue.code for issue in again.answer.issues] == ["answer_first"]
    assert again.answer.questions == asked.answer.questions
    assert bank.choose(1).outcome == "answered"


def test_starting_over(assistant: Assistant) -> None:
    bank = Bank(lambda: assistant)
    bank.ask("活期存款大于5万的客户")
    bank.start_over()
    assert bank.ask("撤销").outcome == "choice"


def test_starting_over_in_words_can_be_undone(assistant: Assistant) -> None:
    bank = Bank(lambda: assistant)
    first = bank.ask("活期存款大于5万的客户")
    second = bank.ask("再加上女性")
    assert bank.ask("重来").outcome == "choice"
    assert bank.ask("撤销").count == second.count
    assert bank.ask("撤销").count == first.count
    assert bank.ask("撤销").answer.rule is None
    assert bank.ask("撤销").answer.issues[0].code == "nothing_to_undo"
    assert [bank.ask("重做").count for _ in range(2)] == [first.count, second.count]
    assert bank.ask("重做").answer.issues[0].code == "started_over"
