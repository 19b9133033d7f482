"""The few AST nodes that compiled SQL is made of. Law: nodes go in and nodes come out; no text is ever parsed on the way to a statement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from assistant.errors import Fault

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
WHOLE_DIGITS = 16
PLACES = 8
"""Digits before and after the point that a number may have, so that every product and sum stays inside DECIMAL(38)."""


def identifier(name: str) -> exp.Identifier:
    """A name; quoted unless it is plain lower case (sqlglot quotes reserved words by itself)."""
    return exp.Identifier(this=name, quoted=_PLAIN.match(name) is None)


def column(name: str, source: str) -> exp.Column:
    """`source.name`; a column is never written without its source."""
    return exp.Column(this=identifier(name), table=identifier(source))


def table(qualifier: Sequence[str], name: str, alias: str) -> exp.Table:
    """A warehouse table by its full name (catalog and schema of the engine's qualifier, as far as it has them)."""
    parts: dict[str, exp.Identifier] = {}
    if qualifier:
        parts["db"] = identifier(qualifier[-1])
    if len(qualifier) > 1:
        parts["catalog"] = identifier(qualifier[-2])
    return exp.Table(this=identifier(name), **parts, alias=exp.TableAlias(this=identifier(alias)))


def named(relation: exp.Select, alias: str) -> exp.Subquery:
    """A derived table."""
    return exp.Subquery(this=relation, alias=exp.TableAlias(this=identifier(alias)))


def shared(name: str, alias: str) -> exp.Table:
    """A common table expression of the same statement."""
    return exp.Table(this=identifier(name), alias=exp.TableAlias(this=identifier(alias)))


def output(expression: exp.Expr, name: str) -> exp.Expr:
    """An output column with its name."""
    if isinstance(expression, exp.Column) and expression.name == name:
        return expression
    return exp.Alias(this=expression, alias=identifier(name))


def select(
    outputs: Iterable[exp.Expr],
    source: exp.Expr,
    where: Sequence[exp.Expr] = (),
    joins: Sequence[exp.Join] = (),
    group: Sequence[exp.Expr] = (),
) -> exp.Select:
    """SELECT outputs FROM source joins WHERE all of `where` GROUP BY group."""
    made = exp.Select(expressions=list(outputs), from_=exp.From(this=source))
    if joins:
        made.set("joins", list(joins))
    if where:
        made.set("where", exp.Where(this=all_of(where)))
    if group:
        made.set("group", exp.Group(expressions=list(group)))
    return made


def left_join(source: exp.Expr, on: exp.Expr) -> exp.Join:
    """LEFT JOIN source ON on."""
    return exp.Join(this=source, side="LEFT", on=on)


def full_join(source: exp.Expr, on: exp.Expr) -> exp.Join:
    """FULL JOIN source ON on."""
    return exp.Join(this=source, side="FULL", on=on)


def text(value: str) -> exp.Literal:
    """A string literal; the generator escapes it for the dialect."""
    return exp.Literal.string(value)


def number(value: Decimal | int) -> exp.Expr:
    """A number literal, exactly. Fault `number_too_long` for more digits than a DECIMAL can be compared and multiplied with."""
    spelled = format(Decimal(value).copy_abs(), "f")
    whole, _, places = spelled.partition(".")
    places = places.rstrip("0")
    if len(whole.lstrip("0")) > WHOLE_DIGITS or len(places) > PLACES:
        raise Fault("number_too_long", number=str(value)[:64])
    literal = exp.Literal(this=f"{whole}.{places}" if places else whole, is_string=False)
    return exp.Neg(this=literal) if value < 0 else literal


def day(value: date) -> exp.Cast:
    """A date literal."""
    return exp.Cast(this=text(value.isoformat()), to=exp.DataType(this=exp.DType.DATE, nested=False))


def truth(value: bool) -> exp.Boolean:
    return exp.Boolean(this=value)


def _joined(kind: type[exp.Connector], empty: bool, parts: Iterable[exp.Expr]) -> exp.Expr:
    listed = list(parts)
    if len(listed) < 2:
        return listed[0] if listed else truth(empty)
    first, *others = (exp.Paren(this=part) if isinstance(part, exp.Connector) and not isinstance(part, kind) else part for part in listed)
    for other in others:
        first = kind(this=first, expression=other)
    return first


def all_of(parts: Iterable[exp.Expr]) -> exp.Expr:
    """AND; TRUE over nothing."""
    return _joined(exp.And, True, parts)


def any_of(parts: Iterable[exp.Expr]) -> exp.Expr:
    """OR; FALSE over nothing."""
    return _joined(exp.Or, False, parts)


def negated(part: exp.Expr) -> exp.Expr:
    """NOT, of a predicate that is never NULL (so that a double NOT falls away)."""
    if isinstance(part, exp.Not):
        inside: exp.Expr = part.this.unnest()
        return inside
    return exp.Not(this=part if isinstance(part, exp.Exists) else exp.Paren(this=part))


def missing(part: exp.Expr) -> exp.Is:
    """IS NULL."""
    return exp.Is(this=part, expression=exp.Null())


def present(part: exp.Expr) -> exp.Not:
    """IS NOT NULL."""
    return exp.Not(this=missing(part))


def equal(left: exp.Expr, right: exp.Expr) -> exp.EQ:
    return exp.EQ(this=left, expression=right)


def one_of(part: exp.Expr, values: Iterable[exp.Expr]) -> exp.Expr:
    """IN a list of literals; FALSE for an empty list."""
    listed = list(values)
    return exp.In(this=part, expressions=listed) if listed else truth(False)


def first_known(part: exp.Expr, fallback: exp.Expr) -> exp.Coalesce:
    """COALESCE of two."""
    return exp.Coalesce(this=part, expressions=[fallback])


def case(branches: Iterable[tuple[exp.Expr, exp.Expr]], default: exp.Expr | None = None) -> exp.Case:
    """CASE WHEN … THEN … ELSE … END."""
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches], default=default)


def exists(relation: exp.Select) -> exp.Exists:
    return exp.Exists(this=relation)


def count_rows() -> exp.Count:
    """COUNT(*)"""
    return exp.Count(this=exp.Star(), big_int=True)


def count_where(condition: exp.Expr) -> exp.Expr:
    """How many rows satisfy a condition, 0 over no rows."""
    return first_known(exp.Sum(this=case([(condition, number(1))], number(0))), number(0))


def bits(predicates: Sequence[exp.Expr]) -> exp.Expr:
    """Predicates as one whole number: bit i says that predicate i holds."""
    whole: exp.Expr = number(0)
    for place, predicate in enumerate(predicates):
        bit = case([(predicate, number(2**place))], number(0))
        whole = bit if place == 0 else exp.Add(this=whole, expression=bit)
    return exp.Cast(this=whole, to=exp.DataType(this=exp.DType.BIGINT, nested=False))


def given(part: exp.Expr) -> exp.ArrayContains:
    """The value is in the list that is given when the statement is run, its only parameter."""
    return exp.ArrayContains(this=exp.Placeholder(), expression=part)
