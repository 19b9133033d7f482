"""Putting conditions together: groups, denials, and the words they came from. Law: pure; nothing here reads tokens."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.model import Tag
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Not,
    Quote,
    RecordCondition,
    TagCondition,
)


@dataclass(slots=True)
class Item:
    """One condition with the connective in front of it: "" (side by side), "comma", "and" (和), "also" (且) or "or"."""

    join: str
    node: AnyNode
    first: int
    last: int
    loose: bool = False
    """Whether it is a bare A或B whose members an 且 beside it could take apart."""


def all_of(nodes: list[AnyNode]) -> AnyNode:
    return nodes[0] if len(nodes) == 1 else AllOf(children=tuple(nodes))


def any_of(nodes: list[AnyNode]) -> AnyNode:
    return nodes[0] if len(nodes) == 1 else AnyOf(children=tuple(nodes))


def one_each(node: RecordCondition) -> AnyNode:
    """A condition on several values of one property as one condition a value, all of which must hold."""
    first, *rest = node.filters
    values = first.value
    assert isinstance(values, tuple), "the slot of an action holds codes"
    return AllOf(
        children=tuple(node.model_copy(update={"filters": (first.model_copy(update={"value": (value,)}), *rest)}) for value in values),
        said=node.said,
    )


def held(tag: Tag, positive: bool, said: tuple[Quote, ...]) -> AnyNode:
    if tag.type == "flag":
        return TagCondition(tag=tag.code, operator="=", value=positive, said=said)
    return TagCondition(tag=tag.code, operator=">" if positive else "=", value=Decimal(0), said=said)


def denied(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """Not + a reading: a concept's own negation, else everyone else."""
    if isinstance(node, ConceptRef):
        return node.model_copy(update={"negated": not node.negated, "said": said})
    return Not(child=quoted(node, said), said=said)


def quoted(node: AnyNode, said: tuple[Quote, ...]) -> AnyNode:
    """The node, and every node under it, said by these words."""
    update: dict[str, object] = {"said": said}
    if isinstance(node, AllOf | AnyOf):
        update["children"] = tuple(quoted(child, said) for child in node.children)
    elif isinstance(node, Not):
        update["child"] = quoted(node.child, said)
    return node.model_copy(update=update)


def bounds(quote: Quote) -> tuple[int, int]:
    return quote.start, quote.end
