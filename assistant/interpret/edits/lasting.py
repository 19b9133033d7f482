"""Still so at another time: who still did this month, 现在还是白金的. Law: what is still so holds besides the earlier condition, never in its place; where 还是 may as well put the
other time in its place, that is asked."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.catalog.model import Text
from assistant.interpret.clauses import phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import conditions
from assistant.rule.canonical import canonical
from assistant.rule.edits import AddCondition, apply
from assistant.rule.tree import AnyNode, SegmentRule

_BOTH = Text(zh="两个时间都满足", en="at both times")
_INSTEAD = Text(zh="只看这个时间", en="at this time only")
_TIMES = frozenset({"snapshot", "window", "left_snapshot", "right_snapshot"})
_APART = _TIMES | {"said"}


def still_so(cursor: Cursor, before: SegmentRule, edited: SegmentRule) -> SegmentRule:
    """The rule after an edit that says "still": where it set only another time for a condition, that condition holds at both."""
    said = next((place for place, token in enumerate(cursor.tokens) if token.phrase("still") and phrase_only(token)), None)
    if said is None:
        return edited
    had, has = [node for _, node in conditions(before)], [node for _, node in conditions(edited)]
    came, gone = _without(has, had), _without(had, has)
    if not came or len(came) != len(gone) or any(all(_timeless(new) != _timeless(old) for old in gone) for new in came):
        return edited
    lasting = before
    for node in came:
        lasting = apply(lasting, AddCondition(node=node, how="and"))
    if not cursor.tokens[said].phrase("edit.correct") or _dated_before(cursor, said):
        return lasting
    quote = cursor.quote(0, len(cursor.tokens))
    return (lasting, edited)[cursor.choose("still", quote, "still_or_instead", {"words": cursor.words(quote)}, (_BOTH, _INSTEAD))]


def _dated_before(cursor: Cursor, index: int) -> bool:
    """现在还是, 本月还是: the time stands in front, so that 还是 says that it goes on; behind 还是 the time may be the one preferred."""
    token = cursor.tokens[index - 1] if index else None
    return token is not None and (token.phrase("today") is not None or token.window is not None)


def _without(nodes: Iterable[AnyNode], others: Iterable[AnyNode]) -> list[AnyNode]:
    there = {canonical(node) for node in others}
    return [node for node in nodes if canonical(node) not in there]


def _timeless(node: AnyNode) -> object:
    """A condition without its times and words."""
    return _stripped(node.model_dump())


def _stripped(part: object) -> object:
    if isinstance(part, dict):
        return {name: _stripped(value) for name, value in part.items() if name not in _APART}
    return [_stripped(one) for one in part] if isinstance(part, list | tuple) else part
