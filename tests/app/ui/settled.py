"""A page at rest: whoever looks at it or does something on it waits until nothing on it is on its way. Law: it waits for what is under way or seen, and never for a time."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

PATIENCE = 60_000
"""Milliseconds that anything may take, on a machine that does much else."""

WATCH = """(() => {
    const real = window.fetch, under = window.underWay = {begun: 0, now: 0};
    window.fetch = async (where, how) => {
        if (!/\\/(queue|run)\\//.test(where.url ?? where)) return real(where, how);
        const ends = () => { under.now -= 1; };
        under.begun += 1;
        under.now += 1;
        try {
            const found = await real(where, how);
            found.clone().body.pipeTo(new WritableStream()).then(ends, ends);
            return found;
        } catch (fault) {
            ends();
            throw fault;
        }
    };
})()"""
"""Gradio's browser part asks for an event with one request and hears of all that are under way on one stream, which the server ends when none is left; each counts until its last word is read.
Its heartbeat, which never ends, is none of these."""

AT_REST = """async ({patience, rounds}) => {
    const under = window.underWay, seen = (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true});
    const faded = (one) => { for (let at = one; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return true; return false; };
    const restless = () => {
        if (under.begun === 0) return 'the page has not asked for anything yet';
        if (under.now !== 0) return `${under.now} requests are under way`;
        if ([...document.querySelectorAll('[data-testid=status-tracker]')].some((one) => seen(one) && !one.matches('.hide, :has(.error)')))
            return 'a step of the server is waited for';
        if ([...document.querySelectorAll('#funnel, [id^=picture-]')].some((one) => seen(one) && !one.querySelector('.main-svg')))
            return 'a picture is not drawn';
        if (document.getAnimations().some((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity
            && !one.effect.target?.classList.contains('timer'))) return 'something moves';
        return [...document.querySelectorAll('[data-testid=toast-body]')].some(faded) ? 'a notice fades' : '';
    };
    const until = performance.now() + patience;
    let why = '';
    for (let quiet = 0; quiet < rounds; quiet = why ? 0 : quiet + 1) {
        await new Promise((next) => requestIdleCallback(() => requestAnimationFrame(() => setTimeout(next)), {timeout: 1000}));
        why = restless();
        if (why && performance.now() > until) return why;
    }
    return '';
}"""
"""No event is under way, no step of the server is waited for (one that failed says so where it was), every picture shown is drawn, and nothing fades in or out; a notice that stands may stand, the bar that counts its time down with it.
What an answer sets off begins when the browser next has time, so all of this must be so several times in a row, each after whatever was to run has run."""

ROUNDS = 4


def watched(context: BrowserContext) -> Page:
    """A page whose events are counted from its beginning."""
    page = context.new_page()
    page.add_init_script(WATCH)
    return page


def settled(page: Page, patience: int = PATIENCE) -> None:
    """Wait until the page is at rest, at most `patience` milliseconds."""
    restless = page.evaluate(AT_REST, {"patience": patience, "rounds": ROUNDS})
    assert not restless, restless
