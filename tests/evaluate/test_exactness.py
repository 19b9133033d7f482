"""Parts, funnels and breakdowns add up over random rules and dates; a part counted wrongly is told, with its rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.errors import Fault
from assistant.evaluate import exactness
from assistant.evaluate.exactness import Case, ExactnessReport, run_exactness
from assistant.insight import compare
from assistant.validation.verdict import ValidatedRule

PAIRS = 60


@pytest.fixture(scope="module")
def report() -> ExactnessReport:
    return run_exactness(PAIRS, seed=3)


def test_everything_adds_up(report: ExactnessReport) -> None:
    assert report.inexact == ()
    assert (report.pairs, report.figures()["failures"]) == (PAIRS, 0)


def test_customers_do_move(report: ExactnessReport) -> None:
    assert report.moved > PAIRS / 2
    assert all(report.by_part[part] for part in ("joined", "left_bank", "stayed", "entered.behaviour", "entered.tags", "left.tags"))


def test_a_part_counted_wrongly_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "part_of", lambda mask: "stayed" if mask & compare.NOW else None)
    found = run_exactness(5, seed=3, checks=(exactness.parts_of_a_change,))
    assert found.failures
    assert {one.check for one in found.inexact} == {"parts_of_a_change"}
    assert all(one.rule.startswith("{") and "tags" in one.then for one in found.inexact)


def test_a_fault_is_a_failure() -> None:
    def broken(case: Case) -> Iterator[str]:
        del case
        raise Fault("broken")
        yield ""

    assert run_exactness(3, seed=1, checks=(broken,)).failures == 3


def test_a_base_of_an_older_day_than_the_records_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ValidatedRule, "people", property(lambda rule: rule.snapshot))
    assert run_exactness(10, seed=3, checks=(exactness.parts_of_a_change,)).failures
