"""Conversations left and gone back to: by the same person alone, while they may do the same."""

from __future__ import annotations

from dataclasses import replace

from assistant.app.ui.session import Session
from assistant.app.ui.visits import MOST_EACH, MOST_PEOPLE, VISIT, Visits
from assistant.pipeline import Assistant
from assistant.policy import Identity

LI, WANG = Identity("li", "branch_manager", ("3100",)), Identity("wang", "branch_manager", ("3100",))


def test_a_visit_is_found_by_whose_it_is_while_they_may_do_the_same() -> None:
    visits = Visits()
    session = Session("li", "en", fixed=True, visit="a" * 32)
    visits.keep(session, LI)
    assert visits.found(session.visit, LI) is session
    assert visits.found("b" * 32, LI) is None
    assert visits.found(session.visit, WANG) is None
    assert visits.found(session.visit, replace(LI, branches=("4400",))) is None
    visits.keep(replace(session, visit=""), WANG)
    assert visits.found("", WANG) is None


def test_who_goes_back_may_go_back_again(assistant: Assistant) -> None:
    visits = Visits()
    first = Session("li", visit="a" * 32).say(assistant, "AUM大于5万的客户")
    second = Session("li", visit="b" * 32).say(assistant, "有房贷的客户")
    for one in (first, second):
        visits.keep(one, LI)
    (other,) = visits.others(second, LI)
    assert other.session is first
    now = visits.back(first.visit, second, LI)
    assert (now.answers, now.visit) == (first.answers, second.visit)
    visits.keep(now, LI)
    (other,) = visits.others(now, LI)
    assert other.session.answers == second.answers
    assert VISIT.fullmatch(other.session.visit)
    assert visits.back("c" * 32, now, LI) is now
    assert visits.others(now, WANG) == ()


def test_so_many_are_kept() -> None:
    visits = Visits()
    for number in range(MOST_EACH + 3):
        visits.keep(Session("li", visit=f"{number:032x}"), LI)
    assert visits.found(f"{2:032x}", LI) is None
    assert visits.found(f"{3:032x}", LI) is not None
    for number in range(MOST_PEOPLE):
        visits.keep(Session(visit="a" * 32), Identity(f"u{number}"))
    assert visits.found(f"{3:032x}", LI) is None
