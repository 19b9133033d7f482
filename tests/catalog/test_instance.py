"""Every template is known by its rule, whatever its numbers; a rule with less than its conditions is nobody's."""

from __future__ import annotations

from decimal import Decimal

from assistant.catalog.instance import instance_of
from assistant.catalog.load import TagCatalog
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyOf

CATALOG = TagCatalog.load()
MORE = node_from_short({"tag": "age", "operator": ">", "value": 30})


def test_every_template_is_known_with_any_numbers_and_more_conditions() -> None:
    for strategy in CATALOG.strategies.values():
        if strategy.status != "online":
            continue
        for given in ({}, {name: one.high for name, one in strategy.parameters.items()}):
            node = strategy.node(given)
            for rule in (node, AllOf(children=(MORE, node))):
                found = instance_of(rule, CATALOG)
                assert found is not None, strategy.code
                assert found.code == strategy.code


def test_a_number_that_may_not_be_set_must_be_the_same() -> None:
    first = CATALOG.strategies["wealth_first_purchase"]
    node = first.node({"balance": Decimal(70000)})
    assert isinstance(node, AllOf)
    assert instance_of(node, CATALOG) is first
    assert instance_of(AllOf(children=node.children[1:]), CATALOG) is not first
    assert instance_of(AnyOf(children=node.children), CATALOG) is None
    assert instance_of(MORE, CATALOG) is None
