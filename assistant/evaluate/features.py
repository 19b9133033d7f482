"""What a rule is made of, by name, for histograms. Law: names only; nothing is judged."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.rule.tree import (
    AnyNode,
    Comparing,
    ConceptRef,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SequenceCondition,
    TagComparison,
    TagCondition,
    walk,
)
from assistant.rule.window import Frozen, Shifted


def features(node: AnyNode) -> Iterator[str]:
    """Node kinds, operators, aggregates, measures, window kinds, kinds of day and what varies within them, each as often as it occurs."""
    for _, part in walk(node):
        yield f"node {part.kind}"
        yield from _variants(part)
        comparisons: tuple[Comparing, ...] = (part,) if isinstance(part, TagCondition | TagComparison | RecordCondition) else ()
        sides: tuple[RecordCondition | Records, ...] = ()
        if isinstance(part, RecordCondition):
            yield f"aggregate {part.aggregate}"
            sides = (part,)
        if isinstance(part, SequenceCondition):
            sides = (part.first, part.then)
        for side in sides:
            comparisons += side.filters
            if side.filters:
                yield "record filters"
            if side.window is not None:
                yield from _window(side.window)
            if side.day_kind is not None:
                yield f"day {side.day_kind}"
        for comparison in comparisons:
            yield f"operator {comparison.operator}"
            if isinstance(comparison.value, Frozen) and not isinstance(comparison.value, Range):
                yield from _window(comparison.value)


def _variants(part: AnyNode) -> Iterator[str]:
    match part:
        case TagComparison():
            yield f"measure {part.measure}"
            if part.left_snapshot or part.right_snapshot:
                yield "snapshot earlier"
            if part.left != part.right:
                yield "tag with tag"
        case TagCondition(snapshot=snapshot) if snapshot is not None:
            yield "snapshot earlier"
        case SequenceCondition(negated=True):
            yield "sequence then not"
        case ConceptRef():
            if part.negated:
                yield "concept negated"
            if part.parameters:
                yield "concept parameters"
        case RankCondition():
            yield f"rank {part.direction} {'count' if part.percent is None else 'percent'}"
        case _:
            pass


def _window(window: Frozen) -> Iterator[str]:
    kind = getattr(window, "kind", "")
    yield f"window {kind}"
    if isinstance(window, Shifted):
        yield f"window shifted {window.base.kind}"
