"""Faults of a rule: each is one difference, and of the kind it is called."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from assistant.evaluate.mutated import FAULTS, Fault, mutations
from assistant.rule.canonical import canonical, text
from assistant.rule.short import node_from_short
from tests.interpret.reading import catalog

AMOUNT = {"tag": "dep_demand_bal", "operator": ">", "value": 50000}
LOGINS = {"records": "app_login", "window": "rolling 30 day", "operator": ">=", "value": 3}
MORTGAGE = {"tag": "mort_flag", "value": True}
WOMEN = {"tag": "gender", "value": ["F"]}


def made(short: Mapping[str, object], fault: Fault) -> set[str]:
    node = node_from_short(short)
    return {text(canonical(one.rule)) for one in mutations(node, catalog(), [node_from_short(WOMEN)]) if one.fault == fault}


def spelled(*shorts: Mapping[str, object]) -> set[str]:
    return {text(canonical(node_from_short(short))) for short in shorts}


@pytest.mark.parametrize(
    ("short", "fault", "wrong"),
    [
        (AMOUNT, "value", [{**AMOUNT, "value": 500000}]),
        (AMOUNT, "unit", [{**AMOUNT, "value": 5}]),
        (AMOUNT, "operator", [{**AMOUNT, "operator": "<"}]),
        (AMOUNT, "bound", [{**AMOUNT, "operator": ">="}]),
        (LOGINS, "value", [{**LOGINS, "value": 30}]),
        (LOGINS, "unit", [{**LOGINS, "window": "rolling 30 month"}]),
        (LOGINS, "window", [{**LOGINS, "window": "rolling 31 day"}]),
        (MORTGAGE, "negation", [{**MORTGAGE, "value": False}]),
        (LOGINS, "negation", [{"not": LOGINS}]),
        ({"not": LOGINS}, "negation", [LOGINS, {"not": {"not": LOGINS}}]),
        (WOMEN, "enum", [{"tag": "gender", "value": ["M"]}]),
        ({"all": [MORTGAGE, AMOUNT]}, "and_or", [{"any": [MORTGAGE, AMOUNT]}]),
        ({"any": [MORTGAGE, AMOUNT]}, "and_or", [{"all": [MORTGAGE, AMOUNT]}]),
        ({"all": [MORTGAGE, AMOUNT]}, "dropped", [MORTGAGE, AMOUNT]),
        (MORTGAGE, "dropped", []),
        (MORTGAGE, "invented", [{"all": [MORTGAGE, WOMEN]}]),
        ({"rank": "aum_bal", "count": 100}, "unit", [{"rank": "aum_bal", "percent": 100}]),
        ({"rank": "aum_bal", "count": 100}, "operator", [{"rank": "aum_bal", "count": 100, "direction": "bottom"}]),
    ],
)
def test_a_fault_is_what_it_is_called(short: Mapping[str, object], fault: Fault, wrong: list[Mapping[str, object]]) -> None:
    assert made(short, fault) >= spelled(*wrong)
    assert bool(made(short, fault)) == bool(wrong)


def test_a_swap_takes_the_same_value_and_another_tag_does_not() -> None:
    swapped = {one.wrong for one in mutations(node_from_short(AMOUNT), catalog(), ()) if one.fault == "swap"}
    others = {one.wrong for one in mutations(node_from_short(AMOUNT), catalog(), ()) if one.fault == "tag"}
    assert node_from_short({**AMOUNT, "tag": "dep_time_bal"}) in swapped
    assert node_from_short({**AMOUNT, "tag": "age"}) in others
    assert not swapped & others


def test_no_mutation_is_the_rule_itself() -> None:
    node = node_from_short({"all": [AMOUNT, LOGINS, {"not": MORTGAGE}, WOMEN]})
    found = list(mutations(node, catalog(), [node_from_short(AMOUNT)]))
    assert {one.fault for one in found} == set(FAULTS)
    assert all(one.rule != node and one.wrong != one.right for one in found)
