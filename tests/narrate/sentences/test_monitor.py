"""A finding in words: what was expected, whose it is, and that other customers came where the total hardly moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.catalog.model import Language
from assistant.facts import FactSheet
from assistant.insight.drivers import Driver, Moments, Newly, driver, shown
from assistant.insight.expected import forecast, judge, rhythm
from assistant.insight.monitor import Episode, Monitor, Place, Series, Unusual
from assistant.insight.traits import Split
from assistant.narrate.grounding import GroundedNarrative, NarrativeDraft, ground
from assistant.narrate.sentences import monitor
from assistant.narrate.writer import Writer
from assistant.policy import Protection
from assistant.rule.tree import RecordCondition, SegmentRule, TagCondition
from assistant.rule.window import Rolling
from tests.insight.rules import validated
from tests.narrate.catalog import AS_OF, CATALOG

RULE = validated({"all": []})
OPEN = Protection(0)
START = AS_OF - timedelta(days=200)
BORROWERS: Driver = driver(
    "mort_flag",
    Split("true", frozenset({"true"})),
    Moments(90, 240, 112, 240, 160, 400, 20),
    Moments(360, 1900, 400, 2000, 500, 2400, 200),
)


def episode(lately: int) -> Episode:
    """Thirty a day, and so many of the last fortnight, a little less or more from day to day."""
    counts = [(lately if place > 186 else 30) + (place % 5) - 2 for place in range(201)]
    series = Series(Place(CATALOG.records["zone_view"]), forecast(counts, START, rhythm(counts, START, CATALOG.calendar)))
    window = judge(series.forecast, AS_OF - timedelta(days=13), AS_OF)
    assert window is not None
    shift = Unusual(series, window, 0.001, shifted=(BORROWERS,))
    return Episode(shift, SegmentRule(node=RecordCondition(records="zone_view")), 360, (BORROWERS,), True, "q", "c", "d")


def _sheet(one: Episode, protection: Protection) -> FactSheet:
    sheet = FactSheet(protection)
    Monitor((one,), AS_OF - timedelta(days=29), AS_OF, 40, 0).facts(sheet)
    return sheet


def told(one: Episode, language: Language, protection: Protection = OPEN) -> list[str]:
    found, sheet = Monitor((one,), AS_OF - timedelta(days=29), AS_OF, 40, 0), _sheet(one, protection)
    texts = []
    for said in monitor.sentences(found, Writer(RULE, sheet, language)):
        grounded = ground(NarrativeDraft((said,), language), sheet)
        assert isinstance(grounded, GroundedNarrative), said
        texts.append(grounded.text)
    return texts


def test_other_customers_came_though_the_total_hardly_moved() -> None:
    first, second = told(episode(30), "zh")
    assert "来的客户变了：" in first
    assert first.endswith("，总量没有明显变化。这样做的客户共360人。")
    assert second == "主要来自「有按揭」：平时占人次的12.0%，这段时间占28.0%（占客户的25.0%）。"
    first, second = told(episode(30), "en")
    assert "done by other customers than usual" in first
    assert first.endswith("the total has hardly moved. 360 customers did it.")
    assert second == "It comes from [Has mortgage]: 12.0% of the customer days before, 28.0% of these (25.0% of the customers)."


@pytest.mark.parametrize(("language", "words"), [("zh", "（标签取2026-07-31）："), ("en", " (tags as of 2026-07-31): ")])
def test_the_day_of_the_tags_is_said_where_it_is_not_that_of_the_rule(language: Language, words: str) -> None:
    assert words in told(replace(episode(30), tags=date(2026, 7, 31)), language)[1]
    assert told(replace(episode(30), tags=RULE.snapshot), language) == told(episode(30), language)


@pytest.mark.parametrize(("language", "words"), [("zh", "不显示"), ("en", "not shown")])
def test_a_driver_that_may_not_be_shown_is_not_named(language: Language, words: str) -> None:
    """All but nine of those for whom it is known have it."""
    few = driver("mort_flag", Split("true", frozenset({"true"})), BORROWERS.own, replace(BORROWERS.known, n=BORROWERS.own.n + 9))
    assert not shown((few,), "monitor.0", _sheet(replace(episode(30), drivers=(few,)), Protection(10)))
    second = told(replace(episode(30), drivers=(few,)), language, Protection(10))[1]
    assert words in second
    assert CATALOG.tags["mort_flag"].name.get(language) not in second


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_a_total_that_moved_as_well_no_such_thing_is_said(language: Language) -> None:
    steady = {"zh": "总量没有明显变化", "en": "hardly moved"}[language]
    assert all(steady not in said for said in told(episode(90), language))
    risen = episode(30)
    assert all(steady not in said for said in told(replace(risen, unusual=replace(risen.unusual, shifted=())), language))


@pytest.mark.parametrize(("language", "words"), [("zh", "之前做过、这段时间没做的客户"), ("en", "in the weeks before and not since")])
def test_the_customers_of_a_fall_are_those_who_have_stopped(language: Language, words: str) -> None:
    def offered(lately: int) -> str:
        one = episode(lately)
        found = Monitor((replace(one, unusual=replace(one.unusual, shifted=())),), AS_OF - timedelta(days=29), AS_OF, 40, 0)
        sheet = FactSheet(Protection(0))
        found.facts(sheet)
        said = monitor.next_step(found, Writer(RULE, sheet, language))
        assert said is not None
        return str(said)

    assert words in offered(5)
    assert words not in offered(90)


NEW = Newly(Moments(61, 0, 61), Moments(104, 90, 104, 90), "q")


@pytest.mark.parametrize(("language", "everybody", "new"), [("zh", "比较了291项", "58.7%"), ("en", "291 customer traits", "58.7%")])
def test_nothing_is_said_of_everybody_where_many_are_new(language: Language, everybody: str, new: str) -> None:
    alone = replace(episode(30), drivers=(), tested=291)
    assert everybody in told(alone, language)[1]
    assert everybody not in told(replace(alone, tested=0), language)[1]
    of_new = told(replace(alone, newly=NEW), language)[1]
    assert everybody not in of_new
    assert new in of_new
    hidden = told(replace(alone, newly=NEW), language, Protection(70))[1]
    assert everybody not in hidden
    assert "%" not in hidden
    assert new in told(replace(episode(30), newly=NEW), language)[1]


@pytest.mark.parametrize(("language", "when", "left"), [("zh", "此前人次的25.0%", "90.0%"), ("en", "25.0% of the days before", "90.0%")])
def test_of_a_fall_is_told_what_those_who_came_lately_did_before(language: Language, when: str, left: str) -> None:
    """Nine in ten of the days left are of new customers: that is no part of the fall."""
    new = Newly(Moments(9, 30, 9, 30), Moments(10, 120, 10, 120), "q", rise=False)
    said = told(replace(episode(30), drivers=(), newly=new), language)[1]
    assert when in said
    assert left not in said


OPENED = TagCondition(tag="open_date", operator="within", value=Rolling(unit="day", n=30))


def of_rule(found: Monitor, language: Language) -> list[str]:
    """Everything that is said of a finding without episodes, through the gate."""
    sheet = FactSheet(OPEN)
    found.facts(sheet)
    writer, texts = Writer(RULE, sheet, language), []
    for said in (*monitor.sentences(found, writer), *monitor.caution(found, writer)):
        grounded = ground(NarrativeDraft((said,), language), sheet)
        assert isinstance(grounded, GroundedNarrative), said
        texts.append(grounded.text)
    return texts


@pytest.mark.parametrize(
    ("language", "words", "instead"), [("zh", "开户日期", "所有客户"), ("en", "relationship start date", "all customers")]
)
def test_what_is_not_comparable_is_refused_by_name(language: Language, words: str, instead: str) -> None:
    (said,) = of_rule(Monitor((), AS_OF - timedelta(days=29), AS_OF, 0, 0, made=(OPENED,)), language)
    assert words in said
    assert instead in said


@pytest.mark.parametrize(("language", "words"), [("zh", "「近30天登录次数」"), ("en", "[App logins in 30 days]")])
def test_sets_left_out_through_a_tag_are_said_by_the_tag(language: Language, words: str) -> None:
    found = Monitor((), AS_OF - timedelta(days=29), AS_OF, 9, 0, apart=2, through=(CATALOG.tags["login_cnt"],))
    _, said = of_rule(found, language)
    assert words in said
