"""No number and no direction reaches a reader except as a Fact."""

from __future__ import annotations

import pytest

from assistant.facts import FactSheet
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, Ungrounded, claims, ground
from assistant.narrate.messages import LANGUAGES, messages, placeholders
from assistant.policy import Protection


def sheet() -> FactSheet:
    made = FactSheet(Protection(20))
    made.measured("count", 1234, "customers", "q")
    made.measured("small", 3, "customers", "q")
    made.given("name.zh.condition.0", "近30天登录次数多于3次 {count}", "name")
    return made


def test_placeholders_become_rendered_facts() -> None:
    grounded = ground(NarrativeDraft("共{count}，另有{small}。", "zh", "model"), sheet())
    assert grounded == GroundedNarrative("共1,234人，另有少于20人。", ("count", "small"), "model")


def test_a_name_is_shown_as_it_is_and_never_read_as_a_placeholder() -> None:
    grounded = ground(NarrativeDraft("条件是“{name.zh.condition.0}”。", "zh"), sheet())
    assert isinstance(grounded, GroundedNarrative)
    assert grounded.text == "条件是“近30天登录次数多于3次 {count}”。"


@pytest.mark.parametrize(
    "text",
    [
        "共1234人", "共１２３人", "共一千人", "占三成", "占五%", "约一半", "翻倍", "两类客户", "Ⅳ级", "③", "٣ customers", "higher than the rest", "Most of them",
        "twenty customers", "a third of them", "they grew", "资产高于其余客户", "余额下降", "占比更大", "人数最多", "多数是女性", "{ count }", "{count", "半数", "％",
        "up by a lot", "Double the rest", "HALF", "一半", "第一",
    ],
)  # fmt: skip
def test_a_claim_in_plain_words_is_refused(text: str) -> None:
    refused = ground(NarrativeDraft(text, "zh"), sheet())
    assert isinstance(refused, Ungrounded), text
    assert refused.words or refused.unknown


def test_a_fact_that_is_not_on_the_sheet_is_refused() -> None:
    assert ground(NarrativeDraft("共{base}。", "zh"), sheet()) == Ungrounded((), ("base",))


@pytest.mark.parametrize(
    "text", ["一起看看", "进一步细分", "they are one-off visitors", "someone", "break it by branch", "统一口径", "客户不多"]
)
def test_harmless_words_pass(text: str) -> None:
    assert claims(text) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_narrators_own_words_pass(language: str) -> None:
    texts = messages("zh" if language == "zh" else "en")
    for key, text in texts.items():
        if not key.startswith("narrative.") or key.startswith(("narrative.word_", "narrative.metric_")):
            continue
        for name in placeholders(text):
            text = text.replace(f"{{{name}}}", "")
        assert claims(text) == (), key
