"""The review queue: requests with the rules that were made of them, each once, as one reviewer may see them. Law: decided by those the policy names; of customers only a size is shown, and that
only to whoever may ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from assistant.app.identity import CONSOLE, Desk, Shown
from assistant.catalog.examples import Example
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.facts import Fact, FactSheet
from assistant.narrate.messages import message
from assistant.narrate.readback import read_back
from assistant.pipeline import Assistant
from assistant.pipeline.verified import node_of
from assistant.policy import LINES, PURPOSES, Denial, Identity, Purpose, may_review
from assistant.rule.canonical import canonical
from assistant.rule.canonical import text as canonical_text
from assistant.rule.tree import AnyNode, SegmentRef, SegmentRule, children, walk, with_children
from assistant.store.open import Store
from assistant.store.review import DOUBTFUL, STATES, WAYS, Decision, Said, Seen, State, Turn, Way
from assistant.store.reviews import states
from assistant.store.segment import Library
from assistant.validation.validate import scope_of

MOST_SHOWN = 200


@dataclass(frozen=True)
class Item:
    """A request with the rule made of it. `turn`: the last time it was asked; `times`, `askers`, `first_at`: of all of them; `decision`: the last one (None: it waits); `said`: what askers said of it."""

    turn: Turn
    state: State
    times: int
    askers: tuple[str, ...]
    first_at: str
    decision: Decision | None = None
    said: tuple[Said, ...] = ()

    @property
    def id(self) -> str:
        return self.turn.understood.pair

    @property
    def answered(self) -> bool:
        """Whether a rule came of it; else words in it are not known."""
        return self.turn.understood.way != "unread"

    @cached_property
    def node(self) -> AnyNode | None:
        """The rule, with the words of each condition; of an unread request what was understood of it."""
        return node_of(self.turn.understood.rule)

    @property
    def purpose(self) -> Purpose:
        return next(one for one in PURPOSES if one == self.turn.purpose)


@dataclass(frozen=True)
class ReviewDesk:
    """The desk as one reviewer sits at it. `shown`: which turns the bank has reviewed; `examples`: the verified examples of the bank's own file."""

    assistant: Assistant
    store: Store
    shown: Shown = "all"
    examples: tuple[Example, ...] = ()

    @property
    def who(self) -> Identity:
        """Who decides: the console while there are no users."""
        identity = self.assistant.identity
        return identity if self.store.users.any() else replace(identity, user=CONSOLE)

    def owning(self) -> ReviewDesk:
        """The desk as the owners of tags sit at it: while there are no users the console answers for every line."""
        if self.store.users.any():
            return self
        return replace(self, assistant=replace(self.assistant, identity=Identity(CONSOLE, "catalog_owner", lines=LINES)))

    def allow(self, askers: Sequence[str] = ()) -> None:
        """UserError with what stands in the way of seeing the queue, or of deciding on what some people asked."""
        denial = may_review(self.assistant.catalog.policy, self.who, askers)
        if denial is not None:
            raise refused(denial)

    def items(self, standing: Sequence[State] = ("waiting",), ways: Sequence[Way] = WAYS, limit: int = MOST_SHOWN) -> tuple[Item, ...]:
        """The newest items that stand so and were understood so; those that somebody complained of first. UserError as of `allow`."""
        self.allow()
        found = [one for one in self._pairs() if one.state in standing and one.last.way in ways and self._reviewed(one)]
        wrong = {one.last.pair for one in found if any(said.verdict == "wrong" for said in one.said)}
        found.sort(key=lambda one: (one.last.pair in wrong and one.state == "waiting", one.last.seq), reverse=True)
        found = found[:limit]
        turns = {turn.seq: turn for turn in self.store.reviews.turns([one.last.seq for one in found])}
        return tuple(one.item(turns[one.last.seq]) for one in found)

    def item(self, identifier: str) -> Item:
        """One item by its id. UserError `desk_unknown` and as of `allow`."""
        self.allow()
        found = next((one for one in self._pairs() if one.last.pair == identifier.strip()), None)
        if found is None:
            raise UserError("desk_unknown", item=identifier[:80])
        return found.item(self.store.reviews.turn(found.last.seq))

    def _reviewed(self, pair: _Pair) -> bool:
        return self.shown == "all" or pair.last.way in DOUBTFUL or bool(pair.said)

    def _pairs(self) -> list[_Pair]:
        """Every request with its rule, oldest first."""
        decisions = self.store.reviews.decisions()
        standing, last = states(decisions), {one.pair: one for one in decisions}
        said: dict[int, list[Said]] = {}
        for one in self.store.reviews.said():
            said.setdefault(one.turn, []).append(one)
        grouped: dict[str, list[Seen]] = {}
        for seen in self.store.reviews.seen():
            grouped.setdefault(seen.pair, []).append(seen)
        return [
            _Pair(
                tuple(turns),
                state_of(turns[-1], standing),
                last.get(pair),
                tuple(word for turn in turns for word in said.get(turn.seq, ())),
            )
            for pair, turns in grouped.items()
        ]

    # what is shown of an item

    def readback(self, item: Item, language: Language) -> str:
        """The rule as users confirm it; its canonical form where the catalog no longer has the words. Empty without a rule."""
        return "" if item.node is None else self.said(item.node, language)

    def said(self, node: AnyNode, language: Language) -> str:
        """A rule in words; its canonical form where the catalog has none for it."""
        try:
            return read_back(self.named(node, language), self.assistant.catalog, language)
        except KeyError:
            return canonical_text(canonical(node))

    def named(self, node: AnyNode, language: Language) -> AnyNode:
        """A rule with each saved segment called as it is now; one that the reviewer may not read is somebody's."""
        if isinstance(node, SegmentRef):
            found = self.library.by_id.get(node.segment)
            name = message(language, "desk.not_shared") if found is None else found.name
            return node.model_copy(update={"name": name})
        return with_children(node, tuple(self.named(child, language) for child in children(node)))

    @cached_property
    def library(self) -> Library:
        """The saved segments that the reviewer may read."""
        return self.store.library(self.assistant.identity.user)

    def sql(self, item: Item) -> str:
        """The query of an item; empty where it holds the rule of a saved segment that the reviewer may not read."""
        return item.turn.understood.sql if self._readable(item) else ""

    def _readable(self, item: Item) -> bool:
        return item.node is None or not any(True for _ in self.library.faults(item.node))

    def fits(self, node: AnyNode, purpose: Purpose) -> Literal["fits", "forbidden", "stale"]:
        """Whether a rule may be used by this reviewer: it may, the policy forbids them, or the catalog no longer has it so."""
        try:
            outcome = self.assistant.check(SegmentRule(node=node), purpose).outcome
        except UserError:
            return "forbidden"
        return "fits" if outcome == "answered" else "forbidden" if outcome == "forbidden" else "stale"

    def size(self, item: Item) -> Fact | None:
        """The customers as they were counted for the asker; None where the reviewer may not ask for them or not read a segment they are of. Withheld from a reviewer who may not list: who asks it themselves is told, held against what they
        were told before."""
        counted, node = item.turn.understood.count, item.node
        if (
            counted is None
            or node is None
            or not self._readable(item)
            or not self._within(item.turn.branches)
            or self.fits(node, item.purpose) == "forbidden"
        ):
            return None
        protection = self.assistant.protection
        return FactSheet(protection).customers("count", counted, "audit", withheld=bool(protection.min_cell))

    def stale(self, item: Item) -> bool:
        """Whether what was approved may no longer be used, because the catalog has changed."""
        node = None if item.decision is None else node_of(item.decision.rule)
        return node is not None and self.fits(node, item.purpose) == "stale"

    def _within(self, branches: Sequence[str]) -> bool:
        """Whether the asker saw no customer that the reviewer does not."""
        scope = scope_of(self.assistant.catalog, self.assistant.identity)
        return not scope or (bool(branches) and set(branches) <= set(scope))


