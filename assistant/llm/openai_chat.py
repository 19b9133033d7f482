"""A Chat over any OpenAI-compatible endpoint, by its address, model and key. Law: at most one completion a call; whatever is tried again is tried within the time given."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event, Lock

import httpx2
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.injected import ChatModelChat, Mode, Undelivered
from assistant.llm.wire import Wire

_STEP_DOWN: dict[Mode, Mode] = {"json_schema": "json_object", "json_object": "plain", "tool": "plain"}
"""What is asked for instead when the endpoint does not take a way of asking for JSON."""
_REQUESTS = 5
"""Requests a call may take: three ways of asking for JSON, and two waits or parameters left out."""
_LEAST = 0.05
"""Seconds below which another request is pointless."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """How requests are put: `left_out` are the parameters this endpoint does not take."""

    mode: Mode
    left_out: frozenset[str] = frozenset()

    def without(self, named: str) -> _Shape | None:
        """The next shape after the endpoint refused this one; None when there is none."""
        if named in ("temperature", "max_tokens"):
            return None if named in self.left_out else replace(self, left_out=self.left_out | {named})
        down = _STEP_DOWN.get(self.mode)
        return None if down is None else replace(self, mode=down)


def _context() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


@dataclass(slots=True)
class OpenAIChat:
    """One endpoint. What it turned out not to take is remembered for the next call. `output_tokens`: how much it may say; `first_wait`: seconds before a busy endpoint that
    names no time is tried again, doubled each time; `clock`: monotonic seconds."""

    base_url: str
    model: str
    key: SecretStr | None = None
    mode: Mode = "json_schema"
    output_tokens: int = 1024
    first_wait: float = 0.5
    clock: Callable[[], float] = time.monotonic
    _shape: _Shape | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)
    _tls: ssl.SSLContext = field(default_factory=_context, repr=False)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        started = self.clock()
        stop = cancel or Event()
        shape = self._shape or _Shape(self.mode)
        wait = self.first_wait
        for _ in range(_REQUESTS):
            left = started + seconds - self.clock()
            if left < _LEAST:
                break
            outcome = self._request(prompt, shape, left, stop)
            if not isinstance(outcome, Undelivered):
                if isinstance(outcome, Reply):
                    self._remember(shape)
                return replace(outcome, ms=self._ms(started))
            smaller = shape.without(outcome.named) if outcome.status in (400, 422) else None
            pause = 0.0
            if smaller is not None:
                shape = smaller
            elif outcome.failure.code == "rate_limited":
                pause = wait if outcome.wait is None else outcome.wait
                wait *= 2
                if pause + _LEAST >= started + seconds - self.clock():
                    return replace(outcome.failure, ms=self._ms(started))
            else:
                return replace(outcome.failure, ms=self._ms(started))
            if stop.wait(pause):
                return Failure("cancelled", ms=self._ms(started))
            failed = outcome.failure
        else:
            return replace(failed, ms=self._ms(started))
        return Failure("timeout", ms=self._ms(started))

    def _request(self, prompt: Prompt, shape: _Shape, left: float, stop: Event) -> Reply | Failure | Undelivered:
        wire = Wire(httpx2.URL(self.base_url), self._tls, self.clock() + left, self.key is not None, self.clock)
        # A client for each call: closing it ends a read that hangs, and no other call waits for its pool.
        with httpx2.Client(transport=wire, trust_env=False, follow_redirects=False, timeout=left) as client:
            return ChatModelChat(self._chat_model(client, prompt, shape), shape.mode, self.clock).attempt(prompt, left, stop)

    def _chat_model(self, client: httpx2.Client, prompt: Prompt, shape: _Shape) -> ChatOpenAI:
        """LangChain's model over our wire. Everything it would take from the environment is given, so that it takes nothing."""
        return ChatOpenAI(
            model=self.model,
            base_url=self.base_url,
            api_key=self.key or SecretStr("none"),
            http_client=client,
            openai_proxy="",
            organization="",
            use_responses_api=False,
            streaming=False,
            cache=False,
            max_retries=0,
            temperature=None if "temperature" in shape.left_out else prompt.temperature,
            extra_body=None if "max_tokens" in shape.left_out else {"max_tokens": self.output_tokens},
        )

    def _remember(self, shape: _Shape) -> None:
        with self._lock:
            self._shape = shape

    def _ms(self, started: float) -> float:
        return (self.clock() - started) * 1000
