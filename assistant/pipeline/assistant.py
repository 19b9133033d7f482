"""The assistant: one turn asked and answered, lists handed out, and all of it kept. Law: nothing is given to anybody before the keeper has recorded it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from threading import Event
from typing import TypeVar

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language
from assistant.engines.engine import Engine
from assistant.errors import AssistantError, Fault, Issue, Severity, Unanswerable, UserError
from assistant.facts import FactSheet
from assistant.insight import compare as compare_step
from assistant.insight import count as count_step
from assistant.insight import purposes as purposes_step
from assistant.insight import quality as quality_step
from assistant.insight.compare import Part
from assistant.insight.counted import CountedSet, counted
from assistant.insight.periods import as_read_then, earlier
from assistant.insight.purposes import ByPurpose
from assistant.insight.quality import Quality
from assistant.interpret.interpretation import Conversation, Interpreter
from assistant.language.text import detect, says_language
from assistant.narrate.phrasing import Phraser
from assistant.pipeline import calls as calls_step
from assistant.pipeline.answer import Answer
from assistant.pipeline.called import AskedCalls, Calls
from assistant.pipeline.differencing import NOTHING_HELD, held, settled
from assistant.pipeline.hand_over import HandOver, Record, spelt_out, taken
from assistant.pipeline.questions import typed_choice
from assistant.pipeline.run import Keeper, Run, customers_in
from assistant.pipeline.understood import understood
from assistant.pipeline.walk import walk
from assistant.policy import Denial, Identity, Operation, Protection, Purpose, denied, protection
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.canonical import text as canonical_text
from assistant.rule.edits import RuleChange
from assistant.rule.tree import AllOf, SegmentRule
from assistant.sql.compile import members as members_query
from assistant.store.approval import Approve, AskApproval, ExportApproval, Use
from assistant.store.call import CallChange, CallList, CallResult, MakeCalls, WriteResult
from assistant.store.change import Archive, Counted, Rename, Save, SegmentChange, Share
from assistant.store.event import AuditEvent
from assistant.store.review import Verified
from assistant.validation.verdict import Refusal, ValidatedRule

_DONE: Mapping[type[SegmentChange | CallChange], str] = {
    Save: "save", Counted: "refresh", Rename: "rename", Archive: "archive", Share: "share", MakeCalls: "calls", WriteResult: "call_result",
}  # fmt: skip
"""What the audit calls a change of a saved segment or a call list."""
Given = TypeVar("Given")
_NEEDS: Mapping[type[SegmentChange | CallChange], Operation] = {
    Save: "save", Counted: "save", Rename: "save", Archive: "save", Share: "share", MakeCalls: "make_calls", WriteResult: "write_result",
}  # fmt: skip


@dataclass(frozen=True)
class Assistant:
    """The walk with what it needs. `clock` gives monotonic seconds (for `ms` only); dates come from the engine or the caller."""

    catalog: TagCatalog
    engine: Engine
    interpreter: Interpreter
    snapshots: tuple[date, ...]
    kept: Keeper
    identity: Identity = field(default_factory=Identity)
    clock: Callable[[], float] = time.perf_counter
    phraser: Phraser | None = None
    """Who puts narratives into other words; the template's stand without."""
    stop: Event | None = None
    """Once it is set a turn ends before its next query: it says so, and neither the conversation nor what is saved has changed."""
    examples: Mapping[str, Verified] = field(default_factory=dict)
    """The readings that the bank's file of verified examples approves, by the key of their request."""
    reviewed: bool = True
    """Whether the analyst's desk gets to see how turns were understood; its own are not shown to it."""

    def ask(
        self,
        text: str,
        conversation: Conversation | None = None,
        *,
        language: Language | None = None,
        as_of: date | None = None,
        today: date | None = None,
        purpose: Purpose = "analysis",
        choices: Mapping[str, int] | None = None,
        edit: RuleChange | None = None,
        cancel: Event | None = None,
    ) -> tuple[Answer, Conversation]:
        """Answer one turn. `choices` picks options of questions asked before (question key -> option number); a typed "第一个" does the same. `edit`: the turn
        takes an offer instead (see `insight/offers.py`), and `text` only names it. `cancel`: once it is set, a model is waited for no longer, and the request is answered without it.

        Never raises for what a person typed or the engine did: a failure is an Answer with outcome "fault" and a reference id.
        """
        started = self.clock()
        conversation = conversation or Conversation()
        data_date = as_of or self.engine.as_of
        day = today or data_date + timedelta(days=1)
        picked: dict[str, int] = {}
        unknown: UserError | None = None
        try:
            if edit is None:
                text, picked, conversation = typed_choice(text, conversation, choices or {})
        except UserError as error:
            unknown = error
        chosen = {**conversation.choices, **picked, **(choices or {})}
        tongue: Language = language or (None if says_language(text) else conversation.language) or detect(text)
        identifier = _request_id(text, len(conversation.turns), data_date, self.catalog.fingerprint, _fingerprint(conversation.rule))
        start = Answer(identifier, text, tongue, "answered", data_date, day, None, self.catalog, turn=len(conversation.turns))
        run = self._run(data_date, day, purpose)
        run.cancel, run.phraser, run.stop = cancel or self.stop, self.phraser, self.stop
        denial = self._denied("ask")
        try:
            if denial is not None:
                raise _Forbidden(denial)
            if unknown is not None:
                raise unknown
            self._check_dates(data_date, day)
            run.library = self.kept.library(self.identity.user)
            answer, after = walk(start, replace(conversation, choices=chosen), run, edit)
            if run.change is not None and (denial := self._denied(_NEEDS[type(run.change)])) is not None:
                raise _Forbidden(denial)
            run.go_on()
        except _Forbidden as error:
            run.change = None
            answer, after = replace(start, outcome="forbidden", issues=(_issue(error.denial),)), conversation
        except UserError as error:
            run.change = None
            hopeless = isinstance(error, Unanswerable)
            issue = Issue(error.code, Severity.REFUSE if hopeless else Severity.ASK, params=dict(error.params))
            answer = replace(start, outcome="inexpressible" if hopeless else "choice", issues=(issue,))
            after = conversation if run.named is None else replace(conversation, unanswered=run.named)
        except AssistantError as error:
            run.change = None
            answer, after = replace(start, outcome="fault", error=error.code), conversation
        answer = replace(answer, sql=dict(run.sql), ms={**run.ms, "total": (self.clock() - started) * 1000})
        try:
            told = understood(answer, conversation, after, {**picked, **(choices or {})}) if self.reviewed and edit is None else None
            exported = "" if answer.calls is None else f"calls {len(answer.calls.items)}"
            self.kept.record(self._event("ask" if run.change is None else _DONE[type(run.change)], answer, run, exported), run.change, told)
        except UserError as error:
            answer, after = (
                replace(start, outcome="choice", issues=(Issue(error.code, Severity.ASK, params=dict(error.params)),)),
                conversation,
            )
            self.kept.record(self._event("ask", answer, run))
        except AssistantError as error:
            answer, after = replace(start, outcome="fault", error=error.code), conversation
        dropped = any(one.code == "question_dropped" for one in answer.assumptions)
        lost = answer.outcome != "answered" and after.history == conversation.history and not dropped
        return answer, replace(after, language=tongue, unsettled=(*conversation.unsettled, start.text) if lost else ())

    @property
    def protection(self) -> Protection:
        """What is hidden from this identity in a count of a whole segment."""
        return protection(self.catalog.policy, self.identity)

    def _denied(self, operation: Operation) -> Denial | None:
        return denied(self.catalog.policy, self.identity, operation)

    def allow(self, operation: Operation) -> None:
        """UserError with what stands in the way of an operation, where something does."""
        denial = self._denied(operation)
        if denial is not None:
            raise UserError(denial.code, **dict(denial.params))

    def check(self, rule: SegmentRule, purpose: Purpose = "analysis", as_of: date | None = None) -> Answer:
        """A rule through gate 1 alone: whether it may be used for a purpose, and what stands in its way. Nothing is counted, and nothing of a customer is in it. UserError as of `allow`
        and `date_beyond_data`."""
        self.allow("ask")
        day = as_of or self.engine.as_of
        run = self._run(day, day + timedelta(days=1), purpose)
        self._check_dates(day, run.today)
        run.library = self.kept.library(self.identity.user)
        start = Answer(
            _request_id("check", day, purpose, self.catalog.fingerprint, _fingerprint(rule)), "", "zh", "answered", day, run.today, None,
            self.catalog, rule=rule, by="",
        )  # fmt: skip
        verdict = run.validate(rule)
        if isinstance(verdict, ValidatedRule):
            return replace(start, validated=verdict, warnings=verdict.warnings, tags_as_of=verdict.snapshot)
        return replace(start, outcome=verdict.kind if isinstance(verdict, Refusal) else "choice", issues=verdict.issues)

    def change_segment(self, change: SegmentChange, said: str) -> None:
        """Carry out a change of a saved segment that is no turn of a conversation; `said`: what the audit keeps of it. UserError as of the store and of `allow`, Fault `store_failed`."""
        self.allow(_NEEDS[type(change)])
        day = self.engine.as_of
        identifier = _request_id(said, type(change).__name__, change.segment, day)
        answer = Answer(identifier, said, "zh", "answered", day, day + timedelta(days=1), None, self.catalog, by="")
        run = self._run(day, day + timedelta(days=1))
        run.change = change
        self.kept.record(self._event(_DONE[type(change)], answer, run), change)

    def publish_strategy(self, code: str, rule: SegmentRule) -> None:
        """Keep in the audit that a strategy template is published, before it is. UserError as of `allow`, Fault `store_failed`."""
        self.allow("publish_strategy")
        day = self.engine.as_of
        identifier = _request_id("publish", code, self.catalog.fingerprint, _fingerprint(rule))
        answer = Answer(identifier, f"publish {code}", "zh", "answered", day, day + timedelta(days=1), None, self.catalog, rule=rule, by="")
        self.kept.record(self._event("publish", answer, self._run(day, day + timedelta(days=1))))

    def quality(self, as_of: date | None = None) -> tuple[Quality, FactSheet]:
        """How far the tags of the asker's customers can be relied on, beside the snapshot before, with every figure as a Fact. UserError `date_beyond_data` and as of `allow`; Fault as of
        the engine and the store."""
        self.allow("ask")
        day = as_of or self.engine.as_of
        self._check_dates(day, day + timedelta(days=1))
        run = self._run(day, day + timedelta(days=1))
        everyone = SegmentRule(node=AllOf())
        now = run.passed(everyone, day)
        last = max((one for one in self.snapshots if one < now.snapshot), default=None)
        found = run.walk(quality_step.steps(now, None if last is None else run.passed(everyone, last), self.engine.qualifier))
        sheet = FactSheet(self.protection)
        found.facts(sheet)
        identifier = _request_id("quality", day, self.catalog.fingerprint)
        answer = Answer(identifier, "", "zh", "answered", day, run.today, None, self.catalog, rule=everyone, by="")
        self.kept.record(self._event("quality", answer, run))
        return found, sheet

    def sized(self, rules: Mapping[str, SegmentRule], said: str) -> FactSheet:
        """How many customers each of some named rules has: Facts `size.<name>`, none for a rule that gate 1 does not pass. `said`: what the audit keeps of what was asked. UserError as of `allow`; Fault as of
        the engine and the store."""
        self.allow("ask")
        day = self.engine.as_of
        run = self._run(day, day + timedelta(days=1))
        run.library = self.kept.library(self.identity.user)
        sheet, sizes, passed = FactSheet(self.protection), dict[str, tuple[int, str]](), list[tuple[str, ValidatedRule]]()
        for name, rule in rules.items():
            verdict = run.validate(rule)
            if isinstance(verdict, ValidatedRule):
                table = run.execute(count_step.plan(verdict, self.engine.qualifier)[0], f"size {name}")
                sizes[name] = count_step.whole(table.scalar()), table.query
                passed.append((name, verdict))
        sets = [CountedSet(f"size.{name}", verdict.rule.node, sizes[name][0], f"size.{name}") for name, verdict in passed]
        holding = held(sets, passed[0][1], said, run) if passed else NOTHING_HELD
        holding.close(sheet)
        for name, (n, query) in sizes.items():
            sheet.measured(f"size.{name}", n, "customers", query)
        settled(holding, sheet, run)
        identifier = _request_id("sized", said, day, self.catalog.fingerprint)
        self.kept.record(self._event("ask", Answer(identifier, said, "zh", "answered", day, run.today, None, self.catalog, by=""), run))
        return sheet

    def by_purpose(self, rule: SegmentRule, as_of: date | None = None, channels: Sequence[str] = ()) -> tuple[ByPurpose, FactSheet]:
        """Whom each purpose may contact of a rule's customers, with every figure as a Fact. UserError `date_beyond_data`, as of `allow`, gate 1 and where an exclusion needs what the asker may not
        use; Fault as of the engine and the store."""
        self.allow("ask")
        day = as_of or self.engine.as_of
        self._check_dates(day, day + timedelta(days=1))
        run = self._run(day, day + timedelta(days=1))
        run.library = self.kept.library(self.identity.user)
        asked = run.passed(rule, day)
        why, serving = purposes_step.reasons(self.catalog, spelt_out(rule.node, run.library), channels)
        excluded = [run.passed(SegmentRule(node=one.node), day) for one in why]
        found = run.walk(purposes_step.steps(asked, why, serving, excluded, self.engine.qualifier))
        sheet = FactSheet(self.protection)
        holding = held(
            [CountedSet("purposes.selected", rule.node, found.selected, "purposes"), *counted(found, asked)], asked, "by purpose", run
        )
        if holding.all_near:
            sheet.seal()
        holding.close(sheet)
        found.facts(sheet)
        settled(holding, sheet, run)
        identifier = _request_id("by_purpose", day, self.catalog.fingerprint, _fingerprint(rule))
        answer = Answer(identifier, "by purpose", "zh", "answered", day, run.today, None, self.catalog, rule=rule, by="")
        self.kept.record(self._event("ask", answer, run))
        return found, sheet

    def _run(self, as_of: date, today: date, purpose: Purpose = "analysis") -> Run:
        return Run(
            self.catalog, self.engine, self.interpreter, self.snapshots, self.kept, self.identity, purpose, as_of, today, self.clock,
            examples=self.examples,
        )  # fmt: skip

    def _event(self, kind: str, answer: Answer, run: Run, exported: str = "") -> AuditEvent:
        """What is kept of an answer, or of a list handed out."""
        rule = answer.rule
        return AuditEvent(
            kind=kind,
            request_id=answer.request_id,
            user=self.identity.user,
            role=self.identity.role,
            branches=self.identity.branches,
            purpose=run.purpose,
            text=answer.text,
            outcome=answer.outcome,
            catalog=self.catalog.fingerprint,
            as_of=answer.as_of,
            rule="" if rule is None else canonical_text(canonical(rule.node)),
            rule_fingerprint=_fingerprint(rule) or "",
            queries=tuple(run.fingerprints),
            by=answer.by,
            exported=exported,
            segment="" if run.change is None else run.change.segment,
            error=answer.error or "",
        )

    def _handed_out(self, rule: ValidatedRule, ids: tuple[int, ...], run: Run, part: str = "") -> tuple[int, ...]:
        """A list of customers that leaves the house, once that has been kept."""
        identifier = _request_id("list", part, rule.as_of, self.catalog.fingerprint, _fingerprint(rule.rule))
        answer = Answer(identifier, part, "zh", "answered", rule.as_of, rule.today, None, self.catalog, rule=rule.rule, by="")
        self.kept.record(self._event("list", answer, run, f"list {len(ids)}"))
        return ids

    def _check_dates(self, as_of: date, today: date) -> None:
        """UserError `date_beyond_data` or `today_before` for dates the data cannot answer for."""
        if as_of > self.engine.as_of:
            raise UserError("date_beyond_data", as_of=as_of.isoformat(), last=self.engine.as_of.isoformat())
        if today <= as_of:
            raise UserError("today_before", as_of=as_of.isoformat(), today=today.isoformat())

    def _to_list(self, rule: ValidatedRule) -> tuple[Run, ValidatedRule]:
        """A request to hand out a rule's customers: it is validated anew, for what was allowed when it was asked may have been revoked. UserError `forbidden_list`, or the code
        of the first issue of gate 1."""
        if self._denied("list_members") is not None:
            raise UserError("forbidden_list")
        run = self._run(rule.as_of, rule.today, rule.purpose)
        run.library = self.kept.library(self.identity.user)
        return run, run.passed(rule.rule, rule.as_of)

    def members(self, rule: ValidatedRule) -> tuple[int, ...]:
        """The customer ids of a validated rule, ascending. Only for an identity that may list; UserError `forbidden_list` otherwise. What is handed out is in the
        audit, or it is not handed out."""
        run, rule = self._to_list(rule)
        table = run.execute(members_query(rule, self.engine.qualifier))
        return self._handed_out(rule, customers_in(table), run)

    def members_of_part(self, rule: ValidatedRule, said: str, part: Part) -> tuple[int, ...]:
        """The customer ids of one part of a rule's change since a date (in the words of `insight/periods.py`), ascending, whether or not a rule can say it.
        Only for an identity that may list: UserError `forbidden_list` otherwise, and as of `earlier` and `as_read_then`."""
        run, rule = self._to_list(rule)
        then = as_read_then(rule, earlier(rule, said), self.snapshots)
        (query,) = compare_step.plan_members(then, rule, part, self.engine.qualifier)
        return self._handed_out(rule, customers_in(run.execute(query)), run, f"{part} {said}")

    def hand_over(
        self,
        rule: SegmentRule,
        purpose: Purpose,
        deliver: Callable[[HandOver, Record], Given],
        *,
        said: str = "",
        segment: str = "",
        channels: Sequence[str] = (),
        as_of: date | None = None,
    ) -> Given:
        """A rule's customers for a purpose, for use outside: validated for that purpose, counted, less whom it leaves out, and given to `deliver`, which calls `Record` before anybody sees
        anything of it. `said`: the words it was asked in; `segment`: the saved segment (id@version) it is of; `channels`: those to be used, any of them. What it returns is what `deliver` does.

        UserError as of `allow`, gate 1 and `taken`, each kept in the audit; Fault `hand_over_unrecorded` for a delivery that records nothing.
        """
        day = as_of or self.engine.as_of
        run = self._run(day, day + timedelta(days=1), purpose)
        identifier = _request_id("export", said, day, purpose, self.catalog.fingerprint, _fingerprint(rule))
        answer = Answer(identifier, said, "zh", "answered", day, run.today, None, self.catalog, rule=rule, by="")
        recorded: list[str] = []
        approval: ExportApproval | None = None

        def record(exported: str, last: bool = True) -> None:
            used = Use(approval.id) if approval is not None and last else None
            self.kept.record(replace(self._event("export", answer, run, exported), segment=segment), used)
            recorded.append(exported)

        try:
            for needed in ("export", "list_members"):
                self.allow(needed)
            self._check_dates(day, run.today)
            run.library = self.kept.library(self.identity.user)
            found = taken(run.passed(rule, day), channels, run)
        except UserError as error:
            refused = replace(answer, outcome="forbidden" if error.code.startswith("forbidden_") else "inexpressible", error=error.code)
            self.kept.record(replace(self._event("export", refused, run), segment=segment))
            raise
        approval = self._approval(found, answer, run, channels, segment)
        found = replace(found, approver="" if approval is None else approval.approver)
        given = deliver(found, record)
        if not recorded:
            raise Fault("hand_over_unrecorded")
        return given

    def _approval(self, found: HandOver, answer: Answer, run: Run, channels: Sequence[str], segment: str) -> ExportApproval | None:
        """The approval that a list leaves by, which that spends; none where the policy asks for none. An approval is for the same asker, rule, purpose, channels and data date, and no more customers. UserError
        `export_needs_approval` (id) while there is none; it is asked for, and that is kept."""
        limit, rows = self.catalog.policy.export_approval.get(run.purpose), len(found.ids)
        if limit is None or rows <= limit:
            return None
        identifier = _request_id(
            "approval",
            self.identity.user,
            _fingerprint(answer.rule),
            run.purpose,
            ",".join(sorted(channels)),
            self.identity.branches,
            run.as_of,
        )
        asked = self.kept.export_approval(identifier)
        if asked is not None and asked.approver and rows <= asked.rows:
            return asked
        if asked is None:
            rule = "" if answer.rule is None else canonical_text(canonical(answer.rule.node))
            change = AskApproval(ExportApproval(identifier, self.identity.user, run.purpose, answer.text, rule, rows, run.as_of))
            self.kept.record(replace(self._event("approval", answer, run), segment=segment or change.segment), change)
        raise UserError("export_needs_approval", id=identifier, rows=rows, limit=limit)

    def export_approvals(self) -> tuple[ExportApproval, ...]:
        """The lists that wait for an approval or have it, in the order asked: all of them for whoever may approve, else the asker's own. UserError as of `allow`."""
        everybodys = self._denied("approve_export") is None
        if not everybodys:
            self.allow("export")
        return tuple(one for one in self.kept.export_approvals() if everybodys or one.user == self.identity.user)

    def approve_export(self, identifier: str) -> None:
        """Approve a list that somebody else takes out. UserError as of `allow`, `approval_unknown`, `approval_given`, `approval_own`."""
        self.allow("approve_export")
        run = self._run(self.engine.as_of, self.engine.as_of + timedelta(days=1))
        answer = self._of_command(f"approvals approve {identifier}", run)
        change = Approve(identifier)
        self.kept.record(replace(self._event("approval", answer, run), segment=change.segment), change)

    def calls_purpose(self, rule: SegmentRule) -> Purpose | None:
        """What a call list of a rule is for where nobody says: as the template it is an instance of has it; None for another rule."""
        run = self._run(self.engine.as_of, self.engine.as_of + timedelta(days=1))
        run.library = self.kept.library(self.identity.user)
        return calls_step.purpose_of(rule, "", run)

    def make_calls(self, rule: SegmentRule, purpose: Purpose, asked: AskedCalls, as_of: date | None = None) -> Calls:
        """A call list of a rule's customers for a purpose, or its next run: made, kept and audited, or none of it. UserError as of `allow`, gate 1 and `calls.made_of`, each kept in the audit;
        Fault as of the engine and the store."""
        day = as_of or self.engine.as_of
        run = self._run(day, day + timedelta(days=1), purpose)
        identifier = _request_id("calls", asked.said, day, purpose, self.catalog.fingerprint, _fingerprint(rule))
        answer = Answer(identifier, asked.said, "zh", "answered", day, run.today, None, self.catalog, rule=rule, by="")
        try:
            for needed in ("make_calls", "list_members"):
                self.allow(needed)
            self._check_dates(day, run.today)
            run.library = self.kept.library(self.identity.user)
            made = calls_step.made_of(run.passed(rule, day), asked, run)
        except UserError as error:
            refused = replace(answer, outcome="forbidden" if error.code.startswith("forbidden_") else "inexpressible", error=error.code)
            self.kept.record(self._event("calls", refused, run))
            raise
        self.kept.record(self._event("calls", answer, run, f"calls {len(made.items)}"), run.change)
        return made

    def make_calls_again(self, said: str, most: int | None = None) -> Calls:
        """The next run of a list by its id or name: those of its rule who were never on it. UserError as of `make_calls` and `calls.named`."""
        before = self._call_list(said)
        asked = AskedCalls(before.said, segment=before.segment, most=most, before=before)
        return self.make_calls(SegmentRule(node=before.node), before.purpose, asked)

    def call_lists(self) -> tuple[CallList, ...]:
        """The asker's own call lists, oldest first. UserError as of `allow`."""
        self.allow("make_calls")
        return self.kept.call_lists(self.identity.user)

    def show_calls(self, said: str, number: int | None = None) -> Calls:
        """A call list by its id or name, of one run or all: the items whose customers the asker sees now, once that is kept in the audit. UserError as of `allow` and `calls.named`."""
        found = self._call_list(said)
        run = self._run(self.engine.as_of, self.engine.as_of + timedelta(days=1), found.purpose)
        shown = calls_step.shown(found, run, number)
        answer = self._of_command(f"calls show {found.id}", run)
        self.kept.record(replace(self._event("calls", answer, run, f"calls {len(shown.items)}"), segment=f"calls:{found.id}"))
        return shown

    def write_call_result(self, said: str, item: int, result: CallResult) -> None:
        """Keep what came of a call. UserError as of `allow`, `calls.named`, `call_item_unknown`, and `call_item_elsewhere` for a customer who is not the asker's any more."""
        self.allow("write_result")
        found = self._call_list(said)
        one = next((one for one in self.kept.call_items(found.id) if one.number == item), None)
        if one is None:
            raise UserError("call_item_unknown", number=item)
        run = self._run(self.engine.as_of, self.engine.as_of + timedelta(days=1), found.purpose)
        if one.customer not in calls_step.theirs([one.customer], run):
            raise UserError("call_item_elsewhere", number=item)
        run.change = WriteResult(found.id, item, result)
        self.kept.record(self._event("call_result", self._of_command(f"calls result {found.id} {item} {result}", run), run), run.change)

    def _call_list(self, said: str) -> CallList:
        self.allow("list_members")
        return calls_step.named(self.call_lists(), said)

    def _of_command(self, said: str, run: Run) -> Answer:
        """What the audit keeps of something that is no turn, in the words of the command that does it."""
        return Answer(_request_id(said, run.as_of), said, "zh", "answered", run.as_of, run.today, None, self.catalog, by="")


class _Forbidden(Exception):
    """A turn that stops at what the policy does not allow."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(denial.code)
        self.denial = denial


def _issue(denial: Denial) -> Issue:
    return Issue(denial.code, Severity.REFUSE, params=dict(denial.params))


def _request_id(*parts: object) -> str:
    return hashlib.sha256("\0".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _fingerprint(rule: SegmentRule | None) -> str | None:
    """The canonical fingerprint of a rule, None for none."""
    return None if rule is None else fingerprint(rule.node)
