"""How often somebody may ask. Law: a request too many costs nothing but its refusal."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from assistant.errors import UserError

MOST_KEYS = 10_000
"""Askers remembered at once; the one longest silent is forgotten first."""


class Rate:
    """So many requests a minute for each key, evenly refilled (a token bucket). `clock` gives monotonic seconds. Threads may share it."""

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(a_minute)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, cost: int = 1) -> float:
        """Take from a key's share; the seconds until it has enough again, 0 where it had. With `cost` 0 nothing is taken, and the wait is for one request."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(key, (self._most, now))
            left = min(self._most, left + (now - since) * self._most / 60)
            short = max(cost, 1) - left
            self._left[key] = (left if short > 0 else left - cost, now)
            while len(self._left) > MOST_KEYS:
                self._left.popitem(last=False)
        return max(0.0, short * 60 / self._most)


def within(wait: float) -> None:
    """UserError `rate_limited` (seconds) for one who has to wait."""
    if wait > 0:
        raise UserError("rate_limited", seconds=max(1, round(wait)))
