"""Rules drawn over a catalog: gate 1 passes each, and a seed decides all."""

from random import Random

from assistant.catalog.load import TagCatalog
from assistant.evaluate.author import Author
from assistant.evaluate.roundtrip import demo_bank
from assistant.rule.canonical import text
from assistant.rule.tree import AnyNode, children
from tests.narrate.catalog import CATALOG as SMALL

BANK = demo_bank(TagCatalog.load())


def depth(node: AnyNode) -> int:
    return max((1 + depth(child) for child in children(node)), default=0)


def test_a_seed_decides_every_rule() -> None:
    one, other = (Author(Random(4), BANK) for _ in range(2))
    assert [text(one.rule(2)) for _ in range(10)] == [text(other.rule(2)) for _ in range(10)]


def test_rules_pass_gate_1_and_nest_as_deep_as_asked() -> None:
    author = Author(Random(1), BANK)
    for wanted in range(5):
        rules = [author.rule(wanted) for _ in range(8)]
        assert all(BANK.passes(rule) for rule in rules)
        assert max(map(depth, rules)) == wanted


def test_any_catalog_will_do() -> None:
    author = Author(Random(2), demo_bank(SMALL))
    assert all(author.bank.passes(author.rule(1)) for _ in range(10))
