"""Who moved between the values of one tag from an earlier date to this one: stages, tiers, cells of a grid. Law: a row adds up to the segment as it was, a column
to the segment as it is, and whoever was not there on one of the dates is counted as joined, entered, left, or gone from the bank. A segment that its rule picks by the tag
itself cannot move along it: then those who were in it at one of the dates are followed, wherever they were and are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Tag
from assistant.facts import FactSheet
from assistant.insight.breakdown import bucket_order
from assistant.insight.count import share, whole
from assistant.insight.definition import fixed_by
from assistant.insight.disclosure import withheld
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, Snapshot, TagComparison, TagCondition, children, walk, with_children
from assistant.rule.window import snapshot_date
from assistant.sql.query import Query, Table
from assistant.sql.two_dates import ABSENT, OUTSIDE, Followed, moves
from assistant.validation.verdict import ValidatedRule

UNKNOWN = ""
"""The place of customers without a known value."""
Total = Literal["then", "now", "stayed", "moved", "joined", "entered", "left", "gone"]
Way = Literal["up", "down"]
TOTALS: Mapping[Followed, tuple[Total, ...]] = {
    "either": ("then", "now", "stayed", "moved", "joined", "entered", "left", "gone"),
    "then": ("then", "stayed", "moved", "gone"),
    "now": ("now", "stayed", "moved", "joined"),
}
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
    followed: Followed = "either"
    was: AnyNode | None = None
    """How a rule of now says who was in the segment then, where they are followed; None where it has no words for them."""
    movers: tuple[tuple[str, AnyNode], ...] = ()
    """Those who rose ("up.<tag>") and fell ("down.<tag>") along each order, as segments of today; only those that hold the very customers told."""

    def total(self, what: Total) -> int:
        """The customers of one total."""
        return sum(move.n for move in self.moves if what in _totals(move, self.followed))

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
        .then.<value> and .now.<value>. What gives a small number away is hidden too, and shares of what is."""
        name = f"migration.{self.tag}"
        sheet.given(f"{name}.dates.then", self.tags_then, "date")
        sheet.given(f"{name}.dates.now", self.tags_now, "date")
        sums = self._sums()
        hidden = withheld(
            sheet.protection,
            {self.id(move.start, move.end): move.n for move in self.moves},
            sums,
            known=[] if self.followed == "then" else [sums[f"{name}.now"]],
        )
        for what in TOTALS[self.followed]:
            sheet.customers(f"{name}.{what}", self.total(what), self.query, f"{name}.{what}" in hidden)
        ratio = share(self.total("stayed"), self.total("stayed") + self.total("moved"))
        self._share(sheet, f"{name}.stayed.share", ratio, self.total("stayed"), f"{name}.stayed", f"{name}.moved")
        for axis in self.axes:
            for way, n in (("up", axis.up), ("down", axis.down)):
                sheet.customers(f"{name}.{way}.{axis.tag}", n, self.query, f"{name}.{way}.{axis.tag}" in hidden)
        for place in self.places:
            for when, n in (("then", self.row(place)), ("now", self.column(place))):
                identifier = f"{name}.{when}.{_place_id(place)}"
                sheet.customers(identifier, n, self.query, identifier in hidden)
        for move in self.moves:
            identifier, row = self.id(move.start, move.end), f"{name}.then.{_place_id(move.start)}"
            sheet.customers(f"{identifier}.n", move.n, self.query, f"{identifier}.n" in hidden)
            self._share(sheet, f"{identifier}.share", share(move.n, self.row(move.start)), move.n, f"{identifier}.n", row)

    def _share(self, sheet: FactSheet, identifier: str, value: Decimal | None, n: int, *of: str) -> None:
        """A share of n customers, unless one of the counts it would give away is hidden."""
        if any(one in sheet and sheet[one].suppressed for one in of) and not sheet.protection.hides(n):
            sheet.withheld(identifier, "share", self.query)
        else:
            sheet.measured(identifier, value, "share", self.query, group=n)

    def _sums(self) -> dict[str, list[str]]:
        """The moves that each figure sums, by fact id."""
        name = f"migration.{self.tag}"
        sums: dict[str, list[str]] = {f"{name}.{what}": [] for what in TOTALS[self.followed]}
        sums |= {f"{name}.{way}.{axis.tag}": [] for axis in self.axes for way in ("up", "down")}
        sums |= {f"{name}.{when}.{_place_id(place)}": [] for place in self.places for when in ("then", "now")}
        for move in self.moves:
            identifier = self.id(move.start, move.end)
            figures = [f"{name}.{what}" for what in _totals(move, self.followed)]
            figures += [f"{name}.{way}.{axis.tag}" for axis in self.axes if (way := _way(move, axis.ranks)) is not None]
            figures += [f"{name}.then.{_place_id(place)}" for place in self.places if place == move.start]
            figures += [f"{name}.now.{_place_id(place)}" for place in self.places if place == move.end]
            for figure in figures:
                sums[figure].append(identifier)
            sums[f"{identifier}.n"] = [identifier]
        return sums


