"""Names beside bars: over lines that break no number and no Latin word."""

from __future__ import annotations

import pytest

from assistant.app.charts.bars import label_lines
from assistant.catalog.model import Language


@pytest.mark.parametrize(
    ("name", "language", "lines"),
    [
        ("AUM时点余额：低于1,000元", "zh", ["AUM时点余额：低于", "1,000元"]),
        ("1 AUM时点余额大于50万元", "zh", ["1 AUM时点余额大于", "50万元"]),
        ("按揭客户", "zh", ["按揭客户"]),
        ("Demand deposit balance: CNY 10,000 and over", "en", ["Demand deposit balance:", "CNY 10,000 and over"]),
    ],
)
def test_a_number_stays_whole(name: str, language: Language, lines: list[str]) -> None:
    assert label_lines(name, language) == lines


@pytest.mark.parametrize("name", ["一" * 100, "word " * 40])
def test_a_long_name_is_cut_and_says_so(name: str) -> None:
    lines = label_lines(name, "zh")
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert "".join(label_lines("一" * 100, "zh", most=None)) == "一" * 100
