"""What somebody was told a number of. Law: it is kept before any of it is told, so that of two requests at once one sees the other.

Nobody's data are in it but rules and their numbers; small ones are not kept, for nothing is subtracted from what is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, func, or_, select

from assistant.store.database import Database
from assistant.store.event import Told
from assistant.store.schema import TOLD
from assistant.store.text import storable

LONGEST_TEXT = 200
"""Characters of a request that are kept: enough to know it again."""


class Tellings:
    """Who was told of what, in one database. `clock` gives the time."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def tell(self, user: str, sets: Sequence[Told], days: int, near: Collection[tuple[int, int]]) -> tuple[Told, ...]:
        """Keep that somebody is to be told of some sets, each once. What they were told of within so many days whose size is in one of the ranges `near` (both ends in), or not known any more, in the order
        first told; the sets themselves among them. Fault `store_failed`."""
        at = self._clock().astimezone(UTC)
        now, since = at.isoformat(), (at - timedelta(days=days)).isoformat()
        columns = (TOLD.c.id, TOLD.c.fingerprint, TOLD.c.day, TOLD.c.last_at)
        theirs = TOLD.c.user == user
        with self._database.writing() as connection:
            named = TOLD.c.fingerprint.in_([one.fingerprint for one in sets])
            known = {(row.fingerprint, row.day): row for row in connection.execute(select(*columns).where(theirs, named))}
            for one in sets:
                row = known.get((one.fingerprint, one.day))
                if row is not None and row.last_at < since:  # forgotten, and so told anew: after what was told meanwhile
                    connection.execute(TOLD.delete().where(TOLD.c.id == row.id))
                    row = None
                if row is None:
                    connection.execute(TOLD.insert().values(user=user, first_at=now, last_at=now, **_fields(one, now)))
                else:
                    connection.execute(TOLD.update().where(TOLD.c.id == row.id).values(n=one.n, last_at=now))
            sizes = or_(TOLD.c.n.is_(None), *(TOLD.c.n.between(low, high) for low, high in near))
            rows = connection.execute(select(TOLD).where(theirs, TOLD.c.last_at >= since, sizes).order_by(TOLD.c.id)).all()
        return tuple(Told(row.rule, row.fingerprint, row.day, row.n, row.text, row.batch, bool(row.asked_at), row.id) for row in rows)

    def untell(self, user: str, batch: str, fingerprints: Collection[str]) -> None:
        """Forget sets that were kept in one telling and not told after all. Fault `store_failed`."""
        with self._database.writing() as connection:
            connection.execute(TOLD.delete().where(TOLD.c.user == user, TOLD.c.batch == batch, TOLD.c.fingerprint.in_(fingerprints)))

    def spent(self, user: str) -> tuple[int, int]:
        """How many different segments somebody asked for within a day, and how many sets of customers they were told a number of, those among them."""
        since = (self._clock().astimezone(UTC) - timedelta(days=1)).isoformat()
        asked = func.coalesce(func.sum(case((TOLD.c.asked_at >= since, 1), else_=0)), 0)
        told = func.coalesce(func.sum(case((TOLD.c.first_at >= since, 1), else_=0)), 0)
        with self._database.reading() as connection:
            row = connection.execute(select(asked, told).where(TOLD.c.user == user)).one()
        return int(row[0]), int(row[1])


def _fields(one: Told, now: str) -> dict[str, str | int | None]:
    text = storable(one.text[:LONGEST_TEXT])
    return {
        "fingerprint": one.fingerprint,
        "day": one.day,
        "rule": one.rule,
        "n": one.n,
        "text": text,
        "batch": one.batch,
        "asked_at": now if one.asked else "",
    }
