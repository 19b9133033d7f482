"""The tables of the store as they stand after every migration. Law: text, whole numbers and bytes only, so that every engine keeps exactly what it was given.

Times are ISO 8601 in UTC, dates ISO 8601, structured values canonical JSON.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData()

VERSIONS = Table(
    "store_version",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("at", String, nullable=False),
)
"""The migrations that have been run."""

TAG_REQUESTS = Table(
    "tag_request",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("words", String, nullable=False),
    Column("definition", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("record", String, nullable=False),
    Column("property", String, nullable=False),
    Column("nearest", String, nullable=False),
    Column("spread", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("at", String, nullable=False),
    Column("user", String, nullable=False),
)
"""One row each time a tag is asked for."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("user", String, nullable=False),
    Column("role", String, nullable=False),
    Column("branches", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("text", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("catalog", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("rule_fingerprint", String, nullable=False),
    Column("queries", String, nullable=False),
    Column("by", String, nullable=False),
    Column("prompt", String, nullable=False),
    Column("model", String, nullable=False),
    Column("exported", String, nullable=False),
    Column("segment", String, nullable=False),
    Column("error", String, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The chain: `seq` counts from 1, `previous` is the hash of the row before, `hash` that of this row with it."""

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: where the chain ends, so that cutting its end off shows; locking it makes writers wait for each other."""
