"""A page at rest: what looks at it as a whole waits until nothing on it is on its way. Law: it waits for what is seen and never for a time."""

from __future__ import annotations

from playwright.sync_api import Page

AT_REST = """() => {
    const seen = (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const waits = [...document.querySelectorAll('[data-testid=status-tracker]')].some((one) => seen(one) && !one.classList.contains('hide'));
    const empty = [...document.querySelectorAll('#funnel, [id^=picture-]')].some((one) => seen(one) && !one.querySelector('.main-svg'));
    const moves = document.getAnimations().some((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity
        && !one.effect.target?.classList.contains('timer'));
    const fades = [...document.querySelectorAll('[data-testid=toast-body]')].some((one) => {
        for (let at = one; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return true;
        return false;
    });
    return !waits && !empty && !moves && !fades;
}"""
"""No step of the server is waited for, every picture shown is drawn, and nothing fades in or out; a notice that stands may stand, the bar that counts its time down with it."""


def settled(page: Page, patience: int) -> None:
    """Wait until the page is at rest, at most `patience` milliseconds."""
    page.wait_for_function(AT_REST, timeout=patience)
