"""The record side of the built-in bank: behaviours, states, concepts and the words to ask about."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from assistant.catalog.load import TagCatalog
from assistant.catalog.model import Concept, RecordSet
from assistant.rule.short import node_from_short, substitute
from assistant.rule.tree import (
    AllOf,
    AnyNode,
    ConceptRef,
    RankCondition,
    RecordCondition,
    SequenceCondition,
    TagComparison,
    TagCondition,
    walk,
)
from assistant.rule.window import Ago, Future, Rolling

STATES = {"wealth_holding", "deposit_holding", "fund_holding", "insurance_policy", "account", "credit_card", "loan"}


@cache
def bank() -> TagCatalog:
    return TagCatalog.load()


def records() -> list[RecordSet]:
    return list(bank().records.values())


def concepts() -> list[Concept]:
    return list(bank().concepts.values())


def expanded(code: str, negated: bool = False, parameters: tuple[tuple[str, Decimal | str], ...] = ()) -> AnyNode:
    return bank().expand(ConceptRef(concept=code, negated=negated, parameters=parameters))


def test_there_are_all_behaviours_and_the_seven_states() -> None:
    behaviours = {record.code for record in records() if record.grain != "state"}
    assert len(behaviours) >= 57
    assert {record.code for record in records() if record.grain == "state"} == STATES
    assert {
        "app_login",
        "zone_view",
        "wealth_buy",
        "mort_rate_query",
        "transfer_out",
        "rm_contact",
        "msg_touch",
        "quickpay_pay",
    } <= behaviours


@pytest.mark.parametrize("record", records(), ids=lambda record: record.code)
def test_a_record_set_follows_the_layout_of_the_warehouse(record: RecordSet) -> None:
    assert record.table == f"record_{record.code}"
    assert record.key == "one_id"
    assert record.history_from == date(2025, 4, 1)
    if record.code in STATES:
        assert (record.valid_from, record.valid_to, record.date_column, record.default_window) == ("valid_from", "valid_to", None, None)
    else:
        assert (record.date_column, record.time_column) == ("day", None if record.grain == "day" else "ts")
        assert isinstance(record.default_window, Rolling)
        assert (record.default_window.unit, record.default_window.n in (30, 90, 365)) == ("day", True)


@pytest.mark.parametrize("record", records(), ids=lambda record: record.code)
def test_a_record_set_is_complete_in_both_languages(record: RecordSet) -> None:
    assert record.aliases.zh
    assert record.aliases.en
    assert len(record.actions.zh) >= 2
    assert len(record.actions.en) >= 2
    assert record.definition.zh.endswith("。")
    assert record.definition.en.endswith(".")
    for item in record.properties:
        assert not item.numeric or item.plausible is not None
        assert not item.numeric or item.unit != "none"
        for value in item.values:
            assert value.label.zh
            assert value.label.en


def test_day_grain_sets_count_by_their_column() -> None:
    assert {record.code: record.count_column for record in records() if record.grain == "day"} == {
        "quickpay_pay": "cnt",
        "merchant_day": "cnt",
    }


def test_maturities_and_next_payments_lie_in_the_future() -> None:
    future = {(record.code, item.code) for record in records() for item in record.properties if item.tense == "future"}
    assert future == {("wealth_holding", "maturity_date"), ("deposit_holding", "maturity_date"), ("insurance_policy", "next_pay_date")}
    for code, item in future:
        assert item in bank().records[code].dated_actions


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("zone_view", "浏览理财专区"),
        ("zone_view", "浏览理财"),
        ("zone_view", "看贷款专区"),
        ("zone_view", "browsed wealth pages"),
        ("zone_view", "visited the mortgage zone"),
        ("zone_view", "credit card page views"),
        ("wealth_buy", "购买理财"),
        ("wealth_buy", "买固收类理财"),
        ("wealth_buy", "bought wealth products"),
        ("transfer_out", "转出他行"),
        ("transfer_out", "转出到他行"),
        ("transfer_out", "跨行转账"),
        ("transfer_out", "transferred to other banks"),
        ("transfer_in", "他行转入"),
        ("fund_plan", "停定投"),
        ("gold_trade", "bought gold"),
        ("util_pay", "交学费"),
        ("quickpay_bind", "解绑微信"),
        ("rm_contact", "contacted by phone"),
        ("call_in", "打客服问利率调整"),
    ],
)
def test_phrases_read_well_with_their_slots_filled(code: str, phrase: str) -> None:
    """Each phrase is one of the set's actions with a label or an alias in every slot."""
    record = bank().records[code]

    def pattern(action: str) -> str:
        pieces = re.split(r"\{(\w+)\}", action)
        for place in range(1, len(pieces), 2):
            item = record.property(pieces[place])
            assert item is not None
            words = [word for value in item.values for word in (value.label.zh, value.label.en, *value.aliases.all())]
            pieces[place] = "(?:" + "|".join(re.escape(word) for word in words) + ")"
        return "".join(piece if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))

    assert any(re.fullmatch(pattern(action), phrase) for action in record.actions.all())


