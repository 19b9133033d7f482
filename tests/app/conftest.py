"""A small demo bank that all tests of the faces share, and an Assistant over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.build import build_assistant
from assistant.demo.build import build_demo
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.open import Store, open_store

CUSTOMERS = 1500


@pytest.fixture(scope="session")
def bank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once for all worker processes of a run: the file appears under its name only when it is complete."""
    shared = tmp_path_factory.getbasetemp()
    folder = shared.parent if shared.name.startswith("popen-") else shared
    path = folder / "faces.duckdb"
    if not path.exists():
        build_demo(path, CUSTOMERS)
    return path


@pytest.fixture(scope="session")
def settings(bank_file: Path) -> Settings:
    return Settings(database=bank_file)


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """Where the tests' Assistant keeps things: in memory."""
    made = open_store()
    yield made
    made.close()


@pytest.fixture(scope="session")
def assistant(settings: Settings, store: Store) -> Iterator[Assistant]:
    made = build_assistant(settings, store=store)
    yield made
    made.engine.close()
