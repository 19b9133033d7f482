"""A comparison in words: both counts with their dates, then who stayed, came and went; nothing of what may not be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.compare import PARTS, Comparison, Part
from assistant.insight.drivers import Drivers, Moments, driver
from assistant.insight.newcomers import Alike
from assistant.insight.persona import Persona
from assistant.insight.traits import Split, Trait
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences import compare
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from assistant.rule.window import DateSpan
from tests.insight.rules import validated

RULE = validated({"tag": "mort_flag", "value": True})
THEN, NOW = date(2026, 8, 31), RULE.as_of


def comparison(tags_now: date = NOW, **parts: int) -> Comparison:
    counted: dict[Part, int] = {part: parts.get(part.replace(".", "_"), 0) for part in PARTS}
    return Comparison(THEN, NOW, THEN, tags_now, 1000, 1100, counted, "q")


def told(found: Comparison, language: Language, floor: int = 0) -> list[str]:
    sheet = FactSheet(Protection(floor))
    found.facts(sheet)
    writer = Writer(RULE, sheet, language)
    texts = []
    for said in (*compare.sentences(found, writer), *compare.caution(found, writer)):
        grounded = ground(NarrativeDraft((said,), language), sheet)
        assert isinstance(grounded, GroundedNarrative), said
        texts.append(grounded.text)
    return texts


FOUND = comparison(stayed=500, joined=7, entered_behaviour=30, entered_both=2, left_tags=40, left_bank=3)


def test_chinese() -> None:
    assert told(FOUND, "zh") == [
        "和2026-08-31相比（标签取2026-08-31）：当时543人，现在539人，少了4人。",
        "500人前后都在；原有客户里新进来32人（只因行为变了的30人、行为和标签都变了才会如此的2人），另有7人是新纳入本行客户范围的；"
        "不再符合的40人（都只因标签变了），另有3人已不在本行客户范围内。",
    ]


def test_english() -> None:
    assert told(FOUND, "en") == [
        "Against 2026-08-31 (tags of 2026-08-31): 543 customers then, 539 customers now, 4 customers fewer.",
        "500 customers were in at both dates; of those who were customers already, 32 customers came in (30 customers by behaviour alone, "
        "2 customers only by behaviour and tags together), and 7 customers joined the bank's customer base; "
        "40 customers no longer meet the conditions (all by tags alone), and 3 customers left the bank's customer base.",
    ]


def test_as_many_as_before() -> None:
    first, second = told(comparison(stayed=5, entered_tags=1, left_tags=1), "zh")
    assert first.endswith("现在6人，人数不变。")
    assert "客户范围" not in second


def test_small_parts_are_not_told() -> None:
    first, second = told(FOUND, "zh", floor=20)
    assert first.endswith("少了4人。")
    assert second == "人数过少的分组没有显示。"


def test_one_snapshot_for_both_dates_is_said() -> None:
    assert told(comparison(tags_now=THEN, stayed=5), "en")[-1].startswith("Both dates read the same tags (2026-08-31)")


DRIVEN = driver(
    "mort_flag",
    Split("true", frozenset(["true"])),
    Moments(300, 200, 600, 300, 1500, 700, 100),
    Moments(900, 900, 1200, 1200, 3000, 2800, 400),
)
BEFORE = DateSpan(date(2026, 9, 1), date(2026, 9, 10))


@pytest.mark.parametrize(
    ("language", "whose", "no_one"),
    [
        (
            "zh",
            "按人天看，带动变化的客户特征是「是“有按揭”」：2026-09-01至2026-09-10占25.0%，这次占50.0%。",
            "按人天看，和2026-09-01至2026-09-10相比，没有哪类客户的占比明显变化。",
        ),
        (
            "en",
            "Counted in days of activity, what drives the change is [“Has mortgage” is yes]: 25.0% of the days from 2026-09-01 to 2026-09-10, 50.0% now.",
            "Counted in days of activity, no kind of customer has a clearly different share than from 2026-09-01 to 2026-09-10.",
        ),
    ],
)
def test_whose_days_changed_is_said_with_the_days_before(language: Language, whose: str, no_one: str) -> None:
    assert told(replace(FOUND, whose=Drivers((DRIVEN,), True, "q", BEFORE)), language)[1] == whose
    assert told(replace(FOUND, whose=Drivers((), True, "q", BEFORE)), language)[1] == no_one
    assert told(replace(FOUND, whose=Drivers((), False, "q", BEFORE)), language) == told(FOUND, language)


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "2026-08-02至2026-08-31数，其中6天和现在的时间窗重叠"), ("en", "of 2026-08-02 to 2026-08-31: 6 days")]
)
def test_that_days_are_counted_at_both_dates_is_said(language: Language, said: str) -> None:
    overlapping = replace(FOUND, overlapping=DateSpan(date(2026, 8, 2), date(2026, 8, 31)), shared=6)
    assert said in told(overlapping, language)[0]


def alike(n: int) -> Comparison:
    """Of those who came in 60 % are female, of those who were in 40 %, and of the 1,000 who left n."""
    women = Trait("gender", "F", 600, 1000, 400, 1000, Decimal("0.6"), Decimal("0.4"), 0.16, 0.24, 0.4, 1e-9)
    nothing = Persona(1000, 1000, (), (), 40, 0, (), "q")
    found = comparison(stayed=500, entered_tags=1000, left_tags=1000)
    return replace(found, newcomers=nothing, eve=date(2026, 7, 31), alike=(Alike(women, n, 1000),))


def test_who_comes_and_goes_alike_explains_nothing() -> None:
    assert told(alike(590), "zh")[1] == (
        "原有客户里新进来的和当时就在的相比，最不同的是「性别：女」：新进来的占60.0%，当时就在的占40.0%；但不再符合的也占59.0%，进出的都是这类客户，说明不了人数的变化。"
    )
    assert "59.0% of those who went out as well" in told(alike(590), "en")[1]


def test_few_of_those_who_left_are_not_told() -> None:
    assert "2026-07-31" in told(alike(999), "zh")[1]
    assert not any("女" in said for said in told(alike(999), "zh"))
