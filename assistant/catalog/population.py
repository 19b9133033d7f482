"""The base population at an earlier snapshot as one thing with one name. Law: a name stands for exactly the conditions of the catalog's base population, each read at one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.catalog.load import TagCatalog
from assistant.rule.canonical import canonical, text
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, Snapshot, TagCondition

LEAST_CONDITIONS = 2
"""A base population of a single condition is said by it."""


@dataclass(frozen=True, slots=True)
class InBase:
    """To be in the base population at a snapshot; not `inside`: not to be."""

    snapshot: Snapshot
    inside: bool

    def denied(self) -> InBase:
        return replace(self, inside=not self.inside)


def population_at(catalog: TagCatalog, snapshot: Snapshot) -> tuple[AnyNode, ...]:
    """The conditions of the base population, all read at a snapshot; none where it has fewer than two, or one that is no plain condition on a tag of today."""
    rule = canonical(catalog.expand_all(catalog.base_rule))
    members = rule.children if isinstance(rule, AllOf) else ()
    plain = [one for one in members if isinstance(one, TagCondition) and one.snapshot is None and one.operator != "within"]
    if len(plain) < max(LEAST_CONDITIONS, len(members)):
        return ()
    return tuple(one.model_copy(update={"snapshot": snapshot}) for one in plain)


def named(group: AllOf | AnyOf, catalog: TagCatalog) -> tuple[AnyNode | InBase, ...]:
    """The members of a group; where among those of an "all" is the whole base population of a snapshot, that instead, at the place of the first of its conditions, and so where among
    those of an "any" are all the denials of its conditions."""
    inside = isinstance(group, AllOf)
    said: list[AnyNode | InBase] = list(group.children)
    tags = (one if inside else one.child if isinstance(one, Not) else None for one in group.children)
    for snapshot in dict.fromkeys(one.snapshot for one in tags if isinstance(one, TagCondition) and one.snapshot is not None):
        whole = {text(canonical(one if inside else Not(child=one))) for one in population_at(catalog, snapshot)}
        places = [place for place, one in enumerate(said) if not isinstance(one, InBase) and text(canonical(one)) in whole]
        if whole and len(places) == len(whole):
            said[places[0]] = InBase(snapshot, inside)
            said = [one for place, one in enumerate(said) if place not in places[1:]]
    return tuple(said)


def gathered(conditions: Sequence[AnyNode], catalog: TagCatalog) -> tuple[AnyNode, ...]:
    """Conditions that hold at once; those that make up the base population of a snapshot as one group."""
    said = named(AllOf(children=tuple(conditions)), catalog)
    return tuple(AllOf(children=population_at(catalog, one.snapshot)) if isinstance(one, InBase) else one for one in said)


def lone(group: AllOf | AnyOf, catalog: TagCatalog) -> InBase | None:
    """The base population of a snapshot where a group says that and nothing else."""
    said = named(group, catalog)
    return said[0] if len(said) == 1 and isinstance(said[0], InBase) else None
