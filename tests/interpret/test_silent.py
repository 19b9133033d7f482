"""Words that once gave a number although they were misunderstood. Each must now be read right, or leave a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.rule.tree import RecordCondition, walk
from assistant.rule.window import Rolling
from assistant.validation.verdict import ValidatedRule
from tests.interpret.reading import asked
from tests.interpret.test_grammar import after, canonical, expected, read
from tests.validation.test_validate import check_rule


def _signed_up(by: str, window: str) -> Mapping[str, Any]:
    """Who did not log in in a window, of those signed up before its first day."""
    base = [{"tag": "app_reg_flag", "value": True}, {"tag": "app_reg_date", "within": by}]
    return {"all": [*base, {"not": {"records": "app_login", "window": window}}]}


RIGHT: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [
    (
        ("women who bought wealth products within 90 days",),
        {"all": [{"tag": "gender", "value": ["F"]}, {"records": "wealth_buy", "window": "rolling 90 day"}]},
    ),
    (
        ("不在上海分行,在北京分行的客户",),
        {"all": [{"tag": "home_org", "operator": "not_in", "value": ["3100"]}, {"tag": "home_org", "value": ["1100"]}]},
    ),
    (
        ("neither women nor mortgage holders",),
        {"all": [{"tag": "gender", "operator": "not_in", "value": ["F"]}, {"tag": "mort_flag", "value": False}]},
    ),
    (("不含行员和商户的白金客户",), {"all": [{"not": {"any": [{"tag": "is_staff", "value": True}, {"tag": "merchant_flag", "value": True}]}}, {"tag": "cust_tier", "value": ["T3"]}]}),
    (
        ("AUM比上月末下降不到10%",),
        {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "relative_change", "range": "(-0.1, 0)"},
    ),
    (("不是40岁以下的",), {"tag": "age", "operator": ">", "value": 40}),
    (("not those under 40",), {"tag": "age", "operator": ">=", "value": 40}),
    (("nothing to do with mortgages please",), {"tag": "mort_flag", "value": False}),
    (("女性或房贷客户", "去掉房贷"), {"tag": "gender", "value": ["F"]}),
    (("男性客户", "不要女性的"), {"all": [{"tag": "gender", "value": ["M"]}, {"not": {"tag": "gender", "value": ["F"]}}]}),
    (("女性客户", "或者有信用卡的"), {"any": [{"tag": "gender", "value": ["F"]}, {"tag": "cc_flag", "value": True}]}),
    (("华东地区不含上海分行的代发客户",), {"all": [{"tag": "home_org", "value": ["east_china"]}, {"not": {"tag": "home_org", "value": ["3100"]}}, {"tag": "payroll_flag", "value": True}]}),
    (
        ("超过90天未登录的客户", "改成60天"),
        {
            "all": [
                {"tag": "app_reg_flag", "value": True},
                {"tag": "app_reg_date", "within": "ago 60 day"},
                {"not": {"records": "app_login", "window": "rolling 60 day"}},
            ]
        },
    ),
    (
        ("一年内没有投诉的客户",),
        {"all": [{"tag": "open_date", "within": "ago 1 year"}, {"not": {"records": "complaint", "window": "rolling 1 year"}}]},
    ),
    (("今年没有登录手机银行的客户",), _signed_up("calendar year ..-1", "calendar year")),
    (("customers who haven't logged in this month",), _signed_up("calendar month ..-1", "calendar month")),
    (("近60天没有登录手机银行的客户", "改成本月"), _signed_up("calendar month ..-1", "calendar month")),
    (("2026年6月没有登录手机银行的客户",), _signed_up("..2026-05-31", "2026-06-01..2026-06-30")),
    (("credit card customers", "remove the ones without a credit card"), {"all": [{"tag": "cc_flag", "value": True}, {"not": {"tag": "cc_flag", "value": False}}]}),
    (("女性,60天内登录过",), {"all": [{"tag": "gender", "value": ["F"]}, {"records": "app_login", "window": "rolling 60 day"}]}),
    (
        ("近30天转账,7天内登录",),
        {"all": [{"records": "transfer_out", "window": "rolling 30 day"}, {"records": "app_login", "window": "rolling 7 day"}]},
    ),
    (("women and not gold",), {"all": [{"tag": "gender", "value": ["F"]}, {"tag": "cust_tier", "operator": "not_in", "value": ["T2"]}]}),
    (("排除(女性且有房贷)",), {"not": {"all": [{"tag": "gender", "value": ["F"]}, {"tag": "mort_flag", "value": True}]}}),
    (("everyone but women",), {"not": {"tag": "gender", "value": ["F"]}}),
    (("不要女性不要上海分行的",), {"all": [{"not": {"tag": "gender", "value": ["F"]}}, {"not": {"tag": "home_org", "value": ["3100"]}}]}),
    (("有房贷、信用卡的除外",), {"not": {"any": [{"tag": "mort_flag", "value": True}, {"tag": "cc_flag", "value": True}]}}),
    (("近半年没有理财经理联系过的客户",), {"not": {"records": "rm_contact", "window": "rolling 1 half_year"}}),
    (("从未买过基金的客户",), {"tag": "fund_first_buy", "operator": "is_absent"}),
    (
        ("近30天转账的客户中3次以上登录手机银行的",),
        {"all": [{"records": "transfer_out", "window": "rolling 30 day"}, {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 3}]},
    ),
    (
        ("上月末不是白金客户,现在是",),
        {"all": [{"tag": "cust_tier", "operator": "not_in", "value": ["T3"], "snapshot": "month -1"}, {"tag": "cust_tier", "value": ["T3"]}]},
    ),
    (
        ("customers who were not gold customers last month end but are now",),
        {"all": [{"tag": "cust_tier", "operator": "not_in", "value": ["T2"], "snapshot": "month -1"}, {"tag": "cust_tier", "value": ["T2"]}]},
    ),
    (
        ("were gold tier at the last month end and still are",),
        {"all": [{"tag": "cust_tier", "value": ["T2"], "snapshot": "month -1"}, {"tag": "cust_tier", "value": ["T2"]}]},
    ),
    (("去年末没有房贷现在有了",), {"all": [{"tag": "mort_flag", "value": False, "snapshot": "year -1"}, {"tag": "mort_flag", "value": True}]}),
    (("上月末是白金客户现在有多少",), {"tag": "cust_tier", "value": ["T3"], "snapshot": "month -1"}),
    (("transferred in September",), {"records": "transfer_out", "window": "2026-09-01..2026-09-30"}),
    (
        ("customers who haven't transferred in 60 days",),
        {"all": [{"tag": "open_date", "within": "ago 60 day"}, {"not": {"records": "transfer_out", "window": "rolling 60 day"}}]},
    ),
    (("女性或白金客户", "只看女性"), {"all": [{"any": [{"tag": "gender", "value": ["F"]}, {"tag": "cust_tier", "value": ["T3"]}]}, {"tag": "gender", "value": ["F"]}]}),
    (("女性或(白金客户且有房贷)", "去掉房贷"), {"any": [{"tag": "gender", "value": ["F"]}, {"tag": "cust_tier", "value": ["T3"]}]}),
    (("近30天没登录,有房贷", "去掉登录"), {"tag": "mort_flag", "value": True}),
    (
        ("women over 40 with a mortgage", "also those with a credit card"),
        {
            "any": [
                {"all": [{"tag": "gender", "value": ["F"]}, {"tag": "age", "operator": ">", "value": 40}, {"tag": "mort_flag", "value": True}]},
                {"tag": "cc_flag", "value": True},
            ]
        },
    ),
    (
        ("AUM50万以上不含白金客户",),
        {"all": [{"tag": "aum_bal", "operator": ">=", "value": 500000}, {"not": {"tag": "cust_tier", "value": ["T3"]}}]},
    ),
    (("AUM50万以上(不含)的白金客户",), {"all": [{"tag": "aum_bal", "operator": ">", "value": 500000}, {"tag": "cust_tier", "value": ["T3"]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "short"), RIGHT)
def test_read_right(turns: tuple[str, ...], short: Mapping[str, Any]) -> None:
    found = after(*turns)
    assert [issue.code for issue in found.issues] == []
    assert canonical(found.rule) == expected(short)


@pytest.mark.parametrize(
    "turns",
    [
        ("没有客户里的老人",),
        ("未户客户中的女性",),
        ("活期大于10万,近30天转账累计超过5万,并且不超过20万",),
        ("去年AUM大于5万且近30天登录手机银行",),
        ("上个月活期大于5万,近7天登录手机银行的客户",),
        ("想买理财的客户",),
        ("customers who pawned a watch and with wealth products maturing next month",),
        ("customers who want to buy wealth products",),
        ("曾经有信用卡的客户",),
        ("持有过理财的客户",),
        ("办过信用卡的客户",),
        ("登录手机银行,再购买理财的客户",),
        ("排除有信用卡的女性",),
        ("everyone except women with a credit card",),
        ("近30天登录和转账超过3次的客户",),
        ("top 10% by AUM and top 10% by demand deposits",),
        ("card spending on dining over 3000",),
        ("收入20万以上",),
        ("女性客户", "去掉"),
        ("女性中AUM前10%", "去掉女性"),
        ("女性客户", "去掉女性,北京分行"),
        ("不要排除员工的客户",),
        ("customers who are not women or mortgage holders",),
        ("没有房贷或女性",),
        ("all customers but women",),
        ("customers who only have a credit card",),
        ("有房贷的客户,女性和上海分行的除外",),
        ("女性或上海分行的除外",),
        ("登录前7天内转账过",),
        ("近30天转账5次以上且不超过10万",),
        ("logged in within 7 days before transferring",),
        ("fewer than 3 logins or transfers in the last 30 days",),
        ("近30天3次以上登录和转账",),
        ("30天没有转账60天内登录过",),
        ("有房贷且有信用卡的除外",),
        ("7天内到期的理财和定期超过10万",),
        ("近30天登录过,登录天数不超过40天",),
        ("没有理财产品浏览的客户",),
        ("没有代发工资入账的客户",),
        ("没有登录,转账的客户",),
        ("近90天没买理财,基金",),
        ("不是白金客户,钻石客户",),
        ("不在上海分行,北京分行的女性",),
        ("haven't bought wealth products, funds",),
        ("近90天买过理财没买过基金",),
        ("不是上海分行,不,北京分行",),
        ("not in Shanghai branch, no, Beijing branch",),
        ("近30天登录3次以上的天数",),
        ("保险5万以上",),
        ("insurance over 50k",),
        ("有房贷的客户中AUM最高的50个女性",),
        ("AUM50万以上含白金客户",),
        ("近30天用手机银行转账",),
        ("use the app to transfer money",),
        ("transferred using the app",),
        ("customers who only use the app",),
        ("AUM fell below 500k this month",),
        ("AUM rose above 500k this month",),
        ("AUM比上月末跌破50万",),
        ("股票基金或黄金1万以上",),
        ("equity funds or gold over 10k",),
        ("不是40岁以下的女客户",),
        ("有2000人登录过的分行",),
        ("2月30日以来登录过的客户",),
        ("按揭客户和2月30日比",),
        ("customers who logged in since 30 February",),
        ("登录过5人以上的客户",),
        ("近30天登录过的5000人",),
        ("近30天转账5户以上",),
        ("买过理财3位以上的客户",),
        ("近30天有100位客户转账的",),
        ("给我500个买过基金的",),
        ("登录天数超过10人的客户",),
        ("持有产品数5人以上的客户",),
        ("customers who logged in more than 5 people",),
        ("over 2000 customers logged in",),
        ("2000 customers who logged in",),
    ],
)
def test_leaves_a_doubt(turns: tuple[str, ...]) -> None:
    found = after(*turns)
    assert found.issues or [question for question in found.questions if question.ask]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("近30天登录5次以上的前100人", 5),
        ("有5个以上投诉的客户", 5),
        ("买过3个以上基金的客户", 3),
        ("customers with 3 or more transfers", 3),
    ],
)
def test_a_counter_of_things_still_counts_records(text: str, value: int) -> None:
    rule = read(text).rule
    assert rule is not None
    assert any(isinstance(node, RecordCondition) and node.value == value for _, node in walk(rule.node))


@pytest.mark.parametrize("text", ["上海分行的女性客户，北京分行的", "纯信用卡客户"])
def test_nobody_can_meet_it_is_said(text: str) -> None:
    found = read(text)
    assert found.rule is not None
    assert not isinstance(check_rule(found.rule), ValidatedRule)


def test_condition_behind_a_breakdown_stays_a_condition() -> None:
    found = read("按支行看有多少,代发工资客户")
    assert canonical(found.rule) == expected({"tag": "payroll_flag", "value": True})


def test_a_choice_of_one_rule_is_not_taken_for_another() -> None:
    """Which condition an edit means depends on the conditions there are."""
    first = after("活期大于5万,定期大于5万的客户", "提到10万")
    second = after("活期大于5万,AUM大于6万的客户", "提到10万")
    keys = [[question.key for question in found.questions] for found in (first, second)]
    assert len(keys[0]) == len(keys[1]) == 1
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("白金客户，排除本行员工且大额存单是求学的客户", "大额存单"),
        ("有房贷、预授信额度是非对照组的客户", "预授信额度"),
        ("mortgage holders by region and whose mortgage balance is female", "mortgage balance"),
        ("AUM比上月末少了30以上的客户", "30以上"),
    ],
)
def test_words_gone_past_are_quoted(text: str, words: str) -> None:
    quoted = [text[issue.quote[0] : issue.quote[1]] for issue in read(text).issues if issue.code == "unread" and issue.quote is not None]
    assert any(words in quote for quote in quoted)


@pytest.mark.parametrize(
    "text",
    [
        "从没没做过风评的女性客户",
        "没没有做过风险测评的客户",
        "customers who have less than 10k now whose month-to-date average AUM is In education",
        "登录超过100000天的客户",
    ],
)
def test_a_doubled_denial_and_a_clause_begun_anew_are_asked_about(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    "text", ["customers in the platinum tier now and in the gold tier at the last month end", "现在是白金客户且上月末是金卡客户"]
)
def test_values_at_two_times_are_no_list(text: str) -> None:
    then = {"tag": "cust_tier", "value": ["T2"], "snapshot": "month -1"}
    assert canonical(read(text).rule) == expected({"all": [{"tag": "cust_tier", "value": ["T3"]}, then]})


def test_a_number_of_persons_wanted_is_a_size() -> None:
    found = read("要2000个近30天登录过的客户")
    assert [(one.kind, one.detail) for one in found.requests] == [("size", "2000")]
    assert canonical(found.rule) == expected({"records": "app_login", "window": "rolling 30 day"})


@pytest.mark.parametrize(
    ("text", "record", "days"),
    [
        ("最近没买过理财的客户", "wealth_buy", 30),
        ("理财最近没买过的客户", "wealth_buy", 30),
        ("最近没买基金的客户", "fund_buy", 90),
        ("最近没有信用卡消费的客户", "cc_spend", 30),
        ("信用卡最近没有消费的客户", "cc_spend", 30),
        ("customers who recently did not buy wealth products", "wealth_buy", 30),
    ],
)
def test_lately_not_is_never_read_as_never(text: str, record: str, days: int) -> None:
    found = read(text)
    assert found.rule is not None
    windows = [node.window for _, node in walk(found.rule.node) if isinstance(node, RecordCondition) and node.records == record]
    assert windows == [Rolling(unit="day", n=days)]
    assert "recently" in [one.code for one in found.assumptions]


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("最近存款超过50万的客户", "存款超过50万的客户"),
        ("最近AUM 20万以上的客户", "AUM 20万以上的客户"),
        ("recently AUM over 200k", "AUM over 200k"),
    ],
)
def test_a_balance_lately_is_the_balance_now_and_said_so(said: str, plain: str) -> None:
    found = read(said)
    assert not found.issues
    assert canonical(found.rule) == canonical(read(plain).rule)
    assert [one.code for one in found.assumptions] == ["recently_now"]


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("连续三个月AUM下降", "AUM连续三个月下降"),
        ("连续三个月AUM都在下降的客户", "AUM连续三个月下降的客户"),
        ("for three consecutive months AUM fell", "AUM fell for three consecutive months"),
        ("信用卡近30天没有消费的客户", "近30天没有信用卡消费的客户"),
        ("AUM over 200k except payroll", "AUM over 200k except payroll customers"),
        ("except payroll, AUM over 200k", "except payroll customers, AUM over 200k"),
        ("AUM 20万以上，除了房贷", "AUM 20万以上，除了有房贷的"),
    ],
)
def test_the_same_in_another_order_or_with_fewer_words(said: str, plain: str) -> None:
    assert not read(said).issues
    assert canonical(read(said).rule) == canonical(read(plain).rule)


@pytest.mark.parametrize("text", ["我的客户有多少", "我管的客户里AUM50万以上的", "my customers", "show me my customers with AUM over 500k"])
def test_my_customers_are_refused_by_name_as_it_is_not_known_who_manages_whom(text: str) -> None:
    assert "no_such_data" in [issue.code for issue in read(text).issues]
