"""One figure of a segment at two dates: 平均AUM跟去年底比. Law: each date's figure is of the customers of that date, by the tags of that date; because others are in it now, the same customers are
told as well: those in it now who were in the base then and have a known value at both dates.

What is left when the same customers are taken apart is who came and who went: the figure then goes to that of the same customers then by who is in it, from there to theirs now by
what they did, and to the figure now by who is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.errors import Fault, UserError
from assistant.facts import FactSheet, FactUnit
from assistant.insight.count import whole
from assistant.insight.metric import FUNCTIONS, MetricKind, number, short, unit_of
from assistant.policy import PERSONA_CELL
from assistant.sql import two_dates
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Side:
    """The figure at one date: `value` over the `known` of `n` customers."""

    n: int
    known: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class FigureThen:
    """The figure of the segment at the tag snapshots `then` and `now`, and that of the `same` customers at both; `apart`: how many of the segment then are not among those."""

    tag: str
    kind: MetricKind
    unit: FactUnit
    then: date
    now: date
    was: Side
    is_now: Side
    same: int
    same_was: Decimal | None
    same_now: Decimal | None
    apart: int
    query: str

    @property
    def id(self) -> str:
        """What its facts begin with."""
        return f"figure_then.{self.tag}.{self.kind}"

    def facts(self, sheet: FactSheet) -> None:
        """figure_then.<tag>.<kind>.then and .now (dates); .was, .was.n, .was.known and .is_now, .is_now.n, .is_now.known; .same (customers), .same_was, .same_now. A figure over few customers is
        hidden, and so is one from which that of a few follows: where all but a few are known, and of the same customers where all but a few of the segment of either date are among them."""
        for name, day in (("then", self.then), ("now", self.now)):
            sheet.given(f"{self.id}.{name}", day, "date")
        for name, side in (("was", self.was), ("is_now", self.is_now)):
            few = sheet.protection.hides(side.n - side.known)
            value = short(side.value) if few and self.kind == "average" and side.value is not None else side.value
            self._figure(sheet, name, value, side.known, few and self.kind != "average")
            sheet.measured(f"{self.id}.{name}.n", side.n, "customers", self.query)
            sheet.customers(f"{self.id}.{name}.known", side.known, self.query, withheld=few)
        few = any(map(sheet.protection.hides, (self.apart, self.is_now.n - self.same, self.is_now.known - self.same)))
        sheet.customers(f"{self.id}.same", self.same, self.query, withheld=few)
        for name, figure in (("same_was", self.same_was), ("same_now", self.same_now)):
            self._figure(sheet, name, figure, self.same, few)

    def _figure(self, sheet: FactSheet, name: str, value: Decimal | None, over: int, few: bool) -> None:
        if few:
            sheet.withheld(f"{self.id}.{name}", self.unit, self.query)
        else:
            sheet.measured(f"{self.id}.{name}", value, self.unit, self.query, group=over, cell=PERSONA_CELL)


def plan(then: ValidatedRule, now: ValidatedRule, tag: str, kind: MetricKind, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query over the customers of either base. UserError `figure_same_tags` where both dates read the tag in one snapshot; Fault `metric_unfit` unless it is a number."""
    item = now.catalog.tags[tag]
    if kind == "share" or not item.numeric:
        raise Fault("metric_unfit", tag=tag, kind=kind)
    if then.snapshot == now.snapshot:
        raise UserError("figure_same_tags", date=then.as_of.isoformat(), tags=now.snapshot.isoformat())
    return (two_dates.figures(then, now, item, FUNCTIONS[kind], qualifier),)


def read(tables: Sequence[Table], then: ValidatedRule, now: ValidatedRule, tag: str, kind: MetricKind, count: int) -> FigureThen:
    """From the table of `plan`. `count`: the segment's size now; Fault `compare_sum` when it is another."""
    (table,) = tables
    (row,) = table.rows
    n_was, known_was, was, n_now, known_now, is_now, same, same_was, same_now, apart = row
    sides = Side(whole(n_was), whole(known_was), number(was)), Side(whole(n_now), whole(known_now), number(is_now))
    if sides[1].n != count:
        raise Fault("compare_sum")
    unit = unit_of(now.catalog.tags[tag])
    figures = number(same_was), number(same_now)
    return FigureThen(tag, kind, unit, then.snapshot, now.snapshot, *sides, whole(same), *figures, whole(apart), table.query)
