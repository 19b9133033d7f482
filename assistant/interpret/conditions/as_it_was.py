"""A value of an ordered tag beside that tag's own change: 钻石客户降级的 may be those who were diamond before it, or those who are now. Law: asked, unless today or then is said.

So too where one of the two is added to a rule that has the other: 钻石客户, then 其中降级的.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import Item
from assistant.rule.tree import AllOf, AnyNode, Quote, SegmentRule, Snapshot, TagComparison, TagCondition

_LABELS = (
    Text(zh="变动前是（现在已不一定是）", en="those who were so before the change"),
    Text(zh="变动后、现在是", en="those who are so now, after it"),
)


def as_it_was(cursor: Cursor, items: list[Item]) -> list[Item]:
    """The items with a value of a tag read before the change of the same tag that another one says, where that is what was chosen; asked about."""
    if "or" in (one.join for one in items):
        return items
    found = list(items)
    for place, item in enumerate(items):
        others = ((one, _changed(cursor.catalog, item.node, one.node)) for one in items if one is not item)
        changed = next(((one, since) for one, since in others if since is not None), None)
        if changed is None or _said_now(cursor, item.first, item.last):
            continue
        other, since = changed
        if _then(cursor, cursor.quote(min(item.first, other.first), max(item.last, other.last))):
            found[place] = replace(item, node=_at(item.node, since))
    return found


def as_it_was_before(cursor: Cursor, rule: SegmentRule, node: AnyNode, first: int, last: int) -> tuple[SegmentRule, AnyNode]:
    """A rule and the condition that tokens [first, last) add to it, with a value of a tag in one read before the change of the tag in the other, where that is what was chosen; asked about."""
    had, added = _members(rule.node), _members(node)
    before = [_since(cursor.catalog, one, added) for one in had]
    after = [None if _said_now(cursor, first, last) else _since(cursor.catalog, one, had) for one in added]
    if not any((*before, *after)) or not _then(cursor, cursor.quote(first, last)):
        return rule, node
    return rule.model_copy(update={"node": _with(rule.node, before)}), _with(node, after)


def _then(cursor: Cursor, quote: Quote) -> bool:
    """Whether the value before the change is chosen."""
    return cursor.choose("as_it_was", quote, "ambiguous_time_of_value", {"words": cursor.words(quote)}, _LABELS) == 0


def _members(node: AnyNode) -> tuple[AnyNode, ...]:
    return node.children if isinstance(node, AllOf) else (node,)


def _with(node: AnyNode, since: Sequence[Snapshot | None]) -> AnyNode:
    """A condition with each of its members read at the snapshot given for it, if any."""
    members = tuple(one if then is None else _at(one, then) for one, then in zip(_members(node), since, strict=True))
    return node.model_copy(update={"children": members}) if isinstance(node, AllOf) else members[0]


def _at(node: AnyNode, since: Snapshot | None) -> AnyNode:
    return node.model_copy(update={"snapshot": since})


def _since(catalog: TagCatalog, node: AnyNode, others: Sequence[AnyNode]) -> Snapshot | None:
    return next((since for one in others if (since := _changed(catalog, node, one)) is not None), None)


def _changed(catalog: TagCatalog, node: AnyNode, other: AnyNode) -> Snapshot | None:
    """The snapshot since which a condition, or a concept, says that the ordered tag changed of which another says today's value; None where they say no such thing."""
    if not isinstance(node, TagCondition) or node.snapshot is not None or not catalog.tags[node.tag].ordered:
        return None
    changes = (one for one in _members(catalog.expand_all(other)) if isinstance(one, TagComparison))
    same = (one for one in changes if one.left == one.right == node.tag and one.left_snapshot is None)
    return next((one.right_snapshot for one in same if one.right_snapshot is not None), None)


def _said_now(cursor: Cursor, first: int, last: int) -> bool:
    """Whether a word of today stands with the value: 现在是白金的降级户."""
    return any(token.phrase("today", "still") for token in cursor.tokens[max(0, first - 2) : last])
