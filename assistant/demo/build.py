"""Build the synthetic bank: customers, holdings, behaviour records, tag snapshots, and the stories planted in them. Law: the same arguments give the same data.

Working tables live in memory (what does not fit is spilled beside the file), the bank's own in the file, attached as `bank`.
The file appears under its name only when it is complete. The ground truth of the stories is written beside it as <name>.truth.json.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from assistant.catalog.load import TagCatalog
from assistant.demo.days import HOURS, BankCalendar, day_table, hour_table
from assistant.demo.derived import derived_records, salary
from assistant.demo.draw import MACROS
from assistant.demo.events import DAY_GRAIN, EVENTS, day_variable, generation, hour_variable, login_of_visit, zone_tables
from assistant.demo.people import create_customers
from assistant.demo.products import (
    complete_customers,
    create_balances,
    create_holdings,
    create_loans,
    create_policies,
    create_risk_history,
    create_slots,
)
from assistant.demo.snapshots import create_tags, knot_dates, loan_balance, state_select
from assistant.demo.stories import Planted, Story, change_records, change_state, change_tags, load_stories, prepare, truth
from assistant.demo.traits import add_traits
from assistant.errors import UserError
from assistant.rule.window import add_months, unit_start

DEFAULT_AS_OF = date(2026, 9, 24)
SNAPSHOTS = 14
SCHEMA_VERSION = 1
MAX_CUSTOMERS = 20_000_000
SHARED_ROWS = 8192
"""Customers a thread takes at a time: few enough that two threads share even a small bank. (A table in memory cannot be cut so.)"""

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

    UserError: demo_customers, demo_seed, demo_folder, demo_stories (unreadable file), demo_trait (a trait that is not made of state tags).
    """
    if not 1 <= customers <= MAX_CUSTOMERS:
        raise UserError("demo_customers", customers=customers, low=1, high=MAX_CUSTOMERS)
    if not 0 <= seed < 2**62:
        raise UserError("demo_seed", seed=seed)
    if not path.parent.is_dir():
        raise UserError("demo_folder", folder=str(path.parent))
    started = time.monotonic()
    planned = load_stories(stories)
    catalog = TagCatalog.load()
    tell = progress or _silent
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        with duckdb.connect(config={"memory_limit": memory_limit, "temp_directory": folder}) as connection:
            for name, file, options in (("bank", unfinished, ""), ("shared", Path(folder) / "shared", f" (ROW_GROUP_SIZE {SHARED_ROWS})")):
                connection.execute(f"ATTACH '{str(file).replace(chr(39), chr(39) * 2)}' AS {name}{options}")
            rows, truth_text = _fill(connection, catalog, planned, customers, seed, as_of, tell)
            connection.execute("DETACH bank")
        truth_file = path.with_suffix(".truth.json")
        unfinished.with_suffix(".truth.json").write_text(truth_text, encoding="utf-8")
        os.replace(unfinished.with_suffix(".truth.json"), truth_file)
        os.replace(unfinished, path)
    return BuildReport(path, truth_file, rows, time.monotonic() - started)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    catalog: TagCatalog,
    stories: Sequence[Story],
    customers: int,
    seed: int,
    as_of: date,
    tell: Progress,
) -> tuple[dict[str, int], str]:
    snapshots = snapshot_dates(as_of)
    first_day = add_months(unit_start(snapshots[0], "month"), -3)
    long_first = add_months(unit_start(snapshots[0], "month"), -12)
    bank = BankCalendar.of(catalog.calendar)
    _prepare(connection, bank, first_day, long_first, as_of)
    tell("customers", 0.0)
    create_customers(connection, catalog.header, customers, seed, as_of, first_day)
    add_traits(connection, as_of, first_day)
    create_slots(connection, as_of, first_day)
    complete_customers(connection)
    knots = knot_dates(snapshots)
    create_holdings(connection, as_of, knots[0])
    create_policies(connection, as_of)
    create_loans(connection, as_of)
    create_risk_history(connection, as_of)
    connection.execute(f"CREATE OR REPLACE TABLE salary AS {salary(first_day, as_of)}")
    tell("balances", 0.05)
    numbers = range(len(knots) - len(snapshots), len(knots))
    connection.execute("CREATE OR REPLACE TABLE demand_factor (one_id BIGINT, since DATE, factor DOUBLE)")
    connection.execute("CREATE OR REPLACE TABLE visit (one_id BIGINT, day DATE, ts TIMESTAMP)")
    create_balances(connection, knots, numbers[0])
    tell("stories", 0.08)
    states = {knots[number]: state_select(knots, number) for number in numbers}
    planted = prepare(connection, stories, catalog, states, first_day, as_of)
    if change_state(connection, planted, as_of):
        create_balances(connection, knots, numbers[0], again=True)
    change_records(connection, "salary", "salary_credit", planted, bank, first_day, as_of)
    _write_records(connection, planted, bank, first_day, long_first, as_of, tell)
    create_tags(connection, knots, numbers, first_day, lambda done: tell("tags", 0.6 + 0.38 * done))
    change_tags(connection, planted)
    connection.execute(f"""
        CREATE TABLE bank.bank_info AS SELECT {SCHEMA_VERSION} AS schema_version, DATE '{as_of}' AS as_of, {seed}::BIGINT AS seed, {customers}::BIGINT AS customers,
            'duckdb {duckdb.__version__}' AS built_with
    """)
    tables = [
        name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'bank' ORDER BY 1").fetchall()
    ]
    rows = {}
    for table in tables:
        found = connection.execute(f'SELECT count(*) FROM bank."{table}"').fetchone()
        assert found is not None
        rows[table] = int(found[0])
    tell("done", 1.0)
    return rows, truth(connection, planted, stories)


