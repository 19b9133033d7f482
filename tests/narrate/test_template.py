"""Two to five sentences of what was computed, grounded in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.catalog.model import LANGUAGES, Language
from assistant.facts import FactSheet
from assistant.insight import breakdown, count, funnel, metric, persona
from assistant.insight.breakdown import Dimension
from assistant.insight.change import Change
from assistant.insight.count import Count, Unknown
from assistant.insight.reliability import Bounds, Reliability
from assistant.narrate.grounding import GroundedNarrative, ground
from assistant.narrate.sentences.breakdown import row_phrase
from assistant.narrate.template import Findings, write
from assistant.policy import Protection
from assistant.sql.query import Table
from assistant.validation.verdict import ValidatedRule
from tests.insight.rules import profiled, validated

RULE = validated({"all": [{"tag": "mort_flag", "value": True}, {"tag": "age", "operator": ">", "value": 30}]})
EMPTY = Table(("mask", "n"), ((1, 50), (2, 400)), "q")
FULL = Table(("mask", "n"), ((0, 500), (1, 50), (2, 400), (3, 120)), "q")
PROFILE = (
    ("cust_tier", "T1", 20, 600),
    ("cust_tier", "T2", 60, 250),
    ("cust_tier", "T3", 40, 100),
    ("app_flag", "true", 90, 500),
    ("app_flag", "false", 30, 450),
    ("gender", "F", 60, 475),
    ("gender", "M", 60, 475),
)


def told(findings: Findings, rule: ValidatedRule, language: Language, floor: int = 0) -> str:
    sheet = FactSheet(Protection(floor))
    count.given(rule, sheet)
    findings.count.facts(sheet)
    count.unknown_facts(findings.unknown, sheet)
    for found in (findings.reliability, findings.funnel, *findings.insights):
        if found is not None:
            found.facts(sheet)
    grounded = ground(write(findings, rule, sheet, language), sheet)
    assert isinstance(grounded, GroundedNarrative), grounded
    return grounded.text


def test_count_and_what_narrows_most() -> None:
    findings = Findings(Count(120, 1070, "q", "q"), funnel.read((FULL,), RULE))
    assert told(findings, RULE, "zh") == (
        "截至2026-09-24，存续客户共1,070人，其中120人符合条件，占11.2%。收得最紧的条件是「是“有按揭”」：去掉后会有520人。"
        "接下来可以问「他们是什么样的人」，或说「按分行看」。"
    )
    assert told(findings, RULE, "en") == (
        "As of 2026-09-24, 120 customers match: 11.2% of the 1,070 customers in the base, existing customers. "
        "The condition that narrows most is [“Has mortgage” is yes]: without it there would be 520 customers. "
        "You could ask [who are they] next, or say [by branch]."
    )


def test_an_empty_segment_names_the_condition_that_empties_it() -> None:
    text = told(Findings(Count(0, 450, "q", "q"), funnel.read((EMPTY,), RULE)), RULE, "zh")
    assert (
        text
        == "截至2026-09-24，存续客户共450人，没有客户符合条件。使结果为空的条件是「是“有按揭”」：去掉后会有400人。可以说「去掉是“有按揭”」，或放宽这个条件再试。"
    )


def test_persona_breakdown_metric_and_unknown() -> None:
    rows = Table(("value", "n", "base_n"), (("310011", 100, 500), ("440011", 20, 70)), "q")
    findings = Findings(
        Count(120, 1070, "q", "q"),
        None,
        (
            metric.read((Table(("n", "known", "avg"), ((120, 120, 50000),), "q"),), RULE, "aum_bal", "average"),
            persona.read(profiled(RULE, *PROFILE), RULE),
            breakdown.read((rows,), RULE, Dimension("home_org", "1"), 120),
        ),
        (Unknown("age", 33, "q"),),
    )
    assert told(findings, RULE, "zh") == (
        "截至2026-09-24，存续客户共1,070人，其中120人符合条件，占11.2%。AUM时点余额的户均为5万元，按120人计算。"
        "和其余客户（950人）相比，最突出的是「客户等级：金卡及以上」：本客群占83.3%，后者占36.8%。全部客户中有33人没有“年龄”数据，比较时不算满足。接下来可以说「只看客户等级为金卡及以上的」，只留下这些客户。"
    )


def test_those_an_exclusion_cannot_reach_are_said_to_stay() -> None:
    text = told(Findings(Count(120, 450, "q", "q"), unknown=(Unknown("gender", 33, "q", kept=21),)), RULE, "zh")
    assert "客群里有21人没有“性别”数据：要排除的条件对他们不成立，所以他们没有被排除。" in text


def test_a_figure_of_customers_of_another_date_says_its_own() -> None:
    then = validated({"tag": "mort_flag", "value": True, "snapshot": {"unit": "month", "offset": -1}})
    number = metric.read((Table(("n", "known", "avg"), ((120, 120, 50000),), "q"),), then, "aum_bal", "average")
    assert "AUM时点余额的户均为5万元（2026-09-24的数据），按120人计算。" in told(
        Findings(Count(120, 450, "q", "q"), insights=(number,)), then, "zh"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_grounded(language: Language) -> None:
    everyone = validated({"all": []})
    assert told(Findings(Count(450, 450, "q", "q")), everyone, language)
    assert "1,234" not in told(Findings(Count(3, 1234, "q", "q"), funnel.read((FULL,), RULE)), RULE, language, floor=20)
    assert told(Findings(Count(0, 3, "q", "q"), funnel.read((Table(("mask", "n"), ((0, 3),), "q"),), RULE)), RULE, language)
    assert told(Findings(Count(120, 1070, "q", "q"), unknown=(Unknown("age", 33, "q"),)), RULE, language)
    one = Table(("value", "n", "base_n"), (("310011", 120, 500),), "q")
    assert told(
        Findings(Count(120, 1070, "q", "q"), insights=(breakdown.read((one,), RULE, Dimension("home_org", "1"), 120),)), RULE, language
    )
    number = metric.read((Table(("n", "known", "avg"), ((120, 120, 50000),), "q"),), RULE, "aum_bal", "average")
    assert told(Findings(Count(120, 1070, "q", "q"), insights=(number,)), RULE, language)
    none = persona.read(profiled(RULE, ("gender", "F", 30, 300), ("gender", "M", 30, 300)), RULE)
    assert told(Findings(Count(60, 1070, "q", "q"), insights=(none,)), RULE, language)


def test_rows_have_names() -> None:
    table = Table(("value", "n", "base_n"), (("310011", 5, 5), ("9900", 4, 4), (None, 1, 1)), "q")
    found = breakdown.read((table,), RULE, Dimension("home_org", "3"), 10)
    assert [row_phrase(row, found, RULE, "zh") for row in found.rows] == ["上海人民路支行", "信用卡中心（直属）", "未知"]
    regions = breakdown.read((table,), RULE, Dimension("home_org", "region"), 10)
    assert [row_phrase(row, regions, RULE, "en") for row in regions.rows] == ["East China", "in no region", "unknown"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", "修改前1,000人，其中120人符合，占12.0%"), ("en", "Of the 1,000 customers before, 120 customers match: 12.0% of them")],
)
def test_a_count_of_them_is_a_share_of_them(language: Language, said: str) -> None:
    moved = Change(1000, 120, 120, "q")
    sheet = FactSheet(Protection(0))
    count.given(RULE, sheet)
    findings = Findings(Count(120, 9070, "q", "q"), change=moved)
    findings.count.facts(sheet)
    moved.facts(sheet)
    grounded = ground(write(findings, RULE, sheet, language), sheet)
    assert isinstance(grounded, GroundedNarrative), grounded
    assert said in grounded.text


MISSING = (Unknown("age", 40, "q"), Unknown("gender", 33, "q"))


@pytest.mark.parametrize(
    ("missing", "zh", "en"),
    [
        (MISSING[:1], "全部客户中有3.7%没有“年龄”数据，是否符合条件无法判断：人数可能在120人到150人之间。",
         "“Age” is missing for 3.7% of all customers, so whether they qualify is not known: the number may lie anywhere from 120 customers to 150 customers."),
        (MISSING, "全部客户中有3.7%没有“年龄”数据，性别也有缺，是否符合条件无法判断：人数可能在120人到150人之间。", "and Gender for some"),
    ],
)  # fmt: skip
def test_how_far_missing_values_leave_the_count_open(missing: tuple[Unknown, ...], zh: str, en: str) -> None:
    findings = Findings(Count(120, 1070, "q", "q"), unknown=missing, reliability=Reliability(Bounds(120, 150, missing, 1070, "q")))
    assert zh in told(findings, RULE, "zh")
    assert en in told(findings, RULE, "en")
    assert "150" not in told(findings, RULE, "en", floor=50)


def test_a_tag_that_stands_still_comes_before_what_is_missing() -> None:
    found = Reliability(Bounds(120, 150, MISSING, 1070, "q"), ("age",), date(2026, 8, 31))
    findings = Findings(Count(120, 1070, "q", "q"), unknown=MISSING, reliability=found)
    assert "自2026-08-31起，全部客户的“年龄”都没有变动过，数据可能没有更新。" in told(findings, RULE, "zh")
    assert "150" not in told(findings, RULE, "zh")


@pytest.mark.parametrize(("language", "words"), [("zh", "“当时的客户等级”"), ("en", "“Customer tier of then”")])
def test_who_was_no_customer_then_lacks_a_value_of_then_and_not_of_today(language: Language, words: str) -> None:
    unknown = Unknown("cust_tier", 33, "q", then=True)
    text = told(Findings(Count(120, 450, "q", "q"), unknown=(unknown,)), RULE, language)
    assert any(words in line for line in text.splitlines())
