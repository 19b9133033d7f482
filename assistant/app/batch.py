"""Many requests or conversations in one process: JSONL in, JSONL out. Law: one line out for every line in, in order, whatever stands in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.app.rim import ask
from assistant.app.view import as_json, error_json
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.rule.canonical import Json


class Line(BaseModel):
    """One line of a batch: a request (`text`) or a conversation (`turns`), and what it is asked with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str | int | None = None
    text: str | None = None
    turns: tuple[str, ...] | None = Field(None, min_length=1)
    lang: Language | None = None
    as_of: date | None = None
    today: date | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Line:
        if (self.text is None) == (self.turns is None):
            raise ValueError("give either text or turns")
        return self


def answer_lines(assistant: Assistant, source: Path, target: Path | None, members: bool = False) -> int:
    """Answer every line of `source` into `target` (None: standard output); how many. `members` adds the ascending customer ids of an answered line.

    UserError `batch_file` when a file cannot be read or written.
    """
    count = 0
    try:
        with source.open(encoding="utf-8", errors="surrogateescape") as lines:
            output = nullcontext(sys.stdout) if target is None else target.open("w", encoding="utf-8", errors="backslashreplace")
            with output as out:
                for found in answered(assistant, lines, members):
                    out.write(json.dumps(found, ensure_ascii=False) + "\n")
                    out.flush()
                    count += 1
    except OSError as error:
        raise UserError("batch_file", path=str(error.filename or source), fault=error.strerror or type(error).__name__) from error
    return count


def answered(assistant: Assistant, lines: Iterator[str], members: bool = False) -> Iterator[dict[str, Json]]:
    """The answer to each line that is not blank."""
    for place, text in enumerate(lines, 1):
        if text.strip():
            yield _answer(assistant, place, text, members)


def _answer(assistant: Assistant, place: int, text: str, members: bool) -> dict[str, Json]:
    try:
        line = Line.model_validate_json(text.encode("utf-8", "surrogateescape"))
    except ValidationError as error:
        first = error.errors()[0]
        fault = UserError("batch_line", line=place, fault=": ".join([*(str(part) for part in first["loc"]), str(first["msg"])]))
        return {"id": None, "line": place, **error_json(fault)}
    turns = line.turns if line.turns is not None else (line.text or "",)
    answers: list[Answer] = []
    conversation = Conversation()
    for said in turns:
        answer, conversation = ask(assistant, said, conversation, language=line.lang, as_of=line.as_of, today=line.today)
        answers.append(answer)
    found: dict[str, Json] = {"id": line.id, **as_json(answers[-1])}
    if line.turns is not None:
        found["turns"] = [as_json(answer) for answer in answers]
    if members:
        last = answers[-1]
        listed = last.outcome == "answered" and last.validated is not None and last.count is not None
        found["members"] = list(assistant.members(last.validated)) if listed and last.validated is not None else None
    return found
