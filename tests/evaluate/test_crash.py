"""Writers killed without warning: nothing acknowledged is lost; and the check would see it if it were."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluate import crash
from assistant.evaluate.crash import act, run_crashes
from assistant.store.open import open_store


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = run_crashes(f"sqlite:///{tmp_path}/store.sqlite", 3, 7, lambda done, of: steps.append((done, of)))
    assert report.held
    assert report.figures()["kills"] == 3
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("acts", [1, 2, 3, 4, 5, 8])
def test_what_is_there_whole_is_whole_and_a_part_is_seen(acts: int) -> None:
    store = open_store()
    for number in range(acts):
        store.record(crash._event(number), act(number))
    assert crash._acts_there(store) == acts
    assert crash._torn(store, acts) == 0
    assert crash._torn(store, acts + 1) > 0
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE segment_refresh SET members = NULL")
    assert crash._torn(store, acts) > 0
    store.close()
