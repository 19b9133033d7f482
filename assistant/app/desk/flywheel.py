"""What became of the rules that were generated, week by week. Law: every kept turn is counted once, in the week it was asked, by the way it was understood and how its rule stands now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.app.desk.queue import ReviewDesk, state_of
from assistant.app.shown import Grid
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.rule.canonical import Json
from assistant.store.review import STATES, WAYS, State, Way
from assistant.store.reviews import states


@dataclass(frozen=True, slots=True)
class Turned:
    """The turns of one week (its Monday) that were understood one way, by how their rules stand."""

    week: date
    way: Way
    counts: tuple[tuple[State, int], ...]

    @property
    def total(self) -> int:
        return sum(n for _, n in self.counts)


def flywheel(desk: ReviewDesk) -> tuple[Turned, ...]:
    """The newest week first, in it the surest way first. UserError as of `ReviewDesk.allow`."""
    desk.allow()
    standing = states(desk.store.reviews.decisions())
    found: Counter[tuple[date, Way, State]] = Counter()
    for turn in desk.store.reviews.seen():
        found[(_monday(turn.at), turn.way, state_of(turn, standing))] += 1
    rows = sorted({(week, way) for week, way, _ in found}, key=lambda one: (-one[0].toordinal(), WAYS.index(one[1])))
    return tuple(Turned(week, way, tuple((state, found[(week, way, state)]) for state in STATES)) for week, way in rows)


def _monday(at: str) -> date:
    day = datetime.fromisoformat(at).date()
    return day - timedelta(days=day.weekday())


def flywheel_grid(rows: Sequence[Turned], language: Language) -> Grid:
    """The same as a table."""
    header = (
        message(language, "desk.week"), message(language, "desk.way"), *(message(language, f"desk.state_{state}") for state in STATES),
        message(language, "desk.total"),
    )  # fmt: skip
    cells = tuple(
        (one.week.isoformat(), message(language, f"desk.way_{one.way}"), *(str(n) for _, n in one.counts), str(one.total)) for one in rows
    )
    return Grid(message(language, "desk.flywheel"), header, cells, frozenset(range(2, len(header))))


def flywheel_json(rows: Sequence[Turned]) -> Json:
    """The same as objects."""
    return [{"week": one.week.isoformat(), "way": one.way, **dict(one.counts), "total": one.total} for one in rows]
