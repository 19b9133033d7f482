"""Every insight to the face that shows it. Law: one case a kind of finding, in each of the functions (mypy names the ones missing)."""

from __future__ import annotations

from assistant.app.insights import (
    breakdown,
    compare,
    contrast,
    coverage,
    figure_then,
    grid,
    hypothesis,
    metric,
    migration,
    monitor,
    persona,
    reach,
    sizing,
    why,
)
from assistant.app.shown import Grid
from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.coverage import Coverage
from assistant.insight.figure_then import FigureThen
from assistant.insight.grid import Grid as Crossing
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.persona import Persona
from assistant.insight.reach import Reach
from assistant.insight.requested import Finding, those
from assistant.insight.sizing import Sizing
from assistant.insight.why import WhyIn
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wires(answer: Answer) -> dict[str, Json]:
    """What was found, by its key on the wire; None where it was not asked for."""
    personas, comparisons = those(answer.insights, Persona), those(answer.insights, Comparison)
    return {
        "breakdown": [breakdown.wire(one, answer) for one in those(answer.insights, Breakdown)] or None,
        "grid": [grid.wire(one, answer) for one in those(answer.insights, Crossing)] or None,
        "migration": [migration.wire(one, answer) for one in those(answer.insights, Migration)] or None,
        "monitor": next((monitor.wire(one, answer) for one in those(answer.insights, Monitor)), None),
        "hypothesis": [hypothesis.wire(one, answer) for one in those(answer.insights, Hypothesis)] or None,
        "compare": compare.wire(comparisons[0], answer) if comparisons else None,
        "contrast": next((contrast.wire(one, answer) for one in those(answer.insights, Contrast)), None),
        "persona": persona.wire(personas[0], answer) if personas else None,
        "sizing": [sizing.wire(one, answer) for one in those(answer.insights, Sizing)] or None,
        "why_in": [why.wire(one, answer) for one in those(answer.insights, WhyIn)] or None,
        "strategy": next((reach.wire(one, answer) for one in those(answer.insights, Reach)), None),
        "strategies": next((coverage.wire(one, answer) for one in those(answer.insights, Coverage)), None),
        "metrics_then": [figure_then.wire(one, answer) for one in those(answer.insights, FigureThen)] or None,
        "metrics": [metric.wire(one, answer) for one in those(answer.insights, Metric)] or None,
    }


def grids(answer: Answer, language: Language) -> tuple[Grid, ...]:
    """The tables of what was found, in the order asked; all figures are one table, before the others."""
    found: list[Grid | None] = [metric.grid(those(answer.insights, Metric), answer, language)]
    found.extend(_grid(one, answer, language) for one in answer.insights)
    found.extend(reach.card(one, answer, language) for one in those(answer.insights, Reach))
    for one in those(answer.insights, Comparison):
        found.extend((compare.drivers_grid(one, answer, language), compare.newcomers_grid(one, answer, language)))
    return tuple(grid for grid in found if grid is not None)


def _grid(found: Finding, answer: Answer, language: Language) -> Grid | None:
    match found:
        case Breakdown():
            return breakdown.grid(found, answer, language)
        case Crossing():
            return grid.grid(found, answer, language)
        case Hypothesis():
            return hypothesis.grid(found, answer, language)
        case Migration():
            return migration.grid(found, answer, language)
        case Monitor():
            return monitor.grid(found, answer, language)
        case Comparison():
            return compare.grid(found, answer, language)
        case Contrast():
            return contrast.grid(found, answer, language)
        case Persona():
            return persona.grid(found, answer, language)
        case Reach():
            return reach.grid(found, answer, language)
        case Coverage():
            return coverage.grid(found, answer, language)
        case Sizing():
            return sizing.grid(found, answer, language)
        case WhyIn():
            return why.grid(found, answer, language)
        case FigureThen():
            return figure_then.grid(found, answer, language)
        case Metric():
            return None
