"""A turn that leans on one that was not answered: 跟上月比呢, 那女客户呢, what about the women?. Law: it is asked whether the customers of that turn are meant, as far as they were
understood; they are neither dropped nor taken without a word."""

from __future__ import annotations

from dataclasses import replace

from assistant.errors import Severity
from assistant.interpret.asked.again import leans
from assistant.interpret.grammar import tokens_of
from assistant.interpret.interpretation import Assumption, Context, Interpretation, Question, Reading, RequestKind
from assistant.language.text import normalise
from assistant.pipeline.measured import interpreted
from assistant.pipeline.run import Run
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.tree import AllOf, Quote, SegmentRule
from assistant.validation.verdict import ValidatedRule

_OF_CUSTOMERS: frozenset[RequestKind] = frozenset(
    {"count", "breakdown", "persona", "metric", "grid", "migration", "compare", "compare_segments", "hypothesis", "monitor", "size", "why_changed"}
)  # fmt: skip
"""Kinds that ask something of the customers spoken of, so that their own words need not name any."""


def upon_unanswered(text: str, found: Interpretation, unanswered: SegmentRule | None, context: Context, run: Run) -> Interpretation:
    """The turn with the question whose customers it is of, or as that was answered; as it was read where it names its own, or cannot be answered anyway.
    `unanswered`: the segment that the turn before was understood to be about, which was not answered."""
    if unanswered is None or canonical(unanswered.node) == canonical(AllOf()) or not _leans(text, found, context):
        return found
    so_far = found.rule or context.rule or SegmentRule(node=AllOf())
    upon = interpreted(text, replace(context, rule=unanswered, pending=False, asked=(), found=(), parts=(), draft=None), run)
    if upon.rule is None or any(issue.severity is Severity.REFUSE for issue in upon.issues) or upon.requests != found.requests:
        upon = replace(found, rule=unanswered)
    upon = replace(upon, changed=True, edit=False)
    if any(question.code == "new_or_narrow" for question in upon.questions):
        return upon  # it asks the same: of those customers, or of others
    if upon.rule is None or canonical(upon.rule.node) == canonical(so_far.node):
        return found
    key = f"unanswered {fingerprint(unanswered.node)[:8]}:{normalise(text).text}"
    words, quote = {"words": text.strip()}, Quote(turn=context.turn, start=0, end=len(text))
    readings = (Reading(None, upon.rule), Reading(None, so_far))
    question = Question(key, "of_unanswered", words, quote, readings, always=True)
    chosen = context.choices.get(key)
    if chosen is not None:
        taken = upon if chosen == 0 else found
        kept = Assumption("choice_kept", words, quote)
        return replace(taken, questions=(*taken.questions, replace(question, ask=False)), assumptions=(*taken.assumptions, kept))
    countable = isinstance(run.validate(upon.rule), ValidatedRule)
    return replace(found, rule=upon.rule if countable else so_far, questions=(question,), changed=True, edit=False)


def _leans(text: str, found: Interpretation, context: Context) -> bool:
    """Whether a turn could be answered, and says something of customers that it does not name whole."""
    if found.issues:
        return False
    if not found.changed:
        return any(request.kind in _OF_CUSTOMERS for request in found.requests)
    return leans(tokens_of(normalise(text), context))
