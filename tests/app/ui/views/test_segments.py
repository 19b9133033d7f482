"""The view of the saved segments: changes go through the audit, only the owner's are carried out, and what is kept is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import Desk
from assistant.app.ui.session import Session
from assistant.app.ui.views.segments import Seen, Segments
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity
from assistant.store.change import Archive
from assistant.store.open import open_store


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    yield Desk(replace(assistant, kept=store), store)
    store.close()


def test_a_segment_is_renamed_and_put_away_by_its_owner(desk: Desk) -> None:
    mine = desk.of(None)
    Session().say(mine, "AUM大于5万的女性客户").say(mine, "保存为「富裕女性」")
    (kept,) = desk.store.library("demo").active
    view, session = Segments(), Session()
    (seen,) = view.renamed(kept, "  富裕 女士 ", Seen(kept.id), session, mine)
    assert (seen.chosen, seen.steps) == (kept.id, 1)
    assert "“富裕女性”已改名为“富裕 女士”" in seen.done
    assert view.renamed(kept, " ", seen, session, mine) == [seen]
    other = replace(mine, identity=replace(mine.identity, user="wang"))
    with pytest.raises(UserError, match="segment_not_yours"):
        view.changed(Archive(kept.id), "archive", "kept.archived", kept.name, seen, session, other)
    (seen,) = view.changed(Archive(kept.id), "archive", "kept.archived", kept.name, seen, session, mine)
    assert seen.steps == 2
    assert not desk.store.library("demo").active
    assert [event["kind"] for event in desk.store.audit.last(2)] == ["archive", "rename"]


def test_the_view_is_for_those_who_may_ask(assistant: Assistant) -> None:
    assert Segments().allowed(assistant)
    assert not Segments().allowed(replace(assistant, identity=Identity("root", "administrator")))
    assert not Segments().allowed(replace(assistant, identity=Identity("li", "branch_manager")))
