"""Small banks for the oracle: a catalog of every value type and meaning of NULL, and tables of some dozens of customers. Law: a seed decides everything.

Days are drawn near month ends, leap days and year ends; cells are missing often; customers join and leave between snapshots; codes the catalog
does not know stand in enum columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from types import MappingProxyType

from assistant.catalog.load import DEFAULT_BANK, TagCatalog, data_room
from assistant.catalog.model import (
    BasePopulation,
    CalendarDays,
    CatalogHeader,
    Concept,
    ConceptParameter,
    EnumValue,
    NullMeans,
    Organisation,
    Property,
    RecordSet,
    Tag,
    Text,
    ValueType,
)
from assistant.evaluate.oracle import Bank, Cell, Row, members
from assistant.policy import Identity, load_policy
from assistant.rule.tree import (
    AnyNode,
)
from assistant.rule.window import (
    Tense,
    unit_start,
)

_DAYS = (
    date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2024, 6, 30),
    date(2024, 12, 30), date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 30), date(2025, 5, 31), date(2025, 9, 24), date(2026, 8, 31),
)  # fmt: skip
"""Days a world may be asked on (its as_of)."""

_STRANGE = ("é", "e\u0301", "Ａ", "a'b", "A ", "a", "", "😀", "红", "%", "null")
"""Stored codes that no catalog lists."""

SEVERAL_A_DAY = ("visit",)
"""Sets where a customer may have two records on one day; the first or last of them is then not asked for, since a day does not order them."""

_HOURS = (0, 9, 12, 23)
"""When things happen: seldom enough of them that two of one day often tie."""

_SQL_TYPE: Mapping[ValueType, str] = MappingProxyType(
    {"integer": "BIGINT", "decimal": "DECIMAL(18,2)", "flag": "BOOLEAN", "enum": "VARCHAR", "date": "DATE", "month_day": "VARCHAR"}
)


@dataclass(frozen=True)
class Columns:
    """One table: column -> SQL type, and its rows."""

    types: Mapping[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class World:
    """A bank on one day, as seen by `identity`. `scope`: the organisation codes that identity may see, written by hand (empty = the whole bank)."""

    catalog: TagCatalog
    tables: Mapping[str, Columns]
    as_of: date
    today: date
    identity: Identity
    scope: tuple[str, ...]
    bank: Bank

    @property
    def snapshots(self) -> tuple[date, ...]:
        """All tag snapshots there are, oldest first; the last may be after as_of."""
        return tuple(sorted(self.bank.people))

    def members(self, node: AnyNode) -> frozenset[int]:
        """The customers of a rule, by the oracle."""
        return members(node, self.bank, self.as_of, self.today, self.scope)


# The catalog


def _text(name: str) -> Text:
    return Text(zh=name, en=name)


def _values(*codes: str, parents: Mapping[str, str] | None = None, ordered: bool = False) -> tuple[EnumValue, ...]:
    above = parents or {}
    return tuple(
        EnumValue(code=code, label=_text(code), parent=above.get(code), rank=number + 1 if ordered else None)
        for number, code in enumerate(codes)
    )


_GRADES = _values("Z", "M", "A", "K", ordered=True)
"""Ordered against the alphabet, so that comparing the codes themselves is seen."""
_COLOURS = _values("red", "green", "blue", "grey")
_SORTS = _values("top", "left", "right", "deep", "other", parents={"left": "top", "right": "top", "deep": "left"})


def _tag(
    code: str,
    kind: ValueType,
    null_means: NullMeans,
    values: tuple[EnumValue, ...] = (),
    tense: Tense = "past",
    organisation: bool = False,
    column: str | None = None,
) -> Tag:
    return Tag(
        code=code,
        name=_text(code),
        definition=_text(code),
        owner="DP",
        type=kind,
        null_means=null_means,
        values=values,
        values_from="organisation" if organisation else None,
        tense=tense,
        column=column,
    )


def _property(
    code: str,
    kind: ValueType,
    null_means: NullMeans,
    values: tuple[EnumValue, ...] = (),
    tense: Tense = "past",
    column: str | None = None,
) -> Property:
    return Property(code=code, name=_text(code), type=kind, null_means=null_means, values=values, tense=tense, column=column)


_TAGS = (
    _tag("balance", "decimal", "zero", column="c_balance"),
    _tag("income", "decimal", "unknown"),
    _tag("rate", "decimal", "none").model_copy(update={"multiplier": Decimal("0.01")}),
    _tag("total", "decimal", "never_null"),
    _tag("products", "integer", "zero"),
    _tag("age", "integer", "unknown"),
    _tag("vip", "flag", "false"),
    _tag("married", "flag", "unknown"),
    _tag("staff", "flag", "never_null"),
    _tag("grade", "enum", "none", _GRADES),
    _tag("level", "enum", "unknown", _GRADES),
    _tag("colour", "enum", "unknown", _COLOURS),
    _tag("sort", "enum", "none", _SORTS),
    _tag("home", "enum", "never_null", organisation=True),
    _tag("opened", "date", "unknown").model_copy(update={"settled": True}),
    _tag("first_buy", "date", "none").model_copy(update={"settled": True}),
    _tag("last_buy", "date", "none").model_copy(update={"kind": "first_last"}),
    _tag("matures", "date", "none", tense="future"),
    _tag("birthday", "month_day", "unknown", tense="yearly"),
)

_RECORDS = (
    RecordSet(
        code="visit",
        name=_text("visit"),
        definition=_text("visit"),
        owner="DIG",
        table="record_visit",
        date_column="day",
        time_column="at",
        properties=(
            _property("zone", "enum", "unknown", _COLOURS),
            _property("area", "enum", "none", _SORTS),
            _property("seconds", "integer", "unknown"),
            _property("hit", "flag", "false"),
        ),
    ),
    RecordSet(
        code="buy",
        name=_text("buy"),
        definition=_text("buy"),
        owner="WM",
        table="record_buy",
        key="cust_no",
        date_column="bought_on",
        time_column="bought_at",
        amount="amount",
        properties=(
            _property("amount", "decimal", "unknown", column="amt"),
            _property("fee", "decimal", "zero"),
            _property("risk", "enum", "unknown", _GRADES),
            _property("matures", "date", "none", tense="future"),
            _property("signed", "date", "unknown"),
        ),
    ),
    RecordSet(
        code="quick",
        name=_text("quick"),
        definition=_text("quick"),
        owner="PAY",
        table="record_quick",
        date_column="day",
        grain="day",
        count_column="times",
        properties=(_property("channel", "enum", "unknown", _COLOURS), _property("amount", "decimal", "never_null")),
    ),
    RecordSet(
        code="holding",
        name=_text("holding"),
        definition=_text("holding"),
        owner="WM",
        table="record_holding",
        grain="state",
        valid_from="valid_from",
        valid_to="valid_to",
        properties=(
            _property("amount", "decimal", "never_null"),
            _property("line", "enum", "unknown", _SORTS),
            _property("grade", "enum", "unknown", _GRADES),
            _property("matures", "date", "none", tense="future"),
            _property("auto", "flag", "false"),
        ),
    ),
)


def _concept(code: str, rule: Mapping[str, object], negation: Mapping[str, object] | None, **defaults: int) -> Concept:
    return Concept(
        code=code,
        name=_text(code),
        definition=_text(code),
        owner="DP",
        rule=rule,
        negation=negation,
        parameters={name: ConceptParameter(default=Decimal(value), name=_text(name)) for name, value in defaults.items()},
    )


_VISITED = {"records": "visit", "window": {"kind": "rolling", "unit": "day", "n": "$days"}}
_CONCEPTS = (
    _concept(
        "active",
        {**_VISITED, "operator": ">", "value": "$visits"},
        {"all": [{"tag": "opened", "within": "ago 30 day"}, {**_VISITED, "operator": "<=", "value": "$visits"}]},
        days=60,
        visits=2,
    ),
    _concept("rich", {"tag": "balance", "operator": ">=", "value": "$floor"}, None, floor=300),
)

_ORGANISATION = (
    Organisation(code="HQ", name=_text("HQ"), level=0),
    Organisation(code="B1", name=_text("B1"), level=1, parent="HQ", region="EAST"),
    Organisation(code="B2", name=_text("B2"), level=1, parent="HQ", region="WEST"),
    Organisation(code="S11", name=_text("S11"), level=3, parent="B1"),
    Organisation(code="S12", name=_text("S12"), level=3, parent="B1"),
    Organisation(code="S21", name=_text("S21"), level=3, parent="B2"),
)

_BASES: tuple[Mapping[str, object], ...] = (
    {"all": []},
    {"tag": "staff", "value": False},
    {"not": {"tag": "products", "operator": ">", "value": 8}},
)


def _calendar() -> CalendarDays:
    """Every eleventh day is a holiday and some weekend days are worked, so that each kind of day is frequent."""
    days = [date(2022, 1, 1) + timedelta(days=number) for number in range(366 * 7)]
    return CalendarDays(
        first_year=2022,
        last_year=2028,
        holidays={"feast_all": tuple(days[::11])},
        names={"feast": _text("feast")},
        workdays=tuple(day for number, day in enumerate(days) if day.weekday() == 5 and number % 3 == 0 and number % 11),
    )


def small_catalog(base: Mapping[str, object]) -> TagCatalog:
    """A catalog of all value types, with `base` (short form) as its base population."""
    header = CatalogHeader(
        bank=_text("small"),
        version="1",
        customer_table="customer",
        snapshot_column="as_of",
        organisation_tag="home",
        opened_tag="opened",
        base_population=BasePopulation(rule=base, name=_text("base")),
        history_from=date(2020, 1, 1),
        levels=(_text("0"), _text("1"), _text("2"), _text("3")),
        level_words={},
        regions=_values("EAST", "WEST"),
        organisation=_ORGANISATION,
        subjects=(),
    )
    return TagCatalog(
        header=header,
        tags={tag.code: tag for tag in _TAGS},
        records={records.code: records for records in _RECORDS},
        concepts={concept.code: concept for concept in _CONCEPTS},
        ambiguous=(),
        inexpressible=(),
        calendar=_calendar(),
        policy=load_policy(data_room("tag_catalog") / DEFAULT_BANK),
        fingerprint=f"small-{_BASES.index(base)}",
    )


# The tables


def near(random: Random, day: date, back: int, forward: int) -> date:
    """A day near another; the edges of months are likelier than others."""
    found = day + timedelta(days=random.randint(-back, forward))
    return found if random.random() < 0.6 else unit_start(found, "month") - timedelta(days=random.choice((0, 1)))


def _cell(random: Random, catalog: TagCatalog, item: Tag | Property, as_of: date) -> Cell:
    if item.null_means != "never_null" and random.random() < 0.25:
        return None
    match item.type:
        case "integer":
            return random.choice((0, 1, 2, 3, 5, 8, 9, 30, -1))
        case "decimal":
            return Decimal(random.choice((0, 1, -250, 100_00, 299_99, 300_00, 300_01, random.randint(-50_00, 900_00)))) / 100
        case "flag":
            return random.random() < 0.5
        case "enum":
            codes = [value.code for value in catalog.values(item)]
            return random.choice(_STRANGE) if random.random() < 0.1 and item.null_means != "never_null" else random.choice(codes)
        case "date":
            return near(random, as_of, 60, 200) if item.tense == "future" else near(random, as_of, 500, 10)
        case "month_day":
            return "02-29" if random.random() < 0.15 else (as_of + timedelta(days=random.randint(-180, 180))).strftime("%m-%d")


def _customer_table(random: Random, catalog: TagCatalog, as_of: date, today: date, customers: Sequence[int]) -> Columns:
    month = unit_start(today, "month")
    days = {as_of, as_of + timedelta(days=1)}
    for _ in range(15):
        month -= timedelta(days=1)
        days.add(month)
        month = unit_start(month, "month")
    types = {catalog.header.customer_key: "BIGINT", catalog.header.snapshot_column: "DATE"}
    types |= {tag.column_name: _SQL_TYPE[tag.type] for tag in catalog.tags.values()}
    rows: list[Row] = []
    for customer in customers:
        joined = as_of - timedelta(days=random.choice((0, 40, 100, 1000, 1000, 1000)))
        left = as_of if random.random() < 0.05 else date.max
        current: dict[str, Cell] = {tag.column_name: _cell(random, catalog, tag, as_of) for tag in catalog.tags.values()}
        for day in sorted(days):
            for tag in catalog.tags.values():
                if random.random() < 0.2:
                    current[tag.column_name] = _cell(random, catalog, tag, as_of)
            if joined <= day < left:
                rows.append({catalog.header.customer_key: customer, catalog.header.snapshot_column: day, **current})
    return Columns(types, tuple(rows))


def _record_table(random: Random, catalog: TagCatalog, records: RecordSet, as_of: date, customers: Sequence[int]) -> Columns:
    """Rows of one record set."""
    types = {records.key: "BIGINT"}
    for name in (records.date_column, records.valid_from, records.valid_to):
        if name is not None:
            types[name] = "DATE"
    if records.time_column is not None:
        types[records.time_column] = "TIMESTAMP"
    if records.count_column is not None:
        types[records.count_column] = "BIGINT"
    types |= {item.column_name: _SQL_TYPE[item.type] for item in records.properties}
    rows: list[Row] = []
    for customer in customers:
        used: set[date] = set()
        for _ in range(random.choice((0, 0, 1, 2, 3, 6, 10))):
            row: dict[str, Cell] = {records.key: customer}
            if records.date_column is not None:
                day = near(random, as_of, random.choice((5, 40, 400)), 6)
                if day in used and records.code not in SEVERAL_A_DAY:
                    continue
                used.add(day)
                row[records.date_column] = day
                if records.time_column is not None:
                    row[records.time_column] = datetime.combine(day, time(hour=random.choice(_HOURS)))
            if records.valid_from is not None and records.valid_to is not None:
                row[records.valid_from] = near(random, as_of, 300, 5)
                row[records.valid_to] = None if random.random() < 0.5 else near(random, as_of, 3, 60)
            if records.count_column is not None:
                row[records.count_column] = random.randint(1, 4)
            rows.append(row | {item.column_name: _cell(random, catalog, item, as_of) for item in records.properties})
    return Columns(types, tuple(rows))


def small_world(random: Random) -> World:
    """A world of 24 to 60 customers."""
    catalog = small_catalog(random.choice(_BASES))
    as_of = random.choice(_DAYS)
    today = as_of + timedelta(days=random.choice((1, 1, 1, 1, 0, 5)))
    customers = [*random.sample(range(1, 90), random.randint(24, 60)), 9_000_000_000_000_001]
    tables = {"customer": _customer_table(random, catalog, as_of, today, customers)}
    for records in catalog.records.values():
        tables[records.table] = _record_table(random, catalog, records, as_of, customers)
    branches, scope = random.choice((((), ()), ((), ()), (("B1",), ("B1", "S11", "S12")), (("B2", "S12"), ("B2", "S21", "S12"))))
    bank = Bank(catalog, {name: table.rows for name, table in tables.items()})
    return World(catalog, tables, as_of, today, Identity(branches=branches), scope, bank)
