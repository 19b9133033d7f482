"""The lifecycle of tags on the command line: how they stand, who uses one, and the next step. Law: whoever takes a tag out of use is shown what stops before anything is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from assistant.app.commands.options import AsJson, Lang, dump, tongue
from assistant.app.identity import operator
from assistant.app.lifecycle import OUT_OF_USE, Shelf, impact_json, impact_text, moved_text, open_shelf, whoever
from assistant.catalog.model import Language, Tag
from assistant.narrate.messages import message
from assistant.policy import STATUSES
from assistant.rule.canonical import Json
from assistant.settings import Settings, load_settings
from assistant.store.open import open_store

tags = typer.Typer(no_args_is_help=True, help="Lifecycle of tags · 标签生命周期")
Code = Annotated[str, typer.Argument(help="Code of a tag.")]


class Standing(StrEnum):
    draft = "draft"
    review = "review"
    online = "online"
    deprecated = "deprecated"
    offline = "offline"


def _shelf() -> tuple[Shelf, Settings]:
    settings = load_settings()
    return open_shelf(settings, open_store(settings.store_url)), settings


@tags.command("list")
def tags_list(
    status: Annotated[Standing | None, typer.Option("--status", help="Only those that stand there.", show_default=False)] = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
) -> None:
    """How the tags stand: 标签状态."""
    (shelf, _), language = _shelf(), tongue(lang)
    found = [tag for tag in shelf.catalog.tags.values() if status is None or tag.status == status.value]
    if as_json_object:
        typer.echo(dump([_tag_json(tag) for tag in found], indent=2))
    else:
        typer.echo("\n".join(_tag_line(tag, language) for tag in found) or message(language, "lifecycle.none"))


@tags.command("impact")
def tags_impact(code: Code, as_json_object: AsJson = False, lang: Lang = None) -> None:
    """What uses a tag: 影响范围."""
    shelf, settings = _shelf()
    operator(shelf.catalog.policy, shelf.store, settings.token, "ask")
    found = shelf.impact(code)
    typer.echo(dump(impact_json(found), indent=2) if as_json_object else impact_text(found, shelf.tag(code), shelf.catalog, tongue(lang)))


@tags.command("move")
def tags_move(
    code: Code,
    to: Annotated[Standing, typer.Argument(help="Where it stands from now on.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; shown to whoever uses it.")] = "",
    replacement: Annotated[str, typer.Option("--replacement", help="The tag to use instead (code).")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    lang: Lang = None,
) -> None:
    """Take the next step of a tag's lifecycle; taking it out of use shows first what stops: 改动标签状态."""
    (shelf, settings), language = _shelf(), tongue(lang)
    after = next(one for one in STATUSES if one == to.value)
    who = whoever(settings, shelf.store)
    shelf.check(who, code, after, reason, replacement)
    if after in OUT_OF_USE:
        typer.echo(impact_text(shelf.impact(code), shelf.tag(code), shelf.catalog, language))
        if not yes:
            typer.confirm(message(language, "lifecycle.sure"), abort=True, err=True)
    move = shelf.move(who, code, after, reason, replacement)
    typer.echo(moved_text(move, shelf.tag(code), language))


def _tag_line(tag: Tag, language: Language) -> str:
    said = {
        "code": tag.code,
        "tag": tag.name.get(language),
        "status": message(language, f"status.{tag.status}"),
        "owner": message(language, f"line.{tag.owner}"),
    }
    return message(language, "lifecycle.line", {**said, "layer": message(language, f"layer.{tag.layer}")})


def _tag_json(tag: Tag) -> Json:
    reason: Json = None if tag.status_reason is None else {"zh": tag.status_reason.zh, "en": tag.status_reason.en}
    return {
        "code": tag.code,
        "status": tag.status,
        "layer": tag.layer,
        "owner": tag.owner,
        "replaced_by": tag.replaced_by,
        "reason": reason,
    }
