"""A turn that leans on one that was not answered: 跟上月比呢, 那女客户呢, what about the women?. Law: it is asked whether the customers of that turn are meant, as far as they were
understood; they are neither dropped nor taken without a word."""

from __future__ import annotations

from dataclasses import replace

from assistant.errors import Issue, Severity
from assistant.interpret.asked.again import leans, names_customers, names_everyone
from assistant.interpret.asked.watching import watches_everyone
from assistant.interpret.grammar import tokens_of
from assistant.interpret.interpretation import (
    QUESTION_LEFT,
    Assumption,
    Context,
    Conversation,
    Interpretation,
    PendingQuestion,
    Question,
    Reading,
    RequestKind,
)
from assistant.language.text import normalise
from assistant.pipeline.measured import interpreted
from assistant.pipeline.run import Run
from assistant.rule.canonical import canonical, fingerprint
from assistant.rule.diff import subjects
from assistant.rule.tree import AllOf, AnyOf, Quote, SegmentRule
from assistant.validation.verdict import ValidatedRule

_OF_CUSTOMERS: frozenset[RequestKind] = frozenset(
    {"count", "breakdown", "persona", "metric", "grid", "migration", "compare", "compare_segments", "hypothesis", "monitor", "size", "at_values", "why_changed"}
)  # fmt: skip
"""Kinds that ask something of the customers spoken of, so that their own words need not name any."""
_LEANING: frozenset[RequestKind] = frozenset({*_OF_CUSTOMERS, "save", "call_list"})
"""Kinds that ask or do something of them."""
_ASKS_WHOSE = frozenset({"of_unanswered", "new_or_narrow"})
"""Questions of whose customers are meant, open or settled by a choice made before."""
_WHOSE_KEYS = ("unanswered ", "refine ")
"""How the keys of these questions begin."""
_MOST_TOLD = 3


def upon_unanswered(text: str, found: Interpretation, conversation: Conversation, context: Context, run: Run) -> Interpretation:
    """The turn with the question whose customers it is of, or as that was answered; as it was read where it names its own, or cannot be answered anyway. Where what those customers are is
    itself an open question, that is to be answered first."""
    if any(one.code == QUESTION_LEFT for one in found.assumptions):
        return found
    unanswered, pending = conversation.unanswered, conversation.pending
    several = pending is not None and len(pending.options) > 1 and not pending.key.startswith(_WHOSE_KEYS)
    everyone = unanswered is None or canonical(unanswered.node) == canonical(AllOf())
    if several and not found.issues and not found.changed and watches_everyone(found.requests, context):
        return found
    if not _leans(text, found, context):
        return (
            found
            if unanswered is None or everyone or pending is None or not several
            else _beside(text, found, unanswered, pending, context, run)
        )
    if several:
        return replace(
            found, requests=(), rule=context.rule, changed=False, edit=False, questions=(), issues=(Issue("answer_first", Severity.ASK),)
        )
    if unanswered is None or everyone:
        return found
    so_far = found.rule or context.rule or SegmentRule(node=AllOf())
    upon = _upon(unanswered, text, context, run)
    if upon.rule is None or any(issue.severity is Severity.REFUSE for issue in upon.issues) or upon.requests != found.requests:
        if any(question.code in _ASKS_WHOSE for question in found.questions):
            return found  # its options are of the segment that stands
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


def _beside(
    text: str, found: Interpretation, unanswered: SegmentRule, pending: PendingQuestion, context: Context, run: Run
) -> Interpretation:
    """A turn that names customers by itself (how many women) while it is open which those of the turn before are: whether they are meant is asked as it is behind a turn that was answered, unless it
    says that one again in other words."""
    if not _apart(found, unanswered):
        return found
    upon = _upon(unanswered, text, context, run)
    asks = any(question.code == "new_or_narrow" for question in upon.questions)
    taken = Assumption("unanswered_first", {"words": pending.text.strip()})
    narrowed = upon.rule is not None and found.rule is not None and canonical(upon.rule.node) != canonical(found.rule.node)
    stated = replace(upon, assumptions=(*upon.assumptions, taken)) if narrowed else upon
    return replace(stated, changed=True, edit=False) if asks else found


def _apart(found: Interpretation, unanswered: SegmentRule) -> bool:
    """Whether a turn could be answered, and names customers by nothing that the turn before was about: else it says that one again in other words."""
    if found.issues or not found.changed or found.rule is None or any(question.code in _ASKS_WHOSE for question in found.questions):
        return False
    return not subjects(found.rule.node) & subjects(unanswered.node)


def _upon(unanswered: SegmentRule, text: str, context: Context, run: Run) -> Interpretation:
    """The turn read as if the customers of the one before, as far as they were understood, were spoken of. Nobody has seen those, so that even 女的呢 asks whose women are meant."""
    upon = interpreted(text, replace(context, rule=unanswered, pending=False, asked=(), found=(), parts=(), draft=None), run)
    asked = (
        replace(question, ask=True) if question.code == "new_or_narrow" and question.key not in context.choices else question
        for question in upon.questions
    )
    return replace(upon, questions=tuple(asked))


def without_unsettled(text: str, found: Interpretation, conversation: Conversation, context: Context) -> Interpretation:
    """A turn that leans on customers spoken of, or names others, behind turns that were not answered: it is said that nothing of those is in it, and where it leans on them and no others stand it is
    asked whether it is of everyone. Where whose customers are meant is asked, that says so already. A turn that is read again, with what was chosen, is not behind itself."""
    said = [one.strip() for one in conversation.unsettled if one.strip() != text.strip()]
    asked = any(question.code in _ASKS_WHOSE for question in found.questions)
    leaning = conversation.pending is None and _leans(text, found, context, _LEANING)
    named = conversation.unanswered is not None and _apart(found, conversation.unanswered)
    watching = conversation.pending is not None and not found.issues and not found.changed and watches_everyone(found.requests, context)
    if not said or asked or not (leaning or named or watching):
        return found
    words = {"words": " / ".join(dict.fromkeys(said[-_MOST_TOLD:]))}
    stated = replace(found, assumptions=(*found.assumptions, Assumption("without_unsettled", words, None)))
    key = f"unsettled {words['words'].casefold()}:{normalise(text).text}"
    if not leaning or context.rule is not None or context.choices.get(key) == 0:
        return stated
    anyone = found.rule or SegmentRule(node=AllOf())
    quote = Quote(turn=context.turn, start=0, end=len(text))
    question = Question(key, "of_unsettled", {"lost": words["words"], "words": text.strip()}, quote, (Reading(None, anyone),), always=True)
    return replace(found, questions=(*found.questions, question))


def _leans(text: str, found: Interpretation, context: Context, kinds: frozenset[RequestKind] = _OF_CUSTOMERS) -> bool:
    """Whether a turn could be answered, and says something of customers that it does not name whole: 跟上月比呢, 那女客户呢, 能触达多少."""
    if found.issues:
        return False
    if not found.changed:
        return any(request.kind in kinds for request in found.requests) and not names_everyone(tokens_of(normalise(text), context))
    tokens = tokens_of(normalise(text), context)
    one = found.rule is not None and not isinstance(found.rule.node, AllOf | AnyOf)
    counted = any(request.kind in _OF_CUSTOMERS for request in found.requests)
    return leans(tokens) or (one and counted and not names_customers(tokens))
