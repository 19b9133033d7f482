"""The page: its head, the language, and its views as tabs. Law: it holds the visitor's Session and which views they are shown; what is in a view is the view's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape

import gradio as gr

from assistant.app.identity import Desk
from assistant.app.ui.session import Session
from assistant.app.ui.views.calls import CallLists
from assistant.app.ui.views.chat import Chat
from assistant.app.ui.views.deliver import Deliver
from assistant.app.ui.views.desk import Review
from assistant.app.ui.views.guided import Guided
from assistant.app.ui.views.office import Office, runs_only
from assistant.app.ui.views.segments import Segments
from assistant.app.ui.views.strategies import Strategies
from assistant.app.ui.views.tags import Tags
from assistant.app.ui.views.view import Component, Listener, Place, Stops, View, for_somebody
from assistant.app.ui.visits import BEGINS, VISIT, Visits
from assistant.app.words import error_text, who_words
from assistant.catalog.examples import Example
from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Assistant

VIEWS: tuple[View, ...] = (Guided(), Segments(), Strategies(), Tags(), CallLists(), Deliver(), Review(), Office())
"""The views beside the chat, in the order of their tabs."""
_NAMES = [("中文", "zh"), ("English", "en")]


def build_page(desk: Desk, language: Language, by_proxy: bool = False, examples: tuple[Example, ...] = ()) -> gr.Blocks:
    """The page at a desk. `language`: shown first, until the browser or the visitor says otherwise; `by_proxy`: people sign in and out elsewhere;
    `examples`: the verified ones, which a tag's owner is told of."""
    page: gr.Blocks
    with gr.Blocks(title=f"{message('zh', 'page.title')} · {message('en', 'page.title')}", analytics_enabled=False) as page:
        parts = _Page(desk, language, by_proxy, examples)
        page.load(
            parts.greeted, [parts.visit, parts.session], [parts.tabs, *parts.frame, *parts.chat.outputs], js=BEGINS, api_visibility="private", show_progress="hidden",
        )  # fmt: skip
    return page


class _Page:
    """The frame, made inside the open Blocks, with the views in it."""

    def __init__(self, desk: Desk, language: Language, by_proxy: bool, examples: tuple[Example, ...]) -> None:
        self.desk = desk
        self.by_proxy = by_proxy
        self.examples = examples
        self.stops = Stops()
        self.visits = Visits()
        self.visit = gr.Textbox(visible=False)
        self.session = gr.State(Session(language=language))
        self.language = gr.State(language)
        self.chat = Chat(language)
        with gr.Row(equal_height=True):
            self.head = gr.HTML(_head(language), elem_id="head", scale=4, padding=False)
            self.tongue = gr.Radio(
                _NAMES,
                value=language,
                label=" · ".join(message(one, "page.language") for one in LANGUAGES),
                show_label=False,
                container=False,
                scale=1,
                min_width=170,
                elem_id="language",
            )
        with gr.Tabs(selected=self.chat.name, overflow_behavior="wrap", elem_id="views") as self.tabs:
            self.tab_of = {view.name: self._tab(view, language) for view in (self.chat, *VIEWS)}
        for_somebody(desk, self.session, self.tongue.input, [self.tongue], self.chat.outputs, self.spoke)
        self.language.change(self.framed, [self.session], self.frame, queue=False, api_visibility="private", show_progress="hidden")

    def _tab(self, view: View, language: Language) -> gr.Tab:
        tab: gr.Tab
        shown = view is self.chat
        with gr.Tab(message(language, f"view.{view.name}"), id=view.name, visible=shown, elem_id=f"view-{view.name}") as tab:
            view.build(Place(self.desk, self.session, self.language, tab, view, self.stops, self.visits, self.says, self.examples))
        return tab

    @property
    def frame(self) -> list[Component | gr.Tab]:
        """What changes with the language and with who is signed in."""
        return [self.head, self.tongue, *self.tab_of.values()]

    def framed(self, session: Session, request: gr.Request) -> list[object]:
        """A value for each part of the frame: tabs are named in the language, and shown to whom they are for."""
        language = session.language
        try:
            assistant = self.desk.of(request.username)
            open_to = {view.name: view.allowed(assistant) for view in (self.chat, *VIEWS)}
        except UserError:
            open_to = {view.name: view is self.chat for view in (self.chat, *VIEWS)}
        tabs = [gr.update(label=message(language, f"view.{name}"), visible=shown) for name, shown in open_to.items()]
        return [self.head_of(session), language, *tabs]

    def greeted(self, visit: str, session: Session, request: gr.Request) -> list[object]:
        """The page as it opens, for whoever is signed in: where they left it, else in the browser's language."""
        named = visit if VISIT.fullmatch(visit or "") else ""
        opened: object = gr.skip()
        try:
            assistant = self.desk.of(request.username)
            identity = assistant.identity
            opened = gr.update(selected=Office.name) if runs_only(assistant) else opened
            session = self.visits.found(named, identity) or replace(session.of(identity.user), visit=named)
        except UserError:
            session = Session(language=session.language)
        wanted = str(request.headers.get("accept-language", "")).casefold()
        language: Language = "zh" if wanted.startswith("zh") else "en" if wanted.startswith("en") else session.language
        session = session.greeted(language)
        return [opened, *self.framed(session, request), *self.chat.shown(session)]

    def spoke(self, language: Language, session: Session, assistant: Assistant) -> list[object]:
        """The same in another language."""
        spoken = session.speak(language) if language in LANGUAGES else session
        self.visits.keep(spoken, assistant.identity)
        return self.chat.shown(spoken)

    def says(self, listen: Listener, inputs: Sequence[Component], words: Callable[..., str], allowed: Callable[[Assistant], bool]) -> None:
        """An event of a view that says something in the chat, which is opened for it."""

        def said(*given: object) -> Iterator[list[object]]:
            *values, session, assistant = given
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            text = words(*values, session)
            opened = gr.update(selected=self.chat.name) if text.strip() else gr.skip()
            for shown in self.chat.said(text, session, assistant):
                yield [opened, *shown]

        for_somebody(self.desk, self.session, listen, inputs, [self.tabs, *self.chat.outputs], said, allowed, stops=self.stops)

    def head_of(self, session: Session) -> str:
        """The page's head, with who is signed in and the way out; without users, that everybody is the demo's."""
        language = session.language
        if not self.desk.signing_in:
            return _head(language, f"<p class='who'>{escape(message(language, 'page.as_demo'))}</p>")
        try:
            words = who_words(self.desk.of(session.user or None).identity, self.desk.assistant.catalog, language)
        except UserError as error:
            return _head(language, f"<p class='who'>{escape(error_text(error, language))}</p>")
        out = "" if self.by_proxy else f" <a href='logout'>{escape(message(language, 'page.sign_out'))}</a>"
        return _head(language, f"<p class='who'>{escape(words)}{out}</p>")


def _head(language: Language, who: str = "") -> str:
    return f"<h1>{escape(message(language, 'page.title'))}</h1><p>{escape(message(language, 'page.tagline'))}</p>{who}"
