"""Planted stories: what happened to whom, when and how strongly, as data. Law: a story changes only what its effects name; the truth is written down.

A record effect with factor f > 1 copies records of the story's customers from the whole history into the window: each record once with the probability
(f - 1) x window days / history days, at a day and hour of the story's own shape. So the rate in the window is f times the customers' usual one,
in proportion to what each of them does anyway. A factor below 1 leaves each record of the window with that probability.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import Field, TypeAdapter, ValidationError

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.demo.days import HOURS, BankCalendar
from assistant.demo.draw import chance, salt, spread, uniform
from assistant.errors import UserError
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, Range, TagCondition
from assistant.rule.window import Frozen, resolve

Window = tuple[date, date]


class Peak(Frozen):
    """Days that weigh more."""

    start: date
    end: date
    weight: float = Field(gt=0)


class Days(Frozen):
    """The shape over the days of a window: the weight of a day off (a workday is 1), and peaks."""

    rest: float = Field(1.0, ge=0)
    peaks: tuple[Peak, ...] = ()


class Effect(Frozen):
    """One change. Exactly one of records, message, balance, mature, leave, column says of what; the trait and windows are the story's unless given here."""

    records: str | None = None
    message: str | None = None
    balance: str | None = None
    mature: str | None = None
    leave: str | None = None
    column: str | None = None
    where: Mapping[str, tuple[str, ...] | bool] = Field(default_factory=dict)
    factor: float = Field(1.0, ge=0, le=1000)
    share: float = Field(1.0, ge=0, le=1)
    read: float = Field(0.0, ge=0, le=1)
    limit: float = Field(1.0, ge=0, le=1)
    replaced: float = Field(1.0, ge=0, le=1)
    product_id: str = Field("WF088", pattern=r"^[A-Z0-9]+$")
    dates: tuple[date, ...] = ()
    since: date | None = None
    opens_app: bool = False
    trait: Mapping[str, Any] | None = None
    windows: tuple[Window, ...] | None = None


class Story(Frozen):
    """What happened, to whom, and how it should be found."""

    id: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    title: Text
    announcement: date | None = None
    windows: tuple[Window, ...] = Field(min_length=1)
    trait: Mapping[str, Any]
    days: Days = Days()
    hours: tuple[float, ...] = HOURS["app"]
    effects: tuple[Effect, ...] = Field(min_length=1)
    decoys: tuple[str, ...] = ()
    sentence: Text
    seasonal: bool = False


@dataclass(frozen=True)
class Planted:
    """An effect ready to be applied: its customers are in the table named `members`."""

    story: Story
    effect: Effect
    windows: tuple[Window, ...]
    members: str
    number: int


_STORIES: TypeAdapter[tuple[Story, ...]] = TypeAdapter(tuple[Story, ...])


def load_stories(path: Path | None) -> tuple[Story, ...]:
    """Read a file of stories (default: the built-in ones). UserError demo_stories names file and fault."""
    source = path or Path(__file__).with_name("stories.yaml")
    try:
        stories = _STORIES.validate_python(yaml.safe_load(source.read_text(encoding="utf-8")) or [])
        for story in stories:
            for trait in (story.trait, *(effect.trait for effect in story.effects if effect.trait is not None)):
                node_from_short(trait)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise UserError("demo_stories", file=source.name, fault=str(error)) from error
    return stories


def trait_sql(node: AnyNode, catalog: TagCatalog, columns: frozenset[str], as_of: date) -> str:
    """SQL over a row of state tags for a trait: conditions on tags joined by and, or, not. UserError demo_trait for anything else."""
    match node:
        case AllOf(children=members):
            return "(" + " AND ".join(trait_sql(member, catalog, columns, as_of) for member in members) + ")" if members else "true"
        case AnyOf(children=members):
            return "(" + " OR ".join(trait_sql(member, catalog, columns, as_of) for member in members) + ")"
        case Not(child=child):
            return f"({trait_sql(child, catalog, columns, as_of)}) IS NOT TRUE"
        case TagCondition() if node.snapshot is None and node.tag in columns:
            return _condition_sql(node, catalog, as_of)
        case _:
            raise UserError("demo_trait", tag=node.tag if isinstance(node, TagCondition) else node.kind)


