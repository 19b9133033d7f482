"""The catalog browser: tags by subject or by words, what one means, who owns it, what uses it and how far it can be relied on. Law: the catalog's own words, and the quality report's Facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.elements import element_rows
from assistant.app.lifecycle import Shelf, impact_text
from assistant.app.quality import column_titles, report_rows, summary_lines, tag_line
from assistant.app.rim import ask
from assistant.app.shown import Grid
from assistant.app.ui.owner import owners_drawer
from assistant.app.ui.panels import findings
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, row_button, told
from assistant.app.view import element, grid_html, reply
from assistant.catalog.by_sound import found_by_sound
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element, Language, RecordSet, Tag
from assistant.catalog.search import search_of
from assistant.facts import FactSheet
from assistant.insight.quality import Quality
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.policy import may

LONGEST_WORDS = 80
MOST_HITS = 24


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor has before them: what they sought, or a subject of the tree; and the element they opened."""

    words: str = ""
    subject: str = ""
    code: str = ""


@dataclass(frozen=True, eq=False)
class Report:
    """The quality report a visitor asked for; none at first."""

    found: Quality | None = None
    sheet: FactSheet | None = None


@dataclass(frozen=True, eq=False)
class Spread:
    """How all customers spread over a tag: its code, and the answer that tells; none at first."""

    code: str = ""
    answer: Answer | None = None


