"""Measures the readers of numbers and times on phrases written by others. Law: only measures; a phrase whose convention differs is set aside and counted.

The file is JSON lines: kind (number, percent, money, range, period), lang, text, span inside it, and value, interval, or start, end and as_of.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from assistant.evaluate.conventions import CONVENTIONS, Case, Ends, closed_ends, convention, covers, ends
from assistant.language.comparisons import read_comparisons
from assistant.language.numbers import Quantity, read_quantities
from assistant.language.text import normalise
from assistant.language.times import read_windows

Outcome = Literal["agreed", "set_aside", "asked", "misread"]
Row = Mapping[str, object]

LEAST_READ: Mapping[tuple[str, str], float] = {("number", "zh"): 0.97, ("money", "zh"): 0.97, ("number", "en"): 0.95, ("money", "en"): 0.95}
"""The share of phrases that must be read as expected, conventions set aside; 0.9 for the other kinds."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the `total` phrases of one kind and language were read: as expected, set aside by a convention, not or only in part or with doubt (`asked`),
    or whole, without doubt, and otherwise (`misread`)."""

    kind: str
    language: str
    agreed: int
    set_aside: int
    asked: int
    misread: int

    @property
    def total(self) -> int:
        """All phrases."""
        return self.agreed + self.set_aside + self.asked + self.misread

    @property
    def raw(self) -> float:
        """Share of all phrases read as expected, 0 to 1."""
        return self.agreed / self.total if self.total else 1.0

    @property
    def rate(self) -> float:
        """Share read as expected of those not set aside, 0 to 1."""
        judged = self.total - self.set_aside
        return self.agreed / judged if judged else 1.0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One phrase read otherwise: what was expected, what was found at its place, and the `convention` that sets it aside, if one does."""

    kind: str
    language: str
    text: str
    expected: str
    found: str
    outcome: Outcome
    convention: str | None = None


@dataclass(frozen=True, slots=True)
class ReaderReport:
    """Agreement by kind and language, every disagreement, and how many phrases each convention set aside, by (code, kind, language)."""

    agreements: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    conventions: Mapping[tuple[str, str, str], int]


def _places(row: Row) -> tuple[str, list[tuple[int, int]]]:
    """The folded text and everywhere the span stands in it; the whole text when the span is written otherwise."""
    text, span = normalise(str(row["text"])).text, normalise(str(row["span"])).text.strip()
    found = [(place, place + len(span)) for place in range(len(text)) if span and text.startswith(span, place)]
    return text, found or [(0, len(text))]


def _decimal(word: object) -> Decimal | None:
    try:
        return Decimal(str(word).rstrip("%").replace(",", ""))
    except InvalidOperation:
        return None


def _interval(word: str) -> Ends:
    low, _, high = word.strip("()[]").partition(",")
    return _decimal(low) if low else None, _decimal(high) if high else None


def _values(row: Row) -> tuple[Decimal | None, ...]:
    if "interval" in row:
        return _interval(str(row["interval"]))
    value = row.get("value")
    return tuple(_decimal(item) for item in value) if isinstance(value, list) else (_decimal(value),)


def _case(row: Row, text: str, start: int, end: int) -> Case:
    language, kind = str(row["lang"]), str(row["kind"])

    def there(item_start: int, item_end: int) -> bool:
        return item_start < end and start < item_end

    if kind == "period":
        today = date.fromisoformat(str(row["as_of"]))
        windows = tuple(one for one in read_windows(text, today - timedelta(days=1), today) if there(one.start, one.end))
        days = (date.fromisoformat(str(row["start"])), date.fromisoformat(str(row["end"])))
        return Case(kind, language, text, start, end, days=days, today=today, windows=windows)
    case = Case(
        kind, language, text, start, end, _values(row),
        quantities=tuple(one for one in read_quantities(text) if there(one.start, one.end)),
        comparisons=tuple(one for one in read_comparisons(text) if there(one.start, one.end)),
    )  # fmt: skip
    word = str(row.get("interval", "[]"))
    return replace(case, closed=(word[0] == "[", word[-1] == "]"))