def _prepare(connection: duckdb.DuckDBPyConnection, bank: BankCalendar, first_day: date, long_first: date, as_of: date) -> None:
    """Macros, the tables of days and hours, and each day's last workday."""
    for macro in MACROS:
        connection.execute(macro)
    for profile, is_long in sorted({(event.days, event.long) for event in EVENTS}):
        days = day_table(profile, long_first if is_long else first_day, as_of, bank)
        connection.execute(f"SET VARIABLE {day_variable(profile, is_long)} = '{days}'::INTEGER[]")
    for profile in HOURS:
        connection.execute(f"SET VARIABLE {hour_variable(profile)} = '{hour_table(profile)}'::INTEGER[]")
    connection.execute(f"SET VARIABLE zones = {zone_tables()}")
    rows = []
    workday = first_day
    for number in range((as_of - first_day).days + 1):
        day = first_day + timedelta(days=number)
        workday = day if bank.works(day) else workday
        rows.append(f"(DATE '{day}', DATE '{workday}')")
    connection.execute(f"CREATE OR REPLACE TABLE workday_before AS SELECT * FROM (VALUES {', '.join(rows)}) t(day, workday)")


def _write_records(
    connection: duckdb.DuckDBPyConnection,
    planted: Sequence[Planted],
    bank: BankCalendar,
    first_day: date,
    long_first: date,
    as_of: date,
    tell: Progress,
) -> None:
    """The record tables, in time order, the states, and the daily roll-up."""
    derived = derived_records(first_day, as_of)
    codes = sorted(dict.fromkeys([event.code for event in EVENTS] + list(derived)), key=lambda code: code == "app_login")
    """Logins last: a planted visit opens the app."""
    touched = {item.effect.records for item in planted} | {"msg_touch" for item in planted if item.effect.message}
    for place, code in enumerate(codes):
        tell(code, 0.1 + 0.48 * place / len(codes))
        specs = [event for event in EVENTS if event.code == code]
        is_long = any(event.long for event in specs)
        months = ((as_of - (long_first if is_long else first_day)).days + 1) / 30.4375
        selects = [generation(event, number, months) for number, event in enumerate(specs)] + list(derived.get(code, ()))
        source = " UNION ALL BY NAME ".join(f"({select})" for select in selects)
        if code == "app_login":
            source = f"{source} UNION ALL BY NAME ({login_of_visit()})"
        if code in touched and code != "salary_credit":
            connection.execute(f"CREATE OR REPLACE TABLE raw AS {source}")
            change_records(connection, "raw", code, planted, bank, first_day, as_of)
            source = "SELECT * FROM raw"
        if code in DAY_GRAIN:
            keys, sums = DAY_GRAIN[code]
            source = f"SELECT {keys}, min(ts) AS ts, min(channel) AS channel, NULL::VARCHAR AS org, {sums} FROM ({source}) GROUP BY {keys}"
        if is_long:
            connection.execute(f"CREATE OR REPLACE TABLE long_{code} AS {source}")
            source = f"SELECT * FROM long_{code} WHERE day >= DATE '{first_day}'"
        connection.execute(f"CREATE TABLE bank.record_{code} AS SELECT * FROM ({source}) ORDER BY ts, one_id")
    _write_states(connection, as_of)
    tell("daily_activity", 0.58)
    for place, code in enumerate(sorted(event.code for event in EVENTS if event.star)):
        lead = "INSERT INTO bank.daily_activity" if place else "CREATE TABLE bank.daily_activity AS"
        connection.execute(
            f"{lead} SELECT day, one_id, '{code}' AS record, count(*)::INTEGER AS cnt FROM bank.record_{code} GROUP BY day, one_id ORDER BY day, one_id"
        )


