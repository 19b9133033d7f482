"""One version of a segment against the one before it: how many there were, are, stayed, came and went. Law: all from one mask query, so that the figures add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.insight.count import share
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Change:
    """Customers of the version `before` and of the one `after` it; `both` are in either."""

    before: int
    after: int
    both: int
    query: str

    @property
    def entered(self) -> int:
        """Customers of the new version only."""
        return self.after - self.both

    @property
    def left(self) -> int:
        """Customers of the old version only."""
        return self.before - self.both

    @property
    def narrowed(self) -> bool:
        """Whether the new version is a part of the old one: 其中有多少 asks for its share of that."""
        return self.before > self.after == self.both > 0

    def facts(self, sheet: FactSheet) -> None:
        """change.before, .after, .both, .entered, .left, and .share of a version that is a part of the one before it. Of the three parts none is shown when one may not be: it would follow from the others; nor how many there were before, where that less those there are now is the part."""
        parts = {"both": self.both, "entered": self.entered, "left": self.left}
        hidden = any(sheet.protection.hides(n) for n in parts.values())
        sheet.customers("change.before", self.before, self.query, hidden and not (self.entered and self.left))
        sheet.measured("change.after", self.after, "customers", self.query)
        for name, n in parts.items():
            if hidden and not sheet.protection.hides(n):
                sheet.withheld(f"change.{name}", "customers", self.query)
            else:
                sheet.measured(f"change.{name}", n, "customers", self.query)
        if not self.narrowed:
            return
        if hidden:
            sheet.withheld("change.share", "share", self.query)
        else:
            sheet.measured("change.share", share(self.after, self.before), "share", self.query, group=self.after)


def plan(before: ValidatedRule, after: ValidatedRule, qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One query over both versions, which share one base population."""
    return overlap.plan([before, after], qualifier)


def read(tables: Sequence[Table]) -> Change:
    """From the table of `plan`."""
    found = overlap.read(tables, 2)
    return Change(found.counts[0], found.counts[1], found.both[0][1], found.query)