@pytest.mark.parametrize("record", [record for record in records() if record.exposure is not None], ids=lambda record: record.code)
def test_the_base_of_not_having_done_it_is_long_enough_exposure(record: RecordSet) -> None:
    node = node_from_short(substitute(record.exposure, {"days": 90}))
    parts = [part for _, part in walk(node) if isinstance(part, TagCondition)]
    assert parts
    assert all(part.tag in bank().tags for part in parts)
    assert all(not isinstance(part.value, Ago) or part.value.nearest == 90 for part in parts)
    if record.table in ("record_app_login", "record_zone_view", "record_search"):
        assert {part.tag for part in parts} == {"app_reg_flag", "app_reg_date"}


def test_mobile_active_counts_logins_and_its_negation_is_the_signed_up_rest() -> None:
    rule = expanded("mobile_active")
    assert rule == RecordCondition(records="app_login", window=Rolling(n=30), operator=">", value=Decimal(3))
    longer = expanded("mobile_active", parameters=(("days", Decimal(60)), ("logins", Decimal(5))))
    assert longer == RecordCondition(records="app_login", window=Rolling(n=60), operator=">", value=Decimal(5))
    negation = expanded("mobile_active", negated=True, parameters=(("days", Decimal(60)),))
    assert negation == AllOf(
        children=(
            TagCondition(tag="app_reg_flag", operator="=", value=True),
            TagCondition(tag="app_reg_date", operator="within", value=Ago(nearest=60)),
            RecordCondition(records="app_login", window=Rolling(n=60), operator="<=", value=Decimal(3)),
        )
    )


def test_valid_customers_are_counted_by_the_threshold_in_force() -> None:
    concept = bank().concepts["valid"]
    assert concept.effective_from == date(2026, 4, 1)
    assert concept.parameters["amount"].default == 1000


def test_a_parameter_reaches_the_concepts_inside_a_concept() -> None:
    windows = {
        part.window
        for _, part in walk(expanded("wealth_potential", parameters=(("days", Decimal(7)),)))
        if isinstance(part, RecordCondition)
    }
    assert windows == {Rolling(n=7)}


def test_there_are_at_least_40_concepts_and_their_windows_are_parameters() -> None:
    assert len(concepts()) >= 40
    for concept in concepts():
        assert concept.window_parameter is None or concept.parameters[concept.window_parameter].unit == "days"
        assert concept.effective_from is not None


@pytest.mark.parametrize("concept", concepts(), ids=lambda concept: concept.code)
@pytest.mark.parametrize("negated", [False, True])
def test_a_concept_expands_to_rules_over_what_exists(concept: Concept, negated: bool) -> None:
    """Behaviour counters are roll-ups, so no concept is written over one of them but for what has no record set."""
    for _, part in walk(expanded(concept.code, negated)):
        assert not isinstance(part, ConceptRef)
        tags: tuple[str, ...] = ()
        match part:
            case TagCondition(tag=tag) | RankCondition(tag=tag):
                tags = (tag,)
            case TagComparison(left=left, right=right):
                tags = (left, right)
            case RecordCondition(records=code):
                assert code in bank().records
            case SequenceCondition(first=first, then=then):
                assert {first.records, then.records} <= set(bank().records)
        for tag in tags:
            assert bank().tags[tag].roll_up_of is None


def test_maturing_soon_looks_ahead_by_its_window() -> None:
    parts = [part for _, part in walk(expanded("mature_soon", parameters=(("days", Decimal(7)),))) if isinstance(part, RecordCondition)]
    assert {part.records for part in parts} == {"deposit_holding", "wealth_holding"}
    assert {part.filters[0].value for part in parts} == {Future(n=7)}


@pytest.mark.parametrize(
    "word", ["余额", "日均", "活跃", "新客", "睡眠户", "流失", "收入", "额度", "到期", "代发", "金卡", "白金", "钻石", "有效"]
)
def test_words_without_one_meaning_have_readings_in_both_languages(word: str) -> None:
    entry = next(entry for entry in bank().ambiguous if word in entry.words.zh)
    assert entry.words.en
    assert len(entry.readings) >= 2
    for reading in entry.readings:
        assert (reading.tag is None) != (reading.node is None)


def test_a_bare_active_is_taken_as_the_app_and_shown() -> None:
    entry = next(entry for entry in bank().ambiguous if "活跃" in entry.words.zh)
    assert not entry.ask
    assert entry.readings[0].node == {"concept": "mobile_active"}


@pytest.mark.parametrize("word", ["他行理财", "对公存款", "征信", "社交媒体", "住几楼", "股票持仓", "有房有车", "配偶", "微信好友"])
def test_what_the_bank_has_no_data_for_is_known(word: str) -> None:
    entry = next(entry for entry in bank().inexpressible if word in entry.words.zh)
    assert entry.words.en
    assert entry.reason.zh.endswith("。")
    assert entry.reason.en.endswith(".")


def test_no_amount_says_what_was_done_once_more() -> None:
    """理财购买金额合计, never 理财购买购买金额合计: a property is named behind its record set."""
    twice = [
        (record.code, item.name.zh)
        for record in records()
        for item in record.properties
        if item.name.zh.endswith("金额") and any(record.name.zh.endswith(item.name.zh[:size]) for size in range(2, len(item.name.zh)))
    ]
    assert twice == []
