"""Only a rule of one plain behaviour has its change told by whose days it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from assistant.insight.behaviour import behaviour
from assistant.rule.tree import AllOf
from assistant.rule.window import DateSpan
from tests.insight.rules import validated

DAYS = {"kind": "absolute", "start": "2026-09-11", "end": "2026-09-20"}
VISITED = {"records": "zone_view", "window": DAYS}
MORTGAGE = {"tag": "mort_flag", "value": True}


def test_a_behaviour_by_itself() -> None:
    found = behaviour(validated(VISITED))
    assert found is not None
    assert (found.did.records, found.span) == ("zone_view", DateSpan(date(2026, 9, 11), date(2026, 9, 20)))
    assert found.among.node == AllOf()


def test_a_behaviour_of_some() -> None:
    found = behaviour(validated({"all": [MORTGAGE, VISITED]}))
    assert found is not None
    assert found.among.node == validated(MORTGAGE).rule.node


@pytest.mark.parametrize(
    "short",
    [
        MORTGAGE,
        {"records": "zone_view"},
        {**VISITED, "value": 3},
        {**VISITED, "operator": "=", "value": 0},
        {"all": [VISITED, {"records": "search", "window": DAYS}]},
        {"any": [VISITED, MORTGAGE]},
        {"all": [VISITED, {"not": {"records": "search", "window": DAYS}}]},
    ],
)
def test_no_behaviour_of_its_own(short: Mapping[str, object]) -> None:
    assert behaviour(validated(short)) is None
