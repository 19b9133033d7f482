"""Turns of a conversation: steps through its history, offers taken, and what is remembered after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.insight.compare import Comparison
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.requested import Finding
from assistant.interpret.interpretation import Conversation, Interpretation, LedgerEntry, Turn
from assistant.rule.edits import Redo, RuleChange, StartOver, Undo, apply
from assistant.rule.tree import AllOf, AnyNode, SegmentRule

_STEPS: Mapping[str, Undo | Redo | StartOver] = {"undo": Undo(), "redo": Redo(), "start_over": StartOver()}


def taken(edit: RuleChange, text: str, conversation: Conversation) -> Interpretation:
    """The turn of an offer taken: every word names the edit, and gate 1 judges what it makes. UserError `edit_not_possible` when the rule is another by now."""
    ledger = (LedgerEntry(0, len(text), "edit"),) if text else ()
    return Interpretation(
        (), apply(conversation.rule or SegmentRule(node=AllOf()), edit), ledger, changed=True, edit=conversation.rule is not None
    )


def history_request(interpretation: Interpretation) -> Undo | Redo | StartOver | None:
    """The step through the history that a turn asks for, when every word of it was read."""
    steps = [_STEPS[request.kind] for request in interpretation.requests if request.kind in _STEPS]
    return steps[0] if steps and not any(issue.code == "unread" for issue in interpretation.issues) else None


def compares(interpretation: Interpretation) -> bool:
    """Whether the version before is asked about."""
    return any(request.kind == "compare_before" for request in interpretation.requests)


def version_before(interpretation: Interpretation, conversation: Conversation) -> SegmentRule | None:
    """What the rule of an edit, or of a comparison with the version before, is compared with."""
    if interpretation.edit or (interpretation.changed and compares(interpretation)):
        return conversation.rule
    earlier = [rule for rule in conversation.history.past if rule is not None]
    return earlier[-1] if earlier and compares(interpretation) else None


def groups_of(insights: Sequence[Finding]) -> tuple[AnyNode, ...]:
    """The customers of each episode that a monitor tells of: several groups that a next turn may point at."""
    return tuple(one.rule.node for found in insights if isinstance(found, Monitor) for one in found.episodes)


def parts_of(insights: Sequence[Finding]) -> tuple[tuple[str, AnyNode], ...]:
    """The parts of a comparison with another date, and those who rose and fell by a migration, that are segments of today, by name."""
    compared = next((found for found in insights if isinstance(found, Comparison)), None)
    segments = () if compared is None else compared.segments
    if compared is not None and compared.parts["left_bank"]:  # who left the bank is in no segment of today
        segments = tuple(("left_here" if name == "left" else name, node) for name, node in segments)
    return (*segments, *next((found.movers for found in insights if isinstance(found, Migration)), ()))


def said(conversation: Conversation, text: str, rule: SegmentRule | None, changed: bool = False) -> Conversation:
    """The conversation after a turn; a changed rule goes into the history that undo walks through."""
    history = conversation.history.turn_to(rule) if changed else conversation.history
    return replace(
        conversation,
        turns=(*conversation.turns, Turn(text, rule, changed)),
        history=history,
        pending=None,
        offered=None,
        found=(),
        parts=(),
        unanswered=None,
    )
