"""What escapes the walk becomes an Answer with a reference."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.rim import ask
from assistant.interpret.interpretation import Context, Conversation, Interpretation
from assistant.pipeline import Assistant


class Broken:
    def interpret(self, text: str, context: Context) -> Interpretation:
        raise RuntimeError(text)


def test_a_bug_is_a_fault_with_a_reference(assistant: Assistant) -> None:
    before = Conversation()
    answer, after = ask(replace(assistant, interpreter=Broken()), "AUM大于5万", before)
    assert answer.outcome == "fault"
    assert answer.request_id
    assert after is before
