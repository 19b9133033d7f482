"""Decisions of the desk: approve, correct, reject. Law: nothing is corrected that was not shown first; what is kept is a rule that gate 1 passes for whoever decides, in one transaction with its
audit event."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.app.desk.queue import Item, ReviewDesk, stands_on_segments
from assistant.app.rim import ask
from assistant.catalog.model import Language
from assistant.errors import UserError
from assistant.interpret.interpretation import Conversation, Turn
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.pipeline.verified import node_json, unsaid
from assistant.rule.canonical import fingerprint
from assistant.rule.edits import History, RuleChange
from assistant.rule.tree import AnyNode, SegmentRule
from assistant.store.review import Decision, DecisionKind, pair_of


def approve(desk: ReviewDesk, item: Item) -> Decision:
    """The rule is right: from now on the request is read so. UserError as of `ReviewDesk.allow`, `desk_unread`, `desk_forbidden`, `desk_stale`, `desk_on_segments`, `desk_decided`."""
    desk.allow(item.askers)
    if not item.answered or item.node is None:
        raise UserError("desk_unread", item=item.id)
    return _kept(desk, item, "approve", item.node, "")


def reject(desk: ReviewDesk, item: Item, reason: str) -> Decision:
    """The rule is not what the request says. UserError as of `ReviewDesk.allow`, `desk_reason`, `desk_decided`."""
    desk.allow(item.askers)
    if not reason.strip():
        raise UserError("desk_reason", item=item.id)
    seen = 0 if item.decision is None else item.decision.id
    kept = item.turn.understood
    key = kept.key if kept.alone else ""
    return desk.store.reviews.decide(Decision(item.turn.seq, item.id, "reject", key, "", "", "", "", reason.strip(), desk.who.user), seen)


def tried(
    desk: ReviewDesk,
    item: Item,
    words: str,
    *,
    edit: RuleChange | None = None,
    choices: Mapping[str, int] | None = None,
    language: Language | None = None,
    start: AnyNode | None = None,
) -> Answer:
    """What a correction comes to, in words said upon the item's rule (or upon `start`, where it has been changed already), or by an edit. UserError as of `ReviewDesk.allow`."""
    desk.allow(item.askers)
    node = start or item.node
    rule = None if node is None else SegmentRule(node=node)
    turns = () if rule is None else (Turn(item.turn.text, rule, changed=True),)
    before = Conversation(turns, History(rule))
    answer, _ = ask(desk.assistant, words, before, language=language, purpose=item.purpose, choices=choices, edit=edit)
    return answer


def correct(desk: ReviewDesk, item: Item, answer: Answer, reason: str = "") -> Decision:
    """The request means the rule of an answer that was shown (see `tried`): from now on it is read so. UserError as of `approve`, `desk_not_answered`, `desk_unchanged`."""
    desk.allow(item.askers)
    if answer.outcome != "answered" or answer.rule is None:
        raise UserError("desk_not_answered")
    node = answer.rule.node
    if item.answered and item.node is not None and fingerprint(node) == fingerprint(item.node):
        raise UserError("desk_unchanged", item=item.id)
    return _kept(desk, item, "correct", node, answer.text, reason.strip())


def done_text(decision: Decision, item: Item, language: Language) -> str:
    """What a decision does from now on."""
    told = {"text": " ".join(item.turn.text.split())}
    if decision.kind == "reject":
        return message(language, "desk.rejected", told)
    if not decision.key:
        return message(language, "desk.decided_here", told)
    return message(language, "desk.approved" if decision.kind == "approve" else "desk.corrected", told)


def _kept(desk: ReviewDesk, item: Item, kind: DecisionKind, node: AnyNode, said: str, reason: str = "") -> Decision:
    """An approval or a correction, once nothing stands in its way."""
    if stands_on_segments(node):
        raise UserError("desk_on_segments", item=item.id)
    fits = desk.fits(node, item.purpose)
    if fits != "fits":
        raise UserError("desk_forbidden" if fits == "forbidden" else "desk_stale", item=item.id)
    kept = item.turn.understood
    after = item.id if kind == "approve" else pair_of(kept.key, fingerprint(node), "" if kept.alone else item.id)
    decision = Decision(
        item.turn.seq, item.id, kind, kept.key if kept.alone else "", after, node_json(unsaid(node)), kept.requests, said, reason, desk.who.user
    )  # fmt: skip
    return desk.store.reviews.decide(decision, 0 if item.decision is None else item.decision.id)
