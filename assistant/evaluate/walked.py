"""What the whole walk makes of one text, for the proofs that vary texts. Law: only asks; customers are counted only when rules differ."""

from __future__ import annotations

from assistant.evaluate.variants import Outcome
from assistant.pipeline import Assistant
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import SegmentRule
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule


def settle(assistant: Assistant, text: str, expected: SegmentRule) -> Outcome:
    """Whether a text is answered with the expected rule or the same customers, asked about, or answered with others."""
    answer, _ = assistant.ask(text)
    if answer.outcome != "answered" or answer.rule is None or answer.validated is None:
        return "asked"
    expand = assistant.catalog.expand_all
    if canonical_rule(answer.rule.node, expand) == canonical_rule(expected.node, expand):
        return "same"
    verdict = validate(expected, assistant.catalog, assistant.identity, answer.as_of, answer.today, assistant.snapshots)
    alike = isinstance(verdict, ValidatedRule) and assistant.members(answer.validated) == assistant.members(verdict)
    return "same" if alike else "different"


def answered_and_quoted(assistant: Assistant, text: str) -> tuple[bool, tuple[tuple[int, int], ...]]:
    """Whether a text is answered, and the stretches of it that issues and questions quote."""
    answer, _ = assistant.ask(text)
    issues = [issue.quote for issue in answer.issues if issue.quote is not None]
    questions = [(asked.question.quote.start, asked.question.quote.end) for asked in answer.questions]
    return answer.outcome == "answered", (*issues, *questions)
