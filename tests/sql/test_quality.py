"""Missing, impossible, contradicted and changed values of the small bank, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.short import node_from_short
from assistant.sql.guard import guard
from assistant.sql.quality import bounded, changed, rows, soundness
from assistant.sql.query import Query
from tests.sql.small_bank import CATALOG, MONTH_END, QUALIFIER, TAGS, rule


def one_row(engine: DuckDBEngine, query: Query) -> dict[str, object]:
    table = engine.execute(guard(query, CATALOG, engine.dialect, engine.qualifier))
    assert len(table.rows) == 1
    return dict(zip(table.columns, table.rows[0], strict=True))


def by_tag(found: dict[str, object], figure: str) -> dict[str, object]:
    return {tag.code: found[f"{figure}_{number}"] for number, tag in enumerate(TAGS)}


def test_missing_and_impossible_values(small_engine: DuckDBEngine) -> None:
    found = one_row(small_engine, soundness(rule({"all": []}), TAGS, [], QUALIFIER))
    assert found["n"] == 6
    missing, outside = by_tag(found, "missing"), by_tag(found, "outside")
    assert {code: missing[code] for code in ("age", "gender", "tier", "consent", "opened")} == {
        "age": 1, "gender": 1, "tier": 1, "consent": 2, "opened": 0,
    }  # fmt: skip
    assert {code: n for code, n in outside.items() if n} == {"gender": 1, "tier": 1}


def test_a_past_that_is_to_come_and_an_amount_beyond_the_plausible(small_engine: DuckDBEngine) -> None:
    narrow = [tag.model_copy(update={"plausible": (Decimal(0), Decimal(100000))}) if tag.code == "aum" else tag for tag in TAGS]
    early = [tag.model_copy(update={"plausible": (Decimal(-10), Decimal(100000))}) if tag.code == "aum" else tag for tag in TAGS]
    asked = rule({"all": []})
    place = [tag.code for tag in TAGS].index("aum")
    for tags, expected in ((narrow, 3), (early, 2)):
        catalog = replace(CATALOG, tags={tag.code: tag for tag in tags}, fingerprint=f"narrow {expected}")
        found = one_row(small_engine, soundness(replace(asked, catalog=catalog), tags, [], QUALIFIER))
        assert found[f"outside_{place}"] == expected
    before = replace(asked, snapshot=MONTH_END, as_of=MONTH_END)
    opened = [tag for tag in TAGS if tag.code == "opened"]
    assert one_row(small_engine, soundness(before, opened, [], QUALIFIER))["outside_0"] == 0


def test_contradictions_are_rules(small_engine: DuckDBEngine) -> None:
    over = node_from_short({"left": "demand", "right": "aum", "measure": "difference", "operator": ">", "value": 1})
    assert one_row(small_engine, soundness(rule({"all": []}), (), [over], QUALIFIER)) == {"n": 6, "conflict_0": 1}


def test_values_that_changed_are_of_those_in_both(small_engine: DuckDBEngine) -> None:
    found = one_row(small_engine, changed(rule({"all": []}), MONTH_END, TAGS, QUALIFIER))
    assert found["n"] == 3
    moved = by_tag(found, "changed")
    assert {code: moved[code] for code in ("demand", "tier", "aum", "opened", "home_org")} == {
        "demand": 1, "tier": 2, "aum": 3, "opened": 0, "home_org": 0,
    }  # fmt: skip


def test_rows_are_of_the_snapshot_as_stored(small_engine: DuckDBEngine) -> None:
    assert one_row(small_engine, rows(rule({"all": []}), QUALIFIER)) == {"n": 7, "customers": 7}
    scoped = replace(rule({"all": []}), scope=("44",))
    assert one_row(small_engine, rows(scoped, QUALIFIER)) == {"n": 2, "customers": 2}


def test_what_the_catalog_bounds() -> None:
    assert {tag.code for tag in TAGS if bounded(tag, CATALOG)} == {
        "status", "home_org", "gender", "tier", "opened", "first_buy", "matures",
    }  # fmt: skip
