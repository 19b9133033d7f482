"""其中 after an answer that found several groups: which is asked, each option is the turn upon that group, and without groups nothing changes."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagCondition
from tests.interpret.reading import AS_OF, TODAY, catalog

WOMEN = TagCondition(tag="gender", operator="in", value=("F",))
MEN = TagCondition(tag="gender", operator="in", value=("M",))
MORTGAGE = TagCondition(tag="mort_flag", operator="=", value=True)


def read(words: str, found: tuple[AnyNode, ...] = (WOMEN, MEN), rule: AnyNode | None = None, **choices: int) -> Interpretation:
    upon = SegmentRule(node=AllOf() if rule is None else rule)
    return GrammarInterpreter().interpret(words, Context(catalog(), AS_OF, TODAY, rule=upon, found=found, choices=choices))


def spelt(*nodes: AnyNode) -> str:
    return text(canonical(AllOf(children=nodes) if len(nodes) > 1 else nodes[0]))


@pytest.mark.parametrize("words", ["只看其中有按揭的", "其中有按揭的", "only those of them with a mortgage"])
def test_each_group_and_everybody_are_options(words: str) -> None:
    (question,) = [one for one in read(words).questions if one.code == "ambiguous_found"]
    assert question.ask
    assert question.always
    assert [text(canonical(one.rule.node)) for one in question.readings] == [spelt(WOMEN, MORTGAGE), spelt(MEN, MORTGAGE), spelt(MORTGAGE)]


@pytest.mark.parametrize("words", ["他们是什么样的人", "what are they like"])
def test_who_they_are_is_asked_of_a_group(words: str) -> None:
    found = read(words)
    (question,) = [one for one in found.questions if one.code == "ambiguous_found"]
    assert [one.kind for one in found.requests] == ["persona"]
    assert [text(canonical(one.rule.node)) for one in question.readings] == [spelt(WOMEN), spelt(MEN), text(canonical(AllOf()))]


def test_a_choice_settles_it() -> None:
    (question,) = [one for one in read("只看其中有按揭的").questions if one.code == "ambiguous_found"]
    taken = read("只看其中有按揭的", **{question.key: 1})
    assert taken.rule is not None
    assert text(canonical(taken.rule.node)) == spelt(MEN, MORTGAGE)
    assert not any(one.ask for one in taken.questions)
    assert [one.code for one in taken.assumptions] == ["choice_kept"]


def test_a_choice_of_other_groups_does_not() -> None:
    (question,) = [one for one in read("只看其中有按揭的").questions if one.code == "ambiguous_found"]
    assert any(one.ask for one in read("只看其中有按揭的", found=(MEN,), **{question.key: 1}).questions)


@pytest.mark.parametrize("words", ["只看其中有按揭的", "只看有按揭的"])
def test_nothing_found_or_pointed_at_asks_nothing(words: str) -> None:
    found = read(words, found=() if "其中" in words else (WOMEN, MEN))
    assert found.rule is not None
    assert not found.questions
    assert text(canonical(found.rule.node)) == spelt(MORTGAGE)


@pytest.mark.parametrize(
    ("words", "group", "requests"),
    [
        ("第一个是哪些人", WOMEN, ["persona"]),
        ("第二个", MEN, []),
        ("那第二个呢", MEN, []),
        ("the first one", WOMEN, []),
        ("who are they, the second one", MEN, ["persona"]),
    ],
)
def test_a_group_named_by_its_place_is_that_one(words: str, group: AnyNode, requests: list[str]) -> None:
    found = read(words)
    assert found.rule is not None
    assert text(canonical(found.rule.node)) == spelt(group)
    assert ([one.kind for one in found.requests], found.questions, found.issues) == (requests, (), ())


@pytest.mark.parametrize("words", ["第三个是哪些人", "the third one"])
def test_a_place_beyond_the_groups_is_none(words: str) -> None:
    assert read(words).issues


def test_a_place_without_groups_is_none() -> None:
    assert read("第一个是哪些人", found=()).issues
