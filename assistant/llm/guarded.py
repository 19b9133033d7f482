"""A Chat that is spared when its endpoint is dead, and whose calls are on record. Law: no call goes round the breaker or the egress log, and no identifier of a person goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event

from assistant.llm.breaker import CircuitBreaker
from assistant.llm.chat import Chat, Failure, Prompt, Reply
from assistant.llm.egress import EgressLog, MemoryEgress, sent, without_identifiers


@dataclass(frozen=True, slots=True)
class GuardedChat:
    """`chat`, which goes to `model` at `host`, behind its breaker and its log."""

    chat: Chat
    host: str
    model: str
    egress: EgressLog = field(default_factory=MemoryEgress)
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        prompt = replace(
            prompt,
            user=without_identifiers(prompt.user),
            examples=tuple((without_identifiers(asked), without_identifiers(answered)) for asked, answered in prompt.examples),
        )
        if not self.breaker.admit():
            return Failure("circuit_open")
        outcome: Reply | Failure | None = None
        try:
            try:
                self.egress.record(sent(prompt, self.host, self.model, self.now))
            except OSError as error:
                return Failure("not_logged", type(error).__name__)
            outcome = self.chat.complete(prompt, seconds, cancel)
            return outcome
        finally:
            self.breaker.tell(outcome)
