"""Saved segments: versions and counts are only added, only the owner changes one, and of two who change it at once one is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from assistant.errors import Fault, UserError
from assistant.rule.tree import AllOf, AnyNode, Not, SegmentRef, TagCondition
from assistant.store.change import Archive, Counted, Rename, Save, SegmentChange, Share
from assistant.store.open import Store
from assistant.store.segment import Refresh, Version, list_name
from assistant.store.segments import packed, unpacked
from tests.store.test_audit import ASKED

DAY = date(2026, 9, 24)
GOLD = TagCondition(tag="cust_tier", operator="in", value=("T3",))
RICH = TagCondition(tag="aum_bal", operator=">", value="50000")  # type: ignore[arg-type]


def save(
    name: str = "金卡客户", number: int = 1, node: AnyNode = GOLD, segment: str = "s1", members: tuple[int, ...] | None = (3, 5, 9)
) -> Save:
    counted = Refresh(number, number, DAY, "2026-09-25T01:00:00+00:00", "lihua", (), 3)
    return Save(segment, name, "", Version(number, node, "living", "金卡的客户", "lihua", "", DAY, "c4ta10g"), counted, members)


def do(store: Store, *changes: SegmentChange, user: str = "lihua") -> None:
    for change in changes:
        store.record(replace(ASKED, user=user), change)


def test_what_is_saved_is_read_back(opened: Callable[[], Store]) -> None:
    do(opened(), save(), save(number=2, node=AllOf(children=(GOLD, RICH))))
    (found,) = opened().library("lihua").segments
    assert (found.id, found.name, found.owner, found.policy, found.shared, found.archived) == (
        "s1",
        "金卡客户",
        "lihua",
        "living",
        False,
        False,
    )
    assert [(one.number, one.node, one.said, one.by, one.as_of) for one in found.versions] == [
        (1, GOLD, "金卡的客户", "lihua", DAY),
        (2, AllOf(children=(GOLD, RICH)), "金卡的客户", "lihua", DAY),
    ]
    assert found.refreshed is not None
    assert (found.refreshed.number, found.refreshed.count, found.refreshed.joined) == (2, 3, None)
    assert found.versions[0].at < found.versions[1].at


def test_each_change_is_in_the_audit_or_not_at_all(store: Store) -> None:
    do(store, save())
    with pytest.raises(UserError, match="segment_name_taken"):
        do(store, save(segment="s2"))
    assert store.audit.verify().rows == 1
    assert len(store.library("lihua").segments) == 1


@pytest.mark.parametrize("name", ["金卡客户", "金卡 客户", "金卡客戶", "Gold", "ＧＯＬＤ"])
def test_a_name_is_one_segments_however_it_is_written(store: Store, name: str) -> None:
    do(store, save("金卡客户"), save("gold", segment="s2"))
    with pytest.raises(UserError, match="segment_name_taken"):
        do(store, save(name, segment="s3"))
    do(store, save(name, segment="s4"), user="wangwei")
    assert [one.name for one in store.library("wangwei").named(name)] == [name]


def test_others_read_what_is_shared_and_change_nothing(store: Store) -> None:
    do(store, save())
    assert store.library("wangwei").segments == ()
    do(store, Share("s1"))
    assert [one.id for one in store.library("wangwei").segments] == ["s1"]
    for change in (
        save("x", number=2),
        Counted("s1", replace(save().counted, number=2), ()),
        Rename("s1", "x"),
        Archive("s1"),
        Share("s1", False),
    ):
        with pytest.raises(UserError, match="segment_not_yours"):
            do(store, change, user="wangwei")
    do(store, Share("s1", False))
    assert store.library("wangwei").segments == ()


def test_what_is_archived_stays_and_frees_its_name(store: Store) -> None:
    do(store, save(), Share("s1"), Archive("s1"))
    library = store.library("lihua")
    assert [one.archived for one in library.segments] == [True]
    assert (library.active, library.named("金卡客户")) == ((), ())
    assert store.library("wangwei").segments == ()
    do(store, save(segment="s2"))
    with pytest.raises(UserError, match="segment_name_taken"):
        do(store, Archive("s1", False))
    do(store, Rename("s2", "金卡二"), Archive("s1", False))
    assert [one.name for one in store.library("lihua").active] == ["金卡客户", "金卡二"]


def test_of_two_who_save_at_once_one_is_told(opened: Callable[[], Store]) -> None:
    stores = [opened(), opened()]
    do(stores[0], save())

    def again(number: int) -> str:
        try:
            do(stores[number % 2], save(number=2, node=Not(child=GOLD)))
        except UserError as error:
            return error.code
        return "saved"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(again, range(4)))
    assert told == ["saved", "segment_changed", "segment_changed", "segment_changed"]
    assert [one.number for one in stores[0].library("lihua").segments[0].versions] == [1, 2]


def test_a_count_follows_the_one_before(store: Store) -> None:
    do(store, save(), Counted("s1", Refresh(2, 1, DAY, "", "lihua", ("B1",), 4, 2, 1), (3, 5, 7, 11)))
    assert [(one.number, one.count, one.joined, one.left, one.branches) for one in store.segments.refreshes("s1")] == [
        (1, 3, None, None, ()),
        (2, 4, 2, 1, ("B1",)),
    ]
    assert store.last_members("s1") == (3, 5, 7, 11)
    with pytest.raises(UserError, match="segment_changed"):
        do(store, Counted("s1", Refresh(2, 1, DAY, "", "lihua", (), 4), ()))


def test_the_customers_of_every_version_of_a_frozen_segment_are_kept(store: Store) -> None:
    do(store, *(frozen(one) for one in (save(), save(number=2, members=(3, 4)), save(number=3, members=()))))
    do(store, save(number=4, members=(8,)))
    assert [store.members(list_name(SegmentRef(segment="s1", version=number))) for number in (1, 2, 3)] == [(3, 5, 9), (3, 4), ()]
    with pytest.raises(Fault, match="list_missing"):
        store.members("s1@5")


def frozen(change: Save) -> Save:
    return replace(change, version=replace(change.version, policy="frozen"))


def test_of_a_living_segment_only_the_last_customers_are_kept(store: Store) -> None:
    do(store, save(), save(number=2, members=(1,)))
    assert store.last_members("s1") == (1,)
    with pytest.raises(Fault, match="list_missing"):
        store.members("s1@1")


def test_too_many_customers_are_not_kept(store: Store) -> None:
    do(store, save(members=None))
    assert store.last_members("s1") is None


def test_ids_are_packed_and_unpacked() -> None:
    drawn = tuple(sorted(Random(3).sample(range(10**12), 5000)))
    for ids in ((), (0,), (7,), (1, 2, 3), drawn):
        assert unpacked(packed(ids)) == ids
    assert len(packed(tuple(range(50_000)))) < 2000


def test_a_rule_that_cannot_be_read_is_a_fault(store: Store) -> None:
    do(store, save())
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE segment_version SET rule = '{}'")
    with pytest.raises(Fault, match="store_damaged"):
        store.library("lihua")


@pytest.mark.parametrize("name", ["'; DROP TABLE segment; --", "\ud800", "a\0b", "<b>", "名" * 60, "\u202e"])
def test_any_name_can_be_kept(store: Store, name: str) -> None:
    do(store, save(name))
    assert len(store.library("lihua").segments) == 1
