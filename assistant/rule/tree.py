"""What a segment is: the nodes of a rule. Law: values only; no node knows SQL, words or a database.

A rule denotes a set of customers inside the base population: AllOf = intersection, AnyOf = union, Not = complement inside the base.
Codes (tags, record sets, properties, concepts, enum values) are the catalog's; nothing here checks that they exist: `validation` does.
`said` (the words a node came from) is carried by every node and is not part of equality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, field_serializer, field_validator, model_validator

from assistant.rule.window import Frozen, TimeWindow, Unit

Operator = Literal["=", "<>", ">", ">=", "<", "<=", "in", "not_in", "range", "within", "is_absent", "is_unknown"]
"""`=` `<>` and order: numbers, flags (only = and <>), one code of an ordered enum. `in` / `not_in`: codes (known and in / not in the list;
for a tree enum the subtree). `range`: numbers. `within`: a date in a window. `is_absent` / `is_unknown`: no value (see MEANING.md)."""

Aggregate = Literal["count", "days", "sum", "avg", "min", "max", "first", "last"]
DayKind = Literal["workday", "weekend", "holiday"]


class Quote(Frozen):
    """Words of a request: turn number (0 the first) and [start, end) in its original text."""

    turn: int = Field(0, ge=0)
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Range(Frozen):
    """An interval of numbers; a side is closed unless said open."""

    kind: Literal["range"] = "range"
    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not (self.low.is_finite() and self.high.is_finite()):
            raise ValueError("a range needs finite numbers")
        if self.low > self.high:
            raise ValueError("low must not be above high")
        return self


Codes = Annotated[tuple[str, ...], Field(min_length=1)]
Value = bool | Decimal | Codes | Range | TimeWindow | None
"""A number is a Decimal (a string in JSON), a yes-no a bool, enum codes a list, a date is compared with a window."""


def plain_value(value: Any) -> Any:
    """Accept the short forms people write in YAML: 50000, gold, [gold, platinum]. A list is always codes, a string that reads as a number is one."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            number = Decimal(value)
        except ArithmeticError:
            return (value,)
        return number if number.is_finite() else (value,)
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return value


