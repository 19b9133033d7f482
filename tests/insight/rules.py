"""Rules that passed for validated in the tests of insight, over the small bank of tests/narrate."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.policy import Identity
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.validation.verdict import ValidatedRule
from tests.narrate.catalog import AS_OF, CATALOG, TODAY

QUALIFIER = ("bank", "main")


def validated(short: Mapping[str, object] | AnyNode) -> ValidatedRule:
    """The rule as gate 1 would hand it on."""
    node = node_from_short(short) if isinstance(short, Mapping) else short
    return ValidatedRule(
        rule=SegmentRule(node=node), expanded=CATALOG.expand_all(node), scope=(), purpose="analysis", as_of=AS_OF, today=TODAY,
        snapshot=AS_OF, snapshots=(AS_OF,), catalog=CATALOG, identity=Identity(),
    )  # fmt: skip
