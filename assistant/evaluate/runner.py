"""Run eval cases through the whole walk and score them. Law: scores come from running; customer sets are compared as sets, not as rules.

silent error: answered, and not what was meant (another set of customers, another request, or something that had to be asked or refused).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.catalog.model import Language
from assistant.evaluate.cases import Case, Theme
from assistant.interpret.interpretation import Conversation, Request
from assistant.pipeline import LANGUAGES, Answer, Assistant
from assistant.policy import Identity
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import SegmentRule
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

CountBySql = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Score:
    """One case in one language."""

    theme: str
    case: str
    language: Language
    text: str
    outcome: bool
    rule: bool | None
    customers: bool | None
    silent: bool
    unnecessary: bool
    ms: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over scores. rule and customers are over the cases that have an expectation for them."""

    cases: int = 0
    outcome: int = 0
    rule: tuple[int, int] = (0, 0)
    customers: tuple[int, int] = (0, 0)
    silent: int = 0
    unnecessary: int = 0
    p95_ms: float = 0.0

    @classmethod
    def of(cls, scores: Sequence[Score]) -> Tally:
        ruled = [score.rule for score in scores if score.rule is not None]
        counted = [score.customers for score in scores if score.customers is not None]
        times = sorted(score.ms for score in scores)
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))] if times else 0.0
        return cls(
            len(scores),
            sum(score.outcome for score in scores),
            (sum(ruled), len(ruled)),
            (sum(counted), len(counted)),
            sum(score.silent for score in scores),
            sum(score.unnecessary for score in scores),
            p95,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All scores of a run."""

    scores: tuple[Score, ...]
    median_ms: float = field(default=0.0)

    def by(self, theme: str | None = None, language: Language | None = None) -> Tally:
        return Tally.of(
            [score for score in self.scores if (theme is None or score.theme == theme) and (language is None or score.language == language)]
        )

    @property
    def themes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(score.theme for score in self.scores))


def run_cases(assistant: Assistant, themes: Sequence[Theme], count_by_sql: CountBySql | None = None) -> Report:
    """Every case in every language it is written in. `count_by_sql` runs a case's hand-written count on the same data."""
    scores: list[Score] = []
    for theme in themes:
        for case in theme.cases:
            for language in LANGUAGES:
                if case.text(language) is not None:
                    scores.append(_score(assistant, theme.theme, case, language, count_by_sql))
    return Report(tuple(scores), statistics.median(score.ms for score in scores) if scores else 0.0)


def _score(assistant: Assistant, theme: str, case: Case, language: Language, count_by_sql: CountBySql | None) -> Score:
    actor = assistant
    if case.branches:
        actor = replace(assistant, identity=Identity("eval", "branch_manager", case.branches, may_list=True))
    conversation = Conversation()
    answer: Answer | None = None
    for turn in case.turns(language):
        answer, conversation = actor.ask(turn, conversation, language=language)
    assert answer is not None, "a case has at least one turn"
    outcome = answer.outcome == case.outcome
    notes: list[str] = []
    if not outcome:
        notes.append(
            f"{answer.outcome} for {case.outcome}: {[issue.code for issue in answer.issues]} {[one.question.code for one in answer.questions]}"
        )
    shown = {issue.code for issue in answer.issues} | {one.question.code for one in answer.questions}
    if case.code is not None and case.code not in shown and outcome:
        outcome = False
        notes.append(f"shown {sorted(shown)} for {case.code}")
    rule, customers = None, None
    expected = case.node
    if expected is not None and case.outcome == "answered":
        rule = answer.rule is not None and canonical_rule(answer.rule.node, assistant.catalog.expand_all) == canonical_rule(
            expected, assistant.catalog.expand_all
        )
        customers = rule if rule and case.count_sql is None else _same_customers(actor, answer, case, count_by_sql)
        if not rule:
            notes.append("rule differs")
    requested = _requests(answer.requests)
    requests_met = set(case.requests) <= requested
    if case.requests and not requests_met:
        outcome = False
        notes.append(f"requests {sorted(requested)} for {list(case.requests)}")
    wrong = customers is False or (case.requests != () and not requests_met) or (case.outcome != "answered")
    return Score(
        theme, case.id, language, case.text(language) or "", outcome, rule, customers,
        silent=answer.outcome == "answered" and wrong,
        unnecessary=case.outcome == "answered" and answer.outcome == "choice",
        ms=answer.ms.get("total", 0.0), note="; ".join(notes),
    )  # fmt: skip


def _requests(requests: Sequence[Request]) -> set[str]:
    return {" ".join(part for part in (request.kind, request.code, request.level or request.detail) if part) for request in requests}


def _same_customers(assistant: Assistant, answer: Answer, case: Case, count_by_sql: CountBySql | None) -> bool:
    """Whether the answer's customers are those of the expected rule, and as many as the hand-written count says."""
    if answer.outcome != "answered" or answer.validated is None or case.node is None:
        return False
    verdict = validate(SegmentRule(node=case.node), assistant.catalog, assistant.identity, answer.as_of, answer.today, assistant.snapshots)
    if not isinstance(verdict, ValidatedRule):
        return False
    got = assistant.members(answer.validated)
    if got != assistant.members(verdict):
        return False
    return case.count_sql is None or count_by_sql is None or count_by_sql(case.count_sql) == len(got)
