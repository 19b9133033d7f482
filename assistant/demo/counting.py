"""A count by SQL written by hand, on a bank file. Law: only for proving answers by another way; nothing a user types comes here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assistant.errors import UserError


@contextmanager
def hand_counts(path: Path) -> Iterator[Callable[[str], int]]:
    """A function that runs one hand-written SELECT of one number on the file, opened beside whoever else reads it. UserError `demo_missing`."""
    if not path.is_file():
        raise UserError("demo_missing", path=str(path))
    quoted = str(path).replace("'", "''")
    with duckdb.connect(config={"threads": 2, "python_enable_replacements": False}) as connection:
        connection.execute(f"ATTACH '{quoted}' AS by_hand (READ_ONLY)")
        connection.execute("USE by_hand")

        def count(sql: str) -> int:
            [(value,)] = connection.execute(sql).fetchall()
            return int(value)

        yield count
