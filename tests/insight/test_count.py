"""Count, base and share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.catalog.model import BasePopulation, Text
from assistant.facts import FactSheet
from assistant.insight import count
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import QUALIFIER, validated


def tables(n: int, base: int) -> tuple[Table, Table]:
    return Table(("n",), ((n,),), "q1"), Table(("n",), ((base,),), "q2")


def test_plan_counts_segment_and_base() -> None:
    assert [query.purpose for query in count.plan(validated({"tag": "mort_flag", "value": True}), QUALIFIER)] == ["count", "base"]


def test_read() -> None:
    found = count.read(tables(1, 3))
    assert (found.n, found.base) == (1, 3)
    assert found.share == Decimal(1) / Decimal(3)
    assert count.read(tables(0, 0)).share is None


def test_facts_hide_a_small_group_and_its_share_but_not_an_empty_one() -> None:
    sheet = FactSheet(Protection(20))
    count.read(tables(19, 1000)).facts(sheet)
    assert sheet["count"].suppressed
    assert sheet["share"].suppressed
    assert sheet["share"].value is None
    assert sheet["base"].value == 1000
    empty = FactSheet(Protection(20))
    count.read(tables(0, 1000)).facts(empty)
    assert empty["count"].value == 0


@pytest.mark.parametrize("cell", [None, "3", True, Decimal("1.5")])
def test_a_cell_that_is_no_count_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match="not a count"):
        count.whole(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "columns", "kept"),
    [
        ({"tag": "gender", "value": ["F"]}, {"unknown_0": 7}, None),
        ({"not": {"tag": "gender", "value": ["F"]}}, {"unknown_0": 7, "kept_0": 5}, 5),
        ({"not": {"not": {"tag": "gender", "value": ["F"]}}}, {"unknown_0": 7}, None),
    ],
)
def test_unknown_customers_are_kept_by_what_excludes(rule: dict[str, object], columns: dict[str, int], kept: int | None) -> None:
    (found,) = count.read_unknown((Table(("n", *columns), ((1000, *columns.values()),), "q"),), validated(rule))
    assert (found.n, found.kept) == (7, kept)


@pytest.mark.parametrize(
    ("rule", "then"),
    [
        ({"tag": "gender", "value": ["F"]}, False),
        ({"tag": "gender", "snapshot": "month -1", "value": ["F"]}, True),
        ({"left": "cust_tier", "right": "cust_tier", "right_snapshot": "month -1", "operator": "<", "value": 0}, True),
    ],
)
def test_a_value_of_an_earlier_day_is_lacked_then(rule: dict[str, object], then: bool) -> None:
    found = count.read_unknown((Table(("n", "unknown_0"), ((1000, 7),), "q"),), validated(rule))
    assert [one.then for one in found] == [then]


def test_who_had_no_value_then_of_what_makes_the_base_was_not_in_it_and_that_is_known() -> None:
    was = {"tag": "gender", "snapshot": "month -1", "value": ["F"]}
    asked = validated(was)
    table = Table(("n", "unknown_0"), ((1000, 7),), "q")
    both = {"all": [{"tag": "gender", "value": ["F"]}, {"tag": "mort_flag", "value": True}]}
    header = asked.catalog.header.model_copy(update={"base_population": BasePopulation(rule=both, name=Text(zh="客户", en="customers"))})
    assert count.read_unknown((table,), asked) != ()
    assert count.read_unknown((table,), replace(asked, catalog=replace(asked.catalog, header=header))) == ()


@pytest.mark.parametrize(
    ("rule", "columns", "found"),
    [
        ({"tag": "aum_bal", "operator": "<=", "value": 100000}, {"none_0": 7}, [("aum_bal", 7)]),
        ({"tag": "aum_bal", "operator": "<", "value": 100000}, {"none_0": 0}, []),
        (
            {"all": [{"tag": "aum_bal", "operator": "<", "value": 9}, {"tag": "dep_demand_bal", "operator": "<", "value": 9}]},
            {"none_0": 7, "none_1": 3},
            [("aum_bal", 7), ("dep_demand_bal", 3)],
        ),
    ],
)
def test_who_has_none_of_what_has_an_upper_bound_is_told(
    rule: dict[str, object], columns: dict[str, int], found: list[tuple[str, int]]
) -> None:
    asked = validated(rule)
    assert len(count.plan_none(asked, QUALIFIER)) == 1
    none = count.read_none((Table(tuple(columns), (tuple(columns.values()),), "q"),), asked)
    assert [(one.tag, one.n) for one in none] == found


@pytest.mark.parametrize(
    "rule",
    [
        {"tag": "aum_bal", "operator": "<=", "value": 0},
        {"tag": "aum_bal", "operator": ">", "value": 5},
        {"not": {"tag": "aum_bal", "operator": "<", "value": 5}},
        {"tag": "mort_rate", "operator": "<", "value": 30},
    ],
)
def test_nobody_is_told_of_where_none_is_said_or_kept_out(rule: dict[str, object]) -> None:
    assert count.plan_none(validated(rule), QUALIFIER) == ()


def test_none_is_withheld_where_few_others_are_left() -> None:
    sheet = FactSheet(Protection(20))
    count.read(tables(100, 1000)).facts(sheet)
    count.none_facts([count.HavingNone("aum_bal", 90, "q"), count.HavingNone("dep_demand_bal", 50, "q")], sheet)
    assert sheet["none.aum_bal"].suppressed
    assert sheet["none.dep_demand_bal"].value == 50
