"""The desk's rows in a database. Law: rows are only ever added, each with its audit event; the last decision of a pair counts, and two people do not decide the same one unseen."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, func, select

from assistant.errors import UserError
from assistant.store.audit import Audit
from assistant.store.database import Database
from assistant.store.event import AuditEvent
from assistant.store.review import (
    STATE_OF,
    VERDICTS,
    WAYS,
    Alias,
    Decision,
    DecisionKind,
    Said,
    Seen,
    State,
    Turn,
    Understood,
    Verdict,
    Verified,
)
from assistant.store.schema import ALIASES, AUDIT, AUDIT_HEAD, DECISIONS, FEEDBACK, UNDERSTOOD
from assistant.store.text import storable

LONGEST_REASON = 400
_KINDS: tuple[DecisionKind, ...] = ("approve", "correct", "reject")
_Known = TypeVar("_Known", bound=str)


class Reviews:
    """The desk of one database."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    # turns

    def add(self, connection: Connection, understood: Understood) -> None:
        """Keep how the turn was understood whose audit row was added last, within the same transaction."""
        told: dict[str, object] = {
            name: storable(value) if isinstance(value, str) else value for name, value in asdict(understood).items() if name != "alone"
        }
        told |= {name: _json(getattr(understood, name)) for name in ("turns", "unread")}
        seq = connection.execute(select(AUDIT_HEAD.c.seq)).scalar_one()
        connection.execute(UNDERSTOOD.insert().values(seq=seq, alone=int(understood.alone), **told))

    def seen(self) -> tuple[Seen, ...]:
        """Every turn that was kept, oldest first."""
        columns = (UNDERSTOOD.c.seq, UNDERSTOOD.c.pair, UNDERSTOOD.c.way, AUDIT.c.user, AUDIT.c.at)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).join(AUDIT, AUDIT.c.seq == UNDERSTOOD.c.seq).order_by(UNDERSTOOD.c.seq)).all()
        return tuple(Seen(row.seq, row.pair, _one(WAYS, row.way), row.user, row.at) for row in rows)

    def turn(self, seq: int) -> Turn:
        """A turn by the number of its audit row. UserError `desk_unknown`."""
        with self._database.reading() as connection:
            row = connection.execute(_turns().where(UNDERSTOOD.c.seq == seq)).one_or_none()
        if row is None:
            raise UserError("desk_unknown", item=str(seq))
        return _turn(row)

    def turns(self, numbers: Sequence[int]) -> tuple[Turn, ...]:
        """Some turns, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_turns().where(UNDERSTOOD.c.seq.in_(numbers)).order_by(UNDERSTOOD.c.seq)).all()
        return tuple(_turn(row) for row in rows)

    def worded(self) -> tuple[Turn, ...]:
        """The turns with words that nobody knew, or that were read as others, oldest first."""
        told = (UNDERSTOOD.c.unread != "[]") | UNDERSTOOD.c.way.in_(("chosen", "model"))
        with self._database.reading() as connection:
            rows = connection.execute(_turns().where(told).order_by(UNDERSTOOD.c.seq)).all()
        return tuple(_turn(row) for row in rows)

    def saying(self, word: str) -> tuple[Turn, ...]:
        """The turns whose rule came of words that have this one among them, oldest first."""
        told = (AUDIT.c.text.contains(word, autoescape=True), UNDERSTOOD.c.way != "unread", UNDERSTOOD.c.alone == 1)
        with self._database.reading() as connection:
            rows = connection.execute(_turns().where(*told).order_by(UNDERSTOOD.c.seq)).all()
        return tuple(_turn(row) for row in rows)

    # what askers say

    def say(self, user: str, request: str, verdict: Verdict, reason: str) -> Said:
        """Keep what an asker says of an answer, named by its reference. UserError `feedback_unknown` for an answer that was not theirs."""
        with self._database.writing() as connection:
            mine = (AUDIT.c.user == storable(user), AUDIT.c.request_id == storable(request))
            found = select(func.max(UNDERSTOOD.c.seq)).join(AUDIT, AUDIT.c.seq == UNDERSTOOD.c.seq).where(*mine)
            turn = connection.execute(found).scalar_one_or_none()
            if turn is None:
                raise UserError("feedback_unknown", reference=request[:80])
            at = self._told(connection, "feedback", user, f"feedback {turn} {verdict}")
            kept = storable(" ".join(reason.split())[:LONGEST_REASON])
            connection.execute(FEEDBACK.insert().values(turn=turn, verdict=verdict, reason=kept, by=storable(user), at=at))
        return Said(turn, verdict, kept, user, at)

    def said(self) -> tuple[Said, ...]:
        """Everything that askers said of their answers, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(FEEDBACK).order_by(FEEDBACK.c.id)).all()
        return tuple(Said(row.turn, _one(VERDICTS, row.verdict), row.reason, row.by, row.at) for row in rows)

    # decisions

    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, oldest first."""
        with self._database.reading() as connection:
            return tuple(_decision(row) for row in connection.execute(select(DECISIONS).order_by(DECISIONS.c.id)))

    def decide(self, decision: Decision, seen: int) -> Decision:
        """Keep a decision. `seen`: the id of the pair's last decision that its maker saw (0: none). UserError `desk_decided` when there is another by now."""
        with self._database.writing() as connection:
            of_pair = select(DECISIONS).where(DECISIONS.c.pair == decision.pair).order_by(DECISIONS.c.id.desc())
            last = connection.execute(of_pair).first()
            if last is not None and last.id != seen:
                raise UserError("desk_decided", item=decision.pair, by=last.by, at=last.at[:16].replace("T", " "))
            at = self._told(connection, "review", decision.by, f"desk {decision.kind} {decision.pair} turn {decision.turn}")
            told = {name: storable(value) for name, value in asdict(decision).items() if isinstance(value, str) and name != "at"}
            told["reason"] = told["reason"][:LONGEST_REASON]
            connection.execute(DECISIONS.insert().values(turn=decision.turn, at=at, **told))
            kept = connection.execute(of_pair).first()
        assert kept is not None, "what was put in is there"
        return _decision(kept)

    def verified(self, key: str) -> Verified | None:
        """The reading of a request that stands as approved; None without one."""
        wanted = select(DECISIONS).where(DECISIONS.c.key == key, DECISIONS.c.key != "").order_by(DECISIONS.c.id)
        with self._database.reading() as connection:
            standing = in_force(tuple(_decision(row) for row in connection.execute(wanted)))
            return _verified(connection, standing[-1]) if standing else None

    def standing(self) -> Mapping[str, Verified]:
        """Every reading that stands as approved, by the key of its request."""
        wanted = select(DECISIONS).where(DECISIONS.c.key != "").order_by(DECISIONS.c.id)
        with self._database.reading() as connection:
            found = in_force(tuple(_decision(row) for row in connection.execute(wanted)))
            return {one.key: _verified(connection, one) for one in found}

    # words

    def aliases(self) -> tuple[Alias, ...]:
        """What was decided last of each word and element, in the order first decided."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ALIASES).order_by(ALIASES.c.id)).all()
        found = {(row.word, row.element): row for row in rows}
        return tuple(Alias(row.word, row.language, row.element, bool(row.accepted), row.reason, row.by, row.at) for row in found.values())

    def name(self, alias: Alias) -> None:
        """Keep what was decided of a word. UserError `alias_decided` when somebody decided the same before."""
        with self._database.writing() as connection:
            same = (ALIASES.c.word == storable(alias.word), ALIASES.c.element == alias.element)
            last = connection.execute(select(ALIASES).where(*same).order_by(ALIASES.c.id.desc())).first()
            if last is not None and bool(last.accepted) == alias.accepted:
                raise UserError("alias_decided", word=alias.word, by=last.by, on=last.at[:10])
            done = "accept" if alias.accepted else "decline"
            at = self._told(connection, "alias", alias.by, f"desk {done} {alias.word} {alias.element}")
            told = {name: storable(getattr(alias, name)) for name in ("word", "language", "element", "by")}
            reason = storable(alias.reason[:LONGEST_REASON])
            connection.execute(ALIASES.insert().values(accepted=int(alias.accepted), reason=reason, at=at, **told))

    def _told(self, connection: Connection, kind: str, by: str, said: str) -> str:
        day = self._clock().astimezone(UTC).date()
        return self._audit.add(connection, AuditEvent(kind, secrets.token_hex(6), by, "", (), "", said, "answered", "", day))


def in_force(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The approvals and corrections that stand, oldest first: none that a later decision took back. `decisions`: oldest first."""
    standing: dict[str, Decision] = {}
    for one in decisions:
        standing.pop(one.pair, None)
        if one.kind != "reject":
            standing.pop(one.after, None)
            standing[one.after] = one
    return tuple(standing.values())


