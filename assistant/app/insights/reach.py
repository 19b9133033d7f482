"""A strategy template as it was applied: what it is, whom it reaches and whom it leaves out, as JSON and as tables. Law: what is said of it is the template's own words."""

from __future__ import annotations

from assistant.app.shown import Grid, both, number_of, words_of
from assistant.catalog.model import Language
from assistant.catalog.strategy import StrategyParameter
from assistant.insight.reach import Reach
from assistant.narrate.messages import message
from assistant.narrate.render import amount
from assistant.pipeline import Answer
from assistant.rule.canonical import Json


def wire(found: Reach, answer: Answer) -> Json:
    """The template with its numbers, the customers it reaches, and each reason with those it leaves out first."""
    strategy, framework = found.strategy, answer.catalog.framework
    parameters: list[Json] = [
        {
            "parameter": name,
            "name": both(one.name.get),
            "value": str(found.values[name]),
            "default": str(one.default),
            "low": str(one.low),
            "high": str(one.high),
            "unit": one.unit,
            "why": both(one.why.get),
        }
        for name, one in strategy.parameters.items()
    ]
    left_out: list[Json] = [
        {"code": one.code, "name": both(one.name.get), "count": number_of(answer, f"reach.{place}.lost")}
        for place, one in enumerate(found.reasons)
    ]
    placed = {
        key: {"code": code, **both(framework.label(code).get)}
        for key, code in (("track", strategy.track), ("line", strategy.line), ("stage", strategy.stage))
    }
    return {
        "code": strategy.code,
        "name": both(strategy.name.get),
        "goal": both(strategy.goal.get),
        **placed,
        "version": strategy.version,
        "owner": strategy.owner,
        "purpose": strategy.purpose,
        "parameters": parameters,
        "channels": [{"code": code, **both(framework.label(code).get)} for code in strategy.channels],
        "reachable": number_of(answer, "reach.reachable"),
        "left_out": left_out,
        "playbook": [both(one.get) for one in strategy.playbook],
        "measure": both(strategy.measure.get),
        "days": strategy.days,
    }


def card(found: Reach, answer: Answer, language: Language) -> Grid:
    """What the template is: one row a part."""
    strategy, framework = found.strategy, answer.catalog.framework
    join = message(language, "readback.list_join")

    def label(code: str) -> str:
        return framework.label(code).get(language)

    rows = [
        ("strategy_goal", strategy.goal.get(language)),
        ("strategy_place", join.join((label(strategy.track), label(strategy.line), label(strategy.stage)))),
        *(("strategy_parameter", _parameter(one, found, name, language)) for name, one in strategy.parameters.items()),
        ("strategy_channels", join.join(label(code) for code in strategy.channels)),
        *(("strategy_playbook", one.get(language)) for one in strategy.playbook),
        ("strategy_measure", message(language, "answer.strategy_measure", {"measure": strategy.measure.get(language)})),
        ("owner_name", strategy.owner),
    ]
    header = (message(language, "page.strategy"), strategy.name.get(language))
    return Grid(message(language, "page.strategy"), header, tuple((message(language, f"page.{key}"), words) for key, words in rows))


def _parameter(one: StrategyParameter, found: Reach, name: str, language: Language) -> str:
    low, high, value = (amount(number, one.unit, language) for number in (one.low, one.high, found.values[name]))
    said = {"name": one.name.get(language), "value": value, "low": low, "high": high, "why": one.why.get(language)}
    return message(language, "answer.strategy_parameter", said)


def grid(found: Reach, answer: Answer, language: Language) -> Grid:
    """Those selected, each reason with those it leaves out, and those who are left."""
    rows = [(message(language, "page.strategy_selected"), words_of(answer, "count", language))]
    rows += [
        (message(language, "answer.strategy_lost", {"reason": one.name.get(language)}), words_of(answer, f"reach.{place}.lost", language))
        for place, one in enumerate(found.reasons)
    ]
    rows.append((message(language, "page.strategy_reachable"), words_of(answer, "reach.reachable", language)))
    header = (message(language, "page.strategy_left_out"), message(language, "page.count"))
    return Grid(
        message(language, "page.strategy_reach"), header, tuple(rows), frozenset({1}), message(language, "page.strategy_reach_help")
    )
