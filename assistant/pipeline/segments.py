"""What a turn does with saved segments. Law: only `Run.change` says what is to be kept, and the keeper carries it out with the audit's event."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from assistant.catalog.model import Text
from assistant.errors import Issue, Severity, UserError
from assistant.facts import FactSheet
from assistant.insight import kept as kept_step
from assistant.insight.kept import MOST_COMPARED, MOST_OVERLAPS, Kept, Overlapping
from assistant.interpret.interpretation import Conversation, Question, Reading, Request
from assistant.narrate.messages import message
from assistant.pipeline.answer import Answer
from assistant.pipeline.differencing import TOO_NEAR
from assistant.pipeline.questions import priced, put
from assistant.pipeline.run import Run, customers_in
from assistant.pipeline.turns import said
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.canonical import text as canonical_text
from assistant.rule.diff import diff
from assistant.rule.tree import AnyNode, Quote, SegmentRef, SegmentRule, walk
from assistant.sql.compile import members as members_query
from assistant.store.change import Archive, Counted, Rename, Save, saved
from assistant.store.segment import MOST_MEMBERS, Library, Policy, Refresh, SavedSegment, Version
from assistant.validation.verdict import ValidatedRule


def shelves(request: Request) -> bool:
    """Whether it gives no customers; to open no segment by name is to ask which there are."""
    return request.kind in ("segments", "archive", "restore", "rename", "history") or (request.kind == "load" and not request.code)


def shelved(answer: Answer, request: Request, conversation: Conversation, run: Run) -> tuple[Answer, Conversation]:
    """What is done with saved segments and gives no customers: listing, putting away, another name."""
    sheet = FactSheet(run.protection)
    segment = run.library.by_id.get(request.code)
    if request.kind == "segments" or segment is None:
        found = Kept("listed", run.library.active)
    elif request.kind == "rename":
        run.change = Rename(segment.id, request.detail)
        found = Kept("renamed", (replace(segment, name=request.detail), segment))
    elif request.kind == "history":
        versions = tuple(replace(one, node=run.library.named_in(one.node)) for one in segment.versions)
        found = Kept("history", (replace(segment, versions=versions),), history=run.kept.refreshes(segment.id))
    elif request.kind == "restore":
        run.change = Archive(segment.id, archived=False)
        found = Kept("restored", (replace(segment, archived=False),))
    else:
        run.change = Archive(segment.id)
        found = Kept("archived", (replace(segment, archived=True),), used_by=run.library.uses(segment.id))
    if sheet.protection.min_cell:
        for number, one in enumerate(found.segments):
            if one.owner != run.identity.user:  # of another's they are told once they open it, and it is held against what they know
                sheet.close(f"kept.{number}.count")
                sheet.close("refresh")
    found.facts(sheet)
    return replace(answer, rule=conversation.rule, kept=found, facts=sheet), said(conversation, answer.text, conversation.rule)


def before_saving(
    answer: Answer, request: Request, rule: ValidatedRule, conversation: Conversation, run: Run
) -> tuple[Answer, Conversation] | None:
    """What is asked before a segment is saved: whether it takes the place of a version, or is another name for customers that are saved already. None where
    there is nothing to ask, or it has been answered."""
    opened = run.library.by_id.get(conversation.opened or "")
    if not request.detail and (opened is None or opened.owner != run.identity.user):
        return replace(
            answer, outcome="choice", issues=(Issue("segment_name_missing", Severity.ASK, params={"words": answer.text}),)
        ), conversation
    name, present = _to_save(request, conversation, run)
    new = _to_keep(rule, present)
    if present is not None:
        old = present.current
        if canonical_text(canonical(old.node)) == canonical_text(canonical(new)) and present.policy == _policy(request, present):
            return replace(
                answer, outcome="choice", issues=(Issue("segment_unchanged", Severity.WARN, params={"name": name}),)
            ), conversation
        key = _overwriting(present, new)
        if key in conversation.choices:
            return None
        labels = [
            option_names("option.new_version", {"version": str(old.number + 1)}),
            option_names("option.other_name", {"name": _free_name(name, run.library)}),
        ]
        changes = diff(old.node, new)
        question = Question(
            key,
            "segment_overwrite",
            {"name": name, "version": str(old.number)},
            whole_turn(answer.text),
            same_rule(labels, rule),
            always=True,
        )
        asked = replace(answer, rule=rule.rule, validated=rule, changes=changes)
        return put(asked, priced([question], "options", answer.text, run), conversation)
    same = next((one for one in _overlaps(rule, "", run) if one.same), None)
    if same is None:
        return None
    key = f"save twice {same.segment.id} {name.casefold()}"
    if key in conversation.choices:
        return None
    labels = [option_names("option.save_anyway", {"name": name})]
    question = Question(
        key, "segment_duplicate", {"name": same.segment.name}, whole_turn(answer.text), same_rule(labels, rule), always=True
    )
    asked = replace(answer, rule=rule.rule, validated=rule)
    return put(asked, priced([question], "options", answer.text, run), conversation)


def kept(answer: Answer, requests: Sequence[Request], rule: ValidatedRule, conversation: Conversation, run: Run) -> Kept | None:
    """What a turn does with a saved segment, once its customers are counted."""
    request = next((one for one in requests if one.kind in ("save", "load", "refresh")), None)
    if request is None or answer.count is None:
        return None
    if request.kind == "save":
        return _save(answer, request, rule, conversation, run)
    segment = run.library.by_id[request.code]
    if request.kind == "load":
        return Kept("opened", (segment,))
    if segment.policy == "frozen" or segment.owner != run.identity.user:
        return Kept("unmoved" if segment.policy == "frozen" else "others", (segment,))
    return _refresh(answer, segment, rule, run)


def _save(answer: Answer, request: Request, rule: ValidatedRule, conversation: Conversation, run: Run) -> Kept:
    name, present = _to_save(request, conversation, run)
    node = _to_keep(rule, present)
    if present is not None and conversation.choices.get(_overwriting(present, node)) == 1:
        name, present = _free_name(name, run.library), None
    ids = _ids(rule, run)
    policy = _policy(request, present)
    if ids is None and policy == "frozen":
        raise UserError("segment_too_large", limit=MOST_MEMBERS)
    identifier = present.id if present is not None else secrets.token_hex(8)
    number = 1 if present is None else present.current.number + 1
    refreshed = None if present is None else present.refreshed
    words = next((turn.text for turn in reversed(conversation.turns) if turn.changed), answer.text)
    version = Version(number, node, policy, words, run.identity.user, "", answer.as_of, run.catalog.fingerprint)
    counted = _counted(answer, run, (0 if refreshed is None else refreshed.number) + 1, number)
    run.change = Save(identifier, name, "" if present is None else present.purpose, version, counted, ids)
    overlaps = _overlaps(rule, identifier, run)[:MOST_OVERLAPS]
    return Kept("saved" if present is None else "version", (saved(present, run.change, run.identity.user),), overlaps, query=_query(answer))


def _refresh(answer: Answer, segment: SavedSegment, rule: ValidatedRule, run: Run) -> Kept:
    """A segment counted anew; who came and went can be told where the same part of the bank was counted before."""
    before, ids = segment.refreshed, _ids(rule, run)
    counted = _counted(answer, run, (0 if before is None else before.number) + 1, segment.current.number)
    earlier = None if before is None or before.branches != run.identity.branches else run.kept.last_members(segment.id)
    if earlier is not None and ids is not None:
        counted = replace(counted, joined=len(set(ids) - set(earlier)), left=len(set(earlier) - set(ids)))
    run.change = Counted(segment.id, counted, ids)
    return Kept("refreshed", (replace(segment, refreshed=counted),), before=before, counted=counted, query=_query(answer))


def _to_save(request: Request, conversation: Conversation, run: Run) -> tuple[str, SavedSegment | None]:
    """The name a segment is saved under, and the segment of the asker's own that has it."""
    opened = run.library.by_id.get(conversation.opened or "")
    name = request.detail or ("" if opened is None else opened.name)
    present = next((one for one in run.library.named(name) if one.owner == run.identity.user), None)
    return name if present is None else present.name, present


