"""Call lists kept: added and never overwritten, their owner's alone, and whoever declines is known at once, whoever called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.errors import UserError
from assistant.rule.tree import TagCondition
from assistant.store.call import CallChange, CallItem, CallList, CallReason, CallResult, CallRun, MakeCalls, WriteResult
from assistant.store.event import AuditEvent
from assistant.store.open import Store
from assistant.store.segment import DECLINED_LIST, EMPTY

DAY = date(2026, 9, 24)
NODE = TagCondition(tag="age", operator=">", value=30)


def run(number: int, taken: int) -> CallRun:
    return CallRun(number, DAY, date(2026, 9, 25), ("3100",), 9, 7, (number - 1) * 2, taken)


def item(number: int, customer: int, of_run: int = 1) -> CallItem:
    reasons = (CallReason("cc_flag"), CallReason("risk_expire", "2026-10-01"))
    return CallItem(number, of_run, customer, reasons if number % 2 else (), DAY, "event", "310012", None if number == 2 else True, DAY)


FIRST = CallList("ab12", "理财到期", "li", "marketing", "wealth_maturity", "s@1", NODE, "理财到期的客户", "-aum_bal", (run(1, 2),))


def record(store: Store, change: CallChange, user: str = "li") -> None:
    event = AuditEvent("calls", "r", user, "branch_manager", ("3100",), "marketing", "", "answered", "c", DAY, segment=change.segment)
    store.record(event, change)


def result(store: Store, number: int, came: CallResult, user: str = "li") -> None:
    record(store, WriteResult("ab12", number, came), user)


@pytest.fixture
def kept(store: Store) -> Store:
    record(store, MakeCalls(FIRST, (item(1, 11), item(2, 12))))
    return store


def test_a_list_comes_back_as_it_was_made(kept: Store) -> None:
    (found,) = kept.call_lists("li")
    assert replace(found, created_at="", runs=(replace(found.runs[0], at="", by=""),)) == FIRST
    assert (found.runs[0].by, bool(found.runs[0].at), found.created_at) == ("li", True, found.runs[0].at)
    assert kept.call_items("ab12") == (item(1, 11), item(2, 12))
    assert kept.call_lists("wang") == ()


def test_a_next_run_adds_and_nobody_stands_on_a_list_twice(kept: Store) -> None:
    again = replace(FIRST, runs=(*FIRST.runs, run(2, 1)))
    record(kept, MakeCalls(again, (item(3, 13, 2),)))
    assert [one.customer for one in kept.call_items("ab12")] == [11, 12, 13]
    with pytest.raises(UserError, match="calls_changed"):
        record(kept, MakeCalls(again, (item(4, 14, 2),)))
    assert again.last.left == 7 - 2 - 1
    rows = len(kept.audit.last(100))
    third = replace(again, runs=(*again.runs, run(3, 1)))
    with pytest.raises(Exception, match="store_failed"):
        record(kept, MakeCalls(third, (item(4, 13, 3),)))
    assert len(kept.audit.last(100)) == rows, "neither the run nor its event"
    assert len(kept.call_lists("li")[0].runs) == 2


def test_the_last_word_counts_and_every_word_is_kept(kept: Store) -> None:
    result(kept, 1, "not_reached")
    result(kept, 1, "declined")
    result(kept, 2, "interested")
    assert [one.result for one in kept.call_items("ab12")] == ["declined", "interested"]
    assert kept.call_items("ab12")[0].by == "li"
    assert kept.members(DECLINED_LIST) == (11,)
    result(kept, 1, "interested")
    assert kept.members(DECLINED_LIST) == ()
    result(kept, 2, "declined")
    other = replace(FIRST, id="cd34", owner="wang")
    record(kept, MakeCalls(other, (item(1, 12), item(2, 10))), "wang")
    record(kept, WriteResult("cd34", 2, "declined"), "wang")
    record(kept, WriteResult("cd34", 1, "declined"), "wang")
    assert kept.members(DECLINED_LIST) == (10, 12), "each once, whoever called"
    assert kept.audit.verify().intact


def test_a_list_is_its_owners(kept: Store) -> None:
    with pytest.raises(UserError, match="calls_not_yours"):
        result(kept, 1, "declined", "wang")
    with pytest.raises(UserError, match="calls_not_yours"):
        record(kept, MakeCalls(replace(FIRST, runs=(*FIRST.runs, run(2, 1))), (item(3, 13, 2),)), "wang")
    with pytest.raises(UserError, match="call_item_unknown"):
        result(kept, 9, "declined")
    assert kept.members(DECLINED_LIST) == ()


def test_nobody_sees_the_list_of_those_who_declined() -> None:
    assert "declined" in EMPTY.by_id
    assert EMPTY.active == ()
    assert EMPTY.named("declined") == ()
