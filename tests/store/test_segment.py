"""What a saved segment means: its rule or its list, all the way down, and never itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.rule.tree import AllOf, AnyNode, Not, SegmentRef, TagCondition
from assistant.store.segment import EMPTY, Library, Policy, SavedSegment, Version, name_key

DAY = date(2026, 9, 24)
GOLD = TagCondition(tag="cust_tier", operator="in", value=("T3",))
WOMEN = TagCondition(tag="gender", operator="in", value=("F",))


def saved(identifier: str, *nodes: AnyNode, policy: Policy = "living", owner: str = "lihua", name: str = "") -> SavedSegment:
    versions = tuple(Version(number, node, policy, "", owner, "", DAY, "") for number, node in enumerate(nodes, 1))
    return SavedSegment(identifier, name or identifier, owner, "", False, False, versions)


A, B = SegmentRef(segment="a"), SegmentRef(segment="b")


def test_a_living_segment_is_its_rule_wherever_it_stands() -> None:
    library = Library("lihua", (saved("a", WOMEN, GOLD), saved("b", Not(child=A))))
    assert library.resolve(AllOf(children=(B, WOMEN))) == AllOf(children=(Not(child=GOLD), WOMEN))
    assert library.resolve(SegmentRef(segment="a", version=1)) == WOMEN
    assert list(library.faults(AllOf(children=(A, B)))) == []


def test_a_frozen_segment_stays_a_reference_to_its_version() -> None:
    library = Library("lihua", (saved("a", WOMEN, GOLD, policy="frozen", name="女性金卡"),))
    found = library.resolve(Not(child=A))
    assert found == Not(child=SegmentRef(segment="a", version=2))
    assert isinstance(found, Not)
    assert isinstance(found.child, SegmentRef)
    assert found.child.name == "女性金卡"
    assert library.resolve(found) == found


def test_what_is_not_there_is_named() -> None:
    library = Library("lihua", (saved("a", AllOf(children=(B,))),))
    assert [(code, one.segment) for code, one in library.faults(AllOf(children=(A, WOMEN)))] == [("segment_unknown", "a")]
    assert [code for code, _ in EMPTY.faults(A)] == ["segment_unknown"]
    assert [code for code, _ in library.faults(SegmentRef(segment="a", version=7))] == ["segment_unknown"]


@pytest.mark.parametrize("nodes", [(A, GOLD), (B, A), (AllOf(children=(Not(child=B),)), A)])
def test_a_circle_is_found(nodes: tuple[AnyNode, AnyNode]) -> None:
    library = Library("lihua", (saved("a", nodes[0]), saved("b", nodes[1])))
    assert {code for code, _ in library.faults(A)} == {"segment_circle"}


def test_using_one_twice_is_no_circle() -> None:
    library = Library("lihua", (saved("a", GOLD), saved("b", AllOf(children=(A, Not(child=A))))))
    assert list(library.faults(AllOf(children=(A, B)))) == []


def test_ones_own_stands_before_what_others_share() -> None:
    mine, theirs = saved("a", GOLD, name="重点客户"), saved("b", WOMEN, owner="wangwei", name="重点客户")
    other = replace(theirs, id="c", owner="zhaolei")
    assert Library("lihua", (mine, theirs)).named("重点 客户") == (mine,)
    assert Library("chenfang", (theirs, other)).named("重点客户") == (theirs, other)
    assert Library("lihua", (replace(mine, archived=True),)).named("重点客户") == ()


def test_references_are_called_as_their_segments_are_now() -> None:
    library = Library("lihua", (saved("a", GOLD, name="新名称"),))
    found = library.named_in(AllOf(children=(SegmentRef(segment="a", name="旧名称"), SegmentRef(segment="z", name="别人的"))))
    assert isinstance(found, AllOf)
    assert [one.name for one in found.children if isinstance(one, SegmentRef)] == ["新名称", "别人的"]


def test_who_uses_a_segment_is_known() -> None:
    library = Library("lihua", (saved("a", GOLD), saved("b", Not(child=A)), saved("c", A, WOMEN)))
    assert [one.id for one in library.uses("a")] == ["b"]


def test_names_are_folded_like_requests() -> None:
    assert name_key("理財 潛客") == name_key("理财潜客")
    assert name_key("Wealth  Prospects") == name_key("wealthprospects")
