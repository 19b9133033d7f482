"""Frozen lists of customers in a statement. Law: a statement names a list and never carries it; the engine puts it beside the warehouse for that statement alone.

The table stands in the engine's own temporary schema, by its full name, so that it can neither shadow a table of the warehouse nor be shadowed by one.
"""

from __future__ import annotations

from sqlglot import exp

from assistant.sql import nodes
from assistant.sql.records import Keys

LISTS_QUALIFIER = ("temp", "main")
LISTS_TABLE = "frozen_list"
LIST_COLUMN, MEMBER_COLUMN = "list_name", "member_id"
LISTS_COLUMNS = frozenset({LIST_COLUMN, MEMBER_COLUMN})


def frozen_keys(name: str) -> Keys:
    """The customers on a frozen list, each once."""
    key = nodes.column(MEMBER_COLUMN, "f")
    source = nodes.table(LISTS_QUALIFIER, LISTS_TABLE, "f")
    return Keys(nodes.select([key], source, [nodes.equal(nodes.column(LIST_COLUMN, "f"), nodes.text(name))]), key, distinct=True)


def lists_named(tree: exp.Expr) -> tuple[str, ...]:
    """The frozen lists a statement reads, in order, each once."""
    named = (
        node.expression.name
        for node in tree.find_all(exp.EQ)
        if isinstance(node.this, exp.Column) and node.this.name == LIST_COLUMN and isinstance(node.expression, exp.Literal)
    )
    return tuple(dict.fromkeys(named))
