"""What writers that are to be killed do: saved segments, call lists with what came of each call, and decisions at the desk. Law: of what is there it can be told how many acts were done, and whether each is whole.

The acts of a kind are numbered; a few of them make one thing (a segment, a list, a request at the desk), and each leaves one row in the audit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

from assistant.rule.tree import TagCondition
from assistant.store.call import CALL_RESULTS, CallChange, CallItem, CallList, CallReason, CallResult, CallRun, MakeCalls, WriteResult
from assistant.store.change import Counted, Rename, Save, SegmentChange
from assistant.store.event import AuditEvent
from assistant.store.open import Store
from assistant.store.review import Decision, Understood, pair_of
from assistant.store.segment import Refresh, Version

MEMBERS = 2000
"""Customers of a segment."""
CALLED = 200
"""Customers of a call list."""
CALLS = 11
"""What came of so many calls of a list is written back before the next list is made."""
USER, ANALYST = "crash", "analyst"
_DAY = date(2026, 9, 24)
RowOf = Callable[[int], int]
"""The number of the audit row that the act of a number leaves."""


class Acts(Protocol):
    """One kind of acts."""

    def do(self, store: Store, number: int, row: RowOf) -> None:
        """Carry out the act of a number. It is acknowledged when this returns."""
        ...

    def torn(self, store: Store, done: int, row: RowOf) -> int:
        """How much of what so many acts leave is not there, is there in part, or should not be there. `row`: as for `do`."""
        ...


class SegmentActs:
    """By turns a new segment, a new version of it, a count, another name."""

    def change(self, number: int) -> SegmentChange:
        """What the act of a number does."""
        segment, turn = f"s{number // 4}", number % 4
        version = Version(
            1 + min(turn, 1), TagCondition(tag="age", operator=">", value=number), "living", f"act {number}", USER, "", _DAY, "c"
        )
        counted = Refresh(min(turn, 2) + 1, version.number, _DAY, "", USER, (), MEMBERS + number)
        members = tuple(range(number, number + MEMBERS))
        match turn:
            case 0 | 1:
                return Save(segment, f"segment {segment}", "", version, counted, members)
            case 2:
                return Counted(segment, counted, members)
            case _:
                return Rename(segment, f"renamed {segment}")

    def do(self, store: Store, number: int, row: RowOf) -> None:
        del row
        change = self.change(number)
        store.record(_event("save", number, change.segment), change)

    def torn(self, store: Store, done: int, row: RowOf) -> int:
        """Of each segment its versions and its name, and its members, which must be those last counted."""
        del row
        library = store.library(USER)
        found = int(len(library.segments) != -(-done // 4))
        for segment in library.segments[-2:]:
            first = int(segment.id[1:]) * 4
            turns = min(done - first, 4)
            last = self.change(first + min(turns, 3) - 1)
            whole = (
                isinstance(last, Save | Counted)
                and [one.number for one in segment.versions] == list(range(1, min(turns, 2) + 1))
                and segment.name == (f"renamed {segment.id}" if turns == 4 else f"segment {segment.id}")
                and segment.refreshed is not None
                and segment.refreshed.number == min(turns, 3)
                and segment.refreshed.count == last.counted.count
                and store.last_members(segment.id) == last.members
            )
            found += not whole
        return found


class CallActs:
    """A list of customers to call, then what came of one call after the other."""

    def change(self, number: int) -> CallChange:
        """What the act of a number does."""
        nth, turn = divmod(number, CALLS + 1)
        if turn:
            return WriteResult(_list_id(nth), turn, _result(number))
        run = CallRun(1, _DAY, _DAY, ("3100",), CALLED, CALLED, 0, CALLED)
        rule = TagCondition(tag="age", operator=">", value=number)
        made = CallList(_list_id(nth), f"list {nth}", USER, "marketing", "", "", rule, f"act {number}", "", (run,))
        return MakeCalls(made, tuple(_item(nth, one) for one in range(1, CALLED + 1)))

    def do(self, store: Store, number: int, row: RowOf) -> None:
        del row
        change = self.change(number)
        store.record(_event("calls", number, change.segment), change)

    def torn(self, store: Store, done: int, row: RowOf) -> int:
        """Of each list its customers with the last word on each; and whoever declined, over all lists, is known to have."""
        del row
        lists = {one.id for one in store.call_lists(USER)}
        begun = -(-done // (CALLS + 1))
        found = int(lists != {_list_id(nth) for nth in range(begun)})
        for nth in range(max(begun - 2, 0), begun):
            first = nth * (CALLS + 1)
            told = {number - first: _result(number) for number in range(first + 1, min(done, first + CALLS + 1))}
            there = [(one.number, one.customer, one.result) for one in store.call_items(_list_id(nth))]
            found += there != [(one, _customer(nth, one), told.get(one)) for one in range(1, CALLED + 1)]
        declined = (
            _customer(*divmod(number, CALLS + 1)) for number in range(done) if number % (CALLS + 1) and _result(number) == "declined"
        )
        return found + (sorted(declined) != list(store.calls.declined()))


class DeskActs:
    """A request asked, what its asker said of the answer, its reading approved, and another put in its place."""

    def do(self, store: Store, number: int, row: RowOf) -> None:
        nth, turn = divmod(number, 4)
        asked = row(number - turn)
        match turn:
            case 0:
                store.record(_event("ask", number, ""), None, _understood(nth))
            case 1:
                store.reviews.say(USER, str(number - 1), "wrong", f"act {number}")
            case 2:
                store.reviews.decide(_decision(nth, asked, 0), 0)
            case _:
                approved = next(one.id for one in store.reviews.decisions()[::-1] if one.turn == asked)
                store.reviews.decide(_decision(nth, asked, 1), approved)

    def torn(self, store: Store, done: int, row: RowOf) -> int:
        """Every turn at the audit row it was asked in, everything said and decided of it, and the reading that stands."""
        reviews, begun = store.reviews, -(-done // 4)
        asked = [row(4 * nth) for nth in range(begun)]
        found = int([one.seq for one in reviews.seen()] != asked)
        found += [one.turn for one in reviews.said()] != [row(4 * nth) for nth in range((done + 2) // 4)]
        decided = sorted((4 * nth + turn, nth) for turn in (2, 3) for nth in range(begun) if 4 * nth + turn < done)
        found += [(one.turn, one.kind) for one in reviews.decisions()] != [
            (row(4 * nth), "approve" if number % 4 == 2 else "correct") for number, nth in decided
        ]
        for nth in range(max(begun - 2, 0), begun):
            turns = min(done - 4 * nth, 4)
            standing = reviews.verified(_key(nth))
            rule = "" if standing is None else standing.rule
            found += rule != ("" if turns < 3 else _decision(nth, row(4 * nth), turns - 3).rule)
        return found


def _event(kind: str, number: int, segment: str) -> AuditEvent:
    return AuditEvent(kind, str(number), USER, "", (), "analysis", f"act {number}", "answered", "c", _DAY, segment=segment)


def _list_id(nth: int) -> str:
    return f"l{nth}"


def _customer(nth: int, place: int) -> int:
    """The customer at a place of a list: on that list alone."""
    return nth * CALLED + place


def _item(nth: int, place: int) -> CallItem:
    reasons = (CallReason("age", str(place)),)
    return CallItem(place, 1, _customer(nth, place), reasons, _DAY + timedelta(days=place % 7), "span", "310012", place % 2 == 0, None)


def _result(number: int) -> CallResult:
    return CALL_RESULTS[number % len(CALL_RESULTS)]


def _key(nth: int) -> str:
    return f"request {nth}"


def _understood(nth: int) -> Understood:
    return Understood(_key(nth), pair_of(_key(nth), "0"), "read", "zh", True, (), "[]", "[]", "[]", (), '{"kind":"all"}', nth, "SELECT 1")


def _decision(nth: int, turn: int, edition: int) -> Decision:
    """The first decision on a request approves its reading, the second puts another rule in its place."""
    key = _key(nth)
    before, after = (pair_of(key, str(one)) for one in (0, edition))
    if edition == 0:
        return Decision(turn, before, "approve", key, after, '{"kind":"all"}', "[]", "", "", ANALYST)
    return Decision(turn, before, "correct", key, after, f'{{"corrected":{nth}}}', "[]", "", "", ANALYST)
