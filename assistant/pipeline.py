"""The walk: from words to an Answer. Law: the only place that knows the order of the steps; every step's result is believed only after its gate.

interpret -> validate -> (Choice | Refusal | plan -> guard -> execute -> read -> facts -> narrate -> ground) -> Answer
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Literal, Protocol, TypeVar

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Text
from assistant.catalog.search import search_of
from assistant.engines.engine import Engine
from assistant.errors import AssistantError, Fault, Issue, Severity, Unanswerable, UserError
from assistant.facts import Fact, FactSheet
from assistant.insight import change as change_step
from assistant.insight import compare as compare_step
from assistant.insight import count as count_step
from assistant.insight import cutpoints
from assistant.insight import funnel as funnel_step
from assistant.insight import kept as kept_step
from assistant.insight import overlap as overlap_step
from assistant.insight.compare import Part
from assistant.insight.kept import MOST_COMPARED, MOST_OVERLAPS, Kept, Overlapping
from assistant.insight.monitor import Monitor
from assistant.insight.periods import as_read_then, earlier
from assistant.insight.requested import REQUESTED, Asked, Finding, relaxing
from assistant.interpret.edits.answers import option_names, together, typed_answer
from assistant.interpret.grammar import may_be_left_out, unread_key
from assistant.interpret.interpretation import (
    ALL_OPTIONS,
    BUILT,
    MENDING,
    Assumption,
    Context,
    Conversation,
    Cut,
    Interpretation,
    Interpreter,
    Ladder,
    LedgerEntry,
    Measure,
    PendingQuestion,
    Question,
    ReadBy,
    Reading,
    Request,
    Turn,
)
from assistant.interpret.offered.tag_drafts import TagDraft
from assistant.language.text import detect, says_language
from assistant.narrate.grounding import GroundedNarrative, ground
from assistant.narrate.messages import message
from assistant.narrate.template import Findings, write
from assistant.policy import Identity, Purpose
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.canonical import text as canonical_text
from assistant.rule.diff import Change, diff
from assistant.rule.edits import Redo, RuleChange, StartOver, Undo, apply
from assistant.rule.tree import AllOf, AnyNode, Quote, RecordCondition, SegmentRef, SegmentRule, walk
from assistant.sql.compile import members as members_query
from assistant.sql.guard import guard
from assistant.sql.query import GuardedQuery, Query, Table
from assistant.store.change import Archive, Counted, Rename, Save, SegmentChange, Share, saved
from assistant.store.event import AuditEvent
from assistant.store.segment import EMPTY, MOST_MEMBERS, Library, Policy, Refresh, SavedSegment, Version
from assistant.validation.validate import scope_of, validate
from assistant.validation.verdict import Choice, Refusal, ValidatedRule

Found = TypeVar("Found")
Outcome = Literal["answered", "choice", "inexpressible", "forbidden", "fault"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_NEAR_ENOUGH = 60.0
"""Of 100: what a catalog search must score to be named as near to words the catalog lacks."""
_LONG_ENOUGH = 6
"""Bytes (two ideographs, six letters) below which a word stands inside too many others to be near to any."""
_MEASURED_AGAIN = 2
"""What a question's other reading has a size of (余额高) is known only once the first has been measured."""


@dataclass(frozen=True, slots=True)
class PricedReading:
    """One option of a question with its customers: the fact of its count, and of how many it shares with the first option."""

    reading: Reading
    index: int
    """Its number among the question's readings: what a choice names."""
    count: Fact
    shared: Fact | None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is put: the doubt, its options priced in customers. `same`: all options select exactly the same customers."""

    question: Question
    options: tuple[PricedReading, ...]
    same: bool = False


@dataclass(frozen=True, slots=True)
class DraftedTag:
    """A tag request as it would be submitted: the draft, the codes nearest to it, and its dry run, each condition with its customers."""

    draft: TagDraft
    nearest: tuple[str, ...]
    spread: tuple[tuple[RecordCondition, Fact], ...]


class Keeper(Protocol):
    """What is kept beyond a conversation."""

    def record(self, event: AuditEvent, change: SegmentChange | None = None) -> None:
        """Keep what was done for somebody, before they are given anything, and with it what it does to a saved segment. An AssistantError when it cannot be kept."""
        ...

    def library(self, user: str) -> Library:
        """The saved segments a person may read."""
        ...

    def members(self, name: str) -> tuple[int, ...]:
        """The customers of a frozen list (id@version), ascending."""
        ...

    def last_members(self, segment: str) -> tuple[int, ...] | None:
        """The customers of a segment when it was last counted; None where they were not kept."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything every face shows. Numbers are Facts; texts are made from codes by the face's view."""

    request_id: str
    text: str
    language: Language
    outcome: Outcome
    as_of: date
    today: date
    tags_as_of: date | None
    catalog: TagCatalog
    requests: tuple[Request, ...] = ()
    rule: SegmentRule | None = None
    validated: ValidatedRule | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    issues: tuple[Issue, ...] = ()
    warnings: tuple[Issue, ...] = ()
    questions: tuple[AskedQuestion, ...] = ()
    alternatives: tuple[AskedQuestion, ...] = ()
    count: count_step.Count | None = None
    unknown: tuple[count_step.Unknown, ...] = ()
    funnel: funnel_step.Funnel | None = None
    insights: tuple[Finding, ...] = ()
    """What else was asked for, in the order said."""
    explained: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    """What an edit did to the conditions, or in what two versions compared differ."""
    change: change_step.Change | None = None
    """The customers before and after it."""
    facts: FactSheet | None = None
    sql: Mapping[str, str] = field(default_factory=dict)
    narrative: Mapping[Language, GroundedNarrative] = field(default_factory=dict)
    draft: DraftedTag | None = None
    by: ReadBy | Literal[""] = "grammar"
    """Who read the request; nobody where none was typed."""
    ms: Mapping[str, float] = field(default_factory=dict)
    kept: Kept | None = None
    """What was done with a saved segment."""
    error: str | None = None
    turn: int = 0


