"""Generated rules: the same from the same seed, passed by gate 1, and made smaller only into rules."""

from random import Random

from assistant.evaluate.generator import Author, as_validated, selective, smaller
from assistant.evaluate.world import small_world
from assistant.rule.canonical import text
from assistant.rule.short import node_from_short


def test_a_seed_decides_the_rules() -> None:
    def drawn() -> list[str]:
        random = Random(5)
        author = Author(random, small_world(random))
        return [text(author.steered().rule.node) for _ in range(10)]

    assert drawn() == drawn()


def test_smaller_rules_end() -> None:
    random = Random(8)
    world = small_world(random)
    author = Author(random, world)
    for _ in range(20):
        node = author.rule()
        steps = 0
        while (simpler := next(smaller(node), None)) is not None:
            node, steps = simpler, steps + 1
            assert steps < 200


def test_what_gate_1_refuses_is_not_run() -> None:
    world = small_world(Random(1))
    assert as_validated(node_from_short({"tag": "no_such_tag", "value": True}), world) is None
    assert as_validated(node_from_short({"tag": "vip", "value": True}), world) is not None


def test_selective() -> None:
    assert [selective(count, 100) for count in (4, 5, 95, 96)] == [False, True, True, False]
