"""Rows add up, zero rows stay, levels of the organisation are taken together, small rows are hidden so that no total gives them away."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import breakdown
from assistant.insight.breakdown import Breakdown, Dimension, Level, Row
from assistant.policy import Protection
from assistant.sql.query import Cell, Table
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import CATALOG

BRANCH, AGE = Dimension("home_org", "1"), Dimension("age")
RULE = validated({"tag": "mort_flag", "value": True})
ORGANISATION: tuple[tuple[Cell, ...], ...] = (
    ("310011", 30, 300), ("310012", 0, 50), ("310111", 40, 400), ("440011", 25, 90), ("9900", 21, 21), ("0000", 22, 30), (None, 1, 2),
)  # fmt: skip


def by_level(level: Level | None, rows: tuple[tuple[Cell, ...], ...] = ORGANISATION) -> Breakdown:
    table = Table(("value", "n", "base_n"), rows, "q")
    return breakdown.read((table,), RULE, Dimension("home_org", level), sum(int(str(row[1])) for row in rows))


def test_plan_asks_codes_for_an_enum_and_buckets_for_a_number() -> None:
    assert breakdown.plan(RULE, Dimension("home_org", "1"), QUALIFIER)[0].purpose == "breakdown"
    assert breakdown.plan(RULE, Dimension("aum_bal"), QUALIFIER)[0].purpose == "profile"


def test_by_branch() -> None:
    found = by_level("1")
    assert found.rows == (
        Row("value", "3100", 70, 750, BRANCH),
        Row("value", "4400", 25, 90, BRANCH),
        Row("direct", "0000", 22, 30, BRANCH),
        Row("value", "9900", 21, 21, BRANCH),
        Row("unknown", None, 1, 2, BRANCH),
    )
    assert found.next_level is None


def test_by_sub_branch_keeps_zero_rows_and_tells_direct_customers_apart() -> None:
    rows = {(row.kind, row.code): row.n for row in by_level("3").rows}
    assert rows["value", "310012"] == 0
    assert rows["direct", "9900"] == 21
    assert rows["direct", "0000"] == 22


def test_by_region() -> None:
    rows = {(row.kind, row.code): row.n for row in by_level("region").rows}
    assert rows == {("value", "east"): 70, ("value", "south"): 25, ("unassigned", None): 43, ("unknown", None): 1}


def test_one_unit_offers_the_next_level_down() -> None:
    shanghai = (("310011", 30, 300), ("310111", 40, 400), ("440011", 0, 90))
    assert by_level("region", shanghai).next_level == "1"
    assert by_level("1", shanghai).next_level == "2"
    assert by_level("1", (("440011", 25, 90),)).next_level == "3"
    assert by_level("3", (("440011", 25, 90),)).next_level is None


def test_rows_must_add_up() -> None:
    with pytest.raises(Fault, match="breakdown_sum"):
        breakdown.read((Table(("value", "n", "base_n"), ORGANISATION, "q"),), RULE, Dimension("home_org", "1"), 1)


def test_ordered_values_keep_their_order_and_unknown_comes_last() -> None:
    table = Table(("value", "n", "base_n"), (("T3", 9, 9), (None, 5, 5), ("T1", 1, 1), ("T2", 4, 4)), "q")
    found = breakdown.read((table,), RULE, Dimension("cust_tier"), 19)
    assert [row.code for row in found.rows] == ["T1", "T2", "T3", None]


def test_a_number_is_read_from_its_buckets() -> None:
    table = Table(("tag", "bucket", "n", "rest_n"), (("age", "10", 0, 7), ("age", "2", 3, 4), ("age", None, 1, 0)), "q")
    found = breakdown.read((table,), RULE, AGE, 4)
    assert found.rows == tuple(
        Row(kind, code, n, base_n, AGE) for kind, code, n, base_n in (("value", "2", 3, 7), ("value", "10", 0, 7), ("unknown", None, 1, 1))
    )


def sheet_of(rows: tuple[tuple[Cell, ...], ...], floor: int = 20) -> FactSheet:
    sheet = FactSheet(Protection(floor))
    by_level("1", rows).facts(sheet)
    return sheet


def test_a_lone_small_row_takes_the_next_smallest_with_it() -> None:
    sheet = sheet_of((("310011", 300, 500), ("440011", 5, 100), ("9900", 40, 50)))
    assert sheet["breakdown.home_org.1.4400.n"].suppressed
    assert sheet["breakdown.home_org.1.4400.n"].floor == 20
    assert sheet["breakdown.home_org.1.9900.n"].suppressed
    assert sheet["breakdown.home_org.1.9900.n"].floor == 0
    assert sheet["breakdown.home_org.1.9900.share"].value is None
    assert sheet["breakdown.home_org.1.3100.n"].value == 300


def test_whoever_sees_exact_counts_sees_every_row() -> None:
    sheet = sheet_of((("310011", 300, 500), ("440011", 5, 100), ("9900", 40, 50)), floor=0)
    assert sheet["breakdown.home_org.1.4400.n"].value == 5
    assert sheet["breakdown.home_org.1.9900.n"].value == 40


def test_two_small_rows_cover_each_other_and_zero_is_shown() -> None:
    sheet = sheet_of((("310011", 300, 500), ("440011", 15, 100), ("9900", 16, 50), ("0000", 0, 30)))
    assert sheet["breakdown.home_org.1.3100.n"].value == 300
    assert sheet["breakdown.home_org.1.0000.direct.n"].value == 0
    assert sheet["breakdown.home_org.1.3100.share"].value == Decimal(300) / Decimal(331)


def test_two_small_rows_that_together_are_a_small_group_take_another() -> None:
    sheet = sheet_of((("310011", 300, 500), ("440011", 5, 100), ("9900", 6, 50), ("0000", 70, 130)))
    assert sheet["breakdown.home_org.1.0000.direct.n"].suppressed, "else 11 customers are known to be at the other two"
    assert sheet["breakdown.home_org.1.3100.n"].value == 300


def test_few_outside_the_segment_are_not_given_away_by_the_base() -> None:
    sheet = sheet_of((("310011", 300, 305), ("440011", 50, 100), ("9900", 60, 120)))
    assert sheet["breakdown.home_org.1.3100.base"].suppressed
    assert sheet["breakdown.home_org.1.3100.n"].value == 300


@pytest.mark.parametrize("tag", [tag for tag in CATALOG.tags.values() if tag.numeric], ids=lambda tag: tag.code)
def test_cut_points_ascend(tag: breakdown.Tag) -> None:
    cuts = breakdown.cut_points(tag)
    assert cuts
    assert list(cuts) == sorted(set(cuts))


def cuts(**more: object) -> list[str]:
    shape = {"code": "x", "name": {"zh": "数", "en": "x"}, "definition": {"zh": "数", "en": "x"}, "owner": "DP", **more}
    return [str(cut) for cut in breakdown.cut_points(breakdown.Tag.model_validate(shape))]


def test_cut_points_without_bands_are_round_figures() -> None:
    assert cuts(type="decimal", plausible=[1000, 1000000], null_means="zero") == [
        "0.01", "1000", "5000", "10000", "50000", "100000", "500000", "1000000",
    ]  # fmt: skip
    assert [str(int(Decimal(cut))) for cut in cuts(type="integer", plausible=[1, 31])] == ["5", "10", "15", "20", "25", "30"]
    assert [str(int(Decimal(cut))) for cut in cuts(type="integer", plausible=[0, 12], null_means="zero")][:3] == ["1", "2", "4"]
    signed = cuts(type="decimal", plausible=[-100000000, 100000000], null_means="zero")
    assert "0" in signed
    assert len(signed) == 11


def test_two_breakdowns_share_a_sheet() -> None:
    sheet = FactSheet(Protection(0))
    by_level("1").facts(sheet)
    by_level("3").facts(sheet)
    assert sheet["breakdown.home_org.1.3100.n"].value == 70
    assert sheet["breakdown.home_org.3.310111.n"].value == 40
