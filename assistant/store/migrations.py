"""How a store of any age becomes one of today. Law: a migration once released never changes; each runs once, in order, in one transaction with its record.

A small runner of its own rather than Alembic: the steps are plain functions that ship in the wheel, need no folder of scripts, no configuration file and no
command of their own, and run when the store is opened. A test holds that all of them together make exactly the tables of `schema.py`, on every engine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, inspect, select

from assistant.errors import UserError
from assistant.store.database import Database
from assistant.store.schema import VERSIONS

Migration = Callable[[Connection], None]


def _create(connection: Connection, table: str, columns: str) -> None:
    connection.exec_driver_sql(f'CREATE TABLE "{table}" ({columns})')


def _text(*names: str) -> str:
    return ", ".join(f'"{name}" VARCHAR NOT NULL' for name in names)


def _numbered(connection: Connection) -> str:
    """A key that counts by itself."""
    key = "INTEGER PRIMARY KEY" if connection.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
    return f'"id" {key} NOT NULL, '


def tag_requests(connection: Connection) -> None:
    """Tags that were asked for."""
    _create(
        connection,
        "tag_request",
        _numbered(connection) + _text("words", "definition", "kind", "record", "property", "nearest", "spread", "as_of", "at", "user"),
    )


_AUDITED = (
    "at", "kind", "request_id", "user", "role", "branches", "purpose", "text", "outcome", "catalog", "as_of", "rule", "rule_fingerprint", "queries", "by",
    "prompt", "model", "exported", "segment", "error",
)  # fmt: skip
_KEEP_SQLITE = (
    """CREATE TRIGGER audit_{operation}d BEFORE {operation} ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"""
)
_KEEP_FUNCTION = (
    """CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the audit is only added to''; END'"""
)
_KEEP_POSTGRESQL = "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()"


def audit(connection: Connection) -> None:
    """The audit chain, which the database itself refuses to change."""
    hashes = '"previous" VARCHAR(64) NOT NULL, "hash" VARCHAR(64) NOT NULL'
    _create(connection, "audit", f'"seq" BIGINT NOT NULL PRIMARY KEY, {_text(*_AUDITED)}, {hashes}')
    _create(connection, "audit_head", '"id" INTEGER NOT NULL PRIMARY KEY, "seq" BIGINT NOT NULL, "hash" VARCHAR(64) NOT NULL')
    connection.exec_driver_sql("INSERT INTO audit_head VALUES (1, 0, '')")
    if connection.dialect.name == "sqlite":
        for operation in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(_KEEP_SQLITE.format(operation=operation))
    else:
        connection.exec_driver_sql(_KEEP_FUNCTION)
        connection.exec_driver_sql(_KEEP_POSTGRESQL)


def segments(connection: Connection) -> None:
    """Saved segments with their versions and counts."""
    bytes_type = "BLOB" if connection.dialect.name == "sqlite" else "BYTEA"
    named = _text("name", "name_key", "owner", "purpose")
    _create(
        connection,
        "segment",
        f'"id" VARCHAR NOT NULL PRIMARY KEY, {named}, "shared" INTEGER NOT NULL, {_text("archived_at", "created_at")}, "version" INTEGER NOT NULL',
    )
    connection.exec_driver_sql("CREATE UNIQUE INDEX segment_name ON segment (owner, name_key) WHERE archived_at = ''")
    of_segment = '"segment" VARCHAR NOT NULL REFERENCES segment (id)'
    _create(
        connection,
        "segment_version",
        f'{of_segment}, "version" INTEGER NOT NULL, {_text("policy", "rule", "fingerprint", "said", "by", "at", "as_of", "catalog")}, PRIMARY KEY ("segment", "version")',
    )
    _create(
        connection,
        "segment_refresh",
        f'{of_segment}, "number" INTEGER NOT NULL, "version" INTEGER NOT NULL, {_text("as_of", "at", "by", "branches")}, '
        f'"count" BIGINT NOT NULL, "joined" BIGINT, "left" BIGINT, "members" {bytes_type}, PRIMARY KEY ("segment", "number")',
    )


def users(connection: Connection) -> None:
    """Users, what they were granted, and their tokens."""
    times = _text("locked_until", "disabled_at", "created_at", "created_by")
    _create(
        connection,
        "user",
        f'"name" VARCHAR NOT NULL PRIMARY KEY, {_text("role", "password")}, "failures" INTEGER NOT NULL, {times}',
    )
    of_user = '"user" VARCHAR NOT NULL REFERENCES "user" (name)'
    _create(
        connection,
        "user_grant",
        f"{_numbered(connection)}{of_user}, {_text('kind', 'value', 'until', 'by', 'at', 'revoked_at', 'revoked_by')}",
    )
    _create(
        connection,
        "api_token",
        f'"id" VARCHAR NOT NULL PRIMARY KEY, {of_user}, {_text("hash", "scopes", "until", "by", "at", "revoked_at")}',
    )
    connection.exec_driver_sql("CREATE UNIQUE INDEX api_token_hash ON api_token (hash)")


def tag_moves(connection: Connection) -> None:
    """The steps of tags along their lifecycle."""
    _create(connection, "tag_move", _numbered(connection) + _text("tag", "before", "after", "replacement", "reason", "by", "at"))


