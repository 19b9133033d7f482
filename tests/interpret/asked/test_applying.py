"""A template with what is said for it becomes one rule, or a question whose options are whole rules; nothing said is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import conditions
from assistant.interpret.asked.applying import values_of
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagCondition

CATALOG = TagCatalog.load()
FIRST = CATALOG.strategies["wealth_first_purchase"]
SHANGHAI = TagCondition(tag="home_org", operator="in", value=("3100",))


def read(text: str, choices: Mapping[str, int] | None = None, rule: SegmentRule | None = None) -> Interpretation:
    context = Context(CATALOG, date(2026, 9, 24), date(2026, 9, 25), rule=rule, choices=choices or {})
    return GrammarInterpreter().interpret(text, context)


def joined(*more: AnyNode, **given: int) -> AnyNode:
    return AllOf(children=(*conditions(FIRST.node({name: Decimal(value) for name, value in given.items()})), *more))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("套用理财潜客", joined()),
        ("套用理财潜客,门槛3万", joined(balance=30000)),
        ("套用理财潜客,门槛3万,上海分行", joined(SHANGHAI, balance=30000)),
        ("套用理财首购模板 上海分行 活期余额改为3万", joined(SHANGHAI, balance=30000)),
        ("apply wealth prospects with a threshold of 30k in Shanghai Branch", joined(SHANGHAI, balance=30000)),
    ],
)
def test_a_template_with_its_numbers_and_conditions_is_one_rule(text: str, rule: AnyNode) -> None:
    found = read(text)
    assert found.rule is not None
    assert found.rule.node == rule
    assert not found.questions
    assert not found.issues
    assert found.changed
    assert not found.edit
    assert [entry.start for entry in found.ledger] == [0, *(entry.end for entry in found.ledger[:-1])]
    assert found.ledger[-1].end == len(text)
    (request,) = found.requests
    assert (request.kind, request.code) == ("apply_strategy", FIRST.code)


def test_the_numbers_are_named_in_the_request() -> None:
    assert values_of(read("套用理财潜客,门槛3万").requests[0]) == {"balance": Decimal(30000), "logins": Decimal(3), "views": Decimal(1)}


def test_a_number_outside_its_range_is_asked_about_with_the_nearest_and_the_default() -> None:
    found = read("套用理财潜客,门槛3千")
    (question,) = found.questions
    assert question.code == "strategy_parameter_range"
    assert [one.rule.node for one in question.readings] == [joined(balance=10000), joined(balance=50000)]
    assert question.always
    chosen = read("套用理财潜客,门槛3千", {question.key: 1})
    assert not chosen.questions
    assert chosen.rule == SegmentRule(node=joined(balance=50000))


def test_a_number_that_may_be_two_is_asked_about() -> None:
    found = read("套用理财潜客,门槛5次")
    (question,) = found.questions
    assert question.code == "strategy_parameter_which"
    assert [one.rule.node for one in question.readings] == [joined(logins=5), joined(views=5)]


def test_a_number_of_another_unit_is_told() -> None:
    assert [issue.code for issue in read("套用理财潜客,门槛3天").issues] == ["strategy_parameter_unfit"]


def test_two_numbers_for_one_are_told() -> None:
    assert [issue.code for issue in read("套用理财潜客,余额3万,活期余额4万").issues] == ["strategy_parameter_twice"]


def test_a_condition_on_what_a_number_is_about_is_asked_about() -> None:
    found = read("套用理财潜客,活期存款余额大于8万的")
    (question,) = found.questions
    assert question.code == "strategy_same_number"
    more = TagCondition(tag="dep_demand_bal", operator=">", value=Decimal(80000))
    assert [one.rule.node for one in question.readings] == [joined(balance=80000), joined(more)]


def test_strictness_that_cannot_be_met_is_said() -> None:
    assert [one.code for one in read("套用理财潜客,余额3万以上").assumptions if one.code.startswith("strategy")] == ["strategy_strictness"]


def test_a_name_nobody_has_offers_those_near_and_keeps_what_was_said() -> None:
    found = read("套用里财首购,门槛3万,上海分行")
    question = found.questions[0]
    assert question.code == "strategy_unknown"
    assert question.readings[0].rule.node == joined(SHANGHAI, balance=30000)
    chosen = read("套用里财首购,门槛3万,上海分行", {question.key: 0})
    assert not chosen.questions
    assert chosen.requests[0].code == FIRST.code


def test_a_name_near_to_none_is_told() -> None:
    found = read("套用火箭发射")
    assert [issue.code for issue in found.issues] == ["strategy_not_found"]
    assert found.rule is None


def test_a_goal_offers_the_templates_that_serve_it() -> None:
    for text in ("提升理财首购", "有什么策略能提升理财首购", "raise first purchases of wealth products"):
        found = read(text)
        (question,) = found.questions
        assert question.code == "strategy_goal"
        assert question.readings[0].label == FIRST.name
        assert 2 <= len(question.readings) <= 3
        assert found.requests == ()
        chosen = read(text, {question.key: 0})
        assert [request.kind for request in chosen.requests] == ["apply_strategy"]
        assert chosen.rule == SegmentRule(node=joined())


def test_a_goal_spoken_of_as_strategies_that_none_serves_is_told() -> None:
    assert [issue.code for issue in read("有什么策略能改善天气").issues] == ["strategy_none"]


def test_what_can_be_read_as_a_segment_is_no_goal() -> None:
    found = read("激活信用卡的客户")
    assert not [question for question in found.questions if question.code.startswith("strategy")]


def test_unread_words_behind_a_name_stay_unread() -> None:
    found = read("套用理财潜客,呜啦啦")
    assert "unread" in [issue.code for issue in found.issues]
    assert found.rule == SegmentRule(node=joined())


def test_other_requests_of_the_turn_are_kept() -> None:
    assert [request.kind for request in read("套用理财潜客,按分行看").requests] == ["apply_strategy", "breakdown"]


def test_a_doubt_of_the_rest_has_options_upon_the_template() -> None:
    found = read("套用理财潜客,上海")
    (question,) = found.questions
    assert all(set(conditions(FIRST.node())) < set(conditions(one.rule.node)) for one in question.readings)


def test_a_template_begins_a_new_segment() -> None:
    before = SegmentRule(node=SHANGHAI)
    found = read("套用理财潜客", rule=before)
    assert found.rule == SegmentRule(node=joined())
    assert "new_segment" in [one.code for one in found.assumptions]


def test_the_list_and_the_coverage_leave_the_rule_alone() -> None:
    for text, kind in (("有哪些策略模板", "strategies"), ("策略覆盖矩阵", "strategy_coverage")):
        found = read(text)
        assert [request.kind for request in found.requests] == [kind]
        assert not found.changed


def test_the_words_of_a_number_belong_to_the_condition_it_stands_in() -> None:
    text = "套用理财首购，活期余额10万，登录次数5次"
    found = read(text)
    assert found.rule is not None
    assert isinstance(found.rule.node, AllOf)
    said = [[text[quote.start : quote.end] for quote in node.said] for node in found.rule.node.children]
    assert said == [["登录次数5次"], ["活期余额10万"], [], [], []]
