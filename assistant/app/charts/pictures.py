"""Every picture of an answer. Law: one case a kind of finding (mypy names the ones missing)."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from assistant.app.charts.breakdown import breakdown_chart
from assistant.app.charts.compare import compare_chart
from assistant.app.charts.contrast import contrast_chart, overlap_chart
from assistant.app.charts.grid import grid_chart
from assistant.app.charts.hypothesis import hypothesis_chart
from assistant.app.charts.migration import migration_chart, migration_flows
from assistant.app.charts.monitor import monitor_chart
from assistant.app.charts.newcomers import drivers_chart, newcomers_chart
from assistant.app.charts.persona import persona_chart
from assistant.app.charts.sizing import sizing_chart
from assistant.catalog.model import Language
from assistant.insight.breakdown import Breakdown
from assistant.insight.compare import Comparison
from assistant.insight.contrast import Contrast
from assistant.insight.coverage import Coverage
from assistant.insight.figure_then import FigureThen
from assistant.insight.grid import Grid
from assistant.insight.hypothesis import Hypothesis
from assistant.insight.metric import Metric
from assistant.insight.migration import Migration
from assistant.insight.monitor import Monitor
from assistant.insight.persona import Persona
from assistant.insight.reach import Reach
from assistant.insight.requested import Finding
from assistant.insight.sizing import Sizing
from assistant.insight.why import WhyIn
from assistant.narrate.messages import message
from assistant.pipeline import Answer


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its title in words."""

    title: str
    figure: go.Figure


def pictures(answer: Answer, language: Language) -> tuple[Picture, ...]:
    """The pictures of what was asked for, in the order asked; findings that words or a table tell better have none."""
    found: list[Picture | None] = []
    for one in answer.insights:
        if isinstance(one, Contrast):
            found.append(_titled("contrast_overlap", overlap_chart(one, answer, language), language))
        found.append(_picture(one, answer, language))
        if isinstance(one, Comparison):
            found.append(_titled("drivers", drivers_chart(one, answer, language), language))
            found.append(_titled("newcomers", newcomers_chart(one, answer, language), language))
        if isinstance(one, Migration):
            found.append(_titled("migration_flows", migration_flows(one, answer, language), language))
    return tuple(one for one in found if one is not None)


def _picture(found: Finding, answer: Answer, language: Language) -> Picture | None:
    match found:
        case Breakdown():
            return _titled("breakdown", breakdown_chart(found, answer, language), language)
        case Grid():
            return _titled("grid", grid_chart(found, answer, language), language)
        case Hypothesis():
            return _titled("hypothesis", hypothesis_chart(found, answer, language), language)
        case Migration():
            return _titled("migration", migration_chart(found, answer, language), language)
        case Monitor():
            return _titled("monitor", monitor_chart(found, answer, language), language)
        case Comparison():
            return _titled("compare", compare_chart(found, answer, language), language)
        case Contrast():
            return _titled("contrast", contrast_chart(found, answer, language), language)
        case Persona():
            return _titled("persona", persona_chart(found, answer, language), language)
        case Sizing():
            return _titled(found.title, sizing_chart(found, answer, language), language)
        case Metric() | FigureThen() | Reach() | Coverage() | WhyIn():
            return None


def _titled(key: str, figure: go.Figure | None, language: Language) -> Picture | None:
    return None if figure is None else Picture(message(language, f"page.{key}"), figure)
