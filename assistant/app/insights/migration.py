"""A migration as JSON and as a table. Law: rows are then, columns now, and both end with their sums."""

from __future__ import annotations

from functools import partial

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.migration import TOTALS, UNKNOWN, Migration
from assistant.narrate.messages import message
from assistant.narrate.sentences.migration import move_phrase, place_phrase
from assistant.pipeline import Answer
from assistant.rule.canonical import Json
from assistant.sql.two_dates import ABSENT, OUTSIDE

_MOST_NAMED = 8
"""Values that a table has room to name in full."""
_NAMES = {UNKNOWN: "unknown", ABSENT: "absent", OUTSIDE: "outside"}


def wire(found: Migration, answer: Answer) -> Json:
    """Dates, totals, rises and falls by order, every move, and whose they are."""
    name = f"migration.{found.tag}"
    moves: list[Json] = [
        {
            "from": _NAMES.get(move.start, move.start),
            "to": _NAMES.get(move.end, move.end),
            "label": both(partial(move_phrase, found, move, answer.catalog)),
            "count": number_of(answer, f"{found.id(move.start, move.end)}.n"),
            "share": number_of(answer, f"{found.id(move.start, move.end)}.share"),
        }
        for move in found.moves
    ]
    return {
        "tag": found.tag,
        "then": found.then.isoformat(),
        "now": found.now.isoformat(),
        "tags_then": found.tags_then.isoformat(),
        "tags_now": found.tags_now.isoformat(),
        "totals": {what: number_of(answer, f"{name}.{what}") for what in TOTALS[found.followed]},
        "followed": found.followed,
        "axes": [
            {"tag": axis.tag, "up": number_of(answer, f"{name}.up.{axis.tag}"), "down": number_of(answer, f"{name}.down.{axis.tag}")}
            for axis in found.axes
        ],
        "moves": moves,
    }


def grid(found: Migration, answer: Answer, language: Language) -> Grid | None:
    """The matrix with its sums; None where the segment has nobody at either date."""
    if not found.moves:
        return None
    starts, ends = ends_of(found)
    moved = {(move.start, move.end) for move in found.moves}
    name = f"migration.{found.tag}"
    total = message(language, "page.total")
    tag = answer.catalog.tags[found.tag].name.get(language)
    corner = message(language, "page.then_now")
    short = len(found.places) > _MOST_NAMED
    header = (corner, *(_column(found, end, short, answer, language) for end in ends), total)
    rows = []
    for start in starts:
        counts = (words_of(answer, f"{found.id(start, end)}.n", language) if (start, end) in moved else "" for end in ends)
        whole = words_of(answer, f"{name}.then.{_NAMES.get(start, start)}", language) if start not in (ABSENT, OUTSIDE) else ""
        rows.append((_row(found, start, short, answer, language), *counts, whole))
    sums = (words_of(answer, f"{name}.now.{_NAMES.get(end, end)}", language) if end not in (ABSENT, OUTSIDE) else "" for end in ends)
    rows.append((total, *sums, ""))
    said = {"tag": tag, "start": found.tags_then.isoformat(), "end": found.tags_now.isoformat()}
    return Grid(message(language, "page.migration_of", said), header, tuple(rows), frozenset(range(1, len(header))))


def _column(found: Migration, end: str, short: bool, answer: Answer, language: Language) -> str:
    """The name of a column; its code where names would not fit."""
    return end if short and end in found.places and end else place_phrase(found, end, False, answer.catalog, language)


def _row(found: Migration, start: str, short: bool, answer: Answer, language: Language) -> str:
    """The name of a row, with its code where the columns are told by codes."""
    name = place_phrase(found, start, True, answer.catalog, language)
    return message(language, "page.bracketed", {"text": name, "more": start}) if short and start in found.places and start else name


def ends_of(found: Migration) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rows and the columns that a move begins or ends at: values in their order, then those who are there on one date only."""
    starts, ends = {move.start for move in found.moves}, {move.end for move in found.moves}
    order = (*found.places, OUTSIDE, ABSENT)
    return tuple(place for place in order if place in starts), tuple(place for place in order if place in ends)
