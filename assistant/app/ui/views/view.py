"""What a view of the page is, and what it is given. Law: a view shows what the rooms below say and hands them what is pressed; whoever is signed in is asked for anew at every event.

A view is one file here with one class, and one line in `VIEWS` of `assistant/app/ui/page.py`:

    class CallLists:
        name = "calls"                                            # its tab's words are the message `view.calls`

        def allowed(self, assistant: Assistant) -> bool:          # whether whoever is signed in is shown the tab; asked again at every event and every drawing
            return may(assistant.catalog.policy, assistant.identity, "list_members")

        def build(self, place: Place) -> None:                    # called once, inside the open tab
            seen = gr.State("")                                   # what this visitor has chosen here: kept when the language or the tab changes
            place.drawn(partial(self.draw, place, seen), seen)

        def draw(self, place: Place, seen: gr.State, session: Session, assistant: Assistant, chosen: str) -> None:
            # components in `session.language`; drawn anew when the tab is opened, when the language changes, and when one of its states does
            button = gr.Button(message(session.language, "calls.make"))
            place.on(button.click, [], [seen], self.made)         # `made(session, assistant)` gives a value for each output
            place.says(button.click, [], self.words)              # `words(session)` is said in the chat, as if typed, and the chat is shown

What is typed into or picked from a drawn Textbox, Radio or Dropdown outlives a drawing where it has a `key`, which names what it is about, and an Accordion that has one stays open or shut; what is to be typed in has `interactive=True`. Who may do what is decided below (`Assistant`, the store): hiding a button protects nothing.
A file that is handed over is made by the rooms below; a view gives its path to `gr.DownloadButton`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from threading import Event
from typing import Protocol

import gradio as gr

from assistant.app.identity import Desk
from assistant.app.ui.session import Session
from assistant.app.ui.typed import keep_typed
from assistant.app.ui.visits import Visits
from assistant.app.words import error_text
from assistant.catalog.examples import Example
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Assistant

Component = gr.components.Component
Listener = Callable[..., object]


class View(Protocol):
    """One of the page's views."""

    @property
    def name(self) -> str: ...

    def allowed(self, assistant: Assistant) -> bool: ...

    def build(self, place: Place) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where a view stands. `session`: the visitor's Session; `language`: of the page, a state that changes with nothing else; `tab`: its own; `say`: what an event of it says in the chat; `visits`: what everybody has done so far;
    `examples`: the verified ones, which a tag's owner is told of."""

    desk: Desk
    session: gr.State
    language: gr.State
    tab: gr.Tab
    view: View
    stops: Stops
    visits: Visits
    say: Callable[[Listener, Sequence[Component], Callable[..., str], Callable[[Assistant], bool]], None]
    examples: tuple[Example, ...] = ()

    def on(self, listen: Listener, inputs: Sequence[Component], outputs: Sequence[Component], run: Callable[..., Sequence[object]]) -> None:
        """An event: `run` takes the values of the inputs, the session and the Assistant as whoever is signed in sees it, and gives a value for each output. A UserError it raises is told."""
        for_somebody(self.desk, self.session, listen, inputs, outputs, run, self.view.allowed)

    def says(self, listen: Listener, inputs: Sequence[Component], words: Callable[..., str]) -> None:
        """An event that says something in the chat and shows it there: `words` takes the values of the inputs and the session. Nothing happens where it gives no words."""
        self.say(listen, inputs, words, self.view.allowed)

    def drawn(self, draw: Callable[..., None], *states: gr.State, beside: bool = False) -> None:
        """What `draw` makes of the session, the Assistant and the values of the states: when the tab is opened, when the language changes and when one of the states does.
        `beside`: another drawing of the view says why nothing is shown."""
        triggers = [self.tab.select, self.language.change, *(state.change for state in states)]

        @drawing([self.session, *states], triggers)
        def drawn(request: gr.Request, session: Session, *values: object) -> None:
            try:
                assistant = self.desk.of(request.username)
                if self.view.allowed(assistant):
                    draw(session.of(assistant.identity.user), assistant, *values)
                    keep_typed(self.view.name)
                elif not beside:
                    told(message(session.language, "view.not_yours"))
            except UserError as error:
                if not beside:
                    told(error_text(error, session.language))


