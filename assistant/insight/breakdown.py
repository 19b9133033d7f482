"""How a segment spreads over a dimension. Law: every customer is in exactly one row, so the rows add up to the count; groups of the base that the
segment does not reach are rows of zero, and customers without a value are a row of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight.count import share, whole
from assistant.insight.disclosure import withheld
from assistant.sql import compile, profile
from assistant.sql.buckets import COMING_DAYS, RECENT_DAYS
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

Level = Literal["region", "1", "2", "3"]
"""A level of the organisation: its number, or the region (an attribute of a unit, above the branches)."""

RowKind = Literal["value", "direct", "unassigned", "unknown"]
"""value: a value, bucket, unit or region. direct: customers of a unit above the level asked for, under no unit of that level.
unassigned: of a unit in no region. unknown: no value."""

_DATE_BUCKETS = (
    *(f"d{days}" for days in RECENT_DAYS), "older", "ahead", "past", *(f"in{days}" for days in COMING_DAYS), "later",
)  # fmt: skip
_LADDER = Decimal(1000)
"""A plausible range this many times as high as it is low is cut by orders of magnitude, a narrower one in equal steps."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A tag to break down by; `level` for a tag of organisation units, which are then taken together at that level."""

    tag: str
    level: Level | None = None

    @property
    def id(self) -> str:
        """The part of its fact ids that names it: one answer may break down more than once."""
        return self.tag if self.level is None else f"{self.tag}.{self.level}"


@dataclass(frozen=True, slots=True)
class Row:
    """`code`: the value, bucket, unit or region (None where there is none). `n` of the segment, `base_n` of the base population; `of`: the dimension."""

    kind: RowKind
    code: str | None
    n: int
    base_n: int
    of: Dimension


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Rows in reading order (ordered values and buckets in their own order, others by size), unknown last. `cuts`: cut points of a number's buckets."""

    dimension: Dimension
    rows: tuple[Row, ...]
    count: int
    cuts: tuple[Decimal, ...]
    next_level: Level | None
    """The level to offer instead, when the whole segment is in one unit."""
    query: str
    named: int = 1
    """How many of the largest rows are told in words (前三的分行)."""

    @property
    def groups(self) -> tuple[Row, ...]:
        """The rows that are a group, the largest first: not those without a value."""
        return tuple(sorted((row for row in self.rows if row.kind != "unknown"), key=lambda row: -row.n))

    @property
    def largest(self) -> tuple[Row, ...]:
        """As many of the largest groups as are told, and whichever have as many customers as the last of them."""
        reached = tuple(row for row in self.groups if row.n)
        return tuple(row for row in reached if row.n >= reached[: self.named][-1].n)

    def facts(self, sheet: FactSheet) -> None:
        """breakdown.<dimension>.named and .of (how many of how many groups are told, where it is several or several are as large); breakdown.<tag>[.<level>].<code>.n, .share (of the segment) and .base. Whoever may not see exact counts sees no small row, nor what gives one away."""
        hidden = self._withheld(sheet)
        if len(self.largest) > 1:
            sheet.given(f"breakdown.{self.dimension.id}.named", len(self.largest), "number")
            sheet.given(f"breakdown.{self.dimension.id}.of", len(self.groups), "number")
        for row in self.rows:
            name = f"breakdown.{row_id(row)}"
            sheet.customers(f"{name}.n", row.n, self.query, f"{name}.n" in hidden)
            if f"{name}.n" in hidden:
                sheet.withheld(f"{name}.share", "share", self.query)
            else:
                sheet.measured(f"{name}.share", share(row.n, self.count), "share", self.query, group=row.n)
            sheet.customers(f"{name}.base", row.base_n, self.query, f"{name}.base" in hidden)

    def _withheld(self, sheet: FactSheet) -> frozenset[str]:
        """Rows, count and base as one system: of each row the customers in the segment and the others of the base."""
        sizes: dict[str, int] = {}
        figures: dict[str, list[str]] = {}
        for row in self.rows:
            name = f"breakdown.{row_id(row)}"
            inside, outside = f"{name}.n", f"{name}.others"
            sizes |= {inside: row.n, outside: row.base_n - row.n}
            figures |= {inside: [inside], f"{name}.base": [inside, outside]}
        inside_all = [name for name in sizes if name.endswith(".n")]
        bases = [name for name in figures if name.endswith(".base")]
        others = [[name] for name in sizes if name.endswith(".others")]
        return withheld(sheet.protection, sizes, figures, [inside_all, list(sizes)], others, bases)


def row_id(row: Row) -> str:
    """A row's part of a fact id: its dimension and its code, "unknown" or "unassigned", a direct row told from the unit's own."""
    code = row.kind if row.code is None else f"{row.code}.direct" if row.kind == "direct" else row.code
    return f"{row.of.id}.{code}"


