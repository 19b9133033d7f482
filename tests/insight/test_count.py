"""Count, base and share."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.facts import FactSheet
from assistant.insight import count
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated


def tables(n: int, base: int) -> tuple[Table, Table]:
    return Table(("n",), ((n,),), "q1"), Table(("n",), ((base,),), "q2")


def test_plan_counts_segment_and_base() -> None:
    assert [query.purpose for query in count.plan(validated({"tag": "mort_flag", "value": True}), QUALIFIER)] == ["count", "base"]


def test_read() -> None:
    found = count.read(tables(1, 3))
    assert (found.n, found.base) == (1, 3)
    assert found.share == Decimal(1) / Decimal(3)
    assert count.read(tables(0, 0)).share is None


def test_facts_hide_a_small_group_and_its_share_but_not_an_empty_one() -> None:
    sheet = FactSheet(Protection(20))
    count.read(tables(19, 1000)).facts(sheet)
    assert sheet["count"].suppressed
    assert sheet["share"].suppressed
    assert sheet["share"].value is None
    assert sheet["base"].value == 1000
    empty = FactSheet(Protection(20))
    count.read(tables(0, 1000)).facts(empty)
    assert empty["count"].value == 0


@pytest.mark.parametrize("cell", [None, "3", True, Decimal("1.5")])
def test_a_cell_that_is_no_count_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="not a count"):
        count.whole(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ({"tag": "gender", "value": ["F"]}, False),
        ({"not": {"tag": "gender", "value": ["F"]}}, True),
        ({"not": {"not": {"tag": "gender", "value": ["F"]}}}, False),
    ],
)
def test_unknown_customers_are_kept_by_what_excludes(rule: dict[str, object], kept: bool) -> None:
    (found,) = count.read_unknown((Table(("n", "unknown_0"), ((1000, 7),), "q"),), validated(rule))
    assert (found.n, found.kept) == (7, kept)
