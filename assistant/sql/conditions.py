"""Nodes of a rule -> predicates about one customer. Law: the base population is a relation built from the identity and the catalog; no node can leave it.

The base has one row a customer: the key and every tag that is asked for, each at the snapshot it is asked at (an earlier snapshot is joined on the key, and a
customer absent there reads as an empty cell). Where the rule's day lies between two snapshots, the later one tells who was a customer by then and what never changes
(a settled date); all else is of the earlier one, but of those who came in between, who are only in the later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Not,
    RankCondition,
    RecordCondition,
    SegmentRef,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
)
from assistant.rule.window import snapshot_date
from assistant.sql import nodes
from assistant.sql.compare import Reading, comparison, measure, numbers, orderable, read, unfit
from assistant.sql.lists import frozen_keys
from assistant.sql.records import Keys, Narrow, record_keys, sequence_keys
from assistant.store.segment import list_name
from assistant.validation.verdict import ValidatedRule

BASE = "base"

Column = Callable[[Tag, date], exp.Expr]
"""A tag at a snapshot date -> the column that holds it."""
Membership = Callable[[Keys, exp.Expr], exp.Expr]
"""A set of keys and a customer's key -> predicate: the customer is in the set."""


def in_subquery(keys: Keys, customer: exp.Expr) -> exp.Expr:
    """Membership as EXISTS: the form of a count."""
    return keys.hold(customer)


@dataclass(slots=True)
class KeyJoins:
    """Membership as a LEFT JOIN of each set's keys, one join a distinct set: the form of a mask, where every customer is asked everything."""

    joins: dict[str, exp.Join] = field(default_factory=dict)

    def __call__(self, keys: Keys, customer: exp.Expr) -> exp.Expr:
        relation = keys.each_once()
        spelled = relation.sql()
        alias = f"k{list(self.joins).index(spelled) if spelled in self.joins else len(self.joins)}"
        held = nodes.column(keys.key.name, alias)
        if spelled not in self.joins:
            self.joins[spelled] = nodes.left_join(nodes.named(relation, alias), nodes.equal(held.copy(), customer.copy()))
        return nodes.present(held)


def tag_of(rule: ValidatedRule, code: str) -> Tag:
    """A tag of the rule's catalog. Fault `tag_unknown` (validation refuses it first)."""
    tag = rule.catalog.tags.get(code)
    if tag is None:
        raise Fault("tag_unknown", tag=code)
    return tag


def snapshot_of(rule: ValidatedRule, asked: Snapshot | None) -> date:
    """The date of the snapshot a tag is read at. Fault `snapshot_missing` when the data begins later (validation refuses it first)."""
    if asked is None:
        return rule.snapshot
    found = snapshot_date(asked.unit, asked.offset, rule.as_of, rule.today, rule.snapshots)
    if found is None:
        raise Fault("snapshot_missing", unit=asked.unit, offset=asked.offset)
    return found


