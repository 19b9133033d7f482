"""The command line. Law: it parses, asks and prints; a face or a tool is imported by the command that starts it, so that the others start fast."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from assistant.app.commands.accounts import tokens, users
from assistant.app.commands.approvals import approvals
from assistant.app.commands.audit import audit
from assistant.app.commands.calls import calls
from assistant.app.commands.catalog import catalog
from assistant.app.commands.desk import review
from assistant.app.commands.evaluation import evaluation
from assistant.app.commands.options import (
    AsJson,
    Branches,
    Database,
    Day,
    Lang,
    RoleOption,
    day_of,
    desk_of,
    dump,
    role_of,
    settings_of,
    tongue,
    tongue_or_none,
    with_bar,
)
from assistant.app.commands.segments import segments
from assistant.app.commands.strategies import strategies
from assistant.app.commands.tags import tags
from assistant.app.commands.whom import whom_of
from assistant.app.identity import open_desk
from assistant.app.rim import ask as ask_safely
from assistant.app.rim import kept_log, logged
from assistant.app.view import as_json, as_text, error_exit, error_json, exit_code, tag_request
from assistant.app.words import error_text
from assistant.catalog.model import Language
from assistant.errors import AssistantError, Fault, UserError
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.policy import Purpose
from assistant.rule.canonical import Json
from assistant.settings import Settings
from assistant.store.open import Store, open_store

app = typer.Typer(
    name="assistant", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="客群助手 · Segment Assistant"
)
demo = typer.Typer(no_args_is_help=True, help="The built-in bank · 示范银行")
api = typer.Typer(no_args_is_help=True, help="The HTTP API · HTTP接口")
app.add_typer(demo, name="demo")
app.add_typer(api, name="api")
app.add_typer(catalog, name="catalog")
app.add_typer(evaluation, name="eval")
app.add_typer(audit, name="audit")
app.add_typer(segments, name="segments")
app.add_typer(calls, name="calls")
app.add_typer(approvals, name="approvals")
app.add_typer(strategies, name="strategies")
app.add_typer(users, name="users")
app.add_typer(tokens, name="tokens")
app.add_typer(tags, name="tags")
app.add_typer(review, name="desk")


Turns = Annotated[list[str] | None, typer.Argument(help="A request; several are the turns of one conversation.", show_default=False)]
ShowSql = Annotated[bool, typer.Option("--sql", help="Print the SQL that was run.")]
Choices = Annotated[list[int] | None, typer.Option("--choose", min=1, help="Option number for the next question; may be repeated.")]


@app.command()
def ask(
    turns: Turns = None,
    as_json_object: AsJson = False,
    sql: ShowSql = False,
    lang: Lang = None,
    as_of: Day = None,
    today: Day = None,
    role: RoleOption = None,
    branch: Branches = None,
    choose: Choices = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="Answer every line of this JSONL file.", show_default=False)] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Where the lines of a batch go (default: standard output).", show_default=False)
    ] = None,
    members: Annotated[bool, typer.Option("--members", help="Add the sorted customer ids to each line of a batch.")] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures", help="Write the pictures of each answer to this folder, as pages that open without a network.", show_default=False
        ),
    ] = None,
    request_tag: Annotated[bool, typer.Option("--request-tag", help="Submit the tag request that the answer drafts.")] = False,
    database: Database = None,
) -> None:
    """Answer a request: 用一句话圈选客群."""
    if (batch is None) == (not turns):
        raise typer.BadParameter("give either requests or --batch")
    assistant, store = desk_of(database, role, branch)
    if batch is not None:
        from assistant.app.batch import answer_lines

        count = answer_lines(assistant, batch, out, members)
        if out is not None:
            typer.echo(message(tongue(lang), "cli.batch_done", {"count": str(count), "path": str(out)}), err=True)
        return
    answers = _conversation(assistant, turns or [], tongue_or_none(lang), day_of(as_of), day_of(today), choose or [])
    last = answers[-1]
    if as_json_object:
        lines: dict[str, Json] = as_json(last)
        if len(answers) > 1:
            lines["turns"] = [as_json(answer) for answer in answers]
        typer.echo(dump(lines, indent=2))
    else:
        shown = [as_text(answer, tongue_or_none(lang) or answer.language, sql) for answer in answers]
        typer.echo("\n\n".join(f"> {turn}\n\n{text}" if len(answers) > 1 else text for turn, text in zip(turns or [], shown, strict=True)))
    if pictures is not None:
        _draw(answers, pictures, tongue_or_none(lang))
    if request_tag:
        _submit(store, last, assistant.identity.user, tongue_or_none(lang) or last.language)
    raise typer.Exit(exit_code(last.outcome))


def _draw(answers: Sequence[Answer], folder: Path, language: Language | None) -> None:
    """A page of pictures for each answer that has any, by the number of its turn; where they went is said on standard error."""
    from assistant.app.charts.export import write_page

    for number, answer in enumerate(answers, start=1):
        tongue = language or answer.language
        path = write_page(answer, tongue, folder, str(number))
        said = "cli.pictures_none" if path is None else "cli.pictures_done"
        typer.echo(message(tongue, said, {"number": str(number), "path": str(path)}), err=True)


def _submit(store: Store, answer: Answer, user: str, language: Language) -> None:
    """Keep the tag request of an answer, and say so on standard error."""
    request = tag_request(answer, datetime.now().astimezone(), user)
    if request is None:
        typer.echo(message(language, "cli.request_nothing"), err=True)
        return
    times = store.tag_requests.submit(request).times
    typer.echo(
        message(language, "cli.request_sent", {"words": request.words, "times": str(times), "store": store.database.shown}), err=True
    )


def _conversation(
    assistant: Assistant, turns: Sequence[str], language: Language | None, as_of: date | None, today: date | None, choose: Sequence[int]
) -> list[Answer]:
    """The answers to all turns. Each `choose` answers the next question of the last turn, asked again until none is left."""
    answers = []
    conversation = Conversation()
    before = conversation
    for text in turns:
        before = conversation
        answer, conversation = ask_safely(assistant, text, before, language=language, as_of=as_of, today=today)
        answers.append(answer)
    left = list(choose)
    chosen: dict[str, int] = {}
    while left and answers[-1].questions:
        for asked in answers[-1].questions:
            if left:
                number = left.pop(0)
                if number > len(asked.options):
                    raise typer.BadParameter(f"{number}: there are {len(asked.options)} options", param_hint="--choose")
                chosen[asked.question.key] = asked.options[number - 1].index
        answers[-1], conversation = ask_safely(assistant, turns[-1], before, language=language, as_of=as_of, today=today, choices=chosen)
    if left:
        raise typer.BadParameter("more choices than questions", param_hint="--choose")
    return answers


class For(StrEnum):
    analysis = "analysis"
    service = "service"
    marketing = "marketing"


_PURPOSES: Mapping[For, Purpose] = {For.analysis: "analysis", For.service: "service", For.marketing: "marketing"}
PurposeOption = Annotated[For, typer.Option("--purpose", help="What the list is for; it decides who is left out.")]
Channels = Annotated[
    list[str] | None, typer.Option("--channel", help="A channel to be used (push, sms, call, wecom, …; default: any); may be repeated.")
]


@app.command()
def export(
    whom: Annotated[str, typer.Argument(help="Name or id of a saved segment, or a request.")],
    out: Annotated[Path, typer.Option("--out", help="The file to make: .csv, .xlsx or .parquet; its manifest comes beside it.")],
    purpose: PurposeOption,
    channel: Channels = None,
    as_of: Day = None,
    role: RoleOption = None,
    branch: Branches = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Take out the customers of a segment, less those the purpose leaves out, as a file with its manifest: 导出名单."""
    from assistant.app.export.export import export as make
    from assistant.app.export.export import exported_lines
    from assistant.app.export.formats import format_of

    assistant, _ = desk_of(database, role, branch)
    format_of(out)
    asked, language = whom_of(assistant, whom, lang, as_json_object, day_of(as_of))
    done = make(assistant, asked, _PURPOSES[purpose], out, datetime.now(UTC), channel or (), day_of(as_of))
    typer.echo(dump(done.manifest, indent=2) if as_json_object else "\n".join(exported_lines(done, language)))


