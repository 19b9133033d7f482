"""The view of the call lists: results are kept before they are told, only the new ones are made, and those who may not call are not shown it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import Desk
from assistant.app.ui.session import Session
from assistant.app.ui.views.calls import CallLists, Seen, _card, _item
from assistant.catalog.model import LANGUAGES
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.store.open import open_store


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    yield Desk(replace(assistant, kept=store), store)
    store.close()


def test_from_words_to_a_result_and_the_new_ones(desk: Desk) -> None:
    mine = desk.of(None)
    session = Session().say(mine, "有信用卡的客户").say(mine, "给这批客户建营销外呼名单")
    assert session.last is not None
    assert session.last.calls is not None
    (made,) = desk.store.call_lists("demo")
    view = CallLists()
    (seen,) = view.opened(made.id, Seen(), session, mine)
    (seen,) = view.wrote(2, "declined", seen, session, mine)
    assert "即时生效" in seen.done
    assert [one.result for one in desk.store.call_items(made.id)][:3] == [None, "declined", None]
    (moved,) = view.moved(True, -10, seen, session, mine)
    assert (moved.whole, moved.first, moved.done, moved.chosen) == (True, 0, "", made.id)
    (again,) = view.made(moved, session, mine)
    assert "只取新增" in again.done
    assert (again.whole, again.steps) == (False, seen.steps + 1)
    assert desk.store.call_lists("demo")[0].last.number == 2
    shown = mine.show_calls(made.id)
    for language in LANGUAGES:
        html = _card(shown, shown, mine, language) + "".join(_item(one, shown, mine, language) for one in shown.items)
        assert not any(str(one.customer) in html for one in shown.items)
    with pytest.raises(UserError, match="calls_not_found"):
        view.wrote(1, "interested", seen, session, replace(mine, identity=replace(mine.identity, user="wang")))


def test_the_view_is_for_those_who_may_call(assistant: Assistant) -> None:
    view = CallLists()
    assert view.allowed(assistant)
    for identity in (Identity("li", "branch_manager"), Identity("wu", "analyst"), Identity("root", "administrator")):
        assert not view.allowed(replace(assistant, identity=identity))
    assert view.allowed(replace(assistant, identity=Identity("li", "branch_manager", ("3100",))))
