"""What can be set by hand: every handle gives an edit that the rule takes, numbers are read as people write them or not at all, and a reversal is taken back by another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.errors import UserError
from assistant.interpret.by_hand import Handle, edited, handles, removed, turned_round
from assistant.rule.edits import apply
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    Filter,
    Not,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SegmentRule,
    SequenceCondition,
    TagComparison,
    TagCondition,
)
from assistant.rule.window import Future, Rolling

MONEY = TagCondition(tag="dep_demand_bal", operator=">", value=Decimal(50000))
VISITS = RecordCondition(
    records="zone_view",
    filters=(Filter(property="zone", operator="in", value=("wealth",)),),
    window=Rolling(unit="day", n=30),
    operator=">=",
    value=Decimal(1),
)


@pytest.fixture(scope="module")
def catalog() -> TagCatalog:
    return TagCatalog.load()


def after(root: AnyNode, handle: Handle, given: str | Sequence[str], operator: str | None = None) -> AnyNode:
    return apply(SegmentRule(node=root), edited(root, handle, given, operator)).node


def test_a_number_is_read_as_people_write_it(catalog: TagCatalog) -> None:
    (handle,) = handles(MONEY, (), catalog)
    assert (handle.unit, handle.number, handle.operator) == ("CNY", Decimal(50000), ">")
    for said in ("10万", "100k", "100,000", "１０万元", " 100000 "):
        assert after(MONEY, handle, said) == MONEY.model_copy(update={"value": Decimal(100000)})
    assert after(MONEY, handle, "10万", ">=") == MONEY.model_copy(update={"value": Decimal(100000), "operator": ">="})
    for said in ("", "很多", "10万左右", "10万到20万", "30天", "10万美元", "5%", "十万八千里", "10万 20万"):
        with pytest.raises(UserError, match="by_hand_unread"):
            edited(MONEY, handle, said)


def test_each_part_of_a_record_condition_is_set_by_itself(catalog: TagCatalog) -> None:
    root = AllOf(children=(MONEY, VISITS))
    zone, times, window = handles(root, (1,), catalog)
    assert [one.what for one in (zone, times, window)] == ["codes", "number", "window"]
    assert [one.what for one in handles(root, (), catalog)] == ["number", "codes", "number", "window"]
    changed = after(root, zone, ["wealth", "loan"])
    assert isinstance(changed, AllOf)
    assert changed.children == (
        MONEY,
        VISITS.model_copy(update={"filters": (Filter(property="zone", operator="in", value=("wealth", "loan")),)}),
    )
    for said in ("3", "3次", "three"):
        assert after(VISITS, handles(VISITS, (), catalog)[1], said) == VISITS.model_copy(update={"value": Decimal(3)})
    assert after(VISITS, handles(VISITS, (), catalog)[2], "60天") == VISITS.model_copy(update={"window": Rolling(unit="day", n=60)})
    for said in ("0", "1.5", "2个月", "-3"):
        with pytest.raises(UserError, match="by_hand_unread"):
            edited(VISITS, handles(VISITS, (), catalog)[2], said)
    with pytest.raises(UserError, match="by_hand_empty"):
        edited(root, zone, [])


def test_the_other_kinds_of_condition(catalog: TagCatalog) -> None:
    aged = TagCondition(tag="age", operator="range", value=Range(low=Decimal(30), high=Decimal(40)))
    low, high = handles(aged, (), catalog)
    assert after(aged, high, "45").value == Range(low=Decimal(30), high=Decimal(45))  # type: ignore[union-attr]
    with pytest.raises(UserError, match="by_hand_unread"):
        edited(aged, low, "50")
    fallen = TagComparison(left="aum_bal", right="aum_bal", measure="relative_change", operator="<=", value=Decimal("-0.3"))
    (share,) = handles(fallen, (), catalog)
    assert (share.number, share.unit) == (Decimal(-30), "percent")
    assert after(fallen, share, "-20%") == fallen.model_copy(update={"value": Decimal("-0.2")})
    top = RankCondition(tag="aum_bal", count=100, within=MONEY)
    (count,) = [one for one in handles(top, (), catalog) if one.path == ()]
    assert after(top, count, "50") == top.model_copy(update={"count": 50})
    active = ConceptRef(concept="mobile_active")
    parameters = handles(active, (), catalog)
    assert parameters
    changed = after(active, parameters[0], "7")
    assert isinstance(changed, ConceptRef)
    assert dict(changed.parameters) == {parameters[0].name: Decimal(7)}
    for said in ("100,000", "0"):
        with pytest.raises(UserError, match="by_hand_range"):
            edited(active, parameters[0], said)
    seen = Records(records="zone_view", window=Rolling(unit="day", n=30))
    followed = SequenceCondition(first=seen, then=Records(records="zone_view"), within_days=7)
    (days,) = handles(followed, (), catalog)
    assert after(followed, days, "14天") == followed.model_copy(update={"within_days": 14})
    due = TagCondition(tag="time_next_mature", operator="within", value=Future(unit="day", n=30))
    (window,) = handles(due, (), catalog)
    assert after(due, window, "60") == due.model_copy(update={"value": Future(unit="day", n=60)})
    flag = TagCondition(tag="mort_flag", operator="=", value=True)
    assert handles(flag, (), catalog) == ()


@pytest.mark.parametrize(
    "node", [MONEY, VISITS, ConceptRef(concept="mobile_active"), TagCondition(tag="mort_flag", operator="=", value=True)]
)
def test_a_reversal_is_taken_back_by_another_and_a_removal_leaves_the_rest(node: AnyNode) -> None:
    rule = SegmentRule(node=AllOf(children=(MONEY, node)))
    once = apply(rule, turned_round(rule.node, (1,)))
    assert once.node != rule.node
    assert apply(once, turned_round(once.node, (1,))).node == rule.node
    assert apply(rule, removed((1,))).node == AllOf(children=(MONEY,))
    assert isinstance(apply(rule, turned_round(rule.node, (0,))).node.children[0], Not)  # type: ignore[union-attr]
