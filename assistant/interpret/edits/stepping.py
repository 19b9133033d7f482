"""One step tighter or looser: the rungs a condition's number could move to. Law: round numbers people use, nearest first; which rung is the step is decided by
the customers (the first that changes their number), not here.

Rungs are the tag's bands in the catalog where it has them, else 1, 2, 5 times the powers of ten; whole numbers for counts; the next level of an ordered tag.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import Place
from assistant.interpret.edits.setting import number_parameter
from assistant.interpret.interpretation import Ladder
from assistant.rule.edits import RuleChange, SetComparison, SetParameter
from assistant.rule.tree import AnyNode, Comparing, ConceptRef, Quote, RankCondition, RecordCondition, SegmentRule, TagCondition, walk

STEPPING = ("edit.tighten", "edit.loosen")
STEPPING_PEOPLE = ("edit.more_of_them", "edit.fewer_of_them")
"""再多一点, a few fewer: a step said of the customers, which is a step only where nothing else is said."""
MOST_RUNGS = 6
_FEWEST_PERCENT, _MOST_PERCENT = Decimal("0.1"), Decimal(100)
_WHOLE = frozenset({"count", "times", "months", "steps"})
_UP, _DOWN = (">", ">="), ("<", "<=")


def ladders(cursor: Cursor, rule: SegmentRule, places: Iterable[Place], tighten: bool, at: int) -> tuple[Ladder, ...]:
    """For each condition that has a number or a level, its rungs in the direction asked for. `at`: the token that asks."""
    said = cursor.said(at, at + 1)
    found = []
    for path, node in places:
        edits = tuple(_edits(cursor, node, tighten, said, path))[:MOST_RUNGS]
        if edits:
            found.append(Ladder(path, said[0], edits))
    return tuple(found)


def _edits(cursor: Cursor, node: AnyNode, tighten: bool, said: tuple[Quote, ...], path: tuple[int, ...]) -> Iterable[RuleChange]:
    match node:
        case TagCondition(operator=operator, value=Decimal() as value) if operator in (*_UP, *_DOWN):
            tag = cursor.catalog.tags[node.tag]
            rungs = _rungs(value, tag.bands, tag.unit in _WHOLE, (operator in _UP) == tighten)
            low, high = tag.plausible or (None, None)
            for rung in rungs:
                if (low is None or low <= rung) and (high is None or rung <= high):
                    yield SetComparison(path=path, value=rung, said=said)
        case TagCondition(operator=operator, value=tuple() as value) if operator in (*_UP, *_DOWN) and len(value) == 1:
            levels = [one.code for one in cursor.catalog.values(cursor.catalog.tags[node.tag])]
            place = levels.index(value[0])
            ahead = levels[place + 1 :] if (operator in _UP) == tighten else levels[:place][::-1]
            for level in ahead:
                yield SetComparison(path=path, value=(level,), said=said)
        case RecordCondition(operator=operator, value=Decimal() as value) if operator in (*_UP, *_DOWN):
            whole = node.aggregate in ("count", "days")
            least = Decimal(0 if operator == ">" or not whole else 1)
            for rung in _rungs(value, (), whole, (operator in _UP) == tighten):
                if rung >= least:
                    yield SetComparison(path=path, value=rung, said=said)
        case RankCondition(percent=Decimal() as percent):
            for rung in _round(percent, not tighten):
                if _FEWEST_PERCENT <= rung < _MOST_PERCENT:
                    yield SetParameter(path=path, name="percent", value=rung, said=said)
        case RankCondition(count=int() as count):
            for rung in _round(Decimal(count), not tighten):
                if rung >= 1 and rung == int(rung):
                    yield SetParameter(path=path, name="count", value=rung, said=said)
        case ConceptRef(negated=False):
            yield from _of_concept(cursor, node, tighten, said, path)


def _of_concept(cursor: Cursor, node: ConceptRef, tighten: bool, said: tuple[Quote, ...], path: tuple[int, ...]) -> Iterable[RuleChange]:
    """A concept by the one number it turns on, when its definition compares with just that."""
    name = number_parameter(cursor, node)
    if name is None:
        return
    parameter = cursor.catalog.concepts[node.concept].parameters[name]
    present = dict(node.parameters).get(name, parameter.default)
    compared = [part for _, part in walk(cursor.catalog.expand(node)) if isinstance(part, Comparing) and part.value == present]
    if len(compared) != 1 or compared[0].operator not in (*_UP, *_DOWN) or not isinstance(present, Decimal):
        return
    for rung in _rungs(present, (), parameter.unit in (*_WHOLE, "days"), (compared[0].operator in _UP) == tighten):
        if (parameter.low is None or parameter.low <= rung) and (parameter.high is None or rung <= parameter.high) and rung >= 0:
            yield SetParameter(path=path, name=name, value=rung, said=said)


def _rungs(value: Decimal, bands: tuple[Decimal, ...], whole: bool, up: bool) -> Iterable[Decimal]:
    """The rungs from a value on, nearest first."""
    if bands:
        beyond = sorted(band for band in bands if (band > value if up else band < value))
        yield from beyond if up else reversed(beyond)
    elif whole and abs(value) < 20:
        yield from (value + step * (1 if up else -1) for step in range(1, MOST_RUNGS + 1))
    elif value > 0:
        yield from _round(value, up)


def _round(value: Decimal, up: bool) -> Iterable[Decimal]:
    """1, 2, 5 times the powers of ten beyond a positive value, nearest first."""
    exponent = value.adjusted()
    series = sorted(Decimal(digit).scaleb(power) for power in range(exponent - 2, exponent + 3) for digit in (1, 2, 5))
    beyond = [rung for rung in series if (rung > value if up else rung < value)]
    yield from beyond[:MOST_RUNGS] if up else list(reversed(beyond))[:MOST_RUNGS]
