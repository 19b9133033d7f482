"""Whether what adds up does: the parts of a change, a funnel and a breakdown, of random rules at random pairs of dates, against sets in plain Python.

Law: gate 1, compiler, gate 2 and engine run as they do in the product; the sets come from the oracle, which shares nothing with them but `resolve`. A check is
one function in CHECKS: it draws nothing but from the case's own generator and gives one line for each thing that is not exactly so.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from assistant.errors import AssistantError, UserError
from assistant.evaluate.agreement import Warehouse, opened, worlds
from assistant.evaluate.generator import Author, as_validated
from assistant.evaluate.oracle import members
from assistant.evaluate.world import World
from assistant.insight import breakdown, compare, contrast, funnel, grid, migration, overlap
from assistant.insight.contrast import Contrast
from assistant.insight.parts import segments
from assistant.insight.periods import Earlier, as_read_then
from assistant.insight.spread import together
from assistant.rule.canonical import text
from assistant.rule.tree import AllOf, AnyOf, Range, TagCondition, walk
from assistant.rule.window import Absolute, Frozen, resolve
from assistant.sql.two_dates import Followed, counted_until
from assistant.validation.verdict import ValidatedRule

RULES_A_WORLD = 25
MOST_SHOWN = 20
_TRIES = 12


@dataclass(frozen=True)
class Case:
    """One rule at two dates, over one world and its warehouse. `random` is the case's own."""

    random: Random
    world: World
    warehouse: Warehouse
    then: ValidatedRule
    now: ValidatedRule

    @cached_property
    def sets(self) -> Mapping[str, frozenset[int]]:
        """By the oracle: both bases, the rule then and now, and tags of one date with records of the other."""
        node, bank, scope = self.now.rule.node, self.world.bank, self.world.scope
        dates = {"then": (self.then.as_of, self.then.today), "now": (self.now.as_of, self.now.today)}
        found = {f"base_{name}": members(AllOf(), bank, *day, scope) for name, day in dates.items()}
        for tags, day in dates.items():
            for records, other in dates.items():
                found[f"{tags}_{records}"] = members(node, bank, *day, scope, other)
        last, opened = counted_until(self.then), self.now.catalog.header.opened_tag
        since = () if last is None or opened is None else _since(opened, last)
        found["known_then"] = found["base_then"].difference(*(members(one, bank, *dates["now"], scope) for one in since))
        return found

    @property
    def qualifier(self) -> tuple[str, ...]:
        return self.warehouse.engine.qualifier


def _since(opened: str, last: date) -> tuple[TagCondition]:
    """To have become a customer after a day."""
    return (TagCondition(tag=opened, operator="within", value=Absolute(start=last + timedelta(days=1))),)


Check = Callable[[Case], Iterator[str]]


def parts_of_a_change(case: Case) -> Iterator[str]:
    """The parts of a change, each as its set says, adding up to both counts; and the customers of one of them."""
    sets = case.sets
    tables = [case.warehouse.run(query, case.now.catalog) for query in compare.plan(case.then, case.now, case.qualifier)]
    found = compare.read(tables, case.then, case.now, len(sets["now_now"]))
    wanted = change_by_sets(sets)
    for part in compare.PARTS:
        if found.parts[part] != len(wanted[part]):
            yield f"{part}: {found.parts[part]}, not {len(wanted[part])}"
    sizes = {
        "count_then": len(sets["then_then"]),
        "count_now": len(sets["now_now"]),
        "base_then": len(sets["base_then"]),
        "base_now": len(sets["base_now"]),
    }
    for name, size in sizes.items():
        if getattr(found, name) != size:
            yield f"{name}: {getattr(found, name)}, not {size}"
    gone, come = found.left + found.parts["left_bank"], found.entered + found.parts["joined"]
    if found.count_then + come - gone != found.count_now:
        yield "the parts do not add up"
    part = case.random.choice(compare.PARTS)
    (listing,) = compare.plan_members(case.then, case.now, part, case.qualifier)
    listed = case.warehouse.run(listing, case.now.catalog).column("one_id")
    if list(listed) != sorted(wanted[part]):
        yield f"the customers of {part}"


