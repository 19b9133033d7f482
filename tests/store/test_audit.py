"""The chain: every field of every row is covered, and a row changed, removed, put in or moved is named."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Connection, select

from assistant.errors import Fault
from assistant.store.audit import _HASHED, LONGEST_TEXT, Audit, Break, _digest
from assistant.store.event import AuditEvent
from assistant.store.open import Store
from assistant.store.schema import AUDIT, AUDIT_HEAD

ASKED = AuditEvent(
    "ask", "0123456789ab", "lihua", "branch_manager", ("B0310000",), "analysis", "上海的客户", "answered", "c4ta10g", date(2026, 9, 24),
    '{"kind":"all"}', "f1", ("q1", "q2"), "grammar", "p1", "m1", "list 3", "s1@2", "",
)  # fmt: skip
ROWS = 6


@pytest.fixture
def chain(store: Store) -> Store:
    for number in range(ROWS):
        store.record(replace(ASKED, request_id=str(number)))
    return store


def tampered(store: Store, change: Callable[[Connection], object]) -> tuple[Break, ...]:
    """What is found after someone with the database's own rights, and its triggers out of the way, changed it."""
    with store.database.writing() as connection:
        if connection.dialect.name == "sqlite":
            for trigger in ("audit_UPDATEd", "audit_DELETEd"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        else:
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_kept ON audit")
        change(connection)
    return store.audit.verify().breaks


def test_what_is_recorded_is_kept_whole(store: Store) -> None:
    store.record(ASKED)
    (row,) = store.audit.last(5)
    told = {**row}
    assert (told["seq"], told["at"], told["text"], told["branches"]) == (1, "2026-09-25T01:00:02+00:00", "上海的客户", '["B0310000"]')
    assert (told["queries"], told["as_of"], told["exported"], told["segment"]) == ('["q1", "q2"]', "2026-09-24", "list 3", "s1@2")
    assert store.audit.verify().breaks == ()


def test_an_empty_chain_is_whole(store: Store) -> None:
    found = store.audit.verify()
    assert (found.rows, found.head, found.intact) == (0, (0, ""), True)


def test_the_newest_come_first(chain: Store) -> None:
    assert [row["seq"] for row in chain.audit.last(2)] == [6, 5]


@pytest.mark.parametrize("odd", ["\ud800", "a\0b", "'; DROP TABLE audit; --", "名" * (LONGEST_TEXT + 5), "\u202e\n\t"])
def test_anything_typed_can_be_recorded(store: Store, odd: str) -> None:
    store.record(replace(ASKED, text=odd))
    assert store.audit.verify().intact
    assert len(str(store.audit.last(1)[0]["text"])) <= LONGEST_TEXT


@pytest.mark.parametrize("seq", [1, 3, ROWS])
def test_a_changed_field_is_found_whichever_it_is(chain: Store, seq: int) -> None:
    for column in [column.name for column in AUDIT.columns if column.name != "seq"]:
        with chain.database.reading() as connection:
            before = row_of(connection, seq)
        for value, found in (("x", (Break(seq, "changed"),)), (before[column], ())):
            assert tampered(chain, partial(set_field, seq=seq, column=column, value=value)) == found, column


def set_field(connection: Connection, seq: int, column: str, value: str | int) -> None:
    connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values({column: value}))


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_a_removed_row_is_found(chain: Store, seq: int) -> None:
    assert tampered(chain, lambda connection: connection.execute(AUDIT.delete().where(AUDIT.c.seq == seq))) == (Break(seq, "removed"),)


def test_a_removed_end_is_found(chain: Store) -> None:
    found = tampered(chain, lambda connection: connection.execute(AUDIT.delete().where(AUDIT.c.seq > 3)))
    assert found == (Break(4, "removed"), Break(5, "removed"), Break(6, "removed"))


def rehashed(row: dict[str, str | int]) -> dict[str, str | int]:
    return {**row, "hash": _digest([row[name] for name in _HASHED])}


def row_of(connection: Connection, seq: int) -> dict[str, str | int]:
    return dict(connection.execute(select(AUDIT).where(AUDIT.c.seq == seq)).mappings().one())


