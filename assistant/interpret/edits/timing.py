"""Another time for a condition: 近60天, 改成未来7天, 3天改成7天, 改成比上年末. Law: only what has a time of that kind takes it; the base of a denied behaviour moves along."""

from __future__ import annotations

from decimal import Decimal

from assistant.interpret.conditions.lengths import rolling_days
from assistant.interpret.conditions.retimed import retimed
from assistant.interpret.conditions.tags import window_for
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import Place
from assistant.interpret.nodes import quoted
from assistant.language.times import TimeSpan
from assistant.rule.edits import ReplaceCondition, RuleChange, SetParameter, SetWindow, apply
from assistant.rule.moved import could_throughout
from assistant.rule.tree import (
    AnyNode,
    ConceptRef,
    Not,
    Path,
    Quote,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    children,
    walk,
)
from assistant.rule.tree import at as at_path
from assistant.rule.window import Future, Rolling, TimeWindow

Change = tuple[Place, RuleChange]
"""A condition and what may be done to it."""


class Times:
    """The changes of time that conditions of one rule can take."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def timed(self, places: tuple[Place, ...], span: TimeSpan, was: Rolling | None, said: tuple[Quote, ...]) -> list[Change]:
        """That time for the records, the date or the concept that has one, as what lies ahead where its date does (改成未来7天)."""
        root = self.rule.node
        bases = [path for path, node in walk(root) if isinstance(node, Not) and base_of(self.rule, path) is not None]
        fixed = {place for path in bases for place, node in walk(root) if node.said and node.said == at_path(root, path).said}
        free = tuple((path, node) for path, node in places if path not in fixed and path[:-1] not in bases)
        found = [(place, change) for place in free if (change := self._retimed(place, span, was, said)) is not None]
        window = span.window
        for path in bases:
            node = at_path(root, path)
            if window is not None and not span.future and isinstance(node, Not) and lasts(node.child, was):
                found.append(((path, node), SetWindow(path=path, window=window, said=said)))
        return found

    def _retimed(self, place: Place, span: TimeSpan, was: Rolling | None, said: tuple[Quote, ...]) -> RuleChange | None:
        path, node = place
        if not lasts(node, was):
            return None
        past = None if span.future else span.window
        if isinstance(node, ConceptRef) and was is not None and self._days_of(node) != rolling_days(was):
            return None
        match node:
            case SequenceCondition() if node.first.window is not None and past is not None:
                return SetWindow(path=path, window=past, said=said)
            case TagCondition(tag=tag, operator="within"):
                tense = self.cursor.catalog.tags[tag].tense
                window = window_for(self.cursor.catalog.tags[tag], span) if tense == "yearly" else None
                moved = retimed(node, span, self.cursor.catalog) if window is None else node.model_copy(update={"value": window})
            case RecordCondition() | ConceptRef():
                moved = retimed(node, span, self.cursor.catalog)
            case _:
                return None
        return None if moved is None else ReplaceCondition(path=path, node=moved.model_copy(update={"said": (*node.said, *said)}))

    def _days_of(self, node: ConceptRef) -> Decimal | str | None:
        concept = self.cursor.catalog.concepts[node.concept]
        name = concept.window_parameter
        return None if name is None else dict(node.parameters).get(name, concept.parameters[name].default)

    def apart(self, places: tuple[Place, ...], length: Rolling, was: Rolling | None, said: tuple[Quote, ...]) -> list[Change]:
        """Another time between two behaviours."""
        days = rolling_days(length)
        return [
            (place, SetParameter(path=place[0], name="within_days", value=Decimal(days), said=said))
            for place in places
            if isinstance(place[1], SequenceCondition)
            and days is not None
            and place[1].within_days is not None
            and (was is None or rolling_days(was) == place[1].within_days)
        ]

    def compared_with(self, places: tuple[Place, ...], snapshot: Snapshot, said: tuple[Quote, ...]) -> list[Change]:
        """改成比上年末: another earlier day to compare with, or to read a tag at."""
        found: list[Change] = []
        for path, node in places:
            update: dict[str, object] = {"said": (*node.said, *said)}
            if isinstance(node, TagComparison) and node.left == node.right and node.right_snapshot is not None:
                update["right_snapshot"] = snapshot
            elif isinstance(node, TagCondition) and node.snapshot is not None:
                update["snapshot"] = snapshot
            else:
                continue
            found.append(((path, node), ReplaceCondition(path=path, node=node.model_copy(update=update))))
        return found

    def with_denied_window(self, rule: SegmentRule, path: Path, window: TimeWindow) -> SegmentRule | None:
        """90天未登录 -> 改成60天: the window of the denied behaviour and of its base move together."""
        node, base = at_path(rule.node, path), base_of(rule, path)
        if base is None or not isinstance(node, Not) or not isinstance(node.child, RecordCondition):
            return None
        exposure = self.cursor.catalog.records[node.child.records].exposure
        could = None if exposure is None else could_throughout(exposure, window)
        if could is None:
            return None
        moved = quoted(could, node.said)
        denied = node.model_copy(update={"child": node.child.model_copy(update={"window": window})})
        return apply(apply(rule, ReplaceCondition(path=path, node=denied)), ReplaceCondition(path=base, node=moved))


def lasts(node: AnyNode, was: Rolling | None) -> bool:
    """Whether a condition has the length of time that the words say gives way; any has when they say none."""
    if was is None:
        return True
    ahead = Future(unit=was.unit, n=was.n)
    match node:
        case RecordCondition(window=window, filters=filters):
            return was == window or any(one.value in (was, ahead) for one in filters if one.operator == "within")
        case SequenceCondition(first=first):
            return first.window == was
        case TagCondition(operator="within", value=value):
            return value in (was, ahead)
        case ConceptRef():
            return True  # by its parameter
        case _:
            return False


def base_of(rule: SegmentRule, path: Path) -> Path | None:
    """Where the base of a denied behaviour stands (those who could have done it): the sibling said with the same words. None when there is none."""
    node = at_path(rule.node, path)
    if not isinstance(node, Not) or not isinstance(node.child, RecordCondition) or not path or not node.said:
        return None
    siblings = children(at_path(rule.node, path[:-1]))
    found = [number for number, other in enumerate(siblings) if number != path[-1] and other.said == node.said]
    return (*path[:-1], found[0]) if len(found) == 1 else None
