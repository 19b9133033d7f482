"""Whether planted truth is found: random stories in demo banks, and which trait the persona, the comparison with the period before and the monitor name first. Law:
what is planted is drawn before anything is looked at, and everything planted is scored.

A story multiplies what the customers of one trait do (one record set, or one value of it) by its strength in a window of the last weeks; those of a bank are about
different record sets, so that they do not disturb each other. A null story has no trait: everybody does more, or nobody does, or the trait's customers
do more every year at this time; other tags go along with who uses the bank anyway (age, payroll, branch), and none of them must be named.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.demo.build import build_demo
from assistant.demo.stories import Effect, Story
from assistant.engines.duckdb import DuckDBEngine
from assistant.insight import drivers, monitor, persona
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import declared, kin
from assistant.insight.monitor import Key, Place, Series, Unusual
from assistant.insight.spread import Spread, Spreads, strata, together
from assistant.insight.traits import condition, splits, threshold
from assistant.policy import Identity
from assistant.rule.tree import AllOf, AnyNode, RecordCondition, SegmentRule, TagCondition
from assistant.rule.window import Absolute, DateSpan
from assistant.sql import profile
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

StoryKind = Literal["trait", "everybody", "season", "quiet"]
Arm = Literal["persona", "change", "monitor"]
ARMS: tuple[Arm, ...] = ("persona", "change", "monitor")
STRENGTHS = (1.5, 2.0, 3.0, 5.0)
LENGTHS = (7, 10, 14)
SIZES = ((0.05, 0.10), (0.10, 0.15), (0.15, 0.25))
"""Shares of the base that a trait's customers are, from and below."""
BANK_CUSTOMERS = 16_000
REFERENCE_CUSTOMERS = 4_000
STORIES_A_BANK = 12
NULLS = 0.25
LEAST_DAILY = 25.0
"""Customers a day below which an event is too rare for a story of two weeks to be told from chance."""
YEAR = 364
_COUNTED = frozenset(
    {
        "cc_first_use", "cc_last_txn", "last_txn_date", "txn_cnt_3m", "fx_settle_usd_12m", "last_touch_result", "complaint_open", "lifecycle_stage",
        "mau_stage", "churn_score", "tier_gap_amt", "mau_band", "grid16_cell", "prod_hold_cnt", "pp_contrib_ytd",
    }
)  # fmt: skip
"""Tags that count behaviour without naming a record set: the generator cannot make them a trait (see `demo/stories.py`)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trait that may be planted, and the share of the base that has it."""

    tag: str
    bucket: str
    node: TagCondition
    share: float