@dataclass(slots=True)
class _Run:
    """The steps of one request: what was run, and how long each step took (ms)."""

    started: float
    sql: dict[str, str] = field(default_factory=dict)
    fingerprints: list[str] = field(default_factory=list)
    library: Library = EMPTY
    """The saved segments as they were when the request began."""
    change: SegmentChange | None = None
    """What the request does to a saved segment, once it is recorded."""
    ms: dict[str, float] = field(default_factory=dict)

    def timed(self, step: str, since: float, now: float) -> None:
        self.ms[step] = self.ms.get(step, 0.0) + (now - since) * 1000


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
    ) -> tuple[Answer, Conversation]:
        """Answer one turn. `choices` picks options of questions asked before (question key -> option number); a typed "第一个" does the same. `edit`: the turn
        takes an offer instead (see `insight/offers.py`), and `text` only names it.

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
                text, picked, conversation = _typed_choice(text, conversation, choices or {})
        except UserError as error:
            unknown = error
        chosen = {**conversation.choices, **picked, **(choices or {})}
        tongue: Language = language or (None if says_language(text) else conversation.language) or detect(text)
        identifier = _request_id(text, len(conversation.turns), data_date, self.catalog.fingerprint, fingerprint_of(conversation.rule))
        start = Answer(identifier, text, tongue, "answered", data_date, day, None, self.catalog, turn=len(conversation.turns))
        run = _Run(started)
        try:
            if unknown is not None:
                raise unknown
            self._check_dates(data_date, day)
            run.library = self.kept.library(self.identity.user)
            answer, after = self._walk(start, replace(conversation, choices=chosen), purpose, run, edit)
        except UserError as error:
            hopeless = isinstance(error, Unanswerable)
            issue = Issue(error.code, Severity.REFUSE if hopeless else Severity.ASK, params=dict(error.params))
            answer, after = replace(start, outcome="inexpressible" if hopeless else "choice", issues=(issue,)), conversation
        except AssistantError as error:
            answer, after = replace(start, outcome="fault", error=error.code), conversation
        answer = replace(answer, sql=dict(run.sql), ms={**run.ms, "total": (self.clock() - started) * 1000})
        try:
            self.kept.record(self._event("ask" if run.change is None else _DONE[type(run.change)], answer, purpose, run), run.change)
        except UserError as error:
            answer, after = (
                replace(start, outcome="choice", issues=(Issue(error.code, Severity.ASK, params=dict(error.params)),)),
                conversation,
            )
            self.kept.record(self._event("ask", answer, purpose, run))
        except AssistantError as error:
            answer, after = replace(start, outcome="fault", error=error.code), conversation
        unsettled = answer.outcome != "answered" and after.history == conversation.history
        return answer, replace(after, language=tongue, unsettled=unsettled)

    def change_segment(self, change: SegmentChange, said: str) -> None:
        """Carry out a change of a saved segment that is no turn of a conversation; `said`: what the audit keeps of it. UserError as of the store, Fault `store_failed`."""
        day = self.engine.as_of
        identifier = _request_id(said, type(change).__name__, change.segment, day)
        answer = Answer(identifier, said, "zh", "answered", day, day + timedelta(days=1), None, self.catalog, by="")
        run = _Run(self.clock(), change=change)
        self.kept.record(self._event(_DONE[type(change)], answer, "analysis", run), change)

    def _event(self, kind: str, answer: Answer, purpose: Purpose, run: _Run, exported: str = "") -> AuditEvent:
        """What is kept of an answer, or of a list handed out."""
        rule = answer.rule
        return AuditEvent(
            kind=kind,
            request_id=answer.request_id,
            user=self.identity.user,
            role=self.identity.role,
            branches=self.identity.branches,
            purpose=purpose,
            text=answer.text,
            outcome=answer.outcome,
            catalog=self.catalog.fingerprint,
            as_of=answer.as_of,
            rule="" if rule is None else canonical_text(canonical(rule.node)),
            rule_fingerprint=fingerprint_of(rule) or "",
            queries=tuple(run.fingerprints),
            by=answer.by,
            exported=exported,
            segment="" if run.change is None else run.change.segment,
            error=answer.error or "",
        )

    def _handed_out(self, rule: ValidatedRule, ids: tuple[int, ...], run: _Run, part: str = "") -> tuple[int, ...]:
        """A list of customers that leaves the house, once that has been kept."""
        identifier = _request_id("list", part, rule.as_of, self.catalog.fingerprint, fingerprint_of(rule.rule))
        answer = Answer(identifier, part, "zh", "answered", rule.as_of, rule.today, None, self.catalog, rule=rule.rule, by="")
        self.kept.record(self._event("list", answer, rule.purpose, run, f"list {len(ids)}"))
        return ids

    def _check_dates(self, as_of: date, today: date) -> None:
        """UserError `date_beyond_data` or `today_before` for dates the data cannot answer for."""
        if as_of > self.engine.as_of:
            raise UserError("date_beyond_data", as_of=as_of.isoformat(), last=self.engine.as_of.isoformat())
        if today <= as_of:
            raise UserError("today_before", as_of=as_of.isoformat(), today=today.isoformat())

    def members(self, rule: ValidatedRule) -> tuple[int, ...]:
        """The customer ids of a validated rule, ascending. Only for an identity that may list; UserError `forbidden_list` otherwise. What is handed out is in the
        audit, or it is not handed out."""
        if not self.identity.may_list:
            raise UserError("forbidden_list")
        run = _Run(self.clock())
        table = self._execute(members_query(rule, self.engine.qualifier), run)
        return self._handed_out(rule, _customers(table), run)

    def members_of_part(self, rule: ValidatedRule, said: str, part: Part) -> tuple[int, ...]:
        """The customer ids of one part of a rule's change since a date (in the words of `insight/periods.py`), ascending, whether or not a rule can say it.
        Only for an identity that may list: UserError `forbidden_list` otherwise, and as of `earlier` and `as_read_then`."""
        if not self.identity.may_list:
            raise UserError("forbidden_list")
        then = as_read_then(rule, earlier(rule, said), self.snapshots)
        (query,) = compare_step.plan_members(then, rule, part, self.engine.qualifier)
        run = _Run(self.clock())
        return self._handed_out(rule, _customers(self._execute(query, run)), run, f"{part} {said}")

    # --- the steps ----------------------------------------------------------------------------------------------------------------------

    def _walk(
        self, start: Answer, conversation: Conversation, purpose: Purpose, run: _Run, edit: RuleChange | None = None
    ) -> tuple[Answer, Conversation]:
        since = self.clock()
        context = Context(
            self.catalog,
            start.as_of,
            start.today,
            len(conversation.turns),
            conversation.rule,
            conversation.choices,
            scope_of(self.catalog, self.identity),
            conversation.pending is not None,
            library=run.library,
            opened=conversation.opened,
            found=conversation.found,
        )
        interpretation = self._read(start, context, purpose, run) if edit is None else _taken(edit, start.text, conversation)
        run.timed("interpret", since, self.clock())
        answer = replace(
            start,
            requests=interpretation.requests,
            ledger=interpretation.ledger,
            assumptions=interpretation.assumptions,
            by=interpretation.by,
            warnings=interpretation.warnings,
            tags_as_of=max((day for day in self.snapshots if day <= start.as_of), default=None),
        )
        shelved = next((request for request in interpretation.requests if _shelves(request)), None)
        if shelved is not None and not interpretation.issues:
            return self._shelved(answer, shelved, conversation, run)
        history = _history_request(interpretation)
        if history is not None:
            return self._history(answer, history, conversation, purpose, run)
        explained = [request for request in interpretation.requests if request.kind in ("explain", "what_tags")]
        if explained:
            return self._explain(answer, explained, conversation)
        unbuilt = tuple(request for request in interpretation.requests if request.kind not in BUILT)
        if unbuilt:
            issues = tuple(Issue("request_not_built", Severity.REFUSE, params={"request": request.kind}) for request in unbuilt)
            return replace(answer, outcome="inexpressible", rule=conversation.rule, issues=issues), _said(
                conversation, start.text, conversation.rule
            )
        if conversation.pending is not None and any(issue.code == "answer_first" for issue in interpretation.issues):
            return self._asked_again(start, interpretation.issues, conversation.pending, conversation, purpose, run)
        if interpretation.ladders:
            interpretation, taken = self._stepped(interpretation, conversation, answer, purpose, run)
            answer = replace(answer, assumptions=(*answer.assumptions, *taken))
        decided, after = self._decide(answer, interpretation, conversation, purpose, run)
        if interpretation.draft is None or decided.outcome not in ("choice", "inexpressible"):
            return decided, after
        return replace(decided, draft=self._drafted(interpretation.draft, answer, purpose, run)), after

    def _read(self, start: Answer, context: Context, purpose: Purpose, run: _Run) -> Interpretation:
        """The interpretation; once more with the numbers found where a size was said without one (大额活期), which no interpreter can know."""
        interpretation = self.interpreter.interpret(start.text, context)
        for _ in range(_MEASURED_AGAIN):
            if not interpretation.measures:
                break
            found = {one: self._cuts(one, start, purpose, run) for one in interpretation.measures}
            context = replace(context, cuts={**context.cuts, **found})
            interpretation = self.interpreter.interpret(start.text, context)
        return interpretation

    def _cuts(self, measure: Measure, answer: Answer, purpose: Purpose, run: _Run) -> tuple[Cut, ...]:
        """The numbers a size may mean among the customers the asker may see; none for what gate 1 refuses."""
        rule, whose = (self._validate(SegmentRule(node=node), answer, purpose, run) for node in (measure.node, measure.whose))
        if not isinstance(rule, ValidatedRule) or not isinstance(whose, ValidatedRule):
            return ()
        return self._run(cutpoints.steps(rule, whose, measure.size, self.identity.protection, self.engine.qualifier), run)

    def _asked_again(
        self, start: Answer, issues: Sequence[Issue], question: PendingQuestion, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> tuple[Answer, Conversation]:
        """An edit typed while a question is open: the question, of the words it was about, stays open and shows its options once more."""
        before = replace(conversation, history=question.history, choices=question.choices, pending=None)
        again, _ = self._walk(replace(start, text=question.text), before, purpose, run)
        return replace(again, issues=tuple(issues)), conversation

    def _drafted(self, draft: TagDraft, answer: Answer, purpose: Purpose, run: _Run) -> DraftedTag:
        """What is nearest to a tag the catalog lacks, and how it would spread: each condition of the dry run counted."""
        hits = () if draft.nearest or len(draft.words.encode()) < _LONG_ENOUGH else search_of(self.catalog).suggest(draft.words)
        found = [hit.code for hit in hits if hit.score >= _NEAR_ENOUGH]
        rules = [(node, self._validate(SegmentRule(node=node), answer, purpose, run)) for node in draft.dry_run]
        usable = [(node, rule) for node, rule in rules if isinstance(rule, ValidatedRule)]
        spread: list[tuple[RecordCondition, Fact]] = []
        if usable:
            table = self._execute(overlap_step.plan([rule for _, rule in usable], self.engine.qualifier)[0], run, "dry_run")
            sheet, counts = FactSheet(self.identity.protection), overlap_step.read((table,), len(usable)).counts
            for place, ((node, _), n) in enumerate(zip(usable, counts, strict=True)):
                spread.append((node, sheet.measured(f"draft.{place}", n, "customers", table.query)))
        return DraftedTag(draft, (*draft.nearest, *found), tuple(spread))

    def _stepped(
        self, interpretation: Interpretation, conversation: Conversation, answer: Answer, purpose: Purpose, run: _Run
    ) -> tuple[Interpretation, tuple[Assumption, ...]]:
        """One step tighter or looser: of each condition it can mean, the nearest rung that changes the number of customers. Several conditions are a question."""
        rule = interpretation.rule
        assert rule is not None, "a step is taken from a rule"
        steps = [step for ladder in interpretation.ladders if (step := self._step(rule, ladder, answer, purpose, run)) is not None]
        quote = interpretation.ladders[0].quote
        words = answer.text[quote.start : quote.end]
        if not steps:
            issue = Issue("no_step_left", Severity.ASK, quote=(quote.start, quote.end), params={"words": words})
            return replace(interpretation, issues=(*interpretation.issues, issue)), ()
        rules = [apply(rule, step) for step in steps]
        readings = [Reading(None, one) for one in rules]
        key = f"step {fingerprint(rule.node)[:8]}:{words.casefold()}"
        if len(steps) > 1:
            together = rule
            for step in steps:
                together = apply(together, step)
            readings.append(Reading(ALL_OPTIONS, together))
        chosen = conversation.choices.get(key)
        taken = readings[chosen if chosen is not None and 0 <= chosen < len(readings) else 0].rule
        question = Question(key, "edit_fits_two", {"words": words}, quote, tuple(readings), ask=chosen is None, before=rule)
        assumption = Assumption("step_taken", {"words": words}, quote)
        changed = replace(interpretation, rule=taken, changed=True, edit=True)
        if len(steps) > 1:
            changed = replace(changed, questions=(*interpretation.questions, question))
        return changed, (assumption,)

    def _step(self, rule: SegmentRule, ladder: Ladder, answer: Answer, purpose: Purpose, run: _Run) -> RuleChange | None:
        """The nearest rung that changes the number of customers; None when none does."""
        present = self._validate(rule, answer, purpose, run)
        if not isinstance(present, ValidatedRule):
            return None
        reached = [(edit, self._validate(apply(rule, edit), answer, purpose, run)) for edit in ladder.rungs]
        usable = [(edit, verdict) for edit, verdict in reached if isinstance(verdict, ValidatedRule)]
        if not usable:
            return None
        query = overlap_step.plan([present, *(verdict for _, verdict in usable)], self.engine.qualifier)[0]
        counts = overlap_step.read((self._execute(query, run, "step"),), len(usable) + 1).counts
        return next((edit for (edit, _), n in zip(usable, counts[1:], strict=True) if n != counts[0]), None)

    def _decide(
        self, answer: Answer, interpretation: Interpretation, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> tuple[Answer, Conversation]:
        """Refuse, ask or answer, by the interpreter's issues and gate 1."""
        if interpretation.changed:
            conversation = replace(conversation, pending=None, offered=None)  # whoever says something else leaves the open question
        issues = interpretation.issues
        misspelt = [question for question in interpretation.questions if question.code in MENDING]
        rule = interpretation.rule
        if misspelt and (rule is None or any(issue.severity is Severity.REFUSE for issue in issues)):
            return self._asked(
                replace(answer, rule=rule, issues=issues), self._priced(misspelt, "options", answer, purpose, run), conversation
            )
        refused = tuple(issue for issue in issues if issue.severity is Severity.REFUSE)
        if refused:
            return replace(
                answer, outcome="inexpressible", issues=issues, rule=interpretation.rule if interpretation.changed else None
            ), conversation
        forbidden = self._forbidden_requests(interpretation.requests, purpose)
        if forbidden:
            return replace(answer, outcome="forbidden", issues=forbidden, rule=conversation.rule), conversation
        if _compares(interpretation) and not issues and (rule is None or _version_before(interpretation, conversation) is None):
            return replace(answer, outcome="choice", rule=rule, issues=(Issue("nothing_to_compare", Severity.WARN),)), conversation
        saving = next((request for request in interpretation.requests if request.kind == "save"), None)
        if saving is not None and rule is None and not issues:
            return replace(answer, outcome="choice", issues=(Issue("nothing_to_save", Severity.WARN),)), conversation
        if rule is None and interpretation.requests and not issues:
            rule = SegmentRule(node=AllOf())
        if rule is None:
            return replace(answer, outcome="choice", issues=issues), conversation
        verdict = self._validate(rule, answer, purpose, run)
        if isinstance(verdict, Refusal):
            return replace(answer, outcome=verdict.kind, rule=rule, issues=(*issues, *verdict.issues)), conversation
        if isinstance(verdict, Choice):
            return replace(answer, outcome="choice", rule=rule, issues=(*issues, *verdict.issues)), conversation
        for node in (request.node for request in interpretation.requests if request.node is not None):
            other = self._validate(SegmentRule(node=node), answer, purpose, run)
            if not isinstance(other, ValidatedRule):
                outcome: Outcome = other.kind if isinstance(other, Refusal) else "choice"
                return replace(answer, outcome=outcome, rule=rule, issues=(*issues, *other.issues)), conversation
        asked_issues = tuple(issue for issue in issues if issue.severity is Severity.ASK)
        doubts = [question for question in interpretation.questions if question.ask]
        unread = [issue for issue in asked_issues if issue.code == "unread"]
        if any(not may_be_left_out(issue) for issue in unread):
            doubts = misspelt  # every other option would say the opposite of what was said
        if unread and not misspelt and interpretation.changed and all(may_be_left_out(issue) for issue in asked_issues):
            doubts.append(_without_unread(unread, rule))
        questions = self._priced(doubts, "options", answer, purpose, run)
        open_questions = tuple(question for question in questions if question.question.always or not question.same)
        if open_questions or asked_issues:
            return self._asked(replace(answer, rule=rule, validated=verdict, issues=issues), open_questions, conversation)
        assumed = tuple(
            Assumption("same_customers", {"words": question.question.params.get("words", "")}, question.question.quote)
            for question in questions
        )
        others = self._priced([question for question in interpretation.questions if not question.ask], "alternatives", answer, purpose, run)
        alternatives = tuple(question for question in others if not question.same)
        answer = replace(
            answer,
            rule=rule,
            validated=verdict,
            assumptions=(*answer.assumptions, *assumed),
            alternatives=alternatives,
            warnings=(*answer.warnings, *verdict.warnings),
        )
        if saving is not None:
            first = self._before_saving(answer, saving, verdict, conversation, purpose, run)
            if first is not None:
                return first
        answered = self._answer(answer, verdict, interpretation, conversation, purpose, run)
        after = _said(conversation, answer.text, rule, changed=interpretation.changed)
        if interpretation.changed and not interpretation.edit:
            after = replace(after, opened=None)
        kept = self._kept(answered, interpretation.requests, verdict, conversation, purpose, run)
        if kept is not None and answered.facts is not None:
            kept.facts(answered.facts)
            answered, after = replace(answered, kept=kept), replace(after, opened=kept.segments[0].id)
        after = replace(after, found=_groups_of(answered.insights))
        if len(alternatives) == 1:
            after = replace(after, offered=_open(alternatives[0], answer.text, conversation, self.catalog))
        return answered, after

    # --- saved segments -----------------------------------------------------------------------------------------------------------------

    def _shelved(self, answer: Answer, request: Request, conversation: Conversation, run: _Run) -> tuple[Answer, Conversation]:
        """What is done with saved segments and gives no customers: listing, putting away, another name."""
        sheet = FactSheet(self.identity.protection)
        segment = run.library.by_id.get(request.code)
        if request.kind == "segments" or segment is None:
            found = Kept("listed", run.library.active)
        elif request.kind == "rename":
            run.change = Rename(segment.id, request.detail)
            found = Kept("renamed", (replace(segment, name=request.detail), segment))
        else:
            run.change = Archive(segment.id)
            found = Kept("archived", (replace(segment, archived=True),), used_by=run.library.uses(segment.id))
        found.facts(sheet)
        return replace(answer, rule=conversation.rule, kept=found, facts=sheet), _said(conversation, answer.text, conversation.rule)

    def _before_saving(
        self, answer: Answer, request: Request, rule: ValidatedRule, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> tuple[Answer, Conversation] | None:
        """What is asked before a segment is saved: whether it takes the place of a version, or is another name for customers that are saved already. None where
        there is nothing to ask, or it has been answered."""
        opened = run.library.by_id.get(conversation.opened or "")
        if not request.detail and (opened is None or opened.owner != self.identity.user):
            return replace(
                answer, outcome="choice", issues=(Issue("segment_name_missing", Severity.ASK, params={"words": answer.text}),)
            ), conversation
        name, present = self._to_save(request, conversation, run)
        new = self._to_keep(rule, present)
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
                _labels("option.new_version", {"version": str(old.number + 1)}),
                _labels("option.other_name", {"name": _free_name(name, run.library)}),
            ]
            changes = diff(old.node, new)
            question = Question(
                key, "segment_overwrite", {"name": name, "version": str(old.number)}, _whole(answer.text), _both(labels, rule), always=True
            )
            asked = replace(answer, rule=rule.rule, validated=rule, changes=changes)
            return self._asked(asked, self._priced([question], "options", answer, purpose, run), conversation)
        same = next((one for one in self._overlaps(rule, "", answer, purpose, run) if one.same), None)
        if same is None:
            return None
        key = f"save twice {same.segment.id} {name.casefold()}"
        if key in conversation.choices:
            return None
        labels = [_labels("option.save_anyway", {"name": name})]
        question = Question(key, "segment_duplicate", {"name": same.segment.name}, _whole(answer.text), _both(labels, rule), always=True)
        asked = replace(answer, rule=rule.rule, validated=rule)
        return self._asked(asked, self._priced([question], "options", answer, purpose, run), conversation)

    def _to_save(self, request: Request, conversation: Conversation, run: _Run) -> tuple[str, SavedSegment | None]:
        """The name a segment is saved under, and the segment of the asker's own that has it."""
        opened = run.library.by_id.get(conversation.opened or "")
        name = request.detail or ("" if opened is None else opened.name)
        present = next((one for one in run.library.named(name) if one.owner == self.identity.user), None)
        return name if present is None else present.name, present

    def _to_keep(self, rule: ValidatedRule, present: SavedSegment | None) -> AnyNode:
        """The rule as it is kept. What refers to the very segment it is saved as is replaced by what that meant."""
        node = rule.rule.node
        if present is None or not any(isinstance(part, SegmentRef) and part.segment == present.id for _, part in walk(node)):
            return node
        return rule.library.resolve(node)

    def _kept(
        self, answer: Answer, requests: Sequence[Request], rule: ValidatedRule, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> Kept | None:
        """What a turn does with a saved segment, once its customers are counted."""
        request = next((one for one in requests if one.kind in ("save", "load", "refresh")), None)
        if request is None or answer.count is None:
            return None
        if request.kind == "save":
            return self._save(answer, request, rule, conversation, purpose, run)
        segment = run.library.by_id[request.code]
        if request.kind == "load":
            return Kept("opened", (segment,))
        if segment.policy == "frozen" or segment.owner != self.identity.user:
            return Kept("unmoved" if segment.policy == "frozen" else "others", (segment,))
        return self._refresh(answer, segment, rule, run)

    def _save(self, answer: Answer, request: Request, rule: ValidatedRule, conversation: Conversation, purpose: Purpose, run: _Run) -> Kept:
        name, present = self._to_save(request, conversation, run)
        node = self._to_keep(rule, present)
        if present is not None and conversation.choices.get(_overwriting(present, node)) == 1:
            name, present = _free_name(name, run.library), None
        ids = self._ids(rule, run)
        policy = _policy(request, present)
        if ids is None and policy == "frozen":
            raise UserError("segment_too_large", limit=MOST_MEMBERS)
        identifier = present.id if present is not None else secrets.token_hex(8)
        number = 1 if present is None else present.current.number + 1
        refreshed = None if present is None else present.refreshed
        said = next((turn.text for turn in reversed(conversation.turns) if turn.changed), answer.text)
        version = Version(number, node, policy, said, self.identity.user, "", answer.as_of, self.catalog.fingerprint)
        counted = self._counted(answer, (0 if refreshed is None else refreshed.number) + 1, number)
        run.change = Save(identifier, name, "" if present is None else present.purpose, version, counted, ids)
        overlaps = self._overlaps(rule, identifier, answer, purpose, run)[:MOST_OVERLAPS]
        return Kept(
            "saved" if present is None else "version", (saved(present, run.change, self.identity.user),), overlaps, query=_query(answer)
        )

    def _refresh(self, answer: Answer, segment: SavedSegment, rule: ValidatedRule, run: _Run) -> Kept:
        """A segment counted anew; who came and went can be told where the same part of the bank was counted before."""
        before, ids = segment.refreshed, self._ids(rule, run)
        counted = self._counted(answer, (0 if before is None else before.number) + 1, segment.current.number)
        earlier = None if before is None or before.branches != self.identity.branches else self.kept.last_members(segment.id)
        if earlier is not None and ids is not None:
            counted = replace(counted, joined=len(set(ids) - set(earlier)), left=len(set(earlier) - set(ids)))
        run.change = Counted(segment.id, counted, ids)
        return Kept("refreshed", (replace(segment, refreshed=counted),), before=before, counted=counted, query=_query(answer))

    def _counted(self, answer: Answer, number: int, version: int) -> Refresh:
        assert answer.count is not None, "a segment is kept once it is counted"
        return Refresh(number, version, answer.as_of, "", self.identity.user, self.identity.branches, answer.count.n)

    def _ids(self, rule: ValidatedRule, run: _Run) -> tuple[int, ...] | None:
        """The customers of a rule, for the store; None when they are too many to keep."""
        table = self._execute(members_query(rule, self.engine.qualifier, MOST_MEMBERS + 1), run)
        return None if len(table.rows) > MOST_MEMBERS else _customers(table)

    def _overlaps(self, rule: ValidatedRule, own: str, answer: Answer, purpose: Purpose, run: _Run) -> tuple[Overlapping, ...]:
        """The saved segments that a rule has much in common with."""
        latest = sorted((one for one in run.library.active if one.id != own), key=lambda one: one.current.at, reverse=True)[:MOST_COMPARED]
        read = [(one, self._validate(SegmentRule(node=SegmentRef(segment=one.id)), answer, purpose, run)) for one in latest]
        usable = [(one, verdict) for one, verdict in read if isinstance(verdict, ValidatedRule)]
        tables = self._all(kept_step.plan(rule, [verdict for _, verdict in usable], self.engine.qualifier), run)
        return kept_step.read(tables, [one for one, _ in usable])

    def _asked(self, answer: Answer, questions: tuple[AskedQuestion, ...], conversation: Conversation) -> tuple[Answer, Conversation]:
        """The questions put; the first one is what a typed choice answers."""
        asked = replace(answer, outcome="choice", questions=questions)
        if not questions:
            return asked, conversation
        return asked, replace(conversation, pending=_open(questions[0], answer.text, conversation, self.catalog))

    def _forbidden_requests(self, requests: Sequence[Request], purpose: Purpose) -> tuple[Issue, ...]:
        """Breaking down by a tag, or a figure of it, is a use of the tag; to ask about one customer is to list."""
        found = []
        for request in requests:
            if request.kind == "why_in" and not self.identity.may_list:
                found.append(Issue("forbidden_list", Severity.REFUSE))
            if request.kind not in ("breakdown", "metric", "grid", "migration", "persona"):
                continue
            for tag in (self.catalog.tags.get(code) for code in (*request.code.split(), request.detail)):
                if tag is not None and tag.purposes and purpose not in tag.purposes:
                    found.append(Issue("forbidden_purpose", Severity.REFUSE, params={"code": tag.code, "purpose": purpose}))
        return tuple(found)

    def _validate(self, rule: SegmentRule, answer: Answer, purpose: Purpose, run: _Run) -> ValidatedRule | Choice | Refusal:
        since = self.clock()
        verdict = validate(rule, self.catalog, self.identity, answer.as_of, answer.today, self.snapshots, purpose, run.library)
        run.timed("validate", since, self.clock())
        return verdict

    def _priced(self, questions: Sequence[Question], name: str, answer: Answer, purpose: Purpose, run: _Run) -> tuple[AskedQuestion, ...]:
        """Every question with its options counted, and what each shares with the first one. Options that gate 1 refuses are left out."""
        sheet = FactSheet(self.identity.protection)
        priced: list[AskedQuestion] = []
        for number, question in enumerate(questions):
            usable: list[tuple[int, Reading, ValidatedRule]] = []
            for index, reading in enumerate(question.readings):
                verdict = self._validate(reading.rule, answer, purpose, run)
                if isinstance(verdict, ValidatedRule):
                    usable.append((index, reading, verdict))
            if not usable:
                continue
            table = self._execute(overlap_step.plan([rule for _, _, rule in usable], self.engine.qualifier)[0], run, f"{name}_{number}")
            found = overlap_step.read((table,), len(usable))
            options = []
            for place, (index, reading, _) in enumerate(usable):
                total = sheet.measured(f"{name}.{number}.{place}", found.counts[place], "customers", table.query)
                shared = (
                    sheet.measured(f"{name}.{number}.{place}.shared", found.both[0][place], "customers", table.query) if place else None
                )
                options.append(PricedReading(reading, index, total, shared))
            priced.append(AskedQuestion(question, tuple(options), same=found.same))
        return tuple(priced)

    def _answer(
        self,
        answer: Answer,
        rule: ValidatedRule,
        interpretation: Interpretation,
        conversation: Conversation,
        purpose: Purpose,
        run: _Run,
    ) -> Answer:
        qualifier = self.engine.qualifier
        sheet = FactSheet(self.identity.protection)
        count_step.given(rule, sheet)
        counted = count_step.read(self._all(count_step.plan(rule, qualifier), run))
        counted.facts(sheet)
        unknown = count_step.read_unknown(self._all(count_step.plan_unknown(rule, qualifier), run), rule)
        narrowing = funnel_step.read(self._all(funnel_step.plan(rule, qualifier), run), rule)
        if narrowing is not None:
            narrowing.facts(sheet)
        count_step.unknown_facts(unknown, sheet)
        other = partial(self._other, answer=answer, purpose=purpose, run=run)
        requests = self._with_version_before(answer, interpretation, conversation, purpose, run)
        asked = [Asked(rule, one, counted, qualifier, self.snapshots, other) for one in requests if one.kind in REQUESTED]
        walks = [REQUESTED[one.request.kind](one) for one in asked]
        if not counted.n and not any(one.request.kind == "size" for one in asked):
            walks.append(relaxing(Asked(rule, Request("segment"), counted, qualifier, self.snapshots, other)))
        insights = [self._run(steps, run) for steps in walks]
        for found in insights:
            found.facts(sheet)
        changes, change = self._change(answer, rule, interpretation, conversation, purpose, run)
        if change is not None:
            change.facts(sheet)
        since = self.clock()
        findings = Findings(
            count=counted,
            funnel=narrowing,
            insights=insights,
            unknown=unknown,
            change=change,
            changes=changes,
            compared=_compares(interpretation),
        )
        narrative: dict[Language, GroundedNarrative] = {}
        for language in LANGUAGES:
            grounded = ground(write(findings, rule, sheet, language), sheet)
            if not isinstance(grounded, GroundedNarrative):
                raise Fault("narrative_ungrounded", words=grounded.words, unknown=grounded.unknown)
            narrative[language] = grounded
        run.timed("narrate", since, self.clock())
        return replace(
            answer,
            count=counted,
            unknown=unknown,
            funnel=narrowing,
            insights=tuple(insights),
            changes=changes,
            change=change,
            facts=sheet,
            narrative=narrative,
        )

    def _run(self, steps: Generator[Sequence[Query], Sequence[Table], Found], run: _Run) -> Found:
        """Steps, each run as it is asked for."""
        try:
            queries = next(steps)
            while True:
                queries = steps.send(self._all(queries, run))
        except StopIteration as end:
            found: Found = end.value
            return found

    def _other(self, rule: SegmentRule, as_of: date, *, answer: Answer, purpose: Purpose, run: _Run) -> ValidatedRule:
        """Another rule or date through gate 1, for an insight. UserError with the code of the first issue that stands in its way."""
        verdict = self._validate(rule, replace(answer, as_of=as_of, today=as_of + (answer.today - answer.as_of)), purpose, run)
        if isinstance(verdict, ValidatedRule):
            return verdict
        raise UserError(verdict.issues[0].code, **verdict.issues[0].params)

    def _with_version_before(
        self, answer: Answer, interpretation: Interpretation, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> tuple[Request, ...]:
        """The requests, a comparison with the version before with that version; without it where gate 1 no longer passes it."""
        if not _compares(interpretation):
            return interpretation.requests
        earlier = _version_before(interpretation, conversation)
        usable = earlier is not None and isinstance(self._validate(earlier, answer, purpose, run), ValidatedRule)
        others = tuple(one for one in interpretation.requests if one.kind != "compare_before")
        return (*others, Request("compare_before", node=earlier.node)) if usable and earlier is not None else others

    def _change(
        self,
        answer: Answer,
        rule: ValidatedRule,
        interpretation: Interpretation,
        conversation: Conversation,
        purpose: Purpose,
        run: _Run,
    ) -> tuple[tuple[Change, ...], change_step.Change | None]:
        """What an edit did to the rule and to the customers; the version before, when that is asked for."""
        earlier = _version_before(interpretation, conversation)
        if earlier is None:
            return (), None
        before = self._validate(earlier, answer, purpose, run)
        if not isinstance(before, ValidatedRule):
            return diff(earlier.node, rule.rule.node), None
        tables = tuple(self._execute(query, run, "change") for query in change_step.plan(before, rule, self.engine.qualifier))
        return diff(earlier.node, rule.rule.node), change_step.read(tables)

    def _history(
        self, answer: Answer, step: Undo | Redo | StartOver, conversation: Conversation, purpose: Purpose, run: _Run
    ) -> tuple[Answer, Conversation]:
        """Undo, redo and start over. To undo an open question is to drop it."""
        dropped = any(request.detail == "never_mind" for request in answer.requests) and conversation.unsettled
        if isinstance(step, Undo) and (conversation.pending is not None or dropped):
            history = conversation.history
        else:
            try:
                history = conversation.history.do(step)
            except UserError as error:
                return replace(answer, outcome="choice", rule=conversation.rule, issues=(Issue(error.code, Severity.WARN),)), conversation
        rule = history.present
        choices = {} if isinstance(step, StartOver) else conversation.choices
        opened = None if isinstance(step, StartOver) else conversation.opened
        turns = (*conversation.turns, Turn(answer.text, rule))
        after = replace(conversation, turns=turns, history=history, choices=choices, pending=None, offered=None, opened=opened)
        if rule is None:
            code = "no_conditions_left" if isinstance(step, Undo) else "started_over"
            return replace(answer, outcome="choice", issues=(Issue(code, Severity.WARN),)), after
        verdict = self._validate(rule, answer, purpose, run)
        if not isinstance(verdict, ValidatedRule):
            return replace(answer, outcome="choice", rule=rule, issues=verdict.issues), after
        edited = Interpretation((), rule, answer.ledger, changed=True, edit=True)
        return self._answer(
            replace(answer, rule=rule, validated=verdict, warnings=verdict.warnings), verdict, edited, conversation, purpose, run
        ), after

    def _explain(self, answer: Answer, asked: Sequence[Request], conversation: Conversation) -> tuple[Answer, Conversation]:
        """What a word means, or which tags there are about a topic: the catalog's own words; the rule stays."""
        codes: list[str] = []
        for request in asked:
            if request.kind == "explain":
                codes.append(request.code)
            else:
                codes.extend(dict.fromkeys(hit.code for hit in search_of(self.catalog).find(request.code, limit=12)))
        if not codes:
            return replace(
                answer, outcome="choice", issues=(Issue("no_tags_about", Severity.ASK, params={"words": asked[0].code}),)
            ), conversation
        return replace(answer, explained=tuple(codes)), _said(conversation, answer.text, conversation.rule)

    # --- running queries --------------------------------------------------------------------------------------------------------------------

    def _all(self, queries: Sequence[Query], run: _Run) -> tuple[Table, ...]:
        return tuple(self._execute(query, run) for query in queries)

    def _execute(self, query: Query, run: _Run, name: str | None = None) -> Table:
        since = self.clock()
        guarded: GuardedQuery = guard(query, self.catalog, self.engine.dialect, self.engine.qualifier)
        middle = self.clock()
        run.timed("guard", since, middle)
        run.sql[name or query.purpose] = guarded.text
        run.fingerprints.append(guarded.fingerprint)
        table = self.engine.execute(guarded, query.ids, {name: self.kept.members(name) for name in guarded.lists})
        run.timed("engine", middle, self.clock())
        return table


def fingerprint_of(rule: SegmentRule | None) -> str | None:
    """The canonical fingerprint of a rule, None for none."""
    return None if rule is None else fingerprint(rule.node)


_DONE: Mapping[type[SegmentChange], str] = {Save: "save", Counted: "refresh", Rename: "rename", Archive: "archive", Share: "share"}
"""What the audit calls a change of a saved segment."""


def _labels(key: str, params: Mapping[str, str]) -> Text:
    return Text(zh=message("zh", key, params), en=message("en", key, params))


def _both(labels: Sequence[Text], rule: ValidatedRule) -> tuple[Reading, ...]:
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


def _customers(table: Table) -> tuple[int, ...]:
    """The ids of a list of customers, in its order."""
    return tuple(int(str(row[0])) for row in table.rows)


def _shelves(request: Request) -> bool:
    """Whether it gives no customers; to open no segment by name is to ask which there are."""
    return request.kind in ("segments", "archive", "rename") or (request.kind == "load" and not request.code)


def _whole(text: str) -> Quote:
    return Quote(start=0, end=len(text))


def _free_name(name: str, library: Library) -> str:
    """A name beside one that is taken: with the first number behind it that makes it free."""
    return next(f"{name} {number}" for number in count(2) if not library.named(f"{name} {number}"))


def _query(answer: Answer) -> str:
    return "" if answer.count is None else answer.count.query


def _request_id(*parts: object) -> str:
    return hashlib.sha256("\0".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _taken(edit: RuleChange, text: str, conversation: Conversation) -> Interpretation:
    """The turn of an offer taken: every word names the edit, and gate 1 judges what it makes. UserError `edit_not_possible` when the rule is another by now."""
    ledger = (LedgerEntry(0, len(text), "edit"),) if text else ()
    return Interpretation(
        (), apply(conversation.rule or SegmentRule(node=AllOf()), edit), ledger, changed=True, edit=conversation.rule is not None
    )


def _typed_choice(text: str, conversation: Conversation, picked: Mapping[str, int]) -> tuple[str, dict[str, int], Conversation]:
    """ "第一个" after a question picks its option, and after an answer another reading of it: the text asked about is read again with that choice, upon
    the rules as they stood then. UserError `choice_unknown`, `choose_one`."""
    question = conversation.pending or conversation.offered
    if question is None:
        return text, {}, conversation
    if text == question.text and question.key in picked:  # picked on the page
        return text, {}, replace(conversation, history=question.history, pending=None)
    option = typed_answer(text, question, by_words=conversation.pending is not None)
    if option is None:
        return text, {}, conversation
    return question.text, {**question.choices, question.key: option}, replace(conversation, history=question.history, pending=None)


def _open(asked: AskedQuestion, text: str, conversation: Conversation, catalog: TagCatalog) -> PendingQuestion:
    """What a later turn needs to answer a question in words."""
    readings = [option.reading for option in asked.options]
    place = together(readings)
    return PendingQuestion(
        text,
        asked.question.key,
        tuple(option.index for option in asked.options),
        dict(conversation.choices),
        option_names(readings, conversation.rule, catalog),
        None if place is None else asked.options[place].index,
        conversation.history,
    )


_STEPS: Mapping[str, Undo | Redo | StartOver] = {"undo": Undo(), "redo": Redo(), "start_over": StartOver()}


def _history_request(interpretation: Interpretation) -> Undo | Redo | StartOver | None:
    """The step through the history that a turn asks for, when every word of it was read."""
    steps = [_STEPS[request.kind] for request in interpretation.requests if request.kind in _STEPS]
    return steps[0] if steps and not any(issue.code == "unread" for issue in interpretation.issues) else None


def _compares(interpretation: Interpretation) -> bool:
    return any(request.kind == "compare_before" for request in interpretation.requests)


def _version_before(interpretation: Interpretation, conversation: Conversation) -> SegmentRule | None:
    """What the rule of an edit, or of a comparison with the version before, is compared with."""
    if interpretation.edit or (interpretation.changed and _compares(interpretation)):
        return conversation.rule
    earlier = [rule for rule in conversation.history.past if rule is not None]
    return earlier[-1] if earlier and _compares(interpretation) else None


def _without_unread(unread: Sequence[Issue], rule: SegmentRule) -> Question:
    """The option to go on without words that could not be read: labelled so, and never the answer by itself."""
    from_words = tuple(str(issue.params["words"]) for issue in unread)
    quote = unread[0].quote or (0, 0)
    return Question(
        key=unread_key(from_words),
        code="unread",
        params={
            "words": " / ".join(from_words),
            **{name: str(unread[0].params[name]) for name in ("near", "known") if _each_has(unread, name)},
        },
        quote=Quote(start=quote[0], end=quote[1]),
        readings=(Reading(None, rule),),
        always=True,
    )


def _each_has(issues: Sequence[Issue], name: str) -> bool:
    return all(name in issue.params for issue in issues)


def _groups_of(insights: Sequence[Finding]) -> tuple[AnyNode, ...]:
    """The customers of each episode that a monitor tells of: several groups that a next turn may point at."""
    return tuple(one.rule.node for found in insights if isinstance(found, Monitor) for one in found.episodes)


def _said(conversation: Conversation, text: str, rule: SegmentRule | None, changed: bool = False) -> Conversation:
    """The conversation after a turn; a changed rule goes into the history that undo walks through."""
    history = conversation.history.turn_to(rule) if changed else conversation.history
    return replace(
        conversation, turns=(*conversation.turns, Turn(text, rule, changed)), history=history, pending=None, offered=None, found=()
    )
