"""Whether a persona finds what is not there, and whether its intervals hold what they say. Law: the buckets are the bank's own, read through compiler, gate 2 and
engine; only who is in the segment is drawn by lot, and the persona counts, tests and corrects as it does in an answer.

- Shuffled: a random subset of the base is the segment, so that nothing sets it apart; a persona that lists anything is a false alarm. The false discovery rate
  is then the chance of any (Benjamini and Hochberg 1995), so at 5 % at most about one in twenty may.
- Intervals: two groups of customers who really differ are drawn from, with replacement, so that the difference between the groups is the truth; every interval
  that would be shown is held against it. Draws are independent, the traits within one are not: the standard error is that of the draws' means.
A table made from the customers must equal the one that SQL makes of a real rule, else nothing is proven of the product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray

from assistant.catalog.model import Tag
from assistant.errors import Fault
from assistant.insight import persona
from assistant.insight.breakdown import cut_points
from assistant.insight.spread import ABSENT, Spread, side_by_side, strata
from assistant.insight.traits import splits
from assistant.sql import profile
from assistant.sql.query import Cell, Query, Table
from assistant.validation.verdict import ValidatedRule

STATED = 0.95
SMALLEST = 100
LARGEST_SHARE = 0.25
"""A drawn segment has at least so many customers and at most this share of the base, sizes spread evenly by order of magnitude."""

Execute = Callable[[Query], Table]
Codes = NDArray[numpy.int32]
Chosen = NDArray[numpy.int64]


@dataclass(frozen=True)
class Population:
    """The base, customer by customer: for each tag its buckets and which one each customer is in."""

    rule: ValidatedRule
    tags: tuple[Tag, ...]
    names: tuple[tuple[str, ...], ...]
    codes: tuple[Codes, ...]
    size: int

    def counts(self, place: int, chosen: Chosen) -> NDArray[numpy.int64]:
        """Customers of a tag's buckets among the chosen (a customer chosen twice counts twice)."""
        return numpy.bincount(self.codes[place][chosen], minlength=len(self.names[place]))

    def table(self, segment: Chosen, rest: Chosen) -> Table:
        """As the profile of a rule that selects the segment, against the rest."""
        rows: list[tuple[Cell, ...]] = []
        for place, tag in enumerate(self.tags):
            sides = zip(self.names[place], self.counts(place, segment), self.counts(place, rest), strict=True)
            rows += [(tag.code, name or None, int(n), int(rest_n)) for name, n, rest_n in sides if n + rest_n]
        return Table(("tag", "bucket", "n", "rest_n"), tuple(rows), "shuffled")


@dataclass(frozen=True)
class ShuffledReport:
    """`alarms`: what each run listed that listed anything. `covered`: of each draw the share of its intervals that hold the truth."""

    runs: int
    alarms: tuple[tuple[str, ...], ...]
    tried: float
    covered: tuple[float, ...]
    intervals: int
    seed: int

    @property
    def alarm_rate(self) -> float:
        return len(self.alarms) / self.runs

    @property
    def coverage(self) -> float:
        """Share of the intervals that hold the truth, the mean of the draws."""
        return math.fsum(self.covered) / len(self.covered)

    @property
    def coverage_error(self) -> float:
        """Its standard error."""
        spread = math.fsum((one - self.coverage) ** 2 for one in self.covered) / max(1, len(self.covered) - 1)
        return math.sqrt(spread / len(self.covered))

    def figures(self) -> dict[str, float | int]:
        """What the command prints last."""
        return {
            "runs": self.runs, "false_alarms": len(self.alarms), "alarm_rate": round(self.alarm_rate, 4), "traits_tried": round(self.tried, 1),
            "intervals": self.intervals, "stated": STATED, "coverage": round(self.coverage, 4), "coverage_error": round(self.coverage_error, 5), "seed": self.seed,
        }  # fmt: skip


def run_shuffled(
    everyone: ValidatedRule, real: ValidatedRule, qualifier: tuple[str, ...], execute: Execute, runs: int, seed: int
) -> ShuffledReport:
    """`everyone`: the rule of the whole base; `real`: any rule over it, whose table is made both ways. Fault `shuffled_table` when the two differ."""
    population, inside = population_of(everyone, real, qualifier, execute)
    _check(population, inside, real, qualifier, execute)
    random = numpy.random.default_rng(seed)
    alarms: list[tuple[str, ...]] = []
    tried: list[int] = []
    covered: list[float] = []
    intervals = 0
    for _ in range(runs):
        order = random.permutation(population.size)
        size = _drawn_size(random, population.size)
        found = persona.judged(population.table(order[:size], order[size:]), (), everyone)
        tried.append(found.tested)
        if found.traits:
            alarms.append(tuple(f"{trait.tag} {trait.bucket}" for trait in found.traits))
        held, shown = intervals_that_hold(population, random)
        if shown:
            covered.append(held / shown)
            intervals += shown
    return ShuffledReport(runs, tuple(alarms), sum(tried) / runs, tuple(covered), intervals, seed)


