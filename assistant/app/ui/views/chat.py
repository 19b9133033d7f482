"""The chat: conversation on the left, how it was understood on the right. Law: it shows a Session and hands what is typed or clicked to it, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from html import escape

import gradio as gr
import plotly.graph_objects as go

from assistant.app.charts.funnel import funnel_chart
from assistant.app.charts.pictures import pictures
from assistant.app.offers import offer_line, offered
from assistant.app.ui.chips import Open, chips
from assistant.app.ui.panels import chat, definitions, draft_card, findings, sql_text, tables, taken_as_read, understanding
from assistant.app.ui.session import Session
from assistant.app.ui.typed import keep_typed
from assistant.app.ui.views.view import Component, Listener, Place, drawing, for_somebody
from assistant.app.view import option_lines
from assistant.app.words import question_text, sample_requests
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Answer, AskedQuestion, Assistant
from assistant.rule.edits import RuleChange
from assistant.store.review import VERDICTS, Verdict
from assistant.store.reviews import LONGEST_REASON
from assistant.store.segment import LONGEST_NAME

Update = dict[str, object]
LONGEST_INPUT = 20_000
"""What the box takes; the interpreter refuses long before that, in words."""
MOST_PICTURES = 4
"""Slots for pictures; what is beyond stands in the tables."""


class Chat:
    """The view everybody has: who may ask nothing is told so in words. `first`: the language it is built in."""

    name = "chat"

    def __init__(self, first: Language) -> None:
        self.first = first

    def allowed(self, assistant: Assistant) -> bool:
        del assistant
        return True

    def build(self, place: Place) -> None:
        self.place = place
        language = self.first
        say = partial(message, language)
        with gr.Row():
            with gr.Column(scale=5, min_width=320):
                self.chat = gr.HTML(chat((), language), elem_id="chat", padding=False)
                with gr.Column(elem_id="choices"):
                    self._choices()
                self.box = gr.Textbox(
                    label=say("page.ask_label"),
                    placeholder=say("page.placeholder"),
                    lines=1,
                    max_lines=6,
                    max_length=LONGEST_INPUT,
                    autofocus=True,
                    elem_id="request",
                )
                with gr.Row():
                    self.send = gr.Button(say("page.send"), variant="primary", min_width=80, elem_id="send")
                    self.stop = gr.Button(say("page.stop"), variant="stop", visible=False, min_width=80, elem_id="stop")
                    self.undo = gr.Button(say("page.undo"), min_width=80, elem_id="undo")
                    self.over = gr.Button(say("page.start_over"), min_width=80, elem_id="start-over")
                with gr.Row(elem_id="keep"):
                    self.name_box = gr.Textbox(label=say("page.segment_name"), max_length=LONGEST_NAME, scale=3, elem_id="segment-name")
                    self.save = gr.Button(say("page.save_segment"), min_width=80, elem_id="save-segment")
                with gr.Accordion(say("page.samples"), open=True, elem_id="samples") as self.samples_fold:
                    self.samples = [gr.Button(words, size="sm") for words in sample_requests(language)]
                with gr.Column(elem_id="earlier"):
                    self._earlier()
            with gr.Column(scale=6, min_width=320):
                self.panel = gr.HTML(understanding(None, language), elem_id="understanding", padding=False)
                self.opened = gr.State(Open())
                self.pressed = gr.Textbox(visible=False)
                self._chips()
                self.said_panel = gr.HTML(visible=False, elem_id="taken-as-read", padding=False)
                self._feedback()
                self.pictures = [gr.Plot(visible=False, show_label=False, elem_id=f"picture-{number}") for number in range(MOST_PICTURES)]
                self.found = gr.HTML(visible=False, elem_id="findings", padding=False)
                self.funnel = gr.Plot(visible=False, show_label=False, elem_id="funnel")
                self.table = gr.HTML(visible=False, elem_id="funnel-table", padding=False)
                with gr.Accordion(say("page.definitions"), open=False, visible=False, elem_id="definitions") as self.definitions_fold:
                    self.definitions = gr.HTML(padding=False)
                with gr.Accordion(say("page.sql"), open=False, visible=False, elem_id="sql") as self.sql_fold:
                    self.sql = gr.Code(language="sql", interactive=False, show_label=False, buttons=["copy"], max_lines=30)
        self._events()

    @property
    def outputs(self) -> list[Component]:
        return [
            self.place.session, self.place.language, self.chat, self.box, self.panel, self.said_panel, self.funnel, self.table, *self.pictures, self.found,
            self.definitions_fold, self.definitions, self.sql_fold, self.sql, self.send, self.stop, self.undo, self.over, self.samples_fold, *self.samples,
            self.name_box, self.save,
        ]  # fmt: skip

    def shown(self, session: Session, sent: bool = False) -> list[object]:
        """A value for every output. `sent`: what stood in the box was taken; otherwise what is being typed there stays."""
        language, answer = session.language, session.last
        say = partial(message, language)
        answered = answer is not None and answer.outcome == "answered"
        drawn = pictures(answer, language)[:MOST_PICTURES] if answer is not None else ()
        defined, sql = definitions(answer, language), sql_text(answer)
        named: Update = gr.update(label=say("page.segment_name"))
        box: Update = gr.update(label=say("page.ask_label"), placeholder=say("page.placeholder"))
        if sent:
            box["value"] = named["value"] = ""
        return [
            session,
            language,
            chat(session.answers, language, pressed=session.pressed),
            box,
            understanding(answer, language),
            _html(taken_as_read(answer, language)),
            _plot(funnel_chart(answer, language) if answered and answer is not None else None, say("page.funnel")),
            _html(tables(answer, language)),
            *(_plot(one.figure, one.title) for one in drawn),
            *(_plot(None, "") for _ in range(MOST_PICTURES - len(drawn))),
            _html(findings(answer, language)),
            gr.update(label=say("page.definitions"), visible=bool(defined)),
            defined,
            gr.update(label=say("page.sql"), visible=bool(sql)),
            sql,
            gr.update(value=say("page.send"), visible=True),
            gr.update(value=say("page.stop"), visible=False),
            say("page.undo"),
            say("page.start_over"),
            gr.update(label=say("page.samples"), open=answer is None),
            *sample_requests(language),
            named,
            say("page.save_segment"),
        ]

    def _events(self) -> None:
        for listen in (self.box.submit, self.send.click):
            self._says(listen, [self.box], _typed)
        self._says(self.undo.click, [], partial(_button, "page.undo"))
        self._says(self.over.click, [], partial(_button, "page.start_over"))
        for listen in (self.name_box.submit, self.save.click):
            self._says(listen, [self.name_box], _save)
        for button in self.samples:
            self._says(button.click, [button], _typed)
        self.stop.click(self.stopped, None, None, api_visibility="private", show_progress="hidden", queue=False)

    def _says(self, listen: Listener, inputs: Sequence[Component], words: Callable[..., str]) -> None:
        """An event that says something: `words` takes the values of the inputs and the session."""

        def run(*given: object) -> Iterator[list[object]]:
            *values, session, assistant = given
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            return self.said(words(*values, session), session, assistant)

        self._on(listen, inputs, run)

    def _takes(self, listen: Listener, inputs: Sequence[Component], turn: Callable[..., Session]) -> None:
        """An event that is a turn without words of its own: `turn` takes the values of the inputs, the session and the Assistant."""

        def run(*given: object) -> Iterator[list[object]]:
            *_, session, assistant = given
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            return self._turn("", session, assistant, partial(turn, *given))

        self._on(listen, inputs, run)

    def _on(self, listen: Listener, inputs: Sequence[Component], run: Callable[..., Iterator[list[object]]]) -> None:
        for_somebody(self.place.desk, self.place.session, listen, inputs, self.outputs, run, progress=self.chat, stops=self.place.stops)

    def said(self, text: str, session: Session, assistant: Assistant) -> Iterator[list[object]]:
        """A turn in words. One without any is none: the browser sends it when Enter comes before the page is awake, and what was typed must stay."""
        if not text.strip():
            yield [gr.skip() for _ in self.outputs]
            return
        yield from self._turn(text, session, assistant, lambda: session.say(assistant, text), sent=True)

    def _turn(
        self, words: str, session: Session, assistant: Assistant, turn: Callable[[], Session], sent: bool = False
    ) -> Iterator[list[object]]:
        """What is asked is shown before its answer is made; the page is as it was when there is none."""
        yield self.waiting(words, session)
        try:
            after = turn()
        except UserError:
            yield self.shown(session)
            raise
        self.place.visits.keep(after, assistant.identity)
        yield self.shown(after, sent)

    def waiting(self, text: str, session: Session) -> list[object]:
        """A value for every output while a turn is answered: its words stand in the conversation, what is still shown is said to be of the question before, and it can be stopped."""
        language = session.language
        told: dict[object, object] = {
            self.chat: chat(session.answers, language, text, session.pressed),
            self.panel: understanding(session.last, language, waiting=True),
            self.send: gr.update(visible=False),
            self.stop: gr.update(visible=True),
        }
        return [told.get(part, gr.skip()) for part in self.outputs]

    def stopped(self, request: gr.Request) -> None:
        """What the visitor has under way is wanted no longer; the turn itself tells what came of it."""
        self.place.stops.stop(request.session_hash or "")

    def picked(self, key: str, option: int, session: Session, assistant: Assistant) -> Session:
        return session.choose(assistant, key, option)

    def took(self, place: int, session: Session, assistant: Assistant) -> Session:
        """An offer of the last answer taken."""
        return session.take(assistant, place)

    def requested(self, session: Session, assistant: Assistant) -> Session:
        """A tag request submitted; one that cannot be kept is told, and may be tried again."""
        return session.request_tag(self.place.desk.store.tag_requests, datetime.now().astimezone(), assistant.identity.user)

    def _chips(self) -> None:
        """The conditions, each a button that opens what can be done with it."""
        self.place.on(self.pressed.change, [self.pressed, self.opened], [self.opened], self.opens)

        @drawing([self.place.session, self.opened], [self.place.session.change, self.opened.change])
        def chosen(session: Session, opened: Open) -> None:
            chips(session, opened, self._shows, self._edits)
            keep_typed(self.name)

    def _shows(self, button: gr.Button, one: Open) -> None:
        """A press is written down in the browser, for what listens there is never drawn anew: the server forgets whatever listened in the drawing before, also where a press on it is on its way."""
        button.click(None, None, [self.pressed], js=f"() => `{one.place} {one.answer} ${{performance.now()}}`", api_visibility="private")

    def opens(self, pressed: str, opened: Open, session: Session, assistant: Assistant) -> list[Open]:
        """What is open after a press, written as place, answer and time."""
        del session, assistant
        place, answer, _ = pressed.split(" ", 2)
        return [opened.pressed(Open(answer, int(place)))]

    def _edits(self, button: gr.Button, inputs: Sequence[Component], edit: Callable[..., RuleChange]) -> None:
        def turn(*given: object) -> Session:
            *values, session, assistant = given
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            return session.edit(assistant, edit(*values))

        self._takes(button.click, inputs, turn)

    def _choices(self) -> None:
        """The questions of the last answer, or the other readings of what was taken as read, each option a button."""

        @drawing([self.place.session], [self.place.session.change])
        def options(session: Session) -> None:
            answer = session.last
            if answer is None:
                return
            for asked in answer.questions:
                self._options(asked, question_text(asked.question, answer, session.language), option_lines(asked, answer, session.language))
            for asked in answer.alternatives:
                quote = asked.question.quote
                about = asked.question.params.get("words") or answer.text[quote.start : quote.end]
                words = message(session.language, "page.alternatives", {"words": about})
                self._options(asked, words, option_lines(asked, answer, session.language), session)
            if answer.draft is not None:
                self._tag_request(answer, session)
            found = offered(answer)
            if found:
                gr.HTML(f"<div class='question'>{escape(message(session.language, 'page.offers'))}</div>", padding=False)
            for place, offer in enumerate(found):
                button = gr.Button(offer_line(offer, answer, session.language), size="sm", elem_classes="offer")
                self._takes(button.click, [], partial(self.took, place))

    def _earlier(self) -> None:
        """The other conversations of whoever is signed in, each a button that goes back to it."""

        @drawing([self.place.session], [self.place.session.change])
        def listed(session: Session, request: gr.Request) -> None:
            if not self.place.desk.signing_in or not request.username:
                return
            say = partial(message, session.language)
            try:
                others = self.place.visits.others(session, self.place.desk.of(request.username).identity)
            except UserError:
                return
            if not others:
                return
            with gr.Accordion(say("page.earlier"), open=False, key="earlier"):
                for one in others:
                    told = {"text": one.session.answers[0].text, "n": str(len(one.session.answers)), "at": f"{one.at:%m-%d %H:%M}"}
                    button = gr.Button(say("page.earlier_line", told), size="sm", elem_classes="offer")
                    self._takes(button.click, [], partial(self.went_back, one.session.visit))
            keep_typed(f"{self.name} earlier")

    def went_back(self, visit: str, session: Session, assistant: Assistant) -> Session:
        """Another conversation gone on with."""
        return self.place.visits.back(visit, session, assistant.identity)

    def _feedback(self) -> None:
        """Whether the answer is right, with a reason: it goes to the analyst's desk."""

        @drawing([self.place.session], [self.place.session.change])
        def asked(session: Session) -> None:
            self._judging(session)

    def _judging(self, session: Session) -> None:
        say = partial(message, session.language)
        if session.last is not None and session.last.request_id in session.judged:
            gr.HTML(f"<p class='help' role='status'>{escape(say('page.judged'))}</p>", padding=False)
        elif session.judgeable:
            with gr.Row(elem_classes="beside", elem_id="feedback"):
                reason = gr.Textbox(
                    label=say("page.feedback"),
                    placeholder=say("page.feedback_example"),
                    max_length=LONGEST_REASON,
                    interactive=True,
                    scale=3,
                    elem_id="feedback-reason",
                )
                for verdict in VERDICTS:
                    button = gr.Button(say(f"page.judge_{verdict}"), size="sm", min_width=70, elem_id=f"feedback-{verdict}")
                    self._takes(button.click, [reason], partial(self.judged, verdict))

    def judged(self, verdict: Verdict, reason: str, session: Session, assistant: Assistant) -> Session:
        del assistant
        return session.judge(self.place.desk.store.reviews, verdict, reason or "")

    def _tag_request(self, answer: Answer, session: Session) -> None:
        """The drafted tag request and the button that submits it; nothing is kept before it is pressed."""
        language, times = session.language, session.requested.get(answer.request_id)
        gr.HTML(draft_card(answer, language), padding=False)
        words = message(language, "page.submit_request") if times is None else message(language, "page.request_sent", {"times": str(times)})
        button = gr.Button(words, size="sm", interactive=times is None, elem_id="request-tag")
        self._takes(button.click, [], self.requested)

    def _options(self, asked: AskedQuestion, words: str, lines: Sequence[str], session: Session | None = None) -> None:
        """A question with a button for each option; the one in force, where there is one, is marked and cannot be pressed."""
        gr.HTML(f"<div class='question'>{escape(words)}</div>", padding=False)
        key = asked.question.key
        for place, (line, option) in enumerate(zip(lines, asked.options, strict=True)):
            used = session is not None and session.option(key) == option.index
            button = gr.Button(f"{place + 1}. {line}" + (" ✓" if used else ""), size="sm", interactive=not used)
            self._takes(button.click, [], partial(self.picked, key, option.index))


def _typed(text: str | None, session: Session) -> str:
    del session
    return text or ""


def _button(words: str, session: Session) -> str:
    """A button that says a word of the grammar."""
    return message(session.language, words)


def _save(name: str | None, session: Session) -> str:
    """The segment so far saved under a name, by the words that say so."""
    wanted = (name or "").strip()
    return message(session.language, "page.say_save", {"name": wanted}) if wanted else ""


def _plot(figure: go.Figure | None, label: str) -> Update:
    found: Update = gr.update(value=figure, visible=figure is not None, label=label)
    return found


def _html(value: str) -> Update:
    found: Update = gr.update(value=value, visible=bool(value))
    return found
