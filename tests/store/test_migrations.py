"""Migrations: together they make the tables of today, each runs once, and what fails leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Inspector, MetaData, create_engine, inspect, select

from assistant.errors import Fault, UserError
from assistant.store.database import Database
from assistant.store.migrations import MIGRATIONS, migrate
from assistant.store.open import Store, open_store
from assistant.store.schema import METADATA, VERSIONS
from tests.store.conftest import START


def shape(inspector: Inspector, schema: str | None = None) -> dict[str, object]:
    """Tables with columns (name, type, may be empty), keys and unique indexes."""
    found: dict[str, object] = {}
    for table in sorted(inspector.get_table_names(schema)):
        columns = [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(table, schema)]
        unique = sorted((one["name"], tuple(one["column_names"]), one["unique"]) for one in inspector.get_indexes(table, schema))
        keys = sorted((tuple(one["constrained_columns"]), one["referred_table"]) for one in inspector.get_foreign_keys(table, schema))
        found[table] = (columns, tuple(inspector.get_pk_constraint(table, schema)["constrained_columns"]), unique, keys)
    return found


def test_all_together_make_the_tables_of_today(url: str) -> None:
    store = open_store(url)
    with store.database.reading() as connection:
        migrated = shape(inspect(connection))
        name = connection.dialect.name
        if name == "postgresql":
            connection.exec_driver_sql("CREATE SCHEMA fresh")
            connection.exec_driver_sql("SET search_path TO fresh")
            METADATA.create_all(connection)
            described = shape(inspect(connection), "fresh")
            connection.rollback()
        else:
            fresh = create_engine("sqlite://")
            METADATA.create_all(fresh)
            described = shape(inspect(fresh))
            fresh.dispose()
    store.close()
    assert migrated == described


def test_each_runs_once(opened: Callable[[], Store]) -> None:
    opened()
    with opened().database.reading() as connection:
        versions = connection.execute(select(VERSIONS.c.version, VERSIONS.c.name).order_by(VERSIONS.c.version)).all()
    assert [tuple(one) for one in versions] == [(number, step.__name__) for number, step in enumerate(MIGRATIONS, 1)]


def test_a_store_of_any_age_is_brought_up_to_date(url: str) -> None:
    database = Database(url)
    for done in range(1, len(MIGRATIONS) + 1):
        migrate(database, START, MIGRATIONS[:done])
    with database.reading() as connection:
        tables = MetaData()
        tables.reflect(connection)
    database.close()
    assert set(tables.tables) == set(METADATA.tables)


def test_a_newer_store_is_left_alone(url: str) -> None:
    open_store(url).close()
    database = Database(url)
    with pytest.raises(UserError, match="store_newer") as raised:
        migrate(database, START, MIGRATIONS[:1])
    database.close()
    assert raised.value.params == {"version": len(MIGRATIONS), "known": 1}


def test_what_fails_leaves_nothing(url: str) -> None:
    def broken(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")
        connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")

    database = Database(url)
    with pytest.raises(Fault, match="store_failed"):
        migrate(database, START, (*MIGRATIONS, broken))
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()


def test_many_may_open_a_new_store_at_once(url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: open_store(url), range(6)))
    for store in stores:
        assert store.audit.verify().intact
        store.close()
