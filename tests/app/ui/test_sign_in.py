"""Signing in, in a real browser: nobody unknown is let in, two people do not meet, and what is revoked is gone at the next request."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.store.open import Store, open_store
from tests.app.ui.settled import PATIENCE, settled, watched
from tests.app.ui.test_page import browser, free_port
from tests.app.ui.visitor import PASSWORD, Visitor, signs_in

__all__ = ["browser"]
pytestmark = pytest.mark.browser


def served(folder: Path, bank_file: Path, store_url: str, **settings: str) -> tuple[subprocess.Popen[bytes], str]:
    """The page of a store, as a person starts it, and its address."""
    port = free_port()
    places = {
        "XDG_STATE_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "ASSISTANT_DATABASE": str(bank_file),
        "ASSISTANT_STORE_URL": store_url,
    }
    command = [sys.executable, "-m", "assistant", "serve", "--no-open", "--port", str(port)]
    with (folder / "out").open("wb") as out:
        server = subprocess.Popen(command, env={**os.environ, **places, **settings}, stdout=out, stderr=out)
    url, deadline = f"http://127.0.0.1:{port}/", time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return server, url
        except OSError:
            assert server.poll() is None, (folder / "out").read_text()
            assert time.monotonic() < deadline, "the page did not start"
            time.sleep(0.3)
        else:
            return server, url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    kept = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    kept.users.add("root", "administrator", PASSWORD, "console")
    for name, branch in (("lihua", "3100"), ("wangwei", "4400")):
        kept.users.add(name, "branch_manager", PASSWORD, "root")
        kept.users.grant(name, "branch", branch, None, "root")
    yield kept
    kept.close()


@pytest.fixture
def address(store: Store, bank_file: Path, tmp_path: Path) -> Iterator[str]:
    server, url = served(tmp_path, bank_file, f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield url
    server.terminate()
    server.wait()


def test_two_people_sign_in_and_one_is_revoked(browser: Browser, address: str, store: Store) -> None:
    stranger = browser.new_context(locale="zh-CN").new_page()
    stranger.goto(address)
    with stranger.expect_response(lambda one: one.url.endswith("/login"), timeout=PATIENCE) as answer:
        signs_in(stranger, "lihua", "wrong password")
    assert answer.value.status == 400
    assert stranger.locator("#request").count() == 0
    one = Visitor(browser, address, user="LiHua")
    expect(one.page.locator("#head .who")).to_contain_text("lihua · 客户经理 · 上海分行", timeout=PATIENCE)
    other = Visitor(browser, address, user="wangwei")
    expect(other.page.locator("#head .who")).to_contain_text("广州分行", timeout=PATIENCE)
    one.says("AUM大于5万的客户")
    expect(one.page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    assert other.page.locator("#chat .me").count() == 0
    other.says("上海分行的客户")
    expect(other.page.locator("#chat")).to_contain_text("只能查看广州分行的客户", timeout=PATIENCE)
    one.speaks("English")
    one.page.reload()
    one.arrives()
    expect(one.page.locator("#chat .me")).to_have_text("AUM大于5万的客户", timeout=PATIENCE)
    expect(one.page.locator("#understanding .readback")).to_contain_text("CNY 50,000", timeout=PATIENCE)
    one.says("only women")
    expect(one.page.locator("#understanding .readback")).to_contain_text("gender is Female", timeout=PATIENCE)
    again = Visitor(browser, address, user="lihua")
    assert again.page.locator("#chat .me").count() == 0, "another browser begins anew"
    again.says("有房贷的客户")
    again.presses("#earlier button.label-wrap")
    again.presses(again.page.locator("#earlier button.sm", has_text="AUM大于5万的客户"))
    expect(again.page.locator("#chat .me")).to_have_count(2, timeout=PATIENCE)
    again.presses("#earlier button.label-wrap")
    expect(again.page.locator("#earlier")).to_contain_text("有房贷的客户", timeout=PATIENCE)
    other.page.reload()
    other.arrives()
    assert other.page.locator("#chat .me").count() == 1
    assert other.page.locator("#earlier button.sm").count() == 0, "nobody sees what another did"
    store.users.revoke("lihua", "branch", "3100", "root")
    again.page.reload()
    again.arrives()
    assert again.page.locator("#chat .me").count() == 0, "who may do something else by now begins anew"
    one.speaks("中文")
    one.asks("其中女性")
    expect(one.page.locator("#chat")).to_contain_text("您还没有绑定机构", timeout=PATIENCE)
    store.users.disable("wangwei", "root")
    other.asks("女性客户")
    expect(other.page.locator("body")).to_contain_text("您的账号已停用", timeout=PATIENCE)
    assert other.page.locator("#chat .me").count() == 1
    other.page.goto(address + "logout")
    other.page.goto(address)
    expect(other.page.locator("input[type=password]")).to_be_visible(timeout=PATIENCE)
    assert other.page.locator("#request").count() == 0


@pytest.mark.parametrize(("locale", "users"), [("zh-CN", "看上海分行的客户"), ("en-GB", "sees customers of Shanghai Branch")])
def test_who_runs_the_program_sees_users_and_audit_first(browser: Browser, address: str, locale: str, users: str) -> None:
    page = watched(browser.new_context(locale=locale))
    page.goto(address)
    signs_in(page, "root", PASSWORD)
    expect(page.locator("#office-verify")).to_be_visible(timeout=PATIENCE)
    settled(page)
    expect(page.locator("main")).to_contain_text(users)
    page.locator("#office-verify").click()
    expect(page.locator("[role=status]").first).to_be_visible(timeout=PATIENCE)
    assert not page.locator("#request").is_visible()
    expect(page.get_by_role("tab")).to_have_count(2)


def test_single_sign_on_is_believed_from_its_proxy_alone(bank_file: Path, tmp_path: Path, store: Store) -> None:
    def status(address: str, **headers: str) -> int:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as found:
                return int(found.status)
        except urllib.error.HTTPError as error:
            return error.code

    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    for proxies, expected in (("127.0.0.1", 200), ("10.9.9.9", 401)):
        server, address = served(tmp_path, bank_file, url, ASSISTANT_SSO_HEADER="X-User", ASSISTANT_SSO_PROXIES=f'["{proxies}"]')
        try:
            assert status(address) == 401
            assert status(address, **{"X-User": "lihua"}) == expected
            assert status(address, **{"X-User": "lihua", "X-Forwarded-For": "10.9.9.9"}) == expected
        finally:
            server.terminate()
            server.wait()
