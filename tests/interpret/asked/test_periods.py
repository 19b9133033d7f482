"""With what time a segment is compared; what is said of a tag or an action is not taken for a comparison of the segment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Request
from assistant.rule.canonical import canonical_rule
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule
from tests.interpret.reading import AS_OF, TODAY, asked, canonical, catalog, read, read_rule

PLATINUM: Mapping[str, object] = {"tag": "cust_tier", "operator": "in", "value": ["T3"]}


def follow(text: str) -> Interpretation:
    """A turn after platinum customers."""
    rule = SegmentRule(node=node_from_short(PLATINUM))
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule))


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("和去年同期比", "last_year"),
        ("同比", "last_year"),
        ("同比变化", "last_year"),
        ("比去年多了多少", "last_year"),
        ("环比怎么样", "previous_period"),
        ("和之前14天比", "before 14 day"),
        ("compare with the previous 14 days", "before 14 day"),
        ("跟之前同样长的一段时间比", "previous_period"),
        ("compared with the same number of days before", "previous_period"),
        ("和上一期比", "previous_period"),
        ("和前一个同样长的时段比", "previous_period"),
        ("跟前面等长的一段时间比", "previous_period"),
        ("和之前相同天数比", "previous_period"),
        ("compared with the preceding period of the same length", "previous_period"),
        ("versus as many days before", "previous_period"),
        ("比前一个月呢", "last month"),
        ("跟2024年底比", "2024-12-31"),
        ("compared with the end of 2024", "2024-12-31"),
        ("vs end of June", "2026-06-21..2026-06-30"),
        ("和一季度末比", "2026-03-31"),
        ("compared with end of Q2", "2026-06-30"),
        ("比上个月怎么样", "last month"),
        ("compared with the month before", "last month"),
        ("how does that compare with the week before", "last week"),
        ("与上月相比", "last month"),
        ("比上个月多了还是少了", "last month"),
        ("跟上个月比变多了吗", "last month"),
        ("is that up on last month", "last month"),
        ("is this down from last week", "last week"),
        ("跟去年同期比是不是少了", "last_year"),
        ("跟上周比呢", "last week"),
        ("和上季末比", "2026-06-30"),
        ("较年初变化", "2025-12-31"),
        ("今年以来变化多少", "2025-12-31"),
        ("相比三个月前", "ago 3 month"),
        ("和半年前相比怎么样", "ago 1 half_year"),
        ("与2026年3月末相比", "2026-03-21..2026-03-31"),
        ("和8月中旬比", "2026-08-11..2026-08-20"),
        ("和上月同期比有什么变化", "ago 1 month"),
        ("和上季同期比", "ago 1 quarter"),
        ("和前一旬相比", "ago 10 day"),
        ("compared with the same period last month", "ago 1 month"),
        ("和8月同期相比呢", "same month 2026-08-01"),
        ("跟上个月同样口径比", "same month 2026-08-01"),
        ("和2025年同期比", "same year 2025-01-01"),
        ("和上月同期的客户比", "ago 1 month"),
        ("compare with the same days in August", "same month 2026-08-01"),
        ("compared with the same period of 2025", "same year 2025-01-01"),
        ("compare them with the visitors of the same period a month earlier", "ago 1 month"),
        ("这个月比上月多了还是少了", "last month"),
        ("are there more this month than last month", "last month"),
        ("versus the ten days before", "ago 10 day"),
        ("和3月31日比", "2026-03-31"),
        ("compared with last month", "last month"),
        ("versus the same time last year", "last_year"),
        ("year on year", "last_year"),
        ("compared with a year ago", "last_year"),
        ("how has it changed since March", "2026-02-28"),
        ("how has it changed since 31 March 2026", "2026-03-31"),
        ("how has it changed since the end of June", "2026-06-30"),
        ("8月底以来变化多少", "2026-08-31"),
        ("从8月21日以来有什么变化", "2026-08-21"),
        ("what changed since 21 August", "2026-08-21"),
        ("how does that compare with three months ago", "ago 3 month"),
        ("compare with the end of June", "2026-06-21..2026-06-30"),
        ("is that more or fewer than last month", "last month"),
        ("are there more or fewer than last month", "last month"),
        ("has it gone up since last quarter", "last quarter"),
        ("how many more than at the end of last year", "2025-12-31"),
        ("and versus 31 March 2026", "2026-03-31"),
    ],
)
def test_a_segment_is_compared_with_itself(text: str, detail: str) -> None:
    found = follow(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("compare", detail)]
    assert not found.changed
    assert found.issues == found.questions == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("白金客户有多少，和去年同期比怎么样", ["count", "compare"]),
        ("白金客户比上个月多了还是少了", ["compare"]),
        ("白金客户同比变化", ["compare"]),
        ("白金客户按分行看,和上月末相比", ["breakdown", "compare"]),
        ("platinum tier customers, year-over-year change", ["compare"]),
        ("how many platinum tier customers, and how does it compare with the same period last year", ["count", "compare"]),
        ("白金客户为什么变少了", ["why_changed"]),
        ("白金客户为什么比上个月少了", ["why_changed"]),
        ("白金客户下降的原因是什么", ["why_changed"]),
        ("why are there fewer platinum tier customers than last month", ["why_changed"]),
    ],
)
def test_beside_the_conditions(text: str, kinds: list[str]) -> None:
    assert [request.kind for request in read(text).requests] == kinds
    assert read_rule(text) == canonical(PLATINUM)
    assert asked(text) == []


def test_why_without_a_time_takes_the_last_month_end_and_says_so() -> None:
    found = follow("为什么变多了")
    assert [(request.kind, request.detail) for request in found.requests] == [("why_changed", "last month")]
    assert [one.code for one in found.assumptions] == ["since_month_end"]
    assert [(one.kind, one.detail) for one in follow("为什么比去年同期少了").requests] == [("why_changed", "last_year")]


@pytest.mark.parametrize(
    "text",
    [
        "AUM比上月末多的客户",
        "活期存款比上月末降了三成以上的代发客户",
        "上个月登录过手机银行的客户",
        "和上个月登录过手机银行的白金客户",
        "customers whose AUM fell compared with last month",
        "手机银行登录次数比上个月多了多少",
        "AUM和去年同期比",
        "白金客户的平均AUM和去年同期比",
        "customers with fewer logins than last month",
    ],
)
def test_what_is_said_of_something_else(text: str) -> None:
    assert all(request.kind not in ("compare", "why_changed") for request in read(text).requests)


@pytest.mark.parametrize(
    "text",
    [
        "customers who viewed the loan zone in mid-September compared with the same period last month",
        "9月中旬浏览贷款专区的客户和上月同期比有什么变化",
    ],
)
def test_an_action_with_days_of_its_own_is_no_figure(text: str) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("compare", "ago 1 month")]
    assert found.rule is not None
    assert canonical(found.rule.node) == canonical(
        node_from_short({"records": "zone_view", "where": {"zone": ["loan"]}, "window": "2026-09-11..2026-09-20"})
    )


@pytest.mark.parametrize("text", ["logins in June compared with last month", "AUM in June compared with last month"])
def test_a_figure_of_some_days_is_not_the_segment(text: str) -> None:
    assert all(request.kind != "compare" for request in read(text).requests)


@pytest.mark.parametrize(
    ("text", "detail", "assumed"),
    [
        ("9月中旬贷款专区的访问为什么涨了", "previous_period", "since_period_before"),
        ("近30天贷款专区的访问为什么涨了", "previous_period", "since_period_before"),
        ("贷款专区的访问最近为什么涨了", "lately", "since_unusual"),
        ("why did visits to the loan zone rise", "lately", "since_unusual"),
        ("why did visits to the loan zone rise recently", "lately", "since_unusual"),
        ("9月中旬浏览贷款专区的客户为什么比去年同期多", "last_year", None),
    ],
)
def test_why_it_changed_without_a_time_is_since_the_days_before_those_named(text: str, detail: str, assumed: str | None) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_changed", detail)]
    assert [one.code for one in found.assumptions if one.code.startswith("since_")] == ([assumed] if assumed else [])


@pytest.mark.parametrize(
    ("text", "detail", "days"),
    [
        ("本月贷款专区的访问为什么涨了", "ago 1 month", {"first": "2026-08-01", "last": "2026-08-24"}),
        ("为什么9月贷款专区的访问涨了", "ago 1 month", {"first": "2026-08-01", "last": "2026-08-24"}),
        ("为什么上月贷款专区的访问涨了", "ago 1 month", {"first": "2026-07-01", "last": "2026-07-31"}),
        ("为什么9月中旬贷款专区的访问涨了", "previous_period", {"first": "2026-09-01", "last": "2026-09-10"}),
        ("why did visits to the loan zone rise this month", "ago 1 month", {"first": "2026-08-01", "last": "2026-08-24"}),
        ("why did visits to the loan zone rise in September", "ago 1 month", {"first": "2026-08-01", "last": "2026-08-24"}),
    ],
)
def test_a_month_so_far_is_measured_against_the_same_days_of_the_one_before_and_they_are_said(
    text: str, detail: str, days: Mapping[str, str]
) -> None:
    found = read(text)
    assert [(request.kind, request.detail) for request in found.requests] == [("why_changed", detail)]
    assert [one.params for one in found.assumptions if one.code == "since_period_before"] == [days]


@pytest.mark.parametrize(
    "text", ["近30天贷款专区的访问为什么涨了", "贷款专区的访问最近为什么涨了", "why did visits to the loan zone rise lately"]
)
def test_the_latest_days_are_measured_against_as_many_before_and_no_day_is_on_both_sides(text: str) -> None:
    (days,) = [one.params for one in read(text).assumptions if one.code.startswith("since_")]
    first, last = (date.fromisoformat(str(days[end])) for end in ("first", "last"))
    assert (last - first).days + 1 == 30
    assert last == AS_OF - timedelta(days=30)


def test_months_among_other_times_go_back_a_month_and_its_date_is_said() -> None:
    both = {"all": [{"records": "app_login", "window": window} for window in ("calendar month 0", "rolling 30 day")]}
    rule = SegmentRule(node=node_from_short(both))
    found = GrammarInterpreter().interpret("为什么变多了", Context(catalog(), AS_OF, TODAY, turn=1, rule=rule))
    assert [request.detail for request in found.requests] == ["last month"]
    assert [(one.code, one.params) for one in found.assumptions] == [("since_month_before", {"date": "2026-08-24"})]


def since(text: str, **choices: int) -> Interpretation:
    """A turn after visitors with days of their own, which began within this month."""
    rule = SegmentRule(node=node_from_short({"records": "zone_view", "window": "2026-09-11.."}))
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule, choices=choices))


def test_this_month_against_the_last_asks_whether_the_days_of_the_segment_change() -> None:
    found = since("这个月比上月多了还是少了")
    (question,) = found.questions
    assert (question.code, question.ask) == ("compare_now", True)
    first, second = (canonical_of(reading.rule) for reading in question.readings)
    assert first == canonical({"records": "zone_view", "window": "2026-09-11.."})
    assert second == canonical({"records": "zone_view", "window": "calendar month 0"})
    chosen = since("这个月比上月多了还是少了", **{question.key: 1})
    assert chosen.changed
    assert [(one.kind, one.detail) for one in chosen.requests] == [("compare", "last month")]
    assert canonical_of(chosen.rule) == second


def canonical_of(rule: SegmentRule | None) -> object:
    assert rule is not None
    return canonical_rule(rule.node, catalog().expand_all)


def test_why_behind_a_comparison_is_of_that_very_time_and_says_which_way_was_claimed() -> None:
    rule, compared = SegmentRule(node=node_from_short(PLATINUM)), (Request("compare", detail="2025-12-31"),)
    for words, way in (("为什么少了", "down"), ("why more?", "up"), ("why fewer?", "down"), ("为什么变化", "")):
        found = GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule, asked=compared))
        assert [(one.kind, one.detail, one.claimed) for one in found.requests] == [("why_changed", "2025-12-31", way)]
        assert [one.code for one in found.assumptions] == ["why_by_traits"]


@pytest.mark.parametrize("words", ["who drove it?", "what's behind it?", "是谁带来的"])
def test_whose_doing_it_is_asks_why(words: str) -> None:
    rule, compared = SegmentRule(node=node_from_short(PLATINUM)), (Request("compare", detail="2025-12-31"),)
    found = GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, turn=1, rule=rule, asked=compared))
    assert found.requests == compared
    assert found.issues == ()


def test_days_that_run_up_to_now_are_measured_against_as_many_before() -> None:
    found = since("为什么变多了")
    assert [(one.kind, one.detail) for one in found.requests] == [("why_changed", "previous_period")]
    assert [one.params for one in found.assumptions] == [{"first": "2026-08-28", "last": "2026-09-10"}]


@pytest.mark.parametrize(("text", "detail"), [("和明年比", "2027-12-31"), ("compared with next month", "2026-10-31")])
def test_a_unit_to_come_is_handed_on_for_its_date_to_be_refused(text: str, detail: str) -> None:
    found = read(text)
    assert [(one.kind, one.detail) for one in found.requests] == [("compare", detail)]


def test_the_same_date_last_year_is_a_year_ago() -> None:
    found = read("customers with over 500k AUM, compare with the same date last year")
    assert [(one.kind, one.detail) for one in found.requests] == [("compare", "last_year")]
    assert not found.issues


@pytest.mark.parametrize(
    "text", ["average AUM of platinum tier customers compared with the same period last year", "白金客户的平均AUM和去年同期比"]
)
def test_whose_the_figure_is_is_not_how_many_they_are(text: str) -> None:
    assert [request.kind for request in read(text).requests] == ["metric_then"]


def test_how_many_more_customers_is_told_beside_the_figure() -> None:
    assert [request.kind for request in read("average AUM vs last month, how many more customers").requests] == ["compare", "metric_then"]


def _on_given_days() -> SegmentRule:
    return SegmentRule(node=node_from_short({"records": "app_login", "window": "2026-09-11..2026-09-17", "value": 1}))


@pytest.mark.parametrize("words", ["和前一周比", "compare with the week before", "vs the previous week"])
def test_right_before_given_days_is_counted_from_them(words: str) -> None:
    found = GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, turn=1, rule=_on_given_days()))
    assert found.requests == (Request("compare", detail="before 1 week"),)
    assert found.issues == ()
