"""Whom a strategy template may reach: those it selects, less everyone it must leave out. Law: each customer is left out for one reason, the first that holds in the framework's order,
so that the parts add up to those selected; a part that may not be shown hides whatever would give it away.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.catalog.strategy import Strategy
from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.insight.count import whole
from assistant.insight.disclosure import withheld
from assistant.rule.tree import AllOf, AnyNode, RankCondition, RecordCondition, SequenceCondition, TagComparison, TagCondition, walk
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One reason to leave customers out: its code and name, and whom it holds of."""

    code: str
    name: Text
    node: AnyNode


@dataclass(frozen=True, slots=True)
class Reach:
    """A template as it was applied: its numbers, `reasons` in order, and customers by the reasons that hold of them (mask, n), where bit i is that of reason i."""

    strategy: Strategy
    values: Mapping[str, Decimal]
    reasons: tuple[LeftOut, ...]
    held: tuple[tuple[int, int], ...]
    query: str

    @property
    def selected(self) -> int:
        return sum(n for _, n in self.held)

    @property
    def reachable(self) -> int:
        """Those whom no reason leaves out."""
        return sum(n for mask, n in self.held if not mask)

    def lost(self, place: int) -> int:
        """Those whom a reason leaves out, and none before it."""
        return sum(n for mask, n in self.held if mask and _first(mask) == place)

    @property
    def most(self) -> int | None:
        """The reason that leaves out most; None where none leaves anyone out."""
        place = max(range(len(self.reasons)), key=self.lost, default=None)
        return place if place is not None and self.lost(place) else None

    def facts(self, sheet: FactSheet) -> None:
        """reach.reachable, and reach.<reason>.lost; those are parts of the count, and nothing of a small one follows from the others."""
        names = {f"reach.{place}.lost": place for place in range(len(self.reasons))}
        groups = {name: [str(mask) for mask, _ in self.held if mask and _first(mask) == place] for name, place in names.items()}
        groups["reach.reachable"] = [str(mask) for mask, _ in self.held if not mask]
        sizes = {str(mask): n for mask, n in self.held}
        told = {name: members for name, members in groups.items() if members}
        hidden = withheld(sheet.protection, sizes, told, [frozenset(sizes)] if sizes else (), list(told.values()))
        for name in groups:
            n = self.reachable if name == "reach.reachable" else self.lost(names[name])
            sheet.customers(name, n, self.query, name in hidden)


def _first(mask: int) -> int:
    """The lowest bit of a mask."""
    return (mask & -mask).bit_length() - 1


def reasons(strategy: Strategy, catalog: TagCatalog) -> tuple[LeftOut, ...]:
    """Whom a template must leave out: what always applies, what selling does, what using somebody's behaviour does, what it names, and last whoever no channel of it may reach.
    A service notice needs no consent, to a channel or to personal recommendations."""
    framework = catalog.framework
    applying = {"always", *(("marketing",) if strategy.purpose == "marketing" else ())}
    if strategy.purpose == "marketing" and personal(strategy.node(), catalog):
        applying.add("behaviour")
    found = [
        LeftOut(one.code, one.name, one.node)
        for one in framework.exclusions
        if one.applies in applying or (one.applies == "named" and one.code in strategy.exclusions)
    ]
    by_channel = {one.channel: one for one in framework.exclusions if one.channel is not None}
    closed = [by_channel[channel] for channel in strategy.channels if channel in by_channel]
    if strategy.purpose == "marketing" and len(closed) == len(strategy.channels):
        name = closed[0].name if len(closed) == 1 else framework.no_channel
        found.append(LeftOut("no_channel", name, AllOf(children=tuple(one.node for one in closed)) if len(closed) > 1 else closed[0].node))
    return tuple(found)


def personal(node: AnyNode, catalog: TagCatalog) -> bool:
    """Whether a rule judges customers by what they did or by a model's score: behaviour records, or tags that are models or roll such records up."""
    for _, part in walk(catalog.expand_all(node)):
        if isinstance(part, RecordCondition) and catalog.records[part.records].grain != "state":
            return True
        if isinstance(part, SequenceCondition):
            return True
        tags: tuple[str, ...] = ()
        if isinstance(part, TagCondition | RankCondition):
            tags = (part.tag,)
        elif isinstance(part, TagComparison):
            tags = (part.left, part.right)
        if any(catalog.tags[tag].kind == "model" or catalog.tags[tag].roll_up_of is not None for tag in tags):
            return True
    return False


def steps(
    rule: ValidatedRule, strategy: Strategy, values: Mapping[str, Decimal], excluded: Sequence[ValidatedRule], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Reach]:
    """One mask query: the customers of the rule by the reasons that hold of them. `excluded`: for each of `reasons`, all customers of whom it holds."""
    (table,) = yield overlap.plan([rule, *excluded], qualifier)
    held = tuple((whole(mask) >> 1, whole(n)) for mask, n in table.rows if whole(mask) & 1)
    return Reach(strategy, values, reasons(strategy, rule.catalog), held, table.query)
