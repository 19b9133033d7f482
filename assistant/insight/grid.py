"""How a segment lies in the grid of two tags, such as activity by assets. Law: every customer is in one cell; rows, columns and cells add up to the count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.facts import FactSheet, FactUnit
from assistant.insight.breakdown import Level, bucket_order, cut_points, unit_at
from assistant.insight.count import share, whole
from assistant.insight.disclosure import withheld
from assistant.insight.thresholds import valued
from assistant.policy import PERSONA_CELL
from assistant.sql.cross import cross
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

UNKNOWN = ""
"""The bucket of customers without a known value."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `n` customers of the segment and `base_n` of the base; `amount`: the sum of the bank's value tag over those of the segment."""

    row: str
    column: str
    n: int
    base_n: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells row by row, in the tags' own order. `rows`, `columns`: the buckets that the segment reaches, unknown last; of a grid tag (`tag`, whose values the
    cells are) those that the base reaches. `level`: that of the organisation whose units the rows are."""

    tag: str | None
    row_tag: str
    level: Level | None
    column_tag: str
    amount_tag: str | None
    cells: tuple[Cell, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    count: int
    unit: FactUnit
    query: str

    def id(self, row: str | None, column: str | None) -> str:
        """The part of its fact ids that names a cell, a row (no column), a column (no row) or all."""
        place = ".".join("all" if one is None else one or "unknown" for one in (row, column))
        return f"grid.{self.row_tag}.{self.column_tag}.{place}"

    def total(self, row: str | None, column: str | None) -> int:
        """Customers of the segment in a row or a column."""
        return sum(cell.n for cell in self.cells if row in (None, cell.row) and column in (None, cell.column))

    def facts(self, sheet: FactSheet) -> None:
        """<id>.n and .share of cells, rows and columns; of cells also .base, .amount and .average (per customer). What gives a small group away is hidden too, and
        with the customers of a cell its amount, which is theirs times the average."""
        hidden = self._withheld(sheet)
        for cell in self.cells:
            name = self.id(cell.row, cell.column)
            self._size(sheet, name, cell.n, hidden)
            sheet.customers(f"{name}.base", cell.base_n, self.query, f"{name}.base" in hidden)
            if cell.amount is not None:
                for part, value in (("amount", cell.amount), ("average", None if not cell.n else cell.amount / cell.n)):
                    if f"{name}.n" in hidden:
                        sheet.withheld(f"{name}.{part}", self.unit, self.query)
                    else:
                        sheet.measured(f"{name}.{part}", value, self.unit, self.query, cell.n, PERSONA_CELL)
        for row, column in self._lines:
            self._size(sheet, self.id(row, column), self.total(row, column), hidden)

    @property
    def _lines(self) -> tuple[tuple[str | None, str | None], ...]:
        return (*((row, None) for row in self.rows), *((None, column) for column in self.columns))

    def _size(self, sheet: FactSheet, name: str, n: int, hidden: Collection[str]) -> None:
        """The customers of a cell or a line, and their share of the segment."""
        sheet.customers(f"{name}.n", n, self.query, f"{name}.n" in hidden)
        if f"{name}.n" in hidden:
            sheet.withheld(f"{name}.share", "share", self.query)
        else:
            sheet.measured(f"{name}.share", share(n, self.count), "share", self.query, group=n)

    def _withheld(self, sheet: FactSheet) -> frozenset[str]:
        """Cells, lines, count and base as one system: of each cell the customers in the segment and the others of the base."""
        sizes: dict[str, int] = {}
        figures: dict[str, list[str]] = {f"{self.id(row, column)}.n": [] for row, column in self._lines}
        for cell in self.cells:
            name = self.id(cell.row, cell.column)
            inside, outside = f"{name}.n", f"{name}.others"
            sizes |= {inside: cell.n, outside: cell.base_n - cell.n}
            figures |= {inside: [inside], f"{name}.base": [inside, outside]}
            for row, column in ((cell.row, None), (None, cell.column)):
                figures[f"{self.id(row, column)}.n"].append(inside)
        inside_all = [name for name in sizes if name.endswith(".n")]
        bases = [name for name in figures if name.endswith(".base")]
        others = [[name] for name in sizes if name.endswith(".others")]
        return withheld(sheet.protection, sizes, figures, [inside_all, list(sizes)], others, bases)


def axes_of(catalog: TagCatalog, tag: Tag) -> tuple[Tag, Tag] | None:
    """The two tags whose values the cells of a grid tag are made of: rows, then columns. None for any other tag."""
    if tag.axes is None:
        return None
    row, column = tag.axes
    return catalog.tags[row], catalog.tags[column]


def plan(rule: ValidatedRule, row_tag: Tag, column_tag: Tag, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query: both tags, and the sum of what the bank values a customer by."""
    cuts = {tag.code: cut_points(tag) for tag in (row_tag, column_tag) if tag.numeric}
    return (cross(rule, row_tag, column_tag, _amount(rule), qualifier, cuts),)


def _amount(rule: ValidatedRule) -> Tag | None:
    return valued(rule)


def read(
    tables: Sequence[Table], rule: ValidatedRule, tag: str | None, row_tag: Tag, column_tag: Tag, count: int, level: Level | None = None
) -> Grid:
    """From the table of `plan`. `count`: the segment's size; Fault `grid_sum` when the cells do not add up to it."""
    (table,) = tables
    amount = _amount(rule)
    listed = (_listed(rule.catalog, row_tag), _listed(rule.catalog, column_tag))
    sums: dict[tuple[str, str], tuple[int, int, Decimal | None]] = {}
    for row, column, n, base_n, summed in table.rows:
        place = (_unit(rule.catalog, _known(str(row), listed[0]), level), _known(str(column), listed[1]))
        before = sums.get(place, (0, 0, None))
        value = before[2] if summed is None else (before[2] or Decimal(0)) + Decimal(str(summed))
        sums[place] = before[0] + whole(n), before[1] + whole(base_n), value
    if sum(n for n, _, _ in sums.values()) != count:
        raise Fault("grid_sum", rows=row_tag.code, columns=column_tag.code)
    shown = [place for place, (n, _, _) in sums.items() if n or tag is not None]
    rows, columns = (_in_order(rule.catalog, item, {place[axis] for place in shown}) for axis, item in enumerate((row_tag, column_tag)))
    cells = tuple(Cell(row, column, *sums[row, column]) for row in rows for column in columns if (row, column) in sums)
    unit: FactUnit = "USD" if amount is not None and amount.unit == "USD" else "CNY"
    return Grid(
        tag, row_tag.code, level, column_tag.code, None if amount is None else amount.code, cells, rows, columns, count, unit, table.query
    )


def _listed(catalog: TagCatalog, tag: Tag) -> frozenset[str] | None:
    """The codes of an enum that have a name; None where any bucket has."""
    values = catalog.values(tag) if tag.type == "enum" else ()
    return frozenset(value.code for value in values) or None


def _known(bucket: str, listed: frozenset[str] | None) -> str:
    return bucket if listed is None or bucket in listed else UNKNOWN


def _unit(catalog: TagCatalog, bucket: str, level: Level | None) -> str:
    """The unit above, or the region; a unit with none is itself, and one in no region unknown."""
    return bucket if level is None or not bucket else unit_at(catalog, bucket, level)[1] or UNKNOWN


def _in_order(catalog: TagCatalog, tag: Tag, buckets: set[str]) -> tuple[str, ...]:
    place = bucket_order(catalog, tag)
    return (*sorted(buckets - {UNKNOWN}, key=place), *([UNKNOWN] if UNKNOWN in buckets else []))
