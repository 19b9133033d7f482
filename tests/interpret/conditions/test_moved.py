"""A move between two values is those who had the first at the earlier date and have the second now; what may be something else is asked about."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, both, read, spells


@pytest.mark.parametrize(
    ("text", "tag", "before", "after"),
    [
        ("从成熟期变成衰退期的客户有多少", "lifecycle_stage", "MATURE", "DECLINE"),
        ("生命周期从成长期进入成熟期的客户", "lifecycle_stage", "GROW", "MATURE"),
        ("从成熟期到衰退期的客户", "lifecycle_stage", "MATURE", "DECLINE"),
        ("上月活跃M4本月掉到M1的客户", "mau_band", "M4", "M1"),
        ("白金降到金卡的客户", "cust_tier", "T3", "T2"),
        ("从高活跃掉到低活跃的客户", "mau_band", "M4", "M2"),
        ("customers who fell from high activity to low activity", "mau_band", "M4", "M2"),
        ("customers who moved from mature to decline", "lifecycle_stage", "MATURE", "DECLINE"),
        ("customers who went from gold to platinum tier since last month", "cust_tier", "T2", "T3"),
        ("customers who fell from platinum to gold tier", "cust_tier", "T3", "T2"),
    ],
)
def test_a_move_in_ones_own_words(text: str, tag: str, before: str, after: str) -> None:
    found = read(text)
    assert asked(text) == []
    assert spells(found.rule, both({"tag": tag, "value": [before], "snapshot": "month -1"}, {"tag": tag, "value": [after]}))
    assert "moved_since_month_end" in [one.code for one in found.assumptions]


@pytest.mark.parametrize(
    "text", ["上月末从成熟期变成衰退期的客户", "customers who moved from mature to decline stage since the end of last month"]
)
def test_a_date_said_needs_no_assumption_of_one(text: str) -> None:
    found = read(text)
    assert asked(text) == []
    assert spells(
        found.rule,
        both({"tag": "lifecycle_stage", "value": ["MATURE"], "snapshot": "month -1"}, {"tag": "lifecycle_stage", "value": ["DECLINE"]}),
    )
    assert "moved_since_month_end" not in [one.code for one in found.assumptions]


@pytest.mark.parametrize(
    "text",
    [
        "从白金升到金卡的客户",
        "把金卡变成白金",
        "上个月从金卡变成白金的客户",
        "去年从金卡变成白金的客户",
        "没有从成熟期变成衰退期的客户",
        "从成熟期变成衰退期或者流失期的客户",
        "从金卡或白金升到钻石的客户",
        "客户等级从金卡升到白金以上的客户",
        "customers who rose from platinum to gold tier",
        "customers who never moved from mature to decline stage",
        "customers who moved from gold to platinum tier and above",
        "customers who moved from Shanghai to Beijing",
    ],
)
def test_what_may_be_no_such_move_is_asked_about(text: str) -> None:
    assert asked(text)
