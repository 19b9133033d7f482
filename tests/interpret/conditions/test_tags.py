"""A tag said by the names of its values."""

from __future__ import annotations

import pytest

from assistant.rule.tree import TagCondition, walk
from tests.interpret.reading import asks, read, spells


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("十六宫格里低活跃长尾的客户", "M2A1"),
        ("low-activity long tail customers in the 16-grid", "M2A1"),
        ("how many are high-activity wealthy in the grid", "M4A4"),
        ("medium activity affluent-to-be customers", "M3A3"),
    ],
)
def test_a_cell_of_the_grid_is_named_by_its_two_bands(text: str, cell: str) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, {"tag": "grid16_cell", "value": [cell]})


@pytest.mark.parametrize(
    "text", ["没有开通短信的", "开通了短信的客户", "customers without the SMS service", "customers who signed up for SMS"]
)
def test_a_service_that_no_tag_tells_is_asked_about_by_its_nearest_tags(text: str) -> None:
    found = read(text)
    (question,) = found.questions
    assert question.ask
    tags = [[node.tag for _, node in walk(one.rule.node) if isinstance(node, TagCondition)] for one in question.readings]
    assert tags == [["consent_sms"], ["reach_pref"]]
