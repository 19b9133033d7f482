"""A saved segment, and the library of those a person may read. Law: values; what a saved segment means is decided here alone, by replacing each reference.

A living segment means its rule, read anew each time. A frozen one means the customers of the day it was saved: its reference stays in the rule, pinned to a version,
and names the list that the store keeps (`list_name`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from assistant.language.text import normalise
from assistant.rule.tree import AllOf, AnyNode, SegmentRef, children, walk, with_children

Policy = Literal["living", "frozen"]
LONGEST_NAME = 60
"""Characters of a name."""
MOST_MEMBERS = 1_000_000
"""Customers of one segment that are kept; above it a segment cannot be frozen, and a refresh tells how many but not who came and went."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a segment: its rule, whether it is frozen, the request it was last said in, by whom and when (ISO time, UTC), on which data date and catalog."""

    number: int
    node: AnyNode
    policy: Policy
    said: str
    by: str
    at: str
    as_of: date
    catalog: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """One time the customers of a segment were counted: how many, and how many of them had come and gone since the time before (None: not comparable). `at`: when it was kept, which the
    store says (empty until then)."""

    number: int
    version: int
    as_of: date
    at: str
    by: str
    branches: tuple[str, ...]
    count: int
    joined: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """A named rule with its history, oldest first. `purpose`: what it is for, in its owner's words; `shared`: others may read it; `refreshed`: the last count."""

    id: str
    name: str
    owner: str
    purpose: str
    shared: bool
    archived: bool
    versions: tuple[Version, ...]
    refreshed: Refresh | None = None

    @property
    def current(self) -> Version:
        return self.versions[-1]

    @property
    def policy(self) -> Policy:
        """Of the current version."""
        return self.current.policy

    def version(self, number: int | None) -> Version | None:
        """A version by its number (None: the current one); None where there is none."""
        return self.current if number is None else next((one for one in self.versions if one.number == number), None)


DECLINED = SavedSegment("declined", "declined", "", "", True, True, (Version(1, AllOf(), "frozen", "", "", "", date.min, ""),))
"""Those who declined a call, as a frozen list that everybody's library has and nobody sees: what a call's result writes, every later list leaves out."""
DECLINED_LIST = f"{DECLINED.id}@1"


def list_name(reference: SegmentRef) -> str:
    """What the frozen list of a pinned reference is called."""
    return f"{reference.segment}@{reference.version}"


def name_key(name: str) -> str:
    """What two names have in common that are one name: folded like a request, without blanks."""
    return "".join(normalise(name).text.split())


@dataclass(frozen=True)
class Library:
    """The saved segments that one person may read: their own and what others share, at one moment."""

    user: str = ""
    segments: tuple[SavedSegment, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, SavedSegment]:
        return {DECLINED.id: DECLINED, **{one.id: one for one in self.segments}}

    @cached_property
    def active(self) -> tuple[SavedSegment, ...]:
        """Those not archived."""
        return tuple(one for one in self.segments if not one.archived)

    def named(self, name: str) -> tuple[SavedSegment, ...]:
        """The segments of a name that are not archived: one's own alone where there is one."""
        return self._called(name, self.active)

    def put_away(self, name: str) -> tuple[SavedSegment, ...]:
        """The archived segments of a name that no other goes by now: one's own alone where there is one."""
        return () if self.named(name) else self._called(name, tuple(one for one in self.segments if one.archived))

    def _called(self, name: str, among: Sequence[SavedSegment]) -> tuple[SavedSegment, ...]:
        found = tuple(one for one in among if name_key(one.name) == name_key(name))
        return tuple(one for one in found if one.owner == self.user) or found

    def meaning(self, reference: SegmentRef) -> AnyNode | None:
        """What a reference is replaced with: the rule of a living segment, the reference pinned to its version for a frozen one; None for one that is not here."""
        segment = self.by_id.get(reference.segment)
        version = None if segment is None else segment.version(reference.version)
        if segment is None or version is None:
            return None
        return (
            version.node if version.policy == "living" else reference.model_copy(update={"version": version.number, "name": segment.name})
        )

    def _frozen(self, reference: SegmentRef) -> bool:
        version = self.by_id[reference.segment].version(reference.version)
        return version is not None and version.policy == "frozen"

    def resolve(self, node: AnyNode) -> AnyNode:
        """The rule with every reference replaced by what it means, all the way down. For rules without a fault of `faults`."""
        if isinstance(node, SegmentRef):
            meant = self.meaning(node)
            return node if meant is None else meant if self._frozen(node) else self.resolve(meant)
        return with_children(node, tuple(self.resolve(child) for child in children(node)))

    def named_in(self, node: AnyNode) -> AnyNode:
        """The rule with each reference called as its segment is called now."""
        if isinstance(node, SegmentRef):
            segment = self.by_id.get(node.segment)
            return node if segment is None else node.model_copy(update={"name": segment.name})
        return with_children(node, tuple(self.named_in(child) for child in children(node)))

    def faults(self, node: AnyNode, within: tuple[tuple[str, int], ...] = ()) -> Iterator[tuple[str, SegmentRef]]:
        """References that cannot be replaced, as (issue code, the reference in `node` itself that leads there): not here, or in a circle."""
        for _, part in walk(node):
            if not isinstance(part, SegmentRef):
                continue
            segment = self.by_id.get(part.segment)
            version = None if segment is None else segment.version(part.version)
            if version is None:
                yield "segment_unknown", part
            elif version.policy == "living":
                here = (part.segment, version.number)
                if here in within:
                    yield "segment_circle", part
                else:
                    yield from ((code, part) for code, _ in self.faults(version.node, (*within, here)))

    def uses(self, segment: str) -> tuple[SavedSegment, ...]:
        """The segments whose present rule refers to another."""
        return tuple(
            one
            for one in self.segments
            if any(isinstance(part, SegmentRef) and part.segment == segment for _, part in walk(one.current.node))
        )


EMPTY = Library()
"""Nobody's."""
