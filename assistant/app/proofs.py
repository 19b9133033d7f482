"""What the `eval` commands print: a table in words, then one line of JSON with the figures. Law: figures come from the run; passing is decided by the thresholds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.app.build import build_assistant, open_engine
from assistant.catalog.load import data_room
from assistant.errors import UserError
from assistant.evaluate.agreement import run_oracle
from assistant.evaluate.cases import load_cases
from assistant.evaluate.faults import FAULTS, run_faults
from assistant.evaluate.readers import score_readers
from assistant.evaluate.runner import Report, Tally, run_cases
from assistant.narrate.messages import LANGUAGES
from assistant.settings import Settings

Print = Callable[[str], None]
LEAST_SELECTIVE = 0.7
"""Share of the oracle's rules that must keep 5 to 95 % of their base."""
FAULT_PAIRS = 2000
HOLDOUT = "holdout"
_HEAD = ("theme", "lang", "cases", "outcome", "rule", "customers", "silent", "asked", "p95 ms")


class Thresholds(BaseModel):
    """eval/thresholds.yaml: what must hold for a change to land."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    silent_errors: float
    exact_rule: float
    customers: float
    unnecessary_questions: float

    def broken(self, tally: Tally) -> tuple[str, ...]:
        """The names of the thresholds a run does not meet."""
        met = {
            "silent_errors": tally.silent <= self.silent_errors * tally.cases,
            "exact_rule": _rate(tally.rule) >= self.exact_rule,
            "customers": _rate(tally.customers) >= self.customers,
            "unnecessary_questions": tally.unnecessary <= self.unnecessary_questions * tally.cases,
        }
        return tuple(name for name, holds in met.items() if not holds)


def prove_cases(settings: Settings, part: str, failures: bool, tell: Print) -> bool:
    """Run the cases of eval/cases/<part>; whether every threshold is met. The holdout prints totals only, lest it be read by whoever mends the grammar.
    UserError as of the catalog, the bank file and the case files."""
    if failures and part == HOLDOUT:
        raise UserError("holdout_unread")
    room = data_room("eval")
    themes = load_cases(room / "cases" / part)
    thresholds = load_thresholds(room / "thresholds.yaml", part)
    engine = open_engine(settings)
    report = run_cases(build_assistant(settings, engine=engine), themes, engine.handwritten_count)
    for line in _table(report):
        tell(line)
    for score in report.scores:
        if part != HOLDOUT and (score.silent or (failures and (score.note or score.customers is False))):
            tell(f"{'SILENT ' if score.silent else ''}{score.theme}/{score.case}/{score.language}: {score.text} | {score.note}")
    whole = report.by()
    broken = thresholds.broken(whole)
    figures = {
        "part": part, "cases": whole.cases, "outcome": whole.outcome, "exact_rule": round(_rate(whole.rule), 4),
        "customers": round(_rate(whole.customers), 4), "silent_errors": whole.silent, "unnecessary_questions": whole.unnecessary,
        "median_ms": round(report.median_ms, 1), "p95_ms": round(whole.p95_ms, 1), "broken": list(broken),
    }  # fmt: skip
    tell(json.dumps(figures))
    return not broken


def prove_oracle(pairs: int, seed: int, workers: int | None, tell: Print) -> bool:
    """Random rules by SQL and by the evaluator, and faults sown into the compiler; whether there is no difference, no fault missed, and enough of a test."""
    report = run_oracle(pairs, seed, workers=workers or os.cpu_count() or 1)
    for difference in report.differences:
        tell(
            f"{difference.where}: {difference.rule} as_of {difference.as_of} only_sql {difference.only_sql} only_oracle {difference.only_oracle}"
        )
    sown = run_faults(min(pairs, FAULT_PAIRS), seed)
    for name in sown.missed:
        tell(f"missed: {name}")
    tell(json.dumps({**report.figures(), **sown.figures()}))
    return not report.differing and not sown.missed and len(sown.caught) == len(FAULTS) and report.selective_share >= LEAST_SELECTIVE


def prove_readers(path: Path, every: bool, tell: Print) -> bool:
    """Phrases with expected readings against the readers; whether all were read as expected. UserError `phrase_file`."""
    try:
        report = score_readers(path)
    except (OSError, ValueError) as error:
        raise UserError("phrase_file", path=str(path), fault=str(error)) from error
    for one in report.agreements:
        tell(f"{one.kind:<12} {one.language:<3} {one.agreed:>6} + {one.convention:<4} of {one.total:<6} {one.rate:.4f}")
    for miss in report.disagreements if every else ():
        tell(f"{miss.kind}/{miss.language}: {miss.text} | expected {miss.expected} | found {miss.found}")
    total = sum(one.total for one in report.agreements)
    agreed = sum(one.agreed for one in report.agreements)
    convention = sum(one.convention for one in report.agreements)
    tell(json.dumps({"phrases": total, "agreed": agreed, "convention": convention}))
    return agreed + convention == total


def load_thresholds(path: Path, part: str) -> Thresholds:
    """The thresholds of one part of the cases. UserError `case_file`."""
    try:
        found: Mapping[str, object] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Thresholds.model_validate(found[part])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
        raise UserError("case_file", file=path.name, fault=type(error).__name__) from error


def _table(report: Report) -> Sequence[str]:
    rows: list[tuple[str, ...]] = [_HEAD]
    for theme in report.themes:
        rows += [(theme, language, *_cells(report.by(theme, language))) for language in LANGUAGES]
    rows += [("all", language, *_cells(report.by(None, language))) for language in LANGUAGES]
    rows.append(("all", "", *_cells(report.by())))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cells(tally: Tally) -> tuple[str, ...]:
    def of(pair: tuple[int, int]) -> str:
        return f"{pair[0]}/{pair[1]}" if pair[1] else "-"

    return (
        str(tally.cases), f"{tally.outcome}/{tally.cases}", of(tally.rule), of(tally.customers), str(tally.silent), str(tally.unnecessary), f"{tally.p95_ms:.0f}",
    )  # fmt: skip


def _rate(pair: tuple[int, int]) -> float:
    return pair[0] / pair[1] if pair[1] else 1.0
