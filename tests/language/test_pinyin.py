"""The table of sounds against the library it comes from, and what counts as sounding alike."""

from __future__ import annotations

import pytest
from pypinyin import Style, pinyin

from assistant.language.pinyin import blended, readings, sound_alike, sound_near, sounds


def characters() -> list[str]:
    """The 6,763 characters of GB 2312."""
    rows = range(0xB0, 0xF8)
    return [bytes([row, cell]).decode("gb2312") for row in rows for cell in range(0xA1, 0xFF) if (row, cell) < (0xD7, 0xFA) or row > 0xD7]


def test_every_character_sounds_as_the_library_says() -> None:
    listed = characters()
    assert len(listed) == 6763
    for character in listed:
        (said,) = pinyin(character, style=Style.NORMAL, heteronym=True)
        unique = list(dict.fromkeys(said))
        assert sounds(character)[0] == unique[0], character
        assert set(sounds(character)) == set(unique), character


def test_what_has_no_sound_stands_for_itself() -> None:
    assert [sounds(one) for one in ("A", "5", "，")] == [("A",), ("5",), ("，",)]


@pytest.mark.parametrize(("one", "other"), [("村", "存"), ("才", "财"), ("航", "行"), ("宽", "款")])
def test_homophones_sound_alike(one: str, other: str) -> None:
    assert sound_alike(one, other)


@pytest.mark.parametrize(("one", "other"), [("是", "四"), ("银", "赢"), ("蓝", "南")])
def test_accents_are_near_and_not_alike(one: str, other: str) -> None:
    assert sound_near(one, other)
    assert not sound_alike(one, other)


def test_what_is_often_confused_is_left_out_once() -> None:
    assert [blended(one) for one in ("zhuang", "shi", "lan", "e", "5")] == ["zuan", "si", "nan", "e", "5"]


def test_a_text_is_said_in_at_most_eight_ways_the_usual_first() -> None:
    said = list(readings("行行行行"))
    assert len(said) == 8
    assert said[0] == ("xin", "xin", "xin", "xin")
