"""Which earlier date a segment is compared with, and the rule as it is read then. Law: MEANING.md "Time": 同期 a year back, 环比 the rule's own length or the last
month end; both dates under one definition; what the data cannot say of then is refused by the name of the condition, and nothing is guessed.

A request says the date in one of these words:
    2026-08-31          that day
    2026-08-11..2026-08-20  those days: what the rule counts on given days is counted on these instead, and the data date moves as far; else their last day
    same month 2026-08-01  the days in that unit that lie as far into it as the given days of the rule's windows, or the data date, lie in their own (8月同期); its end for a rule that counts nothing
    ago 3 month         so long before the data date, from the end of a month to the end of one; windows of given days move as far
    last_year           the same day a year earlier; windows of given days move as far
    last month          the end of the last month; where the rule counts what happens in calendar months, a month back: this month by the same elapsed days, a whole month by the one before; on given days that are all later (9月11日以来), the same days a month back;
                        where it counts as many of the latest days as such a unit has (近7天 against last week, 近30天 against last month), as many right before them: no day is in both
                        (of months only where it looks at no tags that change: those of a month end are nearer to what is meant than those of the one before)
    before 14 day       the period before, which must be that long
    lately              previous_period, unless some of the latest days stand out: then these are told instead (`requested.py`)
    previous_period     as far back as the rule's records reach (近30天 = 30 days, 9月 = a month); without records the last month end
Where a rule counts no records, settled dates in a window (近30天开户) are what it counts.

Between two snapshots only records, and who had become a customer or had a settled date by then, are known of the very day. A rule that has any of these is read on the day: with the
customers and settled dates of the first snapshot after it, and other tags as of the last one before. Any other is read on the day of the last snapshot, windows and all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, Element, Tag
from assistant.errors import Severity, Unanswerable, UserError
from assistant.rule.moved import as_long_as, counted_days, days_moved, happening_windows, length_until, moved, of_units, record_windows
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AnyNode,
    ConceptRef,
    Range,
    RankCondition,
    RecordCondition,
    SegmentRule,
    SequenceCondition,
    Snapshot,
    TagComparison,
    TagCondition,
    at,
    walk,
)  # fmt: skip
from assistant.rule.window import (
    Absolute,
    Ago,
    DateSpan,
    Frozen,
    Future,
    Rolling,
    TimeWindow,
    Unit,
    resolve,
    shift,
    snapshot_date,
    unit_end,
    unit_start,
)
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "half_year", "year")
_LAST_THIRD = 21
_OF_DAYS: tuple[Unit, ...] = ("day", "week")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A date before the data date, and how far windows of given days move to be read then (None: they stay)."""

    as_of: date
    unit: Unit | None = None
    n: int = 0


def earlier(rule: ValidatedRule, said: str) -> Earlier:
    """The date that a request's words mean for a rule. UserError `compare_not_earlier`, `compare_which_period`, `compare_other_length`."""
    match said.split():
        case ["last_year"]:
            found = _back(rule, "year", 1)
        case ["previous_period" | "lately"]:
            found = _period_before(rule)
        case ["before", n, unit]:
            found = _as_long_before(rule, _unit(unit), int(n))
        case ["ago", n, unit]:
            found = _back(rule, _unit(unit), int(n))
        case ["same", unit, first]:
            found = _same_days(rule, _unit(unit), date.fromisoformat(first))
        case ["last", unit]:
            found = _last(rule, _unit(unit))
        case [days] if ".." in days:
            found = _stretch(rule, *(date.fromisoformat(day) for day in days.split("..")))
        case [day]:
            found = Earlier(date.fromisoformat(day))
        case _:
            found = _last(rule, "month")
    if found.as_of >= rule.as_of:
        raise UserError("compare_not_earlier", date=found.as_of.isoformat(), last=rule.as_of.isoformat())
    return found


