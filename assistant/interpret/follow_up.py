"""A turn that changes the rule of the conversation -> the new rule, by typed edits. Law: an edit that fits two conditions is a doubt, one that fits none an issue."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity, UserError
from assistant.interpret.amounts import Amounts
from assistant.interpret.cursor import Cursor
from assistant.interpret.lengths import length_window, longest_days
from assistant.interpret.lexicon import key_of
from assistant.interpret.nodes import quoted
from assistant.interpret.parser import Parser
from assistant.language.comparisons import Comparison
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.edits import AddCondition, RemoveCondition, ReplaceCondition, SetComparison, SetParameter, SetWindow, apply
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    AnyOf,
    ConceptRef,
    Not,
    Operator,
    Path,
    RankCondition,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    TagComparison,
    TagCondition,
    Value,
    children,
    walk,
)
from assistant.rule.tree import at as at_path
from assistant.rule.window import Rolling, TimeWindow

_LEADING = ("edit.only", "edit.remove", "edit.except", "edit.or_also", "edit.add", "edit.tighten", "edit.loosen")
_AROUND = ("edit.condition", "edit.pronoun", "ignored", "have", "negation.not", "lack", "is", "connective.comma", "connective.and")
_BEHIND = ("edit.only", "edit.or_also", "edit.except")
_SETTING = ("edit.raise", "edit.lower", "edit.set")
_MONEY_UNITS = frozenset({"CNY", "USD"})
Places = Sequence[tuple[Path, AnyNode]]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The rule after the turn (None: it could not be made; an issue says why)."""

    rule: SegmentRule | None


def read_follow_up(cursor: Cursor, rule: SegmentRule) -> FollowUp | None:
    """The edited rule when the turn begins with, or holds, the words of an edit; None when it does not."""
    tokens = cursor.tokens
    setting = next((index for index, token in enumerate(tokens) if token.phrase(*_SETTING) and cursor.kinds[index] == "unread"), None)
    if setting is not None and _sets_something(cursor, setting):
        return FollowUp(_set(cursor, rule, setting))
    start, joined = 0, False
    passed = ("ignored", "connective.comma", "connective.and", "connective.also", "connective.but", "connective.or", "edit.pronoun")
    either = False
    while start < len(tokens) and (tokens[start].phrase(*passed) or cursor.kinds[start] == "request"):
        if tokens[start].phrase(*_LEADING) or tokens[start].content:
            break
        joined = joined or bool(tokens[start].phrase("connective.and", "connective.also"))
        either = either or bool(tokens[start].phrase("connective.or"))
        start += 1
    if start >= len(tokens):
        return None
    window_edit = _window_alone(cursor, rule, start)
    if window_edit is not None:
        return FollowUp(window_edit)
    replaced = _value_set(cursor, rule)
    if replaced is not None:
        return FollowUp(replaced)
    kind = tokens[start].phrase(*_LEADING)
    first, last = start + 1, len(tokens)
    if kind is None:
        behind = _edit_behind(cursor, start)
        if behind is not None:
            kind, last = behind
            cursor.mark(last, last + 1, "edit")
            first = start
        elif either:
            kind, first = "edit.or_also", start
        elif joined:
            kind, first = "edit.add", start
        else:
            return None
    else:
        cursor.mark(start, start + 1, "edit")
    for index in range(start):
        cursor.mark(index, index + 1, "ignored" if cursor.kinds[index] == "unread" else cursor.kinds[index])
    if kind in ("edit.tighten", "edit.loosen"):
        cursor.issues.append(Issue("request_not_built", Severity.REFUSE, quote=_span(cursor, start, start + 1), params={"request": kind}))
        return FollowUp(None)
    if kind == "edit.remove":
        return FollowUp(_remove(cursor, rule, first, last))
    if kind == "edit.except" and tokens[start].phrase("negation.except_open"):
        left_out = Parser(cursor).conditions(start, last)
        return FollowUp(None if left_out is None else apply(rule, AddCondition(node=left_out, how="and")))
    node = Parser(cursor).conditions(first, last)
    if node is None:
        cursor.issues.append(
            Issue("edit_fits_none", Severity.ASK, quote=_span(cursor, start, last), params={"words": _words(cursor, start, last)})
        )
        return FollowUp(None)
    if kind == "edit.only":
        return FollowUp(_only(cursor, rule, node))
    how: Callable[[AnyNode], AddCondition] = {
        "edit.add": lambda each: AddCondition(node=each, how="and"),
        "edit.or_also": lambda each: AddCondition(node=each, how="or"),
        "edit.except": lambda each: AddCondition(node=each, how="except"),
    }[kind]
    for each in node.children if isinstance(node, AllOf) and kind == "edit.add" else (node,):
        rule = apply(rule, how(each))
    return FollowUp(rule)


