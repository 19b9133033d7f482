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

from assistant.app.accounts import tokens, users
from assistant.app.identity import open_desk, operator
from assistant.app.lifecycle import tags
from assistant.app.options import AsJson, Lang, Who, dump, role_of, tongue, tongue_or_none
from assistant.app.rim import ask as ask_safely
from assistant.app.rim import kept_log, logged
from assistant.app.strategies import strategies
from assistant.app.view import as_json, as_text, error_exit, error_json, exit_code, tag_request
from assistant.app.words import error_text
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.errors import AssistantError, Fault
from assistant.interpret.interpretation import Conversation
from assistant.narrate.messages import message
from assistant.pipeline import Answer, Assistant
from assistant.policy import Purpose
from assistant.rule.canonical import Json
from assistant.settings import Settings, load_settings
from assistant.store.audit import Audit
from assistant.store.open import Store, open_store

app = typer.Typer(
    name="assistant", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="客群助手 · Segment Assistant"
)
demo = typer.Typer(no_args_is_help=True, help="The built-in bank · 示范银行")
api = typer.Typer(no_args_is_help=True, help="The HTTP API · HTTP接口")
catalog = typer.Typer(no_args_is_help=True, help="The tag catalog · 标签目录")
audit = typer.Typer(no_args_is_help=True, help="Who asked what · 审计")
segments = typer.Typer(no_args_is_help=True, help="Saved segments · 已保存客群")
evaluation = typer.Typer(no_args_is_help=True, help="Proofs and measurements · 评测")
app.add_typer(demo, name="demo")
app.add_typer(api, name="api")
app.add_typer(catalog, name="catalog")
app.add_typer(evaluation, name="eval")
app.add_typer(audit, name="audit")
app.add_typer(segments, name="segments")
app.add_typer(strategies, name="strategies")
app.add_typer(users, name="users")
app.add_typer(tokens, name="tokens")
app.add_typer(tags, name="tags")


Turns = Annotated[list[str] | None, typer.Argument(help="A request; several are the turns of one conversation.", show_default=False)]
ShowSql = Annotated[bool, typer.Option("--sql", help="Print the SQL that was run.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", show_default=False)]
RoleOption = Annotated[
    Who | None, typer.Option("--role", help="Who asks, where no users have been set up (default: head_office_analyst).", show_default=False)
]
Branches = Annotated[list[str] | None, typer.Option("--branch", help="Bind the answer to this unit (code or name); may be repeated.")]
Choices = Annotated[list[int] | None, typer.Option("--choose", min=1, help="Option number for the next question; may be repeated.")]
Database = Annotated[Path | None, typer.Option("--database", help="The bank file (default: that of the settings).", show_default=False)]


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
    settings = _settings(database)
    store = open_store(settings.store_url)
    assistant = open_desk(settings, store, role_of(role), branch or ()).bearing()
    if batch is not None:
        from assistant.app.batch import answer_lines

        count = answer_lines(assistant, batch, out, members)
        if out is not None:
            typer.echo(message(tongue(lang), "cli.batch_done", {"count": str(count), "path": str(out)}), err=True)
        return
    answers = _conversation(assistant, turns or [], tongue_or_none(lang), _day(as_of), _day(today), choose or [])
    last = answers[-1]
    if as_json_object:
        lines: dict[str, Json] = as_json(last)
        if len(answers) > 1:
            lines["turns"] = [as_json(answer) for answer in answers]
        typer.echo(dump(lines, indent=2))
    else:
        shown = [as_text(answer, tongue_or_none(lang) or answer.language, sql) for answer in answers]
        typer.echo(
            "\n\n".join(f"> {answer.text}\n\n{text}" if len(answers) > 1 else text for answer, text in zip(answers, shown, strict=True))
        )
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
    from assistant.app.export.export import Asked, asked_of, exported_lines, saved_named
    from assistant.app.export.export import export as make
    from assistant.app.export.formats import format_of

    settings = _settings(database)
    store = open_store(settings.store_url)
    assistant = open_desk(settings, store, role_of(role), branch or ()).bearing()
    format_of(out)
    language = tongue(lang)
    saved = saved_named(store.library(assistant.identity.user), whom)
    if saved is not None:
        asked = asked_of(saved)
    else:
        answer, _ = ask_safely(assistant, whom, Conversation(), language=tongue_or_none(lang), as_of=_day(as_of))
        language = tongue_or_none(lang) or answer.language
        if answer.outcome != "answered" or answer.rule is None:
            typer.echo(dump(as_json(answer), indent=2) if as_json_object else as_text(answer, language))
            raise typer.Exit(exit_code(answer.outcome) or 2)
        asked = Asked(answer.rule, whom)
    done = make(assistant, asked, _PURPOSES[purpose], out, datetime.now(UTC), channel or (), _day(as_of))
    typer.echo(dump(done.manifest, indent=2) if as_json_object else "\n".join(exported_lines(done, language)))


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
    settings = _settings(database)
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
    settings = _settings(database)
    settings = settings.model_copy(update={"api_port": port or settings.api_port})
    desk = open_desk(settings, open_store(settings.store_url), role_of(role), branch or ())
    from assistant.app.api.serve import serve_api

    serve_api(desk, settings, lambda url: typer.echo(message(tongue(lang), "cli.api_serving", {"url": url}), err=True))


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

    settings = _settings(out)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    day = _day(as_of) or DEFAULT_AS_OF
    typer.echo(message(tongue(lang), "cli.building", {"customers": f"{customers:,}"}), err=True)
    _with_bar(lambda tell: build_demo(settings.database, customers, seed, day, stories, tell))
    typer.echo(message(tongue(lang), "cli.built", {"path": str(settings.database)}))


