"""One figure of a segment: average, median, sum or share. Law: the number of customers it is taken over is part of the figure (户均 prints its denominator)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assistant.errors import Fault
from assistant.facts import FactSheet, FactUnit
from assistant.insight.count import share, whole
from assistant.policy import PERSONA_CELL
from assistant.sql import compile, profile
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

MetricKind = Literal["average", "median", "sum", "share"]
"""share: of the customers with a known value, those for whom a yes-no tag holds."""

_FUNCTIONS: dict[MetricKind, compile.SummaryFunction] = {"average": "avg", "median": "median", "sum": "sum"}
_UNITS: dict[str, FactUnit] = {"CNY": "CNY", "USD": "USD", "percent": "percent", "days": "days", "calendar_year": "calendar_year"}


@dataclass(frozen=True, slots=True)
class Metric:
    """`value` over the `known` of the `n` customers of the segment; None over nobody."""

    tag: str
    kind: MetricKind
    value: Decimal | None
    known: int
    n: int
    unit: FactUnit
    query: str

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
            value = _short(self.value) if few and self.kind == "average" and self.value is not None else self.value
            sheet.measured(name, value, self.unit, self.query, group=self.known, cell=PERSONA_CELL)
        if few and not PERSONA_CELL.hides(self.known):
            sheet.customers(f"{name}.known", self.known, self.query, withheld=True)
        else:
            sheet.measured(f"{name}.known", self.known, "customers", self.query, cell=PERSONA_CELL)
        sheet.measured(f"{name}.n", self.n, "customers", self.query)

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
    return (compile.summary(rule, item, [_FUNCTIONS[kind]], qualifier),)


def read(tables: Sequence[Table], rule: ValidatedRule, tag: str, kind: MetricKind) -> Metric:
    """From the table of `plan`."""
    (table,) = tables
    if kind == "share":
        by_value = {bucket: whole(n) for _, bucket, n, _ in table.rows}
        yes, no = by_value.get("true", 0), by_value.get("false", 0)
        return Metric(tag, kind, share(yes, yes + no), yes + no, sum(by_value.values()), "share", table.query)
    ((n, known, value),) = table.rows
    unit = _UNITS.get(rule.catalog.tags[tag].unit, "number")
    return Metric(tag, kind, number(value), whole(known), whole(n), unit, table.query)


def _short(average: Decimal) -> Decimal:
    """To three digits or a tenth, whichever is finer: of whole numbers all digits of an average tell over how many it is taken."""
    return average.quantize(Decimal(1).scaleb(min(average.adjusted() - 2, -1)))


def number(cell: Cell) -> Decimal | None:
    """A figure of a table as an exact number; None for none. ValueError for anything else."""
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise ValueError(f"not a number: {cell!r}")
    return cell if isinstance(cell, Decimal) else Decimal(repr(cell))
