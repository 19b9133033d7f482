"""Who could be in a segment at all: those it is compared with by default. Law: what every customer of the segment must have been, for the rule to hold, the others must have been as well;
else what is told of the segment tells that (control by eligibility: Hernán and Robins, "What If", 2020, ch. 3: both arms meet the criteria at time zero).

- A change of a tag since an earlier snapshot (`_changes`): those who had a value then from which such a change can happen; nobody in the lowest tier falls, nobody without assets loses any.
  What the rule asks of the same tag besides belongs to it: nobody who was gold falls to platinum, and who fell by 100,000 and has 500,000 left had 600,000.
- The same conditions at two times (`_moves`): those who left are compared with those who stayed, those who stayed with those who left, those who came in with those who were in already.
- A tag's value at an earlier snapshot beside its present one (`_earlier`): those who had that value then.
- What was not done (`_denials`): those who could have done it, where the rule itself says who that is (the record set's `exposure`).

Only what holds of every customer of the segment counts: the parts of an "all", and of an "any" whose every branch says so of its own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.insight.definition import records_of
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    Comparing,
    Not,
    Range,
    RecordCondition,
    Records,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    children,
    walk,
    with_children,
)
from assistant.rule.window import EARLIEST, Absolute, Ago, Calendar, resolve, snapshot_day
from assistant.validation.verdict import ValidatedRule

Why = Literal["fell", "rose", "changed", "left", "stayed", "came", "exposed", "several"]
"""What tells them: a tag that fell, rose or otherwise changed; that the segment's customers left what the others are still in, stayed in what they are in no longer, or came into what
they were in already; that all meet a part of the rule which says who could, and only the segment the rest of it; or several of these."""
_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "<>": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


_Said = tuple[AnyNode, bool]


@dataclass(frozen=True, slots=True)
class Eligible:
    """The condition of those a rule could hold for, over the base, and why it is that."""

    node: AnyNode
    why: Why


def eligible(rule: ValidatedRule) -> Eligible | None:
    """Who could be in a rule; None where that is everybody, or cannot be told."""
    return _Told(rule).of(_by_snapshots(rule.expanded, rule.catalog))


def _by_snapshots(node: AnyNode, catalog: TagCatalog) -> AnyNode:
    """A rule where a tag that is another one's earlier value, or its change since then, is said by that other one at both times: AUM at last month end is AUM."""
    match node:
        case TagCondition(snapshot=None, tag=code) if (was := catalog.tags[code].earlier_value_of) is not None:
            return node.model_copy(update={"tag": was.tag, "snapshot": was.snapshot})
        case TagCondition(snapshot=None, tag=code, value=Decimal() | Range()) if (was := catalog.tags[code].change_of) is not None:
            return TagComparison(
                left=was.tag, right=was.tag, right_snapshot=was.snapshot, operator=node.operator, value=node.value, said=node.said
            )
        case TagComparison():
            update: dict[str, object] = {}
            for side in ("left", "right"):
                was = catalog.tags[getattr(node, side)].earlier_value_of
                if was is not None and getattr(node, f"{side}_snapshot") is None:
                    update |= {side: was.tag, f"{side}_snapshot": was.snapshot}
            return node.model_copy(update=update)
        case AllOf() | AnyOf() | Not():
            return with_children(node, tuple(_by_snapshots(child, catalog) for child in children(node)))
        case _:
            return node


