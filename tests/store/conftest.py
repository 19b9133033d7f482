"""A fresh store for every test, once on SQLite and once on PostgreSQL, whose server (Debian's package) is started here on the loopback."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from assistant.store.open import Store, open_store

NO_SERVER = "no PostgreSQL found: apt-get install postgresql"
UNPRIVILEGED = ("postgres", "nobody")
START = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)


def programs() -> Path | None:
    """The folder of PostgreSQL's own programs: on the path, or where Debian keeps those of each version."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return folders[-1] if folders else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a server without a database name, its data in a folder that is gone afterwards. Where CI promises one, its absence is a failure."""
    folder = programs()
    if folder is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_SERVER)
        pytest.skip(NO_SERVER)
    with tempfile.TemporaryDirectory(prefix="store-") as name:
        home, user = Path(name), None
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            user = next(one for one in UNPRIVILEGED if one in {entry.pw_name for entry in pwd.getpwall()})
            os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def run(program: str, *arguments: str) -> None:
            command = [str(folder / program), "-D", str(home / "data"), *arguments]
            done = subprocess.run(command, user=user, cwd=home, capture_output=True, text=True, check=False, timeout=300)
            assert done.returncode == 0, done.stdout + done.stderr

        password = secrets.token_hex(16)
        (home / "password").write_text(password, encoding="ascii")
        (home / "password").chmod(0o644)
        run("initdb", "-U", "bank", "-A", "scram-sha-256", "--pwfile", str(home / "password"), "-E", "UTF8", "--locale", "C", "--no-sync")
        only_here = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        run("pg_ctl", "start", "-w", "-t", "240", "-l", str(home / "log"), "-o", only_here)
        try:
            yield f"postgresql://bank:{password}@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database, or of a schema, of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    address: str = request.getfixturevalue("server")
    schema = f"t{secrets.token_hex(6)}"
    engine = create_engine(f"{address}/postgres".replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{address}/postgres?options=-csearch_path%3D{schema}"


class Clock:
    """A time that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> datetime:
        self.reads += 1
        return START + timedelta(seconds=self.reads)


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Store]]:
    """Opens the test's store, each time with connections of its own."""
    with ExitStack() as closing:

        def make() -> Store:
            store = open_store(url, Clock())
            closing.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()