class Node(Frozen):
    """Base of all nodes. Equality and hash leave `said` out."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=())
    said: tuple[Quote, ...] = Field(default=(), repr=False)
    unequal: ClassVar[tuple[str, ...]] = ()
    """Further fields that are no part of equality."""

    def _identity(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).model_fields if name not in ("said", *self.unequal))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Node) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._identity()))


class Comparing(Node):
    """An operator with its value; the operator decides which kind of value it takes."""

    operator: Operator
    value: Value = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        value = data.get("value", cls.model_fields["value"].default)
        if data.get("operator") in ("in", "not_in") and isinstance(value, str):
            value = (value,)
        return {**data, "value": plain_value(value)}

    @model_validator(mode="after")
    def _fits(self) -> Comparing:
        value = self.value
        fits: bool
        match self.operator:
            case "=" | "<>":
                fits = isinstance(value, bool | Decimal) or (isinstance(value, tuple) and len(value) == 1)
            case ">" | ">=" | "<" | "<=":
                fits = (isinstance(value, Decimal)) or (isinstance(value, tuple) and len(value) == 1)
            case "in" | "not_in":
                fits = isinstance(value, tuple)
            case "range":
                fits = isinstance(value, Range)
            case "within":
                fits = isinstance(value, Frozen) and not isinstance(value, Range)
            case _:
                fits = value is None
        if not fits:
            raise ValueError(f"operator {self.operator} does not take {value!r}")
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError("a number must be finite")
        return self


class Filter(Comparing):
    """A comparison on one property of a record."""

    property: str


class Snapshot(Frozen):
    """Which earlier snapshot a tag is read at: the end of the `offset`-th previous unit (month -1 = 上月末, year -1 = 上年末)."""

    unit: Literal["month", "quarter", "year"] = "month"
    offset: int = Field(-1, le=-1, ge=-60)


class TagCondition(Comparing):
    """A tag compared with a value, in the current snapshot or an earlier one."""

    kind: Literal["tag"] = "tag"
    tag: str
    snapshot: Snapshot | None = None


class TagComparison(Comparing):
    """A tag against a tag, or against itself at another snapshot.

    difference = left - right (ordered enums by rank); ratio = left / right; relative_change = (left - right) / right.
    A ratio or change over a right side of 0 or less is unknown. `value` is in the tag's unit, or a plain fraction (-0.3 = down 30 %).
    """

    kind: Literal["tag_comparison"] = "tag_comparison"
    left: str
    right: str
    left_snapshot: Snapshot | None = None
    right_snapshot: Snapshot | None = None
    measure: Literal["difference", "ratio", "relative_change"] = "difference"


class Records(Node):
    """Records of one set that pass every filter, within a window (None: the set has no date of its own, or all of its history)."""

    kind: Literal["records"] = "records"
    records: str
    filters: tuple[Filter, ...] = ()
    window: TimeWindow | None = None
    day_kind: DayKind | None = None


class RecordCondition(Comparing):
    """An aggregate of a customer's records compared with a value. Filters apply first, then the window, then the aggregate.

    `of` names the property for sum, avg, min, max, first and last (None with first/last/min/max: the record's date).
    Over no records count, days and sum are 0; avg, min, max, first, last are unknown.
    """

    kind: Literal["record"] = "record"
    records: str
    filters: tuple[Filter, ...] = ()
    window: TimeWindow | None = None
    day_kind: DayKind | None = None
    aggregate: Aggregate = "count"
    of: str | None = None
    operator: Operator = ">="
    value: Value = Decimal(1)


class SequenceCondition(Node):
    """At least one `first` record such that a `then` record follows on the same day or later, within `within_days` days after it.

    negated: at least one `first` record whose `within_days` days have passed by as_of and that no `then` record follows.
    `within_days` None: the second record falls inside the first one's own window ("浏览未购买": MEANING.md "Sequences"), and nothing has to have passed.
    `then.window` is not used: its time is relative to the first record.
    """

    kind: Literal["sequence"] = "sequence"
    first: Records
    then: Records
    within_days: int | None = Field(None, ge=0, le=3660)
    negated: bool = False


class RankCondition(Node):
    """The top or bottom of the customers of `within`, by a tag. percent: ceil(known customers x percent / 100). Unknown excluded, ties by id."""

    kind: Literal["rank"] = "rank"
    tag: str
    direction: Literal["top", "bottom"] = "top"
    count: int | None = Field(None, ge=1)
    percent: Decimal | None = Field(None, gt=0, le=100)
    within: AnyNode

    @model_validator(mode="after")
    def _one_size(self) -> RankCondition:
        if (self.count is None) == (self.percent is None):
            raise ValueError("a rank takes either count or percent")
        return self


class ConceptRef(Node):
    """A named business word of the catalog, with the parameters that differ from its defaults. negated: the concept's own negation."""

    kind: Literal["concept"] = "concept"
    concept: str
    parameters: tuple[tuple[str, Decimal | str], ...] = ()
    negated: bool = False

    @field_validator("parameters", mode="before")
    @classmethod
    def _mapping(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return tuple(sorted((str(name), _parameter(item)) for name, item in value.items()))
        return tuple(sorted((str(name), _parameter(item)) for name, item in value))

    @field_serializer("parameters")
    def _as_mapping(self, value: tuple[tuple[str, Decimal | str], ...]) -> dict[str, str]:
        return {name: str(item) for name, item in value}


def _parameter(value: Any) -> Decimal | str:
    plain = plain_value(value)
    if isinstance(plain, Decimal):
        return plain
    return str(value)


class SegmentRef(Node):
    """A saved segment, by id; version None = its current version. `name`: what it is called, for people, and like `said` no part of equality."""

    kind: Literal["segment"] = "segment"
    segment: str
    version: int | None = None
    name: str = Field("", repr=False)
    unequal = ("name",)


class AllOf(Node):
    """Intersection. AllOf() is the base population."""

    kind: Literal["all"] = "all"
    children: tuple[AnyNode, ...] = ()


class AnyOf(Node):
    """Union."""

    kind: Literal["any"] = "any"
    children: tuple[AnyNode, ...] = Field(min_length=1)


class Not(Node):
    """Everyone else in the base population, unknown included."""

    kind: Literal["not"] = "not"
    child: AnyNode


AnyNode = Annotated[
    TagCondition | TagComparison | RecordCondition | SequenceCondition | RankCondition | ConceptRef | SegmentRef | AllOf | AnyOf | Not,
    Field(discriminator="kind"),
]
Leaf = TagCondition | TagComparison | RecordCondition | SequenceCondition | ConceptRef | SegmentRef

for _model in (RankCondition, AllOf, AnyOf, Not):
    _model.model_rebuild()


class SegmentRule(Frozen):
    """A set of entities (the customer unless said otherwise): the rule's root node and, when saved, its name."""

    entity: str = "customer"
    node: AnyNode = AllOf()
    name: str | None = None


Path = tuple[int, ...]


def children(node: AnyNode) -> tuple[AnyNode, ...]:
    """The direct sub-rules of a node: members of AllOf/AnyOf, the child of Not, the group of a rank; none for a leaf."""
    match node:
        case AllOf(children=members) | AnyOf(children=members):
            return members
        case Not(child=child):
            return (child,)
        case RankCondition(within=within):
            return (within,)
        case _:
            return ()


def with_children(node: AnyNode, members: tuple[AnyNode, ...]) -> AnyNode:
    """The same node over other sub-rules (as many as `children` gave, except for AllOf and AnyOf)."""
    match node:
        case AllOf():
            return AllOf(children=members, said=node.said)
        case AnyOf():
            return AnyOf(children=members, said=node.said)
        case Not():
            return Not(child=members[0], said=node.said)
        case RankCondition():
            return node.model_copy(update={"within": members[0]})
        case _:
            return node


def walk(node: AnyNode, path: Path = ()) -> Iterator[tuple[Path, AnyNode]]:
    """Every node with its path, parents first."""
    yield path, node
    for number, child in enumerate(children(node)):
        yield from walk(child, (*path, number))


def at(node: AnyNode, path: Path) -> AnyNode:
    """The node at a path. IndexError when there is none."""
    for number in path:
        node = children(node)[number]
    return node


def replace_at(node: AnyNode, path: Path, new: AnyNode | None) -> AnyNode | None:
    """The rule with the node at `path` replaced, or removed when `new` is None (an emptied AnyOf or Not goes with it)."""
    if not path:
        return new
    members = list(children(node))
    changed = replace_at(members[path[0]], path[1:], new)
    if changed is None:
        del members[path[0]]
        if not members and not isinstance(node, AllOf):
            return None
        if isinstance(node, Not | RankCondition):
            return None
    else:
        members[path[0]] = changed
    return with_children(node, tuple(members))


__all__ = [
    "Aggregate", "AllOf", "AnyNode", "AnyOf", "Comparing", "ConceptRef", "DayKind", "Filter", "Leaf", "Node", "Not", "Operator", "Path",
    "Quote", "Range", "RankCondition", "RecordCondition", "Records", "SegmentRef", "SegmentRule", "SequenceCondition", "Snapshot",
    "TagComparison", "TagCondition", "Unit", "Value", "at", "children", "date", "replace_at", "walk", "with_children",
]  # fmt: skip
