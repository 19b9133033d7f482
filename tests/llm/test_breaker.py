"""A dead endpoint is left alone, and tried again by one call at a time."""

from __future__ import annotations

from assistant.llm.breaker import CircuitBreaker
from assistant.llm.chat import Failure, FailureCode, Reply


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, cool_down=30, clock=clock)
    fail(breaker, 3)
    return breaker


def fail(breaker: CircuitBreaker, times: int, code: FailureCode = "timeout") -> None:
    for _ in range(times):
        assert breaker.admit()
        breaker.tell(Failure(code))


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = CircuitBreaker(failures=3, cool_down=30, clock=Clock())
    fail(breaker, 2)
    assert breaker.admit()
    breaker.tell(Reply("ok"))
    fail(breaker, 3)
    assert not breaker.admit()


def test_what_is_about_the_words_is_no_fault_of_the_endpoint() -> None:
    breaker = CircuitBreaker(failures=2, clock=Clock())
    for code in ("refusal", "truncated", "not_json", "empty", "cancelled", "not_logged"):
        fail(breaker, 3, code)
    assert breaker.admit()


def test_a_cancelled_call_says_nothing_of_the_endpoint() -> None:
    breaker = CircuitBreaker(failures=2, clock=Clock())
    fail(breaker, 1)
    fail(breaker, 1, "cancelled")
    fail(breaker, 1)
    assert not breaker.admit()


def test_one_call_tries_when_it_has_cooled_down() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 29
    assert not breaker.admit()
    clock.now += 1
    assert breaker.admit()
    assert not breaker.admit()
    breaker.tell(Reply("ok"))
    assert breaker.admit()
    assert breaker.admit()


def test_a_trial_that_fails_opens_it_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    fail(breaker, 1)
    assert not breaker.admit()
    clock.now += 30
    assert breaker.admit()


def test_a_trial_that_is_cancelled_lets_the_next_one_try() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 30
    fail(breaker, 1, "cancelled")
    assert breaker.admit()
    assert not breaker.admit()
    breaker.tell(None)
    assert breaker.admit()
