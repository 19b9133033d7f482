"""What visitors have done so far, so that a page opened again goes on where it was left. Law: nothing is given back but to the same person, who may do what they might then.

It is kept in memory only: whoever serves the page anew begins anew.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.app.ui.session import Session
from assistant.policy import Identity

MOST_EACH = 10
"""Conversations of one person that are kept."""
MOST_PEOPLE = 200
VISIT = re.compile(r"[0-9a-f]{32}")
BEGINS = """(_, session) => {
    let visit = sessionStorage.getItem("visit");
    if (visit === null) {
        visit = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
        sessionStorage.setItem("visit", visit);
    }
    return [visit, session];
}"""
"""The browser names a visit by chance, and keeps the name for as long as the tab is open."""


@dataclass(frozen=True, slots=True)
class Left:
    """A conversation as it was left."""

    session: Session
    identity: Identity
    at: datetime


@dataclass(frozen=True)
class Visits:
    """The conversations of everybody, the latest last. `clock` gives the time."""

    clock: Callable[[], datetime] = datetime.now
    _left: OrderedDict[str, OrderedDict[str, Left]] = field(default_factory=OrderedDict)

    def keep(self, session: Session, identity: Identity) -> None:
        """What somebody did in a visit; nothing is kept of one without a name."""
        if not session.visit:
            return
        theirs = self._left.setdefault(identity.user, OrderedDict())
        self._left.move_to_end(identity.user)
        theirs[session.visit] = Left(session, identity, self.clock())
        theirs.move_to_end(session.visit)
        while len(theirs) > MOST_EACH:
            theirs.popitem(last=False)
        while len(self._left) > MOST_PEOPLE:
            self._left.popitem(last=False)

    def _theirs(self, identity: Identity) -> OrderedDict[str, Left]:
        return self._left.get(identity.user, OrderedDict())

    def found(self, visit: str, identity: Identity) -> Session | None:
        """What somebody did in a visit; None where it is not known, is another's, or they may do something else by now than they might then."""
        left = self._theirs(identity).get(visit)
        return left.session if left is not None and left.identity == identity else None

    def others(self, session: Session, identity: Identity) -> tuple[Left, ...]:
        """The other conversations of whoever has a session, the latest first."""
        told = [
            one
            for visit, one in self._theirs(identity).items()
            if visit != session.visit and one.identity == identity and one.session.answers
        ]
        return tuple(reversed(told))

    def back(self, visit: str, session: Session, identity: Identity) -> Session:
        """The session that goes on with another conversation; the one so far can be gone back to in its turn."""
        found = self.found(visit, identity)
        if found is None or visit == session.visit:
            return session
        if session.answers:
            self.keep(replace(session, visit=secrets.token_hex(16)), identity)
        self._left[identity.user].pop(visit, None)
        return replace(found, visit=session.visit)
