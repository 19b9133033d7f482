"""A store by URL: brought up to date, then its nouns. Law: the one way to a store; whoever holds one holds all of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.errors import AssistantError
from assistant.store.approval import ApprovalChange, Approve, AskApproval, ExportApproval, Use
from assistant.store.approvals import Approvals
from assistant.store.audit import Audit
from assistant.store.call import CallChange, CallItem, CallList, MakeCalls, WriteResult
from assistant.store.calls import Calls
from assistant.store.change import SegmentChange
from assistant.store.database import Database
from assistant.store.event import AuditEvent, Told
from assistant.store.migrations import migrate
from assistant.store.review import Understood, Verified
from assistant.store.reviews import Reviews
from assistant.store.segment import DECLINED_LIST, Library, Refresh
from assistant.store.segments import Segments
from assistant.store.tag_moves import TagMoves
from assistant.store.tag_requests import TagRequests
from assistant.store.told import Tellings
from assistant.store.users import Users
from assistant.store.webhooks import Webhooks

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
    segments: Segments
    users: Users
    tag_moves: TagMoves
    reviews: Reviews
    calls: Calls
    approvals: Approvals
    webhooks: Webhooks
    tellings: Tellings

    def record(
        self, event: AuditEvent, change: SegmentChange | CallChange | ApprovalChange | None = None, understood: Understood | None = None
    ) -> None:
        """Keep what was done for somebody with how it was understood, and carry out what it does to a saved segment, a call list or an approval: all or nothing. UserError as of `Segments.apply`,
        `Calls.apply` and `Approvals.apply`; Fault `store_failed`."""
        with self.database.writing() as connection:
            at = self.audit.add(connection, event)
            if understood is not None:
                self.reviews.add(connection, understood)
            if isinstance(change, MakeCalls | WriteResult):
                self.calls.apply(connection, change, event.user, at)
            elif isinstance(change, AskApproval | Approve | Use):
                self.approvals.apply(connection, change, event.user, at)
            elif change is not None:
                self.segments.apply(connection, change, event.user, at)

    def library(self, user: str) -> Library:
        """The saved segments a person may read."""
        return self.segments.library(user)

    def members(self, name: str) -> tuple[int, ...]:
        """The customers of a frozen list (id@version), ascending; of `DECLINED_LIST` those who declined a call, as of now."""
        return self.calls.declined() if name == DECLINED_LIST else self.segments.members(name)

    def refreshes(self, segment: str) -> tuple[Refresh, ...]:
        """Every count of a segment, oldest first."""
        return self.segments.refreshes(segment)

    def last_members(self, segment: str) -> tuple[int, ...] | None:
        """The customers of a segment when it was last counted; None where they were too many to keep."""
        return self.segments.last_members(segment)

    def tell(self, user: str, sets: Sequence[Told], days: int, near: Collection[tuple[int, int]]) -> tuple[Told, ...]:
        """Keep that somebody is to be told of some sets; what of so many days is near them in size."""
        return self.tellings.tell(user, sets, days, near)

    def untell(self, user: str, batch: str, fingerprints: Collection[str]) -> None:
        """Forget what was kept in one telling and not told after all."""
        self.tellings.untell(user, batch, fingerprints)

    def spent(self, user: str) -> tuple[int, int]:
        """How many segments somebody asked for within a day, and how many numbers they were told."""
        return self.tellings.spent(user)

    def verified(self, key: str) -> Verified | None:
        """The reading of a request that the desk approved; None without one."""
        return self.reviews.verified(key)

    def export_approval(self, identifier: str) -> ExportApproval | None:
        """An approval by its id; None where nobody asked."""
        return self.approvals.find(identifier)

    def export_approvals(self) -> tuple[ExportApproval, ...]:
        """Every approval, in the order asked."""
        return self.approvals.all()

    def call_lists(self, user: str) -> tuple[CallList, ...]:
        """The call lists of a person, oldest first."""
        return self.calls.lists(user)

    def call_items(self, called: str) -> tuple[CallItem, ...]:
        """The customers of a call list by their numbers."""
        return self.calls.items(called)

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
    audit = Audit(database, clock)
    return Store(
        database,
        audit,
        TagRequests(database),
        Segments(database),
        Users(database, audit, clock),
        TagMoves(database, audit, clock),
        Reviews(database, audit, clock),
        Calls(database),
        Approvals(database),
        Webhooks(database),
        Tellings(database, clock),
    )
