"""What the tests of the interpreter share: the built-in catalog read at one day, and rules in canonical form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from assistant.catalog.load import TagCatalog
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.rule.canonical import canonical_rule
from assistant.rule.short import node_from_short

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)


@cache
def catalog() -> TagCatalog:
    return TagCatalog.load()


def read(text: str) -> Interpretation:
    return GrammarInterpreter().interpret(text, Context(catalog(), AS_OF, TODAY))


def canonical(short: Mapping[str, Any]) -> object:
    return canonical_rule(node_from_short(short), catalog().expand_all)


def read_rule(text: str) -> object:
    """The canonical rule of a request by its default readings."""
    rule = read(text).rule
    assert rule is not None
    return canonical_rule(rule.node, catalog().expand_all)


def asked(text: str) -> list[str]:
    """The codes of everything that would be asked about or refused."""
    found = read(text)
    return [issue.code for issue in found.issues] + [question.code for question in found.questions if question.ask]
