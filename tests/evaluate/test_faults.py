"""Faults sown into what the compiler is given are seen by the oracle."""

from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType

import pytest

from assistant.catalog.model import Property, Tag
from assistant.evaluate.agreement import opened, worlds
from assistant.evaluate.faults import FAULTS, SeededFault, run_faults
from assistant.evaluate.generator import Author
from assistant.rule.tree import Snapshot
from assistant.rule.window import DateSpan, Tense, TimeWindow, resolve
from assistant.sql import compare, conditions, records
from assistant.validation.verdict import ValidatedRule

BOUND = 1_000
COMMON = (
    "> taken as >=",
    "no value meaning zero taken as unknown",
    "Not pushed into the comparison",
    "earlier snapshot ignored",
    "customers without records lost",
    "last filter dropped",
    "rank over everyone instead of its group",
    "row scope ignored",
)


def test_names_are_distinct_and_many() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 25


def test_common_faults_are_seen_soon() -> None:
    report = run_faults(320, seed=1, faults=tuple(fault for fault in FAULTS if fault.name in COMMON))
    assert report.missed == ()
    assert report.figures()["caught"] == len(COMMON)


@pytest.mark.slow
def test_every_fault_is_seen() -> None:
    report = run_faults(BOUND, seed=1)
    assert report.missed == ()


def test_a_rule_read_rightly_is_no_fault() -> None:
    report = run_faults(40, seed=1, faults=(SeededFault("none at all", lambda node, world: (node, world)),))
    assert report.missed == ("none at all",)


# Faults in the compiler's own code


def _seen(bound: int = 400) -> bool:
    """Whether a run of members against the oracle meets a difference within `bound` pairs."""
    done = 0
    for _, random, world in worlds(11):
        author = Author(random, world)
        with opened(world) as warehouse:
            for _ in range(20):
                rule = author.steered()
                if warehouse.members(rule) != world.members(rule.rule.node):
                    return True
                done += 1
        if done >= bound:
            return False
    raise AssertionError("worlds have no end")


def _day_later(window: TimeWindow, as_of: date, today: date, tense: Tense = "past") -> DateSpan:
    span = resolve(window, as_of, today, tense)
    return span if span.start is None else replace(span, start=span.start + timedelta(days=1))


def _alphabetical(item: Tag | Property) -> dict[str, int]:
    return {code: place for place, code in enumerate(sorted(value.code for value in item.values), 1)} if item.ordered else {}


def _current(rule: ValidatedRule, asked: Snapshot | None) -> date:
    return rule.snapshot


@pytest.mark.parametrize(
    ("module", "name", "faulty"),
    [
        (records, "resolve", _day_later),
        (compare, "resolve", _day_later),
        (records, "zero_satisfies", lambda asked: False),
        (compare, "rank_by_code", _alphabetical),
        (conditions, "snapshot_of", _current),
        (records, "_any_record", lambda asked: True),
    ],
    ids=["window of records", "window of dates", "zero", "ranks", "snapshots", "at least one"],
)
def test_faults_in_the_compiler_are_seen(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, faulty: object) -> None:
    monkeypatch.setattr(module, name, faulty)
    assert _seen()
