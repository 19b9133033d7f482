"""Whom of a group the bank may contact: those in it, less everyone it must leave out for a purpose. Law: each customer is left out for one reason, the first that holds in the framework's
order, so that the parts add up to the group; a part that may not be shown hides whatever would give it away.

What is left out for which purpose stands in one table, the exclusions of the catalog's framework: nobody when figures are analysed; staff and restricted accounts whenever customers are
contacted; whoever declined, complained, was reached too often, is held out or claimed by a campaign when something is sold. A service notice needs no consent.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.insight.count import whole
from assistant.insight.disclosure import withheld
from assistant.policy import Purpose
from assistant.rule.tree import AllOf, AnyNode, RankCondition, RecordCondition, SequenceCondition, TagComparison, TagCondition, walk
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One reason to leave customers out: its code and name, and whom it holds of."""

    code: str
    name: Text
    node: AnyNode


@dataclass(frozen=True, kw_only=True)
class Contactable:
    """A group by the reasons that hold of its customers: `reasons` in order, `held` as (mask, n), where bit i is that of reason i."""

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

    def facts(self, sheet: FactSheet, prefix: str = "reach") -> None:
        """<prefix>.reachable, and <prefix>.<reason>.lost; those are parts of the count, and nothing of a small one follows from the others."""
        names = {f"{prefix}.{place}.lost": place for place in range(len(self.reasons))}
        groups = {name: [str(mask) for mask, _ in self.held if mask and _first(mask) == place] for name, place in names.items()}
        groups[f"{prefix}.reachable"] = [str(mask) for mask, _ in self.held if not mask]
        sizes = {str(mask): n for mask, n in self.held}
        told = {name: members for name, members in groups.items() if members}
        hidden = withheld(sheet.protection, sizes, told, [frozenset(sizes)] if sizes else (), list(told.values()))
        for name in groups:
            n = self.reachable if name == f"{prefix}.reachable" else self.lost(names[name])
            sheet.customers(name, n, self.query, name in hidden)


def _first(mask: int) -> int:
    """The lowest bit of a mask."""
    return (mask & -mask).bit_length() - 1


def left_out(
    catalog: TagCatalog, purpose: Purpose, node: AnyNode, channels: Sequence[str] = (), named: Collection[str] = ()
) -> tuple[LeftOut, ...]:
    """Whom a purpose leaves out of the customers of a rule: what always applies, what selling does, what using somebody's behaviour does, what is named, and last whoever no channel may
    reach. `channels`: those to be used, any of them (none given: every one the framework knows an exclusion for). KeyError for an unknown channel."""
    if purpose == "analysis":
        return ()
    framework = catalog.framework
    known = {channel.code for channel in framework.channels}
    unknown = next((one for one in channels if one not in known), None)
    if unknown is not None:
        raise KeyError(unknown)
    applying = {"always", *(("marketing",) if purpose == "marketing" else ())}
    if purpose == "marketing" and personal(node, catalog):
        applying.add("behaviour")
    found = [
        LeftOut(one.code, one.name, one.node)
        for one in framework.exclusions
        if one.applies in applying or (one.applies == "named" and one.code in named)
    ]
    by_channel = {one.channel: one for one in framework.exclusions if one.channel is not None}
    used = channels or tuple(channel for channel in by_channel if channel is not None)
    closed = [by_channel[channel] for channel in used if channel in by_channel]
    if purpose == "marketing" and closed and len(closed) == len(used):
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


def held_by(
    rule: ValidatedRule, excluded: Sequence[ValidatedRule], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[tuple[tuple[int, int], ...], str]]:
    """One mask query: the customers of the rule as (mask, n) by the exclusions that hold of them, and the query's fingerprint. `excluded`: for each reason, all customers of whom it holds."""
    (table,) = yield overlap.plan([rule, *excluded], qualifier)
    return tuple((whole(mask) >> 1, whole(n)) for mask, n in table.rows if whole(mask) & 1), table.query


def steps(
    rule: ValidatedRule, reasons: tuple[LeftOut, ...], excluded: Sequence[ValidatedRule], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Contactable]:
    """Whom of a rule the reasons leave. `excluded`: for each of them, all customers of whom it holds."""
    held, query = yield from held_by(rule, excluded, qualifier)
    return Contactable(reasons=reasons, held=held, query=query)
