from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.evaluate.readers import score_readers

ROWS = [
    {"kind": "number", "lang": "zh", "text": "存款三万五以上", "span": "三万五", "value": "35000"},
    {"kind": "percent", "lang": "zh", "text": "两成", "span": "两成", "value": "20%"},
    {"kind": "money", "lang": "zh", "text": "三五百块", "span": "三五百块", "value": ["300", "500"], "currency": "CNY"},
    {"kind": "range", "lang": "en", "text": "more than 5", "span": "more than 5", "interval": "(5,)"},
    {"kind": "range", "lang": "zh", "text": "5万以上", "span": "5万以上", "interval": "(50000,)"},
    {
        "kind": "period",
        "lang": "en",
        "text": "in June 2025",
        "span": "June 2025",
        "start": "2025-06-01",
        "end": "2025-06-29",
        "as_of": "2026-01-01",
    },
    {
        "kind": "period",
        "lang": "en",
        "text": "in June 2025",
        "span": "June 2025",
        "start": "2025-01-01",
        "end": "2025-06-29",
        "as_of": "2026-01-01",
    },
]


def test_agreement_is_counted_by_kind_and_language(tmp_path: Path) -> None:
    file = tmp_path / "phrases.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    report = score_readers(file)
    counted = {(item.kind, item.language): (item.agreed, item.convention, item.total) for item in report.agreements}
    assert counted == {
        ("money", "zh"): (1, 0, 1),
        ("number", "zh"): (1, 0, 1),
        ("percent", "zh"): (1, 0, 1),
        ("period", "en"): (0, 1, 2),
        ("range", "en"): (1, 0, 1),
        ("range", "zh"): (0, 1, 1),
    }
    assert [(item.text, item.convention) for item in report.disagreements] == [
        ("in June 2025", True),
        ("in June 2025", False),
        ("5万以上", True),
    ]
    assert {item.kind: item.rate for item in report.agreements}["period"] == 0.5


def test_a_foreign_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "phrases.jsonl"
    file.write_text('{"kind": "colour"}', encoding="utf-8")
    with pytest.raises(ValueError, match="known kind"):
        score_readers(file)
