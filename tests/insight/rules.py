"""Rules that passed for validated in the tests of insight, over the small bank of tests/narrate."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.insight.definition import own_tags
from assistant.policy import Identity
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.sql.query import Cell, Table
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


def profiled(rule: ValidatedRule, *rows: tuple[Cell, ...]) -> tuple[Table, ...]:
    """The tables a persona reads: rows (tag, bucket, n, rest_n), all within one bucket of each tag of the rule, which then tells nothing of the others."""
    joint = tuple((tag, bucket, "true", n, rest) for tag, bucket, n, rest in rows)
    table = (
        Table(("tag", "bucket", "by_0", "n", "rest_n"), joint, "q")
        if own_tags(rule)
        else Table(("tag", "bucket", "n", "rest_n"), rows, "q")
    )
    return (table,) * max(1, len(own_tags(rule)))