def _condition_sql(node: TagCondition, catalog: TagCatalog, as_of: date) -> str:
    value = node.value
    match value:
        case bool():
            return f"{node.tag} {node.operator} {str(value).lower()}"
        case None:
            return f"{node.tag} IS NULL"
        case Range():
            low, high = ("<" if value.low_open else "<="), ("<" if value.high_open else "<=")
            return f"({value.low} {low} {node.tag} AND {node.tag} {high} {value.high})"
        case tuple():
            tag = catalog.tags.get(node.tag)
            codes = catalog.subtree(tag, value) if tag is not None and node.operator in ("in", "not_in") else value
            listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
            if node.operator in ("in", "=", "not_in", "<>"):
                return f"{node.tag} {'NOT IN' if node.operator in ('not_in', '<>') else 'IN'} ({listed})"
            raise UserError("demo_trait", tag=node.tag)
        case Frozen():
            span = resolve(value, as_of, as_of + timedelta(days=1))
            return f"{node.tag} BETWEEN DATE '{span.start or date(1900, 1, 1)}' AND DATE '{span.end or date(9999, 1, 1)}'"
        case _:
            return f"{node.tag} {node.operator} {value}"


def prepare(
    connection: duckdb.DuckDBPyConnection,
    stories: Sequence[Story],
    catalog: TagCatalog,
    states: Mapping[date, str],
    first_day: date,
    as_of: date,
) -> list[Planted]:
    """Cut the windows to the history, find each effect's customers at the snapshot before its window, and keep them in tables.

    `states` gives for each snapshot date a SELECT of the state tags then. Stories wholly outside the history are left out.
    """
    planted: list[Planted] = []
    columns: dict[date, frozenset[str]] = {}
    tables: dict[str, str] = {}
    for story in stories:
        for number, effect in enumerate(story.effects):
            windows = tuple(
                (max(start, first_day), min(end, as_of))
                for start, end in effect.windows or story.windows
                if start <= as_of and end >= first_day
            )
            if not windows:
                continue
            start = story.windows[-1][0]
            moment = max((day for day in states if day <= start), default=min(states))
            state = f"(SELECT *, 'T' || tier_rank AS cust_tier, tier_rank > own_rank AS tier_watch FROM ({states[moment]}))"
            if moment not in columns:
                columns[moment] = frozenset(row[0] for row in connection.execute(f"DESCRIBE {state}").fetchall())
            where = trait_sql(node_from_short(effect.trait if effect.trait is not None else story.trait), catalog, columns[moment], moment)
            select = (
                f"SELECT one_id, k FROM {state} WHERE cust_status IN ('active', 'controlled') AND cust_scope <> 'card_only' AND {where}"
            )
            if select not in tables:
                tables[select] = f"members_{len(tables)}"
                connection.execute(f"CREATE OR REPLACE TABLE {tables[select]} AS {select}")
            planted.append(Planted(story, effect, windows, tables[select], number))
    return planted


def _name(item: Planted) -> str:
    return f"story {item.story.id} {item.number}"


def change_state(connection: duckdb.DuckDBPyConnection, planted: Sequence[Planted], as_of: date) -> bool:
    """Apply the effects on balances and holdings to `demand_factor` and `holding`; whether there were any. Table `touched`: whose they are."""
    connection.execute("CREATE OR REPLACE TABLE touched (one_id BIGINT)")
    changed = False
    for item in planted:
        effect = item.effect
        start, end = item.windows[-1]
        if effect.balance is not None:
            connection.execute(
                f"INSERT INTO demand_factor SELECT one_id, DATE '{effect.since or start}', {effect.factor} FROM {item.members}"
            )
        elif effect.leave is not None:
            key = "xor(h.k, h.s)"
            connection.execute(f"""
                CREATE OR REPLACE TABLE leaving AS
                SELECT h.hk, (DATE '{start}' + floor({uniform(_name(item), key)} * {(end - start).days + 1})::INTEGER)::DATE AS day FROM holding h JOIN {item.members} m USING (one_id)
                WHERE h.line = '{effect.leave}' AND {chance(_name(item) + " leaves", effect.share, key)} AND (h.valid_to IS NULL OR h.valid_to >= DATE '{start}')
            """)
            connection.execute("DELETE FROM holding USING leaving g WHERE holding.hk = g.hk AND holding.start_date >= g.day")
            connection.execute(
                "UPDATE holding SET valid_to = g.day - 1 FROM leaving g WHERE holding.hk = g.hk AND (valid_to IS NULL OR valid_to >= g.day)"
            )
        elif effect.mature is not None:
            _mature(connection, item, start, as_of)
        else:
            continue
        connection.execute(f"INSERT INTO touched SELECT one_id FROM {item.members}")
        changed = True
    return changed


