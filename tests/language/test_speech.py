from __future__ import annotations

import pytest

from assistant.language.speech import names_something


@pytest.mark.parametrize("text", ["加回来", "是不是年纪大", "再往前一个月", "bring them back", "and july?", "2000 / where", ""])
def test_talk_names_nothing(text: str) -> None:
    assert not names_something(text)


@pytest.mark.parametrize("text", ["有游艇", "喜欢打高尔夫", "积存金条", "a yacht", "with loyalty points", "往前的游艇"])
def test_what_talk_leaves_over_may_be_a_name(text: str) -> None:
    assert names_something(text)
