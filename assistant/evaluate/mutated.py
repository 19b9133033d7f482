"""A rule -> the same rule with one thing wrong. Law: one fault at a time, each named for what a reader of the request could get wrong; rules only, no words.

What is made need not pass gate 1: the exam is whether it is believed, not whether it is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Filter,
    Not,
    Operator,
    Path,
    Range,
    RankCondition,
    RecordCondition,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    Value,
    at,
    children,
    replace_at,
    walk,
    with_children,
)
from assistant.rule.window import Ago, Calendar, Future, Rolling, Shifted, TimeWindow

Fault = Literal[
    "value", "unit", "operator", "bound", "tag", "swap", "window", "enum", "negation", "and_or", "dropped", "invented"
]  # fmt: skip
"""What is wrong. unit: the number at another scale (万 for 元, percent for a count, months for days); bound: an end of an interval open for closed; tag: another element of another type or unit;
swap: another element that takes the same words beside it; enum: another value of the same tag or property."""
FAULTS: tuple[Fault, ...] = get_args(Fault)

_TURNED: Mapping[Operator, Operator] = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "<>", "<>": "=", "in": "not_in", "not_in": "in"}
_BOUND: Mapping[Operator, Operator] = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}
_LARGE = Decimal(10_000)
"""万: what is left out or added when a unit is misread."""
_LONGER = {"day": "month", "week": "month", "month": "year", "quarter": "year", "half_year": "year", "year": "month"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A rule with one fault: the node at `path` of the right rule, as it is there (`right`) and as it was made (`wrong`; None: left out), and the rule that follows."""

    fault: Fault
    path: Path
    right: AnyNode
    wrong: AnyNode | None
    rule: AnyNode


def mutations(node: AnyNode, catalog: TagCatalog, others: Sequence[AnyNode]) -> Iterator[Mutation]:
    """Every rule that differs from `node` by one fault. `others`: conditions that may be invented."""
    for path, part in walk(node):
        for fault, change in _CHANGES.items():
            for wrong in change(part, catalog):
                rule = replace_at(node, path, wrong)
                if wrong != part and rule is not None:
                    yield Mutation(fault, path, part, wrong, rule)
        if path and isinstance(at(node, path[:-1]), AllOf | AnyOf):
            rule = replace_at(node, path, None)
            if rule is not None and children(rule):
                yield Mutation("dropped", path, part, None, rule)
        for other in others:
            if not children(part) and other != part:
                wrong = AllOf(children=(part, other))
                rule = replace_at(node, path, wrong)
                if rule is not None:
                    yield Mutation("invented", path, part, wrong, rule)


