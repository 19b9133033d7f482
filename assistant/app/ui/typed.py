"""What somebody has typed, picked or opened outlives its being drawn anew. Law: the browser alone remembers it, by its key, for as long as it is drawn as it was.

A view is drawn anew whenever something in it may have changed, also while somebody types in it. Gradio has `preserved_by_key` for this, which its browser part no longer heeds since version 6
(gradio-app/gradio, issue 12788), and it shuts every accordion that is drawn again. Whether something was done before the drawing was asked for, or while it was under way, makes no difference here:
it is put back after it, in the browser.
"""

from __future__ import annotations

import json

import gradio as gr
from gradio.blocks import Block, BlockContext
from gradio.context import get_render_context

_PICKED = "now => { (window.done ??= {})[KEY] = {drawn: DRAWN, now}; }"
_PUTS_BACK = """() => {
    const parts = (window.parts ??= {}), done = (window.done ??= {});
    if (window.partsHeard === undefined) {
        window.partsHeard = true;
        const heard = (id, now) => { if (id in parts) done[parts[id].key] = {drawn: parts[id].drawn, now}; };
        document.addEventListener("input", event => {
            const found = Object.keys(parts).find(id => parts[id].heard === "input" && event.target.closest("#" + CSS.escape(id)));
            heard(found, event.target.value);
        }, true);
        document.addEventListener("click", event => {
            const head = event.target.closest("button.label-wrap");
            if (head !== null) heard(head.parentElement.id, !head.classList.contains("open"));
        }, true);
    }
    const found = DRAWN.map(one => {
        parts[one.id] = one;
        const kept = done[one.key], can = now => one.choices === null || [now].flat().every(each => one.choices.includes(each));
        if (kept !== undefined && JSON.stringify(kept.drawn) === JSON.stringify(one.drawn) && can(kept.now)) return {__type__: "update", [one.what]: kept.now};
        delete done[one.key];
        return {__type__: "update"};
    });
    return found.length === 1 ? found[0] : found;
}"""
"""A text tells what is typed into it by the browser's own event: Gradio's comes with a key alone, and not with what is pasted. What is picked from a list only Gradio knows; and it says that an accordion
is opened or shut also where a drawing did it."""

Kept = gr.Textbox | gr.Radio | gr.Dropdown | gr.Accordion


def keep_typed(view: str) -> None:
    """Called at the end of a drawing, inside it: every box drawn in it that has a `key` keeps what was typed into it or picked from it, and every accordion that has one stays as it was opened or shut.
    `view`: in which keys are told apart."""
    context = get_render_context()
    parts = [] if context is None else _keyed(context)
    if not parts:
        return
    drawn = [_drawn(view, part) for part in parts]
    for part, one in zip(parts, drawn, strict=True):
        if isinstance(part, gr.Dropdown):
            picked = _PICKED.replace("KEY", json.dumps(one["key"])).replace("DRAWN", json.dumps(one["drawn"]))
            part.input(None, [part], None, js=picked, show_progress="hidden", api_visibility="private")
    gr.on(None, None, None, parts, js=_PUTS_BACK.replace("DRAWN", json.dumps(drawn)), show_progress="hidden", api_visibility="private")


def _drawn(view: str, part: Kept) -> dict[str, object]:
    """A part as it is drawn: where it stands, what of it is kept, and what can be."""
    fold = isinstance(part, gr.Accordion)
    return {
        "id": part.elem_id or f"component-{part._id}",
        "key": f"{view} {part.key}",
        "what": "open" if fold else "value",
        "heard": "input" if isinstance(part, gr.Textbox | gr.Radio) else "",
        "drawn": part.open if isinstance(part, gr.Accordion) else part.value,
        "choices": [value for _, value in part.choices] if isinstance(part, gr.Dropdown) else None,
    }


def _keyed(context: BlockContext) -> list[Kept]:
    """Those below a part of the page that have a key, in its order."""
    found: list[Kept] = []
    for child in context.children:
        found += _itself(child)
        found += _keyed(child) if isinstance(child, BlockContext) else []
    return found


def _itself(child: Block) -> list[Kept]:
    return [child] if isinstance(child, Kept) and child.key is not None else []
