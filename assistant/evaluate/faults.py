"""Faults a compiler could have, seeded one at a time: the proof that the oracle would see them. Law: the oracle reads the rule that was asked.

A fault is sown by handing the compiler another rule, catalog, clock or identity, whose right SQL is what a faulty compiler would have made of the
one that was asked. So every fault runs through the whole walk, and none needs a hook in the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from math import floor

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import BasePopulation, NullMeans, Property, RecordSet, Tag
from assistant.errors import Fault
from assistant.evaluate.agreement import RULES_A_WORLD, Progress, opened, worlds
from assistant.evaluate.generator import Author, as_validated
from assistant.evaluate.oracle import Bank
from assistant.evaluate.world import World
from assistant.policy import Identity
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    Filter,
    Not,
    Operator,
    Range,
    RankCondition,
    RecordCondition,
    Records,
    SequenceCondition,
    TagComparison,
    TagCondition,
    children,
    with_children,
)
from assistant.rule.window import Calendar, Frozen, Future, Rolling, Shifted, TimeWindow

Asked = tuple[AnyNode, World]
Sow = Callable[[AnyNode, World], Asked]


@dataclass(frozen=True)
class SeededFault:
    """One way to read a rule wrongly."""

    name: str
    sow: Sow


@dataclass(frozen=True)
class FaultReport:
    """For each fault the number of pairs it took to see it; `missed`: those not seen within the bound."""

    caught: Mapping[str, int]
    missed: tuple[str, ...]

    def figures(self) -> dict[str, int]:
        return {
            "faults": len(self.caught) + len(self.missed),
            "caught": len(self.caught),
            "most_pairs": max(self.caught.values(), default=0),
        }


# What a fault is made of


def _everywhere(change: Callable[[AnyNode], AnyNode]) -> Sow:
    """A fault of one kind of node, wherever it stands."""

    def rewrite(node: AnyNode) -> AnyNode:
        return change(with_children(node, tuple(rewrite(child) for child in children(node))))

    return lambda node, world: (rewrite(world.catalog.expand_all(node)), world)


def _in_world(change: Callable[[AnyNode, World], AnyNode]) -> Sow:
    """The same, for a fault that hangs on the data."""

    def rewrite(node: AnyNode, world: World) -> AnyNode:
        return change(with_children(node, tuple(rewrite(child, world) for child in children(node))), world)

    return lambda node, world: (rewrite(world.catalog.expand_all(node), world), world)


def _comparisons(change: Callable[[Comparing], dict[str, object]]) -> Sow:
    """A fault of comparisons, those of filters included."""

    def filtered(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
        return tuple(item.model_copy(update=change(item)) for item in filters)

    def rewrite(node: AnyNode) -> AnyNode:
        match node:
            case RecordCondition():
                return node.model_copy(update={**change(node), "filters": filtered(node.filters)})
            case TagCondition() | TagComparison():
                return node.model_copy(update=change(node))
            case SequenceCondition():
                first, then = (side.model_copy(update={"filters": filtered(side.filters)}) for side in (node.first, node.then))
                return node.model_copy(update={"first": first, "then": then})
            case _:
                return node

    return _everywhere(rewrite)


def _operator(old: Operator, new: Operator) -> Sow:
    return _comparisons(lambda clause: {"operator": new} if clause.operator == old else {})


def _range(low_open: bool | None, high_open: bool | None) -> Sow:
    def change(clause: Comparing) -> dict[str, object]:
        if not isinstance(clause.value, Range):
            return {}
        sides = {"low_open": low_open, "high_open": high_open}
        return {"value": clause.value.model_copy(update={name: side for name, side in sides.items() if side is not None})}

    return _comparisons(change)


def _windows(change: Callable[[TimeWindow], TimeWindow]) -> Sow:
    """A fault of windows, those of records and those dates are compared with."""

    def of_value(clause: Comparing) -> dict[str, object]:
        value = clause.value
        if clause.operator != "within" or not isinstance(value, Frozen) or isinstance(value, Range):
            return {}
        return {"value": change(value)}

    def of_records(node: AnyNode) -> AnyNode:
        if isinstance(node, RecordCondition) and node.window is not None:
            return node.model_copy(update={"window": change(node.window)})
        if isinstance(node, SequenceCondition) and node.first.window is not None:
            return node.model_copy(update={"first": node.first.model_copy(update={"window": change(node.first.window)})})
        return node

    values, records = _comparisons(of_value), _everywhere(of_records)
    return lambda node, world: records(*values(node, world))


def _catalog(change: Callable[[TagCatalog], TagCatalog]) -> Sow:
    """A fault in how the catalog's words are taken."""

    def sow(node: AnyNode, world: World) -> Asked:
        catalog = change(world.catalog)
        return node, replace(world, catalog=catalog, bank=Bank(catalog, world.bank.tables))

    return sow


