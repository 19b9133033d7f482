"""Who could be in a rule, counted by hand in the small bank: nobody falls from the lowest value, nor to where he would have had to rise, and those who left are compared with those who stayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assistant.catalog.model import AtSnapshot
from assistant.engines.duckdb import DuckDBEngine
from assistant.insight import hypothesis, persona
from assistant.insight.eligible import Why, eligible
from assistant.insight.parts import segments
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, Snapshot
from assistant.sql import compile as plans
from assistant.sql.guard import guard
from tests.sql.conftest import small_engine as small_engine
from tests.sql.small_bank import CATALOG, QUALIFIER, rule
from tests.sql.test_two_dates import BOTH, CASES, EITHER, LOGIN, MUCH, at

EVERYBODY = {1, 2, 3, 4, 5, 6}
APP = {"tag": "app", "value": True}
FILLED = replace(
    CATALOG,
    tags={**CATALOG.tags, "demand": CATALOG.tags["demand"].model_copy(update={"plausible": (Decimal(0), Decimal(10**9))})},
    records={**CATALOG.records, "login": CATALOG.records["login"].model_copy(update={"exposure": APP})},
)


def since(tag: str, how: str, value: object, measure: str = "difference", snapshot: str = "month -1") -> dict[str, object]:
    return {"left": tag, "right": tag, "right_snapshot": snapshot, "measure": measure, "operator": how, "value": value}


def members(engine: DuckDBEngine, node: AnyNode) -> set[int]:
    table = engine.execute(guard(plans.members(rule(node), QUALIFIER), CATALOG, engine.dialect, QUALIFIER))
    return {int(str(one)) for one in table.column("one_id")}


@pytest.mark.parametrize(
    ("short", "why", "expected"),
    [
        (since("tier", "<", 0), "fell", {4}),
        (since("tier", ">", 0), "rose", {1, 4, 5}),
        (since("tier", ">=", 2), "rose", {1, 5}),
        (since("tier", "<=", -2), "fell", set()),
        (since("tier", "<=", -2, snapshot="year -1"), "fell", {1}),
        (since("tier", "<>", 0), "changed", {1, 4, 5}),
        (since("demand", "<=", -0.3, "relative_change"), "fell", {1, 5}),
        (since("demand", ">=", 2, "ratio"), "rose", {1, 5}),
        (since("demand", "<", 0), "fell", {1, 5}),
        (since("demand", "<=", -110000), "fell", {5}),
        (since("demand", "<", -100000), "fell", {5}),
        (since("demand", "range", {"kind": "range", "low": -100000, "high": -1}), "fell", {1, 5}),
        ({"all": [since("tier", ">", 0), since("demand", "<", 0)]}, "several", {1, 5}),
        ({"any": [since("tier", "<", 0), since("demand", "<=", -110000)]}, "fell", {4, 5}),
        ({"all": [APP, {"not": LOGIN}]}, "exposed", {1, 2, 5, 6}),
        ({"all": [APP, {**LOGIN, "operator": "<", "value": 3}]}, "exposed", {1, 2, 5, 6}),
        ({"all": [{"tag": "gender", "value": "F"}, {"all": [APP, {"not": LOGIN}]}]}, "exposed", {1, 2, 5, 6}),
        ({"all": [{**MUCH, "snapshot": "month -1"}, {"not": MUCH}]}, "left", {1, 5}),
        ({"all": [since("tier", ">", 0), {"tag": "tier", "value": "T2"}]}, "rose", {1, 5}),
        ({"all": [since("tier", ">", 0), {"any": [{"tag": "tier", "value": "T2"}, {"tag": "tier", "value": "T3"}]}]}, "rose", {1, 4, 5}),
        ({"all": [since("tier", "<", 0), {"tag": "tier", "operator": ">=", "value": "T2"}]}, "fell", set()),
        ({"all": [since("tier", "<", 0), {"not": {"tag": "tier", "value": "T2"}}]}, "fell", {4}),
        ({"all": [since("tier", ">", 0), {"tag": "tier", "value": "T2", "snapshot": "month -1"}]}, "rose", {4}),
        ({"all": [since("demand", "<=", -100000), {"tag": "demand", "operator": ">=", "value": 10000}]}, "fell", {5}),
        ({"all": [since("demand", "<=", -10000), {"tag": "demand", "operator": "<=", "value": 5000}]}, "fell", {1, 5}),
        ({"all": [since("demand", "<=", -0.3, "relative_change"), {"tag": "demand", "operator": ">=", "value": 80000}]}, "fell", {5}),
        ({"all": [since("demand", ">=", 2, "ratio"), {"tag": "demand", "operator": "<=", "value": 200000}]}, "rose", {1}),
        ({"all": [since("demand", ">", 0), {"tag": "demand", "operator": "<", "value": 110000}]}, "rose", {1, 2, 3, 4, 6}),
        (
            {"all": [{"tag": "demand", "operator": ">", "value": 0, "snapshot": "month -1"}, {"tag": "demand", "value": 0}]},
            "exposed",
            {1, 5},
        ),
        ({"all": [{"tag": "tier", "value": "T1", "snapshot": "month -1"}, {"tag": "tier", "value": "T2"}, APP]}, "exposed", {1, 5}),
    ],
)
def test_who_could_be_in_it(small_engine: DuckDBEngine, short: Mapping[str, Any], why: Why, expected: set[int]) -> None:
    found = eligible(replace(rule(short), catalog=FILLED))
    assert found is not None
    assert found.why == why
    assert (members(small_engine, found.node) if expected else set()) == expected
    assert members(small_engine, rule(short).expanded) <= (expected or EVERYBODY)


@pytest.mark.parametrize(
    "short",
    [
        {"all": []},
        APP,
        {"not": LOGIN},
        {"all": [APP, LOGIN]},
        {"all": [{"tag": "gender", "value": "F"}, {"not": LOGIN}]},
        {"any": [since("tier", "<", 0), APP]},
        {"not": since("tier", "<", 0)},
        since("demand", ">", 0),
        {"left": "demand", "right": "aum", "operator": "<", "value": 0},
        {"all": [{"records": "login", "window": "rolling 90 day"}, {"not": {"records": "login", "window": "rolling 7 day"}}]},
    ],
)
def test_everybody_could(short: Mapping[str, Any]) -> None:
    assert eligible(replace(rule(short), catalog=FILLED)) is None


@pytest.mark.parametrize("short", [MUCH, LOGIN, {"not": LOGIN}, BOTH, {"not": BOTH}, EITHER, {"not": EITHER}])
def test_the_parts_of_a_change_are_compared_with_each_other(small_engine: DuckDBEngine, short: Mapping[str, Any]) -> None:
    parts = next(parts for one, parts in CASES if one == short)
    came, left = (set[int]().union(*(who for name, who in parts.items() if name.startswith(f"{way}."))) for way in ("entered", "left"))
    stayed = parts.get("stayed", set())
    found = {name: eligible(rule(node)) for name, node in segments(*at(short)).items() if name != "joined"}
    others = {name: members(small_engine, one.node) for name, one in found.items() if one is not None}
    assert others["left"] == left | stayed
    assert others["stayed"] == left | stayed
    neither = {1, 4, 5} - came - left - stayed
    assert others["entered"] in (left | stayed, came | neither)
    assert {name: one.why for name, one in found.items() if one is not None and name in ("left", "stayed")} == {
        "left": "left",
        "stayed": "stayed",
    }


def test_a_guess_and_a_persona_count_only_those(small_engine: DuckDBEngine) -> None:
    fell = rule(since("demand", "<=", -0.3, "relative_change"))
    could = eligible(fell)
    assert could is not None
    baseline = persona.Baseline("eligible", rule(could.node), eligible=could)
    guess = rule({"tag": "app", "value": True})
    (query,) = hypothesis.plan(fell, guess, QUALIFIER, baseline)
    (row,) = small_engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER)).rows
    assert row == (1, 1, 1, 1)
    tables = [small_engine.execute(guard(one, CATALOG, "duckdb", QUALIFIER)) for one in persona.plan(fell, QUALIFIER, baseline)]
    found = persona.read(tables, fell, baseline)
    assert (found.n, found.rest) == (1, 1)
    assert not baseline.beyond
    assert persona.Baseline("everyone", eligible=could).beyond


_BALANCE = CATALOG.tags["demand"]
DATED = replace(
    FILLED,
    tags={
        **FILLED.tags,
        "was": _BALANCE.model_copy(update={"code": "was", "earlier_value_of": AtSnapshot(tag="demand", snapshot=Snapshot())}),
        "grew": _BALANCE.model_copy(update={"code": "grew", "change_of": AtSnapshot(tag="demand", snapshot=Snapshot())}),
    },
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"tag": "grew", "operator": "<", "value": 0}, since("demand", "<", 0)),
        ({"tag": "grew", "operator": "<=", "value": -110000}, since("demand", "<=", -110000)),
        ({"left": "demand", "right": "was", "operator": "<", "value": 0}, since("demand", "<", 0)),
        (
            {"all": [{"tag": "was", "operator": ">", "value": 5}, {"tag": "demand", "operator": "<", "value": 3}]},
            {
                "all": [
                    {"tag": "demand", "snapshot": "month -1", "operator": ">", "value": 5},
                    {"tag": "demand", "operator": "<", "value": 3},
                ]
            },
        ),
    ],
)
def test_a_tag_that_is_the_earlier_value_of_another_is_that_one_then(said: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
    """AUM at last month end is AUM, and the change since then a fall of it: whoever could have fallen is the same."""
    one, other = (eligible(replace(rule(AllOf()), expanded=node_from_short(short), catalog=DATED)) for short in (said, meant))
    assert one == other is not None


def test_who_came_to_those_who_left_something_came(small_engine: DuckDBEngine) -> None:
    """Logged in in one month and not in the next: who is new among them since a month ago is compared with those who were so a month ago, not with those who still log in."""
    august, july = ({"records": "login", "window": f"2026-{month:02}-01..2026-{month:02}-28"} for month in (8, 7))
    then = {"all": [july, {"not": august}]}
    september = {"records": "login", "window": "2026-09-01..2026-09-24"}
    found = eligible(rule({"all": [august, {"not": september}, {"not": then}]}))
    assert found is not None
    assert found.why == "came"
    assert members(small_engine, found.node) == members(small_engine, rule(then).expanded)
