"""The measure of suggestions: its own arithmetic, its repeatability, and what a small run must reach."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from assistant.catalog.load import TagCatalog, data_room
from assistant.evaluate.injection import load_outside
from assistant.evaluate.misspelling import MisspellingReport, Misspelt, run_misspelling
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context
from assistant.interpret.lexicon import key_of, lexicon


@cache
def report() -> MisspellingReport:
    context = Context(TagCatalog.load(), date(2026, 9, 24), date(2026, 9, 25))
    return run_misspelling(GrammarInterpreter(), context, load_outside(data_room("eval") / "injection.yaml"), 60, seed=7)


def test_shares_are_of_what_was_asked_about() -> None:
    made = MisspellingReport(
        tuple(
            Misspelt("", "", "zh", "dropped", result)
            for result in ("first", "first", "offered", "missed", "same", "silent")  # type: ignore[arg-type]
        ),
        0,
        (),
    )
    assert made.share(["first"]) == (2, 4)
    assert made.share(["first", "offered"], "zh", "dropped") == (3, 4)
    assert made.share(["first"], "en") == (0, 0)
    assert made.count("silent") == 1


def test_every_misspelt_request_differs_from_the_right_one_by_one_slip() -> None:
    assert len(report().misspelt) == 60
    for one in report().misspelt:
        assert one.text != one.right
        assert abs(len(one.text) - len(one.right)) == (1 if one.slip in ("dropped", "doubled") else 0)


def test_a_seed_gives_the_same_requests_again() -> None:
    first = report()
    report.cache_clear()
    assert report() == first


@pytest.mark.parametrize("language", ["zh", "en"])
def test_most_words_meant_are_offered_first_and_what_is_read_unasked_is_another_word(language: str) -> None:
    right, asked = report().share(["first"], "zh" if language == "zh" else "en")
    assert asked >= 25
    assert right / asked >= 0.7
    # A slip can make another word of the catalog: 准私行客户 without its 准 is 私行客户.
    known = lexicon(TagCatalog.load()).entries
    assert all(key_of(one.text.removeprefix("有").removesuffix("的客户")) in known for one in report().misspelt if one.result == "silent")


def test_few_words_outside_the_bank_are_taken_for_misspellings() -> None:
    assert report().unknown > 50
    assert len(report().offered_for) <= 0.05 * report().unknown
