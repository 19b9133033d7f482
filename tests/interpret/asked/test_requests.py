"""What can be asked for is recognised in both languages, beside the conditions and never instead of them."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import BUILT, Context, Interpretation, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import AS_OF, MORTGAGE, TODAY, asked, canonical, catalog, read, read_rule, talk

PLATINUM = {"tag": "cust_tier", "value": ["T3"]}


def said(request: Request) -> str:
    return " ".join(part for part in (request.kind, request.code, request.level, request.detail) if part)


def requests(text: str) -> list[str]:
    return [said(request) for request in read(text).requests]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("白金客户共计多少户", ["count"]),
        ("白金客户总人数", ["count"]),
        ("what is the number of platinum tier customers", ["count"]),
        ("how large is the segment of platinum tier customers", ["count"]),
        ("每家支行有多少白金客户", ["breakdown home_org 3"]),
        ("白金客户按支行排一下各有多少", ["breakdown home_org 3"]),
        ("白金客户从性别维度看", ["breakdown gender"]),
        ("白金客户的性别比例", ["breakdown gender"]),
        ("the gender mix of platinum tier customers", ["breakdown gender"]),
        ("distribution of platinum tier customers across branches", ["breakdown home_org 1"]),
        ("白金客户先按分行看，再按性别看", ["breakdown home_org 1", "breakdown gender"]),
        ("platinum tier customers by branch, then gender", ["breakdown home_org 1", "breakdown gender"]),
        ("白金客户AUM的合计和平均各是多少", ["metric aum_bal sum", "metric aum_bal average"]),
        ("the total and the average AUM of platinum tier customers", ["metric aum_bal sum", "metric aum_bal average"]),
        ("the average AUM and age of platinum tier customers", ["metric aum_bal average", "metric age average"]),
        ("how much AUM do platinum tier customers have on average", ["metric aum_bal average"]),
        ("白金客户一共有多少AUM", ["metric aum_bal sum"]),
        ("白金客户信用卡渗透率", ["metric cc_flag share"]),
        ("what share of platinum tier customers have a credit card", ["metric cc_flag share"]),
        ("白金客户按性别×风险等级看", ["grid gender risk_level"]),
        ("白金客户的性别和风险等级交叉表", ["grid gender risk_level"]),
        ("platinum tier customers by gender × risk level", ["grid gender risk_level"]),
        ("白金客户按分行和性别交叉看", ["grid home_org 1 gender"]),
        ("白金客户的十六宫格", ["grid grid16_cell"]),
        ("the MAU-AUM grid of platinum tier customers", ["grid grid16_cell"]),
        ("白金客户有哪些特征", ["persona"]),
        ("what kind of customers are platinum tier customers", ["persona"]),
        ("who are the platinum tier customers", ["persona"]),
        ("customers who are platinum tier customers", []),
        ("what makes platinum tier customers different", ["persona"]),
        ("白金客户和全部客户比有什么特点", ["persona everyone"]),
        ("白金客户和同类客户比有什么特点", ["persona matched"]),
        ("what do platinum tier customers have in common compared with similar customers", ["persona matched"]),
        ("profile platinum tier customers against everyone", ["persona everyone"]),
        ("白金客户按分行看，再做个画像", ["breakdown home_org 1", "persona"]),
        ("白金客户一共多少？平均AUM多少？按分行怎么分布？", ["count", "metric aum_bal average", "breakdown home_org 1"]),
        (
            "How many platinum tier customers in total? What is their average AUM? And by branch?",
            ["count", "metric aum_bal average", "breakdown home_org 1"],
        ),
    ],
)
def test_what_is_built_is_read_beside_the_conditions(text: str, expected: list[str]) -> None:
    assert requests(text) == expected
    assert read_rule(text) == canonical(PLATINUM)
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("AUM和去年同期比", "compare_figure"),
        ("手机银行登录次数比上个月多了多少", "compare_figure"),
        ("白金客户随机分成AB两组", "split"),
        ("split platinum tier customers into two groups", "split"),
        ("白金客户明细", "list"),
        ("platinum tier customers as an Excel file", "list"),
        ("监控白金客户", "watch"),
        ("keep an eye on platinum tier customers", "watch"),
        ("各分行白金客户的平均年龄", "metric_by"),
        ("average AUM of platinum tier customers by branch", "metric_by"),
        ("白金客户的平均AUM，按分行看", "metric_by"),
        ("各支行白金客户AUM前10名", "rank_by"),
        ("top 10 platinum tier customers by AUM in each branch", "rank_by"),
    ],
)
def test_what_is_not_built_is_recognised_by_name(text: str, kind: str) -> None:
    unbuilt = {request.kind for request in read(text).requests if request.kind not in BUILT}
    assert unbuilt == {kind}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("私行客户的平均年龄，按分行看人数", ["metric age average", "breakdown home_org 1"]),
        ("私行客户有多少，平均年龄是多少，按分行看", ["count", "metric age average", "breakdown home_org 1"]),
    ],
)
def test_a_figure_and_a_breakdown_of_customers_stay_apart(text: str, expected: list[str]) -> None:
    assert requests(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "按揭客户",
        "有信用卡分期的客户",
        "要有按揭的白金客户",
        "AUM要在10万以上的白金客户",
        "近30天登录次数5次以上的客户",
        "AUM比上月末下降20%以上的客户",
        "年日均AUM50万以上的客户",
        "AUM前100名的客户",
        "top 100 customers by AUM",
        "customers with more than 3 logins in the last 30 days",
        "customers whose AUM fell by at least 20% since the last month end",
    ],
)
def test_words_of_a_condition_ask_for_nothing(text: str) -> None:
    found = read(text)
    assert found.requests == ()
    assert found.rule is not None


@pytest.mark.parametrize("text", ["白金客户，喜欢摄影", "platinum tier customers who like photography", "白金客户按分行看，用粉色标出来"])
def test_words_that_ask_for_nothing_stay_unread(text: str) -> None:
    assert "unread" in asked(text)
    assert {request.kind for request in read(text).requests} <= {"breakdown"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("解释一下手机银行活跃", "explain mobile_active"),
        ("what counts as a senior customer", "explain elder"),
        ("有哪些理财标签", "what_tags 理财"),
        ("关于理财有什么标签", "what_tags 理财"),
        ("show me the wealth tags", "what_tags wealth"),
        ("取消上一步", "undo"),
        ("roll back", "undo"),
        ("clear all conditions", "start_over"),
    ],
)
def test_words_and_steps_are_asked_for(text: str, expected: str) -> None:
    assert requests(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "有房贷的客户上月末户均AUM",
        "白金客户户均AUM上月末是多少",
        "average AUM of platinum customers at the end of last month",
        "average AUM at the end of last month of platinum customers",
        "median AUM of customers with a mortgage at the end of last month",
    ],
)
def test_a_past_date_said_of_a_figure_is_told_as_of_then_and_now(text: str) -> None:
    found = read(text)
    assert not found.issues
    assert [(one.kind, one.code, one.detail) for one in found.requests if one.kind != "count"] == [("metric_then", "aum_bal", "2026-08-31")]


def test_a_past_date_said_of_a_share_is_asked_about() -> None:
    assert [issue.code for issue in read("白金客户上月末信用卡渗透率").issues] == ["figure_then"]


def behind(text: str, request: Request) -> Interpretation:
    """A turn after an answer about platinum customers that was asked something."""
    rule = SegmentRule(node=node_from_short(PLATINUM))
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, rule=rule, asked=(request,)))


AVERAGE_THEN = Request("metric_then", "aum_bal", "average", "2025-12-31")


@pytest.mark.parametrize(
    "text",
    [
        "白金客户的平均AUM跟去年底比",
        "白金客户的平均AUM是多少，比去年底多还是少",
        "跟去年底比，白金客户的平均AUM是多少",
        "average AUM of platinum customers vs end of last year",
        "average AUM of platinum customers compared with the end of last year",
    ],
)
def test_a_figure_compared_with_a_date_is_asked_for_at_both(text: str) -> None:
    found = read(text)
    assert not found.issues
    assert found.requests == (AVERAGE_THEN,)
    assert read_rule(text) == canonical(PLATINUM)


@pytest.mark.parametrize("text", ["跟去年底比", "和去年底比怎么样", "compared with the end of last year"])
def test_a_date_alone_behind_a_figure_compares_the_figure(text: str) -> None:
    found = behind(text, Request("metric", "aum_bal", detail="average"))
    assert found.requests == (AVERAGE_THEN,)


@pytest.mark.parametrize("text", ["为什么", "为什么增加了", "why did it go up", "why"])
def test_why_behind_a_figure_is_of_the_figure(text: str) -> None:
    found = behind(text, AVERAGE_THEN)
    assert not found.issues
    assert found.requests == (AVERAGE_THEN, Request("compare", detail="2025-12-31"))
    assert [one.code for one in found.assumptions] == ["why_of_figure"]


@pytest.mark.parametrize(
    "text",
    [
        "上月末有房贷的客户的户均AUM",
        "上月末有房贷的客户现在的户均AUM",
        "average AUM of customers who had a mortgage at the end of last month",
    ],
)
def test_a_past_date_said_of_the_customers_is_theirs(text: str) -> None:
    assert not asked(text)
    assert read_rule(text) == canonical(MORTGAGE | {"snapshot": {"unit": "month", "offset": -1}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("男的多还是女的多", ["breakdown gender"]),
        ("are there more men or women", ["breakdown gender"]),
        ("金卡多还是白金多", ["breakdown cust_tier"]),
        ("pie chart of their age", ["breakdown age"]),
        ("年龄饼图", ["breakdown age"]),
        ("哪个分行最多", ["breakdown home_org 1"]),
        ("哪家分行客户最多呢", ["breakdown home_org 1"]),
        ("哪个客户等级人数最多", ["breakdown cust_tier"]),
        ("which branch has the most", ["breakdown home_org 1"]),
        ("which customer tier has the most customers", ["breakdown cust_tier"]),
        ("什么等级的客户最多", ["breakdown cust_tier"]),
        ("他们喜欢什么渠道", ["breakdown reach_pref"]),
        ("喜欢什么渠道的客户最多", ["breakdown reach_pref"]),
        ("which channel do they prefer", ["breakdown reach_pref"]),
        ("十六宫格是什么样的", ["grid grid16_cell"]),
        ("what does the 16-grid look like", ["grid grid16_cell"]),
    ],
)
def test_a_breakdown_in_other_words(text: str, expected: list[str]) -> None:
    upon = SegmentRule(node=node_from_short(MORTGAGE))
    found = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, rule=upon))
    assert [said(request) for request in found.requests] == expected
    assert not found.issues
    assert not found.changed


@pytest.mark.parametrize("text", ["前三的分行", "前3是哪些", "top three branches", "top three"])
def test_the_first_few_of_a_breakdown_are_named(text: str) -> None:
    """A dimension says of what, or the breakdown before; without either they are asked about."""
    rule, before = SegmentRule(node=node_from_short(MORTGAGE)), Request("breakdown", "home_org", "1")
    found = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule, asked=(before,)))
    assert found.requests == (Request("breakdown", "home_org", "1", detail="3"),)
    assert not found.issues
    assert not found.changed


def test_the_first_few_of_nothing_are_asked_about() -> None:
    rule = SegmentRule(node=node_from_short(MORTGAGE))
    assert GrammarInterpreter().interpret("前三是哪些", Context(catalog(), AS_OF, TODAY, turn=1, rule=rule)).requests == ()


@pytest.mark.parametrize(
    "text",
    [
        "男的登录多还是女的登录多",
        "are there more men with a mortgage or women",
        "哪个分行登录最多",
        "哪个分行AUM最多",
        "which branch logged in the most",
    ],
)
def test_more_of_something_else_is_asked_about(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize("text", ["women only", "Women only please", "只要女客户"])
def test_only_of_nothing_before_says_no_more(text: str) -> None:
    assert read_rule(text) == canonical({"tag": "gender", "value": ["F"]})
    assert asked(text) == []


@pytest.mark.parametrize("text", ["rich customers over 60", "who are the rich people over 60?", "60岁以上的有钱人"])
def test_a_number_behind_people_is_not_of_their_name(text: str) -> None:
    assert set(asked(text)) == {"size_unmeasured", "ambiguous_word"}


@pytest.mark.parametrize(
    "text", ["how many silent merchants are there", "how many C4 and C5 customers do we have", "请帮我找一下AUM不低于五十万元的客户"]
)
def test_words_of_whole_turns_are_no_words_of_a_request(text: str) -> None:
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "expected", "unread"),
    [
        ("各分行的代发客户", ["breakdown home_org 1"], []),
        ("分行的代发客户", ["breakdown home_org 1"], []),
        ("我们分行的代发客户", [], ["分行"]),
    ],
)
def test_who_is_split_is_no_further_dimension(text: str, expected: list[str], unread: list[str]) -> None:
    found = read(text)
    assert [said(request) for request in found.requests] == expected
    assert found.rule is not None
    assert found.rule.node == node_from_short({"tag": "payroll_flag", "value": True})
    assert [text[entry.start : entry.end] for entry in found.ledger if entry.kind == "unread"] == unread


@pytest.mark.parametrize(
    "text", ["which tier has the highest average AUM", "哪个分行平均存款最高", "which branch has the lowest median deposits"]
)
def test_which_group_has_the_highest_figure_asks_for_the_figure_of_each(text: str) -> None:
    found = read(text)
    assert [request.kind for request in found.requests] == ["metric_by"]
    assert not found.issues


@pytest.mark.parametrize("turns", [("白金客户", "他们平均AUM和性别分布"), ("mortgage customers", "their average AUM and the gender split")])
def test_a_figure_and_a_split_of_its_own_are_two_requests(turns: tuple[str, ...]) -> None:
    assert [request.kind for request in talk(*turns).requests] == ["metric", "breakdown"]


def test_an_average_per_customer_says_of_whom_it_is() -> None:
    found = read("average deposits per diamond tier customer")
    assert [said(request) for request in found.requests] == ["metric dep_total_bal average"]
    assert not found.issues


def test_a_question_in_the_name_of_a_tag_takes_no_word_behind_it() -> None:
    assert "unread" in asked("which channel do they prefer email")
