"""What was done with a saved segment: saved, counted anew, and how far it is the same as others. Law: figures by queries alone; a part that may not be shown hides the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.sql.compile import MASK_PARTS
from assistant.sql.query import Query, Table
from assistant.store.segment import Refresh, SavedSegment
from assistant.validation.verdict import ValidatedRule

Action = Literal["saved", "version", "opened", "refreshed", "unmoved", "others", "archived", "restored", "renamed", "listed", "history"]
MOST_COMPARED = 60
"""Saved segments that a new one is compared with, the latest first."""
LEAST_OVERLAP = Decimal("0.5")
"""Share of either of two segments from which they are named as overlapping."""
MOST_OVERLAPS = 3
ALERT_SHARE = Decimal("0.1")
"""Share of the customers before from which coming and going is called much."""


@dataclass(frozen=True, slots=True)
class Overlapping:
    """Another saved segment of `n` customers, `both` of them in the new one of `of` customers."""

    segment: SavedSegment
    n: int
    both: int
    of: int
    query: str

    @property
    def same(self) -> bool:
        """Whether the two have exactly the same customers."""
        return self.n == self.both == self.of

    @property
    def near(self) -> bool:
        return bool(self.both) and (self.both >= LEAST_OVERLAP * self.of or self.both >= LEAST_OVERLAP * self.n)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done with saved segments, as they are now; `before`: the count before this one; `used_by`: the segments that refer to it."""

    action: Action
    segments: tuple[SavedSegment, ...]
    overlaps: tuple[Overlapping, ...] = ()
    before: Refresh | None = None
    counted: Refresh | None = None
    query: str = ""
    used_by: tuple[SavedSegment, ...] = ()
    history: tuple[Refresh, ...] = ()
    """Every count of it, oldest first, where its history is asked for."""

    @property
    def alert(self) -> bool:
        """Whether many came or went since the count before."""
        counted, before = self.counted, self.before
        moved = None if counted is None or counted.joined is None or counted.left is None else counted.joined + counted.left
        return before is not None and moved is not None and moved >= ALERT_SHARE * max(before.count, 1)

    def facts(self, sheet: FactSheet) -> None:
        """overlap.<i>.share (of the new one) and .back (of the other); kept.before, .joined, .left; kept.<i>.count of the segments listed; those of `counted_then` of each count of a history."""
        for number, one in enumerate(self.overlaps):
            hidden = any(sheet.protection.hides(part) for part in (one.both, one.of - one.both, one.n - one.both))
            for name, whole in (("share", one.of), ("back", one.n)):
                if hidden:
                    sheet.withheld(f"overlap.{number}.{name}", "share", one.query)
                else:
                    share = None if not whole else Decimal(one.both) / Decimal(whole)
                    sheet.measured(f"overlap.{number}.{name}", share, "share", one.query, group=one.both)
        if self.counted is not None and self.before is not None and self.counted.joined is not None and self.counted.left is not None:
            parts = {"joined": self.counted.joined, "left": self.counted.left}
            told = (
                *parts.values(),
                self.before.count,
                self.counted.count,
                self.before.count - self.counted.left,
            )  # those who stayed follow from the rest
            hidden = any(sheet.protection.hides(n) for n in told)
            for name, n in {"before": self.before.count, **parts}.items():
                if hidden and not sheet.protection.hides(n):
                    sheet.withheld(f"kept.{name}", "customers", self.query)
                else:
                    sheet.measured(f"kept.{name}", n, "customers", self.query)
        for earlier in self.history:
            counted_then(earlier, sheet)
        if self.action == "listed":
            for number, segment in enumerate(self.segments):
                if segment.refreshed is not None:
                    sheet.measured(f"kept.{number}.count", segment.refreshed.count, "customers", f"refresh {segment.id}")


def counted_then(one: Refresh, sheet: FactSheet) -> None:
    """refresh.<number>.count of a count that was kept, with .joined and .left where they are known."""
    for name, n in (("count", one.count), ("joined", one.joined), ("left", one.left)):
        if n is not None:
            sheet.measured(f"refresh.{one.number}.{name}", n, "customers", "store")


def plan(rule: ValidatedRule, others: Sequence[ValidatedRule], qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """Mask queries of the rule with as many others as fit beside it; all share one base population."""
    size = MASK_PARTS - 1
    return tuple(query for place in range(0, len(others), size) for query in overlap.plan([rule, *others[place : place + size]], qualifier))


def read(tables: Sequence[Table], segments: Sequence[SavedSegment]) -> tuple[Overlapping, ...]:
    """From the tables of `plan` for the segments whose rules were given: those alike, the most alike first."""
    size, found = MASK_PARTS - 1, []
    for place, table in enumerate(tables):
        here = segments[place * size : (place + 1) * size]
        seen = overlap.read((table,), len(here) + 1)
        found += [
            Overlapping(segment, seen.counts[number], seen.both[0][number], seen.counts[0], table.query)
            for number, segment in enumerate(here, 1)
        ]
    alike = [one for one in found if one.near]
    return tuple(sorted(alike, key=lambda one: (-Decimal(one.both) / (one.n + one.of - one.both), one.segment.name)))
