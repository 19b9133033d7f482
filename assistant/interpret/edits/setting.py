"""Another value, window or parameter for a condition of the rule: 提到10万, make it the last 60 days, 改成前5%. Law: only a condition that has such a number, in
that unit and direction, takes it; two that do are a doubt."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeGuard

from assistant.catalog.model import Text
from assistant.interpret.asked.sizes import of_persons
from assistant.interpret.conditions.amounts import Amounts, scaled, unit_factor
from assistant.interpret.conditions.lengths import length_window, within_window
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import Place, fits_none, is_place, placed, spoken_of, subjects
from assistant.interpret.edits.timing import Change, Times
from assistant.interpret.interpretation import ALL_OPTIONS
from assistant.interpret.lexicon import key_of
from assistant.language.comparisons import Comparison, Rank
from assistant.language.times import TimeSpan
from assistant.rule.canonical import fingerprint
from assistant.rule.edits import ReplaceCondition, RuleChange, SetComparison, SetParameter, SetWindow, apply
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
    TagComparison,
    TagCondition,
    Value,
    walk,
)
from assistant.rule.tree import at as at_path
from assistant.rule.window import Future, Rolling, TimeWindow

SETTING = ("edit.raise", "edit.lower", "edit.set")
_MONEY_UNITS = frozenset({"CNY", "USD"})
_FEWER = ("<", "<=")
_BESIDE = (
    "edit.pronoun",
    "edit.quantity",
    "too",
    "edit.condition",
    "edit.correct",
    "edit.what_about",
    "ignored",
    "is",
    "have",
    "must",
    "change.than",
)
_UP_TO = "up to"
_ALONE = ("change", "move", "switch", "change it", "move it")
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
        rank, comparison, span = tokens[at].rank, tokens[at].comparison, tokens[at].window
        apart = [index for index in others if index < at or not worded]
        was = self._earlier(apart)
        if comparison is not None and kind == "edit.raise" and tokens[at].text.startswith(_UP_TO):
            comparison = _end(comparison, comparison.value)  # bring it up to 80k
        if comparison is not None and comparison.doubt == "range_or_change":
            self.cursor.settled.add(at)  # the words of setting say which
        if comparison is not None and self._turned(setting, at, comparison):
            was, comparison = _end(comparison, comparison.low), _end(comparison, comparison.high)
            self.cursor.mark(at, at + 1, "connective")
        if rank is not None:
            return self._ranked(places, rank, said, at)
        if span is not None and span.snapshot is not None and comparison is None:
            return self._made(Times(self.cursor, self.rule).compared_with(places, span.snapshot, said), at, at + 1)
        gone = was if isinstance(was, Rolling) else (None if was is None else self._length(was))
        if span is not None and span.window is not None and comparison is None:
            return self._made(Times(self.cursor, self.rule).timed(places, span, gone, said), at, at + 1)
        assert comparison is not None, "the token holds a number or a window"
        length = self._length(comparison)
        if length is None:
            return self._number(places, comparison, kind, was if isinstance(was, Comparison) else None, sure, said, at)
        found = Times(self.cursor, self.rule).apart(places, length, gone, said)
        inside = tokens[at].text.endswith(_INSIDE) or tokens[at].text.startswith(_INSIDE)
        if not (inside and found):
            future = Future(unit=length.unit, n=length.n)
            found += Times(self.cursor, self.rule).timed(places, TimeSpan(0, 0, "window", window=length, future_window=future), gone, said)
        counted = tuple(place for place in places if _days_said_of(self.cursor, place[1]))
        if counted and (sure or not found):
            return self._number(counted, comparison, kind, was if isinstance(was, Comparison) else None, sure, said, at)
        return self._made(found, at, at + 1)

    def scaled(self, places: Sequence[Place], times: Decimal, at: int) -> SegmentRule | None:
        """The rule with the number of one of the conditions so many times what it is; a count of whole things only where it stays whole."""
        changes: list[Change] = []
        for path, node in places:
            old = node.value if isinstance(node, TagCondition | RecordCondition) and node.operator in (">", ">=", "<", "<=", "=") else None
            if not isinstance(old, Decimal) or (old * times != int(old * times) and isinstance(node, RecordCondition)) or not old:
                continue
            bare = isinstance(node, RecordCondition) and (node.aggregate, node.operator, old) == ("count", ">=", Decimal(1))
            if not bare:  # that something was done at all is no number that was said
                said = self.cursor.said(at, at + 1)
                changes.append(((path, node), SetComparison(path=path, value=(old * times).normalize() + 0, said=said)))
        return self._made(changes, at, at + 1)

    def at_window(self, window: TimeWindow, first: int, last: int) -> SegmentRule | None:
        """The rule at the time that tokens [first, last) come to; None unless exactly one condition takes it."""
        places = tuple(place for place in walk(self.rule.node) if not isinstance(place[1], AllOf))
        span = TimeSpan(0, 0, "window", window=window)
        changes = Times(self.cursor, self.rule).timed(places, span, None, self.cursor.said(first, last))
        return self._after(changes[0][1]) if len(changes) == 1 else None

    def _length(self, comparison: Comparison) -> Rolling | None:
        """60天, 7天内, three months as a length that a window or the time between two behaviours can have; None for any other number."""
        if comparison.operator not in (None, "<=") or Amounts(self.cursor).unit_tag(comparison) is not None:
            return None
        return within_window(comparison) or length_window(comparison)

    def _earlier(self, others: list[int]) -> Comparison | Rolling | None:
        """The 3天 of 3天改成7天, the 近30天 of 近30天改成近60天, the 20万 of 20万改成30万: what gives way. The token is accounted for."""
        for index in others:
            token = self.cursor.tokens[index]
            window = token.window.window if token.window is not None else None
            comparison = token.comparison
            bare = comparison is not None and comparison.operator is None and comparison.value is not None
            if (bare or isinstance(window, Rolling)) and self.cursor.kinds[index] == "unread":
                self.cursor.mark(index, index + 1, "connective")
                return window if isinstance(window, Rolling) else comparison
        return None

    def _turned(self, setting: int, at: int, comparison: Comparison) -> bool:
        """change 200k to 300k, raise from 200k to 300k, 从20万提到30万: what reads like a range is the number that gives way and the one in its place."""
        if comparison.operator != "range" or comparison.low is None or comparison.high is None:
            return False
        token = self.cursor.tokens[setting]
        if setting == at:
            return False
        if token.phrase("edit.raise", "edit.lower"):
            return True
        between = self.cursor.tokens[setting + 1 : at]
        return token.text in _ALONE and " to " in self.cursor.tokens[at].text and all(one.text != "to" for one in between)

    def _named_by(self, others: list[int]) -> frozenset[str]:
        """What the remaining words name of the rule; they are accounted for where they do."""
        tokens, cursor = self.cursor.tokens, self.cursor
        said = [index for index in others if tokens[index].content or tokens[index].phrases("aggregate.")]
        parameters = _concepts_with(cursor, self.rule, " ".join(tokens[index].text for index in said))
        found: set[str] = set(parameters)
        numbered: set[str] = set()
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
                    numbered |= counted
                    cursor.mark(index, index + 1, "edit")
            elif token.phrase("change.up", "change.down") and not token.content:
                moved = {node.left for _, node in walk(self.rule.node) if _moves(node, token.phrase("change.up") is not None)}
                if moved:
                    found |= moved
                    cursor.mark(index, index + 1, "edit")
            else:
                codes = spoken_of(cursor, self.rule, index)
                if codes:
                    found |= codes
                    cursor.mark(index, index + 1, "edit")
        return frozenset(found or numbered)  # 登录次数 is the number of logins, 次数 that of whatever is counted

    def _number(
        self,
        places: tuple[Place, ...],
        comparison: Comparison,
        kind: str | None,
        earlier: Comparison | None,
        sure: bool,
        said: tuple[Quote, ...],
        at: int,
    ) -> SegmentRule | None:
        cursor = self.cursor
        value: Decimal | Range | None = comparison.value
        was = None if earlier is None else earlier.value
        if comparison.operator == "range" and comparison.low is not None and comparison.high is not None:
            value = Range(low=comparison.low, high=comparison.high, low_open=comparison.low_open, high_open=comparison.high_open)
        if value is None:
            fits_none(cursor, at, at + 1)
            return None
        ranks = tuple((path, node) for path, node in places if isinstance(node, RankCondition) and node.count is not None)
        persons = of_persons(cursor, at)
        found = tuple(
            (path, node)
            for path, node in places
            if not persons
            and _takes(cursor, node, comparison, value, kind, sure)
            and (was is None or getattr(node, "value", was) == was)
            and not (_happened(node) and (self._denied(path) or (comparison.unit is None and comparison.operator in _FEWER)))
        )
        if len(found) > 1 and not sure and comparison.unit is None and not comparison.scale_said:
            found = tuple(place for place in found if _of_the_size(value, getattr(place[1], "value", None))) or found
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
            if isinstance(node, TagComparison):
                return _changed_by(node, operator, new, path, said)
            if not isinstance(node, TagCondition):
                return SetComparison(path=path, operator=operator, value=new, said=said)
            tag = cursor.catalog.tags[node.tag]
            size = scaled(new, amounts.factor(tag, comparison, new, said[0]) * unit_factor(tag.unit, comparison))
            return SetComparison(path=path, operator=operator, value=amounts.band(tag, comparison, size, said[0]), said=said)

        return self._made([((path, node), edit(path)) for path, node in found], said_at(cursor, said), at + 1)

    def _denied(self, path: Path) -> bool:
        """Whether a condition stands in what is denied: 没登录过 has no number of times that could be fewer than 3."""
        return any(isinstance(at_path(self.rule.node, path[:end]), Not) for end in range(len(path)))

    def _ranked(self, places: tuple[Place, ...], rank: Rank, said: tuple[Quote, ...], at: int) -> SegmentRule | None:
        """Another size for a rank, at the end that the words say (改成后10%)."""
        size = {"direction": rank.direction, "count": rank.count, "percent": rank.percent}
        changes = [
            (place, ReplaceCondition(path=place[0], node=place[1].model_copy(update={**size, "said": (*place[1].said, *said)})))
            for place in places
            if isinstance(place[1], RankCondition)
        ]
        return self._made(changes, at, at + 1)

    def _rank(
        self, places: tuple[Place, ...], name: str, value: int | Decimal | None, said: tuple[Quote, ...], at: int
    ) -> SegmentRule | None:
        assert value is not None, "a rank has a size"
        ranks = tuple((path, node) for path, node in places if isinstance(node, RankCondition))
        changes = [(place, SetParameter(path=place[0], name=name, value=Decimal(value), said=said)) for place in ranks]
        return self._made(changes, at, at + 1)

    def _made(self, found: Sequence[Change], first: int, last: int) -> SegmentRule | None:
        """The rule with the change made; of several those chosen (asked: one of them, or all). None without one: an issue says so."""
        if not found:
            fits_none(self.cursor, first, last)
            return None
        rules = [self._after(change) for _, change in found]
        if any(rule is None for rule in rules):
            return None
        if len(found) == 1:
            return rules[0]
        quote = self.cursor.quote(first, last)
        labels: tuple[Text | None, ...] = (*(None for _ in found), ALL_OPTIONS)
        what = "edit " + " ".join(fingerprint(place[1])[:6] for place, _ in found)
        chosen = self.cursor.choose(what, quote, "edit_fits_two", {"words": self.cursor.words(quote)}, labels)
        if chosen < len(found):
            return rules[chosen]
        rule: SegmentRule | None = self.rule
        for _, change in found:
            rule = Settings(self.cursor, rule)._after(change) if rule is not None else None
        return rule

    def _after(self, change: RuleChange) -> SegmentRule | None:
        """The rule after one change; the base of a denied behaviour moves along with its window."""
        if isinstance(change, SetWindow) and isinstance(at_path(self.rule.node, change.path), Not):
            assert change.window is not None, "a length of time was said"
            return Times(self.cursor, self.rule).with_denied_window(self.rule, change.path, change.window)
        return apply(self.rule, change)


def scale(comparison: Comparison | None, rising: bool) -> Decimal | None:
    """How many times as much a number is that rises or falls by 20 %, by half, by as much again; None for any other number."""
    if comparison is None or comparison.value is None or comparison.operator is not None or comparison.unit not in ("percent", "multiple"):
        return None
    part = comparison.value / (100 if comparison.unit == "percent" else 1)
    times = 1 + part if rising else 1 - part
    return times if times > 0 else None


def holds_number(cursor: Cursor, index: int) -> bool:
    """Whether a token can be set as a value: a number, a rank or a window."""
    token = cursor.tokens[index]
    timed = token.window is not None and (token.window.window is not None or token.window.snapshot is not None)
    return (token.comparison is not None or timed or token.rank is not None) and not is_place(cursor, index)


def said_at(cursor: Cursor, said: tuple[Quote, ...]) -> int:
    """The token at which a quote begins."""
    return next(index for index in range(len(cursor.tokens)) if cursor.quote(index, index + 1).start >= said[0].start)


def _of_the_size(value: Decimal | Range, old: Value) -> bool:
    """Whether a bare number (降到50000) is of the order of the amount it would replace, so that it is one in the same unit: within ten times either way."""
    olds = (old.low, old.high) if isinstance(old, Range) else (old,)
    ends = (value.low, value.high) if isinstance(value, Range) else (value,)
    return all(
        isinstance(end, Decimal) and isinstance(one, Decimal) and one and Decimal("0.1") <= end / one <= 10
        for end, one in zip(ends, olds * len(ends), strict=False)
    )


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


def _end(comparison: Comparison, value: Decimal | None) -> Comparison:
    """One end of what reads like a range, as a number by itself."""
    return dataclasses.replace(comparison, operator=None, doubt=None, value=value, low=None, high=None)


def _moves(node: AnyNode, up: bool) -> TypeGuard[TagComparison]:
    """Whether a condition compares a tag with what it was, and asks for a rise or a fall."""
    return isinstance(node, TagComparison) and node.left == node.right and (node.operator in (">", ">=")) is up


def _changed_by(
    node: TagComparison, operator: Operator | None, value: Decimal | Range, path: Path, said: tuple[Quote, ...]
) -> SetComparison:
    """Another size for a rise or a fall, in the direction that it has."""
    assert isinstance(value, Decimal), "checked by _takes"
    size = value / 100 if node.measure == "relative_change" else value
    if node.operator not in ("<", "<="):
        return SetComparison(path=path, operator=operator, value=size, said=said)
    down: Operator | None = None if operator is None else ("<" if operator == ">" else "<=")
    return SetComparison(path=path, operator=down, value=-size, said=said)


def _days_said_of(cursor: Cursor, node: AnyNode) -> bool:
    """Whether a number of days is what the condition compares, so that 30天 is its value and no window."""
    match node:
        case TagCondition(tag=tag, value=Decimal()):
            return cursor.catalog.tags[tag].unit == "days"
        case RecordCondition(aggregate="days"):
            return True
        case _:
            return False


def _happened(node: AnyNode) -> bool:
    """Whether a behaviour is only said to have happened: its number is nobody's word, and under 2,000 no number of times."""
    return isinstance(node, RecordCondition) and (node.aggregate, node.operator, node.value) == ("count", ">=", Decimal(1))


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
            if money and not (comparison.unit in _MONEY_UNITS or comparison.scale_said or _of_the_size(value, old)):
                return False
        case TagComparison(measure="relative_change", value=Decimal() as part):
            if comparison.unit != "percent" or isinstance(value, Range) or comparison.operator not in (None, ">", ">="):
                return False
            old = abs(part) * 100
        case TagComparison(left=left, measure="difference", value=Decimal() as gap):
            if isinstance(value, Range) or comparison.operator not in (None, ">", ">=") or not gap:
                return False
            money = catalog.tags[left].unit in _MONEY_UNITS
            if not money and (comparison.unit in _MONEY_UNITS or comparison.scale_said):
                return False
            old = abs(gap)
        case ConceptRef():
            if not sure or comparison.unit in _MONEY_UNITS or comparison.scale_said or isinstance(value, Range):
                return False
            return number_parameter(cursor, node) is not None
        case _:
            return False
    if not sure and comparison.scale_said and not money:
        return False
    if not sure and money and not comparison.scale_said and comparison.unit not in _MONEY_UNITS and not _of_the_size(value, old):
        return False
    if kind in ("edit.raise", "edit.lower"):
        return isinstance(old, Decimal) and isinstance(value, Decimal) and (value > old if kind == "edit.raise" else value < old)
    return True
