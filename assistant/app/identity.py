"""Who asks: the demo's identity while there are no users, else who signed in or whose token was shown, as they stand at this moment. Law: nobody is anybody by default.

An identity is resolved for every request, never kept for a session: what is revoked or disabled is gone at the next one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import SecretStr

from assistant.app.build import build_assistant, within
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.errors import UserError
from assistant.pipeline import Assistant
from assistant.policy import Identity, Operation, Policy, Role, denied
from assistant.settings import Settings
from assistant.store.open import Store
from assistant.store.tag_moves import Move
from assistant.store.users import user_key

CONSOLE = "console"
"""Who works on the machine itself before there are users."""
DEMO_ROLE: Role = "head_office_analyst"


@dataclass(frozen=True)
class Desk:
    """Where everybody asks. `assistant`: the bank as the demo's identity sees it; `token`: the one of the settings, if any."""

    assistant: Assistant
    store: Store
    token: SecretStr | None = None

    @property
    def signing_in(self) -> bool:
        """Whether there are users, so that nobody is let in unknown."""
        return self.store.users.any()

    def of(self, user: str | None) -> Assistant:
        """The assistant of whoever signed in (None: nobody did). UserError `sign_in_needed`."""
        if not self.signing_in:
            return self.today()
        if user is None:
            raise UserError("sign_in_needed")
        return self.seen_by(self.store.users.identity(user_key(user)))

    def bearing(self) -> Assistant:
        """The assistant of whoever the token of the settings speaks for; the demo's while there are no users. UserError `token_needed`, `token_refused`."""
        return self.seen_by(bearer(self.store, self.token)) if self.signing_in else self.today()

    def seen_by(self, identity: Identity) -> Assistant:
        """The same bank as somebody else sees it."""
        assistant = self.today()
        return replace(assistant, identity=identity, catalog=within(assistant.catalog, identity.branches))

    def today(self) -> Assistant:
        """The assistant with every tag standing where its lifecycle has come to."""
        return stood(self.assistant, self.store)


def open_desk(settings: Settings, store: Store, role: Role | None = None, branches: Sequence[str] = ()) -> Desk:
    """A desk over the bank of the settings. `role`, `branches`: of the demo's identity; UserError `role_fixed` where there are users, and as of `build_assistant`."""
    if store.users.any() and (role is not None or branches):
        raise UserError("role_fixed")
    return Desk(build_assistant(settings, role or DEMO_ROLE, branches, store=store), store, settings.token)


def stood(assistant: Assistant, store: Store) -> Assistant:
    """An assistant whose catalog has the steps that were taken in the store; the same one where none was."""
    moved = stood_catalog(assistant.catalog, store)
    return assistant if moved is assistant.catalog else replace(assistant, catalog=moved)


def stood_catalog(catalog: TagCatalog, store: Store) -> TagCatalog:
    """The catalog with the steps that were taken in the store; the same one where none was."""
    return catalog.moved({code: _fields(move) for code, move in store.tag_moves.latest().items()})


def _fields(move: Move) -> dict[str, object]:
    reason = Text(zh=move.reason, en=move.reason) if move.reason else None
    return {"status": move.after, "replaced_by": move.replacement or None, "status_reason": reason}


def bearer(store: Store, token: SecretStr | None) -> Identity:
    """Who a token speaks for. UserError `token_needed`, `token_refused`."""
    if token is None:
        raise UserError("token_needed")
    return store.users.bearer(token.get_secret_value())


def operator(policy: Policy, store: Store, token: SecretStr | None, operation: Operation) -> str:
    """The name of whoever runs a command that needs an operation: the console while there are no users. UserError as of `bearer`, or what stands in the way."""
    if not store.users.any():
        return CONSOLE
    identity = bearer(store, token)
    denial = denied(policy, identity, operation)
    if denial is not None:
        raise UserError(denial.code, **dict(denial.params))
    return identity.user


def named_by_proxy(headers: Mapping[str, str], peer: str | None, header: str, proxies: Sequence[str]) -> str | None:
    """The user that a single sign-on proxy names in a header, believed only from its own addresses; None otherwise."""
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return None
    trusted = any(address in ipaddress.ip_network(one, strict=False) for one in proxies)
    name = headers.get(header, "").strip()
    return user_key(name) if trusted and name else None
