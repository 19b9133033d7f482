"""A narrative in a model's words: no fact is sent, what the gate refuses stands as it was, and a model that fails changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Event

import pytest

from assistant.catalog.model import LANGUAGES, Language
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.prompts import load_prompts
from assistant.narrate.grounding import GroundedNarrative
from assistant.narrate.phrasing import ModelPhraser
from tests.narrate.test_grounding import narrative

SAID: dict[Language, list[str]] = {
    "zh": [
        "存续客户有[1]，符合条件的是[2]。",
        "当时是[1]，现在是[2]，也就是[3][4]。",
        "特征是「[1]」：本客群里占到[2]，其余客户占[3]。",
        "这也许只是等级带来的。",
    ],
    "en": [
        "[1] fit, from a base of [2].",
        "We had [1] then; now we have [2], which is [3] [4].",
        "Their mark is [1]: [2] of this segment have it, [3] of all the others.",
        "Perhaps it only comes with their tier.",
    ],
}


@dataclass
class FakeChat:
    """A chat that answers every prompt alike, and keeps what it was asked."""

    outcome: Reply | Failure
    asked: list[Prompt] = field(default_factory=list)

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        self.asked.append(prompt)
        return self.outcome


def says(sentences: object) -> FakeChat:
    data = {"sentences": sentences}
    return FakeChat(Reply(json.dumps(data, ensure_ascii=False), data))


def phrased(chat: FakeChat, language: Language) -> GroundedNarrative:
    return ModelPhraser(chat, load_prompts()["narrate"]).phrased(narrative(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_gate_takes_is_told_in_the_models_words_with_the_same_facts(language: Language) -> None:
    told = narrative(language)
    found = phrased(says(SAID[language]), language)
    assert found.by == "model"
    assert found.facts == told.facts
    assert all(new.text != old.text for new, old in zip(found.claims, told.claims, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_and_no_name_is_sent(language: Language) -> None:
    chat = says(SAID[language])
    phrased(chat, language)
    (prompt,) = chat.asked
    told = narrative(language)
    sentences = prompt.user.split("<sentences>")[1]
    assert not [written for claim in told.claims for written in claim.written if written in sentences]
    assert "[1]" in sentences


def test_a_sentence_the_gate_refuses_stands_as_it_was() -> None:
    told = narrative("zh")
    found = phrased(says([*SAID["zh"][:1], "当时是[1]，现在是[2]，少了[4]。", *SAID["zh"][2:]]), "zh")
    assert found.by == "model"
    assert found.claims[1] == told.claims[1]
    assert found.claims[0].text != told.claims[0].text


@pytest.mark.parametrize(
    "said",
    [
        None,
        "一句话",
        [],
        [1, 2, 3, 4],
        SAID["zh"][:-1],
        [*SAID["zh"], "另有说明。"],
        ["[9]", "[1]", "999", ""],
        ["本客群是[1]的三倍。", "涨了[1]", "[3][2][1]", "买理财吧。"],
    ],
)
def test_whatever_else_is_said_the_template_stands(said: object) -> None:
    assert phrased(says(said), "zh") == narrative("zh")


def test_a_model_that_does_not_answer_changes_nothing() -> None:
    assert phrased(FakeChat(Failure("timeout")), "zh") == narrative("zh")
