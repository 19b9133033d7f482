"""Names beside bars: over lines that break no number and no Latin word; figures are to be read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.app.charts.bars import bars, compared, label_lines
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.policy import Protection


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


def test_figures_stand_behind_their_whiskers() -> None:
    """A whisker through its own figure strikes it out."""
    sheet = FactSheet(Protection(0))
    share, rest, low, high = (
        sheet.measured(name, Decimal(value), "share", "q", group=100)
        for name, value in (("a", "0.5"), ("b", "0.2"), ("c", "0.25"), ("d", "0.4"))
    )
    drawn = compared(
        bars(["x"], [[share], [rest]], [["#111111"], ["#222222"]], ["segment_share", "rest_share"], "zh"), [rest], [low], [high]
    )
    (written,) = drawn.layout.annotations
    assert written.x == float(drawn.data[0].x[0]) + drawn.data[0].error_x.array[0]
    assert drawn.data[0].text is None
