"""What a reader of JSON or of the page sees of a persona's numbers: the median here and there, said where the trait is named."""

from __future__ import annotations

import pytest

from assistant.app.insights import table
from assistant.app.view import as_json
from assistant.catalog.model import Language
from assistant.insight.persona import Persona
from assistant.insight.requested import those
from assistant.narrate.messages import message
from assistant.pipeline import Assistant


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_median_of_a_number_stands_beside_that_of_the_others(assistant: Assistant, language: Language) -> None:
    answer, _ = assistant.ask("近30天登录过手机银行的客户有什么特点")
    (found,) = those(answer.insights, Persona)
    assert found.spans
    assert {one.tag for one in found.spans} == {trait.tag for trait in found.traits if answer.catalog.tags[trait.tag].numeric}
    (grid,) = table.grids(answer, language)
    assert grid.header[-1] == message(language, "page.medians")
    for trait, row in zip(found.traits, grid.rows, strict=True):
        assert bool(row[-1]) == answer.catalog.tags[trait.tag].numeric


def test_the_wire_has_all_three_of_both_sides(assistant: Assistant) -> None:
    answer, _ = assistant.ask("近30天登录过手机银行的客户有什么特点")
    persona = as_json(answer)["persona"]
    assert isinstance(persona, dict)
    for one in persona["quartiles"]:
        assert list(one) == ["tag", "low", "middle", "high", "rest.low", "rest.middle", "rest.high"]


def test_the_sentence_of_a_number_says_its_median(assistant: Assistant) -> None:
    answer, _ = assistant.ask("50岁以上的客户有什么特点")
    (found,) = those(answer.insights, Persona)
    named = [trait.tag for trait in found.traits[:2]]
    told = [one for one in found.spans if one.tag in named and one.own.middle != one.rest.middle]
    assert told
    for one in told:
        assert f"{answer.catalog.tags[one.tag].name.zh}的中位数" in answer.narrative["zh"].text
        assert f"The median {answer.catalog.tags[one.tag].name.en}" in answer.narrative["en"].text


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "白金客户和年龄、AUM相近的客户比有什么特点"), ("en", "platinum customers against those of the same age and AUM")],
)
def test_of_a_matched_baseline_those_are_told_who_are_compared(assistant: Assistant, language: Language, text: str) -> None:
    answer, _ = assistant.ask(text)
    (found,) = those(answer.insights, Persona)
    assert answer.facts is not None
    assert found.baseline.kind == "matched"
    assert 0 < found.alike < found.rest
    told = answer.narrative[language].facts
    assert "persona.alike" in told
    assert "persona.rest" not in told
