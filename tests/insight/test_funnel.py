"""Attrition, alone, left out, and the condition that empties a segment, against a naive count over every customer."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assistant.facts import FactSheet
from assistant.insight import funnel
from assistant.policy import Protection
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, Quote
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated

THREE = {"all": [{"tag": "mort_flag", "value": True}, {"tag": "app_flag", "value": True}, {"tag": "gender", "value": "F"}]}


def table(masks: list[int]) -> Table:
    return Table(("mask", "n"), tuple(sorted(Counter(masks).items())), "q")


def test_no_conditions_no_funnel() -> None:
    rule = validated({"all": []})
    assert funnel.plan(rule, QUALIFIER) == ()
    assert funnel.read((), rule) is None


def test_a_rule_that_is_no_intersection_is_one_step() -> None:
    rule = validated({"any": [{"tag": "mort_flag", "value": True}, {"concept": "mobile_active"}]})
    assert [step.path for step in funnel.conditions(rule)] == [()]
    assert len(funnel.plan(rule, QUALIFIER)) == 1


def test_steps_follow_the_order_said() -> None:
    first, second = (node_from_short({"tag": tag, "value": True}) for tag in ("mort_flag", "app_flag"))
    said_later = first.model_copy(update={"said": (Quote(turn=0, start=9, end=12),)})
    said_first = second.model_copy(update={"said": (Quote(turn=0, start=2, end=4),)})
    assert [step.path for step in funnel.conditions(validated(AllOf(children=(said_later, said_first))))] == [(1,), (0,)]


def test_more_conditions_than_a_mask_holds_share_the_last_step() -> None:
    rule = validated({"all": [{"tag": "aum_bal", "operator": ">", "value": number} for number in range(20)]})
    steps = funnel.conditions(rule)
    assert len(steps) == 16
    assert isinstance(steps[-1].node, AllOf)
    assert len(steps[-1].node.children) == 5


@given(st.lists(st.integers(0, 7), min_size=1, max_size=40))
def test_every_figure_is_a_count_of_customers(masks: list[int]) -> None:
    found = funnel.read((table(masks),), validated(THREE))
    assert found is not None
    for number, step in enumerate(found.steps):
        assert step.remaining == sum(all(mask >> bit & 1 for bit in range(number + 1)) for mask in masks)
        assert step.alone == sum(mask >> number & 1 for mask in masks)
        assert step.without == sum(all(mask >> bit & 1 for bit in range(3) if bit != number) for mask in masks)
        assert step.without >= found.count
    assert found.base == len(masks)
    assert found.count == masks.count(7)


def test_the_condition_that_empties_is_the_one_whose_absence_leaves_most() -> None:
    found = funnel.read((table([0b011] * 5 + [0b101] * 2 + [0b110]),), validated(THREE))
    assert found is not None
    assert found.count == 0
    assert found.emptied_by == 2
    assert found.narrows_most is None


def test_several_together_empty_a_segment() -> None:
    found = funnel.read((table([0b001, 0b010, 0b100]),), validated(THREE))
    assert found is not None
    assert found.emptied_by is None


def test_the_condition_that_narrows_most() -> None:
    found = funnel.read((table([0b111] * 3 + [0b101] * 9 + [0b110]),), validated(THREE))
    assert found is not None
    assert found.narrows_most == 1
    assert found.emptied_by is None


def test_facts() -> None:
    sheet = FactSheet(Protection(20))
    found = funnel.read((table([0b111] * 3 + [0b101] * 30),), validated(THREE))
    assert found is not None
    found.facts(sheet)
    assert sheet["funnel.1.remaining"].suppressed
    assert sheet["funnel.1.without"].value == 33
    assert sheet["funnel.base"].value == 33
