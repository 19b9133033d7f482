"""What the `eval` commands about a language model print: a table in words, then one line of JSON with the figures. Law: figures come from the run; passing is decided by the aims named here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from assistant.app.build import interpreter_of, open_chat, open_engine
from assistant.app.proofs import Print, columns, context_of, grammar_alone, rate
from assistant.catalog.examples import load_examples
from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate import models
from assistant.evaluate.alone import LinkerAlone
from assistant.evaluate.cases import gated, load_cases
from assistant.evaluate.models import SideBySide, Standing, sampled
from assistant.evaluate.mutated import FAULTS, Fault
from assistant.evaluate.mutation import ARMS, Arm, MutationReport, Outcome, Settle, run_mutation
from assistant.evaluate.replies import KeptReplies
from assistant.evaluate.rival import SqlWriter, load_sql_examples
from assistant.evaluate.walked import settle
from assistant.interpret.interpretation import Interpreter
from assistant.interpret.model import ModelLinker
from assistant.llm.prompts import load_prompts
from assistant.pipeline import Assistant
from assistant.rule.tree import AllOf, SegmentRule
from assistant.settings import Settings
from assistant.validation.validate import validate
from assistant.validation.verdict import ValidatedRule

LEAST_CAUGHT: Mapping[Arm, float] = {"with": 0.99, "withheld": 0.95, "unknown": 0.99}
"""Share of the faulty answers, swaps aside, that must be caught or asked about."""
MOST_FALSE_ALARMS = 0.01
"""Share of the right answers that may be asked about, where the request or the checks can vouch for them."""
LEAST_AHEAD = 0.40
"""By how much the ensemble must beat the model's own SQL in exact customers, once the first option of its questions is taken."""
MOST_SILENT = 0.1
"""Of the silent errors of the model's own SQL, the share the ensemble may have."""
LEAST_GAINED = 0.10
"""By how much the ensemble must beat the grammar alone on colloquial requests, once the first option is taken."""
_GONE = frozenset({"unreachable", "circuit_open", "unauthorised", "redirected"})
"""Failures after which a run is pointless until somebody mends the endpoint; what was answered is kept."""
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


def prove_models(
    settings: Settings, count: int, seed: int, cache: Path | None, every: bool, tell: Print, progress: Callable[[str, float], None]
) -> bool:
    """The arms side by side on a sample of the dev cases; whether the ensemble is as far ahead, and as seldom wrong in silence, as aimed at. UserError `setting_invalid` when no model is
    named or its endpoint is gone, and as of the catalog, the bank file and the cache."""
    chat = open_chat(settings.model_copy(update={"model_use": "when_unread"}))
    if chat is None:
        raise UserError("setting_invalid", name="model_base_url", fault="missing")
    replies = KeptReplies(chat, settings.model_name, cache)
    cases = sampled(load_cases(data_room("eval") / "cases" / "dev"), count, seed)
    bench = side_by_side(settings, replies)
    judged: list[models.Judged] = []
    for arm in models.ARMS:  # one after the other: prompts of one arm begin alike, which an endpoint reads once
        for asked in cases:
            one = bench.judge(asked, arm)
            gone = next((code for code in one.spent.failures if code in _GONE), None)
            if gone is not None:
                raise UserError("setting_invalid", name="model_base_url", fault=gone)
            judged.append(one)
            if one.silent or (every and one.exact is False):
                tell(f"{'SILENT ' if one.silent else ''}{arm} {one.outcome} {asked.theme}/{asked.case.id}/{asked.language}: {asked.text}")
            progress(arm, len(judged) / (len(cases) * len(models.ARMS)))
    scopes: Mapping[str, Callable[[models.Judged], bool]] = {
        "all": lambda one: True,
        "colloquial": lambda one: one.asked.colloquial,
        "colloquial zh": lambda one: one.asked.colloquial and one.asked.language == "zh",
        "colloquial en": lambda one: one.asked.colloquial and one.asked.language == "en",
        "other": lambda one: not one.asked.colloquial,
    }
    standings = {
        (scope, arm): Standing.of(one for one in judged if one.arm == arm and holds(one))
        for scope, holds in scopes.items()
        for arm in models.ARMS
    }
    for line in _markdown(standings):
        tell(line)
    if every:
        for theme in dict.fromkeys(asked.theme for asked in cases):
            found = {arm: Standing.of(one for one in judged if one.arm == arm and one.asked.theme == theme) for arm in models.ARMS}
            tell(f"{theme}: " + ", ".join(f"{arm} {sums.exact}/{sums.first}/{sums.expected}" for arm, sums in found.items()))
    figures: dict[str, dict[str, object]] = {scope: {} for scope in scopes}
    for (scope, arm), sums in standings.items():
        figures[scope][arm] = {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(sums).items()}
    tell(json.dumps({"model": settings.model_name, "cases": len(cases), **figures, "seed": seed}))
    return _ahead(standings)


def side_by_side(settings: Settings, replies: KeptReplies) -> SideBySide:
    """The arms over the bank file of the settings and the model behind `replies`. UserError as of the catalog, the bank file, the prompts and the examples."""
    engine = open_engine(settings)
    assistant = grammar_alone(settings, engine)
    today = engine.as_of + timedelta(days=1)
    everyone = validate(SegmentRule(node=AllOf()), assistant.catalog, assistant.identity, engine.as_of, today, assistant.snapshots)
    assert isinstance(everyone, ValidatedRule), "everyone is a rule that always holds"
    linker = ModelLinker(replies, load_prompts(), load_examples(settings.catalog))
    believed = LinkerAlone(linker, repairs=False, seconds=settings.model_deadline)
    interpreters: Mapping[models.Arm, Interpreter] = {
        "grammar": assistant.interpreter,
        "model": believed,
        "ensemble": interpreter_of(settings.model_copy(update={"model_use": "when_unread"}), replies),
    }
    prompt = load_prompts(data_room("eval") / "prompts")["sql"]
    writer = SqlWriter(replies, assistant.catalog, engine, everyone, prompt, load_sql_examples(), seconds=settings.model_deadline)
    return SideBySide(assistant, interpreters, writer, replies)


def _markdown(standings: Mapping[tuple[str, models.Arm], Standing]) -> list[str]:
    """The table of the README."""
    rows = [
        "| requests | read by | exact customers | after the first option | silent errors | asked | seconds | tokens |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (scope, arm), one in standings.items():
        if one.cases:
            shares = (f"{rate((number, one.expected)):.1%}" for number in (one.exact, one.first))
            rows.append(
                f"| {scope} ({one.cases}) | {arm} | {' | '.join(shares)} | {one.silent} | {one.questions} | {one.seconds:.1f} | {one.tokens:.0f} |"
            )
    return rows


def _ahead(standings: Mapping[tuple[str, models.Arm], Standing]) -> bool:
    def share(scope: str, arm: models.Arm) -> float:
        one = standings[scope, arm]
        return rate((one.first, one.expected))

    ensemble, rival, alone = (standings["all", arm] for arm in ("ensemble", "sql", "grammar"))
    return (
        share("all", "ensemble") - share("all", "sql") >= LEAST_AHEAD
        and ensemble.silent <= MOST_SILENT * rival.silent
        and ensemble.silent <= alone.silent
        and share("colloquial", "ensemble") - share("colloquial", "grammar") >= LEAST_GAINED
    )
