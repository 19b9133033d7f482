"""Chance alone raises no more alarms than it says, a real difference would raise them, and what is counted is what SQL counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy
import pytest

from assistant.errors import Fault
from assistant.evaluate.shuffled import Population, ShuffledReport, intervals_that_hold, population_of, run_shuffled
from assistant.insight import persona
from assistant.sql.query import Cell, Query, Table
from tests.insight.rules import QUALIFIER, validated

EVERYONE, REAL = validated({"all": []}), validated({"tag": "mort_flag", "value": True})
TAGS = persona.usable_tags(EVERYONE)
SIZE = 4000


def _customers() -> tuple[tuple[Cell, ...], ...]:
    """Ages go with tiers, nothing with the app; the real rule selects by tier."""
    random = numpy.random.default_rng(3)
    tiers = random.choice(["T1", "T2", "T3"], SIZE, p=[0.6, 0.3, 0.1])
    ages = [str(int(random.integers(0, 3)) + (tier == "T3")) for tier in tiers]
    app = random.choice(["true", "false", ""], SIZE, p=[0.5, 0.4, 0.1])
    buckets = {"cust_tier": tiers.tolist(), "age": ages, "app_flag": app.tolist()}
    columns = [buckets.get(tag.code, [""] * SIZE) for tag in TAGS]
    return tuple((int(row[0] == "T3"), *cells) for row, cells in zip(zip(tiers, strict=True), zip(*columns, strict=True), strict=True))


CUSTOMERS = _customers()


def _counted(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    found: Counter[tuple[str, str, bool]] = Counter()
    for inside, *cells in rows:
        found.update((tag.code, str(cell), bool(inside)) for tag, cell in zip(TAGS, cells, strict=True))
    pairs = dict.fromkeys((tag, bucket) for tag, bucket, _ in found)
    return tuple((tag, bucket or None, found[tag, bucket, True], found[tag, bucket, False]) for tag, bucket in pairs)


def warehouse(query: Query) -> Table:
    if query.purpose == "customers":
        return Table(("in_segment", *(f"bucket_{place}" for place in range(len(TAGS)))), CUSTOMERS, "q")
    found = _counted(CUSTOMERS)
    rows = (
        [(*place, n) for *place, n, _ in found]
        if query.purpose == "persona"
        else [(*place, int(str(n)) + int(str(rest))) for *place, n, rest in found]
    )
    return Table(("tag", "bucket", "n"), tuple(rows), "q")


@pytest.fixture(scope="module")
def population() -> Population:
    return population_of(EVERYONE, REAL, QUALIFIER, warehouse)[0]


@pytest.fixture(scope="module")
def report() -> ShuffledReport:
    return run_shuffled(EVERYONE, REAL, QUALIFIER, warehouse, 200, 1)


def test_chance_raises_few_alarms(report: ShuffledReport) -> None:
    assert report.alarm_rate <= 0.07 + 2 * (0.05 * 0.95 / 200) ** 0.5
    assert report.tried > 5


def test_intervals_hold_what_they_say(report: ShuffledReport) -> None:
    assert report.intervals > 500
    assert abs(report.coverage - 0.95) <= 0.03
    assert 0 < report.coverage_error < 0.02


def test_a_real_difference_would_be_an_alarm(population: Population) -> None:
    inside = numpy.flatnonzero(numpy.array([row[0] for row in CUSTOMERS]) == 1)
    outside = numpy.flatnonzero(numpy.array([row[0] for row in CUSTOMERS]) == 0)
    found = persona.judged(population.table(inside, outside), (), EVERYONE)
    assert {trait.tag for trait in found.traits} == {"age"}
    assert "cust_tier" in {trait.tag for trait in found.by_definition}, "they were picked by it"


def test_intervals_that_are_too_narrow_would_miss(population: Population, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persona, "difference_interval", lambda n1, of1, n2, of2: (n1 / of1 - n2 / of2, n1 / of1 - n2 / of2))
    held = [intervals_that_hold(population, numpy.random.default_rng(seed)) for seed in range(5)]
    assert sum(shown for _, shown in held) > 20
    assert sum(hit for hit, _ in held) < 0.1 * sum(shown for _, shown in held)


def test_a_table_that_sql_would_not_make_proves_nothing() -> None:
    def other(query: Query) -> Table:
        found = warehouse(query)
        return found if query.purpose == "customers" else Table(found.columns, found.rows[1:], "q")

    with pytest.raises(Fault, match="shuffled_table"):
        run_shuffled(EVERYONE, REAL, QUALIFIER, other, 1, 1)


def test_the_same_seed_gives_the_same_figures() -> None:
    one, other = (run_shuffled(EVERYONE, REAL, QUALIFIER, warehouse, 3, 9).figures() for _ in range(2))
    assert one == other
