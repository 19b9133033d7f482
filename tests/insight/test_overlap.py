"""Readings compared: the same, one inside the other, apart."""

from __future__ import annotations

from assistant.insight import overlap
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated


def read(*rows: tuple[int, int]) -> overlap.Overlap:
    return overlap.read((Table(("mask", "n"), rows, "q"),), 2)


def test_plan_is_one_query() -> None:
    rules = [validated({"tag": "mort_flag", "value": flag}) for flag in (True, False)]
    assert [query.purpose for query in overlap.plan(rules, QUALIFIER)] == ["overlap"]


def test_same_customers() -> None:
    found = read((0, 5), (3, 7))
    assert found.same
    assert read((0, 5)).same


def test_different_customers() -> None:
    found = read((0, 5), (1, 2), (3, 7))
    assert not found.same
    assert found.counts == (9, 7)
    assert found.both == ((9, 7), (7, 7))
    assert (found.all, found.any) == (7, 9)