def as_read_then(rule: ValidatedRule, when: Earlier, snapshots: tuple[date, ...], by_tags: bool = False) -> ValidatedRule:
    """The rule at an earlier date, or at the last snapshot before it where no part of the rule is known of the very day (and `by_tags` in any case), for the same identity and purpose, as long before the day the words are said, but in the month as far back as the date
    (本月 on the 31st of March is then in February). Unanswerable, whose param `tag` is
    what the condition in the way is about: `compare_before_snapshots`, `compare_before_history`, `compare_reaches_back`, `compare_window_ahead`, `compare_between_snapshots`, `compare_impossible`. UserError
    `compare_same_days` where all that the rule counts would be counted on the very same days."""
    catalog, then = rule.catalog, when.as_of.isoformat()
    usable = [day for day in snapshots if day <= when.as_of]
    if not usable:
        first = min(snapshots, default=rule.as_of)
        raise Unanswerable("compare_before_snapshots", date=then, since=first.isoformat())
    as_of = when.as_of if not by_tags and _known_of_the_day(rule, when.as_of, snapshots) else max(usable)
    for code, since in _beginnings(rule):
        if since > (max(usable) if code in catalog.tags else as_of):
            raise Unanswerable("compare_before_history", tag=code, date=then, since=since.isoformat())
    node = rule.expanded
    if when.unit is not None:
        node = moved(node, when.unit, when.n, catalog.calendar.holidays)
    today = _said_on(rule, as_of, when)
    verdict = validate(SegmentRule(node=node), catalog, rule.identity, as_of, today, snapshots, rule.purpose, rule.library)
    if isinstance(verdict, ValidatedRule):
        if _days(verdict) and _days(verdict) == _days(rule):
            raise UserError("compare_same_days", date=then)
        if (tag := next(_not_of_then(verdict, when.as_of), None)) is not None:
            raise Unanswerable("compare_between_snapshots", tag=tag, date=then, tags=verdict.snapshot.isoformat())
        if (tag := _against_itself(verdict, rule)) is not None:
            raise Unanswerable("compare_impossible", tag=tag, date=then)
        return verdict
    issue = next((one for one in verdict.issues if one.severity is not Severity.WARN), verdict.issues[0])
    begins, reaches = str(issue.params.get("since", "")), str(issue.params.get("reaches", then))
    if reaches < as_of.isoformat():  # the condition looks back from then, to before the data
        raise Unanswerable("compare_reaches_back", tag=_element(at(node, issue.path)), date=then, reaches=reaches, since=begins)
    raise Unanswerable(_WHY_NOT.get(issue.code, "compare_impossible"), tag=_element(at(node, issue.path)), date=then, since=begins)


_WHY_NOT = {"window_before_history": "compare_before_history", "window_empty": "compare_window_ahead"}


def _known_of_the_day(rule: ValidatedRule, day: date, snapshots: tuple[date, ...]) -> bool:
    """Whether a rule has any part that is known of every day: records, and settled dates in a later snapshot."""
    later = rule.catalog.header.opened_tag is not None and max(snapshots) >= day
    for _, node in walk(rule.expanded):
        match node:
            case RecordCondition() | SequenceCondition():
                return True
            case TagCondition(snapshot=None, operator="within", tag=tag) if later and tag in rule.catalog.settled:
                return True
            case _:
                pass
    return False


def _not_of_then(then: ValidatedRule, day: date) -> Iterator[str]:
    """The date tags whose window looks at days that the tags of then cannot tell of; none where there are tags of the very day."""
    for _, node in walk(then.expanded):
        match node:
            case TagCondition(snapshot=None, operator="within", tag=code, value=window) if then.snapshot != day:
                if isinstance(window, Frozen) and not isinstance(window, Range) and not _told(window, then.catalog.tags[code], then, day):
                    yield code
            case _:
                pass


