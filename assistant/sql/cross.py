"""How a segment spreads over two tags at once. Law: every customer of the base is in exactly one cell; what is not known is a row or column of its own."""

from __future__ import annotations

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.sql import nodes
from assistant.sql.buckets import CutPoints, bucket_of
from assistant.sql.compare import measure, read
from assistant.sql.compile import Whole
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule


def cross(rule: ValidatedRule, rows: Tag, columns: Tag, amount: Tag | None, qualifier: tuple[str, ...], cut_points: CutPoints) -> Query:
    """Rows (row, col, n, base_n, amount): customers of the segment and of the base in each cell ("" = no known value), and the sum of `amount` over those of
    the segment (NULL without one, or over nobody). Only cells that hold somebody come back. Fault `cut_points_missing`."""
    whole = Whole(rule, qualifier)
    inside = whole.predicate(rule.expanded)
    row, column = (bucket_of(read(tag, whole.column(tag)), rule, cut_points) for tag in (rows, columns))
    summed: exp.Expr = exp.Null()
    if amount is not None:
        summed = exp.Sum(this=nodes.case([(inside.copy(), measure(read(amount, whole.column(amount))))]))
    outputs = [
        nodes.output(row, "row_bucket"),
        nodes.output(column, "column_bucket"),
        nodes.output(nodes.count_where(inside), "n"),
        nodes.output(nodes.count_rows(), "base_n"),
        nodes.output(summed, "amount"),
    ]
    return Query("cross", whole.statement(outputs, group=[row, column], order=[row, column]))
