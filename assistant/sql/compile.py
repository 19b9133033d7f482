"""A validated rule -> the statements that answer it. Law: pure; the same rule gives the same statement, made of nodes and literals only.

Two forms of the same meaning: a count, or a list of members, narrows step by step (the customer's own row first, then EXISTS / NOT EXISTS of records), and a
mask asks every customer of the base everything at once (LEFT JOIN of each set of keys). A property test holds the two equal. What NULL means is decided in
`sql/compare.py`, what no records mean in `sql/records.py`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.rule.tree import AllOf, AnyNode, Not, Range, TagComparison, TagCondition, walk
from assistant.sql import nodes
from assistant.sql.compare import measure, read
from assistant.sql.conditions import BASE, Base, Conditions, KeyJoins, cost, in_subquery, tag_of
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

MASK_PARTS = 16
CANDIDATES = "candidates"

SummaryFunction = Literal["avg", "median", "sum", "min", "max"]
AGGREGATES: dict[SummaryFunction, type[exp.AggFunc]] = {
    "avg": exp.Avg,
    "median": exp.Median,
    "sum": exp.Sum,
    "min": exp.Min,
    "max": exp.Max,
}


def count(rule: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """One row: n, the number of customers in the segment."""
    return Query("count", _narrowing(rule, qualifier, [nodes.output(nodes.count_rows(), "n")]))


def base(rule: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """One row: n, the size of the base population that the rule is counted in."""
    population = Base(rule, qualifier)
    return Query("base", _with_base(population, nodes.select([nodes.output(nodes.count_rows(), "n")], nodes.shared(BASE, "b"))))


def members(rule: ValidatedRule, qualifier: tuple[str, ...], limit: int | None = None) -> Query:
    """Rows of the customer key (one_id) of everyone in the segment, ascending; at most `limit` of them."""
    key = nodes.column(rule.catalog.header.customer_key, "b")
    found = _narrowing(rule, qualifier, [nodes.output(key, "one_id")])
    found.set("order", _ascending([key]))
    if limit is not None:
        found.set("limit", exp.Limit(expression=nodes.number(limit)))
    return Query("members", found)


def mask(rule: ValidatedRule, parts: Sequence[AnyNode], qualifier: tuple[str, ...]) -> Query:
    """Rows (mask, n) over the base population, mask ascending: bit i of the mask says that part i holds. Fault `mask_too_wide` over 16 parts."""
    whole = Whole(rule, qualifier)
    return Query("mask", whole.masked([whole.predicate(part) for part in parts]))


def reasons(rule: ValidatedRule, parts: Sequence[AnyNode], qualifier: tuple[str, ...]) -> Query:
    """Rows (one_id, mask), one_id ascending, for the customers of the base whose ids are the statement's only parameter: which parts each one satisfies."""
    whole = Whole(rule, qualifier)
    key = nodes.column(rule.catalog.header.customer_key, "b")
    mask_of_one = nodes.output(whole.bits([whole.predicate(part) for part in parts]), "mask")
    statement = whole.select([nodes.output(key, "one_id"), mask_of_one])
    statement.set("where", exp.Where(this=nodes.given(key)))
    statement.set("order", _ascending([key]))
    return Query("reasons", whole.finish(statement))


def overlap(rules: Sequence[ValidatedRule], qualifier: tuple[str, ...]) -> Query:
    """Rows (mask, n) over the base population: bit i says that the customer is in rule i. Fault `base_differs` unless all rules share one base."""
    first = rules[0]
    if any(_population(rule) != _population(first) for rule in rules):
        raise Fault("base_differs")
    whole = Whole(first, qualifier)
    return Query("overlap", whole.masked([whole.predicate(rule.expanded) for rule in rules]))


def breakdown(rule: ValidatedRule, tag: Tag, qualifier: tuple[str, ...]) -> Query:
    """Rows (value, n, base_n) by the tag's stored value, NULL among them: customers of the segment and of the base with that value."""
    whole = Whole(rule, qualifier)
    value = whole.column(tag)
    outputs = [
        nodes.output(value.copy(), "value"),
        nodes.output(nodes.count_where(whole.predicate(rule.expanded)), "n"),
        nodes.output(nodes.count_rows(), "base_n"),
    ]
    return Query("breakdown", whole.statement(outputs, group=[value], order=[value]))


