"""For all tests: what is kept is kept in memory, and `pytest --rewrite-golden` writes the golden files anew; the change is then read in the diff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write golden files instead of comparing with them")


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No test writes into the store of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_STORE_URL", "sqlite://")
        yield


@pytest.fixture
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-golden"))
