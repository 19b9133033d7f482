"""Rules that passed for validated in the tests of insight, over the small bank of tests/narrate."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.insight.count import whole
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
    """The tables a persona reads, of rows (tag, bucket, n, rest_n): the segment, the base, and the base within each tag of the rule, all in one bucket of it, which
    then tells nothing of the others."""
    base = [(tag, bucket, whole(n) + whole(rest)) for tag, bucket, n, rest in rows]
    own = Table(("tag", "bucket", "by_0", "n"), tuple((tag, bucket, "true", n) for tag, bucket, n in base), "q")
    names = ("tag", "bucket", "n")
    return (Table(names, tuple(row[:3] for row in rows), "q"), Table(names, tuple(base), "q"), *(own,) * len(own_tags(rule)))
