"""The sentence a user confirms: exact in both languages, and no two rules read alike."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import LANGUAGES, Language
from assistant.narrate.readback import Dates, condition_phrase, definitions, read_back, window_phrase, window_words
from assistant.rule.canonical import canonical, text
from assistant.rule.short import node_from_short, window_from_short
from assistant.rule.tree import AllOf, AnyNode, AnyOf, Not, RankCondition
from tests.narrate.catalog import AS_OF, CATALOG, TODAY

DATES = Dates(AS_OF, TODAY)

SENTENCES: list[tuple[Mapping[str, object], str, str]] = [
    (
        {
            "all": [
                {"concept": "mobile_active"},
                {"tag": "dep_demand_bal", "operator": ">", "value": 50000},
                {"records": "zone_view", "where": {"zone": ["wealth"]}, "window": "rolling 30 day"},
            ]
        },
        "属于“手机银行活跃”，且活期存款余额大于5万元，且近30天（2026-08-26 至 2026-09-24）专区浏览（专区为理财）次数不少于1次的客户",
        "Customers for whom “Active app user” applies, and demand deposit balance is greater than CNY 50,000, and the number of "
        "“Zone visit” records (zone is Wealth) during the last 30 days (2026-08-26 to 2026-09-24) is at least 1",
    ),
    (
        {"all": [{"any": [{"tag": "mort_flag", "value": True}, {"not": {"tag": "gender", "value": "F"}}]}, {"tag": "cust_tier", "operator": ">=", "value": "T2"}]},
        "（是“有按揭”，或不满足（性别为女）），且客户等级为金卡及以上的客户",
        "Customers for whom (“Has mortgage” is yes, or not (gender is Female)), and customer tier is Gold or above",
    ),
    ({"all": []}, "全部存续客户", "all of the existing customers"),
    ({"concept": "mobile_active", "negated": True}, "属于“手机银行不活跃”的客户", "Customers for whom “Inactive app user” applies"),
    (
        {"concept": "high_value", "negated": True, "parameters": {"amount": 5000000}},
        "不属于“高净值客户”（门槛取500万元）的客户",
        "Customers for whom “High net worth” does not apply (threshold = CNY 5,000,000)",
    ),
    ({"tag": "home_org", "value": ["3100"]}, "归属机构为上海分行（含辖内）的客户", "Customers for whom home organisation is Shanghai Branch (units below it included)"),
    (
        {"tag": "home_org", "value": ["310011", "440011"]},
        "归属机构为上海人民路支行、人民路支行（广州分行）之一的客户",
        "Customers for whom home organisation is one of [Renmin Road Sub-branch (Shanghai Branch), Renmin Road Sub-branch (Guangzhou Branch)]",
    ),
    ({"tag": "home_org", "value": ["east"]}, "归属机构为华东（大区）的客户", "Customers for whom home organisation is East China (region)"),
    ({"tag": "age", "range": "[18, 35)"}, "年龄在18岁（含）至35岁（不含）之间的客户", "Customers for whom age is between 18 years (included) and 35 years (excluded)"),
    ({"tag": "gender", "operator": "<>", "value": "F"}, "性别不为女（不含未知）的客户", "Customers for whom gender is not Female (unknown left out)"),
    ({"tag": "fx_settle", "operator": ">=", "value": 50000}, "年购汇金额不低于5万美元的客户", "Customers for whom FX bought this year is at least USD 50,000"),
    (
        {"records": "wealth_buy", "where": {"amount": {"operator": ">", "value": 50000}}, "window": "calendar month -1", "aggregate": "sum", "of": "amount", "operator": ">", "value": 100000},
        "上月（2026-08-01 至 2026-08-31）购买理财（金额大于5万元）金额合计大于10万元的客户",
        "Customers for whom the total amount of “Wealth purchase” records (amount is greater than CNY 50,000) during the previous month "
        "(2026-08-01 to 2026-08-31) is greater than CNY 100,000",
    ),
    (
        {"first": {"records": "zone_view", "window": "rolling 30 day"}, "then": {"records": "wealth_buy"}, "negated": True},
        "近30天（2026-08-26 至 2026-09-24）专区浏览后同一时段内没有购买理财的客户",
        "Customers for whom some “Zone visit” records during the last 30 days (2026-08-26 to 2026-09-24) are not followed by any "
        "“Wealth purchase” records in the same period",
    ),
    (
        {"first": {"records": "zone_view", "window": "rolling 30 day"}, "then": {"records": "wealth_buy"}, "within_days": 7, "negated": True},
        "近30天（2026-08-26 至 2026-09-24）专区浏览后7天内（含当天）没有购买理财（只看已满7天的）的客户",
        "Customers for whom some “Zone visit” records during the last 30 days (2026-08-26 to 2026-09-24) are not followed by any "
        "“Wealth purchase” records within 7 days (same day included) (counting only those with 7 days passed since)",
    ),
    (
        {"left": "aum_bal", "right": "aum_bal", "right_snapshot": "month -1", "measure": "relative_change", "operator": "<=", "value": -0.3},
        "AUM时点余额较上月末下降不少于30%的客户",
        "Customers for whom the relative decrease of AUM balance since the end of the previous month is at least 30%",
    ),
    (
        {"left": "mort_rate", "right": "mort_rate", "right_snapshot": "year -1", "operator": ">", "value": 0},
        "按揭执行利率较上年末的变动额大于0个百分点的客户",
        "Customers for whom the change of mortgage rate since the end of the previous year is greater than 0 percentage points",
    ),
    (
        {"rank": "aum_bal", "percent": 10, "within": {"tag": "home_org", "value": ["3100"]}},
        "在（归属机构为上海分行（含辖内））的客户中按AUM时点余额从高到低排前10%的客户",
        "Customers for whom AUM balance ranks in the top 10% of the customers for whom (home organisation is Shanghai Branch (units below it included))",
    ),
    ({"tag": "aum_bal", "snapshot": "month -1", "operator": ">=", "value": "123456.78"}, "上月末AUM时点余额不低于123,456.78元的客户", "Customers for whom AUM balance at the end of the previous month is at least CNY 123,456.78"),
]  # fmt: skip


@pytest.mark.parametrize(("short", "zh", "en"), SENTENCES)
def test_sentence(short: Mapping[str, object], zh: str, en: str) -> None:
    node = node_from_short(short)
    assert read_back(node, CATALOG, "zh", DATES) == zh
    assert read_back(node, CATALOG, "en", DATES) == en


def test_without_dates_only_relative_words() -> None:
    node = node_from_short({"records": "app_login", "window": "rolling 7 day"})
    assert condition_phrase(node, CATALOG, "zh") == "近7天登录手机银行次数不少于1次"


@pytest.mark.parametrize(
    ("short", "zh"),
    [
        ("rolling 30 day", "近30天（2026-08-26 至 2026-09-24）"),
        ("calendar month -3..-1", "最近3个完整自然月（2026-06-01 至 2026-08-31）"),
        ("calendar month -3..-2", "往前第3个自然月至往前第2个自然月（2026-06-01 至 2026-07-31）"),
        ("calendar month ..-1", "上月及以前（截至 2026-08-31）"),
        ("calendar day -1", "昨天（2026-09-24）"),
        ("calendar day 0", "今天（没有数据）"),
        ("calendar month 0", "本月（2026-09-01 至 2026-09-24）"),
        ("2026-09-01..2026-09-15", "2026-09-01至2026-09-15"),
        ("2026-09-01..2026-12-31", "2026-09-01至2026-12-31（2026-09-01 至 2026-09-24）"),
        ("2026-09-01..", "2026-09-01起（含）（2026-09-01 至 2026-09-24）"),
        ("ago 30 day", "30天前（含）及更早（截至 2026-08-25）"),
    ],
)
def test_window_says_relative_words_and_dates(short: str, zh: str) -> None:
    assert window_phrase(window_from_short(short), AS_OF, TODAY, "past", "zh") == zh


def test_every_window_unit_has_words() -> None:
    units = ("day", "week", "month", "quarter", "half_year", "year")
    for language, unit, offset in itertools.product(LANGUAGES, units, (-2, -1, 0, 1, 2)):
        assert window_words(window_from_short(f"calendar {unit} {offset}"), language)
        assert window_words(window_from_short(f"rolling 1 {unit}"), language)
    assert window_words(window_from_short("rolling 1 month"), "en") == "the last 1 month"


def test_definitions_spell_a_concept_out_with_its_parameters() -> None:
    node = node_from_short(
        {"all": [{"concept": "mobile_active", "parameters": {"logins": 5}}, {"tag": "age", "operator": ">", "value": 60}]}
    )
    found = definitions(node, CATALOG, "zh")
    assert [item.code for item in found] == ["mobile_active", "age"]
    assert found[0].text == "近30天登录手机银行超过3次。即：近30天登录手机银行次数多于5次。"


def test_an_unknown_code_is_never_read_out() -> None:
    with pytest.raises(KeyError):
        read_back(node_from_short({"tag": "nonsense", "value": True}), CATALOG, "zh")
    with pytest.raises(KeyError):
        read_back(node_from_short({"tag": "home_org", "value": ["7777"]}), CATALOG, "zh")


def _leaves() -> list[AnyNode]:
    shorts: list[Mapping[str, object]] = []
    for operator, number in itertools.product((">", ">=", "<", "<=", "=", "<>"), (0, 5, 50000, "50000.5", -5)):
        shorts.append({"tag": "aum_bal", "operator": operator, "value": number})
        shorts.append({"tag": "aum_bal", "operator": operator, "value": number, "snapshot": "month -1"})
        shorts.append({"records": "wealth_buy", "operator": operator, "value": number, "window": "rolling 30 day"})
        for aggregate in ("sum", "avg", "min", "max", "first", "last"):
            shorts.append({"records": "wealth_buy", "operator": operator, "value": number, "aggregate": aggregate, "of": "amount"})
        for measure, snapshot in itertools.product(
            ("difference", "ratio", "relative_change"), ("month -1", "month -2", "quarter -1", "year -1")
        ):
            shorts.append(
                {
                    "left": "aum_bal",
                    "right": "aum_bal",
                    "right_snapshot": snapshot,
                    "measure": measure,
                    "operator": operator,
                    "value": number,
                }
            )
            shorts.append(
                {
                    "left": "aum_bal",
                    "right": "dep_demand_bal",
                    "right_snapshot": snapshot,
                    "measure": measure,
                    "operator": operator,
                    "value": number,
                }
            )
    for window in (
        "rolling 30 day", "rolling 1 month", "rolling 4 week", "calendar month 0", "calendar month -1", "calendar month -3..-1", "calendar month -3..0", "calendar month ..-1",
        "calendar year -1", "calendar day -2", "2026-09-01..", "..2026-09-01", "2026-09-01..2026-09-01", "ago 30 day", "ago 30..60 day", "future 7 day",
        "rest_of month", "rest_of month 1", "yearly 09-01..09-30", "yearly 09-01",
    ):  # fmt: skip
        shorts.append({"tag": "open_date", "within": window})
        shorts.extend({"records": "app_login", "window": window, "day_kind": kind} for kind in (None, "workday", "weekend", "holiday"))
    for low, high in itertools.product("[(", "])"):
        shorts.append({"tag": "age", "range": f"{low}18, 35{high}"})
        shorts.append({"records": "card", "range": f"{low}1, 3{high}"})
    for operator, codes in itertools.product(("in", "not_in"), (["T1"], ["T1", "T2"], ["T2", "T3"])):
        shorts.append({"tag": "cust_tier", "operator": operator, "value": codes})
    shorts.extend({"tag": "cust_tier", "operator": operator, "value": "T2"} for operator in (">", ">=", "<", "<="))
    shorts.extend({"tag": "mort_flag", "operator": operator, "value": flag} for operator in ("=", "<>") for flag in (True, False))
    shorts.extend({"tag": "mort_flag", "snapshot": "month -1", "value": flag} for flag in (True, False))
    shorts.extend({"tag": "gender", "operator": operator} for operator in ("is_absent", "is_unknown"))
    for negated, logins in itertools.product((True, False), (None, 5)):
        shorts.append({"concept": "mobile_active", "negated": negated, "parameters": {"logins": logins} if logins else {}})
        shorts.append(
            {
                "first": {"records": "zone_view", "window": "rolling 30 day"},
                "then": {"records": "wealth_buy"},
                "within_days": logins or 0,
                "negated": negated,
            }
        )
    for direction, size in itertools.product(("top", "bottom"), ({"count": 10}, {"percent": 10})):
        shorts.append({"rank": "aum_bal", "direction": direction, **size})
    shorts.extend({"segment": "s", "version": version} for version in (None, 1))
    return [node_from_short(short) for short in shorts]


LEAVES = _leaves()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_conditions_read_alike(language: Language) -> None:
    seen: dict[str, str] = {}
    for leaf in LEAVES:
        sentence, form = read_back(leaf, CATALOG, language), text(canonical(leaf))
        assert seen.setdefault(sentence, form) == form, sentence


def _wider(inner: st.SearchStrategy[AnyNode]) -> st.SearchStrategy[AnyNode]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda members: AllOf(children=members)),
        several.map(lambda members: AnyOf(children=members)),
        inner.map(lambda child: Not(child=child)),
        inner.map(lambda child: RankCondition(tag="age", percent=Decimal(5), within=child)),
    )


NODES = st.recursive(st.sampled_from(LEAVES[::17]), _wider, max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(NODES, NODES)
def test_no_two_rules_read_alike_and_no_code_is_said(left: AnyNode, right: AnyNode) -> None:
    for language in LANGUAGES:
        one, two = read_back(left, CATALOG, language), read_back(right, CATALOG, language)
        if one == two:
            assert text(canonical(left)) == text(canonical(right))
        assert not re.search(r"[a-z]+_[a-z]+|None|\b[TR]\d\b", one)


def _built_in_conditions() -> list[AnyNode]:
    """One condition on everything the built-in catalog names, and one on every value of every enum."""
    found: list[Mapping[str, object]] = []
    for tag in BUILT_IN.tags.values():
        if tag.type == "flag":
            found += [{"tag": tag.code, "value": True}, {"tag": tag.code, "value": False}]
        elif tag.numeric:
            found.append({"tag": tag.code, "operator": ">=", "value": 5})
        elif tag.type == "enum":
            found += [{"tag": tag.code, "value": [value.code]} for value in BUILT_IN.values(tag)]
        else:
            found.append({"tag": tag.code, "within": "rolling 30 day"})
    for records in BUILT_IN.records.values():
        found.append({"records": records.code})
        for item in records.properties:
            found += [{"records": records.code, "where": {item.code: [value.code]}} for value in BUILT_IN.values(item)]
    found += [{"concept": code, "negated": negated} for code in BUILT_IN.concepts for negated in (True, False)]
    return [node_from_short(short) for short in found]


BUILT_IN = TagCatalog.load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_in_the_built_in_catalog_reads_as_itself(language: Language) -> None:
    seen: dict[str, AnyNode] = {}
    for node in _built_in_conditions():
        phrase = condition_phrase(node, BUILT_IN, language)
        assert seen.setdefault(phrase, node) == node, phrase
        assert not re.search(r"[a-z]_[a-z]|None", phrase), phrase
        assert definitions(node, BUILT_IN, language)
