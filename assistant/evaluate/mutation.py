"""Right and wrong answers of a model, given to the product: what is caught or asked about, fault by fault. Law: every answer goes through the door to a model, its wire and the checks as in the product;
who is believed is decided there and not here.

The arms of the exam:

    with       the grammar reads the request by itself; the model's reading is compared with its own (`model_use = always`)
    withheld   the grammar's reading counts for nothing: a word of the catalog is known only where a link put it or quotes it, and what no check finds a doubt in is the answer
    unknown    the words of the faulty condition are such as nobody knows, and only the model says what they mean; the product as it is by default
    at_once    the same, if what no check finds a doubt in were the answer: what asking is worth
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Literal, get_args

from assistant.catalog.model import LANGUAGES
from assistant.evaluate.alone import LinkerAlone
from assistant.evaluate.cases import Before, Theme
from assistant.evaluate.linking import Form, Said, answers, disguised, faithful
from assistant.evaluate.mutated import FAULTS, Fault, Mutation, mutations
from assistant.evaluate.variants import asks
from assistant.interpret.ensemble import Ensemble
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpreter
from assistant.interpret.links import Link
from assistant.interpret.model import ModelLinker, written
from assistant.llm.chat import Failure, Prompt, Reply
from assistant.llm.guarded import GuardedChat
from assistant.llm.prompts import load_prompts
from assistant.rule.canonical import canonical_rule
from assistant.rule.tree import AnyNode, SegmentRule, children, walk

Arm = Literal["with", "withheld", "unknown", "at_once"]
ARMS: tuple[Arm, ...] = get_args(Arm)
Outcome = Literal["right", "asked", "wrong"]
"""right: answered with the rule that was meant, the fault having had no effect; asked: a question, or a refusal; wrong: answered with other customers."""
Settle = Callable[[Interpreter, str, SegmentRule], Outcome]
"""What the whole walk with an interpreter makes of a text whose rule should be the given one."""

_INVENTED = 3
"""Conditions of other requests that may be invented in one."""
_NO_REPAIR = 1.0
"""Seconds of a turn that leave none for a second call: a model that errs says the same again."""


@dataclass(slots=True)
class ScriptedChat:
    """A Chat that answers every prompt with the same links."""

    links: tuple[Link, ...] = ()

    def complete(self, prompt: Prompt, seconds: float, cancel: Event | None = None) -> Reply | Failure:
        text = written(self.links)
        return Reply(text, json.loads(text))


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer of a model to one request. `fault`, `form`: None for the right answer."""

    case: str
    said: Said
    links: tuple[Link, ...]
    fault: Fault | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of an answer in one arm."""

    trial: Trial
    arm: Arm
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class MutationReport:
    """All answers of a run. `requests`: how many requests they were made from; `unlinked`: requests that the faithful answer cannot say, which are left out of the arm where that is so."""

    judged: tuple[Judged, ...]
    requests: int

    def of(self, arm: Arm, fault: Fault | None = None, form: Form | None = None) -> tuple[int, int]:
        """(answers caught or asked about, answers) with a fault: every one but swaps for None."""
        found = [
            one.outcome
            for one in self.judged
            if one.arm == arm
            and one.trial.fault is not None
            and (one.trial.fault == fault if fault is not None else one.trial.fault != "swap")
            and form in (None, one.trial.form)
        ]
        return sum(outcome != "wrong" for outcome in found), len(found)

    def alarms(self, arm: Arm) -> tuple[int, int]:
        """(right answers that were not taken, right answers)."""
        found = [one.outcome for one in self.judged if one.arm == arm and one.trial.fault is None]
        return sum(outcome != "right" for outcome in found), len(found)

    def outcomes(self, arm: Arm) -> Mapping[str, int]:
        """How often a faulty answer, swaps aside, had each outcome."""
        return Counter(one.outcome for one in self.judged if one.arm == arm and one.trial.fault not in (None, "swap"))


@dataclass(frozen=True, slots=True)
class _Exam:
    """The product with a model whose answers are given."""

    context: Context
    settle: Settle
    chat: ScriptedChat = field(default_factory=ScriptedChat)

    @property
    def interpreters(self) -> Mapping[Arm, Interpreter]:
        linker = ModelLinker(GuardedChat(self.chat, "exam", "scripted"), load_prompts())
        return {
            "with": Ensemble(GrammarInterpreter(), linker, compare=True, seconds=_NO_REPAIR),
            "withheld": LinkerAlone(linker, repairs=False),
            "unknown": Ensemble(GrammarInterpreter(), linker, seconds=_NO_REPAIR),
            "at_once": LinkerAlone(linker, own_words=True, repairs=False),
        }

    def judge(self, trial: Trial, arm: Arm, interpreter: Interpreter) -> Judged:
        self.chat.links = trial.links
        read = interpreter.interpret(trial.said.text, self.context)
        expand = self.context.catalog.expand_all
        if not asks(read) and read.rule is not None and canonical_rule(read.rule.node, expand) == canonical_rule(trial.said.node, expand):
            return Judged(trial, arm, "right")
        if asks(read) or read.rule is None:
            return Judged(trial, arm, "asked")
        return Judged(trial, arm, self.settle(interpreter, trial.said.text, SegmentRule(node=trial.said.node)))


def run_mutation(
    themes: Sequence[Theme], context: Context, settle: Settle, count: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> MutationReport:
    """About `count` faulty answers in each arm, as many of each fault, and the right answer to each request they were made from; the same seed gives the same answers."""
    chance = random.Random(seed)
    requests = list(_requests(themes, context, chance))
    exam = _Exam(context, settle)
    interpreters = exam.interpreters
    wanted = -(-count // len(FAULTS))
    left = Counter(dict.fromkeys(FAULTS, wanted))
    judged: list[Judged] = []
    used = 0
    pool = [part for _, said in requests for _, part in walk(said.node) if not children(part)]
    for case, said in requests:
        if not +left:
            break
        used += 1
        judged += [exam.judge(Trial(case, said, said.links()), arm, interpreters[arm]) for arm in ("with", "withheld")]
        for mutation in _one_of_each(said, context, chance, pool, left):
            known = _trials(case, said, mutation, context)
            judged += [exam.judge(trial, arm, interpreters[arm]) for trial in known for arm in ("with", "withheld")]
            left[mutation.fault] -= len(known)
            hidden = disguised(said, mutation.right)
            right = None if hidden is None else exam.judge(Trial(case, hidden, hidden.links()), "at_once", interpreters["at_once"])
            if hidden is not None and right is not None:
                judged.append(right)
                for trial in _trials(case, hidden, mutation, context) if right.outcome == "right" else ():
                    judged += [exam.judge(trial, arm, interpreters[arm]) for arm in ("unknown", "at_once")]
        if progress is not None:
            progress(wanted * len(FAULTS) - sum((+left).values()), wanted * len(FAULTS))
    return MutationReport(tuple(judged), used)


def _requests(themes: Sequence[Theme], context: Context, chance: random.Random) -> Iterator[tuple[str, Said]]:
    """The requests that the grammar reads as their hand-written rule without a question, in an order drawn by lot. One whose answer has a second segment is none of these: links read rules."""
    cases = [(f"{theme.theme}/{case.id}", case) for theme in themes for case in theme.cases]
    said = [(name, case, language, text) for name, case in cases for language in LANGUAGES if (text := case.text(language)) is not None]
    chance.shuffle(said)
    expand = context.catalog.expand_all
    for name, case, language, text in said:
        if case.node is None or case.outcome != "answered" or case.branches or case.before != Before():
            continue
        read = GrammarInterpreter().interpret(text, context)
        if read.rule is None or asks(read) or read.measures or any(request.node is not None for request in read.requests):
            continue
        if canonical_rule(read.rule.node, expand) == canonical_rule(case.node, expand):
            yield name, faithful(text, language, read.rule.node, context)


def _one_of_each(
    said: Said, context: Context, chance: random.Random, pool: Sequence[AnyNode], left: Mapping[Fault, int]
) -> Iterator[Mutation]:
    """A mutation of every fault that is still wanted and that the rule can have."""
    found = list(mutations(said.node, context.catalog, chance.sample(pool, min(_INVENTED, len(pool)))))
    for fault in FAULTS:
        possible = [one for one in found if one.fault == fault]
        if possible and left[fault] > 0:
            yield chance.choice(possible)


def _trials(case: str, said: Said, mutation: Mutation, context: Context) -> list[Trial]:
    return [Trial(case, said, links, mutation.fault, form) for form, links in answers(said, mutation, context)]
