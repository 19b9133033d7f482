"""Words without which a request would say the opposite are never offered to be left out."""

from __future__ import annotations

import pytest

from tests.interpret.reading import read


@pytest.mark.parametrize(
    "text",
    [
        "不含20万的女客户",
        "customers excluding 20万 women",
        "去年存款比今年多的客户",
    ],
)
def test_what_a_denial_or_a_comparison_is_of_turns_it_round(text: str) -> None:
    unread = [issue for issue in read(text).issues if issue.code == "unread"]
    assert unread
    assert all("turns" in issue.params for issue in unread)


@pytest.mark.parametrize("text", ["女客户,啵啵的", "women, frobnicated"])
def test_a_word_apart_may_be_left_out(text: str) -> None:
    unread = [issue for issue in read(text).issues if issue.code == "unread"]
    assert unread
    assert not any("turns" in issue.params for issue in unread)
