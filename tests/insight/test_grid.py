"""Cells add up to rows, columns and the count; small cells are hidden so that no line gives them away; units are taken together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import grid
from assistant.insight.grid import Cell, Grid
from assistant.policy import Protection
from assistant.sql.query import Cell as Value
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import CATALOG

RULE = validated({"tag": "mort_flag", "value": True})
TIER, GENDER, HOME = (CATALOG.tags[code] for code in ("cust_tier", "gender", "home_org"))
ROWS: tuple[tuple[Value, ...], ...] = (
    ("T1", "F", 100, 300, None), ("T1", "M", 80, 200, None), ("T2", "F", 5, 40, None), ("T2", "M", 60, 80, None), ("T3", "M", 0, 9, None), ("T1", "", 30, 31, None),
)  # fmt: skip


def read(rows: Sequence[tuple[Value, ...]] = ROWS, count: int = 275) -> Grid:
    return grid.read((Table(("row_bucket", "column_bucket", "n", "base_n", "amount"), tuple(rows), "q"),), RULE, None, TIER, GENDER, count)


def test_lines_in_order_with_their_sums() -> None:
    found = read()
    assert (found.rows, found.columns) == (("T1", "T2"), ("F", "M", ""))
    assert [found.total(row, None) for row in found.rows] == [210, 65]
    assert [found.total(None, column) for column in found.columns] == [105, 140, 30]
    assert Cell("T2", "F", 5, 40, None) in found.cells


def test_cells_that_do_not_add_up_are_a_fault() -> None:
    with pytest.raises(Fault, match="grid_sum"):
        read(count=274)


def test_units_are_taken_together() -> None:
    rows = [("310011", "F", 3, 3, None), ("310012", "F", 4, 4, None), ("440011", "M", 5, 5, None)]
    table = Table(("row_bucket", "column_bucket", "n", "base_n", "amount"), tuple(rows), "q")
    found = grid.read((table,), RULE, None, HOME, GENDER, 12, "1")
    assert {(cell.row, cell.column): cell.n for cell in found.cells} == {("3100", "F"): 7, ("4400", "M"): 5}


def test_no_line_gives_a_small_cell_away() -> None:
    sheet = FactSheet(Protection(20))
    read().facts(sheet)
    hidden = {fact.id for fact in sheet if fact.suppressed and fact.id.endswith(".n")}
    name = "grid.cust_tier.gender"
    assert f"{name}.T2.F.n" in hidden
    assert f"{name}.T2.M.n" in hidden, "its row would give the small one away"
    assert f"{name}.T1.F.n" in hidden, "its column would give the small one away"
    for line in (["T1.F", "T1.M", "T1.unknown"], ["T2.F", "T2.M"], ["T1.F", "T2.F"], ["T1.M", "T2.M"]):
        assert sum(f"{name}.{cell}.n" in hidden for cell in line) != 1
    assert sheet[f"{name}.T2.all.n"].value == 65


def test_the_axes_of_a_tag() -> None:
    made = TIER.model_copy(update={"axes": ("cust_tier", "gender")})
    assert grid.axes_of(CATALOG, made) == (TIER, GENDER)
    assert grid.axes_of(CATALOG, TIER) is None
    assert grid.plan(RULE, TIER, GENDER, QUALIFIER)[0].purpose == "cross"