def summary(rule: ValidatedRule, tag: Tag, functions: Sequence[SummaryFunction], qualifier: tuple[str, ...], held: bool = False) -> Query:
    """One row: n (customers of the segment), known (those with a known value), then one column a function, over the known values (a NULL that
    means zero is a known 0). Functions over no value are NULL. `held`: then how many values are not zero, and a column a function over those alone."""
    population = Base(rule, qualifier)
    conditions = Conditions(population, "b", population.column("b"), in_subquery)
    reading = read(tag, population.column("b")(tag, rule.snapshot))
    value = measure(reading)
    outputs = [
        nodes.output(nodes.count_rows(), "n"),
        nodes.output(exp.Count(this=value.copy(), big_int=True), "known"),
        *(nodes.output(AGGREGATES[function](this=value.copy()), function) for function in functions),
    ]
    if held:
        more = exp.Nullif(this=value.copy(), expression=nodes.number(0))
        outputs.append(nodes.output(exp.Count(this=more.copy(), big_int=True), "held"))
        outputs += [nodes.output(AGGREGATES[function](this=more.copy()), f"{function}_held") for function in functions]
    where = [conditions.predicate(rule.expanded)]
    return Query("summary", _with_base(population, nodes.select(outputs, nodes.shared(BASE, "b"), where)))


def unknown_parts(node: AnyNode) -> tuple[tuple[TagCondition | TagComparison, bool], ...]:
    """The tag conditions of a rule that compare a value, in the order of `walk`: those that a customer may have no known value for; each with whether it is denied, and so leaves them in."""
    nodes_at = dict(walk(node))
    return tuple(
        (part, sum(isinstance(nodes_at[path[:depth]], Not) for depth in range(len(path))) % 2 == 1)
        for path, part in nodes_at.items()
        if isinstance(part, TagCondition | TagComparison) and part.operator not in ("is_absent", "is_unknown")
    )


