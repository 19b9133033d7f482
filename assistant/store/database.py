"""One database and its transactions. Law: what is read is one snapshot, what is written is there whole or not at all, and writers go one after the other.

SQLite runs in WAL mode with synchronous=FULL: what was acknowledged is on the disk. PostgreSQL is as its administrator set it up.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from assistant.errors import Fault, UserError

WAIT_SECONDS = 30
"""How long a writer waits for those before it, and for a server to answer."""
_WRITES = "store_writes"
_LOCK = 0x5E6_5707E
"""The advisory lock of this product in a PostgreSQL database."""


class Database:
    """A database by URL: sqlite:///path (made when there is none), sqlite:// (in the memory of this process), postgresql://user@host/name.

    UserError `store_url` for another kind of URL, `store_unreachable` (url without its password) when it cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        memory = self._url.get_backend_name() == "sqlite" and self._url.database in (None, "", ":memory:")
        self._turns: AbstractContextManager[object] = threading.RLock() if memory else nullcontext()
        """One connection holds a database in memory: threads take turns."""
        try:
            self._engine = _engine(self._url, memory)
            with self._engine.connect():
                pass
        except (OSError, SQLAlchemyError) as error:
            raise UserError("store_unreachable", url=self.shown) from error

    @property
    def shown(self) -> str:
        """The URL for people: without a password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Fault `store_failed`."""
        with self._turns, _told(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write, alone among writers from its begin on: kept when the block ends, undone when it raises. Fault `store_failed`."""
        with self._turns, _told(), self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    def close(self) -> None:
        """Let go of every connection. Safe to call twice."""
        self._engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """The database's own words stay in the exception's cause, for the log."""
    try:
        yield
    except SQLAlchemyError as error:
        raise Fault("store_failed", fault="busy" if isinstance(error, OperationalError) else type(error).__name__) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UserError("store_url") from error
    match parsed.get_backend_name():
        case "sqlite":
            return parsed
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case _:
            raise UserError("store_url")


def _engine(url: URL, memory: bool) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": WAIT_SECONDS}, isolation_level="READ COMMITTED")
    if memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_file(Path(url.database or ""))
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its other files the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
    cursor = connection.cursor()
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")