@dataclass(frozen=True, slots=True)
class Plant:
    """One story to plant: what is done more (`place`), by whom (None: a null story without a trait, or one that nobody is in), when and how strongly."""

    id: str
    kind: StoryKind
    place: Place
    trait: Candidate | None
    first: date
    last: date
    strength: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def aim(self) -> bool:
        """Whether it is of the kind the aim is set for: three times the visits over 14 days by a trait that 10-15 % of customers have."""
        return (
            self.trait is not None and self.kind == "trait" and (self.strength, self.days) == (3.0, 14) and 0.10 <= self.trait.share < 0.15
        )

    def rule(self, first: date, last: date) -> AnyNode:
        """Those who did it from `first` to `last`."""
        return RecordCondition(records=self.place.records.code, filters=self.place.filters, window=Absolute(start=first, end=last))

    def story(self) -> Story | None:
        """As the demo bank plants it; None for one of which nothing is planted."""
        if self.kind == "quiet":
            return None
        windows = [(self.first, self.last)]
        if self.kind == "season":
            windows.insert(0, (self.first - timedelta(days=YEAR), self.last - timedelta(days=YEAR)))
        trait = {"all": []} if self.trait is None else self.trait.node.model_dump(mode="json", exclude={"said", "snapshot"})
        by = self.place.by
        where: dict[str, tuple[str, ...] | bool] = {}
        if by is not None:
            where[by.code] = self.place.value == "true" if by.type == "flag" else (self.place.value,)
        effect = Effect(records=self.place.records.code, where=where, factor=self.strength)
        words = Text(zh=self.id, en=self.id)
        return Story(
            id=self.id, title=words, windows=tuple(windows), trait=trait, effects=(effect,), sentence=words, seasonal=self.kind == "season"
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One story as an arm told it: the traits named, in order (tag, bucket), and whether it was found at all (the monitor)."""

    plant: Plant
    arm: Arm
    named: tuple[tuple[str, str], ...]
    found: bool = True

    def rank(self, catalog: TagCatalog) -> int | None:
        """The place of the planted trait among those named, from 1; None where it is not named. A tag that nearly determines it by the catalog's word, or another
        value of a tag whose values have an order, is the same finding."""
        trait = self.plant.trait
        if trait is None:
            return None
        for place, (tag, bucket) in enumerate(self.named, 1):
            item = catalog.tags[tag]
            ordered = item.numeric or item.ordered or item.type == "date"
            if (tag == trait.tag and (ordered or bucket == trait.bucket)) or tag in kin(catalog, trait.tag):
                return place
        return None


@dataclass(frozen=True, slots=True)
class Recall:
    """Stories, and in how many the trait was named first, or among the first three."""

    stories: int = 0
    first: int = 0
    three: int = 0


@dataclass(frozen=True)
class StoriesReport:
    """What the arms told of every story. `seconds` by step."""

    told: tuple[Told, ...]
    catalog: TagCatalog
    seconds: Mapping[str, float] = field(default_factory=dict)

    def recall(self, arm: Arm, keep: Callable[[Plant], bool]) -> Recall:
        ranks = [one.rank(self.catalog) for one in self.told if one.arm == arm and one.plant.kind == "trait" and keep(one.plant)]
        return Recall(len(ranks), sum(rank == 1 for rank in ranks), sum(rank is not None and rank <= 3 for rank in ranks))

    def nulls(self, arm: Arm) -> tuple[int, int]:
        """Null stories, and those of which a trait was named."""
        named = [bool(one.named) for one in self.told if one.arm == arm and one.plant.kind != "trait"]
        return len(named), sum(named)


@dataclass(frozen=True)
class Bank:
    """An opened demo bank and what runs queries in it."""

    catalog: TagCatalog
    engine: DuckDBEngine
    snapshots: tuple[date, ...]

    @classmethod
    def open(cls, path: Path, catalog: TagCatalog) -> Bank:
        engine = DuckDBEngine(path)
        return cls(catalog, engine, engine.snapshots(catalog.header.customer_table, catalog.header.snapshot_column))

    def rule(self, node: AnyNode, as_of: date | None = None) -> ValidatedRule:
        day = as_of or self.engine.as_of
        found = validate(SegmentRule(node=node), self.catalog, Identity(), day, day + timedelta(days=1), self.snapshots)
        if not isinstance(found, ValidatedRule):
            raise ValueError(f"a planted rule does not pass: {found.issues}")
        return found

    def run(self, queries: Sequence[Query]) -> tuple[Table, ...]:
        return tuple(self.engine.execute(guard(query, self.catalog, self.engine.dialect, self.engine.qualifier)) for query in queries)

    def series(self) -> dict[Key, Series]:
        everyone = self.rule(AllOf())
        return monitor.read(self.run(monitor.plan(everyone, self.engine.qualifier)), everyone)


# --- drawing --------------------------------------------------------------------------------------------------------------------------------------


def candidates(bank: Bank) -> tuple[Candidate, ...]:
    """Every trait that can be planted and that a share of the base within `SIZES` has."""
    everyone = bank.rule(AllOf())
    tags = [tag for tag in persona.usable_tags(everyone) if tag.roll_up_of is None and tag.code not in _COUNTED]
    cuts = {tag.code: cut_points(tag) for tag in tags if tag.numeric}
    (table,) = bank.run([profile.joint(everyone, tags, [[]], bank.engine.qualifier, cuts)])
    spreads: Spreads = together(strata(table, bank.catalog, [[]])[0])
    found = []
    for tag in tags:
        spread = spreads.get(tag.code, Spread())
        for split in splits(tag, bank.catalog, spread):
            for bucket, inside in ((split.bucket, split.inside), (split.outside, frozenset(spread.n) - split.inside)):
                node = None if bucket is None else _plantable(condition(tag, bucket, bank.catalog), bucket, bank.catalog)
                share = sum(spread.n[one] for one in inside) / max(1, spread.sizes[0])
                if bucket is not None and node is not None and SIZES[0][0] <= share < SIZES[-1][1]:
                    found.append(Candidate(tag.code, bucket, node, share))
    return tuple(found)


def _plantable(node: TagCondition | None, bucket: str, catalog: TagCatalog) -> TagCondition | None:
    """The condition in the words the generator knows: a threshold of ranks as the list of its codes."""
    sign, code = threshold(bucket)
    if node is None or not isinstance(node.value, tuple) or not sign:
        return node
    tag = catalog.tags[node.tag]
    ranks = {value.code: value.rank or 0 for value in catalog.values(tag)}
    codes = tuple(one for one, rank in ranks.items() if (rank >= ranks[code]) == (sign == ">="))
    return TagCondition(tag=tag.code, operator="in", value=codes)


def busy_places(bank: Bank, times: float) -> Mapping[str, Sequence[Place]]:
    """By record set of customers' own behaviour the places (the set, or a value of it) where enough of them do it every day in a bank `times` as large."""
    found: dict[str, list[Place]] = defaultdict(list)
    for one in bank.series().values():
        known = [mean for mean in one.forecast.expected[-monitor.BEFORE_DAYS :] if mean is not None]
        daily = sum(known) / max(1, len(known)) * times
        if one.place.records.exposure is not None and not one.place.branches and daily >= LEAST_DAILY:
            found[one.place.records.code].append(one.place)
    return found


def draw(
    count: int, seed: int, pool: Sequence[Candidate], places: Mapping[str, Sequence[Place]], bank: Bank
) -> tuple[tuple[Plant, ...], ...]:
    """So many random stories, bank by bank; in each every story is about another record set."""
    random, as_of = Random(seed), bank.engine.as_of
    banks: list[tuple[Plant, ...]] = []
    drawn = 0
    while drawn < count:
        plants: list[Plant] = []
        for code in random.sample(sorted(places), min(STORIES_A_BANK, len(places), count - drawn)):
            last = as_of - timedelta(days=random.randrange(6))
            first = last - timedelta(days=random.choice(LENGTHS) - 1)
            place = random.choice(places[code])
            kind: StoryKind = random.choice(("everybody", "season", "quiet")) if random.random() < NULLS else "trait"
            probe = Plant("", kind, place, None, first, last, 1.0)
            given = declared(bank.rule(probe.rule(first, last)))
            low, high = random.choice((SIZES[0], SIZES[1], SIZES[1], SIZES[2]))
            tags = sorted({one.tag for one in pool if low <= one.share < high} - given)
            tag = random.choice(tags)
            trait = random.choice([one for one in pool if one.tag == tag and low <= one.share < high])
            strength = random.choice(STRENGTHS)
            name = f"S{drawn + len(plants):03d}"
            plants.append(Plant(name, kind, place, trait if kind in ("trait", "season") else None, first, last, strength))
        banks.append(tuple(plants))
        drawn += len(plants)
    return tuple(banks)


# --- telling --------------------------------------------------------------------------------------------------------------------------------------


def by_persona(plant: Plant, bank: Bank) -> Told:
    """Those who did it in the window against the rest of the base."""
    return Told(plant, "persona", _persona(bank.rule(plant.rule(plant.first, plant.last)), bank))


def by_change(plant: Plant, bank: Bank) -> Told:
    """Whose days grew against the weeks before; of a season against the same days of last year. Tags as they were before both."""
    start, end = plant.first - timedelta(days=monitor.BEFORE_DAYS), plant.first - timedelta(days=1)
    if plant.kind == "season":
        start, end = plant.first - timedelta(days=YEAR), plant.last - timedelta(days=YEAR)
    before, place = bank.rule(AllOf(), start - timedelta(days=1)), plant.place
    earlier, later = DateSpan(start, end), DateSpan(plant.first, plant.last)
    query = drivers.plan(before, place.records.code, place.filters, place.branches, earlier, later, bank.engine.qualifier)
    (table,) = bank.run([query])
    found = drivers.read(table, bank.catalog, declared(bank.rule(plant.rule(plant.first, plant.last))), rise=True)
    return Told(plant, "change", tuple((one.tag, one.bucket) for one in found))


def _persona(rule: ValidatedRule, bank: Bank) -> tuple[tuple[str, str], ...]:
    found = persona.read(bank.run(persona.plan(rule, bank.engine.qualifier)), rule)
    return tuple((trait.tag, trait.bucket) for trait in found.traits)


def by_monitor(plant: Plant, bank: Bank, unusual: Sequence[Unusual]) -> Told:
    """What the monitor says of the record set's days: found when a rise is told that overlaps the story; its drivers."""
    about = [one for one in unusual if one.series.place.records.code == plant.place.records.code and one.rise]
    near = [one for one in about if one.window.first <= plant.last and plant.first <= one.window.last]
    exact = sorted(near, key=lambda one: one.series.place.key != plant.place.key)
    if not exact:
        return Told(plant, "monitor", (), found=False)
    named = _drivers(exact[0], bank)
    return Told(plant, "monitor", tuple((one.tag, one.bucket) for one in named))


def _drivers(one: Unusual, bank: Bank) -> tuple[drivers.Driver, ...]:
    before = bank.rule(AllOf(), one.earlier.start - timedelta(days=1))
    (table,) = bank.run([monitor.plan_drivers(one, before, bank.engine.qualifier)])
    return drivers.read(table, bank.catalog, declared(bank.rule(one.node(AllOf()))), one.rise)


def tell_bank(plants: Sequence[Plant], path: Path, catalog: TagCatalog) -> Iterator[Told]:
    """Everything the arms say of the stories of one bank."""
    bank = Bank.open(path, catalog)
    try:
        unusual = monitor.unusual(bank.series(), catalog)
        for plant in plants:
            yield by_persona(plant, bank)
            yield by_change(plant, bank)
            yield by_monitor(plant, bank, unusual)
    finally:
        bank.engine.close()


def build(plants: Sequence[Plant], path: Path, customers: int, seed: int) -> None:
    """A demo bank with these stories and no others."""
    stories = [story.model_dump(mode="json", exclude_none=True) for plant in plants if (story := plant.story()) is not None]
    planted = path.with_suffix(".stories.yaml")
    planted.write_text(json.dumps(stories, ensure_ascii=False), encoding="utf-8")
    build_demo(path, customers, seed=seed, stories=planted)


def run_stories(
    count: int, seed: int, tell: Callable[[str], None], customers: int = BANK_CUSTOMERS, reference_customers: int = REFERENCE_CUSTOMERS
) -> StoriesReport:
    """Draw so many stories, plant them, and let every arm tell them. `tell` hears of each bank that is done."""
    catalog = TagCatalog.load()
    told: list[Told] = []
    seconds: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory(prefix="stories.") as folder:
        path = Path(folder) / "reference.duckdb"
        started = time.monotonic()
        build((), path, reference_customers, seed)
        reference = Bank.open(path, catalog)
        banks = draw(count, seed, candidates(reference), busy_places(reference, customers / reference_customers), reference)
        reference.engine.close()
        seconds["reference"] = time.monotonic() - started
        for number, plants in enumerate(banks):
            path = Path(folder) / f"bank_{number}.duckdb"
            started = time.monotonic()
            build(plants, path, customers, seed + number + 1)
            built = time.monotonic()
            told += tell_bank(plants, path, catalog)
            seconds["build"] += built - started
            seconds["tell"] += time.monotonic() - built
            path.unlink()
            tell(f"bank {number + 1} of {len(banks)}: {len(plants)} stories")
    return StoriesReport(tuple(told), catalog, dict(seconds))
