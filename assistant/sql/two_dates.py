"""One rule at two dates -> one statement over everyone who was in the base at either. Law: one row a customer, so that every part of a change is counted once.

m(tags at X, records at Y) is the rule read in the base population of X, with tags as the snapshot of X has them and records as they stood on Y. Of the four
ways to choose X and Y two are the rule itself, then and now; the other two never were, and tell what behaviour alone, or tags alone, would have done.
A tag that dates something (opened, matures, an age in days) is read at X altogether: its value and the day it is counted from. A rank is taken inside the
base of X.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.rule.moved import counted_days, with_records_of
from assistant.sql import nodes
from assistant.sql.compare import measure, read
from assistant.sql.compile import AGGREGATES, SummaryFunction
from assistant.sql.conditions import BASE, Base, Conditions, KeyJoins
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

IN_BASE_THEN, IN_BASE_NOW, THEN, NOW, BEHAVIOUR_NOW, TAGS_NOW, JOINED_SINCE = (1 << place for place in range(7))
MASKS = 1 << 7
"""Bits of a customer's mask. BEHAVIOUR_NOW: tags then and records now; TAGS_NOW: tags now and records then. A customer who is outside a base is in no
segment read in it. JOINED_SINCE: the customer became one after the days that the rule counts then (7月), though it may be before the date it is read at (24 August)."""

ABSENT, OUTSIDE = "(absent)", "(outside)"
"""Places of a move that are no value of a tag: no code has brackets."""
Followed = Literal["either", "then", "now"]
"""Whose moves are looked at: those in the segment at either date, or only those who were in it then, or who are in it now."""
_THEN, _NOW = "__then", "__now"


def counted_until(then: ValidatedRule) -> date | None:
    """The last of the given days that a rule counts on, where the date it is read at is later; None for any other rule. Whoever came to the bank after that day was no customer then."""
    days = counted_days(then.expanded, then.catalog.settled, then.as_of, then.today)
    return days[1] if days is not None and days[1] < then.as_of else None


def flow(then: ValidatedRule, now: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """Rows (mask, n), mask ascending, over the customers of either base. `then` may be `now` with other windows, and nothing else.
    Fault `rules_differ` unless both are built alike, for one catalog and one scope."""
    both = _Both(then, now, qualifier)
    masks = nodes.named(both.select([nodes.output(both.mask, "mask")]), "m")
    value = nodes.column("mask", "m")
    statement = nodes.select([value, nodes.output(nodes.count_rows(), "n")], masks, group=[value.copy()])
    statement.set("order", _ascending(value))
    return Query("flow", both.finish(statement))


def flow_members(then: ValidatedRule, now: ValidatedRule, masks: Collection[int], qualifier: tuple[str, ...]) -> Query:
    """Rows of the customer key (one_id), ascending, of everyone who has one of these masks. Fault as of `flow`."""
    both = _Both(then, now, qualifier)
    key, mask = nodes.column("one_id", "m"), nodes.column("mask", "m")
    rows = both.select([nodes.output(nodes.column(both.key, "b"), "one_id"), nodes.output(both.mask, "mask")])
    statement = nodes.select([key], nodes.named(rows, "m"), [nodes.one_of(mask, (nodes.number(one) for one in sorted(masks)))])
    statement.set("order", _ascending(key))
    return Query("flow_members", both.finish(statement))


def moves(then: ValidatedRule, now: ValidatedRule, tag: Tag, qualifier: tuple[str, ...], followed: Followed = "either") -> Query:
    """Rows (from_place, to_place, n) over the customers followed: the tag's stored value then and now ("" = no known value), ABSENT for a customer who is not in that
    base; of those in the segment at either date, OUTSIDE for one of the base who is not in the segment. Only moves that somebody made. Fault as of `flow`."""
    both = _Both(then, now, qualifier)
    was = None if followed == "now" else both.then.holds(then)
    is_now = None if followed == "then" else both.now.holds(now)
    inside = (was, is_now) if followed == "either" else (None, None)
    places = [side.place(tag, holds) for side, holds in zip((both.then, both.now), inside, strict=True)]
    rows = both.select([nodes.output(place, name) for place, name in zip(places, ("from_place", "to_place"), strict=True)])
    rows.set("where", exp.Where(this=nodes.any_of([holds.copy() for holds in (was, is_now) if holds is not None])))
    names = [nodes.column(name, "m") for name in ("from_place", "to_place")]
    statement = nodes.select([*names, nodes.output(nodes.count_rows(), "n")], nodes.named(rows, "m"), group=[one.copy() for one in names])
    statement.set("order", exp.Order(expressions=[exp.Ordered(this=one.copy(), desc=False, nulls_first=False) for one in names]))
    return Query("moves", both.finish(statement))


def figures(then: ValidatedRule, now: ValidatedRule, tag: Tag, function: SummaryFunction, qualifier: tuple[str, ...]) -> Query:
    """One row: n, known and value of the segment then (`_0`) and of the one now (`_1`), each by the tag's values of its own date; `same`, the customers of now with a known value at both
    dates who were in the base then, with their value then (`same_0`) and now (`same_1`), and `apart`, how many were in the segment then and are not among those. Fault as of `flow`."""
    both = _Both(then, now, qualifier)
    sides, rules = (both.then, both.now), (then, now)
    values = [measure(read(tag, side.base.column("b", side.suffix)(tag, side.base.rule.snapshot))) for side in sides]
    holds = [side.holds(rule) for side, rule in zip(sides, rules, strict=True)]
    since = [nodes.negated(one) for one in both.joined_since]
    same = nodes.all_of([holds[1].copy(), both.then.present, *since, *(nodes.present(value.copy()) for value in values)])
    inner = [
        nodes.output(one, name)
        for name, one in (
            ("in_0", _one_if(holds[0])),
            ("in_1", _one_if(holds[1])),
            ("same", _one_if(same)),
            ("value_0", values[0]),
            ("value_1", values[1]),
        )
    ]

    def inside(name: str) -> exp.Expr:
        return nodes.equal(nodes.column(name, "m"), nodes.number(1))

    def of(name: str, value: int) -> exp.Expr:
        return nodes.case([(inside(name), nodes.column(f"value_{value}", "m"))])

    outputs: list[exp.Expr] = []
    for place in (0, 1):
        outputs += [
            nodes.output(nodes.count_where(inside(f"in_{place}")), f"n_{place}"),
            nodes.output(exp.Count(this=of(f"in_{place}", place), big_int=True), f"known_{place}"),
            nodes.output(AGGREGATES[function](this=of(f"in_{place}", place)), f"value_{place}"),
        ]
    outputs.append(nodes.output(nodes.count_where(inside("same")), "same"))
    outputs += [nodes.output(AGGREGATES[function](this=of("same", place)), f"same_{place}") for place in (0, 1)]
    outputs.append(nodes.output(nodes.count_where(nodes.all_of([inside("in_0"), nodes.negated(inside("same"))])), "apart"))
    return Query("figures", both.finish(nodes.select(outputs, nodes.named(both.select(inner), "m"))))


def _one_if(condition: exp.Expr) -> exp.Expr:
    return nodes.case([(condition, nodes.number(1))], nodes.number(0))


@dataclass(slots=True)
class _Side:
    """One of the two dates: its base, and how a row of both bases is read as of it."""

    base: Base
    suffix: str
    joins: KeyJoins

    @property
    def present(self) -> exp.Expr:
        """The customer was in this base."""
        return nodes.present(nodes.column(self.base.key + self.suffix, "b"))

    def holds(self, records: ValidatedRule) -> exp.Expr:
        """The rule with the tags of this date and the records of another or the same."""
        conditions = Conditions(self.base, "b", self.base.column("b", self.suffix), self.joins, records=records)
        node = with_records_of(self.base.rule.expanded, records.expanded)
        if node is None:
            raise Fault("rules_differ")
        return nodes.all_of([self.present, conditions.predicate(node)])

    def place(self, tag: Tag, inside: exp.Expr | None) -> exp.Expr:
        """Where the customer stands at this date; OUTSIDE unless `inside` holds, where it is asked."""
        value = self.base.column("b", self.suffix)(tag, self.base.rule.snapshot)
        known = nodes.first_known(value, nodes.text(""))
        out = [] if inside is None else [(nodes.negated(inside.copy()), nodes.text(OUTSIDE))]
        return nodes.case([(nodes.negated(self.present), nodes.text(ABSENT)), *out], known)

    def columns(self, alias: str) -> list[exp.Expr]:
        """The key and every column asked for, under names of this date."""
        names = [self.base.key, *(name for name in self.base.outputs if name != self.base.key)]
        return [nodes.output(nodes.column(name, alias), name + self.suffix) for name in names]


class _Both:
    """Everyone of either base, with the columns of both and one join a set of keys."""

    def __init__(self, then: ValidatedRule, now: ValidatedRule, qualifier: tuple[str, ...]) -> None:
        if then.scope != now.scope or then.catalog.fingerprint != now.catalog.fingerprint:
            raise Fault("rules_differ")
        self.joins = KeyJoins()
        self.then = _Side(Base(then, qualifier, name="base_then"), _THEN, self.joins)
        self.now = _Side(Base(now, qualifier, name="base_now"), _NOW, self.joins)
        self.key = now.catalog.header.customer_key

    @property
    def mask(self) -> exp.Expr:
        """A customer's bits."""
        then, now = self.then.base.rule, self.now.base.rule
        sides = [
            self.then.present,
            self.now.present,
            self.then.holds(then),
            self.now.holds(now),
            self.then.holds(now),
            self.now.holds(then),
        ]
        return nodes.bits([*sides, *self.joined_since])

    @property
    def joined_since(self) -> list[exp.Expr]:
        """Whether a customer of today joined the bank after the days counted then (`counted_until`); nothing where there are none."""
        last, header = counted_until(self.then.base.rule), self.now.base.rule.catalog.header
        if last is None or header.opened_tag is None:
            return []
        opened = self.now.base.column("b", _NOW)(self.now.base.rule.catalog.tags[header.opened_tag], self.now.base.rule.snapshot)
        return [exp.GT(this=opened, expression=nodes.day(last))]

    def select(self, outputs: Sequence[exp.Expr]) -> exp.Select:
        return nodes.select(outputs, nodes.shared(BASE, "b"), joins=list(self.joins.joins.values()))

    def finish(self, statement: exp.Select) -> exp.Select:
        """The statement over its common tables. Called last: the bases give the columns that conditions have asked of them by then."""
        keys = [nodes.column(self.key, alias) for alias in ("n", "t")]
        either = nodes.output(nodes.first_known(keys[0].copy(), keys[1].copy()), self.key)
        merged = nodes.select(
            [either, *self.then.columns("t"), *self.now.columns("n")],
            nodes.shared("base_now", "n"),
            joins=[nodes.full_join(nodes.shared("base_then", "t"), nodes.equal(keys[1], keys[0]))],
        )
        relations = {"base_then": self.then.base.relation(), "base_now": self.now.base.relation(), BASE: merged}
        tables = [exp.CTE(this=made, alias=exp.TableAlias(this=nodes.identifier(name))) for name, made in relations.items()]
        statement.set("with_", exp.With(expressions=tables))
        return statement


def _ascending(column: exp.Expr) -> exp.Order:
    return exp.Order(expressions=[exp.Ordered(this=column.copy(), desc=False, nulls_first=False)])
