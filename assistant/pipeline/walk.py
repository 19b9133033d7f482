"""The walk of one turn: read, then refuse, ask or answer. Law: the only place that knows the order of the steps; every step's result is believed only after its gate.

interpret -> validate -> (Choice | Refusal | plan -> guard -> execute -> read -> facts -> narrate -> ground) -> Answer
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.catalog.search import search_of
from assistant.errors import Issue, Severity, UserError
from assistant.facts import FactSheet
from assistant.insight.breakdown import Breakdown
from assistant.insight.compare import Comparison
from assistant.insight.counted import counted
from assistant.insight.coverage import coverage
from assistant.insight.grid import Grid
from assistant.insight.metric import Metric
from assistant.insight.requested import Finding
from assistant.interpret.asked.again import remembered
from assistant.interpret.edits.pointing import subjects
from assistant.interpret.grammar import may_be_left_out
from assistant.interpret.interpretation import (
    BUILT,
    MENDING,
    Assumption,
    Context,
    Conversation,
    Interpretation,
    PendingQuestion,
    Request,
    Turn,
)
from assistant.pipeline.answer import Answer, Outcome
from assistant.pipeline.answering import answered
from assistant.pipeline.calls import before_calling, called
from assistant.pipeline.differencing import held, own_set, settled
from assistant.pipeline.measured import drafted, interpreted, stepped
from assistant.pipeline.questions import left_open, priced, put, withheld_of, without_unread
from assistant.pipeline.run import Run
from assistant.pipeline.segments import before_saving, kept, shelved, shelves
from assistant.pipeline.turns import compares, groups_of, history_request, parts_of, said, taken, version_before
from assistant.pipeline.unanswered import upon_unanswered, without_unsettled
from assistant.pipeline.verified import verified
from assistant.policy import denied, may
from assistant.rule.edits import Redo, RuleChange, StartOver, Undo
from assistant.rule.tree import AllOf, SegmentRule, children
from assistant.rule.tree import walk as walk_rule
from assistant.validation.validate import scope_of
from assistant.validation.verdict import Choice, Refusal, ValidatedRule

_ACTS = frozenset({"save", "call_list"})
"""Requests that do something with the segment: with an open question, it is not known which one."""
_NAMING = frozenset({"save", "load", "rename", "archive", "restore", "history", "refresh", "explain", "what_tags"})
"""Requests whose code and detail name a segment or words, never a tag that is looked at."""


def walk(start: Answer, conversation: Conversation, run: Run, edit: RuleChange | None = None) -> tuple[Answer, Conversation]:
    since = run.clock()
    context = Context(
        run.catalog,
        start.as_of,
        start.today,
        len(conversation.turns),
        conversation.rule,
        conversation.choices,
        scope_of(run.catalog, run.identity),
        conversation.pending is not None,
        library=run.library,
        opened=conversation.opened,
        found=conversation.found,
        asked=conversation.asked,
        parts=conversation.parts,
        draft=None if conversation.pending is None else conversation.pending.draft,
        cancel=run.cancel,
    )
    if edit is None:
        interpretation = verified(start.text, context, run) or upon_unanswered(
            start.text, interpreted(start.text, context, run), conversation, context, run
        )
        interpretation = without_unsettled(start.text, interpretation, conversation, context)
    else:
        interpretation = taken(edit, start.text, conversation)
    run.timed("interpret", since)
    run.named = interpretation.rule if interpretation.changed and edit is None else None
    answer = replace(
        start,
        requests=interpretation.requests,
        ledger=interpretation.ledger,
        assumptions=interpretation.assumptions,
        by=interpretation.by,
        warnings=interpretation.warnings,
        edited=interpretation.edit,
        tags_as_of=max((day for day in run.snapshots if day <= start.as_of), default=None),
    )
    request = next((request for request in interpretation.requests if shelves(request)), None)
    if request is not None and not interpretation.issues:
        return shelved(answer, request, conversation, run)
    step = history_request(interpretation)
    if step is not None:
        return _history(answer, step, conversation, run)
    listing = next((request for request in interpretation.requests if request.kind in ("strategies", "strategy_coverage")), None)
    if listing is not None:
        return _listed(answer, listing, conversation, run)
    explained = [request for request in interpretation.requests if request.kind in ("explain", "what_tags")]
    if explained:
        return _explain(answer, explained, conversation)
    unbuilt = tuple(request for request in interpretation.requests if request.kind not in BUILT)
    if unbuilt:
        issues = tuple(Issue("request_not_built", Severity.REFUSE, params={"request": request.kind}) for request in unbuilt)
        after = said(conversation, start.text, conversation.rule)
        named = interpretation.rule if interpretation.changed else conversation.unanswered
        return replace(answer, outcome="inexpressible", rule=conversation.rule, issues=issues), replace(after, unanswered=named)
    if conversation.pending is not None and any(issue.code == "answer_first" for issue in interpretation.issues):
        return _asked_again(start, interpretation.issues, conversation.pending, conversation, run)
    acts = not interpretation.changed and any(request.kind in _ACTS for request in interpretation.requests)
    if conversation.pending is not None and acts:
        return _asked_again(start, (Issue("answer_first", Severity.ASK),), conversation.pending, conversation, run)
    if interpretation.ladders:
        interpretation, assumed = stepped(start.text, interpretation, conversation, run)
        answer = replace(answer, assumptions=(*answer.assumptions, *assumed))
    decided, after = _decide(answer, interpretation, conversation, run)
    after = _asked_behind(after, conversation.pending)
    if decided.outcome == "answered" and any(request.kind == "basis" for request in interpretation.requests):
        decided = replace(decided, explained=_elements(decided.rule))
    if decided.outcome != "answered":
        after = replace(after, offered=None)  # "the first one" points at nothing before a turn that got no answer
        if interpretation.changed:
            after = replace(after, unanswered=interpretation.rule)
    if interpretation.draft is None or decided.outcome not in ("choice", "inexpressible"):
        return decided, after
    return replace(decided, draft=drafted(interpretation.draft, run)), after


def _asked_behind(after: Conversation, open_before: PendingQuestion | None) -> Conversation:
    """The question a turn ended with, or whose other readings it offers, with the one that was open when it was said."""
    if open_before is None:
        return after
    pending, offered = (
        one if one is None or one == open_before or one.behind is not None else replace(one, behind=open_before)
        for one in (after.pending, after.offered)
    )
    return replace(after, pending=pending, offered=offered)


def _asked_again(
    start: Answer, issues: Sequence[Issue], question: PendingQuestion, conversation: Conversation, run: Run
) -> tuple[Answer, Conversation]:
    """An edit typed while a question is open: the question, of the words it was about, stays open and shows its options once more."""
    before = replace(
        conversation, history=question.history, choices=question.choices, pending=question.behind, unanswered=question.unanswered
    )
    again, _ = walk(replace(start, text=question.text), before, run)
    return replace(again, issues=tuple(issues)), conversation


def _decide(answer: Answer, interpretation: Interpretation, conversation: Conversation, run: Run) -> tuple[Answer, Conversation]:
    """Refuse, ask or answer, by the interpreter's issues and gate 1."""
    if interpretation.changed:
        conversation = replace(conversation, pending=None, offered=None)  # whoever says something else leaves the open question
    issues = interpretation.issues
    misspelt = [question for question in interpretation.questions if question.code in MENDING]
    rule = interpretation.rule
    if misspelt and (rule is None or any(issue.severity is Severity.REFUSE for issue in issues)):
        return put(replace(answer, rule=rule, issues=issues), priced(misspelt, "options", answer.text, run), conversation)
    refused = tuple(issue for issue in issues if issue.severity is Severity.REFUSE)
    if refused:
        return replace(
            answer, outcome="inexpressible", issues=issues, rule=interpretation.rule if interpretation.changed else None
        ), conversation
    forbidden = _forbidden_requests(interpretation.requests, run)
    if forbidden:
        return replace(answer, outcome="forbidden", issues=forbidden, rule=conversation.rule), conversation
    if compares(interpretation) and not issues and (rule is None or version_before(interpretation, conversation) is None):
        return replace(answer, outcome="choice", rule=rule, issues=(Issue("nothing_to_compare", Severity.WARN),)), conversation
    saving = next((request for request in interpretation.requests if request.kind == "save"), None)
    if saving is not None and rule is None and not issues:
        return replace(answer, outcome="choice", issues=(Issue("nothing_to_save", Severity.WARN),)), conversation
    calling = next((request for request in interpretation.requests if request.kind == "call_list"), None)
    if calling is not None and rule is None and not issues:
        return replace(answer, outcome="choice", issues=(Issue("nothing_to_call", Severity.WARN),)), conversation
    if rule is None and interpretation.requests and not issues:
        rule = SegmentRule(node=AllOf())
    if rule is None:
        return replace(answer, outcome="choice", issues=issues), conversation
    verdict = run.validate(rule)
    if isinstance(verdict, Refusal):
        return replace(answer, outcome=verdict.kind, rule=rule, issues=(*issues, *verdict.issues)), conversation
    if isinstance(verdict, Choice):
        return replace(answer, outcome="choice", rule=rule, issues=(*issues, *verdict.issues)), conversation
    for node in (request.node for request in interpretation.requests if request.node is not None):
        other = run.validate(SegmentRule(node=node))
        if not isinstance(other, ValidatedRule):
            outcome: Outcome = other.kind if isinstance(other, Refusal) else "choice"
            return replace(answer, outcome=outcome, rule=rule, issues=(*issues, *other.issues)), conversation
    asked_issues = tuple(issue for issue in issues if issue.severity is Severity.ASK)
    doubts = [question for question in interpretation.questions if question.ask]
    unread = [issue for issue in asked_issues if issue.code == "unread"]
    if any(not may_be_left_out(issue) for issue in unread):
        shown_first = tuple(Assumption("asked_later", dict(one.params), one.quote) for one in doubts if one not in misspelt)
        answer = replace(answer, assumptions=(*answer.assumptions, *shown_first))
        doubts = misspelt  # every other option would say the opposite of what was said
    if unread and not misspelt and interpretation.changed and all(may_be_left_out(issue) for issue in asked_issues):
        doubts.append(without_unread(unread, rule))
    questions = priced(doubts, "options", answer.text, run)
    open_questions = tuple(question for question in questions if question.question.always or not question.same)
    if open_questions or asked_issues:
        turned = any(issue.code == "unread" and not may_be_left_out(issue) for issue in asked_issues)
        shown = None if turned else rule  # without the words that turn it round it would say the opposite
        return put(replace(answer, rule=shown, validated=verdict, issues=issues), open_questions, conversation)
    assumed = tuple(
        Assumption("same_customers", {"words": question.question.params.get("words", "")}, question.question.quote)
        for question in questions
    )
    answer = replace(
        answer, rule=rule, validated=verdict, assumptions=(*answer.assumptions, *assumed), warnings=(*answer.warnings, *verdict.warnings)
    )
    if saving is not None:
        first = before_saving(answer, saving, verdict, conversation, run)
        if first is not None:
            return _with_alternatives(first[0], interpretation, run), first[1]
    if calling is not None:
        first = before_calling(answer, calling, verdict, conversation, run)
        if first is not None:
            return _with_alternatives(first[0], interpretation, run), first[1]
        verdict = run.passed(rule, run.as_of)
        answer = replace(answer, validated=verdict)
    told = _with_alternatives(answered(answer, verdict, interpretation, conversation, run), interpretation, run)
    now_only = tuple(Assumption(code, {"date": run.as_of.isoformat()}) for code in _told_of_now_only(told.insights))
    told = replace(told, assumptions=(*told.assumptions, *now_only))
    if calling is not None:
        told = replace(told, calls=called(told, verdict, conversation, run, interpretation.changed))
    after = said(conversation, answer.text, rule, changed=interpretation.changed)
    if interpretation.changed and not interpretation.edit:
        after = replace(after, opened=None)
    done = kept(told, interpretation.requests, verdict, conversation, run)
    if done is not None and told.facts is not None and told.count is not None:
        holding = held([own_set("count", verdict, told.count.n), *counted(done, verdict)], verdict, answer.text, run)
        holding.close(told.facts)
        done.facts(told.facts)
        settled(holding, told.facts, run)
        told, after = replace(told, kept=done), replace(after, opened=done.segments[0].id)
    after = replace(
        after, found=groups_of(told.insights), parts=parts_of(told.insights), asked=remembered(conversation.asked, interpretation)
    )
    if len(told.alternatives) == 1:
        after = replace(after, offered=left_open(told.alternatives[0], answer.text, conversation, run.catalog))
    return told, after


