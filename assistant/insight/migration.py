"""Who moved between the values of one tag from an earlier date to this one: stages, tiers, cells of a grid. Law: a row adds up to the segment as it was, a column
to the segment as it is, and whoever was not there on one of the dates is counted as joined, entered, left, or gone from the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.breakdown import bucket_order
from assistant.insight.count import share, whole
from assistant.rule.tree import Snapshot
from assistant.rule.window import snapshot_date
from assistant.sql.query import Query, Table
from assistant.sql.two_dates import ABSENT, OUTSIDE, moves
from assistant.validation.verdict import ValidatedRule

UNKNOWN = ""
"""The place of customers without a known value."""
Total = Literal["then", "now", "stayed", "moved", "joined", "entered", "left", "gone"]
TOTALS: tuple[Total, ...] = ("then", "now", "stayed", "moved", "joined", "entered", "left", "gone")
"""then, now: the segment at either date. Of those in it at both: stayed at their value, moved. joined: not in the base then; entered: in the base, not in the
segment then. left: in the base, not in the segment now; gone: not in the base now."""


@dataclass(frozen=True, slots=True)
class Move:
    """n customers who were at `start` then and are at `end` now: a value of the tag, UNKNOWN, ABSENT or OUTSIDE."""

    start: str
    end: str
    n: int


@dataclass(frozen=True, slots=True)
class Axis:
    """An order along which customers rise and fall: that of an ordered tag, or of one of the two that make up the cells of a grid. `ranks` of the places."""

    tag: str
    ranks: Mapping[str, int]
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Migration:
    """Every move that somebody made, by start and end in the tag's own order. `axes`: none for a tag without order, two for a grid."""

    tag: str
    then: date
    now: date
    tags_then: date
    tags_now: date
    moves: tuple[Move, ...]
    places: tuple[str, ...]
    axes: tuple[Axis, ...]
    snapshot: Snapshot | None
    """How a rule says the earlier tags; None where no end of a month does."""
    query: str

    def total(self, what: Total) -> int:
        """The customers of one total."""
        return sum(move.n for move in self.moves if what in _totals(move))

    def row(self, start: str) -> int:
        """Customers of the segment then who were at a value."""
        return sum(move.n for move in self.moves if move.start == start)

    def column(self, end: str) -> int:
        """Customers of the segment now who are at a value."""
        return sum(move.n for move in self.moves if move.end == end)

    def id(self, start: str, end: str) -> str:
        """The part of its fact ids that names a move."""
        return f"migration.{self.tag}.{_place_id(start)}.{_place_id(end)}"

    def facts(self, sheet: FactSheet) -> None:
        """migration.<tag>.<total>; .up.<axis>, .down.<axis>; migration.<tag>.dates.then, .now (the tags' snapshots); each move's .n and .share (of its row); each value's
        .then.<value> and .now.<value>. Of a line with one small move the next smallest is hidden too."""
        name = f"migration.{self.tag}"
        sheet.given(f"{name}.dates.then", self.tags_then, "date")
        sheet.given(f"{name}.dates.now", self.tags_now, "date")
        for what in TOTALS:
            sheet.measured(f"{name}.{what}", self.total(what), "customers", self.query)
        sheet.measured(
            f"{name}.stayed.share",
            share(self.total("stayed"), self.total("stayed") + self.total("moved")),
            "share",
            self.query,
            self.total("stayed"),
        )
        for axis in self.axes:
            sheet.measured(f"{name}.up.{axis.tag}", axis.up, "customers", self.query)
            sheet.measured(f"{name}.down.{axis.tag}", axis.down, "customers", self.query)
        for place in self.places:
            sheet.measured(f"{name}.then.{_place_id(place)}", self.row(place), "customers", self.query)
            sheet.measured(f"{name}.now.{_place_id(place)}", self.column(place), "customers", self.query)
        hidden = self._hidden(sheet)
        for move in self.moves:
            identifier = self.id(move.start, move.end)
            whole_row = self.row(move.start)
            if (move.start, move.end) in hidden and not sheet.protection.hides(move.n):
                sheet.withheld(f"{identifier}.n", "customers", self.query)
                sheet.withheld(f"{identifier}.share", "share", self.query)
            else:
                sheet.measured(f"{identifier}.n", move.n, "customers", self.query)
                sheet.measured(f"{identifier}.share", share(move.n, whole_row), "share", self.query, group=move.n)

    def _hidden(self, sheet: FactSheet) -> set[tuple[str, str]]:
        """Small moves, and companions until no row or column has exactly one hidden move."""
        hidden = {(move.start, move.end) for move in self.moves if sheet.protection.hides(move.n)}
        starts, ends = {move.start for move in self.moves}, {move.end for move in self.moves}
        lines = [
            *([move for move in self.moves if move.start == start] for start in sorted(starts)),
            *([move for move in self.moves if move.end == end] for end in sorted(ends)),
        ]
        changed = bool(hidden)
        while changed:
            changed = False
            for line in lines:
                shown = sorted((move for move in line if (move.start, move.end) not in hidden), key=lambda move: move.n)
                if sum((move.start, move.end) in hidden for move in line) == 1 and shown:
                    hidden.add((shown[0].start, shown[0].end))
                    changed = True
        return hidden


