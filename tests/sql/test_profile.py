"""Every bucket of every type, counted by hand; what a joint profile adds up to; a unit stands with its branch."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.short import node_from_short
from assistant.sql import profile as profiles
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

SHANGHAI = {"tag": "home_org", "operator": "in", "value": ["31"]}
CUTS = {"age": [Decimal(30), Decimal(60)], "demand": [Decimal(1), Decimal(50000)]}


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def test_an_empty_segment_has_a_rest(small_engine: DuckDBEngine) -> None:
    """Joined with no records at all, the optimizer of DuckDB 2.0 loses groups that a filter on their sums is to keep."""
    node = {"records": "transfer", "aggregate": "last", "of": "amount", "operator": ">", "value": 999999}
    found = run(small_engine, profiles.profile(rule(node), [CATALOG.tags["app"]], QUALIFIER, {}))
    assert set(found.rows) == {("app", "true", 0, 4), ("app", "false", 0, 2)}


def test_profile_buckets_every_type(small_engine: DuckDBEngine) -> None:
    tags = [CATALOG.tags[code] for code in ("age", "demand", "gender", "app", "consent", "opened", "matures", "birthday")]
    found = run(small_engine, profiles.profile(rule(SHANGHAI), tags, QUALIFIER, CUTS))
    assert found.columns == ("tag", "bucket", "n", "rest_n")
    assert set(found.rows) == {
        ("age", "0", 1, 0), ("age", "1", 3, 0), ("age", "2", 0, 1), ("age", None, 0, 1),
        ("demand", "0", 0, 2), ("demand", "2", 4, 0),
        ("gender", "F", 1, 1), ("gender", "M", 2, 0), ("gender", "X", 1, 0), ("gender", None, 0, 1),
        ("app", "true", 4, 0), ("app", "false", 0, 2),
        ("consent", "true", 3, 0), ("consent", "false", 1, 0), ("consent", None, 0, 2),
        ("opened", "d30", 2, 1), ("opened", "older", 2, 1),
        ("matures", "in7", 1, 0), ("matures", "later", 0, 0), ("matures", "in365", 1, 0), ("matures", None, 2, 2),
        ("birthday", "01", 1, 0), ("birthday", "02", 2, 0), ("birthday", "09", 1, 0), ("birthday", "12", 0, 1), ("birthday", None, 0, 1),
    } - {("matures", "later", 0, 0)}  # fmt: skip


def test_profile_against_another_group_leaves_the_segment_out(small_engine: DuckDBEngine) -> None:
    against = node_from_short({"tag": "age", "operator": ">=", "value": 30})
    found = run(small_engine, profiles.profile(rule(SHANGHAI), [CATALOG.tags["app"]], QUALIFIER, {}, against))
    assert set(found.rows) == {("app", "true", 4, 0), ("app", "false", 0, 1)}


def test_profile_needs_cut_points() -> None:
    with pytest.raises(Fault, match="cut_points_missing"):
        profiles.profile(rule({"all": []}), [CATALOG.tags["age"]], QUALIFIER, {})


def test_a_joint_profile_adds_up_to_the_profile_in_every_group(small_engine: DuckDBEngine) -> None:
    tags = [CATALOG.tags[code] for code in ("age", "gender", "app", "opened")]
    app, tier, age = (CATALOG.tags[code] for code in ("app", "tier", "age"))
    groups = [[app], [tier, age], []]
    found = run(small_engine, profiles.joint(rule(SHANGHAI), tags, groups, QUALIFIER, CUTS))
    assert found.columns == ("tag", "bucket", "by_0", "by_1", "by_2", "n", "rest_n")
    assert [tag.code for tag in profiles.grouping(groups)] == ["app", "tier", "age"]
    alone = set(run(small_engine, profiles.profile(rule(SHANGHAI), tags, QUALIFIER, CUTS)).rows)
    held = {"app": (True, False, False), "tier and age": (False, True, True), "": (False, False, False)}
    for present in held.values():
        sums: Counter[tuple[object, object, int]] = Counter()
        for tag, bucket, *by, n, rest_n in found.rows:
            if tuple(one is not None for one in by) == present:
                sums[tag, bucket, 0] += int(str(n))
                sums[tag, bucket, 1] += int(str(rest_n))
        assert {(tag, bucket, sums[tag, bucket, 0], sums[tag, bucket, 1]) for tag, bucket, _ in sums} == alone


def test_a_joint_profile_counts_each_combination(small_engine: DuckDBEngine) -> None:
    app, gender = CATALOG.tags["app"], CATALOG.tags["gender"]
    found = run(small_engine, profiles.joint(rule(SHANGHAI), [app], [[gender]], QUALIFIER, CUTS))
    assert set(found.rows) == {
        ("app", "true", "F", 1, 0), ("app", "false", "F", 0, 1), ("app", "true", "M", 2, 0), ("app", "true", "X", 1, 0), ("app", "false", "", 0, 1),
    }  # fmt: skip


def test_units_stand_with_their_branch(small_engine: DuckDBEngine) -> None:
    org = CATALOG.tags["home_org"]
    found = run(small_engine, profiles.joint(rule({"all": []}), [org], [[]], QUALIFIER, {}))
    branches = {unit.code for unit in CATALOG.organisation.values() if unit.level == 1}
    below = {unit for code in branches for unit in CATALOG.subtree(org, (code,))}
    assert {bucket for _, bucket, _, _ in found.rows} & below <= branches
    assert sum(int(str(n)) for _, _, n, _ in found.rows) == 6


def test_joint_profiles_pass_the_guard_in_every_dialect() -> None:
    tags = list(CATALOG.tags.values())
    cuts = {tag.code: [Decimal(1), Decimal(10)] for tag in tags if tag.numeric}
    query = profiles.joint(rule(SHANGHAI), tags, [[tags[1], tags[2]], [tags[3]]], QUALIFIER, cuts)
    for dialect in ("duckdb", "spark"):
        assert guard(query, CATALOG, dialect, QUALIFIER).text
