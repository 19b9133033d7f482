"""Run eval cases through the whole walk and score them. Law: scores come from running; customer sets are compared as sets, not as rules.

silent error: answered, and not what was meant (another set of customers, another request, or something that had to be asked or refused).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.catalog.model import LANGUAGES, Language
from assistant.evaluate.cases import Expectation, Theme
from assistant.interpret.interpretation import Conversation, Request
from assistant.pipeline import Answer, Assistant
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

    @property
    def met(self) -> bool:
        """Whether the turn came to all that was expected of it."""
        return self.outcome and self.rule is not False and self.customers is not False


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

    def of(self, themes: Sequence[Theme]) -> Report:
        """The scores of some of the themes; the median stays that of the run."""
        names = {theme.theme for theme in themes}
        return replace(self, scores=tuple(score for score in self.scores if score.theme in names))

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
                    actor, conversation = _acting(assistant, case.branches), Conversation()
                    for earlier in case.before.zh if language == "zh" else case.before.en:
                        _, conversation = actor.ask(earlier, conversation, language=language)
                    answer, _ = actor.ask(case.text(language) or "", conversation, language=language)
                    scores.append(_score(actor, theme.theme, case.id, case, answer, count_by_sql))
        for talk in theme.conversations:
            for language in LANGUAGES:
                actor, conversation = _acting(assistant, talk.branches), Conversation()
                turns: list[Score] = []
                for number, turn in enumerate(talk.turns, start=1):
                    if turn.text(language) is not None:
                        answer, conversation = actor.ask(turn.text(language) or "", conversation, language=language)
                        turns.append(_score(actor, theme.theme, f"{talk.id}.{number}", turn, answer, count_by_sql))
                scores.extend(along(turns))
    return Report(tuple(scores), statistics.median(score.ms for score in scores) if scores else 0.0)


def along(turns: Sequence[Score]) -> Iterator[Score]:
    """The turns of one conversation in one language, in order: whatever follows a turn that went another way meets a conversation its author did not
    write for, so it may fail, but it is neither a silent error nor an unnecessary question of its own."""
    astray = False
    for score in turns:
        yield (
            replace(score, silent=False, unnecessary=False, note=f"{score.note} (after a turn that went another way)") if astray else score
        )
        astray = astray or not score.met


def _acting(assistant: Assistant, branches: tuple[str, ...]) -> Assistant:
    return replace(assistant, identity=Identity("eval", "branch_manager", branches)) if branches else assistant


def _score(actor: Assistant, theme: str, name: str, case: Expectation, answer: Answer, count_by_sql: CountBySql | None) -> Score:
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
        rule = answer.rule is not None and canonical_rule(answer.rule.node, actor.catalog.expand_all) == canonical_rule(
            expected, actor.catalog.expand_all
        )
        customers = rule if rule and case.count_sql is None else _same_customers(actor, answer, case, count_by_sql)
        if not rule:
            notes.append("rule differs")
    requested = requests_said(answer.requests)
    requests_met = set(case.requests) <= requested and _other_met(actor, case, answer)
    if (case.requests or case.other) and not requests_met:
        outcome = False
        notes.append(f"requests {sorted(requested)} for {list(case.requests)}")
    asked = case.requests != () or case.other is not None
    wrong = customers is False or (asked and not requests_met) or (case.outcome != "answered")
    return Score(
        theme, name, answer.language, answer.text, outcome, rule, customers,
        silent=answer.outcome == "answered" and wrong,
        unnecessary=case.outcome == "answered" and answer.outcome == "choice",
        ms=answer.ms.get("total", 0.0), note="; ".join(notes),
    )  # fmt: skip


def _other_met(actor: Assistant, case: Expectation, answer: Answer) -> bool:
    """Whether a request of the answer has the rule expected of its own, where one is."""
    wanted = case.other_node
    if wanted is None:
        return True
    expand = actor.catalog.expand_all
    nodes = [request.node for request in answer.requests if request.node is not None]
    return any(canonical_rule(node, expand) == canonical_rule(wanted, expand) for node in nodes)


def requests_said(requests: Sequence[Request]) -> set[str]:
    """Requests in the words of a case: kind, code, level or detail."""
    return {" ".join(part for part in (request.kind, request.code, request.level or request.detail) if part) for request in requests}


def _same_customers(assistant: Assistant, answer: Answer, case: Expectation, count_by_sql: CountBySql | None) -> bool:
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
