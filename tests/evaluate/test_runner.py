"""The score of a conversation: a turn after one that went another way is not an error of its own."""

from __future__ import annotations

from assistant.evaluate.runner import Score, along


def _turn(number: int, *, met: bool = True, silent: bool = False, unnecessary: bool = False) -> Score:
    return Score("talks", f"talk.{number}", "zh", "", met, met, None, silent, unnecessary, 1.0)


def test_what_follows_a_turn_that_went_another_way_is_not_a_silent_error() -> None:
    asked, answered, asked_again = along(
        [_turn(1, met=False, unnecessary=True), _turn(2, met=False, silent=True), _turn(3, met=False, unnecessary=True)]
    )
    assert asked.unnecessary
    assert not answered.silent
    assert not answered.met
    assert not asked_again.unnecessary


def test_a_silent_error_is_one_where_the_turns_before_it_were_met() -> None:
    assert [score.silent for score in along([_turn(1), _turn(2), _turn(3, met=False, silent=True)])] == [False, False, True]


def test_a_wrong_rule_or_other_customers_are_not_met() -> None:
    assert not Score("talks", "talk.1", "zh", "", True, False, None, False, False, 1.0).met
    assert not Score("talks", "talk.1", "zh", "", True, None, False, False, False, 1.0).met
    assert Score("talks", "talk.1", "zh", "", True, None, None, False, False, 1.0).met
