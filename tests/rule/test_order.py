"""Conditions are counted in the order in which they were said; an edited one keeps its place."""

from __future__ import annotations

from assistant.rule.order import in_order
from assistant.rule.tree import AllOf, AnyOf, Quote, TagCondition


def condition(tag: str, *said: tuple[int, int]) -> TagCondition:
    return TagCondition(tag=tag, operator="=", value=True, said=tuple(Quote(turn=turn, start=start, end=start + 1) for turn, start in said))


def test_as_said() -> None:
    late, early, edited = condition("late", (1, 0)), condition("early", (0, 5)), condition("edited", (0, 0), (2, 0))
    root = AllOf(children=(late, early, edited))
    assert in_order(root) == (((2,), edited), ((1,), early), ((0,), late))


def test_without_words_in_the_rules_own_order() -> None:
    root = AllOf(children=(condition("b"), condition("a", (0, 0))))
    assert [path for path, _ in in_order(root)] == [(0,), (1,)]


def test_a_single_condition_is_the_first_and_everyone_has_none() -> None:
    either = AnyOf(children=(condition("a"), condition("b")))
    assert in_order(either) == (((), either),)
    assert in_order(AllOf()) == ()