def unknowns(rule: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """One row: n (the base), then unknown_0, unknown_1, … for `unknown_parts(rule.expanded)`: customers of the base with no known value to compare; after each that is denied kept_0, …:
    those of them who are in the segment."""
    whole = Whole(rule, qualifier)
    outputs = [nodes.output(nodes.count_rows(), "n")]
    for number, (part, denied) in enumerate(unknown_parts(rule.expanded)):
        known = (
            whole.conditions.reading(part.tag, part.snapshot).known()
            if isinstance(part, TagCondition)
            else whole.conditions.comparable(part)
        )
        outputs.append(nodes.output(nodes.count_where(nodes.negated(known)), f"unknown_{number}"))
        if denied:
            here = nodes.all_of([whole.predicate(rule.expanded), nodes.negated(known)])
            outputs.append(nodes.output(nodes.count_where(here), f"kept_{number}"))
    return Query("unknowns", whole.finish(whole.select(outputs)))


def nothing_had(node: AnyNode) -> tuple[TagCondition, ...]:
    """The conditions of a rule that those who have nothing meet, without saying so: an upper bound on what is 0 where there is none (活期不到1万). Each tag once, the denied left out."""
    nodes_at = dict(walk(node))
    found = {
        part.tag: part
        for path, part in nodes_at.items()
        if isinstance(part, TagCondition)
        and part.snapshot is None
        and _reaches_nothing(part)
        and not any(isinstance(nodes_at[path[:depth]], Not) for depth in range(len(path)))
    }
    return tuple(found.values())


def _reaches_nothing(part: TagCondition) -> bool:
    match part.operator, part.value:
        case "<" | "<=", Decimal() as most:
            return most > 0
        case "range", Range(low=low, high=high, low_open=without):
            return low < 0 < high or (low == 0 < high and not without)
        case _:
            return False


def having_none(rule: ValidatedRule, tags: Sequence[str], qualifier: tuple[str, ...]) -> Query:
    """One row over the segment: none_0, none_1, … customers for whom the tag is 0, or has no value where that means 0."""
    population = Base(rule, qualifier)
    conditions = Conditions(population, "b", population.column("b"), in_subquery)
    zero = [conditions.predicate(TagCondition(tag=tag, operator="=", value=Decimal(0))) for tag in tags]
    outputs = [nodes.output(nodes.count_where(one), f"none_{number}") for number, one in enumerate(zero)]
    return Query(
        "having_none", _with_base(population, nodes.select(outputs, nodes.shared(BASE, "b"), [conditions.predicate(rule.expanded)]))
    )


def sql_for_reading(query: Query, dialect: str) -> str:
    """The statement as indented text for people. What is run is the guarded text of the same tree."""
    return query.tree.sql(dialect=dialect, pretty=True)


def _population(rule: ValidatedRule) -> tuple[object, ...]:
    """What the base population of a rule depends on."""
    return rule.catalog.fingerprint, rule.scope, rule.snapshot, rule.as_of, rule.today


def _ascending(columns: Iterable[exp.Expr]) -> exp.Order:
    return exp.Order(expressions=[exp.Ordered(this=one.copy(), desc=False, nulls_first=False) for one in columns])


def _shared(**relations: exp.Select) -> exp.With:
    return exp.With(expressions=[exp.CTE(this=made, alias=exp.TableAlias(this=nodes.identifier(name))) for name, made in relations.items()])


def _with_base(population: Base, statement: exp.Select) -> exp.Select:
    statement.set("with_", _shared(base=population.relation()))
    return statement


def _flat(node: AnyNode) -> list[AnyNode]:
    """The members of nested intersections, cheapest first."""
    if isinstance(node, AllOf):
        return sorted((part for member in node.children for part in _flat(member)), key=cost)
    return [node]


def _narrowing(rule: ValidatedRule, qualifier: tuple[str, ...], outputs: Sequence[exp.Expr]) -> exp.Select:
    """Outputs (over alias b) of the segment. Where records are aggregated and cheaper conditions stand before them, those conditions make the candidates
    first and only the candidates' records are aggregated; what candidates without records satisfy is not touched by it."""
    population = Base(rule, qualifier)
    parts = _flat(rule.expanded)
    cheap = [part for part in parts if cost(part) < 2]
    dear = parts[len(cheap) :]
    first = Conditions(population, "b", population.column("b"), in_subquery)
    if not cheap or not dear:
        return _with_base(population, nodes.select(outputs, nodes.shared(BASE, "b"), [first.predicate(part) for part in parts]))

    def narrow(customer: exp.Expr) -> exp.Expr:
        here = nodes.equal(nodes.column(population.key, "n"), customer)
        return nodes.exists(nodes.select([nodes.number(1)], nodes.shared(CANDIDATES, "n"), [here]))

    kept = [first.predicate(part) for part in cheap]
    then = Conditions(population, "b", population.column("b"), in_subquery, narrow)
    asked = [then.predicate(part) for part in dear]
    columns = [nodes.column(name, "b") for name in dict.fromkeys([population.key, *population.outputs])]
    candidates = nodes.select(columns, nodes.shared(BASE, "b"), kept)
    statement = nodes.select(outputs, nodes.shared(CANDIDATES, "b"), asked)
    statement.set("with_", _shared(base=population.relation(), candidates=candidates))
    return statement


class Whole:
    """A statement that asks every customer of the base: predicates are collected, then the base and one join a set of keys are put under them."""

    def __init__(self, rule: ValidatedRule, qualifier: tuple[str, ...]) -> None:
        self.rule = rule
        self.population = Base(rule, qualifier)
        self.joins = KeyJoins()
        self.qualifier = qualifier

    @property
    def conditions(self) -> Conditions:
        return Conditions(self.population, "b", self.population.column("b"), self.joins)

    def predicate(self, node: AnyNode) -> exp.Expr:
        return self.conditions.predicate(node)

    def column(self, tag: Tag, snapshot: date | None = None) -> exp.Column:
        """A tag of the base's customers, at a snapshot of the data (the rule's own unless another is named)."""
        return self.population.column("b")(tag_of(self.rule, tag.code), snapshot or self.rule.snapshot)

    def select(self, outputs: Iterable[exp.Expr]) -> exp.Select:
        return nodes.select(outputs, nodes.shared(BASE, "b"), joins=list(self.joins.joins.values()))

    def finish(self, statement: exp.Select) -> exp.Select:
        return _with_base(self.population, statement)

    def statement(self, outputs: Iterable[exp.Expr], group: Sequence[exp.Expr], order: Sequence[exp.Expr]) -> exp.Select:
        made = self.select(outputs)
        made.set("group", exp.Group(expressions=[one.copy() for one in group]))
        made.set("order", _ascending(order))
        return self.finish(made)

    def bits(self, predicates: Sequence[exp.Expr]) -> exp.Expr:
        """The predicates as one number: bit i is predicate i."""
        if len(predicates) > MASK_PARTS:
            raise Fault("mask_too_wide", parts=len(predicates))
        return nodes.bits(predicates)

    def masked(self, predicates: Sequence[exp.Expr]) -> exp.Select:
        """(mask, n): every customer's bits, and how many customers have them."""
        masks = nodes.named(self.select([nodes.output(self.bits(predicates), "mask")]), "m")
        value = nodes.column("mask", "m")
        statement = nodes.select([value, nodes.output(nodes.count_rows(), "n")], masks, group=[value.copy()])
        statement.set("order", _ascending([value]))
        return self.finish(statement)