def _edit_behind(cursor: Cursor, start: int) -> tuple[str, int] | None:
    """定期10万以上的也算, women only: an edit said at the end of the turn."""
    place = len(cursor.tokens) - 1
    while place > start and cursor.tokens[place].phrase("ignored") and not cursor.tokens[place].phrase(*_BEHIND):
        place -= 1
    token = cursor.tokens[place]
    kind = token.phrase(*_BEHIND)
    return (kind, place) if kind is not None and place > start and not token.content else None


def _value_set(cursor: Cursor, rule: SegmentRule) -> SegmentRule | None:
    """改成白金以上, 改成北京分行: another value for the tag the rule already has."""
    setting = next(
        (index for index, token in enumerate(cursor.tokens) if token.phrase("edit.set") and cursor.kinds[index] == "unread"), None
    )
    if setting is None:
        return None
    point = cursor.checkpoint()
    cursor.mark(setting, setting + 1, "edit")
    node = Parser(cursor).conditions(setting + 1, len(cursor.tokens))
    same = [path for path, old in _top(rule) if isinstance(old, TagCondition) and isinstance(node, TagCondition) and old.tag == node.tag]
    if node is None or len(same) != 1:
        cursor.restore(point)
        return None
    for index in range(setting):
        if cursor.tokens[index].phrase("ignored", "edit.pronoun", "is") or _named(cursor, index, index + 1) & _subjects(node):
            cursor.mark(index, index + 1, "edit" if cursor.tokens[index].content else "ignored")
    return apply(rule, ReplaceCondition(path=same[0], node=node))


# --- which condition is meant -----------------------------------------------------------------------------------------------------------------------


def _subjects(node: AnyNode) -> frozenset[str]:
    """What a condition is about, so that words can point at it."""
    match node:
        case TagCondition(tag=tag) | RankCondition(tag=tag):
            return frozenset({tag})
        case TagComparison(left=left, right=right):
            return frozenset({left, right})
        case RecordCondition(records=records):
            return frozenset({records})
        case SequenceCondition(first=first, then=then):
            return frozenset({first.records, then.records})
        case ConceptRef(concept=concept):
            return frozenset({concept})
        case _:
            return (
                frozenset().union(*(_subjects(child) for _, child in walk(node) if child is not node)) if node is not None else frozenset()
            )


def _top(rule: SegmentRule) -> list[tuple[Path, AnyNode]]:
    """The conditions a user sees as such: the members of the root, else the root itself."""
    if isinstance(rule.node, AllOf | AnyOf):
        return [((number,), child) for number, child in enumerate(rule.node.children)]
    return [((), rule.node)]


def _deeper(rule: SegmentRule, codes: frozenset[str]) -> bool:
    """Whether something of these codes stands inside another condition (a rank's group, say), where an edit does not reach it."""
    top = {path for path, _ in _top(rule)}
    return any(path and path not in top and _subjects(node) & codes for path, node in walk(rule.node))


def _named(cursor: Cursor, first: int, last: int) -> frozenset[str]:
    """Codes of the catalog that tokens [first, last) can name."""
    codes: set[str] = set()
    for index in range(first, last):
        for meaning in cursor.tokens[index].meanings:
            if meaning.kind in ("tag", "hold", "value", "action", "concept", "concept_not", "dated"):
                codes.add(meaning.code)
    return frozenset(codes)


def _pick(cursor: Cursor, found: Places, first: int, last: int) -> tuple[Path, AnyNode] | None:
    """The one condition that fits; several are asked about, none is an issue."""
    if not found:
        cursor.issues.append(
            Issue("edit_fits_none", Severity.ASK, quote=_span(cursor, first, last), params={"words": _words(cursor, first, last)})
        )
        return None
    if len(found) == 1:
        return found[0]
    quote = cursor.quote(first, last)
    labels: tuple[Text | None, ...] = tuple(None for _ in found)
    what = "edit " + " ".join(fingerprint(node)[:6] for _, node in found)
    return found[cursor.choose(what, quote, "edit_fits_two", {"words": cursor.words(quote)}, labels)]