@dataclass(frozen=True, slots=True)
class _Told:
    rule: ValidatedRule

    def of(self, node: AnyNode, beside: Sequence[AnyNode] = ()) -> Eligible | None:
        """Who could be in a part of the rule, `beside` being what holds of all its customers."""
        match node:
            case AllOf():
                members = _members(node)
                moved = self._moves(members)
                others = (self.of(one, members) for one in members)
                denied, earlier = (None, None) if moved is not None else (self._denials(members), self._earlier(members))
                return _together([one for one in (moved, *others, denied, earlier) if one is not None])
            case AnyOf(children=branches):
                each = [self.of(one) for one in branches]
                told = [one for one in each if one is not None]
                if len(told) < len(each):
                    return None
                return Eligible(AnyOf(children=tuple(one.node for one in told)), _common(told))
            case TagComparison():
                return self._changes(node, beside)
            case _:
                return None

    def _changes(self, node: TagComparison, beside: Sequence[AnyNode]) -> Eligible | None:
        """Those with a value at the earlier of two snapshots of one tag from which the later one can meet the comparison, and what is asked of that tag beside it."""
        days = self._day(node.left_snapshot), self._day(node.right_snapshot)
        if node.left != node.right or days[0] == days[1]:
            return None
        tag = self.rule.catalog.tags[node.left]
        forward = days[1] < days[0]
        then, now = (node.right_snapshot, node.left_snapshot) if forward else (node.left_snapshot, node.right_snapshot)
        later = [one for one in beside if self._only(one, tag, now)]
        earlier = [one for one in beside if self._only(one, tag, then)]
        if tag.ordered and node.measure == "difference":
            found = _from_ranks(tag, node, then, forward, later)
        else:
            found = _from_amounts(tag, node, then, forward, later) if tag.numeric and (forward or node.measure == "difference") else None
        could = [*([] if found is None else [found]), *earlier]
        return Eligible(_all(could), _way(node, forward)) if could else None

    def _only(self, node: AnyNode, tag: Tag, asked: Snapshot | None) -> bool:
        """Whether a part speaks of nothing but a tag at a snapshot."""
        day = self._day(asked)
        parts = [part for _, part in walk(node) if not children(part)]
        return bool(parts) and all(
            isinstance(one, TagCondition) and one.tag == tag.code and self._day(one.snapshot) == day for one in parts
        )

    def _day(self, asked: Snapshot | None) -> date:
        return self.rule.snapshot if asked is None else snapshot_day(asked.unit, asked.offset, self.rule.as_of, self.rule.today)

    def _moves(self, members: Sequence[AnyNode]) -> Eligible | None:
        """Those of the earlier time, where a rule says the same conditions of two times: then and not now, now and not then, or then and now. Where it can be read as a
        leaving and as a coming (no mortgage then, one now), it is a leaving: those could have come who were not in yet. What is said of more conditions goes first: who came to those who
        logged in last month and not in this came, whatever they left. All of those who were in the base then."""
        told = [(one, said) for one in members if (said := self._conditions(one))]
        known = [one for one in members if not isinstance(one, Not) and not self._conditions(one) and self._until(one) < self.rule.snapshot]
        came: list[AnyNode] = []
        most = 0
        nots = [(one, self._conditions(one.child)) for one in members if isinstance(one, Not)]
        for no, denied in sorted(nots, key=lambda of: -len(of[1])):
            same = [(other, its) for other, its in told if other is not no and its <= denied]
            if not same or frozenset().union(*(its for _, its in same)) != denied:
                continue
            here, there = max(self._until(other) for other, _ in same), self._until(no.child)
            if here < there and len(denied) >= most:
                return Eligible(_all((*known, *(other for other, _ in same))), "left")
            if there < here:
                came.append(no.child)
                most = max(most, len(denied))
        if came:
            return Eligible(_all((*known, *came)), "came")
        groups: dict[frozenset[_Said], dict[date, AnyNode]] = {}
        for one, said in told:
            groups.setdefault(said, {})[self._until(one)] = one
        twice = [of[min(of)] for of in groups.values() if len(of) > 1]
        return Eligible(_all((*known, *twice)), "stayed") if twice else None

    def _earlier(self, members: Sequence[AnyNode]) -> Eligible | None:
        """Those whom the rule says an earlier value of a tag of, where it says the present one as well: who held wealth products then, whatever they hold now."""
        said = [(one, tag, days.pop()) for one in members if (tag := _only_tag(one)) and len(days := self._days(one)) == 1]
        before = [one for one, tag, day in said if any(day < later and other == tag for _, other, later in said)]
        return Eligible(_all(before), "exposed") if before else None

    def _days(self, node: AnyNode) -> set[date]:
        """The snapshots that a part on one tag speaks of."""
        return {self._day(part.snapshot) for _, part in walk(node) if isinstance(part, TagCondition)}

    def _conditions(self, node: AnyNode, denied: bool = False) -> frozenset[_Said]:
        """The conditions of a part without their times, each with whether it is denied, but for those that only say who is in the base."""
        if isinstance(node, Not):
            return self._conditions(node.child, not denied)
        if isinstance(node, AllOf | AnyOf):
            return frozenset().union(*(self._conditions(child, denied) for child in children(node)))
        if not isinstance(node, TagCondition | TagComparison | RecordCondition | SequenceCondition) or self._of_base(node):
            return frozenset()
        return frozenset({(_timeless(node), denied)})

    def _of_base(self, node: AnyNode) -> bool:
        catalog = self.rule.catalog
        base = {part.tag for _, part in walk(catalog.expand_all(catalog.base_rule)) if isinstance(part, TagCondition)}
        return isinstance(node, TagCondition) and (node.tag in base | {catalog.header.organisation_tag} or self._by(node) is not None)

    def _by(self, node: TagCondition) -> date | None:
        """The day by which a condition says somebody to have been a customer, where that is all it says."""
        by = node.value.end if isinstance(node.value, Absolute) and node.value.start is None else None
        return by if node.tag == self.rule.catalog.header.opened_tag else None

    def _until(self, node: AnyNode) -> date:
        """The last day that a part looks at."""
        return max((self._last(part) for _, part in walk(node)), default=date.min)

    def _last(self, part: AnyNode) -> date:
        match part:
            case TagCondition(snapshot=asked):
                return self._by(part) or self._day(asked)
            case TagComparison(left_snapshot=left, right_snapshot=right):
                return max(self._day(left), self._day(right))
            case RecordCondition(window=window) | SequenceCondition(first=Records(window=window)):
                return self.rule.as_of if window is None else resolve(window, self.rule.as_of, self.rule.today).end or self.rule.as_of
            case _:
                return date.min

    def _denials(self, members: Sequence[AnyNode]) -> Eligible | None:
        """Those whom the rule says to have been able to do what it denies."""
        records = [self.rule.catalog.records[code] for one in members for code in self._denied(one)]
        shorts = [one.exposure for one in records if one.exposure is not None]
        could = {_undated(part) for short in shorts for part in _members(node_from_short(substitute(short, {"days": 1})))}
        said = [one for one in members if _undated(one) in could]
        return Eligible(_all(said), "exposed") if said else None

    def _denied(self, node: AnyNode) -> frozenset[str]:
        """The record sets of which a part asks for none, or for few."""
        match node:
            case Not(child=child):
                return records_of(child)
            case RecordCondition(records=code, operator="<" | "<=", aggregate="count" | "days"):
                return frozenset({code})
            case RecordCondition(records=code, operator="=", value=Decimal() as value) if not value:
                return frozenset({code})
            case TagCondition(tag=tag, operator="is_absent"):
                return frozenset(one.code for one in self.rule.catalog.records.values() if one.first_date_tag == tag)
            case _:
                return frozenset()


