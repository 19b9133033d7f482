"""Users, their grants and their tokens. Law: what somebody may do is read anew each time it is asked; every change is kept with its audit event, or not at all.

No password and no token is kept, logged or audited, only what `passwords.py` makes of them.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, func, select

from assistant.errors import Fault, UserError
from assistant.policy import LINES, OPERATIONS, ROLES, Identity, Operation, Role
from assistant.store.audit import Audit
from assistant.store.database import Database
from assistant.store.event import AuditEvent
from assistant.store.passwords import hashed, matches, new_token, token_hash
from assistant.store.schema import GRANTS, TOKENS, USERS
from assistant.store.text import storable

GrantKind = Literal["branch", "line", "operation", "tag", "steward"]
GRANT_KINDS: tuple[GrantKind, ...] = get_args(GrantKind)
LONGEST_PASSWORD = 256
SHORTEST_PASSWORD = 10
MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
"""How long a name is locked after so many wrong passwords in a row."""
LONGEST_TOKEN = timedelta(days=366)
_NAME = re.compile(r"[\w.@-]{2,64}")


@dataclass(frozen=True, slots=True)
class Grant:
    """Something granted besides what the role may. `until`: ISO time it ends (empty: open)."""

    kind: GrantKind
    value: str
    until: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class User:
    """One user as they stand; `grants` are those in force. `password`: whether there is one (who comes through single sign-on has none)."""

    name: str
    role: Role
    disabled: bool
    password: bool
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret. `until`: ISO time it ends; `revoked`: when it was taken back (empty: it was not)."""

    id: str
    user: str
    scopes: tuple[Operation, ...]
    until: str
    revoked: str


