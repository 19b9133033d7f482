"""Products and their days: clauses about one noun are filters of one record (MEANING.md "Records")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import RecordCondition, walk
from tests.interpret.reading import asked, canonical, catalog, read, read_rule


def wealth(window: str, **more: Any) -> Mapping[str, Any]:
    return {"records": "wealth_holding", "where": {"maturity_date": {"within": window}, **more}}


OVER_100K = {"operator": ">", "value": 100000}


@pytest.mark.parametrize(
    "text",
    [
        "有一笔30天内到期且金额大于10万的理财的客户",
        "30天内到期且金额大于10万的理财客户",
        "单笔金额大于10万且30天内到期的理财",
        "customers with a single wealth product of more than 100k maturing in the next 30 days",
    ],
)
def test_both_clauses_are_about_one_product(text: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(wealth("future 30 day", amt=OVER_100K))


@pytest.mark.parametrize("text", ["有10万以上的理财下周到期", "customers with time deposits of at least 100k maturing this month"])
def test_one_or_in_total_unsaid_is_asked(text: str) -> None:
    assert asked(text) == ["ambiguous_amount"]


def test_in_total() -> None:
    text = "customers with at least 50k in total of time deposits maturing in the next 30 days"
    due = {"records": "deposit_holding", "where": {"maturity_date": {"within": "future 30 day"}}}
    assert asked(text) == []
    assert read_rule(text) == canonical({**due, "aggregate": "sum", "of": "amt", "operator": ">=", "value": 50000})


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("本周到期的理财", "calendar week 0"),
        ("理财下个月到期的客户", "calendar month 1"),
        ("wealth products maturing this month", "calendar month 0"),
        ("2026年12月到期的理财", "2026-12-01..2026-12-31"),
    ],
)
def test_calendar_words_lie_whole_in_the_future(text: str, window: str) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(wealth(window))


@pytest.mark.parametrize(
    "text",
    ["去年到期的定期", "有理财和定期30天内到期的客户", "30天内到期的理财且AUM大于10万", "活期10万以上、30天内到期的理财"],
)
def test_what_is_not_of_the_product_is_not_taken_for_it(text: str) -> None:
    amounts = [item for _, item in _filters(text) if item == "amt"]
    assert amounts == []
    assert "ambiguous_amount" not in asked(text)


def _filters(text: str) -> list[tuple[str, str]]:
    rule = read(text).rule
    nodes = [] if rule is None else [node for _, node in walk(rule.node) if isinstance(node, RecordCondition)]
    return [(node.records, item.property) for node in nodes for item in node.filters]


SOON = {"within": "future 30 day"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("理财快到期的客户", {"records": "wealth_holding", "where": {"maturity_date": SOON}}),
        ("定期即将到期的客户", {"records": "deposit_holding", "where": {"maturity_date": SOON}}),
        ("大额存单快到期的", {"records": "deposit_holding", "where": {"kind": ["lcd"], "maturity_date": SOON}}),
        ("保费快到期的客户", {"records": "insurance_policy", "where": {"next_pay_date": SOON}}),
        ("customers with time deposits maturing soon", {"records": "deposit_holding", "where": {"maturity_date": SOON}}),
        ("customers whose large CDs mature soon", {"records": "deposit_holding", "where": {"kind": ["lcd"], "maturity_date": SOON}}),
    ],
)
def test_soon_is_of_the_product_it_is_said_of_and_its_length_is_stated(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)
    assert ("due_soon", "30") in [(one.code, one.params.get("days")) for one in read(text).assumptions]


def test_what_is_due_without_a_product_stays_the_word_it_was() -> None:
    assert read_rule("快到期的客户") == canonical({"concept": "mature_soon"})
    assert "unread" in asked("没有理财快到期的客户")


@pytest.mark.parametrize("text", ["理财到期的客户", "有理财到期的客户有多少", "customers with wealth products coming due"])
def test_with_no_time_it_is_soon_and_that_is_stated(text: str) -> None:
    found = read(text)
    assert asked(text) == []
    assert canonical(wealth("future 30 day")) == read_rule(text)
    assert "due_soon" in [one.code for one in found.assumptions]


@pytest.mark.parametrize(
    "text",
    [
        "定期到期了的客户",
        "定期到期后没续存的客户",
        "定期到期没续的客户",
        "已到期理财的客户",
        "理财已经到期的客户",
        "近30天登录过、定期到期的客户",
    ],
)
def test_what_is_over_or_has_another_time_beside_it_is_not(text: str) -> None:
    assert asked(text)
    assert "due_soon" not in [one.code for one in read(text).assumptions]


TIME_DEPOSITS = {"records": "td_mature", "window": "calendar month -1"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("上个月理财到期的客户", {"records": "wealth_mature", "window": "calendar month -1"}),
        ("过去30天理财到期的客户", {"records": "wealth_mature", "window": "rolling 30 day"}),
        ("上个月到期的定期合计超过10万", {**TIME_DEPOSITS, "aggregate": "sum", "of": "amt", "operator": ">", "value": 100000}),
        ("customers whose time deposits matured last month", TIME_DEPOSITS),
    ],
)
def test_in_a_time_that_is_over_the_records_of_having_come_due_tell(text: str, short: Mapping[str, Any]) -> None:
    assert asked(text) == []
    assert read_rule(text) == canonical(short)


def test_what_the_records_of_having_come_due_do_not_know_is_not_passed_over() -> None:
    assert "unread" in asked("上个月R2理财到期的客户")


@pytest.mark.parametrize("text", ["本月理财到期的客户", "wealth products maturing this month", "本月R2理财到期的客户"])
def test_in_a_time_partly_over_what_came_due_already_is_told_of(text: str) -> None:
    assert asked(text) == []
    assert ("due_not_over", "wealth_mature") in [(one.code, one.params.get("record")) for one in read(text).assumptions]


def test_what_came_due_already_can_be_counted_as_well() -> None:
    (question,) = (one for one in read("本月理财到期的客户").questions if one.code == "due_not_over")
    assert not question.ask
    held, everyone = (canonical_rule(one.rule.node, catalog().expand_all) for one in question.readings if one.rule is not None)
    assert held == canonical(wealth("calendar month 0"))
    assert everyone == canonical({"any": [wealth("calendar month 0"), {"records": "wealth_mature", "window": "calendar month 0"}]})


def test_a_month_without_a_year_is_the_next_and_the_one_just_past_is_offered() -> None:
    found = read("8月下旬理财到期的客户")
    assert canonical(wealth("2027-08-21..2027-08-31")) == read_rule("8月下旬理财到期的客户")
    assert "due_next" in [one.code for one in found.assumptions]
    (question,) = (one for one in found.questions if one.code == "due_next")
    past = question.readings[1].rule
    assert past is not None
    assert canonical_rule(past.node, catalog().expand_all) == canonical({"records": "wealth_mature", "window": "2026-08-21..2026-08-31"})


@pytest.mark.parametrize("text", ["30天内到期的理财", "下个月到期的理财", "明天到期的理财", "10月到期的理财"])
def test_of_a_time_to_come_nothing_is_told(text: str) -> None:
    assert [one.code for one in read(text).assumptions] == []
