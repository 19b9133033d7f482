"""Records told by a grade or a yes-no property, products told by their amount, concepts told by how long or how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule

R3 = {"records": "wealth_holding", "where": {"risk": {"operator": ">=", "value": ["R3"]}}}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("持有R3以上理财的", R3),
        ("R3及以上的理财客户", R3),
        (
            "近30天同名转到他行累计20万以上的",
            {
                "records": "transfer_out", "window": "rolling 30 day", "where": {"bank": ["other"], "same_name": True},
                "aggregate": "sum", "of": "amt", "operator": ">=", "value": 200000,
            },
        ),
        ("按揭50万以上的", {"tag": "mort_bal", "operator": ">=", "value": 500000}),
        ("没有按揭的", {"tag": "mort_flag", "value": False}),
        ("断发3个月以上的", {"tag": "payroll_gap_m", "operator": ">=", "value": 3}),
        ("逾期过2次以上的", {"tag": "overdue_cnt_24m", "operator": ">=", "value": 2}),
        (
            "上月末活期在50万以上、现在不到50万的",
            {
                "all": [
                    {"tag": "dep_demand_bal", "snapshot": "month -1", "operator": ">=", "value": 500000},
                    {"tag": "dep_demand_bal", "operator": "<", "value": 500000},
                ]
            },
        ),
        ("白金、财富、钻石客户", {"tag": "cust_tier", "value": ["T3", "T4", "T5"]}),
        ("本科以上学历的金卡客户", {"all": [{"tag": "edu_level", "operator": ">=", "value": ["bachelor"]}, {"tag": "cust_tier", "value": ["T2"]}]}),
    ],
)  # fmt: skip
def test_read_right(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "R3以下的理财",  # with R3 or without
        "R3以上理财10万以上的",  # one product of that size, or together
        "信用卡50万以上的",  # no one amount measures a card
        "断发2个月的",  # exactly, or at least
        "逾期过2次没还的",
        "活期10万以上、现在不到5万的",  # now, but when the first?
    ],
)
def test_neighbours_are_asked_about(text: str) -> None:
    assert asked(text)
