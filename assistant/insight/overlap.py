"""How far the readings of a choice agree. Law: readings that give the same customers are no choice; the answer then says which was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

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

    def facts(self, sheet: FactSheet, prefix: str, shared: bool = True) -> tuple[tuple[Fact, Fact | None], ...]:
        """<prefix>.<i>, and, where that is told (`shared`), <prefix>.<i>.shared with the first one but of the first: of each reading both. Withheld is what would give a small group away: the
        difference of two readings, where one is part of the other, or of one and those it shares, or the rest of the base; and of readings told alone those whom two have in common."""
        sizes = {str(mask): n for mask, n in self.held.items() if n}

        def having(wanted: int) -> tuple[str, ...]:
            return tuple(str(mask) for mask, n in self.held.items() if n and mask & wanted == wanted)

        counted = {f"{prefix}.{place}": having(1 << place) for place in range(len(self.counts))}
        both = {f"{prefix}.{place}.shared": having(1 | 1 << place) for place in range(1, len(self.counts)) if shared}
        figures = counted | both
        sets = {frozenset(groups) for groups in (*figures.values(), sizes)}
        guarded = {one - other for one, other in permutations(sets, 2) if other < one}
        if not shared:
            guarded |= {one & other for one, other in combinations(sets, 2)}
        hidden = withheld(sheet.protection, sizes, figures, [tuple(sizes)], guarded)

        def told(name: str) -> Fact:
            return sheet.customers(name, sum(sizes[group] for group in figures[name]), self.query, name in hidden)

        return tuple((told(name), told(f"{name}.shared") if f"{name}.shared" in both else None) for name in counted)

    def near(self, floor: int, rules: Sequence[str]) -> bool:
        """Whether two readings of different rules (by their fingerprints), or one and everybody beside another, differ by fewer than `floor` customers, so that only one of them can be told to whoever may
        not see so few. It does not matter where one of the two is as small itself."""
        everybody = sum(self.held.values())
        large = [place for place, n in enumerate(self.counts) if n >= floor]
        for one, other in combinations(large, 2):
            differ = sum(n for mask, n in self.held.items() if mask >> one & 1 != mask >> other & 1)
            if rules[one] != rules[other] and min(differ, everybody - differ) < floor:
                return True
        return False

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
