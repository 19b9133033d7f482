"""A newcomer's day in a real browser: asked, refined by hand, saved, opened again, a strategy applied, a tag looked up; without a mouse where that is said, on a phone and in the dark, and no serious fault found by
axe-core."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.ui.settled import PATIENCE, settled
from tests.app.ui.test_page import address, browser
from tests.app.ui.visitor import Visitor

__all__ = ["address", "browser"]
pytestmark = pytest.mark.browser
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as the Python package brings it. Where CI promises it, its absence is a failure and not a skip."""
    found = importlib.util.find_spec("axe_core_python")
    if found is None or found.origin is None:
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core-python is not installed")
        pytest.skip("axe-core-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, axe: str) -> list[str]:
    """What axe-core finds serious or worse on the page once it is at rest."""
    page.evaluate(axe)
    settled(page)
    found = page.evaluate(f"axe.run({RULES})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS]


def test_a_newcomers_day_in_chinese(browser: Browser, address: str, axe: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    assert faults(page, axe) == []
    visitor.presses(page.locator("#samples button").nth(1))
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    first = visitor.count()
    visitor.presses("#chips .chip-1")
    page.locator("#hand-0 textarea").fill("10万")
    assert faults(page, axe) == []
    visitor.presses("#hand-set-0")
    expect(page.locator("#understanding .readback")).to_contain_text("大于10万元", timeout=PATIENCE)
    assert visitor.count() <= first
    page.locator("#segment-name textarea").fill("理财意向")
    visitor.presses("#save-segment")
    expect(page.locator("#chat")).to_contain_text("已保存为客群“理财意向”", timeout=PATIENCE)
    visitor.opens("客群")
    visitor.presses("button.saved")
    expect(page.locator("#segment .readback")).to_contain_text("大于10万元", timeout=PATIENCE)
    assert faults(page, axe) == []
    visitor.presses("#segment-open")
    expect(page.locator("#chat")).to_contain_text("已打开客群“理财意向”", timeout=PATIENCE)
    visitor.opens("策略")
    page.locator("#strategy-goal textarea").fill("提升理财首购")
    visitor.presses("#strategy-find")
    expect(page.locator("#strategy h3")).to_be_visible(timeout=PATIENCE)
    visitor.speaks("English")
    expect(page.locator("#strategy h3")).to_have_text("First wealth purchase", timeout=PATIENCE)
    expect(page.locator("#strategy-goal textarea")).to_have_value("提升理财首购")
    assert faults(page, axe) == []
    visitor.presses("#strategy-apply")
    expect(page.locator("#chat .me").last).to_contain_text("apply the strategy", timeout=PATIENCE)
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    assert not visitor.strangers
    assert not visitor.errors


def test_a_newcomers_day_in_english_without_a_mouse(browser: Browser, address: str, axe: str) -> None:
    visitor = Visitor(browser, address, "en-US")
    page = visitor.page
    visitor.says("women with more than 50k of demand deposits")
    first = visitor.count()
    visitor.keys("#chips .chip-1")
    expect(page.locator("#hand-remove")).to_be_visible(timeout=PATIENCE)
    visitor.keys("#hand-remove")
    expect(page.locator("#chips .chip-1")).to_have_count(0, timeout=PATIENCE)
    assert visitor.count() >= first
    page.get_by_role("tab", name="Chat", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    visitor.keys(page.get_by_role("tab", name="Tags", exact=True))
    box = page.locator("#tag-words textarea")
    expect(box).to_be_visible(timeout=PATIENCE)
    box.fill("demand deposit balance")
    box.press("Enter")
    visitor.keys("button.saved")
    expect(page.locator("#tag code")).to_have_text("dep_demand_bal", timeout=PATIENCE)
    assert faults(page, axe) == []
    assert not visitor.errors


def test_the_review_view_with_a_correction_open_has_no_id_twice(browser: Browser, address: str, axe: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    visitor.says("活期存款大于5万的女性客户")
    visitor.opens("审核")
    visitor.presses(page.locator("button.saved").filter(has_text="女性客户"))
    expect(page.locator("#desk-item h3").first).to_be_visible(timeout=PATIENCE)
    assert faults(page, axe) == []
    visitor.presses("#desk-correct")
    visitor.presses("#draft-chips .chip-0")
    expect(page.locator("#draft-hand-remove")).to_be_visible(timeout=PATIENCE)
    twice = "() => [...document.querySelectorAll('[id]:not(style)')].map(one => one.id).filter((id, place, all) => id && all.indexOf(id) !== place)"
    assert page.evaluate(twice) == []
    assert faults(page, axe) == []
    assert not visitor.errors


def test_guided_from_a_framework_to_a_strategy_draft_in_both_languages(browser: Browser, address: str, axe: str) -> None:
    visitor = Visitor(browser, address, "zh-CN")
    page = visitor.page
    visitor.opens("引导")
    visitor.presses(page.get_by_role("button", name="客户生命周期"))
    expect(page.locator("#guided-stages button")).to_have_count(6, timeout=PATIENCE)
    visitor.presses(page.locator("#guided-stages button").nth(2))
    first = page.locator("#guided-segments button.saved").nth(1)
    expect(first).to_be_visible(timeout=PATIENCE)
    assert faults(page, axe) == []
    visitor.keys(first)
    count = page.locator("#guided .count .n")
    expect(count).to_be_visible(timeout=PATIENCE)
    before = count.inner_text()
    visitor.presses("#guided-chips .chip-0")
    expect(page.locator("#guided-hand-remove")).to_be_visible(timeout=PATIENCE)
    assert faults(page, axe) == []
    visitor.presses("#guided-hand-remove")
    expect(count).not_to_have_text(before, timeout=PATIENCE)
    visitor.speaks("English")
    expect(page.locator(".steps .now")).to_have_text("Tags and numbers", timeout=PATIENCE)
    expect(page.locator("#guided-stages button").nth(2)).to_contain_text("Mature stage")
    expect(page.locator("#guided .count .n")).to_contain_text("customers")
    page.locator("#guided-name textarea").fill("Guided mature")
    visitor.presses("#guided-save")
    visitor.presses("#guided-draft")
    expect(page.locator("#guided-yaml a")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#guided-yaml pre")).to_contain_text("status: draft")
    assert faults(page, axe) == []
    visitor.presses("#guided-open")
    expect(page.locator("#understanding .count .n")).to_be_visible(timeout=PATIENCE)
    assert not visitor.strangers
    assert not visitor.errors


@pytest.mark.parametrize("view", ["引导", "客群", "策略", "标签"])
def test_a_phone_in_the_dark_is_wide_and_light_enough(browser: Browser, address: str, axe: str, view: str) -> None:
    visitor = Visitor(browser, address, "zh-CN", width=390)
    page = visitor.page
    page.emulate_media(color_scheme="dark")
    visitor.opens(view)
    expect(page.locator(".card").last).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page, axe) == []
    assert not visitor.errors