@demo.command("ensure")
def ensure(lang: Lang = None, database: Database = None) -> None:
    """Build the demo bank when there is none: 没有示范银行时生成."""
    _ensure_demo(_settings(database), tongue(lang))


def _ensure_demo(settings: Settings, language: Language) -> None:
    from assistant.app.bank import DEMO_CUSTOMERS, ensure_demo

    if not settings.database.exists():
        typer.echo(message(language, "cli.building", {"customers": f"{DEMO_CUSTOMERS:,}"}), err=True)
        _with_bar(lambda tell: ensure_demo(settings.database, tell))


@catalog.command("lint")
def catalog_lint(
    folder: Annotated[Path | None, typer.Argument(help="A bank's folder (default: the built-in bank).", show_default=False)] = None,
    lang: Lang = None,
) -> None:
    """Name file, line and element of every fault: 检查标签目录."""
    from assistant.catalog.lint import lint
    from assistant.catalog.load import DEFAULT_BANK, data_room

    place = folder or load_settings().catalog or data_room("tag_catalog") / DEFAULT_BANK
    found = lint(place)
    for one in found:
        params = ", ".join(f"{name}={value}" for name, value in one.params.items())
        typer.echo(f"{one.file}:{one.line}: {one.element}: {one.code}" + (f" ({params})" if params else ""))
    if not found:
        typer.echo(message(tongue(lang), "cli.lint_clean"))
    typer.echo(dump({"findings": len(found)}))
    raise typer.Exit(1 if found else 0)


@catalog.command("show")
def catalog_show(code: Annotated[str, typer.Argument(help="Code of a tag, record set or concept.")], lang: Lang = None) -> None:
    """Show one element: 查看口径."""
    from assistant.app.elements import element_text

    typer.echo(element_text(code, load_settings().catalog, tongue(lang)))


