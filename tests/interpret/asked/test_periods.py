"""With what time a segment is compared; what is said of a tag or an action is not taken for a comparison of the segment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
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
        ("和上一期比", "previous_period"),
        ("与上月相比", "last month"),
        ("比上个月多了还是少了", "last month"),
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
        ("近30天贷款专区的访问为什么涨了", "last month", "since_month_end"),
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


def test_months_among_other_times_go_back_a_month_and_its_date_is_said() -> None:
    both = {"all": [{"records": "app_login", "window": window} for window in ("calendar month 0", "rolling 30 day")]}
    rule = SegmentRule(node=node_from_short(both))
    found = GrammarInterpreter().interpret("为什么变多了", Context(catalog(), AS_OF, TODAY, turn=1, rule=rule))
    assert [request.detail for request in found.requests] == ["last month"]
    assert [(one.code, one.params) for one in found.assumptions] == [("since_month_before", {"date": "2026-08-24"})]
