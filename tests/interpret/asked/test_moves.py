"""A migration is read with its tag and its time; words that say something else are left unread."""

from __future__ import annotations

import pytest

from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Request
from tests.interpret.reading import AS_OF, TODAY, asked, both, catalog, read, spells


@pytest.mark.parametrize(
    ("text", "tag", "since"),
    [
        ("女性客户从上月末到现在客户等级的迁移矩阵", "cust_tier", "2026-08-31"),
        ("十六宫格比上月末的迁移", "grid16_cell", "2026-08-31"),
        ("和去年同期比生命周期流转情况", "lifecycle_stage", "last_year"),
        ("tier migration since June of platinum tier customers", "cust_tier", "2026-05-31"),
        ("lifecycle transitions compared with the last quarter end", "lifecycle_stage", "2026-06-30"),
        ("上海分行客户等级迁移", "cust_tier", "last month"),
        ("上月末到现在各生命周期阶段怎么迁移的", "lifecycle_stage", "2026-08-31"),
        ("how did customers move between lifecycle stages since last month", "lifecycle_stage", "last month"),
        ("how have customers moved between customer tiers since the last quarter end", "cust_tier", "2026-06-30"),
    ],
)
def test_a_migration(text: str, tag: str, since: str) -> None:
    assert [(request.kind, request.code, request.detail) for request in read(text).requests] == [("migration", tag, since)]
    assert asked(text) == []


def test_the_month_end_taken_is_said() -> None:
    assert [assumption.code for assumption in read("客户等级迁移矩阵").assumptions] == ["since_month_end"]


@pytest.mark.parametrize("text", ["从6月末到8月末客户等级迁移", "客户等级转移过的客户", "客户等级为白金的迁移", "客户等级和性别迁移"])
def test_what_is_no_migration_to_now_is_asked_about(text: str) -> None:
    assert asked(text)


@pytest.mark.parametrize(
    "text", ["上个月客户等级的迁移", "去年客户等级怎么迁移", "上季度生命周期的迁移", "customer tier migration last month"]
)
def test_moves_within_a_month_that_is_over_are_not_those_since(text: str) -> None:
    assert asked(text) == ["migration_within"]


@pytest.mark.parametrize("text", ["客户等级从8月底到现在的迁移", "migration of customer tier since the end of August"])
def test_since_the_end_of_a_month_is_since_its_last_day(text: str) -> None:
    assert [(request.kind, request.detail) for request in read(text).requests] == [("migration", "2026-08-31")]


@pytest.mark.parametrize("text", ["从哪个格子掉下来的最多", "哪个格子下降最多", "which cells fell"])
def test_moves_between_cells_are_those_of_the_grid(text: str) -> None:
    assert [(one.kind, one.code, one.detail) for one in read(text).requests] == [("migration", "grid16_cell", "last month")]
    assert asked(text) == []


@pytest.mark.parametrize(
    "text", ["和上月相比怎么迁移的", "how did customers migrate since last quarter", "migration compared with last month"]
)
def test_a_migration_of_nothing_named_is_asked_about_and_goes_on_with_the_last_one(text: str) -> None:
    assert asked(text) == ["migration_of_what"]
    again = Context(catalog(), AS_OF, TODAY, asked=(Request("grid", "grid16_cell"),))
    found = GrammarInterpreter().interpret(text, again)
    assert [(one.kind, one.code) for one in found.requests] == [("migration", "grid16_cell")]
    assert not found.issues


@pytest.mark.parametrize("text", ["生命周期从成熟期到衰退期的客户", "生命周期从成熟到衰退的有多少"])
def test_from_one_stage_to_another_is_a_move(text: str) -> None:
    then = {"tag": "lifecycle_stage", "value": ["MATURE"], "snapshot": "month -1"}
    found = read(text)
    assert not found.issues
    assert spells(found.rule, both(then, {"tag": "lifecycle_stage", "value": ["DECLINE"]}))
    assert "moved_since_month_end" in [one.code for one in found.assumptions]


def test_from_one_level_to_another_may_be_a_move_too() -> None:
    (question,) = [one for one in read("客户等级从金卡到白金的客户").questions if one.code == "from_to"]
    assert not question.ask
    assert spells(question.readings[0].rule, {"tag": "cust_tier", "value": ["T2", "T3"]})
    assert len({one.rule.model_dump_json() for one in question.readings}) == 2
    assert not [one for one in read("客户等级金卡到白金的客户").questions if one.code == "from_to"]


@pytest.mark.parametrize("text", ["女性客户和去年末比，客户等级怎么迁移", "customer tier migration, compared with the end of last year"])
def test_moves_are_since_the_time_the_turn_compares_with(text: str) -> None:
    found = read(text)
    assert {(one.kind, one.detail) for one in found.requests} == {("migration", "2025-12-31"), ("compare", "2025-12-31")}
    assert not [one for one in found.assumptions if one.code == "since_month_end"]


@pytest.mark.parametrize("text", ["和去年末比", "compared with the end of last year"])
def test_a_date_after_the_grid_asks_for_the_moves_between_its_cells(text: str) -> None:
    after = Context(catalog(), AS_OF, TODAY, asked=(Request("grid", "grid16_cell"),))
    found = GrammarInterpreter().interpret(text, after)
    assert [(one.kind, one.code, one.detail) for one in found.requests] == [("migration", "grid16_cell", "2025-12-31")]
    alone = GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY, asked=(Request("persona"),)))
    assert [one.kind for one in alone.requests] == ["compare"]
