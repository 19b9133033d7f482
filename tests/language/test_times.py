from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.text import normalise
from assistant.language.times import TimeSpan, read_windows
from assistant.rule.window import Calendar, Rolling, TimeWindow, Yearly, resolve
from tests.language.spec import Row, marks, rows

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
HOLIDAYS = {
    "国庆": ((date(2025, 10, 1), date(2025, 10, 8)), (date(2026, 10, 1), date(2026, 10, 7))),
    "春节": ((date(2025, 1, 28), date(2025, 2, 4)), (date(2026, 2, 15), date(2026, 2, 23))),
}


def days(window: TimeWindow, future: bool = False) -> str:
    span = resolve(window, AS_OF, TODAY, "future" if future else "past")
    return f"{window.kind} {span.start or ''}..{span.end or ''}"


def describe(span: TimeSpan) -> str:
    match span.kind:
        case "snapshot":
            assert span.snapshot is not None
            value = f"snapshot {span.snapshot.unit} {span.snapshot.offset}"
        case "compare":
            value = f"compare {span.unit or 'period'}"
        case "per_unit":
            value = f"per_unit {span.unit}"
        case "day_kind":
            value = f"day_kind {span.day_kind}"
        case _:
            ahead = span.future_window if span.window is None else span.window
            value = ("ahead " + days(ahead, True) if span.future else days(ahead)) if ahead is not None else "none"
            if span.future_window is not None and not span.future:
                value += " / " + days(span.future_window, True)
            value = f"each_of {value}" if span.kind == "each_of" else value
    return value + (" !not" if span.negatable else "") + marks(span.assumption, span.doubt)


@pytest.mark.parametrize("row", rows("times.zh") + rows("times.en"), ids=lambda row: row.text)
def test_times_spec(row: Row) -> None:
    words = normalise(row.text)
    found = read_windows(words.text, AS_OF, TODAY, HOLIDAYS)
    assert [describe(span) for span in found] == list(row.values)
    assert [words.span(span.start, span.end) for span in found] == list(row.spans)


def test_each_spec_is_long_enough() -> None:
    assert min(len(rows("times.zh")), len(rows("times.en"))) >= 90


def test_windows_stay_relative_where_the_words_are() -> None:
    assert read_windows("近3个月", AS_OF, TODAY)[0].window == Rolling(unit="month", n=3)
    assert read_windows("last 2 weeks", AS_OF, TODAY)[0].window == Rolling(unit="week", n=2)
    assert read_windows("上个月", AS_OF, TODAY)[0].window == Calendar(unit="month", first=-1, last=-1)


def test_a_month_without_a_year_comes_back_every_year() -> None:
    assert read_windows("9月", AS_OF, TODAY)[0].yearly_window == Yearly(start_month=9, start_day=1, end_month=9, end_day=30)
    assert read_windows("2025年9月", AS_OF, TODAY)[0].yearly_window is None


def test_a_claimed_span_is_left_alone() -> None:
    assert read_windows("近三月日均", AS_OF, TODAY, taken=[(0, 5)]) == ()


@given(
    st.text(
        alphabet="0123456789-/.年月日近过去最天内前后上下个本周季度半末底 到至起以来未连续last past monthsdayfin septmbrQ4", max_size=40
    ),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
def test_any_text_is_read_without_fault_and_spans_are_in_order(text: str, today: date) -> None:
    words = normalise(text)
    found = read_windows(words.text, today - timedelta(days=1), today, HOLIDAYS)
    places = [place for span in found for place in (span.start, span.end)]
    assert places == sorted(places)
    assert all(span.start < span.end <= len(words.text) for span in found)
