"""A call list and what is done to it. Law: values; a customer stands on a list once, and what came of a call is added, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from assistant.policy import Purpose
from assistant.rule.tree import AnyNode

CallResult = Literal["not_reached", "interested", "declined"]
CALL_RESULTS: tuple[CallResult, ...] = get_args(CallResult)
DueBy = Literal["span", "event"]


@dataclass(frozen=True, slots=True)
class CallReason:
    """Something the customer may be told: a tag whose catalog entry says so, and her own value of it as text (empty: the words need none)."""

    tag: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class CallItem:
    """One customer to be called, in the order to be called in. `reasons`: none where nothing of the rule may be said; `due_by`: "event" where a date of hers sets the day; `unit`: of the
    organisation; `managed`: whether a manager looks after her (None: the bank does not know); `contacted`: when a manager last tried. `result`: the last word, by whom and when."""

    number: int
    run: int
    customer: int
    reasons: tuple[CallReason, ...]
    due: date
    due_by: DueBy
    unit: str
    managed: bool | None
    contacted: date | None
    result: CallResult | None = None
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class CallRun:
    """One time a list was made: of `selected` customers `reachable` for its purpose, `before` of whom were on it already; `taken` came onto it. `branches`: the units it was made for."""

    number: int
    as_of: date
    today: date
    branches: tuple[str, ...]
    selected: int
    reachable: int
    before: int
    taken: int
    at: str = ""
    by: str = ""

    @property
    def left(self) -> int:
        """Who may be called and is not on the list yet."""
        return self.reachable - self.before - self.taken


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom its owner calls, why, and every time it was made, oldest first. `strategy`: code of the template its rule is from; `segment`: id@version; `ranked_by`: the tag it is ranked by,
    with "-" before it from the largest (empty: by customer number)."""

    id: str
    name: str
    owner: str
    purpose: Purpose
    strategy: str
    segment: str
    node: AnyNode
    said: str
    ranked_by: str
    runs: tuple[CallRun, ...]
    created_at: str = ""

    @property
    def last(self) -> CallRun:
        return self.runs[-1]


@dataclass(frozen=True, slots=True)
class MakeCalls:
    """A list made for the first time, or once more (its last run and the items of it are what is added)."""

    made: CallList
    items: tuple[CallItem, ...]

    @property
    def segment(self) -> str:
        """What the audit calls it."""
        return f"calls:{self.made.id}"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What came of a call."""

    list: str
    item: int
    result: CallResult

    @property
    def segment(self) -> str:
        return f"calls:{self.list}#{self.item}"


CallChange = MakeCalls | WriteResult