def _tags_and_properties(change: Callable[[Tag | Property], dict[str, object]]) -> Sow:
    def changed(catalog: TagCatalog) -> TagCatalog:
        tags = {code: tag.model_copy(update=change(tag)) for code, tag in catalog.tags.items()}
        records = {
            code: records.model_copy(update={"properties": tuple(item.model_copy(update=change(item)) for item in records.properties)})
            for code, records in catalog.records.items()
        }
        return replace(catalog, tags=tags, records=records)

    return _catalog(changed)


def _null(old: NullMeans, new: NullMeans) -> Sow:
    return _tags_and_properties(lambda item: {"null_means": new} if item.null_means == old else {})


def _record_sets(change: Callable[[RecordSet], dict[str, object]]) -> Sow:
    return _catalog(
        lambda catalog: replace(
            catalog, records={code: records.model_copy(update=change(records)) for code, records in catalog.records.items()}
        )
    )


# The faults


def _pushed_inside(node: AnyNode) -> AnyNode:
    opposite: dict[str, Operator] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "<>", "<>": "=", "in": "not_in", "not_in": "in"}
    match node:
        case Not(child=TagCondition() | TagComparison() | RecordCondition() as inner) if inner.operator in opposite:
            return inner.model_copy(update={"operator": opposite[inner.operator]})
        case _:
            return node


def _not_in_as_not(node: AnyNode) -> AnyNode:
    if isinstance(node, TagCondition) and node.operator in ("not_in", "<>"):
        return Not(child=node.model_copy(update={"operator": "in" if node.operator == "not_in" else "="}))
    return node


def _snapshot_ignored(node: AnyNode) -> AnyNode:
    match node:
        case TagCondition():
            return node.model_copy(update={"snapshot": None})
        case TagComparison():
            return node.model_copy(update={"right_snapshot": None})
        case _:
            return node


def _snapshot_further(node: AnyNode) -> AnyNode:
    if isinstance(node, TagCondition) and node.snapshot is not None:
        return node.model_copy(update={"snapshot": node.snapshot.model_copy(update={"offset": node.snapshot.offset - 1})})
    return node


def _filters_dropped(node: AnyNode) -> AnyNode:
    match node:
        case RecordCondition():
            return node.model_copy(update={"filters": node.filters[:-1]})
        case SequenceCondition():
            return node.model_copy(update={"then": node.then.model_copy(update={"filters": ()})})
        case _:
            return node


def _filters_apart(node: AnyNode) -> AnyNode:
    """One record that is both, read as two records that are one each."""
    if isinstance(node, RecordCondition) and len(node.filters) == 2 and node.aggregate == "count":
        return AllOf(children=tuple(node.model_copy(update={"filters": (item,)}) for item in node.filters))
    return node


def _average_as_integer(node: AnyNode) -> AnyNode:
    """floor(avg) op v, written over avg itself."""
    if not (isinstance(node, RecordCondition) and node.aggregate == "avg" and isinstance(node.value, Decimal)):
        return node
    low, up = Decimal(floor(node.value)), Decimal(-floor(-node.value))
    match node.operator:
        case ">":
            return node.model_copy(update={"operator": ">=", "value": low + 1})
        case ">=":
            return node.model_copy(update={"value": up})
        case "<":
            return node.model_copy(update={"value": up})
        case "<=":
            return node.model_copy(update={"operator": "<", "value": low + 1})
        case _:
            return node


