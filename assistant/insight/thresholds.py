"""The numbers of a rule that may be moved, and the values worth asking about. Law: a moved number is an edit of the rule, and its condition holds for more or for
fewer customers the further it is moved; a number inside a rank's group is none of them, since it changes whom the others are ranked against.

Values are the tag's bands in the catalog and round figures people use, on both sides of the present one; finer ones between two that lie round a target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactUnit
from assistant.rule.edits import AddCondition, RuleChange, SetComparison, SetParameter
from assistant.rule.tree import (
    AnyNode,
    Comparing,
    ConceptRef,
    Path,
    Range,
    RankCondition,
    RecordCondition,
    TagCondition,
    at,
    children,
    walk,
)
from assistant.validation.verdict import ValidatedRule

End = Literal["value", "low", "high", "count", "percent"]
_UP, _DOWN = (">", ">="), ("<", "<=")
_WHOLE = frozenset({"count", "times", "months", "steps", "days", "years"})
UNITS: dict[str, FactUnit] = {"CNY": "CNY", "USD": "USD", "percent": "percent", "days": "days", "calendar_year": "calendar_year"}
_ROUND = tuple(map(Decimal, ("1", "1.5", "2", "3", "5", "7")))
_STEPS = tuple(map(Decimal, ("1", "2", "5", "10")))
_SMALL, _MANY = 60, 12
"""Whole numbers up to here are all asked about; so many parts an interval is divided into."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number: `path` of its condition in the rule as said, `at` in the expanded rule, `node` the expanded condition. `end`: which number of it;
    `parameter`: of the concept it is the number of. `widens`: a higher number takes more customers. `low`, `high`: what it may be, both included."""

    path: Path
    at: Path
    node: AnyNode
    end: End
    present: Decimal
    widens: bool
    whole: bool
    unit: FactUnit
    low: Decimal | None = None
    high: Decimal | None = None
    bands: tuple[Decimal, ...] = ()
    parameter: str | None = None
    added: bool = False
    """Whether the rule as said has no such condition yet: to move it is to add it."""

    def moved(self, value: Decimal) -> AnyNode:
        """The expanded condition with another number."""
        match self.node:
            case RankCondition():
                size = {"count": int(value)} if self.end == "count" else {"percent": value}
                return self.node.model_copy(update=size)
            case TagCondition() | RecordCondition():
                return self.node.model_copy(update={"value": self._compared(value)})
            case other:
                return other

    def edit(self, value: Decimal) -> RuleChange:
        """The change of the rule that moves it."""
        if self.added:
            return AddCondition(node=self.moved(value))
        if self.parameter is not None:
            return SetParameter(path=self.path, name=self.parameter, value=value)
        if self.end in ("count", "percent"):
            return SetParameter(path=self.path, name=self.end, value=value)
        return SetComparison(path=self.path, value=self._compared(value))

    def in_order(self, values: set[Decimal]) -> tuple[Decimal, ...]:
        """Values from the one that takes fewest customers to the one that takes most."""
        return tuple(sorted(values, reverse=not self.widens))

    def may_be(self, value: Decimal) -> bool:
        fits = (self.low is None or self.low <= value) and (self.high is None or value <= self.high)
        return fits and (not self.whole or value == value.to_integral_value())

    def says_nothing(self, value: Decimal) -> bool:
        """Whether the condition would hold for whatever there is: at least 0 times is no condition."""
        held = self.node.operator if isinstance(self.node, TagCondition | RecordCondition) else None
        return self.end == "value" and ((held == ">=" and value == self.low) or (held == "<=" and value == self.high))

    def _compared(self, value: Decimal) -> Decimal | Range:
        held = self.node.value if isinstance(self.node, Comparing) else None
        return held.model_copy(update={self.end: value}) if isinstance(held, Range) else value


def thresholds(rule: ValidatedRule) -> tuple[Threshold, ...]:
    """Every number of the rule that may be moved, in the order of its conditions."""
    return tuple(_below(rule.rule.node, (), rule))


def _below(node: AnyNode, path: Path, rule: ValidatedRule) -> Iterator[Threshold]:
    if isinstance(node, ConceptRef):
        yield from _of_concept(node, path, rule)
    elif isinstance(node, TagCondition | RecordCondition | RankCondition):
        yield from _of(node, path, path, rule.catalog)
    else:
        for number, child in enumerate(children(node)):
            yield from _below(child, (*path, number), rule)


def _of(node: AnyNode, path: Path, place: Path, catalog: TagCatalog) -> Iterator[Threshold]:
    match node:
        case RankCondition(count=int() as count):
            yield Threshold(path, place, node, "count", Decimal(count), True, True, "customers", Decimal(1))
        case RankCondition(percent=Decimal() as percent):
            yield Threshold(path, place, node, "percent", percent, True, False, "percent", Decimal("0.1"), Decimal(100))
        case TagCondition() if catalog.tags[node.tag].numeric:
            tag = catalog.tags[node.tag]
            low, high = tag.plausible or (None, None)
            if low is not None and tag.unit in ("CNY", "USD"):
                low = min(low, Decimal(0))  # what is plausible to hold is no bound of what "at most" may say
            whole = tag.type == "integer" or tag.unit in _WHOLE
            yield from _ends(node, path, place, whole, UNITS.get(tag.unit, "number"), low, high, tag.bands)
        case RecordCondition() if node.aggregate not in ("first", "last") and (node.of is not None or node.aggregate in ("count", "days")):
            whole = node.aggregate in ("count", "days")
            records = catalog.records[node.records]
            item = None if node.of is None else records.property(node.of)
            if whole or (item is not None and item.numeric):
                unit = UNITS.get("" if item is None else item.unit, "number")
                yield from _ends(node, path, place, whole, unit, Decimal(0) if whole else None, None, ())


def _ends(
    node: TagCondition | RecordCondition,
    path: Path,
    place: Path,
    whole: bool,
    unit: FactUnit,
    low: Decimal | None,
    high: Decimal | None,
    bands: tuple[Decimal, ...],
) -> Iterator[Threshold]:
    match node.value:
        case Decimal() as value if node.operator in (*_UP, *_DOWN):
            yield Threshold(path, place, node, "value", value, node.operator in _DOWN, whole, unit, low, high, bands)
        case Range(low=least, high=most):
            yield Threshold(path, place, node, "low", least, False, whole, unit, low, most, bands)
            yield Threshold(path, place, node, "high", most, True, whole, unit, least, high, bands)


def _of_concept(node: ConceptRef, path: Path, rule: ValidatedRule) -> Iterator[Threshold]:
    """The parameters that are the number of just one condition of the definition: another value of them changes that number and nothing else."""
    catalog = rule.catalog
    given = dict(node.parameters)
    expanded = catalog.expand(node)
    for name, parameter in catalog.concepts[node.concept].parameters.items():
        present = given.get(name, parameter.default)
        if not isinstance(present, Decimal):
            continue
        other = dict(walk(catalog.expand(node.model_copy(update={"parameters": tuple({**given, name: present + 1}.items())}))))
        changed = [inner for inner, part in walk(expanded) if not children(part) and other.get(inner) != part]
        if len(changed) != 1:
            continue
        for one in _of(at(expanded, changed[0]), path, (*path, *changed[0]), catalog):
            if one.end == "value" and one.present == present and other[changed[0]] == one.moved(present + 1):
                low = max((bound for bound in (one.low, parameter.low) if bound is not None), default=None)
                high = min((bound for bound in (one.high, parameter.high) if bound is not None), default=None)
                yield Threshold(
                    path, one.at, one.node, "value", present, one.widens, one.whole, one.unit, low, high, one.bands, parameter=name
                )  # fmt: skip


def coarse(threshold: Threshold) -> set[Decimal]:
    """Values over the orders of magnitude round the present one, itself among them."""
    return {_plain(value) for value in {*_series(threshold), *threshold.bands} if threshold.may_be(value)} | {threshold.present}


def _series(threshold: Threshold) -> Iterator[Decimal]:
    present = abs(threshold.present)
    if threshold.whole and present <= _SMALL:
        yield from map(Decimal, range(_SMALL + 1))
    exponent = present.adjusted() if present else 3
    sign = -1 if threshold.present < 0 else 1
    yield Decimal(0)
    for power in range(exponent - 3, exponent + 4):
        for digit in _ROUND:
            yield sign * digit.scaleb(power)


def between(threshold: Threshold, low: Decimal, high: Decimal) -> set[Decimal]:
    """About `_MANY` round values strictly between two."""
    rough = (high - low) / _MANY
    scale = Decimal(1).scaleb(rough.adjusted())
    step = next(digit * scale for digit in _STEPS if digit * scale >= rough)
    if threshold.whole:
        step = max(Decimal(1), step.to_integral_value(ROUND_CEILING))
    first = int((low / step).to_integral_value(ROUND_CEILING))
    found: set[Decimal] = set()
    while (value := first * step) < high:
        if value > low and threshold.may_be(value):
            found.add(_plain(value))
        first += 1
    return found


def _plain(value: Decimal) -> Decimal:
    """The same number as people write it: 1000, not 1E+3."""
    return Decimal(format(value, "f"))


def valued(rule: ValidatedRule) -> Tag | None:
    """What the bank values customers by, if the catalog says so and the asker may know it."""
    code = rule.catalog.header.value_tag
    return None if code is None or not rule.usable(rule.catalog.tags[code]) else rule.catalog.tags[code]
