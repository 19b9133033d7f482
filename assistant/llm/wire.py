"""One HTTP exchange with an endpoint: what may be sent, how long and how large the answer may be, and what its status means. Law: nothing goes to another host, nothing is
sent but the request and the key, and a model's library sees only a whole, well-formed chat completion."""

from __future__ import annotations

import codecs
import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLContext
from typing import Literal

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.llm.injected import Undelivered

MAX_BODY = 2_000_000
"""Bytes of an answer that are read: a rule takes a few thousand."""
_SENT = ("host", "accept", "content-type", "content-length", "connection", "authorization")
"""Headers that go out; what else a library would tell (system, versions, organisation) stays here."""
_OPTIONAL = ("response_format", "json_schema", "tool_choice", "tools", "temperature", "max_tokens")
"""Parameters of a request that some endpoints do not take."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Function(_Strict):
    name: str
    arguments: str


class _ToolCall(_Strict):
    id: str = ""
    type: Literal["function"] = "function"
    function: _Function


class _Message(_Strict):
    role: Literal["assistant"] = "assistant"
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(_Strict):
    index: int = 0
    message: _Message
    finish_reason: str | None = None


class _Usage(_Strict):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Completion(_Strict):
    """The part of a chat completion that is read."""

    model: str | None = None
    system_fingerprint: str | None = None
    choices: list[_Choice]
    usage: object = None


class _Error(_Strict):
    param: str | None = None
    message: str = ""


class _ErrorBody(_Strict):
    error: _Error


class Wire(httpx2.BaseTransport):
    """The transport of one call to one endpoint, over by `ends` (seconds of `clock`). `now`: for a Retry-After that is a date."""

    def __init__(
        self,
        endpoint: httpx2.URL,
        context: SSLContext,
        ends: float,
        keyed: bool,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._endpoint = endpoint
        self._inner = httpx2.HTTPTransport(verify=context)
        self._ends = ends
        self._sent = tuple(name for name in _SENT if keyed or name != "authorization")
        self._clock = clock
        self._now = now

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The endpoint's answer as a whole. Raises Undelivered for everything else."""
        there, here = request.url, self._endpoint
        if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
            raise Undelivered("redirected")
        timeout = httpx2.Timeout(max(self._ends - self._clock(), 0.001)).as_dict()
        try:
            response = self._inner.handle_request(
                httpx2.Request(
                    request.method, there, headers=self._headers(request), stream=request.stream, extensions={"timeout": timeout}
                )
            )
            try:
                body = self._body(response)
            finally:
                response.close()
        except httpx2.TimeoutException as error:
            raise Undelivered("timeout", type(error).__name__) from None
        except httpx2.ProtocolError as error:
            raise Undelivered("malformed", type(error).__name__) from None
        except httpx2.TransportError as error:
            raise Undelivered("unreachable", type(error).__name__) from None
        if response.status_code != 200:
            raise self._declined(response, body)
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=whole_completion(body), request=request)

    def close(self) -> None:
        self._inner.close()

    def _headers(self, request: httpx2.Request) -> dict[str, str]:
        return {name: value for name, value in request.headers.items() if name in self._sent} | {"accept-encoding": "identity"}

    def _body(self, response: httpx2.Response) -> bytes:
        """The raw body. An encoding nobody asked for is not undone: a small body may unpack into a huge one."""
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
            raise Undelivered("malformed", "content-encoding")
        found = bytearray()
        for part in response.iter_raw():
            found += part
            if len(found) > MAX_BODY:
                raise Undelivered("too_large", "body")
            if self._clock() >= self._ends:
                raise Undelivered("timeout", "body")
        return bytes(found)

    def _declined(self, response: httpx2.Response, body: bytes) -> Undelivered:
        status = response.status_code
        detail = str(status)
        if 300 <= status < 400:
            return Undelivered("redirected", detail, status)
        if status in (401, 403):
            return Undelivered("unauthorised", detail, status)
        if status in (429, 503):
            return Undelivered("rate_limited", detail, status, wait=retry_after(response.headers.get("retry-after", ""), self._now()))
        return Undelivered("bad_status", detail, status, named=_named(body))


def retry_after(said: str, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, which is seconds or an HTTP date (RFC 9110, 10.2.3); None for anything else. A moment gone by is no wait."""
    try:
        seconds = float(said)
    except ValueError:
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        seconds = max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def whole_completion(body: bytes) -> bytes:
    """The chat completion in a body, made anew from what is read of it: its first choice, and the tokens where they are counted.
    Undelivered `malformed` or `empty` when it is none."""
    try:
        found = _Completion.model_validate_json(body.removeprefix(codecs.BOM_UTF8))
    except ValidationError:
        raise Undelivered("malformed", "body") from None
    if not found.choices:
        raise Undelivered("empty", "choices")
    read = {
        "id": "",
        "object": "chat.completion",
        "created": 0,
        "model": found.model or "",
        "system_fingerprint": found.system_fingerprint or "",
        "choices": [found.choices[0].model_dump(exclude_none=True)],
        "usage": _counted(found.usage),
    }
    return json.dumps(read).encode()


def _counted(usage: object) -> dict[str, int] | None:
    try:
        found = _Usage.model_validate(usage)
    except ValidationError:
        return None
    return found.model_dump() | {"total_tokens": found.prompt_tokens + found.completion_tokens}


def _named(body: bytes) -> str:
    """Which parameter an error names that we may leave out; nothing else of its words is used."""
    try:
        error = _ErrorBody.model_validate_json(body).error
    except ValidationError:
        return ""
    return next((name for name in _OPTIONAL if name in f"{error.param} {error.message}"), "")
