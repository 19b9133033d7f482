"""The same prompt is asked once; what failed is asked again."""

from __future__ import annotations

from dataclasses import replace

from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.remembered import RememberedChat
from tests.llm.test_guarded import Recording

PROMPT = Prompt("s", "u")


def test_the_same_prompt_is_asked_once() -> None:
    model = Recording()
    chat = RememberedChat(model)
    assert [chat.complete(PROMPT, 1) for _ in range(3)] == [Reply("ok")] * 3
    assert len(model.asked) == 1
    for other in (
        replace(PROMPT, user="v"),
        replace(PROMPT, examples=(("a", "b"),)),
        replace(PROMPT, schema={"type": "object"}),
        replace(PROMPT, temperature=1.0),
    ):
        chat.complete(other, 1)
    assert len(model.asked) == 5


def test_a_failure_is_not_remembered() -> None:
    model = Recording(Failure("timeout"))
    chat = RememberedChat(model)
    chat.complete(PROMPT, 1)
    model.outcome = Reply("now")
    assert chat.complete(PROMPT, 1) == Reply("now")


def test_the_oldest_is_forgotten() -> None:
    model = Recording()
    chat = RememberedChat(model, most=2)
    for user in ("a", "b", "a", "c", "a", "b"):
        chat.complete(Prompt("s", user), 1)
    assert [prompt.user for prompt in model.asked] == ["a", "b", "c", "b"]
