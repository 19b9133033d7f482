"""What every engine does. Law: it runs guarded text only, reads it fully, and turns the warehouse's errors into codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Protocol

from assistant.sql.query import GuardedQuery, Table

NO_LISTS: Mapping[str, Sequence[int]] = MappingProxyType({})


class Engine(Protocol):
    """One warehouse. `dialect`: sqlglot's name; `qualifier`: catalog and schema that every table name is prefixed with; `as_of`: its data date."""

    @property
    def dialect(self) -> str: ...
    @property
    def qualifier(self) -> tuple[str, ...]: ...
    @property
    def as_of(self) -> date: ...

    def execute(self, query: GuardedQuery, ids: Sequence[int] | None = None, lists: Mapping[str, Sequence[int]] = NO_LISTS) -> Table:
        """Run and read fully; `ids` fills the statement's only parameter, where it has one; `lists`: the frozen lists it reads (`query.lists`), there for it alone. Fault `engine_timeout`, `engine_memory` or `engine_failed`; engine text never reaches a user."""
        ...

    def columns(self, table: str) -> tuple[str, ...]:
        """Column names of a table; empty when there is no such table."""
        ...

    def snapshots(self, table: str, column: str) -> tuple[date, ...]:
        """The dates of the tag snapshots in a table, ascending. Fault `engine_failed` when there is no such table or column."""
        ...

    def close(self) -> None: ...
