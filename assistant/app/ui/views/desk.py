"""The analyst's desk: the review queue with one item open, words proposed to owners, and the flywheel. Law: it hands every decision to `app/desk`, and a correction is seen whole before it can be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.desk.deciding import approve, correct, done_text, reject
from assistant.app.desk.flywheel import flywheel, flywheel_grid
from assistant.app.desk.naming import Proposal, accept, decline, proposal, proposals
from assistant.app.desk.queue import Item, ReviewDesk, open_review
from assistant.app.desk.shown import (
    alias_text,
    assumption_lines,
    decision_lines,
    feedback_lines,
    ledger_lines,
    outcome_of,
    proposal_line,
    standing_of,
)
from assistant.app.ui.chips import Open, chips
from assistant.app.ui.panels import understanding
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Component, Listener, Place, row_button, told
from assistant.app.view import grid_html, option_lines
from assistant.app.words import question_text
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.interpret.interpretation import Conversation, Turn
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import may
from assistant.rule.edits import History, RuleChange
from assistant.rule.tree import SegmentRule
from assistant.store.review import STATES, State
from assistant.store.reviews import LONGEST_REASON

MOST_LISTED = 30


@dataclass(frozen=True, eq=False)
class Seen:
    """What a reviewer has before them: the standing of the items listed, the item they opened, the correction they are trying (a conversation of its own), the chip whose editor is open, and what
    was last done."""

    state: State = "waiting"
    chosen: str = ""
    draft: Session | None = None
    opened: Open = field(default_factory=Open)
    done: str = ""


class Review:
    """For those who review generated rules, and for owners of tags."""

    name = "desk"

    def allowed(self, assistant: Assistant) -> bool:
        policy, who = assistant.catalog.policy, assistant.identity
        return may(policy, who, "approve") or may(policy, who, "edit_tag") or bool(who.stewards)

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        desk, language = open_review(place.desk, assistant), session.language
        if seen.done:
            told(seen.done)
        if may(assistant.catalog.policy, assistant.identity, "approve"):
            with gr.Row():
                with gr.Column(scale=4, min_width=300):
                    self._listed(place, state, desk, seen, language)
                with gr.Column(scale=6, min_width=320, elem_id="desk-item"):
                    if seen.chosen:
                        self._item(place, state, desk, desk.item(seen.chosen), seen, language)
                    else:
                        told(message(language, "desk.choose"), lively=False)
        with gr.Accordion(message(language, "desk.proposals"), open=False, key="desk-proposals", elem_id="desk-proposals"):
            self._proposals(place, state, desk, language)
        if may(assistant.catalog.policy, assistant.identity, "approve"):
            with gr.Accordion(message(language, "desk.flywheel_title"), open=False, key="desk-flywheel", elem_id="desk-flywheel"):
                grid = flywheel_grid(flywheel(desk), language)
                gr.HTML(f"<section class='card' lang={language}>{grid_html(grid)}</section>", padding=False)

    # the queue

    def _listed(self, place: Place, state: gr.State, desk: ReviewDesk, seen: Seen, language: Language) -> None:
        choices = [(message(language, f"desk.state_{one}"), one) for one in STATES]
        standing = gr.Radio(choices, value=seen.state, label=message(language, "desk.state"), interactive=True, elem_id="desk-state")
        place.on(standing.input, [standing], [state], self.sorted)
        found = desk.items((seen.state,), limit=MOST_LISTED)
        if not found:
            told(message(language, "desk.none"), lively=False)
        for one in found:
            here = one.id == seen.chosen
            words = message(
                language, "desk.row", {"text": " ".join(one.turn.text.split()), "way": message(language, f"desk.way_{one.turn.understood.way}"), "who": one.askers[-1], "times": str(one.times)}
            )  # fmt: skip
            button = row_button(words, here)
            place.on(button.click, [state], [state], partial(self.opened, one.id))

    def _item(self, place: Place, state: gr.State, desk: ReviewDesk, item: Item, seen: Seen, language: Language) -> None:
        """An item in full, with what can be decided of it."""
        say = partial(message, language)
        gr.HTML(item_html(item, desk, language), padding=False)
        if item.node is not None and desk.sql(item):
            with gr.Accordion(say("desk.sql"), open=False, key=f"sql {item.id}"):
                gr.Code(desk.sql(item), language="sql", interactive=False, show_label=False, wrap_lines=True)
        if seen.draft is not None:
            self._draft(place, state, item, seen.draft, seen, language)
            return
        with gr.Row():
            if item.answered and item.state != "accepted":
                button = gr.Button(say("desk.approve"), size="sm", variant="primary", min_width=90, elem_id="desk-approve")
                self._decides(place, state, button, [], partial(self.approved, item))
            button = gr.Button(say("desk.correct"), size="sm", min_width=90, elem_id="desk-correct")
            place.on(button.click, [state], [state], partial(self.drafted, place, item))
        with gr.Row(elem_classes="beside"):
            reason = gr.Textbox(
                label=say("desk.reason"),
                max_length=LONGEST_REASON,
                scale=3,
                interactive=True,
                key=f"reason {item.id}",
                elem_id="desk-reason",
            )
            button = gr.Button(say("desk.reject"), min_width=80, elem_id="desk-reject")
            self._decides(place, state, button, [reason], partial(self.rejected, item))

    def _decides(self, place: Place, state: gr.State, button: gr.Button, inputs: Sequence[Component], decide: Callable[..., str]) -> None:
        def decided(*given: object) -> list[Seen]:
            *values, seen, session, assistant = given
            assert isinstance(seen, Seen), "the state is among the inputs"
            assert isinstance(session, Session), "the session is last but one"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            return [Seen(seen.state, seen.chosen, done=decide(*values, open_review(place.desk, assistant), session.language))]

        place.on(button.click, [*inputs, state], [state], decided)

    # a correction

    def _draft(self, place: Place, state: gr.State, item: Item, draft: Session, seen: Seen, language: Language) -> None:
        """The rule as it would be, what can be changed of it by hand and in words, and the button that keeps it."""
        say, draft, answer = partial(message, language), draft.speak(language), draft.last
        with gr.Column(elem_id="desk-draft"):
            gr.HTML(f"<h3 lang={language}>{escape(say('desk.draft'))}</h3>", padding=False)
            if answer is not None:
                if answer.text:
                    gr.HTML(understanding(answer, language), padding=False)
                chips(draft, seen.opened, partial(self._shows, place, state), partial(self._edits, place, state), "draft-")
                for asked in answer.questions:
                    gr.HTML(f"<div class='question'>{escape(question_text(asked.question, answer, language))}</div>", padding=False)
                    for number, (line, option) in enumerate(zip(option_lines(asked, answer, language), asked.options, strict=True), 1):
                        button = gr.Button(f"{number}. {line}", size="sm")
                        self._turns(place, state, button.click, [], partial(_chosen, asked.question.key, option.index))
            with gr.Row(elem_classes="beside"):
                words = gr.Textbox(label=say("desk.in_words"), placeholder=say("desk.in_words_hint"), max_length=2000, scale=3, interactive=True, key=f"words {item.id} {len(draft.answers)}", elem_id="desk-words")  # fmt: skip
                button = gr.Button(say("desk.try"), min_width=80, elem_id="desk-try")
                for listen in (words.submit, button.click):
                    self._turns(place, state, listen, [words], _said)
            with gr.Row(elem_classes="beside"):
                reason = gr.Textbox(
                    label=say("desk.why"), max_length=LONGEST_REASON, scale=3, interactive=True, key=f"why {item.id}", elem_id="desk-why"
                )
                ready = answer is not None and answer.outcome == "answered" and bool(answer.text)
                keep = gr.Button(say("desk.keep"), variant="primary", interactive=ready, min_width=130, elem_id="desk-keep")
                self._decides(place, state, keep, [reason], partial(self.corrected, item, draft))
            back = gr.Button(say("desk.back"), size="sm", elem_id="desk-back")
            place.on(back.click, [state], [state], partial(self.opened, item.id))

    def _turns(self, place: Place, state: gr.State, listen: Listener, inputs: Sequence[Component], turn: Callable[..., Session]) -> None:
        """An event that takes the draft one turn on."""

        def turned(*given: object) -> list[Seen]:
            *values, seen, _, assistant = given
            assert isinstance(seen, Seen), "the state is among the inputs"
            assert isinstance(assistant, Assistant), "the Assistant is last"
            if seen.draft is None:
                return [seen]
            return [replace(seen, draft=turn(*values, seen.draft, open_review(place.desk, assistant).assistant), opened=Open(), done="")]

        place.on(listen, [*inputs, state], [state], turned)

    def _shows(self, place: Place, state: gr.State, button: gr.Button, one: Open) -> None:
        def shown(seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
            del session, assistant
            return [replace(seen, opened=seen.opened.pressed(one), done="")]

        place.on(button.click, [state], [state], shown)

    def _edits(
        self, place: Place, state: gr.State, button: gr.Button, inputs: Sequence[Component], edit: Callable[..., RuleChange]
    ) -> None:
        self._turns(place, state, button.click, inputs, partial(_edited, edit))

    # words and their owners

    def _proposals(self, place: Place, state: gr.State, desk: ReviewDesk, language: Language) -> None:
        say, catalog = partial(message, language), desk.assistant.catalog
        found = proposals(desk)
        if not found:
            told(say("desk.no_proposals"), lively=False)
        for number, one in enumerate(found[:MOST_LISTED]):
            requests = "".join(f"<li>{escape(text)}</li>" for text in one.requests)
            head = escape(proposal_line(one, catalog, language).removeprefix(one.id).strip())
            gr.HTML(f"<section class='card' lang={language}><p>{head}</p><ul>{requests}</ul></section>", padding=False)
            if one.alias is None or one.alias.accepted:
                with gr.Row(elem_classes="beside"):
                    reason = gr.Textbox(label=say("desk.why"), max_length=LONGEST_REASON, scale=3, interactive=True, key=f"word {one.id}", elem_id=f"desk-word-reason-{number}")  # fmt: skip
                    if one.alias is None:
                        button = gr.Button(say("desk.accept"), variant="primary", min_width=80, elem_id=f"desk-accept-{number}")
                        self._decides(place, state, button, [reason], partial(self.accepted, one))
                    button = gr.Button(say("desk.decline"), min_width=80, elem_id=f"desk-decline-{number}")
                    self._decides(place, state, button, [reason], partial(self.declined, one))

    # what is pressed

    def sorted(self, state: str, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(next(one for one in STATES if one == state))]

    def opened(self, item: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(seen.state, item)]

    def drafted(self, place: Place, item: Item, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """A correction begun. UserError as of `ReviewDesk.allow`."""
        desk = open_review(place.desk, assistant)
        desk.allow(item.askers)
        return [Seen(seen.state, item.id, draft_of(item, desk, session.language))]

    def approved(self, item: Item, desk: ReviewDesk, language: Language) -> str:
        return done_text(approve(desk, item), item, language)

    def rejected(self, item: Item, reason: str, desk: ReviewDesk, language: Language) -> str:
        return done_text(reject(desk, item, reason or ""), item, language)

    def corrected(self, item: Item, draft: Session, reason: str, desk: ReviewDesk, language: Language) -> str:
        """UserError as of `correct`."""
        if draft.last is None or not draft.last.text:
            raise UserError("desk_not_answered")
        return done_text(correct(desk, item, draft.last, reason or ""), item, language)

    def accepted(self, one: Proposal, reason: str, desk: ReviewDesk, language: Language) -> str:
        del reason
        at = desk.owning()
        return alias_text(accept(at, proposal(at, one.id)), at.assistant.catalog, language)

    def declined(self, one: Proposal, reason: str, desk: ReviewDesk, language: Language) -> str:
        at = desk.owning()
        return alias_text(decline(at, proposal(at, one.id), reason or ""), at.assistant.catalog, language)


def draft_of(item: Item, desk: ReviewDesk, language: Language) -> Session:
    """A conversation of its own about an item's rule, in which a correction is tried."""
    rule = None if item.node is None else SegmentRule(node=item.node)
    turns = () if rule is None else (Turn(item.turn.text, rule, changed=True),)
    start = Conversation(turns, History(rule), language=language)
    found = () if rule is None else (desk.assistant.check(rule, item.purpose),)
    return Session(desk.assistant.identity.user, language, fixed=True, conversation=start, before=start, answers=found)


