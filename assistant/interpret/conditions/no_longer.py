"""What no longer is so: 不再持有基金的, no longer hold funds, 不再是金卡的. Law: it is so no more today and was so at an earlier date; which date is asked, never taken."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import all_of, any_of
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Snapshot, TagCondition

Parsed = tuple[AnyNode, int]
_THEN = (Snapshot(unit="month", offset=-1), Snapshot(unit="quarter", offset=-1), Snapshot(unit="year", offset=-1))
"""When it may have been so: at the end of last month, of last quarter and of last year."""


class NoLongerPatterns:
    """The denial that says that something was so before."""

    def __init__(self, cursor: Cursor, condition: Callable[[int], Parsed | None]) -> None:
        self.cursor, self.condition = cursor, condition

    def no_longer(self, index: int) -> Parsed | None:
        """What stands behind the word, of tags alone: so at the date chosen, and not so now."""
        if not self.cursor.tokens[index].phrase("negation.no_longer"):
            return None
        found = self.condition(self.cursor.skip(index + 1, "is"))
        if found is None:
            return None
        node, last = found
        parts = node.children if isinstance(node, AllOf | AnyOf) else (node,)
        ended = [(part, now) for part in parts if (now := _now(part)) is not None]
        if len(ended) != len(parts):
            return None
        said = self.cursor.said(index, last)
        params = {"words": self.cursor.words(said[0])}
        then = _THEN[self.cursor.choose("no_longer", said[0], "no_longer", params, (None,) * len(_THEN))]
        before = [part.model_copy(update={"snapshot": then, "said": said}) for part, _ in ended]
        today = [now.model_copy(update={"said": said}) for _, now in ended]
        return all_of([any_of([*before]), *today] if isinstance(node, AnyOf) else [*before, *today]), last


def _now(node: AnyNode) -> TagCondition | None:
    """What is so today of a tag of which a condition is so no more; None where it cannot be said of the tag alone."""
    if not isinstance(node, TagCondition) or node.snapshot is not None:
        return None
    if node.operator == "in":
        return node.model_copy(update={"operator": "not_in"})
    if node.value is True:
        return node.model_copy(update={"value": False})
    return node.model_copy(update={"operator": "="}) if (node.operator, node.value) == (">", Decimal(0)) else None
