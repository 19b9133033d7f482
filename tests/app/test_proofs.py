"""What the eval commands decide: a threshold is met or named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.app.proofs import Thresholds, load_thresholds, prove_exactness, prove_oracle, prove_readers, prove_roundtrip, prove_shuffled
from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate.runner import Tally
from assistant.settings import Settings

LIMITS = Thresholds(silent_errors=0, exact_rule=0.95, customers=0.95, unnecessary_questions=0.03)


def test_every_broken_threshold_is_named() -> None:
    assert LIMITS.broken(Tally(cases=100, rule=(95, 100), customers=(95, 100), unnecessary=3)) == ()
    assert LIMITS.broken(Tally(cases=100, rule=(94, 100), customers=(95, 100), silent=1, unnecessary=4)) == (
        "silent_errors",
        "exact_rule",
        "unnecessary_questions",
    )


def test_the_thresholds_of_the_project_can_be_read(tmp_path: Path) -> None:
    assert load_thresholds(data_room("eval") / "thresholds.yaml", "dev").silent_errors == 0
    (tmp_path / "thresholds.yaml").write_text("dev: {silent_errors: many}", encoding="utf-8")
    with pytest.raises(UserError, match="case_file"):
        load_thresholds(tmp_path / "thresholds.yaml", "dev")


def test_the_oracle_ends_with_its_figures() -> None:
    told: list[str] = []
    prove_oracle(40, 0, 1, told.append)
    figures = json.loads(told[-1])
    assert figures["pairs"] == 40
    assert figures["differences"] == 0


def test_exactness_ends_with_its_figures() -> None:
    told: list[str] = []
    assert prove_exactness(10, 3, told.append)
    figures = json.loads(told[-1])
    assert (figures["pairs"], figures["failures"], figures["seed"]) == (10, 0, 3)
    assert any(line.startswith("joined") for line in told)


def test_phrases_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="phrase_file"):
        prove_readers(tmp_path / "none.jsonl", False, print)


def test_the_round_trip_ends_with_its_figures() -> None:
    told: list[str] = []
    assert prove_roundtrip(Settings(), 100, 3, 1, True, told.append)
    figures = json.loads(told[-1])
    assert figures["rules"] == 100
    assert figures["failures"] == 0
    assert any(line.startswith("node sequence") for line in told)


def test_shuffled_ends_with_its_figures(settings: Settings) -> None:
    told: list[str] = []
    prove_shuffled(settings, 2, 3, told.append)
    figures = json.loads(told[-1])
    assert (figures["runs"], figures["stated"]) == (2, 0.95)
    assert figures["intervals"] > 100
