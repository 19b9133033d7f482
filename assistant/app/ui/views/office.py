"""Who may do what, and what was done: for whoever runs the program. Law: it shows and changes nothing; users are changed on the command line."""

from __future__ import annotations

from functools import partial
from html import escape

import gradio as gr

from assistant.app.accounts import user_line
from assistant.app.audited import rows_text, verification_text
from assistant.app.ui.session import Session
from assistant.app.ui.views.view import Place, told
from assistant.narrate.messages import message
from assistant.pipeline import Assistant
from assistant.policy import may

LAST_ROWS = 30


class Office:
    """For those who may manage users or read the audit."""

    name = "office"

    def allowed(self, assistant: Assistant) -> bool:
        return any(may(assistant.catalog.policy, assistant.identity, needed) for needed in ("manage_users", "read_audit"))

    def build(self, place: Place) -> None:
        checked = gr.State("")
        place.drawn(partial(self.draw, place, checked), checked)

    def draw(self, place: Place, state: gr.State, session: Session, assistant: Assistant, checked: str) -> None:
        language, policy, store = session.language, assistant.catalog.policy, place.desk.store
        say = partial(message, language)

        def shown(title: str, lines: list[str], note: str = "") -> None:
            items = "".join(f"<li>{escape(line)}</li>" for line in lines)
            about = f"<p class='help'>{escape(note)}</p>" if note else ""
            gr.HTML(f"<section class='card' lang={language}><h3>{escape(title)}</h3>{about}<ul>{items}</ul></section>", padding=False)

        if may(policy, assistant.identity, "manage_users"):
            shown(say("office.users"), [user_line(one, assistant.catalog, language) for one in store.users.all()], say("office.how"))
        if may(policy, assistant.identity, "read_audit"):
            button = gr.Button(say("office.verify"), size="sm", elem_id="office-verify")
            place.on(button.click, [], [state], partial(self.verified, place))
            if checked:
                told(checked)
            shown(say("office.audit", {"n": str(LAST_ROWS)}), rows_text(store.audit.last(LAST_ROWS), language).splitlines())

    def verified(self, place: Place, session: Session, assistant: Assistant) -> list[str]:
        """What the whole chain of the audit comes to. UserError for whoever may not read it."""
        assistant.allow("read_audit")
        return [verification_text(place.desk.store.audit.verify(), session.language)]


def runs_only(assistant: Assistant) -> bool:
    """Whether somebody runs the program and is told nothing about customers."""
    return Office().allowed(assistant) and not may(assistant.catalog.policy, assistant.identity, "ask")
