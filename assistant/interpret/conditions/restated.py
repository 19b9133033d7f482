"""What was not so at a point of time and is so now, without its name said again: 上月末不是白金客户,现在是; were not gold then but are now.
Law: read only where the one condition before it is of a point of time and can be so today; the words that say it is so now are never passed over.
"""

from __future__ import annotations

from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import Item
from assistant.rule.tree import AnyNode, TagCondition, walk

Parsed = tuple[AnyNode, int]
_SAYING = ("ignored", "is", "copula", "today", "too", "still", "have")


class Restated:
    """The words that say that a condition of a point of time holds today."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def now(self, items: list[Item], index: int) -> Parsed | None:
        """The condition before `index` as it is today, where a word of today (or still), with one of being or having, is all that is said up to the next comma."""
        last = self._said(index)
        if last is None or not items or not any(_dated(item) for item in items):
            return None
        before = items[-1].node
        if isinstance(before, TagCondition) and before.snapshot is not None:
            value = True if before.value is False else before.value
            operator = "in" if before.operator == "not_in" else before.operator
            if operator in ("in", "=") and (value is True or isinstance(value, tuple)):
                node = before.model_copy(
                    update={"operator": operator, "value": value, "snapshot": None, "said": self.cursor.said(index, last)}
                )
                return node, last
        self.cursor.skipped.update(range(index, last))  # a number, or several conditions: which of them is so now is not said
        return None

    def _said(self, index: int) -> int | None:
        """The index behind words that say no more than that it is so today."""
        last = index
        while (
            (token := self.cursor.token(last)) is not None and token.phrase(*_SAYING) and not token.content and not token.phrase("people")
        ):
            last += 1
        said = self.cursor.tokens[index:last]
        closing = self.cursor.token(last)
        while closing is not None and closing.phrase("people"):
            closing = self.cursor.token(last := last + 1)
        whole = closing is None or closing.phrase("connective.comma") is not None
        today = any(token.phrase("today", "still") for token in said)
        being = any(token.phrase("copula", "have") for token in said)
        return last if whole and today and being else None


def _dated(item: Item) -> bool:
    """Whether a condition is of a point of time."""
    return any(isinstance(node, TagCondition) and node.snapshot is not None for _, node in walk(item.node))
