"""Another value, window or parameter for a condition of the rule: 提到10万, make it the last 60 days, 改成前5%. Law: only a condition that has such a number, in
that unit and direction, takes it; two that do are a doubt."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from assistant.interpret.amounts import Amounts, scaled
from assistant.interpret.cursor import Cursor
from assistant.interpret.lengths import length_window, longest_days, within_window
from assistant.interpret.lexicon import key_of
from assistant.interpret.nodes import quoted
from assistant.interpret.pointing import Place, fits_none, is_place, named, pick, placed, subjects
from assistant.language.comparisons import Comparison
from assistant.rule.edits import ReplaceCondition, RuleChange, SetComparison, SetParameter, SetWindow, apply
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    Not,
    Operator,
    Path,
    Quote,
    Range,
    RankCondition,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    TagCondition,
    Value,
    children,
    walk,
)
from assistant.rule.tree import at as at_path
from assistant.rule.window import Rolling, TimeWindow

SETTING = ("edit.raise", "edit.lower", "edit.set")
_MONEY_UNITS = frozenset({"CNY", "USD"})
_BESIDE = ("edit.pronoun", "edit.condition", "edit.correct", "edit.what_about", "ignored", "is", "have", "must", "change.than")
_FROM = ("从", "由", "from")
_INSIDE = ("内", "以内", "之内", "within")


class Settings:
    """Sets numbers and windows of one rule by the words of one cursor."""

    def __init__(self, cursor: Cursor, rule: SegmentRule) -> None:
        self.cursor, self.rule = cursor, rule

    def value(self, setting: int, first: int, last: int, worded: bool = True) -> SegmentRule | None:
        """The rule with the number or window after the word at `setting` set. `worded` False: that token is no word of setting (那100万呢)."""
        tokens = self.cursor.tokens
        kind = tokens[setting].phrase(*SETTING) if worded else None
        start = setting + 1 if worded else first
        at = next(index for index in range(start, last) if holds_number(self.cursor, index))
        if worded:
            self.cursor.mark(setting, setting + 1, "edit")
        self.cursor.mark(at, at + 1, "edit")
        pointed = placed(self.cursor, self.rule, first, last)
        others = [index for index in range(first, last) if index not in (setting, at) and self.cursor.kinds[index] == "unread"]
        names = self._named_by(others)
        places = tuple(place for place in walk(self.rule.node) if not isinstance(place[1], AllOf))
        if pointed is not None:
            under = {path for path, _ in pointed}
            places = tuple((path, node) for path, node in places if any(path[: len(top)] == top for top in under))
        if names:
            places = tuple((path, node) for path, node in places if subjects(node) & names)
        sure = bool(names) or pointed is not None
        said = self.cursor.said(setting if worded else at, at + 1)
        rank, comparison, window = tokens[at].rank, tokens[at].comparison, tokens[at].window
        if rank is not None:
            return self._rank(places, "percent" if rank.count is None else "count", rank.count or rank.percent, said, at)
        if window is not None and window.window is not None and comparison is None:
            return self.window(places, window.window, said, at)
        assert comparison is not None, "the token holds a number or a window"
        if comparison.operator in (None, "<="):
            steps = tuple((path, node) for path, node in places if isinstance(node, SequenceCondition))
            days = within_window(comparison) or (length_window(comparison) if comparison.operator is None else None)
            if (
                days is not None
                and days.unit == "day"
                and tokens[at].text.endswith(_INSIDE) | tokens[at].text.startswith(_INSIDE)
                and steps
            ):
                return self._apply(
                    pick(self.cursor, steps, at, at + 1),
                    lambda path: SetParameter(path=path, name="within_days", value=Decimal(days.n), said=said),
                )
        length = length_window(comparison) if comparison.operator is None and Amounts(self.cursor).unit_tag(comparison) is None else None
        if length is not None and not any(_days_said_of(self.cursor, node) for _, node in places if sure):
            return self.window(places, length, said, at)
        return self._number(places, comparison, kind, others, sure, said, at)

    def _named_by(self, others: list[int]) -> frozenset[str]:
        """What the remaining words name of the rule; they are accounted for where they do."""
        tokens, cursor = self.cursor.tokens, self.cursor
        said = [index for index in others if tokens[index].content or tokens[index].phrases("aggregate.")]
        parameters = _concepts_with(cursor, self.rule, " ".join(tokens[index].text for index in said))
        found: set[str] = set(parameters)
        for index in others:
            token = tokens[index]
            if parameters and index in said:
                cursor.mark(index, index + 1, "edit")
            elif token.phrase(*_BESIDE) and not token.content:
                cursor.mark(index, index + 1, "ignored")
            elif token.phrase("aggregate.count", "aggregate.days") and not token.content:
                counted = {
                    node.records
                    for _, node in walk(self.rule.node)
                    if isinstance(node, RecordCondition)
                    and node.aggregate == token.phrase("aggregate.count", "aggregate.days").removeprefix("aggregate.")  # type: ignore[union-attr]
                }
                if counted:
                    found |= counted
                    cursor.mark(index, index + 1, "edit")
            elif token.content:
                codes = named(cursor, index, index + 1)
                if any(subjects(node) & codes for _, node in walk(self.rule.node)):
                    found |= codes
                    cursor.mark(index, index + 1, "edit")
        return frozenset(found)

    def _number(
        self,
        places: tuple[Place, ...],
        comparison: Comparison,
        kind: str | None,
        others: list[int],
        sure: bool,
        said: tuple[Quote, ...],
        at: int,
    ) -> SegmentRule | None:
        cursor = self.cursor
        value: Decimal | Range | None = comparison.value
        was: Decimal | None = None
        if comparison.operator == "range" and comparison.low is not None and comparison.high is not None:
            if kind in ("edit.raise", "edit.lower") or cursor.tokens[at].text.startswith(_FROM):
                value, was = comparison.high, comparison.low
                comparison = dataclasses.replace(comparison, operator=None, doubt=None, value=value)
                cursor.mark(at, at + 1, "connective")
            else:
                value = Range(low=comparison.low, high=comparison.high, low_open=comparison.low_open, high_open=comparison.high_open)
        for index in others:
            earlier = cursor.tokens[index].comparison
            if earlier is not None and earlier.operator is None and earlier.value is not None:
                was = earlier.value
                cursor.mark(index, index + 1, "connective")
        if value is None:
            fits_none(cursor, at, at + 1)
            return None
        ranks = tuple((path, node) for path, node in places if isinstance(node, RankCondition) and node.count is not None)
        found = tuple(
            (path, node)
            for path, node in places
            if _takes(cursor, node, comparison, value, kind, sure) and (was is None or getattr(node, "value", was) == was)
        )
        if not found and ranks and isinstance(value, Decimal) and comparison.operator is None and not comparison.scale_said:
            return self._rank(ranks, "count", value, said, at)
        operator: Operator | None = comparison.operator if comparison.operator in (">", ">=", "<", "<=", "range") else None
        new = value
        amounts = Amounts(cursor)

        def edit(path: Path) -> RuleChange:
            node = at_path(self.rule.node, path)
            name = number_parameter(cursor, node) if isinstance(node, ConceptRef) else None
            if name is not None:
                return SetParameter(path=path, name=name, value=new, said=said)
            factor = (
                amounts.factor(cursor.catalog.tags[node.tag], comparison, new, said[0]) if isinstance(node, TagCondition) else Decimal(1)
            )
            return SetComparison(path=path, operator=operator, value=scaled(new, factor), said=said)

        return self._apply(pick(cursor, found, said_at(cursor, said), at + 1), edit)

    def _rank(
        self, places: tuple[Place, ...], name: str, value: int | Decimal | None, said: tuple[Quote, ...], at: int
    ) -> SegmentRule | None:
        assert value is not None, "a rank has a size"
        ranks = tuple((path, node) for path, node in places if isinstance(node, RankCondition))
        return self._apply(
            pick(self.cursor, ranks, at, at + 1), lambda path: SetParameter(path=path, name=name, value=Decimal(value), said=said)
        )

    def _apply(self, found: tuple[Place, ...], edit: object) -> SegmentRule | None:
        assert callable(edit), "an edit is made for each place"
        if not found:
            return None
        rule = self.rule
        for path, _ in found:
            rule = apply(rule, edit(path))
        return rule

    # --- windows ---

    def window(self, places: tuple[Place, ...], window: TimeWindow, said: tuple[Quote, ...], at: int) -> SegmentRule | None:
        """The rule with that window for the records, the date or the concept that has one; a denied behaviour's base moves along."""
        root = self.rule.node
        bases = [path for path, node in walk(root) if isinstance(node, Not) and _base_of(self.rule, path) is not None]
        fixed = {place for path in bases for place, node in walk(root) if node.said and node.said == at_path(root, path).said}
        places = tuple((path, node) for path, node in places if path not in fixed and path[:-1] not in bases)
        places = (*places, *((path, at_path(root, path)) for path in bases))
        found = tuple((path, node) for path, node in places if self._has_window(node, window))
        rule = self.rule
        for path, node in pick(self.cursor, found, at, at + 1):
            changed = self._with_window(rule, path, node, window, said)
            if changed is None:
                return None
            rule = changed
        return rule if found and rule is not self.rule else None

    def _has_window(self, node: AnyNode, window: TimeWindow) -> bool:
        match node:
            case RecordCondition():
                return node.window is not None
            case SequenceCondition():
                return node.first.window is not None
            case Not():
                return True
            case ConceptRef():
                taken = self.cursor.catalog.concepts[node.concept].window_parameter
                return taken is not None and isinstance(window, Rolling) and window.unit == "day"
            case TagCondition():
                return node.operator == "within"
            case _:
                return False

    def _with_window(self, rule: SegmentRule, path: Path, node: AnyNode, window: TimeWindow, said: tuple[Quote, ...]) -> SegmentRule | None:
        if isinstance(node, ConceptRef):
            name = self.cursor.catalog.concepts[node.concept].window_parameter
            assert name is not None, "checked by _has_window"
            assert isinstance(window, Rolling), "checked by _has_window"
            return apply(rule, SetParameter(path=path, name=name, value=Decimal(window.n), said=said))
        if isinstance(node, Not):
            return self._with_denied_window(rule, path, window)
        return apply(rule, SetWindow(path=path, window=window, said=said))

    def _with_denied_window(self, rule: SegmentRule, path: Path, window: TimeWindow) -> SegmentRule | None:
        """90天未登录 -> 改成60天: the window of the denied behaviour and of its base move together."""
        node, base = at_path(rule.node, path), _base_of(rule, path)
        days = longest_days(window)
        if base is None or days is None or not isinstance(node, Not) or not isinstance(node.child, RecordCondition):
            return None
        exposure = self.cursor.catalog.records[node.child.records].exposure
        if exposure is None:
            return None
        moved = quoted(node_from_short(substitute(exposure, {"days": days})), node.said)
        denied = node.model_copy(update={"child": node.child.model_copy(update={"window": window})})
        return apply(apply(rule, ReplaceCondition(path=path, node=denied)), ReplaceCondition(path=base, node=moved))


