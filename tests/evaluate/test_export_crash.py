"""Writers of lists killed without warning: what is seen is whole; and the check would see it if it were not."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from assistant.evaluate import export_crash
from assistant.evaluate.export_crash import run_export_crashes
from assistant.store.handed_over import manifest_of, publish
from assistant.store.open import open_store


def test_what_is_seen_is_whole(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    report = run_export_crashes(tmp_path, 3, 11, lambda done, of: steps.append((done, of)))
    assert report.held
    assert report.kills == 3
    assert report.unfinished >= 0
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("fault", ["cut", "changed", "no manifest", "another manifest", "not recorded"])
def test_a_list_that_is_not_whole_is_seen(tmp_path: Path, fault: str) -> None:
    path, store = tmp_path / "4.csv", open_store()
    publish(path, partial(export_crash._write, 4), export_crash._describe, partial(export_crash._record, store, 4))
    recorded = export_crash._recorded(store)
    store.close()
    assert export_crash._whole(path, 4, recorded)
    match fault:
        case "cut":
            path.write_bytes(path.read_bytes()[:-9])
        case "changed":
            path.write_bytes(path.read_bytes().replace(b"4\n", b"5\n", 1))
        case "no manifest":
            manifest_of(path).unlink()
        case "another manifest":
            manifest_of(path).write_text(json.dumps({"sha256": "0" * 64, "bytes": 1}), encoding="utf-8")
        case _:
            recorded = {}
    assert not export_crash._whole(path, 4, recorded)
