"""Every number (and direction) an answer may mention. Law: a face, a narrative or JSON shows a number only if it is a Fact here.

Protection of small groups is applied in one place: `FactSheet.measured`, where a Table value becomes a Fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.policy import Protection

NO_PROTECTION = Protection(0)
FactUnit = Literal[
    "customers", "share", "CNY", "USD", "percent", "ratio", "number", "days", "calendar_year", "date", "name", "index", "points"
]
FactValue = int | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind` measured: read from the query with fingerprint `query`; given: a literal, date or name of the rule or the catalog.
    `suppressed`: a group under the smallest one that may be shown; its value is None and it renders as "< k"."""

    id: str
    value: FactValue
    unit: FactUnit
    kind: Literal["measured", "given"] = "measured"
    query: str | None = None
    suppressed: bool = False
    floor: int = 0
    exact: bool = False
    """Whether it is written to the last digit: what one customer has is held against a threshold, and must not look like it."""


@dataclass(slots=True)
class FactSheet:
    """Facts by id, in the order they were added. An id is given once."""

    protection: Protection
    _facts: dict[str, Fact] = field(default_factory=dict)
    _sealed: bool = False
    _closed: set[str] = field(default_factory=set)

    def _add(self, fact: Fact) -> Fact:
        if fact.id in self._facts and self._facts[fact.id] != fact:
            raise ValueError(f"fact {fact.id} has two values")
        self._facts[fact.id] = fact
        return fact

    def measured(
        self,
        identifier: str,
        value: int | Decimal | None,
        unit: FactUnit,
        query: str,
        group: int | None = None,
        cell: Protection = NO_PROTECTION,
        exact: bool = False,
    ) -> Fact:
        """A number from a query. `group` is the number of customers it describes (default: the value itself when it counts customers);
        a group that may not be shown comes back suppressed, with no value. `cell`: a protection that holds besides the sheet's own."""
        if self._sealed or self._within_closed(identifier):
            return self.withheld(identifier, unit, query)
        size = group if group is not None else (int(value) if unit == "customers" and value is not None else None)
        floors = [one.min_cell for one in (self.protection, cell) if size is not None and one.hides(size)]
        if floors:
            return self._add(Fact(identifier, None, unit, "measured", query, True, max(floors)))
        return self._add(Fact(identifier, value, unit, "measured", query, exact=exact))

    def withheld(self, identifier: str, unit: FactUnit, query: str) -> Fact:
        """A number that is not small itself but would give away one that is: suppressed without a floor to print."""
        return self._add(Fact(identifier, None, unit, "measured", query, True))

    def customers(self, identifier: str, n: int, query: str, withheld: bool) -> Fact:
        """A count of customers, `withheld` where it is not small but would give away one that is."""
        if withheld and not self.protection.hides(n):
            return self.withheld(identifier, "customers", query)
        return self.measured(identifier, n, "customers", query)

    def seal(self) -> None:
        """From here on nothing measured is shown: the segment lacks so few of everyone that any figure of it would be one of them too."""
        self._sealed = True

    def close(self, prefix: str) -> None:
        """From here on nothing measured under this id, or under one that begins with it and a dot, is shown."""
        self._closed.add(prefix)

    def _within_closed(self, identifier: str) -> bool:
        return any(identifier == prefix or identifier.startswith(f"{prefix}.") for prefix in self._closed)

    def given(self, identifier: str, value: FactValue, unit: FactUnit) -> Fact:
        """A literal, a date or a name that the rule or the catalog states."""
        return self._add(Fact(identifier, value, unit, "given"))

    def __getitem__(self, identifier: str) -> Fact:
        return self._facts[identifier]

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def as_mapping(self) -> Mapping[str, Fact]:
        return dict(self._facts)
