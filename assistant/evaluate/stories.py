"""Whether planted truth is found: random stories in demo banks, and which trait the persona, the comparison with the period before and the monitor name first. Law:
what is planted is settled before anything is looked at, and everything planted is scored.

Each arm is what the product answers about the behaviour B of a window W:
- persona: "W做过B的客户有什么特点，和上期比" ("what marks the customers who did B in W, compared with the period before"): whose part of the days grew against the eight
  weeks before. (Against the rest of the base, as without the last words, the answer is who does B anyway: true, and no story.)
- change: "W做过B的客户，和四周前比" ("compared with four weeks ago"): against the same weekdays four weeks earlier.
- monitor: "最近有什么异常" ("what is going on"): found by itself when a rise of the record set is told that overlaps the window; its drivers.
The first two are the drivers of a comparison (`insight/requested.py`), which asks for last year's days of a season (和去年同期比) and for those of the month before where pay-days
are. All three are read by `insight/drivers.py`, from tables counted by customer (`people.py`) and held against those of SQL once a bank.

Recalled is the planted trait itself: its tag with the planted bucket (of tags with an order another threshold as well), or a trait of all
but the same customers: those with both are at least `EQUIVALENT` of those with either (Jaccard 1901). No kin by name counts.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import RecordSet
from assistant.demo.build import DEFAULT_AS_OF
from assistant.engines.duckdb import DuckDBEngine
from assistant.errors import Fault
from assistant.evaluate import planted
from assistant.evaluate.people import Mask, People
from assistant.evaluate.planted import SIZES, YEAR, Candidate, Plant
from assistant.insight import drivers, monitor, persona, shifted
from assistant.insight.breakdown import cut_points
from assistant.insight.definition import declared, kin, settled
from assistant.insight.drivers import Move
from assistant.insight.monitor import Place, Unusual
from assistant.insight.spread import Spread, Spreads, strata, together
from assistant.insight.traits import condition, splits, threshold
from assistant.policy import Identity
from assistant.rule.tree import AllOf, AnyNode, RecordCondition, SegmentRule, TagCondition
from assistant.rule.window import DateSpan, shift
from assistant.sql import activity, profile
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

Arm = Literal["persona", "change", "monitor"]
ARMS: tuple[Arm, ...] = ("persona", "change", "monitor")
BANK_CUSTOMERS = 24_000
REFERENCE_CUSTOMERS = 4_000
LEAST_DAILY = 25.0
"""Customers a day below which an event is too rare for a story of two weeks to be told from chance."""
EQUIVALENT = 0.8
FOUR_WEEKS = 28
_NOT_DRAWN = frozenset({"salary_credit", "merchant_day"})
"""Salaries are paid once a month: a fortnight holds a pay-day or none, and what is multiplied is mostly nothing. Merchants take payments every day: the few dozen of a
small bank are always the same, and one in eight of them is a handful."""
_COUNTED = frozenset(
    {
        "cc_first_use", "cc_last_txn", "last_txn_date", "txn_cnt_3m", "fx_settle_usd_12m", "last_touch_result", "complaint_open", "lifecycle_stage",
        "mau_stage", "churn_score", "tier_gap_amt", "mau_band", "grid16_cell", "prod_hold_cnt", "pp_contrib_ytd", "time_next_mature", "wealth_next_mature",
        "cc_bill_last", "loan_prop",
    }
)  # fmt: skip
"""Tags that count behaviour without naming a record set, or are filled in after the stories are planted: the generator cannot make them a trait (see `demo/stories.py`)."""


@dataclass(frozen=True, slots=True)
class Told:
    """One story as an arm told it: the traits named, in order (tag, bucket); the place of the planted trait among them, from 1 (None: not named); and whether it was found at
    all (the monitor)."""

    plant: Plant
    arm: Arm
    named: tuple[tuple[str, str], ...]
    rank: int | None
    found: bool = True


@dataclass(frozen=True, slots=True)
class Recall:
    """Stories; how many the arm found at all (only the monitor has to); in how many the trait was named first, and among the first three."""

    stories: int = 0
    found: int = 0
    first: int = 0
    three: int = 0


@dataclass(frozen=True)
class StoriesReport:
    """What the arms told of every story. `seconds` by step."""

    told: tuple[Told, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)

    def recall(self, arm: Arm, keep: Callable[[Plant], bool]) -> Recall:
        """Of an arm, over the stories with a trait that are kept."""
        about = [one for one in self.told if one.arm == arm and one.plant.kind == "trait" and keep(one.plant)]
        ranks = [one.rank for one in about]
        return Recall(len(about), sum(one.found for one in about), ranks.count(1), sum(rank is not None and rank <= 3 for rank in ranks))

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
    kept: dict[date, People] = field(default_factory=dict)

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

    def people(self, day: date) -> People:
        """The base with its tags as they were at the eve of a day."""
        snapshot = drivers.eve(day, self.snapshots)
        if snapshot not in self.kept:
            self.kept[snapshot] = People.of(self.rule(AllOf(), snapshot), self.engine.qualifier, lambda query: self.run([query])[0])
        return self.kept[snapshot]

    def unusual(self, as_of: date) -> tuple[Unusual, ...]:
        """All that the monitor finds at a date."""
        everyone, qualifier = self.rule(AllOf(), as_of), self.engine.qualifier
        series = monitor.read(self.run(monitor.plan(everyone, qualifier)), everyone)
        steps = shifted.steps(series, monitor.unusual(series, self.catalog), everyone, self.eve, qualifier)
        try:
            queries = next(steps)
            while True:
                queries = steps.send(self.run(queries))
        except StopIteration as ended:
            return tuple(ended.value)

    def eve(self, first: date) -> ValidatedRule:
        """Everyone, with tags as they were at the eve of a day."""
        return self.rule(AllOf(), drivers.eve(first, self.snapshots))


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
    everyone = bank.rule(AllOf())
    found: dict[str, list[Place]] = defaultdict(list)
    series = monitor.read(bank.run(monitor.plan(everyone, bank.engine.qualifier)), everyone)
    for _, one in sorted(series.items()):  # what is drawn from them depends on the seed alone, not on the order of an engine's rows
        known = [mean for mean in one.forecast.expected[-monitor.BEFORE_DAYS :] if mean is not None]
        daily = sum(known) / max(1, len(known)) * times
        records: RecordSet = one.place.records
        if records.exposure is not None and not one.place.branches and daily >= LEAST_DAILY and records.code not in _NOT_DRAWN:
            found[records.code].append(one.place)
    return found


# --- telling --------------------------------------------------------------------------------------------------------------------------------------


def spans_before(plant: Plant) -> tuple[DateSpan, DateSpan]:
    """What the window is compared with by the persona and by the change; of a season and of a payday the same days of last year, or of the month before."""
    first, last = plant.first, plant.last
    if plant.kind == "season":
        found = DateSpan(first - timedelta(days=YEAR), last - timedelta(days=YEAR))
        return found, found
    if plant.kind == "payday":
        found = DateSpan(shift(first, "month", -1), min(shift(last, "month", -1), first - timedelta(days=1)))
        return found, found
    weeks = timedelta(days=FOUR_WEEKS)
    return DateSpan(first - timedelta(days=monitor.BEFORE_DAYS), first - timedelta(days=1)), DateSpan(first - weeks, last - weeks)


def move_of(bank: Bank, place: Place, window: tuple[date, date], earlier: tuple[date, date], opened: ValidatedRule) -> Move:
    """The rise of a place between two spans, among everyone."""
    eve, before = (bank.eve(first) for first in (window[0], earlier[0]))
    return Move(
        place.records.code, place.filters, place.branches, DateSpan(*earlier), DateSpan(*window), eve, before, declared(opened), rise=True
    )


def named(bank: Bank, move: Move) -> tuple[tuple[str, str], ...]:
    """What drives a move, as `drivers.steps` finds it."""
    found = drivers.read(_moments(bank, move, move.eve), bank.catalog, move.given, move.rise)
    kept = (
        drivers.borne_out(found, drivers.cells_of(_moments(bank, move, move.before), bank.catalog), bank.catalog, move.rise)
        if found.drivers
        else ()
    )
    return tuple((one.tag, one.bucket) for one in kept)


def _moments(bank: Bank, move: Move, rule: ValidatedRule) -> Table:
    """Whose days both spans hold, by every tag as of a rule of everyone."""
    if move.branches:
        return bank.run([drivers.plan(replace(move, eve=rule), bank.engine.qualifier)])[0]
    query = activity.days_of_each(rule, move.records, move.filters, (move.later, move.earlier), bank.engine.qualifier)
    (done,), people = bank.run([query]), bank.people(rule.as_of + timedelta(days=1))
    return people.moments(people.days(done, 0), people.days(done, 1))


def check(bank: Bank, plant: Plant) -> None:
    """What is counted from customers is what SQL counts. Fault `stories_table`."""
    move = _moved(plant, spans_before(plant)[0], bank)
    (counted,), made = bank.run([drivers.plan(move, bank.engine.qualifier)]), _moments(bank, move, move.eve)
    if sorted(tuple(map(str, row)) for row in counted.rows) != sorted(tuple(map(str, row)) for row in made.rows):
        raise Fault("stories_table")


def _moved(plant: Plant, earlier: DateSpan, bank: Bank) -> Move:
    if earlier.start is None or earlier.end is None:
        raise ValueError("an open span")
    opened = bank.rule(plant.rule(plant.first, plant.last), plant.as_of)
    return move_of(bank, plant.place, (plant.first, plant.last), (earlier.start, earlier.end), opened)


def by_comparing(plant: Plant, arm: Arm, earlier: DateSpan, bank: Bank) -> Told:
    """Those who did it in the window against those who did it in an earlier span."""
    return _told(plant, arm, named(bank, _moved(plant, earlier, bank)), bank)


def by_monitor(plant: Plant, bank: Bank, unusual: Sequence[Unusual]) -> Told:
    """What the monitor says of the record set's days."""
    about = [one for one in unusual if one.series.place.records.code == plant.place.records.code and one.rise]
    near = [one for one in about if one.window.first <= plant.last and plant.first <= one.window.last]
    if not near:
        return Told(plant, "monitor", (), None, found=False)
    one = min(near, key=lambda one: one.series.place.key != plant.place.key)
    window, earlier = (one.window.first, one.window.last), (one.earlier.start, one.earlier.end)
    opened = bank.rule(one.node(AllOf()), plant.as_of)
    move = replace(move_of(bank, one.series.place, window, earlier, opened), given=monitor.given(one, opened))
    return _told(plant, "monitor", named(bank, move), bank)


