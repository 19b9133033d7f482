"""An open question stays open for words that only go on with it; a request of its own leaves it."""

from __future__ import annotations

import pytest

from tests.interpret.reading import MORTGAGE, WOMEN, asks, spells, talk


@pytest.mark.parametrize("turn", ["and the women?", "not the women", "不是女的", "但是不要女的"])
def test_words_that_go_on_with_an_open_question_do_not_leave_it(turn: str) -> None:
    found = talk(turn, pending=True)
    assert asks(found) == ["answer_first"]
    assert not found.changed


@pytest.mark.parametrize(("turn", "short"), [("女客户", WOMEN), ("customers with a mortgage", MORTGAGE)])
def test_a_request_of_its_own_leaves_an_open_question(turn: str, short: dict[str, object]) -> None:
    found = talk(turn, pending=True)
    assert found.changed
    assert spells(found.rule, short)