def _with_alternatives(answer: Answer, interpretation: Interpretation, run: Run) -> Answer:
    """The other readings of what was taken as read, counted once the answer itself is: what is told of them takes nothing from it."""
    others = priced([question for question in interpretation.questions if not question.ask], "alternatives", answer.text, run)
    alternatives = tuple(question for question in others if not question.same)
    return replace(answer, alternatives=alternatives, warnings=(*answer.warnings, *withheld_of(alternatives)))


def _told_of_now_only(insights: Sequence[Finding]) -> tuple[str, ...]:
    """The codes of what stands beside a comparison in time of customers and is not of both dates itself: how they are split, and figures of them."""
    if not any(isinstance(one, Comparison) for one in insights):
        return ()
    split, figure = (any(isinstance(one, kinds) for one in insights) for kinds in (Breakdown | Grid, Metric))
    return (*(("change_not_by_group",) if split else ()), *(("change_not_of_figure",) if figure else ()))


def _forbidden_requests(requests: Sequence[Request], run: Run) -> tuple[Issue, ...]:
    """Breaking down by a tag, or a figure of it, is a use of the tag; to ask about one customer is to list."""
    found = []
    policy, who = run.catalog.policy, run.identity
    for request in requests:
        if request.kind == "why_in" and not may(policy, who, "list_members"):
            found.append(Issue("forbidden_list", Severity.REFUSE))
        if request.kind == "call_list":
            denials = (denied(policy, who, needed) for needed in ("make_calls", "list_members"))
            found += [Issue(one.code, Severity.REFUSE, params=dict(one.params)) for one in denials if one is not None][:1]
        for tag in (run.catalog.tags.get(code) for code in (*request.code.split(), request.detail) if request.kind not in _NAMING):
            denial = None if tag is None else denied(policy, who, "ask", tag.asset, run.purpose)
            if denial is not None:
                found.append(Issue(denial.code, Severity.REFUSE, params=dict(denial.params)))
    return tuple(found)