def reviews(connection: Connection) -> None:
    """How turns were understood, and what people said and decided of that."""
    told = _text("pair", "key", "way", "language")
    parts = _text("turns", "requests", "ledger", "assumptions", "unread", "rule")
    turn = '"seq" BIGINT NOT NULL PRIMARY KEY REFERENCES audit (seq)'
    _create(
        connection,
        "understood",
        f'{turn}, {told}, "alone" INTEGER NOT NULL, {parts}, "count" BIGINT, "sql" VARCHAR NOT NULL',
    )
    connection.exec_driver_sql("CREATE INDEX understood_pair ON understood (pair)")
    of_turn = f'{_numbered(connection)}"turn" BIGINT NOT NULL REFERENCES understood (seq)'
    _create(connection, "feedback", f"{of_turn}, {_text('verdict', 'reason', 'by', 'at')}")
    decided = _text("pair", "kind", "key", "after", "rule", "requests", "said", "reason", "by", "at")
    _create(connection, "decision", f"{of_turn}, {decided}")
    connection.exec_driver_sql("CREATE INDEX decision_key ON decision (key)")
    _create(
        connection,
        "alias",
        f'{_numbered(connection)}{_text("word", "language", "element")}, "accepted" INTEGER NOT NULL, {_text("reason", "by", "at")}',
    )


def calls(connection: Connection) -> None:
    """Call lists, their runs, the customers on them, and what came of each call."""
    named = _text("name", "owner", "purpose", "strategy", "segment", "rule", "said", "ranked_by", "created_at")
    _create(connection, "call_list", f'"id" VARCHAR NOT NULL PRIMARY KEY, {named}')
    of_list = '"list" VARCHAR NOT NULL REFERENCES call_list (id)'
    counted = '"selected" BIGINT NOT NULL, "reachable" BIGINT NOT NULL, "before" BIGINT NOT NULL, "taken" INTEGER NOT NULL'
    _create(
        connection,
        "call_run",
        f'{of_list}, "number" INTEGER NOT NULL, {_text("as_of", "today", "branches")}, {counted}, {_text("at", "by")}, PRIMARY KEY ("list", "number")',
    )
    _create(
        connection,
        "call_item",
        f'{of_list}, "number" INTEGER NOT NULL, "run" INTEGER NOT NULL, "customer" BIGINT NOT NULL, {_text("reasons", "due", "due_by", "unit")}, '
        f'"managed" INTEGER, {_text("contacted")}, PRIMARY KEY ("list", "number")',
    )
    connection.exec_driver_sql("CREATE UNIQUE INDEX call_item_customer ON call_item (list, customer)")
    _create(
        connection,
        "call_result",
        f'{_numbered(connection)}"list" VARCHAR NOT NULL, "item" INTEGER NOT NULL, "customer" BIGINT NOT NULL, {_text("result", "by", "at")}',
    )
    connection.exec_driver_sql("CREATE INDEX call_result_item ON call_result (list, item)")


def approvals(connection: Connection) -> None:
    """Approvals of lists that leave the house."""
    told = _text("user", "purpose", "said", "rule")
    rest = _text("as_of", "at", "approver", "approved_at")
    _create(connection, "export_approval", f'"id" VARCHAR NOT NULL PRIMARY KEY, {told}, "rows" BIGINT NOT NULL, {rest}')


def webhooks(connection: Connection) -> None:
    """How far each address has been told of each segment's refreshes."""
    of_segment = '"segment" VARCHAR NOT NULL REFERENCES segment (id)'
    _create(connection, "webhook_mark", f'{_text("address")}, {of_segment}, "number" INTEGER NOT NULL, PRIMARY KEY ("address", "segment")')


def audit_by_user(connection: Connection) -> None:
    """What somebody was told is looked up at each of their counts."""
    connection.exec_driver_sql('CREATE INDEX audit_user ON audit ("user", "at")')


def told(connection: Connection) -> None:
    """What somebody was told a number of, however it was told; begun with the segments that were answered."""
    rest = _text("text", "batch", "first_at", "last_at", "asked_at")
    _create(connection, "told", f'{_numbered(connection)}{_text("user", "fingerprint", "day", "rule")}, "n" BIGINT, {rest}')
    connection.exec_driver_sql('CREATE UNIQUE INDEX told_once ON told ("user", "fingerprint", "day")')
    connection.exec_driver_sql('CREATE INDEX told_user ON told ("user", "last_at")')
    connection.exec_driver_sql(
        'INSERT INTO told ("user", "fingerprint", "day", "rule", "text", "batch", "first_at", "last_at", "asked_at") '
        'SELECT "user", "rule_fingerprint", "as_of", MIN("rule"), MIN("text"), \'\', MIN("at"), MAX("at"), MIN("at") '
        "FROM audit WHERE \"outcome\" = 'answered' AND \"rule_fingerprint\" <> '' "
        'GROUP BY "user", "rule_fingerprint", "as_of" ORDER BY MIN("seq")'
    )


MIGRATIONS: tuple[Migration, ...] = (
    tag_requests, audit, segments, users, tag_moves, reviews, calls, approvals, webhooks, audit_by_user, told,
)  # fmt: skip
"""Number one first. New ones are added at the end."""


def migrate(database: Database, at: datetime, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Run what has not been run. Two processes that open a new store at once do it one after the other.

    UserError `store_newer` (version, known) when the store was made by a later version of the program.
    """
    with database.writing() as connection:
        if not inspect(connection).has_table(VERSIONS.name):
            VERSIONS.create(connection)
        done = len(connection.execute(select(VERSIONS)).all())
        if done > len(migrations):
            raise UserError("store_newer", version=done, known=len(migrations))
        for number, step in enumerate(migrations[done:], done + 1):
            step(connection)
            connection.execute(VERSIONS.insert().values(version=number, name=step.__name__, at=at.isoformat()))