def _from_ranks(tag: Tag, node: TagComparison, then: Snapshot | None, forward: bool, later: Sequence[AnyNode]) -> AnyNode | None:
    """The values of then from which some value that now may be is as far as asked."""
    ranks = {value.code: Decimal(value.rank or 0) for value in tag.values}
    sign = 1 if forward else -1
    ends = [rank for code, rank in ranks.items() if all(_allows(one, code, ranks) for one in later)]
    codes = tuple(code for code, rank in ranks.items() if any(_meets(node, sign * (now - rank)) for now in ends))
    return TagCondition(tag=tag.code, operator="in", value=codes, snapshot=then) if codes else None


def _allows(node: AnyNode, code: str, ranks: Mapping[str, Decimal]) -> bool:
    """Whether conditions on one ordered tag hold of a value of it."""
    match node:
        case AllOf(children=parts):
            return all(_allows(one, code, ranks) for one in parts)
        case AnyOf(children=parts):
            return any(_allows(one, code, ranks) for one in parts)
        case Not(child=child):
            return not _allows(child, code, ranks)
        case TagCondition(operator="in" | "not_in" as how, value=tuple() as codes):
            return (code in codes) == (how == "in")
        case TagCondition(operator=how, value=(said,)) if how in _ORDER and said in ranks:
            return _ORDER[how](ranks[code], ranks[said])
        case TagCondition(operator="is_absent" | "is_unknown"):
            return False
        case _:
            return True


