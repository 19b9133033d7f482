"""A figure at two dates: each over its own customers, and over the same ones; what follows of few is not told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.errors import Fault, UserError
from assistant.facts import FactSheet
from assistant.insight import figure_then
from assistant.insight.figure_then import FigureThen
from assistant.policy import Protection
from assistant.sql.query import Cell, Table
from tests.insight.rules import QUALIFIER, validated

RULE = validated({"tag": "mort_flag", "value": True})


def read(*cells: Cell, count: int = 120) -> FigureThen:
    names = ("n_0", "known_0", "value_0", "n_1", "known_1", "value_1", "same", "same_0", "same_1", "apart")
    return figure_then.read((Table(names, (cells,), "q"),), RULE, RULE, "aum_bal", "average", count)


def told(found: FigureThen, least: int = 0) -> set[str]:
    sheet = FactSheet(Protection(least))
    found.facts(sheet)
    return {fact.id.removeprefix(f"{found.id}.") for fact in sheet if not fact.suppressed}


def test_one_snapshot_has_nothing_to_compare_and_a_yes_no_no_figure() -> None:
    with pytest.raises(UserError, match="figure_same_tags"):
        figure_then.plan(RULE, RULE, "aum_bal", "average", QUALIFIER)
    with pytest.raises(Fault, match="metric_unfit"):
        figure_then.plan(RULE, RULE, "app_flag", "share", QUALIFIER)


def test_each_date_has_its_customers_and_the_same_ones_stand_beside() -> None:
    found = read(100, 90, Decimal(10), 120, 110, Decimal(8), 80, Decimal(11), Decimal(9), 20)
    assert (found.was.value, found.is_now.value, found.same_was, found.same_now) == (10, 8, 11, 9)
    assert told(found) == {
        "then", "now", "was", "was.n", "was.known", "is_now", "is_now.n", "is_now.known", "same", "same_was", "same_now",
    }  # fmt: skip
    with pytest.raises(Fault, match="compare_sum"):
        read(100, 90, Decimal(10), 120, 110, Decimal(8), 80, Decimal(11), Decimal(9), 20, count=121)


@pytest.mark.parametrize(("same", "apart"), [(106, 20), (80, 3)])
def test_the_same_customers_are_not_told_where_few_others_would_follow(same: int, apart: int) -> None:
    found = read(100, 100, Decimal(10), 120, 120, Decimal(8), same, Decimal(11), Decimal(9), apart)
    assert {"same", "same_was", "same_now"} <= told(found)
    assert not {"same", "same_was", "same_now"} & told(found, 20)
    assert {"was", "is_now"} <= told(found, 20)