def holds_number(cursor: Cursor, index: int) -> bool:
    """Whether a token can be set as a value: a number, a rank or a window."""
    token = cursor.tokens[index]
    return (token.comparison is not None or token.window is not None or token.rank is not None) and not is_place(cursor, index)


def said_at(cursor: Cursor, said: tuple[Quote, ...]) -> int:
    """The token at which a quote begins."""
    return next(index for index in range(len(cursor.tokens)) if cursor.quote(index, index + 1).start >= said[0].start)


def number_parameter(cursor: Cursor, node: ConceptRef) -> str | None:
    """The one parameter of a concept that is a threshold, not its window."""
    concept = cursor.catalog.concepts[node.concept]
    names = [name for name in concept.parameters if name != concept.window_parameter]
    return names[0] if len(names) == 1 else None


def _concepts_with(cursor: Cursor, rule: SegmentRule, words: str) -> frozenset[str]:
    """Concepts of the rule that have a parameter of that name (登录次数, number of logins)."""
    found: set[str] = set()
    for _, node in walk(rule.node):
        if isinstance(node, ConceptRef):
            names = [item.name for item in cursor.catalog.concepts[node.concept].parameters.values()]
            if len(words) > 1 and any(key_of(words) in key_of(name.zh) or key_of(words) in key_of(name.en) for name in names):
                found.add(node.concept)
    return frozenset(found)