def states(decisions: Sequence[Decision]) -> Mapping[str, State]:
    """How each pair stands that was decided, or that a correction came to. `decisions`: oldest first."""
    found: dict[str, State] = {}
    for one in decisions:
        found[one.pair] = STATE_OF[one.kind]
        if one.kind == "correct":
            found[one.after] = "accepted"
    return found


def _verified(connection: Connection, decision: Decision) -> Verified:
    was = "" if decision.kind != "correct" else connection.execute(_turns().where(UNDERSTOOD.c.seq == decision.turn)).one().rule_said
    return Verified(decision.rule, decision.requests, decision.by, decision.at[:10], was)


def _turns() -> Select[Any]:
    told = (AUDIT.c.seq, AUDIT.c.at, AUDIT.c.user, AUDIT.c.role, AUDIT.c.branches, AUDIT.c.purpose, AUDIT.c.text, AUDIT.c.as_of)
    own = [column for column in UNDERSTOOD.columns if column.name not in ("seq", "rule")]
    return select(*told, *own, UNDERSTOOD.c.rule.label("rule_said")).join(UNDERSTOOD, AUDIT.c.seq == UNDERSTOOD.c.seq)


def _turn(row: Row[Any]) -> Turn:
    understood = Understood(
        row.key, row.pair, _one(WAYS, row.way), row.language, bool(row.alone), tuple(json.loads(row.turns)), row.requests, row.ledger, row.assumptions,
        tuple(json.loads(row.unread)), row.rule_said, row._mapping["count"], row.sql,
    )  # fmt: skip
    return Turn(row.seq, row.at, row.user, row.role, tuple(json.loads(row.branches)), row.purpose, row.text, row.as_of, understood)


def _decision(row: Row[Any]) -> Decision:
    kind = _one(_KINDS, row.kind)
    return Decision(row.turn, row.pair, kind, row.key, row.after, row.rule, row.requests, row.said, row.reason, row.by, row.at, row.id)


def _one(known: Sequence[_Known], kept: str) -> _Known:
    return next(one for one in known if one == kept)


def _json(value: Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=True)
