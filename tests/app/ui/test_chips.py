"""The chips: a press on the one that is open shuts it, and one made while they are drawn anew is not lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from assistant.app.ui.chips import Open
from tests.app.ui.settled import PATIENCE, settled
from tests.app.ui.test_page import address, browser
from tests.app.ui.visitor import Visitor

__all__ = ["address", "browser"]
HOLD = """() => {
    const real = window.fetch, held = new Promise((next) => { window.letGo = next; });
    window.fetch = async (where, how) => {
        const found = await real(where, how);
        if (String(where.url ?? where).includes('/run/')) {
            window.drawn = true;
            await held;
        }
        return found;
    };
}"""
"""A drawing that is done does not come before it is let go."""


def test_a_press_opens_one_and_shuts_it_again() -> None:
    first, second = Open("a", 0), Open("a", 1)
    assert Open().pressed(first) == first
    assert first.pressed(second) == second
    assert first.pressed(first) == Open()


@pytest.mark.browser
def test_a_press_while_the_chips_are_drawn_anew_is_not_lost(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, address)
    page = visitor.page
    visitor.says("活期存款大于5万的女性客户")
    page.evaluate(HOLD)
    page.locator("#chips .chip-0").click()
    page.wait_for_function("window.drawn", timeout=PATIENCE)
    assert page.locator("#chip-editor").count() == 0, "the drawing is done and not yet here"
    page.locator("#chips .chip-1").focus()
    with page.expect_response(re.compile("/queue/join"), timeout=PATIENCE) as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    page.evaluate("window.letGo()")
    settled(page)
    expect(page.locator("#chips .chip-1")).to_have_class(re.compile("opened"), timeout=PATIENCE)
    expect(page.locator("#chips .opened")).to_have_count(1)
    expect(page.locator("#chip-editor")).to_be_visible()
    assert not visitor.errors
