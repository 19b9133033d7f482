"""Readings compared: the same, one inside the other, apart."""

from __future__ import annotations

from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.policy import Protection
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


def test_readings_are_near_where_few_set_them_or_one_and_the_rest_apart() -> None:
    assert not read((0, 100), (1, 60), (3, 40), (2, 50)).near(20, ("a", "b"))
    assert read((0, 100), (1, 10), (3, 40), (2, 9)).near(20, ("a", "b")), "19 are in one and not in the other"
    assert read((0, 100), (3, 40)).near(20, ("a", "b")), "that nobody is tells as much"
    assert not read((0, 100), (3, 40)).near(20, ("a", "a")), "one rule is no two numbers"
    assert read((0, 5), (1, 60), (2, 50)).near(20, ("a", "b")), "but for five one is the rest of the other"
    assert not read((0, 100), (1, 10), (2, 40)).near(20, ("a", "b")), "one is small itself"


def test_told_alone_those_in_both_may_not_follow() -> None:
    """Of three readings the third is who is in the first or the second: its count less theirs is those in both."""
    rows = ((0, 200), (1 | 4, 60), (2 | 4, 50), (1 | 2 | 4, 5))
    found = overlap.read((Table(("mask", "n"), rows, "q"),), 3)
    told = found.facts(FactSheet(Protection(20)), "options", shared=False)
    assert any(total.suppressed for total, _ in told)
    assert {shared for _, shared in told} == {None}
