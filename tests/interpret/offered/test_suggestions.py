"""Misspelt requests: what is offered, what is not, and what a choice does to rule, ledger and conversation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from assistant.catalog.load import TagCatalog
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation, Question
from assistant.rule.canonical import canonical_rule
from assistant.rule.short import node_from_short
from assistant.rule.tree import SegmentRule

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)


@cache
def catalog() -> TagCatalog:
    return TagCatalog.load()


def read(text: str, choices: Mapping[str, int] | None = None, rule: SegmentRule | None = None) -> Interpretation:
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, 0, rule, choices or {}))


def asked(found: Interpretation) -> Question | None:
    return next((question for question in found.questions if question.code == "unread_near"), None)


def offered(text: str) -> tuple[str, ...]:
    question = asked(read(text))
    return () if question is None else tuple(reading.label.zh for reading in question.readings if reading.label is not None)


def canonical(rule: SegmentRule | None) -> object:
    assert rule is not None
    return canonical_rule(rule.node, catalog().expand_all)


OFFERED = {
    "活期村款大于5万": "活期存款", "活其存款大于5万": "活期存款", "理才客户": "理财", "有贷宽的客户": "有贷款", "有房带的女性": "房贷", "信用咔客户": "信用卡客户",
    "信信用卡客户": "信用卡客户", "近30天买过理材的客户": "买过理财", "上海分航的客户": "上海分行", "app推宋客户": "App推送", "licai客户": "理财",
    "女性,持有理才和基京": "理财 / 基金",
    "mortage customers": "mortgage customers", "customers with a credit crad": "credit card", "customers whose demand depsits exceed 50k": "demand deposits",
    "custmers in Wuhan Branch with a mortgag": "mortgage",
}  # fmt: skip


@pytest.mark.parametrize("text", OFFERED)
def test_the_word_meant_is_offered_first(text: str) -> None:
    assert offered(text)[0].endswith(OFFERED[text])


@pytest.mark.parametrize(
    "text",
    [
        "住在三楼的客户", "有游艇的客户", "喜欢足球的客户", "白银会员卡客户", "对公村款大于5万", "养了三只猫的女性",
        "customers who own a yacht", "customers who like football", "vegetarian customers",
    ],
)  # fmt: skip
def test_words_outside_the_bank_are_no_misspellings(text: str) -> None:
    found = read(text)
    assert any(issue.code == "unread" for issue in found.issues)
    assert offered(text) == ()


def test_that_nothing_is_near_is_told() -> None:
    (issue,) = [issue for issue in read("有游艇的女性").issues if issue.code == "unread"]
    assert issue.params["near"] == ""


def test_a_word_the_bank_has_no_data_for_is_named_and_not_offered() -> None:
    (issue,) = [issue for issue in read("对公村款大于5万").issues if issue.code == "unread"]
    assert issue.params["near"] == "对公存款"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("活期村款大于5万的女性", "活期存款大于5万的女性"),
        ("近30天买过理材的客户", "近30天买过理财的客户"),
        ("customers with a credit crad", "customers with a credit card"),
    ],
)
def test_a_choice_reads_what_was_meant_and_remembers_what_was_typed(wrong: str, right: str) -> None:
    question = asked(read(wrong))
    assert question is not None
    assert any(issue.code == "unread" for issue in read(wrong).issues)
    chosen = read(wrong, {question.key: 0})
    assert canonical(chosen.rule) == canonical(read(right).rule) == canonical(question.readings[0].rule)
    assert not chosen.issues
    assert asked(chosen) is None
    (told,) = [one for one in chosen.assumptions if one.code == "read_as"]
    assert told.quote is not None
    assert wrong[told.quote.start : told.quote.end] == told.params["words"]
    mended = [entry for entry in chosen.ledger if entry.read_as]
    assert {entry.read_as for entry in mended} == {told.params["meant"]}
    assert all(entry.kind == "condition" for entry in mended if wrong[entry.start : entry.end] not in ("过", " "))


def test_the_ledger_is_a_partition_of_what_was_typed_whatever_is_chosen() -> None:
    for text in OFFERED:
        question = asked(read(text))
        assert question is not None
        for option in (-1, 0, len(question.readings) - 1):
            ledger = read(text, {question.key: option}).ledger
            assert [entry.start for entry in ledger] == [0, *(entry.end for entry in ledger[:-1])]
            assert ledger[-1].end == len(text)


def test_leaving_the_words_out_is_the_last_option_and_says_so() -> None:
    text = "活其存款大于5万的女性"
    question = asked(read(text))
    assert question is not None
    assert question.readings[-1].label is None
    left_out = read(text, {question.key: len(question.readings) - 1})
    assert canonical(left_out.rule) == canonical(read("存款大于5万的女性").rule)
    assert [one.code for one in left_out.assumptions if one.code in ("ignored_words", "read_as")] == ["ignored_words"]


def test_what_no_repair_reads_stays_asked_about() -> None:
    text = "活期村款大于5万且住在三楼"
    question = asked(read(text))
    assert question is not None
    assert question.params["left_0"] == "住在三楼"
    after = read(text, {question.key: 0})
    assert [issue.params["words"] for issue in after.issues if issue.code == "unread"] == ["住在三楼"]


def test_a_choice_holds_for_the_same_words_later_and_for_no_others() -> None:
    question = asked(read("活期村款大于5万"))
    assert question is not None
    choices = {question.key: 0}
    later = read("活期村款大于20万的女性", choices)
    assert not later.issues
    assert canonical(later.rule) == canonical(read("活期存款大于20万的女性").rule)
    assert asked(read("定期村款大于20万", choices)) is not None


def test_nothing_is_ever_applied_unasked() -> None:
    """Without a choice, the rule is what was read without the misspelt words."""
    for text in OFFERED:
        found = read(text)
        question = asked(found)
        assert question is not None
        assert question.always
        assert question.ask
        assert any(issue.code == "unread" for issue in found.issues)
        if found.rule is not None:
            first: Any = canonical(question.readings[0].rule)
            redundant = text.startswith(("信信", "上海分航"))
            assert redundant or canonical(found.rule) != first


def test_a_follow_up_may_be_misspelt() -> None:
    before = SegmentRule(node=node_from_short({"tag": "dep_demand_bal", "operator": ">", "value": 50000}))
    question = asked(read("再加上有理才的", rule=before))
    assert question is not None
    after = read("再加上有理才的", {question.key: 0}, before)
    assert canonical(after.rule) == canonical(read("再加上有理财的", rule=before).rule)
