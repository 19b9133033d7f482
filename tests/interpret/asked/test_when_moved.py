"""The time of a rise or a fall that is asked about is that of the one action spoken of; anything else stays asked."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.rule.tree import RecordCondition
from assistant.rule.window import Absolute, Rolling, TimeWindow
from tests.interpret.reading import asks, read, talk

MID_SEPTEMBER = Absolute(start=date(2026, 9, 11), end=date(2026, 9, 20))


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("why did visits to the loan pages rise in mid-September", MID_SEPTEMBER),
        ("贷款专区的访问9月中旬为什么涨了", MID_SEPTEMBER),
        ("贷款专区的访问最近为什么涨了", Rolling(unit="day", n=30)),
        ("why did visits to the loan zone rise", Rolling(unit="day", n=30)),
    ],
)
def test_the_time_may_stand_by_the_rise(text: str, window: TimeWindow) -> None:
    found = read(text)
    assert asks(found) == []
    assert [request.kind for request in found.requests] == ["why_changed"]
    assert found.rule is not None
    assert isinstance(found.rule.node, RecordCondition)
    assert found.rule.node.window == window


@pytest.mark.parametrize(
    "text", ["白金客户9月中旬为什么贷款专区的访问最近涨了", "近30天贷款专区的访问8月为什么涨了", "why did AUM rise in August"]
)
def test_what_has_its_time_or_none_of_its_own_is_asked_about(text: str) -> None:
    assert asks(read(text))


@pytest.mark.parametrize("text", ["What is going on lately?", "what's going on", "anything unusual lately", "有什么异常最近"])
def test_lately_says_no_more_than_the_latest_days(text: str) -> None:
    found = read(text)
    assert asks(found) == []
    assert [request.kind for request in found.requests] == ["monitor"]


@pytest.mark.parametrize("turns", [("白金客户", "主要在哪些分行"), ("白金客户", "他们主要分布在哪些分行")])
def test_where_they_mostly_are_is_a_breakdown(turns: tuple[str, ...]) -> None:
    found = talk(*turns)
    assert asks(found) == []
    assert [(request.kind, request.code) for request in found.requests] == [("breakdown", "home_org")]


def test_mostly_in_a_branch_is_not_in_it() -> None:
    assert "unread" in asks(read("主要在上海分行的客户"))


def test_which_of_the_two_says_no_number() -> None:
    found = talk("对比白金客户和金卡客户", "which of the two log in more often?")
    assert "unread" in asks(found)
    assert "bare_number" not in asks(found)
