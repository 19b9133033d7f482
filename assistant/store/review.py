"""What the analyst's desk keeps: how a turn was understood, what its asker said of it, and what was decided. Law: values; what the audit holds of a turn is not told again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Way = Literal["read", "agreed", "verified", "assumed", "chosen", "model", "unread"]
"""How a request was understood. read: every word by the grammar; agreed: by grammar and model, each by itself; verified: as it was approved before; assumed: with something taken as read
that the words did not say; chosen: as its asker picked among readings; model: words that a model linked; unread: not, for words nobody knows."""
WAYS: tuple[Way, ...] = get_args(Way)
DOUBTFUL: frozenset[Way] = frozenset({"assumed", "chosen", "model", "unread"})
Verdict = Literal["right", "wrong"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DecisionKind = Literal["approve", "correct", "reject"]
State = Literal["waiting", "accepted", "edited", "rejected"]
STATES: tuple[State, ...] = get_args(State)
STATE_OF: Mapping[DecisionKind, State] = {"approve": "accepted", "correct": "edited", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Understood:
    """How one turn was understood, beyond its audit row.

    `key`: of the request's words (equal for the same request, see `pipeline/verified.py`); `pair`: of the request with its rule; `alone`: whether the words say all by themselves;
    `turns`: the words before them, where they do not; `requests`, `ledger`, `assumptions`: JSON, as the pipeline wrote them; `unread`: words nobody knows; `rule`: the node as JSON with the words of
    each condition (empty: none); `count`: customers as the asker was to be told; `sql`: what counted them.
    """

    key: str
    pair: str
    way: Way
    language: str
    alone: bool
    turns: tuple[str, ...]
    requests: str
    ledger: str
    assumptions: str
    unread: tuple[str, ...]
    rule: str
    count: int | None
    sql: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An audited turn with how it was understood. `branches`: the units its asker was bound to."""

    seq: int
    at: str
    user: str
    role: str
    branches: tuple[str, ...]
    purpose: str
    text: str
    as_of: str
    understood: Understood


@dataclass(frozen=True, slots=True)
class Seen:
    """What is enough of a turn to count and sort it."""

    seq: int
    pair: str
    way: Way
    user: str
    at: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an asker said of an answer."""

    turn: int
    verdict: Verdict
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a pair. `key`: of the request where it says all by itself (empty: it does not); `after`: the pair that is right (empty: none); `rule`, `requests`: of that pair, as JSON;
    `said`: the words of a correction."""

    turn: int
    pair: str
    kind: DecisionKind
    key: str
    after: str
    rule: str
    requests: str
    said: str
    reason: str
    by: str
    at: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """The reading of a request that somebody approved. `rule`, `requests`: JSON; `was`: the rule it was read as before it was corrected (empty: it was not)."""

    rule: str
    requests: str
    by: str
    on: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """What the owner of an element decided of a word proposed for it. `element`: its code, of a value code=value."""

    word: str
    language: str
    element: str
    accepted: bool
    reason: str
    by: str
    at: str = ""


def pair_of(key: str, rule: str, before: str = "") -> str:
    """A request with its rule, by the fingerprints of the rule and of that before it."""
    return hashlib.sha256(f"{key}\0{rule}\0{before}".encode()).hexdigest()[:12]