# --- remove, only --------------------------------------------------------------------------------------------------------------------------------------


def _remove(cursor: Cursor, rule: SegmentRule, first: int, last: int) -> SegmentRule | None:
    """去掉 X: the condition about X goes. When no condition is about it, 不要 X means those are left out."""
    last = next(
        (index for index in range(first, last) if cursor.tokens[index].phrase("connective.comma") and cursor.tokens[index].text != "、"),
        last,
    )
    if first >= last:
        _fits_none(cursor, max(0, first - 1), max(1, first))
        return None
    said = _said_condition(cursor, rule, first, last)
    named = _named(cursor, first, last)
    if said is not None:
        found = [said]
    else:
        denied = any(cursor.tokens[index].phrase("negation.not", "lack", "negation.never") for index in range(first, last))
        found = (
            []
            if denied
            else [(path, node) for path, node in _top(rule) if _subjects(node) & named and not _another_value(cursor, node, first, last)]
        )
    if found:
        picked = _pick(cursor, found, first, last)
        for index in range(first, last):
            token = cursor.tokens[index]
            if token.content or token.comparison or token.window or token.phrase(*_AROUND):
                cursor.mark(index, index + 1, "edit" if token.content else "ignored")
        return None if picked is None else apply(rule, RemoveCondition(path=picked[0]))
    if _deeper(rule, named):
        _fits_none(cursor, first, last)
        return None
    node = Parser(cursor).conditions(first, last)
    if node is None:
        _fits_none(cursor, first, last)
        return None
    cursor.assume("remove_as_except", cursor.quote(max(0, first - 1), last), words=_words(cursor, first, last))
    return apply(rule, AddCondition(node=node, how="except"))


def _fits_none(cursor: Cursor, first: int, last: int) -> None:
    params = {"words": _words(cursor, first, last)}
    cursor.issues.append(Issue("edit_fits_none", Severity.ASK, quote=_span(cursor, first, last), params=params))


def _said_condition(cursor: Cursor, rule: SegmentRule, first: int, last: int) -> tuple[Path, AnyNode] | None:
    """The condition of the rule that the words say in full, if they do."""
    point = cursor.checkpoint()
    node = Parser(cursor).conditions(first, last)
    cursor.restore(point)
    if node is None:
        return None
    same = [(path, old) for path, old in _top(rule) if canonical(old) == canonical(node)]
    return same[0] if len(same) == 1 else None


def _another_value(cursor: Cursor, node: AnyNode, first: int, last: int) -> bool:
    """Whether the words name values of the condition's tag, none of which is the condition's."""
    if not isinstance(node, TagCondition) or not isinstance(node.value, tuple):
        return False
    values = [meaning.value for index in range(first, last) for meaning in cursor.tokens[index].of("value") if meaning.code == node.tag]
    return bool(values) and not set(values) & set(node.value)


def _only(cursor: Cursor, rule: SegmentRule, node: AnyNode) -> SegmentRule:
    """只看 X: replaces the condition on that tag, else adds one."""
    for condition in node.children if isinstance(node, AllOf) else (node,):
        if _deeper(rule, _subjects(condition)):
            raise UserError("edit_fits_none", words=cursor.words(condition.said[0]) if condition.said else "")
        same = [
            path
            for path, old in _top(rule)
            if isinstance(old, TagCondition) and isinstance(condition, TagCondition) and old.tag == condition.tag
        ]
        if len(same) == 1:
            rule = apply(rule, ReplaceCondition(path=same[0], node=condition))
        else:
            rule = apply(rule, AddCondition(node=condition, how="and"))
    return rule


# --- set a value, a window, a parameter -------------------------------------------------------------------------------------------------------------------


def _sets_something(cursor: Cursor, index: int) -> bool:
    return any(token.comparison is not None or token.window is not None for token in cursor.tokens[index + 1 :])


