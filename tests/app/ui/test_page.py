"""The page in a real browser: both requests of the first story in both languages, a choice, the switch of language, and no word to the internet."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

REQUEST_A = "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户"
REQUEST_B = "active app users with >50k demand deposits who browsed wealth pages"
NO_BROWSER = "no Chromium found: apt-get install chromium fonts-noto-cjk (or set CHROMIUM to its path)"
PATIENCE = 60_000
AGAIN = 1_000
"""Milliseconds after which a person whose Enter did nothing presses it again."""


def chromium() -> str:
    """The browser's path. Where CI promises one, its absence is a failure and not a skip."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(browser: Browser, bank_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page as a person starts it."""
    port = free_port()
    folder = tmp_path_factory.mktemp("serve")
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "ASSISTANT_DATABASE": str(bank_file)}
    command = [sys.executable, "-m", "assistant", "serve", "--no-open", "--port", str(port)]
    with (folder / "out").open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as server:
        url = f"http://127.0.0.1:{port}/"
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (folder / "out").read_text()
                assert time.monotonic() < deadline, "the page did not start"
                time.sleep(0.3)
        yield url
        server.terminate()


class Visitor:
    """One person at the page; `strangers` are addresses other than the page's own that the browser asked for."""

    def __init__(self, browser: Browser, address: str, locale: str, width: int = 1280) -> None:
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.page: Page = browser.new_context(locale=locale, viewport={"width": width, "height": 900}).new_page()
        self.page.on(
            "request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else self.strangers.append(request.url)
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        expect(self.page.locator("#request textarea")).to_be_visible(timeout=PATIENCE)

    def says(self, words: str) -> None:
        replies = self.page.locator("#chat .it")
        before = replies.count()
        box = self.page.locator("#request textarea")
        box.fill(words)
        deadline = time.monotonic() + PATIENCE / 1000
        while box.input_value() == words and time.monotonic() < deadline:
            box.press("Enter")
            self.page.wait_for_timeout(AGAIN)
        expect(replies).to_have_count(before + 1, timeout=PATIENCE)
        expect(box).to_have_value("", timeout=PATIENCE)

    def count(self) -> int:
        text = self.page.locator("#understanding .count .n").inner_text(timeout=PATIENCE)
        found = re.search(r"[\d,]+", text)
        assert found is not None, text
        return int(found.group().replace(",", ""))


def test_request_a_in_chinese_with_follow_ups(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    expect(page.locator("#head")).to_contain_text("客群助手")
    visitor.says(REQUEST_A)
    first = visitor.count()
    expect(page.locator("#understanding mark.condition")).to_have_count(4)
    expect(page.locator("#understanding .readback")).to_contain_text("活期存款余额大于5万元")
    expect(page.locator("#funnel .js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#funnel-table")).to_contain_text("去掉后")
    visitor.says("再加上没有信用卡的")
    narrowed = visitor.count()
    assert narrowed <= first
    visitor.says("按分行看有多少")
    expect(page.locator("#findings table")).to_be_visible(timeout=PATIENCE)
    page.locator("#undo").click()
    expect(page.locator("#chat .it")).to_have_count(4, timeout=PATIENCE)
    assert visitor.count() == first
    page.locator("#definitions button").first.click()
    expect(page.locator("#definitions")).to_contain_text("mobile_active")
    page.locator("#language").get_by_text("English").click()
    expect(page.locator("#head")).to_contain_text("Segment Assistant", timeout=PATIENCE)
    expect(page.locator("#understanding .readback")).to_contain_text("demand deposit balance is greater than CNY 50,000", timeout=PATIENCE)
    assert visitor.count() == first
    page.locator("#chips .chip-1").click()
    page.locator("#hand-0 textarea").fill("100k")
    page.locator("#hand-set-0").click()
    expect(page.locator("#understanding .readback")).to_contain_text("CNY 100,000", timeout=PATIENCE)
    assert visitor.count() <= first
    page.locator("#undo").click()
    expect(page.locator("#understanding .readback")).to_contain_text("CNY 50,000", timeout=PATIENCE)
    page.locator("#start-over").click()
    expect(page.locator("#chat .it")).to_have_count(7, timeout=PATIENCE)
    assert not visitor.strangers
    assert not visitor.errors


def test_request_b_in_english_and_a_choice(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "en-US")
    page = visitor.page
    expect(page.locator("#head")).to_contain_text("Segment Assistant", timeout=PATIENCE)
    visitor.says(REQUEST_B)
    first = visitor.count()
    expect(page.locator("#understanding .readback")).to_contain_text("CNY 50,000")
    visitor.says("raise it to 100k")
    assert visitor.count() <= first
    page.locator("#start-over").click()
    expect(page.locator("#chat .it")).to_have_count(3, timeout=PATIENCE)
    visitor.says("customers of Renmin Road Sub-branch")
    options = page.locator("#choices button")
    expect(options.nth(1)).to_be_visible(timeout=PATIENCE)
    offered = re.search(r"([\d,]+) customer", options.nth(1).inner_text())
    assert offered is not None
    expect(page.locator("#understanding .count")).to_have_count(0)
    options.nth(1).click()
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    assert visitor.count() == int(offered.group(1).replace(",", ""))
    assert not visitor.strangers
    assert not visitor.errors


def test_enter_without_words_is_no_turn(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    visitor.page.locator("#request textarea").press("Enter")
    visitor.page.locator("#send").click()
    visitor.says("AUM大于5万的客户")
    visitor.page.locator("#request textarea").press("Enter")
    visitor.says("再加上女性")
    assert visitor.page.locator("#chat .me").count() == 2


def test_what_is_typed_is_shown_as_typed(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    typed = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> [a](http://b) $$x$$ **c** AUM大于5万"
    visitor.says(typed)
    expect(visitor.page.locator("#chat .me")).to_have_text(typed, timeout=PATIENCE)
    assert visitor.page.locator("#chat img, #chat a, #understanding a, #understanding img, #choices a, #choices img, .katex").count() == 0
    assert visitor.page.title() != "owned"
    assert not visitor.errors


def test_two_visitors_do_not_meet_and_a_phone_is_wide_enough(browser: Browser, address: str) -> None:
    one, other = Visitor(browser, address, "zh-CN"), Visitor(browser, address, "zh-CN", width=390)
    one.says("AUM大于5万的客户")
    other.says("年龄大于60岁的客户")
    other.says("其中女性")
    assert one.page.locator("#chat .me").count() == 1
    expect(one.page.locator("#understanding .readback")).to_contain_text("AUM")
    assert other.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not [*one.errors, *other.errors]
