"""Who asked what, chained so that a row changed, removed or put in shows. Law: a row is only ever added, and its hash covers the row and the hash before it.

What is kept apart from the database (`Verification.head`, noted by whoever checks) proves even against someone who can rewrite all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, select

from assistant.errors import Fault
from assistant.store.database import Database
from assistant.store.event import AuditEvent
from assistant.store.schema import AUDIT, AUDIT_HEAD
from assistant.store.text import storable

LONGEST_TEXT = 20_000
"""Characters of a request that are kept."""
MOST_BREAKS = 100
_HASHED = tuple(column.name for column in AUDIT.columns if column.name != "hash")
Cells = tuple[str | int, ...]
BreakKind = Literal["changed", "removed", "inserted"]


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold: the row with number `seq` was changed, removed or put in."""

    seq: int
    kind: BreakKind


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found: rows read, the end of the chain (its number and hash), and the breaks, at most `MOST_BREAKS` of them in order of their rows."""

    rows: int
    head: tuple[int, str]
    breaks: tuple[Break, ...]

    @property
    def intact(self) -> bool:
        return not self.breaks


class Audit:
    """The chain in a database. `clock` gives the time of each row."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def record(self, event: AuditEvent) -> str:
        """Add one event, in a transaction of its own; its time. Fault `store_failed`."""
        with self._database.writing() as connection:
            return self.add(connection, event)

    def add(self, connection: Connection, event: AuditEvent) -> str:
        """Add one event within a transaction that writes; its time. Fault `audit_headless` when the end of the chain is not known."""
        head = connection.execute(select(AUDIT_HEAD.c.seq, AUDIT_HEAD.c.hash)).one_or_none()
        if head is None:
            raise Fault("audit_headless")
        number, at = int(head.seq) + 1, self._clock().astimezone(UTC).isoformat()
        row: dict[str, str | int] = {
            "seq": number,
            "at": at,
            **_fields(event),
            "previous": head.hash,
        }
        row["hash"] = _digest([row[name] for name in _HASHED])
        connection.execute(AUDIT.insert().values(row))
        connection.execute(AUDIT_HEAD.update().values(seq=number, hash=row["hash"]))
        return at

    def last(self, count: int) -> tuple[Mapping[str, str | int], ...]:
        """The newest rows, newest first, as column -> value."""
        with self._database.reading() as connection:
            found = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(count))
            return tuple(dict(row) for row in found.mappings())

    def verify(self, noted: tuple[int, str] | None = None) -> Verification:
        """Read the whole chain. `noted`: a head as a check gave it earlier; what was rewritten before it shows even where every hash was made anew."""
        with self._database.reading() as connection:
            head = connection.execute(select(AUDIT_HEAD.c.seq, AUDIT_HEAD.c.hash)).one_or_none()
            rows = connection.execute(select(AUDIT).order_by(AUDIT.c.seq), execution_options={"yield_per": 1000})
            walk = _Walk()
            for row in rows:
                walk.meet(tuple(row))
                if noted is not None and row.seq == noted[0] and row.hash != noted[1]:
                    walk.found(row.seq, "changed")
            walk.end(0 if head is None else head.seq, "" if head is None else head.hash)
        if noted is not None and noted[0] > walk.last:
            walk.found(noted[0], "removed")
        return Verification(walk.rows, (walk.last, walk.hash), tuple(walk.breaks[seq] for seq in sorted(walk.breaks)[:MOST_BREAKS]))


class _Walk:
    """A reading of the chain from its first row on. Rows put in move those behind them: `shift` is how far the numbers of rows stand from those they were written with."""

    def __init__(self) -> None:
        self.rows = 0
        self.last = 0
        self.hash = ""
        self.shift = 0
        self.breaks: dict[int, Break] = {}

    def found(self, seq: int, kind: BreakKind) -> None:
        if len(self.breaks) <= MOST_BREAKS:
            self.breaks[seq] = Break(seq, kind)

    def meet(self, cells: Cells) -> None:
        """The next row: it must be the next number, have its own hash, and name the hash of the row before it."""
        *hashed, own = cells
        seq, previous = int(hashed[0]), hashed[-1]
        gap = seq - self.last - 1
        for missing in range(self.last + 1, min(seq, self.last + MOST_BREAKS + 1)):
            self.found(missing, "removed")
        if self._written_as(hashed, seq - self.shift) != own:
            if self._written_as(hashed, seq - self.shift - 1) == own:
                self.found(self.last, "inserted")
                self.shift += 1
            elif self._written_as(hashed, seq - self.shift + 1) == own:
                self.found(seq, "removed")
                self.shift -= 1
            else:
                self.found(seq, "changed")
        elif previous != self.hash and not gap and self.last not in self.breaks:
            self.found(self.last or seq, "changed")  # the row before was made anew with a hash of its own
        self.rows, self.last, self.hash = self.rows + 1, seq, str(own)

    def end(self, seq: int, digest: str) -> None:
        """The chain ends where its head says, with that hash."""
        written = self.last - self.shift
        for missing in range(written + 1, min(seq, written + MOST_BREAKS) + 1):
            self.found(missing, "removed")
        for extra in range(seq + 1, min(written, seq + MOST_BREAKS) + 1):
            self.found(extra + self.shift, "inserted")
        if seq == written and digest != self.hash and self.last not in self.breaks:
            self.found(self.last, "changed")

    @staticmethod
    def _written_as(hashed: Sequence[str | int], seq: int) -> str:
        return _digest([seq, *hashed[1:]])


def _digest(cells: Sequence[str | int]) -> str:
    """sha256 over the cells in the order of the table, as JSON."""
    return hashlib.sha256(json.dumps(cells, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()


def _fields(event: AuditEvent) -> dict[str, str]:
    """The columns of an event, as they are kept."""
    told = asdict(event)
    lists = {name: json.dumps(list(told[name])) for name in ("branches", "queries")}
    return {
        **{name: storable(value) for name, value in told.items() if isinstance(value, str)},
        "text": storable(event.text[:LONGEST_TEXT]),
        "as_of": event.as_of.isoformat(),
        **lists,
    }