@dataclass(frozen=True)
class _Pair:
    """The turns of one item before they are read whole."""

    turns: tuple[Seen, ...]
    state: State
    decision: Decision | None
    said: tuple[Said, ...]

    @property
    def last(self) -> Seen:
        return self.turns[-1]

    def item(self, turn: Turn) -> Item:
        askers = tuple(dict.fromkeys(one.user for one in self.turns))
        return Item(turn, self.state, len(self.turns), askers, self.turns[0].at, self.decision, self.said)


def state_of(turn: Seen, standing: Mapping[str, State]) -> State:
    """How a turn's rule stands: as it was decided; what was read as verified is accepted."""
    return standing.get(turn.pair, "accepted" if turn.way == "verified" else "waiting")


def stands_on_segments(node: AnyNode) -> bool:
    """Whether a rule needs a saved segment."""
    return any(isinstance(part, SegmentRef) for _, part in walk(node))


def refused(denial: Denial) -> UserError:
    """A denial as whoever asked is told it."""
    return UserError(denial.code, **dict(denial.params))


def open_review(desk: Desk, assistant: Assistant) -> ReviewDesk:
    """The desk of whoever an assistant speaks for; what they try there is not put before themselves."""
    return ReviewDesk(replace(assistant, reviewed=False), desk.store, desk.review, desk.examples)


__all__ = ["MOST_SHOWN", "STATES", "Item", "ReviewDesk", "Shown", "open_review", "refused", "stands_on_segments", "state_of"]
