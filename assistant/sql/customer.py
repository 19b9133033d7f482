"""What one customer has of what a rule asks: which conditions hold, and the figures they compare. Law: the customer is the statement's only parameter, and is looked
for in the base population alone, so that nobody outside it is ever read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from assistant.rule.tree import AnyNode, RecordCondition, TagCondition
from assistant.sql import nodes
from assistant.sql.compile import Whole
from assistant.sql.conditions import Conditions
from assistant.sql.query import Query
from assistant.sql.records import record_figure
from assistant.validation.verdict import ValidatedRule


def customer(
    rule: ValidatedRule, one: int, parts: Sequence[AnyNode], figures: Sequence[TagCondition | RecordCondition], qualifier: tuple[str, ...]
) -> Query:
    """At most one row (one_id, mask, figure_0, figure_1, …): bit i of the mask says that part i holds, figure j is what condition j compares: a tag's value, or a
    record condition's count, days or sum; NULL where it is not known. Fault `mask_too_wide` over 16 parts, `figure_unfit` for another aggregate."""
    whole = Whole(rule, qualifier)
    key = nodes.column(rule.catalog.header.customer_key, "b")
    outputs = [nodes.output(key, "one_id"), nodes.output(whole.bits([whole.predicate(part) for part in parts]), "mask")]
    for number, figure in enumerate(figures):
        outputs.append(nodes.output(_figure(figure, number, whole), f"figure_{number}"))
    statement = whole.select(outputs)
    statement.set("where", exp.Where(this=nodes.given(key)))
    return Query("customer", whole.finish(statement), (one,))


def _figure(node: TagCondition | RecordCondition, number: int, whole: Whole) -> exp.Expr:
    if isinstance(node, TagCondition):
        inside = Conditions(whole.population, "b", whole.population.column("b"), whole.joins)
        return inside.reading(node.tag, node.snapshot).value
    keys, alias = record_figure(node, whole.rule, whole.qualifier), f"figure_{number}"
    here = nodes.equal(nodes.column(keys.key.name, alias), nodes.column(whole.population.key, "b"))
    whole.joins.joins[alias] = nodes.left_join(nodes.named(keys.relation, alias), here)
    return nodes.first_known(nodes.column("figure", alias), nodes.number(0))
