"""Every template is in one cell, and every cell of the framework is there."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog.load import TagCatalog
from assistant.facts import FactSheet
from assistant.insight.coverage import coverage
from assistant.policy import Protection

CATALOG = TagCatalog.load()


def test_the_cells_hold_every_template_once() -> None:
    found = coverage(CATALOG, listed=False)
    assert len(found.cells) == len(CATALOG.framework.lines) * len(CATALOG.framework.stages)
    assert sorted(one.code for one in found.strategies) == sorted(CATALOG.strategies)
    assert all((one.line, one.stage) == cell for cell, strategies in found.cells.items() for one in strategies)
    assert ("wealth", "referral") in found.missing


def test_the_figures_add_up() -> None:
    found, sheet = coverage(CATALOG, listed=False), FactSheet(Protection())
    found.facts(sheet)
    counts = [sheet[f"coverage.{line}.{stage}"].value for line, stage in found.cells]
    assert sum(int(str(n)) for n in counts) == sheet["coverage.strategies"].value == len(CATALOG.strategies)
    assert counts.count(0) == len(found.missing)
    assert sheet["coverage.filled"].value == len(counts) - len(found.missing)


def test_a_template_that_is_not_online_is_not_counted() -> None:
    code = "wealth_first_purchase"
    without = {**CATALOG.strategies, code: CATALOG.strategies[code].model_copy(update={"status": "draft"})}
    found = coverage(replace(CATALOG, strategies=without), listed=True)
    assert code not in {one.code for one in found.strategies}
