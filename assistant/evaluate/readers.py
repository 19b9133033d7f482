"""Measures the readers of numbers and times on phrases written by others. Law: only measures; conventions that differ from ours are counted apart.

The file is JSON lines: kind (number, percent, money, range, period), lang, text, span inside it, and value, interval, or start, end and as_of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from assistant.language.comparisons import Comparison, read_comparisons
from assistant.language.numbers import Quantity, read_quantities
from assistant.language.text import normalise
from assistant.language.times import read_windows
from assistant.rule.window import resolve

Outcome = Literal["agreed", "convention", "disagreed"]
Row = Mapping[str, object]
Ends = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many of `total` phrases of one kind and language were read as expected; `convention`: read with the same ends, others open or closed."""

    kind: str
    language: str
    agreed: int
    convention: int
    total: int

    @property
    def rate(self) -> float:
        """Share read as expected, differing conventions included, 0 to 1."""
        return (self.agreed + self.convention) / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One phrase read otherwise: what was expected and what was found at its place."""

    kind: str
    language: str
    text: str
    expected: str
    found: str
    convention: bool


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """Agreement by kind and language, and every disagreement."""

    agreements: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    outcome: Outcome
    expected: str
    found: str


def _place(row: Row) -> tuple[str, int, int]:
    """The folded text and where the span stands in it; the whole text when the span is written otherwise."""
    text, span = normalise(str(row["text"])).text, normalise(str(row["span"])).text.strip()
    start = text.find(span)
    return (text, start, start + len(span)) if start >= 0 else (text, 0, len(text))


def _inside(item_start: int, item_end: int, start: int, end: int) -> bool:
    return item_start < end and start < item_end


def _decimal(word: object) -> Decimal | None:
    try:
        return Decimal(str(word).rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None


def _shown(items: Iterable[object]) -> str:
    return " · ".join(str(item) for item in items) or "nothing"


def _number(row: Row) -> _Reading:
    text, start, end = _place(row)
    found = [item for item in read_quantities(text) if _inside(item.start, item.end, start, end)]
    expected = _decimal(row["value"])
    same = any(expected is not None and _close(item.value, expected) for item in found)
    return _Reading("agreed" if same else "disagreed", str(row["value"]), _shown(f"{item.value} {item.unit or ''}" for item in found))


def _close(left: Decimal, right: Decimal) -> bool:
    """Equal to ten figures: expectations with many decimals are written rounded."""
    return left == right or abs(left - right) <= abs(right) * Decimal("1e-10")


def _money(row: Row) -> _Reading:
    text, start, end = _place(row)
    found = [item for item in read_quantities(text) if _inside(item.start, item.end, start, end)]
    value = row["value"]
    ends = [_decimal(item) for item in value] if isinstance(value, list) else [_decimal(value)]
    same = (
        any(_amounts(item) == ends or item.value == ends[0] for item in found)
        if len(ends) == 1
        else any(_amounts(item) == ends for item in found)
    )
    outer = [(item.low, item.high) for item in read_comparisons(text) if _inside(item.start, item.end, start, end)]
    return _Reading(
        "agreed" if same or tuple(ends) in outer else "disagreed", str(value), _shown(f"{item.value} {item.unit or ''}" for item in found)
    )


def _amounts(item: Quantity) -> list[Decimal | None]:
    return [item.value] if item.low is None else [item.low, item.high]


def _interval(word: str) -> Ends:
    low, _, high = word.strip("()[]").partition(",")
    return _decimal(low) if low else None, _decimal(high) if high else None


def _ends(item: Comparison) -> Ends:
    match item.operator:
        case ">" | ">=":
            return item.value, None
        case "<" | "<=":
            return None, item.value
        case "=":
            return item.value, item.value
        case _:
            return item.low, item.high


def _openness(item: Comparison, ends: Ends) -> str:
    left = "(" if ends[0] is None or item.operator == ">" or (item.operator == "range" and item.low_open) else "["
    right = ")" if ends[1] is None or item.operator == "<" or (item.operator == "range" and item.high_open) else "]"
    return left + right


def _range(row: Row) -> _Reading:
    text, start, end = _place(row)
    word = str(row["interval"])
    expected = _interval(word)
    found = [item for item in read_comparisons(text) if _inside(item.start, item.end, start, end)]
    outcome: Outcome = "disagreed"
    for item in found:
        if expected in (_ends(item), tuple(None if edge is None else edge / 100 for edge in _ends(item))):
            outcome = "agreed" if _openness(item, expected) == word[0] + word[-1] else "convention"
            break
        one_side = item.operator == "range" and None in expected
        if one_side and all(edge is None or edge == own for edge, own in zip(expected, _ends(item), strict=True)):
            outcome = "convention"
    return _Reading(outcome, word, _shown(f"{item.operator} {_ends(item)}" for item in found))


def _period(row: Row) -> _Reading:
    text, start, end = _place(row)
    today = date.fromisoformat(str(row["as_of"]))
    first, last = str(row["start"]), str(row["end"])
    seen: list[str] = []
    outcome: Outcome = "disagreed"
    for item in read_windows(text, today - timedelta(days=1), today):
        if not _inside(item.start, item.end, start, end):
            continue
        for window in (item.window, item.future_window):
            if window is None:
                continue
            span = resolve(window, today - timedelta(days=1), today, "future")
            seen.append(f"{span.start}..{span.end}")
            lasts = {
                str(span.end),
                str(span.end - timedelta(days=1)) if span.end else "None",
                str(span.end + timedelta(days=1)) if span.end else "None",
            }
            if str(span.start) == first and last in lasts:
                outcome = "agreed" if last == str(span.end) else "convention" if outcome == "disagreed" else outcome
    return _Reading(outcome, f"{first}..{last}", _shown(seen))


_READERS: Mapping[str, Callable[[Row], _Reading]] = {
    "number": _number,
    "percent": _number,
    "money": _money,
    "range": _range,
    "period": _period,
}


def score_readers(path: Path) -> ReaderReport:
    """Read every phrase of a file and compare. OSError when there is no file; ValueError when a line is not such a row."""
    readings: dict[tuple[str, str], list[tuple[Row, _Reading]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not isinstance(row, dict) or row.get("kind") not in _READERS:
            raise ValueError(f"not a phrase with a known kind: {line[:80]}")
        readings.setdefault((row["kind"], row["lang"]), []).append((row, _READERS[row["kind"]](row)))
    agreements, disagreements = [], []
    for (kind, language), found in sorted(readings.items()):
        outcomes = [reading.outcome for _, reading in found]
        agreements.append(Agreement(kind, language, outcomes.count("agreed"), outcomes.count("convention"), len(found)))
        for row, reading in found:
            if reading.outcome != "agreed":
                differs = Disagreement(kind, language, str(row["text"]), reading.expected, reading.found, reading.outcome == "convention")
                disagreements.append(differs)
    return ReaderReport(tuple(agreements), tuple(disagreements))
