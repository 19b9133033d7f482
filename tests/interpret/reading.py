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
from assistant.rule.tree import SegmentRule

AS_OF, TODAY = date(2026, 9, 24), date(2026, 9, 25)
SHANGHAI = {"tag": "home_org", "value": ["3100"]}
BEIJING = {"tag": "home_org", "value": ["1100"]}
DEMAND = {"tag": "dep_demand_bal", "operator": ">=", "value": 50000}
TIME = {"tag": "dep_time_bal", "operator": ">=", "value": 100000}
WOMEN, MEN = {"tag": "gender", "value": ["F"]}, {"tag": "gender", "value": ["M"]}
MORTGAGE = {"tag": "mort_flag", "value": True}
PLATINUM = {"tag": "cust_tier", "value": ["T3"]}


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


def talk(*turns: str, choices: Mapping[str, int] | None = None, pending: bool = False) -> Interpretation:
    """The last turn of a conversation in which every turn is taken by its default readings."""
    rule: SegmentRule | None = None
    last: Interpretation | None = None
    for number, turn in enumerate(turns):
        is_last = number == len(turns) - 1
        context = Context(catalog(), AS_OF, TODAY, number, rule, choices or {} if is_last else {}, pending=pending and is_last)
        last = GrammarInterpreter().interpret(turn, context)
        rule = last.rule
    assert last is not None
    return last


def asks(found: Interpretation) -> list[str]:
    """The codes of everything a turn would ask about or refuse."""
    return [*(issue.code for issue in found.issues), *(question.code for question in found.questions if question.ask)]


def spells(rule: SegmentRule | None, short: Mapping[str, Any]) -> bool:
    """Whether a rule is the one a short form says."""
    assert rule is not None
    return canonical_rule(rule.node, catalog().expand_all) == canonical_rule(node_from_short(short), catalog().expand_all)


def both(*conditions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The short form of several conditions that must all hold."""
    return {"all": list(conditions)}
