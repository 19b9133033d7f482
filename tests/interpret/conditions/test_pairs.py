"""One number of several tags, lists paired off, and what 都, 而是, both and neither hold together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.test_grammar import after, canonical, expected


def _over(tag: str, value: int) -> Mapping[str, Any]:
    return {"tag": tag, "operator": ">=", "value": value}


HELD = {"operator": ">", "value": 0}
BOTH = {"all": [{"tag": "wealth_bal", **HELD}, {"tag": "fund_bal", **HELD}]}
READ: list[tuple[str, Mapping[str, Any]]] = [
    ("活期和定期都在10万以上的客户", {"all": [_over("dep_demand_bal", 100000), _over("dep_time_bal", 100000)]}),
    ("customers whose demand deposits and time deposits are both at least 100k", {"all": [_over("dep_demand_bal", 100000), _over("dep_time_bal", 100000)]}),
    ("活期或定期在50万以上的客户", {"any": [_over("dep_demand_bal", 500000), _over("dep_time_bal", 500000)]}),
    ("活期和定期分别在5万以上和20万以上的客户", {"all": [_over("dep_demand_bal", 50000), _over("dep_time_bal", 200000)]}),
    (
        "customers of Shanghai Branch and Beijing Branch with AUM of at least 1 million and at least 500k respectively",
        {
            "any": [
                {"all": [{"tag": "home_org", "value": ["3100"]}, _over("aum_bal", 1000000)]},
                {"all": [{"tag": "home_org", "value": ["1100"]}, _over("aum_bal", 500000)]},
            ]
        },
    ),
    ("不是上海分行，而是杭州分行的客户", {"tag": "home_org", "value": ["3300"]}),
    ("活期不是5万以上而是10万以上的客户", _over("dep_demand_bal", 100000)),
    ("customers who do not hold both wealth products and funds", {"not": BOTH}),
    ("没有同时持有理财和基金的客户", {"not": BOTH}),
    ("不是理财和基金都有的客户", {"not": BOTH}),
    ("没有理财和基金的客户", {"all": [{"tag": "wealth_bal", "operator": "=", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}]}),
    (
        "要么有按揭要么有信用卡的代发客户",
        {"all": [{"any": [{"tag": "mort_flag", "value": True}, {"tag": "cc_flag", "value": True}]}, {"tag": "payroll_flag", "value": True}]},
    ),
    (
        "排除学生，也不要行员的",
        {"all": [{"not": {"tag": "occupation", "value": ["student"]}}, {"not": {"tag": "is_staff", "value": True}}]},
    ),
    (
        "customers who neither logged in to the app nor visited a branch in the last 30 days",
        {
            "all": [
                {"tag": "app_reg_flag", "value": True},
                {"tag": "app_reg_date", "within": "ago 30 day"},
                {"not": {"records": "app_login", "window": "rolling 30 day"}},
                {"tag": "open_date", "within": "ago 30 day"},
                {"not": {"records": "branch_visit", "window": "rolling 30 day"}},
            ]
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "short"), READ)
def test_what_belongs_together_is_read_together(text: str, short: Mapping[str, Any]) -> None:
    found = after(text)
    assert [issue.code for issue in found.issues] == []
    assert not [question for question in found.questions if question.ask]
    assert canonical(found.rule) == expected(short)


@pytest.mark.parametrize(
    "text",
    [
        "活期和定期在10万以上的客户",
        "活期和定期分别在5万以上的客户",
        "customers with demand deposits and time deposits of at least 50k, 100k and 200k respectively",
        "上海分行、北京分行和杭州分行AUM分别在100万以上和50万以上的客户",
    ],
)
def test_a_pairing_that_does_not_come_out_is_not_read(text: str) -> None:
    found = after(text)
    assert any(entry.kind == "unread" for entry in found.ledger) or any(question.ask for question in found.questions)
