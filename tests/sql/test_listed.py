"""Customers of a rule with their values, in the order asked for; nobody outside it, and no more than asked."""

from __future__ import annotations

from assistant.engines.duckdb import DuckDBEngine
from assistant.sql.guard import guard
from assistant.sql.listed import listed
from assistant.sql.query import Table
from tests.sql.small_bank import CATALOG, QUALIFIER, rule

RICH = {"tag": "aum", "operator": ">", "value": 50000}


def table(
    engine: DuckDBEngine, *, by: str = "", down: bool = True, limit: int = 99, contacts: str = "", scope: tuple[str, ...] = ()
) -> Table:
    query = listed(rule(RICH, scope), ("aum",), by, down, contacts, limit, QUALIFIER)
    return engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))


def test_ranked_either_way_and_cut_off(small_engine: DuckDBEngine) -> None:
    everybody = table(small_engine)
    ids = everybody.column("one_id")
    assert list(ids) == sorted(int(str(one)) for one in ids)
    down = [float(str(one)) for one in table(small_engine, by="aum").column("value_0")]
    up = [float(str(one)) for one in table(small_engine, by="aum", down=False).column("value_0")]
    assert len(down) == len(ids) > 2
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert min(down) > 50000
    assert table(small_engine, by="aum", limit=2).rows == table(small_engine, by="aum").rows[:2]


def test_unknown_values_come_last_whichever_way(small_engine: DuckDBEngine) -> None:
    for down in (True, False):
        query = listed(rule(RICH), ("credit",), "credit", down, "", 99, QUALIFIER)
        values = small_engine.execute(guard(query, CATALOG, small_engine.dialect, small_engine.qualifier)).column("value_0")
        known = [one is not None for one in values]
        assert known == sorted(known, reverse=True)
        assert not all(known)


def test_the_scope_and_the_last_day(small_engine: DuckDBEngine) -> None:
    inside = set(table(small_engine, scope=("31",)).column("one_id"))
    assert inside < set(table(small_engine).column("one_id"))
    found = table(small_engine, contacts="login")
    assert found.columns == ("one_id", "value_0", "contacted")
    logged = {row[0]: row[2] for row in found.rows}
    assert logged[1] is not None
    assert logged[1] <= rule(RICH).as_of
