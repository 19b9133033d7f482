"""Those compared with who are only said to do what the first do not: how do they differ from mortgage customers who did. Law: what is left unsaid is the one
condition that the first are denied; where there is not exactly one, nothing is taken for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.interpret.clauses import ends
from assistant.interpret.edits.pointing import about_the_same
from assistant.interpret.lexer import Token
from assistant.rule.tree import AllOf, AnyNode, Not, TagCondition


def find_elided(tokens: Sequence[Token]) -> int | None:
    """Where a side ends in a verb without its rest (who did, who have): the place of the first word of it; None where it does not."""
    last = len(tokens)
    while last and ends(tokens[last - 1]):
        last -= 1
    if last and tokens[last - 1].phrase("versus.who_did"):
        return last - 1
    if last > 1 and tokens[last - 1].phrase("versus.did") and tokens[last - 2].phrase("versus.who"):
        return last - 2
    return None


def granted(denying: Sequence[AnyNode], said: Sequence[AnyNode]) -> tuple[tuple[AnyNode, ...], tuple[AnyNode, ...]] | None:
    """What those who do it must meet: with the other conditions of those denied it, and without them. None where not exactly one condition is denied."""
    denied = [part for part in denying if _positive(part) is not None]
    positive = _positive(denied[0]) if len(denied) == 1 else None
    if positive is None:
        return None
    others = [part for part in denying if part is not denied[0] and not any(part == one or about_the_same(part, one) for one in said)]
    return (*others, *said, positive), ((*said, positive) if said else (*others, positive))


def _positive(node: AnyNode) -> AnyNode | None:
    """What a condition denies, with no base: whoever did it could; None where it denies nothing."""
    if isinstance(node, Not):
        return node.child
    if isinstance(node, AllOf):  # those who could have done it and did not, in the same words
        denied = [part.child for part in node.children if isinstance(part, Not)]
        return denied[0] if len(denied) == 1 and node.children[0].said and len({part.said for part in node.children}) == 1 else None
    return node.model_copy(update={"value": True}) if isinstance(node, TagCondition) and node.value is False else None