def _write_states(connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """What is held, as states with valid_from and valid_to (inclusive, NULL while it lasts)."""
    at = f"DATE '{as_of}'"
    closed = "CASE WHEN last_day < " + at + " THEN last_day END AS valid_to"
    selects = {
        "wealth_holding": "SELECT one_id, product_id, kind AS product_type, risk, amt, start_date, maturity_date, valid_from, valid_to FROM holding WHERE line = 'wealth'",
        "deposit_holding": "SELECT one_id, kind, amt, rate, term_m, start_date, maturity_date, auto_renew, valid_from, valid_to FROM holding WHERE line IN ('td', 'lcd', 'struct')",
        "fund_holding": "SELECT one_id, kind AS fund_type, amt, pnl_pct, start_date, valid_from, valid_to FROM holding WHERE line = 'fund'",
        "insurance_policy": f"""SELECT i.one_id, i.kind, i.pay_type, i.premium, i.start_date,
            CASE WHEN i.pay_type = 'regular' AND c.last_day = {at} THEN (i.start_date + to_years((datesub('year', i.start_date, {at}) + 1)::INTEGER))::DATE END AS next_pay_date, i.start_date AS valid_from,
            {closed} FROM policy i JOIN customer c ON c.one_id = i.one_id WHERE i.start_date <= c.last_day""",
        "account": f"SELECT one_id, top_acct_class AS acct_class, open_date, open_org AS org, open_date AS valid_from, {closed} FROM customer WHERE top_acct_class IS NOT NULL",
        "credit_card": f"SELECT one_id, cc_grade AS grade, cc_active AND cc_open + 3 <= {at} AS activated, cc_limit AS card_limit, cc_open AS open_date, cc_open AS valid_from, {closed} FROM customer WHERE cc_open <= last_day",
        "loan": f"SELECT one_id, kind, amt, {loan_balance(f'coalesce(valid_to, {at})')} AS balance, rate, start_date, start_date AS valid_from, valid_to FROM loan WHERE start_date <= {at}",
    }
    for code, select in selects.items():
        connection.execute(f"CREATE TABLE bank.record_{code} AS SELECT * FROM ({select}) ORDER BY valid_from, one_id, COLUMNS(*)")
