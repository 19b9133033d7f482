"""Who came, left or stayed is said of the comparison before, by the whole turn; without one such words are read as any others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Request
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, SegmentRule, TagCondition
from tests.interpret.reading import AS_OF, MORTGAGE, PLATINUM, TODAY, WOMEN, asks, catalog, spells

CAME, LEFT = node_from_short(WOMEN), node_from_short(PLATINUM)
COMPARED = Request("compare", detail="last month")


def after(words: str, *asked: Request, parts: tuple[tuple[str, AnyNode], ...] = (("entered", CAME), ("left", LEFT))) -> Interpretation:
    rule = SegmentRule(node=node_from_short(MORTGAGE))
    return GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, rule=rule, asked=asked, parts=parts))


@pytest.mark.parametrize("words", ["只要新来的", "只看新进来的客户", "新增的", "only the new ones", "newcomers", "show me the newcomers"])
def test_those_who_came(words: str) -> None:
    found = after(words, COMPARED)
    assert spells(found.rule, WOMEN)
    assert (found.requests, asks(found)) == ((), [])
    assert found.edit
    assert [one.code for one in found.assumptions] == ["part_entered"]


@pytest.mark.parametrize("words", ["只要新来的", "newcomers"])
def test_the_new_ones_are_the_newest_customers_as_well(words: str) -> None:
    """Where one rule says both those who came in and those who became customers since."""
    found = after(words, COMPARED, parts=(("entered", CAME), ("came", LEFT)))
    assert spells(found.rule, PLATINUM)
    assert [one.code for one in found.assumptions] == ["part_came"]


@pytest.mark.parametrize("words", ["流失的是谁", "走掉的有哪些", "少了谁？", "who left", "Who dropped out?"])
def test_who_left_is_asked_of_them(words: str) -> None:
    found = after(words, COMPARED)
    assert spells(found.rule, PLATINUM)
    assert [one.kind for one in found.requests] == ["persona"]
    assert asks(found) == []


def test_a_part_that_no_rule_says_is_not_another() -> None:
    found = after("留下的", COMPARED)
    assert asks(found) == ["part_unsaid"]
    assert not found.changed


@pytest.mark.parametrize("words", ["只要新来的女客户", "流失的客户里有房贷的", "newcomers with a mortgage"])
def test_what_says_more_is_no_part(words: str) -> None:
    assert not [one for one in after(words, COMPARED).assumptions if one.code.startswith("part_")]


def test_without_a_comparison_the_word_is_any_other() -> None:
    assert "ambiguous_word" in asks(after("流失的是谁", parts=()))


MOVES = (("up.cust_tier", CAME), ("down.cust_tier", LEFT))
MIGRATED = Request("migration", "cust_tier", detail="last month")


@pytest.mark.parametrize(
    ("words", "whose", "requests"),
    [
        ("那降级的呢", PLATINUM, []),
        ("只看下降的", PLATINUM, []),
        ("升级的是哪些人", WOMEN, ["persona"]),
        ("降级的有多少", PLATINUM, ["count"]),
        ("有多少人降级了", PLATINUM, ["count"]),
        ("降级的有哪些人", PLATINUM, ["persona"]),
        ("how many were downgraded?", PLATINUM, ["count"]),
        ("how many customers moved up", WOMEN, ["count"]),
        ("what about those who fell?", PLATINUM, []),
        ("who moved up?", WOMEN, ["persona"]),
    ],
)
def test_who_rose_and_fell_is_said_of_the_migration(words: str, whose: dict[str, object], requests: list[str]) -> None:
    found = after(words, MIGRATED, parts=MOVES)
    assert spells(found.rule, whose)
    assert ([one.kind for one in found.requests], asks(found)) == (requests, [])
    assert [one.params for one in found.assumptions] == [{"tag": "cust_tier"}]


@pytest.mark.parametrize("words", ["那降级的呢", "what about the downgraded"])
def test_along_which_of_two_orders_is_asked(words: str) -> None:
    two = (("down.mau_band", CAME), ("down.aum_grid_band", LEFT))
    found = after(words, Request("migration", "grid"), parts=two)
    (question,) = found.questions
    assert question.ask
    assert [spells(one.rule, short) for one, short in zip(question.readings, (WOMEN, PLATINUM), strict=True)] == [True, True]
    rule = SegmentRule(node=node_from_short(MORTGAGE))
    context = Context(catalog(), AS_OF, TODAY, rule=rule, asked=(Request("migration", "grid"),), parts=two, choices={question.key: 1})
    chosen = GrammarInterpreter().interpret(words, context)
    assert spells(chosen.rule, PLATINUM)
    assert asks(chosen) == []


def test_movers_that_no_rule_says_are_not_others() -> None:
    assert asks(after("那降级的呢", MIGRATED, parts=())) == ["part_unsaid"]


def test_without_a_migration_they_are_any_others() -> None:
    assert not [one for one in after("那降级的呢", COMPARED).assumptions if one.code.startswith("part_")]


@pytest.mark.parametrize("words", ["走了的是谁", "who left?"])
def test_those_gone_from_the_bank_are_said_to_be_missing(words: str) -> None:
    found = after(words, COMPARED, parts=(("left_here", LEFT),))
    assert spells(found.rule, PLATINUM)
    assert [one.code for one in found.assumptions] == ["part_left_here"]


GOLD_AND_ABOVE = SegmentRule(node=TagCondition(tag="cust_tier", operator=">=", value=("T2",)))


@pytest.mark.parametrize(
    ("words", "expected", "told"),
    [
        ("升上来的是哪些人", WOMEN, "part_entered"),
        ("掉下去的呢", PLATINUM, "part_left"),
        ("who moved up", WOMEN, "part_entered"),
        ("those who fell", PLATINUM, "part_left"),
    ],
)
def test_of_a_grade_and_above_who_came_in_rose_and_who_left_fell(words: str, expected: Mapping[str, Any], told: str) -> None:
    parts = (("entered", CAME), ("left", LEFT))
    context = Context(catalog(), AS_OF, TODAY, rule=GOLD_AND_ABOVE, asked=(COMPARED,), parts=parts)
    found = GrammarInterpreter().interpret(words, context)
    assert spells(found.rule, expected)
    assert [one.code for one in found.assumptions] == [told]


def test_nobody_rises_into_a_segment_that_is_no_grade_and_above() -> None:
    assert not [one for one in after("升上来的是哪些人", COMPARED).assumptions if one.code.startswith("part_")]
