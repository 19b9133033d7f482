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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("年收入20万以上的客户", ["i4", "i5"]),
        ("年收入低于10万的客户", ["i1", "i2"]),
        ("年收入超过40万的客户", ["i5"]),
        ("customers with annual income of at least 200k", ["i4", "i5"]),
        ("customers with annual income under 100k", ["i1", "i2"]),
    ],
)
def test_a_number_at_the_edge_of_two_bands_is_those_on_its_side(text: str, values: list[str]) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, {"tag": "annual_income", "value": values})
    assert [one.code for one in found.assumptions] == (["at_edge"] if "超过" in text else [])


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("年收入超过50万的客户", "i5"),
        ("年收入30万以上的客户", "i4 i5"),
        ("年收入不到30万的客户", "i3 i4"),
        ("customers with annual income over 500k", "i5"),
    ],
)
def test_a_number_inside_a_band_is_asked_with_the_bands_near_it(text: str, near: str) -> None:
    (issue,) = read(text).issues
    assert (issue.code, issue.params["values"]) == ("between_edges", near)


@pytest.mark.parametrize("text", ["已婚有子女的客户", "有孩子的客户", "married customers with children"])
def test_children_of_whom_nothing_is_kept_are_no_women(text: str) -> None:
    found = read(text)
    assert "no_such_data" in asks(found)
    assert found.rule is None or not any(isinstance(node, TagCondition) and node.tag == "gender" for _, node in walk(found.rule.node))


@pytest.mark.parametrize("text", ["最近开户的客户", "近期开户的客户", "customers who recently opened an account"])
def test_how_lately_a_day_that_comes_once_lies_back_is_asked(text: str) -> None:
    found = read(text)
    (question,) = found.questions
    assert (question.code, question.ask, len(question.readings)) == ("how_lately", True, 3)
    assert found.assumptions == ()


@pytest.mark.parametrize(
    "text",
    ["最近买过理财的客户", "最近没买理财的客户", "customers who recently bought wealth", "customers who have not bought wealth recently"],
)
def test_what_lately_is_taken_for_is_told_once(text: str) -> None:
    told = [one.code for one in read(text).assumptions]
    assert told.count("recently") == 1
    assert "default_window" not in told
