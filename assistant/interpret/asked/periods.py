"""What a segment is compared with in time: 和去年同期比, 比上个月多了还是少了, compared with three months ago. Law: the words stand together, to the end of a clause, and
say nothing of a tag: "AUM比上月末降了30%的客户" is a condition, and "登录次数比上月多了多少" asks for a figure; neither is taken here.

The date is handed on in the words of `insight/periods.py`; what it comes to depends on the rule, and is shown in the answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from assistant.catalog.model import Text
from assistant.interpret.clauses import ends, phrase_only, skip
from assistant.interpret.cursor import Cursor
from assistant.interpret.edits.pointing import conditions
from assistant.interpret.edits.preceding import preceding_at
from assistant.interpret.edits.timing import Times
from assistant.interpret.interpretation import Request
from assistant.interpret.lexer import Token
from assistant.interpret.month_ends import last_third_said
from assistant.language.phrases import phrases_of
from assistant.language.times import TimeSpan
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.edits import apply
from assistant.rule.moved import days_moved, happening_windows, length_until, of_units
from assistant.rule.tree import SegmentRule
from assistant.rule.window import Absolute, Ago, Calendar, Rolling, Unit, resolve, shift, unit_end, unit_start

_THAN = ("change.than", "connective.and")
_WITH = ("request.compare", "request.compared_with")
"""Words that compare by themselves: with them a time is enough."""
_FEWER_THAN = ("order.<_prefix", "order.>_prefix")
_CHANGED = ("request.difference", "request.moved")
_MOVED = (*_CHANGED, "change.up", "change.down", "change.more", "change.less")
_BETWEEN = ("ignored", "is", "have", "edit.pronoun")
_UNUSUAL = "request.unusual"
"""变多了吗: behind a time it is compared with, no question of its own."""
_SAME_DAYS = "request.same_days"
_OF_THEN = (_SAME_DAYS, "request.those_of", "people", "those", "sequence.of")
"""The customers of then: compare them with the visitors of the same days in August, 和上月同期的客户比."""
_UNITS: tuple[Unit, ...] = ("month", "quarter", "half_year", "year")
_ASKING = ("edit.what_about_after", "request.how_so")
_FORTNIGHT = 14
_FROM = ("from ", "on ", "since ")
"""up on last month, down from last month: the word that compares is part of the time."""
_AROUND = (*_BETWEEN, "connective.or", "request.count", "request.how_so", "request.why", "edit.what_about_after")


def read_compare(cursor: Cursor, index: int, of_figure: bool = False) -> tuple[Request, int] | None:
    """Words of comparing and a time from `index` on, to the end of the clause: the request, and where it ends. `of_figure`: a figure was asked for before, and may be what is compared."""
    tokens = cursor.tokens
    if not _may_begin(tokens[index]) or not _free_before(cursor, index, of_figure):
        return None
    return _this_against_last(cursor, index) or _compared(cursor, index)


def _this_against_last(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """这个月比上月多了还是少了, this month compared with last month: the unit that is now is where the segment stands. Where the segment has days of its own, they may as well
    be meant to be those of the unit; the word is then left to be read as their time."""
    rule, place = cursor.context.rule, skip(cursor, index + 1, "ignored")
    if not _is_now(cursor.tokens[index]) or place == len(cursor.tokens) or any(token.of("action") for token in cursor.tokens):
        return None
    point = cursor.checkpoint()
    found = _compared(cursor, place) if _may_begin(cursor.tokens[place]) else None
    if found is None or rule is None or _in_this_unit(cursor, rule, index) is None:
        return found
    cursor.restore(point)
    quote = cursor.quote(index, index + 1)
    words = cursor.words(quote)
    labels = (
        Text(zh="客群的时间不变，和之前比", en="the segment with its own days, against those before"),
        Text(zh=f"客群的时间改为“{words}”，再和之前比", en=f"the segment of “{words}”, against the time before"),
    )
    cursor.choose(_of_unit(rule), quote, "compare_now", {"words": words}, labels)
    return _compared(cursor, place)


def _of_unit(rule: SegmentRule) -> str:
    """What the doubt is called whether a segment stays as it is where it is compared "this month"."""
    return f"now {fingerprint(rule.node)[:8]}"


def set_to_unit(cursor: Cursor, rule: SegmentRule) -> SegmentRule | None:
    """The segment in the unit that it is compared from, where that was chosen (`_this_against_last`)."""
    for index, token in enumerate(cursor.tokens):
        key = f"{_of_unit(rule)}:{cursor.words(cursor.quote(index, index + 1)).casefold()}"
        if _is_now(token) and cursor.kinds[index] == "request" and cursor.context.choices.get(key) == 1:
            return _in_this_unit(cursor, rule, index)
    return None


def _in_this_unit(cursor: Cursor, rule: SegmentRule, index: int) -> SegmentRule | None:
    """The segment with the one time it has set to the unit at a token (这个月); None where it has none, has several, or that very one."""
    span = cursor.tokens[index].window
    changes = [] if span is None else Times(cursor, rule).timed(conditions(rule), span, None, (cursor.quote(index, index + 1),))
    changed = apply(rule, changes[0][1]) if len(changes) == 1 else None
    return None if changed is None or canonical(changed.node) == canonical(rule.node) else changed


def _is_now(token: Token) -> bool:
    """这个月, this year: a calendar unit that is not over."""
    span = token.window
    window = span.window if span is not None and span.kind == "window" and not token.content else None
    return isinstance(window, Calendar) and (window.first, window.last) == (0, 0) and window.unit != "day"


def _compared(cursor: Cursor, index: int) -> tuple[Request, int] | None:
    """The words of comparing and the time from `index` on, whatever stands before them."""
    tokens = cursor.tokens
    lead = _run(cursor, index, (*_THAN, *_WITH, *_FEWER_THAN, *_MOVED, *_AROUND, *_OF_THEN))
    place = index + len(lead)
    while place > index and tokens[place - 1].phrase(_SAME_DAYS):
        place -= 1
    lead = lead[: place - index]
    time, span = read_time(cursor, place) or _ahead(cursor, place), _span(cursor, place)
    if time is None or span is None:
        return None
    said, last = time
    tail = _run(cursor, last, (*_THAN, *_WITH, *_MOVED, *_AROUND, *_OF_THEN, _UNUSUAL))
    after = last + len(tail)
    if after < len(tokens) and not ends(tokens[after]):
        return None
    compares = _any(lead, *_WITH) or _any(tail, *_WITH, "change.than")
    apart = _moved_before(cursor, index)
    moved = apart is not None or _any((*lead, *tail), *_MOVED, *_FEWER_THAN)
    changed = _any((*lead, *tail), *_CHANGED)
    asks = _any(tail, *_ASKING) and _any(lead, "change.than")  # 比上个月呢, 比前一个月怎么样
    if (
        (span.kind == "compare" and span.window is None)
        or compares
        or (moved and (_any(lead, *_THAN, *_FEWER_THAN) or tokens[place].text.startswith(_FROM)))
        or (changed and _stretch(span))
        or asks
    ):
        _mark_lead(cursor, index if apart is None else apart)
        if apart is not None:
            cursor.mark(apart, apart + 1, "request")
        return Request("compare", detail=said), after
    return None


def read_time(cursor: Cursor, index: int) -> tuple[str, int] | None:
    """A time to compare with from `index` on, in the words of `insight/periods.py`, and where it ends: 上月, 8月同期, the same days in August. With 同期 a
    whole unit (8月) means the days in it that the segment names in its own. None where there is no earlier time."""
    tokens, context, span = cursor.tokens, cursor.context, _span(cursor, index)
    before = _right_before(cursor, index) if index < len(tokens) else None
    if before is not None or span is None:
        return before
    place = _begins(cursor, index)
    behind = skip(cursor, place + 1, "ignored")
    same = behind < len(tokens) and not tokens[behind].content and tokens[behind].text in phrases_of(_SAME_DAYS)
    unit = _unit_said(span, context.today) if place > index or same else None
    said = date_said(span, context.as_of, context.today) if unit is None else f"same {unit[0]} {unit[1].isoformat()}"
    return None if said is None else (said, behind + 1 if same else place + 1)


def _right_before(cursor: Cursor, index: int) -> tuple[str, int] | None:
    """前一周, the week before, of a segment that is counted on given days: right before these, not before today."""
    rule, said = cursor.context.rule, preceding_at(cursor, index)
    windows = () if rule is None else happening_windows(cursor.catalog.expand_all(rule.node), cursor.catalog.settled)
    given = bool(windows) and all(isinstance(one, Absolute) and one.end is not None for one in windows)
    return (f"before {said.n} {said.unit}", said.last) if said is not None and given and not said.either else None


def _ahead(cursor: Cursor, index: int) -> tuple[str, int] | None:
    """明年, next month: the last day of a calendar unit to come, which nothing is compared with yet; the answer says that of this date."""
    span = _span(cursor, index)
    match None if span is None else span.window:
        case Calendar(unit=unit, first=first, last=last) if first == last > 0:
            return unit_end(shift(cursor.context.today, unit, first), unit).isoformat(), _begins(cursor, index) + 1
        case _:
            return None


def _begins(cursor: Cursor, index: int) -> int:
    """Where the time itself stands: behind the same days in, or at once."""
    place = skip(cursor, index, _SAME_DAYS, "ignored", "circumstance")
    return place if any(token.phrase(_SAME_DAYS) for token in cursor.tokens[index:place]) else index


def _span(cursor: Cursor, index: int) -> TimeSpan | None:
    """The time said from `index` on; None where none is, or the word is something of the catalog as well."""
    place = _begins(cursor, index)
    token = cursor.tokens[place] if place < len(cursor.tokens) else None
    return None if token is None or token.content or token.comparison is not None else token.window


def _unit_said(span: TimeSpan, today: date) -> tuple[Unit, date] | None:
    """The calendar unit that a time is, and its first day: 8月, 上季度, 2025年; None for any other stretch."""
    match span.window:
        case Calendar(unit=unit, first=first, last=last) if span.kind == "window" and first == last < 0 and unit != "day":
            return unit, unit_start(shift(today, unit, first), unit)
        case Absolute(start=date() as start) if span.kind == "window" and not span.future:
            return next(((unit, start) for unit in _UNITS if of_units(span.window, unit)), None)
        case _:
            return None


def _moved_before(cursor: Cursor, index: int) -> int | None:
    """Where fewer stands in "fewer platinum customers than last month": apart from than, in the same clause."""
    place = index - 1
    while place >= 0 and not ends(cursor.tokens[place]):
        token = cursor.tokens[place]
        if (
            phrase_only(token)
            and token.phrase(*_CHANGED, "request.which_more", "change.more", "change.less")
            and cursor.kinds[place] == "unread"
        ):
            return place
        place -= 1
    return None


def _mark_lead(cursor: Cursor, index: int) -> None:
    """has it gone up since …: the words in front that only point at the segment."""
    place = index - 1
    while place >= 0 and phrase_only(cursor.tokens[place]) and cursor.tokens[place].phrase("edit.pronoun", "have", "is", "ignored"):
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
    if isinstance(window, Calendar) and span.kind == "compare":
        return f"last {window.unit}" if window.unit != "year" else "last_year"
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
        case Calendar(unit=unit, first=first, last=-1) if first < -1:
            return f"before {-first} {unit}"  # 和之前14天比: as many days right before those of the segment
        case Calendar(unit=unit, first=0, last=0) if unit != "day":
            return (unit_start(today, unit) - timedelta(days=1)).isoformat()
        case Absolute(start=date() as start, end=date() as end) if end < as_of:
            return end.isoformat() if start == end else f"{start.isoformat()}..{end.isoformat()}"
        case Absolute(start=date() as start, end=None) if last_third_said(span, start) and unit_end(start, "month") < as_of:
            return unit_end(start, "month").isoformat()  # since the end of June, 从8月底: its last day, not the first of its last third
        case Absolute(start=date() as start, end=None):
            return (start - timedelta(days=1) if start.day == 1 else start).isoformat()
        case _:
            return None


def one_comparison(cursor: Cursor, requests: tuple[Request, ...], rule: SegmentRule | None, changed: bool) -> tuple[Request, ...]:
    """为什么比上个月少了 asks once: why, with the time that was said; without one the days before those the rule names, else the last month end is taken, and said.
    Moves whose time was not said have that of the comparison beside them. A grid compared with another date shows the moves between its cells, also
    where it was asked for before and this turn says nothing but the date (`changed`: it says more)."""
    requests = _figures_compared(cursor, requests, changed)
    said = next((request.detail for request in requests if request.kind == "compare"), None)
    before = cursor.context.asked if not changed and len(requests) == 1 else ()
    cells = next((one for one in (*requests, *before) if one.kind == "grid" and one.code and cursor.catalog.tags[one.code].axes), None)
    if said is not None and cells is not None and all(one.kind != "migration" for one in requests):
        requests = tuple(Request("migration", cells.code, detail=said) if one.kind == "compare" else one for one in requests)
    requests = tuple(_since(cursor, one, said) if one.kind == "migration" and one.code and not one.detail else one for one in requests)
    if all(request.kind != "why_changed" for request in requests):
        return requests
    figures = () if said is not None or changed else figures_discussed(cursor)
    if figures:
        return (*(one for one in requests if one.kind != "why_changed"), *figures)
    detail = said or (None if changed else _discussed(cursor)) or _unsaid(cursor, rule)
    why = tuple(replace(one, claimed=_claimed(cursor), detail=detail) if one.kind == "why_changed" else one for one in requests)
    return tuple(one for one in why if one.kind != "compare")


def _figures_compared(cursor: Cursor, requests: tuple[Request, ...], changed: bool) -> tuple[Request, ...]:
    """A figure and a date to compare with, said in one turn or the date alone behind the figure, ask for the figure then and now; the number of customers is compared beside it where that is
    said as well (多了多少人)."""
    said = next((request.detail for request in requests if request.kind == "compare"), None)
    if said is None:
        return requests
    before = cursor.context.asked if not changed and len(requests) == 1 else ()
    own = tuple(one for one in requests if one.kind == "metric" and one.detail != "share")
    figures = own or tuple(one for one in before if one.kind == "metric_then" or (one.kind == "metric" and one.detail != "share"))
    others = tuple(one for one in requests if one not in own)
    heads = any(
        token.phrase("people")
        and (
            (cursor.kinds[place] == "request" and not _whose(cursor, place))
            or (place > 0 and cursor.tokens[place - 1].phrase("request.difference"))
        )
        for place, token in enumerate(cursor.tokens)
    )
    if not figures or (heads and not own):
        return requests
    kept = (
        others
        if heads or any(one.kind in ("count", "why_changed") for one in others)
        else tuple(one for one in others if one.kind != "compare")
    )
    return (*kept, *(figure_compared(one, said) for one in figures))


def _whose(cursor: Cursor, place: int) -> bool:
    """The customers of "average AUM of platinum customers": whose the figure is, said behind a condition."""
    return place > 0 and cursor.tokens[place - 1].content and cursor.kinds[place - 1] != "request"


def figure_compared(figure: Request, date_words: str) -> Request:
    """A figure at a date (in the words of `insight/periods.py`) and now."""
    function = figure.detail if figure.kind == "metric" else figure.level
    return Request("metric_then", figure.code, function, date_words)


def _discussed(cursor: Cursor) -> str | None:
    """The time that the last answer compared with: 为什么少了 behind it asks of that very change."""
    found = next((one.detail for one in cursor.context.asked if one.kind == "compare"), None)
    if found is not None:
        cursor.assume("why_by_traits")
    return found


def figures_discussed(cursor: Cursor) -> tuple[Request, ...]:
    """Why, behind a figure then and now: the figure again, whose same customers tell what is theirs and what is of who came and went, and who did; that no more can be told of it is stated.
    Nothing behind any other answer."""
    figures = tuple(one for one in cursor.context.asked if one.kind == "metric_then")
    if not figures:
        return ()
    cursor.assume("why_of_figure")
    return (*figures, Request("compare", detail=figures[0].detail))


def _claimed(cursor: Cursor) -> Literal["", "up", "down"]:
    """Which way the words of a question why say that the number went: "up", "down", or neither where they say both or none (多了还是少了)."""
    said = " ".join(token.text for place, token in enumerate(cursor.tokens) if cursor.kinds[place] == "request")
    up, down = (any(_says(said, word) for word in phrases_of(f"claim.{way}")) for way in ("up", "down"))
    return "" if up == down else "up" if up else "down"


def _says(said: str, word: str) -> bool:
    return f" {word} " in f" {said} " if word.isascii() else word in said


def _unsaid(cursor: Cursor, rule: SegmentRule | None) -> str:
    """What a change is measured against where nothing was said, and the assumption with its very days: for all that happened on the same given days (9月中旬) as many
    days before, for the latest so many days as many before those (no day is on both sides), where no time was said at all the days that stand out if there are any; for one calendar unit
    or whole months (本月, 9月) the same part of those before; else a month back where the rule counts by months, or the last month end."""
    as_of, today = cursor.context.as_of, cursor.context.today
    node = None if rule is None else cursor.catalog.expand_all(rule.node)
    windows = set() if node is None else set(happening_windows(node, cursor.catalog.settled))
    if len(windows) == 1:
        window = windows.pop()
        length = length_until(window, as_of) if isinstance(window, Absolute | Calendar | Rolling) else None
        if length is not None:
            unit, n = length
            days = resolve(
                days_moved(window, unit, -n) if isinstance(window, Absolute) else window,
                then := shift(as_of, unit, -n),
                then + (today - as_of),
            )
            start, end = str(days.start), str(days.end or then)
            if isinstance(window, Rolling) and _no_days_said(cursor):
                first = as_of - timedelta(days=_FORTNIGHT - 1)
                cursor.assume("since_unusual", first=start, last=end, example_first=str(first), example_last=str(as_of))
                return "lately"
            cursor.assume("since_period_before", first=start, last=end)
            rolling = isinstance(window, Rolling) or (isinstance(window, Absolute) and unit == "day")
            return "previous_period" if rolling else f"ago {n} {unit}"
    if any(of_units(window, "month") for window in windows):
        cursor.assume("since_month_before", date=shift(as_of, "month", -1).isoformat())
    else:
        cursor.assume("since_month_end")
    return "last month"


def _no_days_said(cursor: Cursor) -> bool:
    """Whether the days that are counted are those of the record set itself: no time was said of them, or lately and no more."""
    lately = (token.window for token in cursor.tokens if token.window is not None)
    return any(one.code == "default_window" for one in cursor.assumptions) or any(
        span.kind == "window" and span.window is None for span in lately
    )


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


def _free_before(cursor: Cursor, index: int, of_figure: bool = False) -> bool:
    """Whether what stands before in the clause is customers, or nothing: not a tag, an action or an aggregate that the words could be said of. One that is
    compared with a number there has had its say (AUM over 50k compared with last month)."""
    compared = dated = False
    for place in range(index - 1, -1, -1):
        token = cursor.tokens[place]
        if ends(token):
            return not dated
        if _is_now(token):
            continue
        if token.phrase("change.up", "change.down", "change.doubled", "change.halved") and phrase_only(token):
            return False
        if cursor.kinds[place] == "request" and any(cursor.catalog.tags[meaning.code].axes for meaning in token.of("tag")):
            return True  # 16宫格和上月比: the moves between its cells
        if cursor.kinds[place] == "request" and token.content:
            return of_figure  # 平均AUM和去年同期比 asks for a figure, 按分行看和去年同期比 for one of each branch
        if token.phrase("people", "request.count"):
            return of_figure or not _figures_before(cursor, place)
        compared = compared or token.comparison is not None
        if token.window is not None and place and cursor.tokens[place - 1].of("action"):
            compared = dated = True  # customers who viewed the loan zone in mid-September compared with …: the action has its own days
        if not compared and (_measured(cursor, token) or token.window is not None or (place == index - 1 and _balance(cursor, place))):
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
    words = [cursor.catalog.ambiguous[meaning.number] for meaning in token.of("ambiguous")]
    doubtful = any(reading.tag is not None for word in words for reading in word.readings)  # 余额: whichever it is
    return doubtful or any(tag.type != "flag" for tag in tags) or bool(token.of("action") or token.phrases("aggregate."))


def _balance(cursor: Cursor, place: int) -> bool:
    """理财 of 理财比年初减少的: a product named by itself, whose balance it is that moved; of 持有理财 it is its customers."""
    tags = [cursor.catalog.tags[meaning.code] for meaning in cursor.tokens[place].of("hold")]
    had = place > 0 and cursor.tokens[place - 1].phrase("have") is not None
    return not had and any(tag.numeric for tag in tags)


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