def _history(answer: Answer, step: Undo | Redo | StartOver, conversation: Conversation, run: Run) -> tuple[Answer, Conversation]:
    """Undo, redo and start over. To undo an open question is to drop it."""
    never_mind = any(request.detail == "never_mind" for request in answer.requests)
    dropped = isinstance(step, Undo) and (conversation.pending is not None or (never_mind and conversation.unsettled != ()))
    if dropped:
        history = conversation.history
        answer = replace(answer, assumptions=(*answer.assumptions, Assumption("question_dropped")))
    else:
        try:
            history = conversation.history.do(step)
        except UserError as error:
            return replace(answer, outcome="choice", rule=conversation.rule, issues=(Issue(error.code, Severity.WARN),)), conversation
    rule = history.present
    choices = {} if isinstance(step, StartOver) else conversation.choices
    opened = None if isinstance(step, StartOver) else conversation.opened
    turns = (*conversation.turns, Turn(answer.text, rule))
    asked = () if isinstance(step, StartOver) else conversation.asked
    after = replace(
        conversation, turns=turns, history=history, choices=choices, pending=None, offered=None, opened=opened, asked=asked, unanswered=None
    )
    if rule is None:
        code = "no_conditions_left" if isinstance(step, Undo) else "started_over"
        return replace(answer, outcome="choice", issues=(Issue(code, Severity.WARN),)), after
    verdict = run.validate(rule)
    if not isinstance(verdict, ValidatedRule):
        return replace(answer, outcome="choice", rule=rule, issues=verdict.issues), after
    edited = Interpretation((), rule, answer.ledger, changed=not dropped, edit=not dropped)
    return answered(replace(answer, rule=rule, validated=verdict, warnings=verdict.warnings), verdict, edited, conversation, run), after