def _told(window: TimeWindow, tag: Tag, then: ValidatedRule, day: date) -> bool:
    """Whether the tags of then tell if a date fell in a window: a settled one in a later snapshot; any in a length of time that is counted from the tags' day; one in given days that
    were over by then, and so one that seldom changes (where the last of many may have come since)."""
    if tag.type != "date" or (tag.settled and then.people >= then.as_of):
        return True
    if then.as_of == then.snapshot and isinstance(window, Rolling | Ago | Future):
        return True
    if tag.tense != "past":
        return isinstance(window, Absolute)
    end = resolve(window, day, then.today).end
    return end is not None and end <= then.snapshot and (tag.kind != "first_last" or isinstance(window, Absolute))


def _against_itself(then: ValidatedRule, now: ValidatedRule) -> str | None:
    """A tag that the rule compares with its own value at an earlier snapshot, and that would be compared with itself then."""
    for (_, was), (_, is_now) in zip(walk(then.expanded), walk(now.expanded), strict=True):
        if isinstance(was, TagComparison) and isinstance(is_now, TagComparison) and was.left == was.right:
            both, others = _sides(was, then), _sides(is_now, now)
            if both[0] == both[1] and others[0] != others[1]:
                return was.left
    return None


def _sides(node: TagComparison, rule: ValidatedRule) -> tuple[date | None, date | None]:
    """The snapshots that the two sides are read at."""

    def of(asked: Snapshot | None) -> date | None:
        return rule.snapshot if asked is None else snapshot_date(asked.unit, asked.offset, rule.as_of, rule.today, rule.snapshots)

    return of(node.left_snapshot), of(node.right_snapshot)


def days_counted(rule: ValidatedRule) -> tuple[date, date] | None:
    """The days of `rule/moved.py: counted_days`, of a validated rule."""
    return counted_days(rule.expanded, rule.catalog.settled, rule.as_of, rule.today)


def happens_once(then: ValidatedRule, now: ValidatedRule) -> bool:
    """Whether all that a rule counts happens to a customer once (近30天开户), and was counted then on days that are all before those of now: nobody can be in at both dates."""
    if any(isinstance(part, RecordCondition | SequenceCondition) for _, part in walk(now.expanded)):
        return False
    before, after = (tuple(_windows(rule)) for rule in (then, now))
    if len(before) != 1 or len(after) != 1:
        return False
    was, is_now = resolve(before[0], then.as_of, then.today), resolve(after[0], now.as_of, now.today)
    return was.end is not None and is_now.start is not None and was.end < is_now.start


def latest_days(rule: ValidatedRule) -> DateSpan | None:
    """The days up to the data date (近7天) on which a rule counts records, both ends known; None where it counts on no or several stretches of them."""
    windows = set(record_windows(rule.expanded))
    if len(windows) != 1:
        return None
    window = windows.pop()
    span = resolve(window, rule.as_of, rule.today) if isinstance(window, Rolling) else None
    return None if span is None or span.start is None or span.end is None or span.empty else span


def redefined(rule: ValidatedRule, then: date) -> tuple[tuple[str, date], ...]:
    """Concepts and tags of the rule whose present definition took effect after `then`, and when: both dates are read under the present one all the same."""
    used: tuple[Element, ...] = (*_concepts(rule.rule.node, rule.catalog), *_tags(rule))
    return tuple(
        dict.fromkeys(
            (one.code, one.effective_from)
            for one in used
            if one.version > 1 and one.effective_from is not None and one.effective_from > then
        )
    )


