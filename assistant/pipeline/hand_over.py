"""A list of customers for use outside: whom a rule selects, less whom the purpose leaves out. Law: the list is the count, customer by customer, or there is none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import Fault, UserError
from assistant.facts import FactSheet
from assistant.insight.contactable import Contactable, left_out, steps
from assistant.pipeline.run import Run, customers_in
from assistant.policy import masked
from assistant.rule.tree import AllOf, AnyNode, Not, SegmentRef, SegmentRule, children, with_children
from assistant.sql.compile import members
from assistant.store.segment import Library
from assistant.validation.verdict import ValidatedRule


class Record(Protocol):
    """Keeps what leaves (the words of the audit); to be called before anybody is given it. `last`: whether nothing of the list is left to be taken by the same approval."""

    def __call__(self, exported: str, last: bool = True) -> None: ...


@dataclass(frozen=True, slots=True)
class HandOver:
    """A list as its taker may have it. `ids`: the customers' keys as text, ascending, or (`masked`) what is left of them; `reach`: whom the purpose leaves of those the rule selects, its
    figures in `facts`; `queries`: fingerprints of what was run."""

    rule: ValidatedRule
    ids: tuple[str, ...]
    masked: bool
    reach: Contactable
    facts: FactSheet
    queries: tuple[str, ...]
    approver: str = ""
    """Who approved that it leaves, where the policy asks for it."""


def taken(rule: ValidatedRule, channels: Sequence[str], run: Run) -> HandOver:
    """The list of a rule for its purpose. UserError `channel_unknown`, and as of gate 1 where an exclusion needs what the taker may not use; Fault `hand_over_differs` when list and
    count are not one."""
    found, rest = reached(rule, channels, (), run)
    customers = those_left(found, rest, run)
    sheet = FactSheet(run.protection)
    sheet.measured("count", found.selected, "customers", found.query)
    found.facts(sheet)
    hides = run.catalog.policy.roles[run.identity.role].ids == "masked"
    ids = tuple(sorted(masked(one) for one in customers)) if hides else tuple(str(one) for one in customers)
    return HandOver(rule, ids, hides, found, sheet, tuple(run.fingerprints))


def reached(rule: ValidatedRule, channels: Sequence[str], named: Collection[str], run: Run) -> tuple[Contactable, ValidatedRule]:
    """Whom the rule's purpose leaves of its customers, and the rule of those who are left. `named`: exclusions that apply besides. UserError as of `taken`."""
    try:
        reasons = left_out(run.catalog, rule.purpose, spelt_out(rule.rule.node, rule.library), channels, named)
    except KeyError as error:
        known = tuple(one.code for one in run.catalog.framework.channels)
        raise UserError("channel_unknown", channel=str(error.args[0])[:80], channels=known) from error
    excluded = [run.passed(SegmentRule(node=one.node), rule.as_of) for one in reasons]
    found = run.walk(steps(rule, reasons, excluded, run.engine.qualifier))
    if not reasons:
        return found, rule
    return found, run.passed(SegmentRule(node=AllOf(children=(rule.rule.node, *(Not(child=one.node) for one in reasons)))), rule.as_of)


def those_left(found: Contactable, rest: ValidatedRule, run: Run) -> tuple[int, ...]:
    """The customers who are left, ascending. Fault `hand_over_differs` when they are not those counted."""
    customers = customers_in(run.execute(members(rest, run.engine.qualifier)))
    if len(customers) != found.reachable:
        raise Fault("hand_over_differs", listed=len(customers), counted=found.reachable)
    return customers


def spelt_out(node: AnyNode, library: Library) -> AnyNode:
    """The rule with every saved segment replaced by its rule, a frozen one too: how its customers were once chosen is what counts."""
    if isinstance(node, SegmentRef):
        segment = library.by_id.get(node.segment)
        version = None if segment is None else segment.version(node.version)
        return node if version is None else spelt_out(version.node, library)
    return with_children(node, tuple(spelt_out(child, library) for child in children(node)))
