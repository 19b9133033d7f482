"""A Chat that asks the same thing once. Law: the same prompt has the same reply for as long as it is remembered; a failure is never remembered.

A conversation asks again of itself: a question that is still open is put again, a choice is undone. The endpoint is called, and waited for, once.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Event, Lock

from assistant.llm.chat import Chat, Failure, Prompt, Reply


@dataclass(frozen=True, slots=True)
class RememberedChat:
    """`chat` with its last `most` replies at hand."""

    chat: Chat
    most: int = 256
    _replies: OrderedDict[str, Reply] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        key = prompt.fingerprint
        with self._lock:
            known = self._replies.get(key)
            if known is not None:
                self._replies.move_to_end(key)
                return known
        outcome = self.chat.complete(prompt, seconds, cancel)
        if isinstance(outcome, Reply):
            with self._lock:
                self._replies[key] = outcome
                while len(self._replies) > self.most:
                    self._replies.popitem(last=False)
        return outcome
