"""Words that change what is meant and are easily passed over: each is asked about, or counted."""

from __future__ import annotations

import pytest

from assistant.rule.canonical import canonical
from tests.interpret.reading import asked, read, spells


@pytest.mark.parametrize(
    "text",
    [
        "not all women have a mortgage",
        "not all platinum customers log in",
        "customers who did not all buy funds",
        "并非所有女性都有房贷",
        "没有全部女性都有房贷",
        "并非都买过理财的白金客户",
        "没有都买理财的客户",
        "不是所有的理财客户",
        "不是都有房贷的女客户",
        "customers who transferred out over 50k three times in the last 30 days",
        "AUM over 500k twice",
        "customers who on average logged in more than 3 times in the last 90 days",
        "customers who logged in more than 3 times on average in the last 90 days",
        "how many women logged in more than 3 total times in the last 90 days",
        "customers who bought wealth products again in the last 30 days",
        "AUM is again over 500k",
        "近30天又买了理财的客户",
        "近90天又登录了手机银行",
        "家里买过理财的客户",
        "customers with a mortgage only",
        "customers with a credit card only",
        "customers other than women with a mortgage",
    ],
)
def test_they_are_asked_about(text: str) -> None:
    assert asked(text), text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("有房贷的还有多少", "有房贷的有多少"),
        ("有信用卡的还有多少人", "有信用卡的有多少人"),
        ("women only", "women"),
        ("gold customers only", "gold customers"),
        ("payroll customers other than women", "payroll customers except women"),
        ("家里有小孩的客户", "有小孩的客户"),
        ("有房贷又有信用卡的客户", "有房贷并且有信用卡的客户"),
        ("又登录又转账的客户", "登录并且转账的客户"),
    ],
)
def test_elsewhere_they_change_nothing(text: str, same: str) -> None:
    found, plain = read(text), read(same)
    assert asked(text) == []
    assert canonical(found.rule) == canonical(plain.rule)


def test_a_number_of_thousands_ends_with_its_thousands() -> None:
    assert spells(read("deposits over 55 thousand").rule, {"tag": "dep_total_bal", "operator": ">", "value": 55000})
    assert spells(read("deposits over fifty five thousand").rule, {"tag": "dep_total_bal", "operator": ">", "value": 55000})
