"""Build the synthetic bank: customers, holdings, behaviour records, tag snapshots, and the stories planted in them. Law: the same arguments give the same data.

The file appears under its name only when it is complete. The ground truth of the stories is written beside it as <name>.truth.json.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from assistant.catalog.load import TagCatalog
from assistant.demo.days import HOURS, PROFILES, BankCalendar, day_table, hour_table
from assistant.demo.draw import MACROS
from assistant.demo.events import EVENTS, day_variable, generation, hour_variable, zone_tables
from assistant.demo.people import create_customers
from assistant.demo.snapshots import create_tags
from assistant.errors import UserError
from assistant.rule.window import add_months, unit_start

DEFAULT_AS_OF = date(2026, 9, 24)
HISTORY_MONTHS = 15
SNAPSHOTS = 14
SCHEMA_VERSION = 1
MAX_CUSTOMERS = 20_000_000

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class BuildReport:
    """What was built: rows by table, wall time in seconds, the database and the ground truth of its stories."""

    path: Path
    truth: Path
    rows: Mapping[str, int]
    seconds: float


def snapshot_dates(as_of: date) -> tuple[date, ...]:
    """The 14 month ends before as_of, and as_of."""
    first = unit_start(as_of, "month")
    return (*(add_months(first, -number) - timedelta(days=1) for number in reversed(range(SNAPSHOTS))), as_of)


def _silent(step: str, share: float) -> None:
    del step, share


def build_demo(
    path: Path,
    customers: int = 50_000,
    seed: int = 20260924,
    as_of: date = DEFAULT_AS_OF,
    stories: Path | None = None,
    progress: Progress | None = None,
    memory_limit: str = "6GB",
) -> BuildReport:
    """Write a DuckDB file of a bank with `customers` customers. `progress(step, share)` is told the share 0..1 done.

    UserError: demo_customers, demo_seed, demo_folder, demo_stories.
    """
    if not 1 <= customers <= MAX_CUSTOMERS:
        raise UserError("demo_customers", customers=customers, low=1, high=MAX_CUSTOMERS)
    if not 0 <= seed < 2**62:
        raise UserError("demo_seed", seed=seed)
    if not path.parent.is_dir():
        raise UserError("demo_folder", folder=str(path.parent))
    started = time.monotonic()
    catalog = TagCatalog.load()
    tell = progress or _silent
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        with duckdb.connect(str(unfinished), config={"memory_limit": memory_limit, "temp_directory": folder}) as connection:
            rows = _fill(connection, catalog, customers, seed, as_of, tell)
        os.replace(unfinished, path)
    return BuildReport(path, path.with_suffix(".truth.json"), rows, time.monotonic() - started)


def _fill(
    connection: duckdb.DuckDBPyConnection, catalog: TagCatalog, customers: int, seed: int, as_of: date, tell: Progress
) -> dict[str, int]:
    first_day = add_months(as_of, -HISTORY_MONTHS)
    bank = BankCalendar.of(catalog.calendar)
    for macro in MACROS:
        connection.execute(macro)
    for profile in PROFILES:
        connection.execute(f"SET VARIABLE {day_variable(profile)} = {day_table(profile, first_day, as_of, bank)}")
    for profile in HOURS:
        connection.execute(f"SET VARIABLE {hour_variable(profile)} = {hour_table(profile)}")
    connection.execute(f"SET VARIABLE zones = {zone_tables()}")
    tell("customers", 0.0)
    create_customers(connection, catalog.header, customers, seed, as_of, first_day)
    for number, event in enumerate(EVENTS):
        tell(event.code, 0.1 + 0.6 * number / len(EVENTS))
        connection.execute(f"CREATE TABLE record_{event.code} AS SELECT * FROM ({generation(event, HISTORY_MONTHS)}) ORDER BY ts, one_id")
    tell("tags", 0.7)
    create_tags(connection, snapshot_dates(as_of))
    connection.execute(f"""
        CREATE TABLE bank_info AS SELECT {SCHEMA_VERSION} AS schema_version, DATE '{as_of}' AS as_of, {seed}::BIGINT AS seed, {customers}::BIGINT AS customers,
            'duckdb {duckdb.__version__}' AS built_with
    """)
    tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1").fetchall()]
    rows = {}
    for table in tables:
        found = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        assert found is not None
        rows[table] = int(found[0])
    tell("done", 1.0)
    return rows
