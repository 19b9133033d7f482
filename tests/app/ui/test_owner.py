"""The owner's drawer: nothing for others, what stops is shown before a tag is taken out of use, and the step is theirs at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.identity import CONSOLE, Desk
from assistant.app.ui.owner import own_tags, taken
from assistant.pipeline import Assistant
from assistant.store.open import open_store


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    store.users.add("root", "administrator", "", CONSOLE)
    store.users.add("owner", "catalog_owner", "", CONSOLE)
    store.users.grant("owner", "line", "WM", None, CONSOLE)
    store.users.add("chen", "analyst", "", CONSOLE)
    yield Desk(replace(assistant, kept=store), store)
    store.close()


def test_the_drawer_holds_what_somebody_may_move(desk: Desk) -> None:
    assert own_tags(desk.assistant) == ()
    assert own_tags(desk.of("chen")) == ()
    assert {tag.owner for tag in own_tags(desk.of("owner"))} == {"WM"}
    desk.store.users.grant("chen", "steward", "risk_level", None, CONSOLE)
    assert [tag.code for tag in own_tags(desk.of("chen"))] == ["risk_level"]


def test_what_stops_is_shown_first_and_the_step_taken_when_pressed_again(desk: Desk) -> None:
    said, seen = taken(desk, (), "zh", "owner", "fund_bal", "deprecated", "口径<b>改</b>为日均", "", "")
    assert "再按一次" in said
    assert not desk.store.tag_moves.latest()
    said, seen = taken(desk, (), "zh", "owner", "fund_bal", "deprecated", "口径<b>改</b>为日均", "", seen)
    assert "已从“已上线”改为“将停用”" in said
    assert seen == ""
    assert desk.of("owner").catalog.tags["fund_bal"].status == "deprecated"


def test_a_step_that_is_not_theirs_or_not_said_is_told(desk: Desk) -> None:
    assert "请选择" in taken(desk, (), "zh", "owner", "", "", "", "", "")[0]
    assert "may not" in taken(desk, (), "en", "chen", "fund_bal", "deprecated", "x", "", "fund_bal deprecated")[0]
    assert "sign" in taken(desk, (), "en", None, "fund_bal", "deprecated", "x", "", "fund_bal deprecated")[0].casefold()
    desk.store.users.revoke("owner", "line", "WM", CONSOLE)
    assert "由财富管理负责" in taken(desk, (), "zh", "owner", "fund_bal", "deprecated", "x", "", "fund_bal deprecated")[0]
    assert not desk.store.tag_moves.latest()
