"""A time said in front of or behind any phrase of the catalog is taken, told of or asked about; it never just vanishes."""

from __future__ import annotations

import random

import pytest

from assistant.interpret.lexicon import lexicon
from assistant.rule.canonical import canonical_rule
from tests.interpret.reading import asked, catalog, read

FRAMES = ("上个月{}的客户", "{}上个月的客户", "近47天{}的客户", "周末{}的客户")


def _phrases(states: bool) -> list[str]:
    """Chinese phrases that mean a condition: those of what is held as it stands, or all the others."""
    kinds = ("action", "hold", "tag", "concept", "concept_not", "property_value", "value", "dated")

    def held(phrase: str) -> bool:
        found = [one for one in lexicon(catalog()).entries[phrase] if one.kind == "action"]
        return any(catalog().records[one.code].date_column is None for one in found)

    return sorted(
        phrase
        for phrase, meanings in lexicon(catalog()).entries.items()
        if not phrase.isascii() and any(one.kind in kinds for one in meanings) and held(phrase) == states
    )


STATES, OTHERS = _phrases(states=True), _phrases(states=False)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("phrases", [STATES, OTHERS], ids=["held", "others"])
def test_a_time_never_vanishes(frame: str, phrases: list[str]) -> None:
    for phrase in random.Random(frame).sample(phrases, 60):
        plain, timed = read(f"{phrase}的客户"), read(frame.format(phrase))
        if plain.rule is None or timed.rule is None or asked(frame.format(phrase)):
            continue
        told = {one.code for one in timed.assumptions} - {one.code for one in plain.assumptions}
        rules = [canonical_rule(one.rule.node, catalog().expand_all) for one in (plain, timed) if one.rule is not None]
        assert rules[0] != rules[1] or told, frame.format(phrase)


@pytest.mark.parametrize(
    "text", ["上个月持有R2理财的客户", "去年有重疾险的客户", "holding R2 wealth products last month", "持有R2理财上个月"]
)
def test_what_is_held_is_known_as_it_stands_only(text: str) -> None:
    assert asked(text) == ["unread"]


def test_held_lately_is_held_now_and_that_is_stated() -> None:
    found = read("最近持有R2理财的客户")
    assert asked("最近持有R2理财的客户") == []
    assert [one.code for one in found.assumptions] == ["recently_now"]


@pytest.mark.parametrize("text", ["近60天未首购的客户", "近90天未首购客户"])
def test_a_denial_said_of_all_time_takes_no_time(text: str) -> None:
    assert asked(text) == ["unread"]
