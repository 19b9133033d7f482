"""Objects that share one verb, said or denied."""

from __future__ import annotations

import pytest

from assistant.rule.tree import TagCondition, walk
from tests.interpret.reading import asked, canonical, read, read_rule

NEITHER_HELD = {"all": [{"tag": "wealth_bal", "operator": "=", "value": 0}, {"tag": "fund_bal", "operator": "=", "value": 0}]}
NEITHER_EVER = {"all": [{"tag": "wealth_first_buy", "operator": "is_absent"}, {"tag": "fund_first_buy", "operator": "is_absent"}]}


def bought(records: str) -> dict[str, str]:
    return {"records": records, "window": "rolling 90 day"}


@pytest.mark.parametrize("text", ["找没有买理财和基金的", "没有买理财或基金的客户", "没有理财和基金的客户"])
def test_not_bought_two_products_now_is_holding_neither(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(NEITHER_HELD)


@pytest.mark.parametrize("text", ["没买过理财和基金的客户", "从未买过基金和理财"])
def test_never_bought_either(text: str) -> None:
    assert read_rule(text) == canonical(NEITHER_EVER)


@pytest.mark.parametrize(
    "text", ["近90天买过理财和基金的客户", "近90天买过理财、基金的客户", "bought wealth products and funds in the last 90 days"]
)
def test_the_verb_and_the_time_are_of_both(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [bought("wealth_buy"), bought("fund_buy")]})


def test_or() -> None:
    assert read_rule("近90天买过理财或基金的客户") == canonical({"any": [bought("wealth_buy"), bought("fund_buy")]})


def test_denied_with_a_time_behind_the_list() -> None:
    text = "have not bought wealth products or funds in the last 90 days"
    base = {"tag": "open_date", "within": "ago 90 day"}
    assert asked(text) == []
    assert read_rule(text) == canonical({"all": [base, {"not": bought("wealth_buy")}, {"not": bought("fund_buy")}]})


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("从未在我行贷过款的客户", "loan_first_date"),
        ("customers who have never had a loan", "loan_first_date"),
        ("从未刷过的信用卡客户", "cc_first_use"),
    ],
)
def test_never_is_answered_from_the_lifetime_date(text: str, tag: str) -> None:
    rule = read(text).rule
    assert rule is not None
    assert any(isinstance(node, TagCondition) and (node.tag, node.operator) == (tag, "is_absent") for _, node in walk(rule.node))
    assert asked(text) == []


@pytest.mark.parametrize("text", ["不是理财和基金都有的客户", "customers who do not hold both wealth products and funds"])
def test_not_both_leaves_those_with_one_of_them_in(text: str) -> None:
    both = [{"tag": "wealth_bal", "operator": ">", "value": 0}, {"tag": "fund_bal", "operator": ">", "value": 0}]
    assert asked(text) == []
    assert read_rule(text) == canonical({"not": {"all": both}})


@pytest.mark.parametrize("text", ["排除学生，也不要行员", "excluding students and also excluding bank staff"])
def test_two_exclusions_side_by_side_leave_out_both(text: str) -> None:
    assert read_rule(text) == canonical(
        {"all": [{"not": {"tag": "occupation", "value": ["student"]}}, {"not": {"tag": "is_staff", "value": True}}]}
    )


def test_without_said_again_denies_by_itself() -> None:
    assert asked("customers without a credit card or without mobile banking") == []
    assert "AnyOf" in repr(read("customers without a credit card or without mobile banking").rule)
