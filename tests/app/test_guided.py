"""Guided mode: every stage and segment of every frame is an ordinary rule, and the words that are said to do the same do; sizes are those of asking; a saved segment becomes a draft that lint would pass."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.app.guided import (
    candidate_sizes,
    candidate_words,
    candidates,
    chosen_words,
    frame_of,
    guide_lines,
    say_candidate,
    say_stages,
    stage_sizes,
    stage_words,
    stages,
)
from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language
from assistant.errors import UserError
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.pipeline import Assistant
from assistant.rule.canonical import canonical


@pytest.fixture(scope="module")
def catalog() -> TagCatalog:
    return TagCatalog.load()


def test_the_frames_are_the_sources(catalog: TagCatalog) -> None:
    counts = {one.code: len(stages(one, catalog)) for one in catalog.framework.frames}
    assert counts == {"grid16": 16, "app_journey": 7, "wealth_journey": 6, "lifecycle": 6, "aarrr": 5, "line": 8}
    assert frame_of("nowhere", catalog) is None


def test_a_frame_of_templates_has_every_template_once_and_shows_its_gaps(catalog: TagCatalog) -> None:
    for code in ("aarrr", "line"):
        frame = frame_of(code, catalog)
        assert frame is not None
        found = [one.code for stage in stages(frame, catalog) for one in stage.strategies]
        assert sorted(found) == sorted(catalog.strategies)
    grid = frame_of("grid16", catalog)
    assert grid is not None
    first = stages(grid, catalog)[0]
    assert {one.stage for one in first.strategies} == {"acquisition", "activation"}
    assert candidates(first)[0].strategy is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_every_step_do_the_same_in_the_chat(catalog: TagCatalog, language: Language) -> None:
    context, reader = Context(catalog, date(2026, 9, 24), date(2026, 9, 25), 0, None, {}), GrammarInterpreter()
    for frame in catalog.framework.frames:
        shown = reader.interpret(say_stages(frame, catalog, language), context)
        assert [one.kind for one in shown.requests] in (["grid"], ["breakdown"], ["strategy_coverage"])
        assert not shown.issues
        for stage in stages(frame, catalog):
            found = candidates(stage)
            for one in (*found[:2], *found[-1:]):
                words = say_candidate(one, stage, language)
                read = reader.interpret(words, context)
                assert not read.issues, words
                assert not read.questions, words
                assert read.rule is not None, words
                assert canonical(read.rule.node) == canonical(one.node), words


def test_sizes_are_those_of_asking_and_hidden_where_asking_hides_them(assistant: Assistant) -> None:
    frame = frame_of("lifecycle", assistant.catalog)
    assert frame is not None
    found = stages(frame, assistant.catalog)
    sheet = stage_sizes(found, assistant, "lifecycle")
    for stage in found[:2]:
        answer, _ = assistant.ask(say_candidate(candidates(stage)[0], stage, "zh"))
        assert answer.count is not None
        assert sheet[f"size.{stage.code}"].value == answer.count.n
        assert f"{answer.count.n:,}" in stage_words(stage, sheet, "zh")
    growing = candidates(found[1])
    sizes = candidate_sizes(growing, assistant, "growing")
    assert sizes["size."].value == sheet["size.GROW"].value
    assert all(one.code == "" or sizes[f"size.{one.code}"].value <= sizes["size."].value for one in growing)  # type: ignore[operator]
    for one in growing:
        assert chosen_words(one, found[1], "en")
        assert candidate_words(one, found[1], sizes, "en")


def test_the_command_line_lists_each_step(assistant: Assistant) -> None:
    assert [line.split()[0] for line in guide_lines(assistant, "", "", "en")] == [one.code for one in assistant.catalog.framework.frames]
    *listed, said = guide_lines(assistant, "lifecycle", "", "zh")
    assert [line.split()[0] for line in listed] == ["NEW", "GROW", "MATURE", "DECLINE", "SLEEP", "LOST"]
    assert said == "在对话里也可以说：按客户生命周期看"
    first, *others = guide_lines(assistant, "lifecycle", "mature", "en")
    assert first.startswith("all customers of “Mature stage”")
    assert len(others) > 10
    for frame, stage in (("nowhere", ""), ("lifecycle", "nowhere")):
        with pytest.raises(UserError, match="element_unknown"):
            guide_lines(assistant, frame, stage, "en")
