"""Who asks: the demo's identity while there are no users, else who signed in or whose token was shown, as they stand at this moment. Law: nobody is anybody by default.

An identity is resolved for every request, never kept for a session: what is revoked or disabled is gone at the next one.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from assistant.app.build import build_assistant, within
from assistant.catalog.examples import LONGEST_REQUEST, LONGEST_WORDS, Example, Meant, load_examples
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Text
from assistant.errors import UserError
from assistant.interpret.model import taught
from assistant.pipeline import Assistant
from assistant.pipeline.understood import links_read
from assistant.policy import Identity, Operation, Policy, Role, denied
from assistant.settings import Settings
from assistant.store.open import Store
from assistant.store.reviews import in_force
from assistant.store.tag_moves import Move
from assistant.store.users import user_key

CONSOLE = "console"
"""Who works on the machine itself before there are users."""
DEMO_ROLE: Role = "head_office_analyst"
Shown = Literal["all", "doubtful"]
"""Which turns analysts review: all, or those with something in doubt or complained of."""


@dataclass(frozen=True)
class Desk:
    """Where everybody asks. `assistant`: the bank as the demo's identity sees it; `token`: the one of the settings, if any; `review`: which turns analysts review; `examples`: the verified
    examples of the bank's own file; `folder`: where the bank's own catalog lies, into which others may publish meanwhile."""

    assistant: Assistant
    store: Store
    token: SecretStr | None = None
    review: Shown = "all"
    examples: tuple[Example, ...] = ()
    folder: Path | None = None

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
        """The assistant with every tag standing where its lifecycle has come to, and every template that is published by now."""
        if self.folder is None:
            return stood(self.assistant, self.store)
        return stood(replace(self.assistant, catalog=self.assistant.catalog.published(self.folder)), self.store)


def open_desk(settings: Settings, store: Store, role: Role | None = None, branches: Sequence[str] = ()) -> Desk:
    """A desk over the bank of the settings. `role`, `branches`: of the demo's identity; UserError `role_fixed` where there are users, and as of `build_assistant`."""
    if store.users.any() and (role is not None or branches):
        raise UserError("role_fixed")
    assistant = build_assistant(settings, role or DEMO_ROLE, branches, store=store)
    return Desk(assistant, store, settings.token, settings.review, load_examples(settings.catalog), settings.catalog)


def stood(assistant: Assistant, store: Store) -> Assistant:
    """An assistant whose catalog has the steps that were taken in the store, and the words that owners accepted, and whose model is shown what analysts approved; the same one where there
    is none of it."""
    moved, interpreter = stood_catalog(assistant.catalog, store), taught(assistant.interpreter, lambda: approved_links(store))
    if moved is assistant.catalog and interpreter is assistant.interpreter:
        return assistant
    return replace(assistant, catalog=moved, interpreter=interpreter)


def approved_links(store: Store) -> tuple[Example, ...]:
    """Requests whose words somebody linked and an analyst approved with their rule, as examples for a model."""
    decisions = [one for one in in_force(store.reviews.decisions()) if one.key and one.kind == "approve"]
    turns = {turn.seq: turn for turn in store.reviews.turns([one.turn for one in decisions])}
    found = []
    for one in decisions:
        said = turns[one.turn]
        links = [link for link in links_read(said.understood.assumptions) if max(map(len, link)) <= LONGEST_WORDS]
        if links and len(said.text) <= LONGEST_REQUEST:
            meant = tuple(Meant(quote=quote, means=means) for quote, means in links)
            found.append(
                Example(
                    request=said.text,
                    links=meant,
                    rule=json.loads(one.rule),
                    verified_by=one.by,
                    verified_on=date.fromisoformat(one.at[:10]),
                )
            )
    return tuple(found)


def stood_catalog(catalog: TagCatalog, store: Store) -> TagCatalog:
    """The catalog with the steps that were taken in the store, and the words that owners accepted; the same one where there are none."""
    moved = catalog.moved({code: _fields(move) for code, move in store.tag_moves.latest().items()})
    return moved.worded(
        [(one.element, "zh" if one.language == "zh" else "en", one.word) for one in store.reviews.aliases() if one.accepted]
    )


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
