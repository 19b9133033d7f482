"""A Chat over any LangChain chat model: ours, or one that an embedder hands in. Law: one call of the model, traced nowhere, over when the time is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Literal

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable
from langsmith import tracing_context
from openai import ContentFilterFinishReasonError, LengthFinishReasonError, OpenAIError

from assistant.llm.chat import Failure, FailureCode, Prompt, Reply
from assistant.llm.replies import one_object
from assistant.llm.worker import Raised, within

Mode = Literal["json_schema", "json_object", "tool", "plain"]
"""How the shape of the reply is asked for: by its JSON schema, as any JSON object, as the arguments of a tool, or in the prompt's words alone."""
MAX_PROMPT = 100_000
MAX_REPLY = 200_000
"""Characters a prompt and a reply may have."""
_TOOL = "reply"


class Undelivered(OpenAIError):
    """Raised below a model's library, which lets it through, when the wire has already told why there is no reply."""

    def __init__(self, code: FailureCode, detail: str = "", status: int = 0, named: str = "", wait: float | None = None) -> None:
        super().__init__(code)
        self.failure = Failure(code, detail)
        self.status = status
        """HTTP status (0: there was none)."""
        self.named = named
        """Which parameter of the request the endpoint says it does not take."""
        self.wait = wait
        """Seconds the endpoint asks to be left alone."""


@dataclass(frozen=True, slots=True)
class ChatModelChat:
    """Any BaseChatModel as a Chat. `mode`: "plain" suits every model; the others need one that takes OpenAI's `response_format`, or LangChain's `bind_tools`."""

    model: BaseChatModel
    mode: Mode = "plain"
    clock: Callable[[], float] = time.monotonic

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        outcome = self.attempt(prompt, seconds, cancel)
        return outcome.failure if isinstance(outcome, Undelivered) else outcome

    def attempt(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure | Undelivered:
        """As `complete`, but what the wire tells of a failure is kept whole, for who may try again."""
        started = self.clock()
        if prompt.characters > MAX_PROMPT:
            return Failure("too_large", "prompt")
        outcome = within(seconds, cancel, lambda: self._asked(prompt))
        ms = (self.clock() - started) * 1000
        if isinstance(outcome, str):
            return Failure(outcome, ms=ms)
        if isinstance(outcome, Raised):
            return (
                outcome.error if isinstance(outcome.error, Undelivered) else Failure(_code(outcome.error), type(outcome.error).__name__, ms)
            )
        return _read(outcome.value, prompt, ms)

    def _asked(self, prompt: Prompt) -> BaseMessage:
        with tracing_context(enabled=False):
            return self._shaped(prompt.schema).invoke([_MESSAGES[role](content=text) for role, text in prompt.messages])

    def _shaped(self, schema: Mapping[str, object] | None) -> Runnable[LanguageModelInput, BaseMessage]:
        if schema is None or self.mode == "plain":
            return self.model
        if self.mode == "tool":
            tool = {"type": "function", "function": {"name": _TOOL, "description": "The reply.", "parameters": dict(schema)}}
            return self.model.bind_tools([tool], tool_choice=_TOOL)
        if self.mode == "json_object":
            return self.model.bind(response_format={"type": "json_object"})
        return self.model.bind(
            response_format={"type": "json_schema", "json_schema": {"name": _TOOL, "schema": dict(schema), "strict": True}}
        )


_MESSAGES: Mapping[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


def _code(error: Exception) -> FailureCode:
    """What an exception of a library means: by what it is, never by its words."""
    if isinstance(error, LengthFinishReasonError):
        return "truncated"
    if isinstance(error, ContentFilterFinishReasonError):
        return "refusal"
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, OSError):
        return "unreachable"
    return "broken"


def _read(message: BaseMessage, prompt: Prompt, ms: float) -> Reply | Failure:
    """The reply in a message, or why it is none."""
    told = message.response_metadata
    finish = told.get("finish_reason")
    if finish == "length":
        return Failure("truncated", ms=ms)
    if finish == "content_filter" or message.additional_kwargs.get("refusal"):
        return Failure("refusal", str(finish or ""), ms)
    text = str(message.text)
    if len(text) > MAX_REPLY:
        return Failure("too_large", "reply", ms)
    calls = [*message.tool_calls, *message.invalid_tool_calls] if isinstance(message, AIMessage) else []
    if not text.strip() and not calls:
        return Failure("empty", ms=ms)
    data: Mapping[str, object] | None = {}
    if prompt.schema is not None:
        data = _arguments(message) if calls else one_object(text)
    if data is None or (calls and prompt.schema is None):
        return Failure("not_json", ms=ms)
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    return Reply(
        text,
        data,
        usage["input_tokens"] if usage else None,
        usage["output_tokens"] if usage else None,
        ms,
        "/".join(str(told[name]) for name in ("model_name", "system_fingerprint") if told.get(name)),
    )


def _arguments(message: BaseMessage) -> Mapping[str, object] | None:
    """The arguments of the one call of our tool that a message is; None when it is anything more or else."""
    if not isinstance(message, AIMessage) or message.invalid_tool_calls or len(message.tool_calls) != 1 or str(message.text).strip():
        return None
    call = message.tool_calls[0]
    return call["args"] if call["name"] == _TOOL else None
