"""Somebody at the page in a real browser. Law: whatever they do begins when the page is at rest, is done once, and ends when the page is at rest again."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.app.ui.settled import PATIENCE, settled, watched

PASSWORD = "correct horse battery"


class Visitor:
    """One person. `user`: whom they sign in as, where that is asked; `strangers`: addresses other than the page's own that the browser asked for."""

    def __init__(self, browser: Browser, address: str, locale: str = "zh-CN", width: int = 1280, user: str = "") -> None:
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.page: Page = watched(browser.new_context(locale=locale, viewport={"width": width, "height": 900}))
        self.page.on("request", lambda one: None if one.url.startswith((address, "data:", "blob:")) else self.strangers.append(one.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)
        if user:
            signs_in(self.page, user, PASSWORD)
        self.arrives()

    def arrives(self) -> None:
        """The page is open before them."""
        expect(self.page.locator("#request textarea")).to_be_visible(timeout=PATIENCE)
        settled(self.page)

    def asks(self, words: str) -> None:
        """Say something in the chat, whatever comes of it."""
        settled(self.page)
        box = self.page.locator("#request textarea")
        box.fill(words)
        box.press("Enter")
        settled(self.page)

    def says(self, words: str) -> None:
        """Say something in the chat and be answered."""
        replies = self.page.locator("#chat .it")
        before = replies.count()
        self.asks(words)
        expect(replies).to_have_count(before + 1, timeout=PATIENCE)
        expect(self.page.locator("#request textarea")).to_have_value("", timeout=PATIENCE)

    def presses(self, button: str | Locator) -> None:
        """Press a button, the first of those that are meant."""
        settled(self.page)
        found = self.page.locator(button) if isinstance(button, str) else button
        found.first.click(timeout=PATIENCE)
        settled(self.page)

    def keys(self, button: str | Locator) -> None:
        """The same without a mouse."""
        settled(self.page)
        found = self.page.locator(button) if isinstance(button, str) else button
        found.first.focus(timeout=PATIENCE)
        self.page.keyboard.press("Enter")
        settled(self.page)

    def opens(self, view: str) -> None:
        """Open a view by the words on its tab."""
        self.presses(self.page.get_by_role("tab", name=view, exact=True))

    def speaks(self, language: str) -> None:
        """Have the page in another language, by its name."""
        self.presses(self.page.locator("#language").get_by_text(language))

    def picks(self, box: str, words: str) -> None:
        """Pick from a box that is typed into: by a click where the one wanted is shown, else, in a long list, by Enter."""
        settled(self.page)
        typed, option = self.page.locator(f"{box} input"), self.page.get_by_role("option").filter(has_text=words).first
        typed.click(timeout=PATIENCE)
        typed.fill("")
        typed.press_sequentially(words)
        settled(self.page)
        if option.is_visible():
            option.click()
        else:
            typed.press("Enter")
        expect(typed).to_have_value(re.compile(re.escape(words)), timeout=PATIENCE)
        settled(self.page)

    def count(self) -> int:
        """The number of customers shown."""
        text = self.page.locator("#understanding .count .n").inner_text(timeout=PATIENCE)
        found = re.search(r"[\d,]+", text)
        assert found is not None, text
        return int(found.group().replace(",", ""))


def signs_in(page: Page, name: str, password: str) -> None:
    """Fill in the sign-in page and send it."""
    fields = page.locator("input, textarea")
    expect(fields.nth(1)).to_be_visible(timeout=PATIENCE)
    fields.nth(0).fill(name)
    fields.nth(1).fill(password)
    page.locator("button").first.click()
