"""Whoever moved more is named; whoever moved like everybody, or does much of it anyway, is not."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from assistant.facts import FactSheet
from assistant.insight import drivers
from assistant.insight.drivers import Moments, driver
from assistant.insight.traits import Split
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.narrate.catalog import CATALOG

COLUMNS = ("tag", "bucket", "n", "n_before", "days", "days_before", "days_2", "days_before_2", "both")


def table(seed: int, times: float, everybody: float = 1.0, customers: int = 3000) -> Table:
    """Customers with a mortgage (12 %, in the app twice as often as others) whose days in the window are `times` as many as before, the others' `everybody`."""
    source = random.Random(seed)
    cells: dict[tuple[str, str], Moments] = defaultdict(Moments)
    for _ in range(customers):
        mortgage = source.random() < 0.12
        rate = source.gammavariate(0.7, 0.04) * (2 if mortgage else 1)
        days = sum(source.random() < rate * (times if mortgage else everybody) for _ in range(14))
        days_before = sum(source.random() < rate for _ in range(56))
        if days or days_before:
            own = Moments(bool(days), bool(days_before), days, days_before, days**2, days_before**2, days * days_before)
            cells["mort_flag", str(mortgage).lower()] += own
            cells["gender", source.choice(("F", "M"))] += own
    rows = tuple((*key, *(getattr(own, name) for name in COLUMNS[2:])) for key, own in cells.items())
    return Table(COLUMNS, rows, "q")


def test_who_moved_more_is_named() -> None:
    found = drivers.read(table(1, 3.0), CATALOG, frozenset(), rise=True)
    assert [(one.tag, one.bucket) for one in found] == [("mort_flag", "true")]
    (one,) = found
    assert one.times == pytest.approx(Decimal(3), rel=Decimal("0.3"))
    assert one.low < float(one.share - one.share_before) < one.high


def test_who_moved_less_drives_a_fall() -> None:
    found = drivers.read(table(2, 0.3), CATALOG, frozenset(), rise=False)
    assert [(one.tag, one.bucket) for one in found] == [("mort_flag", "true")]


def test_what_is_given_is_no_driver() -> None:
    assert drivers.read(table(1, 3.0), CATALOG, frozenset({"mort_flag"}), rise=True) == ()


@pytest.mark.parametrize("everybody", [1.0, 3.0])
def test_a_move_of_all_names_nobody(everybody: float) -> None:
    named = [drivers.read(table(seed, everybody, everybody, 1200), CATALOG, frozenset(), rise=True) for seed in range(10, 50)]
    assert sum(map(bool, named)) <= 4


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    missed = 0
    for seed in range(60):
        cells = {row[1]: Moments(*row[2:]) for row in table(200 + seed, 1.0, customers=900).rows if row[0] == "mort_flag"}  # type: ignore[arg-type]
        one = driver("mort_flag", Split("true", frozenset(["true"])), cells["true"], cells["true"] + cells["false"])
        missed += not one.low <= 0 <= one.high
    assert missed <= 8


def test_few_customers_say_nothing() -> None:
    assert drivers.read(table(3, 3.0, customers=60), CATALOG, frozenset(), rise=True) == ()


def test_facts_hide_small_groups() -> None:
    own = Moments(5, 30, 9, 60, 20, 150, 30)
    one = driver("mort_flag", Split("true", frozenset(["true"])), own, own + Moments(100, 100, 300, 900, 1000, 9000, 3000))
    sheet = FactSheet(Protection(0))
    one.facts(sheet, "monitor.0", "q")
    assert sheet["monitor.0.mort_flag.true.share"].suppressed
