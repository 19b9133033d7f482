"""What is planted is what is drawn, and a story counts as told only by its own trait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assistant.catalog.load import TagCatalog
from assistant.evaluate.stories import Candidate, Plant, StoriesReport, Told, run_stories
from assistant.insight.monitor import Place
from assistant.rule.short import node_from_short
from assistant.rule.tree import TagCondition

CATALOG = TagCatalog.load()
ZONE = next(item for item in CATALOG.records["zone_view"].properties if item.code == "zone")
MORTGAGE = Candidate("mort_flag", "true", TagCondition(tag="mort_flag", operator="=", value=True), 0.12)


def plant(kind: str = "trait", trait: Candidate | None = MORTGAGE, strength: float = 3.0, days: int = 14) -> Plant:
    last = date(2026, 9, 24)
    first = date.fromordinal(last.toordinal() - days + 1)
    return Plant("S000", kind, Place(CATALOG.records["zone_view"], ZONE, "loan"), trait, first, last, strength)  # type: ignore[arg-type]


def told(one: Plant, *named: tuple[str, str]) -> Told:
    return Told(one, "monitor", named)


def test_a_story_is_planted_as_drawn() -> None:
    story = plant().story()
    assert story is not None
    assert node_from_short(story.trait) == MORTGAGE.node
    (effect,) = story.effects
    assert (effect.records, dict(effect.where), effect.factor) == ("zone_view", {"zone": ("loan",)}, 3.0)
    assert story.windows == ((date(2026, 9, 11), date(2026, 9, 24)),)
    season = plant("season").story()
    assert season is not None
    assert season.windows[0] == (date(2025, 9, 12), date(2025, 9, 25))
    everybody = plant("everybody", None).story()
    assert everybody is not None
    assert everybody.trait == {"all": []}
    assert plant("quiet", None).story() is None


@pytest.mark.parametrize(
    ("named", "rank"),
    [
        ([("mort_flag", "true")], 1),
        ([("age", "2"), ("mort_flag", "true")], 2),
        ([("mort_flag", "false")], None),
        ([("age", "2")], None),
        ([], None),
    ],
)
def test_a_story_is_told_by_its_own_trait(named: list[tuple[str, str]], rank: int | None) -> None:
    assert told(plant(), *named).rank(CATALOG) == rank


def test_a_threshold_beside_the_planted_one_is_the_same_tag() -> None:
    old = Candidate("age", ">=5", TagCondition(tag="age", operator=">=", value=Decimal(55)), 0.2)
    assert told(plant(trait=old), ("age", ">=4")).rank(CATALOG) == 1


def test_kin_by_the_catalogs_word_is_the_same_finding() -> None:
    (above, *_) = CATALOG.tags["aum_avg_3m"].derived_from
    assets = Candidate("aum_avg_3m", ">=2", TagCondition(tag="aum_avg_3m", operator=">=", value=Decimal(1)), 0.2)
    assert told(plant(trait=assets), (above, ">=3")).rank(CATALOG) == 1


def test_recall_and_nulls() -> None:
    found = told(plant(), ("mort_flag", "true"))
    second = told(plant(), ("age", "2"), ("mort_flag", "true"))
    weak = told(plant(strength=1.5))
    null = told(plant("everybody", None), ("age", "2"))
    report = StoriesReport((found, second, weak, null), CATALOG)
    every, aim = report.recall("monitor", lambda one: True), report.recall("monitor", lambda one: one.aim)
    assert (every.stories, every.first, every.three) == (3, 1, 2)
    assert (aim.stories, aim.first, aim.three) == (2, 1, 2)
    assert report.nulls("monitor") == (1, 1)
    assert report.nulls("change") == (0, 0)


def test_a_story_is_told_by_every_arm() -> None:
    heard: list[str] = []
    report = run_stories(1, 5, heard.append, customers=700, reference_customers=500)
    assert [one.arm for one in report.told] == ["persona", "change", "monitor"]
    assert len({one.plant.id for one in report.told}) == 1
    assert heard == ["bank 1 of 1: 1 stories"]
