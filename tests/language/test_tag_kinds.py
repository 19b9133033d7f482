"""The kind of tag that words speak of."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.language.phrases import LOCALES
from assistant.language.tag_kinds import TagKind, tag_kind, tag_kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("最近一次去网点的时间", "last"), ("第一次买基金的日期", "first"), ("最常用的转账渠道", "preference"), ("各专区浏览占比", "distribution"),
        ("一年内看过几次保险", "count"), ("有游艇", "other"), ("date of their last branch visit", "last"), ("Most used transfer channel", "preference"),
        ("how many times they called", "count"), ("customers who own a yacht", "other"), ("blast furnace owners", "other"),
    ],
)  # fmt: skip
def test_the_kind_is_what_the_words_say(text: str, kind: str) -> None:
    assert tag_kind(text) == kind


def test_both_languages_have_words_for_every_kind() -> None:
    for locale in LOCALES:
        said = {kind for kind, words in tag_kinds() if words.isascii() == (locale == "en")}
        assert said == set(get_args(TagKind)) - {"other"}
