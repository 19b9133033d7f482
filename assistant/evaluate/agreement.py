"""Compiled SQL against the oracle, pair by pair. Law: gate 1, compiler, gate 2 and engine run as they do in the product; only the data are small.

Each pair is one rule over one world, asked for its members, for the count of its complement (count(r) + count(not r) = base, the ternary-logic
partitioning of Rigger and Su, OOPSLA 2020), and by turns for its count, its mask and its base. A rule that differs is made smaller while it still differs.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random

from assistant.catalog.load import TagCatalog
from assistant.engines.duckdb import SCHEMA_VERSION, DuckDBEngine
from assistant.engines.small import SmallTable, write_tables
from assistant.errors import Fault
from assistant.evaluate.features import features
from assistant.evaluate.generator import Author, as_validated, selective, smaller
from assistant.evaluate.oracle import Row
from assistant.evaluate.world import World, small_world
from assistant.rule.canonical import text
from assistant.rule.tree import (
    AllOf,
    Not,
)
from assistant.sql import compile as compiler
from assistant.sql.guard import guard
from assistant.sql.query import Query, Table
from assistant.validation.verdict import ValidatedRule

RULES_A_WORLD = 40
MOST_SHOWN = 20
"""Differences that are made small and kept; more of them say nothing new."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """A rule that SQL and oracle read differently, as small as it would get. `where`: members, complement, count, mask, base or a fault;
    `world`: its number under the run's seed;
    `rows`: all there is about the first customer they disagree on."""

    where: str
    world: int
    rule: str
    as_of: str
    today: str
    scope: tuple[str, ...]
    only_sql: tuple[int, ...]
    only_oracle: tuple[int, ...]
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class OracleReport:
    """`pairs` rules were run; `differing` of them differed, the first of which are shown. `selective_share`: of rules that keep 5 to 95 % of
    their base; `histogram`: how often each node kind, operator, aggregate, window kind and kind of day was run."""

    pairs: int
    differing: int
    differences: tuple[Difference, ...]
    selective_share: float
    histogram: Mapping[str, int]
    seconds: float

    def figures(self) -> dict[str, int | float]:
        """What the command's last line says."""
        return {
            "pairs": self.pairs,
            "differences": self.differing,
            "selective_share": round(self.selective_share, 4),
            "seconds": round(self.seconds, 1),
        }


@dataclass(frozen=True)
class Warehouse:
    """A world's tables in a DuckDB file, asked through compiler, gate 2 and engine."""

    engine: DuckDBEngine

    def run(self, query: Query, catalog: TagCatalog) -> Table:
        return self.engine.execute(guard(query, catalog, self.engine.dialect, self.engine.qualifier))

    def members(self, rule: ValidatedRule) -> frozenset[int]:
        found = self.run(compiler.members(rule, self.engine.qualifier), rule.catalog).column("one_id")
        return frozenset(customer for customer in found if isinstance(customer, int))

    def count(self, rule: ValidatedRule) -> int:
        return _whole(self.run(compiler.count(rule, self.engine.qualifier), rule.catalog).scalar())

    def base(self, rule: ValidatedRule) -> int:
        return _whole(self.run(compiler.base(rule, self.engine.qualifier), rule.catalog).scalar())

    def masked(self, rule: ValidatedRule) -> int:
        """The count by the mask plan: customers for whom every top-level part holds."""
        node = rule.expanded
        parts = node.children if isinstance(node, AllOf) and 0 < len(node.children) <= compiler.MASK_PARTS else (node,)
        table = self.run(compiler.mask(rule, parts, self.engine.qualifier), rule.catalog)
        return sum(_whole(n) for mask, n in table.rows if mask == 2 ** len(parts) - 1)


def _whole(cell: object) -> int:
    assert isinstance(cell, int)
    return cell


@contextmanager
def opened(world: World) -> Iterator[Warehouse]:
    """The world as a file that lasts as long as the block."""
    with tempfile.TemporaryDirectory(prefix="assistant-oracle-") as folder:
        path = Path(folder) / "small.duckdb"
        tables = {name: SmallTable(table.types, [tuple(row.values()) for row in table.rows]) for name, table in world.tables.items()}
        info = SmallTable({"schema_version": "INTEGER", "as_of": "DATE"}, [(SCHEMA_VERSION, world.as_of)])
        write_tables(path, {**tables, "bank_info": info})
        engine = DuckDBEngine(path, threads=1)
        try:
            yield Warehouse(engine)
        finally:
            engine.close()


PLANS = ("count", "mask", "base")
"""The other plans of the compiler, which take turns: each costs as much as the members."""