class Users:
    """The users in one database. `clock` says what time it is."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock

    # who there is

    def any(self) -> bool:
        """Whether there are users at all: without, everybody is the demo's."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).select_from(USERS)).scalar_one())

    def all(self) -> tuple[User, ...]:
        """Every user, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(USERS).order_by(USERS.c.name)).all()
            return tuple(self._user(connection, row) for row in rows)

    def identity(self, name: str) -> Identity:
        """Who somebody is at this moment. UserError `sign_in_needed` for one that is unknown or disabled."""
        with self._database.reading() as connection:
            return self._identity(connection, name)

    def _identity(self, connection: Connection, name: str, scopes: tuple[Operation, ...] | None = None) -> Identity:
        row = connection.execute(select(USERS).where(USERS.c.name == storable(name))).one_or_none()
        if row is None or row.disabled_at:
            raise UserError("sign_in_needed")
        user = self._user(connection, row)
        return Identity(
            user=user.name,
            role=user.role,
            branches=_values(user, "branch"),
            lines=tuple(line for line in LINES if line in _values(user, "line")),
            operations=tuple(one for one in OPERATIONS if one in _values(user, "operation")),
            tags=_values(user, "tag"),
            stewards=_values(user, "steward"),
            scopes=scopes,
        )

    def _user(self, connection: Connection, row: Row[Any]) -> User:
        role = next((one for one in ROLES if one == row.role), None)
        if role is None:
            raise Fault("store_damaged")
        now = self._now()
        found = connection.execute(select(GRANTS).where(GRANTS.c.user == row.name, GRANTS.c.revoked_at == "").order_by(GRANTS.c.id)).all()
        grants = tuple(Grant(_kind(one.kind), one.value, one.until, one.by, one.at) for one in found if not one.until or one.until > now)
        return User(row.name, role, bool(row.disabled_at), bool(row.password), grants)

    # signing in

    def sign_in(self, name: str, password: str) -> Identity:
        """Who somebody is, proven by their password. UserError `sign_in_failed`, which does not say what was wrong: the name, the password, or that the name is locked after too
        many failures (only the audit does)."""
        key, fault = user_key(name), ""
        given = password[: LONGEST_PASSWORD + 1]
        with self._database.reading() as connection:
            row = connection.execute(select(USERS).where(USERS.c.name == storable(key))).one_or_none()
        right = matches(given, "" if row is None else row.password)
        with self._database.writing() as connection:
            row = connection.execute(select(USERS).where(USERS.c.name == storable(key))).one_or_none()
            if row is not None and row.locked_until > self._now():
                fault = "sign_in_locked"
            elif row is None or not right or row.disabled_at:
                fault = "sign_in_failed"
                if row is not None:
                    self._failed(connection, row)
            else:
                connection.execute(USERS.update().where(USERS.c.name == row.name).values(failures=0, locked_until=""))
            known = key if row is not None else ""
            self._audit.add(connection, self._event("sign_in", known, "", "forbidden" if fault else "answered", fault))
        if fault:
            raise UserError("sign_in_failed", failures=MOST_FAILURES, minutes=int(LOCKED.total_seconds() // 60))
        return self.identity(key)

    def _failed(self, connection: Connection, row: Row[Any]) -> None:
        failures = row.failures + 1
        locked = (self._clock().astimezone(UTC) + LOCKED).isoformat() if failures >= MOST_FAILURES else ""
        values = {"failures": 0 if locked else failures, "locked_until": locked}
        connection.execute(USERS.update().where(USERS.c.name == row.name).values(values))

    # changing users

    def add(self, name: str, role: Role, password: str, by: str) -> str:
        """A new user; the name as it is kept. `password` empty: only single sign-on lets them in. UserError `user_name_unfit`, `user_taken`, `password_unfit`."""
        key = user_key(name)
        if _NAME.fullmatch(key) is None:
            raise UserError("user_name_unfit", name=name[:80])
        kept = hashed(_fit(password)) if password else ""
        with self._database.writing() as connection:
            if connection.execute(select(USERS.c.name).where(USERS.c.name == key)).first() is not None:
                raise UserError("user_taken", name=key)
            at = self._told(connection, by, f"users add {key} {role}")
            connection.execute(
                USERS.insert().values(
                    name=key, role=role, password=kept, failures=0, locked_until="", disabled_at="", created_at=at, created_by=storable(by)
                )
            )
        return key

    def set_password(self, name: str, password: str, by: str) -> None:
        """Another password. UserError `user_unknown`, `password_unfit`."""
        self._set(name, {"password": hashed(_fit(password)), "failures": 0, "locked_until": ""}, by, "users password")

    def set_role(self, name: str, role: Role, by: str) -> None:
        """Another role. UserError `user_unknown`, `last_administrator`."""
        self._set(name, {"role": role}, by, f"users role {role}")

    def disable(self, name: str, by: str, disabled: bool = True) -> None:
        """Shut somebody out, or let them in again; nobody is deleted. UserError `user_unknown`, `last_administrator`."""
        self._set(name, {"disabled_at": self._now() if disabled else ""}, by, "users disable" if disabled else "users enable")

    def grant(self, name: str, kind: GrantKind, value: str, until: datetime | None, by: str) -> None:
        """Something granted besides the role, until a time or open. UserError `user_unknown`."""
        with self._database.writing() as connection:
            row = _found(connection, name)
            ends = "" if until is None else until.astimezone(UTC).isoformat()
            at = self._told(connection, by, f"users grant {row.name} {kind} {value}" + (f" until {ends}" if ends else ""))
            connection.execute(
                GRANTS.insert().values(
                    user=row.name, kind=kind, value=storable(value), until=ends, by=storable(by), at=at, revoked_at="", revoked_by=""
                )
            )

    def revoke(self, name: str, kind: GrantKind, value: str, by: str) -> None:
        """A grant taken back. UserError `user_unknown`, `grant_unknown`."""
        with self._database.writing() as connection:
            row = _found(connection, name)
            at = self._told(connection, by, f"users revoke {row.name} {kind} {value}")
            these = (GRANTS.c.user == row.name, GRANTS.c.kind == kind, GRANTS.c.value == storable(value), GRANTS.c.revoked_at == "")
            done = connection.execute(GRANTS.update().where(*these).values(revoked_at=at, revoked_by=storable(by)))
            if not done.rowcount:
                raise UserError("grant_unknown", name=row.name, grant=f"{kind} {value}")

    def _set(self, name: str, values: dict[str, str | int], by: str, said: str) -> None:
        with self._database.writing() as connection:
            row = _found(connection, name)
            self._told(connection, by, f"{said} {row.name}")
            connection.execute(USERS.update().where(USERS.c.name == row.name).values(values))
            left = (USERS.c.role == "administrator", USERS.c.disabled_at == "")
            if row.role == "administrator" and connection.execute(select(USERS.c.name).where(*left)).first() is None:
                raise UserError("last_administrator", name=row.name)

    # tokens

    def issue(self, name: str, scopes: Sequence[Operation], lasts: timedelta, by: str) -> tuple[str, str]:
        """A new token of a user, narrowed to some operations: its id, and the token itself, which is told this once. UserError `user_unknown`, `token_time_unfit`."""
        if not timedelta(0) < lasts <= LONGEST_TOKEN:
            raise UserError("token_time_unfit", days=LONGEST_TOKEN.days)
        token, identifier = new_token(), secrets.token_hex(6)
        with self._database.writing() as connection:
            row = _found(connection, name)
            at = self._told(connection, by, f"tokens add {row.name} {identifier} {' '.join(scopes)}")
            ends = (self._clock().astimezone(UTC) + lasts).isoformat()
            connection.execute(
                TOKENS.insert().values(
                    id=identifier, user=row.name, hash=token_hash(token), scopes=json.dumps(list(scopes)), until=ends, by=storable(by), at=at, revoked_at=""
                )
            )  # fmt: skip
        return identifier, token

    def tokens(self, name: str | None = None) -> tuple[Token, ...]:
        """The tokens of a user, or of all, oldest first."""
        wanted = select(TOKENS).order_by(TOKENS.c.at, TOKENS.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(wanted if name is None else wanted.where(TOKENS.c.user == user_key(name))).all()
        return tuple(Token(row.id, row.user, _operations(row.scopes), row.until, row.revoked_at) for row in rows)

    def revoke_token(self, identifier: str, by: str) -> None:
        """A token taken back. UserError `token_unknown`."""
        with self._database.writing() as connection:
            at = self._told(connection, by, f"tokens revoke {identifier}")
            these = (TOKENS.c.id == storable(identifier), TOKENS.c.revoked_at == "")
            if not connection.execute(TOKENS.update().where(*these).values(revoked_at=at)).rowcount:
                raise UserError("token_unknown", token=identifier)

    def bearer(self, token: str) -> Identity:
        """Who a token speaks for at this moment, narrowed to its scopes. UserError `token_refused` for one that is wrong, over or taken back, or whose user is shut out."""
        with self._database.reading() as connection:
            row = connection.execute(select(TOKENS).where(TOKENS.c.hash == token_hash(token))).one_or_none()
            if row is None or row.revoked_at or row.until <= self._now():
                raise UserError("token_refused")
            try:
                return self._identity(connection, row.user, _operations(row.scopes))
            except UserError as error:
                raise UserError("token_refused") from error

    # the audit

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat()

    def _told(self, connection: Connection, by: str, said: str) -> str:
        return self._audit.add(connection, self._event("users", by, said, "answered", ""))

    def _event(self, kind: str, user: str, said: str, outcome: str, error: str) -> AuditEvent:
        day = self._clock().astimezone(UTC).date()
        return AuditEvent(kind, secrets.token_hex(6), user, "", (), "", said, outcome, "", day, error=error)


def user_key(name: str) -> str:
    """A name as it is kept: without width, case and outer blanks."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _found(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(USERS).where(USERS.c.name == storable(user_key(name)))).one_or_none()
    if row is None:
        raise UserError("user_unknown", name=name[:80])
    return row


def _fit(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError("password_unfit", low=SHORTEST_PASSWORD, high=LONGEST_PASSWORD)
    return password


def _values(user: User, kind: GrantKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.value for one in user.grants if one.kind == kind))


def _kind(kept: str) -> GrantKind:
    found = next((one for one in GRANT_KINDS if one == kept), None)
    if found is None:
        raise Fault("store_damaged")
    return found


def _operations(kept: str) -> tuple[Operation, ...]:
    named = json.loads(kept)
    return tuple(one for one in OPERATIONS if one in named)