def _mature(connection: duckdb.DuckDBPyConnection, item: Planted, start: date, as_of: date) -> None:
    """Turn each member's largest fixed-term holding that runs at `start` into the story's product, maturing on one of its dates."""
    effect = item.effect
    days = [day for day in effect.dates if day <= as_of] or [start]
    listed = ", ".join(f"DATE '{day}'" for day in days)
    connection.execute(f"""
        CREATE OR REPLACE TABLE maturing AS
        SELECT h.*, [{listed}][1 + floor({uniform(_name(item), "h.k")} * {len(days)})::INTEGER] AS due FROM holding h JOIN {item.members} m USING (one_id)
        WHERE h.line = '{effect.mature}' AND h.maturity_date IS NOT NULL AND h.amt >= 30000 AND h.start_date < DATE '{start}' - 30 AND (h.valid_to IS NULL OR h.valid_to >= DATE '{start}')
        QUALIFY row_number() OVER (PARTITION BY one_id ORDER BY h.amt DESC, h.hk) = 1
    """)
    connection.execute("DELETE FROM holding USING maturing g WHERE holding.s = g.s AND holding.j > g.j")
    connection.execute(f"""
        UPDATE holding SET product_id = '{effect.product_id}', maturity_date = g.due, valid_to = g.due - 1, parked = false,
            term_m = greatest(1, datediff('month', holding.start_date, g.due)) FROM maturing g WHERE holding.hk = g.hk
    """)
    connection.execute(f"""
        INSERT INTO holding BY NAME SELECT * EXCLUDE (due) REPLACE (j + 1 AS j, hash(hk) AS hk, (due + 1)::DATE AS start_date, (due + 1)::DATE AS valid_from, NULL::DATE AS valid_to, (due + 181)::DATE AS maturity_date, 6 AS term_m)
        FROM maturing WHERE {chance(_name(item) + " replaced", effect.replaced)} AND due + 1 <= DATE '{as_of}'
    """)


def change_records(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    code: str,
    planted: Sequence[Planted],
    bank: BankCalendar,
    first_day: date,
    as_of: date,
) -> None:
    """Apply the effects on one record set to its raw table (temporary, unordered)."""
    for item in planted:
        effect = item.effect
        if effect.message is not None and code == "msg_touch":
            _send(connection, table, item, bank)
        if effect.records != code:
            continue
        where = " AND ".join(["true", *(_where(name, value) for name, value in effect.where.items())])
        key = "hash(xor(hash(r.one_id), hash(r.ts)))"
        if effect.factor < 1:
            span = " OR ".join(f"r.day BETWEEN DATE '{start}' AND DATE '{end}'" for start, end in item.windows)
            connection.execute(
                f"DELETE FROM {table} r USING {item.members} m WHERE r.one_id = m.one_id AND ({span}) AND {where} AND {uniform(_name(item), key)} >= {effect.factor}"
            )
            continue
        for start, end in item.windows:
            _surge(connection, table, item, bank, (start, end), where, key, (as_of - first_day).days + 1)


def _where(name: str, value: tuple[str, ...] | bool) -> str:
    if isinstance(value, bool):
        return f"r.{name} = {str(value).lower()}"
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in value)
    return f"r.{name} IN ({listed})"


def _day_list(story: Story, bank: BankCalendar, window: Window) -> list[int]:
    """The days of a window since 1970, 1024 of them, by the story's shape."""
    days = [window[0] + timedelta(days=number) for number in range((window[1] - window[0]).days + 1)]
    weights = []
    for day in days:
        weight = 1.0 if bank.works(day) else story.days.rest
        for peak in story.days.peaks:
            if peak.start <= day <= peak.end:
                weight *= peak.weight
        weights.append(weight)
    return [(days[position] - date(1970, 1, 1)).days for position in spread(weights, 1024)]


def _moment(story: Story, bank: BankCalendar, window: Window) -> tuple[str, str]:
    """SQL of a day (since 1970) and a time in microseconds for the event key e, by the story's shape."""
    day = f"{_day_list(story, bank, window)}[1 + floor({uniform('story day', 'e')} * 1024)::INTEGER]"
    hour = f"{spread(story.hours, 256)}[1 + floor({uniform('story hour', 'e')} * 256)::INTEGER]"
    return (
        day,
        f"make_timestamp((d::BIGINT * 86400 + {hour} * 3600) * 1000000 + floor({uniform('story second', 'e')} * 3600000000)::BIGINT)",
    )


