"""The tables of the store as they stand after every migration. Law: text, whole numbers and bytes only, so that every engine keeps exactly what it was given.

Times are ISO 8601 in UTC, dates ISO 8601, structured values canonical JSON.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

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

Index("audit_user", AUDIT.c.user, AUDIT.c.at)

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: where the chain ends, so that cutting its end off shows; locking it makes writers wait for each other."""

SEGMENTS = Table(
    "segment",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("archived_at", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("version", Integer, nullable=False),
)
"""The saved segments; `version` is the present one, `archived_at` empty while it is in use."""
Index(
    "segment_name",
    SEGMENTS.c.owner,
    SEGMENTS.c.name_key,
    unique=True,
    sqlite_where=SEGMENTS.c.archived_at == "",
    postgresql_where=SEGMENTS.c.archived_at == "",
)

VERSIONS_OF_SEGMENTS = Table(
    "segment_version",
    METADATA,
    Column("segment", String, ForeignKey("segment.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("policy", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("said", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("catalog", String, nullable=False),
)
"""Every version of every segment, its rule as canonical JSON."""

REFRESHES = Table(
    "segment_refresh",
    METADATA,
    Column("segment", String, ForeignKey("segment.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("as_of", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("branches", String, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("joined", BigInteger),
    Column("left", BigInteger),
    Column("members", LargeBinary),
)
"""Every time a segment was counted; `members` of the last time, and of every version of a frozen segment."""

USERS = Table(
    "user",
    METADATA,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String, nullable=False),
    Column("disabled_at", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("created_by", String, nullable=False),
)
"""Who may sign in; `password` is its scrypt hash (empty: none), `failures` the wrong ones in a row."""

GRANTS = Table(
    "user_grant",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("user", String, ForeignKey("user.name"), nullable=False),
    Column("kind", String, nullable=False),
    Column("value", String, nullable=False),
    Column("until", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("revoked_at", String, nullable=False),
    Column("revoked_by", String, nullable=False),
)
"""What was granted to a user besides their role; a row is never taken away, `revoked_at` ends it."""

TOKENS = Table(
    "api_token",
    METADATA,
    Column("id", String, primary_key=True),
    Column("user", String, ForeignKey("user.name"), nullable=False),
    Column("hash", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("until", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("revoked_at", String, nullable=False),
)
"""Tokens by their hash, with the operations they are narrowed to."""
Index("api_token_hash", TOKENS.c.hash, unique=True)

TAG_MOVES = Table(
    "tag_move",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("tag", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("replacement", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
"""Every step of a tag's lifecycle; the last one says how it stands, above what the catalog declares."""

UNDERSTOOD = Table(
    "understood",
    METADATA,
    Column("seq", BigInteger, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("pair", String, nullable=False),
    Column("key", String, nullable=False),
    Column("way", String, nullable=False),
    Column("language", String, nullable=False),
    Column("alone", Integer, nullable=False),
    Column("turns", String, nullable=False),
    Column("requests", String, nullable=False),
    Column("ledger", String, nullable=False),
    Column("assumptions", String, nullable=False),
    Column("unread", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("count", BigInteger),
    Column("sql", String, nullable=False),
)
"""How an audited turn was understood: what the audit does not hold of it."""
Index("understood_pair", UNDERSTOOD.c.pair)

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("turn", BigInteger, ForeignKey("understood.seq"), nullable=False),
    Column("verdict", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
"""What askers said of their answers."""

DECISIONS = Table(
    "decision",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("turn", BigInteger, ForeignKey("understood.seq"), nullable=False),
    Column("pair", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("after", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("requests", String, nullable=False),
    Column("said", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
"""What the desk decided of a request and its rule; `key` is empty where the request says nothing by itself, `after` the pair that is right, `rule` its rule."""
Index("decision_key", DECISIONS.c.key)

ALIASES = Table(
    "alias",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("word", String, nullable=False),
    Column("language", String, nullable=False),
    Column("element", String, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
"""What owners decided of words proposed for their elements; the last row of a word and an element counts."""

CALL_LISTS = Table(
    "call_list",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("strategy", String, nullable=False),
    Column("segment", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("said", String, nullable=False),
    Column("ranked_by", String, nullable=False),
    Column("created_at", String, nullable=False),
)
"""Whom a manager calls and why: the rule as canonical JSON, the template it is from (code, or empty), the saved segment (id@version, or empty)."""

CALL_RUNS = Table(
    "call_run",
    METADATA,
    Column("list", String, ForeignKey("call_list.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("as_of", String, nullable=False),
    Column("today", String, nullable=False),
    Column("branches", String, nullable=False),
    Column("selected", BigInteger, nullable=False),
    Column("reachable", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
"""Every time a list was made: of the reachable, `before` were on it already."""

CALL_ITEMS = Table(
    "call_item",
    METADATA,
    Column("list", String, ForeignKey("call_list.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
    Column("customer", BigInteger, nullable=False),
    Column("reasons", String, nullable=False),
    Column("due", String, nullable=False),
    Column("due_by", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("managed", Integer),
    Column("contacted", String, nullable=False),
)
"""One customer to be called, numbered through the runs; a customer is on a list once."""
Index("call_item_customer", CALL_ITEMS.c.list, CALL_ITEMS.c.customer, unique=True)

CALL_RESULTS = Table(
    "call_result",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("list", String, nullable=False),
    Column("item", Integer, nullable=False),
    Column("customer", BigInteger, nullable=False),
    Column("result", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)
"""What came of a call; a row is only ever added, and the last one of an item says how it stands."""
Index("call_result_item", CALL_RESULTS.c.list, CALL_RESULTS.c.item)

EXPORT_APPROVALS = Table(
    "export_approval",
    METADATA,
    Column("id", String, primary_key=True),
    Column("user", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("said", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("as_of", String, nullable=False),
    Column("at", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("approved_at", String, nullable=False),
)
"""Lists that may leave once somebody else than the asker approves; `approver` is empty until then."""

WEBHOOK_MARKS = Table(
    "webhook_mark",
    METADATA,
    Column("address", String, primary_key=True),
    Column("segment", String, ForeignKey("segment.id"), primary_key=True),
    Column("number", Integer, nullable=False),
)
"""The last refresh of a segment that an address acknowledged; `address` is the SHA-256 of it."""

TOLD = Table(
    "told",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("user", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("day", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("n", BigInteger),
    Column("text", String, nullable=False),
    Column("batch", String, nullable=False),
    Column("first_at", String, nullable=False),
    Column("last_at", String, nullable=False),
    Column("asked_at", String, nullable=False),
)
"""Customers that somebody was told a number of, once a day of the data; `asked_at`: when they were first asked for themselves, empty where they were only told beside."""
Index("told_once", TOLD.c.user, TOLD.c.fingerprint, TOLD.c.day, unique=True)
Index("told_user", TOLD.c.user, TOLD.c.last_at)
