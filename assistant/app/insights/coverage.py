"""The strategy templates by line and stage, as JSON, in words and as a table. Law: a cell without a template shows that it has none."""

from __future__ import annotations

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.insight.coverage import Coverage
from assistant.narrate.messages import message
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Coverage, answer: Answer) -> Json:
    """Each cell with its number and its templates."""
    framework = answer.catalog.framework
    cells: list[Json] = [
        {
            "line": {"code": line, **both(framework.label(line).get)},
            "stage": {"code": stage, **both(framework.label(stage).get)},
            "count": number_of(answer, f"coverage.{line}.{stage}"),
            "strategies": [{"code": one.code, "name": both(one.name.get), "goal": both(one.goal.get)} for one in strategies],
        }
        for (line, stage), strategies in found.cells.items()
    ]
    return {name: number_of(answer, f"coverage.{name}") for name in ("strategies", "filled")} | {"cells": cells}


def lines(found: Coverage, answer: Answer, language: Language) -> tuple[str, ...]:
    """How many there are and how many cells they fill, then which have none."""
    framework = answer.catalog.framework
    figures = {name: words_of(answer, f"coverage.{name}", language) for name in ("strategies", "filled", "cells")}
    said = [message(language, "answer.strategies", figures)]
    if found.missing and not found.listed:
        join = message(language, "readback.list_join")
        names = join.join(
            message(
                language,
                "answer.strategy_cell",
                {"line": framework.label(line).get(language), "stage": framework.label(stage).get(language)},
            )
            for line, stage in found.missing
        )
        said.append(message(language, "answer.strategies_missing", {"names": names}))
    said.append(message(language, "answer.strategies_next"))
    return tuple(said)


def grid(found: Coverage, answer: Answer, language: Language) -> Grid:
    """Lines by stages; or one row a template where they are listed."""
    framework = answer.catalog.framework
    if found.listed:
        header = tuple(message(language, f"page.{name}") for name in ("strategy", "strategy_goal", "strategy_line", "strategy_stage"))
        rows = tuple(
            (
                one.name.get(language),
                one.goal.get(language),
                framework.label(one.line).get(language),
                framework.label(one.stage).get(language),
            )
            for one in found.strategies
        )
        return Grid(message(language, "page.strategies"), header, rows)
    stages = [stage.code for stage in framework.stages]
    across = (message(language, "page.strategy_line"), *(framework.label(stage).get(language) for stage in stages))
    cells = tuple(
        (line.label.get(language), *(words_of(answer, f"coverage.{line.code}.{stage}", language) for stage in stages))
        for line in framework.lines
    )
    return Grid(message(language, "page.strategy_coverage"), across, cells, frozenset(range(1, len(stages) + 1)))
