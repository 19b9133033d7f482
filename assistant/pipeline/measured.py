"""What a reading needs the data for: sizes said without a number, a step tighter or looser, the dry run of a tag the catalog lacks."""

from __future__ import annotations

from dataclasses import replace

from assistant.catalog.search import search_of
from assistant.errors import Issue, Severity
from assistant.facts import Fact, FactSheet
from assistant.insight import cutpoints
from assistant.insight import overlap as overlap_step
from assistant.interpret.interpretation import (
    ALL_OPTIONS,
    Assumption,
    Context,
    Conversation,
    Cut,
    Interpretation,
    Ladder,
    Measure,
    Question,
    Reading,
)
from assistant.interpret.offered.tag_drafts import TagDraft
from assistant.pipeline.answer import DraftedTag
from assistant.pipeline.run import Run
from assistant.rule.canonical import fingerprint
from assistant.rule.edits import RuleChange, apply
from assistant.rule.tree import RecordCondition, SegmentRule
from assistant.validation.verdict import ValidatedRule

_NEAR_ENOUGH = 60.0
"""Of 100: what a catalog search must score to be named as near to words the catalog lacks."""
_LONG_ENOUGH = 6
"""Bytes (two ideographs, six letters) below which a word stands inside too many others to be near to any."""
_MEASURED_AGAIN = 2
"""What a question's other reading has a size of (余额高) is known only once the first has been measured."""


def interpreted(text: str, context: Context, run: Run) -> Interpretation:
    """The interpretation; once more with the numbers found where a size was said without one (大额活期), which no interpreter can know."""
    interpretation = run.interpreter.interpret(text, context)
    for _ in range(_MEASURED_AGAIN):
        if not interpretation.measures:
            break
        found = {one: _cuts(one, run) for one in interpretation.measures}
        context = replace(context, cuts={**context.cuts, **found})
        interpretation = run.interpreter.interpret(text, context)
    return interpretation


def _cuts(measure: Measure, run: Run) -> tuple[Cut, ...]:
    """The numbers a size may mean among the customers the asker may see; none for what gate 1 refuses."""
    rule, whose = (run.validate(SegmentRule(node=node)) for node in (measure.node, measure.whose))
    if not isinstance(rule, ValidatedRule) or not isinstance(whose, ValidatedRule):
        return ()
    return run.walk(cutpoints.steps(rule, whose, measure.size, run.protection, run.engine.qualifier))


def stepped(
    text: str, interpretation: Interpretation, conversation: Conversation, run: Run
) -> tuple[Interpretation, tuple[Assumption, ...]]:
    """One step tighter or looser: of each condition it can mean, the nearest rung that changes the number of customers. Several conditions are a question."""
    rule = interpretation.rule
    assert rule is not None, "a step is taken from a rule"
    steps = [step for ladder in interpretation.ladders if (step := _step(rule, ladder, run)) is not None]
    quote = interpretation.ladders[0].quote
    words = text[quote.start : quote.end]
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


def _step(rule: SegmentRule, ladder: Ladder, run: Run) -> RuleChange | None:
    """The nearest rung that changes the number of customers, by so many that they may be told where there is one; None when none does."""
    present = run.validate(rule)
    if not isinstance(present, ValidatedRule):
        return None
    reached = [(edit, run.validate(apply(rule, edit))) for edit in ladder.rungs]
    usable = [(edit, verdict) for edit, verdict in reached if isinstance(verdict, ValidatedRule)]
    if not usable:
        return None
    query = overlap_step.plan([present, *(verdict for _, verdict in usable)], run.engine.qualifier)[0]
    counts = overlap_step.read((run.execute(query, "step"),), len(usable) + 1).counts
    changed = [(edit, n) for (edit, _), n in zip(usable, counts[1:], strict=True) if n != counts[0]]
    told = (edit for edit, n in changed if not run.protection.hides(n) and not run.protection.hides(abs(n - counts[0])))
    return next(told, None) or next((edit for edit, _ in changed), None)


def drafted(draft: TagDraft, run: Run) -> DraftedTag:
    """What is nearest to a tag the catalog lacks, and how it would spread: each condition of the dry run counted."""
    hits = () if draft.nearest or len(draft.words.encode()) < _LONG_ENOUGH else search_of(run.catalog).suggest(draft.words)
    found = [hit.code for hit in hits if hit.score >= _NEAR_ENOUGH]
    rules = [(node, run.validate(SegmentRule(node=node))) for node in draft.dry_run]
    usable = [(node, rule) for node, rule in rules if isinstance(rule, ValidatedRule)]
    spread: list[tuple[RecordCondition, Fact]] = []
    if usable:
        table = run.execute(overlap_step.plan([rule for _, rule in usable], run.engine.qualifier)[0], "dry_run")
        sheet, counts = FactSheet(run.protection), overlap_step.read((table,), len(usable)).counts
        for place, ((node, _), n) in enumerate(zip(usable, counts, strict=True)):
            spread.append((node, sheet.measured(f"draft.{place}", n, "customers", table.query)))
    return DraftedTag(draft, (*draft.nearest, *found), tuple(spread))
