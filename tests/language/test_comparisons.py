from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.comparisons import read_comparisons, read_ranks
from assistant.language.text import normalise
from tests.language.spec import Row, describe, rows


@pytest.mark.parametrize("row", rows("numbers.zh") + rows("numbers.en"), ids=lambda row: row.text)
def test_numbers_spec(row: Row) -> None:
    words = normalise(row.text)
    found = sorted((*read_comparisons(words.text), *read_ranks(words.text)), key=lambda item: item.start)
    assert [describe(item) for item in found] == list(row.values)
    assert [words.span(item.start, item.end) for item in found] == list(row.spans)


def test_each_spec_is_long_enough() -> None:
    assert min(len(rows("numbers.zh")), len(rows("numbers.en"))) >= 120


def test_a_claimed_span_is_left_alone() -> None:
    text = "近30天大于5万"
    assert [describe(item) for item in read_comparisons(text, taken=[(0, 4)])] == ["> 50000"]


@given(
    st.text(
        alphabet="0123456789.,-~+%$¥<>=≥ 一二三五十百千万亿几多半成点零近约左右以上到和个次元天大于不超过前kmwab andtoover", max_size=40
    )
)
def test_any_text_is_read_without_fault_and_spans_are_in_order(text: str) -> None:
    words = normalise(text)
    for found in (read_comparisons(words.text), read_ranks(words.text)):
        places = [place for item in found for place in (item.start, item.end)]
        assert places == sorted(places)
        assert all(item.start < item.end <= len(words.text) for item in found)
