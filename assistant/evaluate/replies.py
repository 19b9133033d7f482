"""A model's replies kept in a file by prompt, and counted. Law: the same prompt to the same model is asked once, however often a run is killed; a failure is never kept."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event

from assistant.errors import UserError
from assistant.llm.chat import Chat, Failure, Prompt, Reply


@dataclass(slots=True)
class Spent:
    """What was asked of a model since the last look: calls, tokens as the endpoint counted them, failures by code, seconds the replies took when they were made, and those waited now."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    waited: float = 0.0


@dataclass(slots=True)
class KeptReplies:
    """`chat` with every reply of `model` in a file of JSON lines (None: kept in the process only). `spent`: of the calls since `taken`."""

    chat: Chat
    model: str
    path: Path | None = None
    spent: Spent = field(default_factory=Spent)
    _known: dict[str, Reply] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """UserError `case_file` for a file that cannot be read or holds anything else."""
        if self.path is None or not self.path.exists():
            return
        try:
            for line in self.path.read_text(encoding="utf-8").splitlines():
                self._learn(line)
        except OSError as error:
            raise UserError("case_file", file=self.path.name, fault=str(error)) from error

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        started = time.perf_counter()
        key = f"{self.model} {prompt.fingerprint}"
        outcome: Reply | Failure | None = self._known.get(key)
        if outcome is None:
            outcome = self.chat.complete(prompt, seconds, cancel)
            if isinstance(outcome, Reply):
                self._keep(key, outcome)
        self.spent.calls += 1
        self.spent.waited += time.perf_counter() - started
        self.spent.seconds += outcome.ms / 1000
        if isinstance(outcome, Failure):
            self.spent.failures.append(outcome.code)
        else:
            self.spent.tokens_in += outcome.tokens_in or 0
            self.spent.tokens_out += outcome.tokens_out or 0
        return outcome

    def taken(self) -> Spent:
        """What was spent since the last time, which begins anew."""
        spent, self.spent = self.spent, Spent()
        return spent

    def _keep(self, key: str, reply: Reply) -> None:
        self._known[key] = reply
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, **asdict(reply)}, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def _learn(self, line: str) -> None:
        """A line of the file; one that a killed run left half written is passed over."""
        try:
            found = json.loads(line)
        except ValueError:
            return
        if isinstance(found, dict) and isinstance(key := found.pop("key", None), str):
            self._known[key] = _reply(found)


def _reply(data: Mapping[str, object]) -> Reply:
    text, said, model, ms = data.get("text"), data.get("data"), data.get("model"), data.get("ms")
    tokens = [one if isinstance(one := data.get(name), int) else None for name in ("tokens_in", "tokens_out")]
    return Reply(
        text if isinstance(text, str) else "", said if isinstance(said, dict) else {}, tokens[0], tokens[1],
        float(ms) if isinstance(ms, int | float) else 0.0, model if isinstance(model, str) else "",
    )  # fmt: skip