def _close(left: Decimal | None, right: Decimal | None) -> bool:
    """Equal to ten figures: expectations with many decimals are written rounded."""
    if left is None or right is None:
        return left is right
    return left == right or abs(left - right) <= abs(right) * Decimal("1e-10")


def _number_agrees(case: Case) -> bool:
    if case.values == (None,):
        return not case.quantities
    return any(_close(one.value, case.values[0]) for one in case.quantities)


def _money_agrees(case: Case) -> bool:
    if len(case.values) == 1:
        return _number_agrees(case)
    return any(_ends_of(one) == case.values for one in case.quantities) or any(
        (one.low, one.high) == case.values for one in case.comparisons
    )


def _ends_of(quantity: Quantity) -> Ends:
    return quantity.low, quantity.high


def _range_agrees(case: Case) -> bool:
    for one in case.comparisons:
        shares = tuple(None if edge is None else edge / 100 for edge in ends(one))
        if case.values in (ends(one), shares) and closed_ends(one) == case.closed:
            return True
    return False


def _period_agrees(case: Case) -> bool:
    return any(days == case.days for _, days in case.resolved())


_AGREES: Mapping[str, Callable[[Case], bool]] = {
    "number": _number_agrees,
    "percent": _number_agrees,
    "money": _money_agrees,
    "range": _range_agrees,
    "period": _period_agrees,
}


def _shown(items: Iterable[object]) -> str:
    return " · ".join(dict.fromkeys(str(item) for item in items)) or "nothing"


def _found(case: Case) -> str:
    match case.kind:
        case "period":
            return _shown(f"{start}..{end}" for _, (start, end) in case.resolved())
        case "range":
            return _shown(f"{one.operator} {ends(one)[0]}..{ends(one)[1]}" for one in case.comparisons)
        case _:
            return _shown(f"{one.value} {one.unit or ''}".strip() for one in case.quantities)


def _expected(row: Row) -> str:
    return f"{row['start']}..{row['end']}" if row["kind"] == "period" else str(row.get("interval", row.get("value")))


def _judge(row: Row) -> tuple[Outcome, Case, str | None]:
    text, places = _places(row)
    cases = [_case(row, text, start, end) for start, end in places]
    case = next((one for one in cases if _AGREES[one.kind](one)), None)
    if case is not None:
        return "agreed", case, None
    case = cases[0]
    rule = convention(case)
    if rule is not None:
        return "set_aside", case, rule.code
    return ("misread" if covers(case) else "asked"), case, None


def score_readers(path: Path) -> ReaderReport:
    """Read every phrase of a file and compare. OSError when there is no file; ValueError when a line is not such a row."""
    outcomes: dict[tuple[str, str], Counter[str]] = {}
    counted: Counter[tuple[str, str, str]] = Counter()
    disagreements = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not isinstance(row, dict) or row.get("kind") not in _AGREES:
            raise ValueError(f"not a phrase with a known kind: {line[:80]}")
        outcome, case, code = _judge(row)
        outcomes.setdefault((case.kind, case.language), Counter())[outcome] += 1
        if code is not None:
            counted[code, case.kind, case.language] += 1
        if outcome != "agreed":
            disagreements.append(Disagreement(case.kind, case.language, str(row["text"]), _expected(row), _found(case), outcome, code))
    agreements = tuple(
        Agreement(kind, language, found["agreed"], found["set_aside"], found["asked"], found["misread"])
        for (kind, language), found in sorted(outcomes.items())
    )
    order = [rule.code for rule in CONVENTIONS]
    conventions = dict(sorted(counted.items(), key=lambda item: (order.index(item[0][0]), *item[0][1:])))
    return ReaderReport(agreements, tuple(sorted(disagreements, key=lambda one: (one.kind, one.language))), conventions)