def kept(move: Move) -> bool:
    """Whether the customers were in the segment at both dates."""
    return move.start not in (ABSENT, OUTSIDE) and move.end not in (ABSENT, OUTSIDE)


def _totals(move: Move) -> set[Total]:
    if kept(move):
        return {"then", "now", "stayed" if move.start == move.end else "moved"}
    if move.start in (ABSENT, OUTSIDE):
        return {"now", "joined" if move.start == ABSENT else "entered"}
    return {"then", "gone" if move.end == ABSENT else "left"}


def _axes(catalog: TagCatalog, tag: Tag, found: Sequence[Move]) -> tuple[Axis, ...]:
    ranks: dict[str, dict[str, int]] = {}
    if tag.axes is not None:
        row, column = (catalog.tags[code] for code in tag.axes)
        for first in row.values:
            for second in column.values:
                ranks.setdefault(row.code, {})[first.code + second.code] = first.rank or 0
                ranks.setdefault(column.code, {})[first.code + second.code] = second.rank or 0
    elif tag.ordered:
        ranks[tag.code] = {value.code: value.rank or 0 for value in tag.values}

    def moved(placed: Mapping[str, int], up: bool) -> int:
        ways = [(move, placed.get(move.start), placed.get(move.end)) for move in found]
        return sum(
            move.n
            for move, before, after in ways
            if before is not None and after is not None and (after > before if up else after < before)
        )

    return tuple(Axis(code, placed, moved(placed, True), moved(placed, False)) for code, placed in ranks.items())


def _month_end(then: ValidatedRule, now: ValidatedRule) -> Snapshot | None:
    """The end of a month, counted from today's, whose snapshot the earlier tags are of."""
    months = (then.snapshot.year - now.today.year) * 12 + then.snapshot.month - now.today.month
    if months >= 0 or snapshot_date("month", months, now.as_of, now.today, now.snapshots) != then.snapshot:
        return None
    return Snapshot(unit="month", offset=months)


def _place_id(place: str) -> str:
    return {UNKNOWN: "unknown", ABSENT: "absent", OUTSIDE: "outside"}.get(place, place)


def plan(then: ValidatedRule, now: ValidatedRule, tag: Tag, qualifier: tuple[str, ...]) -> tuple[Query]:
    """One query over the customers of either base; `then` and `now` are the same rule at two dates, the tag an enum."""
    return (moves(then, now, tag, qualifier),)


def read(tables: Sequence[Table], then: ValidatedRule, now: ValidatedRule, tag: Tag) -> Migration:
    """From the table of `plan`. Values that the catalog does not list are taken together as unknown."""
    (table,) = tables
    listed = {value.code for value in now.catalog.values(tag)}
    sums: dict[tuple[str, str], int] = {}
    for start, end, n in table.rows:
        places = tuple(place if place in listed or place in (ABSENT, OUTSIDE) else UNKNOWN for place in (str(start), str(end)))
        sums[places[0], places[1]] = sums.get((places[0], places[1]), 0) + whole(n)
    places = _in_order(now.catalog, tag, {place for move in sums for place in move})
    position = {place: number for number, place in enumerate((*places, OUTSIDE, ABSENT))}
    found = tuple(
        Move(start, end, n) for (start, end), n in sorted(sums.items(), key=lambda item: (position[item[0][0]], position[item[0][1]]))
    )
    return Migration(
        tag.code,
        then.as_of,
        now.as_of,
        then.snapshot,
        now.snapshot,
        found,
        places,
        _axes(now.catalog, tag, found),
        _month_end(then, now),
        table.query,
    )


def _in_order(catalog: TagCatalog, tag: Tag, reached: set[str]) -> tuple[str, ...]:
    """The values reached, in the tag's own order, unknown last."""
    known = reached - {UNKNOWN, ABSENT, OUTSIDE}
    return (*sorted(known, key=bucket_order(catalog, tag)), *([UNKNOWN] if UNKNOWN in reached else []))
