"""The tag catalog on the command line: checked, looked up, drafted, measured. Law: nothing here changes the catalog."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.app.commands.options import AsJson, Database, Day, Lang, day_of, desk_of, dump, tongue
from assistant.narrate.messages import message
from assistant.settings import load_settings
from assistant.store.open import open_store

catalog = typer.Typer(no_args_is_help=True, help="The tag catalog · 标签目录")


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

    assistant, _ = desk_of(database)
    found, sheet = assistant.quality(day_of(as_of))
    if out is not None:
        write_report(found, sheet, assistant.catalog, tongue(lang), out)
    lines = report_lines(found, sheet, assistant.catalog, tongue(lang))
    typer.echo(dump(report_json(found, sheet, assistant.catalog), indent=2) if as_json_object else "\n".join(lines))
