"""Which strategy templates there are for each business line at each stage of the customer's way, and which cells have none. Law: what the catalog holds; an empty cell is shown, never left away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Strategy
from assistant.facts import FactSheet


@dataclass(frozen=True, slots=True)
class Coverage:
    """The online templates by (line, stage), every pair of them in the framework's order. `listed`: each template is asked for, not only how many there are."""

    cells: Mapping[tuple[str, str], tuple[Strategy, ...]]
    listed: bool

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        return tuple(one for found in self.cells.values() for one in found)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """The cells without a template."""
        return tuple(cell for cell, found in self.cells.items() if not found)

    def facts(self, sheet: FactSheet) -> None:
        """coverage.strategies, .filled, .cells, and coverage.<line>.<stage> for each cell."""
        sheet.given("coverage.strategies", len(self.strategies), "number")
        sheet.given("coverage.filled", len(self.cells) - len(self.missing), "number")
        sheet.given("coverage.cells", len(self.cells), "number")
        for (line, stage), found in self.cells.items():
            sheet.given(f"coverage.{line}.{stage}", len(found), "number")


def coverage(catalog: TagCatalog, listed: bool) -> Coverage:
    """What the templates of a catalog cover."""
    online = [one for one in catalog.strategies.values() if one.status == "online"]
    return Coverage(
        {
            (line.code, stage.code): tuple(one for one in online if (one.line, one.stage) == (line.code, stage.code))
            for line in catalog.framework.lines
            for stage in catalog.framework.stages
        },
        listed,
    )
