"""A migration as a heat map, and its moves as flows. Law: rows are then, columns now; below the customers of a move their share of the row."""

from __future__ import annotations

import plotly.graph_objects as go

from assistant.app.charts.flows import Flow, flows
from assistant.app.charts.heat import Shade, heat
from assistant.app.insights.migration import ends_of
from assistant.catalog.model import Language
from assistant.insight.migration import Migration
from assistant.narrate.sentences.migration import move_phrase, place_phrase
from assistant.pipeline import Answer
from assistant.sql.two_dates import ABSENT, OUTSIDE

MOST_FLOWS = 16
"""Moves drawn as flows, the largest; all of them stand in the heat map and the table."""


def migration_chart(found: Migration, answer: Answer, language: Language) -> go.Figure | None:
    """None where nobody moved or stayed."""
    facts = answer.facts
    if facts is None or not found.moves:
        return None
    moves = {(move.start, move.end): move for move in found.moves}
    starts, ends = ends_of(found)

    def shade(start: str, end: str) -> Shade | None:
        move = moves.get((start, end))
        if move is None:
            return None
        name = found.id(start, end)
        share = None if start in (ABSENT, OUTSIDE) else facts[f"{name}.share"]
        return Shade(facts[f"{name}.n"], share, move_phrase(found, move, answer.catalog, language))

    rows = [place_phrase(found, start, True, answer.catalog, language) for start in starts]
    columns = [place_phrase(found, end, False, answer.catalog, language) for end in ends]
    return heat(rows, columns, [[shade(start, end) for end in ends] for start in starts], language)


def migration_flows(found: Migration, answer: Answer, language: Language) -> go.Figure | None:
    """The moves alone: those who stayed where they were would leave no room for them. None where nobody moved, or too few to be shown."""
    facts = answer.facts
    if facts is None:
        return None
    starts, ends = ends_of(found)
    moved = sorted((move for move in found.moves if move.start != move.end), key=lambda move: -move.n)[:MOST_FLOWS]
    in_order = sorted(moved, key=lambda move: (starts.index(move.start), ends.index(move.end)))
    return flows(
        [
            Flow(
                place_phrase(found, move.start, True, answer.catalog, language),
                place_phrase(found, move.end, False, answer.catalog, language),
                facts[f"{found.id(move.start, move.end)}.n"],
                move_phrase(found, move, answer.catalog, language),
            )
            for move in in_order
        ],
        language,
    )
