"""Any LangChain chat model serves, and whatever it raises is a value."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event, Timer
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langsmith.utils import tracing_is_enabled
from openai import ContentFilterFinishReasonError
from pydantic import ConfigDict, Field

from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.injected import ChatModelChat

PROMPT = Prompt("s", "u", (("asked", "answered"),), schema={"type": "object"})


class Model(BaseChatModel):
    """A model of somebody else's: says `said`, once `free` is set, or raises."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    said: str = '{"a": 1}'
    free: Event | None = None
    error: Exception | None = None
    told: dict[str, str] = Field(default_factory=dict)
    heard: list[list[BaseMessage]] = Field(default_factory=list)
    traced: list[object] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "test"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: Sequence[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.heard.append(messages)
        self.traced.append(tracing_is_enabled())
        if self.free is not None:
            self.free.wait(60)
        if self.error is not None:
            raise self.error
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.said, response_metadata=self.told))])


def test_an_injected_model_answers() -> None:
    model = Model(told={"model_name": "house-7b", "system_fingerprint": "f1"})
    reply = ChatModelChat(model).complete(PROMPT, 20)
    assert isinstance(reply, Reply)
    assert (reply.data, reply.model, reply.tokens_in) == ({"a": 1}, "house-7b/f1", None)
    assert [(one.type, one.content) for one in model.heard[0]] == [("system", "s"), ("human", "asked"), ("ai", "answered"), ("human", "u")]


def test_free_text_is_given_as_it_is() -> None:
    reply = ChatModelChat(Model(said="一段话 {a}")).complete(Prompt("s", "u"), 20)
    assert isinstance(reply, Reply)
    assert (reply.text, reply.data) == ("一段话 {a}", {})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("boom"), "broken"),
        (RecursionError(), "broken"),
        (ConnectionRefusedError(), "unreachable"),
        (TimeoutError(), "timeout"),
        (ContentFilterFinishReasonError(), "refusal"),
    ],
)
def test_whatever_it_raises_is_a_value(error: Exception, code: str) -> None:
    outcome = ChatModelChat(Model(error=error)).complete(PROMPT, 20)
    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.detail) == (code, type(error).__name__)


@pytest.mark.parametrize(("finish", "code"), [("length", "truncated"), ("content_filter", "refusal")])
def test_how_it_ended_is_looked_at(finish: str, code: str) -> None:
    outcome = ChatModelChat(Model(told={"finish_reason": finish})).complete(PROMPT, 20)
    assert isinstance(outcome, Failure)
    assert outcome.code == code


def test_a_model_that_hangs_is_left() -> None:
    free = Event()
    started = time.monotonic()
    outcome = ChatModelChat(Model(free=free)).complete(PROMPT, 0.2)
    free.set()
    assert isinstance(outcome, Failure)
    assert outcome.code == "timeout"
    assert time.monotonic() - started < 20


def test_a_model_that_hangs_is_cancelled() -> None:
    free, cancel = Event(), Event()
    Timer(0.1, cancel.set).start()
    started = time.monotonic()
    outcome = ChatModelChat(Model(free=free)).complete(PROMPT, 50, cancel)
    free.set()
    assert isinstance(outcome, Failure)
    assert outcome.code == "cancelled"
    assert time.monotonic() - started < 20


def test_it_is_traced_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    model = Model()
    ChatModelChat(model).complete(PROMPT, 20)
    assert model.traced == [False]
