"""The place that a behaviour always has adds nothing; what somebody has, and one way of several, is never passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, both, canonical, read, read_rule

SEEN = {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 7 day"}
APP = {"tag": "app_reg_flag", "value": True}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("近7天在手机银行浏览过理财专区的客户", SEEN),
        ("近7天在手机银行上看过理财的客户", SEEN),
        ("近7天手机银行里面看过理财的", SEEN),
        ("在App里近7天看过理财专区的", SEEN),
        ("近7天浏览过手机银行理财专区的客户", SEEN),
        ("近7天浏览了App里的理财专区的客户", SEEN),
        ("customers who viewed the wealth zone in the app in the last 7 days", SEEN),
        ("customers who viewed wealth pages in the last 7 days on mobile banking", SEEN),
        ("近7天手机银行里查过房贷利率的", {"records": "mort_rate_query", "window": "rolling 7 day"}),
        ("没有手机银行、近7天看过理财专区的", both({"tag": "app_reg_flag", "value": False}, SEEN)),
        ("customers with mobile banking who viewed wealth pages in the last 7 days", both(APP, SEEN)),
    ],
)
def test_a_place_that_adds_nothing_is_passed_over(text: str, short: Mapping[str, Any]) -> None:
    assert not asked(text)
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize("text", ["近7天没在手机银行看过理财专区的", "手机银行近7天没看过理财专区的", "近7天没浏览过手机银行理财专区的"])
def test_what_is_denied_at_a_place_is_denied(text: str) -> None:
    assert not asked(text)
    assert read_rule(text) == read_rule("近7天没看过理财专区的")


@pytest.mark.parametrize(
    "text",
    [
        "有手机银行浏览过理财专区的客户",  # 有手机银行 may be what they have
        "没有手机银行浏览过理财专区的",
        "在网点浏览过理财专区的客户",  # no such place of these records
        "手机银行转账5万以上的客户",  # one way of several, which is not recorded
        "在手机银行上买过基金的客户",
    ],
)
def test_what_may_say_more_is_left_unread(text: str) -> None:
    assert "unread" in asked(text)


def test_one_way_of_several_is_a_condition() -> None:
    assert read_rule("近90天在手机银行上买过理财的客户") == canonical(
        {"records": "wealth_buy", "where": {"channel": ["app"]}, "window": "rolling 90 day"}
    )


def test_a_behaviour_around_a_place_is_quoted_whole() -> None:
    text = "近7天浏览过手机银行理财专区的客户"
    assert all(entry.kind != "unread" for entry in read(text).ledger)
    (quote,) = read(text).rule.node.said  # type: ignore[union-attr]
    assert "手机银行" in text[quote.start : quote.end]
