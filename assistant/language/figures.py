"""Numbers in figures: 50,000  1.5  1e6. Law: a grouping that is not the plain one is read with doubt; what is no plain number is not read."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from assistant.language.words import is_latin


def is_figure(character: str) -> bool:
    """One of 0-9; digits of other scripts are not read."""
    return "0" <= character <= "9"


def _figures_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and is_figure(text[end]):
        end += 1
    return end


def figures(text: str, start: int) -> tuple[int, Decimal, str, str | None] | None:
    """(end, value, digits, doubt) of a number written in figures at `start`: 50,000  1.5  50 000. None when it is no plain number (1.5.2, 5½).

    Grouping by four, by spaces, by lakh (12,34,567) or with the signs exchanged (1.234,56) is read, with doubt.
    """
    end = _figures_end(text, start)
    before = text[start - 1] if start else " "
    if (
        text[start] == "."
        and is_figure(text[start + 1 : start + 2] or " ")
        and not (is_figure(before) or is_latin(before) or before == ".")
    ):
        decimals_end = _figures_end(text, start + 1)
        return decimals_end, Decimal(f"0{text[start:decimals_end]}"), text[start:decimals_end], None
    if end == start:
        return None
    written, doubt = text[start:end], None
    for separator, sizes in ((",", (3, 4)), (" ", (3,))):
        groups = [written]
        place = end
        while place < len(text) and text[place] == separator:
            group_end = _figures_end(text, place + 1)
            if group_end == place + 1:
                break
            groups.append(text[place + 1 : group_end])
            place = group_end
        size = len(groups[-1])
        regular = len(groups) > 1 and size in sizes and len(groups[0]) <= size and all(len(group) == size for group in groups[1:])
        if regular and not groups[0].startswith("0"):
            written, end = "".join(groups), place
            doubt = None if separator == "," and size == 3 else "number_grouping"
            break
        if separator == "," and len(groups) > 1 and any(len(group) > 1 for group in groups):
            doubt = "number_grouping"
    unusual = _unusual_grouping(text, start)
    if unusual is not None:
        return unusual
    if end < len(text) and text[end] == "." and end + 1 < len(text) and is_figure(text[end + 1]):
        decimals_end = _figures_end(text, end + 1)
        written += text[end:decimals_end]
        end = decimals_end
        if end + 1 < len(text) and text[end] == "." and is_figure(text[end + 1]):
            return None
    exponent = _exponent_end(text, end)
    if exponent is not None:
        return exponent, Decimal(written + text[end:exponent]), written, doubt
    if end < len(text) and unicodedata.category(text[end]) == "No":
        return None
    return end, Decimal(written), written, doubt


_UNUSUAL = (
    re.compile(r"(?P<whole>[1-9]\d?(?:,\d\d)+,\d{3})(?:\.(?P<part>\d+))?(?!\d|[,.]\d)"),
    re.compile(r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+),(?P<part>\d{1,2})(?!\d|[,.]\d)"),
)
"""Grouped by lakh and crore, and with point and comma exchanged."""


def _unusual_grouping(text: str, start: int) -> tuple[int, Decimal, str, str | None] | None:
    for pattern in _UNUSUAL:
        found = pattern.match(text, start)
        if found is not None:
            whole = found["whole"].replace(",", "").replace(".", "")
            return found.end(), Decimal(f"{whole}.{found['part'] or 0}"), whole, "number_grouping"
    return None


def _exponent_end(text: str, place: int) -> int | None:
    """The end of e10, e-4 behind figures; None when the letter begins a word or the exponent is beyond any amount."""
    if text[place : place + 1] != "e":
        return None
    start = place + 2 if text[place + 1 : place + 2] in ("+", "-") else place + 1
    end = _figures_end(text, start)
    return end if 0 < end - start <= 2 and not (end < len(text) and is_latin(text[end])) else None
