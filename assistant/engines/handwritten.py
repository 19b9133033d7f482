"""Counts written by hand for the eval suite, run beside the compiled ones. Law: only the project's own case files come here, never a request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from assistant.errors import UserError


def handwritten_counts(path: Path) -> Callable[[str], int]:
    """A function from a case's SELECT count(*) to its number, on one bank file opened read-only. UserError `case_sql` names a statement that does not give
    one number."""
    connection = duckdb.connect(str(path), read_only=True, config={"enable_external_access": False})

    def count(sql: str) -> int:
        try:
            with connection.cursor() as cursor:
                rows = cursor.execute(sql).fetchall()
        except duckdb.Error as error:
            raise UserError("case_sql", sql=sql, fault=type(error).__name__) from error
        if len(rows) != 1 or len(rows[0]) != 1 or not isinstance(rows[0][0], int):
            raise UserError("case_sql", sql=sql, fault="shape")
        return rows[0][0]

    return count
