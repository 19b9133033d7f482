"""Every value of one tag, each beside the others, is a breakdown of the segment so far; their average age is a figure of it."""

from __future__ import annotations

import pytest

from assistant.interpret.interpretation import Request
from tests.interpret.reading import PLATINUM, asks, read, spells, talk


@pytest.mark.parametrize(
    "text", ["男的女的各多少", "男女各多少", "男的和女的分别有多少", "men vs women", "how many men and how many women"]
)
def test_men_and_women_apart_are_the_breakdown_by_gender(text: str) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("breakdown", "gender"),)
    assert not asks(found)
    assert not found.changed
    assert spells(found.rule, PLATINUM)


@pytest.mark.parametrize("text", ["男的和女的有什么不同", "how do men and women differ"])
def test_what_differs_is_still_compared(text: str) -> None:
    assert [request.kind for request in talk("白金客户", text).requests] == ["compare_segments"]


def test_some_values_of_many_are_no_breakdown_of_all() -> None:
    assert read("金卡、白金各多少").changed


@pytest.mark.parametrize("text", ["他们平均多大", "平均多大", "平均几岁", "how old are they", "how old are they on average?"])
def test_how_old_they_are_is_their_average_age(text: str) -> None:
    found = talk("白金客户", text)
    assert found.requests == (Request("metric", "age", detail="average"),)
    assert not asks(found)
    assert spells(found.rule, PLATINUM)
