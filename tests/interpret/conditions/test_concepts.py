"""Words without universal meaning: their readings, in the order they are offered."""

from __future__ import annotations

import pytest

from tests.interpret.reading import read, spells


@pytest.mark.parametrize("text", ["高资产未活跃的客户是什么人", "who are the customers that are wealthy and inactive"])
def test_a_cell_called_as_its_definition_calls_it_is_the_first_option(text: str) -> None:
    found = read(text)
    (question,) = (one for one in found.questions if one.code == "ambiguous_word")
    assert question.ask
    assert spells(question.readings[0].rule, {"tag": "grid16_cell", "value": ["M1A4"]})
