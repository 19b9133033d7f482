"""How far a count can be relied on: bounds told where they matter and give nobody away, and tags that stand still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from assistant.facts import FactSheet
from assistant.insight.count import Count, Unknown, unknown_facts
from assistant.insight.reliability import Bounds, Reliability, steps, used_tags
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated
from tests.narrate.catalog import AS_OF, CATALOG

EARLIER = AS_OF - timedelta(days=24)
WOMEN = {"tag": "gender", "value": ["F"]}
RICH = {"tag": "aum_bal", "operator": ">", "value": 50000}


def walked(
    rule: Mapping[str, Any], n: int, unknown: Sequence[Unknown], *tables: Table, before: date | None = None
) -> tuple[Reliability, list[str]]:
    """What the steps come to when the tables are what their queries give, and the purposes of the queries."""
    asked = validated(rule)
    if before is not None:
        catalog = replace(CATALOG, tags={**CATALOG.tags, "aum_bal": CATALOG.tags["aum_bal"].model_copy(update={"kind": "metric"})})
        asked = replace(asked, snapshots=(before, *asked.snapshots), catalog=catalog)
    found, purposes, left = steps(asked, Count(n, 1000, "q", "q"), unknown, QUALIFIER), [], list(tables)
    answers: Sequence[Table] | None = None
    while True:
        try:
            queries = next(found) if answers is None else found.send(answers)
        except StopIteration as end:
            return end.value, purposes
        purposes += [one.purpose for one in queries]
        answers, left = left[: len(queries)], left[len(queries) :]


def ends(low: int, high: int) -> Table:
    return Table(("surely", "possibly"), ((low, high),), "q")


def test_nothing_missing_and_nothing_before_asks_no_query() -> None:
    assert walked(RICH, 100, ()) == (Reliability(), [])


def test_bounds_with_the_most_missing_first() -> None:
    some, more = Unknown("age", 10, "q"), Unknown("gender", 80, "q")
    found, purposes = walked({"all": [WOMEN, {"tag": "age", "operator": ">", "value": 30}]}, 500, (some, more), ends(500, 560))
    assert purposes == ["bounds"]
    assert found.bounds == Bounds(500, 560, (more, some), 1000, "q")


@pytest.mark.parametrize(("high", "told"), [(504, False), (505, True)])
def test_they_are_told_from_the_catalogs_share_on(high: int, told: bool) -> None:
    found, _ = walked(WOMEN, 500, (Unknown("gender", 80, "q"),), ends(500, high))
    assert (found.bounds is not None) == told


def test_no_bounds_where_customers_are_ranked() -> None:
    found, purposes = walked({"all": [WOMEN, {"rank": "aum_bal", "count": 50}]}, 50, (Unknown("gender", 80, "q"),))
    assert found.bounds is None
    assert purposes == []


@pytest.mark.parametrize(("n", "changed", "still"), [(900, 0, ("aum_bal",)), (900, 1, ()), (0, 0, ())])
def test_a_tag_that_stands_still(n: int, changed: int, still: tuple[str, ...]) -> None:
    found, purposes = walked({"all": [RICH, WOMEN]}, 500, (), Table(("n", "changed_0"), ((n, changed),), "q"), before=EARLIER)
    assert purposes == ["changed"]
    assert found == Reliability(None, still, EARLIER)


def test_facts_and_what_would_be_of_few_is_withheld() -> None:
    missing = (Unknown("gender", 80, "q"),)
    for floor, high, told in ((20, 560, True), (20, 519, False), (0, 519, True)):
        sheet = FactSheet(Protection(floor))
        Count(500, 1000, "q", "q").facts(sheet)
        unknown_facts(missing, sheet)
        found = Reliability(Bounds(500, high, missing, 1000, "q"))
        found.facts(sheet)
        assert found.told(sheet) == told
        assert sheet["bounds.high"].value == (high if told else None)
        assert str(sheet["missing.gender.share"].value) == "0.08"


def test_the_tags_of_a_rule_each_once() -> None:
    rule = validated(
        {"all": [WOMEN, RICH, {"rank": "age", "count": 5}, {"left": "aum_bal", "right": "dep_demand_bal", "operator": ">", "value": 0}]}
    )
    assert [one.code for one in used_tags(rule)] == ["gender", "aum_bal", "age", "dep_demand_bal"]
