"""The view of the strategy templates: the words of its form are read as they are meant, for every template and number, in both languages; a goal finds templates with their sizes."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.app.templates import parts
from assistant.app.ui.session import Session
from assistant.app.ui.views.strategies import Seen, Strategies, applying, matrix
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language
from assistant.catalog.strategy import conditions
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.narrate.render import plain
from assistant.pipeline import Assistant
from assistant.rule.tree import AllOf


@pytest.fixture(scope="module")
def catalog() -> TagCatalog:
    return TagCatalog.load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_form_apply_the_template_with_its_numbers(catalog: TagCatalog, language: Language) -> None:
    context = Context(catalog, date(2026, 9, 24), date(2026, 9, 25), 0, None, {})
    reader, session = GrammarInterpreter(), Session(language=language)
    unfit = []
    for strategy in catalog.strategies.values():
        for end in ("low", "high"):
            values = {name: getattr(one, end) for name, one in strategy.parameters.items()}
            try:
                meant = AllOf(children=conditions(strategy.node(values)))
            except ValueError:
                continue
            words = applying(strategy, *(plain(value) for value in values.values()), "", session)
            found = reader.interpret(words, context)
            if found.rule is None or found.rule.node != meant or found.questions or found.issues:
                unfit.append((words, [one.code for one in found.questions], [one.code for one in found.issues]))
    assert unfit == []


def test_a_goal_finds_templates_with_how_many_customers_each_selects(assistant: Assistant) -> None:
    view = Strategies()
    assert view.allowed(assistant)
    (seen,) = view.sought(" 提升理财首购 ", Seen(), Session(), assistant)
    assert seen.chosen == seen.found[0][0]
    assert len(seen.found) > 1
    assert all("人" in line for _, line in seen.found)
    (english,) = view.sought("raise first wealth purchases", Seen(), Session(language="en"), assistant)
    assert english.found
    assert view.sought("", seen, Session(), assistant) == [Seen(chosen=seen.chosen)]
    (none,) = view.sought("呱唧呱唧", Seen(), Session(), assistant)
    assert none.found == ()


def test_the_matrix_counts_every_template_once_and_each_is_told_in_full(catalog: TagCatalog) -> None:
    grid = matrix(catalog, "zh")
    assert sum(int(cell) for row in grid.rows for cell in row[1:] if cell != "—") == len(catalog.strategies)
    assert len(grid.rows) == len(catalog.framework.lines)
    for strategy in catalog.strategies.values():
        for language in LANGUAGES:
            titles = [part.title for part in parts(strategy, catalog, language)]
            assert len(titles) == len(set(titles)) >= 7
