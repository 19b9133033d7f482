"""The owner's drawer on the page: how their tags stand, what uses one, and its next step. Law: shown to those who may take a step, and it takes none that `lifecycle.py` would not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape

import gradio as gr

from assistant.app.identity import Desk
from assistant.app.lifecycle import OUT_OF_USE, Shelf, impact_text, moved_text
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place
from assistant.app.words import error_text
from assistant.catalog.examples import Example
from assistant.catalog.model import Language, Tag
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import STATUSES, may, may_move


@dataclass(frozen=True, slots=True)
class Step:
    """The last step taken here: its words and their language, and how many there were; none at first."""

    words: str = ""
    language: str = ""
    number: int = 0


def owners_drawer(place: Place) -> None:
    """The drawer, inside the open Blocks; nothing for whoever owns no tag. A step that was taken is told in a drawer drawn anew, in which the tag stands as it does now."""
    last = gr.State(Step())
    place.drawn(partial(_drawer, place, last), last, beside=True)


def _drawer(place: Place, last: gr.State, session: Session, assistant: Assistant, step: Step) -> None:
    tags, language = own_tags(assistant), session.language
    if not tags:
        return
    say = partial(message, language)
    shown = step.words if step.language == language else ""
    with gr.Accordion(say("lifecycle.title"), open=bool(shown), elem_id="owner", key="owner"):
        choices = [(f"{tag.name.get(language)} · {say(f'status.{tag.status}')}", tag.code) for tag in tags]
        code = gr.Dropdown(choices, label=say("lifecycle.tag"), interactive=True, elem_id="owner-tag", key="owner-tag")
        after = gr.Dropdown(
            [(say(f"status.{one}"), one) for one in STATUSES],
            value=None,
            label=say("lifecycle.to"),
            interactive=True,
            elem_id="owner-status",
            key=f"owner-status {step.number}",
        )
        reason = gr.Textbox(
            label=say("lifecycle.reason"), max_length=400, interactive=True, elem_id="owner-reason", key=f"owner-reason {step.number}"
        )
        replacement = gr.Dropdown(
            [("", ""), *((tag.name.get(language), tag.code) for tag in assistant.catalog.tags.values() if tag.status == "online")],
            value="",
            label=say("lifecycle.replacement"),
            interactive=True,
            elem_id="owner-replacement",
            key=f"owner-replacement {step.number}",
        )
        seen = gr.State("")
        press = gr.Button(say("lifecycle.take"), size="sm", elem_id="owner-move")
        told = gr.HTML(shown, padding=False, elem_id="owner-told")
        take = partial(taken, place.desk, place.examples, language)

        def pressed(request: gr.Request, code: str, after: str, reason: str, replacement: str, seen: str) -> tuple[str, str, object]:
            words, left = take(request.username, code or "", after or "", reason or "", replacement or "", seen or "")
            return words, left, Step(words, language, step.number + 1) if seen and not left else gr.skip()

        listened = ([code, after, reason, replacement, seen], [told, seen, last])
        press.click(pressed, *listened, api_visibility="private", show_progress="minimal")


def own_tags(assistant: Assistant) -> tuple[Tag, ...]:
    """The tags somebody may take some step of."""
    policy, who = assistant.catalog.policy, assistant.identity
    if not may(policy, who, "edit_tag") and not who.stewards:
        return ()
    return tuple(
        tag
        for tag in assistant.catalog.tags.values()
        if any(may_move(policy, who, tag.asset, tag.status, after) is None for after in STATUSES)
    )


def taken(
    desk: Desk,
    examples: tuple[Example, ...],
    language: Language,
    user: str | None,
    code: str,
    after: str,
    reason: str,
    replacement: str,
    seen: str,
) -> tuple[str, str]:
    """A step taken, in words, with what was seen so far. What takes a tag out of use shows first what stops, and is carried out when it is pressed again."""
    try:
        assistant = desk.of(user)
        shelf = Shelf(desk.store, assistant.catalog, examples)
        status = next((one for one in STATUSES if one == after), None)
        if status is None or code not in assistant.catalog.tags:
            return _html(message(language, "lifecycle.choose"), language), seen
        shelf.check(assistant.identity, code, status, reason, replacement)
        step = f"{code} {after}"
        if status in OUT_OF_USE and seen != step:
            lines = [impact_text(shelf.impact(code), shelf.tag(code), shelf.catalog, language), message(language, "lifecycle.again")]
            return _html("\n".join(lines), language), step
        move = shelf.move(assistant.identity, code, status, reason, replacement)
        return _html(moved_text(move, shelf.tag(code), language), language), ""
    except UserError as error:
        return _html(error_text(error, language), language), seen


def _html(text: str, language: Language) -> str:
    return f"<section class='card' lang={language}>{''.join(f'<p>{escape(line)}</p>' for line in text.splitlines())}</section>"
