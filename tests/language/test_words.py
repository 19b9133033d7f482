from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from assistant.language.text import normalise
from assistant.language.words import Phrases, grammars


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
    codes = {"CNY", "USD", "HKD", "EUR", "JPY", "GBP", "TWD", "KRW", "AUD", "CAD", "SGD", "CHF", "THB", "MOP", "RUB"}
    odd = {word for grammar in grammars().values() for word in words_of(grammar) if word not in codes and normalise(word).text != word}
    assert odd == set()


def test_the_longest_phrase_wins_and_words_are_not_cut() -> None:
    table = Phrases({"more than": 1, "more": 2, "以上": 3, "及以上": 4})
    assert table.match("more  than 5", 0) == (10, 1)
    assert table.match("moreover", 0) is None
    assert table.match("5及以上", 1) == (4, 4)
    assert table.match("以 上", 0) == (3, 3)
    assert list(table.scan("more 及以上")) == [(0, 4, 2), (5, 8, 4)]
