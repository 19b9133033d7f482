"""A request as a program sends it: with the turns before it, said once more. Law: nothing is remembered between two requests, so that no conversation can be another's."""

from __future__ import annotations

from assistant.app.api.bodies import AskBody
from assistant.app.rim import ask as ask_safely
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant


def answer_to(body: AskBody, assistant: Assistant) -> Answer:
    """The answer to its text, after its turns."""
    conversation = Conversation()
    for turn in body.turns:
        _, conversation = ask_safely(assistant, turn, conversation, language=body.language, as_of=body.as_of, purpose=body.purpose)
    answer, _ = ask_safely(
        assistant, body.text, conversation, language=body.language, as_of=body.as_of, purpose=body.purpose, choices=body.choices
    )
    return answer