def _stretch(rule: ValidatedRule, start: date, end: date) -> Earlier:
    """Given days against given days: so many months back where both ends are, else so many days; against the latest days (近30天) those up to its end, where they are as many.
    UserError `compare_other_length` where they are not as many."""
    windows = _windows(rule)
    if len(windows) == 1:
        (window,) = windows
        if isinstance(window, Absolute) and window.start:
            own = Absolute(start=window.start, end=window.end or rule.as_of)
            months = (window.start.year - start.year) * 12 + window.start.month - start.month
            for unit, n in (("month", months), ("day", (window.start - start).days)):
                found = _back(rule, _unit(unit), n)
                if n > 0 and days_moved(own, _unit(unit), -n) == Absolute(start=start, end=end):
                    return found
            raise _other_length(rule, window, start, end)
        if isinstance(window, Rolling) and not _as_many(window, start, end):
            raise _other_length(rule, window, start, end)
    if any(isinstance(window, Absolute) for window in windows):
        raise UserError("compare_which_period")
    return Earlier(end)


def _as_many(window: Rolling, start: date, end: date) -> bool:
    """Whether days are what people call as long as a window: as many, a unit of a kind (30 days, August), or the end of a month, which is a day (8月底)."""
    days = (end - start).days + 1
    units = (unit for unit in _UNITS if of_units(Absolute(start=start, end=end), unit))
    if (window.unit == "day" and window.n == days) or any(as_long_as(window, unit) for unit in units):
        return True
    return end == unit_end(end, "month") and start.day == _LAST_THIRD and start.month == end.month


def _other_length(rule: ValidatedRule, window: TimeWindow, start: date, end: date) -> UserError:
    """The days of a rule's window and those it was to be compared with, which are not as many."""
    own = resolve(window, rule.as_of, rule.today)
    first, last = own.start or rule.as_of, own.end or rule.as_of
    said = {"own_first": first, "own_last": last, "first": start, "last": end}
    return UserError(
        "compare_other_length",
        own_days=(last - first).days + 1,
        days=(end - start).days + 1,
        **{name: day.isoformat() for name, day in said.items()},
    )


def _back(rule: ValidatedRule, unit: Unit, n: int) -> Earlier:
    return Earlier(_as_far(rule.as_of, unit, -n), unit, -n)


def _as_far(day: date, unit: Unit, n: int) -> date:
    """A day n units away; the end of a month is the end of one there too, as balances are taken."""
    there = shift(day, unit, n)
    return unit_end(there, "month") if unit not in _OF_DAYS and day == unit_end(day, "month") else there


def _said_on(rule: ValidatedRule, as_of: date, when: Earlier) -> date:
    """The day on which the words would have been said: as long after the data date as now, and in the month that lies as far back."""
    day = as_of + (rule.today - rule.as_of)
    if when.unit is None or when.unit in _OF_DAYS:
        return day
    month = shift(unit_start(rule.today, "month"), when.unit, when.n)
    return min(max(day, month), unit_end(month, "month"))


def _last(rule: ValidatedRule, unit: Unit) -> Earlier:
    """The end of the last unit before the data date; for what happens in units of that kind (本月, 上月, 8月) the rule one unit back."""
    windows = _windows(rule)
    end = unit_end(shift(unit_start(rule.today, unit), unit, -1), unit)
    later = bool(windows) and all(isinstance(window, Absolute) and window.start is not None and window.start > end for window in windows)
    if later or any(of_units(window, unit) for window in windows):
        return _back(rule, unit, 1)
    if len(windows) == 1 and (unit in _OF_DAYS or all(tag.settled for tag in _tags(rule))):
        (window,) = windows
        length = as_long_as(window, unit) if isinstance(window, Rolling) else None
        if length is not None:
            return _back(rule, *length)
    return Earlier(end if end < rule.as_of else unit_start(rule.as_of, unit) - timedelta(days=1))


def _same_days(rule: ValidatedRule, unit: Unit, first: date) -> Earlier:
    """As many units back as a unit that begins with `first` is before the one of the rule's given days, or of the data date. UserError `compare_not_earlier`."""
    windows = _windows(rule)
    if not windows and unit != "year":
        return Earlier(unit_end(first, unit))
    starts = {window.start for window in windows if isinstance(window, Absolute) and window.start is not None}
    own, n = unit_start(min(starts, default=rule.as_of), unit), 0
    while shift(own, unit, -n) > first:
        n += 1
    if not n:
        raise UserError("compare_not_earlier", date=first.isoformat(), last=rule.as_of.isoformat())
    return _back(rule, unit, n)


