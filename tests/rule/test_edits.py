"""edits: each changes what it says and nothing else; what does not fit is said with a code; history goes back and forth."""

import pytest
from pydantic import TypeAdapter

from assistant.errors import UserError
from assistant.rule.canonical import text
from assistant.rule.edits import (
    AddCondition,
    History,
    Redo,
    RemoveCondition,
    ReplaceCondition,
    RuleEdit,
    SetComparison,
    SetParameter,
    SetWindow,
    StartOver,
    Undo,
    apply,
)
from assistant.rule.short import node_from_short, window_from_short
from assistant.rule.tree import AnyNode, Quote, SegmentRule, TagCondition, at

A = {"tag": "a", "operator": ">", "value": 1}
B = {"tag": "b", "value": ["x"]}
C = {"records": "login", "where": {"amount": {"operator": ">", "value": 5}}, "window": "rolling 30 day"}


def rule(short: object) -> SegmentRule:
    return SegmentRule(node=node_from_short(short))  # type: ignore[arg-type]


def same(node: AnyNode, short: object) -> bool:
    return text(node) == text(node_from_short(short))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "how", "after"),
    [
        ({"all": []}, "and", A),
        ({"all": []}, "except", {"all": [{"not": A}]}),
        (B, "and", {"all": [B, A]}),
        ({"all": [B, C]}, "and", {"all": [B, C, A]}),
        ({"any": [B, C]}, "and", {"all": [{"any": [B, C]}, A]}),
        ({"all": [B, C]}, "or", {"any": [{"all": [B, C]}, A]}),
        ({"any": [B, C]}, "or", {"any": [B, C, A]}),
        ({"all": [B, C]}, "except", {"all": [B, C, {"not": A}]}),
        ({"rank": "a", "percent": 10}, "and", {"all": [{"rank": "a", "percent": 10}, A]}),
    ],
)
def test_add(before: object, how: str, after: object) -> None:
    edit = AddCondition.model_validate({"node": node_from_short(A), "how": how})
    assert same(apply(rule(before), edit).node, after)


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        (A, (), {"all": []}),
        ({"all": [A]}, (0,), {"all": []}),
        ({"all": [A, B]}, (0,), {"all": [B]}),
        ({"any": [A, B]}, (1,), {"any": [A]}),
        ({"all": [{"not": A}, B]}, (0, 0), {"all": [B]}),
        ({"all": [{"any": [A]}, B]}, (0, 0), {"all": [B]}),
        ({"all": [{"any": [A, C]}, B]}, (0, 0), {"all": [C, B]}),
        # An emptied AllOf inside would have turned into everyone, or under a Not into nobody.
        ({"any": [{"all": [A]}, B]}, (0, 0), {"any": [B]}),
        ({"all": [B, {"not": {"all": [A]}}]}, (1, 0, 0), {"all": [B]}),
        ({"not": {"any": [{"all": [A]}]}}, (0, 0, 0), {"all": []}),
        # The group of a rank goes, the rank stays.
        ({"rank": "a", "percent": 10, "within": A}, (0,), {"rank": "a", "percent": 10, "within": {"all": []}}),
        ({"rank": "a", "count": 3, "within": {"not": A}}, (0, 0), {"rank": "a", "count": 3, "within": {"all": []}}),
        (
            {"all": [{"rank": "a", "count": 3, "within": {"all": [A, B]}}, C]},
            (0, 0, 1),
            {"all": [{"rank": "a", "count": 3, "within": A}, C]},
        ),
    ],
)
def test_remove(before: object, path: tuple[int, ...], after: object) -> None:
    assert same(apply(rule(before), RemoveCondition(path=path)).node, after)


def test_replace() -> None:
    edit = ReplaceCondition(path=(1, 0), node=node_from_short(C))
    assert same(apply(rule({"all": [A, {"not": B}]}), edit).node, {"all": [A, {"not": C}]})


def test_set_comparison() -> None:
    start = rule({"all": [A, C]})
    said = (Quote(turn=2, start=0, end=4),)
    assert same(apply(start, SetComparison(path=(0,), value="100000")).node, {"all": [{**A, "value": 100000}, C]})
    changed = apply(start, SetComparison(path=(0,), operator="<=", value=3, said=said))
    assert same(changed.node, {"all": [{**A, "operator": "<=", "value": 3}, C]})
    assert at(changed.node, (0,)).said == said
    assert same(apply(start, SetComparison(path=(1,), value=4)).node, {"all": [A, {**C, "operator": ">=", "value": 4}]})
    filtered = apply(start, SetComparison(path=(1,), property="amount", value=9))
    assert same(filtered.node, {"all": [A, {**C, "where": {"amount": {"operator": ">", "value": 9}}}]})


