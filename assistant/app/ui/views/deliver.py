"""What is taken out of the segment in the chat: a page to print, and the list of its customers as a file. Law: made in memory, recorded before it is offered, and given as the page's own data; the server keeps no file of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape

import gradio as gr

from assistant.app.export.export import exported_lines, packed
from assistant.app.report import page_of
from assistant.app.segments import Asked
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, link, told
from assistant.app.view import sentence
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.policy import PURPOSES, may

_FORMATS = ("csv", "xlsx", "parquet")
_TYPES = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/octet-stream",
    "parquet": "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made last, as lines and links, of which answer, and how many things were."""

    lines: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    of: str = ""
    steps: int = 0


class Deliver:
    """For everybody who may ask; the list for those who may export."""

    name = "deliver"

    def allowed(self, assistant: Assistant) -> bool:
        return may(assistant.catalog.policy, assistant.identity, "ask")

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        language, answer = session.language, _answered(session)
        if answer is None:
            told(message(language, "deliver.nothing"), lively=False)
            return
        say = partial(message, language)
        gr.HTML(
            f"<section class='card' lang={language}><p class='readback'>{escape(sentence(answer, language) or '')}</p></section>",
            padding=False,
        )
        report = gr.Button(say("deliver.report"), size="sm", variant="primary", elem_id="deliver-report")
        place.on(report.click, [state], [state], self.reported)
        if all(may(assistant.catalog.policy, assistant.identity, needed) for needed in ("export", "list_members")):
            choices = [(say(f"purpose.{one}"), one) for one in PURPOSES]
            with gr.Row(elem_classes="beside"):
                purpose = gr.Radio(
                    choices,
                    label=say("deliver.purpose"),
                    value=None,
                    key=f"purpose {answer.request_id}",
                    elem_id="deliver-purpose",
                    interactive=True,
                )
                kind = gr.Radio(
                    list(_FORMATS),
                    label=say("deliver.format"),
                    value=_FORMATS[0],
                    key=f"format {answer.request_id}",
                    elem_id="deliver-format",
                    interactive=True,
                )
                export = gr.Button(say("deliver.export"), min_width=140, elem_id="deliver-export")
            place.on(export.click, [purpose, kind, state], [state], self.exported)
        else:
            told(say("deliver.not_yours"), lively=False)
        if seen.of == answer.request_id and seen.lines:
            lines = "".join(f"<p>{escape(line)}</p>" for line in seen.lines)
            gr.HTML(f"<section class='card' role='status' lang={language}>{lines}<p>{' · '.join(seen.links)}</p></section>", padding=False)

    def reported(self, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """The page to print, as a link that holds all of it."""
        answer = _said(session)
        page = page_of(answer, assistant, session.language)
        link = _link(f"{answer.as_of.isoformat()}-{answer.request_id}.html", page.encode(), session)
        return [Seen((message(session.language, "deliver.report_ready"),), (link,), answer.request_id, seen.steps + 1)]

    def exported(self, purpose: str | None, kind: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """The list and its manifest, each a link that holds all of it. UserError `export_purpose` where no purpose was chosen, and as of `packed`."""
        answer = _said(session)
        chosen = next((one for one in PURPOSES if one == purpose), None)
        if chosen is None or answer.rule is None:
            raise UserError("export_purpose")
        name = f"{answer.as_of.isoformat()}-{answer.request_id}-{chosen}.{kind}"
        done = packed(assistant, Asked(answer.rule, answer.text), chosen, name, datetime.now(UTC), as_of=answer.as_of)
        links = (_link(name, done.data, session), _link(done.exported.written.manifest.name, done.note, session))
        return [Seen(exported_lines(done.exported, session.language), links, answer.request_id, seen.steps + 1)]


def _answered(session: Session) -> Answer | None:
    """The last answer, where it has customers."""
    last = session.last
    return last if last is not None and last.outcome == "answered" and last.rule is not None and last.validated is not None else None


def _said(session: Session) -> Answer:
    found = _answered(session)
    if found is None:
        raise UserError("report_unanswered")
    return found


def _link(name: str, data: bytes, session: Session) -> str:
    return link(name, data, _TYPES[name.rsplit(".", 1)[-1]], session.language)