def _days_said_of(cursor: Cursor, node: AnyNode) -> bool:
    """Whether a number of days is what the condition compares, so that 30天 is its value and no window."""
    match node:
        case TagCondition(tag=tag, value=Decimal()):
            return cursor.catalog.tags[tag].unit == "days"
        case RecordCondition(aggregate="days"):
            return True
        case _:
            return False


def _takes(cursor: Cursor, node: AnyNode, comparison: Comparison, value: Decimal | Range, kind: str | None, sure: bool) -> bool:
    """Whether a condition has a number that this one can replace: right unit, plausible size, and in the direction said. `sure`: words point at it."""
    catalog = cursor.catalog
    old: Value = None
    money = False
    match node:
        case TagCondition(tag=tag, operator=operator, value=Decimal() | Range() as old) if operator in (">", ">=", "<", "<=", "=", "range"):
            if isinstance(old, Range) and not isinstance(value, Range):
                return False
            money = catalog.tags[tag].unit in _MONEY_UNITS
            if comparison.unit in _MONEY_UNITS and not money:
                return False
            plausible = catalog.tags[tag].plausible
            ends = (value.low, value.high) if isinstance(value, Range) else (value,)
            if not sure and plausible is not None and not all(plausible[0] <= end <= plausible[1] for end in ends):
                return False
        case RecordCondition(aggregate=aggregate, value=Decimal() as old, of=of, records=records):
            prop = catalog.records[records].property(of) if of else None
            money = prop is not None and prop.unit in _MONEY_UNITS
            if aggregate in ("count", "days") and (comparison.unit in _MONEY_UNITS or comparison.scale_said):
                return False
            if aggregate == "count" and comparison.unit not in (None, "times", "count"):
                return False
            if money and not (comparison.unit in _MONEY_UNITS or comparison.scale_said):
                return False
        case ConceptRef():
            if not sure or comparison.unit in _MONEY_UNITS or comparison.scale_said or isinstance(value, Range):
                return False
            return number_parameter(cursor, node) is not None
        case _:
            return False
    if not sure and comparison.scale_said and not money:
        return False
    if not sure and money and not comparison.scale_said and comparison.unit not in _MONEY_UNITS:
        return False
    if kind in ("edit.raise", "edit.lower"):
        return isinstance(old, Decimal) and isinstance(value, Decimal) and (value > old if kind == "edit.raise" else value < old)
    return True


def _base_of(rule: SegmentRule, path: Path) -> Path | None:
    """Where the base of a denied behaviour stands (those who could have done it): the sibling said with the same words. None when there is none."""
    node = at_path(rule.node, path)
    if not isinstance(node, Not) or not isinstance(node.child, RecordCondition) or not path or not node.said:
        return None
    siblings = children(at_path(rule.node, path[:-1]))
    found = [number for number, other in enumerate(siblings) if number != path[-1] and other.said == node.said]
    return (*path[:-1], found[0]) if len(found) == 1 else None
