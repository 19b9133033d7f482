"""The call lists: which there are, whom to call and why, and what came of each call. Law: customers by masked numbers; what is pressed is kept and audited before it is shown as done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.calling import (
    contacted_words,
    due_words,
    hidden_words,
    list_line,
    made_lines,
    managed_words,
    ranked_words,
    reason_words,
    result_words,
    script_lines,
)
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, row_button, told
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.pipeline import Assistant, Calls
from assistant.policy import masked, may
from assistant.store.call import CALL_RESULTS, CallItem, CallResult

PAGE = 10
"""Items shown at once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor has before them: the list they opened by its id, whether all of it or only its new ones, from which item on, what was last done, and how many things that were."""

    chosen: str = ""
    whole: bool = False
    first: int = 0
    done: str = ""
    steps: int = 0

    def after(self, done: str) -> Seen:
        return replace(self, done=done, steps=self.steps + 1)


class CallLists:
    """For whoever may make them."""

    name = "calls"

    def allowed(self, assistant: Assistant) -> bool:
        return all(may(assistant.catalog.policy, assistant.identity, needed) for needed in ("make_calls", "list_members"))

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        language = session.language
        lists = assistant.call_lists()
        if seen.done:
            told(seen.done)
        if not lists:
            told(message(language, "calls.none_yet"), lively=False)
            return
        with gr.Row():
            with gr.Column(scale=3, min_width=280):
                for one in reversed(lists):
                    here = one.id == seen.chosen
                    button = row_button(list_line(one, language), here)
                    place.on(button.click, [state], [state], partial(self.opened, one.id))
            with gr.Column(scale=7, min_width=320, elem_id="call-list"):
                if all(one.id != seen.chosen for one in lists):
                    told(message(language, "calls.choose"), lively=False)
                else:
                    self._one(place, state, language, assistant, seen)

    def _one(self, place: Place, state: gr.State, language: Language, assistant: Assistant, seen: Seen) -> None:
        """A list with its items, a page at a time."""
        say = partial(message, language)
        whole = assistant.show_calls(seen.chosen)
        last = whole.made.last.number
        found = whole if seen.whole else replace(whole, items=tuple(one for one in whole.items if one.run == last))
        gr.HTML(_card(whole, found, assistant, language), padding=False)
        with gr.Row():
            again = gr.Button(say("calls.again"), size="sm", variant="primary", min_width=110, elem_id="calls-again")
            place.on(again.click, [state], [state], self.made)
            if last > 1:
                toggle = gr.Button(
                    say("calls.only_new" if seen.whole else "calls.show_all"), size="sm", min_width=110, elem_id="calls-whole"
                )
                place.on(toggle.click, [state], [state], partial(self.moved, not seen.whole, 0))
        first = min(seen.first, max(len(found.items) - 1, 0) // PAGE * PAGE)
        writes = may(assistant.catalog.policy, assistant.identity, "write_result")
        for one in found.items[first : first + PAGE]:
            gr.HTML(_item(one, found, assistant, language), padding=False)
            if writes and one.number not in found.withdrawn:
                self._results(place, state, language, one)
        if len(found.items) > PAGE:
            with gr.Row():
                for key, start in (("calls.earlier", first - PAGE), ("calls.later", first + PAGE)):
                    inside = 0 <= start < len(found.items)
                    button = gr.Button(say(key), size="sm", min_width=90, interactive=inside)
                    place.on(button.click, [state], [state], partial(self.moved, seen.whole, start))

    def _results(self, place: Place, state: gr.State, language: Language, item: CallItem) -> None:
        with gr.Row(elem_classes="results"):
            for result in CALL_RESULTS:
                here = item.result == result
                words = message(language, f"call_result.{result}")
                button = gr.Button(
                    words, size="sm", variant="primary" if here else "secondary", min_width=70, elem_id=f"result-{item.number}-{result}"
                )
                place.on(button.click, [state], [state], partial(self.wrote, item.number, result))

    def opened(self, called: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(called, steps=seen.steps)]

    def moved(self, whole: bool, first: int, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [replace(seen, whole=whole, first=max(first, 0), done="")]

    def made(self, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """The list made once more: those who were never on it."""
        found = assistant.make_calls_again(seen.chosen)
        lines = "\n".join(made_lines(found, assistant.catalog, session.language))
        return [replace(seen, whole=False, first=0).after(lines)]

    def wrote(self, number: int, result: CallResult, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """What came of a call, kept and told."""
        assistant.write_call_result(seen.chosen, number, result)
        said = {"number": str(number), "result": message(session.language, f"call_result.{result}")}
        lines = [message(session.language, "calls.written", said)]
        lines += [message(session.language, "calls.declined_now")] if result == "declined" else []
        return [seen.after("\n".join(lines))]


def _card(whole: Calls, found: Calls, assistant: Assistant, language: Language) -> str:
    """What the list is, what it is ranked by, and what whoever calls goes through."""
    catalog = assistant.catalog
    shown = message(language, "calls.shown", {"shown": str(len(found.items)), "all": str(len(whole.items))})
    notes = [ranked_words(whole.made, catalog, language), shown, hidden_words(whole, language)]
    script = "<br>".join(escape(one) for one in script_lines(whole.made, found, catalog, language))
    told_notes = "".join(f"<p class='help'>{escape(one)}</p>" for one in notes if one)
    return f"<section class='card' lang={language}><h3>{escape(list_line(whole.made, language))}</h3>{told_notes}<p class='script'>{script}</p></section>"


def _item(item: CallItem, found: Calls, assistant: Assistant, language: Language) -> str:
    """One customer to be called: her masked number, what she may be told, by when, who looks after her, the last contact, and how it stands."""
    catalog = assistant.catalog
    facts = (
        ("due", due_words(item, language)),
        ("managed", managed_words(item, catalog, language)),
        ("contacted", contacted_words(item.contacted, language)),
        ("result", result_words(item, found, language)),
    )
    colon = message(language, "page.colon")
    rest = " · ".join(f"{escape(message(language, f'calls.head_{name}'))}{escape(colon)}{escape(words)}" for name, words in facts)
    reason = escape(reason_words(item, found.made, catalog, language))
    return (
        f"<section class='card call' lang={language}><h3>{item.number}. {escape(masked(item.customer))}</h3>"
        f"<p class='readback'>{reason}</p><p class='help'>{rest}</p></section>"
    )
