"""Tables an engine has read, kept for the next time the same statement is run. Law: only of data that cannot change while it is open; the longest unused go first."""

from __future__ import annotations

import threading
from collections import OrderedDict

from assistant.sql.query import Table

MOST_ROWS = 200_000
"""Rows kept in all; a table of more than a tenth of them is not kept."""


class KeptTables:
    """Tables by the text that gave them. Threads may share it. `most_rows` 0 keeps none."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._rows = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> Table | None:
        """What the statement gave, if it is kept."""
        with self._lock:
            if text in self._tables:
                self._tables.move_to_end(text)
            return self._tables.get(text)

    def keep(self, text: str, table: Table) -> None:
        """Keep it, in place of what has not been asked for longest."""
        size = 1 + len(table.rows)
        if size * 10 > self._most_rows:
            return
        with self._lock:
            if text in self._tables:
                return
            self._tables[text] = table
            self._rows += size
            while self._rows > self._most_rows:
                _, oldest = self._tables.popitem(last=False)
                self._rows -= 1 + len(oldest.rows)
