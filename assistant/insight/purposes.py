"""Whom of a group the bank may contact, purpose by purpose. Law: one reason a customer and purpose, the first that holds, so that each column adds up to the group; what may not be shown in one
column does not follow from another.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.facts import FactSheet
from assistant.insight.contactable import LeftOut, held_by, left_out
from assistant.insight.disclosure import withheld
from assistant.policy import Purpose
from assistant.rule.tree import AnyNode
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

CONTACTING: tuple[Purpose, ...] = ("service", "marketing")
"""The purposes that leave somebody out; to analyse leaves out nobody."""


@dataclass(frozen=True, slots=True)
class ByPurpose:
    """A group by the reasons that hold of its customers: `reasons`, those that a service notice heeds (the first `serving`) before those that selling does; `held` as (mask, n)."""

    reasons: tuple[LeftOut, ...]
    serving: int
    held: tuple[tuple[int, int], ...]
    query: str

    @property
    def selected(self) -> int:
        return sum(n for _, n in self.held)

    def heeded(self, purpose: Purpose) -> range:
        """The reasons of a purpose, by their places."""
        return range({"analysis": 0, "service": self.serving, "marketing": len(self.reasons)}[purpose])

    def reachable(self, purpose: Purpose) -> int:
        """Those whom no reason of a purpose leaves out."""
        return sum(self._sizes[group] for group in self._left(purpose))

    def lost(self, place: int) -> int:
        """Those whom a reason leaves out, and none before it; the same for every purpose that heeds it."""
        return sum(self._sizes[group] for group in self._lost(place))

    def facts(self, sheet: FactSheet) -> None:
        """purposes.selected, purposes.<purpose> and purposes.<reason>.lost; nothing of a small one follows from the others, in one column or between two."""
        figures = {f"purposes.{purpose}": self._left(purpose) for purpose in CONTACTING}
        figures |= {f"purposes.{place}.lost": self._lost(place) for place in range(len(self.reasons))}
        told = {name: groups for name, groups in figures.items() if groups}
        hidden = withheld(sheet.protection, self._sizes, told, [frozenset(self._sizes)] if self._sizes else (), list(told.values()))
        sheet.measured("purposes.selected", self.selected, "customers", self.query)
        for name, groups in figures.items():
            sheet.customers(name, sum(self._sizes[group] for group in groups), self.query, name in hidden)

    @property
    def _sizes(self) -> dict[str, int]:
        return {str(mask): n for mask, n in self.held}

    def _left(self, purpose: Purpose) -> list[str]:
        heeded = (1 << len(self.heeded(purpose))) - 1
        return [str(mask) for mask, _ in self.held if not mask & heeded]

    def _lost(self, place: int) -> list[str]:
        return [str(mask) for mask, _ in self.held if mask & ((1 << place + 1) - 1) == 1 << place]


def reasons(catalog: TagCatalog, node: AnyNode, channels: Sequence[str] = ()) -> tuple[tuple[LeftOut, ...], int]:
    """The reasons of every purpose in the order they are heeded in, and how many of them a service notice heeds. KeyError for an unknown channel."""
    served = left_out(catalog, "service", node, channels)
    codes = {one.code for one in served}
    sold = tuple(one for one in left_out(catalog, "marketing", node, channels) if one.code not in codes)
    return (*served, *sold), len(served)


def steps(
    rule: ValidatedRule, why: tuple[LeftOut, ...], serving: int, excluded: Sequence[ValidatedRule], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], ByPurpose]:
    """One mask query for all purposes. `excluded`: for each reason, all customers of whom it holds."""
    held, query = yield from held_by(rule, excluded, qualifier)
    return ByPurpose(why, serving, held, query)
