"""How a conversation changes a rule: typed edits, and the history they make. Law: a rule changes by these alone, never by rewritten text.

An edit that does not fit its place is a UserError with a code, and the rule stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator

from assistant.errors import UserError
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    ConceptRef,
    Filter,
    Node,
    Not,
    Operator,
    Path,
    Quote,
    RankCondition,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    TagCondition,
    Value,
    at,
    children,
    plain_value,
    replace_at,
)
from assistant.rule.window import Frozen, TimeWindow


class AddCondition(Frozen):
    """再加上 (and), 也包括 (or), 除了 (except): the rule with, or with also, or without those of `node`."""

    kind: Literal["add"] = "add"
    node: AnyNode
    how: Literal["and", "or", "except"] = "and"


class RemoveCondition(Frozen):
    """去掉: the condition at `path` is gone. What it leaves empty (an AnyOf, a Not, an AllOf that is not the root) goes with it."""

    kind: Literal["remove"] = "remove"
    path: Path


class ReplaceCondition(Frozen):
    """只看: another condition stands at `path`."""

    kind: Literal["replace"] = "replace"
    path: Path
    node: AnyNode


class SetComparison(Frozen):
    """提到, 改成: another value, and another operator unless None, for the comparison at `path`, or for its filter on `property`."""

    kind: Literal["set_comparison"] = "set_comparison"
    path: Path
    operator: Operator | None = None
    value: Value = None
    property: str | None = None
    said: tuple[Quote, ...] = ()

    @field_validator("value", mode="before")
    @classmethod
    def _read_like_a_comparison(cls, value: object) -> object:
        return plain_value(value)


class SetWindow(Frozen):
    """近60天: another window for the records (a sequence: its first records) or the date at `path`; None = the record set's default."""

    kind: Literal["set_window"] = "set_window"
    path: Path
    window: TimeWindow | None
    said: tuple[Quote, ...] = ()


class SetParameter(Frozen):
    """Another value for a named number: a concept's parameter, `count` or `percent` of a rank, `within_days` of a sequence."""

    kind: Literal["set_parameter"] = "set_parameter"
    path: Path
    name: str
    value: Decimal | str
    said: tuple[Quote, ...] = ()


class Undo(Frozen):
    """撤销: the rule before the last change."""

    kind: Literal["undo"] = "undo"


class Redo(Frozen):
    """重做: the change that was undone last."""

    kind: Literal["redo"] = "redo"


class StartOver(Frozen):
    """重来: no condition is left; can be undone."""

    kind: Literal["start_over"] = "start_over"


RuleChange = AddCondition | RemoveCondition | ReplaceCondition | SetComparison | SetWindow | SetParameter
RuleEdit = Annotated[RuleChange | Undo | Redo | StartOver, Field(discriminator="kind")]


def _misfit(edit: RuleChange, reason: str) -> UserError:
    path = () if isinstance(edit, AddCondition) else edit.path
    return UserError("edit_not_possible", edit=edit.kind, path=".".join(map(str, path)), reason=reason)


def _rebuilt(edit: RuleChange, node: Node, said: tuple[Quote, ...], **fields: object) -> AnyNode:
    """`node` with other fields, checked like a new one (model_copy would not check)."""
    given = {name: getattr(node, name) for name in type(node).model_fields} | {"said": node.said + said, **fields}
    try:
        return type(node).model_validate(given)  # type: ignore[return-value]
    except ValidationError as error:
        raise _misfit(edit, "value_does_not_fit") from error


def _add(edit: AddCondition, old: AnyNode) -> AnyNode:
    if edit.how == "or":
        if old == AllOf():
            raise _misfit(edit, "nothing_to_widen")
        members = old.children if isinstance(old, AnyOf) else (old,)
        return AnyOf(children=(*members, edit.node))
    new = Not(child=edit.node) if edit.how == "except" else edit.node
    if old == AllOf() and edit.how == "and":
        return new
    return AllOf(children=(*(old.children if isinstance(old, AllOf) else (old,)), new))


def _remove(root: AnyNode, path: Path) -> AnyNode:
    """An AllOf, AnyOf or Not that would be left empty goes too: AnyOf(AllOf(), x) would be everyone, Not(AllOf()) nobody.
    The group of a rank becomes the base: the rank was not asked to go."""
    while path:
        parent = at(root, path[:-1])
        if isinstance(parent, RankCondition):
            break
        if len(children(parent)) > 1:
            left = [child for number, child in enumerate(children(parent)) if number != path[-1]]
            kept = left[0] if len(left) == 1 and path[:-1] else type(parent)(children=tuple(left), said=parent.said)  # type: ignore[call-arg]
            return replace_at(root, path[:-1], kept) or AllOf()
        path = path[:-1]
    return replace_at(root, path, AllOf()) or AllOf()


