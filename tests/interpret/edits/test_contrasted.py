"""What is denied on one side of a comma and what is meant on the other: an exchange only of things of one sort."""

from __future__ import annotations

import pytest

from tests.interpret.reading import talk


@pytest.mark.parametrize(
    "turns",
    [
        ("有按揭的女客户", "不是按揭，上海分行的"),
        ("有按揭的女客户", "没有按揭，有信用卡的"),
        ("women with a mortgage", "not a mortgage, Shanghai Branch"),
    ],
)
def test_two_things_of_different_sorts_are_no_exchange(turns: tuple[str, str]) -> None:
    found = talk(*turns)
    assert found.rule is None or "mort_flag" in str(found.rule)
