"""Writers killed without warning, on SQLite and on PostgreSQL: nothing acknowledged is lost; and the check would see it if it were."""

from __future__ import annotations

import pytest

from assistant.errors import UserError
from assistant.evaluate.crash import ACTS, acts_there, do, run_crashes, torn_of
from assistant.store.open import Store, open_store
from tests.store.conftest import server, url

__all__ = ["server", "url"]
ROUNDS = 13
"""Acts of each kind: more than a call list of them, so that a next one is begun."""


def test_nothing_acknowledged_is_lost(url: str) -> None:
    steps: list[tuple[int, int]] = []
    report = run_crashes(url, 3, 7, lambda done, of: steps.append((done, of)))
    assert report.held
    assert report.figures()["kills"] == 3
    assert report.acknowledged > 0
    assert steps == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(UserError, match="crash_store_used"):
        run_crashes(url, 1, 7, lambda done, of: None)


def written(acts: int) -> Store:
    store = open_store()
    for number in range(acts):
        do(store, number)
    return store


def test_what_is_there_whole_is_whole_and_one_act_more_or_less_is_seen() -> None:
    store = open_store()
    for number in range(ROUNDS * len(ACTS)):
        assert acts_there(store) == number
        assert torn_of(store, number) == 0
        assert torn_of(store, number + 1) > 0, "an act that was not done"
        do(store, number)
        assert torn_of(store, number) > 0, "an act that nobody knows of"
    store.close()


FAULTS = {
    "members gone": "UPDATE segment_refresh SET members = NULL",
    "another name": "UPDATE segment SET name = 'x' WHERE id = 's2'",
    "a customer of a list gone": "DELETE FROM call_item WHERE list = 'l1' AND number = 200",
    "a result gone": "DELETE FROM call_result WHERE id = (SELECT max(id) FROM call_result)",
    "another result": "UPDATE call_result SET result = 'declined' WHERE id = (SELECT max(id) FROM call_result WHERE result <> 'declined')",
    "a decline of long ago gone": "DELETE FROM call_result WHERE id = (SELECT min(id) FROM call_result WHERE result = 'declined')",
    "how a turn was understood gone": "DELETE FROM understood WHERE seq = (SELECT max(seq) FROM understood)",
    "what was said gone": "DELETE FROM feedback WHERE id = 1",
    "an approval gone": "DELETE FROM decision WHERE id = (SELECT max(id) FROM decision)",
    "another rule approved": "UPDATE decision SET rule = '{}' WHERE id = (SELECT max(id) FROM decision)",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_there_in_part_is_seen(fault: str) -> None:
    store = written(ROUNDS * len(ACTS))
    assert torn_of(store, ROUNDS * len(ACTS)) == 0
    with store.database.writing() as connection:
        assert connection.exec_driver_sql(FAULTS[fault]).rowcount > 0
    assert torn_of(store, ROUNDS * len(ACTS)) > 0
    store.close()
