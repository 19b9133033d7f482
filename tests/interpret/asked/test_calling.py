"""A call list is asked for in words of either language; what it is for is read where it is said, and never where it is not."""

from __future__ import annotations

import pytest

from assistant.interpret.asked.calling import read_calling
from assistant.language.text import normalise


@pytest.mark.parametrize(
    ("said", "purpose", "before", "behind"),
    [
        ("给这批客户建外呼名单", "", "", ""),
        ("建一份营销外呼名单", "marketing", "", ""),
        ("请给他们生成外呼名单,用于服务通知", "service", "", ""),
        ("有按揭的客户,建个服务外呼名单", "service", "有按揭的客户,", ""),
        ("给有按揭的客户做外呼名单", "", "给有按揭的客户", ""),
        ("make a call list of these", "", "", ""),
        ("Make a marketing call list of them please", "marketing", "", ""),
        ("build a call list for service", "service", "", ""),
        ("women over 30, make a call list for marketing", "marketing", "women over 30, ", ""),
        ("make a call list of customers with a mortgage", "", "", "customers with a mortgage"),
    ],
)
def test_what_is_said_of_a_call_list(said: str, purpose: str, before: str, behind: str) -> None:
    folded = normalise(said)
    found = read_calling(folded)
    assert found is not None
    assert (found.request.kind, found.request.level) == ("call_list", purpose)
    assert folded.text[: found.head] == before
    assert (folded.text[found.behind :] if found.behind else "") == behind
    assert found.behind or found.last == len(folded.text)


@pytest.mark.parametrize(
    "said", ["偏好外呼的客户", "近30天接到外呼的客户", "导出名单", "remake a call listing", "customers we call", "外呼名单"]
)
def test_other_words_are_no_call_list(said: str) -> None:
    assert read_calling(normalise(said)) is None


def test_what_stands_behind_is_not_dropped() -> None:
    folded = normalise("生成外呼名单 2万以上")
    found = read_calling(folded)
    assert found is not None
    assert folded.text[found.last :] == " 2万以上"