@dataclass(slots=True)
class Base:
    """The base population of a rule, and the columns that conditions have asked of it so far. `name`: the common table that holds it."""

    rule: ValidatedRule
    qualifier: tuple[str, ...]
    outputs: dict[str, exp.Expr] = field(default_factory=dict)
    joined: dict[date, str] = field(default_factory=dict)
    name: str = BASE

    @property
    def key(self) -> str:
        return self.rule.catalog.header.customer_key

    def column(self, alias: str, suffix: str = "") -> Callable[[Tag, date], exp.Column]:
        """How conditions read tags from the base under an alias, or from a relation that holds its columns with a suffix to their names."""

        def at(tag: Tag, snapshot: date) -> exp.Column:
            name = tag.column_name if snapshot == self.rule.snapshot else f"{tag.column_name}__{snapshot:%Y%m%d}"
            self.outputs[name] = self._stored(tag, snapshot)
            return nodes.column(name + suffix, alias)

        return at

    def there(self, alias: str, snapshot: date) -> exp.Expr:
        """Whether a customer has a row at another snapshot than the rule's."""
        name = f"{self.key}__{snapshot:%Y%m%d}"
        self.outputs[name] = nodes.column(self.key, self.joined.setdefault(snapshot, f"s{snapshot:%Y%m%d}"))
        return nodes.present(nodes.column(name, alias))

    def _stored(self, tag: Tag, snapshot: date) -> exp.Expr:
        here, current = nodes.column(tag.column_name, "c"), snapshot == self.rule.snapshot
        if snapshot == self.rule.people or (current and tag.settled):
            return here
        alias = self.joined.setdefault(snapshot, f"s{snapshot:%Y%m%d}")
        there = nodes.column(tag.column_name, alias)
        return nodes.case([(nodes.present(nodes.column(self.key, alias)), there)], here) if current else there

    def _of_people(self, tag: Tag, snapshot: date) -> exp.Expr:
        """How the base population itself is read: in the snapshot that it is of."""
        return self._stored(tag, self.rule.people if snapshot == self.rule.snapshot else snapshot)

    def relation(self) -> exp.Select:
        """The scoped relation with all columns asked for: the rule's base population, in the identity's organisations."""
        header, population = self.rule.catalog.header, self.rule.base_rule
        where: list[exp.Expr] = [nodes.equal(nodes.column(header.snapshot_column, "c"), nodes.day(self.rule.people))]
        if self.rule.scope:
            unit = nodes.column(tag_of(self.rule, header.organisation_tag).column_name, "c")
            where.append(nodes.one_of(unit, (nodes.text(code) for code in self.rule.scope)))
        if population != AllOf():
            where.append(Conditions(self, "c", self._of_people, in_subquery).predicate(population))
        joins = [
            nodes.left_join(
                nodes.table(self.qualifier, header.customer_table, alias),
                nodes.all_of(
                    [
                        nodes.equal(nodes.column(header.customer_key, alias), nodes.column(header.customer_key, "c")),
                        nodes.equal(nodes.column(header.snapshot_column, alias), nodes.day(snapshot)),
                    ]
                ),
            )
            for snapshot, alias in self.joined.items()
        ]
        outputs = [
            nodes.column(self.key, "c"),
            *(nodes.output(stored, name) for name, stored in self.outputs.items() if name != self.key),
        ]
        return nodes.select(outputs, nodes.table(self.qualifier, header.customer_table, "c"), where, joins)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Predicates about the customer of one row of the base, read under `alias`. `narrow` may restrict aggregated records to customers still in question.

    Two dates may differ: tags are read as the base's rule reads them (snapshot, and the dates that a window over a tag means), records as `records` does
    (the base's rule unless another is given)."""

    base: Base
    alias: str
    column: Column
    membership: Membership
    narrow: Narrow | None = None
    records: ValidatedRule | None = None

    @property
    def rule(self) -> ValidatedRule:
        return self.base.rule

    @property
    def records_rule(self) -> ValidatedRule:
        return self.records or self.rule

    @property
    def customer(self) -> exp.Column:
        return nodes.column(self.base.key, self.alias)

    def reading(self, code: str, snapshot: Snapshot | None) -> Reading:
        tag = tag_of(self.rule, code)
        return read(tag, self.column(tag, snapshot_of(self.rule, snapshot)))

    def predicate(self, node: AnyNode) -> exp.Expr:
        """TRUE or FALSE for every customer of the base. Fault `concept_unexpanded`, `segment_unexpanded` for what validation should have replaced."""
        match node:
            case AllOf(children=members):
                return nodes.all_of(self.predicate(member) for member in sorted(members, key=cost))
            case AnyOf(children=members):
                return nodes.any_of(self.predicate(member) for member in sorted(members, key=cost))
            case Not(child=child):
                return nodes.negated(self.predicate(child))
            case TagCondition():
                return comparison(self.reading(node.tag, node.snapshot), node, self.rule)
            case TagComparison():
                return self._tag_comparison(node)
            case RecordCondition():
                keys, positive = record_keys(node, self.records_rule, self.base.qualifier, self.narrow)
                held = self.membership(keys, self.customer)
                return held if positive else nodes.negated(held)
            case SequenceCondition():
                return self.membership(sequence_keys(node, self.records_rule, self.base.qualifier), self.customer)
            case RankCondition():
                return self.membership(self._ranked(node), self.customer)
            case ConceptRef(concept=concept):
                raise Fault("concept_unexpanded", concept=concept)
            case SegmentRef(segment=segment, version=None):
                raise Fault("segment_unexpanded", segment=segment)
            case SegmentRef():
                return self.membership(frozen_keys(list_name(node)), self.customer)

    def comparable(self, node: TagComparison) -> exp.Expr:
        """Both sides of a comparison are known, and the right one is above 0 where it is divided by."""
        left, right = self.reading(node.left, node.left_snapshot), self.reading(node.right, node.right_snapshot)
        parts = [orderable(side) for side in (left, right) if not side.always_known]
        if node.measure != "difference":
            parts.append(exp.GT(this=measure(right), expression=nodes.number(0)))
        return nodes.all_of(parts)

    def _tag_comparison(self, node: TagComparison) -> exp.Expr:
        if node.operator == "is_absent":
            return nodes.truth(False)
        known = self.comparable(node)
        if node.operator == "is_unknown":
            return nodes.negated(known)
        left, right = self.reading(node.left, node.left_snapshot), self.reading(node.right, node.right_snapshot)
        if ("date" in (left.item.type, right.item.type)) and (left.item.type != right.item.type or node.measure != "difference"):
            raise unfit(node, node.left)
        if left.item.type == "date":
            difference: exp.Expr = exp.DateDiff(this=measure(left), expression=measure(right), unit=exp.Var(this="DAY"))
        else:
            difference = exp.Sub(this=measure(left), expression=measure(right))
        match node.measure:
            case "difference":
                passed = numbers(difference, node)
            case "ratio":
                passed = numbers(measure(left), node, times=measure(right))
            case "relative_change":
                passed = numbers(difference, node, times=measure(right))
        return passed if isinstance(known, exp.Boolean) else nodes.all_of([known, passed])

    def _ranked(self, node: RankCondition) -> Keys:
        """The keys of the top or bottom."""
        ranked, key = self._places(node)
        return Keys(nodes.select([key], ranked, [_kept(node)]), key, distinct=True)

    def rank_places(self, alternatives: Sequence[RankCondition]) -> Keys:
        """For ranks that differ only in their size: every customer ranked, with the number of the first one that takes them in the column `place` (their number
        of ranks where none does)."""
        ranked, key = self._places(alternatives[0])
        number = nodes.case(((_kept(one), nodes.number(place)) for place, one in enumerate(alternatives)), nodes.number(len(alternatives)))
        return Keys(nodes.select([key, nodes.output(number, "place")], ranked), key, distinct=True)

    def _places(self, node: RankCondition) -> tuple[exp.Subquery, exp.Column]:
        """Relation w of the customers ranked: their key, `place`, and how many are `known` (a percentage needs that)."""
        inside = Conditions(self.base, "r", self.base.column("r"), in_subquery, records=self.records)
        reading = inside.reading(node.tag, None)
        order = exp.Order(
            expressions=[
                exp.Ordered(this=measure(reading), desc=node.direction == "top", nulls_first=False),
                exp.Ordered(this=inside.customer, desc=False, nulls_first=False),
            ]
        )
        place = exp.Window(this=exp.RowNumber(), order=order, over="OVER")
        outputs = [nodes.output(inside.customer, "customer"), nodes.output(place, "place")]
        if node.percent is not None:
            outputs.append(nodes.output(exp.Window(this=nodes.count_rows(), over="OVER"), "known"))
        where = [part for part in (orderable(reading), inside.predicate(node.within)) if not isinstance(part, exp.Boolean) or not part.this]
        ranked = nodes.named(nodes.select(outputs, nodes.shared(self.base.name, "r"), where), "w")
        return ranked, nodes.column("customer", "w")


def _kept(node: RankCondition) -> exp.Expr:
    """Of a customer ranked in w. percent: place <= ceil(known x percent / 100), which is (place - 1) x 100 < known x percent in whole numbers."""
    position = nodes.column("place", "w")
    if node.percent is None:
        return exp.LTE(this=position, expression=nodes.number(node.count or 0))
    before = exp.Mul(this=exp.Paren(this=exp.Sub(this=position, expression=nodes.number(1))), expression=nodes.number(100))
    return exp.LT(this=before, expression=exp.Mul(this=nodes.column("known", "w"), expression=nodes.number(Decimal(node.percent))))


def cost(node: AnyNode) -> int:
    """How dear a node is to test: 0 the customer's own row, 1 presence of a record or on a list, 2 an aggregate, 3 a sequence, 4 a rank. Cheapest first."""
    match node:
        case TagCondition() | TagComparison() | ConceptRef():
            return 0
        case SegmentRef():
            return 1
        case RecordCondition(aggregate="count", value=Decimal() as value) if value in (0, 1):
            return 1
        case RecordCondition():
            return 2
        case SequenceCondition():
            return 3
        case RankCondition():
            return 4
        case AllOf(children=members) | AnyOf(children=members):
            return max(map(cost, members), default=0)
        case Not(child=child):
            return cost(child)
