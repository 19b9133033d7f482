"""What somebody has typed into a box outlives its being drawn anew. Law: the browser alone remembers it, by the box's key, for as long as the box is drawn with the same value of its own.

A view is drawn anew whenever something in it may have changed, also while somebody types in it. Gradio has `preserved_by_key` for this, which its browser part no longer heeds since version 6
(gradio-app/gradio, issue 12788). Whether words were typed before the drawing was asked for, or while it was under way, makes no difference here: they are put back after it, in the browser.
"""

from __future__ import annotations

import json

import gradio as gr
from gradio.blocks import Block, BlockContext
from gradio.context import get_render_context

_PUTS_BACK = """() => {
    const boxes = (window.typedIn ??= {}), typed = (window.typed ??= {});
    if (window.typedHeard === undefined) {
        window.typedHeard = true;
        document.addEventListener("input", event => {
            const found = Object.keys(boxes).find(id => event.target.closest("#" + CSS.escape(id)));
            if (found !== undefined) typed[boxes[found].key] = {drawn: boxes[found].drawn, now: event.target.value};
        }, true);
    }
    const found = DRAWN.map(one => {
        boxes[one.id] = one;
        const kept = typed[one.key];
        if (kept !== undefined && kept.drawn === one.drawn) return kept.now;
        delete typed[one.key];
        return {__type__: "update"};
    });
    return found.length === 1 ? found[0] : found;
}"""


def keep_typed(view: str) -> None:
    """Called at the end of a drawing, inside it: every box drawn in it that has a `key` keeps what was typed into it. `view`: in which keys are told apart."""
    context = get_render_context()
    boxes = [] if context is None else _boxes(context)
    if not boxes:
        return
    drawn = [{"id": box.elem_id or f"component-{box._id}", "key": f"{view} {box.key}", "drawn": box.value} for box in boxes]
    gr.on(None, None, None, boxes, js=_PUTS_BACK.replace("DRAWN", json.dumps(drawn)), show_progress="hidden", api_visibility="private")


def _boxes(context: BlockContext) -> list[gr.Textbox | gr.Radio]:
    """Those below a part of the page, in its order."""
    found: list[gr.Textbox | gr.Radio] = []
    for child in context.children:
        found += _boxes(child) if isinstance(child, BlockContext) else _itself(child)
    return found


def _itself(child: Block) -> list[gr.Textbox | gr.Radio]:
    return [child] if isinstance(child, gr.Textbox | gr.Radio) and child.key is not None else []
