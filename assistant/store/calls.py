"""Call lists in a database. Law: lists, runs, items and results are only added, each with its audit event; a list changes for its owner alone, and only from the state its change was made for."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from assistant.errors import Fault, UserError
from assistant.policy import PURPOSES
from assistant.rule.canonical import text
from assistant.store.call import CALL_RESULTS, CallChange, CallItem, CallList, CallReason, CallRun, MakeCalls, WriteResult
from assistant.store.database import Database
from assistant.store.schema import CALL_ITEMS, CALL_LISTS, CALL_RUNS
from assistant.store.schema import CALL_RESULTS as RESULTS
from assistant.store.segments import node_of
from assistant.store.text import storable


class Calls:
    """The call lists in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lists(self, user: str) -> tuple[CallList, ...]:
        """The lists of a person, oldest first. Fault `store_failed`, `store_damaged`."""
        mine = select(CALL_LISTS.c.id).where(CALL_LISTS.c.owner == user)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(CALL_LISTS).where(CALL_LISTS.c.owner == user).order_by(CALL_LISTS.c.created_at, CALL_LISTS.c.id)
            ).all()
            runs = connection.execute(select(CALL_RUNS).where(CALL_RUNS.c.list.in_(mine)).order_by(CALL_RUNS.c.number)).all()
        return tuple(_list(row, tuple(_run(one) for one in runs if one.list == row.id)) for row in rows)

    def items(self, called: str) -> tuple[CallItem, ...]:
        """The customers of a list by their numbers, each with the last word on her."""
        last = select(func.max(RESULTS.c.id)).where(RESULTS.c.list == called).group_by(RESULTS.c.item)
        with self._database.reading() as connection:
            rows = connection.execute(select(CALL_ITEMS).where(CALL_ITEMS.c.list == called).order_by(CALL_ITEMS.c.number)).all()
            told = {row.item: row for row in connection.execute(select(RESULTS).where(RESULTS.c.id.in_(last)))}
        return tuple(_item(row, told.get(row.number)) for row in rows)

    def declined(self) -> tuple[int, ...]:
        """Everybody whose last word on some list is that she declines, ascending, whoever called."""
        last = select(func.max(RESULTS.c.id)).group_by(RESULTS.c.list, RESULTS.c.item)
        asked = (
            select(RESULTS.c.customer).where(RESULTS.c.id.in_(last), RESULTS.c.result == "declined").distinct().order_by(RESULTS.c.customer)
        )
        with self._database.reading() as connection:
            return tuple(int(customer) for (customer,) in connection.execute(asked))

    def apply(self, connection: Connection, change: CallChange, user: str, at: str) -> None:
        """Carry out a change within a transaction that writes. UserError `calls_not_yours`, `calls_changed` (it is no longer what the change was made for), `call_item_unknown`."""
        match change:
            case MakeCalls():
                self._make(connection, change, user, at)
            case WriteResult():
                self._owned(connection, change.list, user)
                row = connection.execute(
                    select(CALL_ITEMS.c.customer).where(CALL_ITEMS.c.list == change.list, CALL_ITEMS.c.number == change.item)
                ).one_or_none()
                if row is None:
                    raise UserError("call_item_unknown", number=change.item)
                connection.execute(
                    RESULTS.insert().values(list=change.list, item=change.item, customer=row.customer, result=change.result, by=user, at=at)
                )

    def _make(self, connection: Connection, change: MakeCalls, user: str, at: str) -> None:
        made, run = change.made, change.made.last
        if run.number == 1:
            told = {name: storable(str(getattr(made, name))) for name in ("name", "purpose", "strategy", "segment", "said", "ranked_by")}
            connection.execute(CALL_LISTS.insert().values(id=made.id, owner=user, rule=text(made.node), created_at=at, **told))
        else:
            self._owned(connection, made.id, user)
        there = connection.execute(select(func.count()).select_from(CALL_RUNS).where(CALL_RUNS.c.list == made.id)).scalar_one()
        if there != run.number - 1:
            raise UserError("calls_changed", name=made.name)
        connection.execute(
            CALL_RUNS.insert().values(
                list=made.id,
                number=run.number,
                as_of=run.as_of.isoformat(),
                today=run.today.isoformat(),
                branches=json.dumps(list(run.branches)),
                selected=run.selected,
                reachable=run.reachable,
                before=run.before,
                taken=run.taken,
                at=at,
                by=user,
            )
        )
        if change.items:
            connection.execute(CALL_ITEMS.insert(), [_row(made.id, one) for one in change.items])

    @staticmethod
    def _owned(connection: Connection, called: str, user: str) -> None:
        row = connection.execute(select(CALL_LISTS.c.owner).where(CALL_LISTS.c.id == called)).one_or_none()
        if row is None or row.owner != user:
            raise UserError("calls_not_yours")


def _row(called: str, one: CallItem) -> dict[str, str | int | None]:
    return {
        "list": called,
        "number": one.number,
        "run": one.run,
        "customer": one.customer,
        "reasons": json.dumps([[reason.tag, reason.value] for reason in one.reasons], ensure_ascii=False),
        "due": one.due.isoformat(),
        "due_by": one.due_by,
        "unit": one.unit,
        "managed": None if one.managed is None else int(one.managed),
        "contacted": "" if one.contacted is None else one.contacted.isoformat(),
    }


def _list(row: Row[Any], runs: tuple[CallRun, ...]) -> CallList:
    purpose = next((one for one in PURPOSES if one == row.purpose), None)
    if purpose is None or not runs:
        raise Fault("store_damaged")
    node = node_of(row.rule)
    return CallList(row.id, row.name, row.owner, purpose, row.strategy, row.segment, node, row.said, row.ranked_by, runs, row.created_at)


def _run(row: Row[Any]) -> CallRun:
    branches = tuple(json.loads(row.branches))
    as_of, today = (date.fromisoformat(day) for day in (row.as_of, row.today))
    return CallRun(row.number, as_of, today, branches, row.selected, row.reachable, row.before, row.taken, row.at, row.by)


def _item(row: Row[Any], told: Row[Any] | None) -> CallItem:
    result = None if told is None else next((one for one in CALL_RESULTS if one == told.result), None)
    return CallItem(
        row.number,
        row.run,
        row.customer,
        tuple(CallReason(tag, value) for tag, value in json.loads(row.reasons)),
        date.fromisoformat(row.due),
        "event" if row.due_by == "event" else "span",
        row.unit,
        None if row.managed is None else bool(row.managed),
        date.fromisoformat(row.contacted) if row.contacted else None,
        result,
        "" if told is None else told.by,
        "" if told is None else told.at,
    )
