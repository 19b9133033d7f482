"""The behaviour that a segment is made of, so that its change can be told by whose days it is. Law: only what is plainly "did it in these days": a rule that counts two things, or
more than once, or in no stretch of days, has no behaviour of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.insight.definition import records_of
from assistant.insight.monitor import watched
from assistant.rule.tree import AllOf, AnyNode, RecordCondition, SegmentRule
from assistant.rule.window import DateSpan, resolve
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Who `did` it in a span (both ends known), among the customers of the rest of the rule."""

    did: RecordCondition
    span: DateSpan
    among: SegmentRule


def behaviour(rule: ValidatedRule) -> Behaviour | None:
    """The one behaviour of a rule, or None."""
    node = rule.expanded
    parts: tuple[AnyNode, ...] = node.children if isinstance(node, AllOf) else (node,)
    did = [one for one in parts if isinstance(one, RecordCondition)]
    others = tuple(one for one in parts if not isinstance(one, RecordCondition))
    if len(did) != 1 or any(map(records_of, others)):
        return None
    (one,) = did
    once = (one.aggregate, one.operator, one.value) == ("count", ">=", Decimal(1))
    if not once or one.window is None or one.day_kind is not None or one.records not in {records.code for records in watched(rule.catalog)}:
        return None
    span = resolve(one.window, rule.as_of, rule.today)
    if span.start is None or span.end is None or span.empty:
        return None
    return Behaviour(one, span, SegmentRule(node=others[0] if len(others) == 1 else AllOf(children=others)))
