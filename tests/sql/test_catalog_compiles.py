"""Everything the built-in catalog names can be asked for, and no honest statement is refused by the guard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, RecordSet, Tag
from assistant.policy import Identity
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Filter,
    Operator,
    RankCondition,
    RecordCondition,
    SegmentRule,
    TagCondition,
    Value,
)
from assistant.rule.window import Absolute
from assistant.sql import compile as plans
from assistant.sql import profile as profiles
from assistant.sql.guard import guard
from assistant.validation.verdict import ValidatedRule

AS_OF = date(2026, 9, 24)
QUALIFIER = ("bank", "main")
CATALOG = TagCatalog.load()


def comparisons(item: Tag | Property) -> Iterator[tuple[Operator, Value]]:
    """Every operator that the type of a tag or property takes, with some value."""
    yield from (("is_absent", None), ("is_unknown", None))
    if item.numeric:
        yield from ((operator, Decimal(5)) for operator in ("=", "<>", ">", ">=", "<", "<="))
    elif item.type == "flag":
        yield from (("=", True), ("<>", True))
    elif item.type == "enum":
        codes = tuple(value.code for value in CATALOG.values(item)[:2]) or ("any",)
        yield from (("in", codes), ("not_in", codes))
        if item.ordered:
            yield from (((">=", codes[:1]), ("<", codes[:1])))
    else:
        yield ("within", Absolute(start=AS_OF - timedelta(days=30), end=AS_OF))


def of_records(records: RecordSet) -> Iterator[AnyNode]:
    yield RecordCondition(records=records.code)
    yield RecordCondition(records=records.code, operator="<", value=Decimal(3))
    for item in records.properties:
        for operator, value in comparisons(item):
            yield RecordCondition(
                records=records.code, filters=(Filter(property=item.code, operator=operator, value=value),), operator=">", value=Decimal(2)
            )
        if item.numeric:
            for aggregate in ("sum", "avg", "min", "max"):
                yield RecordCondition(records=records.code, aggregate=aggregate, of=item.code, operator=">", value=Decimal(1))


def nodes() -> Iterator[AnyNode]:
    for tag in CATALOG.tags.values():
        for operator, value in comparisons(tag):
            yield TagCondition(tag=tag.code, operator=operator, value=value)
        if tag.numeric:
            yield RankCondition(tag=tag.code, percent=Decimal(10), within=AllOf())
    for records in CATALOG.records.values():
        yield from of_records(records)
    for code, concept in CATALOG.concepts.items():
        yield CATALOG.expand(ConceptRef(concept=code))
        if concept.negation is not None:
            yield CATALOG.expand(ConceptRef(concept=code, negated=True))


def validated(node: AnyNode) -> ValidatedRule:
    snapshots = (date(2025, 7, 31), date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31), AS_OF)
    return ValidatedRule(
        SegmentRule(node=node), node, (), "analysis", AS_OF, AS_OF + timedelta(days=1), AS_OF, snapshots, CATALOG, Identity()
    )


def test_no_honest_statement_is_refused() -> None:
    asked = list(nodes())
    assert len(asked) >= 1000
    for start in range(0, len(asked), 8):
        group = tuple(asked[start : start + 8])
        rule = validated(AnyOf(children=group))
        assert guard(
            plans.members(rule, QUALIFIER) if start % 16 else plans.mask(rule, group, QUALIFIER), CATALOG, "duckdb", QUALIFIER
        ).text


def test_all_tags_fit_one_profile() -> None:
    tags = list(CATALOG.tags.values())
    cuts = {tag.code: [Decimal(edge) for edge in (0, 10, 100, 1000, 10000)] for tag in tags if tag.numeric}
    asked = validated(AllOf())
    for dialect in ("duckdb", "spark"):
        assert guard(profiles.profile(asked, tags, QUALIFIER, cuts), CATALOG, dialect, QUALIFIER).text
