"""The steps of tags along their lifecycle, above what the catalog declares. Law: a step is only ever added, with its audit event; two people who take the same one do it once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from assistant.errors import UserError
from assistant.policy import STATUSES, Status
from assistant.store.audit import Audit
from assistant.store.database import Database
from assistant.store.event import AuditEvent
from assistant.store.schema import TAG_MOVES
from assistant.store.text import storable

LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Move:
    """One step. `replacement`: the tag to use instead (empty: none); `reason`: in the words of whoever took it."""

    tag: str
    before: Status
    after: Status
    replacement: str
    reason: str
    by: str
    at: str = ""


class TagMoves:
    """The steps in one database."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    def latest(self) -> Mapping[str, Move]:
        """The last step of each tag that was ever moved here, by tag."""
        with self._database.reading() as connection:
            rows = connection.execute(select(TAG_MOVES).order_by(TAG_MOVES.c.id)).all()
        return {row.tag: _move(row) for row in rows}

    def history(self, tag: str) -> tuple[Move, ...]:
        """Every step of a tag, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(TAG_MOVES).where(TAG_MOVES.c.tag == tag).order_by(TAG_MOVES.c.id)).all()
        return tuple(_move(row) for row in rows)

    def take(self, move: Move) -> None:
        """Take a step. UserError `tag_moved` when the tag no longer stands where the step begins."""
        with self._database.writing() as connection:
            last = connection.execute(select(TAG_MOVES).where(TAG_MOVES.c.tag == move.tag).order_by(TAG_MOVES.c.id.desc())).first()
            if last is not None and last.after != move.before:
                raise UserError("tag_moved", tag=move.tag, before=move.before, after=last.after)
            day = self._clock().astimezone(UTC).date()
            said = f"tags move {move.tag} {move.before} {move.after} {move.replacement}".strip()
            at = self._audit.add(connection, AuditEvent("tag", secrets.token_hex(6), move.by, "", (), "", said, "answered", "", day))
            told = {"replacement": move.replacement, "reason": move.reason[:LONGEST_REASON], "by": move.by}
            connection.execute(
                TAG_MOVES.insert().values(
                    tag=move.tag, before=move.before, after=move.after, at=at, **{name: storable(value) for name, value in told.items()}
                )
            )


def _move(row: Row[Any]) -> Move:
    before, after = (next(one for one in STATUSES if one == kept) for kept in (row.before, row.after))
    return Move(row.tag, before, after, row.replacement, row.reason, row.by, row.at)
