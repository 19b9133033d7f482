"""Approvals in a database. Law: asked for once, given once, used once, each with its audit event; never by the one who asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from assistant.errors import UserError
from assistant.store.approval import ApprovalChange, AskApproval, ExportApproval, Use
from assistant.store.database import Database
from assistant.store.schema import EXPORT_APPROVALS
from assistant.store.text import storable


class Approvals:
    """The approvals in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, identifier: str) -> ExportApproval | None:
        """One by its id; None where nobody asked."""
        with self._database.reading() as connection:
            row = connection.execute(select(EXPORT_APPROVALS).where(EXPORT_APPROVALS.c.id == identifier)).one_or_none()
        return None if row is None else _approval(row)

    def all(self) -> tuple[ExportApproval, ...]:
        """Every one, in the order asked."""
        with self._database.reading() as connection:
            rows = connection.execute(select(EXPORT_APPROVALS).order_by(EXPORT_APPROVALS.c.at, EXPORT_APPROVALS.c.id)).all()
        return tuple(_approval(row) for row in rows)

    def apply(self, connection: Connection, change: ApprovalChange, user: str, at: str) -> None:
        """Carry out a change within a transaction that writes. UserError `approval_unknown`, `approval_given`, `approval_own`, `approval_used` (it was spent meanwhile)."""
        if isinstance(change, Use):
            spent = connection.execute(
                EXPORT_APPROVALS.delete().where(EXPORT_APPROVALS.c.id == change.id, EXPORT_APPROVALS.c.approver != "")
            )
            if not spent.rowcount:
                raise UserError("approval_used", id=change.id)
            return
        if isinstance(change, AskApproval):
            asked = change.asked
            told = {"purpose": asked.purpose, "said": asked.said, "rule": asked.rule}
            connection.execute(EXPORT_APPROVALS.delete().where(EXPORT_APPROVALS.c.id == asked.id, EXPORT_APPROVALS.c.approver == ""))
            connection.execute(
                EXPORT_APPROVALS.insert().values(
                    id=asked.id, user=user, rows=asked.rows, as_of=asked.as_of.isoformat(), at=at, approver="", approved_at="",
                    **{name: storable(value) for name, value in told.items()},
                )
            )  # fmt: skip
            return
        row = connection.execute(select(EXPORT_APPROVALS).where(EXPORT_APPROVALS.c.id == change.id)).one_or_none()
        if row is None:
            raise UserError("approval_unknown", id=change.id)
        if row.approver:
            raise UserError("approval_given", id=change.id, by=row.approver)
        if row.user == user:
            raise UserError("approval_own")
        connection.execute(EXPORT_APPROVALS.update().where(EXPORT_APPROVALS.c.id == change.id).values(approver=user, approved_at=at))


def _approval(row: Row[Any]) -> ExportApproval:
    return ExportApproval(
        row.id, row.user, row.purpose, row.said, row.rule, row.rows, date.fromisoformat(row.as_of), row.at, row.approver, row.approved_at
    )