def kept(move: Move) -> bool:
    """Whether the customers were in the segment at both dates."""
    return move.start not in (ABSENT, OUTSIDE) and move.end not in (ABSENT, OUTSIDE)


def _totals(move: Move, followed: Followed) -> set[Total]:
    if kept(move):
        found: set[Total] = {"then", "now", "stayed" if move.start == move.end else "moved"}
    elif move.start in (ABSENT, OUTSIDE):
        found = {"now", "joined" if move.start == ABSENT else "entered"}
    else:
        found = {"then", "gone" if move.end == ABSENT else "left"}
    return found & set(TOTALS[followed])


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

    def moved(placed: Mapping[str, int], way: Way) -> int:
        return sum(move.n for move in found if _way(move, placed) == way)

    return tuple(Axis(code, placed, moved(placed, "up"), moved(placed, "down")) for code, placed in ranks.items())


def _way(move: Move, placed: Mapping[str, int]) -> Way | None:
    before, after = placed.get(move.start), placed.get(move.end)
    if before is None or after is None or before == after:
        return None
    return "up" if after > before else "down"


def _month_end(then: ValidatedRule, now: ValidatedRule) -> Snapshot | None:
    """The end of a month, counted from today's, whose snapshot the earlier tags are of."""
    months = (then.snapshot.year - now.today.year) * 12 + then.snapshot.month - now.today.month
    if months >= 0 or snapshot_date("month", months, now.as_of, now.today, now.snapshots) != then.snapshot:
        return None
    return Snapshot(unit="month", offset=months)


def _place_id(place: str) -> str:
    return {UNKNOWN: "unknown", ABSENT: "absent", OUTSIDE: "outside"}.get(place, place)


def followed_in(rule: ValidatedRule, tag: Tag) -> Followed:
    """Whose moves are told. A segment picked by the tag, or by what determines it, does not move along it: its customers of then are followed, and those of now where
    it is picked by what they were at an earlier date."""
    settled, catalog = {tag.code, *(tag.axes or ())}, rule.catalog
    if not settled & fixed_by(rule.expanded, catalog):
        return "either"
    return "now" if any(settled & fixed_by(node, catalog) for _, node in walk(rule.expanded) if _earlier(node)) else "then"


def _earlier(node: AnyNode) -> bool:
    """Whether a condition reads tags of an earlier date."""
    match node:
        case TagCondition(snapshot=snapshot):
            return snapshot is not None
        case TagComparison(left_snapshot=left, right_snapshot=right):
            return left is not None or right is not None
        case _:
            return False


def read_at(node: AnyNode, snapshot: Snapshot, catalog: TagCatalog) -> AnyNode | None:
    """Conditions on tags as conditions on the same tags of an earlier snapshot; None where there is any other, or a date, which is counted from its day."""
    match node:
        case TagCondition(snapshot=None, tag=tag) if catalog.tags[tag].type not in ("date", "month_day"):
            return node.model_copy(update={"snapshot": snapshot})
        case AllOf() | AnyOf() | Not():
            below = [read_at(child, snapshot, catalog) for child in children(node)]
            found = tuple(one for one in below if one is not None)
            return with_children(node, found) if len(found) == len(below) else None
        case _:
            return None


def plan(then: ValidatedRule, now: ValidatedRule, tag: Tag, qualifier: tuple[str, ...], whose: Followed = "either") -> tuple[Query]:
    """One query over the customers of either base; `then` and `now` are the same rule at two dates, the tag an enum."""
    return (moves(then, now, tag, qualifier, whose),)


def read(tables: Sequence[Table], then: ValidatedRule, now: ValidatedRule, tag: Tag, whose: Followed = "either") -> Migration:
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
    snapshot = _month_end(then, now)
    return Migration(
        tag.code,
        then.as_of,
        now.as_of,
        then.snapshot,
        now.snapshot,
        found,
        places,
        _axes(now.catalog, tag, found),
        snapshot,
        table.query,
        whose,
        None if whose != "then" or snapshot is None else read_at(now.expanded, snapshot, now.catalog),
    )


def _in_order(catalog: TagCatalog, tag: Tag, reached: set[str]) -> tuple[str, ...]:
    """The values reached, in the tag's own order, unknown last."""
    known = reached - {UNKNOWN, ABSENT, OUTSIDE}
    return (*sorted(known, key=bucket_order(catalog, tag)), *([UNKNOWN] if UNKNOWN in reached else []))
