"""Rows add up to the segment then, columns to the segment now; rises and falls are along an order; small moves are not given away by a line."""

from __future__ import annotations

from dataclasses import replace

from assistant.facts import FactSheet
from assistant.insight import migration
from assistant.insight.migration import Migration
from assistant.policy import Protection
from assistant.sql.query import Cell, Table
from assistant.sql.two_dates import ABSENT, OUTSIDE
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import CATALOG

RULE = validated({"tag": "mort_flag", "value": True})
TIER = CATALOG.tags["cust_tier"]
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("T1", "T1", 500), ("T1", "T2", 40), ("T2", "T2", 300), ("T2", "T1", 30), ("T2", "T3", 7), ("T3", "T3", 90), ("T1", ABSENT, 25), ("T2", OUTSIDE, 21),
    (ABSENT, "T1", 60), (OUTSIDE, "T2", 22), ("old", "T1", 3),
)  # fmt: skip


def found() -> Migration:
    return migration.read((Table(("from_place", "to_place", "n"), ROWS, "q"),), RULE, RULE, TIER)


def test_lines_add_up_to_the_segment_at_either_date() -> None:
    moved = found()
    assert moved.places == ("T1", "T2", "T3", "")
    assert sum(moved.row(place) for place in moved.places) == moved.total("then") == 1016
    assert sum(moved.column(place) for place in moved.places) == moved.total("now") == 1052
    assert moved.total("then") == moved.total("stayed") + moved.total("moved") + moved.total("left") + moved.total("gone")
    assert moved.total("now") == moved.total("stayed") + moved.total("moved") + moved.total("entered") + moved.total("joined")
    assert (moved.total("joined"), moved.total("entered"), moved.total("left"), moved.total("gone")) == (60, 22, 21, 25)


def test_rises_and_falls_are_along_the_order_of_the_tag() -> None:
    (axis,) = found().axes
    assert (axis.tag, axis.up, axis.down) == ("cust_tier", 47, 30)


def test_a_grid_has_two_orders() -> None:
    first, second = (TIER.model_copy(update={"code": code}) for code in ("across", "down"))
    codes = [one.code + other.code for one in TIER.values for other in TIER.values]
    values = tuple(TIER.values[0].model_copy(update={"code": code, "rank": None}) for code in codes)
    cells = TIER.model_copy(update={"code": "cells", "axes": ("across", "down"), "values": values})
    rule = replace(RULE, catalog=replace(CATALOG, tags={**CATALOG.tags, "across": first, "down": second, "cells": cells}))
    table = Table(("from_place", "to_place", "n"), (("T1T2", "T2T1", 5), ("T1T1", "T2T1", 3), ("T3T3", "T3T2", 2)), "q")
    axes = migration.read((table,), rule, rule, cells).axes
    assert [(axis.tag, axis.up, axis.down) for axis in axes] == [("across", 8, 0), ("down", 0, 7)]


def test_a_small_move_is_not_given_away_by_its_line() -> None:
    sheet = FactSheet(Protection(20))
    found().facts(sheet)
    assert sheet["migration.cust_tier.T2.T3.n"].suppressed
    assert sheet["migration.cust_tier.T3.T3.n"].suppressed, "its column would give the small one away"
    assert sheet["migration.cust_tier.T2.outside.n"].suppressed, "its row would"
    assert sheet["migration.cust_tier.T1.T1.n"].value == 500


def test_one_query_for_both_dates() -> None:
    assert migration.plan(RULE, RULE, TIER, QUALIFIER)[0].purpose == "moves"
