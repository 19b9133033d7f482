"""What travels between compiler, guard and engine. Law: an engine takes only a GuardedQuery, and only `sql/guard.py` makes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlglot import exp

Cell = int | float | Decimal | str | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled statement, not yet believed. `purpose` names it in an answer (count, mask, persona, …); `ids` fill its only parameter, where it has one."""

    purpose: str
    tree: exp.Select
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class GuardedQuery:
    """Text that passed the guard, for one dialect. `fingerprint` identifies it in facts and audit; `lists`: the frozen lists it reads, which the engine must be given."""

    purpose: str
    text: str
    dialect: str
    fingerprint: str
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What an engine read: column names and all rows; `query` is the fingerprint of what produced it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    query: str

    def column(self, name: str) -> tuple[Cell, ...]:
        position = self.columns.index(name)
        return tuple(row[position] for row in self.rows)

    def scalar(self) -> Cell:
        """The only cell of a one-by-one table. ValueError otherwise."""
        if len(self.rows) != 1 or len(self.columns) != 1:
            raise ValueError(f"expected one cell, got {len(self.rows)} x {len(self.columns)}")
        return self.rows[0][0]
