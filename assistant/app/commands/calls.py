"""Call lists on the command line: made, made once more, shown, and what came of each call. Law: as on every face; what is made and written is in the audit first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import typer

from assistant.app.calling import calls_json, grid, hidden_words, list_json, list_line, made_lines, script_lines
from assistant.app.commands.options import AsJson, Branches, Database, Lang, RoleOption, desk_of, dump, tongue
from assistant.app.commands.whom import whom_of
from assistant.app.view import grid_text
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.narrate.messages import message
from assistant.pipeline import AskedCalls, Assistant, Calls
from assistant.policy import Purpose
from assistant.store.call import CallResult

calls = typer.Typer(no_args_is_help=True, help="Call lists · 外呼名单")


class For(StrEnum):
    service = "service"
    marketing = "marketing"


class Came(StrEnum):
    not_reached = "not_reached"
    interested = "interested"
    declined = "declined"


_PURPOSES: Mapping[For, Purpose] = {For.service: "service", For.marketing: "marketing"}
_RESULTS: Mapping[Came, CallResult] = {Came.not_reached: "not_reached", Came.interested: "interested", Came.declined: "declined"}
ListName = Annotated[str, typer.Argument(help="Id or name of a call list.")]
Most = Annotated[
    int | None, typer.Option("--most", min=1, max=1000, help="How many come onto it (default: as the bank does).", show_default=False)
]


@calls.command("make")
def calls_make(
    whom: Annotated[str, typer.Argument(help="Name or id of a saved segment, or a request.")],
    purpose: Annotated[
        For | None,
        typer.Option("--purpose", help="What they are called for (default: as the strategy template has it).", show_default=False),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Its name (default: the words it is made of).")] = "",
    most: Most = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
    role: RoleOption = None,
    branch: Branches = None,
    database: Database = None,
) -> None:
    """Make a call list of one's own customers, less those the purpose leaves out: 建外呼名单."""
    assistant, _ = desk_of(database, role, branch)
    asked, language = whom_of(assistant, whom, lang, as_json_object)
    chosen = assistant.calls_purpose(asked.rule) if purpose is None else _PURPOSES[purpose]
    if chosen is None:
        raise UserError("calls_purpose")
    _told(assistant.make_calls(asked.rule, chosen, AskedCalls(asked.said, name, asked.segment, most)), assistant, language, as_json_object)


@calls.command("new")
def calls_new(
    called: ListName,
    most: Most = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
    role: RoleOption = None,
    branch: Branches = None,
    database: Database = None,
) -> None:
    """Make a list once more on the latest data: only those who were never on it come onto it: 只取新增."""
    assistant, _ = desk_of(database, role, branch)
    _told(assistant.make_calls_again(called, most), assistant, tongue(lang), as_json_object)


@calls.command("list")
def calls_list(
    as_json_object: AsJson = False, lang: Lang = None, role: RoleOption = None, branch: Branches = None, database: Database = None
) -> None:
    """List your call lists: 我的外呼名单."""
    found = desk_of(database, role, branch)[0].call_lists()
    language = tongue(lang)
    lines = [list_line(one, language) for one in found] or [message(language, "calls.none")]
    typer.echo(dump([list_json(one) for one in found], indent=2) if as_json_object else "\n".join(lines))


@calls.command("show")
def calls_show(
    called: ListName,
    run: Annotated[int | None, typer.Option("--run", min=1, help="Only those who came onto it in this run.", show_default=False)] = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
    role: RoleOption = None,
    branch: Branches = None,
    database: Database = None,
) -> None:
    """Show whom to call, why, by when, and what came of it: 查看名单."""
    assistant, _ = desk_of(database, role, branch)
    language, found = tongue(lang), assistant.show_calls(called, run)
    if as_json_object:
        typer.echo(dump(calls_json(found, assistant.catalog), indent=2))
    else:
        typer.echo("\n".join([list_line(found.made, language), *_items(found, assistant, language)]))


@calls.command("result")
def calls_result(
    called: ListName,
    item: Annotated[int, typer.Argument(min=1, help="Number of the item.")],
    result: Annotated[Came, typer.Argument(help="What came of the call.")],
    lang: Lang = None,
    role: RoleOption = None,
    branch: Branches = None,
    database: Database = None,
) -> None:
    """Write back what came of a call; whoever declines is left out at once of everything that sells: 回写结果."""
    assistant, _ = desk_of(database, role, branch)
    assistant.write_call_result(called, item, _RESULTS[result])
    said = {"number": str(item), "result": message(tongue(lang), f"call_result.{result.value}")}
    lines = [message(tongue(lang), "calls.written", said)]
    typer.echo("\n".join([*lines, *([message(tongue(lang), "calls.declined_now")] if result is Came.declined else [])]))


def _told(found: Calls, assistant: Assistant, language: Language, as_json_object: bool) -> None:
    if as_json_object:
        typer.echo(dump(calls_json(found, assistant.catalog), indent=2))
    else:
        typer.echo("\n".join([*made_lines(found, assistant.catalog, language), *_items(found, assistant, language)]))


def _items(found: Calls, assistant: Assistant, language: Language) -> list[str]:
    """The items and the script; nothing where there is nobody to call."""
    if not found.items:
        return [hidden_words(found, language) or message(language, "calls.nobody")]
    catalog = assistant.catalog
    return ["", grid_text(grid(found, catalog, language)), "", *script_lines(found.made, found, catalog, language)]
