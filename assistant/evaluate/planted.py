"""Stories to plant in demo banks: what is done more, by whom, when and how strongly; drawn at random or read from a file. Law: what is planted is settled before
anything is looked at, and no two stories of a bank disturb each other.

A story multiplies what the customers of one trait do (one record set, or one value of it) by its strength in a window; how, see `demo/stories.py`. Those of one bank
are about different record sets, or so far apart that neither is in the days the other is compared with. A null story has no trait that should be named:
- everybody: all customers do more, half the time most of it on one day (a sales festival);
- season: the trait's customers did as much more in the same days of last year;
- payday: the trait's customers do more on the same days of every month;
- quiet: nothing happens.

A file is in the format of the demo bank's own stories (`assistant demo build --stories FILE`, see `demo/stories.yaml`): YAML or JSON, a list of id, title, windows
(first and last day), trait (a rule in short form; {all: []} for everybody), effects (records, where, factor, …), sentence and, for a null story, seasonal: true.
All effects of a story are planted; told of is its strongest rise on one record set, as a whole or by one value of one property, over the last 30 days of its last window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import RecordSet, Text
from assistant.demo.build import DEFAULT_AS_OF, SNAPSHOTS, build_demo, snapshot_dates
from assistant.demo.stories import Days, Effect, Peak, Story, load_stories
from assistant.insight.expected import LONGEST
from assistant.insight.monitor import Place, dimensions
from assistant.rule.short import node_from_short
from assistant.rule.tree import AnyNode, RecordCondition, TagCondition, walk
from assistant.rule.window import Absolute, add_months, unit_start

StoryKind = Literal["trait", "everybody", "season", "payday", "quiet"]
STRENGTHS = (1.5, 2.0, 3.0, 3.0, 3.0, 5.0)
LENGTHS = (7, 10, 14, 14)
SIZES = ((0.05, 0.10), (0.10, 0.15), (0.10, 0.15), (0.15, 0.25))
"""Shares of the base that a trait's customers are, from and below. What the aim is set for is drawn more often than the rest."""
NULLS = 0.25
APART = 91
"""Days between the as-of dates of a bank's stories: those of one record set are out of the weeks that the next one is compared with."""
TIMES = 4
"""As-of dates a bank."""
JITTER = 14
LATEST = 6
"""Days before its as-of date within which a story ends."""
YEAR = 364
_FESTIVAL = 6.0
_PAYDAYS = ((1, 3), (10, 12), (15, 17), (26, 28))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trait that may be planted, and the share of the base that has it."""

    tag: str
    bucket: str
    node: TagCondition
    share: float


@dataclass(frozen=True, slots=True)
class Plant:
    """One story to plant: what is done more (`place`), by whom (None: a null story without a trait, or one that nobody is in), when and how strongly, and at which
    date it is told. `signs`: the tags of the trait and the buckets it can be told by, none where any will do. `share`: of the base that has the trait (drawn stories only).
    `peak`: a day that most of it falls on. `monthly`: first and last day of the month of a payday story. `given`: the story of a file, which is planted as it stands."""

    id: str
    kind: StoryKind
    place: Place
    trait: AnyNode | None
    first: date
    last: date
    strength: float
    as_of: date
    signs: Mapping[str, frozenset[str]]
    share: float = 0.0
    peak: date | None = None
    monthly: tuple[int, int] | None = None
    given: Story | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def aim(self) -> bool:
        """Whether it is of the kind the aim is set for: three times the visits over 14 days by a trait that 10-15 % of customers have."""
        return self.kind == "trait" and (self.strength, self.days) == (3.0, 14) and 0.10 <= self.share < 0.15

    def rule(self, first: date, last: date) -> AnyNode:
        """Those who did it from `first` to `last`."""
        return RecordCondition(records=self.place.records.code, filters=self.place.filters, window=Absolute(start=first, end=last))

    def story(self, months: Sequence[date]) -> Story | None:
        """As the demo bank plants it; None for one of which nothing is planted. `months`: the first days of all months of the history."""
        if self.kind == "quiet" or self.given is not None:
            return self.given
        windows = [(self.first, self.last)]
        if self.kind == "season":
            windows.insert(0, (self.first - timedelta(days=YEAR), self.last - timedelta(days=YEAR)))
        if self.monthly is not None:
            windows = [(month.replace(day=self.monthly[0]), month.replace(day=self.monthly[1])) for month in months]
        trait = {"all": []} if self.trait is None else self.trait.model_dump(mode="json", exclude={"said", "snapshot"})
        by = self.place.by
        where: dict[str, tuple[str, ...] | bool] = {}
        if by is not None:
            where[by.code] = self.place.value == "true" if by.type == "flag" else (self.place.value,)
        effect = Effect(records=self.place.records.code, where=where, factor=self.strength)
        days = Days() if self.peak is None else Days(peaks=(Peak(start=self.peak, end=self.peak, weight=_FESTIVAL),))
        words = Text(zh=self.id, en=self.id)
        return Story(
            id=self.id, title=words, windows=tuple(windows), trait=trait, days=days, effects=(effect,), sentence=words,
            seasonal=self.kind in ("season", "payday"),
        )  # fmt: skip


def draw(
    count: int,
    seed: int,
    pool: Sequence[Candidate],
    places: Mapping[str, Sequence[Place]],
    given: Mapping[str, frozenset[str]],
    as_of: date,
) -> tuple[tuple[Plant, ...], ...]:
    """So many random stories, bank by bank; in each every story of an as-of date is about another record set. `given`: tags that a record set speaks of and that are no
    trait of those in it."""
    random = Random(seed)
    banks: list[tuple[Plant, ...]] = []
    drawn = 0
    while drawn < count:
        plants: list[Plant] = []
        for turn in range(TIMES):
            told = as_of - timedelta(days=turn * APART + (random.randrange(JITTER) if turn else 0))
            for code in random.sample(sorted(places), min(len(places), count - drawn - len(plants))):
                plants.append(_story(random, f"S{drawn + len(plants):03d}", random.choice(places[code]), told, not turn, pool, given[code]))
        banks.append(tuple(plants))
        drawn += len(plants)
    return tuple(banks)


def _story(random: Random, name: str, place: Place, told: date, has_year: bool, pool: Sequence[Candidate], given: frozenset[str]) -> Plant:
    last = told - timedelta(days=random.randrange(LATEST))
    first = last - timedelta(days=random.choice(LENGTHS) - 1)
    nulls: Sequence[StoryKind] = ("everybody", "season", "payday", "quiet") if has_year else ("everybody", "payday", "quiet")
    kind: StoryKind = random.choice(nulls) if random.random() < NULLS else "trait"
    low, high = random.choice(SIZES)
    tag = random.choice(sorted({one.tag for one in pool if low <= one.share < high} - given))
    trait = random.choice([one for one in pool if one.tag == tag and low <= one.share < high])
    strength = random.choice(STRENGTHS)
    peak = first + timedelta(days=random.randrange((last - first).days + 1)) if kind == "everybody" and random.random() < 0.5 else None
    monthly = random.choice(_PAYDAYS) if kind == "payday" else None
    if kind in ("everybody", "quiet"):
        return Plant(name, kind, place, None, first, last, strength, told, {}, peak=peak)
    return Plant(
        name, kind, place, trait.node, first, last, strength, told, {trait.tag: frozenset([trait.bucket])}, trait.share, peak, monthly
    )


def read(path: Path, catalog: TagCatalog, as_of: date) -> tuple[tuple[Plant, ...], ...]:
    """The stories of a file, bank by bank: those of one record set that are too near each other in time are in different ones. A story without a rise on one record set is
    left out. UserError `demo_stories`."""
    banks: list[list[Plant]] = []
    for story in load_stories(path):
        plant = _of(story, catalog, as_of)
        if plant is not None:
            near = next((bank for bank in banks if all(_apart(plant, one) for one in bank)), None)
            if near is None:
                banks.append([plant])
            else:
                near.append(plant)
    return tuple(map(tuple, banks))


def _of(story: Story, catalog: TagCatalog, as_of: date) -> Plant | None:
    for effect in sorted(story.effects, key=lambda one: -one.factor):
        records = catalog.records.get(effect.records or "")
        place = None if records is None or effect.factor <= 1 else _place(records, effect, catalog)
        start, end = (effect.windows or story.windows)[-1]
        if place is not None and start <= as_of:
            last = min(end, as_of)
            first = max(start, last - timedelta(days=LONGEST - 1))
            node = node_from_short(effect.trait if effect.trait is not None else story.trait)
            signs = dict(_sign(part, catalog) for _, part in walk(node) if isinstance(part, TagCondition))
            kind: StoryKind = "season" if story.seasonal else "trait" if signs else "everybody"
            return Plant(story.id, kind, place, node, first, last, effect.factor, last, signs, given=story)
    return None


def _place(records: RecordSet, effect: Effect, catalog: TagCatalog) -> Place | None:
    """What an effect is about, where the monitor has a series of it."""
    if not effect.where:
        return Place(records)
    if len(effect.where) > 1:
        return None
    ((code, value),) = effect.where.items()
    by = next((one for one in records.properties if one.code == code), None)
    values = [str(value).lower()] if isinstance(value, bool) else list(value)
    return Place(records, by, values[0]) if by in dimensions(records, catalog) and len(values) == 1 else None


def _sign(part: TagCondition, catalog: TagCatalog) -> tuple[str, frozenset[str]]:
    """A condition as a tag and the buckets it is told by; none for one with an order, whose thresholds are all told of the same thing."""
    match part.value:
        case bool() as value:
            return part.tag, frozenset([str(value == (part.operator == "=")).lower()])
        case tuple() as codes if part.operator in ("in", "=") and not catalog.tags[part.tag].ordered:
            return part.tag, frozenset(map(str, codes))
        case _:
            return part.tag, frozenset()


def _apart(one: Plant, other: Plant) -> bool:
    mine, theirs = (
        ({plant.place.records.code} | {effect.records for effect in plant.given.effects if effect.records}) if plant.given else set[str]()
        for plant in (one, other)
    )
    return not mine & theirs or abs((one.last - other.last).days) >= APART


def build(plants: Iterable[Plant], path: Path, customers: int, seed: int) -> None:
    """A demo bank with these stories and no others."""
    first, *_ = snapshot_dates(DEFAULT_AS_OF)
    months = [add_months(unit_start(first, "month"), number) for number in range(-3, SNAPSHOTS + 1)]
    stories = [story.model_dump(mode="json", exclude_none=True) for plant in plants if (story := plant.story(months)) is not None]
    planted = path.with_suffix(".stories.yaml")
    planted.write_text(json.dumps(stories, ensure_ascii=False), encoding="utf-8")
    build_demo(path, customers, seed=seed, stories=planted)
