"""One database: what is kept, what is undone, who waits, and what a caller is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.errors import Fault, UserError
from assistant.store.database import Database
from assistant.store.open import Store, open_store
from assistant.store.schema import AUDIT_HEAD


def head(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(AUDIT_HEAD.c.seq)).scalar_one())


def test_what_raises_is_undone(store: Store) -> None:
    def write_and_fail() -> None:
        with store.database.writing() as connection:
            connection.execute(AUDIT_HEAD.update().values(seq=5))
            raise UserError("no_question")

    with pytest.raises(UserError, match="no_question"):
        write_and_fail()
    assert head(store.database) == 0


def test_writers_wait_for_each_other_from_their_begin_on(store: Store) -> None:
    def add(_: int) -> None:
        with store.database.writing() as connection:
            present = connection.execute(select(AUDIT_HEAD.c.seq)).scalar_one()
            connection.execute(AUDIT_HEAD.update().values(seq=present + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert head(store.database) == 40


def test_readers_see_what_is_finished(opened: Callable[[], Store]) -> None:
    writer, reader = opened(), opened()
    with writer.database.writing() as connection:
        connection.execute(AUDIT_HEAD.update().values(seq=7))
        assert head(reader.database) == 0
    assert head(reader.database) == 7


def test_the_databases_own_words_stay_inside(store: Store) -> None:
    with pytest.raises(Fault, match="store_failed") as raised, store.database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert "no_such_table" not in str(raised.value)


@pytest.mark.parametrize("url", ["mysql://bank/x", "nothing", "", "oracle://x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(UserError, match="store_url"):
        open_store(url)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(UserError, match="store_unreachable") as raised:
        open_store("postgresql://bank:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(raised.value)


def test_a_folder_that_cannot_be_made_is_the_callers(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="store_unreachable"):
        open_store(f"sqlite:///{tmp_path}/taken/store.sqlite")


def test_a_file_that_is_no_database_is_the_callers(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_text("not a database, but long enough to be read as one" * 10, encoding="utf-8")
    with pytest.raises(UserError, match="store_unreachable"):
        open_store(f"sqlite:///{tmp_path}/store.sqlite")


def test_a_file_is_its_owners_and_crash_safe(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new/store.sqlite")
    assert os.stat(tmp_path / "new" / "store.sqlite").st_mode & 0o077 == 0
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()


def test_a_store_in_memory_is_one_for_all_threads_and_none_else() -> None:
    first, second = open_store(), open_store()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: head(first.database), range(8))) == [0] * 8
    with first.database.writing() as connection:
        connection.execute(AUDIT_HEAD.update().values(seq=3))
    assert (head(first.database), head(second.database)) == (3, 0)
