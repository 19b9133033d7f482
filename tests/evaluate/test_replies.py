"""Replies kept by prompt: a killed run goes on, a failure is asked again, and what was spent is what the replies took when they were made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from assistant.errors import UserError
from assistant.evaluate.replies import KeptReplies
from assistant.llm.chat import Failure, Prompt, Reply


@dataclass
class FakeChat:
    """A chat with a reply a call."""

    outcomes: list[Reply | Failure]
    asked: list[Prompt] = field(default_factory=list)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.asked.append(prompt)
        return self.outcomes[len(self.asked) - 1]


SAID = Reply('{"links": []}', {"links": []}, 300, 7, 4200.0, "qwen")
ONE, OTHER = Prompt("system", "one"), Prompt("system", "other")


def test_the_same_prompt_is_asked_once_even_by_the_next_run(tmp_path: Path) -> None:
    path, chat = tmp_path / "below" / "replies.jsonl", FakeChat([SAID])
    first = KeptReplies(chat, "qwen", path)
    assert first.complete(ONE, 5) == first.complete(ONE, 5) == SAID
    later = KeptReplies(FakeChat([]), "qwen", path)
    assert later.complete(ONE, 5) == SAID
    assert len(chat.asked) == 1


def test_another_model_or_prompt_is_asked_itself(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    KeptReplies(FakeChat([SAID]), "qwen", path).complete(ONE, 5)
    chat = FakeChat([SAID, SAID])
    KeptReplies(chat, "llama", path).complete(ONE, 5)
    KeptReplies(chat, "qwen", path).complete(OTHER, 5)
    assert chat.asked == [ONE, OTHER]


def test_a_failure_is_never_kept_and_half_a_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    chat = FakeChat([Failure("timeout", ms=1000.0), SAID])
    kept = KeptReplies(chat, "qwen", path)
    assert kept.complete(ONE, 5) == Failure("timeout", ms=1000.0)
    assert kept.complete(ONE, 5) == SAID
    with path.open("a", encoding="utf-8") as file:
        file.write('{"key": "qwen ')
    assert KeptReplies(FakeChat([]), "qwen", path).complete(ONE, 5) == SAID


def test_what_was_spent_is_of_the_replies_as_they_were_made() -> None:
    kept = KeptReplies(FakeChat([SAID, Failure("timeout", ms=1000.0)]), "qwen")
    kept.complete(ONE, 5)
    kept.complete(ONE, 5)
    kept.complete(OTHER, 5)
    spent = kept.taken()
    assert (spent.calls, spent.tokens_in, spent.tokens_out, spent.failures) == (3, 600, 14, ["timeout"])
    assert spent.seconds == pytest.approx(9.4)
    assert kept.taken().calls == 0


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="case_file"):
        KeptReplies(FakeChat([]), "qwen", tmp_path)
