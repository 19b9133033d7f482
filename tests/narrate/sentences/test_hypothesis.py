"""A guess in words: what was claimed of all or most of them is answered first, what goes together is never called a reason, and a small difference is called small."""

from __future__ import annotations

import pytest

from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import FactSheet
from assistant.insight import hypothesis as insight
from assistant.insight.hypothesis import Claim, Hypothesis
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences import hypothesis
from assistant.narrate.sentences.hypothesis import compared_words, verdict_words
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from assistant.sql.query import Table
from tests.insight.rules import validated

VISITS = validated({"records": "zone_view"})
MORTGAGE = validated({"tag": "mort_flag", "value": True})
HALF = (444, 1000, 600, 10000)


def guessed(row: tuple[int, int, int, int], *claims: Claim) -> Hypothesis:
    return insight.read((Table(("n", "of", "rest_n", "rest_of"), (row,), "q"),), VISITS, MORTGAGE, frozenset(claims))


def told(found: Hypothesis, language: Language) -> str:
    sheet = FactSheet(Protection(0))
    found.facts(sheet)
    writer = Writer(VISITS, sheet, language)
    grounded = ground(NarrativeDraft((*hypothesis.sentences(found, writer), *hypothesis.caution(found, writer)), language), sheet)
    assert isinstance(grounded, GroundedNarrative)
    return grounded.text


@pytest.mark.parametrize(
    ("row", "claim", "zh", "en"),
    [
        (HALF, "everyone", "不是都这样；比其余客户多得多：", "Not all of them are so; far more"),
        ((1000, 1000, 600, 10000), "everyone", "是的，都是这样；", "Yes, all of them are so;"),
        ((0, 1000, 600, 10000), "everyone", "没有人是这样；多半由圈选条件带来", "None of them is so; probably comes with the conditions"),
        (HALF, "most", "不是多数；比其余客户多得多：", "Not most of them; far more"),
        ((500, 1000, 600, 10000), "most", "不是多数；", "Not most of them;"),
        ((510, 1000, 5000, 10000), "most", "是的，多数是这样；和其余客户没有像样的差别", "Yes, most of them are so; no difference"),
        (HALF, "because", "说明不了是不是原因", "does not tell whether it is the reason"),
        ((70, 1000, 500, 10000), "because", "更说明不了是原因", "even less a proof of the reason"),
        ((100, 1000, 4000, 10000), "because", "不像是原因", "Hardly the reason"),
        ((50, 1000, 500, 10000), "because", "看不出是原因", "No sign that it is the reason"),
    ],
)
def test_what_was_claimed_is_answered_first(row: tuple[int, int, int, int], claim: Claim, zh: str, en: str) -> None:
    found = guessed(row, claim)
    for language, words in (("zh", zh), ("en", en)):
        assert words in told(found, language).split("：" if language == "zh" else ": ")[0] + ("：" if language == "zh" else ": ")


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ((936, 1000, 600, 10000), "猜得对", "A good guess"),
        (HALF, "但不到半数是这样", "yet fewer than half are so"),
        ((250, 1000, 1500, 10000), "但不到半数是这样", "yet fewer than half are so"),
        ((70, 1000, 500, 10000), "有差别但不大", "A difference, but a small one"),
        ((560, 1000, 5000, 10000), "多数确实是这样，但只比其余客户略多", "Most are so, yet only slightly more"),
        ((350, 1000, 4000, 10000), "有差别但不大，比其余客户略少", "A difference, but a small one: slightly fewer"),
        ((843, 1000, 9460, 10000), "多数确实是这样，但比其余客户少", "Most are so, yet fewer"),
        ((100, 1000, 4000, 10000), "正好相反", "The opposite"),
        ((510, 1000, 5000, 10000), "多数确实是这样，但和其余客户没有像样的差别", "Most are so, yet no difference"),
    ],
)
def test_a_verdict_says_how_many_as_well_as_how_much_more(row: tuple[int, int, int, int], zh: str, en: str) -> None:
    found = guessed(row)
    assert zh in told(found, "zh")
    assert en in told(found, "en")


@pytest.mark.parametrize("claims", [(), ("everyone",), ("most",), ("because",), ("everyone", "because")])
def test_every_verdict_has_its_words(claims: tuple[Claim, ...]) -> None:
    rows = (
        HALF,
        (900, 1000, 1, 10000),
        (150, 1000, 800, 10000),
        (600, 1000, 4800, 10000),
        (70, 1000, 500, 10000),
        (560, 1000, 5000, 10000),
    )
    fewer = ((350, 1000, 4000, 10000), (843, 1000, 9000, 10000), (100, 1000, 4000, 10000), (843, 1000, 9460, 10000), (11, 20, 40, 100))
    for row in (*rows, *fewer, (510, 1000, 5000, 10000), (50, 1000, 500, 10000)):
        for language in LANGUAGES:
            assert verdict_words(guessed(row, *claims), language)
            assert compared_words(guessed(row, *claims), language)


def test_what_may_not_be_shown_is_not_called_too_few() -> None:
    found = guessed((4, 1000, 4000, 10000), "everyone")
    assert "为保护小群体，不显示占比" in told(found, "zh")
    assert "The opposite" in told(found, "en")
    assert "all" not in told(found, "en").split(":")[1].split(",")[0], "that somebody is, or is not, so would tell of very few"


def test_a_part_that_is_asked_about_is_told_with_its_number_and_no_verdict() -> None:
    found = guessed(HALF, "part")
    assert told(found, "zh").startswith("其中444人符合「是“有按揭”」，占44.4%，其余客户占6.0%。")
    assert told(found, "en").startswith("444 customers of them fit [")
    assert "44.4%, against 6.0% of all others." in told(found, "en")
    assert "444人" in told(guessed((444, 1000, 0, 0), "part"), "zh")
    assert "其余客户" not in told(guessed((444, 1000, 0, 0), "part"), "zh")
