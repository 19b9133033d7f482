"""Two versions of a segment: who stayed, came and went; what may not be shown is not left to be worked out."""

from __future__ import annotations

from decimal import Decimal

from assistant.facts import FactSheet
from assistant.insight import change
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated


def read(*rows: tuple[int, int]) -> change.Change:
    return change.read((Table(("mask", "n"), rows, "q"),))


def test_plan_is_one_query() -> None:
    before, after = (validated({"tag": "mort_flag", "value": flag}) for flag in (True, False))
    assert [query.purpose for query in change.plan(before, after, QUALIFIER)] == ["overlap"]


def test_who_stayed_came_and_went() -> None:
    found = read((0, 500), (1, 30), (2, 4), (3, 70))
    assert (found.before, found.after, found.both, found.entered, found.left) == (100, 74, 70, 4, 30)


def test_facts() -> None:
    sheet = FactSheet(Protection(0))
    read((1, 30), (2, 4), (3, 70)).facts(sheet)
    assert {fact.id: fact.value for fact in sheet} == {
        "change.before": 100, "change.after": 74, "change.both": 70, "change.entered": 4, "change.left": 30,
    }  # fmt: skip


def test_a_small_group_hides_what_would_give_it_away() -> None:
    sheet = FactSheet(Protection(10))
    read((1, 30), (2, 4), (3, 70)).facts(sheet)
    assert [name for name in ("both", "entered", "left") if not sheet[f"change.{name}"].suppressed] == []
    assert sheet["change.before"].value == 100


def test_a_part_of_the_segment_before_tells_its_share_of_that() -> None:
    sheet = FactSheet(Protection(0))
    read((0, 500), (1, 92), (3, 8)).facts(sheet)
    assert sheet["change.share"].value == Decimal("0.08")
    hidden = FactSheet(Protection(10))
    read((0, 500), (1, 92), (3, 8)).facts(hidden)
    assert hidden["change.share"].suppressed
    for widened in ((2, 8), (3, 92)), ((3, 92),), ((1, 92),):
        other = FactSheet(Protection(0))
        read(*widened).facts(other)
        assert "change.share" not in other


def test_the_number_before_is_hidden_where_it_would_leave_the_small_part() -> None:
    """Ten left and nobody came: 70 before less 60 now are the ten. Where some came as well the two counts tell only the balance."""
    sheet = FactSheet(Protection(20))
    read((1, 10), (3, 60)).facts(sheet)
    assert sheet["change.before"].suppressed
    assert sheet["change.after"].value == 60
    both_ways = FactSheet(Protection(20))
    read((1, 10), (2, 30), (3, 60)).facts(both_ways)
    assert both_ways["change.before"].value == 70