@app.command()
def report(
    turns: Annotated[
        list[str], typer.Argument(help="A request; several are the turns of one conversation, of which the last is reported.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The page to make: .html.")],
    as_of: Day = None,
    role: RoleOption = None,
    branch: Branches = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Put a segment on one page to print, that opens without a network: 一页报告."""
    from assistant.app.report import page_of, write_page

    assistant, _ = desk_of(database, role, branch)
    last = _conversation(assistant, turns, tongue_or_none(lang), day_of(as_of), None, [])[-1]
    language = tongue_or_none(lang) or last.language
    if last.outcome != "answered":
        typer.echo(as_text(last, language))
        raise typer.Exit(exit_code(last.outcome))
    write_page(page_of(last, assistant, language), out)
    typer.echo(message(language, "report.done", {"path": str(out)}))


@app.command()
def serve(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port (default: that of the settings).", show_default=False)
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    role: RoleOption = None,
    branch: Branches = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Open the page: 打开网页. Builds the demo bank at the first start."""
    settings = settings_of(database)
    settings = settings.model_copy(update={"port": port or settings.port, "language": tongue_or_none(lang) or settings.language})
    _ensure_demo(settings, settings.language)
    store = open_store(settings.store_url)
    desk = open_desk(settings, store, role_of(role), branch or ())
    from assistant.app.ui.serve import serve_page

    serve_page(desk, settings, open_browser, lambda url: typer.echo(message(settings.language, "cli.serving", {"url": url})))


@api.command("serve")
def api_serve(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port (default: that of the settings).", show_default=False)
    ] = None,
    role: RoleOption = None,
    branch: Branches = None,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """Answer programs at /api/v1: HTTP接口."""
    settings = settings_of(database)
    settings = settings.model_copy(update={"api_port": port or settings.api_port})
    desk = open_desk(settings, open_store(settings.store_url), role_of(role), branch or ())
    from assistant.app.api.serve import serve_api

    serve_api(desk, settings, lambda url: typer.echo(message(tongue(lang), "cli.api_serving", {"url": url}), err=True))


@app.command("mcp")
def mcp_serve(database: Database = None) -> None:
    """Answer a language model over MCP, on standard input and output; it can only read: MCP服务."""
    settings = settings_of(database)
    desk = open_desk(settings, open_store(settings.store_url))
    try:
        from assistant.app.mcp.serve import serve_mcp
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise UserError("mcp_missing") from error

    serve_mcp(desk, settings)


@demo.command("build")
def build(
    customers: Annotated[int, typer.Option("--customers", help="How many customers.")] = 50_000,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives another bank.")] = 20260924,
    as_of: Day = None,
    stories: Annotated[
        Path | None, typer.Option("--stories", help="Stories to plant instead of the built-in ones.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: the database of the settings).", show_default=False)
    ] = None,
    lang: Lang = None,
) -> None:
    """Build the demo bank: 生成示范银行."""
    from assistant.demo.build import DEFAULT_AS_OF, build_demo

    settings = settings_of(out)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    day = day_of(as_of) or DEFAULT_AS_OF
    typer.echo(message(tongue(lang), "cli.building", {"customers": f"{customers:,}"}), err=True)
    with_bar(lambda tell: build_demo(settings.database, customers, seed, day, stories, tell))
    typer.echo(message(tongue(lang), "cli.built", {"path": str(settings.database)}))


@demo.command("ensure")
def ensure(lang: Lang = None, database: Database = None) -> None:
    """Build the demo bank when there is none: 没有示范银行时生成."""
    _ensure_demo(settings_of(database), tongue(lang))


def _ensure_demo(settings: Settings, language: Language) -> None:
    from assistant.app.bank import DEMO_CUSTOMERS, ensure_demo

    if not settings.database.exists():
        typer.echo(message(language, "cli.building", {"customers": f"{DEMO_CUSTOMERS:,}"}), err=True)
        with_bar(lambda tell: ensure_demo(settings.database, tell))


@app.callback()
def _root() -> None:
    """客群助手 · Segment Assistant: from a sentence to a validated customer segment."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. An error of the caller's or of ours is one sentence (one JSON object with --json), never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    with kept_log():
        try:
            app(given, standalone_mode=True)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
        except AssistantError as error:
            return _failed(error, given)
        except Exception:
            return _failed(Fault("internal", reference=logged()), given)
    return 0


def _failed(error: AssistantError, arguments: Sequence[str]) -> int:
    if "--json" in arguments:
        typer.echo(dump(error_json(error), indent=2))
    else:
        typer.echo(error_text(error, _said_language(arguments)), err=True)
    return error_exit(error)


def _said_language(arguments: Sequence[str]) -> Language:
    """The language asked for on a command line that could not be carried out; Chinese unless English was asked for."""
    pairs = [*pairwise(arguments), *((one[:6], one[7:]) for one in arguments if one.startswith("--lang="))]
    return "en" if ("--lang", "en") in pairs else "zh"
