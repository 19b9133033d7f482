"""What an answer rests on is told when asked: 口径是什么, how fresh is the data, show me the SQL."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asks, talk


@pytest.mark.parametrize(
    "turn",
    [
        "口径是什么", "他们的口径是什么", "怎么算的", "这个数准吗", "数据是哪天的", "看下SQL",
        "how did you get this number", "how fresh is the data", "show me the sql", "is that right",
    ],
)  # fmt: skip
def test_what_a_count_rests_on_is_asked_of_the_segment(turn: str) -> None:
    found = talk("代发客户，活期10万以上", turn)
    assert asks(found) == []
    assert [request.kind for request in found.requests] == ["basis"]
    assert not found.changed


def test_a_word_asked_about_is_explained_by_itself() -> None:
    assert [(one.kind, one.code) for one in talk("代发客户", "活期是怎么算的").requests] == [("explain", "dep_demand_bal")]
    assert asks(talk("口径是什么"))
