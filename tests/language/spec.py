"""Rows of tests/specs: a text with [ ] around its spans, and what each span means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import yaml

from assistant.language.comparisons import Comparison, Rank

SPECS = Path(__file__).parent.parent / "specs"


@dataclass(frozen=True)
class Row:
    """`spans` are places in `text`, which has no marks any more; `values` is as long as `spans`."""

    text: str
    spans: tuple[tuple[int, int], ...]
    values: tuple[str, ...]


def rows(name: str) -> list[Row]:
    """The rows of one spec file."""
    found = []
    for entry in yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8")):
        marked, values = entry["text"], tuple(part.strip() for part in entry["value"].split(";") if part.strip())
        text, starts, spans = "", [], []
        for character in marked:
            if character == "[":
                starts.append(len(text))
            elif character == "]":
                spans.append((starts.pop(), len(text)))
            else:
                text += character
        if not spans and values:
            spans = [(0, len(text))]
        found.append(Row(text, tuple(spans), values))
    return found


def plain(value: Decimal | None) -> str:
    """A number as the specs write it."""
    assert value is not None
    return format(value, "f")


def marks(assumption: str | None, doubt: str | None) -> str:
    """The ~ and ? of a value."""
    return (f" ~{assumption}" if assumption else "") + (f" ?{doubt}" if doubt else "")


def describe(found: Comparison | Rank) -> str:
    """A comparison or a rank as the specs write it."""
    if isinstance(found, Rank):
        size = f"{plain(found.percent)}%" if found.percent is not None else str(found.count)
        return f"{found.direction} {size}{marks(None, found.doubt)}"
    unit = {None: "", "percent": "%"}.get(found.unit, f" {found.unit}")
    if found.operator == "range":
        value = f"{'(' if found.low_open else '['}{plain(found.low)}, {plain(found.high)}{')' if found.high_open else ']'}"
    else:
        value = f"{found.operator} {plain(found.value)}" if found.operator else plain(found.value)
    return f"{value}{unit}{marks(found.assumption, found.doubt)}"
