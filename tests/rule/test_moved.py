"""Windows of given days move, relative ones do not; a holiday moves to its own days; two rules built alike can be put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from assistant.rule.moved import moved, with_records_of
from assistant.rule.short import node_from_short

HOLIDAYS = {"spring_2025": (date(2025, 2, 4), date(2025, 1, 28)), "spring_2026": (date(2026, 2, 15), date(2026, 2, 23))}


def days(start: str | None, end: str | None) -> dict[str, Any]:
    return {"kind": "absolute", "start": start, "end": end}


@pytest.mark.parametrize(
    ("before", "unit", "n", "after"),
    [
        (days("2026-09-11", "2026-09-20"), "year", -1, days("2025-09-11", "2025-09-20")),
        (days("2026-02-01", "2026-02-28"), "year", -2, days("2024-02-01", "2024-02-29")),
        (days("2026-03-31", "2026-03-31"), "month", -1, days("2026-02-28", "2026-02-28")),
        (days("2026-09-01", None), "month", -3, days("2026-06-01", None)),
        (days(None, "2026-06-30"), "month", -1, days(None, "2026-05-31")),
        (days("2026-02-15", "2026-02-23"), "year", -1, days("2025-01-28", "2025-02-04")),
        (days("2026-02-15", "2026-02-23"), "month", -1, days("2026-01-15", "2026-01-23")),
        ("rolling 30 day", "year", -1, "rolling 30 day"),
        ({"kind": "calendar", "unit": "month"}, "year", -1, {"kind": "calendar", "unit": "month"}),
        ({"kind": "shifted", "base": days("2026-09-11", "2026-09-20"), "unit": "month", "n": -1}, "year", -1,
         {"kind": "shifted", "base": days("2025-09-11", "2025-09-20"), "unit": "month", "n": -1}),
    ],
)  # fmt: skip
def test_windows(before: object, unit: Any, n: int, after: object) -> None:
    def rule(window: object) -> Mapping[str, Any]:
        tag = {"tag": "opened", "operator": "within", "value": window}
        records = {"records": "login", "window": window, "filters": [{"property": "due", "operator": "within", "value": window}]}
        sequence = {"sequence": {"records": "login", "window": window}, "then": {"records": "transfer"}, "within_days": 3}
        return {"all": [tag, {"not": records}, sequence]}

    if isinstance(before, str):
        before, after = ({"kind": "rolling", "unit": "day", "n": 30},) * 2
    assert moved(_node(rule(before)), unit, n, HOLIDAYS) == _node(rule(after))


def _node(short: Mapping[str, Any]) -> Any:
    tag, negated, sequence = short["all"]
    return node_from_short({"kind": "all", "children": [
        {"kind": "tag", **tag}, {"kind": "not", "child": {"kind": "record", **negated["not"]}},
        {"kind": "sequence", "first": sequence["sequence"], "then": sequence["then"], "within_days": 3},
    ]})  # fmt: skip


TAG, OTHER_TAG = {"tag": "aum", "operator": ">", "value": 1}, {"tag": "aum", "operator": ">", "value": 2}
LOGIN, TRANSFER = {"records": "login"}, {"records": "transfer"}


def test_tags_of_one_and_records_of_another() -> None:
    one, other = node_from_short({"any": [TAG, {"not": LOGIN}]}), node_from_short({"any": [OTHER_TAG, {"not": TRANSFER}]})
    assert with_records_of(one, other) == node_from_short({"any": [TAG, {"not": TRANSFER}]})


@pytest.mark.parametrize("other", [{"any": [TAG]}, {"all": [TAG, LOGIN]}, {"any": [LOGIN, TAG]}, TAG])
def test_rules_that_are_not_built_alike(other: Mapping[str, Any]) -> None:
    assert with_records_of(node_from_short({"any": [TAG, LOGIN]}), node_from_short(other)) is None