def _set(cursor: Cursor, rule: SegmentRule, setting: int) -> SegmentRule | None:
    tokens = cursor.tokens
    kind = tokens[setting].phrase(*_SETTING)
    at = next(
        index for index in range(setting + 1, len(tokens)) if tokens[index].comparison is not None or tokens[index].window is not None
    )
    comparison, window = tokens[at].comparison, tokens[at].window
    cursor.mark(setting, setting + 1, "edit")
    cursor.mark(at, at + 1, "edit")
    others = [index for index in range(len(tokens)) if index not in (setting, at) and cursor.kinds[index] == "unread"]
    said = [index for index in others if tokens[index].content or tokens[index].phrases("aggregate.")]
    named: set[str] = set(_concepts_with(cursor, rule, " ".join(tokens[index].text for index in said)))
    for index in others:
        token = tokens[index]
        if named and index in said:
            cursor.mark(index, index + 1, "edit")
            continue
        if token.phrase("edit.pronoun", "edit.condition", "ignored", "is", "have", "connective.comma", "change.than"):
            cursor.mark(index, index + 1, "ignored")
        elif token.content:
            codes = _named(cursor, index, index + 1)
            if any(_subjects(node) & codes for _, node in _top(rule)):
                named |= codes
                cursor.mark(index, index + 1, "edit")
    places = [(path, node) for path, node in walk(rule.node) if not isinstance(node, AllOf)]
    if named:
        places = [(path, node) for path, node in places if _subjects(node) & named]
    if window is not None and window.window is not None and comparison is None:
        return _set_window(cursor, rule, places, window.window, setting, at + 1)
    assert comparison is not None, "one of the two was found"
    length = length_window(comparison) if comparison.operator is None and Amounts(cursor).unit_tag(comparison) is None else None
    if length is not None:
        return _set_window(cursor, rule, places, length, setting, at + 1)
    value, was = comparison.value, None
    if comparison.operator == "range" and kind in ("edit.raise", "edit.lower", "edit.set"):
        value, was = comparison.high, comparison.low
        comparison = dataclasses.replace(comparison, operator=None, doubt=None, value=value)
        cursor.mark(at, at + 1, "connective")
    for index in others:
        earlier = tokens[index].comparison
        if earlier is not None and earlier.operator is None and earlier.value is not None:
            was = earlier.value
            cursor.mark(index, index + 1, "connective")
    if value is None:
        cursor.issues.append(
            Issue("edit_fits_none", Severity.ASK, quote=_span(cursor, setting, at + 1), params={"words": _words(cursor, setting, at + 1)})
        )
        return None
    found = [
        (path, node)
        for path, node in places
        if _takes(cursor, node, comparison, value, kind, bool(named)) and (was is None or getattr(node, "value", was) == was)
    ]
    picked = _pick(cursor, found, setting, at + 1)
    if picked is None:
        return None
    path, node = picked
    operator: Operator | None = comparison.operator if comparison.operator in (">", ">=", "<", "<=") else None
    if isinstance(node, ConceptRef):
        name = _number_parameter(cursor, node)
        return apply(rule, SetParameter(path=path, name=name, value=value)) if name else None
    return apply(rule, SetComparison(path=path, operator=operator, value=value))


def _concepts_with(cursor: Cursor, rule: SegmentRule, words: str) -> frozenset[str]:
    """Concepts of the rule that have a parameter of that name (登录次数, number of logins)."""
    found: set[str] = set()
    for _, node in walk(rule.node):
        if isinstance(node, ConceptRef):
            names = [item.name for item in cursor.context.catalog.concepts[node.concept].parameters.values()]
            if len(words) > 1 and any(key_of(words) in key_of(name.zh) or key_of(words) in key_of(name.en) for name in names):
                found.add(node.concept)
    return frozenset(found)


def _takes(cursor: Cursor, node: AnyNode, comparison: Comparison, value: Decimal, kind: str | None, named: bool) -> bool:
    """Whether a condition has a number that this one can replace: right unit, plausible size, and in the direction said."""
    catalog = cursor.context.catalog
    old: Value = None
    money = False
    match node:
        case TagCondition(tag=tag, operator=operator, value=Decimal() as old) if operator in (">", ">=", "<", "<=", "="):
            money = catalog.tags[tag].unit in _MONEY_UNITS
            if comparison.unit in _MONEY_UNITS and not money:
                return False
            plausible = catalog.tags[tag].plausible
            if not named and plausible is not None and not plausible[0] <= value <= plausible[1]:
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
            if not named or comparison.unit in _MONEY_UNITS or comparison.scale_said:
                return False
            return _number_parameter(cursor, node) is not None
        case _:
            return False
    if not named and comparison.scale_said and not money:
        return False
    if not named and money and not comparison.scale_said and comparison.unit not in _MONEY_UNITS:
        return False
    if kind == "edit.raise":
        return isinstance(old, Decimal) and value > old
    if kind == "edit.lower":
        return isinstance(old, Decimal) and value < old
    return True


