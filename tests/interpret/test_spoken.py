"""How managers say it at the counter, in Chinese: each class of wording is read right, and its near neighbour is not answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.interpret.reading import asked, canonical, read_rule

WITHOUT_FUND = {"all": [{"tag": "wealth_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}]}

RIGHT: list[tuple[str, Mapping[str, Any]]] = [
    ("逾期过的客户", {"tag": "overdue_cnt_24m", "operator": ">", "value": 0}),
    ("从来没逾期过的客户", {"tag": "overdue_cnt_24m", "operator": "=", "value": 0}),
    ("贷款逾期的客户", {"tag": "overdue_days", "operator": ">", "value": 0}),
    ("90后的客户", {"tag": "birth_year", "range": [1990, 1999]}),
    ("85后的客户", {"tag": "birth_year", "range": [1985, 1989]}),
    ("中年客户", {"tag": "age", "range": [36, 59]}),
    ("没人管的客户", {"tag": "has_rm", "value": False}),
    ("工资卡在我行的", {"tag": "payroll_flag", "value": True}),
    (
        "AUM 5万以上，活期也在2万以上",
        {"all": [{"tag": "aum_bal", "operator": ">=", "value": 50000}, {"tag": "dep_demand_bal", "operator": ">=", "value": 20000}]},
    ),
    ("存款最多的前50位", {"rank": "dep_total_bal", "direction": "top", "count": 50, "within": {"all": []}}),
    ("只有理财没有基金的", WITHOUT_FUND),
    ("只有理财，没有基金", WITHOUT_FUND),
    (
        "理财、基金一个都没有的",
        {"all": [{"tag": "wealth_bal", "operator": "=", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}]},
    ),
    (
        "AUM比上月少了5万以上",
        {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "difference", "operator": "<=", "value": -50000},
    ),
    (
        "今年AUM涨了10万以上的",
        {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "year -1", "measure": "difference", "operator": ">=", "value": 100000},
    ),
    ("资产过100万的", {"tag": "aum_bal", "operator": ">", "value": 1000000}),
    ("上海和杭州分行的客户", {"tag": "home_org", "value": ["3100", "3300"]}),
    ("近30天经理没联系过的", {"not": {"records": "rm_contact", "window": "rolling 30 day"}}),
    ("没有私人客户经理的", {"tag": "has_rm", "value": False}),
    ("没有风评的客户", {"concept": "risk_never"}),
    ("近7天从别的行转钱进来的客户", {"records": "transfer_in", "where": {"bank": ["other"]}, "window": "rolling 7 day"}),
    ("近7天钱转到别的银行去了的客户", {"records": "transfer_out", "where": {"bank": ["other"]}, "window": "rolling 7 day"}),
    ("持有3种以上产品的客户", {"tag": "prod_hold_cnt", "operator": ">=", "value": 3}),
    ("能不能帮我找出没有产品的客户", {"tag": "prod_hold_cnt", "operator": "=", "value": 0}),
    ("活期趴着10万以上的", {"tag": "dep_demand_bal", "operator": ">=", "value": 100000}),
]


@pytest.mark.parametrize(("text", "short"), RIGHT)
def test_read_right(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


@pytest.mark.parametrize(
    "text",
    [
        "女客户，得联系",  # what is to be done, not what was
        "上海分行的，要转账",
        "名下理财都赎回了的客户",  # all of what was held, not one redemption
        "近半年逾期过的",  # the bank counts over 24 months only
        "AUM比去年少了10万以上",  # the end of last year, or a year ago
        "AUM上个月掉了20%以上",  # within last month, not since its end
        "今年AUM10万以上的",
        "存款最多的后50位",
        "只有理财的客户",
        "工资卡在他行的",
        "降级过的客户",  # once, and perhaps up again since
        "上海和杭州的客户",  # branches or cities
    ],
)
def test_neighbours_are_asked_about(text: str) -> None:
    assert asked(text)


def test_a_year_said_of_a_change_governs_the_behaviours_behind_it() -> None:
    change = RIGHT[14][1]
    assert read_rule("今年AUM涨了10万以上且买过理财的") == canonical(
        {"all": [change, {"records": "wealth_buy", "window": "calendar year 0"}]}
    )


ONE_OF_TWO = {
    "any": [
        {"all": [{"tag": "wealth_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}]},
        {"all": [{"tag": "wealth_bal", "operator": "=", "value": 0}, {"tag": "fund_bal", "operator": ">", "value": 0}]},
    ]
}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("理财和基金只有一样的", ONE_OF_TWO),
        ("谢绝营销的别要", {"not": {"tag": "do_not_market", "value": True}}),
        ("近7天打过客服电话的客户", {"records": "call_in", "window": "rolling 7 day"}),
        ("还拿着理财的", {"tag": "wealth_bal", "operator": ">", "value": 0}),
        ("要有理财的", {"tag": "wealth_bal", "operator": ">", "value": 0}),
        ("归属上海分行的", {"tag": "home_org", "value": ["3100"]}),
        ("麻烦您给看看有谁没管户，谢谢哈", {"tag": "has_rm", "value": False}),
        (
            "近60天有大额入账，入账后10天内没买理财的",
            {"first": {"records": "large_credit", "window": "rolling 60 day"}, "then": {"records": "wealth_buy"}, "within_days": 10, "negated": True},
        ),
        (
            "有没有未来30天大额存单到期、金额单笔20万以上的客户",
            {
                "records": "deposit_holding",
                "where": {"kind": ["lcd"], "maturity_date": {"within": "future 30 day"}, "amt": {"operator": ">=", "value": 200000}},
            },
        ),
    ],
)  # fmt: skip
def test_words_around_it_change_nothing(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


def test_only_the_behaviour_just_said_is_said_again() -> None:
    """理财后 does not repeat 大额入账: what it begins is not known."""
    assert asked("近30天有大额入账，理财后7天内买基金的")
    assert asked("客户有没有房贷")
