"""What is said to a model and what comes back: Prompt, Reply, Failure and the Chat protocol. Law: whatever an endpoint or its library does is a value, never an exception;
this file imports no model library, so that everyone may name these types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Literal, Protocol

FailureCode = Literal[
    "unreachable", "timeout", "rate_limited", "unauthorised", "bad_status", "redirected", "malformed", "too_large",
    "truncated", "refusal", "empty", "not_json", "circuit_open", "cancelled", "not_logged", "broken",
]  # fmt: skip
"""unreachable: no connection, or it broke off; timeout: nothing whole within the time given; rate_limited: 429 or 503 beyond the time given; unauthorised: 401 or 403; bad_status: any other status
that is no success; redirected: sent elsewhere, where nobody followed; malformed: a success whose body is no chat completion; too_large: the prompt or the reply is beyond its bound;
truncated: the model ran out of room; refusal: it or a content filter declined; empty: it said nothing; not_json: what it said is not one JSON object; circuit_open: the endpoint failed too often
and is left alone for a while; cancelled: the caller no longer wants it; not_logged: the egress log could not be written, so nothing was sent; broken: the library raised something else."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call's words. `user` holds the catalog slice and the request; `examples` are (user, assistant) pairs shown before it; `schema`: the JSON schema of the reply
    (None: free text is wanted); `id`, `version`, `sha256`: the prompt file it was made from; `codes`: the catalog codes in its slice, for the egress log."""

    system: str
    user: str
    examples: tuple[tuple[str, str], ...] = ()
    schema: Mapping[str, object] | None = None
    id: str = ""
    version: int = 1
    sha256: str = ""
    temperature: float = 0.0
    codes: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """(role, text) in the order sent."""
        shown = tuple(pair for asked, answered in self.examples for pair in (("user", asked), ("assistant", answered)))
        return (("system", self.system), *shown, ("user", self.user))

    @property
    def characters(self) -> int:
        return sum(len(text) for _, text in self.messages)

    @property
    def fingerprint(self) -> str:
        """sha256 of all that is said: the same prompt has the same one on every machine."""
        said = {"messages": self.messages, "schema": self.schema, "temperature": self.temperature}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said. `data`: the one JSON object in it, when the prompt has a schema (its shape is the reader's to check); `tokens_*`: as the endpoint counted them
    (None: it did not); `ms`: wall time of the whole call, retries included; `model`: the model and build that the endpoint names."""

    text: str
    data: Mapping[str, object] = field(default_factory=dict)
    tokens_in: int | None = None
    tokens_out: int | None = None
    ms: float = 0.0
    model: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no reply. `detail` is for the log: a status or the name of an exception, never words of the prompt, of the endpoint, or a key."""

    code: FailureCode
    detail: str = ""
    ms: float = 0.0


class Chat(Protocol):
    """A model that can be asked once."""

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        """At most one completion, within `seconds` of wall time. Setting `cancel` ends the call early. Never raises for what the endpoint does."""
        ...
