"""How far the readings of a choice agree. Law: readings that give the same customers are no choice; the answer then says which was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.insight.count import whole
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
    )