@catalog.command("search")
def catalog_search(
    words: Annotated[str, typer.Argument(help="Words to look for, in either language.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=200)] = 10,
    lang: Lang = None,
) -> None:
    """Find elements by words: 查找标签."""
    from assistant.app.elements import search_text

    typer.echo(search_text(words, limit, load_settings().catalog, tongue(lang)))


@catalog.command("draft")
def catalog_draft(
    codes: Annotated[list[str], typer.Argument(help="Codes of tags, record sets or concepts.")],
    lang: Lang = None,
) -> None:
    """Other names and a definition, drafted by the model of the settings for a person to approve: 起草别名和口径."""
    from assistant.app.drafts import draft_lines

    settings = load_settings()
    for line in draft_lines(codes, settings, datetime.now().astimezone().date(), tongue(lang)):
        typer.echo(line)


@catalog.command("requests")
def catalog_requests(as_json_object: AsJson = False, lang: Lang = None) -> None:
    """List the tag requests submitted, most often asked first: 标签需求."""
    from assistant.app.elements import requests_json, requests_text

    settings = load_settings()
    found = open_store(settings.store_url).tag_requests.all()
    typer.echo(dump(requests_json(found), indent=2) if as_json_object else requests_text(found, settings.catalog, tongue(lang)))


@catalog.command("quality")
def catalog_quality(
    as_of: Day = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the whole report to this file: .html, .csv or .txt.", show_default=False)
    ] = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
    database: Database = None,
) -> None:
    """How far the tags can be relied on, beside the snapshot before: 标签质量报告."""
    from assistant.app.quality import report_json, report_lines, write_report

    assistant, _ = _with_store(database)
    found, sheet = assistant.quality(_day(as_of))
    if out is not None:
        write_report(found, sheet, assistant.catalog, tongue(lang), out)
    lines = report_lines(found, sheet, assistant.catalog, tongue(lang))
    typer.echo(dump(report_json(found, sheet, assistant.catalog), indent=2) if as_json_object else "\n".join(lines))


SegmentName = Annotated[str, typer.Argument(help="Name or id of a saved segment.")]


@segments.command("list")
def segments_list(as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """List the saved segments you may use: 我的客群."""
    assistant, _ = _with_store(database)
    answer, _ = ask_safely(assistant, message(tongue(lang), "page.say_list"), Conversation(), language=tongue(lang))
    typer.echo(dump(as_json(answer)["saved"], indent=2) if as_json_object else as_text(answer, tongue(lang)))
    raise typer.Exit(exit_code(answer.outcome))


@segments.command("show")
def segments_show(name: SegmentName, as_json_object: AsJson = False, lang: Lang = None, database: Database = None) -> None:
    """Show one with its versions and counts: 查看客群及其历史."""
    from assistant.app.segments import segment_named, shown_json, shown_text

    assistant, store = _with_store(database)
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
    """Count again on the latest data, and tell who came and went: 刷新."""
    from assistant.app.kept import kept_lines
    from assistant.app.segments import segment_named

    assistant, store = _with_store(database)
    language, library = tongue(lang), store.library(assistant.identity.user)
    mine = [one for one in library.active if one.owner == assistant.identity.user and one.policy == "living"]
    worst = 0
    for one in [segment_named(library, name) for name in names] if names else mine:
        answer, _ = ask_safely(assistant, message(language, "page.say_refresh", {"name": one.name}), Conversation(), language=language)
        typer.echo("\n".join(kept_lines(answer, language)) or as_text(answer, language))
        worst = max(worst, exit_code(answer.outcome))
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

    assistant, store = _with_store(database)
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

    assistant, store = _with_store(database)
    found = segment_named(store.library(assistant.identity.user), name)
    assistant.change_segment(Share(found.id, not private), f"segments share {found.name}")
    typer.echo(message(tongue(lang), "kept.unshared" if private else "kept.shared", {"name": found.name}))


def _with_store(database: Path | None) -> tuple[Assistant, Store]:
    settings = _settings(database)
    store = open_store(settings.store_url)
    return open_desk(settings, store).bearing(), store


def _audit() -> Audit:
    """The audit, for whoever may read it."""
    settings = load_settings()
    store = open_store(settings.store_url)
    operator(TagCatalog.load(settings.catalog).policy, store, settings.token, "read_audit")
    return store.audit


@audit.command("verify")
def audit_verify(
    noted: Annotated[
        str | None,
        typer.Option("--since", metavar="NUMBER:HASH", help="The end of the chain as an earlier check gave it.", show_default=False),
    ] = None,
    as_json_object: AsJson = False,
    lang: Lang = None,
) -> None:
    """Read the whole chain; exit 1 and name each row that was changed, removed or put in: 核对审计链."""
    from assistant.app.audited import noted_head, verification_json, verification_text

    found = _audit().verify(None if noted is None else noted_head(noted))
    typer.echo(dump(verification_json(found), indent=2) if as_json_object else verification_text(found, tongue(lang)))
    raise typer.Exit(0 if found.intact else 1)


@audit.command("show")
def audit_show(
    last: Annotated[int, typer.Option("--last", min=1, max=10_000, help="How many, newest first.")] = 20,
    as_json_object: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the newest rows: 审计记录."""
    from assistant.app.audited import rows_json, rows_text

    found = _audit().last(last)
    typer.echo(dump(rows_json(found), indent=2) if as_json_object else rows_text(found, tongue(lang)))


@evaluation.command("run")
def eval_run(
    part: Annotated[str, typer.Option("--part", help="Which cases: a folder of eval/cases.")] = "dev",
    failures: Annotated[bool, typer.Option("--failures", help="Print every case that failed, not only silent errors.")] = False,
    database: Database = None,
) -> None:
    """Run the cases by theme and language; exit 1 when a threshold is broken: 评测."""
    from assistant.app.proofs import prove_cases

    raise typer.Exit(0 if prove_cases(_settings(database), part, failures, typer.echo) else 1)


@evaluation.command("strategies")
def eval_strategies(database: Database = None) -> None:
    """Apply every strategy template; exit 1 when one selects too few or too many, or is read otherwise in the other language: 策略模板."""
    from assistant.app.proofs import prove_strategies

    raise typer.Exit(0 if prove_strategies(_settings(database), typer.echo) else 1)


@evaluation.command("oracle")
def eval_oracle(
    pairs: Annotated[int, typer.Option("--pairs", min=1, help="How many random rules over random worlds.")] = 2000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes (default: one a core).", show_default=False)] = None,
) -> None:
    """Compiled SQL against a plain evaluator, and faults sown into the compiler; exit 1 for any difference: 对照."""
    from assistant.app.proofs import prove_oracle

    raise typer.Exit(0 if prove_oracle(pairs, seed, workers, typer.echo) else 1)


@evaluation.command("shuffled")
def eval_shuffled(
    runs: Annotated[int, typer.Option("--n", min=1, help="How many segments drawn by lot.")] = 500,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Personas of customers drawn by lot, and intervals against a known truth; exit 1 for too many false alarms or too few hits: 打乱."""
    from assistant.app.proofs import prove_shuffled

    raise typer.Exit(0 if prove_shuffled(_settings(database), runs, seed, typer.echo) else 1)


@evaluation.command("exactness")
def eval_exactness(
    pairs: Annotated[int, typer.Option("--n", min=1, help="How many random rules, each at a random pair of dates.")] = 1000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
) -> None:
    """Parts of a change, funnels and breakdowns against plain sets; exit 1 when anything does not add up: 精确."""
    from assistant.app.proofs import prove_exactness

    raise typer.Exit(0 if prove_exactness(pairs, seed, typer.echo) else 1)


@evaluation.command("crash")
def eval_crash(
    kills: Annotated[int, typer.Option("--n", min=1, help="How many writers to kill at random moments.")] = 200,
    seed: Annotated[int, typer.Option("--seed")] = 0,
) -> None:
    """Kill processes while they save segments and hand over lists; exit 1 when anything acknowledged is lost or anything is there in part: 断电."""
    from assistant.app.proofs import prove_crashes

    raise typer.Exit(0 if prove_crashes(kills, seed, typer.echo) else 1)


@evaluation.command("stories")
def eval_stories(
    count: Annotated[int, typer.Option("--n", min=1, help="How many random stories.")] = 200,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    stories: Annotated[
        Path | None, typer.Option("--stories", help="Stories to plant instead, in the format of demo build --stories.", show_default=False)
    ] = None,
    failures: Annotated[bool, typer.Option("--failures", help="Print every story that was not told by its trait first.")] = False,
) -> None:
    """Planted stories: is the trait named, by persona, change and monitor; exit 1 below the aim: 埋点."""
    from assistant.app.proofs import prove_stories

    raise typer.Exit(0 if prove_stories(count, seed, failures, stories, typer.echo) else 1)


@evaluation.command("roundtrip")
def eval_roundtrip(
    rules: Annotated[int, typer.Option("--rules", min=1, help="How many random rules over the whole catalog.")] = 2000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print every sentence that was not read as its rule.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes (default: one a core).", show_default=False)] = None,
) -> None:
    """Rules said in the sentence users confirm and read back from it, in both languages; exit 1 for any difference: 往返."""
    from assistant.app.proofs import prove_roundtrip

    raise typer.Exit(0 if prove_roundtrip(load_settings(), rules, seed, workers, failures, typer.echo) else 1)


@evaluation.command("readers")
def eval_readers(
    phrases: Annotated[Path, typer.Argument(help="JSONL of phrases with what they must be read as.")],
    every: Annotated[bool, typer.Option("--all", help="Print every disagreement.")] = False,
) -> None:
    """Score the readers of numbers, ranges and times on a file of phrases; exit 1 for any disagreement."""
    from assistant.app.proofs import prove_readers

    raise typer.Exit(0 if prove_readers(phrases, every, typer.echo) else 1)


@evaluation.command("variants")
def eval_variants(
    count: Annotated[int, typer.Option("--n", min=1, help="How many distinct rewordings.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print the variants that are asked about too.")] = False,
    database: Database = None,
) -> None:
    """The dev cases in other words; exit 1 when a rule changes in silence or too much is asked: 变体."""
    from assistant.app.proofs import prove_variants

    raise typer.Exit(0 if prove_variants(_settings(database), count, seed, failures, typer.echo) else 1)


@evaluation.command("injection")
def eval_injection(
    count: Annotated[int, typer.Option("--n", min=1, help="How many requests with a clause that cannot be mapped.")] = 1000,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Clauses nobody can map, put into the dev cases; exit 1 when one is dropped: 注入."""
    from assistant.app.proofs import prove_injection

    raise typer.Exit(0 if prove_injection(_settings(database), count, seed, typer.echo) else 1)


@evaluation.command("suggestions")
def eval_suggestions(
    count: Annotated[int, typer.Option("--n", min=2, help="How many misspelt requests.")] = 400,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    database: Database = None,
) -> None:
    """Misspelt words of the catalog and words outside it; exit 1 when one is read as something else unasked: 错别字."""
    from assistant.app.proofs import prove_suggestions

    raise typer.Exit(0 if prove_suggestions(_settings(database), count, seed, typer.echo) else 1)


@evaluation.command("retrieval")
def eval_retrieval(tags: Annotated[int, typer.Option("--tags", min=200, help="How many tags the wider catalog has.")] = 2000) -> None:
    """Which elements of the catalog a model would be shown; exit 1 when too few of those that the rules name are among them: 检索."""
    from assistant.app.proofs import prove_retrieval

    raise typer.Exit(0 if prove_retrieval(load_settings(), tags, typer.echo) else 1)


@evaluation.command("mutation")
def eval_mutation(
    count: Annotated[int, typer.Option("--n", min=12, help="How many wrong answers in each arm.")] = 2400,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[bool, typer.Option("--failures", help="Print what an answer at once would get wrong too.")] = False,
    database: Database = None,
) -> None:
    """A model that answers the dev cases with one fault, or rightly; exit 1 when too much is believed or held up: 变异."""
    from assistant.app.model_proofs import prove_mutation

    raise typer.Exit(0 if prove_mutation(_settings(database), count, seed, failures, typer.echo) else 1)


@evaluation.command("models")
def eval_models(
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", help="An OpenAI-compatible endpoint, as far as /v1 (default: that of the settings).", show_default=False
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Its model's name (default: that of the settings).", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option("--sample", min=1, help="How many requests.")] = 200,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Where replies are kept, so that a run goes on where it was ended.", show_default=False)
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, max=600, help="How long a turn may wait for the model.")] = 300,
    seed: Annotated[int, typer.Option("--seed")] = 0,
    failures: Annotated[
        bool, typer.Option("--failures", help="Print every request that was not answered exactly, and a line a theme.")
    ] = False,
    database: Database = None,
) -> None:
    """Grammar, model, both, and the model writing SQL, on the same requests; exit 1 when both together are not as far ahead as aimed at: 对比."""
    from assistant.app.model_proofs import prove_models

    given = {"model_base_url": base_url, "model_name": model, "model_deadline": seconds}
    settings = _settings(database).model_copy(update={name: value for name, value in given.items() if value is not None})
    held: list[bool] = []
    _with_bar(lambda tell: held.append(prove_models(settings, count, seed, cache, failures, typer.echo, tell)))
    raise typer.Exit(0 if held == [True] else 1)


@evaluation.command("permissions")
def eval_permissions(database: Database = None) -> None:
    """Every role, tag, branch, operation and face against a table written by hand; exit 1 for any difference: 权限矩阵."""
    from assistant.app.proofs import prove_permissions

    raise typer.Exit(0 if prove_permissions(_settings(database), typer.echo) else 1)


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


def _settings(database: Path | None) -> Settings:
    settings = load_settings()
    return settings if database is None else settings.model_copy(update={"database": database})


def _day(said: datetime | None) -> date | None:
    return None if said is None else said.date()


def _with_bar(work: Callable[[Callable[[str, float], None]], object]) -> None:
    """Run something that tells its share done, with a progress bar on standard error."""
    with typer.progressbar(length=1000, file=sys.stderr) as bar:

        def tell(step: str, share: float) -> None:
            del step
            bar.update(max(0, int(share * 1000) - bar.pos))

        work(tell)
