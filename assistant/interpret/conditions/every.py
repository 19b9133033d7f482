"""每笔转账都大于1万, time deposits that all mature within 30 days: what is said of all records of somebody. Law: a condition holds where one record is so, so that a word of all of them is never passed over."""

from __future__ import annotations

from assistant.interpret.cursor import Cursor
from assistant.rule.tree import AnyNode, RecordCondition, walk

_NAMED = ("in", "not_in", "=", "<>", "is_absent", "is_unknown")
"""Operators that say which records are meant, rather than what they are like."""


def of_every_one(cursor: Cursor, root: AnyNode) -> None:
    """Marks the words of all unread that stand within a condition that one record alone meets. Those over several conditions (理财和基金都…) say that each of these holds."""
    one_is_enough = [_quotes(node) for _, node in walk(root) if isinstance(node, RecordCondition) and _one_is_enough(node)]
    others = [_quotes(node) for _, node in walk(root) if isinstance(node, RecordCondition) and not _one_is_enough(node)]
    for index, token in enumerate(cursor.tokens):
        if not token.phrase("every") or cursor.kinds[index] not in ("ignored", "condition"):
            continue
        place = cursor.quote(index, index + 1)
        around = [quotes for quotes in (*one_is_enough, *others) if any(start <= place.start and place.end <= end for start, end in quotes)]
        if len(around) == 1 and around[0] in one_is_enough:
            cursor.kinds[index] = "unread"


def _one_is_enough(node: RecordCondition) -> bool:
    """Whether it asks for at least one record that is of some number or time."""
    return (node.aggregate, node.operator, node.value) == ("count", ">=", 1) and any(each.operator not in _NAMED for each in node.filters)


def _quotes(node: RecordCondition) -> tuple[tuple[int, int], ...]:
    return tuple((quote.start, quote.end) for quote in node.said)
