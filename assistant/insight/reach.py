"""Whom a strategy template may reach: those it selects, less everyone it must leave out (`contactable.py`). Law: as there; what a template names is left out besides."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.strategy import Strategy
from assistant.insight.contactable import Contactable, LeftOut, held_by, left_out
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, kw_only=True)
class Reach(Contactable):
    """A template as it was applied: its numbers, and whom of its customers what leaves out."""

    strategy: Strategy
    values: Mapping[str, Decimal]


def reasons(strategy: Strategy, catalog: TagCatalog) -> tuple[LeftOut, ...]:
    """Whom a template must leave out."""
    return left_out(catalog, strategy.purpose, strategy.node(), strategy.channels, strategy.exclusions)


def steps(
    rule: ValidatedRule, strategy: Strategy, values: Mapping[str, Decimal], excluded: Sequence[ValidatedRule], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Reach]:
    """One mask query: the customers of the rule by the reasons that hold of them. `excluded`: for each of `reasons`, all customers of whom it holds."""
    held, query = yield from held_by(rule, excluded, qualifier)
    return Reach(strategy=strategy, values=values, reasons=reasons(strategy, rule.catalog), held=held, query=query)
