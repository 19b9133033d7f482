"""How sound the tags of one snapshot are: values missing, values no such tag can have, customers of whom two tags cannot both be true. Law: one pass over the base,
and nothing is judged here; every figure is a number of customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.rule.tree import AnyNode
from assistant.sql import nodes
from assistant.sql.compile import Whole
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

_FIRST_DAY = date(1900, 1, 1)
"""Before it lies no date of a customer; data that do not know a date often store one."""


def soundness(rule: ValidatedRule, tags: Sequence[Tag], conflicts: Sequence[AnyNode], qualifier: tuple[str, ...]) -> Query:
    """One row over the base: n, then missing_i (an empty cell) and outside_i (a value that is none of the tag's) for each tag, conflict_i for each conflict."""
    whole = Whole(rule, qualifier)
    outputs: list[exp.Expr] = [nodes.output(nodes.count_rows(), "n")]
    for number, tag in enumerate(tags):
        stored = whole.column(tag)
        outputs.append(nodes.output(nodes.count_where(nodes.missing(stored.copy())), f"missing_{number}"))
        outputs.append(nodes.output(nodes.count_where(_outside(tag, stored, rule)), f"outside_{number}"))
    outputs += [nodes.output(nodes.count_where(whole.predicate(node)), f"conflict_{number}") for number, node in enumerate(conflicts)]
    return Query("soundness", whole.finish(whole.select(outputs)))


def changed(now: ValidatedRule, before: date, tags: Sequence[Tag], qualifier: tuple[str, ...]) -> Query:
    """One row over the customers of the base who were in an earlier snapshot too: n, then changed_i: those whose stored value is another than it was."""
    whole = Whole(now, qualifier)
    there = whole.population.there("b", before)
    outputs: list[exp.Expr] = [nodes.output(nodes.count_where(there), "n")]
    for number, tag in enumerate(tags):
        is_, was = whole.column(tag), whole.column(tag, before)
        known = [nodes.present(one.copy()) for one in (is_, was)]
        differs = nodes.all_of([*known, exp.NEQ(this=is_.copy(), expression=was.copy())])
        came_or_went = [nodes.all_of([known[0].copy(), nodes.missing(was)]), nodes.all_of([known[1].copy(), nodes.missing(is_)])]
        outputs.append(
            nodes.output(nodes.count_where(nodes.all_of([there.copy(), nodes.any_of([differs, *came_or_went])])), f"changed_{number}")
        )
    return Query("changed", whole.finish(whole.select(outputs)))


def rows(rule: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """One row over the snapshot as it is stored: n rows, and how many customers they are of."""
    header = rule.catalog.header
    key = nodes.column(header.customer_key, "c")
    outputs = [
        nodes.output(nodes.count_rows(), "n"),
        nodes.output(exp.Count(this=exp.Distinct(expressions=[key]), big_int=True), "customers"),
    ]
    where: list[exp.Expr] = [nodes.equal(nodes.column(header.snapshot_column, "c"), nodes.day(rule.snapshot))]
    if rule.scope:
        unit = nodes.column(rule.catalog.tags[header.organisation_tag].column_name, "c")
        where.append(nodes.one_of(unit, (nodes.text(code) for code in rule.scope)))
    return Query("rows", nodes.select(outputs, nodes.table(qualifier, header.customer_table, "c"), where))


def bounded(tag: Tag, catalog: TagCatalog) -> bool:
    """Whether the catalog says which values the tag can have."""
    return bool(catalog.values(tag)) or tag.type == "date" or (tag.numeric and tag.plausible is not None)


def _outside(tag: Tag, stored: exp.Expr, rule: ValidatedRule) -> exp.Expr:
    """The cell holds what the tag cannot have: a code of no list, an amount beyond what the catalog calls plausible (below zero where all that is plausible is above), a
    past that is still to come or lies before any customer's time."""
    catalog = rule.catalog
    if not bounded(tag, catalog):
        return nodes.truth(False)
    if tag.type == "enum":
        listed = nodes.one_of(stored.copy(), (nodes.text(value.code) for value in catalog.values(tag)))
        return nodes.all_of([nodes.present(stored.copy()), nodes.negated(listed)])
    if tag.type == "date":
        wrong: list[exp.Expr] = [exp.LT(this=stored.copy(), expression=nodes.day(_FIRST_DAY))]
        if tag.tense == "past":
            wrong.append(exp.GT(this=stored.copy(), expression=nodes.day(rule.snapshot)))
        return nodes.all_of([nodes.present(stored.copy()), nodes.any_of(wrong)])
    assert tag.plausible is not None, "bounded"
    low, high = (bound / tag.multiplier for bound in tag.plausible)
    beyond: list[exp.Expr] = [exp.GT(this=stored.copy(), expression=nodes.number(high))]
    if low >= 0:
        beyond.append(exp.LT(this=stored.copy(), expression=nodes.number(0)))
    return nodes.all_of([nodes.present(stored.copy()), nodes.any_of(beyond)])
