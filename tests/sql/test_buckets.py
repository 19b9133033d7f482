"""The number of a bucket and its name say the same as its text, for every type and for an empty cell."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.short import node_from_short
from assistant.sql import nodes, profile
from assistant.sql.buckets import bucket_of, code_of
from assistant.sql.compare import read
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

EVERYONE = rule({"all": []})
CUTS = {tag.code: [Decimal(0), Decimal(1), Decimal(30), Decimal(50000)] for tag in CATALOG.tags.values() if tag.numeric}
SHANGHAI = node_from_short({"tag": "home_org", "operator": "in", "value": ["31"]})


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def test_a_code_is_read_as_the_bucket_it_stands_for(small_engine: DuckDBEngine) -> None:
    """`customers` sorts by text, `spread` by code: they must count alike."""
    tags = list(CATALOG.tags.values())
    sorted_into = run(small_engine, profile.customers(EVERYONE, tags, QUALIFIER, CUTS))
    by_text = Counter((tag.code, cell or None) for _, *cells in sorted_into.rows for tag, cell in zip(tags, cells, strict=True))
    organisation = {tag.code for tag in tags if tag.values_from == "organisation"}
    spread = run(small_engine, profile.spread(EVERYONE, None, tags, [], QUALIFIER, CUTS))
    assert spread.columns == ("tag", "bucket", "n")
    by_code = {(str(tag), bucket): n for tag, bucket, n in spread.rows}
    assert {place: n for place, n in by_code.items() if place[0] not in organisation} == {
        place: n for place, n in by_text.items() if place[0] not in organisation
    }
    assert any(bucket is None for _, bucket in by_code)


def test_an_empty_cell_that_means_zero_is_where_zero_is(small_engine: DuckDBEngine) -> None:
    demand = CATALOG.tags["demand"]
    assert demand.null_means == "zero"
    for cuts, bucket in (([Decimal(-5), Decimal(0), Decimal(1)], "2"), ([Decimal(1)], "0"), ([Decimal(-1)], "1")):
        found = run(
            small_engine,
            profile.spread(
                EVERYONE, node_from_short({"tag": "demand", "operator": "is_absent"}), [demand], [], QUALIFIER, {"demand": cuts}
            ),
        )
        assert [name for _, name, _ in found.rows] == [bucket]


def test_a_spread_within_a_tag_adds_up_and_a_sample_is_of_the_keys_it_says(small_engine: DuckDBEngine) -> None:
    tags, gender = [CATALOG.tags[code] for code in ("age", "app", "opened")], CATALOG.tags["gender"]
    alone = run(small_engine, profile.spread(EVERYONE, SHANGHAI, tags, [], QUALIFIER, CUTS))
    within = run(small_engine, profile.spread(EVERYONE, SHANGHAI, tags, [gender], QUALIFIER, CUTS))
    assert within.columns == ("tag", "bucket", "by_0", "n")
    assert None not in within.column("by_0")
    sums: Counter[tuple[object, object]] = Counter()
    for tag, bucket, _, n in within.rows:
        sums[tag, bucket] += int(str(n))
    assert sums == {(tag, bucket): n for tag, bucket, n in alone.rows}
    everyone, even = (run(small_engine, profile.spread(EVERYONE, None, tags[:1], [], QUALIFIER, CUTS, one_in)) for one_in in (1, 2))
    assert 0 < sum(int(str(n)) for n in even.column("n")) < sum(int(str(n)) for n in everyone.column("n"))


def test_spreads_pass_the_guard_in_every_dialect() -> None:
    tags = list(CATALOG.tags.values())
    query = profile.spread(EVERYONE, SHANGHAI, tags, tags[1:3], QUALIFIER, CUTS, 20)
    for dialect in ("duckdb", "spark"):
        assert guard(query, CATALOG, dialect, QUALIFIER).text


@pytest.mark.parametrize("made", [bucket_of, code_of])
def test_a_number_without_cut_points(made: object) -> None:
    age = CATALOG.tags["age"]
    with pytest.raises(Fault, match="cut_points_missing"):
        (bucket_of if made is bucket_of else code_of)(read(age, nodes.column("age", "b")), EVERYONE, {})