def _number_parameter(cursor: Cursor, node: ConceptRef) -> str | None:
    """The one parameter of a concept that is a threshold, not its window."""
    concept = cursor.context.catalog.concepts[node.concept]
    names = [name for name in concept.parameters if name != concept.window_parameter]
    return names[0] if len(names) == 1 else None


def _set_window(cursor: Cursor, rule: SegmentRule, places: Places, window: TimeWindow, first: int, last: int) -> SegmentRule | None:
    bases = [path for path, node in walk(rule.node) if isinstance(node, Not) and _base_of(cursor, rule, path) is not None]
    fixed = {place for path in bases for place, node in walk(rule.node) if node.said and node.said == at_path(rule.node, path).said}
    places = [(path, node) for path, node in places if path not in fixed and path[:-1] not in bases]
    places = [*places, *((path, at_path(rule.node, path)) for path in bases)]

    def takes(node: AnyNode) -> bool:
        if isinstance(node, RecordCondition):
            return node.window is not None
        if isinstance(node, Not):
            return True
        if isinstance(node, ConceptRef):
            return (
                cursor.context.catalog.concepts[node.concept].window_parameter is not None
                and isinstance(window, Rolling)
                and window.unit == "day"
            )
        return isinstance(node, TagCondition) and node.operator == "within"

    found = [(path, node) for path, node in places if takes(node)]
    picked = _pick(cursor, found, first, last)
    if picked is None:
        return None
    path, node = picked
    if isinstance(node, ConceptRef):
        name = cursor.context.catalog.concepts[node.concept].window_parameter
        assert name is not None, "checked by takes"
        assert isinstance(window, Rolling), "checked by takes"
        return apply(rule, SetParameter(path=path, name=name, value=Decimal(window.n)))
    if isinstance(node, Not):
        return _set_denied_window(cursor, rule, path, window)
    return apply(rule, SetWindow(path=path, window=window))


def _base_of(cursor: Cursor, rule: SegmentRule, path: Path) -> Path | None:
    """Where the base of a denied behaviour stands (those who could have done it): the sibling said with the same words. None when there is none."""
    node = at_path(rule.node, path)
    if not isinstance(node, Not) or not isinstance(node.child, RecordCondition) or not path or not node.said:
        return None
    siblings = children(at_path(rule.node, path[:-1]))
    found = [number for number, other in enumerate(siblings) if number != path[-1] and other.said == node.said]
    return (*path[:-1], found[0]) if len(found) == 1 else None


def _set_denied_window(cursor: Cursor, rule: SegmentRule, path: Path, window: TimeWindow) -> SegmentRule | None:
    """90天未登录 -> 改成60天: the window of the denied behaviour and of its base move together."""
    node, base = at_path(rule.node, path), _base_of(cursor, rule, path)
    days = longest_days(window)
    if base is None or days is None or not isinstance(node, Not) or not isinstance(node.child, RecordCondition):
        return None
    exposure = cursor.catalog.records[node.child.records].exposure
    if exposure is None:
        return None
    moved = quoted(node_from_short(substitute(exposure, {"days": days})), node.said)
    denied = node.model_copy(update={"child": node.child.model_copy(update={"window": window})})
    return apply(apply(rule, ReplaceCondition(path=path, node=denied)), ReplaceCondition(path=base, node=moved))


def _window_alone(cursor: Cursor, rule: SegmentRule, start: int) -> SegmentRule | None:
    """近60天: a turn that is only a time phrase sets the window of the condition that has one."""
    tokens = cursor.tokens
    rest = [
        index
        for index in range(start, len(tokens))
        if not tokens[index].phrase("ignored", "connective.comma") and cursor.kinds[index] != "request"
    ]
    if len(rest) != 1 or tokens[rest[0]].window is None:
        return None
    span = tokens[rest[0]].window
    if span is None or span.window is None or span.kind != "window":
        return None
    cursor.mark(0, len(tokens), "ignored")
    cursor.mark(rest[0], rest[0] + 1, "edit")
    places = [(path, node) for path, node in walk(rule.node) if not isinstance(node, AllOf | Not)]
    return _set_window(cursor, rule, places, span.window, rest[0], rest[0] + 1)


def _span(cursor: Cursor, first: int, last: int) -> tuple[int, int]:
    quote = cursor.quote(first, last)
    return quote.start, quote.end


def _words(cursor: Cursor, first: int, last: int) -> str:
    return cursor.words(cursor.quote(first, last)) if first < len(cursor.tokens) else ""
