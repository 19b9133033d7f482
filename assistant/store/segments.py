"""Saved segments in a database. Law: versions and counts are only added; a segment changes for its owner alone, and only from the state its change was made for.

The customers of the last count are kept, so that the next one can tell who came and went; those of a frozen segment are kept for every version.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, Row, or_, select

from assistant.errors import Fault, UserError
from assistant.rule.canonical import fingerprint, text
from assistant.rule.tree import AnyNode
from assistant.store.change import Archive, Counted, Rename, Save, SegmentChange, Share
from assistant.store.database import Database
from assistant.store.schema import REFRESHES, SEGMENTS, VERSIONS_OF_SEGMENTS
from assistant.store.segment import Library, Policy, Refresh, SavedSegment, Version, name_key
from assistant.store.text import storable

_POLICIES: dict[str, Policy] = {"living": "living", "frozen": "frozen"}
_NODE: TypeAdapter[AnyNode] = TypeAdapter(AnyNode)


class Segments:
    """The segments in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def library(self, user: str) -> Library:
        """What a person may read: their own segments, archived ones too, and what others share and have not archived. Fault `store_failed`, `store_damaged`."""
        return self._library(user, or_(SEGMENTS.c.owner == user, (SEGMENTS.c.shared == 1) & (SEGMENTS.c.archived_at == "")))

    def everyones(self) -> Library:
        """Every segment in use, whoever's: for what must reach all their owners, never for reading them."""
        return self._library("", SEGMENTS.c.archived_at == "")

    def _library(self, user: str, readable: ColumnElement[bool]) -> Library:
        columns = [column for column in REFRESHES.columns if column.name != "members"]
        with self._database.reading() as connection:
            found = connection.execute(select(SEGMENTS).where(readable).order_by(SEGMENTS.c.created_at, SEGMENTS.c.id)).all()
            mine = select(SEGMENTS.c.id).where(readable)
            versions = connection.execute(
                select(VERSIONS_OF_SEGMENTS).where(VERSIONS_OF_SEGMENTS.c.segment.in_(mine)).order_by(VERSIONS_OF_SEGMENTS.c.version)
            ).all()
            counts = connection.execute(select(*columns).where(REFRESHES.c.segment.in_(mine)).order_by(REFRESHES.c.number)).all()
        last = {row.segment: row for row in counts}
        return Library(
            user,
            tuple(
                SavedSegment(
                    row.id,
                    row.name,
                    row.owner,
                    row.purpose,
                    bool(row.shared),
                    bool(row.archived_at),
                    tuple(
                        Version(
                            one.version,
                            node_of(one.rule),
                            _POLICIES[one.policy],
                            one.said,
                            one.by,
                            one.at,
                            date.fromisoformat(one.as_of),
                            one.catalog,
                        )
                        for one in versions
                        if one.segment == row.id
                    ),
                    None if row.id not in last else _refresh(last[row.id]),
                )
                for row in found
            ),
        )

    def refreshes(self, segment: str) -> tuple[Refresh, ...]:
        """Every count of a segment, oldest first."""
        columns = [column for column in REFRESHES.columns if column.name != "members"]
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(REFRESHES.c.segment == segment).order_by(REFRESHES.c.number)).all()
        return tuple(_refresh(row) for row in rows)

    def members(self, name: str) -> tuple[int, ...]:
        """The customers of a frozen list by its name (id@version), ascending. Fault `list_missing`."""
        segment, _, version = name.partition("@")
        with self._database.reading() as connection:
            row = connection.execute(
                select(REFRESHES.c.members)
                .where(REFRESHES.c.segment == segment, REFRESHES.c.version == int(version))
                .order_by(REFRESHES.c.number)
            ).first()
        if row is None or row.members is None:
            raise Fault("list_missing", list=name)
        return unpacked(row.members)

    def last_members(self, segment: str) -> tuple[int, ...] | None:
        """The customers of the last count; None where they were too many to keep."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(REFRESHES.c.members).where(REFRESHES.c.segment == segment).order_by(REFRESHES.c.number.desc())
            ).first()
        return None if row is None or row.members is None else unpacked(row.members)

    def apply(self, connection: Connection, change: SegmentChange, user: str, at: str) -> None:
        """Carry out a change within a transaction that writes. UserError `segment_not_yours`, `segment_changed` (it is no longer what the change was made for),
        `segment_name_taken`."""
        match change:
            case Save():
                self._save(connection, change, user, at)
            case Counted():
                self._owned(connection, change.segment, user)
                self._count(connection, change.segment, change.counted, change.members, at)
            case Rename():
                self._owned(connection, change.segment, user)
                self._free(connection, change.name, change.segment, user)
                self._set(connection, change.segment, {"name": storable(change.name), "name_key": storable(name_key(change.name))})
            case Archive():
                row = self._owned(connection, change.segment, user)
                if not change.archived:
                    self._free(connection, row.name, change.segment, user)
                self._set(connection, change.segment, {"archived_at": at if change.archived else ""})
            case Share():
                self._owned(connection, change.segment, user)
                self._set(connection, change.segment, {"shared": int(change.shared)})

    def _save(self, connection: Connection, change: Save, user: str, at: str) -> None:
        number = change.version.number
        self._free(connection, change.name, change.segment, user)
        if number == 1:
            names = {"name": storable(change.name), "name_key": storable(name_key(change.name)), "purpose": storable(change.purpose)}
            row = {
                "id": change.segment,
                "owner": user,
                "shared": 0,
                "archived_at": "",
                "created_at": at,
                "version": 1,
            }
            connection.execute(SEGMENTS.insert().values(**names, **row))
        else:
            if self._owned(connection, change.segment, user).version != number - 1:
                raise UserError("segment_changed", name=change.name)
            self._set(connection, change.segment, {"version": number, "purpose": storable(change.purpose)})
        connection.execute(
            VERSIONS_OF_SEGMENTS.insert().values(
                segment=change.segment,
                version=number,
                rule=text(change.version.node),
                policy=change.version.policy,
                fingerprint=fingerprint(change.version.node),
                said=storable(change.version.said),
                by=user,
                at=at,
                as_of=change.version.as_of.isoformat(),
                catalog=change.version.catalog,
            )
        )
        self._count(connection, change.segment, change.counted, change.members, at)

    def _count(self, connection: Connection, segment: str, counted: Refresh, members: tuple[int, ...] | None, at: str) -> None:
        last = connection.execute(
            select(REFRESHES.c.number).where(REFRESHES.c.segment == segment).order_by(REFRESHES.c.number.desc())
        ).first()
        if counted.number != (0 if last is None else last.number) + 1:
            raise UserError("segment_changed", name=segment)
        of_this = VERSIONS_OF_SEGMENTS.c.segment == segment
        living = select(VERSIONS_OF_SEGMENTS.c.version).where(of_this, VERSIONS_OF_SEGMENTS.c.policy == "living")
        connection.execute(REFRESHES.update().where(REFRESHES.c.segment == segment, REFRESHES.c.version.in_(living)).values(members=None))
        connection.execute(
            REFRESHES.insert().values(
                segment=segment,
                number=counted.number,
                version=counted.version,
                as_of=counted.as_of.isoformat(),
                at=at,
                by=counted.by,
                branches=json.dumps(list(counted.branches)),
                count=counted.count,
                joined=counted.joined,
                left=counted.left,
                members=None if members is None else packed(members),
            )
        )

    @staticmethod
    def _owned(connection: Connection, segment: str, user: str) -> Row[Any]:
        row = connection.execute(select(SEGMENTS).where(SEGMENTS.c.id == segment)).one_or_none()
        if row is None or row.owner != user:
            raise UserError("segment_not_yours")
        return row

    @staticmethod
    def _free(connection: Connection, name: str, segment: str, user: str) -> None:
        """A name is one segment's among those its owner has not archived."""
        taken = connection.execute(
            select(SEGMENTS.c.id).where(
                SEGMENTS.c.owner == user,
                SEGMENTS.c.name_key == storable(name_key(name)),
                SEGMENTS.c.archived_at == "",
                SEGMENTS.c.id != segment,
            )
        ).first()
        if taken is not None:
            raise UserError("segment_name_taken", name=name)

    @staticmethod
    def _set(connection: Connection, segment: str, values: Mapping[str, str | int]) -> None:
        connection.execute(SEGMENTS.update().where(SEGMENTS.c.id == segment).values(values))


def packed(members: Iterable[int]) -> bytes:
    """Ascending customer ids in few bytes: the steps between them as 8-byte little-endian numbers, compressed."""
    steps = array("q", (after - before for before, after in pairwise((0, *members))))
    if sys.byteorder == "big":
        steps.byteswap()
    return zlib.compress(steps.tobytes())


def unpacked(kept: bytes) -> tuple[int, ...]:
    """The ids of `packed`."""
    steps = array("q", zlib.decompress(kept))
    if sys.byteorder == "big":
        steps.byteswap()
    return tuple(accumulate(steps))


@lru_cache(maxsize=4096)
def node_of(rule: str) -> AnyNode:
    """A rule as it was kept. Fault `store_damaged` for one that is none."""
    try:
        return _NODE.validate_json(rule)
    except ValidationError as error:
        raise Fault("store_damaged") from error


def _refresh(row: Row[Any]) -> Refresh:
    return Refresh(
        row.number,
        row.version,
        date.fromisoformat(row.as_of),
        row.at,
        row.by,
        tuple(json.loads(row.branches)),
        row._mapping["count"],
        row.joined,
        row.left,
    )
