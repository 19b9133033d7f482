"""What a guess may mean is asked about with counts of the segment that is guessed about, not of the bank."""

from __future__ import annotations

import pytest

from assistant.app.view import option_lines
from assistant.catalog.model import Language
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant


@pytest.mark.parametrize(
    ("language", "segment", "guess", "said"),
    [("zh", "金卡客户", "我猜他们是有钱人", "本客群里有"), ("en", "gold customers", "I bet they are rich", "of the segment")],
)
def test_options_of_a_guess_are_counted_in_its_segment(
    assistant: Assistant, language: Language, segment: str, guess: str, said: str
) -> None:
    answer, conversation = assistant.ask(segment, Conversation())
    assert answer.count is not None
    asked, _ = assistant.ask(guess, conversation)
    (question,) = asked.questions
    assert question.within
    assert len(question.options) > 1
    assert all(said in line for line in option_lines(question, asked, language))
    for option in question.options:
        assert isinstance(option.count.value, int)
        assert option.count.value <= answer.count.n
    told = [option.count.value for option in question.options]
    plain, _ = assistant.ask({"zh": "有钱人", "en": "rich customers"}[language], Conversation())
    assert [option.count.value for option in plain.questions[0].options] != told