def _unknown_average_as_zero(node: AnyNode) -> AnyNode:
    """Nobody's records have an average: taken as 0 where 0 would do."""
    if not (isinstance(node, RecordCondition) and node.aggregate in ("avg", "min", "max") and isinstance(node.value, Decimal)):
        return node
    if (node.operator in ("<", "<=") and node.value > 0) or (node.operator in (">", ">=") and node.value < 0):
        none = node.model_copy(update={"aggregate": "count", "of": None, "operator": "=", "value": Decimal(0)})
        return AnyOf(children=(node, none))
    return node


def _count_of_nothing(node: AnyNode) -> AnyNode:
    """An inner join instead of an outer one: whoever has no record is lost."""
    if isinstance(node, RecordCondition) and node.aggregate in ("count", "days", "sum"):
        some = node.model_copy(update={"aggregate": "count", "of": None, "operator": ">=", "value": Decimal(1)})
        return AllOf(children=(node, some))
    return node


def _percent_floor(node: AnyNode, world: World) -> AnyNode:
    if not (isinstance(node, RankCondition) and node.percent is not None):
        return node
    known = len(world.members(node.model_copy(update={"percent": Decimal(100)})))
    return node.model_copy(update={"percent": None, "count": max(1, floor(known * node.percent / 100))})


def _ties_all_in(node: AnyNode, world: World) -> AnyNode:
    """RANK() instead of ROW_NUMBER(): the last place is shared."""
    if not isinstance(node, RankCondition):
        return node
    tag = world.catalog.tags[node.tag]
    amounts = []
    for customer in world.members(node):
        cell = world.bank.people[max(day for day in world.snapshots if day <= world.as_of)][customer][tag.column_name]
        if isinstance(cell, str) or (cell is None and tag.null_means != "zero"):
            return node
        amounts.append(Decimal(0) if cell is None else Decimal(str(cell)))
    if not amounts:
        return node
    edge: Operator = ">=" if node.direction == "top" else "<="
    worst = min(amounts) if node.direction == "top" else max(amounts)
    return AllOf(children=(node.within, TagCondition(tag=node.tag, operator=edge, value=worst)))


def _rank_of_everyone(node: AnyNode) -> AnyNode:
    if isinstance(node, RankCondition):
        return AllOf(children=(node.within, node.model_copy(update={"within": AllOf()})))
    return node


def _rank_upside_down(node: AnyNode) -> AnyNode:
    if isinstance(node, RankCondition):
        return node.model_copy(update={"direction": "bottom" if node.direction == "top" else "top"})
    return node


def _sequence(change: Callable[[SequenceCondition], AnyNode]) -> Sow:
    return _everywhere(lambda node: change(node) if isinstance(node, SequenceCondition) else node)


def _at_least_one(side: Records) -> RecordCondition:
    return RecordCondition(records=side.records, filters=side.filters, window=side.window, day_kind=side.day_kind)


def _not_followed_as_not(node: SequenceCondition) -> AnyNode:
    """Every first record unfollowed, whether its days have passed or not, where one that is ripe was asked."""
    if not node.negated:
        return node
    return AllOf(children=(_at_least_one(node.first), Not(child=node.model_copy(update={"negated": False}))))


def _order_forgotten(node: SequenceCondition) -> AnyNode:
    if node.negated:
        return node
    return AllOf(children=(_at_least_one(node.first), _at_least_one(node.then.model_copy(update={"window": None}))))


def _one_longer(window: TimeWindow) -> TimeWindow:
    return window.model_copy(update={"n": window.n + 1}) if isinstance(window, Rolling) else window


def _months_as_thirty_days(window: TimeWindow) -> TimeWindow:
    days = {"month": 30, "quarter": 90, "half_year": 180, "year": 360}
    if isinstance(window, Rolling | Future) and window.unit in days:
        return window.model_copy(update={"unit": "day", "n": days[window.unit] * window.n})
    return window


def _one_unit_less(window: TimeWindow) -> TimeWindow:
    """As with an exclusive end."""
    if isinstance(window, Calendar) and window.last > window.first:
        return window.model_copy(update={"last": window.last - 1})
    return window