def _told(plant: Plant, arm: Arm, traits: tuple[tuple[str, str], ...], bank: Bank) -> Told:
    rank = next((place for place, (tag, bucket) in enumerate(traits, 1) if _is_it(plant, tag, bucket, bank)), None)
    return Told(plant, arm, traits, rank)


def _is_it(plant: Plant, tag: str, bucket: str, bank: Bank) -> bool:
    """Whether what is named is the planted trait."""
    item = bank.catalog.tags[tag]
    if tag in plant.signs:
        meant = plant.signs[tag]
        return not meant or bucket in meant or item.numeric or item.ordered or item.type == "date"
    people = bank.people(plant.first)
    mine = people.with_trait(tag, bucket)
    return any(_alike(mine, people.with_trait(sign, one)) >= EQUIVALENT for sign, buckets in plant.signs.items() for one in buckets)


def _alike(one: Mask, other: Mask) -> float:
    """Customers with both traits over those with either."""
    either = int(numpy.count_nonzero(one | other))
    return int(numpy.count_nonzero(one & other)) / either if either else 0.0


def tell_bank(plants: Sequence[Plant], path: Path, catalog: TagCatalog) -> Iterator[Told]:
    """Everything the arms say of the stories of one bank."""
    bank = Bank.open(path, catalog)
    try:
        check(bank, plants[0])
        unusual = {day: bank.unusual(day) for day in sorted({plant.as_of for plant in plants})}
        for plant in plants:
            weeks, days = spans_before(plant)
            yield by_comparing(plant, "persona", weeks, bank)
            yield by_comparing(plant, "change", days, bank)
            yield by_monitor(plant, bank, unusual[plant.as_of])
    finally:
        bank.engine.close()


