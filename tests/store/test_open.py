"""A store is opened whole, and what is kept in it is there for the next who opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

from assistant.store.open import Store, now, open_store
from tests.store.test_audit import ASKED


def test_what_was_kept_is_there_when_it_is_opened_again(opened: Callable[[], Store]) -> None:
    first = opened()
    first.record(ASKED)
    first.close()
    again = opened()
    again.record(replace(ASKED, text="第二天"))
    assert [row["text"] for row in again.audit.last(5)] == ["第二天", ASKED.text]
    assert again.audit.verify().intact


def test_without_an_address_it_lives_in_memory() -> None:
    store = open_store()
    store.record(ASKED)
    assert store.audit.verify().rows == 1
    store.close()
    store.close()


def test_the_time_is_told_in_utc() -> None:
    assert now().tzinfo is UTC
