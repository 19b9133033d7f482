"""The base population at an earlier snapshot is one thing wherever all of its conditions are said, and nothing where one is missing."""

from __future__ import annotations

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.population import InBase, gathered, lone, named, population_at
from assistant.rule.canonical import canonical
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, Snapshot, TagCondition

CATALOG = TagCatalog.load()
LAST, EARLIER = Snapshot(unit="month"), Snapshot(unit="year")
BASE = population_at(CATALOG, LAST)
WOMEN = TagCondition(tag="gender", operator="in", value=("F",))


def test_it_is_the_catalogs_rule_at_the_snapshot() -> None:
    today = canonical(CATALOG.expand_all(CATALOG.base_rule))
    assert isinstance(today, AllOf)
    assert [one.model_copy(update={"snapshot": None}) for one in BASE] == list(today.children)
    assert {one.snapshot for one in BASE if isinstance(one, TagCondition)} == {LAST}


def test_among_other_conditions_it_stands_where_its_first_one_stood() -> None:
    assert named(AllOf(children=(BASE[0], WOMEN, *BASE[1:])), CATALOG) == (InBase(LAST, True), WOMEN)


def test_denied_it_is_any_of_its_denials() -> None:
    assert named(AnyOf(children=(WOMEN, *(Not(child=one) for one in BASE))), CATALOG) == (WOMEN, InBase(LAST, False))
    assert lone(AnyOf(children=tuple(Not(child=one) for one in BASE)), CATALOG) == InBase(LAST, False)


@pytest.mark.parametrize(
    "members",
    [
        BASE[:-1],
        (*BASE[:-1], *population_at(CATALOG, EARLIER)[-1:]),
        tuple(Not(child=one) for one in BASE),
        tuple(one.model_copy(update={"snapshot": None}) for one in BASE),
    ],
    ids=["one missing", "two snapshots", "none of them", "today"],
)
def test_anything_else_is_said_as_it_is(members: tuple[AnyNode, ...]) -> None:
    assert named(AllOf(children=members), CATALOG) == members
    assert named(AnyOf(children=BASE), CATALOG) == BASE


def test_gathered_it_is_one_group() -> None:
    assert gathered((WOMEN, *BASE), CATALOG) == (WOMEN, AllOf(children=BASE))
    assert gathered((WOMEN,), CATALOG) == (WOMEN,)
