"""A rule at two dates: the parts, what they add up to, and what may not be shown of them."""

from __future__ import annotations

import pytest

from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import compare
from assistant.insight.compare import Comparison
from assistant.policy import Protection
from assistant.sql.query import Table
from assistant.sql.two_dates import BEHAVIOUR_NOW, IN_BASE_NOW, IN_BASE_THEN, NOW, TAGS_NOW, THEN
from tests.insight.rules import QUALIFIER, validated

RULE = validated({"tag": "mort_flag", "value": True})
OLD = IN_BASE_THEN | IN_BASE_NOW


def read(rows: dict[int, int]) -> Comparison:
    count = sum(n for mask, n in rows.items() if mask & NOW)
    return compare.read((Table(("mask", "n"), tuple(rows.items()), "q"),), RULE, RULE, count)


def test_a_count_that_the_parts_do_not_give_is_a_fault() -> None:
    with pytest.raises(Fault, match="compare_sum"):
        compare.read((Table(("mask", "n"), ((OLD | NOW, 5),), "q"),), RULE, RULE, 6)


def test_plan_is_one_query() -> None:
    assert [query.purpose for query in compare.plan(RULE, RULE, QUALIFIER)] == ["flow"]


@pytest.mark.parametrize(
    ("mask", "part"),
    [
        (OLD, None),
        (OLD | BEHAVIOUR_NOW | TAGS_NOW, None),
        (OLD | THEN | NOW, "stayed"),
        (IN_BASE_NOW | NOW | TAGS_NOW, "joined"),
        (IN_BASE_THEN | THEN | BEHAVIOUR_NOW, "left_bank"),
        (OLD | NOW | BEHAVIOUR_NOW, "entered.behaviour"),
        (OLD | NOW | TAGS_NOW, "entered.tags"),
        (OLD | NOW | BEHAVIOUR_NOW | TAGS_NOW, "entered.either"),
        (OLD | NOW, "entered.both"),
        (OLD | THEN | TAGS_NOW, "left.behaviour"),
        (OLD | THEN | BEHAVIOUR_NOW, "left.tags"),
        (OLD | THEN, "left.either"),
        (OLD | THEN | BEHAVIOUR_NOW | TAGS_NOW, "left.both"),
    ],
)
def test_what_alone_suffices(mask: int, part: str | None) -> None:
    assert compare.part_of(mask) == part


MASKS = {
    OLD: 900, OLD | THEN | NOW: 50, IN_BASE_NOW | NOW: 7, IN_BASE_THEN | THEN: 5, IN_BASE_NOW: 11, IN_BASE_THEN: 3,
    OLD | NOW | BEHAVIOUR_NOW: 21, OLD | NOW: 2, OLD | THEN | BEHAVIOUR_NOW: 30, OLD | THEN: 4,
}  # fmt: skip


def test_the_parts_add_up() -> None:
    found = read(MASKS)
    assert (found.count_then, found.count_now) == (50 + 5 + 30 + 4, 50 + 7 + 21 + 2)
    assert found.count_then + found.parts["joined"] + found.entered - found.parts["left_bank"] - found.left == found.count_now
    assert (found.base_then, found.base_now) == (900 + 50 + 5 + 3 + 21 + 2 + 30 + 4, 900 + 50 + 7 + 11 + 21 + 2 + 30 + 4)
    assert found.ways("entered") == {"behaviour": 21, "tags": 0, "either": 0, "both": 2}
    assert found.ways("left") == {"behaviour": 0, "tags": 30, "either": 4, "both": 0}


def test_facts() -> None:
    sheet = FactSheet(Protection(0))
    read(MASKS).facts(sheet)
    shown = {fact.id.removeprefix("compare."): fact.value for fact in sheet if fact.unit == "customers"}
    assert shown == {
        "count_then": 89, "count_now": 80, "base_then": 1015, "base_now": 1025, "net": -9, "change": 9,
        "joined": 7, "entered": 23, "stayed": 50, "left": 34, "left_bank": 5,
        "entered.behaviour": 21, "entered.tags": 0, "entered.either": 0, "entered.both": 2,
        "left.behaviour": 0, "left.tags": 30, "left.either": 4, "left.both": 0,
    }  # fmt: skip
    assert sheet["compare.then"].value == RULE.as_of
    assert sheet["compare.tags_now"].value == RULE.snapshot


def test_a_small_part_hides_the_others_of_its_sum() -> None:
    """Seven joined: told that 50 stayed and 80 are in, anybody could work it out from the rest."""
    sheet = FactSheet(Protection(20))
    read(MASKS).facts(sheet)
    assert sheet["compare.count_now"].value == 80
    assert sheet["compare.net"].value == -9
    assert all(sheet[f"compare.{part}"].suppressed for part in ("joined", "entered", "stayed", "left", "left_bank"))
    assert all(sheet[f"compare.{part}"].suppressed for part in ("entered.behaviour", "entered.both", "left.tags"))


def test_parts_that_are_large_enough_are_shown() -> None:
    sheet = FactSheet(Protection(20))
    read({OLD | THEN | NOW: 500, OLD | NOW | BEHAVIOUR_NOW: 60, OLD | THEN: 25, OLD | THEN | TAGS_NOW: 3}).facts(sheet)
    assert sheet["compare.left"].value == 28
    assert sheet["compare.entered.behaviour"].value == 60
    assert sheet["compare.left.either"].suppressed
    assert sheet["compare.left.behaviour"].floor == 20


def test_a_size_too_small_to_show_tells_nothing_of_its_change() -> None:
    sheet = FactSheet(Protection(20))
    read({OLD | THEN | NOW: 10, OLD | NOW | BEHAVIOUR_NOW: 300}).facts(sheet)
    assert sheet["compare.count_then"].suppressed
    assert sheet["compare.net"].suppressed


def test_the_customers_of_a_part_are_those_of_its_masks() -> None:
    (query,) = compare.plan_members(RULE, RULE, "joined", QUALIFIER)
    assert query.purpose == "flow_members"
