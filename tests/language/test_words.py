from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.language.comparisons import read_comparisons, read_ranks
from assistant.language.text import normalise
from assistant.language.times import read_windows
from assistant.language.words import Phrases, grammars
from assistant.rule.window import resolve


def words_of(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from words_of(getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from words_of(item)
    elif isinstance(value, tuple):
        yield from (str(item) for item in value)


def test_both_locales_are_there() -> None:
    assert set(grammars()) == {"en", "zh"}


def test_every_word_is_written_as_the_folded_text_is() -> None:
    codes = {"CNY", "USD", "HKD", "EUR", "JPY", "GBP", "TWD", "KRW", "AUD", "CAD", "SGD", "CHF", "THB", "MOP", "RUB", "INR"}
    odd = {word for grammar in grammars().values() for word in words_of(grammar) if word not in codes and normalise(word).text != word}
    assert odd == set()


def test_the_longest_phrase_wins_and_words_are_not_cut() -> None:
    table = Phrases({"more than": 1, "more": 2, "以上": 3, "及以上": 4})
    assert table.match("more  than 5", 0) == (10, 1)
    assert table.match("moreover", 0) is None
    assert table.match("5及以上", 1) == (4, 4)
    assert table.match("以 上", 0) == (3, 3)
    assert table.match("及 以 上", 0) == (5, 4)
    assert list(table.matches("more than", 0)) == [(9, 1), (4, 2)]
    assert list(table.scan("more 及以上")) == [(0, 4, 2), (5, 8, 4)]


def test_where_a_phrase_may_begin_is_seen_from_two_characters() -> None:
    table = Phrases({"more than": 1, "以上": 2, "k": 3, "at 5": 4})
    texts = ["more than", "mare", "以上", "以 上", "以下", "k", "kn", "at  5", "a t", "nk"]
    assert [table.may_begin(text, text.find("k") if text == "nk" else 0) for text in texts] == [
        True, False, True, True, False, True, True, True, False, False,
    ]  # fmt: skip
    assert all(table.may_begin(text, 0) for text in texts if table.match(text, 0) is not None)


WORDS = sorted(
    {word for grammar in grammars().values() for word in words_of(grammar)} | {"5", "30", "1.5", "20252025", "三", "5万", "-", "2月29日"}
)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), st.sampled_from(["", " "]))
def test_any_run_of_words_is_read_without_fault(parts: list[str], between: str) -> None:
    text = normalise(between.join(parts)).text
    read_comparisons(text)
    read_ranks(text)
    for span in read_windows(text, date(2026, 9, 24), date(2026, 9, 25)):
        for window in (span.window, span.future_window, span.yearly_window):
            if window is not None:
                resolve(window, date(2026, 9, 24), date(2026, 9, 25), "future")