def disagreement(rule: ValidatedRule, world: World, warehouse: Warehouse, plans: Sequence[str] = PLANS) -> str | None:
    """Where the first of the questions is answered otherwise than by the oracle (members, complement, or one of `plans`, or a fault); None when
    all agree."""
    wanted = world.members(rule.rule.node)
    complement = as_validated(Not(child=rule.rule.node), world)
    try:
        if warehouse.members(rule) != wanted:
            return "members"
        if complement is not None and warehouse.count(complement) + len(wanted) != len(world.members(AllOf())):
            return "complement"
        if "count" in plans and warehouse.count(rule) != len(wanted):
            return "count"
        if "base" in plans and warehouse.base(rule) != len(world.members(AllOf())):
            return "base"
        if "mask" in plans and warehouse.masked(rule) != len(wanted):
            return "mask"
    except Fault as fault:
        return str(fault)
    return None


def _difference(where: str, number: int, rule: ValidatedRule, world: World, warehouse: Warehouse) -> Difference:
    """The smallest rule found that still differs in any of the four ways."""
    found = True
    while found:
        found = False
        for node in smaller(rule.rule.node):
            candidate = as_validated(node, world)
            still = None if candidate is None else disagreement(candidate, world, warehouse)
            if candidate is not None and still is not None:
                rule, where, found = candidate, still, True
                break
    wanted = world.members(rule.rule.node)
    try:
        got = warehouse.members(rule)
    except Fault:
        got = wanted
    apart = sorted(got ^ wanted)
    about = {name: _rows_about(apart[0], name, world) for name in world.tables} if apart else {}
    return Difference(
        where=where,
        world=number,
        rule=text(rule.rule.node),
        as_of=world.as_of.isoformat(),
        today=world.today.isoformat(),
        scope=world.scope,
        only_sql=tuple(sorted(got - wanted)),
        only_oracle=tuple(sorted(wanted - got)),
        rows=about,
    )


def _rows_about(customer: int, table: str, world: World) -> tuple[Row, ...]:
    """A customer's rows of one table; the key is its first column."""
    return tuple(row for row in world.tables[table].rows if next(iter(row.values())) == customer)


def worlds(seed: int, first: int = 0) -> Iterator[tuple[int, Random, World]]:
    """Worlds without end, each with the number that makes it again and the generator its rules go on with."""
    for number in count(first):
        random = Random(seed * 1_000_003 + number)
        yield number, random, small_world(random)


@dataclass(frozen=True)
class _Part:
    """What one world showed."""

    pairs: int
    selective: int
    differing: int
    differences: tuple[Difference, ...]
    histogram: Counter[str]


def _run_world(seed: int, number: int, rules: int) -> _Part:
    _, random, world = next(worlds(seed, number))
    author, base = Author(random, world), len(world.members(AllOf()))
    histogram: Counter[str] = Counter()
    differences: list[Difference] = []
    differing = kept = 0
    with opened(world) as warehouse:
        for turn in range(rules):
            rule = author.steered()
            histogram.update(features(rule.rule.node))
            kept += selective(len(world.members(rule.rule.node)), base)
            where = disagreement(rule, world, warehouse, PLANS[turn % 3 : turn % 3 + 1])
            if where is not None:
                differing += 1
                if len(differences) < MOST_SHOWN:
                    differences.append(_difference(where, number, rule, world, warehouse))
    return _Part(rules, kept, differing, tuple(differences), histogram)


def run_oracle(pairs: int, seed: int = 0, progress: Progress | None = None, workers: int = 1) -> OracleReport:
    """Run `pairs` random rules over random worlds, 40 a world, in `workers` processes; the same pairs however many there are.

    `progress` is told (done, pairs) after each world.
    """
    started = time.perf_counter()
    sizes = [min(RULES_A_WORLD, pairs - start) for start in range(0, pairs, RULES_A_WORLD)]
    seeds, numbers = [seed] * len(sizes), range(len(sizes))
    parts: list[_Part] = []
    with ExitStack() as stack:
        found: Iterator[_Part]
        if workers > 1:
            pool = stack.enter_context(ProcessPoolExecutor(workers, mp_context=get_context("spawn")))
            found = pool.map(_run_world, seeds, numbers, sizes)
        else:
            found = map(_run_world, seeds, numbers, sizes)
        for part in found:
            parts.append(part)
            if progress is not None:
                progress(sum(one.pairs for one in parts), pairs)
    histogram = sum((part.histogram for part in parts), Counter[str]())
    done = sum(part.pairs for part in parts)
    return OracleReport(
        pairs=done,
        differing=sum(part.differing for part in parts),
        differences=tuple(difference for part in parts for difference in part.differences)[:MOST_SHOWN],
        selective_share=sum(part.selective for part in parts) / done if done else 0.0,
        histogram=dict(sorted(histogram.items())),
        seconds=time.perf_counter() - started,
    )
