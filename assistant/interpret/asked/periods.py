"""What a segment is compared with in time: 和去年同期比, 比上个月多了还是少了, compared with three months ago. Law: the words stand together, to the end of a clause, and
say nothing of a tag: "AUM比上月末降了30%的客户" is a condition, and "登录次数比上月多了多少" asks for a figure; neither is taken here.

The date is handed on in the words of `insight/periods.py`; what it comes to depends on the rule, and is shown in the answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from assistant.interpret.clauses import ends, phrase_only
from assistant.interpret.cursor import Cursor
from assistant.interpret.interpretation import Request
from assistant.interpret.lexer import Token
from assistant.language.times import TimeSpan
from assistant.rule.moved import days_moved, happening_windows, of_units, period
from assistant.rule.tree import SegmentRule
from assistant.rule.window import Absolute, Ago, Calendar, Rolling, Unit, resolve, shift, unit_end, unit_start

_THAN = ("change.than", "connective.and")
_WITH = ("request.compare", "request.compared_with")
"""Words that compare by themselves: with them a time is enough."""
_FEWER_THAN = ("order.<_prefix", "order.>_prefix")
_CHANGED = ("request.difference", "request.moved")
_MOVED = (*_CHANGED, "change.up", "change.down", "change.more", "change.less")
_BETWEEN = ("ignored", "is", "have", "edit.pronoun")
_LAST_THIRD = 21
_AROUND = (*_BETWEEN, "connective.or", "request.count", "request.how_so", "request.why", "edit.what_about_after")


def read_compare(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """Words of comparing and a time from `index` on, to the end of the clause: the request, and where it ends."""
    tokens = cursor.tokens
    if not _may_begin(tokens[index]) or not _free_before(cursor, index):
        return None
    lead = _run(cursor, index, (*_THAN, *_WITH, *_FEWER_THAN, *_MOVED, *_AROUND))
    place = index + len(lead)
    span = tokens[place].window if place < len(tokens) else None
    said = None if span is None or tokens[place].content else date_said(span, cursor.context.as_of, cursor.context.today)
    if span is None or said is None or tokens[place].comparison is not None:
        return None
    tail = _run(cursor, place + 1, (*_THAN, *_WITH, *_MOVED, *_AROUND))
    after = place + 1 + len(tail)
    if after < len(tokens) and not ends(tokens[after]):
        return None
    compares = _any(lead, *_WITH) or _any(tail, *_WITH, "change.than")
    apart = _moved_before(cursor, index)
    moved = apart is not None or _any((*lead, *tail), *_MOVED, *_FEWER_THAN)
    changed = _any((*lead, *tail), *_CHANGED)
    if span.kind == "compare" or compares or (moved and _any(lead, *_THAN, *_FEWER_THAN)) or (changed and _stretch(span)):
        _mark_lead(cursor, index)
        if apart is not None:
            cursor.mark(apart, apart + 1, "request")
        return Request("compare", detail=said), after
    return None


def _moved_before(cursor: Cursor, index: int) -> int | None:
    """Where fewer stands in "fewer platinum customers than last month": apart from than, in the same clause."""
    place = index - 1
    while place >= 0 and not ends(cursor.tokens[place]):
        token = cursor.tokens[place]
        if phrase_only(token) and token.phrase(*_CHANGED, "change.more", "change.less") and cursor.kinds[place] == "unread":
            return place
        place -= 1
    return None


def _mark_lead(cursor: Cursor, index: int) -> None:
    """has it gone up since …: the words in front that only point at the segment."""
    place = index - 1
    while place >= 0 and phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase("edit.pronoun", "have", "is"):
        cursor.mark(place, place + 1, "request")
        place -= 1


def _run(cursor: Cursor, index: int, kinds: tuple[str, ...]) -> tuple[Token, ...]:
    """The words from `index` on that are of some kind and nothing else."""
    last = index
    while last < len(cursor.tokens) and phrase_only(cursor.tokens[last]) and cursor.tokens[last].phrase(*kinds):
        last += 1
    return cursor.tokens[index:last]


def _any(tokens: tuple[Token, ...], *kinds: str) -> bool:
    return any(token.phrase(*kinds) for token in tokens)


def date_said(span: TimeSpan, as_of: date, today: date) -> str | None:
    """The time a segment is compared with, in the words of `insight/periods.py`; None for one that is no earlier point."""
    window = span.window
    if span.kind == "compare":
        return {None: "previous_period", "year": "last_year", "day": "ago 10 day"}.get(span.unit, f"ago 1 {span.unit}")
    if span.kind == "snapshot" and span.snapshot is not None:
        return min(as_of, _end_of(span.snapshot.unit, span.snapshot.offset, today)).isoformat()
    if span.kind != "window" or span.future:
        return None
    match window:
        case Ago(unit=unit, nearest=n, farthest=farthest) if n and farthest in (None, n):
            return f"ago {n} {unit}"
        case Rolling(unit=unit, n=n):
            return f"ago {n} {unit}"
        case Calendar(unit="day", first=first, last=last) if first == last < 0:
            return shift(today, "day", first).isoformat()
        case Calendar(unit="year", first=-1, last=-1):
            return "last_year"
        case Calendar(unit=unit, first=-1, last=-1 | 0):
            return f"last {unit}"
        case Calendar(unit=unit, first=first, last=last) if first == last < 0:
            return _end_of(unit, first, today).isoformat()
        case Calendar(unit=unit, first=0, last=0) if unit != "day":
            return (unit_start(today, unit) - timedelta(days=1)).isoformat()
        case Absolute(start=date() as start, end=date() as end) if end < as_of:
            return end.isoformat() if start == end else f"{start.isoformat()}..{end.isoformat()}"
        case Absolute(start=date() as start, end=None) if _last_third_said(span, start) and unit_end(start, "month") < as_of:
            return unit_end(start, "month").isoformat()  # since the end of June, 从8月底: its last day, not the first of its last third
        case Absolute(start=date() as start, end=None):
            return (start - timedelta(days=1) if start.day == 1 else start).isoformat()
        case _:
            return None


def _last_third_said(span: TimeSpan, start: date) -> bool:
    """Whether the words said a third of a month without its days (8月底), and it is the last one: since the 21st names a day."""
    return span.assumption == "third_of_month" and start.day == _LAST_THIRD


def one_comparison(cursor: Cursor, requests: tuple[Request, ...], rule: SegmentRule | None, changed: bool) -> tuple[Request, ...]:
    """为什么比上个月少了 asks once: why, with the time that was said; without one the days before those the rule names, else the last month end is taken, and said.
    Moves whose time was not said have that of the comparison beside them. A grid compared with another date shows the moves between its cells, also
    where it was asked for before and this turn says nothing but the date (`changed`: it says more)."""
    said = next((request.detail for request in requests if request.kind == "compare"), None)
    before = cursor.context.asked if not changed and len(requests) == 1 else ()
    cells = next((one for one in (*requests, *before) if one.kind == "grid" and one.code and cursor.catalog.tags[one.code].axes), None)
    if said is not None and cells is not None and all(one.kind != "migration" for one in requests):
        requests = tuple(Request("migration", cells.code, detail=said) if one.kind == "compare" else one for one in requests)
    requests = tuple(_since(cursor, one, said) if one.kind == "migration" and one.code and not one.detail else one for one in requests)
    if all(request.kind != "why_changed" for request in requests):
        return requests
    detail = said or _unsaid(cursor, rule)
    return tuple(replace(one, detail=detail) if one.kind == "why_changed" else one for one in requests if one.kind != "compare")


def _unsaid(cursor: Cursor, rule: SegmentRule | None) -> str:
    """What a change is measured against where nothing was said, and the assumption with its very days: for all that happened on the same given days (9月中旬) as many
    days before, for one calendar unit or whole months (本月, 9月) the same part of those before; else a month back where the rule counts by months, or the last month end."""
    as_of, today = cursor.context.as_of, cursor.context.today
    node = None if rule is None else cursor.catalog.expand_all(rule.node)
    windows = set() if node is None else set(happening_windows(node, cursor.catalog.settled))
    if len(windows) == 1:
        window = windows.pop()
        length = period(window) if isinstance(window, Absolute | Calendar) else None
        if length is not None:
            unit, n = length
            days = resolve(
                days_moved(window, unit, -n) if isinstance(window, Absolute) else window,
                then := shift(as_of, unit, -n),
                then + (today - as_of),
            )
            cursor.assume("since_period_before", first=str(days.start), last=str(days.end))
            return "previous_period" if isinstance(window, Absolute) and unit == "day" else f"ago {n} {unit}"
    if any(of_units(window, "month") for window in windows):
        cursor.assume("since_month_before", date=shift(as_of, "month", -1).isoformat())
    else:
        cursor.assume("since_month_end")
    return "last month"


def _since(cursor: Cursor, migration: Request, said: str | None) -> Request:
    """客户等级怎么迁移，和去年末比: moves since the time that the turn compares with; without one the last month end is taken, and said."""
    if said is None:
        cursor.assume("since_month_end")
    return replace(migration, detail=said or "last month")


def _may_begin(token: Token) -> bool:
    """A word of comparing or changing, or a time that is one by itself."""
    if token.window is not None:
        return token.window.kind == "compare" or _stretch(token.window)
    return phrase_only(token) and token.phrase(*_THAN, *_WITH, *_FEWER_THAN, *_MOVED) is not None


def _free_before(cursor: Cursor, index: int) -> bool:
    """Whether what stands before in the clause is customers, or nothing: not a tag, an action or an aggregate that the words could be said of. One that is
    compared with a number there has had its say (AUM over 50k compared with last month)."""
    compared = dated = False
    for place in range(index - 1, -1, -1):
        token = cursor.tokens[place]
        if ends(token):
            return not dated
        if token.phrase("change.up", "change.down", "change.doubled", "change.halved") and phrase_only(token):
            return False
        if cursor.kinds[place] == "request" and any(cursor.catalog.tags[meaning.code].axes for meaning in token.of("tag")):
            return True  # 16宫格和上月比: the moves between its cells
        if cursor.kinds[place] == "request" and token.content:
            return False  # 平均AUM和去年同期比 asks for a figure, 按分行看和去年同期比 for one of each branch
        if token.phrase("people", "request.count"):
            return not _figures_before(cursor, place)
        compared = compared or token.comparison is not None
        if token.window is not None and place and cursor.tokens[place - 1].of("action"):
            compared = dated = True  # customers who viewed the loan zone in mid-September compared with …: the action has its own days
        if not compared and (_measured(cursor, token) or token.window is not None):
            return False
    return not dated


def _figures_before(cursor: Cursor, index: int) -> bool:
    """Whether a figure was asked for further ahead in the clause: average AUM of platinum customers compared with …"""
    for place in range(index - 1, -1, -1):
        if ends(cursor.tokens[place]):
            return False
        if cursor.kinds[place] == "request" and cursor.tokens[place].content:
            return True
    return False


def _measured(cursor: Cursor, token: Token) -> bool:
    """Whether it can be said to have risen or fallen by itself: a number, a date or a grade of a customer, what customers did, an aggregate."""
    if token.phrase("people"):
        return False
    tags = [cursor.catalog.tags[meaning.code] for meaning in token.of("tag")]
    return any(tag.type != "flag" for tag in tags) or bool(token.of("action") or token.phrases("aggregate."))


def _end_of(unit: Unit, offset: int, today: date) -> date:
    """The last day of the `offset`-th unit from the one that holds today."""
    return unit_end(shift(unit_start(today, unit), unit, offset), unit)


def _stretch(span: TimeSpan) -> bool:
    """A time up to now, in which something may have changed: 今年以来, since March, over the past three months."""
    match span.window:
        case Rolling() | Calendar(last=0) | Absolute(end=None):
            return span.kind == "window" and not span.future
        case _:
            return False
