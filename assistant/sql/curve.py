"""How many customers a rule would have at many values of one of its numbers, in one scan. Law: exact for every value asked, and for any place in the rule.

A rule holds every condition once, so in each of them it is monotone: it has the customers for whom it holds with the condition TRUE where the condition holds, and
those for whom it holds with the condition FALSE elsewhere. Conditions that differ only in a number are nested; a customer's place is the first of them that
holds, and all their counts are sums over places (a cumulative histogram, as an inverted attrition table).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.rule.tree import AllOf, AnyNode, Not, Path, RankCondition, RecordCondition, TagComparison, TagCondition, replace_at
from assistant.sql import nodes
from assistant.sql.compare import measure, read
from assistant.sql.compile import Whole
from assistant.sql.conditions import Conditions
from assistant.sql.query import Query
from assistant.sql.records import Keys, record_places
from assistant.validation.verdict import ValidatedRule

_PLACES = "places"


def curve(rule: ValidatedRule, path: Path, alternatives: Sequence[AnyNode], amount: Tag | None, qualifier: tuple[str, ...]) -> Query:
    """Rows (place, held_n, held_known, held_amount, not_n, not_known, not_amount), place ascending, over the customers who are in the rule were the condition TRUE or FALSE (the others'
    place is nobody's business). `path`: of the condition in the
    expanded rule, not inside a rank; `alternatives`: what may stand there, each holding for everyone that the one before holds for. place: the first that holds
    for a customer, their number where none does; held_: customers of the rule were the condition TRUE, not_: were it FALSE, with the number of them that have a
    known `amount`, and its sum (NULL over nobody, or without one). Fault `curve_unfit` for a node without a number."""
    whole = Whole(rule, qualifier)
    place = _place(whole, alternatives)
    sides: dict[str, AnyNode] = {"held": AllOf(), "not": Not(child=AllOf())}
    columns = [nodes.output(place, "place")]
    either: list[exp.Expr] = []
    for name, stand_in in sides.items():
        inside = whole.predicate(cast(AnyNode, replace_at(rule.expanded, path, stand_in)))
        either.append(inside.copy())
        columns.append(nodes.output(nodes.case([(inside, nodes.number(1))], nodes.number(0)), f"in_{name}"))
    value: exp.Expr = exp.Null() if amount is None else measure(read(amount, whole.column(amount)))
    rows = whole.select([*columns, nodes.output(value, "amount")])
    rows.set("where", exp.Where(this=nodes.any_of(either)))
    one_each = nodes.named(rows, "p")
    outputs: list[exp.Expr] = [nodes.column("place", "p")]
    for name in sides:
        flag = nodes.column(f"in_{name}", "p")
        summed = nodes.case([(nodes.equal(flag.copy(), nodes.number(1)), nodes.column("amount", "p"))])
        outputs.append(nodes.output(exp.Sum(this=flag), f"{name}_n"))
        outputs.append(nodes.output(exp.Count(this=summed.copy(), big_int=True), f"{name}_known"))
        outputs.append(nodes.output(exp.Null() if amount is None else exp.Sum(this=summed), f"{name}_amount"))
    statement = nodes.select(outputs, one_each, group=[nodes.column("place", "p")])
    statement.set("order", exp.Order(expressions=[exp.Ordered(this=nodes.column("place", "p"), desc=False, nulls_first=False)]))
    return Query("curve", whole.finish(statement))


def _place(whole: Whole, alternatives: Sequence[AnyNode]) -> exp.Expr:
    """The number of the first alternative that holds: of the customer's own row by a CASE, of records and ranks joined, each aggregated once."""
    none = len(alternatives)
    match alternatives[0]:
        case TagCondition() | TagComparison():
            holds = ((whole.predicate(one), nodes.number(place)) for place, one in enumerate(alternatives))
            return nodes.case(holds, nodes.number(none))
        case RecordCondition():
            asked = [one for one in alternatives if isinstance(one, RecordCondition)]
            keys, without = record_places(asked, whole.rule, whole.qualifier)
            return _joined(whole, keys, without)
        case RankCondition():
            ranks = [one for one in alternatives if isinstance(one, RankCondition)]
            inside = Conditions(whole.population, "b", whole.population.column("b"), whole.joins)
            return _joined(whole, inside.rank_places(ranks), none)
        case other:
            raise Fault("curve_unfit", node=other.kind)


def _joined(whole: Whole, keys: Keys, without: int) -> exp.Expr:
    """The place that a relation of customers gives; `without`: of those it does not have."""
    here = nodes.equal(nodes.column(keys.key.name, _PLACES), nodes.column(whole.population.key, "b"))
    whole.joins.joins[_PLACES] = nodes.left_join(nodes.named(keys.relation, _PLACES), here)
    return nodes.first_known(nodes.column("place", _PLACES), nodes.number(without))
