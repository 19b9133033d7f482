"""Compiled SQL and oracle agree, over every kind of node; a difference, were there one, is shown small."""

import pytest

from assistant.errors import Fault
from assistant.evaluate import agreement
from assistant.evaluate.agreement import OracleReport, Warehouse, opened, run_oracle, worlds
from assistant.validation.verdict import ValidatedRule

PAIRS = 200


@pytest.fixture(scope="module")
def report() -> OracleReport:
    return run_oracle(PAIRS, seed=2)


def test_no_rule_differs(report: OracleReport) -> None:
    assert report.differences == ()
    assert report.figures()["differences"] == 0
    assert report.pairs == PAIRS


def test_most_rules_select_some_and_not_all(report: OracleReport) -> None:
    assert report.selective_share >= 0.7


def test_every_kind_of_rule_is_drawn(report: OracleReport) -> None:
    nodes = {"all", "any", "concept", "not", "rank", "record", "sequence", "tag", "tag_comparison"}
    operators = {"<", "<=", "<>", "=", ">", ">=", "in", "not_in", "range", "within", "is_absent", "is_unknown"}
    windows = {"absolute", "ago", "calendar", "future", "rest_of", "rolling", "shifted", "yearly"}
    aggregates = {"count", "days", "sum", "avg", "min", "max", "first", "last"}
    expected = {f"node {name}" for name in nodes} | {f"operator {name}" for name in operators}
    expected |= {f"window {name}" for name in windows} | {f"aggregate {name}" for name in aggregates}
    assert expected <= set(report.histogram)


def test_a_seed_makes_the_same_world_again() -> None:
    (_, _, one), (_, _, other) = next(worlds(3, 5)), next(worlds(3, 5))
    assert one.tables == other.tables
    assert (one.as_of, one.today, one.scope) == (other.as_of, other.today, other.scope)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    run_oracle(45, seed=4, progress=lambda done, pairs: told.append((done, pairs)))
    assert told == [(40, 45), (45, 45)]


def test_a_difference_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warehouse that loses customer 1: every rule about them differs, and the smallest one shown is a single leaf or the base."""
    honest = Warehouse.members

    def forgetful(self: Warehouse, rule: ValidatedRule) -> frozenset[int]:
        return frozenset(customer for customer in honest(self, rule) if customer > 30)

    monkeypatch.setattr(Warehouse, "members", forgetful)
    monkeypatch.setattr(agreement, "MOST_SHOWN", 3)
    found = run_oracle(12, seed=1)
    assert found.differing >= 3
    for difference in found.differences:
        assert difference.where == "members"
        assert not difference.only_sql
        assert difference.only_oracle
        assert '"kind":"any"' not in difference.rule
        assert difference.rows["customer"]


def test_a_fault_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Warehouse, rule: ValidatedRule) -> frozenset[int]:
        raise Fault("engine_failed", query="x")

    monkeypatch.setattr(Warehouse, "members", broken)
    found = run_oracle(3, seed=1)
    assert [difference.where for difference in found.differences] == ["engine_failed(query=x)"] * 3


def test_the_mask_counts_like_the_members() -> None:
    _, random, world = next(worlds(6))
    with opened(world) as warehouse:
        rule = agreement.Author(random, world).steered()
        assert warehouse.masked(rule) == len(warehouse.members(rule)) == warehouse.count(rule)
