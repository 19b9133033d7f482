"""前一天呢, 再上个月呢, and the week before?: the period right before the one that stands. Law: counted from the time of the segment, never from today; where that is
not of the unit said, or is not the only time, nothing is changed and the turn is asked about. Said behind another time of the same turn (上个月开户的和前一个月开户的比) it is counted
from that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from assistant.interpret.clauses import phrase_only
from assistant.interpret.conditions.lengths import length_window
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import fits_none
from assistant.interpret.edits.setting import Settings
from assistant.interpret.edits.timing import base_of
from assistant.interpret.interpretation import RequestKind
from assistant.interpret.lexer import Token
from assistant.language.time_words import TimeSpan
from assistant.language.words import is_latin, merged_groups, plain_words
from assistant.rule.tree import RecordCondition, SegmentRule, SequenceCondition, TagComparison, TagCondition, walk
from assistant.rule.window import Absolute, Calendar, Rolling, Shifted, TimeWindow, Unit, shift, unit_end, unit_start

_ASKING = ("edit.what_about", "edit.what_about_after")
_SMALL = (
    *_ASKING, "ignored", "is", "people", "connective.and", "connective.then", "connective.also", "connective.comma", "edit.pronoun",
    "edit.correct", "sequence.again",
)  # fmt: skip
_DATED: frozenset[RequestKind] = frozenset({"compare", "migration", "monitor"})
"""Questions with a date of their own, which a period before may as well be counted from."""


@dataclass(frozen=True, slots=True)
class Said:
    """Tokens [first, last) name `n` units right before others. `either`: or right before today (上一个月)."""

    first: int
    last: int
    unit: Unit
    n: int
    either: bool = False


def read_preceding(cursor: Cursor, rule: SegmentRule) -> SegmentRule | None:
    """The rule at the period before its own. The rule as it is, with an issue, where that is no single period; None where the turn says no such thing."""
    said = next((found for index in range(len(cursor.tokens)) if (found := preceding_at(cursor, index)) is not None), None)
    if said is None or any(cursor.kinds[index] == "request" for index in range(said.first, said.last)):
        return None
    around = [index for index in range(len(cursor.tokens)) if not said.first <= index < said.last and cursor.kinds[index] != "request"]
    others = [cursor.tokens[index] for index in around]
    alone = all(phrase_only(token) and token.phrase(*_SMALL, "edit.set") for token in others)
    anew = any(token.phrase("edit.set") for token in others)
    again = _further(cursor.tokens[said.first].text)
    if not (alone or again or any(phrase_only(token) and token.phrase(*_ASKING) for token in others)):
        return None
    window = _before(rule, said)
    if (said.either or anew) and window is None:
        return None  # 近30天 ... 上一周呢: only the week before today
    dated = any(one.kind in _DATED for one in cursor.context.asked)
    if alone and window is not None and not dated and not said.either:
        moved = Settings(cursor, rule).at_window(window, said.first, said.last)
        if moved is not None:
            cursor.mark(said.first, said.last, "edit")
            for index in around:
                cursor.mark(index, index + 1, "ignored")
            return moved
    fits_none(cursor, said.first, said.last)
    return rule


def counted_from_another(tokens: Sequence[Token], standing: TimeWindow | None) -> tuple[Token, ...]:
    """The tokens, each period before in which something is told (前一个月开户的, who joined the month before) counted from the time that stands in front of it, where that is as long."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        moved = None if standing is None else _told_before(tokens, index, standing)
        if moved is not None:
            token = replace(token, window=TimeSpan(token.start, token.end, "window", window=moved))
        found.append(token)
        standing = last_time(found[-1:]) or standing
    return tuple(found)


def last_time(tokens: Sequence[Token]) -> TimeWindow | None:
    """The time said last."""
    return next((one.window.window for one in reversed(tokens) if one.window is not None and one.window.kind == "window"), None)


def _told_before(tokens: Sequence[Token], index: int, standing: TimeWindow) -> TimeWindow | None:
    """The period before the standing one that a token names, of something told right beside it; None for any other token."""
    token = tokens[index]
    span = token.window
    if span is None or token.content or not isinstance(span.window, Calendar) or span.window.last != -1:
        return None
    if span.kind != "compare" and plain_words(lambda times: times.preceding).match(token.text, 0) is None:
        return None
    beside = reversed(tokens[:index]) if is_latin(token.text[0]) else iter(tokens[index + 1 :])
    told = next((one for one in beside if not (phrase_only(one) and (one.phrase("ignored") or one.phrases("negation.")))), None)
    return (
        _moved(standing, span.window.unit, -span.window.first)
        if told is not None and told.window is None and not phrase_only(told)
        else None
    )


