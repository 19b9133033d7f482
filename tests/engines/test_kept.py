"""A statement is read once while its table is kept; what is large or long unused is let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.engines.kept import KeptTables
from assistant.sql.query import GuardedQuery, Table
from tests.sql import small_bank


def table(rows: int) -> Table:
    return Table(("n",), tuple((row,) for row in range(rows)), "q")


def test_the_longest_unused_goes_first() -> None:
    kept = KeptTables(40)
    for name in ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"):
        kept.keep(name, table(3))
    assert kept.get("a") is not None
    kept.keep("k", table(3))
    assert kept.get("a") is not None
    assert kept.get("b") is None
    assert kept.get("k") is not None


def test_a_large_table_is_not_kept_and_nothing_is_where_nothing_may_be() -> None:
    kept = KeptTables(40)
    kept.keep("large", table(4))
    assert kept.get("large") is None
    nothing = KeptTables(0)
    nothing.keep("empty", table(0))
    assert nothing.get("empty") is None


def test_an_engine_reads_a_statement_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small_bank.write(tmp_path / "small_bank.duckdb")
    statement = GuardedQuery("test", "SELECT COUNT(*) FROM small_bank.main.tags", "duckdb", "0" * 16)
    listed = GuardedQuery("test", "SELECT COUNT(*) FROM small_bank.main.tags WHERE ARRAY_CONTAINS(?, one_id)", "duckdb", "1" * 16)
    for keep_rows, read in ((1000, 3), (0, 4)):
        engine = DuckDBEngine(path, keep_rows=keep_rows)
        run, texts = engine._run, []

        def counted(text: str, parameters: list[str | list[int]], lists: Mapping[str, Sequence[int]]) -> object:
            texts.append(text)  # noqa: B023
            return run(text, parameters, lists)  # noqa: B023

        monkeypatch.setattr(engine, "_run", counted)
        assert engine.execute(statement) == engine.execute(statement)
        assert engine.execute(listed, [1]).scalar() != engine.execute(listed, []).scalar()
        assert len(texts) == read
        engine.close()
