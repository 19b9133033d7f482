"""What somebody was told a number of: each set once, in the order first told, forgotten in time; kept before it is told, and taken back where it is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from assistant.store.event import Told
from assistant.store.migrations import MIGRATIONS, migrate
from assistant.store.open import Store, open_store
from assistant.store.schema import TOLD
from tests.store.conftest import START
from tests.store.test_audit import ASKED

ONE = Told("r1", "f1", "2026-09-24", 100, "先问的", "b1", True)
EVERY = [(0, 10_000)]


def test_each_set_is_kept_once_in_the_order_first_told(store: Store) -> None:
    two = replace(ONE, rule="r2", fingerprint="f2", n=500, batch="b1", asked=False)
    other_day = replace(ONE, day="2026-08-31", batch="b2")
    store.tell("wu", [ONE, two], 30, EVERY)
    store.tell("chen", [replace(ONE, fingerprint="f3")], 30, EVERY)
    told = store.tell("wu", [replace(ONE, text="再问一次", batch="b2"), other_day], 30, EVERY)
    assert [(one.fingerprint, one.day, one.text, one.batch, one.asked) for one in told] == [
        ("f1", "2026-09-24", "先问的", "b1", True),
        ("f2", "2026-09-24", "先问的", "b1", False),
        ("f1", "2026-08-31", "先问的", "b2", True),
    ]
    assert [one.place for one in told] == sorted(one.place for one in told)
    assert [one.fingerprint for one in store.tell("wu", [ONE], 30, [(490, 510)])] == ["f2"], "only what is near in size"
    assert store.spent("wu") == (2, 3)


def test_what_was_not_told_after_all_is_forgotten(store: Store) -> None:
    store.tell("wu", [ONE], 30, EVERY)
    store.tell("wu", [replace(ONE, batch="b2"), replace(ONE, fingerprint="f2", batch="b2")], 30, EVERY)
    store.untell("wu", "b2", ("f1", "f2"))
    assert [one.fingerprint for one in store.tell("wu", [], 30, EVERY)] == ["f1"], "what an earlier telling told stays told"


def test_what_was_told_long_ago_is_told_anew() -> None:
    days = iter(datetime(2026, 9, day, tzinfo=UTC) for day in (1, 1, 20, 21))
    store = open_store(clock=lambda: next(days))
    store.tell("wu", [ONE], 5, EVERY)
    assert [one.fingerprint for one in store.tell("wu", [replace(ONE, fingerprint="f2")], 5, EVERY)] == ["f2"]
    again = store.tell("wu", [replace(ONE, batch="b2")], 5, EVERY)
    assert [(one.fingerprint, one.batch) for one in again] == [("f2", "b1"), ("f1", "b2")], "after what was told meanwhile"
    store.close()


def test_of_two_tellings_at_once_one_sees_the_other(store: Store) -> None:
    def tell(number: int) -> int:
        return len(store.tell("wu", [replace(ONE, fingerprint=f"f{number}", batch=f"b{number}")], 30, EVERY))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(tell, range(8))) == list(range(1, 9))


def test_segments_answered_before_there_was_such_a_table_are_in_it(store: Store) -> None:
    answered = replace(ASKED, user="wu", rule="r1", rule_fingerprint="f1", text="先问的")
    with store.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE told")
        connection.exec_driver_sql(f"DELETE FROM store_version WHERE version = {len(MIGRATIONS)}")
    for event in (
        answered,
        replace(answered, text="再问"),
        replace(answered, outcome="choice", rule_fingerprint="f2"),
        replace(answered, rule_fingerprint=""),
    ):
        store.audit.record(event)
    migrate(store.database, START)
    with store.database.reading() as connection:
        rows = connection.execute(select(TOLD.c.user, TOLD.c.fingerprint, TOLD.c.rule, TOLD.c.n)).all()
    assert [tuple(row) for row in rows] == [("wu", "f1", "r1", None)]
