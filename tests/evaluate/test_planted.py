"""What is planted is what is drawn or what a file says, and the stories of a bank keep out of each other's way."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.catalog.load import TagCatalog
from assistant.errors import UserError
from assistant.evaluate.planted import LENGTHS, NULLS, Candidate, Plant, StoryKind, draw, read
from assistant.insight.monitor import BEFORE_DAYS, Place
from assistant.rule.short import node_from_short
from assistant.rule.tree import TagCondition

CATALOG = TagCatalog.load()
AS_OF = date(2026, 9, 24)
MONTHS = (date(2026, 8, 1), date(2026, 9, 1))
ZONE = next(item for item in CATALOG.records["zone_view"].properties if item.code == "zone")
LOANS = Place(CATALOG.records["zone_view"], ZONE, "loan")
MORTGAGE = Candidate("mort_flag", "true", TagCondition(tag="mort_flag", operator="=", value=True), 0.12)
POOL = (
    MORTGAGE,
    Candidate("gender", "F", TagCondition(tag="gender", operator="in", value=("F",)), 0.2),
    Candidate("age", "3", MORTGAGE.node, 0.07),
)
PLACES = {code: (Place(CATALOG.records[code]),) for code in ("zone_view", "search", "app_login", "transfer_in")}
FILE = """
- id: RATE
  title: {zh: 利率, en: Rate}
  windows: [[2026-09-11, 2026-09-24]]
  trait: {all: [{tag: mort_flag, value: true}, {tag: mort_rate, operator: ">=", value: 3.6}]}
  effects:
    - {records: zone_view, where: {zone: [loan]}, factor: 4}
    - {records: search, where: {keyword_class: [rate]}, factor: 9}
    - {records: mort_prepay, factor: 0.5}
  sentence: {zh: 谁来了, en: Who came}
- id: TERM
  title: {zh: 开学, en: Term}
  windows: [[2025-08-25, 2025-09-10], [2026-08-25, 2026-09-10]]
  trait: {tag: gender, value: [F]}
  effects: [{records: search, factor: 2}]
  sentence: {zh: 谁来了, en: Who came}
  seasonal: true
- id: LESS
  title: {zh: 少了, en: Less}
  windows: [[2026-09-01, 2026-09-10]]
  trait: {all: []}
  effects: [{records: zone_view, factor: 0.5}]
  sentence: {zh: 谁走了, en: Who left}
"""


def plant(
    kind: StoryKind = "trait", strength: float = 3.0, days: int = 14, share: float = 0.12, monthly: tuple[int, int] | None = None
) -> Plant:
    own = kind in ("trait", "season", "payday")
    signs = {"mort_flag": frozenset(["true"])} if own else {}
    node = MORTGAGE.node if own else None
    return Plant("S000", kind, LOANS, node, AS_OF - timedelta(days=days - 1), AS_OF, strength, AS_OF, signs, share, monthly=monthly)


def test_a_story_is_planted_as_drawn() -> None:
    story = plant().story(MONTHS)
    assert story is not None
    assert node_from_short(story.trait) == MORTGAGE.node
    (effect,) = story.effects
    assert (effect.records, dict(effect.where), effect.factor) == ("zone_view", {"zone": ("loan",)}, 3.0)
    assert story.windows == ((date(2026, 9, 11), AS_OF),)


def test_null_stories() -> None:
    season, payday, everybody = (one.story(MONTHS) for one in (plant("season"), plant("payday", monthly=(10, 12)), plant("everybody")))
    assert season is not None
    assert season.windows[0] == (date(2025, 9, 12), date(2025, 9, 25))
    assert payday is not None
    assert payday.windows == ((date(2026, 8, 10), date(2026, 8, 12)), (date(2026, 9, 10), date(2026, 9, 12)))
    assert everybody is not None
    assert everybody.trait == {"all": []}
    assert plant("quiet").story(MONTHS) is None


@pytest.mark.parametrize(
    ("one", "aim"),
    [(plant(), True), (plant(strength=5.0), False), (plant(days=10), False), (plant(share=0.2), False), (plant("season"), False)],
)
def test_the_aim_is_for_stories_of_one_kind(one: Plant, aim: bool) -> None:
    assert one.aim is aim


def test_drawn_stories_of_a_record_set_are_far_apart() -> None:
    banks = draw(400, 7, POOL, PLACES, {code: frozenset[str]() for code in PLACES}, AS_OF)
    plants = [one for bank in banks for one in bank]
    assert len({one.id for one in plants}) == len(plants) == 400
    for bank in banks:
        of_set: dict[str, list[Plant]] = defaultdict(list)
        for one in bank:
            of_set[one.place.records.code].append(one)
        for ordered in of_set.values():
            days = sorted(one.last for one in ordered)
            assert all((later - sooner).days >= BEFORE_DAYS + max(LENGTHS) for sooner, later in pairwise(days))
    nulls = sum(one.kind != "trait" for one in plants)
    assert nulls == pytest.approx(NULLS * len(plants), abs=40)
    assert all(one.last <= one.as_of <= AS_OF for one in plants)


def test_the_tags_a_record_set_speaks_of_are_no_trait_of_it() -> None:
    given = {code: frozenset(["mort_flag"]) for code in PLACES}
    pool = (
        *POOL,
        Candidate("age", "2", TagCondition(tag="age", operator=">=", value=30), 0.12),
        Candidate("age", "3", MORTGAGE.node, 0.07),
    )
    plants = [one for bank in draw(60, 7, pool, PLACES, given, AS_OF) for one in bank]
    assert {tag for one in plants for tag in one.signs} == {"age", "gender"}


def test_a_file_of_stories(tmp_path: Path) -> None:
    path = tmp_path / "stories.yaml"
    path.write_text(FILE, encoding="utf-8")
    (first,), (second,) = read(path, CATALOG, AS_OF)
    assert (first.id, first.kind, first.strength, first.place.records.code) == ("RATE", "trait", 9.0, "search")
    assert (first.first, first.last, first.as_of) == (date(2026, 9, 11), AS_OF, AS_OF)
    assert dict(first.signs) == {"mort_flag": frozenset(["true"]), "mort_rate": frozenset()}
    assert first.story(MONTHS) == first.given
    assert (second.id, second.kind, second.last) == ("TERM", "season", date(2026, 9, 10))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "stories.yaml"
    path.write_text("- {id: X}", encoding="utf-8")
    with pytest.raises(UserError) as error:
        read(path, CATALOG, AS_OF)
    assert error.value.code == "demo_stories"
