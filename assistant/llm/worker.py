"""Work that may hang, done within a time. Law: the caller goes on when the time is up or the call is cancelled, whatever the work is doing; nothing it raises is lost or thrown."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
_LOOK = 0.02
"""Seconds between two looks at whether the call was cancelled."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The work ended and this is what it gave."""

    value: T


@dataclass(frozen=True, slots=True)
class Raised:
    """The work ended by an exception."""

    error: Exception


def within(seconds: float, cancel: Event | None, work: Callable[[], T]) -> Done[T] | Raised | Literal["timeout", "cancelled"]:
    """The work's outcome. Beyond the time the thread is left behind: a daemon, so that it keeps no process alive; who gives the work sees to it that it ends
    (sockets have timeouts and are closed)."""
    ends = time.monotonic() + seconds
    outcome: queue.SimpleQueue[Done[T] | Raised] = queue.SimpleQueue()

    def run() -> None:
        # A library may raise anything at all, and an exception that ends a thread reaches nobody.
        try:
            outcome.put(Done(work()))
        except Exception as error:
            outcome.put(Raised(error))

    if cancel is not None and cancel.is_set():
        return "cancelled"
    Thread(target=run, name="assistant-model", daemon=True).start()
    while True:
        left = ends - time.monotonic()
        try:
            return outcome.get(timeout=max(0.0, min(left, _LOOK) if cancel is not None else left))
        except queue.Empty:
            if cancel is not None and cancel.is_set():
                return "cancelled"
            if time.monotonic() >= ends:
                return "timeout"
