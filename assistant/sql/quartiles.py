"""The quartiles of numbers in a segment and among those it is compared with: one row, one scan. Law: over customers with a known value, a NULL that means zero
among them as 0; a NULL otherwise is nobody's value.

The median is the engine's own, as everywhere; a quarter is the least value that so many are at or below (DuckDB) or lies between two (Spark).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.rule.tree import AnyNode
from assistant.sql import nodes
from assistant.sql.compare import measure, read
from assistant.sql.compile import Whole
from assistant.sql.profile import in_and_out
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

_LOW, _HIGH = Decimal("0.25"), Decimal("0.75")
COLUMNS = ("known", "low", "middle", "high")
"""What a row says of one tag on one side."""
SIDES = ("own", "rest")


def figure_name(tag: Tag, side: str, name: str) -> str:
    """The column of one figure: it names its tag, so that no order of tags can give one the figures of another."""
    return f"{side}_{name}__{tag.code}"


def quartiles(
    rule: ValidatedRule, tags: Sequence[Tag], qualifier: tuple[str, ...], against: AnyNode | None = None, everyone: bool = False
) -> Query:
    """One row: for each tag `COLUMNS` of the segment, and those of the customers outside it (of `against`, where that is given; of everyone in the base, the
    segment included, with `everyone`), under the names of `figure_name`."""
    whole = Whole(rule, qualifier)
    inside, outside = in_and_out(whole, against)
    sides = [inside, nodes.truth(True) if everyone else outside]
    columns = [
        nodes.output(nodes.case([(side.copy(), measure(read(tag, whole.column(tag))))]), f"{name}_{number}")
        for number, tag in enumerate(tags)
        for side, name in zip(sides, SIDES, strict=True)
    ]
    outputs = [
        nodes.output(figure, figure_name(tag, side, name))
        for number, tag in enumerate(tags)
        for side in SIDES
        for name, figure in zip(COLUMNS, _figures(nodes.column(f"{side}_{number}", "p")), strict=True)
    ]
    return Query("quartiles", whole.finish(nodes.select(outputs, nodes.named(whole.select(columns), "p"))))


def _figures(value: exp.Expr) -> tuple[exp.Expr, ...]:
    return (
        exp.Count(this=value.copy(), big_int=True),
        exp.Quantile(this=value.copy(), quantile=nodes.number(_LOW)),
        exp.Median(this=value.copy()),
        exp.Quantile(this=value.copy(), quantile=nodes.number(_HIGH)),
    )
