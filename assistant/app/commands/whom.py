"""Whom a command is about: a saved segment by its name or id, else a request. Law: a request is answered as `assistant ask` does; what is no answer is shown, and ends the command."""

from __future__ import annotations

from datetime import date

import typer

from assistant.app.commands.options import Tongue, dump, tongue, tongue_or_none
from assistant.app.rim import ask as ask_safely
from assistant.app.segments import Asked, asked_of, saved_named
from assistant.app.view import as_json, as_text, exit_code
from assistant.catalog.model import Language
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Assistant


def whom_of(
    assistant: Assistant, whom: str, lang: Tongue | None, as_json_object: bool, as_of: date | None = None
) -> tuple[Asked, Language]:
    """The rule that words name or ask for, and the language to answer in. typer.Exit where a request is not answered, after it was shown why."""
    saved = saved_named(assistant.kept.library(assistant.identity.user), whom)
    if saved is not None:
        return asked_of(saved), tongue(lang)
    answer, _ = ask_safely(assistant, whom, Conversation(), language=tongue_or_none(lang), as_of=as_of)
    language = tongue_or_none(lang) or answer.language
    if answer.outcome != "answered" or answer.rule is None:
        typer.echo(dump(as_json(answer), indent=2) if as_json_object else as_text(answer, language))
        raise typer.Exit(exit_code(answer.outcome) or 2)
    return Asked(answer.rule, whom), language
