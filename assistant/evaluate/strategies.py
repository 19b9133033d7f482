"""Every strategy template as a person would apply it: how many it selects and reaches. Law: applied by its name through the whole walk, in Chinese; in English it must read to the same rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from assistant.insight.reach import Reach
from assistant.insight.requested import those
from assistant.interpret.interpretation import Context
from assistant.pipeline import Assistant

LEAST_SELECTED = 20
MOST_SELECTED = 4
"""At most one customer in so many of the base."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One template: the customers it selects and reaches at its default numbers, None where it was not answered; `alike`: whether English reads to the same rule."""

    code: str
    selected: int | None
    reachable: int | None
    base: int
    alike: bool

    @property
    def fits(self) -> bool:
        """Whether it selects neither too few nor too many, and is read alike in both languages."""
        return self.selected is not None and LEAST_SELECTED <= self.selected <= self.base // MOST_SELECTED and self.alike


def apply_strategies(assistant: Assistant) -> tuple[Applied, ...]:
    """All online templates of the catalog, in its order."""
    day = assistant.engine.as_of
    context = Context(assistant.catalog, day, day + timedelta(days=1))
    found = []
    for strategy in assistant.catalog.strategies.values():
        if strategy.status != "online":
            continue
        answer, _ = assistant.ask(f"套用「{strategy.name.zh}」")
        english = assistant.interpreter.interpret(f'apply the strategy "{strategy.name.en}"', context)
        reach = next(iter(those(answer.insights, Reach)), None)
        counted = answer.count if answer.outcome == "answered" else None
        alike = english.rule is not None and english.rule == answer.rule and not english.questions
        found.append(
            Applied(
                strategy.code,
                None if counted is None else counted.n,
                None if reach is None or counted is None or reach.selected != counted.n else reach.reachable,
                0 if counted is None else counted.base,
                alike,
            )
        )
    return tuple(found)
