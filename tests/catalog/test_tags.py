"""The tag side of the built-in bank: what it must hold, in both languages, with its traps."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Organisation, Tag
from assistant.interpret.grammar import GrammarInterpreter
from assistant.interpret.interpretation import Context, Interpretation
from assistant.language.text import normalise
from assistant.rule.tree import AllOf, TagCondition, walk
from assistant.rule.window import Calendar, resolve

SCOPE = "home_org"


@cache
def bank() -> TagCatalog:
    return TagCatalog.load()


def online() -> list[Tag]:
    return [tag for tag in bank().tags.values() if tag.status == "online"]


def units_named(name: str) -> list[Organisation]:
    return [unit for unit in bank().header.organisation if unit.name.zh == name]


def test_at_least_110_tags_are_online_and_each_belongs_to_a_subject() -> None:
    subjects = {subject.code for subject in bank().header.subjects}
    assert len(online()) >= 110
    assert {tag.subject for tag in online()} <= subjects
    assert {subject.parent for subject in bank().header.subjects if subject.parent} <= subjects


@pytest.mark.parametrize("tag", online(), ids=lambda tag: tag.code)
def test_a_tag_is_complete(tag: Tag) -> None:
    """Both languages, enough words, a unit and a plausible range where it is a number, labels where it is an enum."""
    assert len(tag.aliases.zh) >= 2
    assert len(tag.aliases.en) >= 2
    assert tag.definition.zh.endswith("。")
    assert tag.definition.en.endswith(".")
    assert (tag.type == "enum") == bool(bank().values(tag))
    if tag.numeric:
        assert tag.plausible is not None
        assert tag.plausible[0] < tag.plausible[1]
        assert tag.type == "integer" or tag.unit != "none"
        assert list(tag.bands) == sorted(set(tag.bands))
    if tag.type == "flag":
        assert tag.null_means in ("false", "none")
    if tag.type in ("date", "month_day"):
        assert tag.null_means in ("none", "unknown", "never_null")


@pytest.mark.parametrize("tag", [tag for tag in online() if tag.values], ids=lambda tag: tag.code)
def test_values_of_an_enum_are_told_apart(tag: Tag) -> None:
    codes = [value.code for value in tag.values]
    assert len(codes) == len(set(codes))
    assert {value.parent for value in tag.values if value.parent} <= set(codes)
    ranks = [value.rank for value in tag.values if value.rank is not None]
    assert not ranks or sorted(ranks) == list(range(1, len(codes) + 1))
    said = Counter(normalise(word).text for value in tag.values for word in {value.label.zh, value.label.en, *value.aliases.all()})
    assert [word for word, times in said.items() if times > 1] == []


def test_no_word_names_two_tags() -> None:
    owners: dict[str, set[str]] = {}
    for tag in bank().tags.values():
        for word in (tag.name.zh, tag.name.en, *tag.aliases.all(), *tag.holding_words.all()):
            owners.setdefault(normalise(word).text, set()).add(tag.code)
    assert {word: codes for word, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("tag", online(), ids=lambda tag: tag.code)
def test_an_alias_carries_no_polarity(tag: Tag) -> None:
    """没有按揭 must never be swallowed as the name of a tag, nor 有按揭 hide that something is asserted."""
    for word in (*tag.aliases.zh, *tag.holding_words.zh):
        assert re.match("没|无|不|有(?!效)", word) is None, word


def request_for(tag: Tag, word: str, language: str) -> str:
    """A whole request that puts one condition on the tag, called by `word`."""
    zh = language == "zh"
    if tag.numeric:
        number = "3"
        if tag.unit in ("CNY", "USD"):
            capped = tag.plausible is not None and tag.plausible[1] < 50_000
            number = "5000" if capped else "5万" if zh else "50k"
        return f"{word}大于{number}的客户" if zh else f"customers with {word} over {number}"
    if tag.type == "flag":
        return word
    if tag.type == "enum":
        value = bank().values(tag)[-1]
        return f"{word}为{value.label.zh}的客户" if zh else f"customers whose {word} is {value.label.en}"
    if tag.tense == "future":
        return f"{word}在未来30天内的客户" if zh else f"customers whose {word} is in the next 30 days"
    return f"{word}在近30天内的客户" if zh else f"customers whose {word} is in the last 30 days"


def read(text: str) -> Interpretation:
    return GrammarInterpreter().interpret(text, Context(bank(), date(2026, 9, 24), date(2026, 9, 25)))


def conditions(found: Interpretation) -> list[TagCondition]:
    nodes = [node for _, node in walk(found.rule.node)] if found.rule is not None else []
    return [node for node in nodes if isinstance(node, TagCondition)]


@pytest.mark.parametrize("tag", online(), ids=lambda tag: tag.code)
def test_each_word_of_a_tag_is_read_as_that_tag(tag: Tag) -> None:
    """Nothing unread, nothing asked: a name or alias that the grammar takes apart, or that another element claims, is of no use."""
    named = [("zh", word) for word in (tag.name.zh, *tag.aliases.zh)] + [("en", word) for word in (tag.name.en, *tag.aliases.en)]
    for language, word in named:
        found = read(request_for(tag, word, language))
        assert [node.tag for node in conditions(found)] == [tag.code], word
        assert not found.questions, word
        assert not [entry for entry in found.ledger if entry.kind in ("unread", "ambiguous")], word


@pytest.mark.parametrize("tag", [tag for tag in online() if tag.values], ids=lambda tag: tag.code)
def test_each_word_of_a_value_is_read_as_that_value(tag: Tag) -> None:
    for value in tag.values:
        said = [f"{tag.name.zh}为{word}" for word in (value.label.zh, *value.aliases.zh)]
        said += [f"{tag.name.en} is {word}" for word in (value.label.en, *value.aliases.en)]
        for text in said:
            assert [(node.tag, node.value) for node in conditions(read(text))] == [(tag.code, (value.code,))], text


def test_references_between_tags_exist() -> None:
    tags, concepts = bank().tags, bank().concepts
    for tag in tags.values():
        assert set(tag.derived_from) <= set(tags) - {tag.code}, tag.code
        assert set(tag.made_of) <= (set(tags) | set(bank().records)) - {tag.code}, tag.code
        assert {other.code for other in tag.confusable_with} <= (set(tags) | set(concepts)) - {tag.code}, tag.code
        assert tag.roll_up_of is None or tag.roll_up_of in bank().records, tag.code


def test_stages_and_scores_list_what_they_are_computed_from() -> None:
    """A stage of decline is a fall of assets, and the score of it is told from the same: neither is a finding about customers picked by that fall."""
    tags = bank().tags
    for code in ("lifecycle_stage", "churn_score"):
        assert {"aum_bal", "aum_avg_3m"} <= set(tags[code].made_of), code


def test_counters_of_behaviour_name_the_records_they_count() -> None:
    for code in ("app_login_cnt_30d", "app_login_days_30d", "app_last_login", "wealth_view_cnt_30d", "touch_cnt_14d", "branch_visit_12m"):
        assert bank().tags[code].roll_up_of is not None, code


def test_tiers_are_ordered_and_their_edges_are_bands() -> None:
    tier = bank().tags["cust_tier"]
    assert tier.ordered
    assert [value.label.zh for value in tier.values] == ["普通客户", "金卡客户", "白金客户", "财富客户", "钻石客户", "私人银行客户"]
    assert {50_000, 200_000, 500_000, 2_000_000, 6_000_000} <= set(bank().tags["aum_avg_last_m"].bands)


def test_restricted_tags_state_their_purposes() -> None:
    assert bank().tags["marital_status"].purposes == ("service",)
    assert bank().tags["aml_level"].purposes == ("compliance",)
    assert "marketing" not in bank().tags["credit_grade"].purposes
    assert bank().tags["marital_status"].security.sensitive


def test_base_population_is_the_existing_customers_without_card_only_ones() -> None:
    assert bank().base_rule == AllOf(
        children=(
            TagCondition(tag="cust_status", operator="in", value=("active", "controlled")),
            TagCondition(tag="cust_scope", operator="in", value=("full", "online_ii")),
        )
    )


# --- the organisation tree ------------------------------------------------------------------------------------------------------------------------


def test_every_unit_stands_under_a_unit_of_a_higher_level() -> None:
    units, header = bank().organisation, bank().header
    assert len(units) == len(header.organisation)
    assert [unit.code for unit in header.organisation if unit.parent is None] == ["0000"]
    for unit in header.organisation:
        if unit.parent is not None:
            assert units[unit.parent].level < unit.level, unit.code
        if unit.level == 3:
            assert len(unit.code) == 6
            assert unit.code[:4] == unit.parent
    regions = {region.code for region in header.regions}
    assert {unit.region for unit in header.organisation if unit.region} <= regions
    assert set(header.level_words) == {"1", "2", "3", "region"}


def test_branches_have_two_to_four_sub_branches() -> None:
    below = Counter(unit.parent for unit in bank().header.organisation if unit.level == 3)
    for unit in bank().header.organisation:
        if unit.level in (1, 2) and unit.code not in ("9900", "9901"):
            assert 2 <= below[unit.code] <= 4, unit.code


def test_shanghai_includes_its_free_trade_zone_branch() -> None:
    assert bank().organisation["3101"].parent == "3100"
    found = bank().subtree(bank().tags[SCOPE], ("3100",))
    assert {"3100", "3101", "310011", "310111"} <= set(found)


@pytest.mark.parametrize(("code", "not_under"), [("3302", "3300"), ("4403", "4400"), ("0100", "1100")])
def test_branches_that_report_to_head_office_are_not_under_their_neighbour(code: str, not_under: str) -> None:
    assert bank().organisation[code].parent == "0000"
    assert code not in bank().subtree(bank().tags[SCOPE], (not_under,))


@pytest.mark.parametrize(
    ("name", "parents"),
    [("中山路支行", {"3200", "3302"}), ("人民路支行", {"3100", "4400", "6100"}), ("城东支行", {"3205", "5100"})],
)
def test_names_that_exist_more_than_once(name: str, parents: set[str]) -> None:
    assert {unit.parent for unit in units_named(name)} == parents


def test_other_sub_branch_names_are_unique() -> None:
    names = Counter(unit.name.zh for unit in bank().header.organisation)
    assert {name for name, times in names.items() if times > 1} == {"中山路支行", "人民路支行", "城东支行"}
    said = Counter(word for unit in bank().header.organisation for word in unit.aliases.all())
    assert [word for word, times in said.items() if times > 1] == []


def test_a_region_means_its_branches() -> None:
    found = bank().subtree(bank().tags[SCOPE], ("east_china",))
    assert {"3100", "3101", "3205", "3302", "3500"} <= set(found)
    assert not {"4200", "1100", "9900"} & set(found)


def test_a_province_means_its_cities() -> None:
    assert set(bank().subtree(bank().tags["res_city"], ("330000",))) >= {"330100", "330200"}
    assert bank().subtree(bank().tags["res_city"], ("310000",)) == ("310000",)


# --- holidays -----------------------------------------------------------------------------------------------------------------------------------


def days_off() -> set[date]:
    return {day for days in bank().calendar.holidays.values() for day in days}


def between(first: date, last: date) -> set[date]:
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def test_holidays_of_2025_and_2026() -> None:
    calendar = bank().calendar
    assert set(calendar.holidays["national_2025"]) == between(date(2025, 10, 1), date(2025, 10, 8))
    assert set(calendar.holidays["spring_2026"]) == between(date(2026, 2, 15), date(2026, 2, 23))
    assert set(calendar.holidays["midautumn_2026"]) == between(date(2026, 9, 25), date(2026, 9, 27))
    assert set(calendar.holidays["national_2026"]) == between(date(2026, 10, 1), date(2026, 10, 7))


@pytest.mark.parametrize(
    "day", [date(2025, 9, 28), date(2025, 10, 11), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)]
)
def test_weekend_days_that_are_worked(day: date) -> None:
    assert day.weekday() >= 5
    assert day in bank().calendar.workdays


def test_a_day_is_not_both_off_and_worked_and_years_are_covered() -> None:
    calendar = bank().calendar
    assert not days_off() & set(calendar.workdays)
    assert all(day.weekday() >= 5 for day in calendar.workdays)
    for year in range(calendar.first_year, calendar.last_year + 1):
        assert {f"{name}_{year}" for name in calendar.names} <= set(calendar.holidays)


def test_three_workdays_after_the_default_data_date() -> None:
    """2026-09-25 to 27 are the Mid-Autumn holiday, so three workdays are 09-28 to 09-30."""
    week = resolve(Calendar(unit="week", first=0, last=1), date(2026, 9, 24), date(2026, 9, 25), "future")
    assert week.end is not None
    workdays = set(bank().calendar.workdays)
    coming = [
        day for day in sorted(between(date(2026, 9, 25), week.end)) if day in workdays or (day.weekday() < 5 and day not in days_off())
    ]
    assert coming[:3] == [date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30)]
