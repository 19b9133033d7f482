"""A migration is read with its tag and its time; words that say something else are left unread."""

from __future__ import annotations

import pytest

from tests.interpret.reading import asked, read


@pytest.mark.parametrize(
    ("text", "tag", "since"),
    [
        ("女性客户从上月末到现在客户等级的迁移矩阵", "cust_tier", "2026-08-31"),
        ("十六宫格比上月末的迁移", "grid16_cell", "2026-08-31"),
        ("和去年同期比生命周期流转情况", "lifecycle_stage", "last_year"),
        ("tier migration since June of platinum tier customers", "cust_tier", "2026-05-31"),
        ("lifecycle transitions compared with the last quarter end", "lifecycle_stage", "2026-06-30"),
        ("上海分行客户等级迁移", "cust_tier", "last month"),
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


@pytest.mark.parametrize("text", ["客户等级从8月底到现在的迁移", "migration of customer tier since the end of August"])
def test_since_the_end_of_a_month_is_since_its_last_day(text: str) -> None:
    assert [(request.kind, request.detail) for request in read(text).requests] == [("migration", "2026-08-31")]
