"""The rim of every face: one turn asked so that nothing escapes. Law: the only broad `except`; details go to the log, a reference to the user."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TypeVar

from assistant.catalog.model import Language
from assistant.errors import AssistantError, Fault
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.policy import Purpose
from assistant.rule.edits import RuleChange
from assistant.settings import log_file

_log = logging.getLogger("assistant")
Found = TypeVar("Found")


def ask(
    assistant: Assistant,
    text: str,
    conversation: Conversation,
    *,
    language: Language | None = None,
    as_of: date | None = None,
    today: date | None = None,
    purpose: Purpose = "analysis",
    choices: Mapping[str, int] | None = None,
    edit: RuleChange | None = None,
) -> tuple[Answer, Conversation]:
    """`Assistant.ask`, where a bug of ours is an Answer with outcome fault and a reference that the log holds too."""
    try:
        return assistant.ask(text, conversation, language=language, as_of=as_of, today=today, purpose=purpose, choices=choices, edit=edit)
    except Exception:
        reference = logged()
        data_date = as_of or assistant.engine.as_of
        day = today or data_date + timedelta(days=1)
        return Answer(reference, text, language or "zh", "fault", data_date, day, None, assistant.catalog, error="internal"), conversation


def caught(work: Callable[[], Found]) -> Found | AssistantError:
    """What some work gives, or what went wrong with it; a bug of ours is a Fault `internal` whose reference the log holds too."""
    try:
        return work()
    except AssistantError as error:
        return error
    except Exception:
        return Fault("internal", reference=logged())


@contextmanager
def kept_log() -> Iterator[None]:
    """Meanwhile the log goes to its file and nowhere else; where no file can be written, nothing is kept."""
    path = log_file()
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    before, _log.handlers, _log.propagate = _log.handlers, [handler], False
    try:
        yield
    finally:
        _log.handlers, _log.propagate = before, True
        handler.close()


def logged() -> str:
    """Write the exception at hand to the log; the reference it stands under."""
    reference = secrets.token_hex(6)
    _log.exception("request %s failed", reference)
    return reference
