"""The words for what can go wrong: Issue (a doubt found by a gate) and the exception tree. Law: codes and data here, never prose.

    AssistantError
    ├── UserError      the caller can mend it (bad file, unknown code, missing database); carries code and params
    │   └── Unanswerable   what is asked for is clear, and the data cannot say it
    └── Fault          ours or the engine's; shown to a user only as a reference id

`app/view.py` turns a code and its params into words; nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Param = str | int | float | tuple[str, ...]


class Severity(StrEnum):
    """How a gate takes an issue: refuse it, ask the user, or go on and say so."""

    REFUSE = "refuse"
    ASK = "ask"
    WARN = "warn"


class AssistantError(Exception):
    """Base of all errors the project raises on purpose. `code` is stable and has a message in every locale."""

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code, dict(params))
        self.code = code
        self.params: Mapping[str, Param] = MappingProxyType(dict(params))

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({shown})" if shown else self.code


class UserError(AssistantError):
    """The caller can mend this: an unknown code, a missing or foreign file, an unusable option."""


class Unanswerable(UserError):
    """What is asked for is clear and the data do not hold it: inexpressible, said by name."""


class Fault(AssistantError):
    """The engine's or our own failure. A user sees only its message and a reference id."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding of a gate or a reader. `path` is the way to the node in the rule (child numbers), `quote` the words it is about
    as (start, end) in the original text of the current turn, `params` fill the message of `code`, `suggestions` are catalog codes."""

    code: str
    severity: Severity
    path: tuple[int, ...] = ()
    quote: tuple[int, int] | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
