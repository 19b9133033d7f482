"""The DuckDB file as the outer wall: read-only, locked, timed, and silent about its own words."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.demo.build import SCHEMA_VERSION as BUILT_VERSION
from assistant.engines.duckdb import SCHEMA_VERSION, DuckDBEngine
from assistant.engines.engine import Engine
from assistant.errors import Fault, UserError
from assistant.sql.query import GuardedQuery
from tests.sql import small_bank


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return small_bank.write(tmp_path / "small_bank.duckdb")


def statement(text: str) -> GuardedQuery:
    """Text put past the guard on purpose: here the wall behind it is tested."""
    return GuardedQuery("test", text, "duckdb", "0" * 16)


def test_a_file_may_be_opened_twice_in_a_process(bank: Path) -> None:
    one, other = DuckDBEngine(bank), DuckDBEngine(bank)
    one.close()
    assert other.execute(statement("SELECT current_setting('lock_configuration'), current_setting('TimeZone')")).rows == (
        (True, "Asia/Shanghai"),
    )
    other.close()


def test_reads_a_bank_file(bank: Path) -> None:
    engine: Engine = DuckDBEngine(bank)
    assert (engine.dialect, engine.qualifier, engine.as_of) == ("duckdb", ("small_bank", "main"), date(2026, 9, 24))
    assert engine.columns("record_login") == ("one_id", "day", "channel", "seconds", "version")
    assert engine.columns("nothing") == ()
    table = engine.execute(
        statement("SELECT one_id, app FROM small_bank.main.tags WHERE snapshot_date = DATE '2026-08-31' ORDER BY one_id LIMIT 2")
    )
    assert (table.columns, table.rows, table.query) == (("one_id", "app"), ((1, None), (4, None)), "0" * 16)
    engine.close()
    engine.close()


def test_snapshots_are_those_in_the_file(bank: Path) -> None:
    engine = DuckDBEngine(bank)
    assert engine.snapshots("tags", "snapshot_date") == small_bank.SNAPSHOTS
    with pytest.raises(Fault, match="engine_failed"):
        engine.snapshots("tags", "nothing")
    engine.close()


def test_reads_what_the_demo_builder_writes() -> None:
    assert SCHEMA_VERSION == BUILT_VERSION


def test_a_file_name_needs_no_plain_letters(tmp_path: Path) -> None:
    engine = DuckDBEngine(small_bank.write(tmp_path / "my bank-2.duckdb"))
    assert engine.qualifier == ("my bank-2", "main")
    assert engine.snapshots("tags", "snapshot_date") == small_bank.SNAPSHOTS
    engine.close()


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        DuckDBEngine(tmp_path / "nothing.duckdb")
    assert (caught.value.code, caught.value.params["path"]) == ("demo_missing", str(tmp_path / "nothing.duckdb"))
    assert not (tmp_path / "nothing.duckdb").exists()


@pytest.mark.parametrize(
    "make",
    ["", "CREATE TABLE t (a INT)", "CREATE TABLE bank_info AS SELECT 99 AS schema_version, DATE '2026-09-24' AS as_of", "CREATE TABLE bank_info AS SELECT 1 AS other",
     "CREATE TABLE bank_info (schema_version INT, as_of DATE)", "CREATE TABLE bank_info AS SELECT 1 AS schema_version, 'soon' AS as_of"],
)  # fmt: skip
def test_a_foreign_database(tmp_path: Path, make: str) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        if make:
            connection.execute(make)
    with pytest.raises(UserError, match="database_foreign"):
        DuckDBEngine(path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("hello" * 1000)
    with pytest.raises(UserError, match="database_foreign"):
        DuckDBEngine(path)


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM small_bank.main.tags",
        "DROP TABLE small_bank.main.tags",
        "CREATE TABLE small_bank.main.x AS SELECT 1",
        "WITH d AS (DELETE FROM small_bank.main.tags RETURNING one_id) SELECT * FROM d",
        "COPY small_bank.main.tags TO '/tmp/assistant_leak.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM hidden",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET TimeZone = 'UTC'",
        "EXPORT DATABASE '/tmp/assistant_leak'",
    ],
)
def test_the_wall_behind_the_guard(bank: Path, attack: str) -> None:
    engine = DuckDBEngine(bank)
    hidden = [1, 2, 3]
    before = bank.read_bytes()
    with pytest.raises(Fault) as caught:
        engine.execute(statement(attack))
    assert caught.value.code == "engine_failed"
    assert set(caught.value.params) == {"query"}
    engine.close()
    assert bank.read_bytes() == before
    assert len(hidden) == 3


def test_what_one_query_leaves_behind_the_next_does_not_see(bank: Path) -> None:
    engine = DuckDBEngine(bank)
    engine.execute(statement("CREATE TEMP TABLE tags AS SELECT 1 AS one_id"))
    assert engine.execute(statement("SELECT COUNT(*) FROM small_bank.main.tags")).scalar() == 12
    with pytest.raises(Fault, match="engine_failed"):
        engine.execute(statement("SELECT * FROM temp.main.tags"))
    engine.close()


def test_a_deadline_ends_a_query(bank: Path) -> None:
    engine = DuckDBEngine(bank, timeout_seconds=0.3)
    started = time.monotonic()
    with pytest.raises(Fault) as caught:
        engine.execute(statement("SELECT COUNT(*) FROM range(100000000) AS a, range(100000) AS b WHERE a.range * b.range % 7 = 3"))
    assert caught.value.code == "engine_timeout"
    assert time.monotonic() - started < 60
    assert engine.execute(statement("SELECT 1")).scalar() == 1, "the engine goes on"
    engine.close()


def test_memory_is_capped(bank: Path) -> None:
    engine = DuckDBEngine(bank, memory_limit="20MB")
    with pytest.raises(Fault) as caught:
        engine.execute(statement("SELECT LIST(range) FROM range(20000000)"))
    assert caught.value.code == "engine_memory"
    engine.close()


def test_ids_are_the_only_parameter(bank: Path) -> None:
    engine = DuckDBEngine(bank)
    found = engine.execute(statement("SELECT COUNT(*) FROM small_bank.main.tags WHERE ARRAY_CONTAINS(?, one_id)"), ids=[1, 5])
    assert found.scalar() == 5
    with pytest.raises(Fault, match="engine_failed"):
        engine.execute(statement("SELECT 1"), ids=[1])
    engine.close()


def test_threads_share_an_engine(bank: Path) -> None:
    engine = DuckDBEngine(bank)
    asked = statement("SELECT one_id FROM small_bank.main.record_login ORDER BY one_id")
    alone = engine.execute(asked).rows
    with ThreadPoolExecutor(8) as pool:
        assert all(table.rows == alone for table in pool.map(engine.execute, [asked] * 64))
    engine.close()


def test_grouping_sets_are_not_planned_one_by_one(bank: Path) -> None:
    engine = DuckDBEngine(bank)
    assert engine.execute(statement("SELECT current_setting('disabled_optimizers')")).scalar() == "grouping_sets"
    engine.close()
