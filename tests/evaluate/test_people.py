"""Customers are counted by their tags as SQL counts them: see test_stories.py for the two side by side; here the sums by hand."""

from __future__ import annotations

import numpy

from assistant.evaluate.people import People
from assistant.insight import drivers, persona
from assistant.sql.query import Cell, Query, Table
from tests.insight.rules import QUALIFIER, validated

EVERYONE = validated({"all": []})
TAGS = [tag for tag in persona.usable_tags(EVERYONE) if drivers.tells(tag)]
BUCKETS: dict[str, tuple[str, ...]] = {"mort_flag": ("true", "false", "false", "")}
"""Of customers 40, 10, 30 and 20."""


def people() -> People:
    columns: list[tuple[Cell, ...]] = [(40, 10, 30, 20), (1, 1, 1, 1), *(BUCKETS.get(tag.code, ("",) * 4) for tag in TAGS)]

    def execute(query: Query) -> Table:
        assert query.purpose == "customers"
        return Table(("customer", "in_segment"), tuple(zip(*columns, strict=True)), "q")

    return People.of(EVERYONE, QUALIFIER, execute)


def test_customers_are_in_order_of_their_key() -> None:
    assert people().ids.tolist() == [10, 20, 30, 40]
    assert people().with_trait("mort_flag", "true").tolist() == [False, False, False, True]
    assert people().with_trait("mort_flag", "false").tolist() == [True, False, True, False]


def test_days_are_of_those_who_are_there() -> None:
    done = Table(("customer", "days_0", "days_1"), ((40, 3, 1), (10, 0, 2), (99, 9, 9)), "q")
    assert people().days(done, 0).tolist() == [0, 0, 0, 3]
    assert people().days(done, 1).tolist() == [2, 0, 0, 1]
    assert people().days(Table(("customer", "days_0"), (), "q"), 0).tolist() == [0, 0, 0, 0]


def test_moments_by_bucket() -> None:
    days, before = numpy.array([2, 5, 0, 3]), numpy.array([1, 0, 4, 2])
    rows = {row[1]: row[2:] for row in people().moments(days, before).rows if row[0] == "mort_flag"}
    assert rows == {
        "true": (1, 1, 3, 2, 9, 4, 6),
        "false": (1, 2, 2, 5, 4, 17, 2),
        None: (1, 0, 5, 0, 25, 0, 0),
    }
