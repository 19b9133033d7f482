from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.evaluate.conventions import CONVENTIONS as RULES
from assistant.evaluate.readers import ReaderReport, score_readers

Row = Mapping[str, object]


def number(text: str, value: object, span: str | None = None, language: str = "zh", kind: str = "number") -> Row:
    return {"kind": kind, "lang": language, "text": text, "span": span or text, "value": value}


def interval(text: str, expected: str, language: str = "zh") -> Row:
    return {"kind": "range", "lang": language, "text": text, "span": text, "interval": expected}


def period(text: str, start: str, end: str, span: str | None = None, language: str = "zh", as_of: str = "2026-01-01") -> Row:
    return {"kind": "period", "lang": language, "text": text, "span": span or text, "start": start, "end": end, "as_of": as_of}


def scored(tmp_path: Path, rows: Sequence[Row]) -> ReaderReport:
    file = tmp_path / "phrases.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return score_readers(file)


def test_agreement_is_counted_by_kind_and_language(tmp_path: Path) -> None:
    report = scored(
        tmp_path,
        [
            number("存款三万五以上", "35000", "三万五"),
            number("两成", "20%", kind="percent"),
            number("这个百分比", None, kind="percent"),
            number("三五百块", ["300", "500"], kind="money"),
            interval("more than 5", "(5,)", "en"),
            interval("5万以上", "(50000,)"),
            interval("5万以上", "(60000,)"),
            period("in June 2025", "2025-06-01", "2025-06-30", "June 2025", "en"),
            period("in June 2025", "2025-06-01", "2025-06-29", "June 2025", "en"),
            period("from 3 June 2025 to 9 June 2025", "2025-06-03", "2025-06-08", language="en"),
            period("some time in June 2025", "2025-06-01", "2025-06-10", language="en"),
        ],
    )
    counted = {(one.kind, one.language): (one.agreed, one.set_aside, one.asked, one.misread) for one in report.agreements}
    assert counted == {
        ("money", "zh"): (1, 0, 0, 0),
        ("number", "zh"): (1, 0, 0, 0),
        ("percent", "zh"): (2, 0, 0, 0),
        ("period", "en"): (1, 1, 1, 1),
        ("range", "en"): (1, 0, 0, 0),
        ("range", "zh"): (0, 1, 0, 1),
    }
    assert report.conventions == {("bounds_included", "range", "zh"): 1, ("end_included", "period", "en"): 1}
    rates = {(one.kind, one.language): (one.raw, one.rate) for one in report.agreements}
    assert rates["period", "en"] == (0.25, pytest.approx(1 / 3))


CONVENTIONS = [
    ("number_in_date", number("２０２５年３月", "2025", "2025")),
    ("power", number("10^4", "10000")),
    ("letter_of_a_name", number("3G", "3000000000")),
    ("group_counter", number("三打", "36")),
    ("leading_unit", number("千二", "1200")),
    ("scale_of_two_values", number("三兆", "3000000000000")),
    ("no_exact_number", number("a couple of", "2", language="en")),
    ("fraction_or_date", number("5/6", "0.8333333333333", language="en")),
    ("over_is_more_than", number("2 over 5", "0.4", language="en")),
    ("dash_is_range", number("thirty - one", "31", language="en")),
    ("comma_is_list", number("2,5", "2.5", language="en")),
    ("fraction_of_many_words", number("two hundred forty fifths", "4.4444444444", language="en")),
    ("several_from_two", number("数百万元", ["1000000", "10000000"], kind="money")),
    ("whole_unit_shared", number("三到五百亿元", ["300000000", "50000000000"], kind="money")),
    ("cents_rounded", number("3.456元", "3.46", kind="money")),
    ("cents_unsaid", number("20 dollars and 30", "20.30", language="en", kind="money")),
    ("bounds_included", interval("5到9", "[5,9)")),
    ("vague_has_an_end", interval("三千多", "(3000,)")),
    ("ordinal", interval("between the third and the ninth", "[3,9)", "en")),
    ("end_included", period("2024年到2025年", "2024-01-01", "2024-12-31")),
    ("ends_on_as_of", period("next 3 days", "2026-01-02", "2026-01-04", language="en")),
    ("after_excludes", period("2023年之后2025年之前", "2023-01-01", "2024-12-31")),
    ("bound_outside", period("08年以后", "2008-01-01", "2008-12-31", "08年")),
    ("point_in_time", period("五年前", "2021-01-01", "2021-12-31")),
    ("before_any_data", period("1850年5月", "1850-05-01", "1850-05-31")),
    ("era", period("民国十年", "1921-01-01", "1921-12-31")),
    ("century", period("21st century", "2000-01-01", "2099-12-31", language="en")),
    ("calendar_decades", period("the past 3 decades", "1990-01-01", "2019-12-31", language="en")),
    ("lunar_day", period("正月初五", "2026-02-21", "2026-02-21")),
    ("thirds_of_month", period("2025年3月底", "2025-03-25", "2025-03-31")),
    ("vague_part", period("明年初", "2027-01-01", "2027-02-28")),
    ("kind_of_day", period("the weekend", "2026-01-03", "2026-01-04", language="en")),
    ("end_of_unit_is_a_day", period("上季末", "2025-12-01", "2025-12-31")),
    ("week_numbers", period("2026年第8周", "2026-02-23", "2026-03-01")),
    ("year_or_count", period("23年", "2023-01-01", "2023-12-31")),
    ("decimal_or_month", period("2024.5", "2024-05-01", "2024-05-31")),
    ("slash_without_year", period("4/5", "2025-04-05", "2025-04-05", language="en")),
    ("day_or_month_first", period("3/4/2025", "2025-04-03", "2025-04-03", language="en")),
    ("count_or_day", period("between 5 and 9 last month", "2025-12-05", "2025-12-09", language="en")),
]


@pytest.mark.parametrize(("code", "row"), CONVENTIONS, ids=[code for code, _ in CONVENTIONS])
def test_a_convention_sets_its_own_difference_aside(code: str, row: Row, tmp_path: Path) -> None:
    (miss,) = scored(tmp_path, [row]).disagreements
    assert (miss.outcome, miss.convention) == ("set_aside", code)


MISTAKES = [
    number("3万", "4万"),
    number("三千五", "3005"),
    number("3元5角", "3.05", kind="money"),
    number("20 dollars and 30", "45", language="en", kind="money"),
    number("3.456元", "3.5", kind="money"),
    interval("5到9", "[5,8)"),
    interval("三千多", "(4000,)"),
    period("2024年到2025年", "2024-01-01", "2025-06-30"),
    period("June 2025", "2025-06-01", "2025-06-29", language="en"),
    period("next 3 days", "2026-01-03", "2026-01-05", language="en"),
    period("2025年3月底", "2025-02-01", "2025-02-28"),
    period("2026年第8周", "2026-03-02", "2026-03-08"),
]


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: f"{row['text']}-{row.get('value', row.get('interval', row.get('end')))}")
def test_a_mistake_is_not_set_aside(row: Row, tmp_path: Path) -> None:
    (miss,) = scored(tmp_path, [row]).disagreements
    assert miss.outcome in ("asked", "misread")


def test_every_convention_is_tested() -> None:

    assert [code for code, _ in CONVENTIONS] == [rule.code for rule in RULES]


def test_a_foreign_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "phrases.jsonl"
    file.write_text('{"kind": "colour"}', encoding="utf-8")
    with pytest.raises(ValueError, match="known kind"):
        score_readers(file)
