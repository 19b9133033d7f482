"""A call list is asked for in words of either language; what it is for is read where it is said, and never where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.interpret.asked.calling import read_calling
from assistant.interpret.interpretation import Request
from assistant.language.text import normalise
from tests.interpret.reading import PLATINUM, asks, read, spells, talk


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


@pytest.mark.parametrize(
    ("text", "words", "whom"),
    [
        ("我要给白金客户打电话", "打电话", PLATINUM),
        ("给白金客户发短信", "发短信", PLATINUM),
        ("I want to call platinum tier customers", "call", PLATINUM),
        ("we need to send a text to platinum tier customers.", "send a text to", PLATINUM),
    ],
)
def test_what_is_to_be_done_with_them_picks_nobody(text: str, words: str, whom: Mapping[str, Any]) -> None:
    found = read(text)
    assert asks(found) == []
    assert spells(found.rule, whom)
    assert {"words": words} in [one.params for one in found.assumptions if one.code == "contact_meant"]
    places = [(one.start, one.end) for one in found.ledger]
    assert (places[0][0], places[-1][1]) == (0, len(text))


@pytest.mark.parametrize("text", ["近30天给客户打过电话的", "近30天客户经理打过电话的客户"])
def test_what_was_done_does(text: str) -> None:
    assert "contact_meant" not in [one.code for one in read(text).assumptions]


@pytest.mark.parametrize("text", ["给他们打电话", "I want to call them"])
def test_of_those_spoken_of_the_segment_stays(text: str) -> None:
    found = talk("白金客户", text)
    assert spells(found.rule, PLATINUM)
    assert (found.requests, found.issues) == ((Request("count"),), ())
