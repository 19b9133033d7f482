"""Guided mode, step by step: a framework, its stages, a segment there, its conditions and numbers, and what is kept. Law: what is picked is asked as a turn of its own, beside the conversation in the chat;
every step says the words that do the same there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.guided import (
    Candidate,
    Stage,
    by_size,
    candidate_sizes,
    candidate_words,
    candidates,
    chosen_words,
    frame_of,
    say_candidate,
    say_stages,
    stage_sizes,
    stage_words,
    stages,
    strategy_draft,
)
from assistant.app.promoting import as_yaml
from assistant.app.ui.chips import Open, chips
from assistant.app.ui.panels import definitions, tables, understanding
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Component, Listener, Place, link, row_button, told
from assistant.app.view import option_lines, reply
from assistant.app.words import question_text
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.catalog.strategy import Frame
from assistant.facts import FactSheet
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import may
from assistant.rule.edits import RuleChange
from assistant.store.segment import LONGEST_NAME

MOST_SEGMENTS = 10
"""Segments of a stage that are shown at once."""
STEPS = ("frame", "stage", "segment", "tags", "kept")


@dataclass(frozen=True, eq=False)
class Seen:
    """What a visitor has picked: a frame with the sizes of its stages, a stage with those of its segments, a template of it ("" for all at the stage, None before any is picked) with the turns asked about it, the chip
    that is open, and the saved segment with the draft of a template made of it."""

    frame: str = ""
    of_stages: FactSheet | None = None
    stage: str = ""
    of_segments: FactSheet | None = None
    segment: str | None = None
    asked: Session = field(default_factory=Session)
    opened: Open = field(default_factory=Open)
    saved: str = ""
    saved_as: str = ""
    draft: str = ""
    draft_code: str = ""

    @property
    def step(self) -> int:
        """How many of the five steps are done; conditions and numbers are at hand until something is kept."""
        return 5 if self.saved else sum((bool(self.frame), bool(self.stage), self.segment is not None))


class Guided:
    """For everybody who may ask, where the catalog has frames."""

    name = "guided"

    def allowed(self, assistant: Assistant) -> bool:
        return bool(assistant.catalog.framework.frames) and may(assistant.catalog.policy, assistant.identity, "ask")

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        language, catalog = session.language, assistant.catalog
        frame = frame_of(seen.frame, catalog)
        stage = None if frame is None else next((one for one in stages(frame, catalog) if one.code == seen.stage), None)
        picked = None if stage is None else next((one for one in candidates(stage) if one.code == seen.segment), None)
        gr.HTML(_steps(seen, language), padding=False)
        with gr.Row():
            with gr.Column(scale=5, min_width=320):
                self._frames(place, state, language, catalog, frame)
                if frame is not None and seen.of_stages is not None:
                    self._stages(place, state, language, catalog, frame, stage, seen.of_stages)
                if frame is not None and stage is not None and seen.of_segments is not None:
                    self._segments(place, state, language, stage, picked, seen.of_segments)
            with gr.Column(scale=6, min_width=320, elem_id="guided"):
                if stage is None or picked is None or seen.asked.last is None:
                    told(message(language, f"guided.next_{STEPS[seen.step]}"), lively=False)
                else:
                    self._tags(place, state, seen, stage, picked, seen.asked.speak(language))

    def _frames(self, place: Place, state: gr.State, language: Language, catalog: TagCatalog, chosen: Frame | None) -> None:
        _heading(1, language)
        for one in catalog.framework.frames:
            named = {"text": one.name.get(language), "more": one.why.get(language)}
            button = row_button(message(language, "page.bracketed", named), one is chosen)
            place.on(button.click, [], [state], partial(self.framed, one))

    def _stages(
        self, place: Place, state: gr.State, language: Language, catalog: TagCatalog, frame: Frame, chosen: Stage | None, sheet: FactSheet
    ) -> None:
        _heading(2, language, say_stages(frame, catalog, language))
        with gr.Row(elem_classes="stages", elem_id="guided-stages"):
            for one in stages(frame, catalog):
                button = row_button(stage_words(one, sheet, language), chosen is not None and one.code == chosen.code)
                place.on(button.click, [state], [state], partial(self.staged, one))

    def _segments(
        self, place: Place, state: gr.State, language: Language, stage: Stage, chosen: Candidate | None, sheet: FactSheet
    ) -> None:
        _heading(3, language)
        if not stage.strategies:
            told(message(language, "guided.gap", {"stage": stage.name.get(language)}))
        found = by_size(candidates(stage), sheet)

        def listed(some: Sequence[Candidate]) -> None:
            for one in some:
                button = row_button(candidate_words(one, stage, sheet, language), chosen is not None and one.code == chosen.code)
                place.on(button.click, [state], [state], partial(self.picked, stage, one))

        with gr.Column(elem_id="guided-segments"):
            listed(found[:MOST_SEGMENTS])
            if rest := found[MOST_SEGMENTS:]:
                with gr.Accordion(
                    message(language, "guided.more", {"n": str(len(rest))}), open=chosen in rest, key=f"guided-more {stage.code}"
                ):
                    listed(rest)

    def _tags(self, place: Place, state: gr.State, seen: Seen, stage: Stage, picked: Candidate, asked: Session) -> None:
        """The conditions with their counts, each to be changed by hand; then what is kept."""
        language, answer = asked.language, asked.last
        assert answer is not None, "a segment was asked about"
        _heading(4, language, say_candidate(picked, stage, language))
        gr.HTML(understanding(answer, language), padding=False)
        chips(asked, seen.opened, partial(self._shows, place, state), partial(self._edits, place, state), "guided-")
        for put in answer.questions:
            gr.HTML(f"<div class='question'>{escape(question_text(put.question, answer, language))}</div>", padding=False)
            for number, (line, option) in enumerate(zip(option_lines(put, answer, language), put.options, strict=True), 1):
                button = gr.Button(f"{number}. {line}", size="sm", elem_classes="saved")
                self._turns(place, state, button.click, [], partial(_chosen, put.question.key, option.index))
        gr.HTML(tables(answer, language), padding=False)
        meant = definitions(answer, language)
        if meant:
            with gr.Accordion(message(language, "page.definitions"), open=False, key=f"guided-definitions {picked.code}"):
                gr.HTML(meant, padding=False)
        if asked.conversation.rule is not None:
            self._kept(place, state, seen, picked, asked)

    def _kept(self, place: Place, state: gr.State, seen: Seen, picked: Candidate, asked: Session) -> None:
        """A saved segment, and the draft of a template made of it."""
        language, answer = asked.language, asked.last
        say = partial(message, language)
        _heading(5, language)
        with gr.Row(elem_classes="beside"):
            name = gr.Textbox(
                label=say("page.segment_name"),
                max_length=LONGEST_NAME,
                interactive=True,
                scale=3,
                key=f"guided-name {picked.code}",
                elem_id="guided-name",
            )
            button = gr.Button(say("page.save_segment"), variant="primary", min_width=90, elem_id="guided-save")
            for listen in (name.submit, button.click):
                self._turns(place, state, listen, [name], _saved)
        if answer is not None and answer.kept is not None:
            told(reply(answer, language).splitlines()[0])
        if not seen.saved:
            return
        with gr.Row():
            button = gr.Button(say("guided.open"), size="sm", min_width=90, elem_id="guided-open")
            place.says(button.click, [], partial(_opening, seen.saved_as))
            if picked.strategy is not None:
                button = gr.Button(say("guided.draft"), size="sm", min_width=90, elem_id="guided-draft")
                place.on(button.click, [state], [state], partial(self.drafted, place, picked))
        if picked.strategy is None:
            told(say("guided.no_draft"), lively=False)
        if seen.draft:
            file = link(f"{seen.draft_code}.yaml", seen.draft.encode(), "text/yaml", language)
            words = f"<p>{escape(say('guided.drafted'))}</p><p>{file}</p><pre tabindex=0>{escape(seen.draft)}</pre>"
            gr.HTML(f"<section class='card' role='status' lang={language} id='guided-yaml'>{words}</section>", padding=False)

    def framed(self, frame: Frame, session: Session, assistant: Assistant) -> list[Seen]:
        """A frame picked, and its stages sized."""
        said = say_stages(frame, assistant.catalog, session.language)
        return [Seen(frame.code, stage_sizes(stages(frame, assistant.catalog), assistant, said))]

    def staged(self, stage: Stage, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """A stage picked, and the segments there sized."""
        sheet = candidate_sizes(candidates(stage), assistant, stage.name.get(session.language))
        return [Seen(seen.frame, seen.of_stages, stage.code, sheet)]

    def picked(self, stage: Stage, one: Candidate, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """A segment picked and asked about."""
        asked = Session(user=session.user).speak(session.language).begin(assistant, one.node, chosen_words(one, stage, session.language))
        return [Seen(seen.frame, seen.of_stages, seen.stage, seen.of_segments, one.code, asked)]

    def drafted(self, place: Place, one: Candidate, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """The saved segment as the draft of a template."""
        del session
        if one.strategy is None:
            return [seen]
        draft = strategy_draft(seen.saved, one.strategy, assistant, place.desk.store)
        return [replace(seen, draft=as_yaml(draft), draft_code=draft.code)]

    def _turns(self, place: Place, state: gr.State, listen: Listener, inputs: Sequence[Component], turn: Callable[..., Session]) -> None:
        """An event that takes what is asked one turn on."""

        def turned(*given: object) -> list[Seen]:
            *values, seen, session, assistant = given
            assert isinstance(seen, Seen), "the state is among the inputs"
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            after = turn(*values, seen.asked.speak(session.language), assistant)
            kept = None if after.last is None else after.last.kept
            saved = (seen.saved, seen.saved_as) if kept is None else (kept.segments[0].id, kept.segments[0].name)
            return [
                replace(seen, asked=after, opened=Open(), saved=saved[0], saved_as=saved[1], draft="" if kept is not None else seen.draft)
            ]

        place.on(listen, [*inputs, state], [state], turned)

    def _shows(self, place: Place, state: gr.State, button: gr.Button, one: Open) -> None:
        def shown(seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
            del session, assistant
            return [replace(seen, opened=seen.opened.pressed(one))]

        place.on(button.click, [state], [state], shown)

    def _edits(
        self, place: Place, state: gr.State, button: gr.Button, inputs: Sequence[Component], edit: Callable[..., RuleChange]
    ) -> None:
        self._turns(place, state, button.click, inputs, partial(_edited, edit))


def _edited(edit: Callable[..., RuleChange], *given: object) -> Session:
    """What stands in the boxes of a chip, as an edit of the rule."""
    *values, asked, assistant = given
    assert isinstance(asked, Session), "the turns so far are last but one"
    assert isinstance(assistant, Assistant), "the Assistant is last"
    return asked.edit(assistant, edit(*values))


def _chosen(key: str, option: int, asked: Session, assistant: Assistant) -> Session:
    return asked.choose(assistant, key, option)


def _saved(name: str | None, asked: Session, assistant: Assistant) -> Session:
    """Saved by the words that say so; nothing without a name."""
    wanted = (name or "").strip()
    return asked.say(assistant, message(asked.language, "page.say_save", {"name": wanted})) if wanted else asked


def _opening(name: str, session: Session) -> str:
    return message(session.language, "page.say_open", {"name": name})


def _heading(step: int, language: Language, said: str = "") -> None:
    """What a step is, and the words that do the same in the chat."""
    title = escape(message(language, f"guided.step_{STEPS[step - 1]}"))
    words = f"<p class='help'>{escape(message(language, 'guided.in_chat', {'words': said}))}</p>" if said else ""
    gr.HTML(f"<div lang={language} class='step'><h3>{step}. {title}</h3>{words}</div>", padding=False)


def _steps(seen: Seen, language: Language) -> str:
    """The five steps, those done and the one at hand marked."""
    items = []
    for number, step in enumerate(STEPS):
        state = " class='done'" if number < seen.step else " class='now' aria-current='step'" if number == seen.step else ""
        items.append(f"<li{state}>{escape(message(language, f'guided.step_{step}'))}</li>")
    return f"<ol class='steps' lang={language} aria-label='{escape(message(language, 'guided.steps'))}'>{''.join(items)}</ol>"