def run_stories(
    count: int,
    seed: int,
    tell: Callable[[str], None],
    customers: int = BANK_CUSTOMERS,
    reference_customers: int = REFERENCE_CUSTOMERS,
    stories: Path | None = None,
) -> StoriesReport:
    """Draw so many stories, or read those of a file, plant them, and let every arm tell them. `tell` hears of each bank that is done. UserError as of `planted.read`."""
    catalog = TagCatalog.load()
    told: list[Told] = []
    seconds: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory(prefix="stories.") as folder:
        started = time.monotonic()
        if stories is None:
            banks = _drawn(count, seed, Path(folder) / "reference.duckdb", catalog, customers, reference_customers)
        else:
            banks = planted.read(stories, catalog, DEFAULT_AS_OF)
        seconds["draw"] = time.monotonic() - started
        for number, plants in enumerate(banks):
            path = Path(folder) / f"bank_{number}.duckdb"
            started = time.monotonic()
            planted.build(plants, path, customers, seed + number + 1)
            built = time.monotonic()
            told += tell_bank(plants, path, catalog)
            seconds["build"] += built - started
            seconds["tell"] += time.monotonic() - built
            path.unlink()
            tell(f"bank {number + 1} of {len(banks)}: {len(plants)} stories")
    return StoriesReport(tuple(told), dict(seconds))


def _presupposed(given: frozenset[str], catalog: TagCatalog) -> frozenset[str]:
    """What a record set speaks of, with all that only its holders have: a trait of one customer in eight that everybody in it has is everybody's story."""
    flags = given | {flag for code in given if code in catalog.tags and (flag := catalog.tags[code].held_by) is not None}
    akin = flags.union(*(kin(catalog, code) for code in flags if code in catalog.tags and catalog.tags[code].type == "flag"))
    return akin | {tag.code for tag in catalog.tags.values() if tag.held_by in akin}


def _drawn(
    count: int, seed: int, path: Path, catalog: TagCatalog, customers: int, reference_customers: int
) -> tuple[tuple[Plant, ...], ...]:
    """Random stories about what a bank of some customers, without stories, has enough of."""
    planted.build((), path, reference_customers, seed)
    bank = Bank.open(path, catalog)
    try:
        places = busy_places(bank, customers / reference_customers)
        given = {code: _presupposed(settled(bank.rule(RecordCondition(records=code))), catalog) for code in places}
        return planted.draw(count, seed, candidates(bank), places, given, bank.engine.as_of)
    finally:
        bank.engine.close()
