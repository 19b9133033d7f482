"""How far the readings of a choice agree. Law: readings that give the same customers are no choice; the answer then says which was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from assistant.facts import Fact, FactSheet
from assistant.insight.count import whole
from assistant.insight.disclosure import withheld
from assistant.sql import compile
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Overlap:
    """`counts` of each reading, `both[i][j]` customers in readings i and j, `all` in every one, `any` in at least one."""

    counts: tuple[int, ...]
    both: tuple[tuple[int, ...], ...]
    all: int
    any: int
    query: str
    held: Mapping[int, int]
    """Customers by the readings they are in, bit i for reading i; those in none with them."""

    def facts(self, sheet: FactSheet, prefix: str) -> tuple[tuple[Fact, Fact | None], ...]:
        """<prefix>.<i>, and <prefix>.<i>.shared with the first one but of the first: of each reading both. Withheld is what would give a small group away: the
        difference of two readings, where one is part of the other, or of one and those it shares, or the rest of the base."""
        sizes = {str(mask): n for mask, n in self.held.items() if n}

        def having(wanted: int) -> tuple[str, ...]:
            return tuple(str(mask) for mask, n in self.held.items() if n and mask & wanted == wanted)

        counted = {f"{prefix}.{place}": having(1 << place) for place in range(len(self.counts))}
        figures = counted | {f"{prefix}.{place}.shared": having(1 | 1 << place) for place in range(1, len(self.counts))}
        sets = {frozenset(groups) for groups in (*figures.values(), sizes)}
        guarded = {one - other for one, other in permutations(sets, 2) if other < one}
        hidden = withheld(sheet.protection, sizes, figures, [tuple(sizes)], guarded)

        def told(name: str) -> Fact:
            return sheet.customers(name, sum(sizes[group] for group in figures[name]), self.query, name in hidden)

        return tuple((told(name), told(f"{name}.shared") if place else None) for place, name in enumerate(counted))

    @property
    def same(self) -> bool:
        """Whether every reading gives exactly the same customers."""
        return self.all == self.any


def plan(rules: Sequence[ValidatedRule], qualifier: tuple[str, ...]) -> tuple[Query, ...]:
    """One mask query over all readings; they must share one base population."""
    return (compile.overlap(rules, qualifier),)


def read(tables: Sequence[Table], readings: int) -> Overlap:
    """From the table of `plan` for so many readings."""
    (table,) = tables
    held = [(whole(mask), whole(n)) for mask, n in table.rows]
    everything = (1 << readings) - 1

    def having(wanted: int) -> int:
        return sum(n for mask, n in held if mask & wanted == wanted)

    return Overlap(
        counts=tuple(having(1 << one) for one in range(readings)),
        both=tuple(tuple(having(1 << one | 1 << other) for other in range(readings)) for one in range(readings)),
        all=having(everything),
        any=sum(n for mask, n in held if mask & everything),
        query=table.query,
        held=dict(held),
    )
