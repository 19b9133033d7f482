"""The one JSON object in what a model said. Law: exactly one object or none; nothing is mended, completed or chosen among several."""

from __future__ import annotations

import json
from typing import NoReturn

MAX_DEPTH = 32
"""Levels of nesting a reply may have: a rule has a handful."""


def one_object(text: str) -> dict[str, object] | None:
    """The JSON object in a reply, which may stand in a code fence or between sentences; None when there is none, more than one, or it is not strict JSON
    (NaN, a key said twice, text that breaks off, nesting beyond MAX_DEPTH)."""
    start = text.find("{")
    if start < 0 or _too_deep(text):
        return None
    try:
        found, end = _STRICT.raw_decode(text, start)
    except ValueError:
        return None
    return found if isinstance(found, dict) and not _BRACKETS & set(text[:start] + text[end:]) else None


_BRACKETS = frozenset("{}[]")
"""What may not stand outside of the object: part of a second one, or of a list around it."""


def _too_deep(text: str) -> bool:
    """Whether brackets nest too deep for the decoder's stack; counted without regard to strings, which only makes it stricter."""
    depth = 0
    for character in text:
        depth += (character in "{[") - (character in "}]")
        if depth > MAX_DEPTH:
            return True
    return False


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key said twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_STRICT = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