def change_by_sets(sets: Mapping[str, frozenset[int]]) -> Mapping[compare.Part, frozenset[int]]:
    """The parts of a change by their definition: what alone suffices, said of sets."""
    was, is_now, behaviour, tags = (sets[name] for name in ("then_then", "now_now", "then_now", "now_then"))
    came, went = (is_now - was) & sets["known_then"], (was - is_now) & sets["base_now"]
    return {
        "joined": is_now - was - sets["known_then"],
        "entered.behaviour": (came & behaviour) - tags,
        "entered.tags": (came & tags) - behaviour,
        "entered.either": came & behaviour & tags,
        "entered.both": came - behaviour - tags,
        "stayed": was & is_now,
        "left.behaviour": (went & tags) - behaviour,
        "left.tags": (went & behaviour) - tags,
        "left.either": went - behaviour - tags,
        "left.both": went & behaviour & tags,
        "left_bank": was - sets["base_now"],
    }


def days_that_tags_tell(case: Case) -> Iterator[str]:
    """No date tag is asked about days after the snapshot that it is read in: there it would be empty for everybody, and in the other date's it would not."""
    then, told = case.then, {day for day in case.world.snapshots if day <= case.then.as_of}
    later = [day for day in case.world.snapshots if day >= then.as_of]
    for _, node in walk(then.expanded):
        if not isinstance(node, TagCondition) or node.snapshot is not None or node.operator != "within":
            continue
        tag, window = then.catalog.tags[node.tag], node.value
        if tag.type != "date" or not isinstance(window, Frozen) or isinstance(window, Range):
            continue
        read_in = min(later) if tag.settled and later else max(told)
        counted_from, days = then.as_of, resolve(window, then.as_of, then.today, tag.tense)
        if tag.tense == "past" and days.end is not None and days.end > read_in:
            yield f"{tag.code}: asked until {days.end}, read in {read_in}"
        if tag.tense == "future" and counted_from != read_in and not isinstance(window, Absolute):
            yield f"{tag.code}: counted from {counted_from}, read in {read_in}"


def segments_of_a_change(case: Case) -> Iterator[str]:
    """Whoever entered, stayed, left or joined, as a rule of today wherever one says it."""
    wanted = change_by_sets(case.sets)
    groups = {
        name: frozenset[int]().union(*(customers for part, customers in wanted.items() if part == name or part.startswith(f"{name}.")))
        for name in ("entered", "stayed", "left", "joined")
    }
    groups["came"] = groups["entered"] | groups["joined"]
    for name, node in segments(case.then, case.now).items():
        rule = as_validated(node, case.world)
        if rule is not None and case.warehouse.members(rule) != groups[name]:
            yield f"the rule of those who {name}"


def steps_of_a_funnel(case: Case) -> Iterator[str]:
    """Every step of a funnel: what is left after it, what it alone holds, and what all others hold."""
    rule = case.now
    found = funnel.read([case.warehouse.run(query, rule.catalog) for query in funnel.plan(rule, case.qualifier)], rule)
    if found is None:
        return
    base = case.sets["base_now"]
    parts = [case.world.members(one.node) & base for one in funnel.conditions(rule)]
    for place, step in enumerate(found.steps):
        wanted = {
            "remaining": base.intersection(*parts[: place + 1]),
            "alone": parts[place],
            "without": base.intersection(*parts[:place], *parts[place + 1 :]),
        }
        for name, customers in wanted.items():
            if getattr(step, name) != len(customers):
                yield f"funnel {name} {place}: {getattr(step, name)}, not {len(customers)}"
    if (found.base, found.count) != (len(base), len(case.sets["now_now"])):
        yield f"funnel: {found.count} of {found.base}"


def rows_of_a_breakdown(case: Case) -> Iterator[str]:
    """The rows of a breakdown add up to the segment and to the base, whatever the tag."""
    rule, tag = case.now, case.random.choice(tuple(case.now.catalog.tags.values()))
    levels: tuple[breakdown.Level, ...] = ("region", "1", "2", "3")
    dimension = breakdown.Dimension(tag.code, case.random.choice((None, *levels)) if tag.values_from == "organisation" else None)
    tables = [case.warehouse.run(query, rule.catalog) for query in breakdown.plan(rule, dimension, case.qualifier)]
    found = breakdown.read(tables, rule, dimension, len(case.sets["now_now"]))
    if sum(row.n for row in found.rows) != len(case.sets["now_now"]) or sum(row.base_n for row in found.rows) != len(case.sets["base_now"]):
        yield f"breakdown by {dimension.id}"


