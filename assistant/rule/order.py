"""The conditions of a rule as a person counts them. Law: one order for the card, the funnel and "the second condition": the order in which they were said."""

from __future__ import annotations

from assistant.rule.tree import AllOf, AnyNode, Path


def in_order(root: AnyNode) -> tuple[tuple[Path, AnyNode], ...]:
    """The top-level conditions with their paths, in the order said (the rule's own where words are missing); none for the whole base."""
    if not isinstance(root, AllOf):
        return (((), root),)
    found: list[tuple[Path, AnyNode]] = [((number,), child) for number, child in enumerate(root.children)]
    if all(node.said for _, node in found):
        found.sort(key=lambda one: min((quote.turn, quote.start) for quote in one[1].said))
    return tuple(found)
