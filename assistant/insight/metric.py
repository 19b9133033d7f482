"""One figure of a segment: average, median, sum or share. Law: the number of customers it is taken over is part of the figure (户均 prints its denominator)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.facts import FactSheet, FactUnit
from assistant.insight.count import share, whole
from assistant.policy import PERSONA_CELL
from assistant.sql import compile, profile
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

MetricKind = Literal["average", "median", "sum", "share"]
"""share: of the customers with a known value, those for whom a yes-no tag holds."""

FUNCTIONS: dict[MetricKind, compile.SummaryFunction] = {"average": "avg", "median": "median", "sum": "sum"}
_UNITS: dict[str, FactUnit] = {"CNY": "CNY", "USD": "USD", "percent": "percent", "days": "days", "calendar_year": "calendar_year"}


@dataclass(frozen=True, slots=True)
class Metric:
    """`value` over the `known` of the `n` customers of the segment; None over nobody. `held`, `of_held`: how many of them have a value that is not zero, and the figure over those alone,
    where some lack what the tag measures (a mortgage) and that counts as zero; an average of a product is easily taken for one of its holders."""

    tag: str
    kind: MetricKind
    value: Decimal | None
    known: int
    n: int
    unit: FactUnit
    query: str
    held: int = 0
    of_held: Decimal | None = None

    def facts(self, sheet: FactSheet) -> None:
        """metric.<tag>.<kind>, its denominator ….known, and ….n. A figure over few customers is theirs: it is hidden, and so is a share of so few. Where all but a few
        are known the denominator is hidden, and with it what it could be worked out from: a share, an average to all its digits, the second of sum and average."""
        name = f"metric.{self.tag}.{self.kind}"
        few = sheet.protection.hides(self.n - self.known)
        having = 0 if self.kind != "share" or self.value is None else int((self.value * self.known).to_integral_value())
        told = few or any(sheet.protection.hides(n) for n in (having, self.known - having))
        if (self.kind == "share" and told) or (few and self._beside(sheet)):
            sheet.withheld(name, self.unit, self.query)
        else:
            value = short(self.value) if few and self.kind == "average" and self.value is not None else self.value
            sheet.measured(name, value, self.unit, self.query, group=self.known, cell=PERSONA_CELL)
        if few and not PERSONA_CELL.hides(self.known):
            sheet.customers(f"{name}.known", self.known, self.query, withheld=True)
        else:
            sheet.measured(f"{name}.known", self.known, "customers", self.query, cell=PERSONA_CELL)
        sheet.measured(f"{name}.n", self.n, "customers", self.query)
        if self.apart:
            hidden = few or any(sheet.protection.hides(n) or PERSONA_CELL.hides(n) for n in (self.held, self.known - self.held))
            parts: tuple[tuple[str, int | Decimal | None, FactUnit], ...] = (
                ("held", self.held, "customers"),
                ("of_held", self.of_held, self.unit),
            )
            for part, figure, unit in parts:
                if hidden:
                    sheet.withheld(f"{name}.{part}", unit, self.query)
                else:
                    sheet.measured(f"{name}.{part}", figure, unit, self.query, group=self.held)

    @property
    def apart(self) -> bool:
        """Whether some of those with a value have none of what it measures."""
        return self.of_held is not None and 0 < self.held < self.known

    def _beside(self, sheet: FactSheet) -> bool:
        """Whether the figure is shown that this one, divided by it or it by this, tells the denominator with."""
        other = {"average": "sum", "sum": "average"}.get(self.kind)
        name = f"metric.{self.tag}.{other}"
        return other is not None and name in sheet and not sheet[name].suppressed


def plan(rule: ValidatedRule, tag: str, kind: MetricKind, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query. Fault `metric_unfit` unless the tag is a number (average, median, sum) or a yes-no (share)."""
    item = rule.catalog.tags[tag]
    if kind == "share" and item.type == "flag":
        return (profile.profile(rule, [item], qualifier, {}),)
    if kind == "share" or not item.numeric:
        raise Fault("metric_unfit", tag=tag, kind=kind)
    return (compile.summary(rule, item, [FUNCTIONS[kind]], qualifier, _has_holders(item, kind)),)


def read(tables: Sequence[Table], rule: ValidatedRule, tag: str, kind: MetricKind) -> Metric:
    """From the table of `plan`."""
    (table,) = tables
    if kind == "share":
        by_value = {bucket: whole(n) for _, bucket, n, _ in table.rows}
        yes, no = by_value.get("true", 0), by_value.get("false", 0)
        return Metric(tag, kind, share(yes, yes + no), yes + no, sum(by_value.values()), "share", table.query)
    ((n, known, value, *rest),) = table.rows
    unit = unit_of(rule.catalog.tags[tag])
    held, of_held = (whole(rest[0]), number(rest[1])) if rest else (0, None)
    return Metric(tag, kind, number(value), whole(known), whole(n), unit, table.query, held, of_held)


def _has_holders(tag: Tag, kind: MetricKind) -> bool:
    """Whether the catalog says that to lack what the tag measures is to have zero of it; a total is the same without those."""
    return kind in ("average", "median") and tag.null_means == "zero"


def unit_of(tag: Tag) -> FactUnit:
    """What a figure of a tag is counted in."""
    return _UNITS.get(tag.unit, "number")


def short(average: Decimal) -> Decimal:
    """To three digits or a tenth, whichever is finer: of whole numbers all digits of an average tell over how many it is taken."""
    return average.quantize(Decimal(1).scaleb(min(average.adjusted() - 2, -1)))


def number(cell: Cell) -> Decimal | None:
    """A figure of a table as an exact number; None for none. ValueError for anything else."""
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise ValueError(f"not a number: {cell!r}")
    return cell if isinstance(cell, Decimal) else Decimal(repr(cell))
