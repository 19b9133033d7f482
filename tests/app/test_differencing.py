"""The attack by differences, run: whoever may not list asks for two counts that differ by a few customers or by none, and cannot tell which; what is asked honestly is answered, and asked again answered the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.app.view import notes, reply
from assistant.catalog.model import LANGUAGES
from assistant.pipeline import Answer, Assistant
from assistant.policy import Identity
from assistant.store.open import open_store

ANALYST = Identity("wu", "analyst")
LISTER = Identity("li", "head_office_analyst")


@pytest.fixture
def bank(assistant: Assistant) -> Iterator[Assistant]:
    store = open_store()
    yield replace(assistant, kept=store, identity=ANALYST)
    store.close()


def counted(answer: Answer) -> int | None:
    """What is told of how many: None where it is not."""
    assert answer.outcome == "answered", answer.issues
    assert answer.facts is not None
    value = answer.facts["count"].value
    assert value is None or isinstance(value, int)
    return value


def customers(bank: Assistant, words: str) -> int:
    """How many there are: somebody who may list them is told."""
    found = counted(replace(bank, identity=LISTER).ask(words)[0])
    assert found is not None
    return found


@pytest.mark.parametrize("thresholds", [(50_000, 50_001), (50_000, 50_500), (50_000, 51_000), (20_000, 20_300), (100_000, 101_000)])
def test_two_counts_that_differ_by_few_or_none_are_not_both_told(bank: Assistant, thresholds: tuple[int, int]) -> None:
    one, other = (f"AUM大于{least}的客户" for least in thresholds)
    secret = customers(bank, one) - customers(bank, other)
    assert 0 <= secret < 20, "an attack"
    assert counted(bank.ask(one)[0]) == customers(bank, one)
    answer, _ = bank.ask(other)
    assert answer.facts is not None
    assert [fact.id for fact in answer.facts if fact.kind == "measured" and fact.value is not None] == ["base"]
    assert counted(bank.ask(one)[0]) == customers(bank, one), "what was told stays told"
    assert counted(bank.ask(other)[0]) is None, "and what was not, not"


def test_it_cannot_be_told_whether_they_differ_by_few_or_by_none(bank: Assistant) -> None:
    for language in LANGUAGES:
        told = set()
        for least in (50_000.01, 52_000):
            fresh = replace(bank, kept=open_store())
            fresh.ask("AUM大于50000的客户")
            answer, _ = fresh.ask(f"AUM大于{least}的客户", language=language)
            told.add((reply(answer, language), notes(answer, language)))
        assert len(told) == 1
    assert customers(bank, "AUM大于50000.01的客户") == customers(bank, "AUM大于50000的客户") > customers(bank, "AUM大于52000的客户")


def test_what_differs_by_many_is_told(bank: Assistant) -> None:
    for words in ("AUM大于5万的客户", "AUM大于10万的客户", "AUM大于5万的女客户"):
        assert counted(bank.ask(words)[0]) == customers(bank, words)


def test_refined_in_a_conversation_it_is_held_against_what_was_told_before(bank: Assistant) -> None:
    answer, talk = bank.ask("AUM大于50000的客户")
    assert counted(answer)
    answer, talk = bank.ask("改成5.2万", talk)
    assert counted(answer) is None
    answer, _ = bank.ask("保存为「近似」", talk)
    assert [issue.code for issue in answer.issues] == ["count_not_kept"]
    assert bank.kept.library(ANALYST.user).segments == ()


def test_options_are_counted_for_those_who_may_list(bank: Assistant) -> None:
    for identity, hidden in ((ANALYST, True), (LISTER, False)):
        answer, _ = replace(bank, identity=identity).ask("人民路支行的客户")
        assert answer.outcome == "choice"
        assert {option.count.suppressed for asked in answer.questions for option in asked.options} == {hidden}


def test_a_day_has_so_many_counts(bank: Assistant) -> None:
    policy = bank.catalog.policy.model_copy(update={"daily_counts": 2})
    narrow = replace(bank, catalog=replace(bank.catalog, policy=policy))
    requests = ("AUM大于5万的客户", "女客户", "年龄大于50岁的客户")
    for words in (*requests[:2], *requests[:2]):
        assert counted(narrow.ask(words)[0])
    for language in LANGUAGES:
        answer, _ = narrow.ask(requests[2], language=language)
        assert (answer.outcome, [issue.code for issue in answer.issues]) == ("choice", ["counts_spent"])
        assert "2" in reply(answer, language)
    assert counted(replace(narrow, identity=replace(ANALYST, user="chen")).ask(requests[2])[0]), "each has their own"
    for words in requests:
        assert counted(replace(narrow, identity=LISTER).ask(words)[0])
