"""A query that somebody else wrote, as text that can only read. Law: one SELECT over tables of the catalog and its own; nothing that writes, sets, names a file or calls a function nobody knows.

For exams only, where a model writes SQL itself: the product runs nothing but what its compiler made and `sql/guard.py` passed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assistant.catalog.load import TagCatalog
from assistant.sql.guard import allowed_columns
from assistant.sql.query import GuardedQuery

CUSTOMERS = "customers"
"""The table a written query may read besides those of the catalog: the tags of the base population at the last snapshot."""
KEY = "one_id"
MOST_CHARACTERS = 8_000
_FUNCTIONS = frozenset({"DATE_PART", "DATE_ADD", "DATE_SUB", "TODAY", "DAYOFWEEK", "DAYOFMONTH", "LIST_CONTAINS"})
"""Functions that sqlglot has no node for and that read nothing."""
_FORBIDDEN = (exp.Command, exp.DDL, exp.DML, exp.Placeholder, exp.Parameter, exp.Into, exp.Lock, exp.Pivot)


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """Vetted text that gives one column, `one_id`, each customer once."""

    text: str


def vet_written(text: str, catalog: TagCatalog, everyone: GuardedQuery, snapshot: date) -> WrittenQuery | None:
    """The customers of a query over the catalog's tables and `CUSTOMERS`: the tags at `snapshot` of those that `everyone` lists. None for a text that could do more than read them."""
    if len(text) > MOST_CHARACTERS:
        return None
    header = catalog.header
    try:
        statements = sqlglot.parse(text, read=everyone.dialect)
        tree = statements[0] if len(statements) == 1 else None
        if not isinstance(tree, exp.Select | exp.SetOperation):
            return None
        known = {*allowed_columns(catalog), CUSTOMERS, *(common.alias for common in tree.find_all(exp.CTE))}
        if not all(_reads(node, known) for node in tree.walk()):
            return None
        written = tree.sql(dialect=everyone.dialect, comments=False)
    except (SqlglotError, RecursionError):
        return None
    base = f"SELECT * FROM {header.customer_table} WHERE {header.snapshot_column} = DATE '{snapshot}' AND {header.customer_key} IN (SELECT {KEY} FROM ({everyone.text}))"
    return WrittenQuery(f"WITH {CUSTOMERS} AS ({base}) SELECT DISTINCT {KEY} FROM ({written}) AS said")


def _reads(node: exp.Expr, tables: Collection[str]) -> bool:
    """Whether a node of a statement only reads, and only from the tables named."""
    if isinstance(node, exp.Table):
        return type(node.this) is exp.Identifier and not node.db and not node.catalog and node.name in tables
    if isinstance(node, exp.Anonymous):
        return node.name.upper() in _FUNCTIONS
    return not isinstance(node, _FORBIDDEN)