@dataclass(frozen=True, slots=True)
class _Span:
    """Numbers from `low` to `high`, an end left out being open to that side; an end in `*_open` is not among them."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False

    def within(self, other: _Span) -> _Span:
        """The numbers of both."""
        lows = [(one.low, one.low_open) for one in (self, other) if one.low is not None]
        highs = [(one.high, one.high_open) for one in (self, other) if one.high is not None]
        low = max(lows, default=(None, False), key=lambda end: (end[0] or 0, end[1]))
        high = min(highs, default=(None, False), key=lambda end: (end[0] or 0, not end[1]))
        return _Span(low[0], high[0], low[1], high[1])

    def minus(self, other: _Span) -> _Span:
        """Every difference of a number of the one and a number of the other."""
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return _Span(low, high, self.low_open or other.high_open, self.high_open or other.low_open)

    def over(self, other: _Span) -> _Span:
        """Every quotient of a number of the one and a positive number of the other, both from 0 on."""
        low = None if self.low is None or not other.high else _to_cent(self.low / other.high, ROUND_FLOOR)
        high = None if self.high is None or not other.low or other.low < 0 else _to_cent(self.high / other.low, ROUND_CEILING)
        return _Span(low, high)


def _to_cent(number: Decimal, how: str) -> Decimal:
    return number.quantize(Decimal("0.01"), rounding=how)


def _span(node: Comparing) -> _Span:
    """The numbers a comparison lets through."""
    match node.operator, node.value:
        case "=", Decimal() as value:
            return _Span(value, value)
        case ">" | ">=", Decimal() as value:
            return _Span(low=value, low_open=node.operator == ">")
        case "<" | "<=", Decimal() as value:
            return _Span(high=value, high_open=node.operator == "<")
        case "range", Range() as one:
            return _Span(one.low, one.high, one.low_open, one.high_open)
        case _:
            return _Span()


def _from_amounts(tag: Tag, node: TagComparison, then: Snapshot | None, forward: bool, later: Sequence[AnyNode]) -> AnyNode | None:
    """The amounts of then from which some amount that now may be is as far as asked: then = now - difference, or now / (1 + relative change), or now / ratio, of the spans of both."""
    never_below = tag.plausible is not None and tag.plausible[0] >= 0
    now = _Span(low=Decimal(0)) if never_below else _Span()
    for part in later:
        if isinstance(part, TagCondition):
            now = now.within(_span(part))
    asked = _span(node)
    if node.measure == "difference":
        span = now.minus(asked if forward else _mirrored(asked))
        positive = False
    else:
        whole = Decimal(1) if node.measure == "relative_change" else Decimal(0)
        factor = _Span(None if asked.low is None else asked.low + whole, None if asked.high is None else asked.high + whole)
        span, positive = now.over(factor), True
    return _condition(tag, span, then, never_below, positive)


def _mirrored(span: _Span) -> _Span:
    """The same numbers with the other sign."""
    return _Span(
        None if span.high is None else -span.high, None if span.low is None else -span.low, span.high_open, span.low_open
    )  # fmt: skip


def _condition(tag: Tag, span: _Span, then: Snapshot | None, never_below: bool, positive: bool) -> AnyNode | None:
    """A tag within a span at a snapshot. Whoever had a value then, where the span says nothing; which of what is 0 for those without is everybody."""
    of = TagCondition(tag=tag.code, operator="is_unknown", snapshot=then)
    parts: list[AnyNode] = []
    if span.low is not None and (span.low > 0 or (span.low == 0 and span.low_open) or not never_below):
        parts.append(of.model_copy(update={"operator": ">" if span.low_open else ">=", "value": span.low}))
    elif positive:
        parts.append(of.model_copy(update={"operator": ">", "value": Decimal(0)}))
    if span.high is not None:
        over = of.model_copy(update={"operator": ">=" if span.high_open else ">", "value": span.high})
        parts.append(Not(child=over))
    if not parts and tag.null_means != "zero":
        parts.append(Not(child=of))
    return _all(parts) if parts else None


def _way(node: TagComparison, forward: bool) -> Why:
    """Which way a tag went by a comparison."""
    still = Decimal(0) if node.measure != "ratio" else Decimal(1)
    match node.value:
        case Decimal() as value:
            lower = node.operator in ("<", "<=") and value <= still
            higher = node.operator in (">", ">=") and value >= still
        case Range(low=low, high=high):
            lower, higher = high <= still, low >= still
        case _:
            return "changed"
    return "changed" if lower == higher else "fell" if lower == forward else "rose"


def _meets(node: TagComparison, difference: Decimal) -> bool:
    match node.value:
        case Decimal() as value if node.operator in _ORDER:
            return _ORDER[node.operator](difference, value)
        case Range(low=low, high=high, low_open=low_open, high_open=high_open):
            return (low < difference if low_open else low <= difference) and (difference < high if high_open else difference <= high)
        case _:
            return True


def _only_tag(node: AnyNode) -> str | None:
    """The tag that a part speaks of and of nothing else."""
    parts = [part for _, part in walk(node) if not children(part)]
    tags = {part.tag if isinstance(part, TagCondition) else None for part in parts}
    return tags.pop() if len(tags) == 1 else None


def _members(node: AnyNode) -> tuple[AnyNode, ...]:
    """What holds of everybody a part holds for."""
    return tuple(part for one in node.children for part in _members(one)) if isinstance(node, AllOf) else (node,)


def _all(parts: Iterable[AnyNode]) -> AnyNode:
    kept = tuple(parts)
    return kept[0] if len(kept) == 1 else AllOf(children=kept)


def _together(told: Sequence[Eligible]) -> Eligible | None:
    return Eligible(_all(one.node for one in told), _common(told)) if told else None


def _common(told: Sequence[Eligible]) -> Why:
    """What tells them all, or "several"."""
    whys = {one.why for one in told}
    return whys.pop() if len(whys) == 1 else "several"


def _timeless(node: AnyNode) -> AnyNode:
    """A condition as it would be of any time."""
    update: dict[str, object] = {}
    for name in ("window", "snapshot", "left_snapshot", "right_snapshot"):
        if name in type(node).model_fields:
            update[name] = None
    if isinstance(node, Comparing) and node.operator == "within":
        update["value"] = None
    if isinstance(node, RecordCondition):
        update["filters"] = tuple(one for one in node.filters if one.operator != "within")
    if isinstance(node, SequenceCondition):
        update |= {"first": node.first.model_copy(update={"window": None}), "then": node.then.model_copy(update={"window": None})}
    return node.model_copy(update=update)


def _undated(node: AnyNode) -> AnyNode:
    """A condition of any time up to some day, whichever day that is."""
    value = node.value if isinstance(node, TagCondition) else None
    match value:
        case Ago(farthest=None) | Absolute(start=None):
            pass
        case Calendar(first=first) if first == EARLIEST:
            pass
        case _:
            return node
    return node.model_copy(update={"value": Ago(unit="day", nearest=1)})
