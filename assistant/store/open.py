"""A store by URL: brought up to date, then its nouns. Law: the one way to a store; whoever holds one holds all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.errors import AssistantError
from assistant.store.audit import Audit
from assistant.store.database import Database
from assistant.store.event import AuditEvent
from assistant.store.migrations import migrate
from assistant.store.tag_requests import TagRequests

MEMORY = "sqlite://"
"""The URL of a store that lives as long as the process."""


def now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """What the bank's people have asked to be kept, and what was asked."""

    database: Database
    audit: Audit
    tag_requests: TagRequests

    def record(self, event: AuditEvent) -> None:
        """Keep what was done for somebody. Fault `store_failed`."""
        self.audit.record(event)

    def close(self) -> None:
        """Let go of the database. Safe to call twice."""
        self.database.close()


def open_store(url: str = MEMORY, clock: Callable[[], datetime] = now) -> Store:
    """The store of a URL, made or brought up to date where needed. UserError `store_url`, `store_unreachable`, `store_newer`; Fault `store_failed`."""
    database = Database(url)
    try:
        migrate(database, clock())
    except AssistantError:
        database.close()
        raise
    return Store(database, Audit(database, clock), TagRequests(database))
