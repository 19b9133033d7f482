"""The conditions of the rule as chips, and what can be done with one: removed, denied, set to another number or other values. Law: a press is an edit of the rule, said in the chat in the words of what it
changes; no rule is made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

import gradio as gr

from assistant.app.charts.bars import PALETTE
from assistant.app.ui.session import Session
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.interpret.by_hand import ORDERS, Handle, edited, handles, removed, turned_round
from assistant.narrate.messages import message
from assistant.narrate.readback import Dates, condition_phrase, value_phrase, window_words
from assistant.narrate.render import plain
from assistant.pipeline import Answer
from assistant.rule.edits import RuleChange
from assistant.rule.order import in_order
from assistant.rule.tree import AllOf, AnyNode, Path

MOST_CHIPS = 24
"""Conditions that have a number and a colour of their own; a rule of more is read in the sentence."""


@dataclass(frozen=True, slots=True)
class Open:
    """The chip whose editor is open: of which answer, and which one; none at first."""

    answer: str = ""
    place: int = -1

    def pressed(self, one: Open) -> Open:
        """What is open once a chip is pressed: its editor, or none where that was open."""
        return Open() if one == self else one


Press = Callable[[gr.Button, Sequence[gr.components.Component], Callable[..., RuleChange]], None]
"""Makes a button hand in an edit: what gives it from the values of the inputs."""


def chips(session: Session, opened: Open, show: Callable[[gr.Button, Open], None], press: Press, name: str = "") -> None:
    """The chips of the last answer, inside the open layout. `name`: what the ids of this view's begin with, for an id stands on a page once. `show`: makes a button open an editor, or shut the one that is open; `press`: makes one hand in an edit. Those of a rule
    that is not in force, because something is asked first, cannot be pressed. The button of a condition has an id that names its answer."""
    answer = session.last
    if answer is None or answer.rule is None or answer.rule.node == AllOf():
        return
    language, root = session.language, answer.rule.node
    found = in_order(root)[:MOST_CHIPS]
    in_force = answer.outcome == "answered" and session.conversation.rule is not None and session.conversation.rule.node == root
    dates = Dates(answer.as_of, answer.today)
    with gr.Row(elem_id=f"{name}chips", elem_classes="chips"):
        for place, (_, node) in enumerate(found):
            here = Open(answer.request_id, place)
            words = condition_phrase(node, answer.catalog, language, dates)
            classes = ["chip", f"chip-{place}", *(["opened"] if opened == here else [])]
            own = f"chip-{place}-{answer.request_id}"  # without an id of its own a button keeps that of whatever was drawn in its place before
            button = gr.Button(words, size="sm", interactive=in_force, elem_id=own, elem_classes=classes, min_width=0)
            show(button, here)
    if in_force and opened.answer == answer.request_id and 0 <= opened.place < len(found):
        path, node = found[opened.place]
        with gr.Column(elem_id=f"{name}chip-editor", elem_classes=["card", "chip-editor"]):
            _editor(answer, language, root, path, node, press, name, f"{name}hand-{answer.request_id}-{opened.place}")


def _editor(answer: Answer, language: Language, root: AnyNode, path: Path, node: AnyNode, press: Press, name: str, key: str) -> None:
    """What one condition can be set to. `key`: what those of its boxes begin with."""
    say = partial(message, language)
    words = condition_phrase(node, answer.catalog, language)
    gr.HTML(f"<h3 lang={language}>{escape(say('hand.title', {'condition': words}))}</h3>", padding=False)
    for number, handle in enumerate(handles(root, path, answer.catalog)):
        with gr.Row(elem_classes="beside"):
            inputs = _boxes(handle, answer.catalog, language, f"{name}hand", number, f"{key}-{number}")
            button = gr.Button(say("hand.set"), size="sm", min_width=70, scale=0, elem_id=f"{name}hand-set-{number}")
            press(button, inputs, partial(_given, root, handle))
    with gr.Row():
        press(gr.Button(say("hand.turn"), size="sm", min_width=90, elem_id=f"{name}hand-turn"), [], partial(turned_round, root, path))
        press(gr.Button(say("hand.remove"), size="sm", min_width=90, elem_id=f"{name}hand-remove"), [], partial(removed, path))


def _boxes(handle: Handle, catalog: TagCatalog, language: Language, name: str, number: int, key: str) -> list[gr.components.Component]:
    """The operator, where it may be another, and the value."""
    label = _label(handle, language)
    if handle.item is not None:
        choices = [(value_phrase(handle.item, one.code, catalog, language), one.code) for one in catalog.values(handle.item)]
        several = handle.operator in ("in", "not_in")
        known = {code for _, code in choices}
        value = [code for code in handle.codes if code in known]
        return [
            gr.Dropdown(
                choices,
                value=value if several else next(iter(value), None),
                multiselect=several,
                interactive=True,
                label=label,
                elem_id=f"{name}-{number}",
                key=key,
                scale=4,
            )
        ]
    found: list[gr.components.Component] = []
    if handle.operator in ORDERS:
        orders = [
            (message(language, f"hand.{name}"), order) for order, name in zip(ORDERS, ("more", "at_least", "less", "at_most"), strict=True)
        ]
        found.append(
            gr.Dropdown(
                orders,
                value=handle.operator,
                label=message(language, "hand.operator"),
                interactive=True,
                min_width=110,
                scale=1,
                elem_id=f"{name}-order-{number}",
                key=f"{key}-order",
            )
        )
    shown = "" if handle.number is None else plain(handle.number) if handle.unit != "calendar_year" else str(handle.number)
    return [
        *found,
        gr.Textbox(value=shown, label=label, max_length=40, interactive=True, min_width=140, scale=3, elem_id=f"{name}-{number}", key=key),
    ]


def _given(root: AnyNode, handle: Handle, *values: str | list[str] | None) -> RuleChange:
    """The edit of what stands in the boxes: the value last, its operator before it."""
    order = values[0] if len(values) > 1 else None
    return edited(root, handle, values[-1] or "", order if isinstance(order, str) else None)


def _label(handle: Handle, language: Language) -> str:
    """What is set, with its unit."""
    about = "" if handle.about is None else handle.about.get(language)
    if handle.window is not None:
        return message(language, "hand.window", {"about": about, "window": window_words(handle.window, language)})
    if handle.what in ("low", "high") or handle.name in ("count", "percent", "within_days"):
        about = message(language, f"hand.{handle.name if handle.what == 'parameter' else handle.what}", {"about": about})
    unit = message(language, f"unit.{handle.unit}", {"value": ""}).strip()
    return message(language, "page.bracketed", {"text": about, "more": unit}) if unit and handle.item is None else about


def chip_style() -> str:
    """The number and the colour of each chip, the same as of its words and its bar."""
    return "".join(
        f".chips .chip-{place}::before {{ content: '{place + 1}'; background: {PALETTE[place % len(PALETTE)]}; }}\n"
        for place in range(MOST_CHIPS)
    )
