"""What an insight costs beside reading its columns, and beside the usual way: persona, funnel, curve and migration on a bank of a million customers.

python -m bench.insight [BANK] [--customers 1000000] [--rounds 3]

BANK is built when there is none. Each insight is planned, guarded and run as in an answer, nothing kept between rounds; `floor` sums the columns it needs once
(MAX for what is no number), `usual` asks the same figures one query each: a tag, a step, a threshold, a move; both ways must give the same. Seconds are of CPU of
this process, the least of the rounds, which bears a busy machine; all ratios are within one run. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.demo.build import build_demo
from assistant.engines.duckdb import DuckDBEngine
from assistant.insight import curve, funnel, migration, persona
from assistant.insight.count import whole
from assistant.insight.spread import side_by_side
from assistant.insight.thresholds import thresholds
from assistant.policy import Identity
from assistant.rule.edits import apply
from assistant.rule.short import node_from_short
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagCondition, walk
from assistant.sql import compile, profile
from assistant.sql.conditions import Base
from assistant.sql.guard import guard
from assistant.sql.query import GuardedQuery, Query, Table
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

TAGS = 50
STEPS = (
    {"tag": "app_mau_flag", "value": True}, {"tag": "age", "operator": ">=", "value": 25}, {"tag": "dep_demand_bal", "operator": ">", "value": 5000},
    {"tag": "cc_flag", "value": False}, {"tag": "aum_bal", "operator": ">", "value": 20000}, {"tag": "consent_push", "value": True},
    {"tag": "fund_bal", "operator": "=", "value": 0}, {"tag": "gender", "value": "F"},
)  # fmt: skip
SEGMENT = {"all": [{"tag": "app_mau_flag", "value": True}, {"tag": "dep_demand_bal", "operator": ">", "value": 50000}]}
MOVED = "grid16_cell"
MONTH = 31
"""Days between the two dates of the migration; the earlier one reads the snapshot before it."""


@dataclass(frozen=True)
class Cost:
    """The least CPU and wall seconds, and what was read."""

    cpu: float
    wall: float
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Bench:
    """A bank open for measuring."""

    engine: DuckDBEngine
    catalog: TagCatalog
    rounds: int

    def rule(self, node: AnyNode, as_of: date | None = None) -> ValidatedRule:
        header, day = self.catalog.header, as_of or self.engine.as_of
        snapshots = self.engine.snapshots(header.customer_table, header.snapshot_column)
        verdict = validate(SegmentRule(node=node), self.catalog, Identity(), day, day + timedelta(days=1), snapshots, "analysis")
        if not isinstance(verdict, ValidatedRule):
            raise SystemExit(f"not a rule of this bank: {verdict}")
        return verdict

    def run(self, queries: Sequence[Query], catalog: TagCatalog | None = None, rounds: int = 0) -> Cost:
        return self.timed([guard(query, catalog or self.catalog, "duckdb", self.engine.qualifier) for query in queries], rounds)

    def timed(self, queries: Sequence[GuardedQuery], rounds: int = 0) -> Cost:
        best: list[tuple[float, float]] = []
        tables: tuple[Table, ...] = ()
        for _ in range(rounds or self.rounds):
            cpu, wall = time.process_time(), time.perf_counter()
            tables = tuple(map(self.engine.execute, queries))
            best.append((time.process_time() - cpu, time.perf_counter() - wall))
        return Cost(min(cpu for cpu, _ in best), min(wall for _, wall in best), tables)

    def floor(self, tags: Sequence[Tag], days: Sequence[date]) -> Cost:
        """The columns read and summed once, of each snapshot: those of the tags, those that say who is in the base, and the key."""
        header = self.catalog.header
        population = (node for _, node in walk(self.catalog.expand_all(self.catalog.base_rule)))
        columns = {
            tag.column_name: tag for tag in (*tags, *(self.catalog.tags[node.tag] for node in population if isinstance(node, TagCondition)))
        }
        sums = ", ".join(_summed(tag) for tag in columns.values())
        table = ".".join(f'"{part}"' for part in (*self.engine.qualifier, header.customer_table))
        texts = [f"SELECT SUM({header.customer_key}), {sums} FROM {table} WHERE {header.snapshot_column} = DATE '{day}'" for day in days]
        return self.timed([GuardedQuery("floor", text, "duckdb", f"{place:016d}") for place, text in enumerate(texts)])


def _summed(tag: Tag) -> str:
    kind = "SUM({0})" if tag.numeric else "SUM({0}::INTEGER)" if tag.type == "flag" else "MAX({0})"
    return kind.format(f'"{tag.column_name}"')


def _python(step: Callable[[], object]) -> float:
    started = time.process_time()
    step()
    return time.process_time() - started


def measured_persona(bench: Bench) -> Mapping[str, float]:
    """The first persona of a day counts the base too; every later one has it kept."""
    full = bench.rule(node_from_short(SEGMENT))
    chosen = {tag.code for tag in persona.usable_tags(full)[:TAGS]}
    tags = {code: tag if code in chosen else tag.model_copy(update={"status": "retired"}) for code, tag in bench.catalog.tags.items()}
    rule = replace(full, catalog=replace(bench.catalog, tags=tags))
    asked = persona.usable_tags(rule)
    qualifier = bench.engine.qualifier
    segment, base, *own = persona.plan(rule, qualifier, base=whole(bench.run([compile.base(full, qualifier)]).tables[0].scalar()))
    floor = bench.floor(asked, [rule.snapshot])
    later, first, related = bench.run([segment]), bench.run([base]), bench.run(own)
    cuts = {tag.code: persona.cut_points(tag) for tag in asked if tag.numeric}
    singly = [profile.spread(rule, of, [tag], [], qualifier, cuts) for of in (rule.expanded, None) for tag in asked]
    usual = bench.run(singly, rounds=1)
    rows = [row for table in usual.tables for row in table.rows]
    agree = sorted(map(str, rows)) == sorted(str(row) for cost in (later, first) for row in cost.tables[0].rows)
    table = side_by_side(later.tables[0], first.tables[0], within=True)
    return {
        "tags": len(asked), "first": later.cpu + first.cpu, "product": later.cpu, "floor": floor.cpu, "usual": usual.cpu, "related": related.cpu, "agree": agree,
        "guard": _python(lambda: guard(segment, rule.catalog, "duckdb", qualifier)), "read": _python(lambda: persona.judged(table, related.tables, rule)),
    }  # fmt: skip


def measured_funnel(bench: Bench) -> Mapping[str, float]:
    """All steps: what is left after each, each alone, and all but each."""
    parts = [node_from_short(step) for step in STEPS]
    rule = bench.rule(AllOf(children=tuple(parts)))
    qualifier = bench.engine.qualifier
    queries = funnel.plan(rule, qualifier)
    floor = bench.floor([bench.catalog.tags[str(step["tag"])] for step in STEPS], [rule.snapshot])
    product = bench.run(queries)
    found = funnel.read(product.tables, rule)
    assert found is not None
    order = [step.path[0] for step in found.steps]
    chains = [[parts[place] for place in order[: number + 1]] for number in range(len(order))]
    chains += [[parts[place]] for place in order] + [[parts[other] for other in order if other != place] for place in order]
    usual = bench.run([compile.count(bench.rule(AllOf(children=tuple(chain))), qualifier) for chain in chains], rounds=1)
    figures = [getattr(step, name) for name in ("remaining", "alone", "without") for step in found.steps]
    return _figures(bench, product, floor, usual, queries, lambda: funnel.read(product.tables, rule), figures, _scalars(usual))


def measured_curve(bench: Bench) -> Mapping[str, float]:
    """Twenty values of one number of a rule of two."""
    rule = bench.rule(node_from_short(SEGMENT))
    qualifier, moved = bench.engine.qualifier, thresholds(rule)[0]
    values = {moved.present, *(Decimal(5000 * step) for step in range(1, 40, 2) if 5000 * step != 45000)}
    (query,) = queries = [curve.plan(rule, moved, values, qualifier)]
    floor = bench.floor([bench.catalog.tags[code] for code in ("app_mau_flag", "dep_demand_bal", "aum_bal")], [rule.snapshot])
    product = bench.run([query])
    points = curve.read(product.tables[0], moved, values)
    rules = [bench.rule(apply(rule.rule, moved.edit(point.value)).node) for point in points]
    usual = bench.run([compile.count(one, qualifier) for one in rules], rounds=1)
    read = _figures(
        bench,
        product,
        floor,
        usual,
        queries,
        lambda: curve.read(product.tables[0], moved, values),
        [one.n for one in points],
        _scalars(usual),
    )
    return {**read, "values": len(points)}


def measured_migration(bench: Bench) -> Mapping[str, float]:
    """Everybody, between the values of a tag at two dates; the usual way joins the two snapshots for each move."""
    now = bench.rule(AllOf())
    then = bench.rule(AllOf(), now.as_of - timedelta(days=MONTH))
    tag, qualifier = bench.catalog.tags[MOVED], bench.engine.qualifier
    key, value = bench.catalog.header.customer_key, tag.column_name
    queries = migration.plan(then, now, tag, qualifier)
    floor = bench.floor([tag], [then.snapshot, now.snapshot])
    product = bench.run(queries)
    found = migration.read(product.tables, then, now, tag)
    moves = [move for move in found.moves if migration.kept(move)]
    sides = []
    for rule in (then, now):
        base = Base(rule, qualifier)
        base.column("b")(tag, rule.snapshot)
        sides.append(f"({base.relation().sql('duckdb')})")
    joined = f"SELECT COUNT(*) FROM {sides[0]} AS t JOIN {sides[1]} AS n ON t.{key} = n.{key}"
    usual = bench.timed([GuardedQuery("usual", f"{joined} WHERE t.{value} = '{one.start}' AND n.{value} = '{one.end}'", "duckdb", f"{place:016d}") for place, one in enumerate(moves)], 1)  # fmt: skip
    everyone = [move.n for move in moves]
    read = _figures(
        bench, product, floor, usual, queries, lambda: migration.read(product.tables, then, now, tag), everyone, _scalars(usual)
    )
    return {**read, "moves": len(moves)}


def _scalars(cost: Cost) -> list[int]:
    return [whole(table.scalar()) for table in cost.tables]


def _figures(
    bench: Bench,
    product: Cost,
    floor: Cost,
    usual: Cost,
    queries: Sequence[Query],
    read: Callable[[], object],
    told: Sequence[int],
    asked: Sequence[int],
) -> Mapping[str, float]:
    guarding = _python(lambda: [guard(query, bench.catalog, "duckdb", bench.engine.qualifier) for query in queries])
    return {
        "product": product.cpu, "floor": floor.cpu, "usual": usual.cpu, "guard": guarding, "read": _python(read), "agree": list(told) == list(asked),
        "queries": len(usual.tables),
    }  # fmt: skip


MEASURED: Mapping[str, Callable[[Bench], Mapping[str, float]]] = {
    "persona": measured_persona, "funnel": measured_funnel, "curve": measured_curve, "migration": measured_migration,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bank", type=Path, nargs="?", default=None)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    path = given.bank or Path(tempfile.gettempdir()) / f"bank_{given.customers}.duckdb"
    if not path.is_file():
        sys.stderr.write(f"building a bank of {given.customers} customers: {path}\n")
        build_demo(path, given.customers)
    bench = Bench(DuckDBEngine(path, memory_limit="4GB", timeout_seconds=600, keep_rows=0), TagCatalog.load(), given.rounds)
    customers = whole(bench.run([compile.base(bench.rule(AllOf()), bench.engine.qualifier)]).tables[0].scalar())
    rows: dict[str, dict[str, float | bool]] = {}
    print(f"{'insight':<10} {'ms':>8} {'floor ms':>9} {'x floor':>8} {'usual ms':>9} {'faster':>7} {'guard ms':>9} {'read ms':>8}  same")
    for name, measure in MEASURED.items():
        found = measure(bench)
        times, faster = found["product"] / found["floor"], found["usual"] / found.get("first", found["product"])
        in_ms = {
            part: round(1000 * found[part]) for part in ("product", "floor", "usual", "guard", "read", "first", "related") if part in found
        }
        counts = {part: found[part] for part in ("tags", "queries", "values", "moves") if part in found}
        rows[name] = {**counts, **in_ms, "times_floor": round(times, 2), "times_faster": round(faster, 1), "agree": bool(found["agree"])}
        if "first" in found:
            rows[name]["first_times_floor"] = round(found["first"] / found["floor"], 2)
        print(f"{name:<10} {in_ms['product']:>8} {in_ms['floor']:>9} {times:>8.2f} {in_ms['usual']:>9} {faster:>7.1f} {in_ms['guard']:>9} {in_ms['read']:>8}  {found['agree']}", flush=True)  # fmt: skip
    print(
        json.dumps(
            {"customers": customers, "date": date.today().isoformat(), "machine": f"{os.cpu_count()} x {platform.machine()}", **rows}
        )
    )
    if not all(row["agree"] for row in rows.values()):
        raise SystemExit("the two ways differ")


if __name__ == "__main__":
    main()
