"""A validated rule answered: counted, narrowed down, looked into as asked, compared with the version before, and told in grounded words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import Fault
from assistant.facts import FactSheet
from assistant.insight import change as change_step
from assistant.insight import count as count_step
from assistant.insight import funnel as funnel_step
from assistant.insight import reliability as reliability_step
from assistant.insight.compare import Comparison
from assistant.insight.counted import CountedSet
from assistant.insight.counted import counted as told_by
from assistant.insight.figure_then import FigureThen
from assistant.insight.requested import REQUESTED, Asked, Finding, relaxing
from assistant.interpret.interpretation import Conversation, Interpretation, Request
from assistant.narrate.grounding import GroundedNarrative, ground
from assistant.narrate.template import Findings, write
from assistant.pipeline.answer import Answer
from assistant.pipeline.differencing import Held, held, own_set, settled
from assistant.pipeline.run import Run
from assistant.pipeline.turns import compares, version_before
from assistant.rule.diff import Change, diff
from assistant.rule.tree import AllOf, AnyNode, Not, TagCondition
from assistant.validation.verdict import ValidatedRule


def answered(
    answer: Answer,
    rule: ValidatedRule,
    interpretation: Interpretation,
    conversation: Conversation,
    run: Run,
) -> Answer:
    """The answer with its count, funnel, insights, change and narrative. Fault `narrative_ungrounded`; UserError as of the insights asked for."""
    qualifier = run.engine.qualifier
    sheet = FactSheet(run.protection)
    count_step.given(rule, sheet)
    counted = count_step.read(run.all(count_step.plan(rule, qualifier)))
    unknown = count_step.read_unknown(run.all(count_step.plan_unknown(rule, qualifier)), rule)
    none = count_step.read_none(run.all(count_step.plan_none(rule, qualifier)), rule)
    narrowing = funnel_step.read(run.all(funnel_step.plan(rule, qualifier)), rule)
    reliability = run.walk(reliability_step.steps(rule, counted, unknown, qualifier))
    requests = _with_version_before(interpretation, conversation, run)
    asked = [Asked(rule, one, counted, qualifier, run.snapshots, run.passed) for one in requests if one.kind in REQUESTED]
    walks = [REQUESTED[one.request.kind](one) for one in asked]
    if not counted.n and not any(one.request.kind == "size" for one in asked):
        walks.append(relaxing(Asked(rule, Request("segment"), counted, qualifier, run.snapshots, run.passed)))
    insights = [run.walk(steps) for steps in walks]
    changes, change = _change(rule, interpretation, conversation, run)
    earlier = version_before(interpretation, conversation)
    found = [*([narrowing] if narrowing is not None else []), unknown, none, *insights, *([change] if change is not None else [])]
    beside = [one for finding in found for one in told_by(finding, rule, None if earlier is None else earlier.node)]
    holdings = [
        held([own_set("count", rule, counted.n), *beside], rule, answer.text, run),
        *_held_then(insights, rule, answer, run),
    ]
    for one in holdings:
        one.close(sheet)
    counted.facts(sheet, holdings[0].all_near)
    if narrowing is not None:
        narrowing.facts(sheet)
    count_step.unknown_facts(unknown, sheet)
    count_step.none_facts(none, sheet)
    reliability.facts(sheet)
    for finding in insights:
        finding.facts(sheet)
    if change is not None:
        change.facts(sheet)
    for one in holdings:
        settled(one, sheet, run)
    warnings = [issue for one in holdings for issue in one.warning(run.protection.min_cell)]
    answer = replace(answer, warnings=(*answer.warnings, *warnings[:1]))
    since = run.clock()
    findings = Findings(
        count=counted,
        funnel=narrowing,
        insights=insights,
        unknown=unknown,
        none=none,
        reliability=reliability,
        change=change,
        changes=changes,
        compared=compares(interpretation),
    )
    narrative: dict[Language, GroundedNarrative] = {}
    for language in LANGUAGES:
        grounded = ground(write(findings, rule, sheet, language), sheet)
        if not isinstance(grounded, GroundedNarrative):
            raise Fault("narrative_ungrounded", words=grounded.words, unknown=grounded.unknown)
        narrative[language] = grounded
    run.timed("narrate", since)
    if run.phraser is not None:
        since = run.clock()
        narrative[answer.language] = run.phraser.phrased(narrative[answer.language], run.cancel)
        run.timed("phrase", since)
    return replace(
        answer,
        count=counted,
        unknown=unknown,
        reliability=reliability,
        funnel=narrowing,
        insights=tuple(insights),
        changes=changes,
        change=change,
        facts=sheet,
        narrative=narrative,
    )


def _held_then(insights: Sequence[Finding], rule: ValidatedRule, answer: Answer, run: Run) -> tuple[Held, ...]:
    """The rule at the dates it is compared with, and of a figure those with a value then, held against what was told before."""
    own = rule.rule.node
    return tuple(
        held(sets, earlier, answer.text, run)
        for one in insights
        if (sets := _sets_then(one, own)) and isinstance(one, Comparison | FigureThen)
        if isinstance(earlier := run.validate(rule.rule, one.then), ValidatedRule)
    )


def _sets_then(found: Finding, own: AnyNode) -> list[CountedSet]:
    """The customers of the earlier date that a finding tells a number of."""
    match found:
        case Comparison():
            return [CountedSet("compare.count_then", own, found.count_then, "compare")]
        case FigureThen():
            known = AllOf(children=(own, Not(child=TagCondition(tag=found.tag, operator="is_unknown"))))
            sizes = ((f"{found.id}.was.n", own, found.was.n), (f"{found.id}.was.known", known, found.was.known))
            return [CountedSet(fact, node, n, found.id) for fact, node, n in sizes]
        case _:
            return []


def _with_version_before(interpretation: Interpretation, conversation: Conversation, run: Run) -> tuple[Request, ...]:
    """The requests, a comparison with the version before with that version; without it where gate 1 no longer passes it."""
    if not compares(interpretation):
        return interpretation.requests
    earlier = version_before(interpretation, conversation)
    usable = earlier is not None and isinstance(run.validate(earlier), ValidatedRule)
    others = tuple(one for one in interpretation.requests if one.kind != "compare_before")
    return (*others, Request("compare_before", node=earlier.node)) if usable and earlier is not None else others


def _change(
    rule: ValidatedRule,
    interpretation: Interpretation,
    conversation: Conversation,
    run: Run,
) -> tuple[tuple[Change, ...], change_step.Change | None]:
    """What an edit did to the rule and to the customers; the version before, when that is asked for."""
    earlier = version_before(interpretation, conversation)
    if earlier is None:
        return (), None
    before = run.validate(earlier)
    if not isinstance(before, ValidatedRule):
        return diff(earlier.node, rule.rule.node), None
    tables = tuple(run.execute(query, "change") for query in change_step.plan(before, rule, run.engine.qualifier))
    return diff(earlier.node, rule.rule.node), change_step.read(tables)
