"""Forms of verbs and determiners inside phrases."""

from __future__ import annotations

from assistant.language.verbs import determined, inflected, undetermined, verbs


def test_a_phrase_takes_every_form_of_its_verb() -> None:
    assert set(inflected("bought funds")) == {"buy funds", "buys funds", "bought funds", "buying funds"}


def test_a_phrase_without_a_listed_verb_stays() -> None:
    assert list(inflected("wealth products matured")) == ["wealth products matured"]


def test_a_determiner_goes_only_between_two_words() -> None:
    assert undetermined("opened a time deposit") == "opened time deposit"
    assert undetermined("bought any of their funds") == "bought funds"
    assert undetermined("the funds") == "the funds"
    assert undetermined("bought another fund") == "bought another fund"


def test_where_determiners_stand() -> None:
    text = "sold any fund"
    assert [text[start:end] for start, end in determined(text)] == ["any "]


def test_no_form_belongs_to_two_verbs() -> None:
    forms = verbs().forms
    assert all(forms[form] == found for found in forms.values() for form in found)