def _day_kind_forgotten(node: AnyNode) -> AnyNode:
    return node.model_copy(update={"day_kind": None}) if isinstance(node, RecordCondition) else node


def _alphabet(item: Tag | Property) -> dict[str, object]:
    """Codes compared as text."""
    if not item.ordered:
        return {}
    order = sorted(value.code for value in item.values)
    return {"values": tuple(value.model_copy(update={"rank": order.index(value.code) + 1}) for value in item.values)}


def _no_regions(catalog: TagCatalog) -> TagCatalog:
    units = tuple(unit.model_copy(update={"region": None}) for unit in catalog.header.organisation)
    return replace(catalog, header=catalog.header.model_copy(update={"organisation": units}))


def _no_base_rule(catalog: TagCatalog) -> TagCatalog:
    whole = BasePopulation(rule={"all": []}, name=catalog.header.base_population.name)
    return replace(catalog, header=catalog.header.model_copy(update={"base_population": whole}))


def _no_make_up_days(catalog: TagCatalog) -> TagCatalog:
    return replace(catalog, calendar=catalog.calendar.model_copy(update={"workdays": ()}))


def _concept_defaults(node: AnyNode, world: World) -> Asked:
    def rewrite(one: AnyNode) -> AnyNode:
        if isinstance(one, ConceptRef):
            return one.model_copy(update={"parameters": ()})
        return with_children(one, tuple(rewrite(child) for child in children(one)))

    return rewrite(node), world


def _concept_complement(node: AnyNode, world: World) -> Asked:
    def rewrite(one: AnyNode) -> AnyNode:
        if isinstance(one, ConceptRef) and one.negated:
            return Not(child=one.model_copy(update={"negated": False}))
        return with_children(one, tuple(rewrite(child) for child in children(one)))

    return rewrite(node), world


def _measure(clause: AnyNode) -> AnyNode:
    if isinstance(clause, TagComparison) and clause.measure == "relative_change":
        return clause.model_copy(update={"measure": "ratio"})
    return clause


def _days_as_rows(node: AnyNode) -> AnyNode:
    if isinstance(node, RecordCondition) and node.aggregate == "days":
        return node.model_copy(update={"aggregate": "count"})
    return node


def _first_as_smallest(node: AnyNode) -> AnyNode:
    if isinstance(node, RecordCondition) and node.aggregate in ("first", "last") and node.of is not None:
        return node.model_copy(update={"aggregate": "min" if node.aggregate == "first" else "max"})
    return node


def _any_as_all(node: AnyNode) -> AnyNode:
    return AllOf(children=node.children) if isinstance(node, AnyOf) else node


