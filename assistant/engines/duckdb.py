"""The built-in warehouse: one DuckDB file. Law: opened read-only and locked; one fresh cursor a query, read fully and closed, ended at its deadline.

The settings are the outer wall, not the gate: what runs is only what `sql/guard.py` has passed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb

from assistant.engines.engine import NO_LISTS
from assistant.engines.kept import MOST_ROWS, KeptTables
from assistant.errors import Fault, UserError
from assistant.sql.lists import LIST_COLUMN, LISTS_QUALIFIER, LISTS_TABLE, MEMBER_COLUMN
from assistant.sql.query import Cell, GuardedQuery, Table
from assistant.sql.written import WrittenQuery

SCHEMA_VERSION = 1
"""Layout of the file that this engine reads (`bank_info.schema_version`)."""

_LISTS = f"CREATE TEMP TABLE {LISTS_TABLE} ({LIST_COLUMN} VARCHAR, {MEMBER_COLUMN} BIGINT)"
_LIST = f"INSERT INTO {'.'.join(LISTS_QUALIFIER)}.{LISTS_TABLE} SELECT ?, CAST(unnest(string_split(?, ',')) AS BIGINT)"


_FAN_OUT = "grouping_sets"
"""DuckDB 2.0 makes one plan a grouping set: over a hundred sets of a persona it plans for longer than it reads (a fifth to a half of the time in all)."""


class DuckDBEngine:
    """A bank file for reading. Threads may share it: every query has its own cursor. Within a process all engines on a file share one instance of
    DuckDB: the first one locks its settings, and the others must ask for the same limits. What a statement gave it gives again, the file being read-only: small
    tables are kept and not read twice (`keep_rows`: how many rows in all).

    memory_limit in DuckDB's spelling; timeout in seconds of wall time. UserError `demo_missing` (path) when there is no file, `database_foreign`
    (path) when it is not a bank file of this layout.
    """

    def __init__(
        self, path: Path, memory_limit: str = "2GB", threads: int = 2, timeout_seconds: float = 60, keep_rows: int = MOST_ROWS
    ) -> None:
        if not path.is_file():
            raise UserError("demo_missing", path=str(path))
        self._timeout = timeout_seconds
        self._kept = KeptTables(keep_rows)
        try:
            self._connection = duckdb.connect(
                str(path),
                read_only=True,
                config={
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "allow_community_extensions": False,
                    "python_enable_replacements": False,
                    "memory_limit": memory_limit,
                    "max_temp_directory_size": "4GB",
                    "threads": threads,
                },
            )
        except duckdb.Error as error:
            raise UserError("database_foreign", path=str(path)) from error
        try:
            if not self._run("SELECT current_setting('lock_configuration')", [])[1][0][0]:
                settings = ["GLOBAL TimeZone = 'Asia/Shanghai'", "enable_external_access = false", "lock_configuration = true"]
                if self._run("SELECT count(*) FROM duckdb_optimizers() WHERE name = ?", [_FAN_OUT])[1][0][0]:
                    settings.insert(0, f"GLOBAL disabled_optimizers = '{_FAN_OUT}'")
                for setting in settings:
                    self._connection.execute(f"SET {setting}")
            self._catalog, version, self._as_of = self._read_bank_info()
        except (duckdb.Error, TypeError, ValueError) as error:
            self._connection.close()
            raise UserError("database_foreign", path=str(path)) from error
        if version != SCHEMA_VERSION:
            self._connection.close()
            raise UserError("database_foreign", path=str(path))

    def _read_bank_info(self) -> tuple[str, int, date]:
        """Name of the attached file, layout version and data date. ValueError for anything but one row of them."""
        found = self._run("SELECT current_catalog(), schema_version, as_of FROM main.bank_info", [])[1]
        [(name, version, as_of)] = found
        if not isinstance(name, str) or not isinstance(version, int) or not isinstance(as_of, date):
            raise ValueError("bank_info")
        return name, version, as_of

    @property
    def dialect(self) -> str:
        return "duckdb"

    @property
    def qualifier(self) -> tuple[str, ...]:
        """The file's own catalog (its stem) and schema, so that nothing temporary can stand before a table."""
        return (self._catalog, "main")

    @property
    def as_of(self) -> date:
        return self._as_of

    def execute(self, query: GuardedQuery, ids: Sequence[int] | None = None, lists: Mapping[str, Sequence[int]] = NO_LISTS) -> Table:
        """Run and read fully. `ids` fills the statement's only placeholder, where it has one; `lists` stand in a temporary table of its own cursor, gone with it. Fault `engine_timeout` (seconds), `engine_memory`
        or `engine_failed`; the engine's own words stay in the exception's cause, for the log."""
        alone = ids is None and not query.lists  # what it gives depends on its text and the file alone
        kept = self._kept.get(query.text) if alone else None
        if kept is not None:
            return kept
        try:
            columns, rows = self._run(query.text, [] if ids is None else [list(ids)], lists)
        except duckdb.InterruptException as error:
            raise Fault("engine_timeout", seconds=self._timeout, query=query.fingerprint) from error
        except duckdb.OutOfMemoryException as error:
            raise Fault("engine_memory", query=query.fingerprint) from error
        except duckdb.Error as error:
            raise Fault("engine_failed", query=query.fingerprint) from error
        table = Table(columns, tuple(rows), query.fingerprint)
        if alone:
            self._kept.keep(query.text, table)
        return table

    def columns(self, table: str) -> tuple[str, ...]:
        """Column names of a table, in order; empty when there is no such table."""
        asked = "SELECT column_name FROM information_schema.columns WHERE table_catalog = ? AND table_schema = 'main' AND table_name = ? ORDER BY ordinal_position"
        return tuple(str(name) for (name,) in self._run(asked, [self._catalog, table])[1])

    def snapshots(self, table: str, column: str) -> tuple[date, ...]:
        """The dates of the tag snapshots in a table, ascending. Fault `engine_failed` when the file has no such table or column."""
        asked = f"SELECT DISTINCT {_quoted(column)} FROM {_quoted(self._catalog)}.main.{_quoted(table)} ORDER BY 1"
        try:
            rows = self._run(asked, [])[1]
        except duckdb.Error as error:
            raise Fault("engine_failed", query="snapshots") from error
        return tuple(day for (day,) in rows if isinstance(day, date))

    def handwritten_count(self, sql: str) -> int:
        """The number of a SELECT count(*) from the project's own eval cases, never of a request. UserError `case_sql` for a statement that gives none."""
        try:
            rows = self._run(sql, [])[1]
        except duckdb.Error as error:
            raise UserError("case_sql", sql=sql, fault=type(error).__name__) from error
        if len(rows) != 1 or len(rows[0]) != 1 or not isinstance(rows[0][0], int):
            raise UserError("case_sql", sql=sql, fault="shape")
        return rows[0][0]

    def customers_written(self, query: WrittenQuery) -> frozenset[int]:
        """The customers of a query that somebody else wrote, for exams. Fault `engine_failed` or `engine_timeout` where it does not run."""
        try:
            rows = self._run(query.text, [])[1]
        except duckdb.InterruptException as error:
            raise Fault("engine_timeout", seconds=self._timeout, query="written") from error
        except duckdb.Error as error:
            raise Fault("engine_failed", query="written") from error
        return frozenset(key for (key,) in rows if isinstance(key, int))

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self._connection.close()

    def _run(
        self, text: str, parameters: list[str | list[int]], lists: Mapping[str, Sequence[int]] = NO_LISTS
    ) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
        """One statement on its own cursor: read fully, closed, interrupted at the deadline."""
        cursor = self._connection.cursor()
        deadline = threading.Timer(self._timeout, cursor.interrupt)
        deadline.daemon = True
        deadline.start()
        try:
            if lists:
                cursor.execute(_LISTS)
            for name, members in ((name, members) for name, members in lists.items() if members):
                cursor.execute(_LIST, [name, ",".join(map(str, members))])
            found = cursor.execute(text, parameters)
            rows = found.fetchall()
            return tuple(entry[0] for entry in found.description or ()), rows
        finally:
            deadline.cancel()
            deadline.join()
            cursor.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
