"""diff: what came, went and changed, blind to order and spelling."""

import pytest

from assistant.rule.canonical import canonical, text
from assistant.rule.diff import diff
from assistant.rule.short import node_from_short
from assistant.rule.tree import at

A = {"tag": "a", "operator": ">", "value": 1}
A2 = {"tag": "a", "operator": ">", "value": 2}
A9 = {"tag": "a", "operator": "<", "value": 9}
B = {"tag": "b", "value": ["x"]}
C = {"records": "login", "window": "rolling 30 day"}
C60 = {"records": "login", "window": "rolling 60 day"}
ANY = {"any": [A, B]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"all": []}, A, [("added", None, A)]),
        (A, {"all": []}, [("removed", A, None)]),
        ({"all": [A, B]}, {"all": [B, {"any": [A]}]}, []),
        ({"all": [A, B]}, {"all": [B, A, C]}, [("added", None, C)]),
        ({"all": [A, B, C]}, {"all": [B, A2, C60]}, [("changed", C, C60), ("changed", A, A2)]),
        ({"all": [A, A9]}, {"all": [A9, A2]}, [("changed", A, A2)]),
        ({"all": [A, B]}, C, [("removed", A, None), ("removed", B, None), ("added", None, C)]),
        ({"all": [A, B]}, {"all": [{"not": A}, B]}, [("changed", A, {"not": A})]),
        ({"all": [A, C]}, {"all": [ANY, C]}, [("changed", A, ANY)]),
        ({"all": [A, B]}, {"any": [{"all": [A, B]}, C]}, [("changed", {"all": [A, B]}, {"any": [{"all": [A, B]}, C]})]),
        ({"any": [A, C]}, A, [("changed", {"any": [A, C]}, A)]),
        (ANY, {"all": [ANY, C]}, [("added", None, C)]),
        (
            {"concept": "x"},
            {"concept": "x", "parameters": {"n": 3}},
            [("changed", {"concept": "x"}, {"concept": "x", "parameters": {"n": 3}})],
        ),
    ],
)
def test_diff(old: object, new: object, expected: list[tuple[str, object, object]]) -> None:
    found = diff(node_from_short(old), node_from_short(new))  # type: ignore[arg-type]

    def shown(short: object) -> str | None:
        return None if short is None else text(canonical(node_from_short(short)))  # type: ignore[arg-type]

    assert [(change.kind, change.old and text(change.old), change.new and text(change.new)) for change in found] == [
        (kind, shown(before), shown(after)) for kind, before, after in expected
    ]


def test_paths_lead_to_the_condition() -> None:
    old, new = node_from_short({"all": [A, B, C]}), node_from_short({"all": [C60, A, {"tag": "z", "value": True}]})
    for change in diff(old, new):
        place = at(canonical(old), change.path) if change.kind == "removed" else at(canonical(new), change.path)
        assert place == (change.old if change.kind == "removed" else change.new)
