"""When what customers did rose or fell: why did visits to the loan zone rise in mid-September, 贷款专区的访问最近为什么涨了. Law: the time stands apart from the action, by the
word for the rise; it is that of the action only where one action and one time are said, else it stays unread."""

from __future__ import annotations

from assistant.interpret.conditions.retimed import retimed
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.rule.tree import AnyNode, RecordCondition, SegmentRule


def moved_when(cursor: Cursor, requests: tuple[Request, ...], rule: SegmentRule | None) -> SegmentRule | None:
    """The rule with the time said of the rise or fall asked about, its words marked; as it is where none is said so."""
    if rule is None or not isinstance(rule.node, RecordCondition) or all(request.kind != "why_changed" for request in requests):
        return rule
    untimed = [one for one in cursor.assumptions if one.code == "default_window" and one.params.get("record") == rule.node.records]
    times = [place for place, token in enumerate(cursor.tokens) if token.window is not None]
    if len(untimed) != 1 or len(times) != 1 or cursor.kinds[times[0]] not in ("unread", "ignored"):
        return rule
    (place,) = times
    token = cursor.tokens[place]
    span = token.window
    if span is None or span.kind != "window" or token.content or token.comparison is not None:
        return rule
    node: AnyNode | None = rule.node if span.window is None else retimed(rule.node, span, cursor.catalog)
    if not isinstance(node, RecordCondition):
        return rule
    cursor.mark(place, place + 1, "condition")
    cursor.skipped.discard(place)
    cursor.assumptions.remove(untimed[0])
    timed = node.model_copy(update={"said": (*node.said, cursor.quote(place, place + 1))})
    return rule.model_copy(update={"node": timed})
