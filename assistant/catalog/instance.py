"""Which strategy template a rule is an instance of. Law: every condition of the template stands in the rule, with no other difference than the numbers it lets be set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Strategy, conditions
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AllOf, AnyNode

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])-?\d+(?:\.\d+)?")
_OPEN = "$"


def instance_of(node: AnyNode, catalog: TagCatalog) -> Strategy | None:
    """The template in use with the most conditions, all of which the rule has; None for a rule of nobody's."""
    exact = {_said(one, False) for one in _flat(node)}
    loose = {_said(one, True) for one in _flat(node)}
    fitting = [
        strategy
        for strategy in catalog.strategies.values()
        if strategy.status == "online" and all(said in (loose if opened else exact) for said, opened in _wanted(strategy))
    ]
    return max(fitting, key=lambda one: len(_wanted(one)), default=None)


def _wanted(strategy: Strategy) -> Sequence[tuple[str, bool]]:
    """Each condition of a template, and whether it has a number that may be set."""
    return _conditions(strategy.model_dump_json())


@lru_cache(maxsize=512)
def _conditions(strategy: str) -> Sequence[tuple[str, bool]]:
    read = Strategy.model_validate_json(strategy)
    short = read.rule["all"] if isinstance(read.rule.get("all"), list | tuple) else [read.rule]
    opened = [_OPEN in str(one) for one in short]
    return tuple((_said(one, free), free) for one, free in zip(conditions(read.node()), opened, strict=True))


def _flat(node: AnyNode) -> list[AnyNode]:
    return [part for child in node.children for part in _flat(child)] if isinstance(node, AllOf) else [node]


def _said(node: AnyNode, loose: bool) -> str:
    """A condition in canonical words, its numbers left out where they may be set."""
    said = text(canonical(node))
    return _NUMBER.sub("#", said) if loose else said
