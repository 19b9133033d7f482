"""Words typed, choices picked and accordions opened stay in a view that is drawn anew; what a view says of its own goes before what was typed into an earlier drawing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from assistant.narrate.messages import message
from tests.app.ui.settled import PATIENCE
from tests.app.ui.test_page import address, browser
from tests.app.ui.visitor import Visitor

__all__ = ["address", "browser"]
pytestmark = pytest.mark.browser


def test_what_is_typed_or_picked_outlives_a_drawing(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    visitor.says("活期存款大于5万的女性客户")
    visitor.opens("交付")
    purpose = page.locator("#deliver-purpose input[value=service]")
    purpose.check(timeout=PATIENCE)
    visitor.opens("标签")
    words = page.locator("#tag-words textarea")
    words.fill("存款", timeout=PATIENCE)
    visitor.speaks("English")
    expect(page.locator("#tag-find")).to_have_text("Find", timeout=PATIENCE)
    expect(words).to_have_value("存款")
    visitor.presses("#tag-find")
    expect(page.locator("button.saved").first).to_be_visible(timeout=PATIENCE)
    page.locator("#tag-subject input").click()
    page.get_by_role("option").nth(1).click()
    expect(words).to_have_value("", timeout=PATIENCE)
    visitor.opens("Hand-over")
    expect(page.locator("#deliver-export")).to_have_text(re.compile("[Ee]xport"), timeout=PATIENCE)
    expect(purpose).to_be_checked()
    assert not visitor.errors


def test_what_is_picked_or_opened_outlives_a_drawing(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address)
    page = visitor.page
    visitor.says("活期存款大于5万的女性客户")
    visitor.presses(page.locator("#chips button", has_text="活期存款"))
    visitor.picks("#hand-order-0", message("zh", "hand.at_least"))
    page.locator("#hand-0 textarea").fill("8万")
    visitor.speaks("English")
    expect(page.locator("#hand-set-0")).to_have_text(message("en", "hand.set"), timeout=PATIENCE)
    expect(page.locator("#hand-order-0 input")).to_have_value(message("en", "hand.at_least"))
    expect(page.locator("#hand-0 textarea")).to_have_value("8万")
    visitor.presses("#hand-set-0")
    expect(page.locator("#understanding .readback")).to_contain_text("at least CNY 80,000", timeout=PATIENCE)
    visitor.opens("Review")
    fold, shown = page.locator("#desk-flywheel button.label-wrap"), page.locator("#desk-flywheel table")
    expect(shown).to_be_hidden()
    visitor.presses(fold)
    visitor.speaks("中文")
    expect(fold).to_contain_text(message("zh", "desk.flywheel_title"), timeout=PATIENCE)
    expect(shown).to_be_visible()
    visitor.presses(fold)
    visitor.speaks("English")
    expect(fold).to_contain_text(message("en", "desk.flywheel_title"), timeout=PATIENCE)
    expect(shown).to_be_hidden()
    assert not visitor.errors
