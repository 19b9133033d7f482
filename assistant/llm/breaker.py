"""Leaves a dead endpoint alone. Law: after `failures` in a row nobody waits for it until it has cooled down; then one call tries, and the others go on without it until that one is back.

The circuit breaker of Nygard, Release It! (2nd ed., 2018), chapter 5.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from assistant.llm.chat import Failure, FailureCode, Reply

_ENDPOINT: frozenset[FailureCode] = frozenset(
    {"unreachable", "timeout", "rate_limited", "unauthorised", "bad_status", "redirected", "malformed", "too_large", "broken"}
)
"""Failures that the next call would share; the others are about this one's words, or ours."""


@dataclass(slots=True)
class CircuitBreaker:
    """One endpoint's breaker. `cool_down`: seconds of `clock` before one call may try again."""

    failures: int = 3
    cool_down: float = 30.0
    clock: Callable[[], float] = time.monotonic
    _in_a_row: int = 0
    _opened: float | None = None
    _trying: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    def admit(self) -> bool:
        """Whether a call may be made; if so, `tell` must be called with what came of it."""
        with self._lock:
            if self._opened is None:
                return True
            if self._trying or self.clock() - self._opened < self.cool_down:
                return False
            self._trying = True
            return True

    def tell(self, outcome: Reply | Failure | None) -> None:
        """What came of an admitted call; None: it was not made after all."""
        with self._lock:
            self._trying = False
            if isinstance(outcome, Failure) and outcome.code in _ENDPOINT:
                self._in_a_row += 1
                if self._in_a_row >= self.failures:
                    self._opened = self.clock()
            elif outcome is not None and not (isinstance(outcome, Failure) and outcome.code == "cancelled"):
                self._in_a_row, self._opened = 0, None
