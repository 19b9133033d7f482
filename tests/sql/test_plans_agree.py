"""The count plan, the member list, the mask plan and the complement say the same of any rule, over random customers with NULL everywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.engines.duckdb import DuckDBEngine
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, RankCondition
from assistant.sql import compile as plans
from assistant.sql.guard import guard
from tests.sql.small_bank import AS_OF, CATALOG, QUALIFIER, SNAPSHOTS, rule, write
from tests.sql.test_compile import CASES

CUSTOMERS = 120


def random_bank(seed: int) -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(seed)

    def maybe(value: Any, empty: float = 0.2) -> Any:
        return None if chance.random() < empty else value

    def day(back: int, ahead: int = 0) -> date:
        return AS_OF + timedelta(days=chance.randint(-back, ahead))

    def money() -> Decimal:
        return Decimal(chance.choice([0, 1, 100, 49999, 50000, 50001, 80000, 120000, -5])) + Decimal(chance.randint(0, 3)) / 100

    tags = [
        {
            "snapshot_date": snapshot, "one_id": one, "status": chance.choice(["active", "active", "frozen", "closed"]),
            "home_org": chance.choice(["31", "3101", "44"]), "age": maybe(chance.choice([18, 30, 45, 60, 70])), "gender": maybe(chance.choice("FMX")),
            "tier": maybe(chance.choice(["T1", "T2", "T3", "T9"])), "demand": maybe(money()), "aum": maybe(money()), "rate": maybe(Decimal(chance.randint(1, 6))),
            "credit_wan": maybe(Decimal(chance.randint(0, 9))), "app": maybe(chance.random() < 0.6), "consent": maybe(chance.random() < 0.5),
            "opened": day(400), "first_buy": maybe(day(400)), "matures": maybe(day(0, 200)),
            "birthday": maybe(chance.choice(["02-28", "02-29", "01-01", "12-31", "09-25"])),
        }
        for snapshot in SNAPSHOTS
        for one in range(1, CUSTOMERS + 1)
        if snapshot == AS_OF or chance.random() < 0.7
    ]  # fmt: skip

    def records(number: int, make: Any) -> list[dict[str, Any]]:
        return [{"one_id": int(CUSTOMERS * chance.random() ** 2) + 1, **make()} for _ in range(number)]

    return {
        "tags": tags,
        "record_login": records(400, lambda: {"day": day(60, 2), "channel": maybe(chance.choice(["app", "mini"])), "seconds": maybe(chance.randint(1, 100)), "version": "1"}),
        "record_transfer": records(300, lambda: {"day": day(120), "amount": maybe(money()), "grade": maybe(chance.choice(["low", "mid", "high", "odd"]))}),
        "record_quick_pay": records(200, lambda: {"day": day(40), "times": maybe(chance.randint(0, 4)), "amount": maybe(money())}),
        "record_holding": records(
            200,
            lambda: {
                "product": maybe(chance.choice(["wealth", "fixed", "cash"])), "amount": maybe(money()), "due": maybe(day(30, 60)), "valid_from": day(30, 5),
                "valid_to": maybe(day(10, 10), 0.5),
            },
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def random_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    path: Path = tmp_path_factory.mktemp("random") / "small_bank.duckdb"
    engine = DuckDBEngine(write(path, random_bank(20260924)), threads=1)
    yield engine
    engine.close()


LEAVES = st.sampled_from([node_from_short(short) for short, _ in CASES])


def _wider(inner: st.SearchStrategy[AnyNode]) -> st.SearchStrategy[AnyNode]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        several.map(lambda found: AllOf(children=found)),
        several.map(lambda found: AnyOf(children=found)),
        inner.map(lambda found: Not(child=found)),
        inner.map(lambda found: RankCondition(tag="demand", percent=Decimal("33.3"), within=found)),
    )


RULES = st.recursive(LEAVES, _wider, max_leaves=6)


@given(node=RULES, scope=st.sampled_from([(), ("31", "3101")]))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_every_plan_says_the_same(random_engine: DuckDBEngine, node: AnyNode, scope: tuple[str, ...]) -> None:
    def run(query: Any) -> Any:
        return random_engine.execute(guard(query, CATALOG, "duckdb", QUALIFIER))

    asked, complement = rule(node, scope), rule(Not(child=node), scope)
    size = run(plans.count(asked, QUALIFIER)).scalar()
    assert len(set(run(plans.members(asked, QUALIFIER)).column("one_id"))) == size
    assert run(plans.count(complement, QUALIFIER)).scalar() + size == run(plans.base(asked, QUALIFIER)).scalar()
    masks = dict(run(plans.mask(asked, [node, Not(child=node)], QUALIFIER)).rows)
    assert (masks.get(1, 0), masks.get(0, 0) + masks.get(3, 0)) == (size, 0)


def test_therandom_bank_leaves_no_kind_of_condition_empty(random_engine: DuckDBEngine) -> None:
    base = random_engine.execute(guard(plans.base(rule(AllOf()), QUALIFIER), CATALOG, "duckdb", QUALIFIER)).scalar()
    assert isinstance(base, int)
    shares = []
    for short, _ in CASES:
        found = random_engine.execute(guard(plans.count(rule(short), QUALIFIER), CATALOG, "duckdb", QUALIFIER)).scalar()
        assert isinstance(found, int)
        shares.append(found / base)
    assert sum(0.05 <= share <= 0.95 for share in shares) > 0.6 * len(shares)
