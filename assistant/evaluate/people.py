"""The customers of a bank with their tags at one date, kept so that the tables of many insights can be counted from them. Law: buckets come through compiler, gate 2 and
engine; a table counted here is the one that SQL makes (`evaluate/stories.py` checks it).

One statement over all tags costs most of a second however small the bank, and a proof asks for a thousand of them; here each costs some sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from assistant.catalog.model import Tag
from assistant.insight import drivers, persona
from assistant.insight.breakdown import cut_points
from assistant.insight.spread import Spread, bucket_of
from assistant.insight.traits import splits
from assistant.sql import profile
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

Execute = Callable[[Query], Table]
Codes = NDArray[numpy.int32]
Mask = NDArray[numpy.bool_]
Days = NDArray[numpy.int64]
"""A number a customer, in the order of `People.ids`."""
MOMENTS = ("n", "n_before", "days", "days_before", "days_2", "days_before_2", "both")


@dataclass(frozen=True)
class People:
    """The base at one date: `ids` ascending, and for each tag its buckets and which one each customer is in."""

    rule: ValidatedRule
    ids: NDArray[numpy.int64]
    tags: tuple[Tag, ...]
    names: tuple[tuple[str, ...], ...]
    codes: tuple[Codes, ...]

    @classmethod
    def of(cls, everyone: ValidatedRule, qualifier: tuple[str, ...], execute: Execute) -> People:
        """The base of a rule of everyone."""
        tags = tuple(tag for tag in persona.usable_tags(everyone) if drivers.tells(tag))
        cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
        table = execute(profile.customers(everyone, tags, qualifier, cuts, keyed=True))
        columns = list(zip(*table.rows, strict=True))
        ids = numpy.array(columns[0], dtype=numpy.int64)
        order = numpy.argsort(ids)
        names: list[tuple[str, ...]] = []
        codes: list[Codes] = []
        for column in columns[2:]:
            listed = {name: place for place, name in enumerate(dict.fromkeys(column))}
            names.append(tuple(str(name) for name in listed))
            codes.append(numpy.array([listed[cell] for cell in column], dtype=numpy.int32)[order])
        return cls(everyone, ids[order], tags, tuple(names), tuple(codes))

    def days(self, done: Table, column: int) -> Days:
        """A column of `activity.days_of_each` for these customers; those who are not of this base are left out."""
        found = numpy.zeros(len(self.ids), dtype=numpy.int64)
        if not done.rows:
            return found
        ids = numpy.array([row[0] for row in done.rows], dtype=numpy.int64)
        numbers = numpy.array([row[column + 1] for row in done.rows], dtype=numpy.int64)
        places = numpy.minimum(numpy.searchsorted(self.ids, ids), len(self.ids) - 1)
        known = self.ids[places] == ids
        found[places[known]] = numbers[known]
        return found

    def moments(self, days: Days, before: Days) -> Table:
        """As `activity.contributions` of these customers."""
        active = numpy.flatnonzero((days > 0) | (before > 0))
        now, then = days[active].astype(float), before[active].astype(float)
        sums = (now > 0, then > 0, now, then, now**2, then**2, now * then)
        rows: list[tuple[Cell, ...]] = []
        for tag, names, codes in zip(self.tags, self.names, self.codes, strict=True):
            mine = codes[active]
            counted = [numpy.bincount(mine, weights=one, minlength=len(names)).astype(int).tolist() for one in sums]
            rows += [(tag.code, name or None, *numbers) for name, *numbers in zip(names, *counted, strict=True) if numbers[0] + numbers[1]]
        return Table(("tag", "bucket", *MOMENTS), tuple(rows), "people")

    def mask(self, tag: str, buckets: frozenset[str]) -> Mask:
        """The customers in one of a tag's buckets (as `spread.py: bucket_of` sorts them)."""
        catalog = self.rule.catalog
        place = next(number for number, one in enumerate(self.tags) if one.code == tag)
        inside = [bucket_of(catalog, self.tags[place], name) in buckets for name in self.names[place]]
        return numpy.array(inside, dtype=numpy.bool_)[self.codes[place]]

    def with_trait(self, tag: str, bucket: str) -> Mask:
        """The customers with a trait (see `traits.py: Trait.bucket`)."""
        catalog = self.rule.catalog
        place = next(number for number, one in enumerate(self.tags) if one.code == tag)
        buckets = {one for name in self.names[place] if (one := bucket_of(catalog, self.tags[place], name)) is not None}
        for split in splits(self.tags[place], catalog, Spread(n=Counter(dict.fromkeys(buckets, 1)))):
            if bucket in (split.bucket, split.outside):
                return self.mask(tag, split.inside if bucket == split.bucket else frozenset(buckets) - split.inside)
        return self.mask(tag, frozenset([bucket]))