def cells_of_a_grid(case: Case) -> Iterator[str]:
    """Rows and columns of two tags add up to the segment and the base, and each line is the breakdown by its tag."""
    rule = case.now
    tags = case.random.sample([tag for tag in rule.catalog.tags.values() if tag.type != "month_day"], 2)
    tables = [case.warehouse.run(query, rule.catalog) for query in grid.plan(rule, tags[0], tags[1], case.qualifier)]
    found = grid.read(tables, rule, None, tags[0], tags[1], len(case.sets["now_now"]))
    if sum(cell.n for cell in found.cells) != len(case.sets["now_now"]):
        yield f"grid of {tags[0].code} and {tags[1].code}"
    for axis, tag in enumerate(tags):
        by_one = breakdown.plan(rule, breakdown.Dimension(tag.code), case.qualifier)
        rows = breakdown.read(
            [case.warehouse.run(query, rule.catalog) for query in by_one], rule, breakdown.Dimension(tag.code), found.count
        )
        for row in rows.rows:
            line = found.total(row.code, None) if axis == 0 else found.total(None, row.code)
            if row.kind == "value" and row.code is not None and line != row.n:
                yield f"grid line {tag.code} {row.code}: {line}, not {row.n}"


def lines_of_a_migration(case: Case) -> Iterator[str]:
    """Rows are the segment then by value, columns the segment now, and those of one date only are in or out of the base as the sets say."""
    graded = [tag for tag in case.now.catalog.tags.values() if tag.type == "enum" and tag.values]
    if not graded:
        return
    tag, sets = case.random.choice(graded), case.sets
    tables = [case.warehouse.run(query, case.now.catalog) for query in migration.plan(case.then, case.now, tag, case.qualifier)]
    found = migration.read(tables, case.then, case.now, tag)
    was, is_now = sets["then_then"], sets["now_now"]
    wanted: Mapping[migration.Total, int] = {
        "then": len(was),
        "now": len(is_now),
        "joined": len(is_now - sets["base_then"]),
        "entered": len((is_now & sets["base_then"]) - was),
        "gone": len(was - sets["base_now"]),
        "left": len((was & sets["base_now"]) - is_now),
    }
    for name, size in wanted.items():
        if found.total(name) != size:
            yield f"migration by {tag.code}, {name}: {found.total(name)}, not {size}"
    if found.total("stayed") + found.total("moved") != len(was & is_now):
        yield f"migration by {tag.code}: who was there at both dates"
    if (sum(map(found.row, found.places)), sum(map(found.column, found.places))) != (len(was), len(is_now)):
        yield f"migration by {tag.code}: rows or columns do not add up"
    sides: tuple[tuple[Followed, frozenset[int], frozenset[int]], ...] = (
        ("then", was, sets["base_now"]),
        ("now", is_now, sets["base_then"]),
    )
    for whose, people, base in sides:
        followed = migration.read(
            [case.warehouse.run(query, case.now.catalog) for query in migration.plan(case.then, case.now, tag, case.qualifier, whose)],
            case.then,
            case.now,
            tag,
            whose,
        )
        there = followed.total("stayed") + followed.total("moved")
        if (sum(move.n for move in followed.moves), there) != (len(people), len(people & base)):
            yield f"migration by {tag.code} of those of {whose}"


def groups_of_two_segments(case: Case) -> Iterator[str]:
    """Two segments: who is in both, in the one only and in the other only, as the sets say; and every tag's buckets add up to those three groups."""
    rule, other = case.now, _another(case)
    if other is None:
        return
    one, two = case.sets["now_now"], case.world.members(other.rule.node) & case.sets["base_now"]
    counted = overlap.read([case.warehouse.run(query, rule.catalog) for query in overlap.plan([rule, other], case.qualifier)], 2)
    n, other_n = counted.counts
    found = Contrast(rule.rule.node, other.rule.node, n, other_n, counted.both[0][1], counted.query)
    wanted = {
        "n": len(one),
        "other_n": len(two),
        "both": len(one & two),
        "only": len(one - two),
        "other_only": len(two - one),
        "either": len(one | two),
    }
    for name, size in wanted.items():
        if getattr(found, name) != size:
            yield f"two segments, {name}: {getattr(found, name)}, not {size}"
    mine, theirs = (
        [case.warehouse.run(query, rule.catalog) for query in queries] for queries in contrast.plan(rule, other, case.qualifier)
    )
    (own, _), (others, _) = contrast.counted(mine, theirs, rule, other)
    for code, group in contrast.groups_of(together(own), together(others)).items():
        if one | two and group.sizes != (len(one - two), len(one & two), len(two - one)):
            yield f"two segments by {code}: {group.sizes}"


