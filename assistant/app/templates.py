"""A strategy template in words: what it is for, whom it selects, its numbers, and how it is carried out. Law: the catalog's own words; the rule is told by the read-back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.app.shown import both
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Language, Text
from assistant.catalog.strategy import Strategy, StrategyParameter
from assistant.insight.reach import reasons
from assistant.narrate.messages import message
from assistant.narrate.readback import read_back
from assistant.narrate.render import amount
from assistant.rule.canonical import Json


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a template: its title and its lines."""

    title: str
    lines: tuple[str, ...]


def parts(strategy: Strategy, catalog: TagCatalog, language: Language) -> tuple[Part, ...]:
    """A template in full, in the order a manager asks for it."""
    framework = catalog.framework
    join = message(language, "readback.list_join")

    def names(codes: Sequence[str]) -> str:
        return join.join(framework.label(code).get(language) for code in codes)

    left_out = join.join(one.name.get(language) for one in reasons(strategy, catalog))
    days = message(language, "unit.days", {"value": str(strategy.days)})
    found = (
        ("strategy_goal", (strategy.goal.get(language),)),
        ("strategy_place", (names((strategy.track, strategy.line, strategy.stage)),)),
        ("strategy_selected", (read_back(strategy.node(), catalog, language),)),
        ("strategy_parameter", tuple(parameter_line(one, language) for one in strategy.parameters.values())),
        ("strategy_channels", (names(strategy.channels),)),
        ("strategy_left_out", (left_out,) if left_out else ()),
        ("strategy_playbook", _texts(strategy.playbook, language)),
        ("strategy_measure", (message(language, "page.bracketed", {"text": strategy.measure.get(language), "more": days}),)),
        ("owner_name", (message(language, f"team.{strategy.owner}"),)),
    )
    return tuple(Part(message(language, f"page.{title}"), lines) for title, lines in found if lines)


def parameter_line(one: StrategyParameter, language: Language) -> str:
    """A number of a template with its range and why it is so."""
    said = {"name": one.name.get(language), "why": one.why.get(language)}
    said |= {name: amount(value, one.unit, language) for name, value in (("default", one.default), ("low", one.low), ("high", one.high))}
    return message(language, "strategies.parameter", said)


def strategies_json(catalog: TagCatalog) -> list[Json]:
    """The templates in use, for programs, each with its rule at its defaults."""
    return [
        {
            "code": one.code,
            "name": both(one.name.get),
            "goal": both(one.goal.get),
            "line": one.line,
            "stage": one.stage,
            "purpose": one.purpose,
            "rule": one.node().model_dump(mode="json", exclude={"said"}),
        }
        for one in catalog.strategies.values()
        if one.status == "online"
    ]


def _texts(found: Sequence[Text], language: Language) -> tuple[str, ...]:
    return tuple(one.get(language) for one in found)
