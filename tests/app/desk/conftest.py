"""A bank with users: a frontline manager who asks, analysts who review, and an owner of tags; what they do is kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from assistant.app.desk.queue import ReviewDesk, open_review
from assistant.app.identity import CONSOLE, Desk
from assistant.app.rim import ask
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.store.open import open_store

Asks = Callable[..., Answer]
Sits = Callable[[str], ReviewDesk]


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    for name, role in (("root", "administrator"), ("lihua", "branch_manager"), ("zhou", "head_office_manager"), ("chen", "analyst"),
                       ("gao", "head_office_analyst"), ("wang", "catalog_owner")):  # fmt: skip
        store.users.add(name, role, "", CONSOLE)  # type: ignore[arg-type]
    store.users.grant("lihua", "branch", "3100", None, CONSOLE)
    for line in ("WM", "MKT", "DIG"):
        store.users.grant("wang", "line", line, None, CONSOLE)
    yield Desk(replace(assistant, kept=store), store)
    store.close()


@pytest.fixture
def asks(desk: Desk) -> Asks:
    """A person says some turns; the last answer."""

    def said(user: str, *turns: str, choices: dict[str, int] | None = None) -> Answer:
        conversation, answer = Conversation(), None
        for turn in turns:
            answer, conversation = ask(desk.of(user), turn, conversation, choices=choices)
        assert answer is not None
        return answer

    return said


@pytest.fixture
def sits(desk: Desk) -> Sits:
    """The desk as a person sits at it."""
    return lambda user: open_review(desk, desk.of(user))