def _another(case: Case) -> ValidatedRule | None:
    """A second rule over the same world."""
    author = Author(case.random, case.world)
    return next((rule for _ in range(_TRIES) if (rule := author.steered()) is not None), None)


CHECKS: tuple[Check, ...] = (
    parts_of_a_change,
    days_that_tags_tell,
    segments_of_a_change,
    steps_of_a_funnel,
    rows_of_a_breakdown,
    cells_of_a_grid,
    lines_of_a_migration,
    groups_of_two_segments,
)


@dataclass(frozen=True)
class Inexact:
    """Something that was not exactly so: which check, in which world, and the rule with its dates."""

    check: str
    what: str
    world: int
    rule: str
    then: str
    now: str


@dataclass(frozen=True)
class ExactnessReport:
    """`pairs` rules were run at two dates each. `moved`: pairs in which anybody came or went; `by_part`: pairs in which a part held anybody."""

    pairs: int
    inexact: tuple[Inexact, ...]
    failures: int
    moved: int
    by_part: Mapping[str, int]
    seconds: float

    def figures(self) -> dict[str, int | float]:
        """What the command's last line says."""
        return {"pairs": self.pairs, "failures": self.failures, "moved": self.moved, "seconds": round(self.seconds, 1)}


def run_exactness(pairs: int, seed: int = 0, checks: tuple[Check, ...] = CHECKS) -> ExactnessReport:
    """Run every check on `pairs` random rules, each at a random pair of dates."""
    started = time.perf_counter()
    inexact: list[Inexact] = []
    by_part: Counter[str] = Counter()
    done = failures = moved = 0
    for number, random, world in worlds(seed):
        if done >= pairs:
            break
        with opened(world) as warehouse:
            for case in _cases(random, world, warehouse, min(RULES_A_WORLD, pairs - done)):
                done += 1
                held = [part for part, customers in change_by_sets(case.sets).items() if customers]
                by_part.update(held)
                moved += any(part != "stayed" for part in held)
                for check in checks:
                    said = _said(check, case)
                    failures += bool(said)
                    inexact += [_inexact(check, one, number, case) for one in said if len(inexact) < MOST_SHOWN]
    return ExactnessReport(
        done, tuple(inexact), failures, moved, {part: by_part[part] for part in compare.PARTS}, time.perf_counter() - started
    )


def _said(check: Check, case: Case) -> list[str]:
    try:
        return list(check(case))
    except AssistantError as error:
        return [str(error)]


def _inexact(check: Check, what: str, number: int, case: Case) -> Inexact:
    dates = (f"{one.as_of} today {one.today} tags {one.snapshot}" for one in (case.then, case.now))
    return Inexact(check.__name__, what, number, text(case.now.rule.node), *dates)


def _cases(random: Random, world: World, warehouse: Warehouse, rules: int) -> Iterator[Case]:
    """Rules that may be asked at two dates."""
    author = Author(random, world)
    while rules:
        now = author.steered() if random.random() < 0.5 else _tags_with_behaviour(author)
        then = None if now is None else _earlier(random, world, now)
        if now is not None and then is not None:
            rules -= 1
            yield Case(random, world, warehouse, then, now)


def _tags_with_behaviour(author: Author) -> ValidatedRule | None:
    """A tag and a record condition in one rule, the smallest that has customers moved by either alone and only by both together."""
    sides = (author.tag(), author.record())
    return as_validated(author.random.choice((AllOf(children=sides), AnyOf(children=sides))), author.world)


def _earlier(random: Random, world: World, now: ValidatedRule) -> ValidatedRule | None:
    """The rule at an earlier date of the world, asked as long after it as now; None where it cannot be asked (its window would be empty, or look at days that no tags tell of)."""
    ago = (*range(1, 20), 30, 31, 60, 90, 180, 365, 366, *((world.as_of - day).days for day in world.snapshots if day < world.as_of))
    for _ in range(_TRIES):
        try:
            return as_read_then(now, Earlier(world.as_of - timedelta(days=random.choice(ago))), world.snapshots)
        except UserError:
            continue
    return None
