"""What can be done to a saved segment. Law: values; each is carried out whole, together with its audit event, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.segment import Refresh, SavedSegment, Version


@dataclass(frozen=True, slots=True)
class Save:
    """A first version (`version.number` 1), or the next one of a segment that is still at the version before. `members`: the customers counted, ascending (None: too many to keep)."""

    segment: str
    name: str
    purpose: str
    version: Version
    counted: Refresh
    members: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A refresh of a living segment, with the customers it found."""

    segment: str
    counted: Refresh
    members: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name."""

    segment: str
    name: str


@dataclass(frozen=True, slots=True)
class Archive:
    """Put away, or (`archived` False) taken out again; nothing is ever deleted."""

    segment: str
    archived: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """Readable for everybody, or (`shared` False) for its owner alone."""

    segment: str
    shared: bool = True


SegmentChange = Save | Counted | Rename | Archive | Share


def saved(before: SavedSegment | None, change: Save, owner: str) -> SavedSegment:
    """The segment as it is once a save has been carried out."""
    earlier = () if before is None else before.versions
    shared = before is not None and before.shared
    return SavedSegment(change.segment, change.name, owner, change.purpose, shared, False, (*earlier, change.version), change.counted)
