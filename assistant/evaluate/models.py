"""The same requests to the grammar, to a model, to both together, and to the model writing SQL itself. Law: one bank, one model, one set of cases; judged by the customers that came out, not by rules.

    grammar    the product without a model
    model      the model's links with the deterministic readers, the grammar's own words withheld; believed when no check finds a doubt
    ensemble   the product with the model as it is by default
    sql        the model writes SQL over the same elements of the catalog (`evaluate/rival.py`)

silent: answered with other customers, or answered where it had to be asked or refused. first: exact once the first option of what was asked is taken.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from assistant.catalog.model import LANGUAGES, Language
from assistant.evaluate.cases import Before, Case, Theme
from assistant.evaluate.replies import KeptReplies, Spent
from assistant.evaluate.rival import SqlWriter
from assistant.interpret.interpretation import Conversation, Interpreter
from assistant.pipeline import Answer, Assistant
from assistant.rule.tree import SegmentRule
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

Arm = Literal["grammar", "ensemble", "sql", "model"]
ARMS: tuple[Arm, ...] = get_args(Arm)
COLLOQUIAL = "colloquial"
"""How the themes begin that were written as people talk, by someone who had not read the grammar: half of a sample."""
_MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A case in one language."""

    theme: str
    case: Case
    language: Language

    @property
    def text(self) -> str:
        return self.case.text(self.language) or ""

    @property
    def colloquial(self) -> bool:
        return self.theme.startswith(COLLOQUIAL)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an arm made of a case. `outcome`: as an answer's, or what came of a query; `exact`, `first`: None where no customers are expected."""

    asked: Asked
    arm: Arm
    outcome: str
    exact: bool | None
    first: bool | None
    silent: bool
    question: bool
    seconds: float
    spent: Spent


@dataclass(frozen=True, slots=True)
class Standing:
    """Sums over what an arm made of some cases."""

    cases: int
    expected: int
    exact: int
    first: int
    silent: int
    questions: int
    failures: int
    seconds: float
    tokens: float

    @classmethod
    def of(cls, judged: Iterable[Judged]) -> Standing:
        """Seconds and tokens are means over the cases."""
        found = list(judged)
        return cls(
            len(found),
            sum(one.exact is not None for one in found),
            sum(one.exact is True for one in found),
            sum(one.first is True for one in found),
            sum(one.silent for one in found),
            sum(one.question for one in found),
            sum(bool(one.spent.failures) for one in found),
            sum(one.seconds for one in found) / max(1, len(found)),
            sum(one.spent.tokens_in + one.spent.tokens_out for one in found) / max(1, len(found)),
        )


def sampled(themes: Sequence[Theme], count: int, seed: int) -> tuple[Asked, ...]:
    """A fixed sample: half of it colloquial as far as there are so many, each half drawn from its themes and languages in turn. Only requests that stand alone and ask for customers."""
    groups: dict[bool, dict[tuple[str, Language], list[Asked]]] = {True: defaultdict(list), False: defaultdict(list)}
    for theme in themes:
        for case in theme.cases:
            if (
                case.requests
                or case.other
                or case.branches
                or case.before != Before()
                or (case.outcome == "answered" and case.node is None)
            ):
                continue
            for language in LANGUAGES:
                if case.text(language) is not None:
                    one = Asked(theme.theme, case, language)
                    groups[one.colloquial][theme.theme, language].append(one)
    chance = random.Random(seed)
    colloquial, other = (list(_in_turn(groups[kind], chance)) for kind in (True, False))
    half = min(len(colloquial), count // 2)
    return (*colloquial[:half], *other[: count - half])


def _in_turn(groups: Mapping[tuple[str, Language], list[Asked]], chance: random.Random) -> Iterable[Asked]:
    """Each group in an order drawn by lot, one of every group in turn."""
    waiting = [chance.sample(group, len(group)) for _, group in sorted(groups.items())]
    while any(waiting):
        for group in waiting:
            if group:
                yield group.pop()


@dataclass(frozen=True)
class SideBySide:
    """The arms over one bank and one model: an interpreter each, and the writer of SQL."""

    assistant: Assistant
    interpreters: Mapping[Arm, Interpreter]
    writer: SqlWriter
    replies: KeptReplies
    clock: Callable[[], float] = time.perf_counter

    def judge(self, asked: Asked, arm: Arm) -> Judged:
        """One case by one arm."""
        expected = self._expected(asked.case)
        self.replies.taken()
        started = self.clock()
        if arm == "sql":
            written = self.writer.answer(asked.text)
            own, spent = self.clock() - started, self.replies.taken()
            answered, question = written.said == "customers", written.said == "question"
            exact = answered and written.customers == expected
            return self._judged(asked, arm, written.said, expected, exact, exact, answered, question, own, spent)
        actor = replace(self.assistant, interpreter=self.interpreters[arm])
        answer, conversation = actor.ask(asked.text, Conversation(), language=asked.language)
        own, spent = self.clock() - started, self.replies.taken()
        exact = expected is not None and self._customers(answer) == expected
        first = exact or (expected is not None and self._customers(self._first_taken(actor, asked, answer, conversation)) == expected)
        self.replies.taken()
        answered, question = answer.outcome == "answered", answer.outcome == "choice"
        return self._judged(asked, arm, answer.outcome, expected, exact, first, answered, question, own, spent)

    def _judged(
        self, asked: Asked, arm: Arm, outcome: str, expected: frozenset[int] | None, exact: bool, first: bool, answered: bool, question: bool,
        own: float, spent: Spent,
    ) -> Judged:  # fmt: skip
        known = expected is not None
        seconds = own - spent.waited + spent.seconds
        return Judged(
            asked, arm, outcome, exact if known else None, first if known else None, answered and not exact, question, seconds, spent
        )

    def _expected(self, case: Case) -> frozenset[int] | None:
        """The customers of the hand-written rule; None where the case is to be asked or refused."""
        node = case.node
        if case.outcome != "answered" or node is None:
            return None
        assistant = self.assistant
        today = self.writer.everyone.today
        verdict = validate(
            SegmentRule(node=node), assistant.catalog, assistant.identity, assistant.engine.as_of, today, assistant.snapshots
        )
        return frozenset(assistant.members(verdict)) if isinstance(verdict, ValidatedRule) else None

    def _customers(self, answer: Answer) -> frozenset[int] | None:
        if answer.outcome != "answered" or answer.validated is None:
            return None
        return frozenset(self.assistant.members(answer.validated))

    def _first_taken(self, actor: Assistant, asked: Asked, answer: Answer, conversation: Conversation) -> Answer:
        """The answer after the first option of each question that stands in its way."""
        choices: dict[str, int] = {}
        for _ in range(_MOST_CHOICES):
            if answer.outcome != "choice" or not answer.questions:
                break
            question = answer.questions[0]
            choices[question.question.key] = question.options[0].index
            answer, conversation = actor.ask(asked.text, conversation, language=asked.language, choices=choices)
        return answer
