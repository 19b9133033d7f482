"""Words typed and choices picked stay in a view that is drawn anew; what a view says of its own goes before what was typed into an earlier drawing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.app.ui.test_page import PATIENCE, Visitor, address, browser

__all__ = ["address", "browser"]
pytestmark = pytest.mark.browser


def test_what_is_typed_or_picked_outlives_a_drawing(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    visitor.says("活期存款大于5万的女性客户")
    page.get_by_role("tab", name="交付", exact=True).click()
    purpose = page.locator("#deliver-purpose input[value=service]")
    purpose.check(timeout=PATIENCE)
    page.get_by_role("tab", name="标签", exact=True).click()
    words = page.locator("#tag-words textarea")
    words.fill("存款", timeout=PATIENCE)
    page.locator("#language").get_by_text("English").click()
    expect(page.locator("#tag-find")).to_have_text("Find", timeout=PATIENCE)
    expect(words).to_have_value("存款")
    page.locator("#tag-find").click()
    expect(page.locator("button.saved").first).to_be_visible(timeout=PATIENCE)
    page.locator("#tag-subject input").click()
    page.get_by_role("option").nth(1).click()
    expect(words).to_have_value("", timeout=PATIENCE)
    page.get_by_role("tab", name="Hand-over", exact=True).click()
    expect(page.locator("#deliver-export")).to_have_text(re.compile("[Ee]xport"), timeout=PATIENCE)
    expect(purpose).to_be_checked()
    assert not visitor.errors