def _windows(rule: ValidatedRule) -> frozenset[TimeWindow]:
    """The windows in which what a rule counts happens."""
    return happening_windows(rule.expanded, rule.catalog.settled)


def _period_before(rule: ValidatedRule) -> Earlier:
    """As far back as what the rule counts reaches. Windows of several lengths have no period of their own. UserError `compare_which_period`."""
    windows = set(_windows(rule))
    if not windows:
        return _last(rule, "month")
    if len(windows) > 1:
        raise UserError("compare_which_period")
    length = length_until(windows.pop(), rule.as_of)
    if length is None:
        raise UserError("compare_which_period")
    return _back(rule, *length)


def _as_long_before(rule: ValidatedRule, unit: Unit, n: int) -> Earlier:
    """The period before, where it is as long as was said. UserError `compare_no_period`, `compare_which_period`, `compare_other_length`."""
    found = _period_before(rule)
    if found.unit is None:
        raise UserError("compare_no_period")
    if shift(rule.as_of, found.unit, found.n) != shift(rule.as_of, unit, -n):
        (window,) = _windows(rule)
        first = resolve(window, rule.as_of, rule.today).start or rule.as_of
        raise _other_length(rule, window, shift(first, unit, -n), first - timedelta(days=1))
    return found


def _days(rule: ValidatedRule) -> list[tuple[date | None, date | None]]:
    """The days on which a rule counts records, in the order of its conditions."""
    spans = (resolve(window, rule.as_of, rule.today) for window in record_windows(rule.expanded))
    return [(span.start, span.end) for span in spans]


def _unit(said: str) -> Unit:
    return next(unit for unit in _UNITS if unit == said)


def _beginnings(rule: ValidatedRule) -> Iterator[tuple[str, date]]:
    """The elements of a rule with the day their data begin: record sets, and tags that came later than the others."""
    for tag in _tags(rule):
        if tag.effective_from is not None and tag.version == 1:
            yield tag.code, tag.effective_from
    for _, node in walk(rule.expanded):
        match node:
            case RecordCondition(records=code):
                codes: tuple[str, ...] = (code,)
            case SequenceCondition(first=first, then=then):
                codes = (first.records, then.records)
            case _:
                codes = ()
        for code in codes:
            since = rule.catalog.records[code].history_from
            if since is not None:
                yield code, since


def _tags(rule: ValidatedRule) -> Iterator[Tag]:
    for _, node in walk(rule.expanded):
        for code in _tag_codes(node):
            yield rule.catalog.tags[code]


def _tag_codes(node: AnyNode) -> tuple[str, ...]:
    match node:
        case TagCondition(tag=tag) | RankCondition(tag=tag):
            return (tag,)
        case TagComparison(left=left, right=right):
            return (left, right)
        case _:
            return ()


def _concepts(node: AnyNode, catalog: TagCatalog) -> Iterator[Concept]:
    """The concepts a rule uses, and those they use."""
    for _, part in walk(node):
        if isinstance(part, ConceptRef):
            concept = catalog.concepts[part.concept]
            yield concept
            given = {name: parameter.default for name, parameter in concept.parameters.items()} | dict(part.parameters)
            meant = concept.negation if part.negated and concept.negation is not None else concept.rule
            yield from _concepts(node_from_short(substitute(meant, given)), catalog)


def _element(node: AnyNode) -> str:
    """The code of what a condition is about; none for a condition of conditions."""
    match node:
        case RecordCondition(records=code):
            return code
        case SequenceCondition(first=first):
            return first.records
        case _:
            return next(iter(_tag_codes(node)), "")
