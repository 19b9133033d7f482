"""What a reader of JSON or of the page sees of a finding: the day of the tags, nobody's name that may not be shown, and numbers alone in columns of numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.app.insights.monitor import grid, wire
from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.drivers import driver
from assistant.insight.monitor import Episode, Monitor
from assistant.insight.traits import Split
from assistant.interpret.interpretation import Conversation
from assistant.pipeline import Answer, Assistant
from assistant.policy import Protection
from tests.narrate.catalog import AS_OF
from tests.narrate.sentences.test_monitor import BORROWERS, episode

FEW = driver("mort_flag", Split("true", frozenset({"true"})), BORROWERS.own, replace(BORROWERS.known, n=BORROWERS.own.n + 9))


def shown(one: Episode, answer: Answer, protection: int = 0) -> tuple[Monitor, Answer]:
    found, sheet = Monitor((one,), AS_OF - timedelta(days=29), AS_OF, 40, 0), FactSheet(Protection(protection))
    found.facts(sheet)
    return found, replace(answer, facts=sheet)


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    return assistant.ask("代发客户", Conversation())[0]


def of_one(one: Episode, answer: Answer, protection: int = 0) -> dict[str, object]:
    told = wire(*shown(one, answer, protection))
    assert isinstance(told, dict)
    (found,) = told["episodes"] if isinstance(told["episodes"], list) else ()
    assert isinstance(found, dict)
    return {**found}


def test_the_wire_says_the_day_of_the_tags_and_names_nobody_it_may_not(answer: Answer) -> None:
    dated = of_one(replace(episode(30), tags=date(2026, 7, 31)), answer)
    assert dated["tags_as_of"] == "2026-07-31"
    assert dated["traits"]
    hidden = replace(episode(30), drivers=(FEW,))
    assert of_one(hidden, answer)["traits"]
    assert of_one(hidden, answer, 10)["traits"] == []


@pytest.mark.parametrize(("language", "words"), [("zh", "之前做过、这段时间没做"), ("en", "did it in the weeks before")])
def test_whom_the_customers_of_a_fall_are_is_said_below(answer: Answer, language: Language, words: str) -> None:
    fall = episode(5)
    table = grid(*shown(replace(fall, unusual=replace(fall.unusual, shifted=())), answer), language)
    assert table is not None
    assert [cell for cell in table.rows[0] if words in cell] == []
    assert "360" in table.rows[0][4]
    assert words in str(table.note)
    assert words not in str(getattr(grid(*shown(episode(90), answer), language), "note", ""))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_names_no_driver_that_may_not_be_shown(answer: Answer, language: Language) -> None:
    hidden = replace(episode(30), drivers=(FEW,))
    open_, careful = (grid(*shown(hidden, answer, protection), language) for protection in (0, 10))
    assert open_ is not None
    assert careful is not None
    name = answer.catalog.tags["mort_flag"].name.get(language)
    assert name in open_.rows[0][5]
    assert name not in careful.rows[0][5]