FAULTS: tuple[SeededFault, ...] = (
    SeededFault("rolling window one unit too long", _windows(_one_longer)),
    SeededFault("months taken as 30 days", _windows(_months_as_thirty_days)),
    SeededFault("last calendar unit left out", _windows(_one_unit_less)),
    SeededFault("shifted window not shifted", _windows(lambda window: window.base if isinstance(window, Shifted) else window)),
    SeededFault("calendar words read from as_of", lambda node, world: (node, replace(world, today=world.as_of - timedelta(days=1)))),
    SeededFault("a date still to come cut at as_of", _tags_and_properties(lambda item: {"tense": "past"} if item.tense == "future" else {})),
    SeededFault("> taken as >=", _operator(">", ">=")),
    SeededFault("<= taken as <", _operator("<=", "<")),
    SeededFault("open side of a range closed", _range(False, False)),
    SeededFault("closed low side of a range open", _range(True, None)),
    SeededFault("no value meaning zero taken as unknown", _null("zero", "unknown")),
    SeededFault("unknown number taken as zero", _tags_and_properties(lambda item: {"null_means": "zero"} if item.null_means == "unknown" and item.numeric else {})),
    SeededFault("no value meaning false taken as unknown", _null("false", "unknown")),
    SeededFault("Not pushed into the comparison", _everywhere(_pushed_inside)),
    SeededFault("not_in and <> taken as complement", _everywhere(_not_in_as_not)),
    SeededFault("any taken as all", _everywhere(_any_as_all)),
    SeededFault("subtree of a code ignored", _tags_and_properties(lambda item: {"values": tuple(value.model_copy(update={"parent": None}) for value in item.values)})),
    SeededFault("region of the organisation ignored", _catalog(_no_regions)),
    SeededFault("ordered codes compared as text", _tags_and_properties(_alphabet)),
    SeededFault("earlier snapshot ignored", _everywhere(_snapshot_ignored)),
    SeededFault("snapshot one unit too early", _everywhere(_snapshot_further)),
    SeededFault("relative change taken as ratio", _everywhere(_measure)),
    SeededFault("last filter dropped", _everywhere(_filters_dropped)),
    SeededFault("filters of one record taken apart", _everywhere(_filters_apart)),
    SeededFault("rows of a day grain counted", _record_sets(lambda records: {"grain": "event", "count_column": None} if records.grain == "day" else {})),
    SeededFault("distinct days taken as rows", _everywhere(_days_as_rows)),
    SeededFault("average as a whole number", _everywhere(_average_as_integer)),
    SeededFault("average of nothing taken as zero", _everywhere(_unknown_average_as_zero)),
    SeededFault("customers without records lost", _everywhere(_count_of_nothing)),
    SeededFault("first and last taken as min and max", _everywhere(_first_as_smallest)),
    SeededFault("end of a state ignored", _record_sets(lambda records: {"valid_to": None})),
    SeededFault("start of a state ignored", _record_sets(lambda records: {"valid_from": None})),
    SeededFault("kind of day ignored", _everywhere(_day_kind_forgotten)),
    SeededFault("make-up workdays ignored", _catalog(_no_make_up_days)),
    SeededFault("sequence one day too short", _sequence(lambda node: node.model_copy(update={"within_days": max(0, (node.within_days or 0) - 1)}))),
    SeededFault("order of a sequence forgotten", _sequence(_order_forgotten)),
    SeededFault("not followed taken before its days have passed", _sequence(_not_followed_as_not)),
    SeededFault("percent of a rank rounded down", _in_world(_percent_floor)),
    SeededFault("ties of a rank all in", _in_world(_ties_all_in)),
    SeededFault("rank over everyone instead of its group", _everywhere(_rank_of_everyone)),
    SeededFault("rank upside down", _everywhere(_rank_upside_down)),
    SeededFault("base population's rule ignored", _catalog(_no_base_rule)),
    SeededFault("row scope ignored", lambda node, world: (node, replace(world, identity=Identity(), scope=()))),
    SeededFault("parameters of a concept ignored", _concept_defaults),
    SeededFault("own negation of a concept ignored", _concept_complement),
)  # fmt: skip


def run_faults(pairs: int, seed: int = 0, faults: tuple[SeededFault, ...] = FAULTS, progress: Progress | None = None) -> FaultReport:
    """Sow every fault into up to `pairs` random pairs until it is seen: SQL made of the fault differs from the oracle's reading of what was asked.

    A pair on which the fault means the same customers cannot show it and is not run, but counts.
    """
    caught: dict[str, int] = {}
    done = 0
    for _, random, world in worlds(seed):
        waiting = [fault for fault in faults if fault.name not in caught]
        if done >= pairs or not waiting:
            break
        author = Author(random, world)
        with opened(world) as warehouse:
            for _ in range(min(RULES_A_WORLD, pairs - done)):
                asked = author.steered().rule.node
                done += 1
                wanted = world.members(asked)
                for fault in faults:
                    if fault.name in caught:
                        continue
                    node, seen = fault.sow(asked, world)
                    rule = as_validated(node, seen)
                    if rule is None or seen.members(node) == wanted:
                        continue
                    try:
                        differs = warehouse.members(rule) != wanted
                    except Fault:
                        differs = True
                    if differs:
                        caught[fault.name] = done
        if progress is not None:
            progress(len(caught), len(faults))
    return FaultReport(caught, tuple(fault.name for fault in faults if fault.name not in caught))
