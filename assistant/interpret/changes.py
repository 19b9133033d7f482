"""A tag against its own value at an earlier snapshot: 比上月末下降30%以上, up 50k on the year end. Law: see `parser`; without the point compared with, nothing is read."""

from __future__ import annotations

from decimal import Decimal

from assistant.interpret.amounts import MONEY, Amounts, unit_fits
from assistant.interpret.cursor import Cursor
from assistant.language.comparisons import Comparison
from assistant.rule.tree import AnyNode, Operator, Range, Snapshot, TagComparison

Parsed = tuple[AnyNode, int]
_MIRROR: dict[str, Operator] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}
_HUNDRED = Decimal(100)


class ChangePatterns:
    """Changes; the last tag and point compared with are kept, so that "降30%且降5万" is two conditions on one change."""

    def __init__(self, cursor: Cursor, amounts: Amounts) -> None:
        self.cursor, self.amounts = cursor, amounts
        self._last: tuple[str, Snapshot] | None = None

    def change(self, index: int) -> Parsed | None:
        """TAG 比 SNAPSHOT 下降 NUMBER; AUM down 30% on last month end."""
        token = self.cursor.tokens[index]
        if not (token.of("tag") or token.of("hold")):
            return None
        after = self.cursor.skip(index + 1, "ignored", "is", "change.than")
        snapshot, after = self._snapshot(after)
        moved = self._moved(after)
        if moved is None:
            return None
        direction, comparison, last = moved
        if snapshot is None:
            snapshot, last = self._snapshot(self.cursor.skip(last, "ignored", "change.than", "is"))
            if snapshot is None:
                return None
        tag = self.amounts.only_tag(token, lambda each: each.numeric, holdings=True)
        if tag is None:
            return None
        node = self._node(tag.code, snapshot, direction, comparison, index, last)
        if node is not None:
            self._last = (tag.code, snapshot)
        return None if node is None else (node, last)

    def continued(self, index: int) -> Parsed | None:
        """…且降了5万以上: another bound on the change just read."""
        moved = None if self._last is None else self._moved(index)
        if self._last is None or moved is None:
            return None
        direction, comparison, last = moved
        node = self._node(*self._last, direction, comparison, index, last)
        return None if node is None else (node, last)

    def _snapshot(self, index: int) -> tuple[Snapshot | None, int]:
        token = self.cursor.token(index)
        if token is None or token.window is None or token.window.snapshot is None:
            return None, index
        return token.window.snapshot, self.cursor.skip(index + 1, "ignored", "change.than", "is")

    def _moved(self, index: int) -> tuple[str, Comparison, int] | None:
        """A word of rising or falling, then a number."""
        token = self.cursor.token(index)
        direction = None if token is None else token.phrase("change.down", "change.up")
        if direction is None:
            return None
        after = self.cursor.skip(index + 1, "ignored", "is")
        found = self.cursor.comparison(after)
        return None if found is None else (direction, found[0], found[1])

    def _node(self, tag: str, snapshot: Snapshot, direction: str, comparison: Comparison, first: int, last: int) -> TagComparison | None:
        relative = comparison.unit == "percent"
        unit = self.cursor.catalog.tags[tag].unit
        if not relative and not (unit_fits(unit, comparison) and (unit not in MONEY or comparison.scale_said or comparison.unit in MONEY)):
            return None
        quote = self.cursor.quote(first, last)
        if comparison.operator == "range" or comparison.value is None:
            return None
        operator, value = self.amounts.operator_and_value(comparison, quote)
        if not isinstance(value, Decimal) or operator not in _MIRROR:
            return None
        if relative:
            value = value / _HUNDRED
        if direction == "change.down":
            operator, value = _MIRROR[operator], -value
        comparing: dict[str, object] = {"operator": operator, "value": value}
        if comparison.operator in ("<", "<="):
            comparing = {"operator": "range", "value": _moved_less(value, comparison.operator == "<")}
        measure = "relative_change" if relative else "difference"
        return TagComparison.model_validate(
            {"left": tag, "right": tag, "right_snapshot": snapshot, "measure": measure, "said": (quote,), **comparing}
        )


def _moved_less(value: Decimal, strictly: bool) -> Range:
    """下降不到10%: it fell, by less than that; who rose or stayed did not."""
    if value < 0:
        return Range(low=value, high=Decimal(0), low_open=strictly, high_open=True)
    return Range(low=Decimal(0), high=value, low_open=True, high_open=strictly)
