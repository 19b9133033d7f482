"""One request under way: gates 1 and 2 and the engine, with what was run. Law: nothing reaches the engine but through here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event
from typing import Protocol, TypeVar

from assistant.catalog.load import TagCatalog
from assistant.engines.engine import Engine
from assistant.errors import UserError
from assistant.interpret.interpretation import Interpreter
from assistant.narrate.phrasing import Phraser
from assistant.policy import Identity, Protection, Purpose, protection
from assistant.rule.tree import SegmentRule
from assistant.sql.guard import guard
from assistant.sql.query import GuardedQuery, Query, Table
from assistant.store.approval import ApprovalChange, ExportApproval
from assistant.store.call import CallChange, CallItem, CallList
from assistant.store.change import SegmentChange
from assistant.store.event import AuditEvent, Told
from assistant.store.review import Understood, Verified
from assistant.store.segment import EMPTY, Library, Refresh
from assistant.validation.validate import validate
from assistant.validation.verdict import Choice, Refusal, ValidatedRule

Found = TypeVar("Found")


class Keeper(Protocol):
    """What is kept beyond a conversation."""

    def record(
        self, event: AuditEvent, change: SegmentChange | CallChange | ApprovalChange | None = None, understood: Understood | None = None
    ) -> None:
        """Keep what was done for somebody, before they are given anything, and with it how it was understood and what it does to a saved segment, a call list or an approval. An AssistantError when it cannot
        be kept."""
        ...

    def tell(self, user: str, sets: Sequence[Told], days: int, near: Collection[tuple[int, int]]) -> tuple[Told, ...]:
        """Keep that somebody is to be told of some sets, before they are; what they were told of within so many days whose size is in one of the ranges `near` (both ends in), the sets themselves among
        them, in the order first told."""
        ...

    def untell(self, user: str, batch: str, fingerprints: Collection[str]) -> None:
        """Forget sets, by their fingerprints, that were kept in one telling and not told after all."""
        ...

    def spent(self, user: str) -> tuple[int, int]:
        """How many different segments somebody asked for within a day, and how many sets of customers they were told a number of, those among them."""
        ...

    def verified(self, key: str) -> Verified | None:
        """The reading of a request that the analyst's desk approved, by the key of its words; None without one."""
        ...

    def library(self, user: str) -> Library:
        """The saved segments a person may read."""
        ...

    def members(self, name: str) -> tuple[int, ...]:
        """The customers of a frozen list (id@version), ascending."""
        ...

    def refreshes(self, segment: str) -> tuple[Refresh, ...]:
        """Every count of a segment, oldest first."""
        ...

    def last_members(self, segment: str) -> tuple[int, ...] | None:
        """The customers of a segment when it was last counted; None where they were not kept."""
        ...

    def export_approval(self, identifier: str) -> ExportApproval | None:
        """An approval by its id; None where nobody asked."""
        ...

    def export_approvals(self) -> tuple[ExportApproval, ...]:
        """Every approval, in the order asked."""
        ...

    def call_lists(self, user: str) -> tuple[CallList, ...]:
        """The call lists of a person, oldest first."""
        ...

    def call_items(self, called: str) -> tuple[CallItem, ...]:
        """The customers of a call list by their numbers."""
        ...


@dataclass(slots=True)
class Run:
    """The bank as one asker sees it on one day, and what was run for one request, each step's time in ms."""

    catalog: TagCatalog
    engine: Engine
    interpreter: Interpreter
    snapshots: tuple[date, ...]
    kept: Keeper
    identity: Identity
    purpose: Purpose
    as_of: date
    today: date
    clock: Callable[[], float]
    sql: dict[str, str] = field(default_factory=dict)
    fingerprints: list[str] = field(default_factory=list)
    library: Library = EMPTY
    """The saved segments as they were when the request began."""
    change: SegmentChange | CallChange | None = None
    """What the request does to a saved segment or a call list, once it is recorded."""
    named: SegmentRule | None = None
    """The customers that the request was understood to name itself."""
    ms: dict[str, float] = field(default_factory=dict)
    phraser: Phraser | None = None
    """Who may put a narrative into other words."""
    examples: Mapping[str, Verified] = field(default_factory=dict)
    """The readings that the bank's file of verified examples approves, by the key of their request."""
    cancel: Event | None = None
    """Set from outside when a model need not be waited for any longer."""
    stop: Event | None = None
    """Set from outside when whoever asked wants no answer any longer."""

    @property
    def protection(self) -> Protection:
        """What is hidden from the asker in a count of a whole segment."""
        return protection(self.catalog.policy, self.identity)

    def timed(self, step: str, since: float) -> None:
        """Add what a step took since then."""
        self.ms[step] = self.ms.get(step, 0.0) + (self.clock() - since) * 1000

    def validate(self, rule: SegmentRule, as_of: date | None = None) -> ValidatedRule | Choice | Refusal:
        """A rule through gate 1, as of another day too: `today` is then as long after it as it is now."""
        since, day = self.clock(), as_of or self.as_of
        today = day + (self.today - self.as_of)
        verdict = validate(rule, self.catalog, self.identity, day, today, self.snapshots, self.purpose, self.library)
        self.timed("validate", since)
        return verdict

    def passed(self, rule: SegmentRule, as_of: date) -> ValidatedRule:
        """A rule that must pass gate 1, for an insight. UserError with the code of the first issue that stands in its way."""
        verdict = self.validate(rule, as_of)
        if isinstance(verdict, ValidatedRule):
            return verdict
        raise UserError(verdict.issues[0].code, **verdict.issues[0].params)

    def execute(self, query: Query, name: str | None = None) -> Table:
        """A query through gate 2 and the engine; its SQL is kept under `name`, else under its purpose. UserError `turn_stopped`."""
        self.go_on()
        since = self.clock()
        guarded: GuardedQuery = guard(query, self.catalog, self.engine.dialect, self.engine.qualifier)
        self.timed("guard", since)
        self.sql[name or query.purpose] = guarded.text
        self.fingerprints.append(guarded.fingerprint)
        since = self.clock()
        table = self.engine.execute(guarded, query.ids, {name: self.kept.members(name) for name in guarded.lists})
        self.timed("engine", since)
        return table

    def go_on(self) -> None:
        """UserError `turn_stopped` once the answer is wanted no longer."""
        if self.stop is not None and self.stop.is_set():
            raise UserError("turn_stopped")

    def all(self, queries: Sequence[Query]) -> tuple[Table, ...]:
        """Their tables, in order."""
        return tuple(self.execute(query) for query in queries)

    def walk(self, steps: Generator[Sequence[Query], Sequence[Table], Found]) -> Found:
        """Steps, each run as it is asked for."""
        try:
            queries = next(steps)
            while True:
                queries = steps.send(self.all(queries))
        except StopIteration as end:
            found: Found = end.value
            return found


def customers_in(table: Table) -> tuple[int, ...]:
    """The ids of a list of customers, in its order."""
    return tuple(int(str(row[0])) for row in table.rows)
