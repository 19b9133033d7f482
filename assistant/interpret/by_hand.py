"""What of a condition can be set by hand, and the edit that setting it is. Law: every change is an edit of `rule/edits.py`, which gate 1 judges and which is read back; a number is read as in a
request, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Property, Tag, Text, Unit
from assistant.errors import UserError
from assistant.interpret.nodes import denied
from assistant.language.numbers import read_quantities
from assistant.language.text import normalise
from assistant.rule.edits import RemoveCondition, ReplaceCondition, RuleChange, SetComparison, SetParameter, SetWindow
from assistant.rule.tree import (
    AnyNode,
    Comparing,
    ConceptRef,
    Not,
    Operator,
    Path,
    Range,
    RankCondition,
    RecordCondition,
    SequenceCondition,
    TagComparison,
    TagCondition,
    at,
    walk,
)
from assistant.rule.window import Ago, Future, Rolling, TimeWindow

What = Literal["number", "low", "high", "codes", "window", "parameter"]
Order = Literal[">", ">=", "<", "<="]
ORDERS: tuple[Order, ...] = get_args(Order)
"""The operators a number can be given by hand."""
LONGEST_LIST = 400
"""Values of an enum that are still offered as a list."""
_COUNTED = frozenset({"count", "times", "days", "months", "points", "score"})


@dataclass(frozen=True, slots=True)
class Handle:
    """One thing that can be set. `path`: of its node in the rule; `about`: what it is of (None: a number of a rank or a sequence); `name`: the filter's property, or the parameter; `number`, `codes`: as they
    are; `item`: whose values may be chosen; `operator`: of a number that may stand with another one; `scale`: what one of its unit is in the rule; `window`: the one whose length is set; `low`, `high`: the ends a number must be between, where the
    catalog names any."""

    path: Path
    what: What
    about: Text | None
    name: str = ""
    unit: Unit = "none"
    number: Decimal | None = None
    codes: tuple[str, ...] = ()
    item: Tag | Property | None = None
    operator: Operator | None = None
    scale: Decimal = Decimal(1)
    window: Rolling | Future | Ago | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def handles(root: AnyNode, path: Path, catalog: TagCatalog) -> tuple[Handle, ...]:
    """What can be set in the condition at a path, in the order it is read; without those of the group of a rank, which is no part of what it compares."""
    found: list[Handle] = []
    for below, node in walk(at(root, path), path):
        found.extend(_of(below, node, catalog))
    return tuple(found)


def removed(path: Path) -> RuleChange:
    """The condition gone."""
    return RemoveCondition(path=path)


def turned_round(root: AnyNode, path: Path) -> RuleChange:
    """The condition denied, as 不是 does, or its denial taken back."""
    node = at(root, path)
    return ReplaceCondition(path=path, node=node.child if isinstance(node, Not) else denied(node, node.said))


def edited(root: AnyNode, handle: Handle, given: str | Sequence[str], operator: str | None = None) -> RuleChange:
    """Another number (as people write it: 5万, 50k) or other values. UserError `by_hand_unread` for what is no number of that unit, `by_hand_range` for one that is too small or too large, `by_hand_empty` for no
    value at all."""
    node = at(root, handle.path)
    if handle.what == "codes":
        codes = (given,) if isinstance(given, str) else tuple(given)
        if not codes or not all(codes):
            raise UserError("by_hand_empty")
        assert isinstance(node, TagCondition | RecordCondition), "codes stand in a comparison or a filter"
        return SetComparison(path=handle.path, value=codes, property=handle.name or None)
    number = _number(given if isinstance(given, str) else "", handle.unit) * handle.scale
    if (handle.low is not None and number < handle.low) or (handle.high is not None and number > handle.high):
        raise UserError("by_hand_range", low=_shown(handle.low), high=_shown(handle.high))
    match handle.what:
        case "number":
            order = next((one for one in ORDERS if one == operator), None) if handle.operator in ORDERS else None
            return SetComparison(path=handle.path, operator=order, value=number, property=handle.name or None)
        case "low" | "high":
            return SetComparison(path=handle.path, value=_range(node, handle.what, number, given))
        case "window":
            return SetWindow(path=handle.path, window=_longer(handle.window, number, given))
        case _:
            return SetParameter(path=handle.path, name=handle.name, value=number)


def _of(path: Path, node: AnyNode, catalog: TagCatalog) -> Iterator[Handle]:
    match node:
        case TagCondition():
            tag = catalog.tags[node.tag]
            yield from _compared(path, node, tag.name, tag, catalog)
        case TagComparison():
            tag = catalog.tags[node.left]
            if isinstance(node.value, Decimal):
                share = node.measure == "relative_change"
                unit: Unit = "percent" if share else tag.unit if node.measure == "difference" else "none"
                scale = Decimal("0.01") if share else Decimal(1)
                yield Handle(path, "number", tag.name, "", unit, node.value / scale, operator=node.operator, scale=scale)
        case RecordCondition():
            yield from _of_records(path, node, catalog)
        case RankCondition():
            name = "count" if node.count is not None else "percent"
            size = Decimal(node.count) if node.count is not None else node.percent
            yield Handle(path, "parameter", catalog.tags[node.tag].name, name, "count" if name == "count" else "percent", size)
        case SequenceCondition(within_days=int() as days):
            yield Handle(path, "parameter", catalog.records[node.then.records].name, "within_days", "days", Decimal(days))
        case ConceptRef():
            told = dict(node.parameters)
            for name, parameter in catalog.concepts[node.concept].parameters.items():
                present = told.get(name, parameter.default)
                if isinstance(present, Decimal):
                    about, unit, low, high = parameter.name, parameter.unit, parameter.low, parameter.high
                    yield Handle(path, "parameter", about, name, unit, present, low=low, high=high)
        case _:
            return


def _of_records(path: Path, node: RecordCondition, catalog: TagCatalog) -> Iterator[Handle]:
    records = catalog.records[node.records]
    for one in node.filters:
        prop = records.property(one.property)
        if prop is not None and [each.property for each in node.filters].count(one.property) == 1:
            yield from (each for each in _compared(path, one, prop.name, prop, catalog, one.property) if each.what in ("number", "codes"))
    of = None if node.of is None else records.property(node.of)
    if isinstance(node.value, Decimal) and not (node.of is not None and of is None):
        unit: Unit = "days" if node.aggregate == "days" else "times" if of is None else of.unit
        yield Handle(path, "number", records.name if of is None else of.name, "", unit, node.value, operator=node.operator)
    if isinstance(node.window, Rolling | Future):
        yield Handle(path, "window", records.name, "", _window_unit(node.window), Decimal(node.window.n), window=node.window)


def _compared(path: Path, node: Comparing, about: Text, item: Tag | Property, catalog: TagCatalog, name: str = "") -> Iterator[Handle]:
    """The value of a comparison of a tag or a property."""
    match node.value:
        case bool():
            return
        case Decimal() as number:
            yield Handle(path, "number", about, name, item.unit, number, operator=node.operator)
        case Range() as both:
            for what, number in (("low", both.low), ("high", both.high)):
                yield Handle(path, "low" if what == "low" else "high", about, name, item.unit, number)
        case tuple() as codes if 0 < len(catalog.values(item)) <= LONGEST_LIST:
            yield Handle(path, "codes", about, name, item.unit, None, codes, item, node.operator)
        case Rolling() | Future() as window:
            yield Handle(path, "window", about, name, _window_unit(window), Decimal(window.n), window=window)
        case Ago(farthest=None) as window:
            yield Handle(path, "window", about, name, _window_unit(window), Decimal(window.nearest), window=window)
        case _:
            return


def _number(text: str, unit: Unit) -> Decimal:
    """The one number a text is, in a unit. UserError `by_hand_unread`."""
    said = normalise(text).text.strip()
    found = read_quantities(said)
    one = found[0] if len(found) == 1 else None
    whole = one is not None and (one.start, one.end) == (0, len(said))
    if one is None or not whole or one.doubt is not None or one.assumed is not None or one.low is not None or not _fits(one.unit, unit):
        raise UserError("by_hand_unread", words=text.strip() or " ")
    return one.value


def _shown(end: Decimal | None) -> str:
    return "…" if end is None else format(end.normalize(), "f")


def _fits(said: str | None, unit: Unit) -> bool:
    """Whether a number said with a unit is one of another: without any it is, and people count in their own words."""
    return (
        said in (None, unit)
        or (said in _COUNTED and unit in _COUNTED and "days" not in (said, unit))
        or (said == "multiple" and unit == "none")
    )


def _range(node: AnyNode, end: str, number: Decimal, given: str | Sequence[str]) -> Range:
    assert isinstance(node, Comparing), "an end is of a comparison"
    assert isinstance(node.value, Range), "an end is of a range"
    low, high = (number, node.value.high) if end == "low" else (node.value.low, number)
    if low > high:
        raise UserError("by_hand_unread", words=str(given))
    return node.value.model_copy(update={"low": low, "high": high})


def _longer(window: Rolling | Future | Ago | None, number: Decimal, given: str | Sequence[str]) -> TimeWindow:
    """The same kind of window over another number of its units."""
    if number != int(number) or not 0 < number <= 36500:
        raise UserError("by_hand_unread", words=str(given))
    match window:
        case Rolling():
            return Rolling(unit=window.unit, n=int(number))
        case Future():
            return Future(unit=window.unit, n=int(number))
        case Ago():
            return Ago(unit=window.unit, nearest=int(number))
        case _:
            raise AssertionError("only such a window is offered")


def _window_unit(window: Rolling | Future | Ago) -> Unit:
    """The unit a length is read in: days and months have words of their own, of the others a bare number is asked for."""
    return "days" if window.unit == "day" else "months" if window.unit == "month" else "none"
