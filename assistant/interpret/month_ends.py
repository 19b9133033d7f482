"""The end of a month as a point of time: 6月末, June 30, since the end of June. Law: what somebody had or was is known at a month end; what happens has days, and keeps them."""

from __future__ import annotations

from datetime import date

from assistant.language.time_words import TimeSpan
from assistant.rule.tree import Snapshot
from assistant.rule.window import Absolute, unit_end

_LAST_THIRD = 21
_MOST_MONTHS = 60


def month_end_said(span: TimeSpan, today: date) -> Snapshot | None:
    """6月末, 6月底, June 30, since the end of June: the end of a month that is over, as a point at which what somebody had is known; None for any other time."""
    match span.window if span.kind == "window" else None:
        case Absolute(start=date() as start, end=end) if last_third_said(span, start) and end in (None, unit_end(start, "month")):
            day = unit_end(start, "month")
        case Absolute(start=date() as start, end=end) if end in (None, start) and start == unit_end(start, "month"):
            day = start
        case _:
            return None
    months = (today.year - day.year) * 12 + today.month - day.month
    return Snapshot(unit="month", offset=-months) if 0 < months <= _MOST_MONTHS else None


def last_third_said(span: TimeSpan, start: date) -> bool:
    """Whether the words said a third of a month without its days (8月底), and it is the last one: since the 21st names a day."""
    return span.assumption == "third_of_month" and start.day == _LAST_THIRD
