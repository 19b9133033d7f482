"""Customers of a rule, each with what is told of her, in the order of a tag. Law: nobody outside the rule is read, and no more columns than are named."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from assistant.sql import nodes
from assistant.sql.compile import Whole
from assistant.sql.conditions import Conditions
from assistant.sql.query import Query
from assistant.sql.records import Keys, source_of
from assistant.validation.verdict import ValidatedRule

CONTACTED = "contacted"


def listed(
    rule: ValidatedRule, tags: Sequence[str], ranked_by: str, descending: bool, contacts: str, limit: int, qualifier: tuple[str, ...]
) -> Query:
    """At most `limit` rows (one_id, value_0, …, contacted): the tags' values at the rule's snapshot, NULL where not known, and the last day of the record set `contacts` (empty: NULL). They
    stand by the tag `ranked_by` (empty: by one_id alone), unknown values last, then by one_id."""
    whole = Whole(rule, qualifier)
    key = nodes.column(rule.catalog.header.customer_key, "b")

    def value(tag: str) -> exp.Expr:
        return Conditions(whole.population, "b", whole.population.column("b"), whole.joins).reading(tag, None).value

    held = whole.predicate(rule.expanded)
    outputs = [nodes.output(key, "one_id"), *(nodes.output(value(tag), f"value_{number}") for number, tag in enumerate(tags))]
    order = [exp.Ordered(this=key.copy(), desc=False, nulls_first=False)]
    if ranked_by:
        order.insert(0, exp.Ordered(this=value(ranked_by), desc=descending, nulls_first=False))
    if contacts:
        last = _last_day(contacts, rule, qualifier)
        here = nodes.equal(nodes.column(last.key.name, CONTACTED), nodes.column(whole.population.key, "b"))
        whole.joins.joins[CONTACTED] = nodes.left_join(nodes.named(last.relation, CONTACTED), here)
        outputs.append(nodes.output(nodes.column("last_day", CONTACTED), CONTACTED))
    statement = whole.select(outputs)
    statement.set("where", exp.Where(this=held))
    statement.set("order", exp.Order(expressions=order))
    statement.set("limit", exp.Limit(expression=nodes.number(limit)))
    return Query("calls", whole.finish(statement))


def _last_day(records: str, rule: ValidatedRule, qualifier: tuple[str, ...]) -> Keys:
    """Every customer with records up to as_of, with the day of the last one."""
    source = source_of(records, rule, qualifier, "e")
    last = nodes.output(exp.Max(this=source.day), "last_day")
    where = [*source.dated(None, None), *source.rows(())]
    return Keys(nodes.select([source.key, last], source.table, where, group=[source.key]), source.key, distinct=True)
