"""The same rule as of another time. Law: a relative window is never touched, since it moves with the date it is resolved at; a window of given days moves only
as far as a comparison says (同期 moves 9月中旬 to last year's), and a holiday to its own days of that year (春节 is compared with 春节)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AnyNode,
    Filter,
    Range,
    RecordCondition,
    Records,
    SequenceCondition,
    TagCondition,
    Value,
    children,
    walk,
    with_children,
)  # fmt: skip
from assistant.rule.window import (
    EARLIEST,
    Absolute,
    Ago,
    Calendar,
    Frozen,
    Rolling,
    Shifted,
    TimeWindow,
    Unit,
    before,
    resolve,
    shift,
    unit_end,
    unit_start,
    without_start,
)  # fmt: skip

HolidayDays = Mapping[str, Sequence[date]]
"""Days off by holiday and year: "spring_2026" -> its days, in any order."""
_SPOKEN_DAYS: Mapping[Unit, int] = {"week": 7, "month": 30, "quarter": 90, "half_year": 180, "year": 365}
"""As many days as people call a unit: the last 30 days are a month."""
Move = Callable[[TimeWindow], TimeWindow]


def moved(node: AnyNode, unit: Unit, n: int, holidays: HolidayDays) -> AnyNode:
    """The rule with every window of given days moved by n units (negative = earlier)."""

    def move(window: TimeWindow) -> TimeWindow:
        if isinstance(window, Shifted) and isinstance(window.base, Absolute):
            return window.model_copy(update={"base": days_moved(window.base, unit, n)})
        if not isinstance(window, Absolute):
            return window
        return (_same_holiday(window, n, holidays) if unit == "year" else None) or days_moved(window, unit, n)

    return _with_windows(node, move)


def could_throughout(exposure: Mapping[str, Any], window: TimeWindow | None) -> AnyNode | None:
    """Who could have done it all through a window: the catalog's `exposure`, with its "ago $days day" the time before the window's first day. Without a window who
    could by the data date, through all the time up to a day who could by that day; None where the window has no first day of its own."""
    earlier = Ago(nearest=0) if window is None else window if without_start(window) else before(window)
    if earlier is None:
        return None
    return _with_windows(node_from_short(substitute(exposure, {"days": 0})), lambda own: earlier if isinstance(own, Ago) else own)


def with_records_of(node: AnyNode, other: AnyNode) -> AnyNode | None:
    """The tag conditions of one rule with the record conditions of another built alike; None where they are not built alike."""
    if isinstance(node, RecordCondition | SequenceCondition):
        return other if type(other) is type(node) else None
    mine, theirs = children(node), children(other)
    if type(node) is not type(other) or len(mine) != len(theirs):
        return None
    both = [with_records_of(one, another) for one, another in zip(mine, theirs, strict=True)]
    found = tuple(one for one in both if one is not None)
    return with_children(node, found) if len(found) == len(both) else None


def _with_windows(node: AnyNode, move: Move) -> AnyNode:
    match node:
        case TagCondition():
            return node.model_copy(update={"value": _value(node.value, move)})
        case RecordCondition():
            return node.model_copy(update={"value": _value(node.value, move), **_where_and_when(node, move)})
        case SequenceCondition(first=first, then=then):
            sides = {name: side.model_copy(update=_where_and_when(side, move)) for name, side in (("first", first), ("then", then))}
            return node.model_copy(update=sides)
        case _:
            below = children(node)
            return with_children(node, tuple(_with_windows(child, move) for child in below)) if below else node


def _where_and_when(records: Records | RecordCondition, move: Move) -> dict[str, object]:
    filters: tuple[Filter, ...] = tuple(one.model_copy(update={"value": _value(one.value, move)}) for one in records.filters)
    return {"filters": filters, "window": None if records.window is None else move(records.window)}


def _value(value: Value, move: Move) -> Value:
    return move(value) if isinstance(value, Frozen) and not isinstance(value, Range) else value


def days_moved(window: Absolute, unit: Unit, n: int) -> Absolute:
    """Both ends moved, month ends clamped; whole months stay whole (as `Shifted` says)."""
    start = None if window.start is None else shift(window.start, unit, n)
    end = None if window.end is None else shift(window.end, unit, n)
    months = window.start is None or window.start == unit_start(window.start, "month")
    if (
        end is not None
        and window.end is not None
        and months
        and unit not in ("day", "week")
        and window.end == unit_end(window.end, "month")
    ):
        end = unit_end(end, "month")
    return Absolute(start=start, end=end)


def period(window: TimeWindow) -> tuple[Unit, int] | None:
    """How long a window is, as the step to the one before it: whole months are months whatever their days; None for a window without two ends."""
    match window:
        case Rolling(unit=unit, n=n):
            return unit, n
        case Calendar(unit=unit, first=first, last=last) if first > EARLIEST:
            return unit, last - first + 1
        case Absolute(start=date() as start, end=date() as end):
            if start == unit_start(start, "month") and end == unit_end(end, "month"):
                return "month", (end.year - start.year) * 12 + end.month - start.month + 1
            return "day", (end - start).days + 1
        case _:
            return None


def as_long_as(window: TimeWindow, unit: Unit) -> tuple[Unit, int] | None:
    """How long a window is, where that is what people call a unit of a kind: 7 days a week, 30 days a month; None for any other."""
    length = period(window)
    return length if length is not None and (length == (unit, 1) or length == ("day", _SPOKEN_DAYS.get(unit))) else None


def length_until(window: TimeWindow, as_of: date) -> tuple[Unit, int] | None:
    """The same of a window that may run up to the data date (9月11日以来)."""
    until = isinstance(window, Absolute) and window.end is None and window.start is not None
    return period(window.model_copy(update={"end": as_of}) if until else window)


def record_windows(node: AnyNode) -> Iterator[TimeWindow]:
    """The windows in which a rule counts records, in the order of its conditions; of a sequence that of what came first."""
    for _, part in walk(node):
        match part:
            case RecordCondition(window=window) if window is not None:
                yield window
            case SequenceCondition(first=first) if first.window is not None:
                yield first.window
            case _:
                pass


def happening_windows(node: AnyNode, settled: Container[str]) -> frozenset[TimeWindow]:
    """The windows in which what a rule counts happens: those of its records; without records those with both ends of its `settled` dates (近30天开户), which happen once."""
    windows = frozenset(record_windows(node))
    if windows or any(isinstance(part, RecordCondition | SequenceCondition) for _, part in walk(node)):
        return windows
    dates = (part.value for _, part in walk(node) if isinstance(part, TagCondition) and part.snapshot is None and part.tag in settled)
    return frozenset(value for value in dates if isinstance(value, Rolling | Calendar | Absolute) and period(value) is not None)


def counted_days(node: AnyNode, settled: Container[str], as_of: date, today: date) -> tuple[date, date] | None:
    """The first and last day of the one stretch of given days or calendar units (9月中旬, 上月) on which a rule counts what happens; None where that stretch ends with
    the data date, or there are several."""
    windows = happening_windows(node, settled)
    if len(windows) != 1:
        return None
    (window,) = windows
    span = resolve(window, as_of, today) if isinstance(window, Absolute | Calendar) else None
    return None if span is None or span.start is None or span.end is None else (span.start, span.end)


def of_units(window: TimeWindow, unit: Unit) -> bool:
    """Whether a window is one or more calendar units of a kind, said as such or by their dates."""
    match window:
        case Calendar(unit=own):
            return own == unit
        case Absolute(start=date() as start, end=date() as end):
            return unit != "day" and start == unit_start(start, unit) and end == unit_end(start, unit)
        case _:
            return False


def _same_holiday(window: Absolute, years: int, holidays: HolidayDays) -> Absolute | None:
    """The days off of the same holiday so many years on, where the window is just the days off of one."""
    for key, days in holidays.items():
        name, _, year = key.rpartition("_")
        if days and (min(days), max(days)) == (window.start, window.end) and year.isdigit():
            other = holidays.get(f"{name}_{int(year) + years}")
            return Absolute(start=min(other), end=max(other)) if other else None
    return None
