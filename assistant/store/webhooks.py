"""How far each address has been told of each segment's refreshes. Law: a mark moves forward only, and only once what it stands for was acknowledged.

Nothing is queued: the refreshes themselves are kept, so what an address is owed is whatever stands behind its mark, also after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select

from assistant.store.database import Database
from assistant.store.schema import WEBHOOK_MARKS


class Webhooks:
    """The marks in one database. An address is named by a hash of it: its path may be a secret."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, address: str, latest: Mapping[str, int]) -> None:
        """Owe an address the refreshes of some segments from now on: segment -> number of its last refresh (0: none yet). Segments it is told of already stay as they are."""
        with self._database.writing() as connection:
            known = set(connection.execute(select(WEBHOOK_MARKS.c.segment).where(WEBHOOK_MARKS.c.address == address)).scalars())
            new = [{"address": address, "segment": segment, "number": number} for segment, number in latest.items() if segment not in known]
            if new:
                connection.execute(WEBHOOK_MARKS.insert(), new)

    def mark(self, address: str, segment: str) -> int:
        """The number of the last refresh that an address acknowledged, or stood at when it began."""
        with self._database.reading() as connection:
            return int(connection.execute(select(WEBHOOK_MARKS.c.number).where(*_of(address, segment))).scalar_one())

    def acknowledged(self, address: str, segment: str, number: int) -> None:
        """An address has a refresh, and all before it."""
        with self._database.writing() as connection:
            connection.execute(WEBHOOK_MARKS.update().where(*_of(address, segment), WEBHOOK_MARKS.c.number < number).values(number=number))


def _of(address: str, segment: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return WEBHOOK_MARKS.c.address == address, WEBHOOK_MARKS.c.segment == segment