def preceding_at(cursor: Cursor, index: int) -> Said | None:
    """The period before that begins at a token: 前一周, 再上个月, the previous month, the 30 days before that."""
    tokens = cursor.tokens
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if phrase_only(token) and _further(token.text) and after is not None:
        found = preceding_at(cursor, index + 1) or _counted(cursor, index + 1)
        return None if found is None else Said(index, found.last, found.unit, found.n)
    if token.window is not None and token.window.kind == "compare" and isinstance(token.window.window, Calendar) and not token.content:
        return Said(index, _past_pronoun(tokens, index + 1), token.window.window.unit, 1)
    if token.window is not None:
        counted = _counted(cursor, index)
        named = plain_words(lambda times: times.preceding).match(token.text, 0) is not None
        return counted if counted is not None and (named or counted.either) else None
    if after is None or token.content or plain_words(lambda times: times.preceded).match(after.text, 0) is None:
        return None
    length = None if token.comparison is None else length_window(token.comparison)
    units = merged_groups(lambda grammar: {str(unit): words for unit, words in grammar.times.units.items()}).match(token.text, 0)
    last = _past_pronoun(tokens, index + 2)
    if length is not None:
        return Said(index, last, length.unit, length.n)
    return Said(index, last, cast(Unit, units[1]), 1) if units is not None and units[0] == len(token.text) else None


def _past_pronoun(tokens: Sequence[Token], index: int) -> int:
    """Behind the "that" of the month before that."""
    return index + 1 if index < len(tokens) and phrase_only(tokens[index]) and tokens[index].phrase("edit.pronoun") else index


def _counted(cursor: Cursor, index: int) -> Said | None:
    """The units of a token that says those right before today, or the last ones."""
    token = cursor.tokens[index]
    match None if token.window is None or token.content else token.window.window:
        case Calendar(unit=unit, first=first, last=-1):
            return Said(
                index, index + 1, unit, -first, either=plain_words(lambda times: times.last_or_preceding).match(token.text, 0) is not None
            )
        case Rolling(unit=unit, n=n) if plain_words(lambda times: times.preceding).match(token.text, 0) is not None:
            return Said(index, index + 1, unit, n)
        case _:
            return None


def _further(text: str) -> bool:
    return plain_words(lambda times: times.further).match(text, 0) == (len(text), True)


def _before(rule: SegmentRule, said: Said) -> TimeWindow | None:
    """The period before the only time of a rule. None where it has none, several, or one that is not of that many units."""
    found = _windows(rule)
    return _moved(next(iter(found)), said.unit, said.n) if len(found) == 1 else None


def _windows(rule: SegmentRule) -> frozenset[object]:
    """Every time that the conditions say; those of the base of a denial are its own."""
    bases = {base for path, _ in walk(rule.node) if (base := base_of(rule, path)) is not None}
    found: set[object] = set()
    for path, node in walk(rule.node):
        if any(path[: len(base)] == base for base in bases):
            continue
        match node:
            case RecordCondition():
                found |= {node.window, *(one.value for one in node.filters if one.operator == "within")}
            case SequenceCondition():
                found |= {node.first.window, node.first if node.within_days is None else None}
            case TagCondition():
                found |= {node.value if node.operator == "within" else None, node.snapshot}
            case TagComparison():
                found |= {node.left_snapshot, node.right_snapshot}
            case _:
                pass
    return frozenset(found - {None})


def _moved(window: object, unit: Unit, n: int) -> TimeWindow | None:
    """The n units right before a window of n such units."""
    match window:
        case Calendar(unit=own, first=first, last=last) if own == unit and last - first + 1 == n:
            return Calendar(unit=unit, first=first - n, last=last - n)
        case Absolute(start=start, end=end) if start is not None and end is not None:
            whole = start == unit_start(start, unit) and end == unit_end(shift(start, unit, n - 1), unit)
            return Absolute(start=shift(start, unit, -n), end=start - timedelta(days=1)) if whole else None
        case Rolling(unit="day", n=own_n) if unit == "day" and own_n == n:
            return Shifted(base=window, unit="day", n=-n)
        case Shifted(base=Rolling(unit="day", n=own_n) as base, unit="day", n=moved) if unit == "day" and own_n == n:
            return Shifted(base=base, unit="day", n=moved - n)
        case _:
            return None
