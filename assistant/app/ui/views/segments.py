"""The saved segments: which there are, what one means and how it came to be, and what can be done with it. Law: what is counted is said in the chat, what is changed goes through `change_segment`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from html import escape

import gradio as gr

from assistant.app.segments import counts, line, meaning, versions
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, row_button, told
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import may
from assistant.store.change import Archive, Rename, SegmentChange, Share
from assistant.store.segment import LONGEST_NAME, SavedSegment


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor has before them: the segment they opened by its id, what was last done, and how many things that were."""

    chosen: str = ""
    done: str = ""
    steps: int = 0

    def after(self, done: str) -> Seen:
        return replace(self, done=done, steps=self.steps + 1)


class Segments:
    """For everybody who may ask."""

    name = "segments"

    def allowed(self, assistant: Assistant) -> bool:
        return may(assistant.catalog.policy, assistant.identity, "ask")

    def build(self, place: Place) -> None:
        seen = gr.State(Seen())
        place.drawn(partial(self.draw, place, seen), seen)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, seen: Seen) -> None:
        language = session.language
        library = place.desk.store.library(assistant.identity.user)
        chosen = library.by_id.get(seen.chosen)
        if seen.done:
            told(seen.done)
        if not library.segments:
            told(message(language, "segments.none"), lively=False)
            return
        with gr.Row():
            with gr.Column(scale=4, min_width=300):
                self._listed(place, state, language, library.active, chosen, assistant)
                put_away = tuple(one for one in library.segments if one.archived)
                if put_away:
                    with gr.Accordion(
                        message(language, "segments.archived", {"n": str(len(put_away))}), open=chosen in put_away, key="put-away"
                    ):
                        self._listed(place, state, language, put_away, chosen, assistant)
            with gr.Column(scale=6, min_width=320, elem_id="segment"):
                if chosen is None:
                    told(message(language, "segments.choose"), lively=False)
                else:
                    self._one(place, state, language, chosen, assistant)

    def _listed(
        self,
        place: Place,
        state: gr.State,
        language: Language,
        found: tuple[SavedSegment, ...],
        chosen: SavedSegment | None,
        assistant: Assistant,
    ) -> None:
        for one in found:
            here = chosen is not None and one.id == chosen.id
            button = row_button(line(one, assistant, language), here)
            place.on(button.click, [state], [state], partial(self.opened, one.id))

    def _one(self, place: Place, state: gr.State, language: Language, segment: SavedSegment, assistant: Assistant) -> None:
        """A segment in full, with what can be done with it."""
        store, say = place.desk.store, partial(message, language)
        gr.HTML(_card(segment, assistant, language, counts(segment, assistant, store, language)), padding=False)
        mine = segment.owner == assistant.identity.user and may(assistant.catalog.policy, assistant.identity, "save")
        if segment.archived:
            if mine:
                restore = gr.Button(say("segments.restore"), size="sm", elem_id="segment-restore")
                self._changes(
                    place, state, restore, Archive(segment.id, archived=False), f"restore {segment.name}", "kept.restored", segment
                )
            return
        with gr.Row():
            button = gr.Button(say("segments.open"), size="sm", variant="primary", min_width=90, elem_id="segment-open")
            place.says(button.click, [], partial(_words, "page.say_open", segment.name))
            button = gr.Button(say("segments.refresh"), size="sm", min_width=90, elem_id="segment-refresh")
            place.says(button.click, [], partial(_words, "page.say_refresh", segment.name))
            if mine:
                share = gr.Button(
                    say("segments.unshare" if segment.shared else "segments.share"), size="sm", min_width=90, elem_id="segment-share"
                )
                key = "kept.unshared" if segment.shared else "kept.shared"
                self._changes(place, state, share, Share(segment.id, not segment.shared), f"share {segment.name}", key, segment)
                away = gr.Button(say("segments.archive"), size="sm", min_width=90, elem_id="segment-archive")
                self._changes(place, state, away, Archive(segment.id), f"archive {segment.name}", "kept.archived", segment)
        if mine:
            with gr.Row(elem_classes="beside"):
                box = gr.Textbox(
                    label=say("segments.new_name"),
                    max_length=LONGEST_NAME,
                    scale=3,
                    key=f"name {segment.id} {segment.name}",
                    elem_id="segment-rename",
                )
                rename = gr.Button(say("segments.rename"), min_width=80, elem_id="segment-renamed")
                for listen in (box.submit, rename.click):
                    place.on(listen, [box, state], [state], partial(self.renamed, segment))

    def _changes(
        self, place: Place, state: gr.State, button: gr.Button, change: SegmentChange, said: str, key: str, segment: SavedSegment
    ) -> None:
        place.on(button.click, [state], [state], partial(self.changed, change, said, key, segment.name))

    def opened(self, segment: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        del session, assistant
        return [Seen(segment, "", seen.steps)]

    def changed(
        self, change: SegmentChange, said: str, key: str, name: str, seen: Seen, session: Session, assistant: Assistant
    ) -> list[Seen]:
        """A change carried out, and told."""
        assistant.change_segment(change, said)
        return [seen.after(message(session.language, key, {"name": name}))]

    def renamed(self, segment: SavedSegment, name: str, seen: Seen, session: Session, assistant: Assistant) -> list[Seen]:
        """Another name; none is none."""
        wanted = " ".join((name or "").split())
        if not wanted or wanted == segment.name:
            return [seen]
        assistant.change_segment(Rename(segment.id, wanted), f"rename {segment.name} to {wanted}")
        return [seen.after(message(session.language, "kept.renamed", {"before": segment.name, "name": wanted}))]


def _words(key: str, name: str, session: Session) -> str:
    return message(session.language, key, {"name": name})


def _card(segment: SavedSegment, assistant: Assistant, language: Language, counted: tuple[str, ...]) -> str:
    """What it is and means now, each version with what it changed, and every count."""
    parts = [
        f"<h3>{escape(line(segment, assistant, language))}</h3><p class='readback'>{escape(meaning(segment, assistant, language))}</p>"
    ]
    history = "".join(
        f"<li>{escape(version)}{''.join(f'<br><span class=difference>{escape(change)}</span>' for change in changes)}</li>"
        for version, changes in reversed(versions(segment, assistant, language))
    )
    parts.append(f"<h3>{escape(message(language, 'segments.history'))}</h3><ol class='history'>{history}</ol>")
    if counted:
        rows = "".join(f"<li>{escape(one)}</li>" for one in reversed(counted))
        parts.append(f"<h3>{escape(message(language, 'segments.counts'))}</h3><ul>{rows}</ul>")
    return f"<section class='card' lang={language}>{''.join(parts)}</section>"
