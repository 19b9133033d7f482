"""A bank small enough to count by hand: one catalog, one DuckDB file, every kind of tag and record set, and NULL wherever it may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from assistant.catalog.load import DEFAULT_BANK, TagCatalog, data_room
from assistant.catalog.model import BasePopulation, CalendarDays, CatalogHeader, EnumValue, Organisation, RecordSet, Tag, Text
from assistant.policy import Identity, load_policy
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.validation.verdict import ValidatedRule

AS_OF = date(2026, 9, 24)
TODAY = date(2026, 9, 25)
YEAR_END, MONTH_END = date(2025, 12, 31), date(2026, 8, 31)
SNAPSHOTS = (YEAR_END, MONTH_END, AS_OF)
QUALIFIER = ("small_bank", "main")
Row = Mapping[str, Any]


def _text(word: str) -> Text:
    return Text(zh=word, en=word)


def _values(*codes: str, ranked: bool = False, parents: Mapping[str, str] | None = None) -> tuple[EnumValue, ...]:
    found = enumerate(codes, 1)
    return tuple(
        EnumValue(code=code, label=_text(code), rank=number if ranked else None, parent=(parents or {}).get(code)) for number, code in found
    )


def _tag(code: str, kind: str, null_means: str, **more: Any) -> Tag:
    return Tag(code=code, name=_text(code), definition=_text(code), owner="DP", type=kind, null_means=null_means, **more)


def _records(code: str, properties: Sequence[Mapping[str, Any]], **more: Any) -> RecordSet:
    listed = [{"name": {"zh": one["code"], "en": one["code"]}, **one} for one in properties]
    return RecordSet.model_validate(
        {
            "code": code,
            "name": _text(code),
            "definition": _text(code),
            "owner": "DIG",
            "table": f"record_{code}",
            "properties": listed,
            **more,
        }
    )


TAGS = (
    _tag("status", "enum", "never_null", values=_values("active", "frozen", "closed")),
    _tag("home_org", "enum", "never_null", values_from="organisation"),
    _tag("age", "integer", "unknown", unit="years"),
    _tag("gender", "enum", "unknown", values=_values("F", "M")),
    _tag("tier", "enum", "unknown", values=_values("T1", "T2", "T3", ranked=True)),
    _tag("demand", "decimal", "zero", unit="CNY"),
    _tag("aum", "decimal", "zero", unit="CNY"),
    _tag("rate", "decimal", "none", unit="percent"),
    _tag("credit", "decimal", "unknown", unit="CNY", column="credit_wan", multiplier=Decimal(10000)),
    _tag("app", "flag", "false"),
    _tag("consent", "flag", "unknown"),
    _tag("opened", "date", "never_null"),
    _tag("first_buy", "date", "none"),
    _tag("matures", "date", "none", tense="future"),
    _tag("birthday", "month_day", "unknown", tense="yearly"),
)
RECORDS = (
    _records(
        "login",
        [
            {"code": "channel", "type": "enum", "values": _values("app", "mini")},
            {"code": "seconds", "type": "integer", "unit": "seconds"},
            {"code": "version", "type": "enum"},
        ],
        date_column="day",
        history_from=date(2025, 6, 26),
    ),
    _records(
        "transfer",
        [
            {"code": "amount", "type": "decimal", "unit": "CNY"},
            {"code": "grade", "type": "enum", "values": _values("low", "mid", "high", ranked=True)},
        ],
        date_column="day",
        amount="amount",
    ),
    _records(
        "quick_pay",
        [{"code": "amount", "type": "decimal", "unit": "CNY"}],
        date_column="day",
        grain="day",
        count_column="times",
    ),
    _records(
        "holding",
        [
            {
                "code": "product",
                "type": "enum",
                "values": _values("wealth", "fixed", "cash", parents={"fixed": "wealth", "cash": "wealth"}),
            },
            {"code": "amount", "type": "decimal", "unit": "CNY", "null_means": "zero"},
            {"code": "due", "type": "date", "tense": "future", "null_means": "none"},
        ],
        grain="state",
        valid_from="valid_from",
        valid_to="valid_to",
    ),
)

CATALOG = TagCatalog(
    header=CatalogHeader(
        bank=_text("small"),
        version="1",
        customer_table="tags",
        snapshot_column="snapshot_date",
        organisation_tag="home_org",
        base_population=BasePopulation(rule={"tag": "status", "operator": "in", "value": ["active", "frozen"]}, name=_text("live")),
        history_from=date(2025, 6, 26),
        levels=(_text("head"), _text("branch")),
        level_words={},
        organisation=(
            Organisation(code="00", name=_text("head"), level=0),
            Organisation(code="31", name=_text("Shanghai"), level=1, parent="00", region="east"),
            Organisation(code="3101", name=_text("Bund"), level=3, parent="31", region="east"),
            Organisation(code="44", name=_text("Guangzhou"), level=1, parent="00"),
        ),
        subjects=(),
    ),
    tags={tag.code: tag for tag in TAGS},
    records={records.code: records for records in RECORDS},
    concepts={},
    ambiguous=(),
    inexpressible=(),
    calendar=CalendarDays(
        first_year=2025,
        last_year=2026,
        holidays={"mid_2026": (date(2026, 9, 25), date(2026, 9, 4))},
        workdays=(date(2026, 9, 20),),
        names={"mid": _text("mid")},
    ),
    policy=load_policy(data_room("tag_catalog") / DEFAULT_BANK),
    fingerprint="small",
)

D = Decimal
CUSTOMERS: tuple[Row, ...] = (
    {"one_id": 1, "home_org": "31", "age": 30, "gender": "F", "tier": "T1", "demand": D("50000.00"), "aum": D(60000), "app": True, "consent": True,
     "opened": date(2020, 2, 29), "birthday": "02-29", "credit_wan": D(5)},
    {"one_id": 2, "home_org": "3101", "age": 45, "gender": "M", "tier": "T2", "demand": D("50000.01"), "aum": D(200000), "app": True, "consent": False,
     "opened": date(2026, 9, 1), "first_buy": date(2026, 9, 10), "matures": date(2026, 9, 30), "birthday": "09-25", "rate": D("3.10")},
    {"one_id": 3, "home_org": "44", "age": None, "gender": None, "tier": "T3", "demand": None, "aum": D(-10), "app": None, "consent": None,
     "opened": date(2026, 9, 24), "birthday": None},
    {"one_id": 4, "home_org": "44", "age": 70, "gender": "F", "tier": None, "demand": D(0), "aum": None, "app": False, "consent": None,
     "opened": date(2021, 1, 1), "first_buy": date(2024, 1, 1), "birthday": "12-31", "credit_wan": None},
    {"one_id": 5, "status": "frozen", "home_org": "31", "age": 18, "gender": "M", "tier": "T2", "demand": D("120000.00"), "aum": D(120000), "app": True,
     "consent": True, "opened": date(2026, 8, 31), "matures": date(2027, 1, 5), "birthday": "01-01", "rate": D("4.20"), "credit_wan": D("0.5")},
    {"one_id": 6, "home_org": "31", "age": 30, "gender": "X", "tier": "T9", "demand": D("80000.00"), "aum": D(80000), "app": True, "consent": True,
     "opened": date(2022, 5, 5), "birthday": "02-28"},
    {"one_id": 7, "status": "closed", "home_org": "31", "age": 30, "gender": "F", "tier": "T3", "demand": D(900000), "aum": D(900000), "app": True,
     "consent": True, "opened": date(2019, 1, 1), "birthday": "09-25"},
)  # fmt: skip
EARLIER: Mapping[date, tuple[Row, ...]] = {
    MONTH_END: (
        {"one_id": 1, "home_org": "31", "tier": "T1", "demand": D(100000), "aum": D(100000), "opened": date(2020, 2, 29)},
        {"one_id": 4, "home_org": "44", "tier": "T2", "demand": D(0), "aum": D(0), "opened": date(2021, 1, 1)},
        {"one_id": 5, "home_org": "31", "tier": "T1", "demand": D(120000), "aum": D(60000), "opened": date(2026, 8, 31)},
        {"one_id": 7, "home_org": "31", "tier": "T3", "demand": D(1), "aum": D(1), "opened": date(2019, 1, 1)},
    ),
    YEAR_END: ({"one_id": 1, "home_org": "31", "tier": "T3", "demand": None, "aum": D(30000), "opened": date(2020, 2, 29)},),
}
LOGINS: tuple[Row, ...] = (
    *({"one_id": 1, "day": date(2026, 9, day), "channel": "app", "seconds": 10 * day} for day in (1, 5, 5, 24)),
    *({"one_id": 2, "day": date(2026, 9, day), "channel": "mini", "seconds": None} for day in (19, 20, 21)),
    {"one_id": 4, "day": date(2026, 8, 25), "channel": "app", "seconds": 60},
    {"one_id": 4, "day": date(2026, 8, 26), "channel": None, "seconds": 61},
    {"one_id": 5, "day": date(2026, 9, 4), "channel": "app", "seconds": 5},
    {"one_id": 7, "day": date(2026, 9, 24), "channel": "app", "seconds": 5},
    {"one_id": 1, "day": date(2026, 9, 25), "channel": "app", "seconds": 5},
)
TRANSFERS: tuple[Row, ...] = (
    {"one_id": 1, "day": date(2026, 9, 6), "amount": D("100.00"), "grade": "low"},
    {"one_id": 1, "day": date(2026, 9, 6), "amount": D("300.00"), "grade": "high"},
    {"one_id": 1, "day": date(2026, 9, 7), "amount": None, "grade": "mid"},
    {"one_id": 2, "day": date(2026, 9, 22), "amount": D("0.10"), "grade": None},
    {"one_id": 2, "day": date(2026, 9, 22), "amount": D("0.20"), "grade": None},
    {"one_id": 2, "day": date(2026, 9, 23), "amount": D("0.00"), "grade": "low"},
    {"one_id": 5, "day": date(2026, 9, 20), "amount": None, "grade": None},
)
QUICK_PAYS: tuple[Row, ...] = (
    {"one_id": 1, "day": date(2026, 9, 23), "times": 3, "amount": D(30)},
    {"one_id": 1, "day": date(2026, 9, 24), "times": 1, "amount": D(30)},
    {"one_id": 2, "day": date(2026, 9, 24), "times": 0, "amount": D(0)},
)
HOLDINGS: tuple[Row, ...] = (
    {"one_id": 1, "product": "fixed", "amount": D(150000), "due": date(2026, 9, 30), "valid_from": date(2026, 1, 1), "valid_to": None},
    {"one_id": 1, "product": "cash", "amount": None, "due": None, "valid_from": date(2026, 1, 1), "valid_to": date(2026, 9, 24)},
    {
        "one_id": 2,
        "product": "fixed",
        "amount": D(90000),
        "due": date(2026, 9, 26),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 9, 23),
    },
    {"one_id": 5, "product": "wealth", "amount": D(90000), "due": date(2026, 12, 1), "valid_from": date(2026, 9, 25), "valid_to": None},
)

_TAG_COLUMNS = """status VARCHAR, home_org VARCHAR, age INTEGER, gender VARCHAR, tier VARCHAR, demand DECIMAL(18,2), aum DECIMAL(18,2), rate DECIMAL(6,2),
    credit_wan DECIMAL(12,2), app BOOLEAN, consent BOOLEAN, opened DATE, first_buy DATE, matures DATE, birthday VARCHAR"""
_TABLES: Mapping[str, str] = {
    "tags": f"snapshot_date DATE, one_id BIGINT, {_TAG_COLUMNS}",
    "record_login": "one_id BIGINT, day DATE, channel VARCHAR, seconds INTEGER, version VARCHAR",
    "record_transfer": "one_id BIGINT, day DATE, amount DECIMAL(18,2), grade VARCHAR",
    "record_quick_pay": "one_id BIGINT, day DATE, times INTEGER, amount DECIMAL(18,2)",
    "record_holding": "one_id BIGINT, product VARCHAR, amount DECIMAL(18,2), due DATE, valid_from DATE, valid_to DATE",
}
TABLES: Mapping[str, tuple[Row, ...]] = {
    "tags": tuple(
        {"snapshot_date": day, "status": "active", **row} for day, rows in ((AS_OF, CUSTOMERS), *EARLIER.items()) for row in rows
    ),
    "record_login": LOGINS,
    "record_transfer": TRANSFERS,
    "record_quick_pay": QUICK_PAYS,
    "record_holding": HOLDINGS,
}


def write(path: Path, tables: Mapping[str, Sequence[Row]] = TABLES) -> Path:
    """The bank as a DuckDB file (its stem must be that of QUALIFIER)."""
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        connection.execute(f"CREATE TABLE bank_info AS SELECT 1 AS schema_version, DATE '{AS_OF}' AS as_of")
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
            names = [column.split()[0] for column in columns.split(",") if not column.strip()[0].isdigit()]
            marks = ", ".join("?" for _ in names)
            rows = [[row.get(name) for name in names] for row in tables[table]]
            if rows:
                connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
        connection.commit()
    return path


def rule(
    node: AnyNode | Mapping[str, Any],
    scope: tuple[str, ...] = (),
    as_of: date = AS_OF,
    today: date = TODAY,
    catalog: TagCatalog = CATALOG,
) -> ValidatedRule:
    """A rule as validation would pass it, from a node or its short form."""
    expanded = node_from_short(node) if isinstance(node, Mapping) else node
    snapshot = max(day for day in SNAPSHOTS if day <= as_of)
    return ValidatedRule(SegmentRule(node=expanded), expanded, scope, "analysis", as_of, today, snapshot, SNAPSHOTS, catalog, Identity())
