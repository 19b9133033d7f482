"""The audit on the command line: its chain checked, its rows listed. Law: only for whoever may read it."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.app.commands.options import AsJson, Lang, dump, tongue
from assistant.app.identity import operator
from assistant.catalog.load import TagCatalog
from assistant.settings import load_settings
from assistant.store.audit import Audit
from assistant.store.open import open_store

audit = typer.Typer(no_args_is_help=True, help="Who asked what · 审计")


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