def _listed(answer: Answer, request: Request, conversation: Conversation, run: Run) -> tuple[Answer, Conversation]:
    """The strategy templates, or what they cover: the catalog's own; the rule stays."""
    sheet = FactSheet(run.protection)
    found = coverage(run.catalog, listed=request.kind == "strategies")
    found.facts(sheet)
    return replace(answer, insights=(found,), facts=sheet), said(conversation, answer.text, conversation.rule)


def _elements(rule: SegmentRule | None) -> tuple[str, ...]:
    """The codes of what a rule is about, in its order."""
    nodes = () if rule is None else (node for _, node in walk_rule(rule.node) if not children(node))
    return tuple(dict.fromkeys(code for node in nodes for code in sorted(subjects(node))))


def _explain(answer: Answer, asked: Sequence[Request], conversation: Conversation) -> tuple[Answer, Conversation]:
    """What a word means, or which tags there are about a topic: the catalog's own words; the rule stays."""
    codes: list[str] = []
    for request in asked:
        if request.kind == "explain":
            codes.append(request.code)
        else:
            codes.extend(dict.fromkeys(hit.code for hit in search_of(answer.catalog).find(request.code, limit=12)))
    if not codes:
        return replace(
            answer, outcome="choice", issues=(Issue("no_tags_about", Severity.ASK, params={"words": asked[0].code}),)
        ), conversation
    return replace(answer, explained=tuple(codes)), said(conversation, answer.text, conversation.rule)