def _to_keep(rule: ValidatedRule, present: SavedSegment | None) -> AnyNode:
    """The rule as it is kept. What refers to the very segment it is saved as is replaced by what that meant."""
    node = rule.rule.node
    if present is None or not any(isinstance(part, SegmentRef) and part.segment == present.id for _, part in walk(node)):
        return node
    return rule.library.resolve(node)


def _counted(answer: Answer, run: Run, number: int, version: int) -> Refresh:
    """The count as it is kept. UserError `count_not_kept` where it is not told: it would be, with the segment."""
    near = next((issue for issue in answer.warnings if issue.code == TOO_NEAR), None)
    if near is not None:
        raise UserError("count_not_kept", request=str(near.params["request"]))
    assert answer.count is not None, "a segment is kept once it is counted"
    return Refresh(number, version, answer.as_of, "", run.identity.user, run.identity.branches, answer.count.n)


def _ids(rule: ValidatedRule, run: Run) -> tuple[int, ...] | None:
    """The customers of a rule, for the store; None when they are too many to keep."""
    table = run.execute(members_query(rule, run.engine.qualifier, MOST_MEMBERS + 1))
    return None if len(table.rows) > MOST_MEMBERS else customers_in(table)


def _overlaps(rule: ValidatedRule, own: str, run: Run) -> tuple[Overlapping, ...]:
    """The saved segments that a rule has much in common with."""
    latest = sorted((one for one in run.library.active if one.id != own), key=lambda one: one.current.at, reverse=True)[:MOST_COMPARED]
    read = [(one, run.validate(SegmentRule(node=SegmentRef(segment=one.id)))) for one in latest]
    usable = [(one, verdict) for one, verdict in read if isinstance(verdict, ValidatedRule)]
    tables = run.all(kept_step.plan(rule, [verdict for _, verdict in usable], run.engine.qualifier))
    return kept_step.read(tables, [one for one, _ in usable])


def option_names(key: str, params: Mapping[str, str]) -> Text:
    """What an option is called."""
    return Text(zh=message("zh", key, params), en=message("en", key, params))


def same_rule(labels: Sequence[Text], rule: ValidatedRule) -> tuple[Reading, ...]:
    """Options that differ in what is done with the same rule."""
    return tuple(Reading(label, rule.rule) for label in labels)


def _policy(request: Request, present: SavedSegment | None) -> Policy:
    """Whether a segment is saved as a frozen list: as said, else as it is, else it follows the data."""
    if request.level == "":
        return "living" if present is None else present.policy
    return "frozen" if request.level == "frozen" else "living"


def _overwriting(present: SavedSegment, node: AnyNode) -> str:
    """The key of the question whether a rule takes the place of a segment's present version."""
    return f"save {present.id}@{present.current.number} {fingerprint(node)}"


def whole_turn(text: str) -> Quote:
    """All of what was said."""
    return Quote(start=0, end=len(text))


def _free_name(name: str, library: Library) -> str:
    """A name beside one that is taken: with the first number behind it that makes it free."""
    return next(f"{name} {number}" for number in count(2) if not library.named(f"{name} {number}"))


def _query(answer: Answer) -> str:
    return "" if answer.count is None else answer.count.query