def _set_comparison(edit: SetComparison, node: AnyNode) -> AnyNode:
    if not isinstance(node, Comparing):
        raise _misfit(edit, "not_a_comparison")
    if edit.property is None:
        return _rebuilt(edit, node, edit.said, operator=edit.operator or node.operator, value=edit.value)
    filters = node.filters if isinstance(node, RecordCondition) else ()
    places = [number for number, item in enumerate(filters) if item.property == edit.property]
    if len(places) != 1:
        raise _misfit(edit, "no_such_filter" if not places else "several_filters")
    old = filters[places[0]]
    changed: object = _rebuilt(edit, old, edit.said, operator=edit.operator or old.operator, value=edit.value)
    assert isinstance(changed, Filter)
    return _rebuilt(edit, node, (), filters=(*filters[: places[0]], changed, *filters[places[0] + 1 :]))


def _set_window(edit: SetWindow, node: AnyNode) -> AnyNode:
    match node:
        case RecordCondition():
            return _rebuilt(edit, node, edit.said, window=edit.window)
        case SequenceCondition():
            return _rebuilt(edit, node, edit.said, first=node.first.model_copy(update={"window": edit.window}))
        case TagCondition(operator="within"):
            return _rebuilt(edit, node, edit.said, value=edit.window)
        case _:
            raise _misfit(edit, "no_window")


def _set_parameter(edit: SetParameter, node: AnyNode) -> AnyNode:
    match node:
        case ConceptRef():
            return _rebuilt(edit, node, edit.said, parameters={**dict(node.parameters), edit.name: edit.value})
        case RankCondition() if edit.name in ("count", "percent"):
            other = "percent" if edit.name == "count" else "count"
            return _rebuilt(edit, node, edit.said, **{edit.name: edit.value, other: None})
        case SequenceCondition() if edit.name == "within_days":
            return _rebuilt(edit, node, edit.said, within_days=edit.value)
        case _:
            raise _misfit(edit, "no_such_parameter")


def apply(rule: SegmentRule, edit: RuleChange) -> SegmentRule:
    """The rule after one change. UserError `edit_not_possible` (edit, path, reason) when the edit does not fit the rule."""
    root = rule.node
    if isinstance(edit, AddCondition):
        return rule.model_copy(update={"node": _add(edit, root)})
    try:
        if any(number < 0 for number in edit.path):
            raise IndexError
        target = at(root, edit.path)
    except IndexError as error:
        raise _misfit(edit, "no_such_place") from error
    match edit:
        case RemoveCondition():
            return rule.model_copy(update={"node": _remove(root, edit.path)})
        case ReplaceCondition():
            new = edit.node
        case SetComparison():
            new = _set_comparison(edit, target)
        case SetWindow():
            new = _set_window(edit, target)
        case SetParameter():
            new = _set_parameter(edit, target)
    return rule.model_copy(update={"node": replace_at(root, edit.path, new)})


@dataclass(frozen=True, slots=True)
class History:
    """The rules of a conversation: those before, the present one, and those undone (nearest first). None: no condition has been said yet, or all were
    started over; it counts as a step like any other."""

    present: SegmentRule | None = None
    past: tuple[SegmentRule | None, ...] = ()
    future: tuple[SegmentRule | None, ...] = ()

    def turn_to(self, rule: SegmentRule | None) -> History:
        """A new present; what was undone before is gone. The same rule again is no change, so undo never seems to do nothing."""
        if rule == self.present:
            return self
        return History(rule, (*self.past, self.present))

    def do(self, edit: Undo | Redo | StartOver) -> History:
        """The history after a step. UserError `nothing_to_undo` or `nothing_to_redo`."""
        match edit:
            case Undo():
                if not self.past:
                    raise UserError("nothing_to_undo")
                return History(self.past[-1], self.past[:-1], (self.present, *self.future))
            case Redo():
                if not self.future:
                    raise UserError("nothing_to_redo")
                return History(self.future[0], (*self.past, self.present), self.future[1:])
            case StartOver():
                return self.turn_to(None)
