"""The SQL of some thirty rules, as text that a banker can read: a change of the compiler shows here as a diff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.short import node_from_short
from assistant.sql import compile as plans
from assistant.sql import profile as profiles
from assistant.sql import two_dates
from assistant.sql.guard import guard
from assistant.sql.query import Query
from tests.sql.small_bank import CATALOG, MONTH_END, QUALIFIER, rule

GOLDEN = Path(__file__).parents[1] / "golden" / "sql" / "duckdb"
MONTH = "rolling 30 day"
ACTIVE = {"records": "login", "window": MONTH, "operator": ">", "value": 3}
VIP = {"tag": "demand", "operator": ">", "value": 50000}

COUNTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "base": ("everyone in the base population", {"all": []}),
    "amount_above": ("demand deposits above 50,000; no deposit reads as 0", VIP),
    "amount_below": ("demand deposits below 10,000, those without any included", {"tag": "demand", "operator": "<", "value": 10000}),
    "age_range": ("age from 30 to under 45; an unknown age is in no range", {"tag": "age", "range": "[30, 45)"}),
    "not_age": ("everyone but those aged 30, unknown ages included", {"not": {"tag": "age", "operator": "=", "value": 30}}),
    "gender_other_than": ("gender known and not female", {"tag": "gender", "operator": "not_in", "value": ["F"]}),
    "tier_at_least": ("tier T2 or higher", {"tag": "tier", "operator": ">=", "value": "T2"}),
    "branch_subtree": ("home branch Shanghai with all its outlets", {"tag": "home_org", "operator": "in", "value": ["31"]}),
    "flag_absent": ("the app flag has no value", {"tag": "app", "operator": "is_absent"}),
    "unit_multiplied": ("credit line of at least 50,000, stored in 万", {"tag": "credit", "operator": ">=", "value": 50000}),
    "opened_recently": ("opened in the last 30 days", {"tag": "opened", "within": MONTH}),
    "birthday_over_new_year": ("birthday between 20 December and 10 January", {"tag": "birthday", "within": "yearly 12-20..01-10"}),
    "earlier_snapshot": ("AUM above 100,000 at the last month end", {"tag": "aum", "snapshot": "month -1", "operator": ">", "value": 100000}),
    "fell_by_share": (
        "AUM down by 30 % or more against the last month end",
        {"left": "aum", "right": "aum", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.3},
    ),
    "any_login": ("logged in within the last 30 days", {"records": "login", "window": MONTH}),
    "no_login": ("no login within the last 30 days", {"records": "login", "window": MONTH, "operator": "=", "value": 0}),
    "few_logins": ("at most 3 logins in the last 30 days, none included", {"records": "login", "window": MONTH, "operator": "<=", "value": 3}),
    "weekend_days": ("logged in on 2 or more weekend days in the last 30", {"records": "login", "window": MONTH, "day_kind": "weekend", "aggregate": "days", "operator": ">=", "value": 2}),
    "total_amount": ("transfers of more than 10,000 in all last month", {"records": "transfer", "window": "calendar month -1", "aggregate": "sum", "of": "amount", "operator": ">", "value": 10000}),
    "average_amount": ("transfers of 200 or more on average", {"records": "transfer", "aggregate": "avg", "of": "amount", "operator": ">=", "value": 200}),
    "last_value": ("the last transfer was above 100", {"records": "transfer", "aggregate": "last", "of": "amount", "operator": ">", "value": 100}),
    "last_day": ("the last transfer lies more than 90 days back", {"records": "transfer", "aggregate": "last", "within": "ago 90 day"}),
    "day_grain": ("more than 3 quick payments in the last 30 days", {"records": "quick_pay", "window": MONTH, "operator": ">", "value": 3}),
    "holding_due": (
        "one wealth product of more than 100,000 that matures within 7 days",
        {"records": "holding", "where": {"product": "wealth", "amount": {"operator": ">", "value": 100000}, "due": {"within": "future 7 day"}}},
    ),
    "sequence": ("a login, and a transfer within 7 days of it", {"first": {"records": "login", "window": MONTH}, "then": {"records": "transfer"}, "within_days": 7}),
    "sequence_not": (
        "a login whose 7 days have passed without a transfer",
        {"first": {"records": "login", "window": MONTH}, "then": {"records": "transfer"}, "within_days": 7, "negated": True},
    ),
    "rank_percent": ("the top 10 % by AUM among those who logged in", {"rank": "aum", "percent": 10, "within": {"records": "login", "window": MONTH}}),
    "candidates_first": (
        "demand deposits above 50,000, more than 3 logins in 30 days, no transfer ever",
        {"all": [VIP, ACTIVE, {"records": "transfer", "operator": "=", "value": 0}]},
    ),
    "either_or_neither": ("app users or over 60, but not both female and active", {"all": [{"any": [{"tag": "app", "value": True}, {"tag": "age", "operator": ">", "value": 60}]}, {"not": {"all": [{"tag": "gender", "value": ["F"]}, ACTIVE]}}]}),
}  # fmt: skip


def _plans() -> dict[str, tuple[str, Query]]:
    found = {name: (words, plans.count(rule(short), QUALIFIER)) for name, (words, short) in COUNTS.items()}
    both = rule({"all": [VIP, ACTIVE]}, scope=("31", "3101"))
    parts = [node_from_short(VIP), node_from_short(ACTIVE)]
    tags = [CATALOG.tags[code] for code in ("age", "gender", "app", "opened")]
    found["scope"] = ("demand deposits above 50,000 and active, Shanghai only", plans.count(both, QUALIFIER))
    found["members"] = ("the first 100 of them by id", plans.members(both, QUALIFIER, limit=100))
    found["mask"] = ("every customer by which of the two conditions hold", plans.mask(both, parts, QUALIFIER))
    found["reasons"] = ("which of the two conditions given customers satisfy", plans.reasons(both, parts, QUALIFIER))
    found["breakdown"] = ("the segment and the base by tier", plans.breakdown(both, CATALOG.tags["tier"], QUALIFIER))
    found["profile"] = (
        "the segment and the rest of the base by age, gender, app and opening date",
        profiles.profile(both, tags, QUALIFIER, {"age": [Decimal(30), Decimal(45)]}),
    )
    found["summary"] = (
        "average, median and total AUM of the segment",
        plans.summary(both, CATALOG.tags["aum"], ("avg", "median", "sum"), QUALIFIER),
    )
    then = rule({"all": [VIP, ACTIVE]}, as_of=MONTH_END, today=date(2026, 9, 1))
    found["flow"] = (
        "the segment at the last month end and now, tags and behaviour apart",
        two_dates.flow(then, rule({"all": [VIP, ACTIVE]}), QUALIFIER),
    )
    found["unknowns"] = ("how many have no age to compare", plans.unknowns(rule({"tag": "age", "operator": ">", "value": 30}), QUALIFIER))
    return found


PLANS = _plans()


@pytest.mark.parametrize("name", PLANS)
def test_golden(name: str, small_engine: DuckDBEngine, rewrite_golden: bool) -> None:
    words, query = PLANS[name]
    text = f"-- {words}\n{plans.sql_for_reading(query, 'duckdb')}\n"
    path = GOLDEN / f"{name}.sql"
    if rewrite_golden:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    small_engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER), ids=[1] if name == "reasons" else None)
    assert guard(query, CATALOG, "spark", QUALIFIER).dialect == "spark"


def test_no_golden_file_without_its_rule() -> None:
    assert {path.stem for path in GOLDEN.glob("*.sql")} == set(PLANS)
