"""A time of the customer's own date is never this month; so many kinds are never so many records."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, canonical, read_rule


@pytest.mark.parametrize(
    "text",
    [
        "生日当月购买过理财的客户",
        "开户当月买过理财的客户",
        "登录手机银行当月买过理财的客户",
        "customers who bought wealth in the month of their birthday",
        "customers who bought wealth in the month they opened",
    ],
)
def test_a_time_of_ones_own_is_left_unread(text: str) -> None:
    assert "unread" in asked(text)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("生日当月的客户", {"tag": "birth_mmdd", "within": "calendar month"}),
        ("当月买过理财的客户", {"records": "wealth_buy", "window": "calendar month"}),
        ("当月开户的客户", {"tag": "open_date", "within": "calendar month"}),
    ],
)
def test_what_is_of_today_stays_so(text: str, short: dict[str, object]) -> None:
    assert not asked(text)
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "只持有一种理财产品的客户",
        "持有3种理财产品的客户",
        "买过两种以上理财的客户",
        "持有两类基金的客户",
        "customers who hold 3 kinds of wealth products",
        "customers who hold two types of funds",
    ],
)
def test_kinds_are_no_records(text: str) -> None:
    assert "unread" in asked(text)


def test_kinds_that_a_tag_counts_are_read() -> None:
    assert read_rule("持有产品种类3种以上的客户") == canonical({"tag": "prod_hold_cnt", "operator": ">=", "value": 3})
    assert read_rule("持有3只基金的客户") == canonical({"records": "fund_holding", "operator": ">=", "value": 3})
