"""What left the bank: one line for each call, written before it. Law: a call that cannot be logged is not made; the log holds no words of the request and no key."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from assistant.llm.chat import Prompt


@dataclass(frozen=True, slots=True)
class Sent:
    """One call: `at` ISO time (UTC), `host` and `model` it goes to, `prompt` and `sha256` the prompt file with its version, `fingerprint` the sha256 of all that is said,
    `characters` how much that is, `codes` the catalog codes it names."""

    at: str
    host: str
    model: str
    prompt: str
    sha256: str
    fingerprint: str
    characters: int
    codes: tuple[str, ...]


class EgressLog(Protocol):
    """Where it is written what left. OSError when it cannot be."""

    def record(self, sent: Sent) -> None: ...


@dataclass(slots=True)
class MemoryEgress:
    """Calls kept in the process, oldest first."""

    sent: list[Sent] = field(default_factory=list)

    def record(self, sent: Sent) -> None:
        self.sent.append(sent)


@dataclass(frozen=True, slots=True)
class FileEgress:
    """One JSON line a call, appended to a file that only its owner may read."""

    path: Path

    def record(self, sent: Sent) -> None:
        line = json.dumps(asdict(sent), ensure_ascii=False) + "\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


def sent(prompt: Prompt, host: str, model: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Sent:
    """The line for a prompt about to leave."""
    name = f"{prompt.id}.v{prompt.version}" if prompt.id else ""
    return Sent(
        now().isoformat(timespec="milliseconds"), host, model, name, prompt.sha256, prompt.fingerprint, prompt.characters, prompt.codes
    )


_PERSONAL = re.compile(
    r"(?<![0-9])(?:"
    r"[1-9][0-9]{16}[0-9Xx]"  # resident identity number (GB 11643-1999)
    r"|[0-9]{12,19}"  # card and account numbers (ISO/IEC 7812: up to 19 digits)
    r"|1[3-9][0-9]{9}"  # mobile number
    r")(?![0-9])|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)

_NUMBERED = re.compile(r"(?:客户|编号|one_?id|customer)\s*(?:号码?|编号|id|no\.?|number)?\s*[:：#]?\s*[0-9]{6,}", re.ASCII | re.IGNORECASE)
"""A number said of a customer: no amount stands there."""
_DIGIT = re.compile(r"[0-9]")


def without_identifiers(text: str) -> str:
    """The text with what identifies a person (identity, card, account, mobile and customer numbers, mail addresses) struck out, character for character: what is left stays
    where it was."""
    unnumbered = _NUMBERED.sub(lambda found: _DIGIT.sub("*", found[0]), text)
    return _PERSONAL.sub(lambda found: "*" * len(found[0]), unnumbered)
