"""Between how many and how many customers a rule may have, where the values of some are missing. Law: three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, § 64): a comparison
whose value is missing is neither true nor false, and a rule holds surely, possibly or not at all by what its conditions do.

Missing is a value that every customer has and the data do not (`null_means` unknown, or an empty cell that should never be one): what does not apply to a customer, and a customer who was none
at an earlier snapshot, are known not to meet a comparison. Records are taken as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from assistant.catalog.model import Tag
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, RankCondition, Snapshot, TagComparison, TagCondition, walk
from assistant.sql import nodes
from assistant.sql.compare import Reading, measure
from assistant.sql.compile import Whole
from assistant.sql.conditions import snapshot_of, tag_of
from assistant.sql.query import Query
from assistant.validation.verdict import ValidatedRule

_OF_ABSENCE = ("is_absent", "is_unknown")
"""What asks whether there is a value: a missing one answers it."""


def may_be_missing(tag: Tag) -> bool:
    """Whether an empty cell hides a value that the customer has."""
    return tag.null_means in ("unknown", "never_null")


def has_bounds(rule: ValidatedRule) -> bool:
    """Whether a rule has bounds of its own: not where it ranks customers, for who comes first hangs on every value, missing ones too."""
    return not any(isinstance(node, RankCondition) for _, node in walk(rule.expanded))


def bounds(rule: ValidatedRule, qualifier: tuple[str, ...]) -> Query:
    """One row over the base: `surely`, customers of whom the rule holds without what is missing, and `possibly`, those of whom it is not false without it. Whatever the missing values are, the number
    of customers lies between the two; it may have less room where a rule asks for one tag in several conditions."""
    whole = Whole(rule, qualifier)
    sides = _Sides(whole).of(rule.expanded)
    outputs = [nodes.output(nodes.count_where(side), name) for name, side in (("surely", sides.surely), ("possibly", sides.possibly))]
    return Query("bounds", whole.finish(whole.select(outputs)))


@dataclass(frozen=True, slots=True)
class _Both:
    """Predicates, never NULL: a node is true whatever is missing, and it is not false whatever is missing."""

    surely: exp.Expr
    possibly: exp.Expr


@dataclass(frozen=True, slots=True)
class _Sides:
    whole: Whole

    def of(self, node: AnyNode) -> _Both:
        match node:
            case AllOf(children=members):
                return self._joined(members, conjunction=True)
            case AnyOf(children=members):
                return self._joined(members, conjunction=False)
            case Not(child=child):
                inside = self.of(child)
                return _Both(nodes.negated(inside.possibly), nodes.negated(inside.surely))
            case TagCondition() | TagComparison():
                holds = self.whole.predicate(node)
                undecided = None if node.operator in _OF_ABSENCE else self._undecided(node)
                return _Both(holds, holds.copy() if undecided is None else nodes.any_of([holds.copy(), undecided]))
            case _:
                holds = self.whole.predicate(node)
                return _Both(holds, holds.copy())

    def _joined(self, members: tuple[AnyNode, ...], conjunction: bool) -> _Both:
        found = [self.of(member) for member in members]
        join = nodes.all_of if conjunction else nodes.any_of
        return _Both(join(one.surely for one in found), join(one.possibly for one in found))

    def _undecided(self, node: TagCondition | TagComparison) -> exp.Expr | None:
        """A value is missing without which the comparison is undecided; None where none can be."""
        asked = _asked(node)
        missing = [self._missing(tag, snapshot) for tag, snapshot in asked]
        if all(one is None for one in missing):
            return None
        readings = [self.whole.conditions.reading(tag, snapshot) for tag, snapshot in asked]
        decided = [self._has_value(reading, one) for reading, one in zip(readings, missing, strict=True) if not reading.always_known]
        if isinstance(node, TagComparison) and node.measure != "difference":
            above = exp.GT(this=measure(readings[1]), expression=nodes.number(0))
            divides = readings[1].guard(above)
            decided.append(divides if missing[1] is None else nodes.any_of([missing[1].copy(), divides]))
        return nodes.all_of([nodes.any_of(one.copy() for one in missing if one is not None), *decided])

    def _missing(self, code: str, snapshot: Snapshot | None) -> exp.Expr | None:
        """A customer has a value of a tag, and the data do not."""
        rule = self.whole.rule
        tag, day = tag_of(rule, code), snapshot_of(rule, snapshot)
        reading = self.whole.conditions.reading(code, snapshot)
        if not may_be_missing(tag) or reading.always_known:
            return None
        empty = nodes.missing(reading.raw.copy())
        return empty if day == rule.snapshot else nodes.all_of([self.whole.population.there("b", day), empty])

    @staticmethod
    def _has_value(reading: Reading, missing: exp.Expr | None) -> exp.Expr:
        """There is a value, whether the data have it or not."""
        return reading.known() if missing is None else nodes.any_of([reading.known(), missing.copy()])


def _asked(node: TagCondition | TagComparison) -> list[tuple[str, Snapshot | None]]:
    """The tags that are compared, each at its snapshot; of a pair the right one last."""
    if isinstance(node, TagCondition):
        return [(node.tag, node.snapshot)]
    return [(node.left, node.left_snapshot), (node.right, node.right_snapshot)]
