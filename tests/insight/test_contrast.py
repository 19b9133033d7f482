"""Two segments: three groups that add up, shares of whole segments, nothing told that tells of few people, and nothing found that a rule says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import contrast
from assistant.insight.contrast import Contrast, Groups, groups_of
from assistant.insight.definition import too_late
from assistant.insight.spread import Spread
from assistant.insight.traits import Split
from assistant.policy import Protection
from assistant.rule.tree import AllOf
from assistant.sql.guard import guard
from tests.insight.rules import validated
from tests.narrate.catalog import CATALOG
from tests.sql import small_bank


def found(n: int, other_n: int, both: int) -> Contrast:
    return Contrast(AllOf(), AllOf(), n, other_n, both, "q")


def told(one: Contrast, protection: int) -> dict[str, int | None]:
    sheet = FactSheet(Protection(protection))
    one.facts(sheet)
    return {fact.id.removeprefix("contrast."): fact.value if isinstance(fact.value, int) else None for fact in sheet}


def test_the_three_groups_add_up() -> None:
    assert told(found(300, 500, 120), 0) == {"n": 300, "other_n": 500, "both": 120, "only": 180, "other_only": 380, "either": 680}


def test_no_small_group_is_told_nor_follows_from_the_others() -> None:
    assert told(found(300, 500, 290), 20) == {"n": 300, "other_n": 500, "both": None, "only": None, "other_only": None, "either": None}
    assert told(found(300, 500, 300), 20)["both"] == 300


def test_groups_are_taken_apart_and_put_together() -> None:
    one = Spread(Counter(a=30, b=70), Counter(a=10, b=40), Counter({False: 5, True: 2}))
    two = Spread(Counter(a=20, b=90), Counter(a=20, b=20), Counter({False: 6, True: 1}))
    (group,) = groups_of({"age": one}, {"age": two}).values()
    assert (group.only, group.both, group.other_only) == (Counter(a=20, b=20), Counter(a=10, b=50), Counter(a=10, b=40))
    assert group.sizes == (41, 64, 52)
    trait = group.compared(CATALOG.tags["cust_tier"], Split("a", frozenset("a")))
    assert (trait.n, trait.known, trait.rest_n, trait.rest_known, trait.id) == (30, 100, 20, 110, "contrast.cust_tier.a")
    assert trait.low < float(trait.share - trait.rest_share) < trait.high


def test_groups_that_contradict_each_other_are_a_fault() -> None:
    one = Spread(Counter(a=30), Counter(a=10))
    two = Spread(Counter(a=25), Counter(a=20))
    with pytest.raises(Fault, match="contrast_sum"):
        groups_of({"age": one}, {"age": two})


@pytest.mark.parametrize(
    ("only", "hidden"), [(Counter(a=400, b=600), False), (Counter(a=5, b=995), True), (Counter(a=7, b=8), True), (Counter(), False)]
)
def test_two_shares_that_few_people_tell_apart_are_hidden(only: Counter[str], hidden: bool) -> None:
    group = Groups(only, Counter(a=500, b=500), Counter(a=300, b=900))
    assert group.hides(frozenset("a")) is hidden


@pytest.mark.parametrize("both", [Counter(a=1), Counter(a=3, b=30), Counter[str]()])
def test_a_few_in_both_hide_nothing_of_two_segments_that_are_apart(both: Counter[str]) -> None:
    """Who is in both is counted in both shares, so that no share tells of them."""
    assert not Groups(Counter(a=500, b=40), both, Counter(a=30, b=370)).hides(frozenset("a"))


@pytest.mark.parametrize(("only", "other_only"), [(Counter(b=500), Counter(a=300, b=300)), (Counter(a=300, b=300), Counter(b=500))])
def test_a_few_of_a_whole_segment_are_hidden(only: Counter[str], other_only: Counter[str]) -> None:
    """Three of either segment, all of them in both: its share is theirs."""
    assert Groups(only, Counter(a=3, b=900), other_only).hides(frozenset("a"))


AT_YEAR_END = {"tag": "cust_tier", "operator": "=", "value": "T2", "snapshot": "year -1"}
IN_AUGUST = {"records": "zone_view", "window": "2026-08-01..2026-08-31"}


@pytest.mark.parametrize(
    ("short", "code", "buckets", "follows"),
    [
        (AT_YEAR_END, "open_date", Counter(d365=90, older=900), True),
        (AT_YEAR_END, "open_date", Counter(d90=1, older=900), False),
        (AT_YEAR_END, "mature_date", Counter(later=900), False),
        (IN_AUGUST, "open_date", Counter(d30=2, older=900), True),
        ({"tag": "cust_tier", "value": "T2"}, "open_date", Counter(older=900), False),
    ],
)
def test_when_they_came_follows_from_when_a_rule_looks_at_them(
    short: dict[str, Any], code: str, buckets: Counter[str], follows: bool
) -> None:
    """Who was gold at the end of last year opened no account since; of the end of August the bucket of 30 days holds days of August too."""
    tag = CATALOG.tags[code].model_copy(update={"null_means": "never_null"} if code == "open_date" else {})
    assert too_late(tag, buckets, validated(short)) is follows


def test_sizes_and_groups_from_the_bank(small_engine: DuckDBEngine) -> None:
    """Shanghai has four of the six customers; of the five with a known age four are 30 or over, three of them of Shanghai (tests/sql: counted by hand)."""
    rule = small_bank.rule({"tag": "home_org", "operator": "in", "value": ["31"]})
    other = small_bank.rule({"tag": "age", "operator": ">=", "value": 30})
    steps = contrast.steps(rule, other, small_bank.QUALIFIER)
    queries = next(steps)
    one: Contrast | None = None
    while one is None:
        try:
            queries = steps.send(
                [small_engine.execute(guard(query, small_bank.CATALOG, "duckdb", small_bank.QUALIFIER)) for query in queries]
            )
        except StopIteration as end:
            one = end.value
    assert (one.n, one.other_n, one.both, one.only, one.other_only) == (4, 4, 3, 1, 1)
    assert one.traits == ()
    assert one.suppressed