@dataclass(frozen=True)
class Stops:
    """The turns under way, by visitor, so that another event of the same visitor can stop them. Only their own browser knows a visitor's key."""

    running: dict[str, tuple[Event, ...]] = field(default_factory=dict)

    def begin(self, visitor: str) -> Event:
        """A turn begins; the event that stops it."""
        stop = Event()
        self.running[visitor] = (*self.running.get(visitor, ()), stop)
        return stop

    def end(self, visitor: str, stop: Event) -> None:
        """A turn has ended."""
        left = tuple(one for one in self.running.get(visitor, ()) if one is not stop)
        if left:
            self.running[visitor] = left
        else:
            self.running.pop(visitor, None)

    def stop(self, visitor: str) -> None:
        """Whatever a visitor has under way is wanted no longer."""
        for one in self.running.get(visitor, ()):
            one.set()


def drawing(inputs: Sequence[Component], triggers: Sequence[Listener]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a function draw a part of the page. It is asked for and answered in one request and not through Gradio's queue: that has one stream of answers for all the events of a visitor, which it ends when
    none is left, and what is asked for while it ends is lost; several drawings follow most events at once."""
    found: Callable[[Callable[..., None]], Callable[..., None]] = gr.render(
        list(inputs), triggers=list(triggers), queue=False, show_progress="hidden"
    )
    return found


def told(words: str, lively: bool = True) -> None:
    """A notice. `lively`: it is read out by a screen reader as it appears."""
    role = " role='status'" if lively else ""
    gr.HTML(f"<section class='card'{role}>{''.join(f'<p>{escape(line)}</p>' for line in words.splitlines())}</section>", padding=False)


def link(name: str, data: bytes, kind: str, language: Language) -> str:
    """A link that holds all of a small file. `kind`: its media type."""
    words = escape(message(language, "deliver.download", {"name": name}))
    return f"<a download='{escape(name)}' href='data:{kind};base64,{b64encode(data).decode()}'>{words}</a>"


def row_button(words: str, here: bool) -> gr.Button:
    """A row of a list that opens what it names. `here`: it is open."""
    return gr.Button(words, size="sm", variant="primary" if here else "secondary", elem_classes="saved")


def for_somebody(
    desk: Desk,
    session: gr.State,
    listen: Listener,
    inputs: Sequence[Component],
    outputs: Sequence[Component],
    run: Callable[..., Sequence[object] | Iterator[Sequence[object]]],
    allowed: Callable[[Assistant], bool] | None = None,
    progress: Component | None = None,
    stops: Stops | None = None,
) -> None:
    """An event that runs for whoever is signed in at that moment. `allowed`: whether they may see the view it belongs to; `progress`: where it is shown that something is under way;
    `stops`: where it can be stopped."""

    def turn(request: gr.Request, *values: object) -> Iterator[object]:
        mine, visitor = values[-1], request.session_hash or ""
        assert isinstance(mine, Session), "the last input is the session"
        stop = None if stops is None else stops.begin(visitor)
        try:
            assistant = replace(desk.of(request.username), stop=stop)
            if allowed is not None and not allowed(assistant):
                raise gr.Error(message(mine.language, "view.not_yours"), print_exception=False)
            found = run(*values[:-1], mine.of(assistant.identity.user), assistant)
            for one in found if isinstance(found, Iterator) else (found,):
                yield list(one) if len(outputs) > 1 else one[0]  # Gradio takes the value of a single output bare
        except UserError as error:
            raise gr.Error(error_text(error, mine.language), print_exception=False) from error
        finally:
            if stops is not None and stop is not None:
                stops.end(visitor, stop)

    shown = {} if progress is None else {"show_progress_on": [progress]}
    listen(turn, [*inputs, session], list(outputs), api_visibility="private", show_progress="minimal", **shown)
