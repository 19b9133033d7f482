"""The analyst's view: a correction is tried in a conversation of its own and kept once it is seen; in a browser it makes the next same request right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.app.desk.naming import proposals
from assistant.app.desk.queue import ReviewDesk, open_review
from assistant.app.identity import CONSOLE, Desk
from assistant.app.ui.session import Session
from assistant.app.ui.views.desk import Review, Seen, draft_of, item_html
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.rule.edits import SetComparison
from assistant.store.open import Store, open_store
from tests.app.ui.settled import PATIENCE
from tests.app.ui.test_page import browser
from tests.app.ui.test_sign_in import served
from tests.app.ui.visitor import PASSWORD, Visitor

__all__ = ["browser"]
ASKED = "羊毛党里AUM大于5万的客户"
VIEW = Review()


@pytest.fixture
def desk(assistant: Assistant) -> Iterator[Desk]:
    store = open_store()
    store.users.add("zhou", "head_office_manager", "", CONSOLE)
    store.users.add("chen", "analyst", "", CONSOLE)
    store.users.add("wang", "catalog_owner", "", CONSOLE)
    store.users.grant("wang", "line", "WM", None, CONSOLE)
    yield Desk(replace(assistant, kept=store), store)
    store.close()


def at(desk: Desk, user: str = "chen") -> ReviewDesk:
    return open_review(desk, desk.of(user))


def test_the_view_is_for_reviewers_and_owners(desk: Desk) -> None:
    assert [VIEW.allowed(desk.of(name)) for name in ("zhou", "chen", "wang")] == [False, True, True]
    desk.store.users.grant("zhou", "steward", "fund_bal", None, CONSOLE)
    assert VIEW.allowed(desk.of("zhou"))


def test_a_correction_is_tried_and_then_kept(desk: Desk) -> None:
    desk.of("zhou").ask(ASKED)
    (item,) = at(desk).items()
    draft = draft_of(item, at(desk), "zh")
    with pytest.raises(UserError, match="desk_not_answered"):
        VIEW.corrected(item, draft, "", at(desk), "zh")
    draft = draft.say(at(desk).assistant, "再加上近30天领过优惠券")
    assert draft.last is not None
    assert draft.last.outcome == "answered"
    assert "以后同样的话都按改正后的口径来读" in VIEW.corrected(item, draft, "指领券客户", at(desk), "zh")
    assert desk.of("zhou").ask(ASKED)[0].by == "verified"
    (edited,) = at(desk).items(("edited",))
    shown = item_html(edited, at(desk), "zh")
    assert "指领券客户" in shown
    assert "“羊毛党” → 没有读懂" in shown


def test_a_correction_by_hand(desk: Desk) -> None:
    desk.of("zhou").ask("AUM大于5万的客户")
    (item,) = at(desk).items()
    draft = draft_of(item, at(desk), "en").edit(at(desk).assistant, SetComparison(path=(), operator=">=", value="200000"))
    assert "from now on" in VIEW.corrected(item, draft, "", at(desk), "en")
    assert desk.of("zhou").ask("AUM大于5万的客户")[0].by == "verified"


def test_what_is_pressed_is_decided(desk: Desk) -> None:
    desk.of("zhou").ask("AUM大于5万的客户")
    desk.of("zhou").ask("女客户")
    women, rich = at(desk).items()
    session = Session("chen", "zh", fixed=True)
    assert "已核定" in VIEW.approved(rich, at(desk), "zh")
    with pytest.raises(UserError, match="desk_reason"):
        VIEW.rejected(women, "", at(desk), "zh")
    assert "is rejected" in VIEW.rejected(women, "x", at(desk), "en")
    (seen,) = VIEW.sorted("rejected", session, desk.of("chen"))
    assert (seen.state, seen.chosen) == ("rejected", "")
    (seen,) = VIEW.opened(women.id, seen, session, desk.of("chen"))
    assert (seen.state, seen.chosen, seen.draft) == ("rejected", women.id, None)


def test_words_are_decided_by_their_owner(desk: Desk) -> None:
    desk.of("zhou").ask("基民里的女客户")
    (item,) = at(desk).items()
    draft = draft_of(item, at(desk), "zh").say(at(desk).assistant, "再加上基金市值大于0")
    VIEW.corrected(item, draft, "", at(desk), "zh")
    (one,) = (one for one in proposals(at(desk, "wang")) if one.word == "基民")
    with pytest.raises(UserError, match="forbidden_operation"):
        VIEW.accepted(one, "", at(desk), "zh")
    assert "wang已接受“基民”" in VIEW.accepted(one, "", at(desk, "wang"), "zh")
    assert "declined" in VIEW.declined(one, "no", at(desk, "wang"), "en")
    assert Seen().done == ""


@pytest.fixture
def users(tmp_path: Path) -> Iterator[Store]:
    kept = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for name, role in (("root", "administrator"), ("zhou", "head_office_manager"), ("chen", "analyst")):
        kept.users.add(name, role, PASSWORD, CONSOLE)  # type: ignore[arg-type]
    yield kept
    kept.close()


@pytest.fixture
def address(users: Store, bank_file: Path, tmp_path: Path) -> Iterator[str]:
    server, url = served(tmp_path, bank_file, f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield url
    server.terminate()
    server.wait()


@pytest.mark.browser
def test_an_analysts_correction_makes_the_next_request_right(browser: Browser, address: str, users: Store) -> None:
    manager = Visitor(browser, address, user="zhou")
    assert manager.page.get_by_role("tab", name="审核").count() == 0
    manager.says(ASKED)
    expect(manager.page.locator("#understanding .outcome.choice")).to_be_visible(timeout=PATIENCE)
    analyst = Visitor(browser, address, user="chen")
    page = analyst.page
    analyst.opens("审核")
    expect(page.locator("button.saved").first).to_contain_text(ASKED, timeout=PATIENCE)
    analyst.presses("button.saved")
    expect(page.locator("#desk-item .readback")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#desk-item")).to_contain_text("“羊毛党” → 没有读懂")
    analyst.presses("#desk-correct")
    page.locator("#desk-words textarea").fill("再加上近30天领过优惠券")
    analyst.presses("#desk-try")
    expect(page.locator("#desk-draft .count .n")).to_be_visible(timeout=PATIENCE)
    analyst.presses("#desk-keep")
    expect(page.locator("text=以后同样的话都按改正后的口径来读")).to_be_visible(timeout=PATIENCE)
    assert [one.by for one in users.reviews.decisions()] == ["chen"]
    manager.says("重来")
    manager.says(ASKED)
    expect(manager.page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    expect(manager.page.locator("#understanding .readback")).to_contain_text("优惠券", timeout=PATIENCE)
    expect(manager.page.locator("body")).to_contain_text("按已核定的口径理解（chen，", timeout=PATIENCE)
    manager.speaks("English")
    expect(manager.page.locator("body")).to_contain_text("verified, by chen on", timeout=PATIENCE)
