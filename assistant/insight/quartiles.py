"""How a number is spread in a segment and among those it is compared with: its quartiles. Law: a quarter that is too few people to be shown is not taken.

The median is robust against the few very large amounts that an average follows; the quartiles say how far the middle half lies apart (Tukey 1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.count import whole
from assistant.insight.metric import number
from assistant.insight.thresholds import UNITS
from assistant.policy import PERSONA_CELL
from assistant.rule.tree import AnyNode
from assistant.sql import quartiles
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

_PARTS = 4


@dataclass(frozen=True, slots=True)
class Quartiles:
    """`low`, `middle` (the median) and `high` of the `known` customers with a known value; None over nobody."""

    known: int
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Spans:
    """The quartiles of one tag in the segment and among the rest."""

    tag: str
    unit: str
    own: Quartiles
    rest: Quartiles
    query: str

    @property
    def id(self) -> str:
        """The part of its fact ids that names it."""
        return f"persona.{self.tag}.quartiles"

    def facts(self, sheet: FactSheet) -> None:
        """persona.<tag>.quartiles.low, .middle, .high, and the same behind .rest. A quarter of few customers is hidden."""
        unit = UNITS.get(self.unit, "number")
        for side, name in ((self.own, self.id), (self.rest, f"{self.id}.rest")):
            for part, value in (("low", side.low), ("middle", side.middle), ("high", side.high)):
                sheet.measured(f"{name}.{part}", value, unit, self.query, side.known // _PARTS, PERSONA_CELL)


def plan(
    rule: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], against: AnyNode | None, everyone: bool
) -> tuple[Query, ...]:
    """One query for all numbers among the tags; none without any."""
    numbers = [tag for tag in tags if tag.numeric]
    return (quartiles.quartiles(rule, numbers, qualifier, against, everyone),) if numbers else ()


def read(table: Table, tags: Sequence[Tag]) -> tuple[Spans, ...]:
    """The numbers among the tags, in their order, from the table of `plan` for these tags in any order."""

    def side(tag: Tag, name: str) -> Quartiles:
        known, *values = (table.column(quartiles.figure_name(tag, name, figure))[0] for figure in quartiles.COLUMNS)
        return Quartiles(whole(known), *map(number, values))

    own, rest = quartiles.SIDES
    return tuple(Spans(tag.code, tag.unit, side(tag, own), side(tag, rest), table.query) for tag in tags if tag.numeric)
