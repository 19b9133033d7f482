"""Having a product, and its records having stopped: 代发户，工资断了的 may be those who are still counted as having it, or those who had it. Law: asked, never both taken silently."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.interpret.cursor import Cursor
from assistant.interpret.nodes import Item
from assistant.rule.tree import AnyNode, TagCondition

_LABELS = (
    Text(zh="曾经是、现已断的都算", en="those who had it, whether still counted or not"),
    Text(zh="只看现在仍计为持有的", en="only those still counted as having it"),
)


def without_stopped(cursor: Cursor, items: list[Item]) -> list[Item]:
    """The items without the yes-no tag whose end another one says, where that is what was chosen; asked about."""
    for item in items:
        gaps = _gaps_of(cursor.catalog, item.node)
        other = next((one for one in items if one is not item and _gap(cursor.catalog, one.node) in gaps), None)
        if other is None or "or" in (one.join for one in items):
            continue
        quote = cursor.quote(min(item.first, other.first), max(item.last, other.last))
        params = {"words": cursor.words(quote)}
        if cursor.choose("stopped", quote, "ambiguous_word", params, _LABELS) == 0:
            said = (*item.node.said, *other.node.said)
            kept = [one for one in items if one is not item]
            return [replace(one, node=one.node.model_copy(update={"said": said})) if one is other else one for one in kept]
    return items


def _gaps_of(catalog: TagCatalog, node: AnyNode) -> frozenset[str]:
    """The tags that count how long the records behind a yes-no tag have been missing; none where the node is no such tag said to be true."""
    if not isinstance(node, TagCondition) or node.value is not True or node.snapshot is not None:
        return frozenset()
    counted = {record.gap_tag for record in catalog.records.values() if record.gap_tag is not None}
    return frozenset(counted & set(catalog.tags[node.tag].derived_from))


def _gap(catalog: TagCatalog, node: AnyNode) -> str | None:
    """The tag of which a condition, or a concept, says that so much is missing already."""
    rule = catalog.expand_all(node)
    return rule.tag if isinstance(rule, TagCondition) and rule.operator in (">", ">=") else None
