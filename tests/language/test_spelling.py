"""Misspelt words and the known ones they are near to; words that are near to nothing."""

from __future__ import annotations

import pytest

from assistant.language.spelling import Spelling

KNOWN = (
    "活期存款", "定期存款", "理财", "贷款", "信用卡", "房贷", "白金卡", "手机银行活跃", "手机银行不活跃", "近3月月均代发额", "app推送",
    "mortgage", "credit card", "demand deposit", "payroll",
)  # fmt: skip
SPELLING = Spelling(KNOWN, frozenset("不未没"))


def first(fragment: str) -> str | None:
    found = SPELLING.near(fragment)
    return found[0].word if found else None


@pytest.mark.parametrize(
    ("fragment", "word"),
    [
        ("活期村款", "活期存款"), ("理才", "理财"), ("里才", "理财"), ("贷宽", "贷款"), ("信用咔", "信用卡"), ("信用片", "信用卡"), ("活存款", "活期存款"),
        ("活期期存款", "活期存款"), ("活存期款", "活期存款"), ("财理", "理财"), ("白晶卡", "白金卡"), ("近3月月均待发额", "近3月月均代发额"), ("app推宋", "app推送"),
    ],
)  # fmt: skip
def test_a_character_wrong_missing_twice_or_swapped_is_near(fragment: str, word: str) -> None:
    assert first(fragment) == word


@pytest.mark.parametrize(
    "fragment",
    ["理贝", "游艇", "对公存款", "近6月月均代发额", "大信用卡", "住三楼", "款", "", "手机银行未活跃", "对公理财"],
)
def test_what_drops_changes_a_number_or_turns_a_meaning_round_is_not_near(fragment: str) -> None:
    """Half of two characters, another number, words left out: none of it is a misspelling."""
    assert first(fragment) is None


def test_a_denied_word_is_near_only_to_a_denied_one() -> None:
    assert first("手机银行不活月") == "手机银行不活跃"
    assert first("手机银杏活跃") == "手机银行活跃"


def test_a_word_itself_is_not_near_itself() -> None:
    assert "活期存款" not in {one.word for one in SPELLING.near("活期存款")}


def test_a_homophone_is_nearer_than_another_character() -> None:
    alike, other = SPELLING.near("信用咔")[0], SPELLING.near("信用片")[0]
    assert alike.word == other.word
    assert alike.cost < other.cost
    assert alike.sounds
    assert not other.sounds


@pytest.mark.parametrize(
    ("written", "word"),
    [("mortage", "mortgage"), ("crad", "card"), ("depositt", "deposit"), ("payrol", "payroll"), ("huoqicunkuan", "活期存款")],
)
def test_english_words_are_near_by_letters_and_pinyin_by_sound(written: str, word: str) -> None:
    assert SPELLING.near_latin(written)[0].word == word


@pytest.mark.parametrize("written", ["yacht", "own", "car", "mortician", "card"])
def test_other_english_words_are_near_to_nothing(written: str) -> None:
    assert SPELLING.near_latin(written) == ()


def test_the_order_never_depends_on_the_order_of_the_words() -> None:
    turned = Spelling(tuple(reversed(KNOWN)), frozenset("不未没"))
    for fragment in ("活期村款", "信用咔", "活存款"):
        assert turned.near(fragment) == SPELLING.near(fragment)
    assert turned.near_latin("depsit") == SPELLING.near_latin("depsit")


@pytest.mark.parametrize(
    ("written", "word"), [("demand depozit", "demand deposit"), ("credit cawd", "credit card"), ("xredit card", "credit card")]
)
def test_a_phrase_is_near_whatever_letter_is_wrong(written: str, word: str) -> None:
    assert [one.word for one in SPELLING.near_phrase(written)] == [word]


@pytest.mark.parametrize("written", ["credit card", "credit", "debit curd", "own a yacht"])
def test_a_phrase_two_slips_away_is_another(written: str) -> None:
    assert SPELLING.near_phrase(written) == ()
