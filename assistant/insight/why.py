"""Why one customer is in a segment or not: condition by condition, and the smallest change that would let them in. Law: only a customer of the asker's own base is
read; a sensitive tag's value never leaves the database; a change is proposed only when it was seen to let the customer in."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from assistant.facts import FactSheet, FactUnit
from assistant.insight import funnel
from assistant.insight.count import whole
from assistant.insight.thresholds import UNITS, Threshold, thresholds
from assistant.rule.edits import RemoveCondition, ReplaceCondition, RuleChange, apply
from assistant.rule.tree import AllOf, AnyNode, Path, RecordCondition, SegmentRule, TagCondition, at, walk
from assistant.sql import compile
from assistant.sql.customer import customer
from assistant.sql.query import Cell, Query, Table
from assistant.sql.records import FROM_ZERO
from assistant.validation.verdict import ValidatedRule

Held = Literal["held", "not", "unknown"]
_ABOUT_ABSENCE = ("is_absent", "is_unknown")


@dataclass(frozen=True, slots=True)
class Figure:
    """What the customer has of one thing a condition compares; None: not known. `gap`: how far from the number asked, where the condition is that alone."""

    node: TagCondition | RecordCondition
    value: Cell
    unit: FactUnit
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One top-level condition: whether it holds for the customer, and their figures."""

    path: Path
    node: AnyNode
    held: Held
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the rule that lets the customer in, and the customers there would be."""

    edit: RuleChange
    n: int
    query: str


@dataclass(frozen=True, slots=True)
class WhyIn:
    """`known`: among the customers the asker may see; nothing else is told of any other. `remedies`: the one that keeps most of the rule first."""

    customer: int
    known: bool
    inside: bool
    clauses: tuple[Clause, ...]
    remedies: tuple[Remedy, ...]
    query: str

    def facts(self, sheet: FactSheet) -> None:
        """why.<i>.<j>.value and .gap of condition i's figure j, and why.remedy.<k>.n."""
        for number, clause in enumerate(self.clauses):
            for place, figure in enumerate(clause.figures):
                name = f"why.{number}.{place}"
                if isinstance(figure.value, date):
                    sheet.given(f"{name}.value", figure.value, "date")
                elif not isinstance(figure.value, bool | str):
                    sheet.measured(f"{name}.value", _number(figure.value), figure.unit, self.query, exact=True)
                if figure.gap is not None:
                    sheet.measured(f"{name}.gap", figure.gap, figure.unit, self.query, exact=True)
        for number, remedy in enumerate(self.remedies):
            sheet.measured(f"why.remedy.{number}.n", remedy.n, "customers", remedy.query)


Validated = Callable[[SegmentRule], ValidatedRule | None]
"""Gate 1; None where a rule does not pass."""


def steps(
    rule: ValidatedRule, one: int, validated: Validated, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], WhyIn]:
    """The customer's row; for those outside, what would let them in, and how many that would make."""
    asked = funnel.conditions(rule)
    expanded = [rule.expand(condition.node) for condition in asked]
    figures = [(number, leaf) for number, node in enumerate(expanded) for leaf in _figures(node, rule)]
    (table,) = yield [customer(rule, one, expanded, [leaf for _, leaf in figures], qualifier)]
    if not table.rows:
        return WhyIn(one, False, False, (), (), table.query)
    ((_, mask, *values),) = table.rows
    clauses = tuple(
        _clause(condition, node, bool(whole(mask) >> number & 1), [(leaf, value) for (place, leaf), value in zip(figures, values, strict=True) if place == number], rule)
        for number, (condition, node) in enumerate(zip(asked, expanded, strict=True))
    )  # fmt: skip
    failing = [clause for clause in clauses if clause.held != "held"]
    inside = not failing
    if inside or any(not clause.path and len(clauses) > 1 for clause in clauses):
        return WhyIn(one, True, inside, clauses, (), table.query)
    moves = yield from _moves(rule, one, failing, qualifier)
    remedies = yield from _counted(_changes(rule.rule, failing, moves), rule.rule, validated, qualifier)
    return WhyIn(one, True, False, clauses, remedies, table.query)


def _figures(node: AnyNode, rule: ValidatedRule) -> list[TagCondition | RecordCondition]:
    """What can be told of a condition: tags that are not sensitive, and records counted or summed."""
    return [
        part
        for _, part in walk(node)
        if (isinstance(part, TagCondition) and not rule.catalog.tags[part.tag].security.sensitive)
        or (isinstance(part, RecordCondition) and part.aggregate in FROM_ZERO)
    ]


