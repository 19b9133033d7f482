"""How two groups of customers spread over the buckets of each tag, read from a profile. Law: shares are of customers with a known value, and an empty cell that means
"none" by the catalog's word is known (no card has no grade); a stored code that the catalog does not list is not, and organisation units stand with their branch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight.breakdown import unit_at
from assistant.insight.count import whole
from assistant.insight.statistics import Stratum
from assistant.sql.query import Cell, Table

ABSENT = ""
"""The bucket of customers who have none of what a tag tells of (the date of a loan never taken, the grade of no card). It counts among the known and is no trait."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Customers of the segment (`n`) and of those it is compared with (`rest`) by bucket; `unknown` of each have no known value."""

    n: Counter[str] = field(default_factory=Counter)
    rest: Counter[str] = field(default_factory=Counter)
    unknown: Counter[bool] = field(default_factory=Counter)
    """Customers without a known value: False of the segment, True of the rest."""

    @property
    def sizes(self) -> tuple[int, int]:
        """All customers of either side, known or not."""
        return self.n.total() + self.unknown[False], self.rest.total() + self.unknown[True]

    @property
    def of_holders(self) -> Spread:
        """The spread among those who have what the tag tells of."""
        n, rest = (Counter({bucket: n for bucket, n in side.items() if bucket != ABSENT}) for side in (self.n, self.rest))
        lacking = Counter({False: self.unknown[False] + self.n[ABSENT], True: self.unknown[True] + self.rest[ABSENT]})
        return Spread(n, rest, lacking)

    @property
    def all_hold(self) -> bool:
        """Whether everybody on one of two sides, and not everybody on the other, has what the tag tells of: which of them do is then another tag's finding, or the rule's
        own word, and only what they have is this one's."""
        return bool(self.n[ABSENT]) != bool(self.rest[ABSENT])

    def add(self, bucket: str | None, n: int, rest: int) -> None:
        if bucket is None:
            self.unknown[False] += n
            self.unknown[True] += rest
        else:
            self.n[bucket] += n
            self.rest[bucket] += rest

    def stratum(self, buckets: frozenset[str]) -> Stratum:
        """The two shares of some buckets."""
        inside, outside = (sum(side[bucket] for bucket in buckets) for side in (self.n, self.rest))
        return Stratum(inside, self.n.total(), outside, self.rest.total())


Spreads = Mapping[str, Spread]
"""Code of a tag -> its spread."""
Strata = Mapping[tuple[str, ...], Spreads]
"""Buckets of the tags of a group, one each -> the spreads within."""


def side_by_side(segment: Table, others: Table, within: bool) -> Table:
    """Two tables of `sql/profile.py: spread` as one of `joint`: the counts of the segment, then of the others. `within`: the others are counted with the segment
    among them, and it is subtracted."""
    counts: dict[tuple[Cell, ...], list[int]] = defaultdict(lambda: [0, 0])
    for *place, n in segment.rows:
        counts[tuple(place)][0] += whole(n)
        counts[tuple(place)][1] -= whole(n) if within else 0
    for *place, n in others.rows:
        counts[tuple(place)][1] += whole(n)
    return Table((*segment.columns, "rest_n"), tuple((*place, *pair) for place, pair in counts.items()), segment.query)


def strata(table: Table, catalog: TagCatalog, groups: Sequence[Sequence[Tag]]) -> tuple[Strata, ...]:
    """One a group, from the table of `sql/profile.py: joint` for them. A stratum of customers without a known value of
    one of its tags has that tag's bucket ""."""
    by = list({tag.code: None for group in groups for tag in group})
    places = {frozenset(tag.code for tag in group): number for number, group in enumerate(groups)}
    found: list[dict[tuple[str, ...], dict[str, Spread]]] = [defaultdict(lambda: defaultdict(Spread)) for _ in groups]
    placed: dict[tuple[str, Cell], str | None] = {}

    def bucket(code: str, cell: Cell) -> str | None:
        if (code, cell) not in placed:
            placed[code, cell] = bucket_of(catalog, catalog.tags[code], None if cell is None else str(cell))
        return placed[code, cell]

    for tag, cell, *by_cells, n, rest in table.rows:
        cells = {code: within for code, within in zip(by, by_cells, strict=True) if within is not None}
        number = places[frozenset(cells)]
        stratum = tuple(bucket(one.code, cells[one.code]) or "" for one in groups[number])
        found[number][stratum][str(tag)].add(bucket(str(tag), cell), whole(n), whole(rest))
    return tuple(found)


def together(parts: Strata) -> Spreads:
    """All strata of a group as one."""
    found: dict[str, Spread] = defaultdict(Spread)
    for spreads in parts.values():
        for code, spread in spreads.items():
            one = found[code]
            one.n.update(spread.n)
            one.rest.update(spread.rest)
            one.unknown.update(spread.unknown)
    return found


def comparable(parts: Strata) -> Strata:
    """The strata with each tag that all of one side have counted among those who have it."""
    told = {code for code, spread in together(parts).items() if spread.all_hold}
    if not told:
        return parts
    return {
        bucket: {code: spread.of_holders if code in told else spread for code, spread in spreads.items()}
        for bucket, spreads in parts.items()
    }


def turned_round(parts: Strata) -> Strata:
    """The same strata with the two groups in each other's place."""
    return {
        bucket: {
            code: Spread(spread.rest, spread.n, Counter({False: spread.unknown[True], True: spread.unknown[False]}))
            for code, spread in spreads.items()
        }
        for bucket, spreads in parts.items()
    }


def bucket_of(catalog: TagCatalog, tag: Tag, bucket: str | None) -> str | None:
    """The bucket under which a stored one is counted; None for no known value."""
    if not bucket:
        return ABSENT if tag.null_means == "none" else None
    if tag.values_from == "organisation":
        return (unit_at(catalog, bucket, "1")[1] or bucket) if bucket in catalog.organisation else None
    listed = catalog.values(tag)
    return bucket if tag.type != "enum" or not listed or any(value.code == bucket for value in listed) else None
