"""Faults sown into what the compiler is given are seen by the oracle."""

import pytest

from assistant.evaluate.faults import FAULTS, SeededFault, run_faults

BOUND = 600
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
    report = run_faults(160, seed=1, faults=tuple(fault for fault in FAULTS if fault.name in COMMON))
    assert report.missed == ()
    assert report.figures()["caught"] == len(COMMON)


@pytest.mark.slow
def test_every_fault_is_seen() -> None:
    report = run_faults(BOUND, seed=1)
    assert report.missed == ()


def test_a_rule_read_rightly_is_no_fault() -> None:
    report = run_faults(40, seed=1, faults=(SeededFault("none at all", lambda node, world: (node, world)),))
    assert report.missed == ("none at all",)
