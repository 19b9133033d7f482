"""Frozen lists: a statement names them, the guard says which, and the engine puts them beside the warehouse for that statement alone."""

from __future__ import annotations

import pytest
from sqlglot import exp

from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, SegmentRef
from assistant.sql import compile, nodes
from assistant.sql.guard import guard
from assistant.sql.lists import lists_named
from assistant.sql.query import Query, Table
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

FIRST, SECOND = SegmentRef(segment="a", version=1), SegmentRef(segment="b", version=4)


def run(engine: DuckDBEngine, node: AnyNode, **lists: tuple[int, ...]) -> list[int]:
    named = {name.replace("_", "@"): ids for name, ids in lists.items()}
    return [int(str(one)) for one in asked(engine, compile.members(rule(node), QUALIFIER), named).column("one_id")]


def asked(engine: DuckDBEngine, query: Query, lists: dict[str, tuple[int, ...]]) -> Table:
    return engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER), lists=lists)


def test_those_on_the_list_and_in_the_base_are_found(small_engine: DuckDBEngine) -> None:
    everyone = run(small_engine, AllOf())
    some = tuple(everyone[1:4])
    assert run(small_engine, FIRST, a_1=(*some, 10**12)) == list(some)
    assert run(small_engine, FIRST, a_1=()) == []
    assert run(small_engine, Not(child=FIRST), a_1=some) == [one for one in everyone if one not in some]
    assert run(small_engine, AnyOf(children=(FIRST, SECOND)), a_1=some[:1], b_4=some[1:2]) == list(some[:2])
    assert run(small_engine, AllOf(children=(FIRST, SECOND)), a_1=some[:2], b_4=some[1:]) == list(some[1:2])


def test_count_and_mask_agree(small_engine: DuckDBEngine) -> None:
    everyone = run(small_engine, AllOf())
    lists = {"a@1": tuple(everyone[:2]), "b@4": tuple(everyone[1:3])}
    both = rule(AllOf(children=(FIRST, Not(child=SECOND))))
    assert asked(small_engine, compile.count(both, QUALIFIER), lists).scalar() == 1
    masks = asked(small_engine, compile.mask(both, (FIRST, SECOND), QUALIFIER), lists)
    assert {mask: n for mask, n in masks.rows if mask} == {1: 1, 2: 1, 3: 1}


def test_the_guard_names_the_lists_a_statement_reads() -> None:
    query = compile.count(rule(AllOf(children=(FIRST, Not(child=SECOND)))), QUALIFIER)
    assert set(guard(query, CATALOG, "duckdb", QUALIFIER).lists) == {"a@1", "b@4"} == set(lists_named(query.tree))
    assert guard(compile.count(rule(AllOf()), QUALIFIER), CATALOG, "duckdb", QUALIFIER).lists == ()


def test_a_list_is_gone_after_its_statement(small_engine: DuckDBEngine) -> None:
    run(small_engine, FIRST, a_1=(1,))
    with pytest.raises(Fault, match="engine_failed"):
        run(small_engine, FIRST)


@pytest.mark.parametrize("place", [("temp", "main"), ("main",), ("temp",), ("small_bank", "main")])
def test_nothing_else_in_the_temporary_schema_may_be_read(place: tuple[str, ...]) -> None:
    source = nodes.table(place, "frozen_list" if place != ("temp", "main") else "other", "f")
    tree = nodes.select([nodes.column("member_id", "f")], source)
    with pytest.raises(Fault, match="guard_refused"):
        guard(Query("members", tree), CATALOG, "duckdb", QUALIFIER)


def test_a_list_has_two_columns_only() -> None:
    tree = nodes.select([nodes.column("secret", "f")], nodes.table(("temp", "main"), "frozen_list", "f"))
    with pytest.raises(Fault, match="guard_refused"):
        guard(Query("members", tree), CATALOG, "duckdb", QUALIFIER)


def test_a_hostile_name_is_a_literal(small_engine: DuckDBEngine) -> None:
    hostile = SegmentRef(segment="x'); DROP TABLE customer; --", version=1)
    query = compile.count(rule(hostile), QUALIFIER)
    guarded = guard(query, CATALOG, "duckdb", QUALIFIER)
    assert guarded.lists == ("x'); DROP TABLE customer; --@1",)
    assert small_engine.execute(guarded, lists={guarded.lists[0]: (1,)}).scalar() in (0, 1)
    assert isinstance(query.tree, exp.Select)
