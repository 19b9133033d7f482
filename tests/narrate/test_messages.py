"""Both languages hold the same messages with the same placeholders; values are never read as templates."""

from __future__ import annotations

import re

import pytest

from assistant.catalog.model import LANGUAGES, Language
from assistant.narrate.grounding import claims
from assistant.narrate.messages import has_message, message, messages, placeholders, texts


def test_both_languages_hold_the_same_keys_in_the_same_order() -> None:
    assert list(messages("zh")) == list(messages("en"))


@pytest.mark.parametrize("key", messages("zh"))
def test_both_languages_use_the_same_placeholders(key: str) -> None:
    assert placeholders(messages("zh")[key]) == placeholders(messages("en")[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_and_issues_end_as_sentences(language: str) -> None:
    for key, text in messages("zh" if language == "zh" else "en").items():
        assert isinstance(text, str), key
        assert text.strip() or key.startswith("readback."), key
        if key.startswith("issue."):
            assert text[-1] in "。\uff1f.?}", key


def test_chinese_messages_use_chinese_marks() -> None:
    for key, text in messages("zh").items():
        assert not set(text) & set(",;?!():"), (key, text)


def test_values_are_not_templates() -> None:
    assert message("en", "issue.unread", {"words": "{count} {0.__class__}", "nothing_near": "", "leave_out": "", "can_say": ""}).startswith(
        "I could not read “{count} {0.__class__}”"
    )


def test_unknown_key_and_missing_value_are_our_fault() -> None:
    assert not has_message("issue.nonsense")
    with pytest.raises(KeyError):
        message("zh", "issue.nonsense")
    with pytest.raises(KeyError):
        message("zh", "issue.unread")


def test_parameters_become_text() -> None:
    assert texts("zh", {"nearest": ("甲", "乙"), "length": 10000, "words": "x"}) == {"nearest": "甲、乙", "length": "10,000", "words": "x"}
    assert texts("en", {"nearest": ("a", "b")}) == {"nearest": "a, b"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_a_number_or_a_direction_of_its_own(language: Language) -> None:
    """It would be refused whole at the grounding gate, and its question with it. Words that a writer puts on the sheet, and what a user is to say, are facts."""
    told = {key: text for key, text in messages(language).items() if key.startswith("narrative.")}
    own = {key: re.sub(r"\{[^}]*\}", " ", text) for key, text in told.items() if not key.startswith(("narrative.word_", "narrative.say_"))}
    assert {key: found for key, text in own.items() if (found := claims(text))} == {}
