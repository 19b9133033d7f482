"""So many a minute, each for themselves, evenly refilled."""

from __future__ import annotations

from assistant.app.api import rate
from assistant.app.api.rate import Rate


def test_a_share_is_used_up_and_refilled_evenly() -> None:
    now = [0.0]
    asks = Rate(60, lambda: now[0])
    assert [asks.wait("a") for _ in range(60)] == [0.0] * 60
    assert asks.wait("a") == 1.0
    assert asks.wait("b") == 0.0
    now[0] = 0.5
    assert asks.wait("a") == 0.5
    now[0] = 2.0
    assert [asks.wait("a"), asks.wait("a")] == [0.0, 0.0]
    assert asks.wait("a") > 0
    now[0] = 10_000.0
    assert [asks.wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]


def test_to_look_costs_nothing() -> None:
    asks = Rate(1, lambda: 0.0)
    assert [asks.wait("a", cost=0) for _ in range(5)] == [0.0] * 5
    assert asks.wait("a") == 0.0
    assert asks.wait("a", cost=0) == 60.0


def test_the_longest_silent_is_forgotten() -> None:
    asks = Rate(1, lambda: 0.0)
    for number in range(rate.MOST_KEYS + 1):
        asks.wait(str(number))
    assert len(asks._left) == rate.MOST_KEYS
    assert asks.wait("0") == 0.0
    assert asks.wait(str(rate.MOST_KEYS)) > 0
