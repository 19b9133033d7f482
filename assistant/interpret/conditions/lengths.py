"""Lengths of time: what 90天 or a window is in days. Law: pure arithmetic on units, no dates."""

from __future__ import annotations

from assistant.language.comparisons import Comparison
from assistant.rule.window import Ago, Calendar, Rolling, TimeWindow

_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "half_year": 184, "year": 366}
_LONGEST_DAYS = 36500
"""A century: what is longer is no length people mean."""
_UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


def length_window(comparison: Comparison) -> Rolling | None:
    """90天, 超过90天, three months: the window of that length; None for anything else."""
    unit = _UNITS.get(comparison.unit or "")
    value = comparison.value
    if unit is None or value is None or comparison.operator not in (None, ">", ">=", "=") or value != int(value) or value < 1:
        return None
    if value * _LONGEST[unit] > _LONGEST_DAYS:
        return None
    return Rolling.model_validate({"unit": unit, "n": int(value)})


def rolling_days(window: TimeWindow) -> int | None:
    if isinstance(window, Rolling) and window.unit in ("day", "week"):
        return window.n * (7 if window.unit == "week" else 1)
    return None


def longest_days(window: TimeWindow | None) -> int | None:
    """Days of exposure a window asks for; months and longer by their longest length."""
    if isinstance(window, Calendar) and window.last <= 0:
        return (1 - window.first) * _LONGEST[window.unit]
    if isinstance(window, Rolling):
        return window.n * _LONGEST[window.unit]
    return None


def elapsed_window(comparison: Comparison) -> Ago | Rolling | None:
    """How long ago a past date is: 满一年 is a year ago or earlier, 不到90天 within the last 90 days. None for a bare length or a fraction."""
    unit = _UNITS.get(comparison.unit or "")
    value = comparison.value
    if unit is None or value is None or value != int(value) or value < 1:
        return None
    if comparison.operator in (">", ">="):
        return Ago.model_validate({"unit": unit, "nearest": int(value)})
    if comparison.operator in ("<", "<="):
        return Rolling.model_validate({"unit": unit, "n": int(value)})
    return None


def within_window(comparison: Comparison) -> Rolling | None:
    """within 30 days, 30天以内 said of an action: the window of that length, not a number of days."""
    unit = _UNITS.get(comparison.unit or "")
    value = comparison.value
    if unit is None or value is None or comparison.operator not in ("<", "<=") or value != int(value) or value < 1:
        return None
    return Rolling.model_validate({"unit": unit, "n": int(value)})
