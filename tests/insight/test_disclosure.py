"""Nothing small follows from what is shown: an attacker who knows the floor solves whatever an answer of random figures shows, in whole numbers, by linear programming."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from itertools import product

import numpy
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from assistant.facts import FactSheet
from assistant.insight import overlap
from assistant.insight.breakdown import Breakdown, Dimension, Row
from assistant.insight.contrast import Contrast
from assistant.insight.count import Count, Unknown, unknown_facts
from assistant.insight.disclosure import withheld
from assistant.insight.funnel import read as read_funnel
from assistant.insight.grid import Cell, Grid
from assistant.insight.migration import TOTALS, Axis, Migration, Move
from assistant.policy import Protection
from assistant.rule.tree import AllOf
from assistant.sql.query import Table
from assistant.sql.two_dates import ABSENT, OUTSIDE
from tests.insight.rules import validated

FLOOR = 20
SEEDS = range(12)
Sums = dict[str, list[str]]


def solved(
    sheet: FactSheet, sizes: Mapping[str, int], sums: Mapping[str, Collection[str]], guarded: Collection[Collection[str]]
) -> list[str]:
    """The small groups whose exact size the facts of the sheet give away. `sums`: what each fact counts. The attacker also knows which hidden figures are not small."""
    names = sorted(sizes)

    def row(groups: Collection[str]) -> list[float]:
        return [float(name in groups) for name in names]

    rows, low, high = [], [], []
    for identifier, groups in sums.items():
        fact, size = sheet[identifier], sum(sizes[group] for group in groups)
        rows.append(row(groups))
        if not fact.suppressed:
            assert fact.value == size, "a figure that is shown is true"
            low, high = [*low, size], [*high, size]
        elif fact.floor:
            assert 0 < size < FLOOR
            low, high = [*low, 1], [*high, FLOOR - 1]
        else:
            low, high = [*low, FLOOR if size >= FLOOR else 0], [*high, numpy.inf]
    shown = LinearConstraint(numpy.array(rows), low, high)
    targets = {tuple(sorted(groups)) for groups in (*sums.values(), *guarded) if 0 < sum(sizes[group] for group in groups) < FLOOR}
    found = []
    for groups in sorted(targets):
        goal = numpy.array(row(groups))
        ends = []
        for sign in (1, -1):
            # An end far away is as good as none, and keeps the program bounded.
            answer = milp(
                sign * goal, constraints=shown, integrality=numpy.ones(len(names)), bounds=Bounds(0, 10 * sum(sizes.values()) + 100)
            )
            assert answer.success, answer.message
            ends.append(round(sign * answer.fun))
        if ends[0] == ends[1]:
            found.append(" + ".join(groups))
    return found


def skewed(dice: random.Random) -> int:
    """A number of customers as cells have them: often nobody or few, at times many."""
    return dice.choice((0, dice.randint(1, 4), dice.randint(1, 19), dice.randint(15, 40), dice.randint(20, 400)))


def counted(sheet: FactSheet, n: int, base: int) -> None:
    Count(n, base, "q", "q").facts(sheet)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_grid(seed: int) -> None:
    dice = random.Random(seed)
    rows, columns = ("a", "b", "c", "d")[: dice.randint(1, 4)], ("x", "y", "z")[: dice.randint(2, 3)]
    cells = tuple(Cell(row, column, n := skewed(dice), n + skewed(dice), Decimal(n)) for row, column in product(rows, columns))
    count, base = sum(cell.n for cell in cells), sum(cell.base_n for cell in cells)
    found = Grid(None, "r", None, "c", "amount", cells, rows, columns, count, "CNY", "q")
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, count, base)
    found.facts(sheet)
    sizes = {
        key: n for cell in cells for key, n in ((cell.row + cell.column, cell.n), (f"not {cell.row}{cell.column}", cell.base_n - cell.n))
    }
    sums: Sums = {"count": [key for key in sizes if "not" not in key], "base": list(sizes)}
    for cell in cells:
        name = f"grid.r.c.{cell.row}.{cell.column}"
        sums |= {f"{name}.n": [cell.row + cell.column], f"{name}.base": [cell.row + cell.column, f"not {cell.row}{cell.column}"]}
        if sheet[f"{name}.n"].suppressed:
            assert all(sheet[f"{name}.{part}"].suppressed for part in ("share", "amount", "average"))
    sums |= {f"grid.r.c.{row}.all.n": [row + column for column in columns] for row in rows}
    sums |= {f"grid.r.c.all.{column}.n": [row + column for row in rows] for column in columns}
    assert not solved(sheet, sizes, sums, [[f"not {cell.row}{cell.column}"] for cell in cells])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_breakdown(seed: int) -> None:
    dice = random.Random(seed)
    tag = Dimension("t")
    rows = tuple(Row("value", code, n := skewed(dice), n + skewed(dice), tag) for code in "abcdef"[: dice.randint(2, 6)])
    count, base = sum(row.n for row in rows), sum(row.base_n for row in rows)
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, count, base)
    Breakdown(tag, rows, count, (), None, "q").facts(sheet)
    sizes = {key: n for row in rows for key, n in ((str(row.code), row.n), (f"not {row.code}", row.base_n - row.n))}
    sums: Sums = {"count": [str(row.code) for row in rows], "base": list(sizes)}
    for row in rows:
        sums |= {f"breakdown.t.{row.code}.n": [str(row.code)], f"breakdown.t.{row.code}.base": [str(row.code), f"not {row.code}"]}
        assert sheet[f"breakdown.t.{row.code}.share"].suppressed or not sheet[f"breakdown.t.{row.code}.n"].suppressed
    assert not solved(sheet, sizes, sums, [[f"not {row.code}"] for row in rows])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_migration(seed: int) -> None:
    dice = random.Random(seed)
    places = ("T1", "T2", "T3")
    ends = [(start, end) for start, end in product((*places, OUTSIDE, ABSENT), repeat=2) if start in places or end in places]
    moves = tuple(Move(start, end, n) for start, end in ends if (n := skewed(dice)))
    inside = [move for move in moves if move.start in places and move.end in places]
    up, down = ([move for move in inside if sign * (places.index(move.end) - places.index(move.start)) > 0] for sign in (1, -1))
    axis = Axis("t", {place: number for number, place in enumerate(places)}, sum(move.n for move in up), sum(move.n for move in down))
    day = date(2026, 9, 24)
    found = Migration("t", day, day, day, day, moves, places, (axis,), None, "q")
    sheet = FactSheet(Protection(FLOOR))
    found.facts(sheet)

    def key(move: Move) -> str:
        return f"{move.start}>{move.end}"

    sums: Sums = {
        "migration.t.then": [key(move) for move in moves if move.start in places],
        "migration.t.now": [key(move) for move in moves if move.end in places],
        "migration.t.stayed": [key(move) for move in inside if move.start == move.end],
        "migration.t.moved": [key(move) for move in inside if move.start != move.end],
        "migration.t.joined": [key(move) for move in moves if move.start == ABSENT],
        "migration.t.entered": [key(move) for move in moves if move.start == OUTSIDE],
        "migration.t.gone": [key(move) for move in moves if move.end == ABSENT],
        "migration.t.left": [key(move) for move in moves if move.end == OUTSIDE],
        "migration.t.up.t": [key(move) for move in up],
        "migration.t.down.t": [key(move) for move in down],
    }
    assert {f"migration.t.{what}" for what in TOTALS["either"]} <= set(sums)
    for place in places:
        sums[f"migration.t.then.{place}"] = [key(move) for move in moves if move.start == place]
        sums[f"migration.t.now.{place}"] = [key(move) for move in moves if move.end == place]
    for move in moves:
        identifier = found.id(move.start, move.end)
        sums[f"{identifier}.n"] = [key(move)]
        if not sheet[f"{identifier}.share"].suppressed and move.start in places:
            assert not sheet[f"{identifier}.n"].suppressed
            assert not sheet[f"migration.t.then.{move.start}"].suppressed
    if not sheet["migration.t.stayed.share"].suppressed and found.total("stayed"):
        assert not any(sheet[f"migration.t.{what}"].suppressed for what in ("stayed", "moved"))
    assert not solved(sheet, {key(move): move.n for move in moves}, sums, ())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("conditions", [1, 2, 3])
def test_a_funnel(conditions: int, seed: int) -> None:
    dice = random.Random(seed)
    tags = ({"tag": "mort_flag", "value": True}, {"tag": "app_flag", "value": True}, {"tag": "gender", "value": "F"})
    rule = validated({"all": list(tags[:conditions])})
    held = {mask: skewed(dice) for mask in range(1 << conditions)}
    masks = [(mask, n) for mask, n in held.items() if n]
    found = read_funnel((Table(("mask", "n"), tuple(masks), "q"),), rule)
    assert found is not None
    assert len(found.steps) == conditions
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, found.count, found.base)
    found.facts(sheet)
    everything = (1 << conditions) - 1
    wanted = {"count": everything, "base": 0, "funnel.base": 0}
    for step in range(conditions):
        this = 1 << step
        wanted |= {f"funnel.{step}.remaining": 2 * this - 1, f"funnel.{step}.alone": this, f"funnel.{step}.without": everything - this}
    sums = {name: [str(mask) for mask, _ in masks if mask & need == need] for name, need in wanted.items()}
    guarded = [set(one) - set(other) for one, other in product(sums.values(), repeat=2) if set(other) <= set(one)]
    assert not solved(sheet, {str(mask): n for mask, n in masks}, sums, guarded)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_contrast(seed: int) -> None:
    dice = random.Random(seed)
    sizes = {part: skewed(dice) for part in ("both", "only", "other_only", "neither")}
    n, other_n = sizes["both"] + sizes["only"], sizes["both"] + sizes["other_only"]
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, n, sum(sizes.values()))
    Contrast(AllOf(), AllOf(), n, other_n, sizes["both"], "q").facts(sheet)
    sums: Sums = {f"contrast.{part}": [part] for part in ("both", "only", "other_only")}
    sums |= {"count": ["both", "only"], "contrast.n": ["both", "only"], "contrast.other_n": ["both", "other_only"]}
    sums |= {"base": list(sizes), "contrast.either": ["both", "only", "other_only"]}
    assert not solved(sheet, sizes, sums, [["neither"], ["neither", "only"], ["neither", "other_only"]])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("readings", [2, 3])
def test_the_options_of_a_question(readings: int, seed: int) -> None:
    dice = random.Random(seed)
    held = {mask: skewed(dice) for mask in range(1 << readings)}
    held[0] += 500
    found = overlap.read((Table(("mask", "n"), tuple(held.items()), "q"),), readings)
    sheet = FactSheet(Protection(FLOOR))
    found.facts(sheet, "options")
    sizes = {str(mask): n for mask, n in held.items() if n}

    def having(wanted: int) -> list[str]:
        return [mask for mask in sizes if int(mask) & wanted == wanted]

    sums = {f"options.{place}": having(1 << place) for place in range(readings)}
    sums |= {f"options.{place}.shared": having(1 | 1 << place) for place in range(1, readings)}
    sheet.measured("base", sum(sizes.values()), "customers", "q")
    sums["base"] = list(sizes)
    guarded = [set(one) - set(other) for one, other in product(sums.values(), repeat=2) if set(other) <= set(one)]
    assert not solved(sheet, sizes, sums, guarded)


def test_an_option_that_lacks_a_few_of_another_is_withheld() -> None:
    """1,085 of 1,089: four would follow. Whoever may list sees both."""
    found = overlap.read((Table(("mask", "n"), ((0, 20_000), (1, 4), (3, 1085)), "q"),), 2)
    for floor, shown in ((FLOOR, 1), (0, 2)):
        told = found.facts(FactSheet(Protection(floor)), "options")
        assert sum(not total.suppressed for total, _ in told) == shown
        assert {total.value for total, _ in told} - {None} <= {1085, 1089}


def test_the_attacker_finds_what_is_given_away() -> None:
    sheet = FactSheet(Protection(FLOOR))
    for name, n in {"a": 5, "b": 40, "all": 45}.items():
        sheet.measured(name, n, "customers", "q")
    assert solved(sheet, {"a": 5, "b": 40}, {"a": ["a"], "b": ["b"], "all": ["a", "b"]}, ()) == ["a"]


def test_all_but_a_few_of_the_base_seal_the_answer() -> None:
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, 995, 1000)
    assert sheet["base"].value == 1000
    assert sheet["count"].suppressed
    assert sheet["share"].suppressed
    assert sheet.measured("anything", 500, "customers", "q").suppressed


@pytest.mark.parametrize("count", [860, 145])
def test_customers_without_a_value_do_not_give_the_others_away(count: int) -> None:
    sheet = FactSheet(Protection(FLOOR))
    counted(sheet, count, 1000)
    unknown_facts([Unknown("age", 135, "q"), Unknown("gender", 60, "q")], sheet)
    assert sheet["unknown.age"].suppressed, "5 are neither, or 10 are the rest of the segment"
    assert sheet["unknown.gender"].value == 60


def test_whoever_may_list_sees_everything() -> None:
    figures = {"a": ["a"], "b": ["b"], "all": ["a", "b"]}
    assert not withheld(Protection(0), {"a": 1, "b": 30}, figures, [["a", "b"]], [["a"]])
    sheet = FactSheet(Protection(0))
    counted(sheet, 995, 1000)
    assert sheet["count"].value == 995


def test_where_nothing_is_small_everything_is_shown() -> None:
    assert not withheld(Protection(FLOOR), {"a": 20, "b": 30, "c": 0}, {"a": ["a"], "b": ["b"], "c": ["c"], "all": ["a", "b", "c"]})
