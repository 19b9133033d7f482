"""write_tables: cells come back as they were, an existing file is left alone."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assistant.engines.small import SmallTable, write_tables

TYPES = {"id": "BIGINT", "amount": "DECIMAL(18,2)", "flag": "BOOLEAN", "co de": "VARCHAR", "day": "DATE"}
ROWS = [
    (9_000_000_000_000_001, Decimal("-0.01"), True, "a'b 红 e\u0301", date(2024, 2, 29)),
    (1, None, None, None, None),
    (2, Decimal("9999999999999999.99"), False, "", date(1, 1, 1)),
]


def test_cells_come_back(tmp_path: Path) -> None:
    path = tmp_path / "small.duckdb"
    write_tables(path, {"some table": SmallTable(TYPES, ROWS), "empty": SmallTable({"id": "BIGINT"}, [])})
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute('SELECT * FROM "some table"').fetchall() == ROWS
        assert connection.execute("SELECT count(*) FROM empty").fetchall() == [(0,)]


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "small.duckdb"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_tables(path, {})
    assert path.read_text() == "mine"


def test_rows_must_fit(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        write_tables(tmp_path / "small.duckdb", {"t": SmallTable({"id": "BIGINT"}, [(1, 2)])})
