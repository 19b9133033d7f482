"""Quartiles of the traits that are numbers: asked in one query, hidden where a quarter is too few people, none beside a matched baseline."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.facts import NO_PROTECTION, FactSheet
from assistant.insight import quartiles
from assistant.insight.persona import REST, Baseline, Persona, plan_spans, read_spans
from assistant.insight.traits import Trait
from assistant.sql.quartiles import COLUMNS, SIDES, figure_name
from assistant.sql.query import Table
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

RULE = rule({"tag": "app", "operator": "=", "value": True})
TAGS = [CATALOG.tags[code] for code in ("gender", "demand", "age")]
FIGURES = {
    "demand": (100, 10, 80000.5, 30, 400, 0, 0, 5),
    "age": (79, 20, 30, 40, 80, 50, 60, 70),
}  # fmt: skip
NAMES = tuple(figure_name(CATALOG.tags[code], side, name) for code in FIGURES for side in SIDES for name in COLUMNS)
FOUND = Table(NAMES, (tuple(cell for cells in FIGURES.values() for cell in cells),), "q")


def trait(tag: str) -> Trait:
    return Trait(tag, "1", 50, 100, 50, 400, Decimal("0.5"), Decimal("0.125"), 0.1, 0.2, 0.5, 0.0)


PERSONA = Persona(100, 400, tuple(trait(tag.code) for tag in TAGS), (), 3, 0, (), "q")


def test_one_query_for_all_numbers_and_none_without() -> None:
    assert len(plan_spans(PERSONA, RULE, QUALIFIER)) == 1
    assert plan_spans(replace(PERSONA, traits=(trait("gender"),)), RULE, QUALIFIER) == ()
    assert plan_spans(replace(PERSONA, baseline=Baseline("matched", matched_on=("gender",))), RULE, QUALIFIER) == ()
    assert plan_spans(replace(PERSONA, baseline=REST), RULE, QUALIFIER) == plan_spans(PERSONA, RULE, QUALIFIER)


def test_each_number_has_both_sides() -> None:
    found = read_spans([FOUND], PERSONA, RULE)
    assert [one.tag for one in found.spans] == ["demand", "age"]
    demand, age = found.spans
    assert demand.own == quartiles.Quartiles(100, Decimal(10), Decimal("80000.5"), Decimal(30))
    assert demand.rest == quartiles.Quartiles(400, Decimal(0), Decimal(0), Decimal(5))
    assert (age.own.middle, age.rest.high) == (30, 70)


def test_traits_told_in_another_order_keep_their_own_figures() -> None:
    """A trait whose finding is reversed within a group is told last, after its figures were asked for."""
    turned = read_spans([FOUND], replace(PERSONA, traits=PERSONA.traits[::-1]), RULE)
    assert {one.tag: one for one in turned.spans} == {one.tag: one for one in read_spans([FOUND], PERSONA, RULE).spans}
    assert [one.tag for one in turned.spans] == ["age", "demand"]


def test_a_quarter_too_small_to_be_shown_is_hidden() -> None:
    sheet = FactSheet(NO_PROTECTION)
    for one in read_spans([FOUND], PERSONA, RULE).spans:
        one.facts(sheet)
    assert sheet["persona.demand.quartiles.middle"].value == Decimal("80000.5")
    assert sheet["persona.demand.quartiles.middle"].unit == "CNY"
    assert sheet["persona.age.quartiles.middle"].suppressed  # 79 customers: a quarter of them is 19
    assert not sheet["persona.age.quartiles.rest.middle"].suppressed