def plan(rule: ValidatedRule, dimension: Dimension, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query: by stored code for an enum, by bucket for a number, date or flag."""
    tag = rule.catalog.tags[dimension.tag]
    if tag.type == "enum":
        return (compile.breakdown(rule, tag, qualifier),)
    return (profile.profile(rule, [tag], qualifier, {tag.code: cut_points(tag)}),)


def read(tables: Sequence[Table], rule: ValidatedRule, dimension: Dimension, count: int) -> Breakdown:
    """From the table of `plan`. `count`: the segment's size; Fault `breakdown_sum` when the rows do not add up to it."""
    (table,) = tables
    tag = rule.catalog.tags[dimension.tag]
    if tag.type == "enum":
        held = [(None if code is None else str(code), whole(n), whole(base_n)) for code, n, base_n in table.rows]
    else:
        held = [(None if bucket is None else str(bucket), whole(n), whole(n) + whole(rest)) for _, bucket, n, rest in table.rows]
    placed = _grouped(
        ((*_place(rule.catalog, tag, dimension.level, code), n, base_n) for code, n, base_n in held), rule.catalog, tag, dimension
    )
    if sum(row.n for row in placed) != count:
        raise Fault("breakdown_sum", tag=tag.code)
    return Breakdown(dimension, placed, count, cut_points(tag), _next_level(rule.catalog, tag, dimension.level, placed), table.query)


def _place(catalog: TagCatalog, tag: Tag, level: Level | None, code: str | None) -> tuple[RowKind, str | None]:
    if code is None:
        return "unknown", None
    if tag.values_from == "organisation":
        if code not in catalog.organisation:
            return "unknown", None
        return ("value", code) if level is None else unit_at(catalog, code, level)
    if tag.type == "enum" and tag.values and catalog.value(tag, code) is None:
        return "unknown", None
    return "value", code


def unit_at(catalog: TagCatalog, code: str, level: Level) -> tuple[RowKind, str | None]:
    """Where a unit's customers stand at a level: its ancestor there (itself included), its region, or the nearest unit above when it has none."""
    unit = catalog.organisation[code]
    if level == "region":
        while unit.region is None and unit.parent is not None:
            unit = catalog.organisation[unit.parent]
        return ("value", unit.region) if unit.region is not None else ("unassigned", None)
    wanted = int(level)
    while unit.level > wanted and unit.parent is not None:
        unit = catalog.organisation[unit.parent]
    return ("value" if unit.level == wanted else "direct"), unit.code


def _grouped(cells: Iterable[tuple[RowKind, str | None, int, int]], catalog: TagCatalog, tag: Tag, dimension: Dimension) -> tuple[Row, ...]:
    sums: dict[tuple[RowKind, str | None], tuple[int, int]] = {}
    for kind, code, n, base_n in cells:
        so_far = sums.get((kind, code), (0, 0))
        sums[kind, code] = so_far[0] + n, so_far[1] + base_n
    rows = [Row(kind, code, n, base_n, dimension) for (kind, code), (n, base_n) in sums.items() if base_n]
    place = bucket_order(catalog, tag)
    ordered = tag.type != "enum" or tag.ordered
    kinds = ("value", "direct", "unassigned", "unknown")
    rows.sort(key=lambda row: (max(0, kinds.index(row.kind) - 1), 0 if ordered else -row.n, place(row.code or "")))
    return tuple(rows)


def bucket_order(catalog: TagCatalog, tag: Tag) -> Callable[[str], tuple[int, str]]:
    """A sort key for the codes or buckets of a tag: its own order where it has one, the catalog's otherwise."""
    if tag.numeric:
        return lambda bucket: (int(bucket or 0), bucket)
    if tag.type == "date":
        return lambda bucket: (_DATE_BUCKETS.index(bucket) if bucket in _DATE_BUCKETS else len(_DATE_BUCKETS), bucket)
    places = {value.code: number for number, value in enumerate(catalog.values(tag))}
    if tag.ordered:
        places = {value.code: value.rank or 0 for value in tag.values}
    return lambda code: (places.get(code, len(places)), code)


def _next_level(catalog: TagCatalog, tag: Tag, level: Level | None, rows: tuple[Row, ...]) -> Level | None:
    reached = [row for row in rows if row.n]
    if tag.values_from != "organisation" or level in (None, "3") or len(reached) != 1 or reached[0].kind != "value":
        return None
    if level == "region":
        return "1"
    below = {catalog.organisation[code].level for code in catalog.subtree(tag, (reached[0].code or "",))}
    deeper: tuple[Level, ...] = ("2", "3") if level == "1" else ("3",)
    return next((one for one in deeper if int(one) in below), None)


def cut_points(tag: Tag) -> tuple[Decimal, ...]:
    """Where a number is cut into left-closed buckets: the catalog's bands, else round figures over its plausible range. Where no value means zero,
    nothing at all is a bucket of its own. Empty for anything but a number."""
    if not tag.numeric:
        return ()
    cuts = set(tag.bands or _round_figures(tag))
    low = min(cuts, default=Decimal(0)) if tag.plausible is None else min(tag.plausible)
    if tag.null_means == "zero" and low >= 0:
        cuts = {cut for cut in cuts if cut > 0} | {smallest_step(tag)}
    return tuple(sorted(cuts))


def smallest_step(tag: Tag) -> Decimal:
    """The least amount above zero: one, or one hundredth of a unit."""
    return Decimal(1) if tag.type == "integer" else Decimal("0.01")


def _round_figures(tag: Tag) -> list[Decimal]:
    if tag.plausible is None:
        return [Decimal(0)]
    low, high = tag.plausible
    if low < 0:
        magnitudes = [Decimal(10) ** exponent for exponent in range(high.adjusted() - 5, high.adjusted())]
        return [*(-one for one in magnitudes), Decimal(0), *magnitudes]
    floor = low if low > 0 else Decimal(1)
    if high / floor >= _LADDER:
        return [
            figure
            for exponent in range(floor.adjusted(), high.adjusted() + 1)
            for figure in (Decimal(10) ** exponent, 5 * Decimal(10) ** exponent)
            if low <= figure <= high
        ]
    step = _round_step((high - low) / 10)
    if tag.type == "integer":
        step = max(step, Decimal(1))
    first = low // step + 1
    return [step * (first + number) for number in range(12) if step * (first + number) <= high]


def _round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is not less than `least`."""
    scale = Decimal(10) ** least.adjusted()
    return next(scale * figure for figure in (1, 2, 5, 10) if scale * figure >= least)
