"""What an edit did: the top-level conditions that came, went or changed. Law: decided on canonical forms, so order and wording are no change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.rule.canonical import canonical, text
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    Path,
    RankCondition,
    RecordCondition,
    SegmentRef,
    SequenceCondition,
    TagComparison,
    TagCondition,
    children,
    walk,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` is the condition's place in the canonical new rule (in the canonical old one when it was removed);
    () when the rule as a whole was wrapped or unwrapped."""

    kind: Literal["added", "removed", "changed"]
    path: Path
    old: AnyNode | None
    new: AnyNode | None


def _conditions(root: AnyNode) -> list[tuple[Path, AnyNode]]:
    if isinstance(root, AllOf):
        return [((number,), child) for number, child in enumerate(root.children)]
    return [((), root)]


def subjects(node: AnyNode) -> frozenset[str]:
    """What a condition is about, by catalog code."""
    found: set[str] = set()
    for _, part in walk(node):
        match part:
            case TagCondition(tag=code) | RankCondition(tag=code):
                found.add(f"tag {code}")
            case TagComparison(left=left, right=right):
                found |= {f"tag {left}", f"tag {right}"}
            case RecordCondition(records=code):
                found.add(f"records {code}")
            case SequenceCondition(first=first, then=then):
                found |= {f"records {first.records}", f"records {then.records}"}
            case ConceptRef(concept=code):
                found.add(f"concept {code}")
            case SegmentRef(segment=code):
                found.add(f"segment {code}")
    return frozenset(found)


def _likeness(old: AnyNode, new: AnyNode) -> float:
    """0 (about different things) to above 1 (same kind, same subjects)."""
    left, right = subjects(old), subjects(new)
    shared = len(left & right) / len(left | right) if left | right else 0.0
    return shared + 0.5 if shared and old.kind == new.kind else shared


def _holds(whole: AnyNode, part: AnyNode) -> bool:
    """Whether `part` is, whole, a direct sub-rule of `whole`."""
    return not isinstance(whole, AllOf) and any(text(child) == text(part) for child in children(whole))


def diff(old: AnyNode, new: AnyNode) -> tuple[Change, ...]:
    """The changes from one rule to another: removed first, then changed, then added, each in canonical order; none when they spell the same set.

    Conditions that differ are paired when they are about the same codes, the most alike first.
    """
    before, after = canonical(old), canonical(new)
    if text(before) == text(after):
        return ()
    if before != AllOf() and after != AllOf() and (_holds(after, before) or _holds(before, after)):
        return (Change("changed", (), before, after),)
    same = {text(node) for _, node in _conditions(before)} & {text(node) for _, node in _conditions(after)}
    gone = [(path, node) for path, node in _conditions(before) if text(node) not in same]
    come = [(path, node) for path, node in _conditions(after) if text(node) not in same]
    pairs = sorted(
        (
            (-_likeness(left, right), i, j)
            for i, (_, left) in enumerate(gone)
            for j, (_, right) in enumerate(come)
            if _likeness(left, right)
        ),
    )
    partner: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
    removed = [Change("removed", path, node, None) for i, (path, node) in enumerate(gone) if i not in partner]
    changed = sorted((Change("changed", come[j][0], gone[i][1], come[j][1]) for i, j in partner.items()), key=lambda change: change.path)
    added = [Change("added", path, None, node) for j, (path, node) in enumerate(come) if j not in partner.values()]
    return (*removed, *changed, *added)
