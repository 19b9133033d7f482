"""Every call goes through the breaker and onto the record; what cannot be recorded is not sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from assistant.llm.breaker import CircuitBreaker
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.egress import FileEgress, MemoryEgress
from assistant.llm.guarded import GuardedChat

PROMPT = Prompt("s", "手机13812345678的客户", (("身份证11010519491231002X", "{}"),))


@dataclass
class Recording:
    """A model that answers what it is told to and keeps what it was asked."""

    outcome: Reply | Failure = field(default_factory=lambda: Reply("ok"))
    asked: list[Prompt] = field(default_factory=list)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.asked.append(prompt)
        return self.outcome


def test_a_call_is_recorded_as_it_is_sent_without_identifiers() -> None:
    model, log = Recording(), MemoryEgress()
    assert GuardedChat(model, "model.bank", "qwen", log).complete(PROMPT, 1) == Reply("ok")
    (sent,), (asked,) = log.sent, model.asked
    assert sent.fingerprint == asked.fingerprint
    assert not any(digits in str(asked.messages) for digits in ("13812345678", "11010519491231002"))


def test_what_cannot_be_recorded_is_not_sent(tmp_path: Path) -> None:
    model = Recording()
    blocked = tmp_path / "file"
    blocked.write_text("")
    outcome = GuardedChat(model, "h", "m", FileEgress(blocked / "egress.jsonl")).complete(PROMPT, 1)
    assert isinstance(outcome, Failure)
    assert outcome.code == "not_logged"
    assert model.asked == []


def test_a_dead_endpoint_is_spared() -> None:
    model, log = Recording(Failure("timeout")), MemoryEgress()
    chat = GuardedChat(model, "h", "m", log, CircuitBreaker(failures=2, clock=lambda: 0.0))
    outcomes = [chat.complete(PROMPT, 1) for _ in range(5)]
    assert [one.code for one in outcomes if isinstance(one, Failure)] == [
        "timeout",
        "timeout",
        "circuit_open",
        "circuit_open",
        "circuit_open",
    ]
    assert len(model.asked) == len(log.sent) == 2
