"""A target is read as it was meant; the closest proposals come first, what is out of reach is told, and an empty segment is relaxed to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.facts import FactSheet
from assistant.insight.sizing import Cut, Sizing, Target, cut_by, steps, steps_at, target
from assistant.insight.thresholds import thresholds
from assistant.policy import Identity, Protection
from assistant.rule.edits import AddCondition, apply
from assistant.rule.tree import SegmentRule, at
from assistant.sql.compile import count
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule
from tests.sql.small_bank import CATALOG, QUALIFIER, rule


def rule_of(other: SegmentRule) -> ValidatedRule:
    return rule(other.node)


AUM = {"tag": "aum", "operator": ">=", "value": 80000}
DEMAND = {"tag": "demand", "operator": ">", "value": 50000}


def found(
    engine: DuckDBEngine, asked: ValidatedRule, wanted: Target | None, refused: Sequence[Decimal] = (), cut: Cut | None = None
) -> Sizing:
    def run(query: Query) -> Table:
        return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))

    def passes(changed: SegmentRule) -> bool:
        return not any(str(value) in changed.model_dump_json() for value in refused)

    present = int(str(run(count(asked, QUALIFIER)).scalar()))
    walk = steps(asked, wanted, present, passes, QUALIFIER, cut)
    queries: Sequence[Query] = ()
    while True:
        try:
            queries = walk.send([run(query) for query in queries]) if queries else next(walk)
        except StopIteration as end:
            sizing: Sizing = end.value
            return sizing


@pytest.mark.parametrize(
    ("detail", "inside", "outside"),
    [
        ("5000", (4500, 5500), (4499, 5501)),
        ("<=5000", (0, 5000), (5001,)),
        (">=5000", (5000, 9999), (4999,)),
        ("40..60", (40, 60), (39, 61)),
    ],
)
def test_a_target_is_about_so_many_unless_a_bound_was_said(detail: str, inside: Sequence[int], outside: Sequence[int]) -> None:
    wanted = target(detail, 5)
    assert all(wanted.reached(n) for n in inside)
    assert not any(wanted.reached(n) for n in outside)


def test_a_detail_that_is_no_target_is_no_target() -> None:
    with pytest.raises(ValueError, match="not a target"):
        target("many", 5)


@pytest.mark.parametrize(("detail", "aim"), [("0.5x", 50), ("2x", 200), ("0.001x", 1)])
def test_a_part_of_those_there_are_is_a_target(detail: str, aim: int) -> None:
    assert target(detail, 100) == target(str(aim), 0)


def test_every_proposal_is_what_asking_it_gives(small_engine: DuckDBEngine) -> None:
    asked = rule({"all": [AUM, DEMAND]})
    sizing = found(small_engine, asked, target("2", 5))
    assert sizing.reached
    assert sizing.proposals
    for one in sizing.proposals:
        query = guard(count(rule(apply(asked.rule, one.edit).node), QUALIFIER), CATALOG, small_engine.dialect, small_engine.qualifier)
        assert small_engine.execute(query).scalar() == one.point.n == 2


def test_what_no_number_reaches_is_told_with_the_nearest(small_engine: DuckDBEngine) -> None:
    sizing = found(small_engine, rule(AUM), target("100", 5))
    assert not sizing.reached
    assert [one.point.n for one in sizing.proposals] == [5], "the one with a negative balance stays out at 0"


def test_what_gate_1_refuses_is_not_proposed(small_engine: DuckDBEngine) -> None:
    free = found(small_engine, rule(AUM), target("2", 5)).proposals[0].point.value
    assert found(small_engine, rule(AUM), target("2", 5), [free]).proposals[0].point.value != free


@pytest.mark.parametrize("wanted", ["0", "<=1", "1", "2", "3", "4", "5", ">=5", "50"])
@pytest.mark.parametrize("value", [1, 80000, 500000])
def test_no_proposal_is_further_off_than_the_present(small_engine: DuckDBEngine, value: int, wanted: str) -> None:
    sizing = found(small_engine, rule({"tag": "aum", "operator": ">=", "value": value}), target(wanted, 5))
    aim = sizing.target
    assert aim is not None
    now = (not aim.reached(sizing.present), abs(sizing.present - aim.aim))
    assert all((not aim.reached(one.point.n), abs(one.point.n - aim.aim)) <= now for one in sizing.proposals[:1])


def test_an_empty_segment_is_relaxed_to_somebody(small_engine: DuckDBEngine) -> None:
    sizing = found(
        small_engine,
        rule({"all": [{"tag": "aum", "operator": ">", "value": 150000}, {"tag": "demand", "operator": ">", "value": 100000}]}),
        None,
    )
    assert sizing.present == 0
    assert [(one.path, one.point.value, one.point.n) for one in sizing.proposals] == [((0,), Decimal(100000), 1), ((1,), Decimal(50000), 1)]


def test_a_segment_without_numbers_has_nothing_to_propose(small_engine: DuckDBEngine) -> None:
    sizing = found(small_engine, rule({"tag": "app", "value": True}), target("2", 5))
    assert (sizing.curves, sizing.proposals, sizing.reached) == ((), (), False)


@pytest.mark.parametrize("short", [{"tag": "app", "value": True}, {"all": []}, {"all": [{"tag": "app", "value": True}, DEMAND]}])
def test_a_number_it_does_not_have_is_added_and_gives_what_asking_it_gives(small_engine: DuckDBEngine, short: dict[str, object]) -> None:
    asked = rule(short)
    cut = cut_by(asked, "aum", lambda other: rule_of(other))
    assert cut is not None
    sizing = found(small_engine, asked, target("2", 5), cut=cut)
    assert sizing.proposals
    assert sizing.keeps_value is None
    for one in sizing.proposals:
        assert isinstance(one.edit, AddCondition)
        larger = apply(asked.rule, one.edit)
        assert at(larger.node, one.path) == one.edit.node
        query = guard(count(rule_of(larger), QUALIFIER), CATALOG, small_engine.dialect, small_engine.qualifier)
        assert small_engine.execute(query).scalar() == one.point.n


def test_what_gate_1_refuses_is_no_number_to_cut_by(small_engine: DuckDBEngine) -> None:
    assert cut_by(rule({"tag": "app", "value": True}), "aum", lambda other: None) is None


def test_small_groups_are_hidden_in_every_part(small_engine: DuckDBEngine) -> None:
    sheet = FactSheet(Protection(20))
    found(small_engine, rule(AUM), target("2", 5)).facts(sheet)
    counts = [fact for fact in sheet if fact.unit == "customers" and fact.kind == "measured"]
    assert counts
    assert all(fact.suppressed or fact.value == 0 for fact in counts)


def test_a_step_that_may_not_be_told_is_no_proposal_and_a_larger_one_is_looked_for(small_engine: DuckDBEngine) -> None:
    asked, analyst = rule({"all": [AUM]}), Identity(role="analyst")
    shy = replace(asked, identity=analyst, catalog=replace(CATALOG, policy=CATALOG.policy.model_copy(update={"minimum_cell": 2})))
    anybody, careful, none = (
        found(small_engine, one, target(wanted, 3)) for one, wanted in ((asked, "4..5"), (shy, "4..5"), (shy, "4..4"))
    )
    assert {one.point.n for one in anybody.proposals} == {4}, "one customer more, which tells who it is"
    assert {one.point.n for one in careful.proposals} == {5}
    assert (anybody.untold, careful.untold, none.untold) == (False, False, True)
    assert 4 not in {one.point.n for one in none.proposals}
    sheet = FactSheet(Protection(2))
    careful.facts(sheet)
    assert sheet["size.proposal.0.n"].value == 5


@pytest.mark.parametrize("floor", [0, 2, 3])
def test_numbers_told_along_a_curve_are_nobody_or_enough_apart(small_engine: DuckDBEngine, floor: int) -> None:
    sizing = found(small_engine, rule({"all": [AUM]}), target("2..4", 5))
    sheet = FactSheet(Protection(floor))
    sizing.facts(sheet)
    hidden = 0
    for number, curve in enumerate(sizing.curves):
        facts = [sheet[f"size.{number}.{place}.n"] for place in range(len(curve.points))]
        assert facts[curve.points.index(curve.present)].value == curve.present.n
        told = [fact.value for fact in facts if isinstance(fact.value, int)]
        assert not any(0 < abs(one - other) < floor for one in told for other in told)
        hidden += len(facts) - len(told)
    assert bool(hidden) is bool(floor > 1)
    for place, one in enumerate(sizing.proposals):
        near = 0 < abs(one.point.n - sizing.present) < floor
        assert not near or all(sheet[f"size.proposal.{place}.{name}"].suppressed for name in ("n", "kept", "kept.share", "average"))


def test_values_asked_for_are_told_in_the_order_said_each_as_asking_it_gives(small_engine: DuckDBEngine) -> None:
    asked = rule(AUM)

    def run(query: Query) -> Table:
        return small_engine.execute(guard(query, CATALOG, small_engine.dialect, small_engine.qualifier))

    wanted = [Decimal(200000), Decimal(50000), Decimal(80000)]
    present = int(str(run(count(asked, QUALIFIER)).scalar()))
    walk = steps_at(asked, thresholds(asked)[0], wanted, present, lambda changed: "50000" not in changed.model_dump_json(), QUALIFIER)
    try:
        walk.send([run(query) for query in next(walk)])
    except StopIteration as end:
        sizing: Sizing = end.value
    assert sizing.title == "tried"
    assert [one.point.value for one in sizing.proposals] == [Decimal(200000), Decimal(80000)]
    for one in sizing.proposals:
        assert run(count(rule_of(apply(asked.rule, one.edit)), QUALIFIER)).scalar() == one.point.n
