"""A day of each of the three people in a real browser, in both languages: a manager from her request to a call written back and a list handed over, an analyst whose correction makes the next request right,
and the owner of a tag who takes it out of use. Each view they come through has no serious fault for axe-core, and neither browser nor server says a word to another machine."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.app.identity import CONSOLE
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.store.open import Store, open_store
from tests.app.ui.settled import PATIENCE
from tests.app.ui.test_accessible import axe, faults
from tests.app.ui.test_page import browser
from tests.app.ui.test_sign_in import served
from tests.app.ui.visitor import PASSWORD, Visitor

__all__ = ["axe", "browser"]
pytestmark = pytest.mark.browser
LOCALES: dict[Language, str] = {"zh": "zh-CN", "en": "en-US"}
LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
LISTENER = """
import os, sys

def heard(event, given):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        where = given[0] if event == "socket.getaddrinfo" else given[1]
        where = where[0] if isinstance(where, tuple) else where
        with open(os.environ["HEARD"], "a") as out:
            out.write(f"{where.decode() if isinstance(where, bytes) else where}\\n")

sys.addaudithook(heard)
"""
"""Python runs this before anything else of the server: every address that it turns to is written down."""
THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Bank:
    """The page of a store, what its server turned to, and the store."""

    address: str
    heard: Path
    store: Store


@pytest.fixture(scope="module")
def bank(browser: Browser, bank_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("days")
    url, heard = f"sqlite:///{folder / 'store.sqlite'}", folder / "heard"
    store = open_store(url)
    store.users.add("root", "administrator", PASSWORD, CONSOLE)
    for language in LOCALES:
        store.users.add(f"li-{language}", "branch_manager", PASSWORD, CONSOLE)
        store.users.grant(f"li-{language}", "branch", "3100", None, CONSOLE)
        store.users.add(f"zhou-{language}", "head_office_manager", PASSWORD, CONSOLE)
        store.users.add(f"chen-{language}", "analyst", PASSWORD, CONSOLE)
        store.users.add(f"wang-{language}", "catalog_owner", PASSWORD, CONSOLE)
        store.users.grant(f"wang-{language}", "line", "WM", None, CONSOLE)
    (folder / "sitecustomize.py").write_text(LISTENER, encoding="utf-8")
    server, address = served(folder, bank_file, url, PYTHONPATH=str(folder), HEARD=str(heard))
    yield Bank(address, heard, store)
    server.terminate()
    server.wait()
    store.close()


class Person(Visitor):
    """Somebody signed in at the page of a bank."""

    def __init__(self, browser: Browser, bank: Bank, user: str, language: Language) -> None:
        super().__init__(browser, bank.address, LOCALES[language], user=user)
        self.language = language
        expect(self.page.locator("#head .who")).to_contain_text(user, timeout=PATIENCE)

    def sees(self, view: str, shows: str) -> None:
        """Open a view by its name, which shows something."""
        self.opens(message(self.language, f"view.{view}"))
        expect(self.page.locator(shows).first).to_be_visible(timeout=PATIENCE)

    def gets(self, button: str, shows: str) -> None:
        """Press a button, which shows something."""
        self.presses(button)
        expect(self.page.locator(shows).first).to_be_visible(timeout=PATIENCE)

    def goes_home(self, bank: Bank) -> None:
        """At the end of the day nothing went wrong in the browser, and nobody elsewhere heard of it."""
        assert self.strangers == []
        assert self.errors == []
        turned_to = set(bank.heard.read_text(encoding="utf-8").split())
        assert "127.0.0.1" in turned_to, "the server looks whether it answers itself: the listener listens"
        assert turned_to <= THIS_MACHINE
        self.page.context.close()


@dataclass(frozen=True)
class ManagersWords:
    asked: str
    refined: str
    narrowed: str
    name: str
    saved: str
    goal: str
    strategy: str
    list: str
    made: str
    declined: str


MANAGERS: dict[Language, ManagersWords] = {
    "zh": ManagersWords(
        "活期存款大于1万的客户", "再加上近30天登录过手机银行", "手机银行登录次数", "活跃储户", "已保存为客群“活跃储户”",
        "提升理财首购", "套用「", "给这批客户建营销外呼名单", "已建外呼名单“活跃储户”", "即时生效",
    ),
    "en": ManagersWords(
        "customers with demand deposits above 10k", "only women", "gender", "Women who save", "Saved as the segment “Women who save”",
        "raise first wealth purchases", "apply the strategy", "make a marketing call list of these customers", "Call list “Women who save”", "Effective at once",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LOCALES)
def test_a_managers_day(browser: Browser, bank: Bank, axe: str, language: Language) -> None:
    words, me = MANAGERS[language], f"li-{language}"
    day = Person(browser, bank, me, language)
    page = day.page
    day.says(words.asked)
    first = day.count()
    day.says(words.refined)
    expect(page.locator("#understanding .readback")).to_contain_text(words.narrowed, timeout=PATIENCE)
    refined = day.count()
    assert 0 < refined < first
    assert faults(page, axe) == []
    page.locator("#segment-name textarea").fill(words.name)
    day.presses("#save-segment")
    expect(page.locator("#chat")).to_contain_text(words.saved, timeout=PATIENCE)
    (segment,) = bank.store.library(me).active
    assert (segment.name, segment.refreshed is not None and segment.refreshed.count) == (words.name, refined)

    day.says(words.list)
    expect(page.locator("#chat .it").last).to_contain_text(words.made, timeout=PATIENCE)
    day.sees("calls", "button.saved")
    day.gets("button.saved", "#result-1-declined")
    expect(page.locator("#call-list .card.call h3").first).to_have_text(re.compile(r"^1\. \*{4}\d\d$"))
    assert faults(page, axe) == []
    day.presses("#result-1-declined")
    expect(page.locator("body")).to_contain_text(words.declined, timeout=PATIENCE)
    (made,) = bank.store.call_lists(me)
    called = bank.store.call_items(made.id)
    assert [one.result for one in called[:2]] == ["declined", None]

    day.sees("deliver", "#deliver-export")
    assert faults(page, axe) == []
    page.locator("#deliver-purpose input[value=marketing]").check()
    day.gets("#deliver-export", "a[download$='.csv']")
    held = {name: page.locator(f"a[download$='{name}']").get_attribute("href") or "" for name in (".csv", ".manifest.json")}
    rows, manifest = (b64decode(href.partition("base64,")[2]).decode() for href in held.values())
    assert 0 < json.loads(manifest)["rows"] == len(rows.splitlines()) - 1 < refined, "some may not be contacted"
    assert bank.store.audit.last(1)[0]["kind"] == "export"
    assert faults(page, axe) == []

    day.sees("segments", "button.saved")
    day.gets("button.saved", "#segment .readback")
    assert faults(page, axe) == []
    day.sees("strategies", "#strategy-goal textarea")
    page.locator("#strategy-goal textarea").fill(words.goal)
    day.gets("#strategy-find", "#strategy h3")
    assert faults(page, axe) == []
    day.presses("#strategy-apply")
    expect(page.locator("#chat .me").last).to_contain_text(words.strategy, timeout=PATIENCE)
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    day.goes_home(bank)


@dataclass(frozen=True)
class AnalystsWords:
    asked: str
    unread: str
    correction: str
    corrected: str
    again: str


ANALYSTS: dict[Language, AnalystsWords] = {
    "zh": AnalystsWords("羊毛党里AUM大于5万的客户", "羊毛党", "再加上近30天领过优惠券", "优惠券", "重来"),
    "en": AnalystsWords("coupon hunters with AUM above 50k", "coupon hunters", "only women", "gender", "start over"),
}


@pytest.mark.parametrize("language", LOCALES)
def test_an_analysts_day(browser: Browser, bank: Bank, axe: str, language: Language) -> None:
    words = ANALYSTS[language]
    manager = Person(browser, bank, f"zhou-{language}", language)
    manager.says(words.asked)
    expect(manager.page.locator("#chat .it").last).to_contain_text(words.unread, timeout=PATIENCE)
    assert manager.page.locator("#understanding .count").count() == 0, "what was not read is not counted"
    day = Person(browser, bank, f"chen-{language}", language)
    page = day.page
    day.sees("desk", "#desk-state")
    row = page.locator("button.saved", has_text=words.asked)
    expect(row).to_be_visible(timeout=PATIENCE)
    day.gets(f"button.saved:has-text('{words.asked}')", "#desk-item .readback")
    expect(page.locator("#desk-item")).to_contain_text(words.unread)
    assert faults(page, axe) == []
    day.gets("#desk-correct", "#desk-words textarea")
    page.locator("#desk-words textarea").fill(words.correction)
    day.gets("#desk-try", "#desk-draft .count .n")
    assert faults(page, axe) == []
    kept = len(bank.store.reviews.decisions())
    day.presses("#desk-keep")
    expect(page.locator(f"button.saved:has-text('{words.asked}')")).to_have_count(0, timeout=PATIENCE)
    decided = bank.store.reviews.decisions()
    assert [(one.kind, one.by) for one in decided[kept:]] == [("correct", f"chen-{language}")]
    manager.says(words.again)
    manager.says(words.asked)
    expect(manager.page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    expect(manager.page.locator("#understanding .readback")).to_contain_text(words.corrected, timeout=PATIENCE)
    expect(manager.page.locator("body")).to_contain_text(f"chen-{language}", timeout=PATIENCE)
    for one in (manager, day):
        one.goes_home(bank)


@dataclass(frozen=True)
class OwnersWords:
    code: str
    tag: str
    asked: str
    reason: str
    instead: str
    used_by: str


OWNERS: dict[Language, OwnersWords] = {
    "zh": OwnersWords("fund_plan_cnt", "基金定投签约数", "基金定投签约数大于等于1的客户", "口径改为按合约", "理财持仓市值", "被"),
    "en": OwnersWords("wealth_pnl_pct", "Unrealised wealth return", "customers with unrealised wealth return above 1%", "wrong since the merger", "Wealth", "used"),
}  # fmt: skip


@pytest.mark.parametrize("language", LOCALES)
def test_an_owners_day(browser: Browser, bank: Bank, axe: str, language: Language) -> None:
    words = OWNERS[language]
    manager = Person(browser, bank, f"zhou-{language}", language)
    manager.says(words.asked)
    expect(manager.page.locator("#understanding .readback")).to_contain_text(words.tag, ignore_case=True, timeout=PATIENCE)
    day = Person(browser, bank, f"wang-{language}", language)
    page = day.page
    day.sees("tags", "#owner button")
    day.presses("#owner button")
    expect(page.locator("#owner-move")).to_be_visible(timeout=PATIENCE)
    assert faults(page, axe) == []
    for status in ("deprecated", "offline"):
        day.picks("#owner-tag", words.tag)
        day.picks("#owner-status", message(language, f"status.{status}"))
        page.locator("#owner-reason textarea, #owner-reason input").fill(words.reason)
        day.picks("#owner-replacement", words.instead)
        if status == "deprecated":
            for spoken in [*(LANGUAGES[one] for one in LOCALES if one != language), LANGUAGES[language]]:
                day.speaks(spoken)
                expect(page.locator("#owner-tag input")).to_be_visible(timeout=PATIENCE)
        day.presses("#owner-move")
        expect(page.locator("#owner-told")).to_contain_text(message(language, "lifecycle.again"), timeout=PATIENCE)
        expect(page.locator("#owner-told")).to_contain_text(words.tag)
        expect(page.locator("#owner-told")).to_contain_text(words.used_by)
        before = bank.store.tag_moves.latest().get(words.code)
        assert before is None or before.after != status, "what stops is shown before anything does"
        assert faults(page, axe) == []
        day.presses("#owner-move")
        expect(page.locator("#owner-told")).not_to_contain_text(message(language, "lifecycle.again"), timeout=PATIENCE)
        kept = bank.store.tag_moves.latest()[words.code]
        assert (kept.after, kept.by, kept.reason) == (status, f"wang-{language}", words.reason)
        standing = f"{words.tag} · {message(language, f'status.{status}')}"
        day.picks("#owner-tag", standing)
        manager.says(words.asked)
        body = manager.page.locator("body")
        expect(body).to_contain_text(words.reason, timeout=PATIENCE)
        expect(body).to_contain_text(words.instead, timeout=PATIENCE)
        if status == "deprecated":
            expect(manager.page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
        else:
            expect(manager.page.locator("#understanding .count")).to_have_count(0, timeout=PATIENCE)
    for one in (manager, day):
        one.goes_home(bank)
