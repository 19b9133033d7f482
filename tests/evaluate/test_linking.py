"""Answers of a model: right ones are read as the rule they were made from, wrong ones say their fault in every form."""

from __future__ import annotations

import pytest

from assistant.catalog.model import Language
from assistant.evaluate.linking import Said, answers, disguised, faithful
from assistant.evaluate.mutated import Fault, Mutation, mutations
from assistant.interpret.interpretation import Context
from assistant.interpret.links import Link, linked
from assistant.rule.tree import AnyNode, walk
from tests.interpret.reading import AS_OF, TODAY, catalog, read

CONTEXT = Context(catalog(), AS_OF, TODAY)
REQUESTS: list[tuple[str, Language]] = [
    ("有房贷、活期存款超过5万的女客户", "zh"),
    ("近30天登录手机银行超过3次的白金客户", "zh"),
    ("没有理财且有信用卡的客户", "zh"),
    ("women with a mortgage and demand deposits over 50k", "en"),
    ("customers with AUM of at least 500k and AUM of at most 900k", "en"),
]


def said(text: str, language: Language) -> Said:
    rule = read(text).rule
    assert rule is not None
    return faithful(text, language, rule.node, CONTEXT)


def rule_of(text: str, links: tuple[Link, ...], own_words: bool) -> AnyNode | None:
    found = linked(links, text, CONTEXT, own_words=own_words)
    assert not found.unread
    assert not found.refused
    assert not found.doubts
    return None if found.interpretation.rule is None else found.interpretation.rule.node


@pytest.mark.parametrize(("text", "language"), REQUESTS)
def test_the_right_answer_is_read_as_the_rule_without_the_grammars_words(text: str, language: Language) -> None:
    right = said(text, language)
    assert rule_of(text, right.links(), own_words=False) == right.node


@pytest.mark.parametrize(("text", "language"), REQUESTS)
def test_words_nobody_knows_are_read_by_their_links_alone(text: str, language: Language) -> None:
    right = said(text, language)
    for _, part in walk(right.node):
        hidden = disguised(right, part)
        if hidden is not None and hidden.words:
            assert linked((), hidden.text, CONTEXT).unread
            assert rule_of(hidden.text, hidden.links(), own_words=True) == right.node


def wrong(text: str, fault: Fault) -> tuple[Said, Mutation]:
    right = said(text, "zh")
    return right, next(one for one in mutations(right.node, catalog(), ()) if one.fault == fault)


@pytest.mark.parametrize(
    ("text", "fault", "forms"),
    [
        ("活期存款超过5万的女客户", "value", {"word", "again", "number", "filler", "not_said", "whole"}),
        ("活期存款超过5万的女客户", "dropped", {"left_out", "joined", "whole"}),
        ("有房贷的女客户", "enum", {"word", "again", "filler", "not_said", "whole"}),
    ],
)
def test_a_fault_is_said_in_every_form_it_can_have(text: str, fault: Fault, forms: set[str]) -> None:
    found = dict(answers(*wrong(text, fault), CONTEXT))
    assert set(found) == forms
    right, _ = wrong(text, fault)
    for form, links in found.items():
        assert links != right.links()
        assert all(link.quote in right.text for link in links) == (form != "not_said")


def test_another_value_is_named_in_the_place_of_the_right_one() -> None:
    right, mutation = wrong("有房贷的女客户", "enum")
    links = dict(answers(right, mutation, CONTEXT))["word"]
    assert ("女客户", "男") in [(link.quote, link.means) for link in links]