def test_set_window() -> None:
    window = window_from_short("rolling 60 day")
    assert same(apply(rule({"all": [A, C]}), SetWindow(path=(1,), window=window)).node, {"all": [A, {**C, "window": "rolling 60 day"}]})
    dated = {"tag": "open_date", "within": "rolling 7 day"}
    assert same(apply(rule(dated), SetWindow(path=(), window=window)).node, {"tag": "open_date", "within": "rolling 60 day"})
    chain = {"first": {"records": "view", "window": "rolling 7 day"}, "then": {"records": "buy"}, "within_days": 7}
    wider = {**chain, "first": {"records": "view", "window": "rolling 60 day"}}
    assert same(apply(rule(chain), SetWindow(path=(), window=window)).node, wider)
    assert same(apply(rule(C), SetWindow(path=(), window=None)).node, {**C, "window": None})


def test_set_parameter() -> None:
    active = {"concept": "mobile_active", "parameters": {"days": 30}}
    assert same(apply(rule(active), SetParameter(path=(), name="days", value=60)).node, {**active, "parameters": {"days": 60}})
    both = {**active, "parameters": {"days": 30, "logins": 5}}
    assert same(apply(rule(active), SetParameter(path=(), name="logins", value=5)).node, both)
    top = {"rank": "a", "percent": 10}
    assert same(apply(rule(top), SetParameter(path=(), name="count", value=7)).node, {"rank": "a", "count": 7})
    chain = {"first": {"records": "view"}, "then": {"records": "buy"}, "within_days": 7}
    assert same(apply(rule(chain), SetParameter(path=(), name="within_days", value=3)).node, {**chain, "within_days": 3})


@pytest.mark.parametrize(
    ("before", "edit", "reason"),
    [
        (A, RemoveCondition(path=(0,)), "no_such_place"),
        ({"all": [A]}, RemoveCondition(path=(-1,)), "no_such_place"),
        ({"all": [A]}, SetComparison(path=(), value=1), "not_a_comparison"),
        (A, SetComparison(path=(), value=("x",), operator="range"), "value_does_not_fit"),
        (A, SetComparison(path=(), value=1, property="amount"), "no_such_filter"),
        (C, SetComparison(path=(), value=1, property="channel"), "no_such_filter"),
        (A, SetWindow(path=(), window=window_from_short("rolling 7 day")), "no_window"),
        ({"tag": "d", "within": "rolling 7 day"}, SetWindow(path=(), window=None), "value_does_not_fit"),
        (A, SetParameter(path=(), name="n", value=1), "no_such_parameter"),
        ({"rank": "a", "count": 3}, SetParameter(path=(), name="percent", value=101), "value_does_not_fit"),
        ({"rank": "a", "count": 3}, SetParameter(path=(), name="tag", value="b"), "no_such_parameter"),
        ({"all": []}, AddCondition(node=node_from_short(A), how="or"), "nothing_to_widen"),
    ],
)
def test_what_does_not_fit(before: object, edit: RemoveCondition, reason: str) -> None:
    with pytest.raises(UserError) as caught:
        apply(rule(before), edit)
    assert caught.value.code == "edit_not_possible"
    assert caught.value.params["reason"] == reason


def test_history() -> None:
    history = History()
    with pytest.raises(UserError, match="nothing_to_undo"):
        history.do(Undo())
    one = history.turn_to(rule(A))
    two = one.turn_to(rule({"all": [A, B]}))
    back = two.do(Undo())
    assert back.present == one.present
    assert back.do(Redo()) == two
    assert back.do(Undo()).present is None, "before the first condition there was none"
    assert back.do(Undo()).do(Redo()).do(Redo()) == two
    with pytest.raises(UserError, match="nothing_to_redo"):
        two.do(Redo())
    other = back.turn_to(rule(C))
    with pytest.raises(UserError, match="nothing_to_redo"):
        other.do(Redo())
    over = two.do(StartOver())
    assert over.present is None
    assert over.do(Undo()).present == two.present
    assert history.do(StartOver()) is history, "nothing to start over is no step"
    assert two.turn_to(rule({"all": [A, B]})) is two, "no change leaves nothing to undo"


def test_edits_travel_as_json() -> None:
    adapter: TypeAdapter[RuleEdit] = TypeAdapter(RuleEdit)
    for edit in (Undo(), SetComparison(path=(0, 1), operator=">=", value="5E+4"), AddCondition(node=node_from_short(C), how="except")):
        assert adapter.validate_json(adapter.dump_json(edit)) == edit


def test_words_stay_with_what_they_said() -> None:
    said = (Quote(start=0, end=3),)
    condition = TagCondition(tag="a", operator=">", value=1, said=said)
    new = apply(SegmentRule(node=condition), SetComparison(path=(), value=2, said=(Quote(turn=1, start=4, end=6),))).node
    assert [quote.turn for quote in new.said] == [0, 1]