def _surge(
    connection: duckdb.DuckDBPyConnection, table: str, item: Planted, bank: BankCalendar, window: Window, where: str, key: str, history: int
) -> None:
    share = (item.effect.factor - 1) * ((window[1] - window[0]).days + 1) / history
    day, moment = _moment(item.story, bank, window)
    connection.execute(f"""
        CREATE OR REPLACE TABLE surge AS
        SELECT r.* REPLACE ({moment} AS ts, DATE '1970-01-01' + d AS day) FROM (
            SELECT r, {day} AS d, e FROM (
                SELECT r, hash(xor(e, i::UBIGINT)) AS e FROM (
                    SELECT r, xor({key}, {salt(_name(item))}::UBIGINT) AS e, unnest(range(draw_count({share:.6f}::DOUBLE, {uniform(_name(item) + str(window[0]), key)}))) AS i
                    FROM {table} r JOIN {item.members} m ON m.one_id = r.one_id WHERE {where})))
        JOIN customer c ON c.one_id = r.one_id
        WHERE DATE '1970-01-01' + d BETWEEN (CASE WHEN r.channel = 'app' THEN c.reg_date ELSE c.open_date END) AND (CASE WHEN r.channel = 'app' THEN c.app_last ELSE c.last_day END)
    """)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM surge")
    if item.effect.opens_app:
        connection.execute("INSERT INTO visit SELECT one_id, day, min(ts) FROM surge GROUP BY one_id, day")


def _send(connection: duckdb.DuckDBPyConnection, table: str, item: Planted, bank: BankCalendar) -> None:
    """One message to a share of the members, read by a share of those."""
    effect = item.effect
    shape = item.story.model_copy(update={"days": Days(rest=0.0), "hours": HOURS["message"]})
    day, moment = _moment(shape, bank, item.windows[-1])
    connection.execute(f"""
        INSERT INTO {table} BY NAME
        SELECT one_id, {moment} AS ts, DATE '1970-01-01' + d AS day, 'push' AS channel, NULL::VARCHAR AS org, '{effect.message}' AS campaign,
            CASE WHEN {chance("read", effect.read, "e")} THEN 'read' ELSE 'delivered' END AS status
        FROM (SELECT one_id, {day} AS d, e FROM (SELECT one_id, xor(k, {salt(_name(item))}::UBIGINT) AS e FROM {item.members}) WHERE {chance("sent", effect.share, "e")})
        JOIN customer c USING (one_id) WHERE DATE '1970-01-01' + d BETWEEN c.reg_date AND c.last_day
    """)


def change_tags(connection: duckdb.DuckDBPyConnection, planted: Sequence[Planted]) -> None:
    """Apply the planted data faults to the stored snapshots that fall in their windows."""
    for item in planted:
        effect = item.effect
        if effect.column is not None:
            start, end = item.windows[-1]
            connection.execute(f"""
                UPDATE bank.tags SET {effect.column} = (tags.{effect.column} * {effect.factor})::DECIMAL(18, 2) FROM {item.members} m
                WHERE tags.one_id = m.one_id AND snapshot_date BETWEEN DATE '{start}' AND DATE '{end}' AND {chance(_name(item), effect.limit, "m.k")}
            """)


def truth(connection: duckdb.DuckDBPyConnection, planted: Sequence[Planted], stories: Sequence[Story]) -> str:
    """The ground truth as JSON: for each story its trait, windows, effects with their number of customers, and decoys."""
    found = []
    for story in stories:
        effects = []
        for item in (item for item in planted if item.story.id == story.id):
            row = connection.execute(f"SELECT count(*) FROM {item.members}").fetchone()
            assert row is not None
            effects.append(item.effect.model_dump(mode="json", exclude_defaults=True) | {
                "customers": int(row[0]), "windows": [[str(start), str(end)] for start, end in item.windows]})  # fmt: skip
        found.append(
            story.model_dump(mode="json", exclude={"effects", "hours"}, exclude_none=True) | {"planted": bool(effects), "effects": effects}
        )
    return json.dumps({"stories": found}, ensure_ascii=False, indent=2) + "\n"
