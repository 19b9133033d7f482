"""A grid in words: what is called the most is the most there is, or said to be that of the cells shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.grid import Cell, Grid
from assistant.insight.offers import offers
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences import grid
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from assistant.rule.edits import AddCondition
from tests.insight.rules import validated

RULE = validated({"tag": "mort_flag", "value": True})


def of_tiers(*cells: tuple[str, int, int]) -> Grid:
    """Women by tier: so many, and what they hold."""
    rows = tuple(tier for tier, _, _ in cells)
    found = tuple(Cell(tier, "F", n, n, Decimal(amount)) for tier, n, amount in cells)
    return Grid(None, "cust_tier", None, "gender", "aum_bal", found, rows, ("F",), sum(n for _, n, _ in cells), "CNY", "q")


def told(found: Grid, language: Language, sheet: FactSheet) -> list[str]:
    found.facts(sheet)
    texts = []
    for said in grid.sentences(found, Writer(RULE, sheet, language)):
        grounded = ground(NarrativeDraft((said,), language), sheet)
        assert isinstance(grounded, GroundedNarrative), said
        texts.append(grounded.text)
    return texts


@pytest.mark.parametrize(
    ("few", "language", "richest"),
    [
        (40, "zh", "最多的格子是"),
        (40, "en", "The cell with the largest"),
        (13, "zh", "在人数够多、可以显示的格子里，"),
        (13, "en", "Of the cells large enough to be shown, ["),
    ],
)
def test_the_richest_cell_is_the_richest_of_all_or_of_those_shown(few: int, language: Language, richest: str) -> None:
    """A cell of thirteen may be counted here, while what thirteen people hold may not be told."""
    _, second = told(of_tiers(("T1", 300, 900), ("T2", 100, 1000), ("T3", few, 5000)), language, FactSheet(Protection(0)))
    assert richest in second, second


def test_the_first_offer_is_the_cell_told() -> None:
    found, sheet = of_tiers(("T1", 300, 900), ("T2", 100, 1000), ("T3", 13, 5000)), FactSheet(Protection(0))
    _, second = told(found, "zh", sheet)
    first = offers([found], RULE.catalog, sheet)[0]
    assert "100人" in second
    assert first.count == "grid.cust_tier.gender.T2.F.n"
    assert isinstance(first.edit, AddCondition)