def _clause(
    condition: funnel.Condition,
    node: AnyNode,
    held: bool,
    values: Sequence[tuple[TagCondition | RecordCondition, Cell]],
    rule: ValidatedRule,
) -> Clause:
    figures = tuple(
        Figure(leaf, value, _unit(leaf, rule), None if held or leaf is not node else _gap(leaf, value)) for leaf, value in values
    )
    missing = any(one.value is None and one.node.operator not in _ABOUT_ABSENCE for one in figures)
    return Clause(condition.path, condition.node, "held" if held else "unknown" if missing else "not", figures)


def _unit(node: TagCondition | RecordCondition, rule: ValidatedRule) -> FactUnit:
    if isinstance(node, TagCondition):
        return UNITS.get(rule.catalog.tags[node.tag].unit, "number")
    item = None if node.of is None or node.aggregate != "sum" else rule.catalog.records[node.records].property(node.of)
    return "number" if item is None else UNITS.get(item.unit, "number")


def _gap(node: TagCondition | RecordCondition, value: Cell) -> Decimal | None:
    """How far a number is from the one it is compared with."""
    number = _number(value)
    asked = node.value if isinstance(node.value, Decimal) else None
    return None if number is None or asked is None or number == asked else abs(asked - number)


def _number(value: Cell) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


Moves = dict[Path, RuleChange]
"""Path of a condition that fails -> the smallest move of a number of it after which it holds."""


def _moves(
    rule: ValidatedRule, one: int, failing: Sequence[Clause], qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], Moves]:
    """For each condition that fails its numbers are tried round what the customer has, each change asked of the customer, the smallest one that works taken."""
    tried: list[tuple[Clause, list[tuple[Decimal, RuleChange, AnyNode]]]] = []
    for clause in failing:
        options = []
        for threshold in thresholds(rule):
            if threshold.path[: len(clause.path)] != clause.path:
                continue
            held = next((_number(figure.value) for figure in clause.figures if figure.node == threshold.node), None)
            for value in () if held is None else _round_about(threshold, held):
                edit = threshold.edit(value)
                changed = rule.expand(at(apply(rule.rule, edit).node, clause.path))
                options.append((abs(value - threshold.present) / max(abs(threshold.present), Decimal(1)), edit, changed))
        options.sort(key=lambda option: option[0])
        if options:
            tried.append((clause, options[: compile.MASK_PARTS]))
    tables = yield [customer(rule, one, [node for _, _, node in options], (), qualifier) for _, options in tried]
    found: Moves = {}
    for (clause, options), table in zip(tried, tables, strict=True):
        ((_, mask),) = table.rows
        working = [edit for place, (_, edit, _) in enumerate(options) if whole(mask) >> place & 1]
        if working:
            found[clause.path] = working[0]
    return found


def _round_about(threshold: Threshold, held: Decimal) -> set[Decimal]:
    """Round numbers just below and above what a customer has, none that would make it no condition."""
    scale = Decimal(1).scaleb(held.adjusted() - 1) if held else Decimal(1)
    step = max(scale, Decimal(1)) if threshold.whole else scale
    below = (held / step).to_integral_value(ROUND_FLOOR) * step
    above = (held / step).to_integral_value(ROUND_CEILING) * step
    plain = (Decimal(format(value, "f")) for value in (below - step, below, above, above + step))
    return {value for value in plain if threshold.may_be(value) and value != threshold.present and not threshold.says_nothing(value)}


def _changes(rule: SegmentRule, failing: Sequence[Clause], moves: Moves) -> list[RuleChange]:
    """First the conditions that fail moved where that helps and left out where not, then all of them left out. Nothing that leaves no condition at all."""
    plans = [moves, {}] if moves else [{}]
    found: list[RuleChange] = []
    for plan in plans:
        edits = [plan.get(clause.path, RemoveCondition(path=clause.path)) for clause in failing]
        if len(edits) == 1:
            edit = edits[0]
        else:
            changed = rule
            for step in sorted(edits, key=lambda one: (isinstance(one, RemoveCondition), tuple(-number for number in _path(one)))):
                changed = apply(changed, step)
            edit = ReplaceCondition(path=(), node=changed.node)
        if apply(rule, edit).node != AllOf():
            found.append(edit)
    return found


def _path(edit: RuleChange) -> Path:
    return edit.path if isinstance(edit, RemoveCondition) else ()


def _counted(
    changes: Sequence[RuleChange], rule: SegmentRule, validated: Validated, qualifier: tuple[str, ...]
) -> Generator[Sequence[Query], Sequence[Table], tuple[Remedy, ...]]:
    passed = [(edit, made) for edit in changes if (made := validated(apply(rule, edit))) is not None]
    tables = yield [compile.count(made, qualifier) for _, made in passed]
    return tuple(Remedy(edit, whole(table.scalar()), table.query) for (edit, _), table in zip(passed, tables, strict=True))
