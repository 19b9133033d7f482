"""Words that must be asked about, words that must not, and the time said of either: the tables of MEANING.md, row by row, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from tests.interpret.reading import AS_OF, TODAY, asked, canonical, catalog, read, read_rule

Short = Mapping[str, Any]

ASKED = [
    ("余额5万以上的客户", "ambiguous_word"),
    ("余额为0的客户", "ambiguous_word"),
    ("balance over 100k", "ambiguous_word"),
    ("customers with a balance above 50k", "ambiguous_word"),
    ("日均20万以上的客户", "ambiguous_word"),
    ("daily average over 200k", "ambiguous_word"),
    ("金卡的客户", "ambiguous_word"),
    ("上海分行白金的客户", "ambiguous_word"),
    ("customers who are platinum", "ambiguous_word"),
    ("gold card holders", "ambiguous_word"),
    ("金卡持卡人有多少", "ambiguous_word"),
    ("睡眠户", "ambiguous_word"),
    ("近30天睡眠户", "ambiguous_word"),
    ("dormant accounts", "ambiguous_word"),
    ("流失的客户", "ambiguous_word"),
    ("哪些人流失了", "ambiguous_word"),
    ("churned customers", "ambiguous_word"),
    ("额度5万以上", "ambiguous_word"),
    ("credit limit above 50k", "ambiguous_word"),
    ("收入1万以上", "ambiguous_word"),
    ("income above 10k", "ambiguous_word"),
    ("AUM净增10万以上的客户", "ambiguous_word"),
    ("达标客户", "ambiguous_word"),
    ("上海的客户", "ambiguous_word"),
    ("customers in Shanghai", "ambiguous_word"),
    ("金卡以下的客户", "ambiguous_below"),
    ("C3以下的客户", "ambiguous_below"),
    ("近30天转出5万以上的客户", "ambiguous_amount"),
    ("近30天转出过5万以上的客户", "ambiguous_amount"),
    ("近30天买过5万以上理财的客户", "ambiguous_amount"),
    ("AUM 20-50的", "value_implausible"),
    ("deposits above 5", "value_implausible"),
    ("AUM超过一百五", "value_implausible"),
    ("AUM over three hundred", "value_implausible"),
    ("活期1万美元以上的客户", "currency_mismatch"),
    ("人民路支行的客户", "ambiguous_branch"),
    ("AUM前10%的代发客户", "ambiguous_rank"),
    ("近30天浏览过理财和基金的客户", "ambiguous_each"),
    ("有按揭或有信用卡且活期5万以上的客户", "ambiguous_scope"),
    ("代发客户或有按揭的女性客户", "ambiguous_scope"),
    ("白金客户或有按揭的女性客户", "ambiguous_scope"),
    ("上海分行的白金客户或有按揭的女性客户", "ambiguous_scope"),
    ("白金客户或金卡客户且活期5万以上", "ambiguous_scope"),
]


@pytest.mark.parametrize(("text", "code"), ASKED)
def test_a_doubt_is_asked_about_and_nothing_else_is(text: str, code: str) -> None:
    assert asked(text) == [code]


PLAIN: list[tuple[str, Short]] = [
    ("白金客户", {"tag": "cust_tier", "value": ["T3"]}),
    ("白金信用卡客户", {"records": "credit_card", "where": {"grade": ["platinum"]}}),
    ("信用卡是白金卡的客户", {"records": "credit_card", "where": {"grade": ["platinum"]}}),
    ("platinum credit card customers", {"records": "credit_card", "where": {"grade": ["platinum"]}}),
    ("睡眠信用卡客户", {"concept": "sleep_cc"}),
    ("等级日均20万以上的客户", {"tag": "aum_avg_last_m", "operator": ">=", "value": 200000}),
    ("上月日均20万以上", {"tag": "aum_avg_last_m", "operator": ">=", "value": 200000}),
    ("本月日均20万以上", {"tag": "aum_avg_mtd", "operator": ">=", "value": 200000}),
    ("今年日均50万以上", {"tag": "aum_avg_ytd", "operator": ">=", "value": 500000}),
    ("白金达标客户", {"tag": "aum_avg_mtd", "operator": ">=", "value": 200000}),
    ("今年新客", {"tag": "open_date", "within": "calendar year"}),
    ("常住上海的客户", {"tag": "res_city", "value": ["310000"]}),
    ("customers living in Shanghai", {"tag": "res_city", "value": ["310000"]}),
    ("活期为0的客户", {"tag": "dep_demand_bal", "operator": "=", "value": 0}),
    ("没有贷款的客户", {"not": {"records": "loan"}}),
    ("customers with no loans", {"not": {"records": "loan"}}),
    ("没有过贷款的客户", {"tag": "loan_first_date", "operator": "is_absent"}),
    ("never had a loan", {"tag": "loan_first_date", "operator": "is_absent"}),
    ("上海分行的白金客户或杭州分行的金卡客户", {
        "any": [
            {"all": [{"tag": "home_org", "value": ["3100"]}, {"tag": "cust_tier", "value": ["T3"]}]},
            {"all": [{"tag": "home_org", "value": ["3300"]}, {"tag": "cust_tier", "value": ["T2"]}]},
        ]
    }),
    ("女性或60岁以上的代发客户", {
        "all": [
            {"any": [{"tag": "gender", "value": ["F"]}, {"tag": "age", "operator": ">=", "value": 60}]},
            {"tag": "payroll_flag", "value": True},
        ]
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), PLAIN)
def test_what_the_words_make_plain_is_not_asked(text: str, rule: Short) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(rule)


TIMED: list[tuple[str, Short]] = [
    ("近60天活跃客户", {"concept": "mobile_active", "parameters": {"days": 60}}),
    ("customers active in the last 60 days", {"concept": "mobile_active", "parameters": {"days": 60}}),
    ("近60天不活跃的客户", {"concept": "mobile_active", "negated": True, "parameters": {"days": 60}}),
    ("近60天新客", {"concept": "new_cust", "parameters": {"days": 60}}),
    ("7天内到期的客户", {
        "any": [
            {"records": "deposit_holding", "where": {"maturity_date": {"within": "future 7 day"}}},
            {"records": "wealth_holding", "where": {"maturity_date": {"within": "future 7 day"}}},
        ]
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), TIMED)
def test_the_time_said_of_a_word_is_the_time_of_every_reading(text: str, rule: Short) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(rule)
    found = read(text)
    assert "word_at_time" in {one.code for one in found.assumptions}
    assert [len(question.readings) > 1 for question in found.questions] == [True]


def test_a_time_that_a_reading_cannot_be_said_of_stays_unread() -> None:
    assert asked("上个月到期的客户") == ["unread"]


def test_a_time_behind_a_group_of_customers_is_not_the_time_of_what_they_did() -> None:
    rule = {"all": [{"concept": "mobile_active", "parameters": {"days": 60}}, {"records": "fund_buy", "window": "rolling 90 day"}]}
    assert read_rule("customers active in the last 60 days who bought funds") == canonical(rule)


@pytest.mark.parametrize(
    "text", ["日均20万以上的客户", "金卡的客户", "近60天活跃客户", "7天内到期的客户", "代发客户或有按揭的女性客户", "白金达标客户"]
)
def test_every_option_is_one_choice_away(text: str) -> None:
    found = read(text)
    (question,) = found.questions
    for number, reading in enumerate(question.readings):
        after = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, choices={question.key: number}))
        assert after.rule == reading.rule
        assert [issue.code for issue in after.issues] == []
        assert not any(one.ask for one in after.questions)
