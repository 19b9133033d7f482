from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.text import detect, normalise


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("５Ｗ", "5w"),
        ("AUM ＞＝ ５万", "aum >= 5万"),
        ("行動銀行活躍客戶", "行动银行活跃客户"),
        ("簡訊", "简讯"),
        ("5\u200b0", "50"),
        ("5\t万\n", "5 万 "),
        ("5—20万", "5-20万"),
        ("5～20万", "5~20万"),
        ("≧5", "≥5"),
        ("10²", "10²"),
        ("①", "①"),
        ("5½", "5½"),
        ("ﬁx", "fix"),
        ("", ""),
    ],
)
def test_folding(original: str, text: str) -> None:
    assert normalise(original).text == text


def test_spans_lead_back_to_the_original() -> None:
    words = normalise("ﬁ\u200b５Ｗ萬")
    start = words.text.index("5")
    assert words.original[slice(*words.span(start, start + 2))] == "５Ｗ"
    assert words.span(0, 2) == (0, 1)
    assert words.span(1, 1) == (0, 0)
    assert words.span(len(words.text), len(words.text)) == (5, 5)


@pytest.mark.parametrize(
    ("original", "language"),
    [
        ("手机银行活跃客户中,活期存款大于5W", "zh"),
        ("active app users with >50k demand deposits", "en"),
        ("AUM大于5W的VIP客户", "zh"),
        ("App推送", "zh"),
        ("show customers in 上海分行", "en"),
        ("AUM > 50k", "en"),
        ("123", "zh"),
        ("", "zh"),
    ],
)
def test_detect(original: str, language: str) -> None:
    assert detect(original) == language


@given(st.text(max_size=60))
def test_any_text_folds_with_ordered_offsets(original: str) -> None:
    words = normalise(original)
    assert len(words.text) == len(words.starts) == len(words.ends)
    assert list(words.starts) == sorted(words.starts)
    assert all(start < end <= len(original) for start, end in zip(words.starts, words.ends, strict=True))
    assert normalise(words.text).text.replace(" ", "") == "".join(normalise(c).text for c in words.text).replace(" ", "")


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("who havent logged in", "who haven't logged in"),
        ("who haven’t logged in", "who haven't logged in"),
        ("ppl w/o a card, w/ AUM 5w/month", "people without a card, with aum 5w/month"),
        ("客户w/o信用卡 pls", "客户without信用卡 please"),
        ("没buy过基金 who buy funds", "没买过基金 who buy funds"),
        ("in the last mth, 5wks", "in the last month, 5wks"),
        ("dontknow haventa can't t-dont", "dontknow haventa can't t-dont"),
    ],
)
def test_words_typed_short_are_spelt_out_whole(original: str, text: str) -> None:
    assert normalise(original).text == text


def test_what_is_spelt_out_leads_back_to_what_was_typed() -> None:
    words = normalise("ppl w/o cards")
    start = words.text.index("without")
    assert words.original[slice(*words.span(start, start + len("without")))] == "w/o"
