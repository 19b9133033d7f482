"""Approvals on the command line: which lists wait, and one approved by whoever the token speaks for. Law: as on every face; nobody approves in another's name."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.app.commands.options import AsJson, Database, Lang, RoleOption, desk_of, dump, tongue
from assistant.catalog.model import Language
from assistant.narrate.messages import message
from assistant.narrate.readback import read_back
from assistant.pipeline import Assistant
from assistant.rule.canonical import Json
from assistant.store.approval import ExportApproval
from assistant.store.segments import node_of

approvals = typer.Typer(no_args_is_help=True, help="Approvals of exports · 导出审批")


@approvals.command("list")
def approvals_list(as_json_object: AsJson = False, lang: Lang = None, role: RoleOption = None, database: Database = None) -> None:
    """List the exports that wait for an approval, and those that have it: 待审批."""
    assistant = desk_of(database, role)[0]
    found = assistant.export_approvals()
    lines = [_line(one, assistant, tongue(lang)) for one in found] or [message(tongue(lang), "approval.none")]
    typer.echo(dump([_json(one) for one in found], indent=2) if as_json_object else "\n".join(lines))


@approvals.command("approve")
def approvals_approve(
    identifier: Annotated[str, typer.Argument(help="Number of the approval.")],
    lang: Lang = None,
    role: RoleOption = None,
    database: Database = None,
) -> None:
    """Approve an export that somebody else asked for: 批准导出."""
    assistant = desk_of(database, role)[0]
    assistant.approve_export(identifier)
    typer.echo(message(tongue(lang), "approval.done", {"id": identifier, "approver": assistant.identity.user}))


def _line(one: ExportApproval, assistant: Assistant, language: Language) -> str:
    said = {"id": one.id, "user": one.user, "rows": str(one.rows), "purpose": message(language, f"purpose.{one.purpose}")}
    said |= {"as_of": one.as_of.isoformat(), "approver": one.approver}
    said["readback"] = read_back(node_of(one.rule), assistant.catalog, language)
    return message(language, "approval.line_done" if one.approver else "approval.line", said)


def _json(one: ExportApproval) -> Json:
    return {
        "id": one.id,
        "user": one.user,
        "purpose": one.purpose,
        "asked": one.said,
        "rule": one.rule,
        "rows": one.rows,
        "as_of": one.as_of.isoformat(),
        "approver": one.approver or None,
    }
