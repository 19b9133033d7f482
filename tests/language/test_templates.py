"""Patterns of sentences, folded as requests are."""

import pytest

from assistant.language.templates import fold, templates
from assistant.narrate.messages import message, placeholders
from assistant.narrate.messages import messages as written


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_pattern_of_a_read_back_keeps_its_places(locale: str) -> None:
    language = "zh" if locale == "zh" else "en"
    found = templates(language)
    assert {key.split(".")[0] for key in found} == {"readback", "window", "unit"}
    for key, template in found.items():
        assert {piece for kind, piece in template.pieces if kind == "place"} == placeholders(written(language)[key])


def test_a_filled_pattern_is_the_folded_message() -> None:
    params = {"value": "Ａ类（含）"}
    assert templates("zh")["readback.with_subtree"].filled({"value": fold(params["value"])}) == fold(
        message("zh", "readback.with_subtree", params)
    )


def test_the_text_of_a_pattern_without_places() -> None:
    assert templates("zh")["readback.all_join"].text == ",且"
    assert templates("zh")["window.day"].text == "天"


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        templates("zh")["window.rolling"].filled({})
