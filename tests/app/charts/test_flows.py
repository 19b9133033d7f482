"""Bands are Facts that may be shown; places stand once on each side; words are escaped."""

from __future__ import annotations

from assistant.app.charts.flows import Flow, flows
from assistant.app.charts.migration import MOST_FLOWS
from assistant.app.charts.pictures import pictures
from assistant.facts import FactSheet
from assistant.insight.migration import Migration
from assistant.insight.requested import those
from assistant.pipeline import Assistant
from assistant.policy import Protection


def test_a_band_for_each_move_that_may_be_shown() -> None:
    sheet = FactSheet(Protection(20))
    many, some, few = (sheet.measured(name, n, "customers", "q") for name, n in (("many", 136), ("some", 60), ("few", 3)))
    drawn = flows([Flow("普通", "<b>金卡</b>", many, "升"), Flow("普通", "白金", few, "升"), Flow("金卡", "白金", some, "升")], "zh")
    assert drawn is not None
    (sankey,) = drawn.data
    assert list(sankey.link.value) == [136, 60]
    assert list(sankey.node.label) == ["普通", "金卡", "&lt;b&gt;金卡&lt;/b&gt;", "白金"]
    assert list(zip(sankey.link.source, sankey.link.target, strict=True)) == [(0, 2), (1, 3)]
    assert "136" in sankey.link.customdata[0]


def test_nothing_that_may_be_shown_is_no_picture() -> None:
    few = FactSheet(Protection(20)).measured("few", 3, "customers", "q")
    assert flows([Flow("普通", "金卡", few, "升")], "zh") is None
    assert flows([], "en") is None


def test_the_moves_of_a_migration_flow(assistant: Assistant) -> None:
    answer, _ = assistant.ask("客户等级从上月末到现在的迁移")
    (found,) = those(answer.insights, Migration)
    moved = sorted((move.n for move in found.moves if move.start != move.end), reverse=True)[:MOST_FLOWS]
    drawn = pictures(answer, "en")[1].figure
    assert sorted(drawn.data[0].link.value, reverse=True) == moved
