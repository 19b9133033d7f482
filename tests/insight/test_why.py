"""Condition by condition; a change is proposed only when it lets the customer in, and nothing is told of a customer who is not the asker's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assistant.catalog.model import Security
from assistant.engines.duckdb import DuckDBEngine
from assistant.facts import FactSheet
from assistant.insight.why import WhyIn, steps
from assistant.policy import Protection
from assistant.rule.edits import SetComparison, apply
from assistant.rule.tree import RecordCondition, SegmentRule, walk
from assistant.sql.compile import members
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

AUM = {"tag": "aum", "operator": ">", "value": 100000}
AGE = {"tag": "age", "operator": ">=", "value": 40}
LOGINS = {"records": "login", "operator": ">=", "value": 3, "window": {"kind": "rolling", "unit": "day", "n": 30}}
MEN = {"tag": "gender", "value": ["M"]}
TOP = {"rank": "aum", "count": 1, "within": {"all": []}}
RULES: tuple[Mapping[str, Any], ...] = (
    AUM, {"all": [AUM, AGE]}, {"all": [AUM, LOGINS, MEN]}, {"all": [{"any": [AUM, AGE]}, LOGINS]}, {"all": [{"not": LOGINS}, {"tag": "demand", "operator": "<", "value": 40000}]},
    {"all": [TOP, LOGINS]}, {"all": [MEN, {"tag": "credit", "operator": ">=", "value": 20000}]}, {"all": []},
)  # fmt: skip


def run(engine: DuckDBEngine, query: Query) -> Table:
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier), query.ids)


def why(engine: DuckDBEngine, asked: ValidatedRule, one: int) -> WhyIn:
    def validated(changed: SegmentRule) -> ValidatedRule:
        return replace(asked, rule=changed, expanded=changed.node)

    walk = steps(asked, one, validated, QUALIFIER)
    queries: Sequence[Query] | None = None
    while True:
        try:
            queries = next(walk) if queries is None else walk.send([run(engine, query) for query in queries])
        except StopIteration as end:
            found: WhyIn = end.value
            return found


@pytest.mark.parametrize("short", RULES, ids=str)
@pytest.mark.parametrize("one", [1, 2, 3, 4, 5, 6])
def test_in_or_out_is_what_the_segment_says_and_every_remedy_lets_in(
    small_engine: DuckDBEngine, short: Mapping[str, Any], one: int
) -> None:
    asked = rule(short)
    found = why(small_engine, asked, one)
    inside = {row[0] for row in run(small_engine, members(asked, QUALIFIER)).rows}
    assert found.known
    assert found.inside == (one in inside) == all(clause.held == "held" for clause in found.clauses)
    for remedy in found.remedies:
        after = {row[0] for row in run(small_engine, members(rule(apply(asked.rule, remedy.edit).node), QUALIFIER)).rows}
        assert one in after
        assert len(after) == remedy.n


def test_the_smallest_change_is_a_round_number_just_past_what_the_customer_has(small_engine: DuckDBEngine) -> None:
    found = why(small_engine, rule({"all": [AUM, LOGINS]}), 1)
    assert [clause.held for clause in found.clauses] == ["not", "held"]
    (figure,) = found.clauses[0].figures
    assert (figure.value, figure.gap) == (Decimal(60000), Decimal(40000))
    assert found.remedies[0].edit == SetComparison(path=(0,), value=Decimal(59000))
    assert len(found.remedies) == 2, "or the condition left out"


def test_a_condition_that_everybody_meets_is_no_change_of_it(small_engine: DuckDBEngine) -> None:
    """Who never logged in is let in by leaving the condition out, not by "at least 0 times"."""
    never = next(one for one in range(1, 7) if why(small_engine, rule(LOGINS), one).clauses[0].figures[0].value in (None, 0))
    found = why(small_engine, rule({"all": [MEN, LOGINS]}), never)
    assert all(not isinstance(one.edit, SetComparison) or one.edit.value != 0 for one in found.remedies)
    assert not any(
        isinstance(part, RecordCondition) and part.value == 0
        for one in found.remedies
        for _, part in walk(apply(rule({"all": [MEN, LOGINS]}).rule, one.edit).node)
    )


def test_what_is_not_known_is_told_apart_from_what_does_not_hold(small_engine: DuckDBEngine) -> None:
    found = why(small_engine, rule({"all": [AGE, MEN]}), 3)
    assert [clause.held for clause in found.clauses] == ["unknown", "unknown"]
    assert found.remedies == ()


def test_nothing_is_told_of_others(small_engine: DuckDBEngine) -> None:
    strangers = [why(small_engine, rule(AUM, scope=("31", "3101")), one) for one in (3, 7, 999)]
    assert {(one.known, one.inside, one.clauses, one.remedies) for one in strangers} == {(False, False, (), ())}


def test_a_sensitive_value_is_not_read(small_engine: DuckDBEngine) -> None:
    asked = rule({"all": [AUM, MEN]})
    secret = CATALOG.tags["gender"].model_copy(update={"security": Security(level=3, sensitive=True)})
    found = why(small_engine, replace(asked, catalog=replace(CATALOG, tags={**CATALOG.tags, "gender": secret})), 1)
    assert [len(clause.figures) for clause in found.clauses] == [1, 0]
    assert found.clauses[1].held == "not"


def test_figures_are_facts(small_engine: DuckDBEngine) -> None:
    sheet = FactSheet(Protection(0))
    why(small_engine, rule({"all": [AUM, LOGINS]}), 1).facts(sheet)
    assert sheet["why.0.0.value"].value == 60000
    assert sheet["why.0.0.gap"].value == 40000
    assert sheet["why.1.0.value"].value == 4
    assert sheet["why.remedy.0.n"].value == 2
