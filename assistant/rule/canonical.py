"""The one spelling of a rule, and its fingerprint. Law: canonical rewrites only what is the same set for every catalog and every table.

Flattened, sorted, deduplicated, a lone child of AllOf/AnyOf freed, Not(Not(x)) = x, AllOf() the base. It never pushes Not into a
comparison, never turns > 3 into >= 4, never merges bounds: those hang on unknown values or a tag's type, which a rule does not know.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    Filter,
    Node,
    Not,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SequenceCondition,
    Value,
)

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_SPELLED_OUT = 40
"""Numbers of up to this many digits either side of the point are written without an exponent."""

_C = TypeVar("_C", bound=Comparing)
_N = TypeVar("_N", bound=Node)


def canonical_number(number: Decimal) -> Decimal:
    """The same number without trailing zeros, written plainly where that is short; exact at any precision, and -0 is 0."""
    sign, digits, exponent = number.as_tuple()
    if not number:
        return Decimal(0)
    assert isinstance(exponent, int)
    while digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    shortest = Decimal((sign, digits, exponent))
    if exponent >= -_SPELLED_OUT and shortest.adjusted() <= _SPELLED_OUT:
        return Decimal(format(shortest, "f"))
    return shortest


def _value(value: Value) -> Value:
    if isinstance(value, Decimal):
        return canonical_number(value)
    if isinstance(value, tuple):
        return tuple(sorted(set(value)))
    if isinstance(value, Range):
        return value.model_copy(update={"low": canonical_number(value.low), "high": canonical_number(value.high)})
    return value


def _comparing(node: _C) -> _C:
    return node.model_copy(update={"value": _value(node.value), "said": ()})


def _filters(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    return _distinct(_comparing(item) for item in filters)


def _records(records: Records) -> Records:
    return records.model_copy(update={"filters": _filters(records.filters), "said": ()})


def _distinct(nodes: Iterable[_N]) -> tuple[_N, ...]:
    """Sorted by their text, each once. Not by equality: Python holds True and Decimal(1) equal, a flag and a number are not."""
    by_text = {text(node): node for node in nodes}
    return tuple(by_text[key] for key in sorted(by_text))


_EVERYONE = AllOf()
_NOBODY = Not(child=_EVERYONE)


def canonical(node: AnyNode) -> AnyNode:
    """The canonical form of a rule, without the words it came from. Idempotent; denotes the same customers.

    Not stands only on conditions: that of a group goes to its members (De Morgan, exact because every node is two-valued), so 排除A和B has one form.
    """
    match node:
        case AllOf():
            members: list[AnyNode] = []
            for child in map(canonical, node.children):
                members.extend(child.children if isinstance(child, AllOf) else (child,))
            distinct = _distinct(members)
            if _NOBODY in distinct:
                return _NOBODY
            return distinct[0] if len(distinct) == 1 else AllOf(children=distinct)
        case AnyOf():
            members = []
            for child in map(canonical, node.children):
                members.extend(child.children if isinstance(child, AnyOf) else (child,))
            distinct = _distinct(members)
            if _EVERYONE in distinct:
                return _EVERYONE
            distinct = tuple(member for member in distinct if member != _NOBODY) or (_NOBODY,)
            return distinct[0] if len(distinct) == 1 else AnyOf(children=distinct)
        case Not():
            child = canonical(node.child)
            if isinstance(child, AnyOf | AllOf) and child.children:
                denied = tuple(Not(child=member) for member in child.children)
                return canonical(AllOf(children=denied) if isinstance(child, AnyOf) else AnyOf(children=denied))
            return child.child if isinstance(child, Not) else Not(child=child)
        case RankCondition():
            percent = None if node.percent is None else canonical_number(node.percent)
            return node.model_copy(update={"within": canonical(node.within), "percent": percent, "said": ()})
        case SequenceCondition():
            then = _records(node.then).model_copy(update={"window": None})
            return node.model_copy(update={"first": _records(node.first), "then": then, "said": ()})
        case ConceptRef():
            parameters = ((name, canonical_number(item) if isinstance(item, Decimal) else item) for name, item in node.parameters)
            return node.model_copy(update={"parameters": tuple(sorted(parameters)), "said": ()})
        case RecordCondition():
            return _comparing(node).model_copy(update={"filters": _filters(node.filters)})
        case Comparing():
            return _comparing(node)
        case _:
            return node.model_copy(update={"said": ()})


def canonical_rule(node: AnyNode, expand: Callable[[AnyNode], AnyNode]) -> AnyNode:
    """The form that fingerprints and eval compare: concepts replaced by what they mean (`TagCatalog.expand_all`), then canonical."""
    return canonical(expand(node))


def _without_words(value: Json) -> Json:
    if isinstance(value, dict):
        words = ("said", "name") if value.get("kind") == "segment" else ("said",)
        return {name: _without_words(item) for name, item in value.items() if name not in words and item is not None}
    if isinstance(value, list):
        return [_without_words(item) for item in value]
    return value


def text(node: Node) -> str:
    """A node as JSON on one line: keys sorted, `said` and empty fields left out. The same in every process."""
    return json.dumps(_without_words(node.model_dump(mode="json")), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(node: AnyNode) -> str:
    """16 hex digits that name the set a rule spells, whatever its order, nesting or words: sha256 over the canonical text."""
    return hashlib.sha256(text(canonical(node)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
