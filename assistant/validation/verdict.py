"""What gate 1 says: ValidatedRule, Choice or Refusal. Law: values, not exceptions; a ValidatedRule is made by `validation` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Element
from assistant.errors import Issue
from assistant.policy import Identity, Purpose, may
from assistant.rule.tree import AllOf, AnyNode, SegmentRule, TagCondition
from assistant.rule.window import Absolute
from assistant.store.segment import EMPTY, Library


@dataclass(frozen=True, slots=True)
class ValidatedRule:
    """A rule that every check has passed, with all that its meaning depends on.

    `expanded` is `rule.node` with saved segments and concepts replaced (a reference that is left names a frozen list); `scope` the organisation codes (subtree already spread out; empty = whole bank) that
    bound the base population; `snapshot` the date of the tag snapshot used (the latest not after as_of); `base_snapshot` the one that tells who was a customer on
    as_of where that is another: the first after it, less those who came later (see `people`).
    """

    rule: SegmentRule
    expanded: AnyNode
    scope: tuple[str, ...]
    purpose: Purpose
    as_of: date
    today: date
    snapshot: date
    snapshots: tuple[date, ...]
    catalog: TagCatalog
    identity: Identity
    library: Library = EMPTY
    warnings: tuple[Issue, ...] = ()
    base_snapshot: date | None = None

    @property
    def people(self) -> date:
        """The snapshot whose customers make up the base population. Where it is after as_of, settled dates are read in it as well, and of those who came since `snapshot` all tags."""
        return self.base_snapshot or self.snapshot

    @property
    def base_rule(self) -> AnyNode:
        """Who of the customers in the snapshot `people` belongs to the base population, but for `scope`: the catalog's rule and, in a later snapshot, to have been a customer by as_of."""
        population, opened = self.catalog.expand_all(self.catalog.base_rule), self.catalog.header.opened_tag
        if self.people == self.snapshot or opened is None:
            return population
        return AllOf(children=(population, TagCondition(tag=opened, operator="within", value=Absolute(end=self.as_of))))

    def usable(self, element: Element) -> bool:
        """Whether an insight may look at an element on its own account: it is online, and granted to this identity for this purpose."""
        return element.status == "online" and may(self.catalog.policy, self.identity, "ask", element.asset, self.purpose)

    def expand(self, node: AnyNode) -> AnyNode:
        """A part of the rule with saved segments and concepts replaced, as in `expanded`."""
        return self.catalog.expand_all(self.library.resolve(node))


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go on, as a rule of its own. `label` names it by message code and params (words are made later)."""

    label: str
    params: tuple[tuple[str, str], ...]
    rule: ValidatedRule | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Asked, not answered: the issues, and for each question its options."""

    issues: tuple[Issue, ...]
    options: tuple[tuple[Option, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Answered with no: inexpressible (nothing in the bank's data says it) or forbidden (it may not be used)."""

    kind: Literal["inexpressible", "forbidden"]
    issues: tuple[Issue, ...]


Verdict = ValidatedRule | Choice | Refusal
