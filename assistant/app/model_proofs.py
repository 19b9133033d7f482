"""What the `eval` commands about a language model print: a table in words, then one line of JSON with the figures. Law: figures come from the run; passing is decided by the aims named here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from assistant.app.proofs import Print, columns, context_of, grammar_alone, rate
from assistant.catalog.load import data_room
from assistant.evaluate.cases import gated, load_cases
from assistant.evaluate.mutated import FAULTS, Fault
from assistant.evaluate.mutation import ARMS, Arm, MutationReport, Outcome, Settle, run_mutation
from assistant.evaluate.walked import settle
from assistant.interpret.interpretation import Interpreter
from assistant.pipeline import Assistant
from assistant.rule.tree import SegmentRule
from assistant.settings import Settings

LEAST_CAUGHT: Mapping[Arm, float] = {"with": 0.99, "withheld": 0.95, "unknown": 0.99}
"""Share of the faulty answers, swaps aside, that must be caught or asked about."""
MOST_FALSE_ALARMS = 0.01
"""Share of the right answers that may be asked about, where the request or the checks can vouch for them."""
_OUTCOMES: Mapping[str, Outcome] = {"same": "right", "asked": "asked", "different": "wrong"}


def prove_mutation(settings: Settings, count: int, seed: int, every: bool, tell: Print) -> bool:
    """Right and wrong answers of a model to the dev cases; whether enough of the wrong ones are caught or asked about, fault by fault, and hardly a right one is held up.
    UserError as of the catalog and the bank file."""
    assistant = grammar_alone(settings)
    themes = gated(load_cases(data_room("eval") / "cases" / "dev"))
    report = run_mutation(themes, context_of(assistant), _settling(assistant), count, seed)
    rows: list[tuple[str, ...]] = [("fault", *(f"{arm} caught" for arm in ARMS))]
    rows += [(fault, *(_caught(report, arm, fault) for arm in ARMS)) for fault in FAULTS]
    rows.append(("all but swap", *(_caught(report, arm) for arm in ARMS)))
    rows.append(("right answers held up", *("/".join(map(str, report.alarms(arm))) for arm in ARMS)))
    for line in columns(rows):
        tell(line)
    for one in report.judged:
        told = one.trial.fault is not None and one.outcome == "wrong" and one.arm != "at_once"
        if told or (one.trial.fault is None and one.outcome != "right") or (every and one.outcome == "wrong"):
            said = "; ".join(f"{link.quote} → {link.means}" for link in one.trial.links)
            tell(
                f"{one.arm} {one.outcome} {one.trial.fault or '-'} {one.trial.form or '-'} {one.trial.case}: {one.trial.said.text} | {said}"
            )
    figures = {arm: _figures(report, arm) for arm in ARMS}
    tell(json.dumps({"requests": report.requests, "answers": len(report.judged), **figures, "seed": seed}))
    return _met(report)


def _settling(assistant: Assistant) -> Settle:
    def settled(interpreter: Interpreter, text: str, expected: SegmentRule) -> Outcome:
        return _OUTCOMES[settle(replace(assistant, interpreter=interpreter), text, expected)]

    return settled


def _caught(report: MutationReport, arm: Arm, fault: Fault | None = None) -> str:
    caught, of = report.of(arm, fault)
    return f"{rate((caught, of)):.1%} of {of}" if of else "-"


def _figures(report: MutationReport, arm: Arm) -> dict[str, object]:
    found: dict[str, object] = {"caught": round(rate(report.of(arm)), 4), **report.outcomes(arm)}
    found |= {"by_fault": {fault: round(rate(report.of(arm, fault)), 4) for fault in FAULTS if report.of(arm, fault)[1]}}
    held, of = report.alarms(arm)
    return found | ({"false_alarms": round(held / of, 4), "right_answers": of} if of else {})


def _met(report: MutationReport) -> bool:
    caught = all(rate(report.of(arm)) >= least for arm, least in LEAST_CAUGHT.items())
    return caught and all(held <= MOST_FALSE_ALARMS * of for held, of in map(report.alarms, ARMS))