class Tags:
    """For those who may ask, and for those who own tags."""

    name = "tags"

    def allowed(self, assistant: Assistant) -> bool:
        policy, who = assistant.catalog.policy, assistant.identity
        return may(policy, who, "ask") or may(policy, who, "edit_tag")

    def build(self, place: Place) -> None:
        seen, report, spread = gr.State(Seen()), gr.State(Report()), gr.State(Spread())
        place.drawn(partial(self.draw, place, seen, report, spread), seen, report, spread)
        owners_drawer(place)

    def draw(
        self,
        place: Place,
        state: gr.State,
        reported: gr.State,
        spread_state: gr.State,
        session: Session,
        assistant: Assistant,
        seen: Seen,
        report: Report,
        spread: Spread,
    ) -> None:
        language, catalog = session.language, assistant.catalog
        say = partial(message, language)
        with gr.Row(elem_classes="beside"):
            box = gr.Textbox(
                label=say("tags.words"), placeholder=say("tags.words_example"), value=seen.words, max_length=LONGEST_WORDS, interactive=True,
                scale=4, elem_id="tag-words", key="tag-words",
            )  # fmt: skip
            find = gr.Button(say("tags.find"), variant="primary", min_width=80, elem_id="tag-find")
            for listen in (box.submit, find.click):
                place.on(listen, [box, state], [state], self.sought)
            subject = gr.Dropdown(
                _subjects(catalog, language),
                value=seen.subject,
                label=say("page.subject"),
                interactive=True,
                scale=2,
                elem_id="tag-subject",
            )
            place.on(subject.input, [subject, state], [state], self.filtered)
            if may(catalog.policy, assistant.identity, "ask"):
                check = gr.Button(say("tags.quality"), min_width=110, elem_id="tag-quality")
                place.on(check.click, [], [reported], self.checked)
        with gr.Row():
            with gr.Column(scale=4, min_width=300):
                found = _listed(catalog, seen)
                if not found:
                    told(say("tags.nothing" if seen.words else "tags.choose"), lively=bool(seen.words))
                for one in found:
                    words = say("page.bracketed", {"text": one.name.get(language), "more": _kind(one, language)})
                    button = row_button(words, one.code == seen.code)
                    place.on(button.click, [state], [state], partial(self.opened, one.code))
            with gr.Column(scale=6, min_width=320, elem_id="tag"):
                if seen.code:
                    self._one(place, spread_state, language, assistant, seen.code, report)
                    if spread.code == seen.code and spread.answer is not None:
                        shown = findings(spread.answer, language)
                        if shown:
                            gr.HTML(shown, padding=False, elem_id="tag-spread-table")
                        else:
                            told(reply(spread.answer, language))
        if report.found is not None and report.sheet is not None:
            gr.HTML(_report(report.found, report.sheet, catalog, language), padding=False, elem_id="tag-report")

    def _one(self, place: Place, spread: gr.State, language: Language, assistant: Assistant, code: str, report: Report) -> None:
        """An element in full."""
        catalog = assistant.catalog
        try:
            found = element(code, catalog)
        except KeyError:
            return
        rows = list(element_rows(found, catalog, language))
        if isinstance(found, Tag):
            if report.found is not None and report.sheet is not None:
                rows += [
                    (message(language, "tags.reliability"), line) for line in tag_line(report.found, report.sheet, catalog, language, code)
                ]
            used = impact_text(Shelf(place.desk.store, catalog, place.examples).impact(code), found, catalog, language)
            rows.append((message(language, "tags.used"), used))
        shown = "".join(
            f"<dt>{escape(title)}</dt>{''.join(f'<dd>{escape(line)}</dd>' for line in text.splitlines())}" for title, text in rows if text
        )
        head = f"<h3>{escape(found.name.get(language))} <code>{escape(found.code)}</code></h3><p class='readback'>{escape(found.definition.get(language))}</p>"
        gr.HTML(f"<section class='card' lang={language}>{head}<dl class='definitions'>{shown}</dl></section>", padding=False)
        if isinstance(found, Tag) and may(catalog.policy, assistant.identity, "ask", found.asset):
            button = gr.Button(message(language, "tags.spread"), size="sm", elem_id="tag-spread")
            place.on(button.click, [], [spread], partial(self.spread, found))

    def sought(self, words: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(words=" ".join((words or "").split()), code=seen.code)]

    def filtered(self, subject: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(subject=subject or "", code=seen.code)]

    def opened(self, code: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [replace(seen, code=code)]

    def spread(self, tag: Tag, session: Session, assistant: Assistant) -> list[Spread]:
        """How all the asker's customers spread over a tag: a turn of its own, kept in the audit, beside the conversation."""
        words = message(session.language, "tags.say_spread", {"name": tag.name.get(session.language)})
        answer, _ = ask(assistant, words, Conversation(), language=session.language)
        return [Spread(tag.code, answer)]

    def checked(self, session: Session, assistant: Assistant) -> list[Report]:
        """The quality report of the asker's customers."""
        del session
        return [Report(*assistant.quality())]


def _listed(catalog: TagCatalog, seen: Seen) -> tuple[Element, ...]:
    """What was sought, best first; else what stands under a subject or one below it."""
    if seen.words:
        hits = (hit.code.partition(".")[0] for hit in search_of(catalog).find(seen.words, limit=MOST_HITS))
        codes = dict.fromkeys((*found_by_sound(seen.words, catalog, MOST_HITS), *hits))
        return tuple(element(code, catalog) for code in codes)[:MOST_HITS]
    if not seen.subject:
        return ()
    below = {seen.subject, *(one.code for one in catalog.header.subjects if one.parent == seen.subject)}
    tags = tuple(one for one in catalog.tags.values() if one.subject in below)
    return (*tags, *(one for one in catalog.records.values() if one.subject in below))


def _subjects(catalog: TagCatalog, language: Language) -> list[tuple[str, str]]:
    """The tree of subjects, those below another named after it."""
    labels = {one.code: one.label.get(language) for one in catalog.header.subjects}
    return [
        (message(language, "strategies.any"), ""),
        *(
            (f"{labels[one.parent]} / {labels[one.code]}" if one.parent in labels else labels[one.code], one.code)
            for one in catalog.header.subjects
        ),
    ]


def _kind(one: Element, language: Language) -> str:
    if isinstance(one, Tag):
        return message(language, f"status.{one.status}")
    return message(language, "page.kind_record" if isinstance(one, RecordSet) else "page.kind_concept")


def _report(found: Quality, sheet: FactSheet, catalog: TagCatalog, language: Language) -> str:
    """What is wrong, as a table; what is sound is only counted."""
    summary = summary_lines(found, sheet, language)
    codes = {one.tag.code for one in found.tags if one.findings}
    rows = tuple(row for row in report_rows(found, sheet, catalog, language) if row[1] in codes)
    grid = Grid(summary[0], column_titles(language), rows, frozenset(range(3, 9)), message(language, "quality.method"))
    told_of = "".join(f"<p>{escape(line)}</p>" for line in summary[1:])
    return f"<section class='card' lang={language}>{told_of}<div class='scroll'>{grid_html(grid)}</div></section>"
