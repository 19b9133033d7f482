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
from playwright.sync_api import Browser, expect, sync_playwright

from tests.app.ui.settled import PATIENCE
from tests.app.ui.visitor import Visitor

pytestmark = pytest.mark.browser

REQUEST_A = "手机银行活跃客户中,活期存款大于5W、过去30天浏览理财专区大于等于1次、触达渠道偏好为App推送的客户"
REQUEST_B = "active app users with >50k demand deposits who browsed wealth pages"
NO_BROWSER = "no Chromium found: apt-get install chromium fonts-noto-cjk (or set CHROMIUM to its path)"


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
    visitor.presses("#undo")
    expect(page.locator("#chat .it")).to_have_count(4, timeout=PATIENCE)
    assert visitor.count() == first
    visitor.presses("#definitions button")
    expect(page.locator("#definitions")).to_contain_text("mobile_active")
    visitor.speaks("English")
    expect(page.locator("#head")).to_contain_text("Segment Assistant", timeout=PATIENCE)
    expect(page.locator("#understanding .readback")).to_contain_text("demand deposit balance is greater than CNY 50,000", timeout=PATIENCE)
    assert visitor.count() == first
    visitor.presses("#chips .chip-1")
    page.locator("#hand-0 textarea").fill("100k")
    visitor.presses("#hand-set-0")
    expect(page.locator("#understanding .readback")).to_contain_text("CNY 100,000", timeout=PATIENCE)
    assert visitor.count() <= first
    visitor.presses("#undo")
    expect(page.locator("#understanding .readback")).to_contain_text("CNY 50,000", timeout=PATIENCE)
    visitor.presses("#start-over")
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
    visitor.presses("#start-over")
    expect(page.locator("#chat .it")).to_have_count(3, timeout=PATIENCE)
    visitor.says("customers of Renmin Road Sub-branch")
    options = page.locator("#choices button")
    expect(options.nth(1)).to_be_visible(timeout=PATIENCE)
    offered = re.search(r"([\d,]+) customer", options.nth(1).inner_text())
    assert offered is not None
    expect(page.locator("#understanding .count")).to_have_count(0)
    visitor.presses(options.nth(1))
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    assert visitor.count() == int(offered.group(1).replace(",", ""))
    assert not visitor.strangers
    assert not visitor.errors


def test_enter_without_words_is_no_turn(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    visitor.asks("")
    visitor.presses("#send")
    visitor.says("AUM大于5万的客户")
    visitor.asks("")
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