def item_html(item: Item, desk: ReviewDesk, language: Language) -> str:
    """What was asked and by whom, what each word became, the rule in words, and what was said and decided of it."""
    say = partial(message, language)
    ledger = "".join(f"<li>{escape(line)}</li>" for line in ledger_lines(item, desk, language))
    notes = "".join(f"<li>{escape(line)}</li>" for line in assumption_lines(item, desk, language))
    lines = [*feedback_lines(item, language), *([] if item.decision is None else decision_lines(item.decision, desk, language))]
    if desk.stale(item):
        lines.append(say("desk.stale"))
    parts = [
        f"<h3>{escape(item.turn.text)}</h3>",
        f"<p class='help'>{escape(standing_of(item, language))}</p>",
        f"<p class='readback'>{escape(outcome_of(item, desk, language))}</p>",
        f"<p class='help'>{escape(say('desk.before', {'turns': ' / '.join(item.turn.understood.turns)}))}</p>" if item.turn.understood.turns else "",
        f"<h3>{escape(say('desk.ledger'))}</h3><ul>{ledger}</ul>",
        f"<h3>{escape(say('page.assumptions'))}</h3><ul>{notes}</ul>" if notes else "",
        "".join(f"<p>{escape(line.strip())}</p>" for line in lines),
    ]  # fmt: skip
    return f"<section class='card' lang={language}>{''.join(parts)}</section>"


def _said(words: str, draft: Session, assistant: Assistant) -> Session:
    return draft.say(assistant, words) if (words or "").strip() else draft


def _chosen(key: str, option: int, draft: Session, assistant: Assistant) -> Session:
    return draft.choose(assistant, key, option)


def _edited(edit: Callable[..., RuleChange], *given: object) -> Session:
    *values, draft, assistant = given
    assert isinstance(draft, Session), "the draft is last but one"
    assert isinstance(assistant, Assistant), "the Assistant is last"
    return draft.edit(assistant, edit(*values))
