"""One small bank file for all SQL tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engines.duckdb import DuckDBEngine
from tests.sql import small_bank


@pytest.fixture(scope="session")
def small_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    path: Path = tmp_path_factory.mktemp("bank") / "small_bank.duckdb"
    engine = DuckDBEngine(small_bank.write(path), threads=1)
    yield engine
    engine.close()