@pytest.mark.parametrize("seq", [1, 3, ROWS])
def test_a_row_made_anew_with_its_own_hash_is_found(chain: Store, seq: int) -> None:
    def change(connection: Connection) -> None:
        row = rehashed({**row_of(connection, seq), "text": "北京的客户"})
        connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values(row))

    assert tampered(chain, change) == (Break(seq, "changed"),)


def test_a_removed_row_is_found_though_the_rest_was_numbered_anew(chain: Store) -> None:
    def change(connection: Connection) -> None:
        connection.execute(AUDIT.delete().where(AUDIT.c.seq == 3))
        for seq in range(4, ROWS + 1):
            connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values(seq=seq - 1))

    assert tampered(chain, change) == (Break(3, "removed"),)


@pytest.mark.parametrize("place", [2, 4])
def test_a_row_put_in_is_found(chain: Store, place: int) -> None:
    def change(connection: Connection) -> None:
        before = row_of(connection, place - 1)
        for seq in range(ROWS, place - 1, -1):
            connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values(seq=seq + 1))
        connection.execute(AUDIT.insert().values(rehashed({**before, "seq": place, "previous": before["hash"], "text": "我没问过"})))

    assert tampered(chain, change) == (Break(place, "inserted"),)


def test_a_row_added_behind_the_end_is_found(chain: Store) -> None:
    def change(connection: Connection) -> None:
        last = row_of(connection, ROWS)
        connection.execute(AUDIT.insert().values(rehashed({**last, "seq": ROWS + 1, "previous": last["hash"]})))

    assert tampered(chain, change) == (Break(ROWS + 1, "inserted"),)


def test_rows_that_changed_places_are_found(chain: Store) -> None:
    def change(connection: Connection) -> None:
        for seq, other in ((3, 99), (4, 3), (99, 4)):
            connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values(seq=other))

    assert {one.seq for one in tampered(chain, change)} == {3, 4}


def test_a_head_noted_elsewhere_proves_even_against_a_whole_new_chain(chain: Store) -> None:
    noted = chain.audit.verify().head

    def change(connection: Connection) -> None:
        previous = ""
        for seq in range(1, ROWS + 1):
            row = rehashed({**row_of(connection, seq), "user": "nobody", "previous": previous})
            connection.execute(AUDIT.update().where(AUDIT.c.seq == seq).values(row))
            previous = str(row["hash"])
        connection.execute(AUDIT_HEAD.update().values(hash=previous))

    assert tampered(chain, change) == ()
    assert chain.audit.verify(noted).breaks == (Break(ROWS, "changed"),)
    assert chain.audit.verify((ROWS + 2, "")).breaks == (Break(ROWS + 2, "removed"),)


def test_the_chain_goes_on_from_a_noted_head(chain: Store) -> None:
    noted = chain.audit.verify().head
    chain.record(ASKED)
    assert chain.audit.verify(noted).intact


@pytest.mark.parametrize("statement", ["UPDATE audit SET text = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_a_row(chain: Store, statement: str) -> None:
    with pytest.raises(Fault, match="store_failed"), chain.database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert chain.audit.verify().intact


def test_nothing_is_recorded_where_the_end_is_not_known(chain: Store) -> None:
    tampered(chain, lambda connection: connection.execute(AUDIT_HEAD.delete()))
    with pytest.raises(Fault, match="audit_headless"):
        chain.record(ASKED)
    assert not chain.audit.verify().intact


def test_writers_at_once_make_one_chain(opened: Callable[[], Store]) -> None:
    stores = [opened(), opened()]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: stores[number % 2].audit.record(ASKED), range(20)))
    assert [row["seq"] for row in stores[0].audit.last(30)] == list(range(20, 0, -1))
    assert stores[0].audit.verify() == stores[1].audit.verify()
    assert stores[0].audit.verify().intact


def test_each_row_has_the_time_it_was_written(chain: Store) -> None:
    assert isinstance(chain.audit, Audit)
    times = [str(row["at"]) for row in chain.audit.last(ROWS)]
    assert times == sorted(set(times), reverse=True)
