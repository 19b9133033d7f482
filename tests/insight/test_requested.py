"""What is said to be built is built: every kind of request is answered by an insight or by the walk itself."""

from __future__ import annotations

from assistant.insight.requested import REQUESTED
from assistant.interpret.interpretation import BUILT

KEEPING = {"save", "load", "segments", "refresh", "archive", "restore", "rename", "history", "call_list"}
BY_THE_WALK = {
    "segment",
    "count",
    "explain",
    "basis",
    "what_tags",
    "undo",
    "redo",
    "start_over",
    "strategies",
    "strategy_coverage",
} | KEEPING


def test_every_kind_that_is_built_has_one_home() -> None:
    assert set(REQUESTED) | BY_THE_WALK == set(BUILT)
    assert not set(REQUESTED) & BY_THE_WALK