def _value(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    yield from _numbers(node, lambda number: number * 10 if number else Decimal(1))


def _unit(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    if isinstance(node, RankCondition):
        if node.percent is not None and node.percent == int(node.percent):
            yield node.model_copy(update={"percent": None, "count": int(node.percent)})
        elif node.count is not None and node.count <= 100:
            yield node.model_copy(update={"percent": Decimal(node.count), "count": None})
        return
    yield from _numbers(node, lambda number: number / _LARGE if number >= _LARGE else number * _LARGE, counts=False)
    for window, made in _windows(node):
        if isinstance(window, Rolling | Future | Ago):
            yield made(window.model_copy(update={"unit": _LONGER[window.unit]}))


def _numbers(node: AnyNode, change: Callable[[Decimal], Decimal], counts: bool = True) -> Iterator[AnyNode]:
    """A node with one of its numbers changed. counts False: numbers of things have no other scale."""
    match node:
        case RankCondition(count=int() as count):
            yield node.model_copy(update={"count": int(change(Decimal(count)))})
        case RankCondition(percent=Decimal() as percent):
            yield node.model_copy(update={"percent": Decimal(50) if percent != 50 else Decimal(5)})
        case TagCondition() | TagComparison() | RecordCondition():
            if counts or not (isinstance(node, RecordCondition) and node.aggregate in ("count", "days")):
                yield from (node.model_copy(update={"value": value}) for value in _changed(node.value, change))
            if isinstance(node, RecordCondition):
                yield from _filtered(node, lambda one: (one.model_copy(update={"value": value}) for value in _changed(one.value, change)))
        case ConceptRef() if counts:
            for name, value in node.parameters:
                if isinstance(value, Decimal):
                    yield node.model_copy(update={"parameters": tuple((n, change(value) if n == name else v) for n, v in node.parameters)})
        case _:
            return


def _changed(value: Value, change: Callable[[Decimal], Decimal]) -> Iterator[Value]:
    if isinstance(value, Decimal):
        yield change(value)
    elif isinstance(value, Range):
        yield value.model_copy(update={"high": value.high + abs(change(value.high) - value.high)})
        if change(value.low) < value.low:
            yield value.model_copy(update={"low": change(value.low)})


def _filtered(node: RecordCondition, change: Callable[[Filter], Iterator[Filter]]) -> Iterator[AnyNode]:
    for number, one in enumerate(node.filters):
        for other in change(one):
            yield node.model_copy(update={"filters": (*node.filters[:number], other, *node.filters[number + 1 :])})


def _operator(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    match node:
        case RankCondition():
            yield node.model_copy(update={"direction": "bottom" if node.direction == "top" else "top"})
        case TagCondition() | TagComparison() | RecordCondition():
            yield from _compared(node, _TURNED)
        case _:
            return


def _bound(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    if not isinstance(node, TagCondition | TagComparison | RecordCondition):
        return
    yield from _compared(node, _BOUND)
    if isinstance(node.value, Range):
        for side in ("low_open", "high_open"):
            yield node.model_copy(update={"value": node.value.model_copy(update={side: not getattr(node.value, side)})})


def _compared(node: TagCondition | TagComparison | RecordCondition, other: Mapping[Operator, Operator]) -> Iterator[AnyNode]:
    if node.operator in other and not isinstance(node.value, bool):
        yield node.model_copy(update={"operator": other[node.operator]})
    if isinstance(node, RecordCondition):
        yield from _filtered(
            node,
            lambda one: iter(
                (one.model_copy(update={"operator": other[one.operator]}),)
                if one.operator in other and not isinstance(one.value, bool)
                else ()
            ),
        )


def _another(plausible: bool) -> Callable[[AnyNode, TagCatalog], Iterator[AnyNode]]:
    """Another element in the place of the right one. plausible: one that takes the same operator, value and unit."""

    def change(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
        match node:
            case TagCondition():
                right = catalog.tags[node.tag]
                for tag in catalog.tags.values():
                    if tag.code == right.code or tag.status != "online" or tag.roll_up_of is not None:
                        continue
                    if right.type == tag.type and right.unit == tag.unit and tag.type != "enum":
                        if plausible:
                            yield node.model_copy(update={"tag": tag.code})
                    elif not plausible:
                        yield from _as_it_is(tag, node, catalog)
            case RecordCondition(filters=()) if plausible:
                for records in catalog.records.values():
                    if records.code != node.records and node.of is None and bool(records.default_window) == bool(node.window):
                        yield node.model_copy(update={"records": records.code})
            case ConceptRef(parameters=()) if plausible:
                for concept in catalog.concepts.values():
                    if concept.code != node.concept and not (node.negated and concept.negation is None):
                        yield node.model_copy(update={"concept": concept.code})
            case _:
                return

    return change


def _as_it_is(tag: Tag, node: TagCondition, catalog: TagCatalog) -> Iterator[AnyNode]:
    """A condition on a tag of another type or unit, which keeps what it can of the right one's value."""
    if tag.numeric and isinstance(node.value, Decimal | Range):
        yield node.model_copy(update={"tag": tag.code})
    elif tag.type == "flag":
        yield TagCondition(tag=tag.code, operator="=", value=True, said=node.said)
    elif tag.type == "enum" and catalog.values(tag):
        yield TagCondition(tag=tag.code, operator="in", value=(catalog.values(tag)[0].code,), said=node.said)


def _enum(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    if isinstance(node, TagCondition):
        codes = [value.code for value in catalog.values(catalog.tags[node.tag])]
        yield from (node.model_copy(update={"value": value}) for value in _other_codes(node.value, codes))
    if isinstance(node, RecordCondition):
        found = catalog.records[node.records]
        known = {one.code: [value.code for value in catalog.values(one)] for one in found.properties}
        yield from _filtered(
            node, lambda one: (one.model_copy(update={"value": value}) for value in _other_codes(one.value, known.get(one.property, [])))
        )


def _other_codes(value: Value, codes: Sequence[str]) -> Iterator[Value]:
    """A list of codes with one of them another."""
    if isinstance(value, tuple) and codes:
        for code in codes:
            if code not in value:
                yield (code, *value[1:])


def _window(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    for window, made in _windows(node):
        yield made(_moved(window))
    if isinstance(node, TagCondition) and node.operator != "within":
        yield node.model_copy(update={"snapshot": Snapshot(unit="month", offset=-1) if node.snapshot is None else None})
    if isinstance(node, RecordCondition) and node.window is None and catalog.records[node.records].date_column is not None:
        yield node.model_copy(update={"window": Rolling(unit="month", n=3)})
    if isinstance(node, SequenceCondition) and node.within_days is not None:
        yield node.model_copy(update={"within_days": node.within_days + 7})


def _windows(node: AnyNode) -> Iterator[tuple[TimeWindow, Callable[[TimeWindow], AnyNode]]]:
    """The window of a node, and the node with another one."""
    if isinstance(node, RecordCondition) and node.window is not None:
        yield node.window, lambda window: node.model_copy(update={"window": window})
    elif isinstance(node, TagCondition) and isinstance(node.value, _WINDOWS):
        yield node.value, lambda window: node.model_copy(update={"value": window})
    elif isinstance(node, SequenceCondition) and node.first.window is not None:
        yield (
            node.first.window,
            lambda window: node.model_copy(update={"first": node.first.model_copy(update={"window": window})}),
        )


_WINDOWS = tuple(get_args(get_args(TimeWindow)[0]))


def _moved(window: TimeWindow) -> TimeWindow:
    match window:
        case Rolling(n=n) | Future(n=n):
            return window.model_copy(update={"n": n + 1 if n > 1 else 2})
        case Calendar():
            return window.model_copy(update={"first": window.first - 1, "last": window.last - 1})
        case Ago():
            return window.model_copy(update={"nearest": window.nearest + 1, "farthest": window.farthest and window.farthest + 1})
        case Shifted():
            return window.base
        case _:
            return Rolling(unit="day", n=30)


def _negation(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    match node:
        case Not(child=child):
            yield child
        case AllOf() | AnyOf() | RankCondition():
            return
        case ConceptRef(negated=True):
            yield node.model_copy(update={"negated": False})
        case TagCondition(value=bool() as value):
            yield node.model_copy(update={"value": not value})
        case _:
            yield Not(child=node, said=node.said)


def _and_or(node: AnyNode, catalog: TagCatalog) -> Iterator[AnyNode]:
    match node:
        case AllOf(children=members) if len(members) > 1:
            yield with_children(AnyOf(children=members), members)
        case AnyOf(children=members) if len(members) > 1:
            yield with_children(AllOf(), members)
        case _:
            return


_CHANGES: Mapping[Fault, Callable[[AnyNode, TagCatalog], Iterator[AnyNode]]] = {
    "value": _value, "unit": _unit, "operator": _operator, "bound": _bound, "tag": _another(False), "swap": _another(True), "window": _window,
    "enum": _enum, "negation": _negation, "and_or": _and_or,
}  # fmt: skip
