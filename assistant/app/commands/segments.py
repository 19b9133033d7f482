"""Saved segments on the command line. Law: what is asked goes through `Assistant.ask`, what is changed through the audit."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.app.commands.options import AsJson, Database, Lang, SegmentName, desk_of, dump, settings_of, tongue
from assistant.app.rim import ask as ask_safely
from assistant.app.view import as_json, as_text, exit_code
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message

segments = typer.Typer(no_args_is_help=True, help="Saved segments · 已保存客群")


@segments.command("list")
def segments_list(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """List the saved segments you may use: 我的客群."""
    assistant, _ = desk_of(database)
    answer, _ = ask_safely(assistant, message(tongue(lang), "page.say_list"), Conversation(), language=tongue(lang))
    typer.echo(dump(as_json(answer)["saved"], indent=2) if as_json_object else as_text(answer, tongue(lang)))
    raise typer.Exit(exit_code(answer.outcome))


@segments.command("show")
def segments_show(name: SegmentName, as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """Show one with its versions and counts: 查看客群及其历史."""
    from assistant.app.segments import segment_named, shown_json, shown_text

    assistant, store = desk_of(database)
    found = segment_named(store.library(assistant.identity.user), name, archived=True)
    typer.echo(dump(shown_json(found, assistant, store), indent=2) if as_json_object else shown_text(found, assistant, store, tongue(lang)))


@segments.command("refresh")
def segments_refresh(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names or ids (default: every living one of your own).", show_default=False)
    ] = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Count again on the latest data, tell who came and went, and tell the webhooks of the settings: 刷新."""
    from assistant.app.kept import kept_lines
    from assistant.app.segments import segment_named
    from assistant.app.webhook.announce import announce, begin, hooks_of, untold_words

    assistant, store = desk_of(database)
    language, library = tongue(lang), store.library(assistant.identity.user)
    mine = [one for one in library.active if one.owner == assistant.identity.user and one.policy == "living"]
    chosen = [segment_named(library, name) for name in names] if names else mine
    hooks, told = hooks_of(settings_of(database)), [one for one in chosen if one.owner == assistant.identity.user]
    begin(store, hooks, told)
    worst = 0
    for one in chosen:
        answer, _ = ask_safely(assistant, message(language, "page.say_refresh", {"name": one.name}), Conversation(), language=language)
        typer.echo("\n".join(kept_lines(answer, language)) or as_text(answer, language))
        worst = max(worst, exit_code(answer.outcome))
    for failed in announce(assistant, store, hooks, told):
        typer.echo(untold_words(failed, language), err=True)
    raise typer.Exit(worst)


@segments.command("archive")
def segments_archive(
    name: SegmentName,
    restore: Annotated[bool, typer.Option("--restore", help="Take it out again.")] = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Put a segment away; nothing is deleted: 归档."""
    from assistant.app.segments import segment_named
    from assistant.store.change import Archive

    assistant, store = desk_of(database)
    found = segment_named(store.library(assistant.identity.user), name, archived=restore)
    assistant.change_segment(Archive(found.id, not restore), f"segments archive {found.name}")
    typer.echo(message(tongue(lang), "kept.restored" if restore else "kept.archived", {"name": found.name}))


@segments.command("share")
def segments_share(
    name: SegmentName,
    private: Annotated[bool, typer.Option("--private", help="Readable for you alone again.")] = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Let everybody read a segment; each sees their own customers of it: 共享."""
    from assistant.app.segments import segment_named
    from assistant.store.change import Share

    assistant, store = desk_of(database)
    found = segment_named(store.library(assistant.identity.user), name)
    assistant.change_segment(Share(found.id, not private), f"segments share {found.name}")
    typer.echo(message(tongue(lang), "kept.unshared" if private else "kept.shared", {"name": found.name}))
