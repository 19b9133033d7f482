"""A story counts as told only by its own trait, and every arm tells every story."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.demo.build import build_demo
from assistant.errors import Fault
from assistant.evaluate import planted, stories
from assistant.evaluate.planted import Plant
from assistant.evaluate.stories import Bank, StoriesReport, Told, candidates, check, run_stories
from tests.evaluate.test_planted import CATALOG, plant

CUSTOMERS = 700


def told(one: Plant, rank: int | None, found: bool = True) -> Told:
    return Told(one, "monitor", (("age", "2"),) if rank or one.kind != "trait" else (), rank, found)


def test_recall_and_nulls() -> None:
    report = StoriesReport(
        (told(plant(), 1), told(plant(), 2), told(plant(strength=1.5), None, found=False), told(plant("everybody"), None))
    )
    every, aim = report.recall("monitor", lambda one: True), report.recall("monitor", lambda one: one.aim)
    assert (every.stories, every.found, every.first, every.three) == (3, 2, 1, 2)
    assert (aim.stories, aim.first, aim.three) == (2, 1, 2)
    assert report.nulls("monitor") == (1, 1)
    assert report.nulls("change") == (0, 0)


def test_a_story_is_told_by_every_arm() -> None:
    heard: list[str] = []
    report = run_stories(1, 5, heard.append, customers=CUSTOMERS, reference_customers=500)
    assert [one.arm for one in report.told] == ["persona", "change", "monitor"]
    assert len({one.plant.id for one in report.told}) == 1
    assert heard == ["bank 1 of 1: 1 stories"]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    path: Path = tmp_path_factory.mktemp("stories") / "bank.duckdb"
    build_demo(path, CUSTOMERS)
    return Bank.open(path, CATALOG)


def test_what_is_counted_from_customers_is_what_sql_counts(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    check(bank, plant())
    other = plant(days=3)
    counted = stories._moments
    monkeypatch.setattr(
        stories, "_moments", lambda bank, move, rule: counted(bank, stories._moved(other, stories.spans_before(other)[0], bank), rule)
    )
    with pytest.raises(Fault) as fault:
        check(bank, plant())
    assert fault.value.code == "stories_table"


def test_every_candidate_can_be_planted(bank: Bank, tmp_path: Path) -> None:
    """All of them in one bank: a trait that is none of the state's columns is refused by the generator (UserError demo_trait)."""
    pool = candidates(bank)
    assert len({one.tag for one in pool}) >= 20
    plants = [replace(plant(), id=f"S{number:03d}", trait=one.node) for number, one in enumerate(pool)]
    planted.build(plants, tmp_path / "bank.duckdb", 100, 1)
    assert (tmp_path / "bank.duckdb").exists()


@pytest.mark.parametrize(
    ("named", "rank"),
    [
        ([("mort_flag", "true")], 1),
        ([("age", "2"), ("mort_flag", "true")], 2),
        ([("mort_flag", "false")], None),
        ([("age", "2")], None),
        ([("mort_rate", ">=0")], None),
        ([], None),
    ],
)
def test_a_story_is_told_by_its_own_trait(bank: Bank, named: list[tuple[str, str]], rank: int | None) -> None:
    assert stories._told(plant(), "persona", tuple(named), bank).rank == rank


def test_a_trait_of_the_same_customers_is_the_same_finding(bank: Bank) -> None:
    people = bank.people(plant().first)
    alike = {
        f">={cut}": stories._alike(people.with_trait("mort_bal", f">={cut}"), people.with_trait("mort_flag", "true")) for cut in range(10)
    }
    ranks = {bucket: stories._told(plant(), "persona", (("mort_bal", bucket),), bank).rank for bucket in alike}
    assert set(ranks.values()) == {1, None}
    assert {bucket for bucket, rank in ranks.items() if rank == 1} == {
        bucket for bucket, share in alike.items() if share >= stories.EQUIVALENT
    }