def population_of(
    everyone: ValidatedRule, real: ValidatedRule, qualifier: tuple[str, ...], execute: Execute
) -> tuple[Population, NDArray[numpy.bool_]]:
    """The base as the compiler sorts it into buckets, and who of it the real rule selects."""
    tags = persona.usable_tags(everyone)
    table = execute(profile.customers(real, tags, qualifier, {tag.code: cut_points(tag) for tag in tags if tag.numeric}))
    columns = list(zip(*table.rows, strict=True))
    names: list[tuple[str, ...]] = []
    codes: list[Codes] = []
    for column in columns[1:]:
        listed = {name: place for place, name in enumerate(dict.fromkeys(column))}
        names.append(tuple(str(name) for name in listed))
        codes.append(numpy.array([listed[cell] for cell in column], dtype=numpy.int32))
    inside = numpy.array(columns[0], dtype=numpy.int64) == 1
    return Population(everyone, tags, tuple(names), tuple(codes), len(table.rows)), inside


def _check(population: Population, inside: NDArray[numpy.bool_], real: ValidatedRule, qualifier: tuple[str, ...], execute: Execute) -> None:
    """The table made of the customers is the one that the persona of the rule reads."""
    segment, others, *_ = map(execute, persona.plan(real, qualifier))
    made = population.table(numpy.flatnonzero(inside), numpy.flatnonzero(~inside))
    asked, counted = (strata(table, real.catalog, [[]])[0] for table in (made, side_by_side(segment, others, within=True)))
    if asked != counted:
        raise Fault("shuffled_table")


def _drawn_size(random: numpy.random.Generator, population: int) -> int:
    least, most = min(SMALLEST, population // 4), int(population * LARGEST_SHARE)
    return int(math.exp(random.uniform(math.log(least), math.log(most))))


def intervals_that_hold(population: Population, random: numpy.random.Generator) -> tuple[int, int]:
    """Of one draw from two groups that differ (the customers in a bucket of a tag drawn by lot, and all others): intervals that hold the truth, and all."""
    groups = _two_groups(population, random)
    if groups is None:
        return 0, 0
    truth = _spreads(population, *groups)
    sizes = (_drawn_size(random, population.size), population.size - _drawn_size(random, population.size))
    drawn = [group[random.integers(0, len(group), size)] for group, size in zip(groups, sizes, strict=True)]
    seen = persona.look(population.table(drawn[0], drawn[1]), (), population.rule)
    held = shown = 0
    for trait in (*seen.tried, *seen.given):
        tag, spread = population.rule.catalog.tags[trait.tag], seen.everything[trait.tag]
        split = next(one for one in splits(tag, population.rule.catalog, spread) if trait.bucket in (one.bucket, one.outside))
        of_all = bool(spread.n[ABSENT] or spread.rest[ABSENT])
        known = truth[trait.tag] if of_all else truth[trait.tag].of_holders
        one = known.stratum(split.inside)
        if one.n in (0, one.of) or one.rest_n in (0, one.rest_of):
            continue  # a share of nobody or of everybody is drawn without error
        shown += 1
        difference = one.n / one.of - one.rest_n / one.rest_of
        difference = difference if trait.bucket == split.bucket else -difference
        held += trait.low <= difference <= trait.high
    return held, shown


def _two_groups(population: Population, random: numpy.random.Generator) -> tuple[Chosen, Chosen] | None:
    """A bucket that neither nobody nor everybody is in; None where the lot falls on no such one in a few tries."""
    for _ in range(20):
        place = int(random.integers(len(population.tags)))
        inside = population.codes[place] == random.integers(len(population.names[place]))
        if SMALLEST <= inside.sum() <= population.size - SMALLEST:
            return numpy.flatnonzero(inside), numpy.flatnonzero(~inside)
    return None


def _spreads(population: Population, segment: Chosen, rest: Chosen) -> Mapping[str, Spread]:
    """How both whole groups spread: the truth."""
    return persona.look(population.table(segment, rest), (), population.rule).everything
